//! Who owns whom, by uid: pod → replica set → deployment, pod → job → cron job.

use domain::AppId;
use std::collections::{BTreeSet, HashMap, VecDeque};
use std::sync::Arc;

/// Most deleted objects whose place is remembered, so that their last events are found.
const GONE: usize = 500;
/// An owner chain is three steps long; more would be a loop.
const DEPTH: usize = 5;

/// What stands at a place of the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Item {
    /// An app.
    App(AppId),
    /// A replica set, by name.
    Set(String),
    /// A job of a cron job, by name.
    Run(String),
    /// A pod, by name.
    Pod(String),
    /// Something deleted.
    Gone,
}

struct Node {
    item: Item,
    parent: Option<Arc<str>>,
}

/// The tree. A uid stands in it once, however many owners and owned objects name it.
#[derive(Default)]
pub(super) struct Tree {
    nodes: HashMap<Arc<str>, Node>,
    children: HashMap<Arc<str>, BTreeSet<Arc<str>>>,
    gone: VecDeque<Arc<str>>,
}

impl Tree {
    /// Puts an object in its place.
    pub(super) fn insert(&mut self, uid: &str, item: Item, parent: Option<&str>) {
        let uid = self.known(uid);
        let parent = parent.map(|parent| self.known(parent));
        self.detach(&uid);
        if let Some(parent) = &parent {
            self.children.entry(parent.clone()).or_default().insert(uid.clone());
        }
        self.nodes.insert(uid, Node { item, parent });
    }

    /// A uid, shared with the places where it stands already.
    fn known(&self, uid: &str) -> Arc<str> {
        let in_nodes = self.nodes.get_key_value(uid).map(|(known, _)| known);
        in_nodes.or_else(|| self.children.get_key_value(uid).map(|(known, _)| known)).map_or_else(|| uid.into(), Arc::clone)
    }

    /// An object was deleted; its place stays known for a while. Gives back the uid that is forgotten instead.
    pub(super) fn bury(&mut self, uid: &str) -> Option<Arc<str>> {
        let node = self.nodes.get_mut(uid)?;
        node.item = Item::Gone;
        let uid = self.known(uid);
        self.gone.push_back(uid);
        let oldest = if self.gone.len() > GONE { self.gone.pop_front() } else { None }?;
        // It may have come back under the same uid, if a delete was seen before a list.
        if self.nodes.get(&oldest).is_some_and(|n| n.item == Item::Gone) {
            self.detach(&oldest);
            return Some(oldest);
        }
        None
    }

    fn detach(&mut self, uid: &str) {
        let Some(parent) = self.nodes.remove(uid).and_then(|n| n.parent) else { return };
        if let Some(siblings) = self.children.get_mut(&parent) {
            siblings.remove(uid);
            if siblings.is_empty() {
                self.children.remove(&parent);
            }
        }
    }

    /// The app to which an object belongs.
    pub(super) fn app(&self, uid: &str) -> Option<&AppId> {
        let mut node = self.nodes.get(uid)?;
        for _ in 0..DEPTH {
            if let Item::App(id) = &node.item {
                return Some(id);
            }
            node = self.nodes.get(node.parent.as_deref()?)?;
        }
        None
    }

    /// Calls `visit` for an object and all that it owns.
    pub(super) fn walk<'a>(&'a self, uid: &'a str, visit: &mut impl FnMut(&'a str, &'a Item)) {
        self.step(uid, DEPTH, visit);
    }

    fn step<'a>(&'a self, uid: &'a str, depth: usize, visit: &mut impl FnMut(&'a str, &'a Item)) {
        if let Some(node) = self.nodes.get(uid) {
            visit(uid, &node.item);
        }
        if depth > 0 {
            for child in self.children.get(uid).into_iter().flatten() {
                self.step(child, depth - 1, visit);
            }
        }
    }
}
