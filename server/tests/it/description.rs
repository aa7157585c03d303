//! The API's description.

const SNAPSHOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/openapi.json");

#[test]
fn the_description_is_the_one_that_was_reviewed() {
    let now = quayside::openapi::json() + "\n";
    if std::env::var_os("QS_TEST_WRITE").is_some() {
        std::fs::write(SNAPSHOT, &now).unwrap();
    }
    assert_eq!(std::fs::read_to_string(SNAPSHOT).unwrap(), now, "the API changed; look at tests/openapi.json (QS_TEST_WRITE=1 writes it)");
}

#[test]
fn every_route_of_the_api_is_described() {
    let described: serde_json::Value = serde_json::from_str(&quayside::openapi::json()).unwrap();
    assert!(described["openapi"].as_str().unwrap().starts_with("3.1"));
    for rule in quayside::routes::all().into_iter().map(|r| r.rule).filter(|r| r.path.starts_with("/api/") || matches!(r.path, "/up" | "/healthy" | "/metrics"))
    {
        let method = rule.method.as_str().to_lowercase();
        let operation = &described["paths"][rule.path][&method];
        assert!(operation["summary"].as_str().is_some_and(|s| !s.is_empty()), "{method} {} is not described", rule.path);
    }
    // Every reference leads somewhere.
    let text = described.to_string();
    for part in text.split("\"#/components/schemas/").skip(1) {
        let name = part.split('"').next().unwrap();
        assert!(described["components"]["schemas"][name].is_object(), "{name} is not described");
    }
}

/// Holds a value against the shape that is described for it.
fn fits(document: &serde_json::Value, schema: &serde_json::Value, value: &serde_json::Value, at: &str) {
    use serde_json::Value;
    if let Some(name) = schema["$ref"].as_str() {
        return fits(document, &document["components"]["schemas"][name.rsplit('/').next().unwrap()], value, at);
    }
    if let Some(either) = schema["oneOf"].as_array() {
        return if value.is_null() { assert_eq!(either[0]["type"], "null", "{at}") } else { fits(document, &either[1], value, at) };
    }
    if let Some(words) = schema["enum"].as_array() {
        assert!(words.contains(value), "{at}: {value} is not among {words:?}");
    }
    let kind = schema["type"].as_str();
    let right = match (kind, value) {
        (None, _) => true,
        (Some(kind), Value::String(_)) => kind == "string",
        (Some(kind), Value::Bool(_)) => kind == "boolean",
        (Some(kind), Value::Number(n)) => kind == "number" || (kind == "integer" && !n.is_f64()),
        (Some(kind), Value::Array(_)) => kind == "array",
        (Some(kind), Value::Object(_)) => kind == "object",
        (Some(kind), Value::Null) => kind == "null",
    };
    assert!(right, "{at}: {value} is no {kind:?}");
    for (n, item) in value.as_array().into_iter().flatten().enumerate() {
        fits(document, &schema["items"], item, &format!("{at}[{n}]"));
    }
    let Some(object) = value.as_object() else { return };
    for name in schema["required"].as_array().into_iter().flatten() {
        assert!(object.contains_key(name.as_str().unwrap()), "{at}: {name} is missing");
    }
    for (name, inner) in object {
        let described = match &schema["properties"][name] {
            Value::Null => &schema["additionalProperties"],
            described => described,
        };
        assert!(kind.is_none() || !described.is_null(), "{at}: {name} is not described");
        fits(document, described, inner, &format!("{at}.{name}"));
    }
}

#[tokio::test]
async fn what_the_server_answers_is_what_is_described() {
    let world = crate::support::World::peopled().await;
    let olga = world.signed_in("olga").await;
    let document = olga.get("/api/v1/openapi.json").await.expect(200).json();
    let secret = olga.json("POST", "/api/v1/namespaces/web/secrets", r#"{"name":"s","kind":"opaque","entries":[{"key":"k","value":"v"}]}"#).await;
    secret.expect(201);
    olga.json("POST", "/api/v1/namespaces/web/apps", r#"{"name":"made","image":"web:1","memoryLimit":"64Mi"}"#).await.expect(201);
    let operation = olga.get("/api/v1/operations").await.json()["items"][0]["id"].to_string();
    let mut checked = 0;
    for (path, item) in document["paths"].as_object().unwrap() {
        let Some(schema) = item["get"]["responses"]["200"]["content"].get("application/json") else { continue };
        let name = if path.contains("secrets") { "s" } else { "shop" };
        let place = path.replace("{ns}", "web").replace("{kind}", "deployment").replace("{name}", name).replace("{id}", &operation);
        let reply = olga.get(&place).await;
        fits(&document, &schema["schema"], &reply.expect(200).json(), path);
        checked += 1;
    }
    assert!(checked >= 8, "{checked}");
    let problem = olga.get("/api/v1/nope").await.json();
    fits(&document, &serde_json::json!({"$ref": "#/components/schemas/Problem"}), &problem, "problem");
    let invalid = olga.json("POST", "/api/v1/namespaces/web/apps", r#"{"name":"Bad Name"}"#).await;
    fits(&document, &serde_json::json!({"$ref": "#/components/schemas/Problem"}), &invalid.expect(422).json(), "problem");
}
