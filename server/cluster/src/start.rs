//! Starts a cluster: its clients, its watches, and what looks at apps one by one.

use crate::around;
use crate::cluster::KubeCluster;
use crate::connect;
use crate::discover;
use crate::missing;
use crate::paused_rollouts;
use crate::probe;
use crate::publish::Shared;
use crate::watch::Watches;
use domain::Namespace;
use service::ports::ClusterResult;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::sync::Semaphore;
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
/// Pages of objects with values that are read at the same time, over all people.
pub(crate) const PAGES_AT_ONCE: usize = 2;

impl KubeCluster {
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
        // What looks around by itself has its own turn, so that it keeps no person waiting.
        let looks = || Self::new(clients.clone(), shared.clone(), discovers, 1);
        shared.keep("missing references", missing::run(looks(), token.clone()));
        shared.keep("held changes", paused_rollouts::run(looks(), token.clone()));
        shared.keep("look around", around::run(clients.calls.clone(), shared.clone(), discovers || config.cluster_scoped, token.clone()));
        shared.keep("discovery", discover::run(watches, namespaces, token));
        Ok(Self::new(clients, shared, discovers, PAGES_AT_ONCE))
    }
}
