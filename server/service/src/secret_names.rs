//! Names of secrets for the search, which asks for them at each letter: read once, then kept for some seconds.

use crate::access::Viewer;
use crate::ports::{Clock, ClusterSecrets};
use domain::{Namespace, UnixMs};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// How long names are taken for what is there, in milliseconds.
const FRESH_MS: i64 = 20_000;
/// Namespaces remembered; then those that are no longer fresh go, or all.
const MAX_NAMESPACES: usize = 256;

type Names = Arc<Vec<String>>;

/// Names of secrets, read where they are not known.
pub(crate) struct SecretNames {
    secrets: Arc<dyn ClusterSecrets>,
    clock: Arc<dyn Clock>,
    /// By namespace, each with the moment at which they were read.
    known: Mutex<HashMap<Namespace, (UnixMs, Names)>>,
}

impl SecretNames {
    pub(crate) fn new(secrets: Arc<dyn ClusterSecrets>, clock: Arc<dyn Clock>) -> Self {
        Self { secrets, clock, known: Mutex::default() }
    }

    /// Names of the secrets of a namespace, some seconds old at most; none where the cluster refuses or does not answer,
    /// because a search goes on without them.
    pub(crate) async fn of(&self, viewer: &Viewer<'_>) -> Names {
        let (namespace, now) = (viewer.namespace(), self.clock.now());
        if let Some(names) = self.fresh(namespace, now) {
            return names;
        }
        let names = Arc::new(self.secrets.secret_names(namespace).await.unwrap_or_default());
        self.keep(namespace, now, &names);
        names
    }

    fn fresh(&self, namespace: &Namespace, now: UnixMs) -> Option<Names> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let (read, names) = known.get(namespace)?;
        is_fresh(*read, now).then(|| Arc::clone(names))
    }

    fn keep(&self, namespace: &Namespace, now: UnixMs, names: &Names) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MAX_NAMESPACES {
            known.retain(|_, (read, _)| is_fresh(*read, now));
        }
        if known.len() >= MAX_NAMESPACES {
            known.clear();
        }
        known.insert(namespace.clone(), (now, Arc::clone(names)));
    }
}

// A clock that was set back makes nothing fresh for longer.
fn is_fresh(read: UnixMs, now: UnixMs) -> bool {
    (0..FRESH_MS).contains(&now.since(read))
}
