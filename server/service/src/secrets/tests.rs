use super::info::FINGERPRINT_DIGITS;
use super::*;
use crate::portal::fake::*;
use crate::ports::StoredSecret;
use domain::account::Role;
use domain::facts::{Ingress, Reference};
use domain::secret::{MAX_SECRET_BYTES, SecretText};
use domain::{Code, UnixMs};
use std::sync::Arc;

const CANARY: &str = "canary-5f1c";

fn stored(name: &str, data: &[(&str, &str)]) -> StoredSecret {
    StoredSecret {
        resource_version: "1".into(),
        name: name.into(),
        kind: "Opaque".into(),
        created: UnixMs(START),
        changed: None,
        data: data.iter().map(|(k, v)| ((*k).to_owned(), SecretValue::from(v.as_bytes().to_vec()))).collect(),
        managed_by: None,
        immutable: false,
    }
}

async fn with(secrets: Vec<StoredSecret>) -> Fake {
    let fake = Fake::new().await;
    *fake.cluster.secrets.lock().unwrap() = secrets.into_iter().map(|s| (s.name.clone(), s)).collect();
    fake
}

fn name(text: &str) -> SecretName {
    SecretName::parse(text).unwrap()
}

fn key(text: &str) -> KeyName {
    KeyName::parse(text).unwrap()
}

fn problem<T>(outcome: Outcome<T>) -> domain::ProblemDetails {
    outcome.err().unwrap().problem()
}

fn value(text: &str) -> SecretValue {
    SecretValue::from(text.as_bytes().to_vec())
}

#[tokio::test]
async fn equal_values_look_equal_under_any_key_and_nothing_else_shows() {
    let fake = with(vec![stored("a", &[("one", CANARY), ("two", "other")]), stored("b", &[("three", CANARY)])]).await;
    let ann = actor(Role::Viewer);
    let viewer = fake.portal.access.viewer(&ann, &namespace("web")).unwrap();
    let infos = fake.portal.secrets.list(&viewer).await.unwrap().items;
    let print = |secret: usize, key: usize| &infos[secret].keys[key].fingerprint;
    assert_eq!(print(0, 0), print(1, 0));
    assert_ne!(print(0, 0), print(0, 1));
    assert_eq!(print(0, 0).len(), FINGERPRINT_DIGITS);
    // Nobody can try out in a namespace of their own what another one's value is.
    let elsewhere = actor_in([("data", None, Role::Viewer)]);
    let viewer = fake.portal.access.viewer(&elsewhere, &namespace("data")).unwrap();
    assert_ne!(fake.portal.secrets.list(&viewer).await.unwrap().items[0].keys[0].fingerprint, *print(0, 0));
    // Not the plain hash, which anybody could look up.
    let plain = hex::encode(<sha2::Sha256 as sha2::Digest>::digest(CANARY.as_bytes()));
    assert!(!plain.starts_with(print(0, 0).as_str()));
    assert_eq!(infos[0].keys[0].size, u32::try_from(CANARY.len()).unwrap());
    assert!(!format!("{infos:?}").contains(CANARY));
    assert!(!serde_json::to_string(&infos).unwrap().contains(CANARY));
    assert!(!fake.portal.secrets.list(&viewer).await.unwrap().cut);
    *fake.cluster.more_secrets.lock().unwrap() = true;
    assert!(fake.portal.secrets.list(&viewer).await.unwrap().cut, "whoever shows the list can say that there are more");
}

