//! The rows of apps as open lists are told them: one channel per namespace, and each row serialised once for all readers.
//!
//! One job publishes. A reader holds a receiver for each namespace that it may see, so a change of one namespace wakes
//! nobody who looks at another. A receiver takes a capability to get.

mod app;
mod health;
mod namespace;
mod reader;
#[cfg(test)]
mod tests;

pub use app::{AppChanges, AppNow};
pub use health::HealthNow;
pub use namespace::NamespaceRows;
pub use reader::ListReader;

use crate::access::Viewer;
use app::AppChannels;
use domain::{AppId, Namespace};
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, PoisonError, RwLock};
use tokio::sync::watch;

/// The newest rows of a namespace, and a signal whenever they are others.
pub type RowsNow = watch::Receiver<Arc<NamespaceRows>>;

/// The channels of all namespaces that the cluster has or somebody listens to.
#[derive(Debug, Default)]
pub struct Projections {
    spaces: RwLock<BTreeMap<Namespace, watch::Sender<Arc<NamespaceRows>>>>,
    /// The namespaces that the cluster has.
    names: watch::Sender<Arc<BTreeSet<Namespace>>>,
    health: watch::Sender<Arc<HealthNow>>,
    apps: AppChannels,
}

impl Projections {
    /// The rows of a namespace. One that the cluster does not have is empty, and may come.
    #[must_use]
    pub fn namespace(&self, viewer: &Viewer<'_>) -> RowsNow {
        self.rows_of(viewer.namespace())
    }

    fn rows_of(&self, namespace: &Namespace) -> RowsNow {
        if let Some(rows) = self.spaces.read().unwrap_or_else(PoisonError::into_inner).get(namespace) {
            return rows.subscribe();
        }
        self.spaces.write().unwrap_or_else(PoisonError::into_inner).entry(namespace.clone()).or_default().subscribe()
    }

    /// The namespaces that the cluster has, and a signal whenever they are others.
    #[must_use]
    pub fn names(&self) -> watch::Receiver<Arc<BTreeSet<Namespace>>> {
        self.names.subscribe()
    }

    /// How the portal stands to the cluster, and a signal whenever that changes. Nobody may know all of it; see
    /// [`HealthNow::told_to`].
    #[must_use]
    pub fn health(&self) -> watch::Receiver<Arc<HealthNow>> {
        self.health.subscribe()
    }

    /// An app of the namespace that a capability is for; `now` tells what it is, where nobody follows it yet. Whoever names an
    /// app of another namespace follows none.
    pub(crate) fn app(&self, viewer: &Viewer<'_>, app: &AppId, now: impl FnOnce() -> Option<AppNow>) -> AppChanges {
        if app.namespace == *viewer.namespace() { self.apps.follow(app, now) } else { watch::channel(None).1 }
    }

    /// Tells what apps are now that are followed.
    pub(crate) fn publish_apps(&self, now: impl Fn(&AppId) -> Option<AppNow>) {
        self.apps.publish(now);
    }

    /// Takes how the portal stands to the cluster.
    pub(crate) fn publish_health(&self, now: &Arc<HealthNow>) {
        self.health.send_if_modified(|before| {
            let changed = **before != **now;
            if changed {
                *before = now.clone();
            }
            changed
        });
    }

    /// Takes all namespaces as they are now. `version` is higher than that of any rows before.
    ///
    /// The channel of a namespace that is gone stays as long as somebody listens: they hear that its apps are gone, and hear
    /// again where it comes back.
    pub(crate) fn publish(&self, version: u64, now: &BTreeMap<Namespace, Arc<NamespaceRows>>) {
        let mut spaces = self.spaces.write().unwrap_or_else(PoisonError::into_inner);
        for (namespace, rows) in now {
            match spaces.entry(namespace.clone()) {
                Entry::Vacant(new) => drop(new.insert(watch::Sender::new(rows.clone()))),
                Entry::Occupied(known) => {
                    known.get().send_if_modified(|before| {
                        let changed = !Arc::ptr_eq(before, rows);
                        if changed {
                            *before = rows.clone();
                        }
                        changed
                    });
                }
            }
        }
        spaces.retain(|namespace, rows| {
            if now.contains_key(namespace) {
                return true;
            }
            rows.send_if_modified(|before| {
                let had_any = !before.is_empty();
                if had_any {
                    *before = Arc::new(NamespaceRows::gone(version));
                }
                had_any
            });
            rows.receiver_count() > 0
        });
        drop(spaces);
        self.names.send_if_modified(|names| {
            let changed = !names.iter().eq(now.keys());
            if changed {
                *names = Arc::new(now.keys().cloned().collect());
            }
            changed
        });
    }
}
