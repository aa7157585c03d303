//! The cluster's index as use cases read it: the apps of each namespace that the portal watches.

use crate::deleted::Deleted;
use crate::error::{Failure, Outcome};
use crate::ports::{Clock, World, WorldSource};
use domain::facts::AppFacts;
use domain::problem::AppProblem;
use domain::{AppId, Namespace};
use std::sync::Arc;
use tokio::sync::watch;

/// The cluster's index.
pub struct Index {
    source: Arc<dyn WorldSource>,
    deleted: Arc<Deleted>,
    clock: Arc<dyn Clock>,
}

impl Index {
    pub(crate) fn new(source: Arc<dyn WorldSource>, deleted: Arc<Deleted>, clock: Arc<dyn Clock>) -> Self {
        Self { source, deleted, clock }
    }

    /// A signal whenever anything in the index has changed; what it was, the readers find by themselves.
    #[must_use]
    pub fn changes(&self) -> watch::Receiver<Arc<World>> {
        self.source.world()
    }

    /// The index as it is now.
    pub(crate) fn world(&self) -> Arc<World> {
        self.source.world().borrow().clone()
    }

    /// What an app is now; nothing where there is none.
    pub(crate) fn app(&self, app: &AppId) -> Option<Arc<AppFacts>> {
        self.source.world().borrow().namespaces.get(&app.namespace)?.apps.get(app).cloned()
    }

    /// The facts of an app of the namespace that a capability is for. Whoever names an app of another namespace
    /// learns nothing of it.
    ///
    /// # Errors
    /// Where there is no such app, or the cluster has not been read yet.
    pub(crate) fn facts(&self, namespace: &Namespace, app: &AppId) -> Outcome<Arc<AppFacts>> {
        let world = self.world();
        let facts = (app.namespace == *namespace).then(|| world.namespaces.get(namespace)?.apps.get(app).cloned());
        match facts.flatten() {
            Some(facts) => Ok(facts),
            None if !world.health.ready => Err(Failure::told(AppProblem::StillLoading)),
            None => {
                let deleted = (app.namespace == *namespace).then(|| self.deleted.told(app, self.clock.steady())).flatten();
                Err(Failure::told(AppProblem::NotFound { kind: app.kind, name: app.name.clone(), namespace: namespace.clone(), deleted }))
            }
        }
    }
}
