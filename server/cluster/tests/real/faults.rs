//! The API server goes away and comes back.

use crate::common::{DEADLINE, Space, client, facts, in_space, kubeconfig, ready, see};
use crate::middle::{Middle, expired, status};
use crate::proxy::{Door, Proxy};
use cluster::{Config, KubeCluster};
use domain::AppId;
use domain::kubernetes::Missing;
use k8s_openapi::api::apps::v1::Deployment;
use kube::api::{Patch, PatchParams};
use kube::config::Kubeconfig;
use serde_json::json;
use service::ports::{ClusterError, Manifests, PodMetrics, Workloads};
use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Instant;

/// An app without pods, and a portal behind a door.
async fn behind_a_door(space: &Space) -> (Proxy, KubeCluster, AppId) {
    let proxy = Proxy::start(Kubeconfig::read_from(kubeconfig()).unwrap()).await;
    let config = Config { kubeconfig: Some(proxy.kubeconfig.path().into()), namespaces: Some(vec![space.ns.clone()]), ..Config::default() };
    let portal = KubeCluster::start(config, space.token.clone()).unwrap();
    let mut spec = space.sample("shop");
    spec.replicas = 0;
    let id = space.create(&spec).await.unwrap();
    see(&portal, "the app through the door", |w| w.health.ready && facts(w, &id).is_some()).await;
    (proxy, portal, id)
}

async fn label(space: &Space, value: &str) {
    let change = json!({"metadata": {"labels": {"seen": value}}});
    space.api::<Deployment>().patch("shop", &PatchParams::default(), &Patch::Merge(change)).await.unwrap();
}

