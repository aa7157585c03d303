//! Pods that the API server refuses, by what the controllers repeat of its answer.

use super::trouble::{Tone, Trouble, event_link};
use crate::cause::Cause;
use crate::facts::{AppFacts, Event};
use crate::kubernetes::admission;
use crate::kubernetes::controller::{ConditionSaid, ControllerSaid};
use crate::{Kind, UnixMs};
use std::sync::Arc;

/// How long a FailedCreate event counts; controllers wait up to 17 min between tries.
const FRESH: i64 = 20 * 60_000;

/// Why no more pods are made; `None` where none is missing.
pub(crate) fn trouble(facts: &AppFacts, now: UnixMs) -> Option<Trouble> {
    let w = &facts.workload;
    let missing = match w.id.kind {
        Kind::Deployment => w.conditions.iter().any(|c| matches!(ConditionSaid::of(c), ConditionSaid::PodsRefused(_))),
        // Runs are looked at one by one.
        Kind::CronJob => false,
        Kind::Job => facts.pods.is_empty(),
        Kind::StatefulSet | Kind::DaemonSet | Kind::Pod => w.replicas.current < w.replicas.wanted,
    };
    if missing { told(facts, now) } else { None }
}

/// What the newest refusal of a pod says, whatever the counts.
pub(crate) fn told(facts: &AppFacts, now: UnixMs) -> Option<Trouble> {
    let refused = |c| if let ConditionSaid::PodsRefused(said) = ConditionSaid::of(c) { Some((said, c.since)) } else { None };
    let condition = facts.workload.conditions.iter().find_map(refused);
    let fresh = |e: &&Arc<Event>| ControllerSaid::of(e) == ControllerSaid::FailedCreate && now.since(e.last) < FRESH;
    let event = facts.events.iter().filter(fresh).max_by_key(|e| e.last);
    let said = condition.map(|(said, _)| said).or_else(|| event.map(|e| e.message.as_str()))?;
    let since = condition.and_then(|(_, since)| since).or_else(|| event.map(|e| e.first));
    Some(read(said, facts).since(since).see(event.map(|e| event_link(e))))
}

/// Why the API server refused a pod, or a job of a cron job, from the controller's words.
pub(crate) fn read(said: &str, facts: &AppFacts) -> Trouble {
    let namespace = facts.workload.id.namespace.as_str().to_owned();
    Trouble::of(Tone::Bad, &Cause::Refused { namespace, why: admission::refusal(said) })
}
