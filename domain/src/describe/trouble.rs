//! What is wrong with a pod, before it is weighed against the rest of its app.

use super::text::{REASON, clip, full_stop};
use crate::cause::Cause;
use crate::facts::{AppFacts, Container, Event, Pod};
use crate::status::{Evidence, Status, Word};
use crate::{UnixMs, english};
use std::borrow::Cow;
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

/// A trouble in words.
#[derive(Clone, Debug)]
pub(crate) struct Trouble {
    /// How much it weighs.
    pub(crate) tone: Tone,
    /// The code of its cause, where it has one.
    pub(crate) code: Option<&'static str>,
    /// In 24 characters at most.
    pub(crate) reason: String,
    /// What happened: a whole sentence.
    pub(crate) cause: String,
    /// What to do: a whole sentence, or nothing.
    pub(crate) advice: String,
    /// When it began, where that is known.
    pub(crate) since: Option<UnixMs>,
    /// When it happened last, where that is another moment than since when it does.
    pub(crate) at: Option<UnixMs>,
    /// Where to look.
    pub(crate) evidence: Vec<Evidence>,
}

impl Trouble {
    /// A trouble of which reason, cause and advice are known.
    pub(crate) fn new(tone: Tone, reason: impl AsRef<str>, cause: impl AsRef<str>, advice: impl AsRef<str>) -> Self {
        Self {
            tone,
            code: None,
            reason: clip(reason.as_ref(), REASON),
            cause: full_stop(cause.as_ref()),
            advice: full_stop(advice.as_ref()),
            since: None,
            at: None,
            evidence: Vec::new(),
        }
    }

    /// A trouble of which the cause is known.
    pub(crate) fn of(tone: Tone, cause: &Cause) -> Self {
        let words = english::cause(cause);
        Self { code: Some(cause.code()), ..Self::new(tone, words.reason, words.sentence, words.advice) }
    }

    /// Adds what else is known, between what happened and what to do.
    pub(crate) fn and(mut self, sentences: &[String]) -> Self {
        for sentence in sentences.iter().filter(|s| !s.is_empty()) {
            self.cause = format!("{} {}", self.cause, full_stop(sentence));
        }
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

    /// Cause and advice.
    pub(crate) fn sentence(&self) -> String {
        if self.advice.is_empty() { self.cause.clone() } else { format!("{} {}", self.cause, self.advice) }
    }
}

/// A status without a place to look at.
pub(crate) fn done(word: Word, reason: impl AsRef<str>, sentence: impl Into<String>, since: Option<UnixMs>) -> Status {
    Status { word, code: None, reason: clip(reason.as_ref(), REASON), sentence: sentence.into(), since, evidence: Vec::new() }
}

impl Trouble {
    /// The status of what has this trouble. `start` is said before it; the trouble's own advice ends it.
    pub(crate) fn status(self, word: Word, start: &str) -> Status {
        let sentence = [start, &self.cause, &self.advice].into_iter().filter(|s| !s.is_empty()).collect::<Vec<_>>().join(" ");
        Status { word, code: self.code.map(Cow::Borrowed), reason: self.reason, sentence, since: self.since, evidence: self.evidence }
    }
}

/// Events about a pod, newest first.
pub(crate) fn events_of<'a>(pod: &'a Pod, facts: &'a AppFacts) -> impl Iterator<Item = &'a Arc<Event>> {
    facts.events.iter().filter(|e| e.kind == "Pod" && e.name == pod.name && (e.uid.is_empty() || e.uid == pod.uid))
}

/// Those of one container; an event that does not say which may be of any.
pub(crate) fn events_of_container<'a>(c: &Container, pod: &'a Pod, facts: &'a AppFacts) -> impl Iterator<Item = &'a Arc<Event>> {
    events_of(pod, facts).filter(move |e| e.container.as_ref().is_none_or(|name| *name == c.name))
}

/// A link to an event.
pub(crate) fn event_link(event: &Event) -> Evidence {
    Evidence::Event { label: "See event".into(), reason: event.reason.clone(), name: event.name.clone() }
}

/// Since when a condition of a pod is not true.
pub(crate) fn not_since(pod: &Pod, kind: &str) -> Option<UnixMs> {
    pod.conditions.iter().find(|c| c.kind == kind && c.status != Some(true)).and_then(|c| c.since)
}
