//! Secrets. Values go between the API server and [`SecretValue`]; no error, log line or `Debug` has a place for them.
//! A [`SecretValue`] is wiped when it is dropped. Not wiped is what stands between it and the wire: the body of a request or
//! an answer, and what the JSON parser decodes from it. They are dropped before the call returns.

use crate::cluster::KubeCluster;
use crate::errors::Ask;
use crate::json::{self, Limits, METADATA, Object, Rule};
use crate::objects::{MANAGER, patch};
use crate::raw;
use crate::slim::{changed, moment};
use crate::text::{SHORT, shown};
use async_trait::async_trait;
use domain::kubernetes::{Away, Missing, Refused, Resource, Said, Verb};
use domain::secret::{SecretSpec, SecretValue};
use domain::{Bytes, FieldError, Namespace, SecretName};
use k8s_openapi::ByteString;
use k8s_openapi::api::core::v1::Secret;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kube::Api;
use kube::api::{DeleteParams, ListParams, Patch};
use kube::core::PartialObjectMeta;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use service::ports::{ClusterError, ClusterResult, ClusterSecrets, KeyChanges, Keys, Listed, StoredSecret};
use std::collections::{BTreeMap, BTreeSet};

/// Most secrets and config maps of a namespace.
const MOST: usize = 500;
/// Objects per page. Each can have 1 MiB of values; one of them is held at a time.
const PAGE: usize = 50;
/// Most bytes of a secret with its values.
const WHOLE: usize = 2 * 1024 * 1024;
/// Most bytes of an object of which only the keys, or short values, are read.
const KEYS: usize = 256 * 1024;
/// Most bytes of a value of a config map that is read: a page shows less.
const VALUE: usize = 2_048;
/// Types that belong to machines and are neither shown nor changed.
const MACHINES: [&str; 3] = ["helm.sh/release.v1", "kubernetes.io/service-account-token", "bootstrap.kubernetes.io/token"];
/// The same as a selector for lists.
const LEFT_OUT: &str = "type%21%3Dhelm.sh%2Frelease.v1%2Ctype%21%3Dkubernetes.io%2Fservice-account-token%2Ctype%21%3Dbootstrap.kubernetes.io%2Ftoken";
/// A config map that every namespace has and no app needs.
const ROOT_CA: &str = "kube-root-ca.crt";

/// A secret as it is listed and read.
#[derive(Deserialize)]
struct Held {
    metadata: ObjectMeta,
    #[serde(default, rename = "type")]
    kind: Option<String>,
    #[serde(default)]
    data: Option<BTreeMap<String, ByteString>>,
    #[serde(default)]
    immutable: Option<bool>,
}

/// An object whose values are skipped while it is read.
#[derive(Deserialize)]
struct Named {
    metadata: ObjectMeta,
    #[serde(default, rename = "type")]
    kind: Option<String>,
    #[serde(default)]
    data: BTreeMap<String, serde::de::IgnoredAny>,
    #[serde(default, rename = "binaryData")]
    binary: BTreeMap<String, serde::de::IgnoredAny>,
}

/// A secret with its values.
static HELD: Rule = Rule::Within(&[("metadata", METADATA)]);
/// A secret or config map without its values.
static NAMED: Rule = Rule::Only(&[("metadata", METADATA), ("type", Rule::Keep), ("data", Rule::Cut(0)), ("binaryData", Rule::Cut(0))]);
/// A config map with short values.
static VALUES: Rule = Rule::Only(&[("data", Rule::Cut(VALUE))]);

#[derive(Deserialize)]
struct Values {
    #[serde(default)]
    data: BTreeMap<String, String>,
}

impl Named {
    fn keys(self) -> Vec<String> {
        self.data.into_keys().chain(self.binary.into_keys()).collect()
    }
}

