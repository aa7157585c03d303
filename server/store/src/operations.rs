//! Changes of several calls that are under way, and what is told of those that were interrupted.

use crate::audit_log;
use crate::open::{SqliteStore, broken, column, damaged, touched};
use async_trait::async_trait;
use domain::UnixMs;
use domain::english::audit::deed_before_codes;
use domain::operation::{Interruption, Work};
use serde::Serialize;
use serde::de::DeserializeOwned;
use service::ports::{NewAudit, Operation, Operations, StoreResult};
use sqlx::sqlite::SqliteRow;

/// Most operations that are read at once.
const MOST: i64 = 1000;
/// Most operations of a person that are kept once their end is known; the oldest go first.
const MOST_TOLD: i64 = 20;

#[async_trait]
impl Operations for SqliteStore {
    async fn begin_operation(&self, intent: &NewAudit, user_id: i64, work: &Work) -> StoreResult<i64> {
        let mut tx = self.durable.begin_with("BEGIN IMMEDIATE").await.map_err(broken)?;
        let id = audit_log::insert(&mut tx, intent).await?;
        sqlx::query("INSERT INTO operation (id, user_id, begun, work) VALUES (?, ?, ?, ?)")
            .bind(id)
            .bind(user_id)
            .bind(intent.at.0)
            .bind(written(work)?)
            .execute(&mut *tx)
            .await
            .map_err(broken)?;
        tx.commit().await.map_err(broken)?;
        Ok(id)
    }

    // Those without an end come first. One that cannot be read, as another version wrote it, keeps no other from its end.
    async fn operations(&self) -> StoreResult<Vec<Operation>> {
        let rows = sqlx::query(
            "SELECT operation.id, user_id, work, undo, told, at, actor, address, outcome, detail, intent, args
             FROM operation JOIN audit ON audit.id = operation.id ORDER BY told IS NOT NULL, operation.id LIMIT ?",
        )
        .bind(MOST)
        .fetch_all(&self.readers)
        .await
        .map_err(broken)?;
        let mut all = Vec::with_capacity(rows.len());
        for row in &rows {
            match operation(row) {
                Ok(operation) => all.push(operation),
                Err(error) => {
                    let id: i64 = column(row, "id")?;
                    tracing::error!(id, %error, "an interrupted change can't be read and is left as it is");
                }
            }
        }
        Ok(all)
    }

    async fn undo_operation(&self, id: i64) -> StoreResult<()> {
        let done = sqlx::query("UPDATE operation SET undo = 1 WHERE id = ?").bind(id).execute(&self.durable).await.map_err(broken)?;
        touched(&done)
    }

    async fn settle_operation(&self, end: &NewAudit, told: &Interruption) -> StoreResult<()> {
        let mut tx = self.durable.begin_with("BEGIN IMMEDIATE").await.map_err(broken)?;
        audit_log::insert(&mut tx, end).await?;
        let done = sqlx::query("UPDATE operation SET told = ? WHERE id = ?").bind(written(told)?).bind(end.intent).execute(&mut *tx).await.map_err(broken)?;
        touched(&done)?;
        sqlx::query(
            "DELETE FROM operation WHERE id IN (
                 SELECT old.id FROM operation AS ended JOIN operation AS old ON old.user_id = ended.user_id AND old.told IS NOT NULL
                 WHERE ended.id = ? ORDER BY old.id DESC LIMIT -1 OFFSET ?)",
        )
        .bind(end.intent)
        .bind(MOST_TOLD)
        .execute(&mut *tx)
        .await
        .map_err(broken)?;
        tx.commit().await.map_err(broken)
    }

    async fn dismiss_operation(&self, user_id: i64, id: i64) -> StoreResult<()> {
        let done = sqlx::query("DELETE FROM operation WHERE id = ? AND user_id = ? AND told IS NOT NULL")
            .bind(id)
            .bind(user_id)
            .execute(&self.durable)
            .await
            .map_err(broken)?;
        touched(&done)
    }

    async fn prune_operations(&self, before: UnixMs) -> StoreResult<u64> {
        let done = sqlx::query("DELETE FROM operation WHERE begun < ? AND told IS NOT NULL").bind(before.0).execute(&self.durable).await.map_err(broken)?;
        Ok(done.rows_affected())
    }
}

fn written(value: &impl Serialize) -> StoreResult<String> {
    serde_json::to_string(value).map_err(|_| damaged("operation"))
}

fn read<T: DeserializeOwned>(text: &str) -> StoreResult<T> {
    serde_json::from_str(text).map_err(|_| damaged("operation"))
}

fn operation(row: &SqliteRow) -> StoreResult<Operation> {
    let told: Option<String> = column(row, "told")?;
    let work: Work = read(column(row, "work")?)?;
    let detail: &str = column(row, "detail")?;
    let (deed, detail) = match audit_log::deed(row)? {
        Some(deed) => (deed, detail),
        None => (deed_before_codes(&work, detail), ""),
    };
    Ok(Operation {
        id: column(row, "id")?,
        user_id: column(row, "user_id")?,
        work,
        undo: column(row, "undo")?,
        told: told.as_deref().map(read).transpose()?,
        intent: NewAudit {
            at: UnixMs(column(row, "at")?),
            actor: column(row, "actor")?,
            address: column(row, "address")?,
            deed,
            outcome: audit_log::outcome(row)?,
            detail: detail.to_owned(),
            intent: column(row, "intent")?,
        },
    })
}
