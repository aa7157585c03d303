//! The portal as one value: what it was given, what it keeps going in the background, and its limits.
//!
//! Use cases are methods of [`Portal`], one file each. Only this room reads the fields of `Inner`.

mod prune;

use crate::access::Actor;
use crate::access_changes::AccessSignal;
use crate::apps::Apps;
use crate::audit::RecentRefusals;
use crate::board::{AppList, Inputs, KeepBoard, ReadTeams};
use crate::deleted::Deleted;
use crate::error::Outcome;
use crate::health::Looks;
use crate::index::Index;
use crate::jobs::{self, Driven};
use crate::kept::{CatchUp, Kept};
use crate::limiter::{Queues, Unsaved};
use crate::logs::{Bounds, Logs};
use crate::metrics::{Metrics, ReadUsage, WriteSamples};
use crate::observe::{Observer, ReadLogs};
use crate::operations::{Operations, SettleOperations};
use crate::pace::{Paces, paces};
use crate::password::Hashing;
use crate::ports::{Clock, Cluster, Rng, Steady, Store, World};
use crate::readings::{Reading, Readings};
use crate::secret_names::SecretNames;
use domain::facts::AppFacts;
use domain::secret::SecretText;
use domain::storage::StorageTrouble;
use domain::{AppId, Namespace, UnixMs};
use prune::Prune;
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::{OnceCell, watch};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Name of the portal's own key in the store.
const OWN_KEY: &str = "fingerprint";

/// What an operator can set.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The namespaces that are served, and no other; `None` serves all that the cluster lets the portal see.
    pub namespaces: Option<BTreeSet<Namespace>>,
    /// A session ends when it was not used for this long.
    pub session_idle_ms: i64,
    /// A session ends this long after sign-in, used or not.
    pub session_absolute_ms: i64,
    /// argon2id: memory in KiB.
    pub argon2_memory_kib: u32,
    /// argon2id: passes.
    pub argon2_passes: u32,
    /// argon2id: lanes.
    pub argon2_lanes: u32,
    /// How many passwords are hashed at once; each takes `argon2_memory_kib`. One of them is kept for people who are known.
    pub hashes_at_once: usize,
    /// Milliseconds between two samples of CPU and memory.
    pub sample_step_ms: i64,
    /// How long samples are kept.
    pub sample_retention_ms: i64,
    /// Milliseconds after which rows are judged again although nothing changed, because time itself changes some.
    pub board_refresh_ms: u64,
    /// Logs that may be open at once, over all people.
    pub logs_at_once: usize,
    /// Containers that are read at once, over all open logs.
    pub log_sources_at_once: usize,
    /// Bytes read ahead per container of an open log.
    pub log_read_ahead: usize,
    /// Bytes read ahead over all open logs, beyond 16 KiB that each container of an open log may always have: with the
    /// default of 2,048 containers at once 32 MiB in all.
    pub log_pool: usize,
    /// Samples of logs are read for the statuses of apps.
    pub log_samples: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            namespaces: None,
            session_idle_ms: 12 * 3_600_000,
            session_absolute_ms: 7 * 86_400_000,
            // The OWASP minimum: 19 MiB, 2 passes, 1 lane.
            argon2_memory_kib: 19 * 1024,
            argon2_passes: 2,
            argon2_lanes: 1,
            hashes_at_once: 2,
            sample_step_ms: 15_000,
            // The longest chart shows 24 hours.
            sample_retention_ms: 25 * 3_600_000,
            board_refresh_ms: 15_000,
            logs_at_once: 256,
            log_sources_at_once: 2048,
            log_read_ahead: 8 * 1024 * 1024,
            log_pool: 128 * 1024 * 1024,
            log_samples: true,
        }
    }
}

/// The portal's own secret; made at the first start.
pub(crate) async fn own_key(store: &dyn Store, rng: &dyn Rng) -> Outcome<zeroize::Zeroizing<[u8; 32]>> {
    let mut fresh = [0; 32];
    rng.fill(&mut fresh);
    Ok(zeroize::Zeroizing::new(store.key(OWN_KEY, fresh).await?))
}

/// The portal. A clone is the same portal.
#[derive(Clone)]
pub struct Portal(Arc<Inner>);

