//! A portal whose cluster and store are in memory, for the tests of this room.

mod cluster;
mod facts;
mod operations;
mod store;

pub(crate) use cluster::FakeCluster;
pub(crate) use facts::*;
pub(crate) use operations::{operation, restart};
pub(crate) use store::FakeStore;

use crate::access::Actor;
use crate::access::capability::Roles;
use crate::board::KeepBoard;
use crate::catch_up::CatchUp;
use crate::jobs::Job as _;
use crate::origin::Origin;
use crate::ports::*;
use crate::{Portal, Settings};
use domain::account::{Role, User};
use domain::{Namespace, TeamName, UnixMs, Username};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

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

pub(crate) struct FakeRng;

impl Rng for FakeRng {
    fn fill(&self, buffer: &mut [u8]) {
        buffer.fill(7);
    }
}

/// A portal and what it stands on.
pub(crate) struct Fake {
    pub(crate) portal: Portal,
    pub(crate) cluster: Arc<FakeCluster>,
    pub(crate) store: Arc<FakeStore>,
    pub(crate) clock: Arc<FakeClock>,
    keeps_board: AtomicBool,
}

impl Fake {
    pub(crate) async fn new() -> Self {
        Self::with(Settings::default()).await
    }

    pub(crate) async fn with(settings: Settings) -> Self {
        let (cluster, store, clock) =
            (Arc::new(FakeCluster::default()), Arc::new(FakeStore::default()), Arc::new(FakeClock(AtomicI64::new(START), AtomicI64::new(0))));
        let portal = Portal::new(Ports::of(&store, &cluster, clock.clone(), Arc::new(FakeRng)), settings).await.unwrap();
        Self { portal, cluster, store, clock, keeps_board: AtomicBool::new(false) }
    }

    /// Keeps the board from here on, so that whoever follows an app hears of it.
    pub(crate) fn keep_board(&self) {
        if self.keeps_board.swap(true, Ordering::SeqCst) {
            return;
        }
        let (mut job, mut world) = (KeepBoard::new(self.portal.app_list.clone()), self.portal.index.changes());
        tokio::spawn(async move {
            loop {
                world.borrow_and_update();
                job.run_once().await;
                if world.changed().await.is_err() {
                    return;
                }
            }
        });
    }

    /// Another run of the portal on the same store and cluster, as after a kill.
    pub(crate) async fn again(&self) -> Self {
        let (cluster, store, clock) = (self.cluster.clone(), self.store.clone(), self.clock.clone());
        let portal = Portal::new(Ports::of(&store, &cluster, clock.clone(), Arc::new(FakeRng)), Settings::default()).await.unwrap();
        Self { portal, cluster, store, clock, keeps_board: AtomicBool::new(false) }
    }

    /// The job that gives the store what has waited for it.
    pub(crate) fn catch_up(&self) -> CatchUp {
        CatchUp::new(self.portal.storage.clone(), self.portal.limiter.clone(), self.portal.health.clone())
    }

    /// Action, outcome and detail of each audit entry.
    pub(crate) fn audited(&self) -> Vec<String> {
        let said = |e: &NewAudit| format!("{} {} {}", e.deed.act.slug(), e.outcome.slug(), domain::english::audit::detail(&e.deed, e.outcome, &e.detail));
        self.store.audit.lock().unwrap().iter().map(said).collect()
    }
}

/// A person with this role in namespace `web`.
pub(crate) fn actor(role: Role) -> Actor {
    actor_in([("web", None, role)])
}

/// A person with these roles: namespace, the team that gives the role, the role.
pub(crate) fn actor_in<'a>(roles: impl IntoIterator<Item = (&'a str, Option<&'a str>, Role)>) -> Actor {
    let roles = roles.into_iter().map(|(space, team, role)| (namespace(space), (team.map(|t| TeamName::parse(t).unwrap()), role)));
    person(false, roles.collect())
}

/// An admin who is in no team, as of a time when no namespace was known.
pub(crate) fn admin() -> Actor {
    person(true, BTreeMap::new())
}

fn person(admin: bool, roles: Roles) -> Actor {
    let name = Username::parse("ann").unwrap();
    let user = User { id: 1, name, display: "Ann".into(), admin, disabled: false, created: UnixMs(0), last_seen: None };
    let origin = Origin { address: "192.0.2.1".into(), agent: "test".into(), asked: String::new() };
    Actor::new(user, 1, [0; 32], origin, roles)
}

pub(crate) fn namespace(name: &str) -> Namespace {
    Namespace::parse(name).unwrap()
}
