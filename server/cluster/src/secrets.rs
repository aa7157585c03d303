//! Secrets. Values go between the API server and [`SecretValue`]; no error, log line or `Debug` has a place for them.

use crate::cluster::KubeCluster;
use crate::errors::Ask;
use crate::objects::{MANAGER, patch};
use crate::raw;
use crate::slim::moment;
use crate::text::{SHORT, cut};
use domain::secret::{SecretSpec, SecretValue};
use domain::{Namespace, SecretName};
use k8s_openapi::ByteString;
use k8s_openapi::api::core::v1::{ConfigMap, Secret};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kube::Api;
use kube::api::{DeleteParams, Patch};
use kube::core::PartialObjectMeta;
use serde::Deserialize;
use serde_json::json;
use service::ports::{ClusterError, ClusterResult, KeyChanges, StoredSecret};
use std::collections::BTreeMap;

/// Most secrets and config maps of a namespace.
const MOST: u32 = 500;
/// Types that belong to machines and are not shown.
const LEFT_OUT: &str = "type%21%3Dhelm.sh%2Frelease.v1%2Ctype%21%3Dkubernetes.io%2Fservice-account-token%2Ctype%21%3Dbootstrap.kubernetes.io%2Ftoken";
/// A config map that every namespace has and no app needs.
const ROOT_CA: &str = "kube-root-ca.crt";

#[derive(Deserialize)]
struct List<T> {
    #[serde(default = "Vec::new")]
    items: Vec<T>,
}

#[derive(Deserialize)]
struct Keys {
    metadata: ObjectMeta,
    #[serde(default)]
    data: BTreeMap<String, serde::de::IgnoredAny>,
    #[serde(default, rename = "binaryData")]
    binary: BTreeMap<String, serde::de::IgnoredAny>,
}

fn stored(secret: Secret) -> Option<StoredSecret> {
    let managed_by = manager(&secret.metadata);
    Some(StoredSecret {
        name: secret.metadata.name?,
        kind: cut(secret.type_.unwrap_or_else(|| "Opaque".into()), SHORT),
        created: moment(secret.metadata.creation_timestamp.as_ref()).unwrap_or_default(),
        data: secret.data.into_iter().flatten().map(|(key, value)| (key, SecretValue::from(value.0))).collect(),
        managed_by,
        immutable: secret.immutable == Some(true),
        resource_version: secret.metadata.resource_version.unwrap_or_default(),
    })
}

/// Who would undo a change: Helm, or the controller that owns the secret.
fn manager(meta: &ObjectMeta) -> Option<String> {
    let owner = meta.owner_references.iter().flatten().find(|o| o.controller == Some(true)).map(|o| format!("{} {}", o.kind, o.name));
    let label = || meta.labels.as_ref()?.get("app.kubernetes.io/managed-by").filter(|m| *m != MANAGER).cloned();
    let helm = || meta.annotations.as_ref()?.get("meta.helm.sh/release-name").map(|_| "Helm".to_owned());
    owner.or_else(label).or_else(helm).map(|m| cut(m, SHORT))
}

impl KubeCluster {
    /// Secrets of a namespace.
    pub(crate) async fn list_secrets(&self, namespace: &Namespace) -> ClusterResult<Vec<StoredSecret>> {
        let path = format!("/api/v1/namespaces/{namespace}/secrets?limit={MOST}&fieldSelector={LEFT_OUT}");
        let list: List<Secret> = Ask::of("list", "secrets", namespace, "").run(raw::fetch(&self.calls(), &path)).await?;
        Ok(list.items.into_iter().filter_map(stored).collect())
    }

    /// One secret.
    pub(crate) async fn get_secret(&self, namespace: &Namespace, name: &SecretName) -> ClusterResult<StoredSecret> {
        let path = format!("/api/v1/namespaces/{namespace}/secrets/{name}");
        let secret: Secret = Ask::of("get", "secrets", namespace, name.as_str()).run(raw::fetch(&self.calls(), &path)).await?;
        stored(secret).ok_or_else(|| ClusterError::Missing(format!("There is no secret {name} in {namespace}.")))
    }

    /// Names of keys; `None` if there is no such secret.
    pub(crate) async fn secret_keys(&self, namespace: &Namespace, name: &str) -> ClusterResult<Option<Vec<String>>> {
        self.keys(namespace, "secrets", name).await
    }

