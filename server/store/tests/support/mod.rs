//! A portal on a temporary database file, with a clock that the test moves and a cluster that does not answer.

use async_trait::async_trait;
use bytes::Bytes;
use domain::audit::AuditOutcome;
use domain::check::DryRun;
use domain::facts::{PortalChange, RevisionChange};
use domain::kubernetes::Away;
use domain::operation::recovery::Found;
use domain::operation::{Piece, Version, Work};
use domain::secret::{SecretSpec, SecretText};
use domain::spec::AppSpec;
use domain::view::{ContainerConfig, Revision};
use domain::{AppId, Namespace, SecretName, UnixMs, Username};
use futures::stream::BoxStream;
use service::access::Actor;
use service::origin::Origin;
use service::ports::{
    Again, AuditLog, Clock, ClusterError, ClusterResult, ClusterSecrets, Creations, Fate, KeyChanges, Keys, Listed, LogTarget, Manifests, NotCreated, PodLogs,
    PodMetrics, PodUsage, Ports, Recovery, Remains, Revisions, Rng, Steady, StoredSecret, UserState, Users, Workloads, World, WorldSource,
};
use service::{Portal, Settings};
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use store::SqliteStore;
use tempfile::TempDir;
use tokio::sync::watch;

/// What has passed, and by how much the time of day was set.
pub struct HandClock(AtomicI64, AtomicI64);

impl HandClock {
    pub fn advance(&self, ms: i64) {
        self.0.fetch_add(ms, Ordering::SeqCst);
    }

    pub fn set_by(&self, ms: i64) {
        self.1.fetch_add(ms, Ordering::SeqCst);
    }
}

impl Clock for HandClock {
    fn now(&self) -> UnixMs {
        self.steady().date().plus(self.1.load(Ordering::SeqCst))
    }
    fn steady(&self) -> Steady {
        Steady(self.0.load(Ordering::SeqCst))
    }
}

/// Never the same twice, always the same in the next run.
struct Counting(AtomicU64);

impl Rng for Counting {
    fn fill(&self, buffer: &mut [u8]) {
        let n = self.0.fetch_add(1, Ordering::SeqCst);
        for (i, byte) in buffer.iter_mut().enumerate() {
            *byte = n.to_le_bytes()[i % 8] ^ u8::try_from(i).unwrap();
        }
    }
}

struct Silent(watch::Sender<Arc<World>>);

fn away<T>() -> ClusterResult<T> {
    Err(ClusterError::Away(Away::Connection("there is none".into())))
}

impl WorldSource for Silent {
    fn world(&self) -> watch::Receiver<Arc<World>> {
        self.0.subscribe()
    }
}

#[async_trait]
impl PodMetrics for Silent {
    async fn usage(&self) -> ClusterResult<Vec<PodUsage>> {
        away()
    }
}

#[async_trait]
impl PodLogs for Silent {
    async fn logs(&self, _: &LogTarget) -> ClusterResult<BoxStream<'static, ClusterResult<Bytes>>> {
        away()
    }
}

#[async_trait]
impl Manifests for Silent {
    async fn configuration(&self, _: &AppId) -> ClusterResult<Vec<ContainerConfig>> {
        away()
    }
    async fn yaml(&self, _: &AppId) -> ClusterResult<String> {
        away()
    }
}

#[async_trait]
impl Revisions for Silent {
    async fn revisions(&self, _: &AppId) -> ClusterResult<Vec<Revision>> {
        away()
    }
    async fn last_change(&self, _: &AppId) -> ClusterResult<Option<RevisionChange>> {
        away()
    }
}

#[async_trait]
impl Workloads for Silent {
    async fn restart(&self, _: &AppId, _: &PortalChange) -> ClusterResult<Version> {
        away()
    }
    async fn scale(&self, _: &AppId, _: u32) -> ClusterResult<Version> {
        away()
    }
    async fn set_paused(&self, _: &AppId, _: bool) -> ClusterResult<Version> {
        away()
    }
    async fn rollback(&self, _: &AppId, _: u64, _: &PortalChange) -> ClusterResult<Version> {
        away()
    }
    async fn delete(&self, _: &AppId) -> ClusterResult<Remains> {
        away()
    }
}

#[async_trait]
impl Creations for Silent {
    async fn dry_run(&self, _: &AppSpec, _: &BTreeSet<Namespace>) -> ClusterResult<DryRun> {
        away()
    }
    async fn create(&self, _: &AppSpec, _: &BTreeSet<Namespace>, _: &PortalChange, _: &str) -> Result<AppId, NotCreated> {
        away().map_err(|error| NotCreated::Cluster { error, begun: true })
    }
}

