//! The table of routes, and every route without a session, with one that has ended, and with other people's.

use crate::support::http::{Client, Reply};
use crate::support::{DAY_MS, World};
use domain::{Action, Tab};
use http::Method;
use quayside::permissions::{Access, Rule, table};

const TABLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/routes.txt");

fn rules() -> Vec<Rule> {
    quayside::routes::all().into_iter().map(|r| r.rule).collect()
}

#[test]
fn the_table_is_the_one_that_was_reviewed() {
    let now = table(&rules());
    if std::env::var_os("QS_TEST_WRITE").is_some() {
        std::fs::write(TABLE, &now).unwrap();
    }
    assert_eq!(std::fs::read_to_string(TABLE).unwrap(), now, "the routes changed; look at tests/routes.txt (QS_TEST_WRITE=1 writes it)");
}

#[test]
fn no_two_rows_are_the_same_and_only_these_are_public() {
    let mut seen = std::collections::BTreeSet::new();
    for rule in rules() {
        assert!(seen.insert((rule.path, rule.method.to_string())), "{} {}", rule.method, rule.path);
        let open = ["/up", "/healthy", "/pkg/", "/fonts/", "/{file}", "/signin", "/setup", "/theme", "/api/v1/openapi.json"];
        let session = rule.path == "/api/v1/session" && rule.method == Method::POST;
        assert_eq!(rule.access == Access::Public, session || open.iter().any(|p| rule.path.starts_with(p)), "{}", rule.path);
    }
}

#[test]
fn every_tab_and_every_action_of_an_app_has_its_address() {
    let rules = rules();
    let has = |method: &Method, path: &str| rules.iter().any(|r| r.method == method && r.path == path);
    for tab in Tab::ALL {
        let path = format!("/apps/{{ns}}/{{kind}}/{{name}}{}", tab.slug().map_or_else(String::new, |slug| format!("/{slug}")));
        assert!(has(&Method::GET, &path), "{path}");
    }
    for &action in Action::ALL {
        assert!(has(&Method::POST, &format!("/apps/{{ns}}/{{kind}}/{{name}}/{}", action.slug())), "{action:?}");
        let app = "/api/v1/namespaces/{ns}/apps/{kind}/{name}";
        let in_api = if action == Action::Delete { has(&Method::DELETE, app) } else { has(&Method::POST, &format!("{app}/{}", action.slug())) };
        assert!(in_api, "{action:?}");
    }
}

/// A route's path in namespace `web` and team 1.
fn place(rule: &Rule) -> String {
    rule.path.replace("{ns}", "web").replace("{kind}", "deployment").replace("{name}", "shop").replace("{id}", "1")
}

async fn ask(client: &Client, rule: &Rule) -> Reply {
    let path = place(rule);
    match (rule.method.as_str(), path.starts_with("/api/")) {
        ("GET" | "DELETE", _) => client.send(rule.method.as_str(), &path, None).await,
        (method, true) => client.json(method, &path, body(rule.path)).await,
        (_, false) => {
            client.form(&path, "key=k&value=v&replicas=1&revision=1&name=x&namespaces=web&user=vera&role=viewer&display=x&password=a+long+password+here").await
        }
    }
}

fn body(path: &str) -> &'static str {
    match path.rsplit('/').next().unwrap() {
        "scale" => r#"{"replicas":2}"#,
        "rollback" => r#"{"revision":1}"#,
        "secrets" => r#"{"name":"s","kind":"opaque","entries":[{"key":"k","value":"v"}]}"#,
        "session" => r#"{"username":"x","password":"y"}"#,
        _ => "{}",
    }
}

fn turned_away(reply: &Reply, path: &str) {
    if path.starts_with("/api/") {
        reply.expect(401);
        assert_eq!((reply.header("content-type"), reply.json()["code"].as_str()), (Some("application/problem+json"), Some("unauthenticated")));
    } else {
        reply.expect(303);
        assert!(reply.header("location").unwrap().starts_with("/signin"), "{path}");
    }
}

