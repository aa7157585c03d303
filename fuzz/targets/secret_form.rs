//! The form of a new secret: no text makes it panic, and no finding says a value.
#![no_main]

use domain::Namespace;
use domain::english::form::told;
use domain::secret::SecretForm;
use libfuzzer_sys::fuzz_target;

const CANARY: &str = "zzCANARYzz";

fuzz_target!(|json: &str| {
    // Whatever is a password in this text has the canary in it.
    let json = json.replace("\"password\":\"", &format!("\"password\":\"{CANARY}")).replace("\"value\":\"", &format!("\"value\":\"{CANARY}"));
    let (Ok(form), Ok(namespace)) = (serde_json::from_str::<SecretForm>(&json), Namespace::parse("web")) else { return };
    if let Err(found) = form.parse(namespace, |text| text.is_ascii().then(|| text.as_bytes().to_vec()), |bytes| bytes.len().to_string()) {
        assert!(!found.is_empty(), "a form is refused with a reason");
        assert!(told(&found).iter().all(|f| !f.message.contains(CANARY)), "a finding says a value");
    }
});
