use super::super::rule::METADATA;
use super::*;
use serde_json::{Value, json};

const LIMITS: Limits = Limits { object: 10_000, text: 20, elements: 3 };
const RULE: Rule = Rule::Within(&[
    ("metadata", METADATA),
    ("spec", Rule::Within(&[("drop", Rule::Drop), ("each", Rule::Within(&[("env", Rule::Drop)]))])),
    ("notes", Rule::Cut(4)),
    ("only", Rule::Only(&[("a", Rule::Keep)])),
]);
static OBJECT: Rule = RULE;

/// What is kept of a text that comes in pieces of so many bytes.
fn sieved(text: &str, at_once: usize, limits: Limits) -> Result<(String, Identity, bool), Broken> {
    let mut sieve = Sieve::new(limits);
    sieve.begin(&OBJECT);
    let mut ended = false;
    for chunk in text.as_bytes().chunks(at_once) {
        assert!(!ended, "nothing comes behind the end");
        let taken;
        (taken, ended) = sieve.feed(chunk)?;
        assert!(ended || taken == chunk.len());
    }
    assert!(ended, "{text}");
    let object = sieve.object();
    Ok((String::from_utf8(object.json.to_vec()).unwrap(), object.identity.clone(), object.large))
}

/// The same for all ways to cut the bytes into pieces.
fn kept(text: &str) -> String {
    let whole = sieved(text, text.len(), LIMITS).unwrap();
    for at_once in 1..text.len().min(70) {
        assert_eq!(sieved(text, at_once, LIMITS).unwrap(), whole, "in pieces of {at_once}: {text}");
    }
    whole.0
}

#[test]
fn what_nobody_reads_is_dropped_and_the_rest_is_as_it_was() {
    let text = r#" { "metadata" : {"name":"shop","namespace":"web","uid":"u","resourceVersion":"7","labels":{"drop":"stays"},
        "managedFields":[{"manager":"m","fieldsV1":{"f:a":{"}":["]"]}}}]},
        "spec":{"drop":[{"x":"\"]"}],"n":-1.5e3,"t":true,"each":[{"env":[1,2],"name":"a"},{"name":"b","env":"\\"}],"z":null,"e":{},"l":[]} } "#;
    assert_eq!(
        serde_json::from_str::<Value>(&kept(text.trim())).unwrap(),
        json!({"metadata": {"name": "shop", "namespace": "web", "uid": "u", "resourceVersion": "7", "labels": {"drop": "stays"}, "managedFields": [{"manager": "m"}]},
            "spec": {"n": -1.5e3, "t": true, "each": [{"name": "a"}, {"name": "b"}], "z": null, "e": {}, "l": []}})
    );
    let (_, identity, large) = sieved(text.trim(), 5, LIMITS).unwrap();
    assert_eq!(
        (identity.name.as_str(), identity.namespace.as_str(), identity.uid.as_str(), identity.version.as_str(), large),
        ("shop", "web", "u", "7", false)
    );
}

#[test]
fn long_texts_are_cut_between_characters_and_escapes() {
    let cut = |text: &str| serde_json::from_str::<Vec<String>>(&kept(&format!("[{text}]"))).unwrap().remove(0);
    assert_eq!(cut(r#""12345678901234567890""#), "12345678901234567890");
    assert_eq!(cut(r#""123456789012345678901""#), "12345678901234567890");
    assert_eq!(cut(r#""1234567890123456789Grüße""#), "1234567890123456789G");
    assert_eq!(cut(r#""123456789012345678Grüße""#), "123456789012345678Gr");
    assert_eq!(cut(r#""12345678901234567ä€""#), "12345678901234567ä");
    assert_eq!(cut(r#""1234567890123456789\n\n""#), "1234567890123456789");
    assert_eq!(cut(r#""123456789012345\u00e4\u00e4""#), "123456789012345");
    assert_eq!(cut(r#""1234567890\ud83d\ude00x""#), "1234567890", "no half of a pair stays");
    assert_eq!(cut(r#""\ud83d\ude00\ud83d\ude00""#), "\u{1f600}");
    assert_eq!(cut(r#""\\\\\\\\\\\\\\\\\\\\ud83d""#), "\\".repeat(10));
    assert_eq!(cut(r#""\"\"\"\"\"\"\"\"\"\"\"""#), "\"".repeat(10));
    assert_eq!(kept(r#"{"only":{"b":"x","a":{"b":1},"c":{}}}"#), r#"{"only":{"a":{"b":1}}}"#);
    assert_eq!(kept(r#"{"notes":{"a":"12345","b":["12345"]},"other":"12345"}"#), r#"{"notes":{"a":"1234","b":["1234"]},"other":"12345"}"#);
}

#[test]
fn long_arrays_are_cut_and_deep_values_are_null() {
    assert_eq!(kept("[1,[1,2,3,4,5],{\"a\":1},[7],8]"), r#"[1,[1,2,3],{"a":1}]"#);
    let deep = format!("{}1{}", "[".repeat(3_000), "]".repeat(3_000));
    assert_eq!(kept(&deep), format!("{}null{}", "[".repeat(DEPTH), "]".repeat(DEPTH)));
    let mut sieve = Sieve::new(LIMITS);
    sieve.begin(&OBJECT);
    let very = format!(r#"{{"spec":{{"drop":{}1{}}}}}"#, r#"{"a":["#.repeat(100_000), "]}".repeat(100_000));
    assert_eq!(sieve.feed(very.as_bytes()), Ok((very.len(), true)));
    assert_eq!(sieve.object().json, br#"{"spec":{}}"#);
    assert!(sieve.out.capacity() + sieve.name.capacity() < 4_096, "what is dropped costs nothing");
}

#[test]
fn of_a_large_object_only_its_identity_is_known() {
    let limits = Limits { object: 100, ..LIMITS };
    let object =
        json!({"metadata": {"name": "shop", "namespace": "web", "uid": "u", "resourceVersion": "7"}, "spec": {"a": ["x", "y", {"z": "w".repeat(30)}]}});
    for text in [object.to_string(), format!(r#"{{"spec":{},"metadata":{}}}"#, object["spec"], object["metadata"])] {
        for at_once in 1..text.len() {
            let (json, identity, large) = sieved(&text, at_once, limits).unwrap();
            assert_eq!((json.as_str(), identity.name.as_str(), identity.uid.as_str(), identity.version.as_str(), large), ("null", "shop", "u", "7", true));
        }
    }
}

#[test]
fn a_long_name_goes_with_its_value_and_a_bracket_too_many_is_told() {
    let long = "k".repeat(5_000);
    assert_eq!(kept(&format!(r#"{{"{long}":{{"a":1}},"b":2}}"#)), r#"{"b":2}"#);
    for text in ["{]", "[}", "{\"a\":1]", "[1}", "{1:2}", "[x]", "{\"a\" 1}", "[1 2]"] {
        let mut sieve = Sieve::new(LIMITS);
        sieve.begin(&OBJECT);
        assert_eq!(sieve.feed(text.as_bytes()), Err(Broken), "{text}");
    }
}
