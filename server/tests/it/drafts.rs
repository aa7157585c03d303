//! Drafts: what was typed comes back to its person, without secrets, until it is sent, thrown away or old.

use crate::support::{DAY_MS, World};

const DRAFT: &str = "/api/v1/namespaces/web/drafts/new-app";
const TYPED: &str = r#"{"name":"half-done","image":"web:7","env":[{"name":"MODE","value":"fast"},{"name":"DB_PASSWORD","value":"hunter22"}]}"#;

#[tokio::test]
async fn what_was_typed_comes_back_to_its_person_alone_and_without_secrets() {
    let world = World::peopled().await;
    let (olga, otto) = (world.signed_in("olga").await, world.signed_in("otto").await);
    olga.json("PUT", DRAFT, TYPED).await.expect(204);
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
    olga.json("PUT", DRAFT, TYPED).await.expect(204);
    assert!(is_there().await);
    olga.json("POST", "/api/v1/namespaces/web/apps", r#"{"name":"half-done","image":"web:7"}"#).await.expect(201);
    assert!(!is_there().await);

    olga.json("PUT", DRAFT, TYPED).await.expect(204);
    olga.form("/new-app/web/discard", "").await.expect(303);
    assert!(!is_there().await);

    olga.json("PUT", DRAFT, TYPED).await.expect(204);
    olga.send("DELETE", DRAFT, None).await.expect(204);
    assert!(!is_there().await);

    olga.json("PUT", DRAFT, TYPED).await.expect(204);
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
