//! What is wrong with a pod, before it is weighed against the rest of its app.

use crate::UnixMs;
use crate::cause::Cause;
use crate::facts::{AppFacts, Container, Event, Pod};
use crate::kubernetes::words::{ConditionType, ObjectKind};
use crate::status::Word;
use crate::verdict::{Also, Evidence, LogLines, Told, Verdict};
use std::sync::Arc;

/// How much a trouble weighs. The order is from light to heavy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Tone {
    /// Under way and within its time.
    Wait,
    /// Nothing fresh is known.
    Lost,
    /// Does not work.
    Bad,
}

/// What is wrong, and how much it weighs.
#[derive(Clone, Debug)]
pub(crate) struct Trouble {
    /// How much it weighs.
    pub(crate) tone: Tone,
    /// What it is.
    pub(crate) cause: Cause,
    /// What else is known of it.
    pub(crate) also: Vec<Also>,
    /// When it began, where that is known.
    pub(crate) since: Option<UnixMs>,
    /// When it happened last, where that is another moment than since when it does.
    pub(crate) at: Option<UnixMs>,
    /// Where to look.
    pub(crate) evidence: Vec<Evidence>,
}

impl Trouble {
    /// A trouble of which the cause is known.
    pub(crate) fn of(tone: Tone, cause: &Cause) -> Self {
        Self { tone, cause: cause.clone(), also: Vec::new(), since: None, at: None, evidence: Vec::new() }
    }

    /// Adds what else is known.
    pub(crate) fn also(mut self, also: impl IntoIterator<Item = Also>) -> Self {
        self.also.extend(also);
        self
    }

    /// Adds since when.
    pub(crate) fn since(mut self, at: Option<UnixMs>) -> Self {
        self.since = at.filter(|at| at.0 > 0);
        self
    }

    /// Adds when it happened last.
    pub(crate) fn at(mut self, at: Option<UnixMs>) -> Self {
        self.at = at.filter(|at| at.0 > 0);
        self
    }

    /// Adds a place to look at.
    pub(crate) fn see(mut self, evidence: impl IntoIterator<Item = Evidence>) -> Self {
        self.evidence.extend(evidence);
        self
    }

    /// As it is told within a verdict on something larger.
    pub(crate) fn told(self) -> Box<Told> {
        Box::new(Told { cause: self.cause, also: self.also, advised: true })
    }

    /// The verdict on what has this trouble.
    pub(crate) fn verdict(self, word: Word) -> Verdict {
        Verdict { also: self.also, evidence: self.evidence, ..Verdict::trouble(word, self.cause, self.since) }
    }
}

/// Events about a pod, newest first.
pub(crate) fn events_of<'a>(pod: &'a Pod, facts: &'a AppFacts) -> impl Iterator<Item = &'a Arc<Event>> {
    facts.events.iter().filter(|e| e.kind == ObjectKind::Pod && e.name == pod.name && (e.uid.is_empty() || e.uid == pod.uid))
}

/// Those of one container; an event that does not say which may be of any.
pub(crate) fn events_of_container<'a>(c: &Container, pod: &'a Pod, facts: &'a AppFacts) -> impl Iterator<Item = &'a Arc<Event>> {
    events_of(pod, facts).filter(move |e| e.container.as_ref().is_none_or(|name| *name == c.name))
}

/// A link to an event.
pub(crate) fn event_link(event: &Event) -> Evidence {
    Evidence::Event { reason: event.reason.word().to_owned(), name: event.name.clone() }
}

/// A link to the log of a container that runs.
pub(crate) fn current_log(c: &Container, pod: &Pod) -> Evidence {
    Evidence::Log { lines: LogLines::Current, pod: pod.name.clone(), container: c.name.clone(), at: None }
}

/// Since when a condition of a pod is not true.
pub(crate) fn not_since(pod: &Pod, kind: &ConditionType) -> Option<UnixMs> {
    pod.conditions.iter().find(|c| c.kind == *kind && c.status != Some(true)).and_then(|c| c.since)
}
