//! A cluster of which a test says what it has and how it answers.

use super::id;
use crate::ports::*;
use async_trait::async_trait;
use bytes::Bytes;
use domain::check::DryRun;
use domain::facts::{AppFacts, PortalChange, RevisionChange};
use domain::kubernetes::{Away, Missing, Object, Refused, Resource, Said};
use domain::operation::recovery::{Found, FoundWorkload};
use domain::operation::{OperationId, Piece, Touched, Version, Work};
use domain::secret::SecretSpec;
use domain::spec::AppSpec;
use domain::view::{ClusterHealth, ContainerConfig, Revision};
use domain::{AppId, Namespace, SecretName};
use futures::stream::BoxStream;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use tokio::sync::watch;

pub(crate) type Opened = ClusterResult<BoxStream<'static, ClusterResult<Bytes>>>;
type OpenLog = Box<dyn Fn(&LogTarget) -> Opened + Send + Sync>;

#[derive(Default)]
pub(crate) struct FakeCluster {
    world: watch::Sender<Arc<World>>,
    pub(crate) usage: Mutex<VecDeque<ClusterResult<Vec<PodUsage>>>>,
    /// The portal has a fault where it takes samples.
    pub(crate) usage_panics: AtomicBool,
    pub(crate) open_log: Mutex<Option<OpenLog>>,
    pub(crate) opened: Mutex<Vec<LogTarget>>,
    pub(crate) secrets: Mutex<BTreeMap<String, StoredSecret>>,
    /// The list of secrets is cut.
    pub(crate) more_secrets: Mutex<bool>,
    pub(crate) revisions: Mutex<Vec<Revision>>,
    pub(crate) last_change: Mutex<Option<RevisionChange>>,
    /// Workloads as changes have left them; the index has the others.
    pub(crate) workloads: Mutex<BTreeMap<AppId, FoundWorkload>>,
    /// Changes that were asked for.
    pub(crate) calls: Mutex<Vec<String>>,
    /// What a deletion leaves.
    pub(crate) remains: Mutex<Remains>,
    /// Changes fail with this text.
    pub(crate) refuses: Mutex<Option<String>>,
    /// Changes get no answer.
    pub(crate) silent: AtomicBool,
    /// Deletions get no answer after the first object.
    pub(crate) falls_silent: AtomicBool,
    /// What creations have made, with their marks.
    pub(crate) made: Mutex<BTreeMap<Piece, String>>,
    /// Somebody has changed this one.
    pub(crate) touched: Mutex<Option<Touched>>,
    /// Changes stand still for ever after so many objects.
    pub(crate) stands_still_after: Mutex<Option<usize>>,
    /// The end of a creation is not looked for before this is notified.
    pub(crate) finishes_after: Mutex<Option<Arc<tokio::sync::Notify>>>,
}

impl FakeCluster {
    /// Puts apps in place of all that was there; the same `Arc` is the same app, unchanged.
    pub(crate) fn show(&self, apps: impl IntoIterator<Item = Arc<AppFacts>>) {
        let mut namespaces = BTreeMap::<Namespace, NamespaceApps>::new();
        for app in apps {
            let id = app.workload.id.clone();
            namespaces.entry(id.namespace.clone()).or_default().apps.insert(id, app);
        }
        self.world.send_modify(|world| {
            let health = ClusterHealth { ready: true, ..ClusterHealth::default() };
            // A namespace that is read stays, also without apps.
            world.namespaces.keys().for_each(|known| _ = namespaces.entry(known.clone()).or_default());
            let namespaces = namespaces.into_iter().map(|(n, a)| (n, Arc::new(a))).collect();
            *world = Arc::new(World { namespaces, health, lacks: Vec::new(), version: world.version + 1 });
        });
    }

    pub(crate) fn on_log(&self, open: impl Fn(&LogTarget) -> Opened + Send + Sync + 'static) {
        *self.open_log.lock().unwrap() = Some(Box::new(open));
    }

