//! The cluster as the service sees it.

use crate::connect::{self, Clients};
use crate::discover;
use crate::probe;
use crate::publish::Shared;
use crate::watch::Watches;
use async_trait::async_trait;
use bytes::Bytes;
use domain::secret::{SecretSpec, SecretValue};
use domain::spec::AppSpec;
use domain::view::{ContainerConfig, Plan, Revision};
use domain::{AppId, KeyName, Namespace, SecretName, UnixMs};
use futures::stream::BoxStream;
use service::ports::{Cluster, ClusterError, ClusterResult, LogTarget, PodUsage, StoredSecret, World};
use std::path::PathBuf;
use std::sync::Arc;
use tokio::sync::{Semaphore, watch};
use tokio_util::sync::CancellationToken;

/// Which cluster, and what of it.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// The kubeconfig file; without it `KUBECONFIG`, then the pod's own account.
    pub kubeconfig: Option<PathBuf>,
    /// Only these namespaces, without any cluster-scoped call; `None` discovers them.
    pub namespaces: Option<Vec<Namespace>>,
}

/// Most lists that run at the same time.
const LISTS: usize = 16;

/// A Kubernetes cluster.
pub struct KubeCluster {
    clients: Clients,
    shared: Arc<Shared>,
}

impl KubeCluster {
    /// Starts to watch in the background and returns at once, also while the cluster is away. Has to be called
    /// within a Tokio runtime.
    ///
    /// # Errors
    /// `Refused` where there is no usable kubeconfig and no service account.
    pub fn start(config: Config, token: CancellationToken) -> ClusterResult<Self> {
        let clients = connect::connect(config.kubeconfig.as_deref())?;
        let shared = Arc::new(Shared::new(clients.server.clone()));
        tokio::spawn(shared.clone().publish(token.clone()));
        tokio::spawn(probe::run(clients.calls.clone(), shared.clone(), token.clone()));
        let watches = Watches { client: clients.calls.clone(), shared: shared.clone(), lists: Arc::new(Semaphore::new(LISTS)) };
        tokio::spawn(discover::run(watches, config.namespaces.clone(), token));
        Ok(Self { clients, shared })
    }
}

fn away<T>() -> ClusterResult<T> {
    Err(ClusterError::Away("not connected".into()))
}

#[async_trait]
impl Cluster for KubeCluster {
    fn world(&self) -> watch::Receiver<Arc<World>> {
        self.shared.subscribe()
    }
    async fn usage(&self) -> ClusterResult<Vec<PodUsage>> {
        away()
    }
    async fn logs(&self, _: &LogTarget) -> ClusterResult<BoxStream<'static, ClusterResult<Bytes>>> {
        away()
    }
    async fn configuration(&self, _: &AppId) -> ClusterResult<Vec<ContainerConfig>> {
        away()
    }
    async fn yaml(&self, _: &AppId) -> ClusterResult<String> {
        away()
    }
    async fn revisions(&self, _: &AppId) -> ClusterResult<Vec<Revision>> {
        away()
    }
    async fn restart(&self, _: &AppId, _: UnixMs) -> ClusterResult<()> {
        away()
    }
    async fn scale(&self, _: &AppId, _: u32) -> ClusterResult<()> {
        away()
    }
    async fn set_paused(&self, _: &AppId, _: bool) -> ClusterResult<()> {
        away()
    }
    async fn rollback(&self, _: &AppId, _: u64) -> ClusterResult<()> {
        away()
    }
    async fn delete(&self, _: &AppId) -> ClusterResult<()> {
        away()
    }
    async fn dry_run(&self, _: &AppSpec) -> ClusterResult<Plan> {
        away()
    }
    async fn create(&self, _: &AppSpec) -> ClusterResult<AppId> {
        away()
    }
    async fn secrets(&self, _: &Namespace) -> ClusterResult<Vec<StoredSecret>> {
        away()
    }
    async fn secret(&self, _: &Namespace, _: &SecretName) -> ClusterResult<StoredSecret> {
        away()
    }
    async fn create_secret(&self, _: &SecretSpec) -> ClusterResult<()> {
        away()
    }
    async fn set_secret_key(&self, _: &Namespace, _: &SecretName, _: &KeyName, _: Option<&SecretValue>) -> ClusterResult<()> {
        away()
    }
    async fn delete_secret(&self, _: &Namespace, _: &SecretName) -> ClusterResult<()> {
        away()
    }
    async fn config_maps(&self, _: &Namespace) -> ClusterResult<Vec<(String, Vec<String>)>> {
        away()
    }
}
