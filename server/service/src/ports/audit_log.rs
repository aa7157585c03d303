//! Who did what.

use super::StoreResult;
use async_trait::async_trait;
use domain::audit::{AuditOutcome, AuditRow, Deed};
use domain::{Namespace, TeamName, UnixMs};

/// A new audit entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAudit {
    /// The portal's time of the entry.
    pub at: UnixMs,
    /// Who; empty where nobody was signed in.
    pub actor: String,
    /// From which address.
    pub address: String,
    /// What, and on what.
    pub deed: Deed,
    /// How it ended, or that it begins.
    pub outcome: AuditOutcome,
    /// What the deed does not say, such as why it failed: one sentence, or nothing.
    pub detail: String,
    /// The entry with the intent that this one ends.
    pub intent: Option<i64>,
}

/// Who did what. Each call is atomic.
#[async_trait]
pub trait AuditLog: Send + Sync + 'static {
    /// Adds an audit entry; durable when it returns. An entry that ends an intent ends its operation as well.
    async fn audit(&self, entry: &NewAudit) -> StoreResult<i64>;
    /// The number of the newest audit entry; 0 where there is none.
    async fn newest_audit(&self) -> StoreResult<i64>;
    /// Ends as `unknown` all intents up to `last` that have no end and no operation, and says how many there were.
    async fn end_intents(&self, last: i64, at: UnixMs, detail: &str) -> StoreResult<u64>;
    /// Audit entries older than `before` (all with `None`), newest first; `filter` is matched as text in actor, action,
    /// target and outcome.
    async fn audit_rows(&self, before: Option<i64>, filter: &str, limit: u32) -> StoreResult<Vec<AuditRow>>;
    /// What was done and refused in these namespaces and to this team, older than `before` (all with `None`), newest first.
    async fn team_activity(&self, team: &TeamName, namespaces: &[Namespace], before: Option<i64>, limit: u32) -> StoreResult<Vec<AuditRow>>;
}