fn labelled(w: &service::ports::World, id: &AppId, value: &str) -> bool {
    facts(w, id).is_some_and(|f| f.workload.labels.get("seen").is_some_and(|v| v == value))
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the cluster"]
async fn a_server_that_was_away_is_caught_up_with() {
    in_space("away", |space| async move {
        let (proxy, portal, id) = behind_a_door(&space).await;
        proxy.door.send_replace(Door::Shut);
        let start = Instant::now();
        let world = see(&portal, "that it is away", |w| w.health.away_since.is_some()).await;
        println!("away was noticed after {:.2} s", start.elapsed().as_secs_f64());
        assert!(facts(&world, &id).is_some(), "the last known state stays");
        assert!(matches!(portal.yaml(&id).await, Err(ClusterError::Away(_))));
        label(&space, "meanwhile").await;
        let other = space.sample("other");
        let other = space.create(&domain::spec::AppSpec { replicas: 0, ..other }).await.unwrap();
        space.see(&other, "the other app", |_| true).await;
        space.cluster.delete(&other).await.unwrap();
        proxy.door.send_replace(Door::Open);
        let start = Instant::now();
        see(&portal, "what happened meanwhile", |w| w.health.away_since.is_none() && labelled(w, &id, "meanwhile") && facts(w, &other).is_none()).await;
        println!("caught up {:.2} s after the server was back", start.elapsed().as_secs_f64());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the cluster"]
async fn a_half_open_connection_is_noticed_in_a_minute() {
    in_space("half", |space| async move {
        let (proxy, portal, id) = behind_a_door(&space).await;
        proxy.hang();
        let start = Instant::now();
        label(&space, "behind").await;
        see(&portal, "the change behind dead connections", |w| labelled(w, &id, "behind")).await;
        let took = start.elapsed();
        println!("dead connections were noticed and replaced after {:.1} s", took.as_secs_f64());
        assert!(took.as_secs() <= 60);
        see(&portal, "that it is back", |w| w.health.away_since.is_none()).await;
        assert!(DEADLINE > took);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the cluster"]
async fn a_start_while_the_server_is_away_is_no_failure() {
    in_space("late", |space| async move {
        let proxy = Proxy::start(Kubeconfig::read_from(kubeconfig()).unwrap()).await;
        proxy.door.send_replace(Door::Shut);
        let config = Config { kubeconfig: Some(proxy.kubeconfig.path().into()), namespaces: None, ..Config::default() };
        let portal = KubeCluster::start(config, space.token.clone()).unwrap();
        see(&portal, "that it is away", |w| w.health.away_since.is_some() && !w.health.ready).await;
        proxy.door.send_replace(Door::Open);
        see(&portal, "readiness", |w| w.health.ready && w.health.away_since.is_none() && w.namespaces.contains_key(&space.ns)).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the cluster"]
async fn connections_that_are_cut_again_and_again_lose_nothing() {
    in_space("cut", |space| async move {
        let (proxy, portal, id) = behind_a_door(&space).await;
        let mut slowest = 0.0_f64;
        for n in 0..10 {
            let value = format!("cut-{n}");
            proxy.door.send_replace(Door::Shut);
            label(&space, &value).await;
            proxy.door.send_replace(Door::Open);
            let start = Instant::now();
            see(&portal, "the change behind a cut", |w| labelled(w, &id, &value)).await;
            slowest = slowest.max(start.elapsed().as_secs_f64());
        }
        println!("10 cuts; the slowest change was seen {slowest:.2} s after the way was open again");
        see(&portal, "that it is back", |w| w.health.away_since.is_none()).await;
    })
    .await;
}

/// A portal behind a server that can answer itself.
async fn behind_a_middle(space: &Space) -> (Middle, KubeCluster) {
    let middle = Middle::start(client(&kubeconfig()).await).await;
    let config = Config { kubeconfig: Some(middle.kubeconfig.path().into()), namespaces: Some(vec![space.ns.clone()]), ..Config::default() };
    let portal = KubeCluster::start(config, space.token.clone()).unwrap();
    see(&portal, "readiness", |w| w.health.ready).await;
    (middle, portal)
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the cluster"]
async fn watches_that_are_too_old_list_anew_without_loss_or_double() {
    in_space("gone", |space| async move {
        let (middle, portal) = behind_a_middle(&space).await;
        let stays = space.create(&space.sample("stays")).await.unwrap();
        let goes = space.create(&space.sample("goes")).await.unwrap();
        see(&portal, "two apps with a pod each", |w| [&stays, &goes].iter().all(|id| facts(w, id).is_some_and(|f| ready(&f) == 1))).await;

        // Nothing gets through while things change; then each resource is told once that it is too late.
        middle.rule(|_| Some(status(503, "ServiceUnavailable")));
        middle.cut();
        let world = see(&portal, "that 503 is away", |w| w.health.away_since.is_some()).await;
        assert!(facts(&world, &goes).is_some(), "the last known state stays");
        space.cluster.delete(&goes).await.unwrap();
        space.cluster.scale(&stays, 2).await.unwrap();
        let comes = space.create(&space.sample("comes")).await.unwrap();
        see(&space.cluster, "the changes, by a portal of its own", |w| {
            let pods = |id| facts(w, id).map_or(0, |f| ready(&f));
            facts(w, &goes).is_none() && pods(&stays) == 2 && pods(&comes) == 1
        })
        .await;
        let told = Arc::new(Mutex::new(HashSet::new()));
        let (once, lists) = (told.clone(), Arc::new(AtomicUsize::new(0)));
        let listed = lists.clone();
        middle.rule(move |path| {
            let resource = path.split('?').next().unwrap_or_default().to_owned();
            if !path.contains("watch=true") {
                listed.fetch_add(usize::from(resource.ends_with("/deployments")), Ordering::SeqCst);
                return None;
            }
            once.lock().unwrap().insert(resource).then(expired)
        });
        let start = Instant::now();
        let caught_up = |w: &service::ports::World| {
            let pods = |id| facts(w, id).map_or((0, 0), |f| (f.pods.len(), ready(&f)));
            w.health.away_since.is_none() && facts(w, &goes).is_none() && pods(&stays) == (2, 2) && pods(&comes) == (1, 1)
        };
        see(&portal, "what happened meanwhile, once", |w| caught_up(w)).await;
        println!("caught up {:.2} s after the API server was back", start.elapsed().as_secs_f64());
        // The watches go on from there.
        space.cluster.scale(&stays, 3).await.unwrap();
        let world = see(&portal, "a change after it", |w| facts(w, &stays).is_some_and(|f| ready(&f) == 3)).await;
        let apps = &world.namespaces[&space.ns].apps;
        assert_eq!(apps.keys().map(|id| id.name.as_str()).collect::<Vec<_>>(), ["comes", "stays"]);
        let names: HashSet<_> = apps.values().flat_map(|a| a.pods.iter().map(|p| p.name.clone())).collect();
        assert_eq!(names.len(), apps.values().map(|a| a.pods.len()).sum::<usize>(), "no pod twice");
        let (told, lists) = (told.lock().unwrap().len(), lists.load(Ordering::SeqCst));
        println!("{told} resources were told 410; deployments were listed {lists} times since");
        assert!(told >= 1 && lists <= 6);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the cluster"]
async fn a_metrics_server_that_is_gone_is_told_and_comes_back() {
    in_space("metrics", |space| async move {
        let (middle, portal) = behind_a_middle(&space).await;
        portal.usage().await.unwrap();
        see(&portal, "that metrics-server works", |w| w.health.metrics == Some(true)).await;
        middle.rule(|path| path.starts_with("/apis/metrics.k8s.io").then(|| status(503, "ServiceUnavailable")));
        assert!(matches!(portal.usage().await, Err(ClusterError::Missing(Missing::MetricsServer))));
        let world = see(&portal, "that it is gone", |w| w.health.metrics == Some(false)).await;
        assert!(world.health.away_since.is_none(), "the cluster itself is there");
        middle.rule(|_| None);
        portal.usage().await.unwrap();
        see(&portal, "that it is back", |w| w.health.metrics == Some(true)).await;
    })
    .await;
}
