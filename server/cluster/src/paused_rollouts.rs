//! What waits in the template of a deployment whose rollouts are held: it makes no replica set of it, and of the templates of
//! replica sets only the images are watched.
//!
//! Each change of a held deployment is looked at once, slowly.

use crate::cluster::KubeCluster;
use crate::looks::{AGAIN, Looks, Repeat, state_of, wanted};
use domain::Kind;
use domain::facts::AppFacts;
use std::time::Duration;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// Least pause between two looks, of one app each.
const PACE: Duration = Duration::from_secs(2);

/// Looks until the token ends.
pub(crate) async fn run(cluster: KubeCluster, token: CancellationToken) {
    let mut worlds = cluster.shared().subscribe();
    let mut looks = Looks::new();
    loop {
        let world = worlds.borrow_and_update().clone();
        for id in looks.forget(|id| state_of(&world, id, held).is_some()) {
            cluster.shared().change(|index| index.hold(&id, Vec::new()));
        }
        let Some(next) = looks.next(wanted(&world, held)) else {
            tokio::select! {
                () = token.cancelled() => return,
                changed = tokio::time::timeout(AGAIN, worlds.changed()) => if matches!(changed, Ok(Err(_))) { return },
            }
            continue;
        };
        let begun = Instant::now();
        let found = cluster.waiting_change(&next.0).await.ok();
        // An error may be of now only.
        let repeat = if found.is_none() { Repeat::Later } else { Repeat::OnChange };
        looks.record(&next, repeat, begun.elapsed() + PACE);
        if let Some(parts) = found {
            cluster.shared().change(|index| index.hold(&next.0, parts));
        }
        tokio::select! {
            () = token.cancelled() => return,
            () = tokio::time::sleep(PACE) => {}
        }
    }
}

/// The generation of a held deployment that has rolled out before: each change of it is another one. `None` for any other app.
fn held(f: &AppFacts) -> Option<i64> {
    (f.workload.id.kind == Kind::Deployment && f.workload.paused && !f.replica_sets.is_empty()).then_some(f.workload.generation)
}
