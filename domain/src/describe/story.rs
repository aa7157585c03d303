//! What happened in this rollout, told in order.

mod events;
mod pods;
mod together;

use super::change::{PORTAL, change};
use super::pods::steady;
use super::refusal;
use super::text::pod_name;
use super::workload::Pods;
use crate::facts::{AppFacts, Pod};
use crate::kubernetes::controller::ConditionSaid;
use crate::kubernetes::words::ConditionType;
use crate::story::{Happened, NetworkObject, RunEnd, Step};
use crate::verdict::Told;
use crate::{Kind, UnixMs};
use std::sync::Arc;

/// A pod that is made this long after those before it were ready replaces one of the rollout.
const REPLACED: i64 = 60_000;
/// Most steps of a story.
const MOST: usize = 12;
/// How far clocks may be apart.
const CLOCKS: i64 = 5_000;

fn step(at: UnixMs, what: Happened) -> Step {
    Step { at, what, others: 0 }
}

/// The story: the change first, then what came of it.
pub(crate) fn story(facts: &AppFacts, now: UnixMs) -> Vec<Step> {
    let change = change(facts);
    // A rollout of unknown age began before its first pod.
    let first_pod = || facts.pods.iter().filter(|p| facts.runs_newest(p)).map(|p| p.created).min();
    let from = change.as_ref().map(|c| c.at).or_else(first_pod).unwrap_or(facts.workload.created);
    let of_pods = facts.pods.iter().flat_map(|pod| pods::steps(pod, facts, now)).chain(events::steps(facts, now));
    let mut steps = together::merge(of_pods.collect());
    steps.extend(ready(facts, from, now));
    steps.extend(facts.workload.deletion.as_ref().map(|d| step(d.at, Happened::Deleted)));
    steps.extend(refused(facts, now));
    steps.extend(conditions(facts));
    steps.extend(network(facts));
    steps.extend(runs(facts));
    steps.retain(|s| s.at.0 > 0 && s.at.0 + CLOCKS >= from.0 && s.at <= now.plus(CLOCKS));
    steps.sort_by_key(|s| s.at);
    let mut once: Vec<Step> = Vec::new();
    for step in steps {
        if !once.iter().any(|s| (&s.what, s.others) == (&step.what, step.others)) {
            once.push(step);
        }
    }
    let room = MOST - usize::from(change.is_some());
    let late = once.split_off(once.len().saturating_sub(room));
    change.into_iter().chain(late).collect()
}

/// The API server refuses pods.
fn refused(facts: &AppFacts, now: UnixMs) -> Option<Step> {
    let t = refusal::trouble(facts, now)?;
    Some(step(t.since?, Happened::Refused(Told { cause: t.cause, also: t.also, advised: false })))
}

/// When the pods of the newest template were ready.
fn ready(facts: &AppFacts, from: UnixMs, now: UnixMs) -> Vec<Step> {
    let w = &facts.workload;
    if matches!(w.id.kind, Kind::Job | Kind::CronJob) {
        return Vec::new();
    }
    let new = facts.pods.iter().filter(|p| p.deleting.is_none() && facts.runs_newest(p) && steady(p, now));
    let since = |p: &Arc<Pod>| p.conditions.iter().find(|c| c.kind == ConditionType::Ready)?.since;
    let mut moments: Vec<_> = new.filter_map(|p| Some((since(p)?, p))).collect();
    moments.sort_by_key(|(at, _)| *at);
    let pods = Pods::of(facts, now);
    let all = !pods.rolling && moments.len() >= pods.wanted as usize;
    let Some((first, pod)) = moments.first() else { return Vec::new() };
    // Whether it was ready before its restarts, nothing tells.
    let (after, restarts) = (first.since(pod.created), pod.restarts());
    let mut steps = vec![step(*first, Happened::FirstReady { who: pod_name(pod, facts).to_owned(), after, restarts })];
    if let Some((last, _)) = moments.last().filter(|_| all && moments.len() > 1) {
        // Pods that were replaced later tell nothing of how long the rollout took.
        let mut until = from;
        let of_rollout = moments.iter().all(|(ready, pod)| {
            let follows = pod.created.since(until) < REPLACED;
            until = until.max(*ready);
            follows
        });
        let after = Some(last.since(from)).filter(|after| of_rollout && *after >= 0);
        steps.push(step(*last, Happened::AllReady { pods: moments.len(), revision: w.revision, after }));
    }
    steps
}

/// Changes of its services and ingresses, by their own word of when and by whom.
fn network(facts: &AppFacts) -> Vec<Step> {
    let services = facts.services.iter().map(|s| (NetworkObject::Service, &s.name, s.created, &s.changed));
    let ingresses = facts.ingresses.iter().map(|i| (NetworkObject::Ingress, &i.name, i.created, &i.changed));
    let told = services.chain(ingresses).filter_map(|(of, name, created, changed)| {
        let (at, who) = changed.as_ref()?;
        // The deployment itself says who asked the portal.
        let by = Some(who.clone()).filter(|who| who != PORTAL);
        Some(step(*at, Happened::NetworkChanged { of, name: name.clone(), created: at.since(created) < 1_000, by }))
    });
    told.collect()
}

/// What the conditions of the workload tell.
fn conditions(facts: &AppFacts) -> Vec<Step> {
    let w = &facts.workload;
    let told = w.conditions.iter().filter_map(|c| {
        let what = match ConditionSaid::of(c) {
            ConditionSaid::DeadlineExceeded => Happened::DeadlinePassed { limit_s: w.progress_deadline_s },
            ConditionSaid::RolloutPaused => Happened::RolloutPaused,
            ConditionSaid::JobSucceeded => Happened::JobSucceeded,
            ConditionSaid::JobFailed(_) => Happened::JobFailed { reason: c.reason.word().to_owned() },
            ConditionSaid::JobSuspended => Happened::JobSuspended,
            ConditionSaid::JobWillFail(_) | ConditionSaid::PodsRefused(_) | ConditionSaid::Other => return None,
        };
        Some(step(c.since?, what))
    });
    told.collect()
}

/// Runs of a cron job.
fn runs(facts: &AppFacts) -> Vec<Step> {
    let runs = facts.workload.cron.iter().flat_map(|cron| &cron.runs);
    let told = runs.filter_map(|(run, job, why)| {
        let started = job.started?;
        let end = match (job.completed, why) {
            (Some(at), _) => Some(RunEnd::Succeeded(at.since(started))),
            (None, Some(why)) => Some(RunEnd::Failed(why.word().to_owned())),
            (None, None) => None,
        };
        Some(step(started, Happened::RunStarted { run: run.clone(), end }))
    });
    told.collect()
}
