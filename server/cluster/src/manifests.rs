//! What an app's object says: as YAML, and as environment, mounts and commands of its containers, with where each value
//! comes from.

use crate::cluster::KubeCluster;
use crate::contain_panic::aside;
use crate::objects::{self, template_path};
use crate::text::{MESSAGE, SHORT, cut, shown};
use crate::yaml;
use async_trait::async_trait;
use domain::facts::AppFacts;
use domain::kubernetes::{Missing, Resource};
use domain::view::{ContainerConfig, EnvRow, MountRow};
use domain::{AppId, Namespace, redact};
use futures::{StreamExt, TryStreamExt, stream};
use k8s_openapi::api::core::v1::{Container, EnvFromSource, EnvVar, PodSpec, Volume};
use serde_json::Value;
use service::ports::{ClusterError, ClusterResult, Manifests};
use std::collections::{BTreeMap, BTreeSet};

/// Most objects that are looked up for one app.
const LOOKUPS: usize = 100;
/// Most words of a command.
const WORDS: usize = 200;
/// Most rows of one container.
const ROWS: usize = 1_000;

/// What is known of the objects that a template refers to. `None` as a value: there is no such object; no entry:
/// the portal may not look.
#[derive(Default)]
struct Known {
    secrets: BTreeMap<String, Option<Vec<String>>>,
    maps: BTreeMap<String, Option<BTreeMap<String, String>>>,
}

#[async_trait]
impl Manifests for KubeCluster {
    async fn configuration(&self, app: &AppId) -> ClusterResult<Vec<ContainerConfig>> {
        let object: Value = objects::parse(app, &self.json(app).await?)?;
        let spec = object.pointer(template_path(app.kind)).and_then(|t| t.get("spec")).cloned().unwrap_or_default();
        let spec: PodSpec = serde_json::from_value(spec).map_err(|_| ClusterError::Missing(Missing::PodTemplate(app.name.clone())))?;
        let known = self.known(&app.namespace, &spec).await?;
        let facts = self.facts(app);
        let claimed = claims_of_template(&object);
        aside(move || {
            let all = spec.init_containers.iter().flatten().chain(&spec.containers).take(40);
            all.map(|c| container(c, &spec, &known, facts.as_deref(), &claimed)).collect()
        })
        .await
    }

    async fn yaml(&self, app: &AppId) -> ClusterResult<String> {
        let json = self.json(app).await?;
        let app = app.clone();
        aside(move || objects::parse(&app, &json).map(|object| yaml::yaml(&yaml::clean(object)))).await?
    }
}

impl KubeCluster {
    async fn known(&self, namespace: &Namespace, spec: &PodSpec) -> ClusterResult<Known> {
        let found = crate::slim::references(spec);
        let names = |list: &[domain::facts::Reference]| {
            let mut names: Vec<_> = list.iter().map(|r| r.name.clone()).collect();
            names.dedup();
            names.truncate(LOOKUPS);
            names
        };
        let secrets = stream::iter(names(&found.secrets)).map(|name| async move {
            let keys = allowed(self.keys(namespace, Resource::Secrets, &name).await)?;
            Ok::<_, ClusterError>(keys.map(|k| (name, k)))
        });
        let maps = stream::iter(names(&found.config_maps)).map(|name| async move {
            let values = allowed(self.config_map_values(namespace, &name, &keys_of(spec, &name)).await)?;
            Ok::<_, ClusterError>(values.map(|v| (name, v)))
        });
        let secrets: Vec<_> = secrets.buffer_unordered(4).try_collect().await?;
        let maps: Vec<_> = maps.buffer_unordered(4).try_collect().await?;
        Ok(Known { secrets: secrets.into_iter().flatten().collect(), maps: maps.into_iter().flatten().collect() })
    }
}

/// The keys of a config map that the containers name.
fn keys_of<'a>(spec: &'a PodSpec, map: &str) -> BTreeSet<&'a str> {
    let env = spec.init_containers.iter().flatten().chain(&spec.containers).flat_map(|c| c.env.iter().flatten());
    let keys = env.filter_map(|e| e.value_from.as_ref()?.config_map_key_ref.as_ref());
    keys.filter(|key| key.name == map).map(|key| key.key.as_str()).collect()
}

