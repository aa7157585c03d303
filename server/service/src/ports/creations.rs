//! New apps.

use super::{ClusterError, ClusterResult};
use async_trait::async_trait;
use domain::check::{Check, DryRun};
use domain::facts::PortalChange;
use domain::spec::AppSpec;
use domain::{AppId, Namespace};
use std::collections::BTreeSet;

/// A creation that failed. What it had created by then is there still.
#[derive(Debug)]
pub enum NotCreated {
    /// Checks stand in the way, so nothing was created: these, at least one.
    ChecksFailed(Vec<Check>),
    /// The cluster refused, or gave no answer.
    Cluster {
        /// What the cluster said, or that it said nothing.
        error: ClusterError,
        /// Some of its objects were created, or may have been.
        begun: bool,
    },
}

/// New apps: first asked without keeping anything, then created.
#[async_trait]
pub trait Creations: Send + Sync + 'static {
    /// Renders the objects and lets the API server check all of them; nothing is created. Only objects of the
    /// `visible` namespaces are named where they are in the way.
    async fn dry_run(&self, spec: &AppSpec, visible: &BTreeSet<Namespace>) -> ClusterResult<DryRun>;
    /// The same, then creates all of them, signed with the change and marked with `mark`, which is a time and two parts with a
    /// `-` between them; the last part is on the deployment alone. Where one fails, those already created stay.
    async fn create(&self, spec: &AppSpec, visible: &BTreeSet<Namespace>, change: &PortalChange, mark: &str) -> Result<AppId, NotCreated>;
}
