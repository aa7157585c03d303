//! Deployments, stateful sets and daemon sets: what their pods' troubles mean for all of it.

use super::text::{ago, capital, clip, count, times, who_pod};
use super::trouble::{Tone, Trouble, done};
use super::{deletion, endpoint, evicted, exit, none_made, pod, refusal, remarks};
use crate::cause::Cause;
use crate::english;
use crate::facts::{AppFacts, Condition, Pod};
use crate::status::{Evidence, Status, Word};
use crate::time::short;
use crate::{Kind, UnixMs};
use std::sync::Arc;

/// A pause that began less than this ago is told as now.
const JUST_NOW: i64 = 5_000;
/// What happened longer ago than this is history.
const HOUR: i64 = 60 * 60_000;
/// A time to end that is worth a word.
const LONG_GRACE_S: u32 = 60;
/// How long a controller may take to look at a change, or to make the first pod.
const PROMPT: i64 = 60_000;

/// The pods of an app as the rules see them.
pub(crate) struct Pods<'a> {
    /// Neither ending nor ended.
    pub(crate) live: Vec<&'a Arc<Pod>>,
    /// Wanted.
    pub(crate) wanted: u32,
    /// Ready, by what the pods themselves say, and not only between two crashes.
    pub(crate) ready: u32,
    /// Live pods of the newest template.
    pub(crate) new: u32,
    /// Pods of an older template are still there, or newer ones missing.
    pub(crate) rolling: bool,
}

impl<'a> Pods<'a> {
    /// Counts.
    pub(crate) fn of(facts: &'a AppFacts, now: UnixMs) -> Self {
        let r = facts.workload.replicas;
        let live: Vec<_> = facts.pods.iter().filter(|p| p.deleting.is_none() && p.phase != "Failed" && p.phase != "Succeeded").collect();
        // The controller's count comes a moment later than the pods' own word.
        let ready = if facts.pods.is_empty() { r.ready } else { number(live.iter().filter(|p| pod::steady(p, now)).count()) };
        let new = number(live.iter().filter(|p| facts.runs_newest(p)).count());
        let rolling = match facts.workload.id.kind {
            Kind::Deployment => {
                r.wanted > 0
                    && (r.updated < r.wanted || r.current > r.updated)
                    && facts.replica_sets.iter().skip(1).any(|s| s.wanted > 0 || s.ready > 0 || has_pods(facts, s.hash.as_deref()))
            }
            // Pods below a stateful set's partition are to stay as they are.
            _ => r.wanted > 0 && r.updated < r.current.saturating_sub(facts.workload.update.partition) && !facts.workload.on_delete,
        };
        Self { live, wanted: r.wanted, ready, new: if facts.workload.id.kind == Kind::Deployment { new } else { r.updated }, rolling }
    }
}

fn number(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

fn has_pods(facts: &AppFacts, hash: Option<&str>) -> bool {
    hash.is_some() && facts.pods.iter().any(|p| p.deleting.is_none() && p.template_hash.as_deref() == hash)
}

fn condition<'a>(facts: &'a AppFacts, kind: &str) -> Option<&'a Condition> {
    facts.workload.conditions.iter().find(|c| c.kind == kind)
}

/// Judges the app.
pub(crate) fn status(facts: &AppFacts, now: UnixMs) -> Status {
    let w = &facts.workload;
    let pods = Pods::of(facts, now);
    if w.observed_generation < w.generation {
        return unseen(facts, now);
    }
    if pods.wanted == 0 {
        return nothing_wanted(facts, &pods, now);
    }
    let worst = worst(facts, &pods, now);
    if worst.as_ref().is_none_or(|t| t.tone != Tone::Bad)
        && let Some((times, t)) = evicted::repeated(facts, now)
    {
        let (word, start) = (if times > 2 || pods.ready == 0 { Word::Failing } else { Word::Degraded }, format!("{}.", capital(&lead(&pods))));
        return t.status(word, &start);
    }
    if pods.ready == 0
        && worst.as_ref().is_none_or(|t| t.tone == Tone::Wait)
        && failed_often(facts, &pods, now)
        && let Some(t) = newest_failed(facts, now)
    {
        return t.and(&[format!("{} failed in the last hour", count(failed_lately(facts, now), "pod"))]).status(Word::Failing, "");
    }
    let deadline = condition(facts, "Progressing").filter(|c| c.reason == "ProgressDeadlineExceeded" && c.status == Some(false));
    if w.paused && !(pods.ready == 0 && worst.as_ref().is_some_and(|t| t.tone == Tone::Bad)) {
        return paused(facts, &pods, now);
    }
    let status = if pods.ready == 0 {
        with_both(none_ready(facts, &pods, worst, deadline, now), facts, &pods, now)
    } else if pods.ready < pods.wanted || pods.rolling {
        some_ready(facts, &pods, worst, deadline, now)
    } else {
        all_ready(facts, &pods, now)
    };
    with_partition(with_old(status, facts), facts, &pods)
}