    /// Waits for ever where it is time to.
    async fn goes_on(&self, objects: usize) {
        if self.stands_still_after.lock().unwrap().is_some_and(|most| objects >= most) {
            std::future::pending().await
        }
    }

    /// The workload as the API server has it.
    fn workload(&self, app: &AppId) -> Option<FoundWorkload> {
        if let Some(changed) = self.workloads.lock().unwrap().get(app) {
            return Some(changed.clone());
        }
        let world = self.world.borrow();
        let workload = &world.namespaces.get(&app.namespace)?.apps.get(app)?.workload;
        Some(FoundWorkload {
            version: Version { uid: workload.uid.clone(), generation: workload.generation },
            deleting: workload.deletion.is_some(),
            has_mark: false,
            changed_by: workload.portal_change.as_ref().and_then(|change| change.operation),
            manager: None,
            replicas: Some(workload.replicas.wanted),
            paused: workload.paused,
        })
    }

    /// A change of one call.
    async fn one_call(&self, app: &AppId, what: String, by: Option<OperationId>, change: impl FnOnce(&mut FoundWorkload) + Send) -> ClusterResult<Version> {
        self.goes_on(0).await;
        self.change(what)?;
        let mut workload = self.workload(app).expect("only apps that are there are changed");
        workload.version.generation += 1;
        workload.changed_by = by.or(workload.changed_by);
        change(&mut workload);
        let version = workload.version.clone();
        self.workloads.lock().unwrap().insert(app.clone(), workload);
        self.goes_on(1).await;
        Ok(version)
    }

    fn change(&self, what: String) -> ClusterResult<()> {
        self.calls.lock().unwrap().push(what);
        if self.silent.load(Ordering::SeqCst) {
            return Err(ClusterError::Away(Away::Connection("no answer in 20 s from 10.1.2.3".into())));
        }
        match self.refuses.lock().unwrap().clone() {
            Some(text) => Err(ClusterError::Refused(Refused::Said(Said { text, fields: Vec::new() }))),
            None => Ok(()),
        }
    }
}

impl WorldSource for FakeCluster {
    fn world(&self) -> watch::Receiver<Arc<World>> {
        self.world.subscribe()
    }
}

#[async_trait]
impl PodMetrics for FakeCluster {
    async fn usage(&self) -> ClusterResult<Vec<PodUsage>> {
        assert!(!self.usage_panics.load(Ordering::SeqCst), "a fault");
        self.usage.lock().unwrap().pop_front().unwrap_or_else(|| Err(ClusterError::Missing(Missing::MetricsServer)))
    }
}

#[async_trait]
impl PodLogs for FakeCluster {
    async fn logs(&self, target: &LogTarget) -> Opened {
        self.opened.lock().unwrap().push(target.clone());
        self.open_log.lock().unwrap().as_ref().map_or_else(|| Err(ClusterError::Away(Away::Connection("no log".into()))), |open| open(target))
    }
}

#[async_trait]
impl Manifests for FakeCluster {
    async fn configuration(&self, _: &AppId) -> ClusterResult<Vec<ContainerConfig>> {
        Ok(Vec::new())
    }
    async fn yaml(&self, _: &AppId) -> ClusterResult<String> {
        Ok("kind: Deployment\n".into())
    }
}

#[async_trait]
impl Revisions for FakeCluster {
    async fn revisions(&self, _: &AppId) -> ClusterResult<Vec<Revision>> {
        Ok(self.revisions.lock().unwrap().clone())
    }
    async fn last_change(&self, _: &AppId) -> ClusterResult<Option<RevisionChange>> {
        Ok(self.last_change.lock().unwrap().clone())
    }
}

