//! What keeps the board up to date.

use super::{AppList, Judge, Keeper};
use crate::jobs::Job;
use crate::metrics::UsageNow;
use crate::observe::Seen;
use crate::ports::World;
use async_trait::async_trait;
use domain::Language;
use domain::account::Team;
use domain::storage::StorageTrouble;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::Instant;

/// The teams are read again after this time, also where nothing said that they changed.
const TEAMS_AGAIN: Duration = Duration::from_secs(10 * 60);

/// Reads the teams for the board. A job apart from it: a database that is busy does not hold up what the cluster says.
pub(crate) struct ReadTeams {
    list: Arc<AppList>,
    failed: bool,
}

impl ReadTeams {
    pub(crate) fn new(list: Arc<AppList>) -> Self {
        Self { list, failed: false }
    }
}

#[async_trait]
impl Job for ReadTeams {
    fn name(&self) -> &'static str {
        "read teams"
    }

    fn period(&self) -> Duration {
        if self.failed { self.list.refresh } else { TEAMS_AGAIN }
    }

    async fn run_once(&mut self) {
        let read = self.list.teams.teams().await;
        self.failed = read.is_err();
        match read {
            Ok(teams) => {
                self.list.known_teams.send_if_modified(|known| {
                    let changed = **known != teams;
                    if changed {
                        *known = Arc::new(teams);
                    }
                    changed
                });
            }
            Err(error) => tracing::warn!(%error, "the teams could not be read; the list keeps the names it has"),
        }
    }
}

/// What the board is made of beside the list's own teams.
#[derive(Clone)]
pub(crate) struct Inputs {
    pub(crate) world: watch::Receiver<Arc<World>>,
    pub(crate) usage: watch::Receiver<Arc<UsageNow>>,
    pub(crate) storage: watch::Receiver<Option<StorageTrouble>>,
    pub(crate) seen: watch::Receiver<Arc<Seen>>,
    /// In which rows are written.
    pub(crate) language: Language,
}

/// Judges what has changed since the last run; all of it where teams or usage changed, or where time did.
pub(crate) struct KeepBoard {
    list: Arc<AppList>,
    from: Inputs,
    teams: watch::Receiver<Arc<Vec<Team>>>,
    keeper: Keeper,
    /// When time has changed it.
    due: Instant,
    first: bool,
}

impl KeepBoard {
    pub(crate) fn new(list: Arc<AppList>) -> Self {
        let mut from = list.inputs.clone();
        let mut keeper = Keeper { language: from.language, ..Keeper::default() };
        // The first board of this keeper may say something else than the one that is there.
        keeper.board.version = list.board.borrow().version + 1;
        // What was there before counts as changed.
        from.seen.mark_changed();
        let mut teams = list.known_teams();
        teams.mark_changed();
        Self { list, from, teams, keeper, due: Instant::now(), first: true }
    }

    /// Takes what has changed beside the world, and tells how much is to be judged.
    fn take(&mut self) -> Judge {
        let from = &mut self.from;
        let mut how = if changed(&from.usage) { Judge::All } else { Judge::Changed };
        if changed(&self.teams) {
            self.keeper.set_teams(self.teams.borrow_and_update().to_vec());
            how = Judge::All;
        }
        if changed(&from.seen) {
            self.keeper.set_seen(from.seen.borrow_and_update().clone());
        }
        let now = Instant::now();
        if now >= self.due {
            self.due = now + self.list.refresh;
            how = Judge::All;
        }
        if how == Judge::All {
            self.keeper.set_usage(from.usage.borrow_and_update().clone());
        }
        self.keeper.storage = *from.storage.borrow_and_update();
        how
    }
}

fn changed<T>(value: &watch::Receiver<T>) -> bool {
    // The driver sees that something has ended.
    value.has_changed().unwrap_or(false)
}

#[async_trait]
impl Job for KeepBoard {
    fn name(&self) -> &'static str {
        "board"
    }

    fn period(&self) -> Duration {
        self.due.saturating_duration_since(Instant::now())
    }

    async fn run_once(&mut self) {
        let how = self.take();
        let world = self.from.world.borrow_and_update().clone();
        let judged = self.keeper.judge(&world, how, self.list.clock.now());
        // The first board goes out in any case: the one from the start may hold apps that are gone.
        if let Some(board) = judged.or_else(|| self.first.then(|| self.keeper.board.clone())) {
            self.list.publish(board);
        }
        self.first = false;
        self.list.projections.publish_apps(|app| self.keeper.app(&world, app));
    }
}
