//! What call sites still ask of the portal that a use case of its own has to tell.

use crate::access::{Actor, Operator, PortalAdmin, TeamOwner, Viewer};
use crate::error::Outcome;
use crate::portal::Portal;
use domain::Namespace;

impl Portal {
    /// [`Authorizer::viewer`](crate::access::Authorizer::viewer).
    ///
    /// # Errors
    /// Its own.
    pub fn viewer<'a>(&self, actor: &'a Actor, namespace: &Namespace) -> Outcome<Viewer<'a>> {
        self.access.viewer(actor, namespace)
    }

    /// [`Authorizer::operator`](crate::access::Authorizer::operator).
    ///
    /// # Errors
    /// Its own.
    pub fn operator<'a>(&self, actor: &'a Actor, namespace: &Namespace) -> Outcome<Operator<'a>> {
        self.access.operator(actor, namespace)
    }

    /// [`Authorizer::admin`](crate::access::Authorizer::admin).
    ///
    /// # Errors
    /// Its own.
    pub fn admin<'a>(&self, actor: &'a Actor) -> Outcome<PortalAdmin<'a>> {
        self.access.admin(actor)
    }

    /// [`Authorizer::team_owner`](crate::access::Authorizer::team_owner).
    ///
    /// # Errors
    /// Its own.
    pub async fn team_owner<'a>(&self, actor: &'a Actor, team_id: i64) -> Outcome<TeamOwner<'a>> {
        self.access.team_owner(actor, team_id).await
    }
}