#[async_trait]
impl Workloads for FakeCluster {
    async fn restart(&self, app: &AppId, change: &PortalChange) -> ClusterResult<Version> {
        self.one_call(app, format!("restart {app} by {} to {:?}", change.by, change.revision), change.operation, |_| ()).await
    }
    async fn scale(&self, app: &AppId, replicas: u32) -> ClusterResult<Version> {
        self.one_call(app, format!("scale {app} {replicas}"), None, |workload| workload.replicas = Some(replicas)).await
    }
    async fn set_paused(&self, app: &AppId, paused: bool) -> ClusterResult<Version> {
        self.one_call(app, format!("paused {app} {paused}"), None, |workload| workload.paused = paused).await
    }
    async fn rollback(&self, app: &AppId, revision: u64, change: &PortalChange) -> ClusterResult<Version> {
        let what = format!("rollback {app} {revision} by {} to {:?}", change.by, change.revision);
        self.one_call(app, what, change.operation, |_| ()).await
    }
    async fn delete(&self, app: &AppId) -> ClusterResult<Remains> {
        self.goes_on(0).await;
        self.change(format!("delete {app}"))?;
        self.made.lock().unwrap().remove(&Piece::Deployment);
        self.goes_on(1).await;
        if self.falls_silent.load(Ordering::SeqCst) {
            return Err(ClusterError::Away(Away::Connection("no answer in 20 s from 10.1.2.3".into())));
        }
        self.made.lock().unwrap().clear();
        Ok(self.remains.lock().unwrap().clone())
    }
}

#[async_trait]
impl Creations for FakeCluster {
    async fn dry_run(&self, spec: &AppSpec, visible: &BTreeSet<Namespace>) -> ClusterResult<DryRun> {
        self.change(format!("dry run {}, may name objects of {}", spec.name, visible.iter().map(Namespace::as_str).collect::<Vec<_>>().join(" ")))?;
        Ok(DryRun::default())
    }
    async fn create(&self, spec: &AppSpec, _: &BTreeSet<Namespace>, change: &PortalChange, mark: &str) -> Result<AppId, NotCreated> {
        self.change(format!("create {} for {}", spec.name, change.by))
            .map_err(|error| NotCreated::Cluster { begun: matches!(error, ClusterError::Away(_)), error })?;
        for (objects, piece) in crate::operations::pieces(spec).into_iter().enumerate() {
            self.goes_on(objects).await;
            if self.made.lock().unwrap().contains_key(&piece) {
                return Err(NotCreated::Cluster {
                    error: ClusterError::Exists(Object::of(Resource::Deployments, &spec.namespace, spec.name.as_str())),
                    begun: objects > 0,
                });
            }
            self.made.lock().unwrap().insert(piece, mark.into());
        }
        self.goes_on(3).await;
        Ok(id("web", spec.name.as_str()))
    }
}