fn stored(secret: Held) -> Option<StoredSecret> {
    let managed_by = manager(&secret.metadata);
    let changed = changed(&secret.metadata).map(|(at, _)| at);
    Some(StoredSecret {
        name: secret.metadata.name?,
        resource_version: secret.metadata.resource_version.unwrap_or_default(),
        kind: shown(secret.kind.unwrap_or_else(|| "Opaque".into()), SHORT),
        created: moment(secret.metadata.creation_timestamp.as_ref()).unwrap_or_default(),
        changed,
        data: secret.data.into_iter().flatten().map(|(key, value)| (key, SecretValue::from(value.0))).collect(),
        managed_by,
        immutable: secret.immutable == Some(true),
    })
}

/// Who would undo a change: Helm, or the controller that owns the secret.
fn manager(meta: &ObjectMeta) -> Option<String> {
    let owner = meta.owner_references.iter().flatten().find(|o| o.controller == Some(true)).map(|o| format!("{} {}", o.kind, o.name));
    let label = || meta.labels.as_ref()?.get("app.kubernetes.io/managed-by").filter(|m| *m != MANAGER).cloned();
    let helm = || meta.annotations.as_ref()?.get("meta.helm.sh/release-name").map(|_| "Helm".to_owned());
    owner.or_else(label).or_else(helm).map(|m| shown(m, SHORT))
}

#[async_trait]
impl ClusterSecrets for KubeCluster {
    async fn secrets(&self, namespace: &Namespace, each: &mut (dyn FnMut(StoredSecret) + Send)) -> ClusterResult<bool> {
        self.pages(namespace, Resource::Secrets, &format!("&fieldSelector={LEFT_OUT}"), (&HELD, WHOLE), |secret: Held| {
            let secret = stored(secret);
            let some = secret.is_some();
            secret.into_iter().for_each(&mut *each);
            some
        })
        .await
    }

    async fn secret_names(&self, namespace: &Namespace) -> ClusterResult<Vec<String>> {
        let api: Api<PartialObjectMeta<Secret>> = Api::namespaced(self.calls(), namespace.as_str());
        let not_of_machines = MACHINES.map(|kind| format!("type!={kind}")).join(",");
        let first = ListParams::default().fields(&not_of_machines).limit(u32::try_from(MOST).unwrap_or(u32::MAX));
        let list = Ask::of(Verb::List, Resource::Secrets, namespace, "").run(api.list_metadata(&first)).await?;
        Ok(list.items.into_iter().filter_map(|secret| secret.metadata.name).collect())
    }

    async fn secret_keys(&self, namespace: &Namespace) -> ClusterResult<Listed<Keys>> {
        let mut items = Vec::new();
        let add = |mut s: Named| {
            let kind = shown(s.kind.take().unwrap_or_else(|| "Opaque".into()), SHORT);
            s.metadata.name.take().map(|name| items.push(Keys { name, kind, keys: s.keys() })).is_some()
        };
        let cut = self.pages(namespace, Resource::Secrets, &format!("&fieldSelector={LEFT_OUT}"), (&NAMED, KEYS), add).await?;
        Ok(Listed { items, cut })
    }

    async fn secret(&self, namespace: &Namespace, name: &SecretName) -> ClusterResult<StoredSecret> {
        let secret: Held = self.one(namespace, Resource::Secrets, name.as_str(), (&HELD, WHOLE)).await?;
        if secret.kind.as_deref().is_some_and(|kind| MACHINES.contains(&kind)) {
            return Err(ClusterError::Missing(Missing::OwnSecret(name.clone())));
        }
        stored(secret).ok_or_else(|| ClusterError::Missing(Missing::Object(Ask::of(Verb::Get, Resource::Secrets, namespace, name.as_str()).object())))
    }

    async fn create_secret(&self, spec: &SecretSpec) -> ClusterResult<()> {
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
        Ask::of(Verb::Create, Resource::Secrets, &spec.namespace, spec.name.as_str()).run(raw::create(&self.calls(), &path, &secret)).await
    }

