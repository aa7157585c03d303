//! Why none of the wanted pods was made: what the namespace, the events and the conditions say, and that nothing does
//! where nothing does.

use super::refusal;
use super::trouble::{Tone, Trouble, event_link};
use crate::cause::{Cause, Silence, WorkloadTrouble};
use crate::facts::AppFacts;
use crate::kubernetes::words::ObjectKind;
use crate::{Kind, UnixMs};

/// How long an event counts; controllers wait up to 17 min between tries.
const FRESH: i64 = 20 * 60_000;

/// Why there is no pod although pods have been wanted for long enough.
pub(crate) fn trouble(facts: &AppFacts, now: UnixMs) -> Trouble {
    namespace(facts).or_else(|| refusal::told(facts, now)).or_else(|| warning(facts, now)).unwrap_or_else(|| silence(facts))
}

fn of_workload(trouble: WorkloadTrouble) -> Trouble {
    Trouble::of(Tone::Bad, &Cause::Workload(trouble))
}

/// In a namespace that is being deleted nothing new is made.
fn namespace(facts: &AppFacts) -> Option<Trouble> {
    let since = facts.around.namespace_ending?;
    let namespace = facts.workload.id.namespace.as_str().to_owned();
    Some(of_workload(WorkloadTrouble::NamespaceEnding { namespace, since }).since(Some(since)))
}

/// The newest warning about the app or one of its replica sets.
fn warning(facts: &AppFacts, now: UnixMs) -> Option<Trouble> {
    let own = |kind: &ObjectKind| *kind == facts.workload.id.kind.into() || *kind == ObjectKind::ReplicaSet;
    let event = facts.events.iter().filter(|e| e.warning && own(&e.kind) && now.since(e.last) < FRESH).max_by_key(|e| e.last)?;
    let warns = WorkloadTrouble::ControllerWarns { source: event.source.clone(), said: event.message.clone() };
    Some(of_workload(warns).since(Some(event.first)).see([event_link(event)]))
}

/// Nobody says why, which tells of a controller that is away: one that tries and fails writes an event.
fn silence(facts: &AppFacts) -> Trouble {
    let silence = match (facts.workload.id.kind, facts.replica_sets.first()) {
        (Kind::Deployment, Some(set)) => Silence::ReplicaSet(set.name.clone()),
        (Kind::Deployment, None) => Silence::NoReplicaSet,
        (kind, _) => Silence::Workload(kind),
    };
    of_workload(WorkloadTrouble::ControllerSilent(silence))
}
