//! What the list page knows: a pure fold over the frames of one topic.

use super::ServerFrame;
use crate::view::{AppRow, ClusterHealth};
use crate::{AppId, Problem};
use std::collections::BTreeMap;

/// The rows of one [`super::Topic::Apps`], as the server last told them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BoardState {
    /// The topic's number; frames of other topics change nothing.
    pub topic: u32,
    /// The rows.
    pub rows: BTreeMap<AppId, AppRow>,
    /// How the portal stands to the cluster.
    pub health: ClusterHealth,
    /// The first whole list has come.
    pub loaded: bool,
    /// The topic cannot be had, or no longer.
    pub denied: Option<Problem>,
}

impl BoardState {
    /// Nothing known yet.
    #[must_use]
    pub fn new(topic: u32) -> Self {
        Self { topic, ..Self::default() }
    }

    /// What a page rendered by the server begins with.
    #[must_use]
    pub fn with_rows(topic: u32, rows: Vec<AppRow>, health: ClusterHealth) -> Self {
        let rows = rows.into_iter().map(|r| (r.id.clone(), r)).collect();
        Self { topic, rows, health, loaded: true, ..Self::default() }
    }

    /// Takes a frame. Returns whether anything changed.
    pub fn apply(&mut self, frame: ServerFrame) -> bool {
        match frame {
            ServerFrame::Apps { id, rows, health } if id == self.topic => {
                let fresh = Self::with_rows(id, rows, health);
                let changed = *self != fresh;
                *self = fresh;
                changed
            }
            ServerFrame::AppsDelta { id, set, gone, health } if id == self.topic => {
                let mut changed = false;
                for row in set {
                    changed |= self.rows.get(&row.id) != Some(&row);
                    self.rows.insert(row.id.clone(), row);
                }
                for app in gone {
                    changed |= self.rows.remove(&app).is_some();
                }
                if let Some(health) = health {
                    changed |= self.health != health;
                    self.health = health;
                }
                changed
            }
            ServerFrame::Denied { id, problem } if id == self.topic => {
                // What this person may no longer see leaves the page at once.
                self.rows.clear();
                self.denied = Some(problem);
                true
            }
            _ => false,
        }
    }
}
