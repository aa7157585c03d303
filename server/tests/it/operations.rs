//! Operations in the API: lists, one, and its events as `curl -N` reads them.

use crate::support::World;
use crate::support::http::{Client, unchunk};
use domain::audit::{Act, AuditOutcome, Deed, Target};
use domain::operation::{EndCode, OperationId, Progress, ProgressCode, State, Version, Work};
use domain::{AppId, UnixMs};
use serde_json::Value;
use service::ports::{Advance, Ended, NewAudit, NewOperation, Operations as _};
use std::time::Duration;
use store::SqliteStore;
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpStream;

/// Operations as another process would write them, so that only what is read is tested.
struct Written(SqliteStore);

impl Written {
    async fn of(world: &World) -> Self {
        Self(SqliteStore::open(&world.running.app.config.database.path).await.unwrap())
    }

    async fn begun(&self, app: &str) -> OperationId {
        let app = AppId::parse(app).unwrap();
        let deed = Deed::new(Act::RestartApp, Target::App(app.clone()));
        let (actor, address) = ("olga".to_owned(), "10.0.0.1".to_owned());
        let intent = NewAudit { at: UnixMs(1), actor, address, deed, outcome: AuditOutcome::Intent, detail: String::new(), intent: None };
        let work = Work::Restart { before: Version { uid: "u1".into(), generation: 3 }, at: UnixMs(1) };
        self.0.begin_operation(&intent, &NewOperation { user_id: 1, app, why: None, work }).await.unwrap()
    }

    async fn waits(&self, id: OperationId) {
        let progress = Progress { at: UnixMs(2), code: ProgressCode::Entered { state: State::Waiting } };
        self.0.advance_operation(id, &Advance { to: State::Waiting, progress, end: None, applied: None }).await.unwrap();
    }

    async fn ends(&self, id: OperationId, code: EndCode) {
        self.0.end_operation(id, &Ended { at: UnixMs(3), verdict: code.into(), end: None, notice: false }).await.unwrap();
    }
}

async fn ids(client: &Client, query: &str) -> Vec<i64> {
    let reply = client.get(&format!("/api/v1/operations{query}")).await;
    reply.expect(200).json()["items"].as_array().unwrap().iter().map(|o| o["id"].as_i64().unwrap()).collect()
}

async fn opened(client: &Client, id: OperationId) -> TcpStream {
    client.with("Accept-Encoding", "br, gzip").open("GET", &format!("/api/v1/operations/{id}/events"), None).await
}

/// What of an answer has come: its head, and its lines.
fn lines(bytes: &[u8]) -> (String, Vec<Value>) {
    let split = bytes.windows(4).position(|w| w == b"\r\n\r\n").expect("a head") + 4;
    let body = String::from_utf8(unchunk(&bytes[split..])).unwrap();
    (String::from_utf8_lossy(&bytes[..split]).to_lowercase(), body.lines().map(|line| serde_json::from_str(line).unwrap()).collect())
}

