//! What a team did: the audit entries of its namespaces and of its members, for its owners.

use crate::access::TeamOwner;
use crate::audit::PAGE;
use crate::error::Outcome;
use crate::portal::Portal;
use domain::account::Team;
use domain::audit::AuditRow;

impl Portal {
    /// The team, and what was done and refused in its namespaces and to its membership, newest first, [`PAGE`] entries at
    /// most, older than `before`. Where requests came from is for portal admins and left out.
    ///
    /// # Errors
    /// Where there is no such team, or the database cannot be read.
    pub async fn team_activity(&self, owner: &TeamOwner<'_>, before: Option<i64>) -> Outcome<(Team, Vec<AuditRow>)> {
        let team = self.team(owner.team_id()).await?;
        let mut rows = self.store().team_activity(&team.name, &team.namespaces, before, PAGE).await?;
        rows.iter_mut().for_each(|row| row.address.clear());
        Ok((team, rows))
    }
}
