//! A portal whose cluster and store are in memory, for the tests of this room.

use crate::access::Actor;
use crate::ports::*;
use crate::sessions::Origin;
use crate::{Portal, Settings};
use async_trait::async_trait;
use bytes::Bytes;
use domain::account::{AuditRow, Member, Role, SessionInfo, Team, User};
use domain::draft::DraftOf;
use domain::facts::{AppFacts, Container, ContainerSpec, ContainerState, Ended, Pod, PortalChange, Replicas, RevisionChange, Workload};
use domain::operation::{Interruption, Piece, Touched, Work};
use domain::secret::SecretSpec;
use domain::spec::AppSpec;
use domain::storage::StorageTrouble;
use domain::view::{ClusterHealth, ContainerConfig, Plan, Revision};
use domain::{AppId, Kind, Namespace, SecretName, TeamName, UnixMs, Username, WorkloadName};
use futures::stream::BoxStream;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use tokio::sync::watch;

pub(crate) type Opened = ClusterResult<BoxStream<'static, ClusterResult<Bytes>>>;
type OpenLog = Box<dyn Fn(&LogTarget) -> Opened + Send + Sync>;

/// 2026-11-21T05:00:00Z.
pub(crate) const START: i64 = 1_795_237_200_000;

/// What has passed, and by how much the time of day was set.
pub(crate) struct FakeClock(AtomicI64, AtomicI64);

impl FakeClock {
    pub(crate) fn advance(&self, ms: i64) {
        self.0.fetch_add(ms, Ordering::SeqCst);
    }

    pub(crate) fn set_by(&self, ms: i64) {
        self.1.fetch_add(ms, Ordering::SeqCst);
    }
}

impl Clock for FakeClock {
    fn now(&self) -> UnixMs {
        self.steady().date().plus(self.1.load(Ordering::SeqCst))
    }
    fn steady(&self) -> Steady {
        Steady(self.0.load(Ordering::SeqCst))
    }
}

struct FakeRng;

impl Rng for FakeRng {
    fn fill(&self, buffer: &mut [u8]) {
        buffer.fill(7);
    }
}

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
    /// Changes that were asked for.
    pub(crate) calls: Mutex<Vec<String>>,
    /// What a deletion leaves.
    pub(crate) stays: Mutex<Option<String>>,
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
    /// Creations and deletions stand still for ever after so many objects.
    pub(crate) stands_still_after: Mutex<Option<usize>>,
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
            let namespaces = namespaces.into_iter().map(|(n, a)| (n, Arc::new(a))).collect();
            *world = Arc::new(World { namespaces, health, refusals: Vec::new(), version: world.version + 1 });
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

    fn change(&self, what: String) -> ClusterResult<()> {
        self.calls.lock().unwrap().push(what);
        if self.silent.load(Ordering::SeqCst) {
            return Err(ClusterError::Away("no answer in 20 s from 10.1.2.3".into()));
        }
        match self.refuses.lock().unwrap().clone() {
            Some(text) => Err(ClusterError::Refused(text, Vec::new())),
            None => Ok(()),
        }
    }
}