impl std::ops::Deref for Portal {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

/// The use cases, and what those that are still methods of [`Portal`] share.
pub struct Inner {
    /// The cluster's index.
    pub index: Arc<Index>,
    /// What was read of logs and measured beside what the cluster's objects say.
    pub observer: Arc<Observer>,
    /// What apps use of CPU and memory.
    pub metrics: Arc<Metrics>,
    /// Apps as people read them.
    pub apps: Arc<Apps>,
    /// Logs of apps.
    pub logs: Arc<Logs>,
    /// The list of all apps.
    pub app_list: Arc<AppList>,
    /// Objects that are being read for somebody.
    pub(crate) readings: Arc<Readings>,
    pub(crate) secret_names: Arc<SecretNames>,
    pub(crate) deleted: Arc<Deleted>,
    store: Arc<dyn Store>,
    cluster: Arc<dyn Cluster>,
    clock: Arc<dyn Clock>,
    rng: Arc<dyn Rng>,
    settings: Settings,
    /// Where passwords wait to be hashed.
    hashing: Hashing,
    /// Passwords hashed or checked.
    hashes: AtomicU64,
    /// See [`Portal::hold_stored_passwords`].
    stored_passwords: tokio::sync::Mutex<()>,
    /// Where tries of a password wait for each other.
    queues: Queues,
    recent_refusals: RecentRefusals,
    /// How many changes each person has made lately.
    paces: Paces,
    operations: Operations,
    /// A hash of no password, checked where there is no such user, so that both cost the same time.
    decoy: OnceCell<String>,
    /// The one-time token for the first user, only while there is none.
    set_up_token: Mutex<Option<SecretText>>,
    /// Tells sockets and logs to look again at what their people may.
    access: AccessSignal,
    /// Rises whenever a team or its namespaces have changed.
    teams: watch::Sender<u64>,
    /// What nobody else knows: goes into fingerprints of secret values and into the limiter's buckets.
    own_key: zeroize::Zeroizing<[u8; 32]>,
    looks: Looks,
    /// Why the database takes no write.
    storage: watch::Sender<Option<StorageTrouble>>,
    /// What waits for the database.
    kept: Kept,
    /// Failed sign-ins that wait for it.
    unsaved: Unsaved,
    /// A job in the background has ended before its time.
    stands_still: AtomicBool,
    /// Work that goes on to its end whoever waits for it.
    tasks: TaskTracker,
}

impl Portal {
    /// Puts the portal together. It shows the list at once; [`Portal::run`] keeps it up to date.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub async fn new(store: Arc<dyn Store>, cluster: Arc<dyn Cluster>, clock: Arc<dyn Clock>, rng: Arc<dyn Rng>, settings: Settings) -> Outcome<Self> {
        let own_key = own_key(store.as_ref(), rng.as_ref()).await?;
        let operations = Operations::new(clock.steady(), store.newest_audit().await?);
        let deleted = Arc::new(Deleted::default());
        let index = Arc::new(Index::new(cluster.clone(), deleted.clone(), clock.clone()));
        let observer = Arc::new(Observer::new(index.clone(), cluster.clone(), cluster.clone(), store.clone(), clock.clone()));
        let readings = Arc::new(Readings::default());
        let step_ms = settings.sample_step_ms;
        let metrics = Arc::new(Metrics::new(index.clone(), readings.clone(), cluster.clone(), store.clone(), clock.clone(), step_ms));
        let refresh = Duration::from_millis(settings.board_refresh_ms);
        let app_list = Arc::new(AppList::new(store.clone(), clock.clone(), refresh, &index.world()).await?);
        let apps = Arc::new(Apps {
            index: index.clone(),
            observer: observer.clone(),
            list: app_list.clone(),
            usage: metrics.usage(),
            readings: readings.clone(),
            manifests: cluster.clone(),
            revisions: cluster.clone(),
            clock: clock.clone(),
        });
        let bounds =
            Bounds { logs: settings.logs_at_once, sources: settings.log_sources_at_once, read_ahead: settings.log_read_ahead, pool: settings.log_pool };
        let logs = Arc::new(Logs::new(index.clone(), cluster.clone(), clock.clone(), bounds));
        let secret_names = Arc::new(SecretNames::new(cluster.clone(), clock.clone()));
        Ok(Self(Arc::new(Inner {
            index,
            observer,
            metrics,
            apps,
            logs,
            app_list,
            readings,
            secret_names,
            deleted,
            operations,
            hashes: AtomicU64::new(0),
            stored_passwords: tokio::sync::Mutex::new(()),
            queues: Queues::new(),
            recent_refusals: RecentRefusals::default(),
            paces: paces(),
            hashing: Hashing::new(settings.hashes_at_once),
            tasks: TaskTracker::new(),
            looks: Looks::default(),
            storage: watch::Sender::default(),
            kept: Kept::default(),
            unsaved: Unsaved::default(),
            stands_still: AtomicBool::new(false),
            decoy: OnceCell::new(),
            set_up_token: Mutex::new(None),
            access: AccessSignal::default(),
            teams: watch::Sender::new(0),
            own_key,
            store,
            cluster,
            clock,
            rng,
            settings,
        })))
    }

    /// Runs the jobs of the background until `stop` is cancelled. After a fault in one of them the others go on, and the portal
    /// is not healthy any more: what stays as it is would deceive everybody.
    pub async fn run(&self, stop: CancellationToken) {
        jobs::drive(self.jobs(), stop, || self.stand_still()).await;
    }

