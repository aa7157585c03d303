//! The database as a whole: whether it can be written, the key of this portal, and what a clock that was set ahead has left.

use crate::error::{answer, damaged};
use crate::open::SqliteStore;
use async_trait::async_trait;
use domain::UnixMs;
use service::ports::{Database, StoreResult};

#[async_trait]
impl Database for SqliteStore {
    // To begin a transaction takes no space: only what is committed shows a full disk.
    async fn check_writable(&self) -> StoreResult<()> {
        answer(async {
            for (name, pool) in [("durable", &self.durable), ("telemetry", &self.telemetry)] {
                let mut tx = pool.begin_with("BEGIN IMMEDIATE").await?;
                sqlx::query("INSERT INTO write_check (pool, times) VALUES (?, 1) ON CONFLICT (pool) DO UPDATE SET times = times + 1")
                    .bind(name)
                    .execute(&mut *tx)
                    .await?;
                tx.commit().await?;
            }
            let mut tx = self.readers.begin().await?;
            sqlx::query("SELECT count(*) FROM write_check").fetch_one(&mut *tx).await?;
            Ok(tx.rollback().await?)
        })
        .await
    }

    async fn key(&self, name: &str, fresh: [u8; 32]) -> StoreResult<[u8; 32]> {
        answer(async {
            // The first one wins, also where two portals start on the same file.
            sqlx::query("INSERT OR IGNORE INTO portal_key (name, value) VALUES (?, ?)").bind(name).bind(fresh.as_slice()).execute(&self.durable).await?;
            let value: Vec<u8> = sqlx::query_scalar("SELECT value FROM portal_key WHERE name = ?").bind(name).fetch_one(&self.durable).await?;
            value.try_into().map_err(|_| damaged("key"))
        })
        .await
    }

    async fn date_back(&self, now: UnixMs) -> StoreResult<()> {
        answer(async {
            sqlx::query("UPDATE session SET created = min(created, ?1), last_seen = min(last_seen, ?1) WHERE created > ?1 OR last_seen > ?1")
                .bind(now.0)
                .execute(&self.durable)
                .await?;
            sqlx::query("UPDATE tries SET since = ?1, blocked_until = ?1 + max(0, blocked_until - since) WHERE since > ?1")
                .bind(now.0)
                .execute(&self.telemetry)
                .await?;
            Ok(())
        })
        .await
    }
}
