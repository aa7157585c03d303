//! Events by the object that they are about, within bounds.

use crate::slim::{SlimEvent, weight};
use domain::UnixMs;
use domain::facts::Event;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// Most events of a namespace.
pub(super) const SPACE_MOST: usize = 3_000;
/// Most events of an app.
const APP_MOST: usize = 60;
/// Events older than this are left out …
const OLD_MS: i64 = 3_600_000;
/// … unless they are among the newest of their app.
const OLD_MOST: usize = 10;

/// Events of a namespace. Where there are too many, the oldest go first.
pub(super) struct Events {
    /// Most bytes of all.
    most: usize,
    bytes: usize,
    by_name: HashMap<String, Arc<Event>>,
    by_uid: HashMap<String, BTreeSet<String>>,
    by_age: BTreeSet<(UnixMs, String)>,
}

impl Events {
    /// None yet; so many bytes of them are kept.
    pub(super) fn new(most: usize) -> Self {
        Self { most, bytes: 0, by_name: HashMap::new(), by_uid: HashMap::new(), by_age: BTreeSet::new() }
    }

    /// Adds or replaces one; false where nothing changed.
    pub(super) fn apply(&mut self, event: SlimEvent) -> bool {
        if self.by_name.get(&event.name).is_some_and(|old| *old == event.facts) {
            return false;
        }
        self.delete(&event.name);
        self.by_age.insert((event.facts.last, event.name.clone()));
        self.by_uid.entry(event.facts.uid.clone()).or_default().insert(event.name.clone());
        self.bytes += weight(&event.facts);
        self.by_name.insert(event.name, event.facts);
        while self.by_name.len() > SPACE_MOST || self.bytes > self.most {
            let Some((_, oldest)) = self.by_age.first().cloned() else { break };
            self.delete(&oldest);
        }
        true
    }

    /// Removes one.
    pub(super) fn delete(&mut self, name: &str) -> Option<Arc<Event>> {
        let event = self.by_name.remove(name)?;
        self.bytes -= weight(&event);
        self.by_age.remove(&(event.last, name.to_owned()));
        if let Some(names) = self.by_uid.get_mut(&event.uid) {
            names.remove(name);
            if names.is_empty() {
                self.by_uid.remove(&event.uid);
            }
        }
        Some(event)
    }

    /// Removes all about an object.
    pub(super) fn forget(&mut self, uid: &str) {
        for name in self.by_uid.get(uid).cloned().into_iter().flatten() {
            self.delete(&name);
        }
    }

    /// All of them.
    pub(super) fn all(self) -> impl Iterator<Item = SlimEvent> {
        self.by_name.into_iter().map(|(name, facts)| SlimEvent { name, facts })
    }

    /// Names of all events.
    pub(super) fn names(&self) -> impl Iterator<Item = &String> {
        self.by_name.keys()
    }

    /// All about an object.
    pub(super) fn about<'a>(&'a self, uid: &str) -> impl Iterator<Item = &'a Arc<Event>> {
        self.by_uid.get(uid).into_iter().flatten().filter_map(|name| self.by_name.get(name))
    }
}

/// Newest first, within the bounds of an app.
pub(super) fn newest(mut events: Vec<Arc<Event>>, now: UnixMs) -> Vec<Arc<Event>> {
    events.sort_by(|a, b| {
        b.last.cmp(&a.last).then_with(|| a.name.cmp(&b.name)).then_with(|| a.reason.word().cmp(b.reason.word())).then_with(|| a.message.cmp(&b.message))
    });
    events.truncate(APP_MOST);
    let fresh = events.iter().take_while(|e| now.since(e.last) <= OLD_MS).count();
    events.truncate(fresh.max(OLD_MOST));
    events
}
