//! Where a person can check a verdict.

use crate::{AppId, KeyName, Namespace, SecretName, UnixMs};
use serde::{Deserialize, Serialize};

/// A place to look at, or something to do about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    /// Lines of a container's log.
    Log {
        /// Which of them.
        lines: LogLines,
        /// Name of the pod that wrote them.
        pod: String,
        /// Name of the container that wrote them.
        container: String,
        /// Around this moment.
        at: Option<UnixMs>,
    },
    /// The chart of memory before a kill.
    MemoryBeforeKill {
        /// When it was killed.
        at: UnixMs,
    },
    /// An event of the cluster.
    Event {
        /// Its reason.
        reason: String,
        /// Name of the object that it is about.
        name: String,
    },
    /// How the app is reached.
    Endpoints(AppId),
    /// A secret that has to change.
    Secret {
        /// Its namespace.
        namespace: Namespace,
        /// Its name.
        name: SecretName,
        /// What has to be done to it.
        change: SecretChange,
    },
    /// The command that names a pull secret in the app.
    NamePullSecret {
        /// The secret.
        secret: String,
        /// The command for a shell.
        command: String,
    },
    /// The role that would allow a call.
    Role {
        /// The call: `list pods`.
        call: String,
        /// The role and its binding, as they are applied.
        manifest: String,
    },
}

/// Which lines of a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogLines {
    /// Those of a container that runs.
    Current,
    /// The last of a container that has ended.
    Last,
    /// Those of the run before.
    BeforeRestart,
}

/// What has to be done to a secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecretChange {
    /// It lacks a key.
    AddKey(KeyName),
    /// It does not exist.
    Create,
    /// It is a pull secret that does not exist.
    CreatePull,
    /// It is a pull secret that the registry refuses.
    OpenPull,
}

impl Evidence {
    /// Whether both lead to the same page: two keys of one secret do.
    #[must_use]
    pub fn leads_where(&self, other: &Self) -> bool {
        let secret = |e: &Self| match e {
            Self::Secret { namespace, name, change } => Some((namespace.clone(), name.clone(), matches!(change, SecretChange::AddKey(_)))),
            Self::Log { .. } | Self::MemoryBeforeKill { .. } | Self::Event { .. } | Self::Endpoints(_) | Self::NamePullSecret { .. } | Self::Role { .. } => {
                None
            }
        };
        secret(self).is_some_and(|this| Some(this) == secret(other))
    }
}
