//! The list of all apps as everybody's pages read it, kept up to date from the cluster's index.
//!
//! One job judges, and publishes the rows of each namespace that changed ([`Projections`]). A row that says the same as before
//! keeps its `Arc` and its text.

mod jobs;

pub(crate) use jobs::{Inputs, KeepBoard, ReadTeams};

use crate::access::{Actor, Viewer};
use crate::error::Outcome;
use crate::metrics::UsageNow;
use crate::observe::{Seen, with_observed};
use crate::ports::{Clock, NamespaceApps, Teams, World};
use crate::projection::{AppChanges, AppNow, HealthNow, NamespaceRows, Projections};
use domain::account::Team;
use domain::facts::AppFacts;
use domain::storage::{StorageNotice, StorageTrouble};
use domain::view::{AppRow, ClusterHealth};
use domain::{AppId, Language, Namespace, TeamName, UnixMs};
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// The board is judged anew for time alone no more often.
const LEAST_REFRESH: Duration = Duration::from_millis(100);

/// All apps at one moment.
#[derive(Clone, Debug, Default)]
pub struct Board {
    /// The rows of each namespace that the cluster has. One that did not change keeps its `Arc`.
    pub spaces: BTreeMap<Namespace, Arc<NamespaceRows>>,
    /// How the portal stands to the cluster.
    pub health: Arc<HealthNow>,
    /// Rises with every change.
    pub version: u64,
}

impl Board {
    /// All rows, ordered by identity.
    pub fn rows(&self) -> impl Iterator<Item = &Arc<AppRow>> {
        self.spaces.values().flat_map(|space| space.rows())
    }

    /// The row of an app.
    #[must_use]
    pub fn row(&self, app: &AppId) -> Option<&Arc<AppRow>> {
        self.spaces.get(&app.namespace)?.row(app)
    }

    /// The number of apps.
    #[must_use]
    pub fn apps(&self) -> usize {
        self.spaces.values().map(|space| space.rows().len()).sum()
    }
}

/// What the job remembers between two boards.
#[derive(Default)]
pub(crate) struct Keeper {
    language: Language,
    namespaces: BTreeMap<Namespace, Arc<NamespaceApps>>,
    teams: BTreeMap<Namespace, TeamName>,
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
        self.teams.clear();
        for team in teams {
            for namespace in team.namespaces {
                self.teams.entry(namespace).or_insert_with(|| team.name.clone());
            }
        }
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
        let version = self.board.version + 1;
        let mut changed = false;
        let touched = std::mem::take(&mut self.touched);
        let spaces: HashSet<_> = touched.iter().map(|id| &id.namespace).collect();
        for (namespace, apps) in &world.namespaces {
            let before = self.namespaces.get(namespace);
            if how == Judge::Changed && !spaces.contains(namespace) && before.is_some_and(|b| Arc::ptr_eq(b, apps)) {
                continue;
            }
            let (before, known) = (before.cloned().unwrap_or_default(), self.board.spaces.get(namespace));
            let rows = known.cloned().unwrap_or_default();
            let mut set = Vec::new();
            for (id, facts) in &apps.apps {
                let known = rows.row(id);
                let same = !touched.contains(id) && before.apps.get(id).is_some_and(|b| Arc::ptr_eq(b, facts));
                if how == Judge::Changed && same && known.is_some() {
                    continue;
                }
                let row = self.row(facts, now);
                if known.is_none_or(|k| **k != row) {
                    set.push(row);
                }
            }
            let gone: Vec<_> = rows.rows().filter(|row| !apps.apps.contains_key(&row.id)).map(|row| row.id.clone()).collect();
            let team = self.teams.get(namespace);
            if !set.is_empty() || !gone.is_empty() || rows.team() != team || known.is_none() {
                self.board.spaces.insert(namespace.clone(), Arc::new(rows.next(version, team.cloned(), set, &gone)));
                changed = true;
            }
        }
        self.board.spaces.retain(|namespace, _| {
            let there = world.namespaces.contains_key(namespace);
            changed |= !there;
            there
        });
        self.namespaces.clone_from(&world.namespaces);
        let storage = self.storage.map(|trouble| StorageNotice { trouble, admin: false });
        let cluster = ClusterHealth { metrics: self.usage.answered.or(world.health.metrics), storage, ..world.health.clone() };
        if cluster != self.board.health.cluster || world.lacks != self.board.health.lacks {
            self.board.health = Arc::new(HealthNow { cluster, lacks: world.lacks.clone() });
            changed = true;
        }
        changed.then(|| {
            self.board.version = version;
            self.board.clone()
        })
    }

    /// What an app is in this world, with what was observed and measured of it.
    fn app(&self, world: &World, app: &AppId) -> Option<AppNow> {
        app_now(world, &self.seen, &self.usage, app)
    }

    fn row(&self, facts: &Arc<AppFacts>, now: UnixMs) -> AppRow {
        let facts = &*with_observed(facts, &self.seen);
        let id = &facts.workload.id;
        domain::describe::row(facts, self.teams.get(&id.namespace).cloned(), self.usage.app(id, facts.workload.created), now, self.language)
    }
}

