//! Teams: which namespaces they work in and who is in them with which role.

use crate::access::{Actor, PortalAdmin, TeamOwner};
use crate::access_changes::{AccessSignal, Concerned};
use crate::audit::Audit;
use crate::error::{Failure, Outcome};
use crate::namespaces::Namespaces;
use crate::ports::{self, StoreError, TeamState, Users};
use domain::account::{Role, Team};
use domain::audit::{Act, Names, Target};
use domain::form::{Field, Finding, TeamWrong, Wrong};
use domain::names::{NameError, NameRule, What};
use domain::{Namespace, TeamName, Username};
use std::sync::Arc;
use tokio::sync::watch;

/// Most served namespaces that a sentence names.
const NAMED: usize = 5;
/// Most namespaces of one team.
const MAX_NAMESPACES: usize = 200;

fn parse_name(text: &str) -> Result<TeamName, Finding> {
    TeamName::parse(text.trim()).map_err(|e| Finding::new(Field::Name, e))
}

/// Reads names separated by spaces, commas or lines.
fn parse_namespaces(text: &str) -> Result<Vec<Namespace>, Finding> {
    let mut names = Vec::new();
    for word in text.split(|c: char| c.is_whitespace() || c == ',').filter(|w| !w.is_empty()) {
        let wrong = |error| Finding::new(Field::Namespaces, TeamWrong::Namespace { typed: word.to_owned(), error });
        names.push(Namespace::parse(word).map_err(wrong)?);
    }
    names.sort();
    names.dedup();
    if names.len() > MAX_NAMESPACES {
        return Err(Finding::new(Field::Namespaces, TeamWrong::TooManyNamespaces { most: MAX_NAMESPACES, now: names.len() }));
    }
    Ok(names)
}

fn parse(typed: TypedTeam<'_>) -> Outcome<TeamState> {
    match (parse_name(typed.name), parse_namespaces(typed.namespaces)) {
        (Ok(name), Ok(namespaces)) => Ok(TeamState { name, namespaces }),
        (name, namespaces) => Err(Failure::fields([name.err(), namespaces.err()].into_iter().flatten())),
    }
}

/// A team as a form has it.
#[derive(Clone, Copy, Debug)]
pub struct TypedTeam<'a> {
    /// The name as it was typed.
    pub name: &'a str,
    /// Names of its namespaces, with spaces, commas or lines between.
    pub namespaces: &'a str,
}

fn taken(error: StoreError) -> Failure {
    match error {
        StoreError::Exists => Finding::new(Field::Name, TeamWrong::NameTaken).into(),
        other @ (StoreError::Missing | StoreError::Changed | StoreError::Unwritable(..) | StoreError::Broken(_)) => other.into(),
    }
}

/// Teams as admins and owners manage them.
pub struct Teams {
    rows: Arc<dyn ports::Teams>,
    users: Arc<dyn Users>,
    namespaces: Arc<Namespaces>,
    audit: Arc<Audit>,
    access_changes: Arc<AccessSignal>,
    /// Rises whenever a team or its namespaces have changed.
    changes: watch::Sender<u64>,
}

impl Teams {
    pub(crate) fn new(
        rows: Arc<dyn ports::Teams>,
        users: Arc<dyn Users>,
        namespaces: Arc<Namespaces>,
        audit: Arc<Audit>,
        access_changes: Arc<AccessSignal>,
    ) -> Self {
        Self { rows, users, namespaces, audit, access_changes, changes: watch::Sender::new(0) }
    }

