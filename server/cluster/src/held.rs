//! What waits in the template of a deployment whose rollouts are held: it makes no replica set of it, and of the templates of
//! replica sets only the images are watched.
//!
//! Each change of a held deployment is looked at once, slowly.

use crate::cluster::KubeCluster;
use domain::facts::AppFacts;
use domain::{AppId, Kind};
use service::ports::World;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Least pause between two looks, of one app each.
const PACE: Duration = Duration::from_secs(2);
/// What could not be looked at is tried again after this.
const AGAIN: Duration = Duration::from_secs(60);
/// Most apps that are looked at.
const APPS: usize = 100;

/// Looks until the token ends.
pub(crate) async fn run(cluster: KubeCluster, token: CancellationToken) {
    let mut worlds = cluster.shared().subscribe();
    // The generation that was looked at.
    let mut looked: HashMap<AppId, i64> = HashMap::new();
    loop {
        tokio::select! {
            () = token.cancelled() => return,
            changed = tokio::time::timeout(AGAIN, worlds.changed()) => if matches!(changed, Ok(Err(_))) { return },
        }
        let world = worlds.borrow_and_update().clone();
        let held = held(&world);
        let resumed: Vec<_> = looked.keys().filter(|id| !held.iter().any(|f| f.workload.id == **id)).cloned().collect();
        for id in resumed {
            looked.remove(&id);
            cluster.shared().change(|index| index.hold(&id, Vec::new()));
        }
        for facts in held {
            let (id, generation) = (&facts.workload.id, facts.workload.generation);
            if looked.get(id) == Some(&generation) {
                continue;
            }
            // An error may be of now only: the next change of anything tries again.
            if let Ok(parts) = cluster.waiting_change(id).await {
                cluster.shared().change(|index| index.hold(id, parts));
                looked.insert(id.clone(), generation);
            }
            tokio::select! {
                () = token.cancelled() => return,
                () = tokio::time::sleep(PACE) => {}
            }
        }
    }
}

fn held(world: &World) -> Vec<Arc<AppFacts>> {
    let apps = world.namespaces.values().flat_map(|n| n.apps.values());
    apps.filter(|f| f.workload.id.kind == Kind::Deployment && f.workload.paused && !f.replica_sets.is_empty()).take(APPS).cloned().collect()
}