#[tokio::test]
async fn nobody_gets_past_the_gate_without_a_session() {
    let world = World::peopled().await;
    for rule in rules().iter().filter(|r| !matches!(r.access, Access::Public | Access::Token)) {
        turned_away(&ask(&world.client(), rule).await, rule.path);
        let mut forged = world.client();
        forged.cookie = Some("quayside_session=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA".into());
        turned_away(&ask(&forged, rule).await, rule.path);
    }
    assert!(world.cluster.done.lock().unwrap().is_empty());
}

#[tokio::test]
async fn nobody_gets_past_the_gate_with_a_session_that_has_ended() {
    let world = World::peopled().await;
    let olga = world.signed_in("olga").await;
    olga.get("/apps/web").await.expect(200);
    world.clock.push(8 * DAY_MS);
    for rule in rules().iter().filter(|r| !matches!(r.access, Access::Public | Access::Token)) {
        turned_away(&ask(&olga, rule).await, rule.path);
    }
    assert!(world.cluster.done.lock().unwrap().is_empty());
}

#[tokio::test]
async fn what_a_page_asks_by_itself_does_not_keep_its_session() {
    let world = World::peopled().await;
    let (left, used) = (world.signed_in("vera").await, world.signed_in("vera").await);
    let app = "/api/v1/namespaces/web/apps/deployment/shop";
    for _ in 0..2 {
        world.clock.push(world.session_idle_ms() / 2 + 60_000);
        let page = left.with("X-Quayside-Background", "1");
        let _answers = (page.get(app).await, page.get(&format!("{app}/metrics")).await, left.get("/api/v1/live").await);
        used.get(app).await.expect(200);
    }
    left.get("/api/v1/session").await.expect(401);
    used.get("/api/v1/session").await.expect(200);
}

#[tokio::test]
async fn another_team_gets_nothing_of_a_namespace() {
    let world = World::peopled().await;
    let dora = world.signed_in("dora").await;
    // There is what the routes name, so that only the right is missing.
    let made = r#"{"name":"shop","kind":"opaque","entries":[{"key":"k","value":"v"}]}"#;
    world.signed_in("olga").await.json("POST", "/api/v1/namespaces/web/secrets", made).await.expect(201);
    let before = world.cluster.done.lock().unwrap().len();
    for rule in rules().iter().filter(|r| matches!(r.access, Access::Viewer | Access::Operator | Access::TeamOwner | Access::PortalAdmin)) {
        let reply = ask(&dora, rule).await;
        let right = if rule.path.contains("{ns}") { reply.status == 403 } else { matches!(reply.status, 403 | 404) };
        assert!(right, "{} {} answered {}: {}", rule.method, rule.path, reply.status, reply.body);
        // A namespace that exists looks like one that does not.
        if rule.path.contains("{ns}") && rule.method == Method::GET {
            let nowhere = rule.path.replace("{ns}", "nowhere").replace("{kind}", "deployment").replace("{name}", "shop");
            let same = dora.get(&nowhere).await;
            assert_eq!((same.status, same.body.replace("nowhere", "web").len()), (reply.status, reply.body.len()), "{}", rule.path);
        }
    }
    assert_eq!(world.cluster.done.lock().unwrap().len(), before);
    let secrets = world.cluster.secrets.lock().unwrap();
    assert!(secrets.len() == 1 && secrets.values().all(|s| s.data["k"].expose() == b"v"));
}

#[tokio::test]
async fn a_viewer_changes_nothing_and_an_operator_manages_nobody() {
    let world = World::peopled().await;
    let (vera, otto) = (world.signed_in("vera").await, world.signed_in("otto").await);
    for rule in rules() {
        match rule.access {
            Access::Operator | Access::TeamOwner | Access::PortalAdmin => {
                ask(&vera, &rule).await.expect(403);
                if rule.access != Access::Operator {
                    ask(&otto, &rule).await.expect(403);
                }
            }
            Access::Viewer if rule.method == Method::GET && !rule.path.contains("secrets/{name}") && !rule.path.ends_with("{ns}/{name}") => {
                ask(&vera, &rule).await.expect(200);
            }
            _ => {}
        }
    }
    assert!(world.cluster.done.lock().unwrap().is_empty());
}

