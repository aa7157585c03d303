//! What an app's object says that no watch keeps.

use super::ClusterResult;
use async_trait::async_trait;
use domain::AppId;
use domain::view::ContainerConfig;

/// An app's object, read when a person asks for it.
#[async_trait]
pub trait Manifests: Send + Sync + 'static {
    /// Environment, mounts, command of each container.
    async fn configuration(&self, app: &AppId) -> ClusterResult<Vec<ContainerConfig>>;
    /// The object as YAML without managed fields, status noise and last-applied annotation.
    async fn yaml(&self, app: &AppId) -> ClusterResult<String>;
}