/// Says that rolling back would not help, where the pods of the revision before fail too.
fn with_both(mut status: Status, facts: &AppFacts, pods: &Pods<'_>, now: UnixMs) -> Status {
    let bad = |p: &&Arc<Pod>| pod::trouble(p, facts, now).is_some_and(|t| t.tone == Tone::Bad);
    let (new, old): (Vec<&Arc<Pod>>, Vec<&Arc<Pod>>) = pods.live.iter().copied().filter(bad).partition(|p| facts.runs_newest(p));
    let before = old.first().and_then(|p| facts.replica_sets.iter().skip(1).find(|s| s.hash.is_some() && s.hash == p.template_hash));
    if let (Some(before), false, Word::Failing) = (before, new.is_empty(), status.word) {
        status.sentence = format!("{} {}", status.sentence, english::cause(&Cause::RollbackWouldNotHelp { revision: before.revision }).sentence);
    }
    status
}

/// Says that a stateful set's partition holds its update back.
fn with_partition(mut status: Status, facts: &AppFacts, pods: &Pods<'_>) -> Status {
    let (w, r) = (&facts.workload, facts.workload.replicas);
    let partition = w.update.partition;
    if partition == 0 || pods.rolling || w.on_delete || r.updated >= r.current {
        return status;
    }
    let held = if partition >= pods.wanted {
        format!("The update is paused: partition {partition} isn't below its {}, so none of them gets the new template.", count(pods.wanted, "pod"))
    } else {
        format!(
            "The update is paused at partition {partition}: {} updated, {} the old template until you lower the partition.",
            count(r.updated, "pod"),
            if r.current - r.updated == 1 { "1 keeps".to_owned() } else { format!("{} keep", r.current - r.updated) }
        )
    };
    status.sentence = format!("{} {held}", status.sentence);
    if status.word == Word::Running {
        (status.word, status.reason) = (Word::Paused, clip(&format!("paused at partition {partition}"), super::text::REASON));
    }
    status
}

/// Says that pods of an older template stay, where that is what was asked for and no rollout.
fn with_old(mut status: Status, facts: &AppFacts) -> Status {
    let w = &facts.workload;
    let old = w.replicas.current.saturating_sub(w.replicas.updated);
    if !w.on_delete || old == 0 {
        return status;
    }
    let kind = w.id.kind.words();
    status.sentence = format!(
        "{} {} an older template: this {kind} replaces pods only when you delete them (update strategy OnDelete). Delete {} to apply the change.",
        status.sentence,
        if old == 1 { "1 pod runs".to_owned() } else { format!("{old} pods run") },
        if old == 1 { "it" } else { "them" }
    );
    if status.word == Word::Running {
        status.reason = clip(&format!("{} not replaced", count(old, "pod")), super::text::REASON);
    }
    status
}

/// The heaviest trouble: pods of the newest template before others, then a refusal of more pods.
fn worst(facts: &AppFacts, pods: &Pods<'_>, now: UnixMs) -> Option<Trouble> {
    let troubled = pods.live.iter().filter_map(|p| Some((of_old(pod::trouble(p, facts, now)?, p, facts), facts.runs_newest(p))));
    let of_pods = troubled.enumerate().max_by_key(|(i, (t, new))| (t.tone, *new, std::cmp::Reverse(*i))).map(|(_, (t, _))| t);
    match of_pods {
        Some(t) if t.tone == Tone::Bad => Some(t),
        other => refusal::trouble(facts, now).or(other),
    }
}

