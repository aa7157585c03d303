//! What happened in this rollout, told in order.

use super::change::change;
use super::text::{capital, clip, count, full_stop, pod_name, squeeze, times};
use super::trouble::{Tone as Weight, Trouble};
use super::workload::Pods;
use super::{deletion, exit, pod, refusal};
use crate::english;
use crate::facts::{AppFacts, Container, ContainerState, Ended, Event, Pod};
use crate::time::short;
use crate::view::Happening;
use crate::{Kind, Tone, UnixMs};
use std::collections::{BTreeMap, BTreeSet};

/// A pod that is made this long after those before it were ready replaces one of the rollout.
const REPLACED: i64 = 60_000;
/// Most steps of a story.
const MOST: usize = 12;

/// A step that may be the same for several pods.
struct Step {
    /// What is told, of one pod.
    told: Happening,
    /// What it is, without what differs from pod to pod.
    kind: String,
    /// Its pod.
    pod: Option<String>,
}

impl Step {
    fn of_pod(pod: &str, kind: String, told: Happening) -> Self {
        Self { told, kind, pod: Some(pod.to_owned()) }
    }
}

/// Numbers and the pod's own name aside, so that the same event of two pods is the same.
fn without_names(text: &str, pod: &str, short: &str) -> String {
    let text = text.replace(pod, "").replace(short, "");
    text.split(|c: char| c.is_ascii_digit()).filter(|p| !p.is_empty()).collect::<Vec<_>>().join("#")
}

/// One step for what happened to several pods, at the moment of the last, with how many others.
fn together(steps: Vec<Step>) -> Vec<Happening> {
    let mut pods: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut last: BTreeMap<String, UnixMs> = BTreeMap::new();
    for s in &steps {
        if let Some(pod) = &s.pod {
            pods.entry(s.kind.clone()).or_default().insert(pod.clone());
            let at = last.entry(s.kind.clone()).or_insert(s.told.at);
            *at = s.told.at.max(*at);
        }
    }
    let mut told = BTreeSet::new();
    let one = |s: Step| {
        let others = s.pod.as_ref().and_then(|_| pods.get(&s.kind)).map_or(0, |p| p.len() - 1);
        if others == 0 {
            return Some(s.told);
        }
        if last.get(&s.kind) != Some(&s.told.at) || !told.insert(s.kind) {
            return None;
        }
        let more = if others == 1 { "1 more pod".to_owned() } else { format!("{others} more pods") };
        Some(Happening { sentence: format!("{} Same in {more}.", s.told.sentence), ..s.told })
    };
    steps.into_iter().filter_map(one).collect()
}

fn step(at: UnixMs, tone: Tone, sentence: impl AsRef<str>) -> Happening {
    Happening { at, tone, sentence: full_stop(sentence.as_ref()) }
}

/// What a trouble is, without what there is to do.
fn said_of(t: &Trouble, now: UnixMs) -> String {
    english::told(&t.cause, &t.also, now).sentence
}

/// The story: the change first, then what came of it.
pub(crate) fn story(facts: &AppFacts, now: UnixMs) -> Vec<Happening> {
    let change = change(facts);
    // A rollout of unknown age began before its first pod.
    let first_pod = || facts.pods.iter().filter(|p| facts.runs_newest(p)).map(|p| p.created).min();
    let from = change.as_ref().map(|c| c.at).or_else(first_pod).unwrap_or(facts.workload.created);
    let change = change.map(|c| step(c.at, Tone::Change, c.sentence));
    let mut of_pods = Vec::new();
    for pod in &facts.pods {
        of_pods.extend(pod_steps(pod, facts, now));
    }
    of_pods.extend(events(facts, now));
    let mut steps = together(of_pods);
    steps.extend(ready(facts, from, now));
    steps.extend(deleted(facts));
    steps.extend(refusal::trouble(facts, now).and_then(|t| Some(step(t.since?, Tone::Bad, said_of(&t, now)))));
    steps.extend(conditions(facts));
    steps.extend(network(facts));
    steps.extend(runs(facts));
    steps.retain(|s| s.at.0 > 0 && s.at.0 + 5000 >= from.0 && s.at <= now.plus(5000));
    steps.sort_by_key(|s| s.at);
    let mut seen = BTreeSet::new();
    steps.retain(|s| seen.insert(s.sentence.clone()));
    let room = MOST - usize::from(change.is_some());
    let late = steps.split_off(steps.len().saturating_sub(room));
    change.into_iter().chain(late).collect()
}

