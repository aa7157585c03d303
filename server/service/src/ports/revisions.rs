//! The revisions of an app that the cluster keeps.

use super::ClusterResult;
use async_trait::async_trait;
use domain::AppId;
use domain::facts::RevisionChange;
use domain::view::Revision;

/// The revisions of an app: replica sets of a deployment, controller revisions of a stateful or daemon set.
#[async_trait]
pub trait Revisions: Send + Sync + 'static {
    /// Revisions, newest first, 20 at most.
    async fn revisions(&self, app: &AppId) -> ClusterResult<Vec<Revision>>;
    /// What the newest revision changed against the one before it, without any value; nothing where there is none before.
    async fn last_change(&self, app: &AppId) -> ClusterResult<Option<RevisionChange>>;
}
