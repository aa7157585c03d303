//! The database as a whole.

use super::StoreResult;
use async_trait::async_trait;
use domain::UnixMs;

/// The database as a whole: whether it can be written, its key, its times.
#[async_trait]
pub trait Database: Send + Sync + 'static {
    /// Writes on every connection that writes and reads on one that reads (for `/healthy`).
    async fn check_writable(&self) -> StoreResult<()>;
    /// The key that is kept under `name`: `fresh` where there was none, also for two portals that start at once.
    async fn key(&self, name: &str, fresh: [u8; 32]) -> StoreResult<[u8; 32]>;
    /// Sessions and tries from after `now`, which a clock that was set ahead has left, begin now: their time is as long as
    /// it was, and ends.
    async fn date_back(&self, now: UnixMs) -> StoreResult<()>;
}