    async fn change_secret(&self, namespace: &Namespace, name: &SecretName, keys: &KeyChanges, version: &str) -> ClusterResult<()> {
        let api: Api<PartialObjectMeta<Secret>> = Api::namespaced(self.calls(), namespace.as_str());
        let data: BTreeMap<_, _> = keys.iter().map(|(key, value)| (key.as_str(), value.as_ref().map(|v| ByteString(v.expose().to_vec())))).collect();
        // The version makes it a conflict where somebody else was first.
        let change = Patch::Merge(json!({"metadata": {"resourceVersion": version}, "data": data}));
        let changed = Ask::of(Verb::Patch, Resource::Secrets, namespace, name.as_str()).run(api.patch_metadata(name.as_str(), &patch(), &change)).await;
        match changed {
            Err(ClusterError::Refused(Refused::Said(said))) => {
                let fields = said.fields.into_iter().map(|complaint| FieldError { field: "key".into(), ..complaint }).collect();
                Err(ClusterError::Refused(Refused::Said(Said { fields, ..said })))
            }
            other => other.map(|_| ()),
        }
    }

    async fn delete_secret(&self, namespace: &Namespace, name: &SecretName) -> ClusterResult<()> {
        self.secret(namespace, name).await?;
        let api: Api<PartialObjectMeta<Secret>> = Api::namespaced(self.calls(), namespace.as_str());
        Ask::of(Verb::Delete, Resource::Secrets, namespace, name.as_str()).run(api.delete(name.as_str(), &DeleteParams::default())).await.map(|_| ())
    }

    async fn config_maps(&self, namespace: &Namespace) -> ClusterResult<Listed<Keys>> {
        let mut items = Vec::new();
        let add = |mut m: Named| {
            let name = m.metadata.name.take().filter(|name| name != ROOT_CA);
            name.map(|name| items.push(Keys { name, kind: String::new(), keys: m.keys() })).is_some()
        };
        let cut = self.pages(namespace, Resource::ConfigMaps, "", (&NAMED, KEYS), add).await?;
        Ok(Listed { items, cut })
    }
}

impl KubeCluster {
    /// Gives the objects of a namespace to `each`, which tells whether it took them, until it took the most. Tells
    /// whether there are more. Those that are too large are left out.
    async fn pages<T: DeserializeOwned>(
        &self,
        namespace: &Namespace,
        resource: Resource,
        selector: &str,
        (rule, most): (&'static Rule, usize),
        mut each: impl FnMut(T) -> bool,
    ) -> ClusterResult<bool> {
        let (mut taken, mut more, mut next) = (0, false, String::new());
        loop {
            // A token is base64 for URLs, but nothing promises that.
            let token: String = next.bytes().map(|b| format!("%{b:02X}")).collect();
            let path = format!("/api/v1/namespaces/{namespace}/{}?limit={PAGE}{selector}&continue={token}", resource.plural());
            // Held until the page is read; the next page waits behind everybody else's.
            let _turn = self.pages_turn().await;
            let add = |object: Object<'_>| {
                if taken == MOST {
                    more = true;
                    return;
                }
                let which = || format!("{resource} {namespace}/{}", object.identity.name);
                if object.large {
                    return tracing::warn!(object = ?which(), "an object is too large to be read and is left out");
                }
                taken += usize::from(json::read(object.json, which).is_some_and(&mut each));
            };
            let list = Ask::of(Verb::List, resource, namespace, "").run(json::list(&self.calls(), &path, rule, Limits::exact(most), add)).await?;
            next = list.continue_.unwrap_or_default();
            if next.is_empty() || taken == MOST {
                return Ok(more || !next.is_empty());
            }
        }
    }

