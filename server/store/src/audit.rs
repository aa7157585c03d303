//! Who did what.

use crate::open::{SqliteStore, broken};
use domain::UnixMs;
use domain::account::AuditRow;
use service::ports::{NewAudit, StoreResult};
use sqlx::Row;

/// Entries kept; about 100 MB. The oldest go first.
const MAX_ENTRIES: i64 = 500_000;
/// The bound is looked at once per so many entries.
const LOOK_EVERY: i64 = 1_000;

impl SqliteStore {
    pub(crate) async fn insert_audit(&self, entry: &NewAudit) -> StoreResult<i64> {
        let done = sqlx::query("INSERT INTO audit (at, actor, address, action, target, outcome, detail) VALUES (?, ?, ?, ?, ?, ?, ?)")
            .bind(entry.at.0)
            .bind(&entry.actor)
            .bind(&entry.address)
            .bind(&entry.action)
            .bind(&entry.target)
            .bind(&entry.outcome)
            .bind(&entry.detail)
            .execute(&self.durable)
            .await
            .map_err(broken)?;
        let id = done.last_insert_rowid();
        if id % LOOK_EVERY == 0 {
            sqlx::query("DELETE FROM audit WHERE id <= ?").bind(id - MAX_ENTRIES).execute(&self.durable).await.map_err(broken)?;
        }
        Ok(id)
    }

    pub(crate) async fn find_audit(&self, before: Option<i64>, filter: &str, limit: u32) -> StoreResult<Vec<AuditRow>> {
        let rows = sqlx::query(
            "SELECT id, at, actor, address, action, target, outcome, detail FROM audit
             WHERE id < ?1 AND (?2 = '' OR instr(lower(actor), ?2) OR instr(action, ?2) OR instr(lower(target), ?2) OR outcome = ?2) ORDER BY id DESC LIMIT ?3",
        )
        .bind(before.unwrap_or(i64::MAX))
        .bind(filter.to_lowercase())
        .bind(i64::from(limit))
        .fetch_all(&self.readers)
        .await
        .map_err(broken)?;
        rows.iter()
            .map(|row| {
                Ok(AuditRow {
                    id: row.try_get("id").map_err(broken)?,
                    at: UnixMs(row.try_get("at").map_err(broken)?),
                    actor: row.try_get("actor").map_err(broken)?,
                    address: row.try_get("address").map_err(broken)?,
                    action: row.try_get("action").map_err(broken)?,
                    target: row.try_get("target").map_err(broken)?,
                    outcome: row.try_get("outcome").map_err(broken)?,
                    detail: row.try_get("detail").map_err(broken)?,
                })
            })
            .collect()
    }
}
