//! The cluster as the service sees it.

use crate::around;
use crate::connect::{self, Clients};
use crate::discover;
use crate::fault::aside;
use crate::held;
use crate::missing;
use crate::objects;
use crate::probe;
use crate::publish::Shared;
use crate::secrets;
use crate::watch::Watches;
use crate::yaml;
use async_trait::async_trait;
use bytes::Bytes;
use domain::check::DryRun;
use domain::facts::{PortalChange, RevisionChange};
use domain::operation::Piece;
use domain::secret::SecretSpec;
use domain::spec::AppSpec;
use domain::view::{ContainerConfig, Revision};
use domain::{AppId, Namespace, SecretName};
use futures::stream::BoxStream;
use kube::Client;
use service::ports::{Cluster, ClusterResult, Fate, KeyChanges, Keys, Listed, LogTarget, NotCreated, PodUsage, Remains, StoredSecret, World};
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::sync::{Semaphore, SemaphorePermit, watch};
use tokio_util::sync::CancellationToken;

/// Which cluster, and what of it.
#[derive(Clone, Debug)]
pub struct Config {
    /// The kubeconfig file; without it `KUBECONFIG`, then `~/.kube/config`, then the pod's own account.
    pub kubeconfig: Option<PathBuf>,
    /// Only these namespaces, without any cluster-scoped call but for those that `cluster_scoped` allows; `None` discovers
    /// them.
    pub namespaces: Option<Vec<Namespace>>,
    /// Kinds of the whole cluster may be read also where `namespaces` are given: the ingress classes.
    pub cluster_scoped: bool,
    /// Most bytes that are kept of what the cluster says of one namespace; beyond them objects are left out and told.
    pub of_namespace: usize,
}

/// What is kept of one namespace unless it is set.
pub const OF_NAMESPACE: usize = 16 * 1024 * 1024;

impl Default for Config {
    fn default() -> Self {
        Self { kubeconfig: None, namespaces: None, cluster_scoped: false, of_namespace: OF_NAMESPACE }
    }
}

/// Most lists that run at the same time.
const LISTS: usize = 8;

/// A Kubernetes cluster.
pub struct KubeCluster {
    clients: Clients,
    shared: Arc<Shared>,
    /// No list of namespaces was given, so that cluster-scoped calls may be tried.
    discovers: bool,
    /// Turns to read a page of objects with values.
    pages: Semaphore,
}

impl KubeCluster {
    /// Waits for a turn to read a page of secrets or config maps.
    pub(crate) async fn pages_turn(&self) -> Option<SemaphorePermit<'_>> {
        self.pages.acquire().await.ok()
    }

    /// Starts to watch in the background and returns at once, also while the cluster is away. Has to be called
    /// within a Tokio runtime.
    ///
    /// # Errors
    /// `Refused` where there is no usable kubeconfig and no service account.
    pub fn start(config: Config, token: CancellationToken) -> ClusterResult<Self> {
        let clients = connect::connect(config.kubeconfig.as_deref())?;
        let namespaces = config.namespaces;
        let discovers = namespaces.is_none();
        let shared = Arc::new(Shared::new(config.of_namespace));
        shared.keep("publisher", shared.clone().publish(token.clone()));
        shared.keep("probe", probe::run(clients.calls.clone(), shared.clone(), token.clone()));
        let watches = Watches { client: clients.calls.clone(), shared: shared.clone(), lists: Arc::new(Semaphore::new(LISTS)) };
        let looks = || Self { clients: clients.clone(), shared: shared.clone(), discovers, pages: Semaphore::new(1) };
        shared.keep("missing references", missing::run(looks(), token.clone()));
        shared.keep("held changes", held::run(looks(), token.clone()));
        shared.keep("look around", around::run(clients.calls.clone(), shared.clone(), discovers || config.cluster_scoped, token.clone()));
        shared.keep("discovery", discover::run(watches, namespaces, token));
        Ok(Self { clients, shared, discovers, pages: Semaphore::new(secrets::PAGES_AT_ONCE) })
    }

    /// One that only answers calls.
    #[cfg(test)]
    pub(crate) fn unwatched(client: Client) -> Self {
        let clients = Clients { calls: client.clone(), logs: client };
        let shared = Arc::new(Shared::new(OF_NAMESPACE));
        Self { clients, shared, discovers: false, pages: Semaphore::new(secrets::PAGES_AT_ONCE) }
    }

    /// The client for calls that are answered at once.
    pub(crate) fn calls(&self) -> Client {
        self.clients.calls.clone()
    }

    /// The client for streams that may be silent for long.
    pub(crate) const fn patient(&self) -> &Client {
        &self.clients.logs
    }

    /// What the watches know.
    pub(crate) fn shared(&self) -> &Shared {
        &self.shared
    }

    /// The newest world.
    pub(crate) fn newest(&self) -> Arc<World> {
        self.shared.subscribe().borrow().clone()
    }

    /// Whether calls beyond namespaces may be tried.
    pub(crate) fn sees_all(&self) -> bool {
        self.discovers && self.shared.read(|index| index.sees_all())
    }
}