/// When the pods of the newest template were ready.
fn ready(facts: &AppFacts, from: UnixMs, now: UnixMs) -> Vec<Happening> {
    let w = &facts.workload;
    if matches!(w.id.kind, Kind::Job | Kind::CronJob) {
        return Vec::new();
    }
    let new: Vec<_> = facts.pods.iter().filter(|p| p.deleting.is_none() && facts.runs_newest(p)).collect();
    let mut moments: Vec<_> =
        new.iter().filter(|p| pod::steady(p, now)).filter_map(|p| Some((p.conditions.iter().find(|c| c.kind == "Ready")?.since?, p))).collect();
    moments.sort_by_key(|(at, _)| *at);
    let pods = Pods::of(facts, now);
    let all = !pods.rolling && moments.len() >= pods.wanted as usize;
    let Some((first, pod)) = moments.first() else { return Vec::new() };
    // Whether it was ready before its restarts, nothing tells.
    let restarts = match pod.restarts() {
        0 => String::new(),
        n => format!(" and {}", count(n, "restart")),
    };
    let sentence = format!("{} became ready after {}{restarts}", pod_name(pod, facts), short(first.since(pod.created)));
    let mut steps = vec![step(*first, Tone::Ok, sentence)];
    if let Some((last, _)) = moments.last().filter(|_| all && moments.len() > 1) {
        let revision = w.revision.map_or_else(String::new, |r| format!(" of revision {r}"));
        // Pods that were replaced later tell nothing of how long the rollout took.
        let mut until = from;
        let of_rollout = moments.iter().all(|(ready, pod)| {
            let follows = pod.created.since(until) < REPLACED;
            until = until.max(*ready);
            follows
        });
        let took = if of_rollout && last.since(from) >= 0 { format!(" after {}", short(last.since(from))) } else { String::new() };
        steps.push(step(
            *last,
            Tone::Ok,
            format!("{} pods{revision} became ready{took}", if moments.len() == 2 { "Both".to_owned() } else { format!("All {}", moments.len()) }),
        ));
    }
    steps
}

/// The app was deleted, and is still there.
fn deleted(facts: &AppFacts) -> Option<Happening> {
    facts.workload.deletion.as_ref().map(|d| step(d.at, Tone::Change, "Deleted"))
}

fn pod_steps(pod: &Pod, facts: &AppFacts, now: UnixMs) -> Vec<Step> {
    let mut steps = Vec::new();
    // Where the pod was ended as a whole, its containers' exit codes are only how.
    let each: &[Container] = if pod::ended_as_a_whole(pod) { &[] } else { &pod.containers };
    let job = matches!(facts.workload.id.kind, Kind::Job | Kind::CronJob);
    for c in each {
        // To end with 0 is what init containers and jobs are for.
        let well = |e: &Ended| e.exit_code == 0 && (c.init || (job && !c.sidecar));
        let ended = match &c.state {
            ContainerState::Ended(e) if !well(e) => Some(e),
            _ => c.last.as_ref(),
        };
        if let Some(e) = ended.filter(|e| !well(e) && (e.exit_code != 0 || c.restarts > 0))
            && let Some(at) = e.finished
            // Who is asked to end, ends; a sidecar is asked once the others have.
            && pod.deleting.is_none_or(|asked| at < asked)
            && !(c.sidecar && matches!(pod.phase.as_str(), "Succeeded" | "Failed"))
        {
            let times = if c.restarts > 1 { format!(". {} {}", nth(c, e), if e.exit_code == 0 { "exit" } else { "crash" }) } else { String::new() };
            let told = step(at, Tone::Bad, format!("{}{times}", english::cause(&exit::told(c, e, pod, facts)).sentence.trim_end_matches('.')));
            steps.push(Step::of_pod(&pod.name, format!("end {} {} {}", c.name, e.reason, e.exit_code), told));
        }
    }
    let stays = || deletion::stays(pod, facts, now);
    if let Some(t) = pod::trouble(pod, facts, now).filter(|t| t.tone == Weight::Bad).or_else(stays)
        && let Some(at) = t.at.or(t.since)
        && steps.iter().all(|s| s.told.at != at)
    {
        let words = english::told(&t.cause, &t.also, now);
        let kind = format!("{} {}", t.cause.code(), words.reason);
        steps.push(Step::of_pod(&pod.name, kind, step(at, Tone::Bad, words.sentence)));
    }
    steps
}