/// A stateful set whose pods go one after the other waits for a pod that is not ready, and does not replace it either:
/// what ails a pod of an older template is not mended by the newest one.
fn of_old(t: Trouble, pod: &Pod, facts: &AppFacts) -> Trouble {
    let w = &facts.workload;
    let waits = w.id.kind == Kind::StatefulSet && !w.on_delete && !w.update.parallel && w.update.revision.is_some();
    let number = pod.name.rsplit('-').next().and_then(|n| n.parse::<u32>().ok());
    if t.tone != Tone::Bad || !waits || facts.runs_newest(pod) || number.is_none_or(|n| n < w.update.partition) {
        return t;
    }
    let cause = Cause::OldTemplateStays { who: who_pod(pod, facts) };
    let words = english::cause(&cause);
    Trouble { code: Some(cause.code()), advice: words.advice, ..t.and(&[words.sentence]) }
}

fn unseen(facts: &AppFacts, now: UnixMs) -> Status {
    let w = &facts.workload;
    let (kind, changed) = (w.id.kind.words(), w.changed.as_ref().map_or(w.created, |(at, _)| *at));
    let waited = now.since(changed);
    if waited < PROMPT {
        return done(
            Word::Progressing,
            "change not seen yet",
            format!("The cluster hasn't picked up the change made {} yet.", ago(changed, now)),
            Some(changed),
        );
    }
    let sentence = format!(
        "The {kind} controller hasn't picked up the change made {}; its counts are outdated (generation {} seen, {} wanted). Ask an administrator to check the controller manager.",
        ago(changed, now),
        w.observed_generation,
        w.generation
    );
    done(Word::Unknown, "change not picked up", sentence, Some(changed))
}

/// How long the API server keeps events, unless told otherwise (`--event-ttl`), in milliseconds.
const EVENTS_KEPT: i64 = HOUR;

fn nothing_wanted(facts: &AppFacts, pods: &Pods<'_>, now: UnixMs) -> Status {
    let w = &facts.workload;
    let ending = number(facts.pods.iter().filter(|p| p.phase != "Failed" && p.phase != "Succeeded").count());
    if w.id.kind == Kind::DaemonSet {
        return done(
            Word::Stopped,
            "no node matches",
            "No node matches its node selector and tolerations, so no pods run. Correct the node selector or the tolerations if some should.",
            None,
        );
    }
    // A count of 0 leaves no entry among the managed fields, so only the event tells when that was.
    let to_none = facts.events.iter().filter(|e| e.reason == "ScalingReplicaSet" && e.message.ends_with(" to 0"));
    // Events are kept for an hour; what is younger and has none was never anything else.
    let at = to_none.map(|e| e.last).max().or_else(|| Some(w.created).filter(|at| w.id.kind == Kind::Deployment && now.since(*at) < EVENTS_KEPT));
    let at = at.filter(|at| now.since(*at) >= 0);
    if let Some(t) = deletion::first_that_stays(facts, now) {
        return Status { since: at, ..t.status(Word::Stopped, "Scaled to 0.") };
    }
    if !pods.live.is_empty() || ending > 0 {
        return done(Word::Stopped, format!("stopping {}", count(ending, "pod")), format!("Scaled to 0; {} still terminating.", count(ending, "pod")), at);
    }
    done(Word::Stopped, "scaled to 0", "Scaled to 0, so no pods run. Scale up to start it.", at)
}

