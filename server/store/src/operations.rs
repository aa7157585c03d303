//! Changes of apps: those that are under way, those that have ended lately, and of which a person has to be told.

pub(crate) mod outcome;
mod row;

use crate::audit_log;
use crate::error::{DbResult, answer};
use crate::open::{SqliteStore, column, touched};
use async_trait::async_trait;
use domain::UnixMs;
use domain::operation::{MAX_NOTICES, Operation, OperationId, Progress, State};
use row::written;
use service::ports::{Advance, Ended, NewAudit, NewOperation, OperationQuery, Operations, StoreError, StoreResult, Unsettled};
use sqlx::sqlite::{SqliteConnection, SqliteRow};

/// Most operations that a start reads at once.
const MOST_UNSETTLED: i64 = 1_000;
/// Most operations that are kept once they have ended; the oldest go first.
const MOST_ENDED: i64 = 10_000;

#[async_trait]
impl Operations for SqliteStore {
    async fn begin_operation(&self, intent: &NewAudit, new: &NewOperation) -> StoreResult<OperationId> {
        answer(async {
        let mut tx = self.durable.begin_with("BEGIN IMMEDIATE").await?;
        let id = audit_log::insert(&mut tx, intent).await?;
        sqlx::query(
            "INSERT INTO operation (id, state, action, namespace, kind, name, user_id, why, begun, moved, work) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9, ?10)",
        )
        .bind(id)
        .bind(State::Accepted.slug())
        .bind(new.work.action().slug())
        .bind(new.app.namespace.as_str())
        .bind(new.app.kind.slug())
        .bind(new.app.name.as_str())
        .bind(new.user_id)
        .bind(new.why.as_ref().map(|why| why.as_str()))
        .bind(intent.at.0)
        .bind(written(&new.work)?)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(OperationId(id))
}).await
    }

    async fn operation(&self, id: OperationId) -> StoreResult<Option<Operation>> {
        answer(async {
            let row = sqlx::query(WITH_ACTOR).bind(id.0).fetch_optional(&self.readers).await?;
            row.as_ref().map(row::operation).transpose()
        })
        .await
    }

    async fn operations(&self, query: &OperationQuery) -> StoreResult<Vec<Operation>> {
        answer(async {
            let app = query.app.as_ref();
            let rows = sqlx::query(
                "SELECT operation.*, actor FROM operation JOIN audit ON audit.id = operation.id
             WHERE operation.id < ?1 AND operation.namespace IN (SELECT value FROM json_each(?2))
             AND (?3 IS NULL OR (operation.namespace = ?3 AND kind = ?4 AND name = ?5))
             AND (NOT ?6 OR is_open)
             ORDER BY operation.id DESC LIMIT ?7",
            )
            .bind(query.before.map_or(i64::MAX, |before| before.0))
            .bind(written(&query.namespaces)?)
            .bind(app.map(|app| app.namespace.as_str()))
            .bind(app.map(|app| app.kind.slug()))
            .bind(app.map(|app| app.name.as_str()))
            .bind(query.open)
            .bind(i64::from(query.limit))
            .fetch_all(&self.readers)
            .await?;
            readable(&rows, row::operation)
        })
        .await
    }

    async fn unsettled_operations(&self) -> StoreResult<Vec<Unsettled>> {
        answer(async {
            let rows = sqlx::query(
                "SELECT operation.*, at, actor, address, outcome, detail, intent, args FROM operation JOIN audit ON audit.id = operation.id
             WHERE notice OR is_open
             ORDER BY NOT is_open, iif(is_open, -operation.id, operation.id) LIMIT ?",
            )
            .bind(MOST_UNSETTLED)
            .fetch_all(&self.readers)
            .await?;
            readable(&rows, row::unsettled)
        })
        .await
    }

    async fn advance_operation(&self, id: OperationId, step: &Advance) -> StoreResult<()> {
        answer(async {
            let mut tx = self.durable.begin_with("BEGIN IMMEDIATE").await?;
            let mut operation = next(&mut tx, id, step.to).await?;
            operation.note(step.progress.clone());
            sqlx::query("UPDATE operation SET state = ?, moved = ?, progress = ?, applied = coalesce(?, applied) WHERE id = ?")
                .bind(step.to.slug())
                .bind(step.progress.at.0)
                .bind(written(&operation.progress)?)
                .bind(step.applied.as_ref().map(written).transpose()?)
                .bind(id.0)
                .execute(&mut *tx)
                .await?;
            if let Some(end) = &step.end {
                audit_log::insert(&mut tx, end).await?;
            }
            Ok(tx.commit().await?)
        })
        .await
    }