/// `9th`: a container that has been started again n times ended n times, once more where it does not run now.
fn nth(c: &Container, e: &Ended) -> String {
    let n = c.restarts + u32::from(!matches!(c.state, ContainerState::Running { .. }) || c.last.as_ref() != Some(e));
    let suffix = match (n % 10, n % 100) {
        (1, r) if r != 11 => "st",
        (2, r) if r != 12 => "nd",
        (3, r) if r != 13 => "rd",
        _ => "th",
    };
    format!("{n}{suffix}")
}

/// Warnings that the pods' own state does not tell any more, and scalings.
fn events(facts: &AppFacts, now: UnixMs) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut seen = BTreeSet::new();
    let told_already: BTreeSet<_> =
        facts.pods.iter().filter(|p| pod::trouble(p, facts, now).is_some_and(|t| t.tone == Weight::Bad)).map(|p| p.name.as_str()).collect();
    for e in facts.events.iter().filter(|e| !told_already.contains(e.name.as_str())) {
        let pod = facts.pods.iter().find(|p| p.name == e.name);
        let who = pod.map_or(e.name.as_str(), |p| pod_name(p, facts));
        let often = if e.count > 1 { format!(" ({}, until {})", times(e.count), e.last.clock()) } else { String::new() };
        let (tone, text) = match e.reason.as_str() {
            // A pod that was scaled away or replaced stops to be ready: that is how it goes.
            "Unhealthy" if e.kind == "Pod" && e.message.starts_with("Readiness") && pod.is_none_or(|p| p.deleting.is_some()) => continue,
            "Unhealthy" | "FailedMount" | "FailedScheduling" | "FailedAttachVolume" | "ProvisioningFailed" | "InspectFailed" | "NodeNotReady" | "Evicted" => {
                (Tone::Warn, format!("{who}: {}{often}", said(e)))
            }
            "Preempted" if e.kind == "Pod" => (Tone::Warn, format!("A pod with higher priority preempted {who}")),
            "Failed" if !e.message.starts_with("Error: ImagePull") && !e.message.starts_with("Error: ErrImage") => {
                (Tone::Bad, format!("{who}: {}{often}", said(e)))
            }
            "Killing" if e.message.contains("probe") => (Tone::Bad, format!("{who}: {}{often}", said(e))),
            "SuccessfulRescale" => (Tone::Change, format!("Autoscaler {}: {}", clip(&e.name, 80), rescaled(&e.message))),
            "ScalingReplicaSet" if is_scaling(&e.message, facts) => (Tone::Change, scaled(&e.message, facts)),
            _ => continue,
        };
        // Newest first: one step per kind of event and object is enough.
        if seen.insert((e.reason.as_str(), e.name.as_str())) {
            let told = step(e.first, tone, text);
            steps.push(match e.kind.as_str() {
                "Pod" => Step::of_pod(&e.name, format!("{} {}", e.reason, without_names(&e.message, &e.name, who)), told),
                _ => Step { told, kind: String::new(), pod: None },
            });
        }
    }
    steps
}

/// What an event says; its reason where it says nothing.
fn said(e: &Event) -> String {
    let text = squeeze(e.message.trim().trim_end_matches(':'), 240);
    if text.is_empty() { clip(&e.reason, 60) } else { text }
}

