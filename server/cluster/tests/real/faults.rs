//! The API server goes away and comes back.

use crate::common::{DEADLINE, Space, facts, in_space, kubeconfig, see};
use crate::proxy::{Door, Proxy};
use cluster::{Config, KubeCluster};
use domain::AppId;
use k8s_openapi::api::apps::v1::Deployment;
use kube::api::{Patch, PatchParams};
use kube::config::Kubeconfig;
use serde_json::json;
use service::ports::{Cluster, ClusterError};
use std::time::Instant;

/// An app without pods, and a portal behind a door.
async fn behind_a_door(space: &Space) -> (Proxy, KubeCluster, AppId) {
    let proxy = Proxy::start(Kubeconfig::read_from(kubeconfig()).unwrap()).await;
    let config = Config { kubeconfig: Some(proxy.kubeconfig.path().into()), namespaces: Some(vec![space.ns.clone()]) };
    let portal = KubeCluster::start(config, space.token.clone()).unwrap();
    let mut spec = space.sample("shop");
    spec.replicas = 0;
    let id = space.cluster.create(&spec, &space.visible()).await.unwrap();
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
        let other = space.cluster.create(&domain::spec::AppSpec { replicas: 0, ..other }, &space.visible()).await.unwrap();
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
        let config = Config { kubeconfig: Some(proxy.kubeconfig.path().into()), namespaces: None };
        let portal = KubeCluster::start(config, space.token.clone()).unwrap();
        see(&portal, "that it is away", |w| w.health.away_since.is_some() && !w.health.ready).await;
        proxy.door.send_replace(Door::Open);
        see(&portal, "readiness", |w| w.health.ready && w.health.away_since.is_none() && w.namespaces.contains_key(&space.ns)).await;
    })
    .await;
}
