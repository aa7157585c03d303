//! Prints the apps of the cluster of `KUBECONFIG` and every change of the index, with the time it took to publish.

use cluster::{Config, KubeCluster};
use service::ports::WorldSource;
use tokio_util::sync::CancellationToken;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let namespaces = std::env::args().skip(1).map(domain::Namespace::parse).collect::<Result<Vec<_>, _>>()?;
    let namespaces = (!namespaces.is_empty()).then_some(namespaces);
    let cluster = KubeCluster::start(Config { kubeconfig: None, namespaces, ..Config::default() }, CancellationToken::new())?;
    let mut worlds = cluster.world();
    let start = std::time::Instant::now();
    loop {
        {
            let world = worlds.borrow_and_update();
            println!("{:>8.3}s world {} {:?}", start.elapsed().as_secs_f64(), world.version, world.health);
            for facts in world.namespaces.values().flat_map(|n| n.apps.values()) {
                let (w, pods) = (&facts.workload, &facts.pods);
                let ready = pods.iter().filter(|p| p.ready()).count();
                println!(
                    "          {} {ready}/{} pods {} events {} services {} ingresses {} claims {} sets {}",
                    w.id,
                    w.replicas.wanted,
                    pods.len(),
                    facts.events.len(),
                    facts.services.len(),
                    facts.ingresses.len(),
                    facts.claims.len(),
                    facts.replica_sets.len()
                );
            }
        }
        worlds.changed().await?;
    }
}
