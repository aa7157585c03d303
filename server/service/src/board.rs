//! The list of all apps as everybody's pages read it, kept up to date from the cluster's index.
//!
//! One job judges; readers take an `Arc`. A row that says the same as before keeps its `Arc`, so that a reader
//! finds what changed by comparing pointers.

mod jobs;

pub(crate) use jobs::{Inputs, KeepBoard, ReadTeams};

use crate::access::Actor;
use crate::error::Outcome;
use crate::metrics::UsageNow;
use crate::observe::{Seen, with_observed};
use crate::ports::{Clock, NamespaceApps, Teams, World};
use domain::account::Team;
use domain::facts::AppFacts;
use domain::kubernetes::Lack;
use domain::storage::{StorageNotice, StorageTrouble};
use domain::view::{AppRow, ClusterHealth};
use domain::{AppId, Namespace, TeamName, UnixMs, english};
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// The board is judged anew for time alone no more often.
const LEAST_REFRESH: Duration = Duration::from_millis(100);

/// All apps at one moment.
#[derive(Clone, Debug, Default)]
pub struct Board {
    /// The rows. One that did not change keeps its `Arc`.
    pub rows: BTreeMap<AppId, Arc<AppRow>>,
    /// The team that rows name, by namespace: the first by name of those that work in it.
    pub teams: Arc<BTreeMap<Namespace, TeamName>>,
    /// How the portal stands to the cluster, as [`World::health`].
    pub health: ClusterHealth,
    /// What the portal cannot show, in all namespaces.
    pub lacks: Vec<Lack>,
    /// Rises with every change.
    pub version: u64,
}

impl Board {
    /// How the portal stands to the cluster, as far as this person may know: the name of a namespace is told only to those
    /// who may see it.
    #[must_use]
    pub fn health_for(&self, actor: &Actor) -> ClusterHealth {
        let told = |lack: &&Lack| actor.user.admin || lack.namespace().is_none_or(|n| actor.role_in(n).is_some());
        let storage = self.health.storage.map(|notice| StorageNotice { admin: actor.user.admin, ..notice });
        ClusterHealth { refusals: self.lacks.iter().filter(told).map(english::cluster::lack).collect(), storage, ..self.health.clone() }
    }
}

/// What the job remembers between two boards.
#[derive(Default)]
pub(crate) struct Keeper {
    namespaces: BTreeMap<Namespace, Arc<NamespaceApps>>,
    teams: Arc<BTreeMap<Namespace, TeamName>>,
    usage: Arc<UsageNow>,
    storage: Option<StorageTrouble>,
    seen: Arc<Seen>,
    /// Apps of which something else was observed since the last board.
    touched: HashSet<AppId>,
    board: Board,
}

/// How much is judged again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Judge {
    /// Only apps whose facts are others than before.
    Changed,
    /// All: time went on, or teams or usage changed.
    All,
}

impl Keeper {
    /// Takes the namespaces of the teams; the first by name wins where two teams share a namespace.
    pub(crate) fn set_teams(&mut self, mut teams: Vec<Team>) {
        teams.sort_by(|a, b| a.name.cmp(&b.name));
        let mut first = BTreeMap::new();
        for team in teams {
            for namespace in team.namespaces {
                first.entry(namespace).or_insert_with(|| team.name.clone());
            }
        }
        self.teams = Arc::new(first);
    }

    pub(crate) fn set_usage(&mut self, usage: Arc<UsageNow>) {
        self.usage = usage;
    }

    /// Takes what was observed; the apps of which that is something else are judged again.
    pub(crate) fn set_seen(&mut self, seen: Arc<Seen>) {
        let other =
            |a: &Seen, b: &Seen| a.iter().filter(|(id, o)| b.get(*id).is_none_or(|b| !Arc::ptr_eq(b, *o))).map(|(id, _)| id.clone()).collect::<Vec<_>>();
        self.touched.extend(other(&self.seen, &seen));
        self.touched.extend(other(&seen, &self.seen));
        self.seen = seen;
    }

