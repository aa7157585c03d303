//! Names of secrets for the search, which asks for them at each letter: read once, then kept for some seconds.

use crate::access::Viewer;
use crate::portal::Portal;
use domain::{Namespace, UnixMs};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// How long names are taken for what is there, in milliseconds.
const FRESH_MS: i64 = 20_000;
/// Namespaces remembered; then those that are no longer fresh go, or all.
const MAX_NAMESPACES: usize = 256;

type Names = Arc<Vec<String>>;

/// Names by namespace, each with the moment at which it was read.
#[derive(Default)]
pub(crate) struct SecretNames(Mutex<HashMap<Namespace, (UnixMs, Names)>>);

impl SecretNames {
    fn fresh(&self, namespace: &Namespace, now: UnixMs) -> Option<Names> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (read, names) = known.get(namespace)?;
        is_fresh(*read, now).then(|| Arc::clone(names))
    }

    fn keep(&self, namespace: &Namespace, now: UnixMs, names: &Names) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
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

impl Portal {
    /// Names of the secrets of a namespace, some seconds old at most; none where the cluster refuses or does not answer,
    /// because a search goes on without them.
    pub(crate) async fn secret_names(&self, viewer: &Viewer<'_>) -> Arc<Vec<String>> {
        let (namespace, now) = (viewer.namespace(), self.now());
        if let Some(names) = self.known_secret_names().fresh(namespace, now) {
            return names;
        }
        let names = Arc::new(self.cluster().secret_names(namespace).await.unwrap_or_default());
        self.known_secret_names().keep(namespace, now, &names);
        names
    }
}
