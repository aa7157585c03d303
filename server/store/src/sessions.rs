//! Sessions. The token itself never comes here, only its hash.

use crate::error::answer;
use crate::open::{SqliteStore, touched};
use crate::users::{COLUMNS, UserRow};
use async_trait::async_trait;
use domain::UnixMs;
use domain::account::SessionInfo;
use service::ports::{NewSession, SessionRow, Sessions, StoreResult};
use sqlx::{AssertSqlSafe, FromRow};

/// Most sessions that are listed; the oldest of more end at the next sign-in.
const MAX_SESSIONS: i64 = 100;

/// A session with its user.
#[derive(FromRow)]
struct FoundRow {
    id: i64,
    created: i64,
    last_seen: i64,
    #[sqlx(flatten)]
    user: UserRow,
}

/// A session in the list of its user.
#[derive(FromRow)]
struct ListedRow {
    id: i64,
    created: i64,
    last_seen: i64,
    address: String,
    agent: String,
}

impl From<ListedRow> for SessionInfo {
    fn from(row: ListedRow) -> Self {
        Self { id: row.id, current: false, created: UnixMs(row.created), last_seen: UnixMs(row.last_seen), address: row.address, agent: row.agent }
    }
}

#[async_trait]
impl Sessions for SqliteStore {
    async fn create_session(&self, session: &NewSession) -> StoreResult<u64> {
        answer(async {
            let mut tx = self.durable.begin_with("BEGIN IMMEDIATE").await?;
            sqlx::query("INSERT INTO session (token_hash, user_id, created, last_seen, address, agent) VALUES (?1, ?2, ?3, ?3, ?4, ?5)")
                .bind(session.token_hash.as_slice())
                .bind(session.user_id)
                .bind(session.created.0)
                .bind(&session.address)
                .bind(&session.agent)
                .execute(&mut *tx)
                .await?;
            sqlx::query("UPDATE user SET last_seen = ? WHERE id = ?").bind(session.created.0).bind(session.user_id).execute(&mut *tx).await?;
            let ended = sqlx::query(
                "DELETE FROM session WHERE user_id = ?1 AND id NOT IN (SELECT id FROM session WHERE user_id = ?1 ORDER BY last_seen DESC, id DESC LIMIT ?2)",
            )
            .bind(session.user_id)
            .bind(MAX_SESSIONS)
            .execute(&mut *tx)
            .await?;
            tx.commit().await?;
            Ok(ended.rows_affected())
        })
        .await
    }

    async fn session(&self, token_hash: &[u8; 32]) -> StoreResult<Option<SessionRow>> {
        answer(async {
            let sql = format!(
                "SELECT session.id, session.created, session.last_seen, {COLUMNS} FROM session JOIN user ON user.id = session.user_id WHERE token_hash = ?"
            );
            let row: Option<FoundRow> = sqlx::query_as(AssertSqlSafe(sql)).bind(token_hash.as_slice()).fetch_optional(&self.readers).await?;
            Ok(row.map(|row| SessionRow { id: row.id, user: row.user.into(), created: UnixMs(row.created), last_seen: UnixMs(row.last_seen) }))
        })
        .await
    }

    async fn touch_session(&self, id: i64, now: UnixMs) -> StoreResult<()> {
        answer(async {
            // Not worth a wait for the disk: a lost minute only ends an idle session a minute early.
            let done = sqlx::query("UPDATE session SET last_seen = ? WHERE id = ?").bind(now.0).bind(id).execute(&self.telemetry).await?;
            touched(&done)
        })
        .await
    }

    async fn end_session(&self, user_id: i64, id: i64) -> StoreResult<()> {
        answer(async {
            let done = sqlx::query("DELETE FROM session WHERE user_id = ? AND id = ?").bind(user_id).bind(id).execute(&self.durable).await?;
            touched(&done)
        })
        .await
    }

    async fn end_sessions(&self, user_id: i64, except: Option<i64>) -> StoreResult<()> {
        answer(async {
            sqlx::query("DELETE FROM session WHERE user_id = ?1 AND (?2 IS NULL OR id <> ?2)").bind(user_id).bind(except).execute(&self.durable).await?;
            Ok(())
        })
        .await
    }

    async fn sessions(&self, user_id: i64) -> StoreResult<Vec<SessionInfo>> {
        answer(async {
            let sql = "SELECT id, created, last_seen, address, agent FROM session WHERE user_id = ? ORDER BY last_seen DESC, id DESC LIMIT ?";
            let rows: Vec<ListedRow> = sqlx::query_as(sql).bind(user_id).bind(MAX_SESSIONS).fetch_all(&self.readers).await?;
            Ok(rows.into_iter().map(SessionInfo::from).collect())
        })
        .await
    }

    async fn prune_sessions(&self, idle_before: UnixMs, created_before: UnixMs) -> StoreResult<u64> {
        answer(async {
            let done =
                sqlx::query("DELETE FROM session WHERE last_seen < ? OR created < ?").bind(idle_before.0).bind(created_before.0).execute(&self.durable).await?;
            Ok(done.rows_affected())
        })
        .await
    }
}
