//! A cluster made by hand: two deployments, secrets in memory, logs from a script.

use async_trait::async_trait;
use bytes::Bytes as Buffer;
use domain::check::DryRun;
use domain::facts::{AppFacts, Condition, Container, ContainerSpec, ContainerState, Pod, PortalChange, ReplicaSet, Replicas, RevisionChange, Workload};
use domain::kubernetes::words::PodReason;
use domain::kubernetes::{Away, Lack, Missing, NotAllowed, Object, Resource, Right};
use domain::operation::recovery::Found;
use domain::operation::{Piece, Version, Work};
use domain::secret::SecretSpec;
use domain::spec::AppSpec;
use domain::view::{ClusterHealth, ContainerConfig, Revision};
use domain::{AppId, Kind, Namespace, SecretName, UnixMs, WorkloadName};
use futures::StreamExt;
use futures::stream::{self, BoxStream};
use service::ports::{
    Again, ClusterError, ClusterResult, ClusterSecrets, Creations, Fate, KeyChanges, Keys, Listed, LogTarget, Manifests, NamespaceApps, NotCreated, PodLogs,
    PodMetrics, PodUsage, Recovery, Remains, Revisions, StoredSecret, Workloads, World, WorldSource,
};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use tokio::sync::watch;

pub fn id(ns: &str, name: &str) -> AppId {
    AppId { namespace: Namespace::parse(ns).unwrap(), kind: Kind::Deployment, name: WorkloadName::parse(name).unwrap() }
}

fn secret(namespace: &Namespace, name: &SecretName) -> Object {
    Object::of(Resource::Secrets, namespace, name.as_str())
}

pub struct StubCluster {
    world: watch::Sender<Arc<World>>,
    pub secrets: Mutex<BTreeMap<(String, String), StoredSecret>>,
    /// No secret can be read.
    pub secrets_away: Mutex<bool>,
    pub done: Mutex<Vec<String>>,
    /// What a log gives: whole batches, then silence when `follow` is asked for.
    pub log: Mutex<Vec<Buffer>>,
    /// The right without which no log may be read.
    pub log_refused: Mutex<Option<Right>>,
    /// What cannot be deleted along with an app.
    pub remains: Mutex<Remains>,
    /// Endless log instead, and how many bytes of it were taken.
    pub endless: Mutex<bool>,
    pub taken: Arc<AtomicU64>,
}

/// As the kubelet gives the lines to whoever asks for no times.
fn without_times(lines: &[u8]) -> Buffer {
    let line = |line: &[u8]| line.iter().position(|b| *b == b' ').map_or_else(Vec::new, |space| line[space + 1..].to_vec());
    lines.split_inclusive(|b| *b == b'\n').flat_map(line).collect()
}

fn replica_set(revision: u64) -> Arc<ReplicaSet> {
    let name = format!("rs-{revision}");
    Arc::new(ReplicaSet { name, revision, created: UnixMs(1), reused: false, images: vec![], change_cause: None, wanted: 0, ready: 0, hash: None })
}

