//! What the cluster has to tell and to do.

use async_trait::async_trait;
use bytes::Bytes as Buffer;
use domain::check::{Check, DryRun};
use domain::facts::{AppFacts, PortalChange, RevisionChange};
use domain::kubernetes::{Away, Lack, Missing, NotAllowed, Object, Refused};
use domain::live::LogQuery;
use domain::operation::{Piece, Touched};
use domain::secret::{SecretSpec, SecretValue};
use domain::spec::AppSpec;
use domain::view::{ClusterHealth, ContainerConfig, Revision};
use domain::{AppId, Bytes, KeyName, MilliCpu, Namespace, SecretName, UnixMs, english};
use futures::stream::BoxStream;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use tokio::sync::watch;

/// The cluster did not do what was asked. As text each variant is what a person may read, but for [`ClusterError::Away`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClusterError {
    /// It is not there.
    #[error("{}", english::cluster::missing(.0))]
    Missing(Missing),
    /// An object of that name exists already.
    #[error("{}", english::cluster::exists(.0))]
    Exists(Object),
    /// The object changed between reading and writing.
    #[error("{}", english::cluster::changed(.0))]
    Changed(Object),
    /// The API server refused it, or the portal did before it asked.
    #[error("{}", english::cluster::refused(.0))]
    Refused(Refused),
    /// The API server does not let the portal do it.
    #[error("{}", english::cluster::not_allowed(.0))]
    NotAllowed(NotAllowed),
    /// The API server does not answer. The text is for the log.
    #[error("cluster away: {}", english::cluster::away(.0))]
    Away(Away),
}

/// Result of a cluster call.
pub type ClusterResult<T> = Result<T, ClusterError>;

/// What the index holds of a namespace at one moment.
#[derive(Clone, Debug, Default)]
pub struct NamespaceApps {
    /// Its apps by identity. An app that did not change keeps its `Arc`, so that readers can compare by pointer.
    pub apps: BTreeMap<AppId, Arc<AppFacts>>,
}

/// All that the index holds; a new one per batch of changes, cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct World {
    /// Per namespace. An unchanged namespace keeps its `Arc`.
    pub namespaces: BTreeMap<Namespace, Arc<NamespaceApps>>,
    /// How the portal stands to the cluster, without what it cannot show: what is told of that is a matter of who reads.
    pub health: ClusterHealth,
    /// What the portal cannot show, and why, in the order in which it is told.
    pub lacks: Vec<Lack>,
    /// Rises with every change.
    pub version: u64,
}

/// Measured use of a pod.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PodUsage {
    /// Its namespace.
    pub namespace: Namespace,
    /// `metadata.name` of the pod.
    pub pod: String,
    /// CPU of all its containers.
    pub cpu: MilliCpu,
    /// Memory of all its containers.
    pub memory: Bytes,
    /// When it was measured, as metrics-server says: for some time after a pod has gone it still tells of it.
    pub at: Option<UnixMs>,
    /// Each container by its name, with its CPU and memory.
    pub containers: Vec<(String, MilliCpu, Bytes)>,
}

/// One container's log, to be opened.
#[derive(Clone, Debug)]
pub struct LogTarget {
    /// Namespace.
    pub namespace: Namespace,
    /// Name of the pod that writes it.
    pub pod: String,
    /// Name of the container that writes it.
    pub container: String,
    /// Options; `pod` and `container` in it are ignored.
    pub query: LogQuery,
    /// Only lines since this moment, for going on after a cut (overrides `since_seconds`).
    pub since: Option<UnixMs>,
    /// The node ends the log behind so many bytes, counted from the first line that is sent.
    pub limit_bytes: Option<u32>,
}

/// A secret as the API server has it.
#[derive(Clone)]
pub struct StoredSecret {
    /// `metadata.name` of the secret.
    pub name: String,
    /// Its resourceVersion, to detect a change between reading and writing.
    pub resource_version: String,
    /// `type`.
    pub kind: String,
    /// Created.
    pub created: UnixMs,
    /// When it was last changed, as far as its field managers tell.
    pub changed: Option<UnixMs>,
    /// Keys and values.
    pub data: BTreeMap<String, SecretValue>,
    /// What manages it, such as `Helm`.
    pub managed_by: Option<String>,
    /// Cannot be changed.
    pub immutable: bool,
}

/// Names of keys of a secret or config map, for the form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Keys {
    /// Name of the object.
    pub name: String,
    /// `type` of a secret; empty for a config map.
    pub kind: String,
    /// Keys.
    pub keys: Vec<String>,
}

/// A list that may be longer than what is told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listed<T> {
    /// The items.
    pub items: Vec<T>,
    /// There are more.
    pub cut: bool,
}

/// A creation that failed. What it had created by then is there still.
#[derive(Debug)]
pub enum NotCreated {
    /// Checks stand in the way, so nothing was created: these, at least one.
    ChecksFailed(Vec<Check>),
    /// The cluster refused, or gave no answer.
    Cluster {
        /// What the cluster said, or that it said nothing.
        error: ClusterError,
        /// Some of its objects were created, or may have been.
        begun: bool,
    },
}

/// What of a deleted app is there still.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Remains {
    /// Finalizers on the workload itself. Those of Kubernetes go by themselves; others hold it.
    pub finalizers: Vec<String>,
    /// Objects beside the workload that could not be deleted, and why.
    pub pieces: Vec<(Piece, ClusterError)>,
}

