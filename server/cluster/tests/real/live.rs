//! What the watches bring.

use crate::common::{DEADLINE, facts, in_space, kubeconfig, ready, see};
use cluster::{Config, KubeCluster};
use domain::facts::ContainerState;
use domain::kubernetes::words::WaitReason;
use futures::StreamExt;
use k8s_openapi::api::apps::v1::Deployment;
use kube::api::{Patch, PatchParams};
use kube::runtime::watcher;
use serde_json::json;
use service::ports::{PodMetrics, Workloads, WorldSource};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Instant;
use tokio_util::sync::CancellationToken;

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the cluster"]
async fn an_app_appears_and_a_scale_is_seen() {
    in_space("scale", |space| async move {
        let id = space.create(&space.sample("shop")).await.unwrap();
        assert_eq!(id, space.id("shop"));
        let first = space.see(&id, "one pod ready", |f| ready(f) == 1 && f.workload.replicas.available == 1).await;
        assert_eq!((first.replica_sets.len(), first.workload.revision), (1, Some(1)));
        assert!(first.events.iter().any(|e| e.reason.word() == "SuccessfulCreate"), "events of the replica set belong to it");
        space.cluster.scale(&id, 3).await.unwrap();
        space.see(&id, "three pods ready", |f| f.workload.replicas.wanted == 3 && ready(f) == 3).await;
        space.cluster.scale(&id, 0).await.unwrap();
        space.see(&id, "no pods left", |f| f.workload.replicas.wanted == 0 && f.pods.is_empty()).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the cluster"]
async fn a_crash_is_seen_with_its_exit_code() {
    in_space("crash", |space| async move {
        let id = space.create(&space.sample_with("shop", &[("CRASH_AFTER_SECONDS", "1"), ("EXIT_CODE", "3")])).await.unwrap();
        let seen = space.see(&id, "a restart", |f| f.pods.iter().any(|p| p.restarts() > 0 && p.containers[0].last.is_some())).await;
        assert_eq!(seen.pods[0].containers[0].last.as_ref().unwrap().exit_code, 3);
        let waits = |s: &ContainerState| matches!(s, ContainerState::Waiting { reason, .. } if *reason == WaitReason::CrashLoopBackOff);
        space.see(&id, "the back-off", |f| f.pods.iter().any(|p| waits(&p.containers[0].state))).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the cluster"]
async fn namespaces_are_discovered_and_forgotten() {
    let token = CancellationToken::new();
    let cluster = KubeCluster::start(Config { kubeconfig: Some(kubeconfig()), namespaces: None, ..Config::default() }, token.clone()).unwrap();
    see(&cluster, "readiness", |w| w.health.ready).await;
    let admin = crate::common::client(&kubeconfig()).await;
    let ns = crate::common::make_namespace(&admin, "found").await;
    see(&cluster, "the new namespace", |w| w.namespaces.contains_key(&ns)).await;
    crate::common::remove_namespace(&admin, &ns).await;
    see(&cluster, "its end", |w| !w.namespaces.contains_key(&ns)).await;
    assert!(cluster.usage().await.unwrap().iter().any(|u| u.memory.0 > 0));
    see(&cluster, "that metrics-server works", |w| w.health.metrics == Some(true)).await;
    token.cancel();
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the cluster"]
async fn a_change_reaches_readers_soon_after_a_watch() {
    in_space("soon", |space| async move {
        let mut spec = space.sample("shop");
        spec.replicas = 0;
        let id = space.create(&spec).await.unwrap();
        space.see(&id, "the app", |f| f.workload.observed_generation == 1).await;
        let api = space.api::<Deployment>();
        let by_watch: Arc<Mutex<HashMap<String, Instant>>> = Arc::default();
        let noted = by_watch.clone();
        let mut stream = watcher::watcher(api.clone(), watcher::Config::default()).boxed();
        let watching = tokio::spawn(async move {
            while let Some(event) = stream.next().await {
                if let Ok(watcher::Event::Apply(d)) = event {
                    let label = d.metadata.labels.unwrap_or_default().remove("n").unwrap_or_default();
                    noted.lock().unwrap().entry(label).or_insert_with(Instant::now);
                }
            }
        });
        let mut late: Vec<f64> = Vec::new();
        for n in 0..60 {
            let label = n.to_string();
            let change = json!({"metadata": {"labels": {"n": label}}});
            api.patch("shop", &PatchParams::default(), &Patch::Merge(change)).await.unwrap();
            let mut worlds = space.cluster.world();
            tokio::time::timeout(DEADLINE, worlds.wait_for(|w| facts(w, &id).is_some_and(|f| f.workload.labels.get("n") == Some(&label))))
                .await
                .unwrap()
                .unwrap();
            let at = Instant::now();
            if let Some(seen) = by_watch.lock().unwrap().get(&label) {
                late.push(at.saturating_duration_since(*seen).as_secs_f64() * 1000.0);
            }
        }
        watching.abort();
        late.sort_by(f64::total_cmp);
        assert!(late.len() > 30, "only {} changes were seen by both", late.len());
        let (median, p95) = (late[late.len() / 2], late[late.len() * 95 / 100]);
        println!("a change reaches readers {median:.1} ms (median), {p95:.1} ms (p95) after a plain watch");
    })
    .await;
}
