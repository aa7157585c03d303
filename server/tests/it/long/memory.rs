//! What objects that a tenant has made as large as can be leave in the portal's memory.

use crate::interrupted::owner;
use crate::support::api_server::ApiServer;
use crate::support::http::Client;
use crate::support::process::Portal;
use serde_json::{Value, json};
use std::time::Duration;

const PODS: &str = "/api/v1/namespaces/web/pods";
const DEPLOYMENTS: &str = "/apis/apps/v1/namespaces/web/deployments";
/// The most that 14 MB of lists may leave.
const OF_LISTS_MIB: f64 = 5.0;
/// The most that the YAML and configuration pages of their objects may leave beside that.
const OF_PAGES_MIB: f64 = 8.0;

/// How scripts and image have the C library keep memory.
fn tunables() -> &'static str {
    let script = include_str!("../../../../scripts/portal.sh");
    script.lines().find_map(|line| line.strip_prefix("AT_HAND=GLIBC_TUNABLES=")).unwrap()
}

#[test]
fn image_and_guide_keep_memory_as_the_scripts_do() {
    for text in [include_str!("../../../../Dockerfile"), include_str!("../../../../docs/operators-guide.md")] {
        assert!(text.lines().any(|line| line.trim_start_matches("ENV ") == format!("GLIBC_TUNABLES={}", tunables())), "{text:.200}");
    }
}

fn resident_mib(portal: &Portal) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", portal.process.id())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<f64>().unwrap() / 1024.0
}

fn meta(name: &str, n: usize) -> Value {
    json!({"name": name, "namespace": "web", "uid": format!("uid-{name}"), "resourceVersion": n.to_string(), "creationTimestamp": "2026-11-21T05:00:00Z"})
}

/// An app of some 340 KB, in as many small pieces as there can be.
fn app(n: usize) -> Value {
    let name = format!("hostile-{n}");
    let mut metadata = meta(&name, n);
    metadata["annotations"] = (0..700).map(|i| (format!("example.org/a{i}"), Value::from(format!("{i} {}", "x".repeat(200))))).collect();
    let env: Vec<_> = (0..700).map(|i| json!({"name": format!("V{i}"), "value": format!("{i} {}", "y".repeat(170))})).collect();
    let labels = json!({"app": name});
    json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata, "status": {},
        "spec": {"replicas": 1, "selector": {"matchLabels": labels}, "template": {"metadata": {"labels": labels},
        "spec": {"containers": [{"name": "main", "image": "web:1", "env": env}]}}}})
}

/// A pod whose status has some 745 KB.
fn pod(n: usize) -> Value {
    let conditions: Vec<_> = (0..3_000).map(|i| json!({"type": format!("example.org/c{i}"), "status": "False", "message": "z".repeat(170)})).collect();
    json!({"apiVersion": "v1", "kind": "Pod", "metadata": meta(&format!("pod-{n}"), n), "spec": {"containers": [{"name": "main", "image": "web:1"}]},
        "status": {"phase": "Running", "conditions": conditions}})
}

/// The portal after a look at all pages of all apps.
async fn looked_at(portal: &Portal, admin: &Client, apps: usize, rounds: usize) {
    for _ in 0..rounds {
        for n in 0..apps {
            for tab in ["yaml", "configuration"] {
                admin.get(&format!("/apps/web/deployment/hostile-{n}/{tab}")).await.expect(200);
            }
        }
    }
    // Threads that have nothing to do end after ten seconds, and what is theirs goes back.
    tokio::time::sleep(Duration::from_secs(12)).await;
    println!("{apps} apps, looked at {rounds} times: {:.1} MiB", resident_mib(portal));
}

async fn lists(admin: &Client, wanted: usize) {
    let listed = async {
        loop {
            let list = admin.get("/api/v1/apps").await.expect(200).json();
            let kinds = list["items"].as_array().unwrap().iter().map(|app| &app["id"]["kind"]);
            // Pods that belong to nobody are in the list as well.
            if kinds.filter(|kind| *kind == "deployment").count() >= wanted {
                break;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), listed).await.expect("all apps are listed");
}

/// Resident memory of a portal that has seen these and so many pages of them.
async fn after(apps: usize, pods: usize, rounds: usize) -> f64 {
    let folder = tempfile::tempdir().unwrap();
    let api = ApiServer::start(folder.path()).await;
    api.put(
        &format!("{DEPLOYMENTS}/plain"),
        json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": meta("plain", 1), "status": {},
        "spec": {"replicas": 1, "selector": {"matchLabels": {"app": "plain"}}, "template": {"spec": {"containers": [{"name": "main", "image": "web:1"}]}}}}),
    );
    (0..apps).for_each(|n| api.put(&format!("{DEPLOYMENTS}/hostile-{n}"), app(n)));
    (0..pods).for_each(|n| api.put(&format!("{PODS}/pod-{n}"), pod(n)));
    let mut command = Portal::command(folder.path(), &folder.path().join("q.db"), 0);
    command.env("GLIBC_TUNABLES", tunables());
    let portal = Portal::started(command);
    let admin = owner(&portal, "web").await;
    lists(&admin, apps + 1).await;
    // Code that was never run is not in memory yet: both portals have shown each page once.
    for tab in ["", "/yaml", "/configuration"] {
        admin.get(&format!("/apps/web/deployment/plain{tab}")).await.expect(200);
    }
    looked_at(&portal, &admin, apps, rounds).await;
    resident_mib(&portal)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "long"]
async fn lists_of_14_mb_and_the_pages_of_their_objects_leave_a_few_megabytes() {
    let plain = after(0, 0, 0).await;
    let listed = after(15, 12, 0).await;
    let looked = after(15, 12, 3).await;
    println!("plain {plain:.1} MiB, after the lists {listed:.1}, after the pages {looked:.1}");
    assert!(listed - plain <= OF_LISTS_MIB, "the lists leave {:.1} MiB", listed - plain);
    assert!(looked - listed <= OF_PAGES_MIB, "the pages leave {:.1} MiB", looked - listed);
}
