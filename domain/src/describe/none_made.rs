//! Why none of the wanted pods was made: what the namespace, the events and the conditions say, and that nothing does
//! where nothing does.

use super::refusal;
use super::text::clip;
use super::trouble::{Tone, Trouble, event_link};
use crate::facts::AppFacts;
use crate::time::short;
use crate::{Kind, UnixMs};

/// How long an event counts; controllers wait up to 17 min between tries.
const FRESH: i64 = 20 * 60_000;

/// Why there is no pod although pods have been wanted for long enough.
pub(crate) fn trouble(facts: &AppFacts, now: UnixMs) -> Trouble {
    namespace(facts, now).or_else(|| refusal::told(facts, now)).or_else(|| warning(facts, now)).unwrap_or_else(|| silence(facts))
}

/// In a namespace that is being deleted nothing new is made.
fn namespace(facts: &AppFacts, now: UnixMs) -> Option<Trouble> {
    let since = facts.around.namespace_ending?;
    let cause = format!("Namespace {} has been terminating for {}, so it accepts no new pods", facts.workload.id.namespace, short(now.since(since)));
    Some(Trouble::new(Tone::Bad, "namespace is terminating", cause, "Create the app in another namespace.").since(Some(since)))
}

/// The newest warning about the app or one of its replica sets.
fn warning(facts: &AppFacts, now: UnixMs) -> Option<Trouble> {
    let own = |kind: &str| kind == facts.workload.id.kind.kubernetes() || kind == "ReplicaSet";
    let event = facts.events.iter().filter(|e| e.warning && own(&e.kind) && now.since(e.last) < FRESH).max_by_key(|e| e.last)?;
    let cause = format!("The {} says: {}", clip(&event.source, 60), clip(&event.message, 240));
    let cause = if event.source.is_empty() { format!("Newest warning: {}", clip(&event.message, 240)) } else { cause };
    Some(Trouble::new(Tone::Bad, "no pod created", cause, "Check the event.").since(Some(event.first)).see([event_link(event)]))
}

/// Nobody says why, which tells of a controller that is away: one that tries and fails writes an event.
fn silence(facts: &AppFacts) -> Trouble {
    let w = &facts.workload;
    let who = match (w.id.kind, facts.replica_sets.first()) {
        (Kind::Deployment, Some(set)) => format!("Replica set {} exists but hasn't created any pods", clip(&set.name, 80)),
        (Kind::Deployment, None) => "The deployment controller hasn't created a replica set".to_owned(),
        (kind, _) => format!("The {} controller hasn't created any pods", kind.words()),
    };
    let cause = format!("{who}, and no event, condition, or namespace says why: its controller may be down or far behind");
    Trouble::new(Tone::Bad, "no pod created", cause, "Ask an administrator to check the controller manager.")
}
