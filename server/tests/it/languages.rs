//! In the pseudo-locale each sentence stands in ⟦brackets⟧. What stands outside of them in an answer of the API is a name, a
//! code, an address or a date: no English hides in the rules or in a handler.

use crate::support::World;
use serde_json::Value;

/// Fields whose texts are sentences.
const SENTENCES: [&str; 9] = ["detail", "message", "sentence", "reason_text", "advice", "title", "text", "remedy", "refusals"];

/// The texts of such fields that stand outside of brackets.
fn unbracketed(value: &Value, field: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(all) => all.iter().for_each(|(name, value)| unbracketed(value, name, found)),
        Value::Array(all) => all.iter().for_each(|value| unbracketed(value, field, found)),
        Value::String(text) if SENTENCES.contains(&field) || text.contains(' ') => {
            if !text.is_empty() && !(text.starts_with('⟦') && text.ends_with('⟧')) {
                found.push(format!("{field}: {text}"));
            }
        }
        Value::String(_) | Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[tokio::test]
async fn every_sentence_of_the_api_comes_from_the_language_asked_for() {
    let world = World::pseudo().await.and_people().await;
    let (olga, vera, nobody) = (world.signed_in("olga").await, world.signed_in("vera").await, world.client());
    let shop = "/api/v1/namespaces/web/apps/deployment/shop";
    let mut found = Vec::new();
    let mut seen = 0;
    for (client, path) in [
        (&olga, "/api/v1/namespaces/web/apps"),
        (&olga, shop),
        (&vera, shop),
        (&olga, "/api/v1/namespaces/web/secrets"),
        (&olga, "/api/v1/namespaces/data/apps"),
        (&olga, "/api/v1/namespaces/web/apps/deployment/none"),
        (&olga, "/api/v1/search?zebra=x"),
        (&olga, "/api/v1/none"),
        (&nobody, shop),
    ] {
        let answer = client.get(path).await;
        assert!(answer.status < 500, "{path}: {}", answer.status);
        let text = answer.json().to_string();
        seen += text.matches('⟦').count();
        unbracketed(&answer.json(), "", &mut found);
    }
    for (client, path, body) in [
        (&vera, format!("{shop}/restart"), "{}"),
        (&olga, format!("{shop}/scale"), r#"{"replicas":1000000}"#),
        (&olga, "/api/v1/namespaces/web/apps".to_owned(), r#"{"name":"A b","image":""}"#),
        (&olga, "/api/v1/namespaces/web/secrets".to_owned(), r#"{"name":"","kind":"opaque","entries":[]}"#),
    ] {
        let answer = client.json("POST", &path, body).await;
        assert!((400..500).contains(&answer.status), "{path}: {}", answer.status);
        let text = answer.json().to_string();
        seen += text.matches('⟦').count();
        unbracketed(&answer.json(), "", &mut found);
    }
    assert!(seen > 20, "{seen} sentences are too few to show anything");
    assert_eq!(found, Vec::<String>::new());
}
