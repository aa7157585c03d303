//! What the tests share: a namespace of their own, apps from the sample image, and waiting with a deadline.

use cluster::{Config, KubeCluster};
use domain::facts::{AppFacts, PortalAction, PortalChange};
use domain::spec::{AppSpec, EnvSource, EnvSpec, PortSpec, Resources, ServiceSpec};
use domain::{AppId, AppName, EnvName, ImageRef, Kind, Namespace, Port, PortName, UnixMs, WorkloadName};
use futures::FutureExt;
use k8s_openapi::api::core::v1 as core;
use kube::api::{Api, DeleteParams, PostParams};
use kube::config::{KubeConfigOptions, Kubeconfig};
use kube::{Client, ResourceExt};
use service::ports::{Creations, NotCreated, World, WorldSource};
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

pub(crate) const DEADLINE: Duration = Duration::from_secs(90);

/// What a person asked for that makes this revision.
pub(crate) fn by_ilse(action: PortalAction, revision: u64) -> PortalChange {
    PortalChange { at: UnixMs(1_709_164_800_000), by: "Ilse".into(), action, revision: Some(revision), operation: None }
}

pub(crate) fn kubeconfig() -> PathBuf {
    std::env::var_os("QS_TEST_KUBECONFIG").expect("QS_TEST_KUBECONFIG names a kubeconfig").into()
}

pub(crate) async fn client(path: &PathBuf) -> Client {
    let config = kube::Config::from_custom_kubeconfig(Kubeconfig::read_from(path).unwrap(), &KubeConfigOptions::default()).await.unwrap();
    Client::try_from(config).unwrap()
}

/// A namespace with a portal's view of it.
pub(crate) struct Space {
    pub(crate) admin: Client,
    pub(crate) cluster: KubeCluster,
    pub(crate) ns: Namespace,
    pub(crate) token: CancellationToken,
}

/// Runs a test in a namespace of its own, which goes whatever happens.
pub(crate) async fn in_space<F, T>(name: &str, test: F)
where
    F: FnOnce(Arc<Space>) -> T,
    T: Future<Output = ()>,
{
    let path = kubeconfig();
    let admin = client(&path).await;
    let ns = make_namespace(&admin, name).await;
    let token = CancellationToken::new();
    let cluster = KubeCluster::start(Config { kubeconfig: Some(path), namespaces: Some(vec![ns.clone()]), ..Config::default() }, token.clone()).unwrap();
    let space = Arc::new(Space { admin: admin.clone(), cluster, ns: ns.clone(), token: token.clone() });
    let ended = AssertUnwindSafe(test(space)).catch_unwind().await;
    token.cancel();
    remove_namespace(&admin, &ns).await;
    if let Err(panic) = ended {
        std::panic::resume_unwind(panic);
    }
}

pub(crate) async fn make_namespace(admin: &Client, name: &str) -> Namespace {
    let object =
        core::Namespace { metadata: kube::api::ObjectMeta { generate_name: Some(format!("test-{name}-")), ..Default::default() }, ..Default::default() };
    let made = Api::<core::Namespace>::all(admin.clone()).create(&PostParams::default(), &object).await.unwrap();
    Namespace::parse(made.name_any()).unwrap()
}

pub(crate) async fn remove_namespace(admin: &Client, ns: &Namespace) {
    let _ = Api::<core::Namespace>::all(admin.clone()).delete(ns.as_str(), &DeleteParams::background()).await;
}

/// Waits until a world is as wanted.
pub(crate) async fn see(cluster: &KubeCluster, what: &str, wanted: impl FnMut(&Arc<World>) -> bool) -> Arc<World> {
    let mut worlds = cluster.world();
    let seen = tokio::time::timeout(DEADLINE, worlds.wait_for(wanted)).await;
    match seen {
        Ok(world) => world.unwrap().clone(),
        Err(_) => panic!("not seen in time: {what}; the last world is {:#?}", cluster.world().borrow()),
    }
}

impl Space {
    pub(crate) fn id(&self, name: &str) -> AppId {
        self.of_kind(Kind::Deployment, name)
    }

    /// Who asks may see this namespace and no other.
    pub(crate) fn visible(&self) -> std::collections::BTreeSet<Namespace> {
        [self.ns.clone()].into()
    }

    /// Has the portal create an app for Ilse.
    pub(crate) async fn create(&self, spec: &AppSpec) -> Result<AppId, NotCreated> {
        self.create_marked(spec, "1000-0707").await
    }

    pub(crate) async fn create_marked(&self, spec: &AppSpec, mark: &str) -> Result<AppId, NotCreated> {
        self.cluster.create(spec, &self.visible(), &by_ilse(PortalAction::Create, 1), mark).await
    }

    pub(crate) fn of_kind(&self, kind: Kind, name: &str) -> AppId {
        AppId { namespace: self.ns.clone(), kind, name: WorkloadName::parse(name).unwrap() }
    }

    /// Waits until an app is as wanted.
    pub(crate) async fn see(&self, id: &AppId, what: &str, mut wanted: impl FnMut(&AppFacts) -> bool) -> Arc<AppFacts> {
        let world = see(&self.cluster, what, |w| facts(w, id).is_some_and(|f| wanted(&f))).await;
        facts(&world, id).unwrap()
    }

    pub(crate) fn api<K>(&self) -> Api<K>
    where
        K: kube::Resource<DynamicType = (), Scope = kube::core::NamespaceResourceScope>,
    {
        Api::namespaced(self.admin.clone(), self.ns.as_str())
    }

    /// An app of the sample image.
    pub(crate) fn sample(&self, name: &str) -> AppSpec {
        AppSpec {
            namespace: self.ns.clone(),
            name: AppName::parse(name).unwrap(),
            image: ImageRef::parse("sample:1").unwrap(),
            pull_secret: None,
            replicas: 1,
            command: vec![],
            args: vec![],
            ports: vec![PortSpec { name: PortName::parse("http").unwrap(), port: Port::try_from(8080).unwrap(), udp: false }],
            env: vec![],
            resources: Resources::default(),
            liveness: None,
            readiness: None,
            startup: None,
            service: None,
            ingress: None,
        }
    }

    /// The same with variables.
    pub(crate) fn sample_with(&self, name: &str, env: &[(&str, &str)]) -> AppSpec {
        let env = env.iter().map(|(k, v)| EnvSpec { name: EnvName::parse(*k).unwrap(), source: EnvSource::Value((*v).into()) });
        AppSpec { env: env.collect(), ..self.sample(name) }
    }
}

pub(crate) fn node_port(port: Option<u16>) -> Option<ServiceSpec> {
    Some(ServiceSpec::NodePort(port.map(|p| Port::try_from(p).unwrap())))
}

pub(crate) fn facts(world: &World, id: &AppId) -> Option<Arc<AppFacts>> {
    world.namespaces.get(&id.namespace)?.apps.get(id).cloned()
}

pub(crate) fn ready(facts: &AppFacts) -> usize {
    facts.pods.iter().filter(|p| p.ready()).count()
}