    /// One object; `Refused` where it is too large.
    async fn one<T: DeserializeOwned>(&self, namespace: &Namespace, resource: Resource, name: &str, (rule, most): (&'static Rule, usize)) -> ClusterResult<T> {
        let path = format!("/api/v1/namespaces/{namespace}/{}/{name}", resource.plural());
        let ask = Ask::of(Verb::Get, resource, namespace, name);
        let found = ask.run(json::object(&self.calls(), &path, rule, Limits::exact(most))).await?;
        let found = found.ok_or_else(|| ClusterError::Refused(Refused::TooLarge { object: ask.object(), most: Bytes(most as u64) }))?;
        json::read(&found, || format!("{resource} {namespace}/{name}")).ok_or(ClusterError::Away(Away::Unreadable))
    }

    /// Names of keys of a secret or config map; `None` if there is no such object.
    pub(crate) async fn keys(&self, namespace: &Namespace, resource: Resource, name: &str) -> ClusterResult<Option<Vec<String>>> {
        if !can_be_name(name) {
            return Ok(None);
        }
        match self.one::<Named>(namespace, resource, name, (&NAMED, KEYS)).await {
            Ok(found) => Ok(Some(found.keys())),
            Err(ClusterError::Missing(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The values of these keys of a config map, long ones only in part; `None` if there is no such map.
    pub(crate) async fn config_map_values(&self, namespace: &Namespace, name: &str, keys: &BTreeSet<&str>) -> ClusterResult<Option<BTreeMap<String, String>>> {
        if !can_be_name(name) {
            return Ok(None);
        }
        match self.one::<Values>(namespace, Resource::ConfigMaps, name, (&VALUES, KEYS)).await {
            Ok(found) => Ok(Some(found.data.into_iter().filter(|(key, _)| keys.contains(key.as_str())).collect())),
            Err(ClusterError::Missing(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// A name from a template that cannot be one would only change the path of a call.
fn can_be_name(name: &str) -> bool {
    SecretName::parse(name).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scripted::{Answer, Asked, cluster};
    use serde_json::Value;

    /// A server with this many secrets and config maps, of which it gives as many as it is asked for.
    fn many(count: usize) -> impl Fn(&Asked) -> Answer {
        move |asked: &Asked| {
            let from: usize = asked.word("continue").filter(|t| !t.is_empty()).map_or(0, |t| {
                let bytes = t.split('%').skip(1).map(|hex| u8::from_str_radix(hex, 16).unwrap()).collect();
                String::from_utf8(bytes).unwrap().trim_start_matches("+from ").parse().unwrap()
            });
            let to = count.min(from + asked.word("limit").unwrap().parse::<usize>().unwrap());
            let object = |n: usize| -> Value { json!({"metadata": {"name": format!("s-{n:04}")}, "data": {"a": "eA=="}}) };
            Answer::piece((from..to).map(object).collect(), (to < count).then(|| format!("+from {to}")).as_deref())
        }
    }

    #[tokio::test]
    async fn secrets_of_machines_are_in_no_list_and_not_to_be_had_by_their_name() {
        let (ns, name) = (Namespace::parse("web").unwrap(), SecretName::parse("sh.helm.release.v1.shop.v1").unwrap());
        for kind in MACHINES {
            assert!(LEFT_OUT.replace("%21%3D", "!=").replace("%2C", ",").replace("%2F", "/").split(',').any(|part| part == format!("type!={kind}")), "{kind}");
            let (cluster, asked) = cluster(move |_: &Asked| Answer::Json(json!({"metadata": {"name": "x"}, "type": kind})));
            assert!(matches!(cluster.secret(&ns, &name).await, Err(ClusterError::Missing(Missing::OwnSecret(_)))));
            assert!(cluster.delete_secret(&ns, &name).await.is_err());
            assert!(asked.lock().unwrap().iter().all(|a| a.method == "GET"), "nothing is deleted");
        }
    }

    #[tokio::test]
    async fn a_change_that_is_refused_names_the_key_and_an_immutable_secret_has_a_way_out() {
        let (ns, name) = (Namespace::parse("web").unwrap(), SecretName::parse("db").unwrap());
        let refused = async |said: &'static str| {
            let (cluster, _) = cluster(move |_: &Asked| Answer::Status(422, "Invalid", said.into()));
            cluster.change_secret(&ns, &name, &KeyChanges::new(), "7").await.unwrap_err().to_string()
        };
        assert_eq!(
            refused("Secret \"db\" is invalid: data: Forbidden: field is immutable when `immutable` is set").await,
            "Secret db is immutable. Create a new one under another name and switch the apps to it."
        );
        assert_eq!(refused("Secret \"db\" is invalid: data: Too long").await, "Secret \"db\" is invalid: data: Too long.");
    }

    #[tokio::test]
    async fn a_secret_whose_managers_write_deep_fields_hides_no_other() {
        let ns = Namespace::parse("web").unwrap();
        let (cluster, _) = cluster(|_: &Asked| {
            let deep = (0..300).fold(json!({}), |inner, _| json!({ "f:x": inner }));
            let secret = |name: &str| json!({"metadata": {"name": name, "managedFields": [{"manager": "evil", "fieldsV1": deep}]}, "data": {"a": "eA=="}});
            Answer::list(vec![secret("one"), secret("two")])
        });
        let mut names = Vec::new();
        cluster.secrets(&ns, &mut |s| names.push(s.name)).await.unwrap();
        assert_eq!(names, ["one", "two"]);
        assert_eq!(cluster.config_maps(&ns).await.unwrap().items.len(), 2);
    }

    #[tokio::test]
    async fn what_is_too_large_hides_no_other_and_is_told_by_its_name() {
        let ns = Namespace::parse("web").unwrap();
        let large = || {
            let data: serde_json::Map<_, _> = (0..20_000).map(|n| (format!("key-{n:05}-{}", "x".repeat(100)), Value::from(""))).collect();
            json!({"metadata": {"name": "large"}, "data": data})
        };
        let (cluster, _) = cluster(move |asked: &Asked| match asked.last() {
            "large" => Answer::Json(large()),
            _ => Answer::list(vec![large(), json!({"metadata": {"name": "small"}, "data": {"a": "eA=="}})]),
        });
        let names = cluster.secret_keys(&ns).await.unwrap().items.into_iter().map(|k| k.name).collect::<Vec<_>>();
        assert_eq!(names, ["small"]);
        let told = cluster.keys(&ns, Resource::Secrets, "large").await.unwrap_err();
        assert_eq!(told.to_string(), "The secret large is too large to read: the portal reads at most 256 KiB of it.");
        assert!(matches!(cluster.config_map_values(&ns, "large", &BTreeSet::new()).await, Err(ClusterError::Refused(..))));
    }

    #[tokio::test]
    async fn lists_come_in_small_pages_and_say_when_they_are_cut() {
        let ns = Namespace::parse("web").unwrap();
        for (count, told, more) in [(0, 0, false), (45, 45, false), (500, 500, false), (501, 500, true), (700, 500, true)] {
            let (cluster, asked) = cluster(many(count));
            let mut names = Vec::new();
            let cut = cluster.secrets(&ns, &mut |s| names.push(s.name)).await.unwrap();
            names.dedup();
            assert_eq!((names.len(), cut), (told, more), "{count}");
            assert!(asked.lock().unwrap().iter().all(|a| a.word("limit") == Some("50")));
            let keys = cluster.secret_keys(&ns).await.unwrap();
            assert_eq!((keys.items.len(), keys.cut), (told, more), "{count}");
            assert!(keys.items.iter().all(|k| k.kind == "Opaque" && k.keys == ["a"]));
            let maps = cluster.config_maps(&ns).await.unwrap();
            assert_eq!((maps.items.len(), maps.cut), (told, more), "{count}");
        }
    }
}
