//! Keys of this portal, and whether the database can be written.

use crate::open::{SqliteStore, broken, damaged};
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

    pub(crate) async fn try_write(&self) -> StoreResult<()> {
        let tx = self.durable.begin_with("BEGIN IMMEDIATE").await.map_err(broken)?;
        tx.rollback().await.map_err(broken)
    }
}
