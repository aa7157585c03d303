//! The search shows what its person may see, and nothing else.

use crate::support::World;

async fn paths(client: &crate::support::http::Client, query: &str) -> Vec<String> {
    let answer = client.get(&format!("/api/v1/search?{query}")).await.expect(200).json();
    answer["items"].as_array().unwrap().iter().map(|place| place["path"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn apps_secrets_and_namespaces_of_other_teams_are_not_found() {
    let world = World::peopled().await;
    let (olga, dora) = (world.signed_in("olga").await, world.signed_in("dora").await);
    let made = r#"{"name":"shop-db","kind":"opaque","entries":[{"key":"k","value":"v"}]}"#;
    olga.json("POST", "/api/v1/namespaces/web/secrets", made).await.expect(201);
    assert_eq!(paths(&olga, "q=shop").await, ["/apps/web/deployment/shop", "/secrets/web/shop-db"]);
    assert_eq!(paths(&dora, "q=shop").await, Vec::<String>::new());
    assert_eq!(paths(&dora, "q=shop&namespace=web").await, Vec::<String>::new(), "naming the namespace opens nothing");
    assert_eq!(paths(&dora, "q=web").await, Vec::<String>::new());
    assert_eq!(paths(&dora, "q=audit").await, Vec::<String>::new());
}

#[tokio::test]
async fn a_namespace_that_cannot_be_one_is_refused() {
    let world = World::peopled().await;
    let olga = world.signed_in("olga").await;
    assert!(olga.get("/api/v1/search?q=x&namespace=..%2F").await.status >= 400);
    olga.get("/api/v1/search?zebra=x").await.expect(422);
}