fn facts(app: &AppId, ready: u32) -> AppFacts {
    let labels = Default::default();
    let pod = |n: u32| Pod {
        name: format!("{}-{n}", app.name),
        uid: format!("{app}-{n}"),
        template_hash: None,
        owner: None,
        phase: "Running".into(),
        reason: PodReason::None,
        message: String::new(),
        node: Some("node".into()),
        ip: None,
        created: UnixMs(1),
        deleting: None,
        asks: None,
        ending: None,
        pull_secrets: Vec::new(),
        rare: None,
        conditions: vec![Condition { kind: "Ready".into(), status: Some(ready > 0), reason: "".into(), message: String::new(), since: None }],
        containers: vec![Container {
            name: "app".into(),
            image: "r/app:1".into(),
            init: false,
            sidecar: false,
            ready: ready > 0,
            started: true,
            restarts: 0,
            state: ContainerState::Running { since: None },
            last: None,
        }],
    };
    AppFacts {
        workload: Arc::new(Workload {
            id: app.clone(),
            uid: app.to_string(),
            labels: Clone::clone(&labels),
            release: None,
            created: UnixMs(1),
            changed: None,
            portal_change: None,
            unread: None,
            generation: 1,
            observed_generation: 1,
            replicas: Replicas { wanted: ready.max(1), current: 1, updated: 1, ready, available: ready },
            paused: false,
            on_delete: false,
            update: Default::default(),
            deletion: None,
            selector: Clone::clone(&labels),
            template_labels: labels,
            revision: Some(2),
            min_ready_s: 0,
            progress_deadline_s: None,
            conditions: vec![],
            containers: vec![ContainerSpec::new("app", "r/app:1")],
            secrets: vec![],
            config_maps: vec![],
            pull_secrets: vec![],
            claims: vec![],
            job: None,
            cron: None,
            log_samples_off: false,
        }),
        pods: (1..=ready.max(1)).map(|n| Arc::new(pod(n))).collect(),
        events: vec![],
        services: vec![],
        ingresses: vec![],
        claims: vec![],
        replica_sets: [1, 2].map(replica_set).to_vec(),
        around: Default::default(),
        last_ends: Vec::new(),
        missing: Default::default(),
        held: Default::default(),
        observed: Default::default(),
    }
}

impl StubCluster {
    pub fn new() -> Self {
        let cluster = Self {
            world: watch::Sender::default(),
            secrets: Mutex::default(),
            secrets_away: Mutex::default(),
            done: Mutex::default(),
            log: Mutex::new(vec![Buffer::from_static(b"2026-11-21T05:04:03.000000001Z first\n2026-11-21T05:04:03.000000002Z second\n")]),
            log_refused: Mutex::default(),
            remains: Mutex::default(),
            endless: Mutex::new(false),
            taken: Arc::default(),
        };
        for (ns, name) in [("web", "shop"), ("data", "store")] {
            cluster.put(&id(ns, name), 1);
        }
        cluster
    }

    fn change(&self, ns: &Namespace, edit: impl FnOnce(&mut NamespaceApps)) {
        self.world.send_modify(|world| {
            let mut new = (**world).clone();
            let mut apps = new.namespaces.get(ns).map(|a| (**a).clone()).unwrap_or_default();
            edit(&mut apps);
            new.namespaces.insert(ns.clone(), Arc::new(apps));
            new.version += 1;
            new.health = ClusterHealth { ready: true, ..ClusterHealth::default() };
            *world = Arc::new(new);
        });
    }

    /// The portal may read nothing in these namespaces.
    pub fn refuse(&self, namespaces: &[&str]) {
        let lacks = |ns: &&str| Lack::All(Namespace::parse(*ns).unwrap());
        self.world.send_modify(|world| *world = Arc::new(World { lacks: namespaces.iter().map(lacks).collect(), ..(**world).clone() }));
    }

    /// As right after a start: nothing is read yet.
    pub fn unread(&self) {
        self.world.send_replace(Arc::default());
    }

    pub fn put(&self, app: &AppId, ready: u32) {
        self.put_all(std::slice::from_ref(app), ready);
    }

    /// Apps of one namespace, all in one change.
    pub fn put_all(&self, all: &[AppId], ready: u32) {
        self.change(&all[0].namespace, |apps| apps.apps.extend(all.iter().map(|app| (app.clone(), Arc::new(facts(app, ready))))));
    }

    pub fn remove(&self, app: &AppId) {
        self.change(&app.namespace.clone(), |apps| {
            apps.apps.remove(app);
        });
    }

    /// The namespace goes with all that is in it.
    pub fn drop_namespace(&self, namespace: &Namespace) {
        self.world.send_modify(|world| {
            let mut now = (**world).clone();
            now.namespaces.remove(namespace);
            *world = Arc::new(now);
        });
    }

    fn note(&self, what: String) -> ClusterResult<()> {
        self.done.lock().unwrap().push(what);
        Ok(())
    }
}

impl WorldSource for StubCluster {
    fn world(&self) -> watch::Receiver<Arc<World>> {
        self.world.subscribe()
    }
}