fn paused(facts: &AppFacts, pods: &Pods<'_>, now: UnixMs) -> Status {
    let since = condition(facts, "Progressing").filter(|c| c.reason == "DeploymentPaused").and_then(|c| c.since);
    let when = since.map_or_else(String::new, |at| if now.since(at) < JUST_NOW { " just now".to_owned() } else { format!(" {}", ago(at, now)) });
    let (wanted, new) = (pods.wanted, pods.new.min(pods.wanted));
    if pods.live.is_empty() {
        return done(
            Word::Paused,
            "paused before first pod",
            format!("Rollout paused{when} before its first pod. Resume to start {}.", count(wanted, "pod")),
            since,
        );
    }
    if pods.rolling {
        let sentence = format!("Rollout paused{when}: {new} of {} updated, {} ready. Resume to continue, or roll back.", count(wanted, "pod"), pods.ready);
        return done(Word::Paused, format!("paused at {new} of {wanted}"), sentence, since);
    }
    let parts = remarks::held_parts(facts);
    let waits = match (remarks::waiting_template(facts), parts.is_empty()) {
        (None, true) => "Changes wait until you resume.".to_owned(),
        (Some(_), true) => "A new image waits until you resume.".to_owned(),
        (None, false) => format!("An edit that {} waits until you resume.", english::parts::all(&parts)),
        (Some(_), false) => format!("A new image and an edit that {} wait until you resume.", english::parts::all(&parts)),
    };
    done(Word::Paused, "rollout paused", format!("Rollouts paused{when}; {}. {waits}", lead(pods)), since)
}

/// `2 of 3 pods ready`.
fn lead(pods: &Pods<'_>) -> String {
    match (pods.ready.min(pods.wanted), pods.wanted) {
        (r, 1) => format!("{r} of 1 ready"),
        (2, 2) => "both pods are ready".into(),
        (0, n) => format!("none of {n} pods are ready"),
        (r, n) if r == n => format!("all {n} pods are ready"),
        (r, n) => format!("{r} of {n} pods ready"),
    }
}

fn no_progress(facts: &AppFacts, since: Option<UnixMs>, now: UnixMs) -> String {
    let deadline = facts.workload.progress_deadline_s.map_or_else(String::new, |s| format!(" of {s} s"));
    let when = since.map_or_else(String::new, |at| format!(" {}", ago(at, now)));
    format!("The rollout exceeded its progress deadline{deadline}{when}.")
}

fn none_ready(facts: &AppFacts, pods: &Pods<'_>, worst: Option<Trouble>, deadline: Option<&Condition>, now: UnixMs) -> Status {
    let start = if pods.wanted > 1 { format!("{}. ", capital(&lead(pods))) } else { String::new() };
    let Some(t) = worst else {
        return no_pod(facts, pods, deadline, now);
    };
    let word = match t.tone {
        Tone::Bad => Word::Failing,
        Tone::Lost => Word::Unknown,
        Tone::Wait if deadline.is_some() => Word::Failing,
        Tone::Wait => Word::Progressing,
    };
    let mut sentence = format!("{start}{}", t.sentence());
    let in_order = facts.workload.id.kind == Kind::StatefulSet && !facts.workload.update.parallel;
    if in_order && t.tone == Tone::Bad && facts.workload.replicas.current < pods.wanted && !pods.live.is_empty() {
        let rest = pods.wanted - facts.workload.replicas.current;
        sentence = format!(
            "{start}{} The other {} for it: a stateful set starts its pods in order. {}",
            t.cause,
            if rest == 1 { "pod waits".into() } else { format!("{rest} pods wait") },
            t.advice
        );
        sentence.truncate(sentence.trim_end().len());
    }
    // Where the trouble itself may only need more time, it matters that its time is over.
    let needs_time = t.tone == Tone::Wait || ["readiness", "startup", "not ready", "init container"].iter().any(|r| t.reason.starts_with(r));
    if let Some(c) = deadline.filter(|_| needs_time) {
        sentence = format!("{sentence} {}", no_progress(facts, c.since, now));
    }
    let late = word == Word::Failing && t.tone == Tone::Wait;
    let told = t.status(word, "");
    Status { reason: if late { "rollout timed out".into() } else { told.reason }, sentence, ..told }
}

