//! Against a real cluster: `QS_TEST_KUBECONFIG` names its kubeconfig.

use crate::support::http::Client;
use crate::support::portal_on;
use quayside::start::Running;
use std::time::Duration;

async fn real() -> (Running, Client, tempfile::TempDir) {
    let kubeconfig = std::env::var("QS_TEST_KUBECONFIG").expect("QS_TEST_KUBECONFIG names a kubeconfig");
    let dir = tempfile::tempdir().unwrap();
    let (running, client) = portal_on(&kubeconfig, &dir, &[]).await;
    for _ in 0..150 {
        if running.app.portal.app_list.health(None).ready {
            return (running, client, dir);
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("the watches are not ready after 15 s: {:?}", running.app.portal.app_list.health(None));
}

#[tokio::test]
#[ignore = "needs the cluster"]
async fn every_app_of_the_cluster_has_its_pages() {
    let (running, client, _dir) = real().await;
    let list = client.get("/api/v1/apps").await.expect(200).json();
    let items = list["items"].as_array().unwrap();
    assert!(!items.is_empty(), "the cluster has no apps");
    for item in items.iter().take(30) {
        let at = format!("{}/{}/{}", item["id"]["namespace"].as_str().unwrap(), item["id"]["kind"].as_str().unwrap(), item["id"]["name"].as_str().unwrap());
        for tab in ["", "/logs", "/metrics", "/events", "/configuration", "/history", "/yaml"] {
            client.get(&format!("/apps/{at}{tab}")).await.expect(200);
        }
    }
    assert_eq!(quayside::numbers::PANICS.load(std::sync::atomic::Ordering::SeqCst), 0);
    running.life.soft.cancel();
    running.life.drain().await;
}

#[tokio::test]
#[ignore = "needs the cluster"]
async fn a_secret_of_the_real_cluster_shows_no_value() {
    let (running, client, _dir) = real().await;
    let list = client.get("/api/v1/apps").await.json();
    let ns = list["items"][0]["id"]["namespace"].as_str().unwrap().to_owned();
    let name = format!("canary-{}", std::process::id());
    let api = format!("/api/v1/namespaces/{ns}/secrets");
    let body = format!(r#"{{"name":"{name}","kind":"opaque","entries":[{{"key":"password","value":"canary-real-77"}}]}}"#);
    let made = client.json("POST", &api, &body).await;
    let replies =
        [client.get(&api).await, client.get(&format!("{api}/{name}")).await, client.get(&format!("/secrets/{ns}/{name}")).await, client.get("/audit").await];
    client.send("DELETE", &format!("{api}/{name}"), None).await.expect(204);
    made.expect(201);
    for reply in &replies {
        reply.expect(200);
        assert!(!reply.whole().contains("canary-real-77") && !reply.whole().contains("Y2FuYXJ5LXJlYWwtNzc"), "{}", reply.asked);
    }
    running.life.soft.cancel();
    running.life.drain().await;
}

/// An app of a shell script in namespace `web`, and its path below `/api/v1`.
async fn script(client: &Client, name: &str, script: &str) -> String {
    let name = format!("{name}-{}", std::process::id());
    let form = serde_json::json!({"name": name, "image": "docker.io/local/busybox:1", "command": format!("sh\n-c\n{script}"), "memoryLimit": "32Mi"});
    client.json("POST", "/api/v1/namespaces/web/apps", &form.to_string()).await.expect(201);
    format!("/api/v1/namespaces/web/apps/deployment/{name}")
}

/// Reads the app again and again, as an open page does, until it says this.
async fn says(client: &Client, app: &str, text: &str) -> String {
    let mut last = String::new();
    for _ in 0..240 {
        last = client.get(app).await.expect(200).body.clone();
        if last.contains(text) {
            return last;
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    panic!("{app} has not said {text:?} within 2 min: {last}");
}

#[tokio::test]
#[ignore = "needs the cluster"]
async fn the_logs_of_real_containers_are_told_in_the_status() {
    let (running, client, _dir) = real().await;
    let crash = script(&client, "fatal", "echo starting; echo \"FATAL: MODE is not set, password=hunter2hunter2\"; echo bye; exit 1").await;
    let mute = script(&client, "mute", "exit 3").await;
    let noisy = script(&client, "noisy", "while :; do echo \"ERROR cannot reach db:5432: timed out\"; sleep 1; done").await;
    let told = async {
        let crashed = says(&client, &crash, "FATAL: MODE is not set").await;
        assert!(!crashed.contains("hunter2"), "{crashed}");
        says(&client, &mute, "without logging anything").await;
        let ready = says(&client, &noisy, "Ready, but logs 60 errors per minute").await;
        assert!(ready.contains("\"word\":\"running\""), "a remark is no alarm: {ready}");
    };
    let told = std::panic::AssertUnwindSafe(told);
    let ended = futures::FutureExt::catch_unwind(told).await;
    for app in [&crash, &mute, &noisy] {
        client.send("DELETE", app, None).await;
    }
    if let Err(panic) = ended {
        std::panic::resume_unwind(panic);
    }
    running.life.soft.cancel();
    running.life.drain().await;
}
