//! What the list page knows: a pure fold over the frames of one topic.

use super::ServerFrame;
use crate::view::{AppRow, ClusterHealth, OwnTeams};
use crate::{AppId, ProblemDetails};
use std::collections::BTreeMap;

/// The rows of one [`super::Topic::Apps`], as the server last told them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BoardState {
    /// The topic's number; frames of other topics change nothing.
    pub topic: u32,
    /// What is shown of these namespaces in place of a row's team.
    pub teams: OwnTeams,
    /// The rows as this reader sees them.
    pub rows: BTreeMap<AppId, AppRow>,
    /// How the portal stands to the cluster.
    pub health: ClusterHealth,
    /// The first whole list has come.
    pub loaded: bool,
    /// The topic cannot be had, or no longer.
    pub denied: Option<ProblemDetails>,
}

impl BoardState {
    /// Nothing known yet.
    #[must_use]
    pub fn new(topic: u32) -> Self {
        Self { topic, ..Self::default() }
    }

    /// Takes a frame and says what of the page it changed.
    pub fn apply(&mut self, frame: ServerFrame) -> Changed {
        match frame {
            ServerFrame::Health { health } => {
                let around = self.health != health;
                self.health = health;
                Changed { apps: Vec::new(), around }
            }
            ServerFrame::Apps { id, teams, mut rows } if id == self.topic => {
                rows.iter_mut().for_each(|row| row.name_own_team(&teams));
                let rows = rows.into_iter().map(|r| (r.id.clone(), r)).collect();
                let now = Self { topic: id, teams, rows, health: std::mem::take(&mut self.health), loaded: true, denied: None };
                let before = std::mem::replace(self, now);
                let around = !before.loaded || before.denied.is_some();
                let set = self.rows.iter().filter(|(app, row)| before.rows.get(*app) != Some(*row)).map(|(app, _)| app.clone());
                let gone = before.rows.keys().filter(|app| !self.rows.contains_key(*app)).cloned();
                Changed { apps: set.chain(gone).collect(), around }
            }
            ServerFrame::AppsDelta { id, set, gone } if id == self.topic => {
                let mut changed = Changed::default();
                for mut row in set {
                    row.name_own_team(&self.teams);
                    if self.rows.get(&row.id) != Some(&row) {
                        changed.apps.push(row.id.clone());
                        self.rows.insert(row.id.clone(), row);
                    }
                }
                changed.apps.extend(gone.into_iter().filter(|app| self.rows.remove(app).is_some()));
                changed
            }
            ServerFrame::Denied { id, problem } if id == self.topic => {
                // What this person may no longer see leaves the page at once.
                self.denied = Some(problem);
                Changed { apps: std::mem::take(&mut self.rows).into_keys().collect(), around: true }
            }
            ServerFrame::Hello { .. }
            | ServerFrame::Apps { .. }
            | ServerFrame::AppsDelta { .. }
            | ServerFrame::App { .. }
            | ServerFrame::AppDelta { .. }
            | ServerFrame::LogSource { .. }
            | ServerFrame::LogNote { .. }
            | ServerFrame::Stale { .. }
            | ServerFrame::Denied { .. }
            | ServerFrame::Ping { .. }
            | ServerFrame::Bye { .. } => Changed::default(),
        }
    }
}

/// What of the page a frame changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changed {
    /// Apps that are new, gone, or say something else.
    pub apps: Vec<AppId>,
    /// What is told around the rows: the cluster's health, whether the list may be seen, that it is there at all.
    pub around: bool,
}

impl Changed {
    /// Anything.
    #[must_use]
    pub const fn any(&self) -> bool {
        self.around || !self.apps.is_empty()
    }
}
