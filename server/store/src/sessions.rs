//! Sessions. The token itself never comes here, only its hash.

use crate::accounts;
use crate::open::{SqliteStore, broken, column, touched};
use domain::UnixMs;
use domain::account::SessionInfo;
use service::ports::{NewSession, SessionRow, StoreResult};

/// Most sessions that are listed; the oldest of more end at the next sign-in.
const MAX_SESSIONS: i64 = 100;

impl SqliteStore {
    pub(crate) async fn insert_session(&self, session: &NewSession) -> StoreResult<u64> {
        let mut tx = self.durable.begin_with("BEGIN IMMEDIATE").await.map_err(broken)?;
        sqlx::query("INSERT INTO session (token_hash, user_id, created, last_seen, address, agent) VALUES (?1, ?2, ?3, ?3, ?4, ?5)")
            .bind(session.token_hash.as_slice())
            .bind(session.user_id)
            .bind(session.created.0)
            .bind(&session.address)
            .bind(&session.agent)
            .execute(&mut *tx)
            .await
            .map_err(broken)?;
        sqlx::query("UPDATE user SET last_seen = ? WHERE id = ?").bind(session.created.0).bind(session.user_id).execute(&mut *tx).await.map_err(broken)?;
        let ended = sqlx::query(
            "DELETE FROM session WHERE user_id = ?1 AND id NOT IN (SELECT id FROM session WHERE user_id = ?1 ORDER BY last_seen DESC, id DESC LIMIT ?2)",
        )
        .bind(session.user_id)
        .bind(MAX_SESSIONS)
        .execute(&mut *tx)
        .await
        .map_err(broken)?;
        tx.commit().await.map_err(broken)?;
        Ok(ended.rows_affected())
    }

    pub(crate) async fn find_session(&self, token_hash: &[u8; 32]) -> StoreResult<Option<SessionRow>> {
        let sql = format!(
            "SELECT session.id, session.created, session.last_seen, {} FROM session JOIN user ON user.id = session.user_id WHERE token_hash = ?",
            accounts::COLUMNS
        );
        let row = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(token_hash.as_slice()).fetch_optional(&self.readers).await.map_err(broken)?;
        row.map(|row| {
            Ok(SessionRow {
                id: column(&row, "id")?,
                user: accounts::user(&row)?,
                created: UnixMs(column(&row, "created")?),
                last_seen: UnixMs(column(&row, "last_seen")?),
            })
        })
        .transpose()
    }

    pub(crate) async fn note_use(&self, id: i64, now: UnixMs) -> StoreResult<()> {
        // Not worth a wait for the disk: a lost minute only ends an idle session a minute early.
        let done = sqlx::query("UPDATE session SET last_seen = ? WHERE id = ?").bind(now.0).bind(id).execute(&self.telemetry).await.map_err(broken)?;
        touched(&done)
    }

    pub(crate) async fn remove_session(&self, user_id: i64, id: i64) -> StoreResult<()> {
        let done = sqlx::query("DELETE FROM session WHERE user_id = ? AND id = ?").bind(user_id).bind(id).execute(&self.durable).await.map_err(broken)?;
        touched(&done)
    }

    pub(crate) async fn remove_sessions(&self, user_id: i64, except: Option<i64>) -> StoreResult<()> {
        sqlx::query("DELETE FROM session WHERE user_id = ?1 AND (?2 IS NULL OR id <> ?2)")
            .bind(user_id)
            .bind(except)
            .execute(&self.durable)
            .await
            .map_err(broken)?;
        Ok(())
    }

    pub(crate) async fn list_sessions(&self, user_id: i64) -> StoreResult<Vec<SessionInfo>> {
        let rows = sqlx::query("SELECT id, created, last_seen, address, agent FROM session WHERE user_id = ? ORDER BY last_seen DESC, id DESC LIMIT ?")
            .bind(user_id)
            .bind(MAX_SESSIONS)
            .fetch_all(&self.readers)
            .await
            .map_err(broken)?;
        rows.iter()
            .map(|row| {
                Ok(SessionInfo {
                    id: column(row, "id")?,
                    current: false,
                    created: UnixMs(column(row, "created")?),
                    last_seen: UnixMs(column(row, "last_seen")?),
                    address: column(row, "address")?,
                    agent: column(row, "agent")?,
                })
            })
            .collect()
    }

    pub(crate) async fn remove_old_sessions(&self, idle_before: UnixMs, created_before: UnixMs) -> StoreResult<u64> {
        let done = sqlx::query("DELETE FROM session WHERE last_seen < ? OR created < ?")
            .bind(idle_before.0)
            .bind(created_before.0)
            .execute(&self.durable)
            .await
            .map_err(broken)?;
        Ok(done.rows_affected())
    }
}
