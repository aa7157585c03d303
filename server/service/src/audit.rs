//! Who did what: one entry before a change, one after it, one per refusal.

use crate::access::{Actor, PortalAdmin};
use crate::error::Outcome;
use crate::portal::Portal;
use crate::ports::NewAudit;
use crate::sessions::Origin;
use domain::UnixMs;
use domain::account::AuditRow;
use std::collections::HashMap;
use std::future::Future;
use std::sync::Mutex;

/// Entries on one page.
const PAGE: u32 = 100;
/// Longest text kept of target and detail, in characters.
const MAX_TEXT: usize = 500;
/// The same refusal of the same person is written once in this time.
const QUIET_MS: i64 = 60_000;
/// Refusals remembered for that.
const MAX_REMEMBERED: usize = 4096;

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
        NewAudit { at, actor: self.actor, address: self.address, action: self.action, target: self.target, outcome: self.outcome.to_owned(), detail: self.detail }
    }
}

/// Remembers which refusals were just written, so that a loop of refused requests does not fill the table.
#[derive(Default)]
pub(crate) struct RecentRefusals(Mutex<HashMap<(String, String, String), UnixMs>>);

impl RecentRefusals {
    fn is_news(&self, entry: &Entry, now: UnixMs) -> bool {
        let mut seen = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if seen.len() >= MAX_REMEMBERED {
            seen.retain(|_, at| now.since(*at) < QUIET_MS);
        }
        if seen.len() >= MAX_REMEMBERED {
            return false;
        }
        let who = if entry.actor.is_empty() { &entry.address } else { &entry.actor };
        let key = (who.clone(), entry.action.clone(), entry.target.clone());
        match seen.insert(key, now) {
            Some(before) => now.since(before) >= QUIET_MS,
            None => true,
        }
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
            Err(error) => entry("failed", &error.to_string()),
        };
        if let Err(error) = self.store().audit(&end).await {
            tracing::error!(%error, action, target, "the end of a change could not be recorded");
        }
        result
    }

    /// Records that something was refused, at most once a minute for the same person, action and target.
    pub async fn refused(&self, actor: &str, origin: &Origin, action: &str, target: &str, detail: &str) {
        self.write_refusal(Entry::refused(actor, origin, action, target, detail)).await;
    }

    pub(crate) fn audit_soon(&self, entry: Entry) {
        let portal = self.clone();
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move { portal.write_refusal(entry).await });
        }
    }

    pub(crate) async fn record(&self, entry: Entry) -> Outcome<()> {
        self.store().audit(&entry.at(self.now())).await?;
        Ok(())
    }

    async fn write_refusal(&self, entry: Entry) {
        let now = self.now();
        if !self.recent_refusals().is_news(&entry, now) {
            return;
        }
        if let Err(error) = self.store().audit(&entry.at(now)).await {
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
