//! Drafts of forms.

use crate::error::answer;
use crate::open::SqliteStore;
use async_trait::async_trait;
use domain::draft::DraftOf;
use domain::{Namespace, UnixMs};
use service::ports::{Drafts, StoreResult, StoredDraft};
use sqlx::FromRow;

/// Drafts of one person; the oldest of more go.
const MAX_DRAFTS: i64 = 20;

#[derive(FromRow)]
struct DraftRow {
    changed: i64,
    body: String,
}

#[async_trait]
impl Drafts for SqliteStore {
    async fn draft(&self, user_id: i64, form: DraftOf, namespace: &Namespace) -> StoreResult<Option<StoredDraft>> {
        answer(async {
            let row: Option<DraftRow> = sqlx::query_as("SELECT changed, body FROM draft WHERE user_id = ? AND form = ? AND namespace = ?")
                .bind(user_id)
                .bind(form.slug())
                .bind(namespace.as_str())
                .fetch_optional(&self.readers)
                .await?;
            Ok(row.map(|row| StoredDraft { changed: UnixMs(row.changed), body: row.body }))
        })
        .await
    }

    async fn keep_draft(&self, user_id: i64, form: DraftOf, namespace: &Namespace, draft: &StoredDraft) -> StoreResult<Option<UnixMs>> {
        answer(async {
            let mut tx = self.telemetry.begin_with("BEGIN IMMEDIATE").await?;
            let before: Option<i64> = sqlx::query_scalar("SELECT changed FROM draft WHERE user_id = ? AND form = ? AND namespace = ?")
                .bind(user_id)
                .bind(form.slug())
                .bind(namespace.as_str())
                .fetch_optional(&mut *tx)
                .await?;
            sqlx::query("INSERT OR REPLACE INTO draft (user_id, form, namespace, changed, body) VALUES (?, ?, ?, ?, ?)")
                .bind(user_id)
                .bind(form.slug())
                .bind(namespace.as_str())
                .bind(draft.changed.0)
                .bind(&draft.body)
                .execute(&mut *tx)
                .await?;
            sqlx::query(
                "DELETE FROM draft WHERE user_id = ?1 AND (form, namespace) NOT IN
             (SELECT form, namespace FROM draft WHERE user_id = ?1 ORDER BY changed DESC, form, namespace LIMIT ?2)",
            )
            .bind(user_id)
            .bind(MAX_DRAFTS)
            .execute(&mut *tx)
            .await?;
            tx.commit().await?;
            Ok(before.map(UnixMs))
        })
        .await
    }

    async fn discard_draft(&self, user_id: i64, form: DraftOf, namespace: &Namespace) -> StoreResult<()> {
        answer(async {
            sqlx::query("DELETE FROM draft WHERE user_id = ? AND form = ? AND namespace = ?")
                .bind(user_id)
                .bind(form.slug())
                .bind(namespace.as_str())
                .execute(&self.telemetry)
                .await?;
            Ok(())
        })
        .await
    }

    async fn prune_drafts(&self, before: UnixMs) -> StoreResult<u64> {
        answer(async {
            let done = sqlx::query("DELETE FROM draft WHERE changed < ?").bind(before.0).execute(&self.telemetry).await?;
            Ok(done.rows_affected())
        })
        .await
    }
}
