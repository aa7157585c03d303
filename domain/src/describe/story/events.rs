//! What events tell that the pods' own state does not tell any more, and scalings.

use super::step;
use super::together::{Alike, Found, OfPod};
use crate::UnixMs;
use crate::describe::pod;
use crate::describe::text::{clip, pod_name};
use crate::describe::trouble::Tone;
use crate::facts::{AppFacts, Event};
use crate::kubernetes::autoscaler::Rescaled;
use crate::kubernetes::controller::{ControllerSaid, Scaled};
use crate::kubernetes::warning::{EventSaid, without_names};
use crate::kubernetes::words::ObjectKind;
use crate::story::Happened;
use std::collections::BTreeSet;

/// All of them.
pub(super) fn steps(facts: &AppFacts, now: UnixMs) -> Vec<Found> {
    let told_already: BTreeSet<_> =
        facts.pods.iter().filter(|p| pod::trouble(p, facts, now).is_some_and(|t| t.tone == Tone::Bad)).map(|p| p.name.as_str()).collect();
    let mut seen = BTreeSet::new();
    let told = facts.events.iter().filter(|e| !told_already.contains(e.name.as_str())).filter_map(|e| {
        let what = happened(e, facts)?;
        // Newest first: one step per kind of event and object is enough.
        seen.insert((e.reason.word(), e.name.as_str())).then(|| {
            let alike = || Alike::Event(e.reason.clone(), without_names(&e.message, [&e.name, who(e, facts)]));
            let of_pod = (e.kind == ObjectKind::Pod).then(|| OfPod { pod: e.name.clone(), alike: alike() });
            Found { step: step(e.first, what), of_pod }
        })
    });
    told.collect()
}

/// The name of the event's object, as lists show it.
fn who<'a>(e: &'a Event, facts: &'a AppFacts) -> &'a str {
    facts.pods.iter().find(|p| p.name == e.name).map_or(e.name.as_str(), |p| pod_name(p, facts))
}

/// What an event tells; nothing where that is how it goes.
fn happened(e: &Event, facts: &AppFacts) -> Option<Happened> {
    if let Some(rescaled) = Rescaled::of(e) {
        let to = match rescaled {
            Rescaled::To { size, why } => Some((size.to_owned(), why.to_owned())),
            Rescaled::Other(_) => None,
        };
        return Some(Happened::Rescaled { autoscaler: e.name.clone(), to, said: e.message.clone() });
    }
    if let ControllerSaid::Scaled(scaled) = ControllerSaid::of(e) {
        return counted(&scaled, e, facts);
    }
    if ControllerSaid::of(e) == ControllerSaid::ScaledSomehow {
        return Some(Happened::ScaledSomehow(e.message.clone()));
    }
    let who = who(e, facts).to_owned();
    let warned = |fails| Some(Happened::Warned { who: who.clone(), said: said(e), times: e.count, last: e.last, fails });
    match EventSaid::of(e) {
        // A pod that was scaled away or replaced stops to be ready: that is how it goes.
        EventSaid::ReadinessFails if facts.pods.iter().find(|p| p.name == e.name).is_none_or(|p| p.deleting.is_some()) => None,
        EventSaid::ReadinessFails | EventSaid::Warns => warned(false),
        EventSaid::Fails => warned(true),
        EventSaid::Preempted => Some(Happened::Preempted { who }),
        EventSaid::Other => None,
    }
}

/// What an event says; its reason where it says nothing.
fn said(e: &Event) -> String {
    let text = e.message.trim().trim_end_matches(':');
    if clip(text, 1).is_empty() { clip(e.reason.word(), 60) } else { e.message.clone() }
}

/// A replica set's count by the number of its revision, where it is known. A rollout takes one replica set up from 0 and
/// another one down to 0; to stop an app is to scale the newest one to 0.
fn counted(scaled: &Scaled<'_>, e: &Event, facts: &AppFacts) -> Option<Happened> {
    let w = &facts.workload;
    let set = facts.replica_sets.iter().find(|s| s.name == scaled.set);
    let newest = || set.is_some_and(|s| w.revision == Some(s.revision));
    let by_intent = if scaled.to == 0 { w.replicas.wanted == 0 && newest() } else { scaled.from != Some(0) };
    let known = set.zip(scaled.from).map(|(set, from)| Happened::Scaled { revision: set.revision, up: scaled.up, from, to: scaled.to });
    by_intent.then(|| known.unwrap_or_else(|| Happened::ScaledSomehow(e.message.clone())))
}