#[async_trait]
impl PodMetrics for StubCluster {
    async fn usage(&self) -> ClusterResult<Vec<PodUsage>> {
        Err(ClusterError::Missing(Missing::MetricsServer))
    }
}

#[async_trait]
impl PodLogs for StubCluster {
    async fn logs(&self, target: &LogTarget) -> ClusterResult<BoxStream<'static, ClusterResult<Buffer>>> {
        if let Some(lacks) = &*self.log_refused.lock().unwrap() {
            return Err(ClusterError::NotAllowed(NotAllowed::Right(lacks.clone())));
        }
        if *self.endless.lock().unwrap() {
            let line = format!("2026-11-21T05:04:03.000000001Z {}\n", "x".repeat(200));
            let batch = Buffer::from(line.repeat(256));
            let taken = self.taken.clone();
            return Ok(stream::repeat(batch)
                .map(move |b| {
                    taken.fetch_add(b.len() as u64, SeqCst);
                    Ok(b)
                })
                .boxed());
        }
        let times = target.query.timestamps;
        let batches = stream::iter(self.log.lock().unwrap().clone()).map(move |b| Ok(if times { b } else { without_times(&b) }));
        Ok(if target.query.follow { batches.chain(stream::pending()).boxed() } else { batches.boxed() })
    }
}

#[async_trait]
impl Manifests for StubCluster {
    async fn configuration(&self, _: &AppId) -> ClusterResult<Vec<ContainerConfig>> {
        Ok(vec![ContainerConfig { name: "app".into(), ..Default::default() }])
    }
    async fn yaml(&self, _: &AppId) -> ClusterResult<String> {
        Ok("kind: Deployment\n".into())
    }
}

#[async_trait]
impl Revisions for StubCluster {
    async fn revisions(&self, _: &AppId) -> ClusterResult<Vec<Revision>> {
        let revision = |number| Revision { number, current: number == 2, template: format!("a: {number}\n"), ..Default::default() };
        Ok(vec![revision(2), revision(1)])
    }
    async fn last_change(&self, _: &AppId) -> ClusterResult<Option<RevisionChange>> {
        Ok(None)
    }
}

/// A workload as a change has left it.
fn left(app: &AppId) -> Version {
    Version { uid: app.to_string(), generation: 1 }
}

#[async_trait]
impl Workloads for StubCluster {
    async fn restart(&self, app: &AppId, _: &PortalChange) -> ClusterResult<Version> {
        self.note(format!("restart {app}")).map(|()| left(app))
    }
    async fn scale(&self, app: &AppId, replicas: u32) -> ClusterResult<Version> {
        self.note(format!("scale {app} {replicas}")).map(|()| left(app))
    }
    async fn set_paused(&self, app: &AppId, paused: bool) -> ClusterResult<Version> {
        self.note(format!("paused {app} {paused}")).map(|()| left(app))
    }
    async fn rollback(&self, app: &AppId, revision: u64, _: &PortalChange) -> ClusterResult<Version> {
        self.note(format!("rollback {app} {revision}")).map(|()| left(app))
    }
    async fn delete(&self, app: &AppId) -> ClusterResult<Remains> {
        self.note(format!("delete {app}")).map(|()| self.remains.lock().unwrap().clone())
    }
}

#[async_trait]
impl Creations for StubCluster {
    async fn dry_run(&self, _: &AppSpec, _: &BTreeSet<Namespace>) -> ClusterResult<DryRun> {
        Ok(DryRun { checks: vec![], yaml: "kind: Deployment\n".into() })
    }
    async fn create(&self, spec: &AppSpec, _: &BTreeSet<Namespace>, _: &PortalChange, _: &str) -> Result<AppId, NotCreated> {
        let app = id(spec.namespace.as_str(), spec.name.as_str());
        self.note(format!("create {app}")).map_err(|error| NotCreated::Cluster { error, begun: false })?;
        Ok(app)
    }
}

