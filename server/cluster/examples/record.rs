//! Writes the facts of the app of each namespace `sit-*` into `domain/tests/situations/`, for the golden tests of
//! the status rules. Applies nothing: the situations have to be in the cluster of `KUBECONFIG` and settled.
//!
//! `cargo run -p quayside-cluster --example record [-- FOLDER [SECONDS [SITUATION…]]]`: after so many seconds, for what the
//! portal only knows of what it has watched; only these situations, where some are named.
//!
//! Logs are read here as the portal reads them, but at once and of all containers.

use bytes::Bytes;
use cluster::{Config, KubeCluster};
use domain::facts::{AppFacts, Container, ContainerState, Ended, EndedRun, Observed, Pod, RunningLog};
use domain::live::LogQuery;
use domain::log::{Said, Sample, errors, last_lines, last_words};
use domain::{UnixMs, redact, way};
use futures::{StreamExt, TryStreamExt};
use service::ports::{LogTarget, NamespaceApps, PodLogs, WorldSource};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio_util::sync::CancellationToken;

/// Seconds back in the log of a container that runs.
const WINDOW_S: u32 = 120;

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
            let facts = AppFacts { observed: Arc::new(observed(&cluster, facts, apps, now).await), ..AppFacts::clone(facts) };
            let text = serde_json::to_string_pretty(&Situation { now, facts: &facts })?;
            std::fs::write(folder.join(format!("{name}.json")), text + "\n")?;
            println!("{name}");
        }
    }
    token.cancel();
    Ok(())
}

fn shown(text: &str) -> String {
    redact::text(text).into_owned()
}

/// What the logs of an app say.
async fn observed(cluster: &KubeCluster, facts: &AppFacts, apps: &NamespaceApps, now: UnixMs) -> Observed {
    let mut seen = Observed::default();
    for (pod, c) in facts.pods.iter().flat_map(|pod| pod.containers.iter().map(move |c| (pod, c))) {
        if let ContainerState::Ended(ended) = &c.state {
            seen.ends.extend(end(cluster, facts, pod, c, ended, false).await);
        }
        if let Some(ended) = &c.last {
            seen.ends.extend(end(cluster, facts, pod, c, ended, true).await);
        }
        if let ContainerState::Running { since } = &c.state {
            let query = LogQuery { timestamps: true, tail_lines: Some(500), since_seconds: Some(WINDOW_S), ..LogQuery::default() };
            let Ok(lines) = read(cluster, facts, pod, c, query).await else { continue };
            let running_ms = since.map_or(i64::MAX, |at| now.since(at));
            let Some(errors) = errors(&lines, Sample { window_s: i64::from(WINDOW_S), cut: false, running_ms }, shown) else { continue };
            let many = errors.is_many() && errors.lasts();
            if many || errors.forbidden.is_some() {
                seen.logs.push(RunningLog { pod: pod.name.clone(), container: c.name.clone(), errors, many });
            }
        }
    }
    seen.unanswered = way::unanswered(&seen, &facts.workload.id.namespace, apps.apps.values());
    seen
}

async fn end(cluster: &KubeCluster, facts: &AppFacts, pod: &Pod, c: &Container, ended: &Ended, previous: bool) -> Option<EndedRun> {
    let query = LogQuery { previous, timestamps: true, tail_lines: Some(200), ..LogQuery::default() };
    let until = ended.finished.map(|at| at.plus(1_000));
    let (said, lines) = match read(cluster, facts, pod, c, query).await {
        Ok(log) => (last_words(&log, until, shown), last_lines(&log, until, shown)),
        Err(service::ports::ClusterError::Missing(_)) => (Said::Gone, Vec::new()),
        Err(_) => return None,
    };
    Some(EndedRun { pod: pod.uid.clone(), container: c.name.clone(), finished: ended.finished, said, lines, rise: None })
}

async fn read(cluster: &KubeCluster, facts: &AppFacts, pod: &Pod, c: &Container, query: LogQuery) -> service::ports::ClusterResult<Vec<u8>> {
    let target = LogTarget {
        namespace: facts.workload.id.namespace.clone(),
        pod: pod.name.clone(),
        container: c.name.clone(),
        query,
        since: None,
        limit_bytes: Some(64 * 1024),
    };
    let chunks: Vec<Bytes> = cluster.logs(&target).await?.take(64).try_collect().await?;
    Ok(chunks.concat())
}
