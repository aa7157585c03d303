//! Sessions by their tokens' hashes.

use super::StoreResult;
use async_trait::async_trait;
use domain::UnixMs;
use domain::account::{SessionInfo, User};

/// A session as it is found by its token's hash.
#[derive(Clone, Debug)]
pub struct SessionRow {
    /// The session's row number.
    pub id: i64,
    /// Its user.
    pub user: User,
    /// When the person signed in.
    pub created: UnixMs,
    /// Last request (kept to the minute, to save writes).
    pub last_seen: UnixMs,
}

/// A new session.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// SHA-256 of the token; the token itself is never stored.
    pub token_hash: [u8; 32],
    /// Its user.
    pub user_id: i64,
    /// When the person signed in.
    pub created: UnixMs,
    /// Address it came from.
    pub address: String,
    /// Browser, 200 characters at most.
    pub agent: String,
}

/// Sessions by their tokens' hashes. Each call is atomic.
#[async_trait]
pub trait Sessions: Send + Sync + 'static {
    /// Keeps a session, and tells how many of the user's oldest ones it has ended because there were too many.
    async fn create_session(&self, session: &NewSession) -> StoreResult<u64>;
    /// Finds a session by its token's hash; its user may be disabled.
    async fn session(&self, token_hash: &[u8; 32]) -> StoreResult<Option<SessionRow>>;
    /// Notes that a session was used.
    async fn touch_session(&self, id: i64, now: UnixMs) -> StoreResult<()>;
    /// Ends a session of this user.
    async fn end_session(&self, user_id: i64, id: i64) -> StoreResult<()>;
    /// Ends all sessions of a user but one.
    async fn end_sessions(&self, user_id: i64, except: Option<i64>) -> StoreResult<()>;
    /// Sessions of a user, newest first.
    async fn sessions(&self, user_id: i64) -> StoreResult<Vec<SessionInfo>>;
    /// Removes sessions that are past their limits.
    async fn prune_sessions(&self, idle_before: UnixMs, created_before: UnixMs) -> StoreResult<u64>;
}
