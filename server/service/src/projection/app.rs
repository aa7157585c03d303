//! An app as its page, its open logs and whoever waits for it are told of it: one channel per app that anybody follows.

use crate::metrics::UsageNow;
use domain::AppId;
use domain::facts::{AppFacts, Observed};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::watch;

/// What the page of an app is judged from. Equal where nothing was replaced, which is much cheaper than to judge anew.
#[derive(Clone, Debug)]
pub struct AppNow {
    pub(crate) facts: Arc<AppFacts>,
    pub(crate) observed: Option<Arc<Observed>>,
    pub(crate) usage: Arc<UsageNow>,
}

impl PartialEq for AppNow {
    fn eq(&self, other: &Self) -> bool {
        let observed = match (&self.observed, &other.observed) {
            (Some(one), Some(another)) => Arc::ptr_eq(one, another),
            (one, another) => one.is_none() && another.is_none(),
        };
        observed && Arc::ptr_eq(&self.facts, &other.facts) && Arc::ptr_eq(&self.usage, &other.usage)
    }
}

/// An app, or that there is none of that name, and a signal whenever that is something else.
pub type AppChanges = watch::Receiver<Option<AppNow>>;

/// The channels of all apps that anybody follows.
#[derive(Debug, Default)]
pub(super) struct AppChannels(pub(super) Mutex<HashMap<AppId, watch::Sender<Option<AppNow>>>>);

impl AppChannels {
    /// Follows an app. `now` tells what it is: it is asked while nobody publishes, so nothing is missed in between.
    pub(super) fn follow(&self, app: &AppId, now: impl FnOnce() -> Option<AppNow>) -> AppChanges {
        let mut apps = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = apps.get(app) {
            return known.subscribe();
        }
        let channel = watch::Sender::new(now());
        let changes = channel.subscribe();
        apps.insert(app.clone(), channel);
        changes
    }

    /// Tells all that is followed what it is now, and forgets what nobody follows any more.
    pub(super) fn publish(&self, now: impl Fn(&AppId) -> Option<AppNow>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).retain(|app, channel| {
            let now = now(app);
            channel.send_if_modified(|before| {
                let changed = *before != now;
                if changed {
                    *before = now;
                }
                changed
            });
            channel.receiver_count() > 0
        });
    }
}
