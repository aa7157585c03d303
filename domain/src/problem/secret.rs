//! What doesn't fit a secret as it is.

use crate::{Code, KeyName, Namespace};

/// Why a secret stays as it is, or isn't shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecretProblem {
    /// There is a secret of this name already.
    Exists {
        /// Its name.
        secret: String,
        /// Its namespace.
        namespace: Namespace,
    },
    /// The secret is immutable.
    Immutable {
        /// Its name.
        secret: String,
    },
    /// The secret has another type than what was sent for it.
    OtherType {
        /// Its name.
        secret: String,
        /// Its type, as Kubernetes writes it.
        kind: String,
    },
    /// The secret has credentials for several registries, and those for one were sent.
    SeveralRegistries,
    /// The secret was changed after the person opened its page.
    Changed {
        /// Its name.
        secret: String,
        /// The version that the person has seen.
        seen: String,
        /// The version that it has now.
        now: String,
    },
    /// The secret isn't at the version that a program asked for.
    OtherVersion {
        /// Its name.
        secret: String,
        /// The version that was asked for.
        asked: String,
        /// The version that it has now.
        now: String,
    },
    /// A key that is to be removed isn't there.
    KeyNotFound {
        /// The secret's name.
        secret: String,
        /// The key to remove.
        key: KeyName,
    },
    /// A key that the person has seen is gone.
    KeyGone {
        /// The secret's name.
        secret: String,
        /// The key that is gone.
        key: KeyName,
    },
    /// A key was changed after the person opened its page.
    KeyChanged {
        /// The key that was changed.
        key: KeyName,
        /// The fingerprint that the person has seen.
        seen: String,
        /// The fingerprint that it has now.
        now: String,
        /// The secret's version then and now, where they differ.
        versions: Option<Versions>,
    },
    /// There are more secrets than a page shows.
    ListCut {
        /// So many are shown.
        shown: usize,
    },
}

/// Two resource versions of a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Versions {
    /// When the person opened the page.
    pub then: String,
    /// Now.
    pub now: String,
}

impl SecretProblem {
    pub(super) const fn code(&self) -> Code {
        match self {
            Self::Exists { .. }
            | Self::Immutable { .. }
            | Self::OtherType { .. }
            | Self::SeveralRegistries
            | Self::Changed { .. }
            | Self::OtherVersion { .. }
            | Self::KeyGone { .. }
            | Self::KeyChanged { .. } => Code::Conflict,
            Self::KeyNotFound { .. } => Code::NotFound,
            Self::ListCut { .. } => Code::Invalid,
        }
    }

    pub(super) const fn reason(&self) -> &'static str {
        match self {
            Self::Exists { .. } => "secret_exists",
            Self::Immutable { .. } => "secret_immutable",
            Self::OtherType { .. } => "secret_of_other_type",
            Self::SeveralRegistries => "secret_of_several_registries",
            Self::Changed { .. } => "secret_changed",
            Self::OtherVersion { .. } => "secret_at_other_version",
            Self::KeyNotFound { .. } => "secret_key_not_found",
            Self::KeyGone { .. } => "secret_key_gone",
            Self::KeyChanged { .. } => "secret_key_changed",
            Self::ListCut { .. } => "secrets_cut",
        }
    }

    /// The field of the form beside which it stands.
    pub(super) const fn field(&self) -> Option<&'static str> {
        match self {
            Self::Exists { .. } => Some("name"),
            Self::KeyGone { .. } | Self::KeyChanged { .. } => Some("value"),
            Self::Immutable { .. }
            | Self::OtherType { .. }
            | Self::SeveralRegistries
            | Self::Changed { .. }
            | Self::OtherVersion { .. }
            | Self::KeyNotFound { .. }
            | Self::ListCut { .. } => None,
        }
    }
}