#[async_trait]
impl Cluster for FakeCluster {
    fn world(&self) -> watch::Receiver<Arc<World>> {
        self.world.subscribe()
    }
    async fn usage(&self) -> ClusterResult<Vec<PodUsage>> {
        assert!(!self.usage_panics.load(Ordering::SeqCst), "a fault");
        self.usage.lock().unwrap().pop_front().unwrap_or_else(|| Err(ClusterError::Missing("none".into())))
    }
    async fn logs(&self, target: &LogTarget) -> Opened {
        self.opened.lock().unwrap().push(target.clone());
        self.open_log.lock().unwrap().as_ref().map_or_else(|| Err(ClusterError::Away("no log".into())), |open| open(target))
    }
    async fn configuration(&self, _: &AppId) -> ClusterResult<Vec<ContainerConfig>> {
        Ok(Vec::new())
    }
    async fn yaml(&self, _: &AppId) -> ClusterResult<String> {
        Ok("kind: Deployment\n".into())
    }
    async fn revisions(&self, _: &AppId) -> ClusterResult<Vec<Revision>> {
        Ok(self.revisions.lock().unwrap().clone())
    }
    async fn last_change(&self, _: &AppId) -> ClusterResult<Option<RevisionChange>> {
        Ok(self.last_change.lock().unwrap().clone())
    }
    async fn restart(&self, app: &AppId, change: &PortalChange) -> ClusterResult<()> {
        self.change(format!("restart {app} by {} to {:?}", change.by, change.revision))
    }
    async fn scale(&self, app: &AppId, replicas: u32) -> ClusterResult<()> {
        self.change(format!("scale {app} {replicas}"))
    }
    async fn set_paused(&self, app: &AppId, paused: bool) -> ClusterResult<()> {
        self.change(format!("paused {app} {paused}"))
    }
    async fn rollback(&self, app: &AppId, revision: u64, change: &PortalChange) -> ClusterResult<()> {
        self.change(format!("rollback {app} {revision} by {} to {:?}", change.by, change.revision))
    }
    async fn delete(&self, app: &AppId) -> ClusterResult<Option<String>> {
        self.goes_on(0).await;
        self.change(format!("delete {app}"))?;
        self.made.lock().unwrap().remove(&Piece::Deployment);
        self.goes_on(1).await;
        if self.falls_silent.load(Ordering::SeqCst) {
            return Err(ClusterError::Away("no answer in 20 s from 10.1.2.3".into()));
        }
        self.made.lock().unwrap().clear();
        Ok(self.stays.lock().unwrap().clone())
    }
    async fn dry_run(&self, spec: &AppSpec, visible: &BTreeSet<Namespace>) -> ClusterResult<Plan> {
        self.change(format!("dry run {}, may name objects of {}", spec.name, visible.iter().map(Namespace::as_str).collect::<Vec<_>>().join(" ")))?;
        Ok(Plan::default())
    }
    async fn create(&self, spec: &AppSpec, _: &BTreeSet<Namespace>, change: &PortalChange, mark: &str) -> Result<AppId, NotCreated> {
        self.change(format!("create {} for {}", spec.name, change.by)).map_err(|error| NotCreated { begun: matches!(error, ClusterError::Away(_)), error })?;
        for (objects, piece) in crate::operations::pieces(spec).into_iter().enumerate() {
            self.goes_on(objects).await;
            if self.made.lock().unwrap().contains_key(&piece) {
                return Err(NotCreated { error: ClusterError::Conflict("exists".into()), begun: objects > 0 });
            }
            self.made.lock().unwrap().insert(piece, mark.into());
        }
        self.goes_on(3).await;
        Ok(id("web", spec.name.as_str()))
    }
    async fn finish_creation(&self, _: &AppId, mark: &str, _: &[Piece]) -> ClusterResult<bool> {
        let mut made = self.made.lock().unwrap();
        let whole = made.get(&Piece::Deployment).is_some_and(|m| m == mark);
        made.iter_mut().filter(|(piece, _)| whole && **piece != Piece::Deployment).for_each(|(_, mark)| mark.clear());
        Ok(whole)
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
            return Err(ClusterError::Away("no answer in 20 s from 10.1.2.3".into()));
        }
        Ok(self.made.lock().unwrap().keys().filter(|p| **p != Piece::Deployment).map(|p| (*p, "uid".to_owned())).collect())
    }
    async fn finish_deletion(&self, _: &AppId, _: &str, pieces: &[(Piece, String)]) -> ClusterResult<bool> {
        let mut made = self.made.lock().unwrap();
        let gone = !made.contains_key(&Piece::Deployment);
        made.retain(|piece, _| !gone || pieces.iter().all(|(p, _)| p != piece));
        Ok(gone)
    }
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
    async fn secret(&self, _: &Namespace, name: &SecretName) -> ClusterResult<StoredSecret> {
        self.secrets.lock().unwrap().get(name.as_str()).cloned().ok_or_else(|| ClusterError::Missing("There is no such secret.".into()))
    }
    async fn create_secret(&self, spec: &SecretSpec) -> ClusterResult<()> {
        if self.secrets.lock().unwrap().contains_key(spec.name.as_str()) {
            return Err(ClusterError::Conflict("exists".into()));
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

#[derive(Default)]
pub(crate) struct FakeStore {
    pub(crate) draft: Mutex<Option<StoredDraft>>,
    pub(crate) audit: Mutex<Vec<NewAudit>>,
    pub(crate) operations: Mutex<BTreeMap<i64, Operation>>,
    pub(crate) samples: Mutex<Vec<Sample>>,
    pub(crate) teams: Mutex<Vec<Team>>,
    /// Users and the hashes of their passwords.
    pub(crate) people: Mutex<Vec<(User, String)>>,
    /// Writes of tries.
    pub(crate) counted: AtomicUsize,
    /// Tries by key.
    pub(crate) tries: Mutex<BTreeMap<String, Tries>>,
    /// It takes no write.
    pub(crate) trouble: Mutex<Option<StorageTrouble>>,
    /// It answers no health check until this is notified.
    pub(crate) hangs: Mutex<Option<Arc<tokio::sync::Notify>>>,
}

impl FakeStore {
    pub(crate) fn set_trouble(&self, trouble: Option<StorageTrouble>) {
        *self.trouble.lock().unwrap() = trouble;
    }

    fn takes_writes(&self) -> StoreResult<()> {
        match *self.trouble.lock().unwrap() {
            Some(trouble) => Err(StoreError::Unwritable(trouble, "on purpose".into())),
            None => Ok(()),
        }
    }
}

fn unused<T>() -> StoreResult<T> {
    Err(StoreError::Broken("not in this test".into()))
}

#[async_trait]
impl Store for FakeStore {
    async fn check_writable(&self) -> StoreResult<()> {
        let hangs = self.hangs.lock().unwrap().clone();
        if let Some(hangs) = hangs {
            hangs.notified().await;
        }
        self.takes_writes()
    }
    async fn key(&self, _: &str, fresh: [u8; 32]) -> StoreResult<[u8; 32]> {
        Ok(fresh)
    }
    async fn count_users(&self) -> StoreResult<u64> {
        unused()
    }
    async fn create_first_admin(&self, _: &Username, _: &str, _: &str, _: UnixMs) -> StoreResult<User> {
        unused()
    }
    async fn create_user(&self, _: &Username, _: &str, _: &str, _: bool, _: UnixMs) -> StoreResult<User> {
        unused()
    }
    async fn users(&self) -> StoreResult<Vec<User>> {
        unused()
    }
    async fn user_by_name(&self, name: &Username) -> StoreResult<Option<(User, String)>> {
        Ok(self.people.lock().unwrap().iter().find(|(user, _)| user.name == *name).cloned())
    }
    async fn user_by_id(&self, _: i64) -> StoreResult<Option<(User, String)>> {
        unused()
    }
    async fn set_password(&self, _: i64, _: &str) -> StoreResult<()> {
        unused()
    }
    async fn update_user(&self, _: i64, _: Option<&UserState>, _: &UserState) -> StoreResult<()> {
        unused()
    }
    async fn create_session(&self, _: &NewSession) -> StoreResult<u64> {
        unused()
    }
    async fn session(&self, _: &[u8; 32]) -> StoreResult<Option<SessionRow>> {
        unused()
    }
    async fn touch_session(&self, _: i64, _: UnixMs) -> StoreResult<()> {
        unused()
    }
    async fn end_session(&self, _: i64, _: i64) -> StoreResult<()> {
        unused()
    }
    async fn end_sessions(&self, _: i64, _: Option<i64>) -> StoreResult<()> {
        unused()
    }
    async fn sessions(&self, _: i64) -> StoreResult<Vec<SessionInfo>> {
        unused()
    }
    async fn date_back(&self, _: UnixMs) -> StoreResult<()> {
        self.takes_writes()
    }
    async fn prune_sessions(&self, _: UnixMs, _: UnixMs) -> StoreResult<u64> {
        Ok(0)
    }
    async fn teams(&self) -> StoreResult<Vec<Team>> {
        Ok(self.teams.lock().unwrap().clone())
    }
    async fn create_team(&self, _: &TeamName, _: &[Namespace]) -> StoreResult<i64> {
        unused()
    }
    async fn update_team(&self, _: i64, _: Option<&TeamState>, _: &TeamState) -> StoreResult<()> {
        unused()
    }
    async fn delete_team(&self, _: i64) -> StoreResult<()> {
        unused()
    }
    async fn set_member(&self, _: i64, _: i64, _: Option<Role>) -> StoreResult<()> {
        unused()
    }
    async fn members(&self, _: i64) -> StoreResult<Vec<Member>> {
        unused()
    }
    async fn roles_of(&self, _: i64) -> StoreResult<Vec<(TeamName, Namespace, Role)>> {
        unused()
    }
    async fn tries(&self, key: &str) -> StoreResult<Tries> {
        Ok(self.tries.lock().unwrap().get(key).copied().unwrap_or_default())
    }
    async fn set_tries(&self, key: &str, tries: Tries) -> StoreResult<()> {
        self.takes_writes()?;
        self.tries.lock().unwrap().insert(key.to_owned(), tries);
        self.counted.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }
    async fn clear_tries_from(&self, _: &str) -> StoreResult<()> {
        unused()
    }
    async fn clear_tries(&self, key: &str) -> StoreResult<()> {
        self.takes_writes()?;
        self.tries.lock().unwrap().remove(key);
        Ok(())
    }
    async fn audit(&self, entry: &NewAudit) -> StoreResult<i64> {
        self.takes_writes()?;
        if let Some(intent) = entry.intent {
            self.operations.lock().unwrap().remove(&intent);
        }
        let mut audit = self.audit.lock().unwrap();
        audit.push(entry.clone());
        Ok(audit.len() as i64)
    }
    async fn newest_audit(&self) -> StoreResult<i64> {
        Ok(self.audit.lock().unwrap().len() as i64)
    }
    async fn end_intents(&self, last: i64, at: UnixMs, detail: &str) -> StoreResult<u64> {
        self.takes_writes()?;
        let (mut audit, operations) = (self.audit.lock().unwrap(), self.operations.lock().unwrap());
        let is_open = |id: i64| audit.iter().all(|e| e.intent != Some(id)) && !operations.contains_key(&id);
        let open: Vec<i64> = (1..=last).filter(|id| audit[*id as usize - 1].outcome == "intent" && is_open(*id)).collect();
        for id in &open {
            let end = NewAudit { at, outcome: "unknown".into(), detail: detail.into(), intent: Some(*id), ..audit[*id as usize - 1].clone() };
            audit.push(end);
        }
        Ok(open.len() as u64)
    }
    async fn begin_operation(&self, intent: &NewAudit, user_id: i64, work: &Work) -> StoreResult<i64> {
        let id = self.audit(intent).await?;
        let operation = Operation { id, user_id, work: work.clone(), undo: false, told: None, intent: intent.clone() };
        self.operations.lock().unwrap().insert(id, operation);
        Ok(id)
    }
    async fn operations(&self) -> StoreResult<Vec<Operation>> {
        Ok(self.operations.lock().unwrap().values().cloned().collect())
    }
    async fn undo_operation(&self, id: i64) -> StoreResult<()> {
        self.takes_writes()?;
        self.operations.lock().unwrap().get_mut(&id).ok_or(StoreError::Missing)?.undo = true;
        Ok(())
    }
    async fn settle_operation(&self, end: &NewAudit, told: &Interruption) -> StoreResult<()> {
        self.takes_writes()?;
        self.audit.lock().unwrap().push(end.clone());
        self.operations.lock().unwrap().get_mut(&end.intent.unwrap()).ok_or(StoreError::Missing)?.told = Some(told.clone());
        Ok(())
    }
    async fn dismiss_operation(&self, user_id: i64, id: i64) -> StoreResult<()> {
        self.takes_writes()?;
        let mut operations = self.operations.lock().unwrap();
        if operations.get(&id).is_none_or(|o| o.user_id != user_id || o.told.is_none()) {
            return Err(StoreError::Missing);
        }
        operations.remove(&id);
        Ok(())
    }
    async fn prune_operations(&self, _: UnixMs) -> StoreResult<u64> {
        Ok(0)
    }
    async fn audit_rows(&self, _: Option<i64>, _: &str, _: u32) -> StoreResult<Vec<AuditRow>> {
        unused()
    }
    async fn team_activity(&self, _: &TeamName, _: &[Namespace], _: Option<i64>, _: u32) -> StoreResult<Vec<AuditRow>> {
        unused()
    }
    async fn add_samples(&self, samples: &[Sample]) -> StoreResult<()> {
        self.takes_writes()?;
        self.samples.lock().unwrap().extend_from_slice(samples);
        Ok(())
    }
    async fn series(&self, app: &AppId, from: UnixMs, to: UnixMs, step_ms: i64) -> StoreResult<Vec<PodSeries>> {
        let mut pods = BTreeMap::<String, BTreeMap<i64, (u32, u32, u64)>>::new();
        for s in self.samples.lock().unwrap().iter().filter(|s| s.app == *app && s.at >= from && s.at < to) {
            let cell = pods.entry(s.pod.clone()).or_default().entry(s.at.0 / step_ms * step_ms).or_default();
            *cell = (cell.0 + 1, cell.1 + s.cpu_milli, cell.2.max(s.memory_bytes));
        }
        let point = |(at, (count, cpu, memory_bytes))| Point { at: UnixMs(at), cpu_milli: cpu / count, memory_bytes };
        Ok(pods.into_iter().map(|(pod, cells)| PodSeries { pod, points: cells.into_iter().rev().map(point).collect() }).collect())
    }
    async fn usage_history(&self, _: UnixMs, _: i64) -> StoreResult<Vec<(AppId, UnixMs, u32, u64)>> {
        Ok(Vec::new())
    }
    async fn prune_samples(&self, _: UnixMs, _: UnixMs) -> StoreResult<u64> {
        Ok(0)
    }
    async fn draft(&self, _: i64, _: DraftOf, _: &Namespace) -> StoreResult<Option<StoredDraft>> {
        Ok(self.draft.lock().unwrap().clone())
    }
    async fn keep_draft(&self, _: i64, _: DraftOf, _: &Namespace, draft: &StoredDraft) -> StoreResult<Option<UnixMs>> {
        Ok(self.draft.lock().unwrap().replace(draft.clone()).map(|before| before.changed))
    }
    async fn discard_draft(&self, _: i64, _: DraftOf, _: &Namespace) -> StoreResult<()> {
        *self.draft.lock().unwrap() = None;
        Ok(())
    }
    async fn prune_drafts(&self, _: UnixMs) -> StoreResult<u64> {
        Ok(0)
    }
}

/// A portal and what it stands on.
pub(crate) struct Fake {
    pub(crate) portal: Portal,
    pub(crate) cluster: Arc<FakeCluster>,
    pub(crate) store: Arc<FakeStore>,
    pub(crate) clock: Arc<FakeClock>,
}

impl Fake {
    pub(crate) async fn new() -> Self {
        Self::with(Settings::default()).await
    }

    pub(crate) async fn with(settings: Settings) -> Self {
        let (cluster, store, clock) =
            (Arc::new(FakeCluster::default()), Arc::new(FakeStore::default()), Arc::new(FakeClock(AtomicI64::new(START), AtomicI64::new(0))));
        let portal = Portal::new(store.clone(), cluster.clone(), clock.clone(), Arc::new(FakeRng), settings).await.unwrap();
        Self { portal, cluster, store, clock }
    }

    /// Another run of the portal on the same store and cluster, as after a kill.
    pub(crate) async fn again(&self) -> Self {
        let (cluster, store, clock) = (self.cluster.clone(), self.store.clone(), self.clock.clone());
        let portal = Portal::new(store.clone(), cluster.clone(), clock.clone(), Arc::new(FakeRng), Settings::default()).await.unwrap();
        Self { portal, cluster, store, clock }
    }

    /// Action and outcome of each audit entry.
    pub(crate) fn audited(&self) -> Vec<String> {
        self.store.audit.lock().unwrap().iter().map(|a| format!("{} {} {}", a.action, a.outcome, a.detail)).collect()
    }
}

/// A person with this role in namespace `web`.
pub(crate) fn actor(role: Role) -> Actor {
    let name = Username::parse("ann").unwrap();
    Actor {
        user: User { id: 1, name, display: "Ann".into(), admin: false, disabled: false, created: UnixMs(0), last_seen: None },
        session_id: 1,
        token_hash: [0; 32],
        origin: Origin { address: "192.0.2.1".into(), agent: "test".into(), asked: String::new() },
        roles: BTreeMap::from([(namespace("web"), (None, role))]),
    }
}

pub(crate) fn namespace(name: &str) -> Namespace {
    Namespace::parse(name).unwrap()
}

pub(crate) fn id(namespace_name: &str, name: &str) -> AppId {
    AppId { namespace: namespace(namespace_name), kind: Kind::Deployment, name: WorkloadName::parse(name).unwrap() }
}

pub(crate) fn container(name: &str, state: ContainerState) -> Container {
    Container { name: name.into(), image: "web:1".into(), init: false, sidecar: false, ready: true, started: true, restarts: 0, state, last: None }
}

pub(crate) fn running() -> ContainerState {
    ContainerState::Running { since: Some(UnixMs(START)) }
}

pub(crate) fn ended(reason: &str, exit_code: i32) -> Ended {
    Ended { reason: reason.into(), message: String::new(), exit_code, signal: None, started: None, finished: Some(UnixMs(START)) }
}

pub(crate) fn pod(name: &str, containers: Vec<Container>) -> Pod {
    Pod {
        name: name.into(),
        uid: format!("uid-{name}"),
        template_hash: None,
        owner: None,
        phase: "Running".into(),
        reason: String::new(),
        message: String::new(),
        node: None,
        ip: None,
        created: UnixMs(START),
        deleting: None,
        asks: None,
        ending: None,
        pull_secrets: Vec::new(),
        rare: None,
        conditions: Vec::new(),
        containers,
    }
}

pub(crate) fn container_spec(name: &str) -> ContainerSpec {
    ContainerSpec {
        name: name.into(),
        image: "web:1".into(),
        init: false,
        sidecar: false,
        cpu_request: None,
        cpu_limit: None,
        memory_request: None,
        memory_limit: None,
        liveness: None,
        readiness: None,
        startup: None,
        post_start: None,
        sub_paths: Vec::new(),
        ports: Vec::new(),
    }
}

/// A deployment in namespace `web`.
pub(crate) fn app(name: &str, pods: Vec<Pod>) -> AppFacts {
    app_in("web", name, pods)
}

pub(crate) fn app_in(namespace_name: &str, name: &str, pods: Vec<Pod>) -> AppFacts {
    let count = u32::try_from(pods.len()).unwrap();
    let workload = Workload {
        id: id(namespace_name, name),
        uid: name.into(),
        labels: BTreeMap::new(),
        release: None,
        created: UnixMs(START - 3_600_000),
        changed: None,
        portal_change: None,
        unread: None,
        generation: 1,
        observed_generation: 1,
        replicas: Replicas { wanted: count, current: count, updated: count, ready: count, available: count },
        paused: false,
        on_delete: false,
        update: Default::default(),
        deletion: None,
        selector: BTreeMap::new(),
        template_labels: BTreeMap::new(),
        revision: Some(2),
        min_ready_s: 0,
        progress_deadline_s: None,
        conditions: Vec::new(),
        containers: vec![container_spec("web")],
        secrets: Vec::new(),
        config_maps: Vec::new(),
        pull_secrets: Vec::new(),
        claims: Vec::new(),
        job: None,
        cron: None,
        log_samples_off: false,
    };
    let pods = pods.into_iter().map(Arc::new).collect();
    AppFacts {
        workload: Arc::new(workload),
        pods,
        events: Vec::new(),
        services: Vec::new(),
        ingresses: Vec::new(),
        claims: Vec::new(),
        replica_sets: Vec::new(),
        around: Default::default(),
        last_ends: Vec::new(),
        missing: Default::default(),
        held: Default::default(),
        observed: Default::default(),
    }
}