#[tokio::test]
async fn users_are_apps_of_the_same_namespace_with_how_they_use_it() {
    let mut facts = app("shop", Vec::new());
    let workload = Arc::make_mut(&mut facts.workload);
    let by = |how: &str| Reference { name: "db".into(), key: None, how: how.into(), optional: false };
    workload.secrets = vec![by("env PASSWORD"), by("env PASSWORD"), by("mounted at /etc/db")];
    workload.pull_secrets = vec!["registry".into()];
    let tls = vec![(vec!["shop.example.org".into()], Some("cert".into()))];
    facts.ingresses = vec![Arc::new(Ingress { name: "shop".into(), class: None, rules: Vec::new(), tls, addresses: Vec::new(), ..Ingress::default() })];
    let mut far = app_in("other", "far", Vec::new());
    Arc::make_mut(&mut far.workload).pull_secrets = vec!["registry".into()];
    let fake = with(["cert", "db", "registry", "unused"].map(|n| stored(n, &[])).to_vec()).await;
    fake.cluster.show([Arc::new(facts), Arc::new(far)]);
    let ann = actor(Role::Viewer);
    let viewer = fake.portal.access.viewer(&ann, &namespace("web")).unwrap();
    let infos = fake.portal.secrets.list(&viewer).await.unwrap().items;
    let users = infos.iter().map(|i| i.users.iter().map(|u| format!("{}: {}", u.app, u.how)).collect::<Vec<_>>()).collect::<Vec<_>>();
    let shop = |how: &str| format!("web/deployment/shop: {how}");
    assert_eq!(users, [vec![shop("ingress shop")], vec![shop("env PASSWORD"), shop("mounted at /etc/db")], vec![shop("pull secret")], Vec::new()]);
    assert_eq!(fake.portal.secrets.detail(&viewer, &name("cert")).await.unwrap(), infos[0]);
}

#[tokio::test]
async fn a_key_is_set_and_the_audit_table_never_has_the_value() {
    let fake = with(vec![stored("db", &[("password", "old")])]).await;
    let ann = actor(Role::Operator);
    let operator = fake.portal.access.operator(&ann, &namespace("web")).unwrap();
    fake.portal.secrets.set_key(&operator, &name("db"), key("password"), value(CANARY), None).await.unwrap();
    fake.portal.secrets.remove_key(&operator, &name("db"), key("password"), None).await.unwrap();
    assert_eq!(*fake.cluster.calls.lock().unwrap(), ["db at 1: set password", "db at 1: remove password"]);
    assert_eq!(
        fake.audited(),
        ["secret.set intent key password", "secret.set done key password", "secret.remove_key intent key password", "secret.remove_key done key password"]
    );
    assert!(!format!("{:?}", fake.store.audit.lock().unwrap()).contains(CANARY));
}

#[tokio::test]
async fn what_cannot_be_set_is_explained_and_nothing_changes() {
    let mut fixed = stored("fixed", &[("a", "b")]);
    fixed.immutable = true;
    let fake = with(vec![fixed, stored("full", &[("a", &"x".repeat(1_000_000))])]).await;
    let ann = actor(Role::Operator);
    let operator = fake.portal.access.operator(&ann, &namespace("web")).unwrap();
    let immutable = problem(fake.portal.secrets.set_key(&operator, &name("fixed"), key("a"), value("c"), None).await);
    assert_eq!((immutable.code, immutable.detail.contains("immutable")), (Code::Conflict, true));
    let large = problem(fake.portal.secrets.add_key(&operator, &name("full"), key("b"), value(&"y".repeat(100_000))).await);
    assert_eq!(large.fields[0].field, "value");
    assert!(fake.portal.secrets.set_key(&operator, &name("full"), key("a"), value(&"y".repeat(100_000)), None).await.is_ok());
    assert_eq!(problem(fake.portal.secrets.remove_key(&operator, &name("full"), key("z"), None).await).code, Code::Conflict);
    assert_eq!(problem(fake.portal.secrets.set_key(&operator, &name("none"), key("a"), value("c"), None).await).code, Code::NotFound);
    assert_eq!(*fake.cluster.calls.lock().unwrap(), ["full at 1: set a"]);
}

#[tokio::test]
async fn a_key_that_is_added_takes_no_value_from_another() {
    let fake = with(vec![stored("db", &[("password", "old")])]).await;
    let ann = actor(Role::Operator);
    let operator = fake.portal.access.operator(&ann, &namespace("web")).unwrap();
    let there = problem(fake.portal.secrets.add_key(&operator, &name("db"), key("password"), value("new")).await);
    assert_eq!((there.fields[0].field.as_str(), there.detail.contains("use Replace next to password")), ("key", true));
    fake.portal.secrets.add_key(&operator, &name("db"), key("token"), value("new")).await.unwrap();
    assert_eq!(*fake.cluster.calls.lock().unwrap(), ["db at 1: set token"]);
}