fn no_pod(facts: &AppFacts, pods: &Pods<'_>, deadline: Option<&Condition>, now: UnixMs) -> Status {
    let w = &facts.workload;
    let ending = number(facts.pods.iter().filter(|p| p.deleting.is_some()).count());
    if pods.live.is_empty()
        && let Some(t) = deletion::first_that_stays(facts, now)
    {
        return t.status(Word::Failing, "No pod is ready, and an old one blocks its replacement.");
    }
    if pods.live.is_empty() && ending > 0 {
        let patience = facts.pods.iter().filter_map(|p| p.ending.as_ref()).map(|e| e.grace_s).max().filter(|s| *s > LONG_GRACE_S);
        let patience = patience.map_or_else(String::new, |s| format!(" It can take up to {} (terminationGracePeriodSeconds).", short(i64::from(s) * 1000)));
        return done(Word::Progressing, "replacing pods", format!("{} terminating; no replacement ready yet.{patience}", count(ending, "pod")), None);
    }
    if let Some(failed) = newest_failed(facts, now) {
        return failed.status(Word::Failing, "");
    }
    let changed = w.changed.as_ref().map_or(w.created, |(at, _)| (*at).max(w.created));
    if let Some(c) = deadline {
        return done(Word::Failing, "rollout timed out", format!("{} No pod is ready. Check its events.", no_progress(facts, c.since, now)), c.since);
    }
    if now.since(changed) < PROMPT || !pods.live.is_empty() {
        return done(
            Word::Progressing,
            "starting",
            format!("Starting {} for {}; none ready yet.", count(pods.wanted, "pod"), short(now.since(changed))),
            Some(changed),
        );
    }
    let t = none_made::trouble(facts, now);
    let sentence = format!("No pod created in {} ({} wanted). {}", short(now.since(changed)), pods.wanted, t.sentence());
    Status { sentence, since: Some(changed), ..t.status(Word::Failing, "") }
}

/// The newest pod that failed as a whole within the last ten minutes, such as one that was evicted.
fn newest_failed(facts: &AppFacts, now: UnixMs) -> Option<Trouble> {
    let failed = facts.pods.iter().filter(|p| p.phase == "Failed" && p.deleting.is_none());
    let newest = failed.max_by_key(|p| pod::ended_at(p).unwrap_or(p.created))?;
    (now.since(pod::ended_at(newest).unwrap_or(newest.created)) < pod::RECENT).then(|| pod::trouble(newest, facts, now)).flatten()
}

/// More pods failed as a whole in the last hour than the app wants.
fn failed_often(facts: &AppFacts, pods: &Pods<'_>, now: UnixMs) -> bool {
    failed_lately(facts, now) > pods.wanted.max(1)
}

/// Pods that failed as a whole in the last hour.
fn failed_lately(facts: &AppFacts, now: UnixMs) -> u32 {
    let lately = |p: &&Arc<Pod>| p.phase == "Failed" && p.deleting.is_none() && now.since(pod::ended_at(p).unwrap_or(p.created)) < HOUR;
    number(facts.pods.iter().filter(lately).count())
}

fn some_ready(facts: &AppFacts, pods: &Pods<'_>, worst: Option<Trouble>, deadline: Option<&Condition>, now: UnixMs) -> Status {
    let revision = facts.workload.revision.map_or_else(|| "the new revision".to_owned(), |r| format!("revision {r}"));
    let new = pods.new.min(pods.wanted);
    let bad = worst.as_ref().is_some_and(|t| t.tone != Tone::Wait);
    if bad || deadline.is_some() {
        let start = match pods.rolling {
            true => format!("The rollout of {revision} is stuck at {new} of {}; {} still serving.", count(pods.wanted, "pod"), count(pods.ready, "pod")),
            false => format!("{}.", capital(&lead(pods))),
        };
        let mut parts = vec![start];
        let mut status = done(Word::Degraded, "rollout timed out", "", deadline.and_then(|c| c.since));
        if let Some(t) = worst {
            if t.tone == Tone::Wait {
                parts.extend(deadline.map(|c| no_progress(facts, c.since, now)));
            }
            parts.push(t.sentence());
            status = t.status(Word::Degraded, "");
        } else {
            parts.extend(deadline.map(|c| no_progress(facts, c.since, now)));
        }
        status.sentence = parts.join(" ");
        return status;
    }
    let (reason, mut sentence, since) = if pods.rolling {
        let since = facts.pods.iter().filter(|p| facts.runs_newest(p)).map(|p| p.created).min();
        (
            format!("{new} of {} pods updated", pods.wanted),
            format!(
                "Rolling out {revision}: {new} of {} updated, {} ready.{}",
                count(pods.wanted, "pod"),
                pods.ready,
                if facts.workload.min_ready_s > 0 {
                    format!(" A new pod counts once it has been ready for {} s (minReadySeconds).", facts.workload.min_ready_s)
                } else {
                    String::new()
                }
            ),
            since,
        )
    } else {
        (format!("{} of {} ready", pods.ready, pods.wanted), format!("{}.", capital(&lead(pods))), None)
    };
    let mut evidence = Vec::new();
    if let Some(t) = worst {
        sentence = format!("{sentence} {}", t.sentence());
        evidence = t.evidence;
    }
    // A pod that does not go keeps the place of the next one.
    let gone_wrong = newest_failed(facts, now).or_else(|| deletion::first_that_stays(facts, now));
    if let Some(failed) = gone_wrong {
        let told = failed.status(Word::Degraded, &sentence);
        return Status { evidence: if evidence.is_empty() { told.evidence } else { evidence }, ..told };
    }
    Status { evidence, ..done(Word::Progressing, reason, sentence, since) }
}