#[async_trait]
impl Cluster for KubeCluster {
    fn world(&self) -> watch::Receiver<Arc<World>> {
        self.shared.subscribe()
    }
    async fn usage(&self) -> ClusterResult<Vec<PodUsage>> {
        self.measure().await
    }
    async fn logs(&self, target: &LogTarget) -> ClusterResult<BoxStream<'static, ClusterResult<Bytes>>> {
        self.open_log(target).await
    }
    async fn configuration(&self, app: &AppId) -> ClusterResult<Vec<ContainerConfig>> {
        self.containers(app).await
    }
    async fn yaml(&self, app: &AppId) -> ClusterResult<String> {
        let json = self.json(app).await?;
        let app = app.clone();
        aside(move || objects::parse(&app, &json).map(|object| yaml::yaml(&yaml::clean(object)))).await?
    }
    async fn revisions(&self, app: &AppId) -> ClusterResult<Vec<Revision>> {
        self.list_revisions(app).await
    }
    async fn last_change(&self, app: &AppId) -> ClusterResult<Option<RevisionChange>> {
        self.newest_change(app).await
    }
    async fn restart(&self, app: &AppId, change: &PortalChange) -> ClusterResult<()> {
        self.start_anew(app, change).await
    }
    async fn scale(&self, app: &AppId, replicas: u32) -> ClusterResult<()> {
        self.set_replicas(app, replicas).await
    }
    async fn set_paused(&self, app: &AppId, paused: bool) -> ClusterResult<()> {
        self.hold(app, paused).await
    }
    async fn rollback(&self, app: &AppId, revision: u64, change: &PortalChange) -> ClusterResult<()> {
        self.go_back(app, revision, change).await
    }
    async fn delete(&self, app: &AppId) -> ClusterResult<Remains> {
        self.remove(app).await
    }
    async fn dry_run(&self, spec: &AppSpec, visible: &BTreeSet<Namespace>) -> ClusterResult<DryRun> {
        self.plan(spec, visible).await
    }
    async fn create(&self, spec: &AppSpec, visible: &BTreeSet<Namespace>, change: &PortalChange, mark: &str) -> Result<AppId, NotCreated> {
        self.make(spec, visible, change, mark).await
    }
    async fn finish_creation(&self, app: &AppId, mark: &str, pieces: &[Piece]) -> ClusterResult<bool> {
        self.finish(app, mark, pieces).await
    }
    async fn undo_creation(&self, app: &AppId, mark: &str, piece: Piece, removed: &[Piece]) -> ClusterResult<Fate> {
        self.undo(app, mark, piece, removed).await
    }
    async fn created_with(&self, app: &AppId) -> ClusterResult<Vec<(Piece, String)>> {
        self.beside(app).await
    }
    async fn finish_deletion(&self, app: &AppId, uid: &str, pieces: &[(Piece, String)]) -> ClusterResult<bool> {
        self.finish_removal(app, uid, pieces).await
    }
    async fn secrets(&self, namespace: &Namespace, each: &mut (dyn FnMut(StoredSecret) + Send)) -> ClusterResult<bool> {
        self.each_secret(namespace, each).await
    }
    async fn secret_names(&self, namespace: &Namespace) -> ClusterResult<Vec<String>> {
        self.list_secret_names(namespace).await
    }
    async fn secret_keys(&self, namespace: &Namespace) -> ClusterResult<Listed<Keys>> {
        self.list_secret_keys(namespace).await
    }
    async fn secret(&self, namespace: &Namespace, name: &SecretName) -> ClusterResult<StoredSecret> {
        self.get_secret(namespace, name).await
    }
    async fn create_secret(&self, spec: &SecretSpec) -> ClusterResult<()> {
        self.make_secret(spec).await
    }
    async fn change_secret(&self, namespace: &Namespace, name: &SecretName, keys: &KeyChanges, version: &str) -> ClusterResult<()> {
        self.change_keys(namespace, name, keys, version).await
    }
    async fn delete_secret(&self, namespace: &Namespace, name: &SecretName) -> ClusterResult<()> {
        self.remove_secret(namespace, name).await
    }
    async fn config_maps(&self, namespace: &Namespace) -> ClusterResult<Listed<Keys>> {
        self.list_config_maps(namespace).await
    }
}
