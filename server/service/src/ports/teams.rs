//! Teams: namespaces, members and roles.

use super::StoreResult;
use async_trait::async_trait;
use domain::account::{Member, Role, Team};
use domain::{Namespace, TeamName};

/// What an admin may change of a team.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TeamState {
    /// The name by which people know it.
    pub name: TeamName,
    /// Its namespaces, by name, each once.
    pub namespaces: Vec<Namespace>,
}

/// Teams: namespaces, members and roles. Each call is atomic.
#[async_trait]
pub trait Teams: Send + Sync + 'static {
    /// All teams with namespaces and members.
    async fn teams(&self) -> StoreResult<Vec<Team>>;
    /// Makes a team.
    async fn create_team(&self, name: &TeamName, namespaces: &[Namespace]) -> StoreResult<i64>;
    /// Renames a team and sets its namespaces. `Missing` if there is no such team; `Changed` if it is not as in `from`;
    /// `Exists` if the name is taken.
    async fn update_team(&self, id: i64, from: Option<&TeamState>, to: &TeamState) -> StoreResult<()>;
    /// Removes a team; its people stay.
    async fn delete_team(&self, id: i64) -> StoreResult<()>;
    /// Sets a member's role, or takes the member out.
    async fn set_member(&self, team_id: i64, user_id: i64, role: Option<Role>) -> StoreResult<()>;
    /// Members of a team.
    async fn members(&self, team_id: i64) -> StoreResult<Vec<Member>>;
    /// The roles of a user: team, namespace, role.
    async fn roles_of(&self, user_id: i64) -> StoreResult<Vec<(TeamName, Namespace, Role)>>;
}