    /// All work in the background, and what each of it depends on.
    fn jobs(&self) -> Vec<Driven> {
        let read_logs = self.settings().log_samples.then(|| Driven::new(ReadLogs::new(self.observer.clone())));
        let inputs = self.board_inputs();
        let jobs = [
            Driven::new(ReadTeams::new(self.app_list.clone())).on(self.team_signal().subscribe()),
            Driven::new(KeepBoard::new(self.app_list.clone(), inputs.clone()))
                .on(inputs.world)
                .on(self.app_list.known_teams())
                .on(inputs.usage)
                .on(inputs.storage)
                .on(inputs.seen),
            Driven::new(ReadUsage::new(self.metrics.clone(), self.observer.clone(), self.clone())),
            Driven::new(WriteSamples::new(&self.metrics, self.clone())).on(self.kept().samples_came()).on(self.storage_cell().subscribe()),
            Driven::new(Prune::new(self)),
            Driven::new(CatchUp::new(self)),
            Driven::new(SettleOperations::new(self)),
        ];
        jobs.into_iter().chain(read_logs).collect()
    }

    pub(crate) fn board_inputs(&self) -> Inputs {
        Inputs { world: self.index.changes(), usage: self.metrics.usage(), storage: self.storage_cell().subscribe(), seen: self.observer.seen() }
    }

    /// Whether this namespace is one of those that the portal was told to serve.
    pub(crate) fn serves(&self, namespace: &Namespace) -> bool {
        self.settings().namespaces.as_ref().is_none_or(|served| served.contains(namespace))
    }

    /// Some of what people see is not kept up to date any more.
    pub(crate) fn stand_still(&self) {
        self.0.stands_still.store(true, Ordering::Relaxed);
    }

    pub(crate) fn stands_still(&self) -> bool {
        self.0.stands_still.load(Ordering::Relaxed)
    }

    /// The time of day, as the portal sees it.
    #[must_use]
    pub fn now(&self) -> UnixMs {
        self.0.clock.now()
    }

    /// The time that lengths are measured with.
    #[must_use]
    pub(crate) fn steady(&self) -> Steady {
        self.0.clock.steady()
    }

    /// Changes that are under way. The process must not end before they do.
    #[must_use]
    pub fn tasks(&self) -> &TaskTracker {
        &self.0.tasks
    }

    pub(crate) fn store(&self) -> &dyn Store {
        self.0.store.as_ref()
    }

    pub(crate) fn cluster(&self) -> &Arc<dyn Cluster> {
        &self.0.cluster
    }

    pub(crate) fn rng(&self) -> &dyn Rng {
        self.0.rng.as_ref()
    }

    /// What the operator has set.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    pub(crate) fn hashing(&self) -> &Hashing {
        &self.0.hashing
    }

    pub(crate) fn hashes(&self) -> &AtomicU64 {
        &self.0.hashes
    }

    pub(crate) fn stored_passwords(&self) -> &tokio::sync::Mutex<()> {
        &self.0.stored_passwords
    }

    pub(crate) fn queues(&self) -> &Queues {
        &self.0.queues
    }

    pub(crate) fn recent_refusals(&self) -> &RecentRefusals {
        &self.0.recent_refusals
    }

    pub(crate) fn paces(&self) -> &Paces {
        &self.0.paces
    }

    pub(crate) fn deleted(&self) -> &Deleted {
        &self.deleted
    }

    pub(crate) fn operations(&self) -> &Operations {
        &self.0.operations
    }

    pub(crate) fn looks(&self) -> &Looks {
        &self.0.looks
    }

    pub(crate) fn storage_cell(&self) -> &watch::Sender<Option<StorageTrouble>> {
        &self.0.storage
    }

    pub(crate) fn kept(&self) -> &Kept {
        &self.0.kept
    }

    pub(crate) fn unsaved(&self) -> &Unsaved {
        &self.0.unsaved
    }

    pub(crate) fn decoy(&self) -> &OnceCell<String> {
        &self.0.decoy
    }

    pub(crate) fn set_up_slot(&self) -> &Mutex<Option<SecretText>> {
        &self.0.set_up_token
    }

    pub(crate) fn access_signal(&self) -> &AccessSignal {
        &self.0.access
    }

    pub(crate) fn team_signal(&self) -> &watch::Sender<u64> {
        &self.0.teams
    }

    pub(crate) fn own_key(&self) -> &[u8; 32] {
        &self.0.own_key
    }

    // For use cases that are still methods of the portal.
    pub(crate) async fn reading(&self, actor: &Actor) -> Outcome<Reading> {
        self.readings.turn(actor).await
    }

    pub(crate) fn world(&self) -> Arc<World> {
        self.index.world()
    }

    pub(crate) fn known_namespaces(&self) -> Vec<Namespace> {
        self.index.namespaces()
    }

    pub(crate) fn facts(&self, namespace: &Namespace, app: &AppId) -> Outcome<Arc<AppFacts>> {
        self.index.facts(namespace, app)
    }

    pub(crate) fn touch_app(&self, app: &AppId) {
        self.observer.touch(app);
    }
}

#[cfg(test)]
pub(crate) mod fake;
