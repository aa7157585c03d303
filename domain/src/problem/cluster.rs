//! What the cluster said no to, or didn't answer.

use crate::Code;
use crate::kubernetes::{LogRefusal, Missing, NoLog, NotAllowed, Object, Refused};

/// Why the cluster didn't do what was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClusterProblem {
    /// It isn't there.
    NotFound(Missing),
    /// There is an object of that name already.
    Exists(Object),
    /// The object changed between reading and writing.
    Changed(Object),
    /// The API server refused it, or the portal did before it asked.
    Refused(Refused),
    /// The API server doesn't let the portal do it.
    NotAllowed(NotAllowed),
    /// The API server doesn't answer; nothing was changed.
    Away,
    /// A change was sent and no answer came, so that nobody knows whether it was made.
    Unanswered {
        /// What shows whether it was made.
        look_at: LookAt,
    },
}

/// What a person looks at to see whether a change was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LookAt {
    /// The app that was to be changed.
    App,
    /// The secret that was to be changed.
    Secret,
    /// The list in which a new secret would stand.
    SecretList,
}

impl ClusterProblem {
    pub(super) const fn code(&self) -> Code {
        match self {
            Self::NotFound(_) => Code::NotFound,
            Self::Exists(_) | Self::Changed(_) => Code::Conflict,
            Self::Refused(_) | Self::NotAllowed(_) => Code::ClusterRefused,
            Self::Away | Self::Unanswered { .. } => Code::ClusterAway,
        }
    }

    pub(super) const fn reason(&self) -> &'static str {
        match self {
            Self::NotFound(what) => missing(what),
            Self::Exists(_) => "object_exists",
            Self::Changed(_) => "object_changed",
            Self::Refused(why) => refused(why),
            Self::NotAllowed(NotAllowed::Credentials) => "portal_credentials_rejected",
            Self::NotAllowed(NotAllowed::Right(_)) => "right_missing",
            Self::Away => "cluster_away",
            Self::Unanswered { .. } => "change_unanswered",
        }
    }
}

const fn missing(what: &Missing) -> &'static str {
    match what {
        Missing::Object(_) => "object_not_found",
        Missing::Namespace(_) => "namespace_missing",
        Missing::Log(_, NoLog::NoContainer) => "container_missing",
        Missing::Log(_, NoLog::NotRestarted) => "no_previous_log",
        Missing::Log(_, NoLog::NotOnNode) => "log_not_on_node",
        Missing::Log(_, NoLog::Removed) => "log_removed",
        Missing::PodName(_) => "no_such_pod_or_container",
        Missing::OwnSecret(_) => "secret_of_cluster",
        Missing::PodTemplate(_) => "no_pod_template",
        Missing::Revision { .. } => "revision_gone",
        Missing::MetricsServer => "metrics_server_missing",
    }
}

const fn refused(why: &Refused) -> &'static str {
    match why {
        Refused::Said(_) => "cluster_refused",
        Refused::Immutable(_) => "object_immutable",
        Refused::Log(_, LogRefusal::NotStarted(_)) => "container_not_started",
        Refused::Log(_, LogRefusal::Late(_)) => "log_late",
        Refused::Log(_, LogRefusal::NodeSilent) => "node_silent",
        Refused::Log(_, LogRefusal::Said(_)) => "log_refused",
        Refused::Kind(..) => "change_not_of_kind",
        Refused::Paused(..) => "rollout_paused",
        Refused::TooLarge { .. } => "object_too_large",
        Refused::RevisionTooLarge { .. } => "revision_too_large",
        Refused::Unrendered(_) => "object_not_rendered",
        Refused::Fault => "object_not_handled",
        Refused::Kubeconfig(_) => "kubeconfig_unusable",
    }
}