/// What became of an object of a creation that is undone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// There is no such object, or another one has the name.
    NotThere,
    /// It was there and has been removed.
    Removed,
    /// It stays, because somebody has changed it or uses it.
    Left(Touched),
}

/// New values of a secret's keys; `None` removes one.
pub type KeyChanges = BTreeMap<KeyName, Option<SecretValue>>;

/// Everything asked of Kubernetes.
#[async_trait]
pub trait Cluster: Send + Sync + 'static {
    /// The index, and a signal whenever it changed.
    fn world(&self) -> watch::Receiver<Arc<World>>;

    /// Use of all pods of the watched namespaces now; `Missing` where there is no metrics-server.
    async fn usage(&self) -> ClusterResult<Vec<PodUsage>>;

    /// Opens a log: bytes as the node sends them, always with `timestamps` where the query asks for it.
    async fn logs(&self, target: &LogTarget) -> ClusterResult<BoxStream<'static, ClusterResult<Buffer>>>;

    /// Environment, mounts, command of each container.
    async fn configuration(&self, app: &AppId) -> ClusterResult<Vec<ContainerConfig>>;
    /// The object as YAML without managed fields, status noise and last-applied annotation.
    async fn yaml(&self, app: &AppId) -> ClusterResult<String>;
    /// Revisions, newest first, 20 at most.
    async fn revisions(&self, app: &AppId) -> ClusterResult<Vec<Revision>>;
    /// What the newest revision changed against the one before it, without any value; nothing where there is none before.
    async fn last_change(&self, app: &AppId) -> ClusterResult<Option<RevisionChange>>;

    /// Starts all pods anew (`kubectl rollout restart`), and leaves the change with the app.
    async fn restart(&self, app: &AppId, change: &PortalChange) -> ClusterResult<()>;
    /// Sets the number of replicas.
    async fn scale(&self, app: &AppId, replicas: u32) -> ClusterResult<()>;
    /// Holds or resumes: rollout of a deployment, suspension of a job or cron job.
    async fn set_paused(&self, app: &AppId, paused: bool) -> ClusterResult<()>;
    /// Back to a revision, and leaves the change with the app.
    async fn rollback(&self, app: &AppId, revision: u64, change: &PortalChange) -> ClusterResult<()>;
    /// Deletes the workload and what the portal created with it, and tells what of the latter could not be deleted; the
    /// workload is gone then. `Away` where any call got no answer: then nobody knows what of it is gone.
    async fn delete(&self, app: &AppId) -> ClusterResult<Remains>;

    /// Renders the objects and lets the API server check all of them; nothing is created. Only objects of the
    /// `visible` namespaces are named where they are in the way.
    async fn dry_run(&self, spec: &AppSpec, visible: &BTreeSet<Namespace>) -> ClusterResult<DryRun>;
    /// The same, then creates all of them, signed with the change and marked with `mark`, which is a time and two parts with a
    /// `-` between them; the last part is on the deployment alone. Where one fails, those already created stay.
    async fn create(&self, spec: &AppSpec, visible: &BTreeSet<Namespace>, change: &PortalChange, mark: &str) -> Result<AppId, NotCreated>;
    /// Whether the creation with this mark has created all of its objects; where it has, the mark is taken off them.
    async fn finish_creation(&self, app: &AppId, mark: &str, pieces: &[Piece]) -> ClusterResult<bool>;
    /// Removes an object that the creation with this mark has created, unless somebody has changed it since or uses it.
    /// `removed` is what of this creation was removed before.
    async fn undo_creation(&self, app: &AppId, mark: &str, piece: Piece, removed: &[Piece]) -> ClusterResult<Fate>;
    /// What [`Cluster::delete`] would delete beside the workload, with the uids; what the portal may not read is left out.
    async fn created_with(&self, app: &AppId) -> ClusterResult<Vec<(Piece, String)>>;
    /// Whether the workload with this uid is gone or being deleted; where it is, the objects with these uids are deleted too.
    async fn finish_deletion(&self, app: &AppId, uid: &str, pieces: &[(Piece, String)]) -> ClusterResult<bool>;

    /// Gives the secrets of a namespace to `each`, 500 at most, and tells whether there are more. They come a few at
    /// a time, so that the values of all are never in memory at once: `each` keeps what it needs and drops the rest.
    async fn secrets(&self, namespace: &Namespace, each: &mut (dyn FnMut(StoredSecret) + Send)) -> ClusterResult<bool>;
    /// Names and keys of secrets, 500 at most, for the form.
    async fn secret_keys(&self, namespace: &Namespace) -> ClusterResult<Listed<Keys>>;
    /// Names of secrets, 500 at most, without reading them.
    async fn secret_names(&self, namespace: &Namespace) -> ClusterResult<Vec<String>>;
    /// One secret.
    async fn secret(&self, namespace: &Namespace, name: &SecretName) -> ClusterResult<StoredSecret>;
    /// Creates a secret; `Exists` if the name is taken.
    async fn create_secret(&self, spec: &SecretSpec) -> ClusterResult<()>;
    /// Sets (or with `None` removes) keys, all of them or none; `Changed` if the secret is not at `version` any more.
    async fn change_secret(&self, namespace: &Namespace, name: &SecretName, keys: &KeyChanges, version: &str) -> ClusterResult<()>;
    /// Deletes a secret.
    async fn delete_secret(&self, namespace: &Namespace, name: &SecretName) -> ClusterResult<()>;
    /// Names and keys of config maps, 500 at most, for the form.
    async fn config_maps(&self, namespace: &Namespace) -> ClusterResult<Listed<Keys>>;
}