#[async_trait]
impl Recovery for FakeCluster {
    async fn look(&self, app: &AppId, work: &Work) -> ClusterResult<Found> {
        if self.silent.load(Ordering::SeqCst) {
            return Err(ClusterError::Away(Away::Connection("no answer in 20 s from 10.1.2.3".into())));
        }
        let is_marked = |mark: &String| self.made.lock().unwrap().get(&Piece::Deployment) == Some(mark);
        let has_mark = matches!(work, Work::Create { mark, .. } if is_marked(mark));
        Ok(Found { workload: self.workload(app).map(|workload| FoundWorkload { has_mark, ..workload }), pieces: Vec::new() })
    }
    async fn send_again(&self, app: &AppId, before: &Version, again: &Again) -> ClusterResult<Version> {
        if self.workload(app).is_none_or(|workload| workload.version != *before) {
            return Err(ClusterError::Changed(Object::of(Resource::Deployments, &app.namespace, app.name.as_str())));
        }
        match again {
            Again::Restart(change) => self.restart(app, change).await,
            Again::Scale(replicas) => self.scale(app, *replicas).await,
            Again::SetPaused(paused) => self.set_paused(app, *paused).await,
            Again::Rollback { to, change } => self.rollback(app, *to, change).await,
        }
    }
    async fn finish_creation(&self, app: &AppId, mark: &str, _: &[Piece]) -> ClusterResult<Option<Version>> {
        let after = self.finishes_after.lock().unwrap().clone();
        if let Some(after) = after {
            after.notified().await;
        }
        let mut made = self.made.lock().unwrap();
        let whole = made.get(&Piece::Deployment).is_some_and(|m| m == mark);
        made.iter_mut().filter(|(piece, _)| whole && **piece != Piece::Deployment).for_each(|(_, mark)| mark.clear());
        Ok(whole.then(|| Version { uid: app.name.to_string(), generation: 1 }))
    }
    async fn undo_creation(&self, _: &AppId, mark: &str, piece: Piece, _: &[Piece]) -> ClusterResult<Fate> {
        let mut made = self.made.lock().unwrap();
        if made.get(&piece).is_none_or(|m| m != mark) {
            return Ok(Fate::NotThere);
        }
        if let Some(touched) = self.touched.lock().unwrap().clone().filter(|t| t.piece == piece) {
            return Ok(Fate::Left(touched));
        }
        made.remove(&piece);
        Ok(Fate::Removed)
    }
    async fn created_with(&self, _: &AppId) -> ClusterResult<Vec<(Piece, String)>> {
        if self.silent.load(Ordering::SeqCst) {
            return Err(ClusterError::Away(Away::Connection("no answer in 20 s from 10.1.2.3".into())));
        }
        Ok(self.made.lock().unwrap().keys().filter(|p| **p != Piece::Deployment).map(|p| (*p, "uid".to_owned())).collect())
    }
    async fn finish_deletion(&self, _: &AppId, _: &str, pieces: &[(Piece, String)]) -> ClusterResult<bool> {
        let mut made = self.made.lock().unwrap();
        let gone = !made.contains_key(&Piece::Deployment);
        made.retain(|piece, _| !gone || pieces.iter().all(|(p, _)| p != piece));
        Ok(gone)
    }
}

#[async_trait]
impl ClusterSecrets for FakeCluster {
    async fn secrets(&self, _: &Namespace, each: &mut (dyn FnMut(StoredSecret) + Send)) -> ClusterResult<bool> {
        self.secrets.lock().unwrap().values().cloned().for_each(each);
        Ok(*self.more_secrets.lock().unwrap())
    }
    async fn secret_keys(&self, _: &Namespace) -> ClusterResult<Listed<Keys>> {
        Ok(Listed::default())
    }
    async fn secret_names(&self, _: &Namespace) -> ClusterResult<Vec<String>> {
        Ok(self.secrets.lock().unwrap().keys().cloned().collect())
    }
    async fn secret(&self, namespace: &Namespace, name: &SecretName) -> ClusterResult<StoredSecret> {
        self.secrets
            .lock()
            .unwrap()
            .get(name.as_str())
            .cloned()
            .ok_or_else(|| ClusterError::Missing(Missing::Object(Object::of(Resource::Secrets, namespace, name.as_str()))))
    }
    async fn create_secret(&self, spec: &SecretSpec) -> ClusterResult<()> {
        if self.secrets.lock().unwrap().contains_key(spec.name.as_str()) {
            return Err(ClusterError::Exists(Object::of(Resource::Secrets, &spec.namespace, spec.name.as_str())));
        }
        self.change(format!("create secret {}", spec.name))
    }
    async fn change_secret(&self, _: &Namespace, name: &SecretName, keys: &KeyChanges, version: &str) -> ClusterResult<()> {
        let words = keys.iter().map(|(key, value)| format!("{} {key}", if value.is_some() { "set" } else { "remove" }));
        self.change(format!("{name} at {version}: {}", words.collect::<Vec<_>>().join(", ")))
    }
    async fn delete_secret(&self, _: &Namespace, name: &SecretName) -> ClusterResult<()> {
        self.change(format!("delete secret {name}"))
    }
    async fn config_maps(&self, _: &Namespace) -> ClusterResult<Listed<Keys>> {
        Ok(Listed::default())
    }
}
