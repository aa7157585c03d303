//! `GET …/logs` as `curl -N` reads it.

use crate::support::World;
use crate::support::cluster::id;
use domain::Namespace;
use domain::kubernetes::{Resource, Right, Verb};
use std::sync::atomic::Ordering::SeqCst;
use std::time::Duration;
use tokio::io::{AsyncReadExt, Interest};

const PATH: &str = "/api/v1/namespaces/web/apps/deployment/shop/logs";

#[tokio::test]
async fn lines_come_with_and_without_their_time() {
    let world = World::peopled().await;
    let vera = world.signed_in("vera").await;
    let plain = vera.get(PATH).await;
    assert_eq!(plain.expect(200).body, "first\nsecond\n");
    assert_eq!(plain.header("content-type"), Some("text/plain; charset=utf-8"));
    assert_eq!(plain.header("content-encoding"), None);
    let timed = vera.get(&format!("{PATH}?timestamps=true")).await;
    assert!(timed.body.starts_with("2026-11-21T05:04:03.000000001Z first\n"), "{}", timed.body);
    vera.get("/api/v1/namespaces/web/apps/deployment/nope/logs").await.expect(404);
}

#[tokio::test]
async fn a_log_that_may_not_be_read_is_not_an_empty_one() {
    let world = World::peopled().await;
    *world.cluster.log_refused.lock().unwrap() = Some(Right::of(Verb::Get, Resource::PodLogs, &Namespace::parse("web").unwrap()));
    let vera = world.signed_in("vera").await;
    let told = "The portal isn't allowed to get pods/log in web. quayside rbac --namespace web prints the Role it needs.";
    assert_eq!(vera.get(PATH).await.expect(200).body, format!("# quayside: shop-1/app {told}\n"));
}

#[tokio::test]
async fn a_word_that_is_not_understood_is_told_and_not_left_out() {
    let world = World::peopled().await;
    let vera = world.signed_in("vera").await;
    for (query, field) in [("tailLines=10k", "tailLines"), ("sinceSeconds=-1", "sinceSeconds"), (&*format!("pod={}", "p".repeat(300)), "pod")] {
        let reply = vera.get(&format!("{PATH}?{query}")).await;
        assert_eq!(reply.expect(422).json()["fields"][0]["field"], field);
    }
}

#[tokio::test]
async fn a_followed_log_begins_at_once_and_ends_with_the_right_to_see_it() {
    let world = World::peopled().await;
    let vera = world.signed_in("vera").await;
    let mut stream = vera.with("Accept-Encoding", "br, gzip").open("GET", &format!("{PATH}?follow"), None).await;
    let mut buffer = vec![0; 64 * 1024];
    let mut got = String::new();
    while !got.contains("second\n") {
        let n = tokio::time::timeout(Duration::from_secs(2), stream.read(&mut buffer)).await.expect("the first lines come at once").unwrap();
        got.push_str(&String::from_utf8_lossy(&buffer[..n]));
    }
    let admin = world.signed_in("admin").await;
    admin.form("/teams/1/member", "user=vera&role=none").await.expect(303);
    let ended = tokio::time::timeout(Duration::from_secs(1), async { while stream.read(&mut buffer).await.is_ok_and(|n| n > 0) {} }).await;
    assert!(ended.is_ok(), "the stream goes on after the role was taken away");
}

#[tokio::test]
async fn a_reader_that_stops_stops_the_reading() {
    let world = World::peopled().await;
    *world.cluster.endless.lock().unwrap() = true;
    let vera = world.signed_in("vera").await;
    let stream = vera.open("GET", &format!("{PATH}?follow"), None).await;
    let waiting = full(&world).await;
    assert!(waiting < 64 * 1024 * 1024, "{waiting} bytes wait");
    drop(stream);
    // Others are not held up meanwhile.
    *world.cluster.endless.lock().unwrap() = false;
    world.cluster.put(&id("web", "shop"), 1);
    vera.get(PATH).await.expect(200);
}

/// Waits until so much is under way that nothing more is read for whoever does not take it, and says how much.
async fn full(world: &World) -> u64 {
    let still = async {
        let mut before = 0;
        loop {
            tokio::time::sleep(Duration::from_millis(200)).await;
            let taken = world.cluster.taken.load(SeqCst);
            if taken > 0 && taken == before {
                return taken;
            }
            before = taken;
        }
    };
    tokio::time::timeout(Duration::from_secs(15), still).await.expect("the log is read on although nobody takes it")
}

#[tokio::test]
async fn a_reader_that_has_stopped_loses_the_connection_with_the_session() {
    let world = World::peopled().await;
    *world.cluster.endless.lock().unwrap() = true;
    let vera = world.signed_in("vera").await;
    let stream = vera.open("GET", &format!("{PATH}?follow"), None).await;
    full(&world).await;
    vera.form("/signout", "").await.expect(303);
    let ready = tokio::time::timeout(Duration::from_millis(1500), stream.ready(Interest::ERROR)).await;
    assert!(ready.expect("the connection stays although nobody may read it").unwrap().is_error());
}
