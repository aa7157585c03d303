//! A portal that is killed in the middle of a change, at a named point, and started again.

use crate::support::api_server::{ApiServer, Held};
use crate::support::http::{Client, encode};
use crate::support::process::Portal;
use crate::support::{PASSWORD, cookie};
use domain::Namespace;
use domain::operation::{Operation, State};
use serde_json::json;
use service::ports::{OperationQuery, Operations as _};
use std::time::Duration;
use store::SqliteStore;
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
    says(client, "/apps", text).await;
}

/// Asks for a page until it says that.
async fn says(client: &Client, page: &str, text: &str) {
    let says = async {
        while !client.get(page).await.expect(200).body.contains(text) {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), says).await.unwrap_or_else(|_| panic!("{page} does not say {text}"));
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

/// An app that is there before the portal is.
async fn with_shop() -> (TempDir, ApiServer, Portal, Client) {
    let folder = tempfile::tempdir().unwrap();
    let api = ApiServer::start(folder.path()).await;
    let template = json!({"metadata": {"labels": {"app": "shop"}}, "spec": {"containers": [{"name": "web", "image": "web:1"}]}});
    let shop = json!({"apiVersion": "apps/v1", "kind": "Deployment",
        "metadata": {"name": "shop", "namespace": "web", "uid": "u1", "resourceVersion": "1", "generation": 1, "creationTimestamp": "2026-11-21T05:04:03Z"},
        "spec": {"replicas": 1, "selector": {"matchLabels": {"app": "shop"}}, "template": template},
        "status": {"observedGeneration": 1, "replicas": 1, "updatedReplicas": 1, "readyReplicas": 1, "availableReplicas": 1}});
    api.put(DEPLOYMENT, shop);
    let portal = Portal::start(folder.path());
    let admin = owner(&portal, "web").await;
    told(&admin, "/apps/web/deployment/shop").await;
    (folder, api, portal, admin)
}

const SCALE: &str = "/api/v1/namespaces/web/apps/deployment/shop/scale";

fn replicas(api: &ApiServer) -> Option<i64> {
    api.object(DEPLOYMENT)?["spec"]["replicas"].as_i64()
}

/// A portal that was killed when the API server got this call of a change of one call, with the replicas that there are then; its next
/// run.
async fn killed_in_scaling(held: Held, there: i64) -> (TempDir, ApiServer, Portal, Client) {
    let (folder, api, mut portal, mut admin) = with_shop().await;
    api.hold_those(held);
    let under_way = admin.open("POST", SCALE, Some(("application/json", br#"{"replicas":3}"#))).await;
    api.reached().await;
    assert_eq!(replicas(&api), Some(there));
    portal.kill();
    drop(under_way);
    api.let_go();
    let portal = Portal::start(folder.path());
    admin.address = portal.address;
    (folder, api, portal, admin)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_of_one_call_that_was_killed_before_it_was_made_is_sent_again() {
    let (_folder, api, _portal, admin) = killed_in_scaling(Held { method: "PATCH", end: "/scale", is_made: false }, 1).await;
    says(&admin, "/audit?filter=app.scale", "Interrupted, then sent again.").await;
    assert_eq!(replicas(&api), Some(3));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_of_one_call_that_was_killed_before_or_behind_its_answer_is_found_to_be_made() {
    let no_answer = Held { method: "PATCH", end: "/scale", is_made: true };
    // What comes after the answer: the look for the generation.
    let answered = Held { method: "GET", end: "/deployments/shop", is_made: false };
    for held in [no_answer, answered] {
        let (_folder, api, _portal, admin) = killed_in_scaling(held, 3).await;
        says(&admin, "/audit?filter=app.scale", "Interrupted, but the app is as asked.").await;
        assert_eq!((replicas(&api), api.object(DEPLOYMENT).unwrap()["metadata"]["generation"].as_i64()), (Some(3), Some(2)), "it is sent once");
    }
}

/// The newest operation in a portal's database.
async fn newest(folder: &TempDir) -> Operation {
    let store = SqliteStore::open(&folder.path().join("q.db")).await.unwrap();
    let query = OperationQuery { namespaces: vec![Namespace::parse("web").unwrap()], limit: 1, ..OperationQuery::default() };
    store.operations(&query).await.unwrap().pop().expect("there is one")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_that_was_waited_for_is_waited_for_again_after_a_kill() {
    let (folder, api, mut portal, mut admin) = with_shop().await;
    admin.json("POST", SCALE, r#"{"replicas":3}"#).await.expect(204);
    portal.kill();
    assert_eq!(newest(&folder).await.state, State::Waiting);
    api.remove(DEPLOYMENT);
    let portal = Portal::start(folder.path());
    admin.address = portal.address;
    let ended = async {
        while newest(&folder).await.is_open() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), ended).await.expect("it ends");
    assert_eq!(newest(&folder).await.verdict.map(|end| end.code.code()), Some("app_deleted"));
    let audit = admin.get("/audit?filter=app.scale").await;
    assert!(!audit.expect(200).body.contains("Interrupted"), "its call had its answer");
}
