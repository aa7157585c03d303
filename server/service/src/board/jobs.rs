//! What keeps the board up to date.

use super::{Judge, Keeper};
use crate::jobs::Job;
use crate::metrics::UsageNow;
use crate::observe::Seen;
use crate::portal::Portal;
use crate::ports::World;
use async_trait::async_trait;
use domain::account::Team;
use domain::storage::StorageTrouble;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::Instant;

/// The teams are read again after this time, also where nothing said that they changed.
const TEAMS_AGAIN: Duration = Duration::from_secs(10 * 60);

/// How long the board may stand where nothing but time changes it.
fn refresh(portal: &Portal) -> Duration {
    Duration::from_millis(portal.settings().board_refresh_ms.max(100))
}

/// Reads the teams for the board. A job apart from it: a database that is busy does not hold up what the cluster says.
pub(crate) struct ReadTeams {
    portal: Portal,
    failed: bool,
}

impl ReadTeams {
    pub(crate) fn new(portal: &Portal) -> Self {
        Self { portal: portal.clone(), failed: false }
    }
}

#[async_trait]
impl Job for ReadTeams {
    fn name(&self) -> &'static str {
        "read teams"
    }

    fn period(&self) -> Duration {
        if self.failed { refresh(&self.portal) } else { TEAMS_AGAIN }
    }

    async fn run_once(&mut self) {
        let read = self.portal.store().teams().await;
        self.failed = read.is_err();
        match read {
            Ok(teams) => {
                self.portal.known_teams().send_if_modified(|known| {
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

/// Judges what has changed since the last run; all of it where teams or usage changed, or where time did.
pub(crate) struct KeepBoard {
    portal: Portal,
    world: watch::Receiver<Arc<World>>,
    teams: watch::Receiver<Arc<Vec<Team>>>,
    usage: watch::Receiver<Arc<UsageNow>>,
    storage: watch::Receiver<Option<StorageTrouble>>,
    seen: watch::Receiver<Arc<Seen>>,
    keeper: Keeper,
    /// When time has changed it.
    due: Instant,
    first: bool,
}

impl KeepBoard {
    pub(crate) fn new(portal: &Portal) -> Self {
        let mut keeper = Keeper::default();
        keeper.board.version = portal.board_cell().borrow().version;
        let mut seen = portal.observer.seen();
        // What was there before counts as changed.
        seen.mark_changed();
        let mut teams = portal.known_teams().subscribe();
        teams.mark_changed();
        Self {
            world: portal.cluster().world(),
            teams,
            usage: portal.metrics.usage(),
            storage: portal.storage_cell().subscribe(),
            seen,
            keeper,
            due: Instant::now(),
            first: true,
            portal: portal.clone(),
        }
    }

    /// Takes what has changed beside the world, and tells how much is to be judged.
    fn take(&mut self) -> Judge {
        let mut how = if changed(&self.usage) { Judge::All } else { Judge::Changed };
        if changed(&self.teams) {
            self.keeper.set_teams(self.teams.borrow_and_update().to_vec());
            how = Judge::All;
        }
        if changed(&self.seen) {
            self.keeper.set_seen(self.seen.borrow_and_update().clone());
        }
        let now = Instant::now();
        if now >= self.due {
            self.due = now + refresh(&self.portal);
            how = Judge::All;
        }
        if how == Judge::All {
            self.keeper.set_usage(self.usage.borrow_and_update().clone());
        }
        self.keeper.storage = *self.storage.borrow_and_update();
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
        let world = self.world.borrow_and_update().clone();
        let judged = self.keeper.judge(&world, how, self.portal.now());
        // The first board goes out in any case: the one from the start may hold apps that are gone.
        if let Some(board) = judged.or_else(|| self.first.then(|| self.keeper.board.clone())) {
            self.portal.board_cell().send_replace(Arc::new(board));
        }
        self.first = false;
    }
}
