//! A list as one open page has it.

use super::namespace::Items;
use super::{NamespaceRows, RowsNow};
use crate::access::Actor;
use domain::Namespace;
use domain::view::OwnTeams;
use std::collections::BTreeMap;
use std::mem;
use std::sync::Arc;

/// What a page has been told of the rows of some namespaces.
#[derive(Debug, Default)]
pub struct ListReader {
    spaces: BTreeMap<Namespace, Space>,
    /// What the page has of namespaces that it follows no more.
    left: BTreeMap<Namespace, Arc<NamespaceRows>>,
    teams: OwnTeams,
    /// The page has a whole list.
    told: bool,
}

#[derive(Debug)]
struct Space {
    now: RowsNow,
    /// What the page has.
    sent: Arc<NamespaceRows>,
}

impl ListReader {
    /// Follows these namespaces and no others. What the page has of one that it followed before stays known.
    pub fn follow(&mut self, wanted: BTreeMap<Namespace, RowsNow>) {
        let mut known = mem::take(&mut self.spaces);
        for (namespace, now) in wanted {
            let space = known.remove(&namespace).unwrap_or_else(|| Space { now, sent: self.left.remove(&namespace).unwrap_or_default() });
            self.spaces.insert(namespace, space);
        }
        self.left.extend(known.into_iter().map(|(namespace, space)| (namespace, space.sent)));
    }

    /// Forgets what the page has: the next frame is a whole list.
    pub fn forget(&mut self) {
        self.told = false;
    }

    /// Receivers that tell when the page may lack something.
    pub fn followed(&self) -> impl Iterator<Item = RowsNow> {
        self.spaces.values().map(|space| space.now.clone())
    }

    /// The text of the frame that brings the page up to date; `None` where it is. It reads as a
    /// [`domain::live::ServerFrame`] under the topic's number `id`.
    pub fn frame(&mut self, id: u32, actor: &Actor) -> Option<String> {
        let (mut set, mut gone, mut teams) = (Items::default(), Items::default(), OwnTeams::new());
        for (namespace, space) in &mut self.spaces {
            let now = space.now.borrow_and_update().clone();
            // Which team comes first is told with a namespace that is there.
            if let Some(own) = actor.own_team(namespace, now.team()).filter(|_| !now.is_empty()) {
                teams.insert(namespace.clone(), own.clone());
            }
            if self.told {
                now.write_changes(&space.sent, &mut set, &mut gone);
            }
            space.sent = now;
        }
        let left = mem::take(&mut self.left);
        // Where another team is shown, rows change that say the same as before.
        if !mem::replace(&mut self.told, true) || teams != self.teams {
            self.teams = teams;
            return self.whole(id);
        }
        left.values().for_each(|rows| rows.write_all_as_gone(&mut gone));
        if set.is_empty() && gone.is_empty() {
            return None;
        }
        Some(format!("{{\"t\":\"apps_delta\",\"id\":{id},\"set\":[{}],\"gone\":[{}]}}", set.as_str(), gone.as_str()))
    }

    fn whole(&self, id: u32) -> Option<String> {
        let teams = match self.teams.is_empty() {
            true => String::new(),
            false => {
                let teams = serde_json::to_string(&self.teams).inspect_err(|error| tracing::error!(%error, "the names of teams could not be written"));
                format!("\"teams\":{},", teams.ok()?)
            }
        };
        let mut rows = Items::default();
        self.spaces.values().for_each(|space| space.sent.write_rows(&mut rows));
        Some(format!("{{\"t\":\"apps\",\"id\":{id},{teams}\"rows\":[{}]}}", rows.as_str()))
    }
}
