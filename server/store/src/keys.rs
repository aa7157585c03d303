//! Keys of this portal, whether the database can be written, and what a clock that was set ahead has left.

use crate::open::{SqliteStore, broken, damaged};
use domain::UnixMs;
use service::ports::StoreResult;

impl SqliteStore {
    pub(crate) async fn find_or_keep_key(&self, name: &str, fresh: [u8; 32]) -> StoreResult<[u8; 32]> {
        // The first one wins, also where two portals start on the same file.
        sqlx::query("INSERT OR IGNORE INTO portal_key (name, value) VALUES (?, ?)")
            .bind(name)
            .bind(fresh.as_slice())
            .execute(&self.durable)
            .await
            .map_err(broken)?;
        let value: Vec<u8> = sqlx::query_scalar("SELECT value FROM portal_key WHERE name = ?").bind(name).fetch_one(&self.durable).await.map_err(broken)?;
        value.try_into().map_err(|_| damaged("key"))
    }

    /// To begin a transaction takes no space: only what is committed shows a full disk.
    pub(crate) async fn write_everywhere(&self) -> StoreResult<()> {
        for (name, pool) in [("durable", &self.durable), ("telemetry", &self.telemetry)] {
            let mut tx = pool.begin_with("BEGIN IMMEDIATE").await.map_err(broken)?;
            sqlx::query("INSERT INTO write_check (pool, times) VALUES (?, 1) ON CONFLICT (pool) DO UPDATE SET times = times + 1")
                .bind(name)
                .execute(&mut *tx)
                .await
                .map_err(broken)?;
            tx.commit().await.map_err(broken)?;
        }
        let mut tx = self.readers.begin().await.map_err(broken)?;
        sqlx::query("SELECT count(*) FROM write_check").fetch_one(&mut *tx).await.map_err(broken)?;
        tx.rollback().await.map_err(broken)
    }

    pub(crate) async fn bring_back_to(&self, now: UnixMs) -> StoreResult<()> {
        sqlx::query("UPDATE session SET created = min(created, ?1), last_seen = min(last_seen, ?1) WHERE created > ?1 OR last_seen > ?1")
            .bind(now.0)
            .execute(&self.durable)
            .await
            .map_err(broken)?;
        sqlx::query("UPDATE tries SET since = ?1, blocked_until = ?1 + max(0, blocked_until - since) WHERE since > ?1")
            .bind(now.0)
            .execute(&self.telemetry)
            .await
            .map_err(broken)?;
        Ok(())
    }
}
