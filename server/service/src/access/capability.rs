//! What a person may do where, as values that only the check ([`super`]) makes.

use crate::origin::Origin;
use domain::account::{Me, NamespaceAccess, Role, User};
use domain::{Namespace, TeamName};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A person who is signed in, as of the moment of the check.
#[derive(Clone, Debug)]
pub struct Actor {
    pub(crate) user: User,
    pub(crate) session_id: i64,
    pub(crate) token_hash: [u8; 32],
    pub(crate) origin: Origin,
    /// Made once, because every request and every frame of a socket asks it.
    me: Arc<Me>,
}

/// The strongest role per namespace, with the team that gives it.
pub(crate) type Roles = BTreeMap<Namespace, (Option<TeamName>, Role)>;

impl Actor {
    pub(crate) fn new(user: User, session_id: i64, token_hash: [u8; 32], origin: Origin, roles: Roles) -> Self {
        let namespaces = roles.into_iter().map(|(namespace, (team, role))| NamespaceAccess { namespace, team, role });
        let me = Me { user_id: user.id, name: user.name.clone(), display: user.display.clone(), admin: user.admin, namespaces: namespaces.collect() };
        Self { user, session_id, token_hash, origin, me: Arc::new(me) }
    }

    /// The user.
    #[must_use]
    pub fn user(&self) -> &User {
        &self.user
    }

    /// Number of the session.
    #[must_use]
    pub fn session_id(&self) -> i64 {
        self.session_id
    }

    /// Where the request came from.
    #[must_use]
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// The role in a namespace, if any.
    #[must_use]
    pub fn role_in(&self, namespace: &Namespace) -> Option<Role> {
        self.access_in(namespace).map(|access| access.role)
    }

    fn access_in(&self, namespace: &Namespace) -> Option<&NamespaceAccess> {
        // They are sorted by name.
        let place = self.me.namespaces.binary_search_by(|access| access.namespace.cmp(namespace)).ok()?;
        self.me.namespaces.get(place)
    }

    /// The team that gives this person the role in a namespace, where rows name another one. An admin, who sees all teams,
    /// reads the `first` of the namespace as rows do.
    pub(crate) fn own_team(&self, namespace: &Namespace, first: Option<&TeamName>) -> Option<&TeamName> {
        let own = self.access_in(namespace).and_then(|access| access.team.as_ref());
        own.filter(|own| !self.me.admin && Some(*own) != first)
    }

    /// What pages show of the person.
    #[must_use]
    pub fn me(&self) -> &Arc<Me> {
        &self.me
    }
}

macro_rules! capability {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub struct $name<'a> {
            actor: &'a Actor,
            namespace: Namespace,
            role: Role,
        }

        impl<'a> $name<'a> {
            pub(super) fn new(actor: &'a Actor, namespace: Namespace, role: Role) -> Self {
                Self { actor, namespace, role }
            }

            /// The person.
            #[must_use]
            pub fn actor(&self) -> &'a Actor {
                self.actor
            }

            /// Where it holds.
            #[must_use]
            pub fn namespace(&self) -> &Namespace {
                &self.namespace
            }

            /// The role in full, which may be stronger than the capability.
            #[must_use]
            pub fn role(&self) -> Role {
                self.role
            }
        }
    };
}

capability!(
    /// May see apps, logs, metrics and names of secrets in a namespace.
    Viewer
);
capability!(
    /// May change apps and secrets in a namespace.
    Operator
);
impl<'a> Operator<'a> {
    /// Who may change may also see.
    #[must_use]
    pub fn viewer(&self) -> Viewer<'a> {
        Viewer { actor: self.actor, namespace: self.namespace.clone(), role: self.role }
    }
}

impl<'a> From<&Operator<'a>> for Viewer<'a> {
    fn from(operator: &Operator<'a>) -> Self {
        operator.viewer()
    }
}

/// May manage users and teams.
#[derive(Clone, Copy, Debug)]
pub struct PortalAdmin<'a> {
    actor: &'a Actor,
}

impl<'a> PortalAdmin<'a> {
    pub(super) fn new(actor: &'a Actor) -> Self {
        Self { actor }
    }

    /// The person.
    #[must_use]
    pub fn actor(&self) -> &'a Actor {
        self.actor
    }
}

/// May manage the members of one team.
#[derive(Clone, Copy, Debug)]
pub struct TeamOwner<'a> {
    actor: &'a Actor,
    team_id: i64,
}

impl<'a> TeamOwner<'a> {
    pub(super) fn new(actor: &'a Actor, team_id: i64) -> Self {
        Self { actor, team_id }
    }

    /// The person.
    #[must_use]
    pub fn actor(&self) -> &'a Actor {
        self.actor
    }

    /// The team.
    #[must_use]
    pub fn team_id(&self) -> i64 {
        self.team_id
    }
}
