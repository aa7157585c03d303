//! Which refusals were written lately.

use super::entry::Entry;
use crate::ports::Steady;
use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Mutex, PoisonError};

/// The same refusal of the same person is written once in this time.
const QUIET_MS: i64 = 60_000;
/// Different refusals of one person (or, where nobody is signed in, one address) that are written in this time.
const MAX_PER_PERSON: usize = 60;
/// People remembered for that; more of them share one place.
const MAX_PEOPLE: usize = 1024;

/// Remembers which refusals were just written, so that a loop of refused requests does not fill the table, and so
/// that a flood of different ones by one person hides nobody else's.
#[derive(Default)]
pub(super) struct RecentRefusals {
    people: Mutex<HashMap<String, HashMap<u64, Steady>>>,
    hasher: RandomState,
}

/// What becomes of a refusal.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum News {
    Write,
    /// The first one too many: that there are more is written instead.
    AndMore,
    Quiet,
}

impl RecentRefusals {
    pub(super) fn look_at(&self, entry: &Entry, now: Steady) -> News {
        let mut people = self.people.lock().unwrap_or_else(PoisonError::into_inner);
        let is_recent = |at: &Steady| now.since(*at) < QUIET_MS;
        let mut who = if entry.actor.is_empty() { entry.address.as_str() } else { entry.actor.as_str() };
        if !people.contains_key(who) && people.len() >= MAX_PEOPLE {
            people.retain(|_, seen| seen.values().any(is_recent));
            if people.len() >= MAX_PEOPLE {
                who = "";
            }
        }
        let seen = people.entry(who.to_owned()).or_default();
        let key = self.hasher.hash_one((entry.deed.act.slug(), &entry.deed.target));
        if seen.get(&key).is_some_and(is_recent) {
            return News::Quiet;
        }
        if seen.len() >= MAX_PER_PERSON {
            seen.retain(|_, at| is_recent(at));
        }
        match seen.len() {
            n if n < MAX_PER_PERSON => {
                seen.insert(key, now);
                News::Write
            }
            MAX_PER_PERSON => {
                // Takes the last place for as long as the others are recent.
                seen.insert(self.hasher.hash_one("and more"), now);
                News::AndMore
            }
            _ => News::Quiet,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::origin::Origin;
    use crate::portal::fake::namespace;
    use domain::audit::{Act, AuditOutcome, RoleLack, Target};

    fn refusal(actor: &str, name: &str) -> Entry {
        let target = Target::Namespace { namespace: namespace(name), request: None };
        Entry::new(actor, &Origin::default(), Act::NeedsNamespace(RoleLack::NoAccess), target, AuditOutcome::Refused)
    }

    #[test]
    fn more_people_than_remembered_share_one_place() {
        let recent = RecentRefusals::default();
        for n in 0..5 * MAX_PEOPLE {
            recent.look_at(&refusal(&format!("user-{n}"), &format!("web-{n}")), Steady(1));
        }
        assert!(recent.people.lock().unwrap().len() <= MAX_PEOPLE + 1);
        assert_eq!(recent.look_at(&refusal("late", "data"), Steady(QUIET_MS + 1)), News::Write, "and a minute later there is room again");
    }
}
