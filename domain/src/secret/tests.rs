//! The form of a new secret. A canary value must never turn up in a sentence.

use super::*;
use crate::english::form::told;
use proptest::prelude::*;

const CANARY: &str = "c4n4ry-\"v4lu3";
const CERT: &str = "-----BEGIN CERTIFICATE-----\nMIIBAA==\n-----END CERTIFICATE-----\n";
const KEY: &str = "-----BEGIN EC PRIVATE KEY-----\nMHcCAQEE\n-----END EC PRIVATE KEY-----\n";

fn encode(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

fn decode(text: &str) -> Option<Vec<u8>> {
    (text.len().is_multiple_of(2)).then_some(())?;
    (0..text.len()).step_by(2).map(|i| u8::from_str_radix(text.get(i..i + 2)?, 16).ok()).collect()
}

fn form(kind: SecretKind) -> SecretForm {
    SecretForm {
        name: "shop-db".into(),
        kind,
        entries: Vec::new(),
        server: String::new(),
        username: String::new(),
        password: None,
        email: String::new(),
        certificate: String::new(),
        private_key: None,
    }
}

fn entry(key: &str, value: &str, base64: bool) -> SecretEntry {
    SecretEntry { key: key.into(), value: SecretText::new(value.into()), base64 }
}

fn parse(form: SecretForm) -> Result<SecretSpec, Vec<(String, String)>> {
    let read = form.parse(Namespace::parse("web").unwrap(), decode, encode);
    read.map_err(|found| told(&found).into_iter().map(|e| (e.field, e.message)).collect())
}

fn wrong(form: SecretForm) -> Vec<String> {
    parse(form).err().unwrap_or_default().into_iter().map(|(f, m)| format!("{f}: {m}")).collect()
}

fn value(spec: &SecretSpec, key: &str) -> String {
    String::from_utf8(spec.data[&KeyName::parse(key).unwrap()].expose().to_vec()).unwrap()
}

#[test]
fn opaque_takes_typed_and_uploaded_values() {
    let spec = parse(SecretForm { entries: vec![entry("password", " x ", false), entry("file.bin", "00ff", true)], ..form(SecretKind::Opaque) }).ok().unwrap();
    assert_eq!(value(&spec, "password"), " x ");
    assert_eq!(spec.data[&KeyName::parse("file.bin").unwrap()].expose(), [0, 255]);
    assert_eq!(wrong(form(SecretKind::Opaque)), ["entries: Add at least one key."]);
    let twice = SecretForm {
        entries: vec![entry("a", CANARY, false), entry("a", CANARY, false), entry("b/c", CANARY, false), entry("d", "zz", true)],
        ..form(SecretKind::Opaque)
    };
    let found = wrong(twice);
    assert_eq!(found.len(), 3);
    assert_eq!(found[0], "entries.1.key: Key a is listed twice. Remove one.");
    assert!(found[2].starts_with("entries.3.value: The file for key d"));
    let large = SecretForm { entries: vec![entry("a", &"x".repeat(MAX_SECRET_BYTES + 1), false)], ..form(SecretKind::Opaque) };
    assert_eq!(wrong(large), ["entries: Secrets can hold at most 1048576 bytes (1048577 now). Split it."]);
}

#[test]
fn a_registry_becomes_docker_config_json() {
    let full = SecretForm {
        server: "https://registry.example.org:5000/".into(),
        username: "te\\am".into(),
        password: Some(SecretText::new(CANARY.into())),
        email: "a@b.c".into(),
        ..form(SecretKind::DockerRegistry)
    };
    let spec = parse(full).ok().unwrap();
    let json: serde_json::Value = serde_json::from_str(&value(&spec, ".dockerconfigjson")).unwrap();
    let auth = &json["auths"]["registry.example.org:5000"];
    assert_eq!((auth["username"].as_str(), auth["password"].as_str(), auth["email"].as_str()), (Some("te\\am"), Some(CANARY), Some("a@b.c")));
    assert_eq!(auth["auth"].as_str().unwrap(), encode(format!("te\\am:{CANARY}").as_bytes()));
    let hub = SecretForm { server: "docker.io".into(), username: "u".into(), password: Some(SecretText::new("p".into())), ..form(SecretKind::DockerRegistry) };
    assert!(value(&parse(hub).ok().unwrap(), ".dockerconfigjson").contains("https://index.docker.io/v1/"));
    let fields: Vec<_> = parse(form(SecretKind::DockerRegistry)).err().unwrap().into_iter().map(|(f, _)| f).collect();
    assert_eq!(fields, ["server", "username", "password"]);
}

#[test]
fn a_registry_is_kept_as_nodes_look_for_it() {
    for (typed, kept) in [
        ("https://registry.local:5000/v2/", "registry.local:5000"),
        ("registry.local:5000/v2", "registry.local:5000"),
        ("http://registry.local:5000/v1/", "registry.local:5000"),
        ("registry.example.org/v2/team/", "registry.example.org/team"),
        ("registry.example.org/team/app", "registry.example.org/team/app"),
        ("registry.example.org/v2x", "registry.example.org/v2x"),
        ("https://index.docker.io/v1/", "https://index.docker.io/v1/"),
        ("registry-1.docker.io/v2/", "https://index.docker.io/v1/"),
    ] {
        let typed = SecretForm { server: typed.into(), username: "u".into(), password: Some(SecretText::new("p".into())), ..form(SecretKind::DockerRegistry) };
        let json: serde_json::Value = serde_json::from_str(&value(&parse(typed).ok().unwrap(), ".dockerconfigjson")).unwrap();
        assert_eq!(json["auths"].as_object().unwrap().keys().collect::<Vec<_>>(), [kept]);
    }
}

#[test]
fn certificate_and_key_are_checked_by_their_frames() {
    let tls =
        |certificate: &str, key: &str| SecretForm { certificate: certificate.into(), private_key: Some(SecretText::new(key.into())), ..form(SecretKind::Tls) };
    let spec = parse(tls(CERT.trim(), KEY)).ok().unwrap();
    assert_eq!((value(&spec, "tls.crt").as_str(), value(&spec, "tls.key").as_str()), (CERT, KEY));
    assert_eq!(wrong(tls(KEY, CERT)), ["certificate: The certificate and the private key are swapped. Swap them back."]);
    assert_eq!(wrong(tls("", "")), ["certificate: Paste the certificate in PEM format.", "private_key: Paste the private key in PEM format."]);
    assert!(wrong(tls(CERT, &KEY.replace("EC PRIVATE", "ENCRYPTED PRIVATE")))[0].contains("openssl pkey"));
    assert!(wrong(tls(CERT, &KEY.replace("-----END EC", "-----END RSA")))[0].contains("broken"));
    assert!(wrong(tls("hello", KEY))[0].contains("isn't a PEM certificate"));
    assert!(wrong(tls(&format!("{CERT}{KEY}"), KEY))[0].contains("contains a private key"));
}

#[test]
fn a_byte_order_mark_before_a_certificate_is_left_out() {
    let marked = |text: &str| format!("\u{feff}{text}");
    let tls = SecretForm { certificate: marked(CERT), private_key: Some(SecretText::new(marked(KEY))), ..form(SecretKind::Tls) };
    let spec = parse(tls).ok().unwrap();
    assert_eq!((value(&spec, "tls.crt").as_str(), value(&spec, "tls.key").as_str()), (CERT, KEY));
    let key = |name: &str| KeyName::parse(name).unwrap();
    let kept = |kind, name: &str| stored_value(kind, &key(name), SecretValue::from(marked("x").into_bytes())).expose().to_vec();
    assert_eq!(kept(SecretKind::Tls, "tls.crt"), b"x");
    assert_eq!(kept(SecretKind::DockerRegistry, ".dockerconfigjson"), b"x");
    assert_eq!(kept(SecretKind::Opaque, "tls.crt"), marked("x").into_bytes(), "what it means is its owner's to know");
}

#[test]
fn the_names_of_keys_that_cannot_be_say_why() {
    let said = |key: &str| KeyName::parse(key).unwrap_err().to_string();
    assert_eq!(said("."), "A key can't be a single dot. Add a letter or digit.");
    assert_eq!(said(".."), "A key can't start with two dots. Remove one.");
    assert_eq!(said("..data"), "A key can't start with two dots. Remove one.");
}

#[test]
fn basic_auth_needs_both() {
    let both = SecretForm { username: "a".into(), password: Some(SecretText::new("b".into())), ..form(SecretKind::BasicAuth) };
    assert_eq!(parse(both).ok().unwrap().data.len(), 2);
    assert_eq!(wrong(form(SecretKind::BasicAuth)).len(), 2);
}

proptest! {
    #[test]
    fn no_sentence_ever_holds_a_value(
        kind in 0_usize..4, key in "\\PC{0,8}", junk in "[-A-Z\n]{0,40}", base64 in any::<bool>(), name in "\\PC{0,8}",
    ) {
        let secret = || format!("{junk}{CANARY}{junk}");
        let form = SecretForm {
            name,
            entries: vec![entry(&key, &secret(), base64), entry(&key, &secret(), true)],
            server: junk.clone(),
            password: Some(SecretText::new(secret())),
            certificate: junk.clone(),
            private_key: Some(SecretText::new(secret())),
            ..form(SecretKind::ALL[kind])
        };
        for (_, message) in parse(form).err().unwrap_or_default() {
            prop_assert!(!message.contains("c4n4ry"), "{message}");
            prop_assert!(message.ends_with('.'), "{message}");
        }
    }
}