    /// Judges the world; a board only where it differs from the one before.
    pub(crate) fn judge(&mut self, world: &World, how: Judge, now: UnixMs) -> Option<Board> {
        let mut changed = false;
        let touched = std::mem::take(&mut self.touched);
        let spaces: HashSet<_> = touched.iter().map(|id| &id.namespace).collect();
        for (namespace, apps) in &world.namespaces {
            let before = self.namespaces.get(namespace);
            if how == Judge::Changed && !spaces.contains(namespace) && before.is_some_and(|b| Arc::ptr_eq(b, apps)) {
                continue;
            }
            let before = before.cloned().unwrap_or_default();
            for (id, facts) in &apps.apps {
                let known = self.board.rows.get(id);
                let same = !touched.contains(id) && before.apps.get(id).is_some_and(|b| Arc::ptr_eq(b, facts));
                if how == Judge::Changed && same && known.is_some() {
                    continue;
                }
                let row = self.row(facts, now);
                if known.is_none_or(|k| **k != row) {
                    self.board.rows.insert(id.clone(), Arc::new(row));
                    changed = true;
                }
            }
            for id in before.apps.keys().filter(|id| !apps.apps.contains_key(*id)) {
                changed |= self.board.rows.remove(id).is_some();
            }
        }
        for (namespace, apps) in &self.namespaces {
            if !world.namespaces.contains_key(namespace) {
                for id in apps.apps.keys() {
                    changed |= self.board.rows.remove(id).is_some();
                }
            }
        }
        self.namespaces.clone_from(&world.namespaces);
        let storage = self.storage.map(|trouble| StorageNotice { trouble, admin: false });
        let health = ClusterHealth { metrics: self.usage.answered.or(world.health.metrics), storage, ..world.health.clone() };
        if health != self.board.health || world.lacks != self.board.lacks {
            self.board.health = health;
            self.board.lacks.clone_from(&world.lacks);
            changed = true;
        }
        if self.teams != self.board.teams {
            self.board.teams = self.teams.clone();
            changed = true;
        }
        changed.then(|| {
            self.board.version += 1;
            self.board.clone()
        })
    }

    fn row(&self, facts: &Arc<AppFacts>, now: UnixMs) -> AppRow {
        let facts = &*with_observed(facts, &self.seen);
        let id = &facts.workload.id;
        domain::describe::row(facts, self.teams.get(&id.namespace).cloned(), self.usage.app(id, facts.workload.created), now)
    }
}

/// The list of all apps, which its job keeps up to date.
pub struct AppList {
    teams: Arc<dyn Teams>,
    clock: Arc<dyn Clock>,
    /// How long the board may stand where nothing but time changes it.
    refresh: Duration,
    /// The teams as they were read last.
    known_teams: watch::Sender<Arc<Vec<Team>>>,
    board: watch::Sender<Arc<Board>>,
}

impl AppList {
    /// The list as it is before any job runs: it shows from the first request on.
    ///
    /// # Errors
    /// Where the teams cannot be read.
    pub(crate) async fn new(teams: Arc<dyn Teams>, clock: Arc<dyn Clock>, refresh: Duration, world: &World) -> Outcome<Self> {
        let known = teams.teams().await?;
        let mut keeper = Keeper::default();
        keeper.set_teams(known.clone());
        let board = keeper.judge(world, Judge::All, clock.now()).unwrap_or_default();
        let (known_teams, board) = (watch::Sender::new(Arc::new(known)), watch::Sender::new(Arc::new(board)));
        Ok(Self { teams, clock, refresh: refresh.max(LEAST_REFRESH), known_teams, board })
    }

    /// The list of all apps, and a signal whenever it changed. Filter it by what the reader may see.
    #[must_use]
    pub fn board(&self) -> watch::Receiver<Arc<Board>> {
        self.board.subscribe()
    }

    /// The teams as they were read last, and a signal whenever they are others.
    pub(crate) fn known_teams(&self) -> watch::Receiver<Arc<Vec<Team>>> {
        self.known_teams.subscribe()
    }

    /// How the portal stands to the cluster, for this person; without one, nothing of what it may not do.
    #[must_use]
    pub fn health(&self, actor: Option<&Actor>) -> ClusterHealth {
        let board = self.board.borrow().clone();
        actor.map_or_else(|| board.health.clone(), |actor| board.health_for(actor))
    }
}

#[cfg(test)]
mod tests;
