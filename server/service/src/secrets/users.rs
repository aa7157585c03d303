//! Which apps use a secret.

use crate::ports::World;
use domain::facts::{AppFacts, ContainerState};
use domain::secret::SecretUser;
use domain::{AppId, Namespace, UnixMs};
use std::collections::BTreeMap;

/// Most users told of one secret.
const MAX_USERS: usize = 100;

/// An app that uses a secret.
struct User {
    app: AppId,
    how: String,
    /// Since when a container runs that has read the secret at its start; the one that runs for the longest.
    since: Option<UnixMs>,
}

/// Who uses which secret of a namespace.
pub(super) struct Users(BTreeMap<String, Vec<User>>);

impl Users {
    pub(super) fn of(world: &World, namespace: &Namespace) -> Self {
        let mut users = Self(BTreeMap::new());
        for facts in world.namespaces.get(namespace).iter().flat_map(|n| n.apps.values()) {
            users.add_app(facts);
        }
        users
    }

    fn add_app(&mut self, facts: &AppFacts) {
        let workload = &facts.workload;
        for reference in &workload.secrets {
            self.add(facts, &reference.name, reference.how.clone(), longest(facts));
        }
        for name in &workload.pull_secrets {
            self.add(facts, name, "pull secret".into(), None);
        }
        for ingress in &facts.ingresses {
            for name in ingress.tls.iter().filter_map(|(_, secret)| secret.as_ref()) {
                self.add(facts, name, format!("ingress {}", ingress.name), None);
            }
        }
    }

    fn add(&mut self, facts: &AppFacts, name: &str, how: String, since: Option<UnixMs>) {
        let users = self.0.entry(name.to_owned()).or_default();
        let app = &facts.workload.id;
        if users.len() < MAX_USERS && !users.iter().any(|u| u.app == *app && u.how == how) {
            users.push(User { app: app.clone(), how, since });
        }
    }

    /// The users of a secret that was last `changed` then.
    pub(super) fn take(&mut self, name: &str, changed: Option<UnixMs>) -> Vec<SecretUser> {
        let users = self.0.remove(name).unwrap_or_default();
        let old = |since: Option<UnixMs>| changed.zip(since).is_some_and(|(changed, since)| since < changed);
        users.into_iter().map(|u| SecretUser { old: old(u.since), app: u.app, how: u.how }).collect()
    }
}

/// Since when the container runs that runs for the longest.
fn longest(facts: &AppFacts) -> Option<UnixMs> {
    let states = facts.pods.iter().flat_map(|pod| pod.containers.iter().map(|c| &c.state));
    states.filter_map(|state| if let ContainerState::Running { since } = state { *since } else { None }).min()
}