#[async_trait]
impl Recovery for Silent {
    async fn look(&self, _: &AppId, _: &Work) -> ClusterResult<Found> {
        away()
    }
    async fn send_again(&self, _: &AppId, _: &Version, _: &Again) -> ClusterResult<Version> {
        away()
    }
    async fn finish_creation(&self, _: &AppId, _: &str, _: &[Piece]) -> ClusterResult<Option<Version>> {
        away()
    }
    async fn undo_creation(&self, _: &AppId, _: &str, _: Piece, _: &[Piece]) -> ClusterResult<Fate> {
        away()
    }
    async fn created_with(&self, _: &AppId) -> ClusterResult<Vec<(Piece, String)>> {
        Ok(Vec::new())
    }
    async fn finish_deletion(&self, _: &AppId, _: &str, _: &[(Piece, String)]) -> ClusterResult<bool> {
        away()
    }
}

#[async_trait]
impl ClusterSecrets for Silent {
    async fn secrets(&self, _: &Namespace, _: &mut (dyn FnMut(StoredSecret) + Send)) -> ClusterResult<bool> {
        away()
    }
    async fn secret_keys(&self, _: &Namespace) -> ClusterResult<Listed<Keys>> {
        away()
    }
    async fn secret_names(&self, _: &Namespace) -> ClusterResult<Vec<String>> {
        away()
    }
    async fn secret(&self, _: &Namespace, _: &SecretName) -> ClusterResult<StoredSecret> {
        away()
    }
    async fn create_secret(&self, _: &SecretSpec) -> ClusterResult<()> {
        away()
    }
    async fn change_secret(&self, _: &Namespace, _: &SecretName, _: &KeyChanges, _: &str) -> ClusterResult<()> {
        away()
    }
    async fn delete_secret(&self, _: &Namespace, _: &SecretName) -> ClusterResult<()> {
        away()
    }
    async fn config_maps(&self, _: &Namespace) -> ClusterResult<Listed<Keys>> {
        away()
    }
}

pub struct House {
    pub portal: Portal,
    pub clock: Arc<HandClock>,
    store: Arc<SqliteStore>,
    path: PathBuf,
    folder: TempDir,
}

/// The cheapest cost that argon2 takes, so that tests are quick.
fn cheap() -> Settings {
    Settings { argon2_memory_kib: 8, argon2_passes: 1, argon2_lanes: 1, ..Settings::default() }
}

pub async fn house() -> House {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("quayside.db");
    open(folder, path, cheap(), Arc::new(HandClock(AtomicI64::new(1_800_000_000_000), AtomicI64::new(0)))).await
}

async fn open(folder: TempDir, path: PathBuf, settings: Settings, clock: Arc<HandClock>) -> House {
    let store = Arc::new(SqliteStore::open(&path).await.unwrap());
    let cluster = Arc::new(Silent(watch::Sender::default()));
    let seed = Counting(AtomicU64::new(u64::from(settings.argon2_passes) * 1_000_000));
    let portal = Portal::new(Ports::of(&store, &cluster, clock.clone(), Arc::new(seed)), settings).await.unwrap();
    House { portal, clock, store, path, folder }
}

impl House {
    pub async fn restarted(self) -> Self {
        self.restarted_with(|_| {}).await
    }

    pub async fn restarted_with(self, change: impl FnOnce(&mut Settings)) -> Self {
        let mut settings = cheap();
        change(&mut settings);
        drop(self.portal);
        drop(self.store);
        open(self.folder, self.path, settings, self.clock).await
    }

    pub async fn admin(&self, origin: &Origin, password: &str) -> Actor {
        let token = self.portal.sessions.sign_in("admin", text(password), origin).await.unwrap().token;
        self.portal.authenticator.authenticate(token.expose(), origin).await.unwrap()
    }

    /// What is written in the background is written.
    pub async fn settled(&self) {
        self.portal.tasks.close();
        self.portal.tasks.wait().await;
    }

    /// Rows in the audit table that say that this was refused.
    pub async fn refusals(&self, action: &str) -> usize {
        self.settled().await;
        self.store.audit_rows(None, action, 10_000).await.unwrap().iter().filter(|r| r.outcome == AuditOutcome::Refused).count()
    }

    /// Disables a user as far as a portal comes that is killed before it has ended the sessions.
    pub async fn disable_only(&self, id: i64) {
        self.store.update_user(id, None, &UserState { display: String::new(), admin: false, disabled: true }).await.unwrap();
    }

    pub async fn phc(&self, name: &str) -> String {
        self.store.user_by_name(&Username::parse(name).unwrap()).await.unwrap().unwrap().1
    }
}

pub fn text(password: &str) -> SecretText {
    SecretText::new(password.to_owned())
}

pub fn from(address: &str) -> Origin {
    Origin { address: address.to_owned(), agent: "test".to_owned(), asked: String::new() }
}
