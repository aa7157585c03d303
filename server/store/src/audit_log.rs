//! Who did what.

use crate::error::{DbResult, answer, damaged};
use crate::open::{SqliteStore, column};
use crate::operations::outcome::end_by_entry;
use async_trait::async_trait;
use domain::audit::{AuditOutcome, AuditRow, Deed};
use domain::{Namespace, TeamName, UnixMs};
use service::ports::{AuditLog, NewAudit, StoreResult};
use sqlx::sqlite::{SqliteConnection, SqliteRow};

/// Entries kept; about 150 MB. The oldest go first.
const MAX_ENTRIES: i64 = 500_000;
/// Entries of one person that are kept: whoever makes many pushes out his own.
const MAX_OF_ONE: i64 = 100_000;
/// The bounds are looked at once per so many entries.
const LOOK_EVERY: i64 = 1_000;

#[async_trait]
impl AuditLog for SqliteStore {
    async fn audit(&self, entry: &NewAudit) -> StoreResult<i64> {
        answer(async {
            let mut tx = self.durable.begin_with("BEGIN IMMEDIATE").await?;
            let id = insert(&mut tx, entry).await?;
            if entry.intent.is_some() {
                end_by_entry(&mut tx, entry).await?;
            }
            tx.commit().await?;
            if id % LOOK_EVERY == 0 {
                self.prune_audit(&entry.actor).await?;
            }
            Ok(id)
        })
        .await
    }

    async fn newest_audit(&self) -> StoreResult<i64> {
        answer(async {
            let row = sqlx::query("SELECT coalesce(max(id), 0) AS id FROM audit").fetch_one(&self.readers).await?;
            column(&row, "id")
        })
        .await
    }

    async fn end_intents(&self, last: i64, at: UnixMs, detail: &str) -> StoreResult<u64> {
        answer(async {
            let done = sqlx::query(
                "INSERT INTO audit (at, actor, address, action, target, outcome, detail, intent, args, namespace, request)
             SELECT ?2, actor, address, action, target, ?4, ?3, id, args, namespace, request FROM audit WHERE outcome = 'intent' AND id <= ?1
             AND NOT EXISTS (SELECT 1 FROM audit AS its_end WHERE its_end.intent = audit.id) AND id NOT IN (SELECT id FROM operation)",
            )
            .bind(last)
            .bind(at.0)
            .bind(detail)
            .bind(AuditOutcome::Unknown.slug())
            .execute(&self.durable)
            .await?;
            Ok(done.rows_affected())
        })
        .await
    }

    async fn audit_rows(&self, before: Option<i64>, filter: &str, limit: u32) -> StoreResult<Vec<AuditRow>> {
        answer(async {
            let rows = sqlx::query(
                "SELECT id, at, actor, address, action, target, outcome, detail, args FROM audit
             WHERE id < ?1 AND (?2 = '' OR instr(lower(actor), ?2) OR instr(action, ?2) OR instr(lower(target), ?2) OR outcome = ?2)
             AND NOT EXISTS (SELECT 1 FROM audit AS its_end WHERE its_end.intent = audit.id) ORDER BY id DESC LIMIT ?3",
            )
            .bind(before.unwrap_or(i64::MAX))
            .bind(filter.to_lowercase())
            .bind(i64::from(limit))
            .fetch_all(&self.readers)
            .await?;
            rows.iter().map(entry).collect()
        })
        .await
    }

    async fn team_activity(&self, team: &TeamName, namespaces: &[Namespace], before: Option<i64>, limit: u32) -> StoreResult<Vec<AuditRow>> {
        answer(async {
            // A name of a namespace has no letter that JSON would escape.
            let names = format!("[{}]", namespaces.iter().map(|n| format!("\"{n}\"")).collect::<Vec<_>>().join(","));
            let rows = sqlx::query(
                "SELECT id, at, actor, address, action, target, outcome, detail, args FROM audit WHERE id IN (
                 SELECT id FROM audit WHERE id < ?1 AND namespace IN (SELECT value FROM json_each(?2))
                 UNION ALL
                 SELECT id FROM audit WHERE id < ?1 AND action >= 'team.' AND action < 'team/'
                 AND (target = ?3 OR substr(target, 1, length(?3) + 2) = ?3 || ': ')
             ) AND NOT EXISTS (SELECT 1 FROM audit AS its_end WHERE its_end.intent = audit.id) ORDER BY id DESC LIMIT ?4",
            )
            .bind(before.unwrap_or(i64::MAX))
            .bind(names)
            .bind(team.as_str())
            .bind(i64::from(limit))
            .fetch_all(&self.readers)
            .await?;
            rows.iter().map(entry).collect()
        })
        .await
    }
}

impl SqliteStore {
    /// What belongs to an operation that is kept stays, its end as well: without, the intent would be shown as one that never ended.
    /// Whoever has just written is the one looked at: who writes the most is met the most.
    async fn prune_audit(&self, actor: &str) -> DbResult<()> {
        sqlx::query("DELETE FROM audit WHERE actor = ?1 AND id <= (SELECT id FROM audit WHERE actor = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2) AND coalesce(intent, id) NOT IN (SELECT id FROM operation)")
            .bind(actor)
            .bind(MAX_OF_ONE)
            .execute(&self.durable)
            .await?;
        // Counted and not told from the newest number, which also counts what has gone.
        sqlx::query("DELETE FROM audit WHERE id IN (SELECT id FROM audit ORDER BY id LIMIT max(0, (SELECT count(*) FROM audit) - ?)) AND coalesce(intent, id) NOT IN (SELECT id FROM operation)")
            .bind(MAX_ENTRIES)
            .execute(&self.durable)
            .await?;
        Ok(())
    }
}

/// Adds an entry within a transaction.
pub(crate) async fn insert(tx: &mut SqliteConnection, entry: &NewAudit) -> DbResult<i64> {
    let target = &entry.deed.target;
    let args = serde_json::to_string(&entry.deed).map_err(|_| damaged("audit entry"))?;
    let done = sqlx::query(
        "INSERT INTO audit (at, actor, address, action, target, outcome, detail, intent, args, namespace, request) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(entry.at.0)
    .bind(&entry.actor)
    .bind(&entry.address)
    .bind(entry.deed.act.slug())
    .bind(target.to_string())
    .bind(entry.outcome.slug())
    .bind(&entry.detail)
    .bind(entry.intent)
    .bind(args)
    .bind(target.namespace().map(Namespace::as_str))
    .bind(target.request())
    .execute(tx)
    .await?;
    Ok(done.last_insert_rowid())
}

/// The outcome of an entry. The table takes no other.
pub(crate) fn outcome(row: &SqliteRow) -> DbResult<AuditOutcome> {
    AuditOutcome::from_slug(column(row, "outcome")?).ok_or_else(|| damaged("outcome of an audit entry"))
}

/// What was done and to what; `None` where the entry is older than the codes, or another version wrote it with one that this
/// version does not know. Such an entry is still shown, by the texts of its columns.
pub(crate) fn deed(row: &SqliteRow) -> DbResult<Option<Deed>> {
    let args: Option<&str> = column(row, "args")?;
    Ok(args.and_then(|args| serde_json::from_str(args).ok()))
}

fn entry(row: &SqliteRow) -> DbResult<AuditRow> {
    Ok(AuditRow {
        id: column(row, "id")?,
        at: UnixMs(column(row, "at")?),
        actor: column(row, "actor")?,
        address: column(row, "address")?,
        action: column(row, "action")?,
        target: column(row, "target")?,
        outcome: outcome(row)?,
        detail: column(row, "detail")?,
        deed: deed(row)?,
    })
}
