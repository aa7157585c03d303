//! Users, and the passwords' PHC strings.

use super::StoreResult;
use async_trait::async_trait;
use domain::account::User;
use domain::{UnixMs, Username};

/// What an admin may change of a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserState {
    /// The name that people read.
    pub display: String,
    /// Manages the portal.
    pub admin: bool,
    /// May not sign in.
    pub disabled: bool,
}

/// Users, and the passwords' PHC strings. Each call is atomic.
#[async_trait]
pub trait Users: Send + Sync + 'static {
    /// Number of users.
    async fn count_users(&self) -> StoreResult<u64>;
    /// Makes the first user, an admin, only if there is none at all; `Exists` otherwise. Two racing calls make one.
    async fn create_first_admin(&self, name: &Username, display: &str, phc: &str, now: UnixMs) -> StoreResult<User>;
    /// Makes a user.
    async fn create_user(&self, name: &Username, display: &str, phc: &str, admin: bool, now: UnixMs) -> StoreResult<User>;
    /// All users by name, 10,000 at most.
    async fn users(&self) -> StoreResult<Vec<User>>;
    /// A user and the password's PHC string.
    async fn user_by_name(&self, name: &Username) -> StoreResult<Option<(User, String)>>;
    /// A user and the password's PHC string.
    async fn user_by_id(&self, id: i64) -> StoreResult<Option<(User, String)>>;
    /// Stores a new hash.
    async fn set_password(&self, id: i64, phc: &str) -> StoreResult<()>;
    /// Changes display name, admin and disabled. `Missing` if there is no such user; `Changed` if it is not as in `from`;
    /// `Exists` if it would leave no enabled admin.
    async fn update_user(&self, id: i64, from: Option<&UserState>, to: &UserState) -> StoreResult<()>;
}
