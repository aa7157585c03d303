//! Secrets and config maps.

use super::ClusterResult;
use async_trait::async_trait;
use domain::secret::{SecretSpec, SecretValue};
use domain::{KeyName, Namespace, SecretName, UnixMs};
use std::collections::BTreeMap;

/// A secret as the API server has it.
#[derive(Clone)]
pub struct StoredSecret {
    /// `metadata.name` of the secret.
    pub name: String,
    /// Its resourceVersion, to detect a change between reading and writing.
    pub resource_version: String,
    /// `type`.
    pub kind: String,
    /// Created.
    pub created: UnixMs,
    /// When it was last changed, as far as its field managers tell.
    pub changed: Option<UnixMs>,
    /// Keys and values.
    pub data: BTreeMap<String, SecretValue>,
    /// What manages it, such as `Helm`.
    pub managed_by: Option<String>,
    /// Cannot be changed.
    pub immutable: bool,
}

/// Names of keys of a secret or config map, for the form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Keys {
    /// Name of the object.
    pub name: String,
    /// `type` of a secret; empty for a config map.
    pub kind: String,
    /// Keys.
    pub keys: Vec<String>,
}

/// A list that may be longer than what is told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listed<T> {
    /// The items.
    pub items: Vec<T>,
    /// There are more.
    pub cut: bool,
}

/// New values of a secret's keys; `None` removes one.
pub type KeyChanges = BTreeMap<KeyName, Option<SecretValue>>;

/// Secrets as the cluster has them, and the names of what is in config maps.
#[async_trait]
pub trait ClusterSecrets: Send + Sync + 'static {
    /// Gives the secrets of a namespace to `each`, 500 at most, and tells whether there are more. They come a few at
    /// a time, so that the values of all are never in memory at once: `each` keeps what it needs and drops the rest.
    async fn secrets(&self, namespace: &Namespace, each: &mut (dyn FnMut(StoredSecret) + Send)) -> ClusterResult<bool>;
    /// Names and keys of secrets, 500 at most, for the form.
    async fn secret_keys(&self, namespace: &Namespace) -> ClusterResult<Listed<Keys>>;
    /// Names of secrets, 500 at most, without reading them.
    async fn secret_names(&self, namespace: &Namespace) -> ClusterResult<Vec<String>>;
    /// One secret.
    async fn secret(&self, namespace: &Namespace, name: &SecretName) -> ClusterResult<StoredSecret>;
    /// Creates a secret; `Exists` if the name is taken.
    async fn create_secret(&self, spec: &SecretSpec) -> ClusterResult<()>;
    /// Sets (or with `None` removes) keys, all of them or none; `Changed` if the secret is not at `version` any more.
    async fn change_secret(&self, namespace: &Namespace, name: &SecretName, keys: &KeyChanges, version: &str) -> ClusterResult<()>;
    /// Deletes a secret.
    async fn delete_secret(&self, namespace: &Namespace, name: &SecretName) -> ClusterResult<()>;
    /// Names and keys of config maps, 500 at most, for the form.
    async fn config_maps(&self, namespace: &Namespace) -> ClusterResult<Listed<Keys>>;
}