#[tokio::test]
async fn operations_are_listed_for_those_who_may_see_the_app_and_for_nobody_else() {
    let world = World::peopled().await;
    let written = Written::of(&world).await;
    let (shop, db, api) = (written.begun("web/deployment/shop").await, written.begun("data/deployment/db").await, written.begun("web/deployment/api").await);
    written.waits(shop).await;
    written.ends(shop, EndCode::RolledOut).await;
    let (vera, dora, admin) = (world.signed_in("vera").await, world.signed_in("dora").await, world.signed_in("admin").await);
    assert_eq!(ids(&vera, "").await, [api.0, shop.0]);
    assert_eq!(ids(&vera, "?namespace=web&open=true").await, [api.0]);
    assert_eq!(ids(&vera, "?app=web/deployment/shop").await, [shop.0]);
    assert_eq!(ids(&dora, "").await, [db.0]);
    let first = vera.get("/api/v1/operations?limit=1").await.json();
    assert_eq!(first["items"][0]["id"], api.0);
    assert_eq!(ids(&vera, &format!("?limit=1&continue={}", first["continue"].as_str().unwrap())).await, [shop.0]);
    vera.get("/api/v1/operations?namespace=data").await.expect(403);
    vera.get("/api/v1/operations?app=data/deployment/db").await.expect(403);
    vera.get("/api/v1/operations?app=shop").await.expect(422);

    let one = vera.get(&format!("/api/v1/operations/{shop}")).await;
    let one = one.expect(200).json();
    assert_eq!((&one["state"], &one["verdict"]["code"], &one["by"]), (&"succeeded".into(), &"rolled_out".into(), &"olga".into()));
    let hidden = vera.get(&format!("/api/v1/operations/{db}")).await;
    let none = vera.get("/api/v1/operations/9999").await;
    assert_eq!(hidden.expect(404).body.replace(&db.to_string(), "N"), none.expect(404).body.replace("9999", "N"));
    vera.get(&format!("/api/v1/operations/{db}/events")).await.expect(404);
    vera.get("/api/v1/operations/+1").await.expect(404);
    admin.get(&format!("/api/v1/operations/{shop}")).await.expect(200);
}

#[tokio::test]
async fn the_events_of_an_operation_that_has_ended_end_with_its_verdict() {
    let world = World::peopled().await;
    let written = Written::of(&world).await;
    let shop = written.begun("web/deployment/shop").await;
    written.waits(shop).await;
    written.ends(shop, EndCode::StillWaiting).await;
    let mut bytes = Vec::new();
    opened(&world.signed_in("vera").await, shop).await.read_to_end(&mut bytes).await.unwrap();
    let (head, lines) = lines(&bytes);
    for header in ["content-type: application/x-ndjson", "x-accel-buffering: no", "connection: close"] {
        assert!(head.contains(header), "{head}");
    }
    assert!(!head.contains("content-encoding"), "{head}");
    assert!(bytes.ends_with(b"0\r\n\r\n"), "the answer is whole");
    let brief: Vec<_> = lines.iter().map(|line| (line["event"].as_str().unwrap(), line["at"].as_i64().unwrap())).collect();
    assert_eq!(brief, [("progress", 2), ("verdict", 3)]);
    assert_eq!((&lines[1]["state"], &lines[1]["verdict"]["code"]), (&"unknown".into(), &"still_waiting".into()));
}

/// Follows an operation that is under way until its first line is there.
async fn followed(client: &Client, id: OperationId) -> (TcpStream, Vec<u8>) {
    let mut stream = opened(client, id).await;
    let mut bytes = Vec::new();
    let begins = async { while !String::from_utf8_lossy(&bytes).contains("\"event\":") && stream.read_buf(&mut bytes).await.unwrap() > 0 {} };
    tokio::time::timeout(Duration::from_secs(2), begins).await.expect("the first line comes at once");
    (stream, bytes)
}

async fn cut_short(mut stream: TcpStream, mut bytes: Vec<u8>) {
    let ended = async { while stream.read_buf(&mut bytes).await.is_ok_and(|n| n > 0) {} };
    tokio::time::timeout(Duration::from_secs(1), ended).await.expect("the stream goes on");
    assert!(!bytes.ends_with(b"0\r\n\r\n"), "an answer without its verdict looks whole");
    let (_, lines) = lines(&bytes);
    assert!(!lines.is_empty() && lines.iter().all(|line| line["event"] != "verdict"), "{lines:?}");
}

#[tokio::test]
async fn a_stream_is_cut_when_its_reader_may_no_longer_see_the_app() {
    let world = World::peopled().await;
    let shop = Written::of(&world).await.begun("web/deployment/shop").await;
    let (vera, admin) = (world.signed_in("vera").await, world.signed_in("admin").await);
    let (stream, bytes) = followed(&vera, shop).await;
    admin.form("/teams/1/member", "user=vera&role=none").await.expect(303);
    cut_short(stream, bytes).await;
}

