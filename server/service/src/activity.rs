//! What a team did: the audit entries of its namespaces and of its members, for its owners.

use crate::access::TeamOwner;
use crate::audit::PAGE;
use crate::error::Outcome;
use crate::ports::AuditLog;
use crate::teams::Teams;
use domain::account::Team;
use domain::audit::AuditRow;
use std::sync::Arc;

/// What teams did.
pub struct Activity {
    log: Arc<dyn AuditLog>,
    teams: Arc<Teams>,
}

impl Activity {
    pub(crate) fn new(log: Arc<dyn AuditLog>, teams: Arc<Teams>) -> Self {
        Self { log, teams }
    }

    /// The team, and what was done and refused in its namespaces and to its membership, newest first, [`PAGE`] entries at
    /// most, older than `before`. Where requests came from is for portal admins and left out.
    ///
    /// # Errors
    /// Where there is no such team, or the database cannot be read.
    pub async fn of_team(&self, owner: &TeamOwner<'_>, before: Option<i64>) -> Outcome<(Team, Vec<AuditRow>)> {
        let team = self.teams.team(owner.team_id()).await?;
        let mut rows = self.log.team_activity(&team.name, &team.namespaces, before, PAGE).await?;
        rows.iter_mut().for_each(|row| row.address.clear());
        Ok((team, rows))
    }
}