/// Sends a body that nothing could be made of, and says of another one only how long it would be.
async fn send_nonsense(client: &Client, rule: &Rule) -> [Reply; 2] {
    let (path, method) = (place(rule), rule.method.as_str());
    let kind = if path.starts_with("/api/") { "application/json" } else { "multipart/form-data" };
    let announced = client.with("Content-Type", kind).with("Content-Length", "1000");
    [client.send(method, &path, Some((kind, b"not { this"))).await, announced.send(method, &path, None).await]
}

#[tokio::test]
async fn whoever_may_not_is_told_so_before_the_body_is_read() {
    let world = World::peopled().await;
    let (vera, otto, nobody) = (world.signed_in("vera").await, world.signed_in("otto").await, world.client());
    let changes = rules().into_iter().filter(|r| r.method != Method::GET);
    for rule in changes.filter(|r| r.access != Access::Public) {
        for reply in send_nonsense(&nobody, &rule).await {
            turned_away(&reply, rule.path);
        }
        for reply in send_nonsense(&otto.with("Sec-Fetch-Site", "cross-site"), &rule).await {
            reply.expect(403);
        }
        let too_little = match rule.access {
            Access::Operator => &vera,
            Access::TeamOwner | Access::PortalAdmin => &otto,
            Access::Public | Access::Token | Access::SignedIn | Access::Viewer => continue,
        };
        for reply in send_nonsense(too_little, &rule).await {
            reply.expect(403);
        }
    }
    assert!(world.cluster.done.lock().unwrap().is_empty());
}

#[tokio::test]
async fn an_operator_may_what_the_table_says() {
    let world = World::peopled().await;
    let otto = world.signed_in("otto").await;
    for rule in rules().iter().filter(|r| r.access == Access::Operator && r.path.contains("/apps/{kind}/") && r.path.starts_with("/api/")) {
        // The app is not held; that is said only to those who may resume it.
        let status = if rule.path.ends_with("/resume") { 409 } else { 204 };
        ask(&otto, rule).await.expect(status);
    }
    let mut done = world.cluster.done.lock().unwrap().clone();
    done.sort();
    let app = "web/deployment/shop";
    let expected = ["delete APP", "paused APP true", "restart APP", "rollback APP 1", "scale APP 2"].map(|call| call.replace("APP", app));
    assert_eq!(done, expected);
}

#[tokio::test]
async fn the_address_of_a_form_leads_to_the_page_that_has_it() {
    let world = World::peopled().await;
    let vera = world.signed_in("vera").await;
    let app = "/apps/web/deployment/shop";
    let cases = [
        (format!("{app}/delete"), app),
        (format!("{app}/scale?embed=1"), "/apps/web/deployment/shop?embed=1"),
        ("/users/1/password".to_owned(), "/users/1"),
        ("/users/1".to_owned(), "/users"),
        ("/secrets/web/db/key".to_owned(), "/secrets/web/db"),
        ("/theme".to_owned(), "/"),
    ];
    for (path, page) in cases {
        assert_eq!(vera.get(&path).await.expect(303).header("location"), Some(page), "{path}");
    }
    vera.get(&format!("/api/v1/namespaces{}/restart", app.replace("/apps/web", "/web/apps"))).await.expect(405);
}

#[tokio::test]
async fn unknown_routes_and_methods_are_told() {
    let world = World::peopled().await;
    let vera = world.signed_in("vera").await;
    for path in ["/nope", "/apps/web/deployment", "/apps/web/pod/x", "/apps/web/deployment/shop/nope", "/apps/UPPER", "/users/1/2/3", "/api", "/api/v2/x"] {
        vera.get(path).await.expect(404);
    }
    assert_eq!(vera.get("/api/v1/nope").await.expect(404).json()["code"], "not_found");
    let reply = vera.send("PATCH", "/api/v1/session", None).await;
    assert_eq!(reply.expect(405).json()["code"], "method_not_allowed");
    vera.send("POST", "/apps", None).await.expect(405);
    // The page of a problem knows who is signed in; so does its status.
    assert!(vera.get("/apps/nowhere").await.expect(403).header("content-type").unwrap().starts_with("text/html"));
}
