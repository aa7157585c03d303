//! Reading operations: one, several, and what becomes of one while it is under way.

use super::Operations;
use crate::access::{Actor, Viewer};
use crate::error::{Failure, Outcome};
use crate::ports::{self, OperationQuery};
use domain::AppId;
use domain::operation::{Operation, OperationId};
use domain::problem::AppProblem;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

/// Silence after which whoever follows an operation is told that it goes on. What was not told is found then as well.
const BEAT: Duration = Duration::from_secs(10);

/// An operation as it is, again and again until its end.
pub struct Following {
    rows: Arc<dyn ports::Operations>,
    feed: watch::Receiver<Option<Arc<Operation>>>,
    now: Arc<Operation>,
    is_told: bool,
}

impl Following {
    /// The operation that is followed, as it was last seen.
    #[must_use]
    pub fn operation(&self) -> &Operation {
        &self.now
    }

    /// The operation as it is: at once at first, then after each change, and every ten seconds where there is none. Nothing
    /// after its end has been told.
    pub async fn next(&mut self) -> Option<Arc<Operation>> {
        if !std::mem::replace(&mut self.is_told, true) {
            return Some(self.now.clone());
        }
        if !self.now.is_open() {
            return None;
        }
        let beat = Instant::now() + BEAT;
        tokio::select! {
            newer = newer(&mut self.feed) => self.now = newer,
            () = sleep_until(beat) => match self.rows.operation(self.now.id).await {
                // The row tells its end also where nobody has published that; of an open one the feed tells more.
                Ok(Some(row)) if !row.is_open() => self.now = Arc::new(row),
                Ok(Some(_)) => {}
                // It is forgotten, which only happens to what has ended long ago.
                Ok(None) => return None,
                Err(error) => tracing::warn!(%error, "an operation that is followed could not be looked at"),
            }
        }
        Some(self.now.clone())
    }
}

/// What is published next; never, where nothing is published any more.
async fn newer(feed: &mut watch::Receiver<Option<Arc<Operation>>>) -> Arc<Operation> {
    while feed.changed().await.is_ok() {
        if let Some(operation) = feed.borrow_and_update().clone() {
            return operation;
        }
    }
    std::future::pending().await
}

impl Operations {
    /// An operation on an app that this person may see.
    ///
    /// # Errors
    /// Not found, in the same words whether there is none or the person may not see it.
    pub async fn read(&self, actor: &Actor, id: OperationId) -> Outcome<Operation> {
        let found = self.rows.operation(id).await?;
        let seen = found.filter(|operation| self.access.role_now(actor, &operation.app.namespace).is_some());
        seen.ok_or_else(|| Failure::told(AppProblem::OperationNotFound { id }))
    }

    /// What becomes of an operation.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub async fn follow(&self, actor: &Actor, id: OperationId) -> Outcome<Following> {
        // Before the row is read, so that nothing is lost between both.
        let mut feed = self.feed.subscribe(id);
        let row = self.read(actor, id).await?;
        // What goes on between two writes is only told.
        let told = feed.borrow_and_update().clone().filter(|told| row.is_open() && told.moved >= row.moved);
        Ok(Following { rows: self.rows.clone(), feed, now: told.unwrap_or_else(|| Arc::new(row)), is_told: false })
    }

    /// Operations on apps that this person may see, the newest first. `query` names namespaces, or none for all of them.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub async fn list(&self, actor: &Actor, mut query: OperationQuery) -> Outcome<Vec<Operation>> {
        if query.namespaces.is_empty() {
            query.namespaces = actor.me().namespaces.iter().map(|access| access.namespace.clone()).collect();
        }
        query.namespaces.retain(|namespace| self.access.role_now(actor, namespace).is_some());
        Ok(self.rows.operations(&query).await?)
    }

    /// The newest operation on an app.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub async fn newest_of(&self, viewer: &Viewer<'_>, app: &AppId) -> Outcome<Option<Operation>> {
        let query = OperationQuery { namespaces: vec![viewer.namespace().clone()], app: Some(app.clone()), limit: 1, ..OperationQuery::default() };
        Ok(self.rows.operations(&query).await?.pop())
    }
}

#[cfg(test)]
mod tests;
