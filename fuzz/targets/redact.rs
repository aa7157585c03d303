//! Text from the cluster: what was redacted once stays as it is, grows by a bound, and shows no password that a name or an
//! address gives away.
#![no_main]

use domain::redact::{self, GROWTH};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|given: &str| {
    let shown = redact::text(given);
    assert!(shown.len() <= given.len() + GROWTH, "it grew by {}", shown.len() - given.len());
    assert_eq!(redact::text(&shown), shown, "it changes when it is redacted again");
    let value = redact::value("NOTE", given);
    assert_eq!(redact::value("NOTE", &value), value, "a value changes when it is redacted again");

    // On a line of its own, whatever is before it and behind.
    let planted = format!("{given}\n\npostgres://ann:planted7x@db/shop\nexport DB_PASSWORD=planted7x\n");
    assert!(!redact::text(&planted).contains("planted7x"), "a secret was shown behind other text");
    if let Ok(mut object) = serde_json::from_str(given) {
        redact::object(&mut object);
        let once = object.clone();
        redact::object(&mut object);
        assert_eq!(once, object, "an object changes when it is redacted again");
    }
});