/// What the portal may not read, or does not read because it is too large, stays unknown and is no failure.
fn allowed<T>(answer: ClusterResult<T>) -> ClusterResult<Option<T>> {
    match answer {
        Ok(found) => Ok(Some(found)),
        Err(ClusterError::NotAllowed(_) | ClusterError::Refused(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Claims that a stateful set makes for each pod: name of the volume and size.
fn claims_of_template(object: &Value) -> BTreeMap<String, String> {
    let templates = object.pointer("/spec/volumeClaimTemplates").and_then(Value::as_array);
    let all = templates.into_iter().flatten().filter_map(|t| {
        let name = t.pointer("/metadata/name")?.as_str()?;
        let size = t.pointer("/spec/resources/requests/storage").and_then(Value::as_str).unwrap_or("?");
        Some((name.to_owned(), size.to_owned()))
    });
    all.collect()
}

fn container(c: &Container, spec: &PodSpec, known: &Known, facts: Option<&AppFacts>, claimed: &BTreeMap<String, String>) -> ContainerConfig {
    let command: Vec<String> = c.command.iter().flatten().chain(c.args.iter().flatten()).take(WORDS).cloned().collect();
    let command = redact::command(&command).into_iter().map(|a| cut(a, MESSAGE));
    let env = c.env_from.iter().flatten().map(|all| whole(all, known)).chain(c.env.iter().flatten().map(|env| variable(env, known)));
    let mounts = c.volume_mounts.iter().flatten().map(|m| {
        let volume = spec.volumes.iter().flatten().find(|v| v.name == m.name);
        let of_template = || claimed.get(&m.name).map_or_else(|| format!("volume {}", m.name), |size| format!("claim {} per pod ({size})", m.name));
        let from = volume.map_or_else(of_template, |v| source(v, facts));
        let key = m.sub_path.as_deref().map_or(String::new(), |p| format!(", path {p}"));
        let secret = volume.and_then(|v| v.secret.as_ref()?.secret_name.clone());
        MountRow { path: shown(m.mount_path.as_str(), SHORT), from: shown(from + &key, SHORT), read_only: m.read_only == Some(true), secret }
    });
    let ports = c.ports.iter().flatten().map(|p| {
        let name = p.name.as_deref().map_or(String::new(), |n| format!("{n} "));
        format!("{name}{}/{}", p.container_port, p.protocol.as_deref().unwrap_or("TCP"))
    });
    ContainerConfig {
        name: cut(c.name.as_str(), SHORT),
        image: shown(c.image.as_deref().unwrap_or_default(), SHORT),
        command: command.collect(),
        env: env.take(ROWS).collect(),
        mounts: mounts.take(ROWS).collect(),
        ports: ports.take(100).collect(),
    }
}

fn whole(all: &EnvFromSource, known: &Known) -> EnvRow {
    let prefix = all.prefix.as_deref().unwrap_or_default();
    let (from, gone, optional) = if let Some(s) = &all.secret_ref {
        (format!("all keys of secret {}", s.name), matches!(known.secrets.get(&s.name), Some(None)), s.optional)
    } else if let Some(m) = &all.config_map_ref {
        (format!("all keys of config map {}", m.name), matches!(known.maps.get(&m.name), Some(None)), m.optional)
    } else {
        (String::new(), false, None)
    };
    let secret = all.secret_ref.as_ref().map(|s| s.name.clone());
    EnvRow { secret, ..row(format!("{prefix}*"), None, from, gone, optional) }
}

fn variable(env: &EnvVar, known: &Known) -> EnvRow {
    let name = env.name.clone();
    let Some(source) = &env.value_from else {
        let value = redact::value(&name, env.value.as_deref().unwrap_or_default()).into_owned();
        return row(name, Some(value), "Set on this app".into(), false, None);
    };
    if let Some(s) = &source.secret_key_ref {
        let gone = known.secrets.get(&s.name).is_some_and(|keys| !keys.as_ref().is_some_and(|k| k.contains(&s.key)));
        return EnvRow { secret: Some(s.name.clone()), ..row(name, None, format!("secret {}, key {}", s.name, s.key), gone, s.optional) };
    }
    if let Some(m) = &source.config_map_key_ref {
        let values = known.maps.get(&m.name);
        let value = values.and_then(Option::as_ref).and_then(|v| v.get(&m.key));
        let gone = values.is_some() && value.is_none();
        // A harmless variable may hold what the map calls a password.
        let value = value.map(|v| redact::config_value(&name, &m.key, v).into_owned());
        // A pod has the value from its start, which may be an older one.
        let now = if value.is_some() { ", current value" } else { "" };
        return row(name, value, format!("config map {}, key {}{now}", m.name, m.key), gone, m.optional);
    }
    let from = match (&source.field_ref, &source.resource_field_ref) {
        (Some(f), _) => format!("field {}", f.field_path),
        (_, Some(r)) => format!("resource {}", r.resource),
        _ => "elsewhere".into(),
    };
    row(name, None, from, false, None)
}

fn row(name: String, value: Option<String>, from: String, gone: bool, optional: Option<bool>) -> EnvRow {
    let optional = optional == Some(true);
    let from = if optional { format!("{from} (optional)") } else { from };
    EnvRow { name: cut(name, SHORT), value: value.map(|v| cut(v, MESSAGE)), from: shown(from, SHORT), missing: gone && !optional, secret: None }
}

fn source(volume: &Volume, facts: Option<&AppFacts>) -> String {
    if let Some(s) = &volume.secret {
        format!("secret {}", s.secret_name.as_deref().unwrap_or_default())
    } else if let Some(m) = &volume.config_map {
        format!("config map {}", m.name)
    } else if let Some(c) = &volume.persistent_volume_claim {
        let size = facts.and_then(|f| f.claims.iter().find(|known| known.name == c.claim_name)).map_or(String::new(), |known| format!(" ({})", known.size));
        format!("claim {}{size}", c.claim_name)
    } else if let Some(e) = &volume.empty_dir {
        if e.medium.as_deref() == Some("Memory") { "empty directory in memory".into() } else { "empty directory".into() }
    } else if let Some(h) = &volume.host_path {
        format!("{} on the node", h.path)
    } else if let Some(p) = &volume.projected {
        let parts = p.sources.iter().flatten().map(|s| match (&s.secret, &s.config_map) {
            (Some(s), _) => format!("secret {}", s.name),
            (_, Some(m)) => format!("config map {}", m.name),
            _ if s.service_account_token.is_some() => "service account token".into(),
            _ => "other sources".into(),
        });
        parts.collect::<Vec<_>>().join(", ")
    } else if volume.csi.is_some() || volume.nfs.is_some() {
        "external volume".into()
    } else {
        format!("volume {}", volume.name)
    }
}