#[async_trait]
impl Recovery for StubCluster {
    async fn look(&self, _: &AppId, _: &Work) -> ClusterResult<Found> {
        Ok(Found::default())
    }
    async fn send_again(&self, app: &AppId, _: &Version, _: &Again) -> ClusterResult<Version> {
        self.note(format!("again {app}")).map(|()| left(app))
    }
    async fn finish_creation(&self, app: &AppId, _: &str, _: &[Piece]) -> ClusterResult<Option<Version>> {
        Ok(Some(left(app)))
    }
    async fn undo_creation(&self, _: &AppId, _: &str, _: Piece, _: &[Piece]) -> ClusterResult<Fate> {
        Ok(Fate::NotThere)
    }
    async fn created_with(&self, _: &AppId) -> ClusterResult<Vec<(Piece, String)>> {
        Ok(Vec::new())
    }
    async fn finish_deletion(&self, _: &AppId, _: &str, _: &[(Piece, String)]) -> ClusterResult<bool> {
        Ok(true)
    }
}

#[async_trait]
impl ClusterSecrets for StubCluster {
    async fn secrets(&self, namespace: &Namespace, each: &mut (dyn FnMut(StoredSecret) + Send)) -> ClusterResult<bool> {
        self.secrets.lock().unwrap().iter().filter(|((ns, _), _)| ns == namespace.as_str()).map(|(_, s)| s.clone()).for_each(each);
        Ok(false)
    }
    async fn secret_keys(&self, namespace: &Namespace) -> ClusterResult<Listed<Keys>> {
        let mut items = Vec::new();
        self.secrets(namespace, &mut |s| items.push(Keys { name: s.name, kind: s.kind, keys: s.data.into_keys().collect() })).await?;
        Ok(Listed { items, cut: false })
    }
    async fn secret_names(&self, namespace: &Namespace) -> ClusterResult<Vec<String>> {
        Ok(self.secret_keys(namespace).await?.items.into_iter().map(|keys| keys.name).collect())
    }
    async fn secret(&self, namespace: &Namespace, name: &SecretName) -> ClusterResult<StoredSecret> {
        if *self.secrets_away.lock().unwrap() {
            return Err(ClusterError::Away(Away::Connection("no answer".into())));
        }
        let key = (namespace.to_string(), name.to_string());
        self.secrets.lock().unwrap().get(&key).cloned().ok_or_else(|| ClusterError::Missing(Missing::Object(secret(namespace, name))))
    }
    async fn create_secret(&self, spec: &SecretSpec) -> ClusterResult<()> {
        let key = (spec.namespace.to_string(), spec.name.to_string());
        let stored = StoredSecret {
            name: spec.name.to_string(),
            resource_version: "1".into(),
            kind: spec.kind.kubernetes().into(),
            created: UnixMs(1),
            changed: None,
            data: spec.data.iter().map(|(k, v)| (k.to_string(), v.clone())).collect(),
            managed_by: None,
            immutable: false,
        };
        match self.secrets.lock().unwrap().insert(key, stored) {
            None => Ok(()),
            Some(_) => Err(ClusterError::Exists(secret(&spec.namespace, &spec.name))),
        }
    }
    async fn change_secret(&self, namespace: &Namespace, name: &SecretName, keys: &KeyChanges, version: &str) -> ClusterResult<()> {
        let mut all = self.secrets.lock().unwrap();
        let stored = all.get_mut(&(namespace.to_string(), name.to_string())).ok_or_else(|| ClusterError::Missing(Missing::Object(secret(namespace, name))))?;
        if stored.resource_version != version {
            return Err(ClusterError::Changed(secret(namespace, name)));
        }
        for (key, value) in keys {
            match value {
                Some(value) => stored.data.insert(key.to_string(), value.clone()),
                None => stored.data.remove(key.as_str()),
            };
        }
        stored.resource_version.push('1');
        Ok(())
    }
    async fn delete_secret(&self, namespace: &Namespace, name: &SecretName) -> ClusterResult<()> {
        self.secrets.lock().unwrap().remove(&(namespace.to_string(), name.to_string()));
        Ok(())
    }
    async fn config_maps(&self, _: &Namespace) -> ClusterResult<Listed<Keys>> {
        Ok(Listed::default())
    }
}