    /// A signal whenever a team or its namespaces have changed.
    pub(crate) fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    /// All teams for portal admins, one's own for others.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn list(&self, actor: &Actor) -> Outcome<Vec<Team>> {
        let mut teams = self.rows.teams().await?;
        if !actor.user.admin {
            teams.retain(|team| team.members.iter().any(|m| m.user_id == actor.user.id));
        }
        Ok(teams)
    }

    /// Namespaces of these teams that the portal does not see; none where it knows of no namespace at all, because then it
    /// may not look.
    #[must_use]
    pub fn unseen_namespaces(&self, teams: &[Team]) -> Vec<Namespace> {
        let known = self.namespaces.known();
        if known.is_empty() {
            return Vec::new();
        }
        let mut unseen: Vec<_> = teams.iter().flat_map(|t| &t.namespaces).filter(|n| known.binary_search(n).is_err()).cloned().collect();
        unseen.sort();
        unseen.dedup();
        unseen
    }

    /// The first of these that the portal sees, to begin with; the first of all where it sees none.
    #[must_use]
    pub fn first_seen<'a>(&self, all: &'a [Namespace]) -> Option<&'a Namespace> {
        let known = self.namespaces.known();
        all.iter().find(|n| known.binary_search(n).is_ok()).or_else(|| all.first())
    }

    /// A team may keep what is not served any more, but not get more of it.
    fn all_served(&self, namespaces: &[Namespace], had: &[Namespace]) -> Outcome<()> {
        let Some(other) = namespaces.iter().find(|n| !self.namespaces.is_served(n) && !had.contains(n)) else { return Ok(()) };
        let served = self.namespaces.named().take(NAMED).cloned().collect();
        Err(Finding::new(Field::Namespaces, TeamWrong::NotServed { namespace: other.clone(), served }).into())
    }

    /// Makes a team.
    ///
    /// # Errors
    /// A field breaks a rule, or the name is taken.
    pub async fn create(self: &Arc<Self>, admin: &PortalAdmin<'_>, typed: TypedTeam<'_>) -> Outcome<i64> {
        let TeamState { name, namespaces } = parse(typed)?;
        self.all_served(&namespaces, &[])?;
        let act = Act::CreateTeam { namespaces: Names::of(&namespaces) };
        let (teams, target) = (Arc::clone(self), Target::Team(name.clone()));
        let change = async move {
            let id = teams.rows.create_team(&name, &namespaces).await.map_err(taken)?;
            teams.changed();
            Ok(id)
        };
        self.audit.audited(admin.actor(), act, target, change).await
    }

    /// Renames a team and sets its namespaces. `from` is what the form was loaded with.
    ///
    /// # Errors
    /// A field breaks a rule, the name is taken, another admin was quicker, or there is no such team.
    pub async fn update(self: &Arc<Self>, admin: &PortalAdmin<'_>, id: i64, from: Option<TypedTeam<'_>>, to: TypedTeam<'_>) -> Outcome<()> {
        let (from, to) = (from.map(parse).transpose()?, parse(to)?);
        let now = self.team(id).await?;
        let now = TeamState { name: now.name, namespaces: now.namespaces };
        self.all_served(&to.namespaces, &now.namespaces)?;
        let act = difference(from.as_ref().unwrap_or(&now), &to);
        let teams = Arc::clone(self);
        let change = async move {
            let people = teams.people_of(id).await?;
            teams.rows.update_team(id, from.as_ref(), &to).await.map_err(taken)?;
            teams.changed();
            teams.access_changes.tell(people);
            Ok(())
        };
        self.audit.audited(admin.actor(), act, Target::Team(now.name), change).await
    }

    /// Removes a team. Its people and its namespaces stay; only the roles go.
    ///
    /// # Errors
    /// There is no such team.
    pub async fn delete(self: &Arc<Self>, admin: &PortalAdmin<'_>, id: i64) -> Outcome<()> {
        let team = self.team(id).await?;
        let act = Act::DeleteTeam { namespaces: Names::of(&team.namespaces) };
        let teams = Arc::clone(self);
        let change = async move {
            let people = teams.people_of(id).await?;
            teams.rows.delete_team(id).await?;
            teams.changed();
            teams.access_changes.tell(people);
            Ok(())
        };
        self.audit.audited(admin.actor(), act, Target::Team(team.name), change).await
    }

    /// Gives somebody a role in the team, or takes it away.
    ///
    /// # Errors
    /// There is no such user.
    pub async fn set_member(&self, owner: &TeamOwner<'_>, user: &str, role: Option<Role>) -> Outcome<()> {
        let user = user.trim();
        if user.is_empty() {
            return Err(Finding::new(Field::User, Wrong::Name(NameError { what: What::User, rule: NameRule::Empty })).into());
        }
        let unknown = || Failure::from(Finding::new(Field::User, TeamWrong::UnknownUser(user.to_owned())));
        let name = Username::parse(user).map_err(|_| unknown())?;
        let (found, _) = self.users.user_by_name(&name).await?.ok_or_else(unknown)?;
        let team = owner.team_id();
        let target = Target::Member { team: self.team(team).await?.name, user: name };
        let (rows, access_changes) = (self.rows.clone(), self.access_changes.clone());
        let change = async move {
            rows.set_member(team, found.id, role).await?;
            access_changes.tell(Concerned::user(found.id));
            Ok(())
        };
        self.audit.audited(owner.actor(), Act::SetMember { role }, target, change).await
    }

    pub(crate) fn changed(&self) {
        self.changes.send_modify(|n| *n += 1);
    }

    async fn people_of(&self, id: i64) -> Outcome<Concerned> {
        Ok(Concerned::Users(self.rows.members(id).await?.iter().map(|m| m.user_id).collect()))
    }

    // A number says nothing to those who read the audit table, least of all once the team is gone.
    pub(crate) async fn team(&self, id: i64) -> Outcome<Team> {
        Ok(self.rows.teams().await?.into_iter().find(|team| team.id == id).ok_or(StoreError::Missing)?)
    }
}

/// What a change of a team does, for the audit table.
fn difference(from: &TeamState, to: &TeamState) -> Act {
    let without = |all: &[Namespace], others: &[Namespace]| Names::of(all.iter().filter(|n| !others.contains(n)));
    Act::UpdateTeam {
        renamed_to: (from.name != to.name).then(|| to.name.clone()),
        added: without(&to.namespaces, &from.namespaces),
        removed: without(&from.namespaces, &to.namespaces),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::audit::{AuditOutcome, Deed};

    #[test]
    fn the_audit_table_tells_what_changed_of_a_team() {
        let team = |name, namespaces| parse(TypedTeam { name, namespaces }).unwrap();
        let before = team("Web", "web old");
        let told = |to: &TeamState| {
            let deed = Deed::new(difference(&before, to), Target::Team(before.name.clone()));
            domain::english::audit::detail(&deed, AuditOutcome::Done, "")
        };
        assert_eq!(told(&team("Shop", "web data mqtt")), "renamed to Shop; added data, mqtt; removed old");
        assert_eq!(told(&team("Web", "web")), "removed old");
        assert_eq!(told(&before), "");
    }

    #[test]
    fn namespaces_may_be_separated_as_people_do() {
        let names = parse_namespaces("web, data\nmqtt web").unwrap();
        assert_eq!(names.iter().map(Namespace::as_str).collect::<Vec<_>>(), ["data", "mqtt", "web"]);
    }

    #[test]
    fn a_wrong_namespace_is_named() {
        let error = NameError { what: What::Namespace, rule: NameRule::Has('D') };
        assert_eq!(parse_namespaces("web Data").unwrap_err(), Finding::new(Field::Namespaces, TeamWrong::Namespace { typed: "Data".into(), error }));
    }
}
