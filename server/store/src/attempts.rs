//! Failed tries per key, bounded in number and age.
//!
//! Written without a wait for the disk: they survive a kill and a restart, and a power cut loses the last seconds. With
//! a wait, a flood of guesses would keep the disk from those who change something.

use crate::error::answer;
use crate::open::SqliteStore;
use async_trait::async_trait;
use domain::UnixMs;
use service::ports::{Attempts, StoreResult, Tries};
use sqlx::FromRow;

const MAX_KEYS: i64 = 50_000;
const DAY_MS: i64 = 86_400_000;

#[derive(FromRow)]
struct TriesRow {
    failed: u32,
    since: i64,
    blocked_until: i64,
}

impl From<TriesRow> for Tries {
    fn from(row: TriesRow) -> Self {
        Self { failed: row.failed, since: UnixMs(row.since), blocked_until: UnixMs(row.blocked_until) }
    }
}

#[async_trait]
impl Attempts for SqliteStore {
    async fn tries(&self, key: &str) -> StoreResult<Tries> {
        answer(async {
            let row: Option<TriesRow> =
                sqlx::query_as("SELECT failed, since, blocked_until FROM tries WHERE key = ?").bind(key).fetch_optional(&self.readers).await?;
            Ok(row.map_or_else(Tries::default, Tries::from))
        })
        .await
    }

    async fn set_tries(&self, key: &str, tries: Tries) -> StoreResult<()> {
        answer(async {
        let mut tx = self.telemetry.begin_with("BEGIN IMMEDIATE").await?;
        sqlx::query("INSERT INTO tries (key, failed, since, blocked_until) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (key) DO UPDATE SET failed = ?2, since = ?3, blocked_until = ?4")
            .bind(key)
            .bind(i64::from(tries.failed))
            .bind(tries.since.0)
            .bind(tries.blocked_until.0)
            .execute(&mut *tx)
            .await?;
        sqlx::query("DELETE FROM tries WHERE max(since, blocked_until) < ?").bind(tries.since.0 - DAY_MS).execute(&mut *tx).await?;
        let count: i64 = sqlx::query_scalar("SELECT count(*) FROM tries").fetch_one(&mut *tx).await?;
        if count > MAX_KEYS {
            sqlx::query("DELETE FROM tries WHERE key IN (SELECT key FROM tries ORDER BY max(since, blocked_until) LIMIT ?)")
                .bind(count - MAX_KEYS)
                .execute(&mut *tx)
                .await?;
        }
        Ok(tx.commit().await?)
}).await
    }

    async fn clear_tries(&self, key: &str) -> StoreResult<()> {
        answer(async {
            sqlx::query("DELETE FROM tries WHERE key = ?").bind(key).execute(&self.telemetry).await?;
            Ok(())
        })
        .await
    }

    async fn clear_tries_from(&self, beginning: &str) -> StoreResult<()> {
        answer(async {
            let delete = sqlx::query("DELETE FROM tries WHERE substr(key, 1, length(?1)) = ?1").bind(beginning);
            delete.execute(&self.telemetry).await?;
            Ok(())
        })
        .await
    }
}
