//! Drafts: what was typed comes back to its person, without secrets, until it is sent, thrown away or old.

use crate::support::{DAY_MS, World};

const DRAFT: &str = "/api/v1/namespaces/web/drafts/new-app";
const TYPED: &str = r#"{"name":"half-done","image":"web:7","env":[{"name":"MODE","value":"fast"},{"name":"DB_PASSWORD","value":"hunter22"}]}"#;

#[tokio::test]
async fn what_was_typed_comes_back_to_its_person_alone_and_without_secrets() {
    let world = World::peopled().await;
    let (olga, otto) = (world.signed_in("olga").await, world.signed_in("otto").await);
    olga.json("PUT", DRAFT, TYPED).await.expect(200);
    let page = olga.get("/new-app/web").await.expect(200).body.clone();
    assert!(page.contains("half-done") && page.contains("web:7") && page.contains("fast") && page.contains("data-restored"));
    assert!(!page.contains("hunter22") && page.contains("Type this again. Drafts never store secrets."));
    assert!(!otto.get("/new-app/web").await.expect(200).body.contains("half-done"));
    for file in ["q.db", "q.db-wal"] {
        let bytes = std::fs::read(world.dir.path().join(file)).unwrap();
        assert!(!bytes.windows(8).any(|w| w == b"hunter22"), "{file} has no value either");
    }
}

#[tokio::test]
async fn a_draft_goes_when_the_app_is_made_when_it_is_thrown_away_and_when_it_is_old() {
    let world = World::peopled().await;
    let olga = world.signed_in("olga").await;
    let is_there = async || olga.get("/new-app/web").await.expect(200).body.contains("data-restored");
    olga.json("PUT", DRAFT, TYPED).await.expect(200);
    assert!(is_there().await);
    olga.json("POST", "/api/v1/namespaces/web/apps", r#"{"name":"half-done","image":"web:7"}"#).await.expect(201);
    assert!(!is_there().await);

    olga.json("PUT", DRAFT, TYPED).await.expect(200);
    olga.form("/new-app/web/discard", "").await.expect(303);
    assert!(!is_there().await);

    olga.json("PUT", DRAFT, TYPED).await.expect(200);
    olga.send("DELETE", DRAFT, None).await.expect(204);
    assert!(!is_there().await);

    olga.json("PUT", DRAFT, TYPED).await.expect(200);
    world.clock.push(15 * DAY_MS);
    let olga = world.signed_in("olga").await;
    assert!(!olga.get("/new-app/web").await.expect(200).body.contains("data-restored"));
}

#[tokio::test]
async fn a_draft_that_is_too_long_is_refused_with_a_sentence() {
    let world = World::peopled().await;
    let olga = world.signed_in("olga").await;
    let long = format!(r#"{{"name":"x","command":"{}"}}"#, "a\\n".repeat(33_000));
    let refused = olga.json("PUT", DRAFT, &long).await;
    refused.expect(413);
    assert!(refused.json()["detail"].as_str().unwrap().contains("too long to save as a draft"));
}

const SECRET: &str = "/api/v1/namespaces/web/drafts/new-secret";
const NAMES: &str = r#"{"name":"shop-pull","kind":"docker-registry","keys":["token"],"server":"registry.example.org","username":"robot","filled":["password","entries.0.value"]}"#;

#[tokio::test]
async fn the_names_of_a_secret_come_back_after_a_new_sign_in_and_its_values_are_asked_for_again() {
    let world = World::peopled().await;
    let (olga, otto) = (world.signed_in("olga").await, world.signed_in("otto").await);
    olga.json("PUT", SECRET, NAMES).await.expect(200);
    olga.form("/signout", "").await.expect(303);
    let page = world.signed_in("olga").await.get("/new-secret/web").await.expect(200).body.clone();
    for part in
        ["data-restored", "value=\"shop-pull\"", "value=\"registry.example.org\"", "value=\"robot\"", "value=\"token\"", "placeholder=\"Type it again\""]
    {
        assert!(page.contains(part), "{part}");
    }
    assert!(page.contains("value=\"docker-registry\" checked"), "of the type that was chosen");
    assert!(!otto.get("/new-secret/web").await.expect(200).body.contains("shop-pull"));
    let fresh = world.signed_in("olga").await;
    assert!(!fresh.get("/new-secret/web?draft=no").await.expect(200).body.contains("shop-pull"));
    assert!(!fresh.get("/new-secret/web?name=other").await.expect(200).body.contains("shop-pull"), "a link that names another secret is about that one");
    fresh.json("PUT", SECRET, r#"{"name":"x","password":"hunter22"}"#).await.expect(422);
}

#[tokio::test]
async fn the_draft_of_a_secret_goes_when_that_secret_is_made_or_it_is_thrown_away() {
    let world = World::peopled().await;
    let olga = world.signed_in("olga").await;
    let is_there = async || olga.get("/new-secret/web").await.expect(200).body.contains("data-restored");
    let made = |name: &str| format!(r#"{{"name":"{name}","kind":"basic-auth","username":"u","password":"p"}}"#);
    olga.json("PUT", SECRET, NAMES).await.expect(200);
    olga.json("POST", "/api/v1/namespaces/web/secrets", &made("another")).await.expect(201);
    assert!(is_there().await, "another secret was made meanwhile");
    olga.json("POST", "/api/v1/namespaces/web/secrets", &made("shop-pull")).await.expect(201);
    assert!(!is_there().await);
    olga.json("PUT", SECRET, NAMES).await.expect(200);
    olga.form("/new-secret/web/discard", "").await.expect(303);
    assert!(!is_there().await);
}

#[tokio::test]
async fn of_two_tabs_the_last_one_counts_and_each_is_told_when_it_replaces_the_other() {
    let world = World::peopled().await;
    let olga = world.signed_in("olga").await;
    let keep = async |name: &str, seen: Option<i64>| {
        let query = seen.map(|ms| format!("?seen={ms}")).unwrap_or_default();
        world.clock.push(1000);
        let kept = olga.json("PUT", &format!("{SECRET}{query}"), &format!(r#"{{"name":"{name}"}}"#)).await.expect(200).json();
        (kept["changed"].as_i64().unwrap(), kept["replaced"].as_bool().unwrap())
    };
    let (first, replaced) = keep("one", None).await;
    assert!(!replaced, "there was none");
    let (own, replaced) = keep("one-more", Some(first)).await;
    assert!(!replaced, "its own");
    let (_, replaced) = keep("two", Some(first)).await;
    assert!(replaced, "the other tab has kept one meanwhile");
    assert!(keep("three", Some(own)).await.1);
    assert!(olga.get("/new-secret/web").await.expect(200).body.contains("value=\"three\""));
}
