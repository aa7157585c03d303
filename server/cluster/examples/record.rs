//! Writes the facts of the app of each namespace `sit-*` into `domain/tests/situations/`, for the golden tests of
//! the status rules. Applies nothing: the situations have to be in the cluster of `KUBECONFIG` and settled.
//!
//! `cargo run -p quayside-cluster --example record [-- FOLDER [SECONDS [SITUATION…]]]`: after so many seconds, for what the
//! portal only knows of what it has watched; only these situations, where some are named.

use cluster::{Config, KubeCluster};
use domain::UnixMs;
use domain::facts::AppFacts;
use service::ports::Cluster;
use std::path::PathBuf;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio_util::sync::CancellationToken;

#[derive(serde::Serialize)]
struct Situation<'a> {
    now: UnixMs,
    facts: &'a AppFacts,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let default = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../domain/tests/situations");
    let folder = std::env::args_os().nth(1).filter(|f| !f.is_empty()).map_or(default, PathBuf::from);
    let seconds = std::env::args().nth(2).map_or(Ok(0), |s| s.parse())?;
    let only: Vec<_> = std::env::args().skip(3).collect();
    std::fs::create_dir_all(&folder)?;
    let token = CancellationToken::new();
    let cluster = KubeCluster::start(Config::default(), token.clone())?;
    let mut worlds = cluster.world();
    tokio::time::timeout(Duration::from_secs(60), worlds.wait_for(|w| w.health.ready)).await??;
    tokio::time::sleep(Duration::from_secs(seconds)).await;
    let world = worlds.borrow().clone();
    let now = UnixMs(i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis())?);
    for (namespace, apps) in &world.namespaces {
        let Some(situation) = namespace.as_str().strip_prefix("sit-").filter(|s| only.is_empty() || only.iter().any(|o| o == s)) else { continue };
        for (n, facts) in apps.apps.values().enumerate() {
            // One app per namespace is the rule; more of them get the app's name behind the situation's.
            let name = if n == 0 && apps.apps.len() == 1 { situation.to_owned() } else { format!("{situation}.{}", facts.workload.id.name) };
            let text = serde_json::to_string_pretty(&Situation { now, facts })?;
            std::fs::write(folder.join(format!("{name}.json")), text + "\n")?;
            println!("{name}");
        }
    }
    token.cancel();
    Ok(())
}
