//! Who owns whom, by uid: pod → replica set → deployment, pod → job → cron job.

use domain::AppId;
use std::collections::{BTreeSet, HashMap, VecDeque};

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
    parent: Option<String>,
}

/// The tree.
#[derive(Default)]
pub(super) struct Tree {
    nodes: HashMap<String, Node>,
    children: HashMap<String, BTreeSet<String>>,
    gone: VecDeque<String>,
}

impl Tree {
    /// Puts an object in its place.
    pub(super) fn insert(&mut self, uid: &str, item: Item, parent: Option<&str>) {
        self.detach(uid);
        if let Some(parent) = parent {
            self.children.entry(parent.to_owned()).or_default().insert(uid.to_owned());
        }
        self.nodes.insert(uid.to_owned(), Node { item, parent: parent.map(str::to_owned) });
    }

    /// An object was deleted; its place stays known for a while. Gives back the uid that is forgotten instead.
    pub(super) fn bury(&mut self, uid: &str) -> Option<String> {
        let node = self.nodes.get_mut(uid)?;
        node.item = Item::Gone;
        self.gone.push_back(uid.to_owned());
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