fn app_now(world: &World, seen: &Seen, usage: &Arc<UsageNow>, app: &AppId) -> Option<AppNow> {
    let facts = world.namespaces.get(&app.namespace)?.apps.get(app)?.clone();
    Some(AppNow { facts, observed: seen.get(app).cloned(), usage: usage.clone() })
}

/// The list of all apps, which its job keeps up to date.
pub struct AppList {
    teams: Arc<dyn Teams>,
    clock: Arc<dyn Clock>,
    /// How long the board may stand where nothing but time changes it.
    refresh: Duration,
    inputs: Inputs,
    /// The teams as they were read last.
    known_teams: watch::Sender<Arc<Vec<Team>>>,
    board: watch::Sender<Arc<Board>>,
    projections: Projections,
}

impl AppList {
    /// The list as it is before any job runs: it shows from the first request on.
    ///
    /// # Errors
    /// Where the teams cannot be read.
    pub(crate) async fn new(teams: Arc<dyn Teams>, clock: Arc<dyn Clock>, refresh: Duration, inputs: Inputs) -> Outcome<Self> {
        let known = teams.teams().await?;
        let mut keeper = Keeper { language: inputs.language, ..Keeper::default() };
        keeper.set_teams(known.clone());
        let board = keeper.judge(&inputs.world.borrow(), Judge::All, clock.now()).unwrap_or_default();
        let (known_teams, refresh) = (watch::Sender::new(Arc::new(known)), refresh.max(LEAST_REFRESH));
        let list = Self { teams, clock, refresh, inputs, known_teams, board: watch::Sender::default(), projections: Projections::default() };
        list.publish(board);
        Ok(list)
    }

    /// The list of all apps, and a signal whenever it changed. Filter it by what the reader may see.
    #[must_use]
    pub fn board(&self) -> watch::Receiver<Arc<Board>> {
        self.board.subscribe()
    }

    /// What open lists and pages are told.
    #[must_use]
    pub fn projections(&self) -> &Projections {
        &self.projections
    }

    /// An app, and a signal whenever it is another, or something else was observed or measured of it.
    #[must_use]
    pub fn follow(&self, viewer: &Viewer<'_>, app: &AppId) -> AppChanges {
        let Inputs { world, usage, seen, .. } = &self.inputs;
        self.projections.app(viewer, app, || app_now(&world.borrow(), &seen.borrow(), &usage.borrow(), app))
    }

    /// What the list is made of beside the teams.
    pub(crate) fn inputs(&self) -> Inputs {
        self.inputs.clone()
    }

    /// The teams as they were read last, and a signal whenever they are others.
    pub(crate) fn known_teams(&self) -> watch::Receiver<Arc<Vec<Team>>> {
        self.known_teams.subscribe()
    }

    /// How the portal stands to the cluster, for this person; without one, nothing of what it may not do.
    #[must_use]
    pub fn health(&self, actor: Option<&Actor>) -> ClusterHealth {
        let health = self.board.borrow().health.clone();
        actor.map_or_else(|| health.cluster.clone(), |actor| health.told_to(actor))
    }

    // Whoever is told by a channel and then reads the board finds at least that.
    fn publish(&self, board: Board) {
        let board = Arc::new(board);
        self.board.send_replace(board.clone());
        self.projections.publish(board.version, &board.spaces);
        self.projections.publish_health(&board.health);
    }
}

#[cfg(test)]
mod tests;