#[tokio::test]
async fn a_stream_is_cut_when_the_portal_stops_before_the_verdict() {
    let world = World::peopled().await;
    let shop = Written::of(&world).await.begun("web/deployment/shop").await;
    let (stream, bytes) = followed(&world.signed_in("vera").await, shop).await;
    world.running.life.soft.cancel();
    cut_short(stream, bytes).await;
}

#[tokio::test]
async fn one_session_cannot_follow_without_limit() {
    let world = World::peopled().await;
    let shop = Written::of(&world).await.begun("web/deployment/shop").await;
    let vera = world.signed_in("vera").await;
    let mut all = Vec::new();
    for _ in 0..20 {
        all.push(followed(&vera, shop).await);
    }
    vera.get(&format!("/api/v1/operations/{shop}/events")).await.expect(429);
    all.pop();
    let place = async {
        let mut status = Vec::new();
        while !status.starts_with(b"HTTP/1.1 200") {
            status.clear();
            opened(&vera, shop).await.read_buf(&mut status).await.unwrap();
        }
    };
    tokio::time::timeout(Duration::from_secs(5), place).await.expect("a place that was given back can be taken");
}

#[tokio::test]
async fn pages_tell_of_a_change_while_it_is_under_way_and_just_after_its_end() {
    let world = World::peopled().await;
    let written = Written::of(&world).await;
    let shop = written.begun("web/deployment/shop").await;
    written.waits(shop).await;
    let (vera, dora) = (world.signed_in("vera").await, world.signed_in("dora").await);
    let app = vera.get("/apps/web/deployment/shop").await;
    assert!(app.expect(200).body.contains("> by olga") && app.body.contains("data-open"), "{:.200}", app.body);
    let list = vera.get("/operations").await;
    assert!(list.expect(200).body.contains("href=\"/apps/web/deployment/shop\""), "{}", list.body);
    assert!(!dora.get("/operations").await.expect(200).body.contains("shop"));

    let strip = "/operations?part=app&app=web/deployment/shop";
    let part = vera.get(strip).await;
    assert!(part.expect(200).body.starts_with("<div data-part=\"") && app.body.contains(&part.body), "{}", part.body);
    dora.get(strip).await.expect(403);
    // It ended in 1970.
    written.ends(shop, EndCode::RolledOut).await;
    assert!(!vera.get(strip).await.expect(200).body.contains("Restart"));
    assert!(vera.get("/operations?part=list").await.expect(200).body.contains("Rolled out"));
}

#[tokio::test]
async fn what_a_page_reads_by_itself_without_a_session_is_told_so_and_gets_no_other_page() {
    let world = World::peopled().await;
    let page = world.client().with("X-Quayside-Background", "1").with("Accept", "application/json");
    assert_eq!(page.get("/operations?part=list").await.expect(401).json()["code"], "unauthenticated");
}

#[tokio::test]
async fn a_change_answers_with_its_number_and_at_once_with_its_address_where_that_is_preferred() {
    let world = World::peopled().await;
    let otto = world.signed_in("otto").await;
    let restart = "/api/v1/namespaces/web/apps/deployment/shop/restart";
    let plain = otto.json("POST", restart, "{}").await;
    let id = plain.expect(204).header("quayside-operation").unwrap();
    assert_eq!(otto.get(&format!("/api/v1/operations/{id}")).await.expect(200).json()["action"], "restart");
    let preferring = otto.with("Prefer", "wait=5, respond-async").json("POST", restart, "{}").await;
    let next = preferring.expect(202).header("quayside-operation").unwrap();
    assert_eq!(preferring.header("location"), Some(&*format!("/api/v1/operations/{next}")));
    assert_eq!(preferring.header("preference-applied"), Some("respond-async"));
    assert_ne!(next, id);
}