/// Pods that are ready and have not been so for `minReadySeconds`.
fn not_available_yet(facts: &AppFacts, pods: &Pods<'_>, now: UnixMs) -> Option<Status> {
    let must = facts.workload.min_ready_s;
    let ready_since = |p: &&&Arc<Pod>| p.conditions.iter().find(|c| c.kind == "Ready" && c.status == Some(true)).and_then(|c| c.since);
    let young = pods.live.iter().filter_map(|p| ready_since(&p)).filter(|since| now.since(*since) < i64::from(must) * 1000);
    let youngest = young.max().filter(|_| must > 0 && facts.workload.replicas.available < pods.wanted)?;
    let sentence =
        format!("{}, but must stay ready for {must} s to count as available (minReadySeconds): {} so far.", capital(&lead(pods)), short(now.since(youngest)));
    Some(done(Word::Progressing, format!("must stay ready {must} s"), sentence, Some(youngest)))
}

fn all_ready(facts: &AppFacts, pods: &Pods<'_>, now: UnixMs) -> Status {
    let ready = capital(&lead(pods));
    let fallen = pods.live.iter().filter_map(|p| pod::fell(p, now).map(|(c, e)| (p, c, e)));
    if let Some((p, c, e)) = fallen.max_by_key(|(_, _, e)| e.finished) {
        let t = exit::trouble(c, e, p, facts, now);
        let restarts: u32 = pods.live.iter().filter(|p| pod::fell(p, now).is_some()).map(|p| p.restarts()).sum();
        let reason = clip(&format!("restarted {}", times(restarts)), super::text::REASON);
        return Status { reason, since: e.finished, ..t.status(Word::Degraded, &format!("{ready}, but unstable.")) };
    }
    // A pod that the node refused or evicted once and that was replaced since is history, which the story tells.
    if let Some(t) = newest_failed(facts, now).filter(|_| failed_often(facts, pods, now)) {
        return t.status(Word::Degraded, &format!("{ready}."));
    }
    // Others that are likely the app's are remarked.
    if let Some(s) = facts.services.iter().find(|s| endpoint::leads_nowhere(s) && s.name == facts.workload.id.name.as_str()) {
        let why = endpoint::mismatch(s, facts);
        let evidence = vec![Evidence::Object { label: "Endpoints".into(), path: facts.workload.id.path() }];
        let sentence = format!("{ready}, but service {} matches no pods: {why}", clip(&s.name, 80));
        return Status { evidence, ..done(Word::Degraded, "service matches no pods", sentence, None) };
    }
    let since = pods.live.iter().filter_map(|p| p.conditions.iter().find(|c| c.kind == "Ready")?.since).max();
    if let Some(t) = deletion::first_that_stays(facts, now) {
        return Status { since, reason: "an old pod won't stop".into(), ..t.status(Word::Running, &format!("{ready}.")) };
    }
    if let Some(status) = not_available_yet(facts, pods, now) {
        return status;
    }
    let reason = if pods.wanted == 1 { "ready".to_owned() } else { format!("all {} ready", pods.wanted) };
    done(Word::Running, reason, format!("{ready}."), since)
}