    // Not worth a wait for the disk: what counts is written with the next state.
    async fn note_progress(&self, id: OperationId, progress: &Progress) -> StoreResult<()> {
        answer(async {
            let mut tx = self.telemetry.begin_with("BEGIN IMMEDIATE").await?;
            let mut operation = find(&mut tx, id).await?;
            if !operation.is_open() {
                return Err(StoreError::Missing.into());
            }
            operation.note(progress.clone());
            sqlx::query("UPDATE operation SET progress = ? WHERE id = ?").bind(written(&operation.progress)?).bind(id.0).execute(&mut *tx).await?;
            Ok(tx.commit().await?)
        })
        .await
    }

    async fn undo_operation(&self, id: OperationId) -> StoreResult<()> {
        answer(async {
            let done = sqlx::query("UPDATE operation SET undo = 1 WHERE id = ? AND is_open").bind(id.0).execute(&self.durable).await?;
            touched(&done)
        })
        .await
    }

    async fn end_operation(&self, id: OperationId, ended: &Ended) -> StoreResult<()> {
        answer(async {
            let mut tx = self.durable.begin_with("BEGIN IMMEDIATE").await?;
            let state = ended.verdict.code.state();
            let operation = next(&mut tx, id, state).await?;
            sqlx::query("UPDATE operation SET state = ?, moved = ?, verdict = ?, notice = ? WHERE id = ?")
                .bind(state.slug())
                .bind(ended.at.0)
                .bind(written(&ended.verdict)?)
                .bind(ended.notice)
                .bind(id.0)
                .execute(&mut *tx)
                .await?;
            sqlx::query(
                "UPDATE operation SET notice = 0
             WHERE id IN (SELECT id FROM operation WHERE user_id = ? AND notice ORDER BY id DESC LIMIT -1 OFFSET ?)",
            )
            .bind(operation.user_id)
            .bind(i64::try_from(MAX_NOTICES).unwrap_or(i64::MAX))
            .execute(&mut *tx)
            .await?;
            if let Some(end) = &ended.end {
                audit_log::insert(&mut tx, end).await?;
            }
            Ok(tx.commit().await?)
        })
        .await
    }

    async fn dismiss_operation(&self, user_id: i64, id: OperationId) -> StoreResult<()> {
        answer(async {
            let done =
                sqlx::query("UPDATE operation SET notice = 0 WHERE id = ? AND user_id = ? AND notice").bind(id.0).bind(user_id).execute(&self.durable).await?;
            touched(&done)
        })
        .await
    }

    async fn prune_operations(&self, before: UnixMs) -> StoreResult<u64> {
        answer(async {
            let done = sqlx::query(
                "DELETE FROM operation WHERE NOT is_open AND (moved < ?1 OR id <= (
                 SELECT id FROM operation WHERE NOT is_open ORDER BY id DESC LIMIT 1 OFFSET ?2))",
            )
            .bind(before.0)
            .bind(MOST_ENDED)
            .execute(&self.durable)
            .await?;
            Ok(done.rows_affected())
        })
        .await
    }
}

/// An operation with the name of its person.
const WITH_ACTOR: &str = "SELECT operation.*, actor FROM operation JOIN audit ON audit.id = operation.id WHERE operation.id = ?";

async fn find(tx: &mut SqliteConnection, id: OperationId) -> DbResult<Operation> {
    let row = sqlx::query(WITH_ACTOR).bind(id.0).fetch_optional(tx).await?;
    row::operation(&row.ok_or(StoreError::Missing)?)
}

/// The operation that is to come to this state, where it may.
async fn next(tx: &mut SqliteConnection, id: OperationId, state: State) -> DbResult<Operation> {
    let operation = find(tx, id).await?;
    if operation.state.may_become(state) { Ok(operation) } else { Err(StoreError::Changed.into()) }
}

/// The rows that this version can read.
fn readable<T>(rows: &[SqliteRow], read: impl Fn(&SqliteRow) -> DbResult<T>) -> DbResult<Vec<T>> {
    let mut all = Vec::with_capacity(rows.len());
    for row in rows {
        match read(row) {
            Ok(one) => all.push(one),
            Err(error) => {
                let (id, error): (i64, StoreError) = (column(row, "id")?, error.into());
                tracing::error!(id, %error, "an operation can't be read and is left as it is");
            }
        }
    }
    Ok(all)
}
