//! Which secrets, config maps and keys are missing of an app whose pods wait for one: the kubelet names the first only.
//!
//! Only what waits is looked at, slowly, and only names of keys are read; where the portal may not look, nothing is told.

use crate::cluster::KubeCluster;
use crate::looks::{AGAIN, Looks, Repeat, state_of, wanted};
use domain::describe;
use domain::facts::{AppFacts, MissingReference, Reference};
use domain::kubernetes::Resource;
use service::ports::ClusterError;
use std::time::Duration;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// Least pause between two looks, of one app each.
const PACE: Duration = Duration::from_secs(2);
/// Most objects that are looked up of one app.
const LOOKUPS: usize = 20;

/// Looks until the token ends.
pub(crate) async fn run(cluster: KubeCluster, token: CancellationToken) {
    let mut worlds = cluster.shared().subscribe();
    let mut looks = Looks::new();
    loop {
        let world = worlds.borrow_and_update().clone();
        looks.forget(|id| state_of(&world, id, waiting).is_some());
        let next = looks.next(wanted(&world, waiting));
        let facts = next.as_ref().and_then(|(id, _)| world.namespaces.get(&id.namespace)?.apps.get(id));
        let Some((next, facts)) = next.zip(facts) else {
            tokio::time::sleep(PACE).await;
            tokio::select! {
                () = token.cancelled() => return,
                changed = tokio::time::timeout(AGAIN, worlds.changed()) => if matches!(changed, Ok(Err(_))) { return },
            }
            continue;
        };
        let begun = Instant::now();
        if let Ok(missing) = look(&cluster, facts).await {
            cluster.shared().change(|index| index.miss(&next.0, missing));
        }
        looks.record(&next, Repeat::Later, begun.elapsed() + PACE);
        tokio::select! {
            () = token.cancelled() => return,
            () = tokio::time::sleep(PACE) => {}
        }
    }
}

/// What a pod of the app waits for.
fn waiting(facts: &AppFacts) -> Option<MissingReference> {
    describe::waits_for(facts)
}

/// All references of an app that lead to nothing. An error where the cluster does not answer.
async fn look(cluster: &KubeCluster, facts: &AppFacts) -> Result<Vec<MissingReference>, ClusterError> {
    let mut found = Vec::new();
    for (secret, resource, all) in [(true, Resource::Secrets, &facts.workload.secrets), (false, Resource::ConfigMaps, &facts.workload.config_maps)] {
        let mut names: Vec<&str> = all.iter().filter(|r| !r.optional).map(|r| r.name.as_str()).collect();
        names.dedup();
        for name in names.into_iter().take(LOOKUPS) {
            let keys = match cluster.keys(&facts.workload.id.namespace, resource, name).await {
                Ok(keys) => keys,
                Err(error @ ClusterError::Away(_)) => return Err(error),
                // What the portal may not read, or what is too large, is not known to be missing.
                Err(_) => continue,
            };
            let of_this: Vec<&Reference> = all.iter().filter(|r| r.name == name && !r.optional).collect();
            found.extend(missing(secret, &of_this, keys.as_deref()));
        }
    }
    Ok(found)
}

/// What is missing of one object that has these keys; `None` where it does not exist.
fn missing(secret: bool, uses: &[&Reference], keys: Option<&[String]>) -> Vec<MissingReference> {
    let one = |r: &Reference, key: Option<String>| MissingReference { secret, name: r.name.clone(), key, how: r.how.clone() };
    match keys {
        None => uses.first().map(|r| one(r, None)).into_iter().collect(),
        Some(has) => {
            let lacks = |r: &&&Reference| r.key.as_ref().is_some_and(|key| !has.contains(key));
            uses.iter().filter(lacks).map(|r| one(r, r.key.clone())).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_that_does_not_exist_is_told_once_and_each_key_that_it_lacks() {
        let uses = [("user", "env DB_USER"), ("password", "env DB_PASSWORD"), ("host", "env DB_HOST")];
        let uses = uses.map(|(key, how)| Reference { name: "shop-db".into(), key: Some(key.into()), how: how.into(), optional: false });
        let uses: Vec<_> = uses.iter().collect();
        let told = |keys: Option<&[String]>| missing(true, &uses, keys).into_iter().map(|m| format!("{:?} {}", m.key, m.how)).collect::<Vec<_>>();
        assert_eq!(told(None), ["None env DB_USER"]);
        assert_eq!(told(Some(&["user".to_owned()])), ["Some(\"password\") env DB_PASSWORD", "Some(\"host\") env DB_HOST"]);
        assert!(told(Some(&["user", "password", "host"].map(String::from))).is_empty());
    }
}
