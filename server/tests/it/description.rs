//! The API's description.

const SNAPSHOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/openapi.json");

#[test]
fn the_description_is_the_one_that_was_reviewed() {
    let now = quayside::openapi::json() + "\n";
    if std::env::var_os("QUAYSIDE_TEST_WRITE").is_some() {
        std::fs::write(SNAPSHOT, &now).unwrap();
    }
    assert_eq!(std::fs::read_to_string(SNAPSHOT).unwrap(), now, "the API changed; look at tests/openapi.json (QUAYSIDE_TEST_WRITE=1 writes it)");
}

#[test]
fn every_route_of_the_api_is_described() {
    let described: serde_json::Value = serde_json::from_str(&quayside::openapi::json()).unwrap();
    assert!(described["openapi"].as_str().unwrap().starts_with("3.1"));
    for rule in quayside::routes::all().into_iter().map(|r| r.rule).filter(|r| r.path.starts_with("/api/") || matches!(r.path, "/up" | "/healthy" | "/metrics")) {
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
