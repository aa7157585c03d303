//! Teams: namespaces, members and roles.

use super::FakeStore;
use crate::ports::*;
use async_trait::async_trait;
use domain::account::{Member, Role, Team};
use domain::{Namespace, TeamName};
use std::collections::BTreeSet;

/// By name, each once.
fn sorted(namespaces: &[Namespace]) -> Vec<Namespace> {
    namespaces.iter().cloned().collect::<BTreeSet<_>>().into_iter().collect()
}

#[async_trait]
impl Teams for FakeStore {
    async fn teams(&self) -> StoreResult<Vec<Team>> {
        let mut teams = self.teams.lock().unwrap().clone();
        teams.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(teams)
    }

    async fn create_team(&self, name: &TeamName, namespaces: &[Namespace]) -> StoreResult<i64> {
        self.takes_writes()?;
        let mut teams = self.teams.lock().unwrap();
        if teams.iter().any(|team| team.name == *name) {
            return Err(StoreError::Exists);
        }
        let id = teams.iter().map(|team| team.id).max().unwrap_or(0) + 1;
        teams.push(Team { id, name: name.clone(), namespaces: sorted(namespaces), members: Vec::new() });
        Ok(id)
    }

    async fn update_team(&self, id: i64, from: Option<&TeamState>, to: &TeamState) -> StoreResult<()> {
        self.takes_writes()?;
        let mut teams = self.teams.lock().unwrap();
        let at = teams.iter().position(|team| team.id == id).ok_or(StoreError::Missing)?;
        if from.is_some_and(|from| *from != TeamState { name: teams[at].name.clone(), namespaces: teams[at].namespaces.clone() }) {
            return Err(StoreError::Changed);
        }
        if teams.iter().any(|team| team.id != id && team.name == to.name) {
            return Err(StoreError::Exists);
        }
        (teams[at].name, teams[at].namespaces) = (to.name.clone(), sorted(&to.namespaces));
        Ok(())
    }

    async fn delete_team(&self, id: i64) -> StoreResult<()> {
        self.takes_writes()?;
        let mut teams = self.teams.lock().unwrap();
        let at = teams.iter().position(|team| team.id == id).ok_or(StoreError::Missing)?;
        teams.remove(at);
        Ok(())
    }

    async fn set_member(&self, team_id: i64, user_id: i64, role: Option<Role>) -> StoreResult<()> {
        self.takes_writes()?;
        let (people, mut teams) = (self.people.lock().unwrap(), self.teams.lock().unwrap());
        let team = teams.iter_mut().find(|team| team.id == team_id).ok_or(StoreError::Missing)?;
        let before = team.members.len();
        team.members.retain(|member| member.user_id != user_id);
        let Some(role) = role else {
            return if team.members.len() < before { Ok(()) } else { Err(StoreError::Missing) };
        };
        let (user, _) = people.iter().find(|(user, _)| user.id == user_id).ok_or(StoreError::Missing)?;
        team.members.push(Member { user_id, user: user.name.clone(), display: user.display.clone(), role });
        team.members.sort_by(|a, b| a.user.cmp(&b.user));
        Ok(())
    }

    async fn members(&self, team_id: i64) -> StoreResult<Vec<Member>> {
        Ok(self.teams.lock().unwrap().iter().find(|team| team.id == team_id).map(|team| team.members.clone()).unwrap_or_default())
    }

    async fn roles_of(&self, user_id: i64) -> StoreResult<Vec<(TeamName, Namespace, Role)>> {
        let teams = self.teams.lock().unwrap();
        let role = |team: &Team| team.members.iter().find(|member| member.user_id == user_id).map(|member| member.role);
        let of_team = |team: &Team, role| team.namespaces.iter().map(|n| (team.name.clone(), n.clone(), role)).collect::<Vec<_>>();
        let mut roles: Vec<_> = teams.iter().filter_map(|team| Some(of_team(team, role(team)?))).flatten().collect();
        roles.sort_by(|a, b| (&a.1, &a.0).cmp(&(&b.1, &b.0)));
        Ok(roles)
    }
}
