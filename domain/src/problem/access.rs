//! What a person may not do, or may not see.

use crate::account::Role;
use crate::{Code, Namespace};

/// Why the person may not do it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AccessProblem {
    /// Only portal admins may.
    PortalAdminsOnly,
    /// Only owners of the team and portal admins may.
    TeamOwnersOnly,
    /// The person's role in the namespace is too weak.
    RoleTooWeak {
        /// Where it is too weak.
        namespace: Namespace,
        /// The role that the person has.
        has: Role,
        /// The least role that may.
        needs: Role,
    },
    /// The person has no role in the namespace, which may exist or not.
    NoRole {
        /// The namespace that was asked for.
        namespace: Namespace,
    },
    /// There is no such namespace, for somebody who would see it.
    NamespaceNotFound {
        /// The namespace that was asked for.
        namespace: Namespace,
    },
    /// The portal wasn't told to serve the namespace; only admins hear this.
    NamespaceNotServed {
        /// The namespace that was asked for.
        namespace: Namespace,
    },
    /// The person may see namespaces and change nothing in any of them.
    ViewerEverywhere,
    /// No team of the person has a namespace any more.
    NoNamespaceLeft,
}

impl AccessProblem {
    pub(super) const fn code(&self) -> Code {
        match self {
            Self::NamespaceNotFound { .. } => Code::NotFound,
            Self::PortalAdminsOnly
            | Self::TeamOwnersOnly
            | Self::RoleTooWeak { .. }
            | Self::NoRole { .. }
            | Self::NamespaceNotServed { .. }
            | Self::ViewerEverywhere
            | Self::NoNamespaceLeft => Code::Forbidden,
        }
    }

    pub(super) const fn reason(&self) -> &'static str {
        match self {
            Self::PortalAdminsOnly => "portal_admins_only",
            Self::TeamOwnersOnly => "team_owners_only",
            Self::RoleTooWeak { .. } => "role_too_weak",
            Self::NoRole { .. } => "no_role_in_namespace",
            Self::NamespaceNotFound { .. } => "namespace_not_found",
            Self::NamespaceNotServed { .. } => "namespace_not_served",
            Self::ViewerEverywhere => "viewer_everywhere",
            Self::NoNamespaceLeft => "no_namespace_left",
        }
    }
}
