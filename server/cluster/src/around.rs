//! What few apps need is asked for now and then instead of being watched: whether the secrets that ingresses name exist,
//! and which ingress classes the cluster has. See decision 17.

use crate::errors::is_rbac;
use crate::index::Classes;
use crate::json::{self, METADATA, Object, Rule};
use crate::publish::Shared;
use crate::raw;
use crate::slim::LIMITS;
use domain::kubernetes::{Lack, Resource, Right, Verb};
use domain::{Namespace, english};
use kube::{Client, Error};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// Between two looks while nothing changed.
const PACE: Duration = Duration::from_secs(15);
/// Shortest time between two looks.
const SOON: Duration = Duration::from_secs(1);
/// Between two tries of what the portal may not read.
const FORBIDDEN: Duration = Duration::from_secs(300);
/// Most secrets that are looked for.
const SECRETS: usize = 300;
/// Most ingress classes.
const CLASSES: usize = 200;
/// The portal may not read ingress classes.
const NO_CLASSES: Lack = Lack::Right(Right { namespace: None, resource: Resource::IngressClasses, verb: Verb::List });

/// The last answer to what was asked.
struct Asked {
    at: Instant,
    forbidden: bool,
}

impl Asked {
    fn is_due(&self) -> bool {
        self.at.elapsed() >= if self.forbidden { FORBIDDEN } else { PACE }
    }
}

struct Look {
    client: Client,
    shared: Arc<Shared>,
    /// Cluster-scoped calls may be made.
    beyond: bool,
    classes: Option<Asked>,
    secrets: BTreeMap<(Namespace, String), (Asked, bool)>,
}

/// Looks until the token ends. Without `beyond` no cluster-scoped call is made.
pub(crate) async fn run(client: Client, shared: Arc<Shared>, beyond: bool, token: CancellationToken) {
    let mut world = shared.subscribe();
    let mut look = Look { client, shared, beyond, classes: None, secrets: BTreeMap::new() };
    loop {
        look.secrets().await;
        look.classes().await;
        tokio::select! {
            () = token.cancelled() => return,
            () = tokio::time::sleep(SOON) => {}
        }
        tokio::select! {
            () = token.cancelled() => return,
            () = tokio::time::sleep(PACE) => {}
            // An ingress may have come.
            changed = world.changed() => if changed.is_err() { return },
        }
    }
}

impl Look {
    /// Looks for the secrets that ingresses name, by their names alone.
    async fn secrets(&mut self) {
        let wanted = self.shared.read(|index| index.secrets_of_ingresses(SECRETS));
        self.secrets.retain(|key, _| wanted.contains(key));
        let mut news = false;
        for key in wanted {
            if self.secrets.get(&key).is_some_and(|(asked, _)| !asked.is_due()) {
                continue;
            }
            // The answer is a table with the secret's name; its values stay where they are.
            let path = format!("/api/v1/namespaces/{}/secrets/{}", key.0, key.1);
            let (missing, forbidden) = match raw::exists(&self.client, &path).await {
                Ok(exists) => (!exists, false),
                Err(Error::Api(status)) if is_rbac(&status) => (false, true),
                // What is not known now is asked again soon.
                Err(_) => continue,
            };
            let before = self.secrets.insert(key, (Asked { at: Instant::now(), forbidden }, missing));
            news |= before.is_some_and(|(_, was)| was) != missing;
        }
        // Secrets that no object refers to any more drop out here, because only those in `self.secrets` are reported.
        if news {
            let mut lost: BTreeMap<Namespace, BTreeSet<String>> = BTreeMap::new();
            for (key, _) in self.secrets.iter().filter(|(_, (_, missing))| *missing) {
                lost.entry(key.0.clone()).or_default().insert(key.1.clone());
            }
            self.shared.change(|index| index.set_lost_secrets(&lost));
        }
    }

    /// Reads the ingress classes, where there is an ingress at all.
    async fn classes(&mut self) {
        if !self.beyond || self.classes.as_ref().is_some_and(|asked| !asked.is_due()) || !self.shared.read(|index| index.has_ingresses()) {
            return;
        }
        let path = format!("/apis/networking.k8s.io/v1/ingressclasses?limit={CLASSES}");
        let mut classes = Classes::default();
        let add = |object: Object<'_>| {
            if let Ok(class) = serde_json::from_slice::<Class>(object.json) {
                classes.default |= class.metadata.annotations.default.as_deref() == Some("true");
                classes.names.insert(class.metadata.name);
            }
        };
        match json::list(&self.client, &path, &Rule::Only(&[("metadata", METADATA)]), LIMITS, add).await {
            Ok(_) => {
                self.shared.change(|index| {
                    index.set_classes(Some(classes));
                    index.permit(&NO_CLASSES);
                });
                self.classes = Some(Asked { at: Instant::now(), forbidden: false });
            }
            Err(Error::Api(status)) if is_rbac(&status) => {
                if self.classes.is_none() {
                    tracing::warn!("{}", english::cluster::lack(&NO_CLASSES));
                }
                self.shared.change(|index| {
                    index.set_classes(None);
                    index.refuse(NO_CLASSES);
                });
                self.classes = Some(Asked { at: Instant::now(), forbidden: true });
            }
            Err(_) => {}
        }
    }
}

#[derive(Deserialize)]
struct Class {
    metadata: ClassMeta,
}

#[derive(Deserialize)]
struct ClassMeta {
    name: String,
    #[serde(default)]
    annotations: ClassAnnotations,
}

#[derive(Default, Deserialize)]
struct ClassAnnotations {
    #[serde(rename = "ingressclass.kubernetes.io/is-default-class", default)]
    default: Option<String>,
}