#[tokio::test]
async fn nobody_overwrites_a_value_that_they_have_not_seen_and_no_key_that_is_gone_comes_back() {
    let fake = with(vec![StoredSecret { resource_version: "77".into(), ..stored("db", &[("password", "old"), ("user", "u")]) }]).await;
    let ann = actor(Role::Operator);
    let operator = fake.portal.access.operator(&ann, &namespace("web")).unwrap();
    let page = fake.portal.secrets.detail(&operator.viewer(), &name("db")).await.unwrap();
    let seen = Some(Seen { fingerprint: page.keys[0].fingerprint.clone(), version: page.version.clone() });
    assert_eq!(page.version, "77");
    // Another key was changed meanwhile: that is no reason to refuse.
    fake.cluster
        .secrets
        .lock()
        .unwrap()
        .insert("db".into(), StoredSecret { resource_version: "78".into(), ..stored("db", &[("password", "old"), ("user", "v")]) });
    fake.portal.secrets.set_key(&operator, &name("db"), key("password"), value("new"), seen.clone()).await.unwrap();
    // This one was.
    fake.cluster.secrets.lock().unwrap().insert("db".into(), StoredSecret { resource_version: "79".into(), ..stored("db", &[("password", "theirs")]) });
    let now = fake.portal.secrets.detail(&operator.viewer(), &name("db")).await.unwrap().keys[0].fingerprint.clone();
    let refused = problem(fake.portal.secrets.set_key(&operator, &name("db"), key("password"), value("new"), seen.clone()).await);
    let before = &seen.as_ref().unwrap().fingerprint;
    assert_eq!(
        (refused.code, refused.detail.as_str()),
        (
            Code::Conflict,
            format!("Someone changed password after you opened this page, so nothing was replaced. Its fingerprint was {before} and is now {now}, version 77 then and 79 now. Replace it again to overwrite that.").as_str()
        )
    );
    assert_eq!(problem(fake.portal.secrets.remove_key(&operator, &name("db"), key("password"), seen.clone()).await).code, Code::Conflict);
    let gone = problem(fake.portal.secrets.set_key(&operator, &name("db"), key("user"), value("new"), seen).await);
    assert_eq!((gone.code, gone.detail.as_str()), (Code::Conflict, "Secret db no longer has key user. Nothing was changed. To add it again, use Add key."));
    assert_eq!(*fake.cluster.calls.lock().unwrap(), ["db at 78: set password"]);
}

#[tokio::test]
async fn a_change_for_a_version_is_made_at_that_version_only() {
    let fake = with(vec![StoredSecret { resource_version: "77".into(), ..stored("db", &[("a", "x")]) }]).await;
    let ann = actor(Role::Operator);
    let operator = fake.portal.access.operator(&ann, &namespace("web")).unwrap();
    let entry = || [SecretEntry { key: "a".into(), value: SecretText::new("y".into()), base64: false }];
    let at = async |version: &str| fake.portal.secrets.change(&operator, &name("db"), &entry(), &[], Some(version.to_owned())).await;
    assert_eq!(problem(at("76").await).detail, "Secret db is now at version 77, no longer at 76. Read it again.");
    at("77").await.unwrap();
}

#[tokio::test]
async fn a_registry_secret_names_its_hosts_and_a_binary_value_says_that_it_is_one() {
    let config = r#"{"auths":{"registry.local:5000":{"username":"u","password":"p"}}}"#;
    let pull = StoredSecret { kind: "kubernetes.io/dockerconfigjson".into(), ..stored("pull", &[(".dockerconfigjson", config)]) };
    let mut keys = stored("keys", &[("text", "line\n")]);
    keys.data.insert("store".into(), SecretValue::from(vec![0xff, 0xfe, 0]));
    let fake = with(vec![pull, keys]).await;
    let ann = actor(Role::Viewer);
    let viewer = fake.portal.access.viewer(&ann, &namespace("web")).unwrap();
    assert_eq!(fake.portal.secrets.detail(&viewer, &name("pull")).await.unwrap().hosts, ["registry.local:5000"]);
    let keys = fake.portal.secrets.detail(&viewer, &name("keys")).await.unwrap();
    assert_eq!(keys.keys.iter().map(|k| (k.key.as_str(), k.binary)).collect::<Vec<_>>(), [("store", true), ("text", false)]);
}

