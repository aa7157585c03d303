//! What the portal calls an app: a workload of one of five kinds, or a pod that none of them owns.

use super::{Namespace, WorkloadName};
use serde::{Deserialize, Serialize};

/// The kinds of workload that the portal calls an app.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// apps/v1 Deployment.
    Deployment,
    /// apps/v1 StatefulSet.
    StatefulSet,
    /// apps/v1 DaemonSet.
    DaemonSet,
    /// batch/v1 Job (one that no cron job owns).
    Job,
    /// batch/v1 CronJob.
    CronJob,
    /// v1 Pod that none of these owns: one that was made by hand, or by a controller that the portal does not know.
    Pod,
}

impl Kind {
    /// All kinds, in the order in which lists show them.
    pub const ALL: [Self; 6] = [Self::Deployment, Self::StatefulSet, Self::DaemonSet, Self::Job, Self::CronJob, Self::Pod];

    /// As it stands in paths: `statefulset`.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Deployment => "deployment",
            Self::StatefulSet => "statefulset",
            Self::DaemonSet => "daemonset",
            Self::Job => "job",
            Self::CronJob => "cronjob",
            Self::Pod => "pod",
        }
    }

    /// As Kubernetes writes it: `StatefulSet`.
    #[must_use]
    pub const fn kubernetes(self) -> &'static str {
        match self {
            Self::Deployment => "Deployment",
            Self::StatefulSet => "StatefulSet",
            Self::DaemonSet => "DaemonSet",
            Self::Job => "Job",
            Self::CronJob => "CronJob",
            Self::Pod => "Pod",
        }
    }

    /// As a person reads it in a sentence: `stateful set`.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Deployment => "deployment",
            Self::StatefulSet => "stateful set",
            Self::DaemonSet => "daemon set",
            Self::Job => "job",
            Self::CronJob => "cron job",
            Self::Pod => "pod",
        }
    }

    /// Reads the slug of a path.
    #[must_use]
    pub fn from_slug(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.slug() == text)
    }
}

/// Which app: namespace, kind and name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct AppId {
    /// Its namespace.
    pub namespace: Namespace,
    /// Its kind.
    pub kind: Kind,
    /// Its name.
    pub name: WorkloadName,
}

impl AppId {
    /// The page of this app, below the base path.
    #[must_use]
    pub fn path(&self) -> String {
        format!("/apps/{}/{}/{}", self.namespace, self.kind.slug(), self.name)
    }

    /// Reads what [`Display`](std::fmt::Display) writes: `web/deployment/kpow`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (namespace, rest) = text.split_once('/')?;
        let (kind, name) = rest.split_once('/')?;
        Some(Self { namespace: Namespace::parse(namespace).ok()?, kind: Kind::from_slug(kind)?, name: WorkloadName::parse(name).ok()? })
    }

    /// The app in the API, below the base path.
    #[must_use]
    pub fn api_path(&self) -> String {
        format!("/api/v1/namespaces/{}/apps/{}/{}", self.namespace, self.kind.slug(), self.name)
    }
}

impl std::fmt::Display for AppId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}/{}", self.namespace, self.kind.slug(), self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_app_is_called_reads_back() {
        let app = AppId::parse("web/cronjob/tweet-harvest").unwrap();
        assert_eq!((app.kind, app.to_string().as_str()), (Kind::CronJob, "web/cronjob/tweet-harvest"));
        for text in ["", "web", "web/cronjob", "web/teapot/x", "web/pod/A B", "web/pod/x/y"] {
            assert_eq!(AppId::parse(text), None, "{text}");
        }
    }
}
