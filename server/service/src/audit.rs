//! Who did what: one entry before a change, one after it, one per refusal.

use crate::access::{Actor, PortalAdmin};
use crate::error::{Failure, Outcome};
use crate::portal::Portal;
use crate::ports::{ClusterError, NewAudit};
use crate::sessions::Origin;
use domain::UnixMs;
use domain::account::AuditRow;
use std::collections::HashMap;
use std::future::Future;
use std::hash::{BuildHasher, RandomState};
use std::sync::Mutex;

/// Entries on one page.
const PAGE: u32 = 100;
/// Longest text kept of target and detail, in characters.
const MAX_TEXT: usize = 500;
/// The same refusal of the same person is written once in this time.
const QUIET_MS: i64 = 60_000;
/// Different refusals of one person (or, where nobody is signed in, one address) that are written in this time.
const MAX_PER_PERSON: usize = 60;
/// People remembered for that; more of them share one place.
const MAX_PEOPLE: usize = 1024;

/// An entry before it has its time.
pub(crate) struct Entry {
    actor: String,
    address: String,
    action: String,
    target: String,
    outcome: &'static str,
    detail: String,
}

fn short(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(MAX_TEXT).collect()
}

impl Entry {
    pub(crate) fn new(actor: &str, origin: &Origin, action: &str, target: &str, outcome: &'static str, detail: &str) -> Self {
        Self { actor: short(actor), address: short(&origin.address), action: action.to_owned(), target: short(target), outcome, detail: short(detail) }
    }

    pub(crate) fn refused(actor: &str, origin: &Origin, action: &str, target: &str, detail: &str) -> Self {
        Self::new(actor, origin, action, target, "refused", detail)
    }

    fn at(self, at: UnixMs) -> NewAudit {
        NewAudit {
            at,
            actor: self.actor,
            address: self.address,
            action: self.action,
            target: self.target,
            outcome: self.outcome.to_owned(),
            detail: self.detail,
        }
    }
}

/// Remembers which refusals were just written, so that a loop of refused requests does not fill the table, and so
/// that a flood of different ones by one person hides nobody else's.
#[derive(Default)]
pub(crate) struct RecentRefusals {
    people: Mutex<HashMap<String, HashMap<u64, UnixMs>>>,
    hasher: RandomState,
}

/// What becomes of a refusal.
#[derive(Debug, PartialEq, Eq)]
enum News {
    Write,
    /// The first one too many: that there are more is written instead.
    AndMore,
    Quiet,
}

impl RecentRefusals {
    fn look_at(&self, entry: &Entry, now: UnixMs) -> News {
        let mut people = self.people.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let is_recent = |at: &UnixMs| now.since(*at) < QUIET_MS;
        let mut who = if entry.actor.is_empty() { entry.address.as_str() } else { entry.actor.as_str() };
        if !people.contains_key(who) && people.len() >= MAX_PEOPLE {
            people.retain(|_, seen| seen.values().any(is_recent));
            if people.len() >= MAX_PEOPLE {
                who = "";
            }
        }
        let seen = people.entry(who.to_owned()).or_default();
        let key = self.hasher.hash_one((&entry.action, &entry.target));
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

/// What the table may say of a failure: what the person was told, and nothing of the portal's insides.
fn told(failure: &Failure) -> &str {
    match failure {
        Failure::Told(problem) => &problem.detail,
        Failure::Store(_) => "The database did not do it; the log says why.",
        Failure::Cluster(ClusterError::Away(_)) => "The cluster did not answer.",
        Failure::Cluster(ClusterError::Missing(text) | ClusterError::Conflict(text) | ClusterError::Refused(text, _) | ClusterError::NotAllowed(text)) => text,
    }
}

impl Portal {
    /// Writes an intent, does the change, and writes how it ended. A change that cannot be recorded is not made.
    ///
    /// # Errors
    /// Those of the change, or of the store.
    pub(crate) async fn audited<T>(&self, actor: &Actor, action: &str, target: &str, detail: &str, change: impl Future<Output = Outcome<T>>) -> Outcome<T> {
        let entry = |outcome, detail: &str| Entry::new(actor.user.name.as_str(), &actor.origin, action, target, outcome, detail).at(self.now());
        self.store().audit(&entry("intent", detail)).await?;
        let result = change.await;
        let end = match &result {
            Ok(_) => entry("done", detail),
            Err(error) => entry("failed", told(error)),
        };
        if let Err(error) = self.store().audit(&end).await {
            tracing::error!(%error, action, target, "the end of a change could not be recorded");
        }
        result
    }

    /// Records that something was refused, at most once a minute for the same person, action and target.
    pub async fn refused(&self, actor: &str, origin: &Origin, action: &str, target: &str, detail: &str) {
        if let Some(entry) = self.news_of(Entry::refused(actor, origin, action, target, detail)) {
            self.write_refusal(entry).await;
        }
    }

    pub(crate) fn audit_soon(&self, entry: Entry) {
        let Some(entry) = self.news_of(entry) else { return };
        let portal = self.clone();
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move { portal.write_refusal(entry).await });
        }
    }

    pub(crate) async fn record(&self, entry: Entry) -> Outcome<()> {
        self.store().audit(&entry.at(self.now())).await?;
        Ok(())
    }

    fn news_of(&self, entry: Entry) -> Option<Entry> {
        match self.recent_refusals().look_at(&entry, self.now()) {
            News::Write => Some(entry),
            News::AndMore => Some(Entry { target: "more".to_owned(), detail: "more was refused in this minute than is listed".to_owned(), ..entry }),
            News::Quiet => None,
        }
    }

    async fn write_refusal(&self, entry: Entry) {
        if let Err(error) = self.store().audit(&entry.at(self.now())).await {
            tracing::error!(%error, "a refusal could not be recorded");
        }
    }

    /// The newest entries, or those before `before`.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn audit_rows(&self, _admin: &PortalAdmin<'_>, before: Option<i64>, filter: &str) -> Outcome<Vec<AuditRow>> {
        Ok(self.store().audit_rows(before, filter.trim(), PAGE).await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(actor: &str, target: &str) -> Entry {
        Entry::refused(actor, &Origin::default(), "namespace.role", target, "")
    }

    #[test]
    fn more_people_than_remembered_share_one_place() {
        let recent = RecentRefusals::default();
        for n in 0..5 * MAX_PEOPLE {
            recent.look_at(&refusal(&format!("user-{n}"), &format!("web-{n}")), UnixMs(1));
        }
        assert!(recent.people.lock().unwrap().len() <= MAX_PEOPLE + 1);
        assert_eq!(recent.look_at(&refusal("late", "data"), UnixMs(QUIET_MS + 1)), News::Write, "and a minute later there is room again");
    }

    #[test]
    fn what_the_table_says_of_a_failure_has_no_insides() {
        let broken = Failure::Store(crate::ports::StoreError::Broken("disk I/O error at page 7".into()));
        let away = Failure::Cluster(ClusterError::Away("connect to 10.1.2.3:6443".into()));
        assert!(!told(&broken).contains("page 7") && !told(&away).contains("10.1.2.3"));
    }
}
