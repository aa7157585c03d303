//! A portal that is killed in the middle of a change of several objects, at a named point, and started again.

use crate::support::api_server::ApiServer;
use crate::support::http::{Client, encode};
use crate::support::process::Portal;
use crate::support::{PASSWORD, cookie};
use std::time::Duration;
use tempfile::TempDir;

pub const SHOP: &str = r#"{"name":"shop","image":"web:1","memoryLimit":"64Mi","ports":[{"name":"http","port":"8080"}],"service":"ClusterIP"}"#;
const APPS: &str = "/api/v1/namespaces/web/apps";
const SERVICE: &str = "/api/v1/namespaces/web/services/shop";
const DEPLOYMENT: &str = "/apis/apps/v1/namespaces/web/deployments/shop";

/// `admin`, who owns this namespace.
pub async fn owner(portal: &Portal, namespace: &str) -> Client {
    let mut admin = Client::new(portal.address);
    let signed_in = admin.form("/signin", &format!("name=admin&password={}", encode(PASSWORD))).await;
    admin.cookie = Some(cookie(signed_in.expect(303)));
    admin.form("/teams/create", &format!("name=Web&namespaces={namespace}")).await.expect(303);
    admin.form("/teams/1/member", "user=admin&role=owner").await.expect(303);
    admin
}

/// Asks for the list until it says that.
async fn told(client: &Client, text: &str) {
    let says = async {
        while !client.get("/apps").await.expect(200).body.contains(text) {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), says).await.unwrap_or_else(|_| panic!("the list does not say {text}"));
}

/// A portal that was killed when the API server got this call of a creation; its next run, and its person.
async fn killed_at(method: &'static str, end: &'static str) -> (TempDir, ApiServer, Portal, Client) {
    let folder = tempfile::tempdir().unwrap();
    let api = ApiServer::start(folder.path()).await;
    let mut portal = Portal::start(folder.path());
    let mut admin = owner(&portal, "web").await;
    api.hold(method, end);
    let under_way = admin.open("POST", APPS, Some(("application/json", SHOP.as_bytes()))).await;
    api.reached().await;
    portal.kill();
    drop(under_way);
    api.let_go();
    let portal = Portal::start(folder.path());
    admin.address = portal.address;
    (folder, api, portal, admin)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_creation_that_was_killed_before_its_last_object_leaves_nothing_is_told_and_can_be_repeated() {
    let (_folder, api, _portal, admin) = killed_at("POST", "/deployments").await;
    told(&admin, "Removed its service. You can create it again.").await;
    assert_eq!(api.paths(), [""; 0]);
    let audit = admin.get("/audit?filter=app.create").await;
    assert!(audit.expect(200).body.contains("Interrupted. Removed its service."), "{}", audit.body);

    let page = admin.get("/apps?q=x").await.body;
    let (_, rest) = page.split_once("name=\"id\" value=\"").expect("a way to dismiss it");
    let id = rest.split('"').next().unwrap();
    let away = admin.form("/account/dismiss-notice", &format!("id={id}&next=/apps?q=x")).await;
    assert_eq!(away.expect(303).header("location"), Some("/apps?q=x"));
    assert!(!admin.get("/apps").await.body.contains("was interrupted"));

    admin.json("POST", APPS, SHOP).await.expect(201);
    assert_eq!(api.paths(), [SERVICE, DEPLOYMENT]);
    let annotations = &api.object(SERVICE).unwrap()["metadata"]["annotations"];
    assert_eq!(annotations.as_object().map(serde_json::Map::len), Some(0), "{annotations}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_creation_that_was_killed_behind_its_last_object_is_whole() {
    let (_folder, api, _portal, admin) = killed_at("PATCH", "/services/shop").await;
    told(&admin, "but the app is complete.").await;
    assert_eq!(api.paths(), [SERVICE, DEPLOYMENT]);
    let annotations = &api.object(SERVICE).unwrap()["metadata"]["annotations"];
    assert_eq!(annotations.as_object().map(serde_json::Map::len), Some(0), "{annotations}");
    assert!(admin.get("/audit?filter=app.create").await.expect(200).body.contains("Created shop in web"));
}
