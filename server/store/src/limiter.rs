//! Failed tries per key, bounded in number and age.
//!
//! Written without a wait for the disk: they survive a kill and a restart, and a power cut loses the last seconds. With
//! a wait, a flood of guesses would keep the disk from those who change something.

use crate::open::{SqliteStore, broken, column};
use domain::UnixMs;
use service::ports::{StoreResult, Tries};

const MAX_KEYS: i64 = 50_000;
const DAY_MS: i64 = 86_400_000;

impl SqliteStore {
    pub(crate) async fn find_tries(&self, key: &str) -> StoreResult<Tries> {
        let row = sqlx::query("SELECT failed, since, blocked_until FROM tries WHERE key = ?").bind(key).fetch_optional(&self.readers).await.map_err(broken)?;
        row.map_or(Ok(Tries::default()), |row| {
            Ok(Tries { failed: column(&row, "failed")?, since: UnixMs(column(&row, "since")?), blocked_until: UnixMs(column(&row, "blocked_until")?) })
        })
    }

    pub(crate) async fn put_tries(&self, key: &str, tries: Tries) -> StoreResult<()> {
        let mut tx = self.telemetry.begin_with("BEGIN IMMEDIATE").await.map_err(broken)?;
        sqlx::query("INSERT INTO tries (key, failed, since, blocked_until) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (key) DO UPDATE SET failed = ?2, since = ?3, blocked_until = ?4")
            .bind(key)
            .bind(i64::from(tries.failed))
            .bind(tries.since.0)
            .bind(tries.blocked_until.0)
            .execute(&mut *tx)
            .await
            .map_err(broken)?;
        sqlx::query("DELETE FROM tries WHERE max(since, blocked_until) < ?").bind(tries.since.0 - DAY_MS).execute(&mut *tx).await.map_err(broken)?;
        let count: i64 = sqlx::query_scalar("SELECT count(*) FROM tries").fetch_one(&mut *tx).await.map_err(broken)?;
        if count > MAX_KEYS {
            sqlx::query("DELETE FROM tries WHERE key IN (SELECT key FROM tries ORDER BY max(since, blocked_until) LIMIT ?)")
                .bind(count - MAX_KEYS)
                .execute(&mut *tx)
                .await
                .map_err(broken)?;
        }
        tx.commit().await.map_err(broken)
    }

    pub(crate) async fn forget_tries(&self, key: &str) -> StoreResult<()> {
        sqlx::query("DELETE FROM tries WHERE key = ?").bind(key).execute(&self.telemetry).await.map_err(broken)?;
        Ok(())
    }

    pub(crate) async fn forget_tries_from(&self, beginning: &str) -> StoreResult<()> {
        let delete = sqlx::query("DELETE FROM tries WHERE substr(key, 1, length(?1)) = ?1").bind(beginning);
        delete.execute(&self.telemetry).await.map_err(broken)?;
        Ok(())
    }
}