#[tokio::test]
async fn several_keys_are_changed_in_one_step_or_not_at_all() {
    let fake = with(vec![StoredSecret { resource_version: "77".into(), ..stored("db", &[("old", "x"), ("stays", "y")]) }]).await;
    let ann = actor(Role::Operator);
    let operator = fake.portal.access.operator(&ann, &namespace("web")).unwrap();
    let entry = |key: &str, value: &str, base64| SecretEntry { key: key.into(), value: SecretText::new(value.into()), base64 };
    let change = async |entries: &[SecretEntry], remove: &[&str]| {
        let remove = remove.iter().map(|k| (*k).to_owned()).collect::<Vec<_>>();
        fake.portal.secrets.change(&operator, &name("db"), entries, &remove, None).await
    };
    let wrong = problem(change(&[entry("a", CANARY, false), entry("no key", "x", false), entry("b", "*", true), entry("a", "y", false)], &["a", "/"]).await);
    let fields = wrong.fields.iter().map(|f| f.field.as_str()).collect::<Vec<_>>();
    assert_eq!(fields, ["entries.1.key", "entries.2.value", "entries.3.key", "remove.0", "remove.1"]);
    assert_eq!(problem(change(&[entry("a", "x", false)], &["none"]).await).code, Code::NotFound);
    assert_eq!(problem(change(&[entry("a", &"x".repeat(MAX_SECRET_BYTES), false)], &[]).await).fields[0].field, "entries");
    assert!(fake.cluster.calls.lock().unwrap().is_empty(), "nothing was sent");
    change(&[entry("a", CANARY, false), entry("b", "aGk=", true)], &["old"]).await.unwrap();
    assert_eq!(*fake.cluster.calls.lock().unwrap(), ["db at 77: set a, set b, remove old"]);
    assert_eq!(fake.audited().last().unwrap(), "secret.set done key a, b; removed old");
    change(&[], &[]).await.unwrap();
    assert_eq!(fake.cluster.calls.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn deleting_takes_the_typed_name_and_notes_who_used_it() {
    let mut facts = app("shop", Vec::new());
    Arc::make_mut(&mut facts.workload).pull_secrets = vec!["registry".into()];
    let fake = with(vec![stored("registry", &[])]).await;
    fake.cluster.show([Arc::new(facts)]);
    let ann = actor(Role::Operator);
    let operator = fake.portal.access.operator(&ann, &namespace("web")).unwrap();
    assert_eq!(problem(fake.portal.secrets.delete(&operator, &name("registry"), "regsitry").await).fields[0].field, "confirm");
    assert!(fake.audited().is_empty());
    fake.portal.secrets.delete(&operator, &name("registry"), " registry ").await.unwrap();
    assert_eq!(fake.audited()[1], "secret.delete done used by web/deployment/shop");
}

#[test]
fn files_come_as_base64_with_or_without_padding() {
    assert_eq!(decode("aGk="), Some(b"hi".to_vec()));
    assert_eq!(decode(" aGk\n"), Some(b"hi".to_vec()));
    assert_eq!(decode("a*"), None);
    assert_eq!(encode(b"hi"), "aGk=");
}

/// A certificate with its key.
fn pair(name: &str) -> (String, String) {
    let made = std::process::Command::new("openssl")
        .args(["req", "-x509", "-nodes", "-days", "1", "-subj", name, "-keyout", "-", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"])
        .output();
    let text = String::from_utf8(made.unwrap().stdout).unwrap();
    let begins = text.find("-----BEGIN CERTIFICATE").unwrap();
    (text[begins..].to_owned(), text[..begins].to_owned())
}

#[tokio::test]
async fn a_certificate_with_the_key_of_another_one_is_told() {
    let ((certificate, own), (_, another)) = (pair("/CN=a"), pair("/CN=b"));
    let tls = |name: &str, key: &str| StoredSecret { kind: "kubernetes.io/tls".into(), ..stored(name, &[("tls.crt", &certificate), ("tls.key", key)]) };
    let opaque = stored("opaque", &[("tls.crt", &certificate), ("tls.key", &another)]);
    let fake = with(vec![tls("fits", &own), opaque, tls("strange", &another)]).await;
    let ann = actor(Role::Viewer);
    let listed = fake.portal.secrets.list(&fake.portal.access.viewer(&ann, &namespace("web")).unwrap()).await.unwrap();
    let faults: Vec<_> = listed.items.iter().map(|secret| (secret.name.as_str(), secret.fault.is_some())).collect();
    assert_eq!(faults, [("fits", false), ("opaque", false), ("strange", true)]);
}

#[tokio::test]
async fn credentials_for_a_registry_are_replaced_by_such_only() {
    let fake = with(vec![StoredSecret { kind: "kubernetes.io/dockerconfigjson".into(), ..stored("pull", &[(".dockerconfigjson", "{}")]) }]).await;
    let ann = actor(Role::Operator);
    let operator = fake.portal.access.operator(&ann, &namespace("web")).unwrap();
    for (value, fits) in [("junk", false), ("{}", false), (r#"{"auths":[]}"#, false), (r#"{"auths":{"registry.example.org":{"auth":"YTpi"}}}"#, true)] {
        let key = KeyName::parse(".dockerconfigjson").unwrap();
        let done = fake.portal.secrets.set_key(&operator, &SecretName::parse("pull").unwrap(), key, SecretValue::from(value.as_bytes().to_vec()), None).await;
        assert_eq!(done.is_ok(), fits, "{value}: {done:?}");
    }
}

#[tokio::test]
async fn a_half_of_a_certificates_pair_is_replaced_by_such_a_half_only() {
    let fake = with(vec![StoredSecret { kind: "kubernetes.io/tls".into(), ..stored("tls", &[("tls.crt", "x"), ("tls.key", "y"), ("ca.crt", "z")]) }]).await;
    let ann = actor(Role::Operator);
    let operator = fake.portal.access.operator(&ann, &namespace("web")).unwrap();
    let block = |label: &str| format!("-----BEGIN {label}-----\nMIIBAA==\n-----END {label}-----\n");
    let set = async |key: &str, value: String| {
        let (name, key) = (SecretName::parse("tls").unwrap(), KeyName::parse(key).unwrap());
        fake.portal.secrets.set_key(&operator, &name, key, SecretValue::from(value.into_bytes()), None).await.map_err(|e| e.problem().detail)
    };
    assert!(set("tls.crt", block("PRIVATE KEY")).await.unwrap_err().starts_with("tls.crt: This contains a private key."));
    assert!(set("tls.crt", block("CERTIFICATE").replace('\n', " ")).await.is_err(), "a text that has lost its lines");
    assert!(set("tls.key", block("CERTIFICATE")).await.unwrap_err().starts_with("tls.key: This isn't a PEM private key."));
    let der = SecretValue::from(vec![0x30, 0x82, 0xff, 0x00]);
    let refused = problem(fake.portal.secrets.set_key(&operator, &name("tls"), KeyName::parse("tls.crt").unwrap(), der, None).await).detail;
    assert!(refused.contains("convert .der or .p12 files"), "{refused}");
    assert_eq!(set("tls.crt", block("CERTIFICATE")).await, Ok(()));
    assert_eq!(set("ca.crt", "anything".into()).await, Ok(()));

    // Both at once: they have to belong together.
    let ((certificate, own), (_, another)) = (pair("/CN=a"), pair("/CN=b"));
    let both = async |key: &str| {
        let entry = |name: &str, text: &str| SecretEntry { key: name.into(), value: text.to_owned().into(), base64: false };
        fake.portal.secrets.change(&operator, &SecretName::parse("tls").unwrap(), &[entry("tls.crt", &certificate), entry("tls.key", key)], &[], None).await
    };
    assert!(problem(both(&another).await).detail.starts_with("The private key doesn't match the certificate."));
    assert!(both(&own).await.is_ok());
}
