//! Failed attempts to sign in, by account and by address.

use super::StoreResult;
use async_trait::async_trait;
use domain::UnixMs;

/// State of the limiter for one key (an account or an address).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tries {
    /// Failed tries in the window.
    pub failed: u32,
    /// Start of the window.
    pub since: UnixMs,
    /// No try before this moment.
    pub blocked_until: UnixMs,
}

/// Failed attempts to sign in, by account and by address. Each call is atomic.
#[async_trait]
pub trait Attempts: Send + Sync + 'static {
    /// Tries under a key.
    async fn tries(&self, key: &str) -> StoreResult<Tries>;
    /// Keeps tries under a key; keys untouched for a day are pruned, 50,000 are kept at most (oldest go first).
    async fn set_tries(&self, key: &str, tries: Tries) -> StoreResult<()>;
    /// Forgets the tries under a key.
    async fn clear_tries(&self, key: &str) -> StoreResult<()>;
    /// Forgets failed tries on every key that begins so.
    async fn clear_tries_from(&self, beginning: &str) -> StoreResult<()>;
}
