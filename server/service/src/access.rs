//! What a person may do where. Capabilities are made here and nowhere else.

pub(crate) mod capability;

pub use capability::{Actor, Operator, PortalAdmin, TeamOwner, Viewer};

use crate::audit::Audit;
use crate::error::{Failure, Outcome};
use crate::namespaces::Namespaces;
use crate::ports::Teams;
use domain::Namespace;
use domain::account::Role;
use domain::audit::{Act, RoleLack, Target};
use domain::problem::AccessProblem;
use std::sync::Arc;

/// Checks what people may do.
pub struct Authorizer {
    namespaces: Arc<Namespaces>,
    teams: Arc<dyn Teams>,
    audit: Arc<Audit>,
}

impl Authorizer {
    pub(crate) fn new(namespaces: Arc<Namespaces>, teams: Arc<dyn Teams>, audit: Arc<Audit>) -> Self {
        Self { namespaces, teams, audit }
    }

    /// May this person see the namespace?
    ///
    /// # Errors
    /// Forbidden, in the same words whether the namespace exists or not; an admin hears that there is none.
    pub fn viewer<'a>(&self, actor: &'a Actor, namespace: &Namespace) -> Outcome<Viewer<'a>> {
        let role = self.role(actor, namespace, Role::Viewer)?;
        Ok(Viewer::new(actor, namespace.clone(), role))
    }

    /// May this person change apps and secrets there?
    ///
    /// # Errors
    /// Forbidden, with the role that is missing and who can give it.
    pub fn operator<'a>(&self, actor: &'a Actor, namespace: &Namespace) -> Outcome<Operator<'a>> {
        let role = self.role(actor, namespace, Role::Operator)?;
        Ok(Operator::new(actor, namespace.clone(), role))
    }

    /// May this person manage users and teams?
    ///
    /// # Errors
    /// Forbidden.
    pub fn admin<'a>(&self, actor: &'a Actor) -> Outcome<PortalAdmin<'a>> {
        if actor.user.admin {
            return Ok(PortalAdmin::new(actor));
        }
        self.refuse(actor, Act::NeedsPortalAdmin, Target::Portal);
        Err(Failure::told(AccessProblem::PortalAdminsOnly))
    }

    /// May this person manage the members of this team?
    ///
    /// # Errors
    /// Forbidden, in the same words whether the team exists or not.
    pub async fn team_owner<'a>(&self, actor: &'a Actor, team_id: i64) -> Outcome<TeamOwner<'a>> {
        let owns = actor.user.admin || self.teams.members(team_id).await?.iter().any(|m| m.user_id == actor.user.id && m.role == Role::Owner);
        if owns {
            return Ok(TeamOwner::new(actor, team_id));
        }
        self.refuse(actor, Act::NeedsTeamOwner, Target::TeamNumber(team_id));
        Err(Failure::told(AccessProblem::TeamOwnersOnly))
    }

    fn role(&self, actor: &Actor, namespace: &Namespace, least: Role) -> Outcome<Role> {
        match self.role_now(actor, namespace) {
            Some(role) if role >= least => Ok(role),
            Some(role) => {
                self.refuse(actor, Act::NeedsNamespace(RoleLack::Role { has: role, needs: least }), tried(actor, namespace));
                Err(Failure::told(AccessProblem::RoleTooWeak { namespace: namespace.clone(), has: role, needs: least }))
            }
            // Who sees every namespace there is has no role to ask for.
            None if actor.user.admin && self.namespaces.is_served(namespace) => {
                Err(Failure::told(AccessProblem::NamespaceNotFound { namespace: namespace.clone() }))
            }
            // Which namespaces are served is told to those who may change it, or know who may.
            None if actor.user.admin => {
                self.refuse(actor, Act::NeedsNamespace(RoleLack::NotServed), tried(actor, namespace));
                Err(Failure::told(AccessProblem::NamespaceNotServed { namespace: namespace.clone() }))
            }
            None => {
                self.refuse(actor, Act::NeedsNamespace(RoleLack::NoAccess), tried(actor, namespace));
                Err(Failure::told(AccessProblem::NoRole { namespace: namespace.clone() }))
            }
        }
    }

    /// An admin's role comes with being one: a portal that has just started and has read nothing yet knows of no
    /// namespace, and must not tell its admins that they have no role there.
    pub(crate) fn role_now(&self, actor: &Actor, namespace: &Namespace) -> Option<Role> {
        let everywhere = actor.user.admin && self.namespaces.is_served(namespace) && self.namespaces.may_be_there(namespace);
        if everywhere { Some(Role::Owner) } else { actor.role_in(namespace) }
    }

    fn refuse(&self, actor: &Actor, act: Act, target: Target) {
        self.audit.refused(actor.user.name.as_str(), &actor.origin, act, target);
    }
}

// Where, and what was asked for there; a refusal that only says where tells an admin little.
fn tried(actor: &Actor, namespace: &Namespace) -> Target {
    let asked = &actor.origin.asked;
    Target::Namespace { namespace: namespace.clone(), request: (!asked.is_empty()).then(|| asked.clone()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::portal::fake::*;
    use crate::settings::Settings;
    use domain::Code;

    #[tokio::test]
    async fn an_admin_owns_every_namespace_that_is_watched_and_any_while_the_cluster_is_not_read_yet() {
        let fake = Fake::new().await;
        let admin = admin();
        let role = |name| fake.portal.access.viewer(&admin, &namespace(name)).map(|v| v.role()).ok();
        assert_eq!(role("web"), Some(Role::Owner));
        fake.cluster.show([std::sync::Arc::new(app("shop", vec![]))]);
        assert_eq!((role("web"), role("not-watched")), (Some(Role::Owner), None));
        let none = fake.portal.access.viewer(&admin, &namespace("not-watched")).unwrap_err().problem();
        assert_eq!((none.code, none.detail.as_str()), (Code::NotFound, "Namespace not-watched doesn't exist, or the portal can't see it."));
    }

    #[tokio::test]
    async fn a_namespace_that_the_portal_was_not_told_to_serve_is_nobodys() {
        let fake = Fake::with(Settings { namespaces: Some([namespace("data")].into()), ..Settings::default() }).await;
        assert!(fake.portal.access.viewer(&actor(Role::Owner), &namespace("web")).is_ok(), "roles are made for served namespaces only");
        let ann = admin();
        for name in ["web", "kube-system"] {
            let refusal = fake.portal.access.operator(&ann, &namespace(name)).unwrap_err().problem();
            assert!(refusal.detail.contains("doesn't serve") && refusal.detail.contains("QUAYSIDE_NAMESPACES"), "{}", refusal.detail);
        }
        assert!(fake.portal.access.operator(&ann, &namespace("data")).is_ok());
    }

    #[tokio::test]
    async fn whoever_is_no_admin_has_no_other_role_before_the_cluster_is_read() {
        let fake = Fake::new().await;
        let ann = actor(Role::Viewer);
        assert!(fake.portal.access.viewer(&ann, &namespace("web")).is_ok());
        assert!(fake.portal.access.viewer(&ann, &namespace("data")).is_err());
        assert!(fake.portal.access.operator(&ann, &namespace("web")).is_err());
    }
}