    /// Names of keys of a secret or config map; `None` if there is no such object.
    pub(crate) async fn keys(&self, namespace: &Namespace, resource: &str, name: &str) -> ClusterResult<Option<Vec<String>>> {
        // A name from a template that cannot be one would only change the path.
        if SecretName::parse(name).is_err() {
            return Ok(None);
        }
        let path = format!("/api/v1/namespaces/{namespace}/{resource}/{name}");
        match Ask::of("get", resource, namespace, name).run(raw::fetch::<Keys>(&self.calls(), &path)).await {
            Ok(found) => Ok(Some(found.data.into_keys().chain(found.binary.into_keys()).collect())),
            Err(ClusterError::Missing(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Makes a secret.
    pub(crate) async fn make_secret(&self, spec: &SecretSpec) -> ClusterResult<()> {
        let data = spec.data.iter().map(|(key, value)| (key.to_string(), ByteString(value.expose().to_vec())));
        let labels = BTreeMap::from([("app.kubernetes.io/managed-by".to_owned(), MANAGER.to_owned())]);
        let secret = Secret {
            metadata: ObjectMeta {
                name: Some(spec.name.to_string()),
                namespace: Some(spec.namespace.to_string()),
                labels: Some(labels),
                ..ObjectMeta::default()
            },
            type_: Some(spec.kind.kubernetes().into()),
            data: Some(data.collect()),
            ..Secret::default()
        };
        let path = format!("/api/v1/namespaces/{}/secrets?fieldManager={MANAGER}", spec.namespace);
        Ask::of("create", "secrets", &spec.namespace, spec.name.as_str()).run(raw::create(&self.calls(), &path, &secret)).await
    }

    /// Sets and removes keys. The version makes it a conflict where somebody else was first.
    pub(crate) async fn change_keys(&self, namespace: &Namespace, name: &SecretName, keys: &KeyChanges, version: &str) -> ClusterResult<()> {
        let api: Api<PartialObjectMeta<Secret>> = Api::namespaced(self.calls(), namespace.as_str());
        let data: BTreeMap<_, _> = keys.iter().map(|(key, value)| (key.as_str(), value.as_ref().map(|v| ByteString(v.expose().to_vec())))).collect();
        let change = Patch::Merge(json!({"metadata": {"resourceVersion": version}, "data": data}));
        let changed = Ask::of("patch", "secrets", namespace, name.as_str()).run(api.patch_metadata(name.as_str(), &patch(), &change)).await;
        match changed {
            Err(ClusterError::Refused(text, _)) if text.contains("immutable") => Err(ClusterError::Refused(
                format!("The secret {name} is immutable. Create a new one under another name and let the apps use that."),
                Vec::new(),
            )),
            Err(ClusterError::Refused(text, mut fields)) => {
                for field in &mut fields {
                    field.field = "key".into();
                }
                Err(ClusterError::Refused(text, fields))
            }
            other => other.map(|_| ()),
        }
    }

    /// Deletes a secret.
    pub(crate) async fn remove_secret(&self, namespace: &Namespace, name: &SecretName) -> ClusterResult<()> {
        let api: Api<PartialObjectMeta<Secret>> = Api::namespaced(self.calls(), namespace.as_str());
        Ask::of("delete", "secrets", namespace, name.as_str()).run(api.delete(name.as_str(), &DeleteParams::default())).await.map(|_| ())
    }

    /// Names and keys of config maps.
    pub(crate) async fn list_config_maps(&self, namespace: &Namespace) -> ClusterResult<Vec<(String, Vec<String>)>> {
        let path = format!("/api/v1/namespaces/{namespace}/configmaps?limit={MOST}");
        let list: List<Keys> = Ask::of("list", "configmaps", namespace, "").run(raw::fetch(&self.calls(), &path)).await?;
        let named = list.items.into_iter().filter_map(|m| Some((m.metadata.name?, m.data.into_keys().chain(m.binary.into_keys()).collect())));
        Ok(named.filter(|(name, _)| name != ROOT_CA).collect())
    }

    /// A config map's values; `None` if there is no such map.
    pub(crate) async fn config_map(&self, namespace: &Namespace, name: &str) -> ClusterResult<Option<BTreeMap<String, String>>> {
        let api: Api<ConfigMap> = Api::namespaced(self.calls(), namespace.as_str());
        let found = Ask::of("get", "configmaps", namespace, name).run(api.get_opt(name)).await?;
        Ok(found.map(|m| m.data.unwrap_or_default()))
    }
}