/// The deployment controller's `Scaled up replica set shop-7d9c from 1 to 3` by the number of the revision, where it is known.
/// A rollout takes one replica set up from 0 and another one down to 0; to stop an app is to scale the newest one to 0.
fn is_scaling(message: &str, facts: &AppFacts) -> bool {
    let w = &facts.workload;
    let newest = || facts.replica_sets.iter().find(|s| w.revision == Some(s.revision)).is_some_and(|s| message.contains(&format!(" {} ", s.name)));
    if message.ends_with(" to 0") { w.replicas.wanted == 0 && newest() } else { !message.contains("from 0 to") }
}

fn scaled(message: &str, facts: &AppFacts) -> String {
    let in_words = || {
        let (way, rest) = message.strip_prefix("Scaled ")?.split_once(" replica set ")?;
        let (name, counts) = rest.split_once(" from ")?;
        let set = facts.replica_sets.iter().find(|s| s.name == name)?;
        Some(format!("Scaled revision {} {way} from {counts} pods", set.revision))
    };
    clip(&in_words().unwrap_or_else(|| message.to_owned()), 120)
}

/// The autoscaler's `New size: 3; reason: cpu resource utilization (percentage of request) above target`.
fn rescaled(message: &str) -> String {
    let in_words = message.strip_prefix("New size: ").and_then(|rest| rest.split_once("; reason: ")).map(|(n, why)| format!("{n} pods because {why}"));
    clip(&in_words.unwrap_or_else(|| message.to_owned()), 160)
}

/// Changes of its services and ingresses, by their own word of when and by whom.
fn network(facts: &AppFacts) -> Vec<Happening> {
    let services = facts.services.iter().map(|s| ("service", &s.name, s.created, &s.changed));
    let ingresses = facts.ingresses.iter().map(|i| ("ingress", &i.name, i.created, &i.changed));
    let told = services.chain(ingresses).filter_map(|(what, name, created, changed)| {
        let (at, who) = changed.as_ref()?;
        let how = if at.since(created) < 1_000 { "created" } else { "changed" };
        // The deployment itself says who asked the portal.
        let done = if who == "quayside" { capital(how) } else { format!("{} {how}", clip(who, 60)) };
        Some(step(*at, Tone::Change, format!("{done} {what} {}", clip(name, 80))))
    });
    told.collect()
}

fn conditions(facts: &AppFacts) -> Vec<Happening> {
    let w = &facts.workload;
    let told = w.conditions.iter().filter_map(|c| {
        let at = c.since?;
        match (c.kind.as_str(), c.status, c.reason.as_str()) {
            ("Progressing", Some(false), "ProgressDeadlineExceeded") => {
                let limit = w.progress_deadline_s.map_or_else(String::new, |s| format!(" of {s} s"));
                Some(step(at, Tone::Bad, format!("The rollout exceeded its progress deadline{limit}")))
            }
            ("Progressing", None, "DeploymentPaused") => Some(step(at, Tone::Change, "Rollout paused")),
            ("Complete", Some(true), _) => Some(step(at, Tone::Ok, "Job succeeded")),
            ("Failed", Some(true), reason) => Some(step(at, Tone::Bad, format!("Job failed ({})", clip(reason, 60)))),
            ("Suspended", Some(true), _) => Some(step(at, Tone::Change, "Job suspended")),
            _ => None,
        }
    });
    told.collect()
}

fn runs(facts: &AppFacts) -> Vec<Happening> {
    let Some(cron) = &facts.workload.cron else { return Vec::new() };
    let mut steps = Vec::new();
    for (name, run, why) in &cron.runs {
        let Some(started) = run.started else { continue };
        let name = clip(name, 80);
        match (run.completed, why) {
            (Some(end), _) => steps.push(step(started, Tone::Ok, format!("Run {name} started and succeeded after {}", short(end.since(started))))),
            (None, Some(why)) => steps.push(step(started, Tone::Bad, format!("Run {name} started and failed ({})", clip(why, 60)))),
            (None, None) => steps.push(step(started, Tone::Change, format!("Run {name} started"))),
        }
    }
    steps
}
