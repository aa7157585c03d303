//! Secrets of all forms, planted at all places that give one away: none may survive.

use super::super::*;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::json;

/// A secret as people choose them: at least eight signs, a digit among them.
fn secret() -> impl Strategy<Value = String> {
    "[A-Za-z0-9]{2,5}[0-9][A-Za-z0-9_+!#~^*.-]{0,12}[A-Za-z0-9]{5}".prop_filter("a word that says what is wrong", |s| !s.starts_with('-'))
}

/// Names of secrets, as programs, charts and people give them.
fn name() -> impl Strategy<Value = String> {
    let words = select(vec![
        "password",
        "passwd",
        "pwd",
        "pass",
        "passphrase",
        "secret",
        "token",
        "api_key",
        "secret_key",
        "access_token",
        "private_key",
        "client_secret",
        "db_password",
    ]);
    let before = select(vec!["", "db_", "SHOP_", "spring.datasource.", "my-"]);
    let case = select(vec![0_u8, 1, 2]);
    (words, before, case).prop_map(|(word, before, case)| match case {
        0 => format!("{before}{word}"),
        1 => format!("{before}{word}").to_uppercase(),
        _ => {
            let mut up = false;
            let camel = word.chars().filter_map(|c| {
                if c == '_' {
                    up = true;
                    None
                } else if std::mem::take(&mut up) {
                    Some(c.to_ascii_uppercase())
                } else {
                    Some(c)
                }
            });
            camel.collect()
        }
    })
}

/// Places for a name and a secret in a text; `{n}` and `{s}` stand for them.
const PLACES: &[&str] = &[
    "{n}={s}",
    "export {n}={s}; exec app",
    "{n}='{s}' app --mode fast",
    "MODE=fast {n}=\"{s}\" app",
    "app --{n} {s} --mode fast",
    "app --{n}={s}",
    "app --{n} '{s}'",
    "{n}: {s}",
    "a: b\n  {n}: {s}\nc: d",
    "{n}: \"{s}\"",
    "{n}: |\n  {s}\nmode: fast",
    "{n}: >-\n    {s}\n    {s}\n",
    "{n}:\n  {s}\nmode: fast",
    "- name: {n}\n  value: {s}\n- name: MODE\n  value: fast",
    "- name: \"{n}\"\n  value: \"{s}\"",
    "{\"{n}\":\"{s}\",\"mode\":\"fast\"}",
    "{\"a\": {\"{n}\": \"{s}\"}}",
    "[{\"name\":\"{n}\",\"value\":\"{s}\"}]",
    "\"{\\\"{n}\\\":\\\"{s}\\\"}\"",
    "got {\"{n}\":\"{s}\"",
    "<{n}>{s}</{n}>",
    "<property><name>{n}</name><value>{s}</value></property>",
    "<add key=\"{n}\" value=\"{s}\"/>",
    "GET /a?mode=fast&{n}={s}&deep=1 failed",
    "https://shop.example.org/a?{n}={s}",
    "jdbc:postgresql://db/a?user=u&{n}={s}",
    "Server=db;{n}={s};Pool=2",
    "level=info msg=\"a b\" {n}={s} mode=fast",
    "-D{n}={s}",
    "args:\n- --{n}\n- {s}\n",
    "[\"app\",\"--{n}\",\"{s}\"]",
    "{n} = {s}",
    "connecting with {n}={s}, mode=fast",
];

/// Places for a secret that need no name.
const NAMELESS: &[&str] = &[
    "postgres://ann:{s}@db:5432/shop",
    "error at amqp://ann:{s}@broker: refused",
    "http://a:9200,http://ann:{s}@b:9200",
    "curl -u ann:{s} http://shop/",
    "sh -c 'curl --user ann:{s} http://shop/'",
    "curl --user=ann:{s} http://shop/",
    "mysql -uroot -p{s} shop",
    "redis-cli -a {s} ping",
    "sshpass -p {s} ssh host",
    "docker login -u ci -p {s} registry",
    "Authorization: Bearer {s}",
    "curl -H 'Authorization: Basic {s}' http://shop/",
    "answered 401 to Bearer {s} again",
    "https://hooks.slack.com/services/T0/B0/{s}",
    "https://api.telegram.org/bot123456:AAE{s}/sendMessage",
    "ALTER USER ann IDENTIFIED BY '{s}'",
    "using password '{s}' for ann",
    "db:5432:shop:ann:{s}",
    "-----BEGIN PRIVATE KEY-----\n{s}\n-----END PRIVATE KEY-----\n",
    "kind: Secret\nstringData:\n  a: {s}\n",
    "requirepass {s}",
];

fn planted() -> impl Strategy<Value = (String, String)> {
    let named = (select(PLACES), name(), secret()).prop_map(|(place, name, secret)| (place.replace("{n}", &name).replace("{s}", &secret), secret));
    let nameless = (select(NAMELESS), secret()).prop_filter_map("signs that the place does not take", |(place, secret)| {
        // A token of a bot and of a header has letters, digits and a few signs.
        let plain = secret.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'));
        let any = !(place.contains("/bot") || place.contains("Bearer {s} again"));
        (plain || any).then(|| (place.replace("{s}", &secret), secret))
    });
    prop_oneof![2 => named, 1 => nameless]
}

proptest! {
    #[test]
    fn no_secret_survives_in_a_text((given, secret) in planted(), before in "([a-z]{1,8} ){0,3}", line in any::<bool>()) {
        // Some places are those at the start of a line.
        let given = if line { format!("{before}\n{given}") } else { given };
        let shown = text(&given);
        prop_assert!(!shown.contains(&secret), "{} in {:?} became {:?}", secret, given, shown);
        prop_assert_eq!(text(&shown), shown.as_ref());
    }

    #[test]
    fn no_secret_survives_in_an_object((given, secret) in planted(), name in name(), harmless in "[a-z]{1,8}") {
        let inner = json!({"a": given, "b": [{"name": name, "value": secret}]}).to_string();
        let mut object = json!({
            "annotations": {"note": given, name.as_str(): secret, "example.org/original": inner, "example.org/twice": json!({"a": inner}).to_string()},
            "env": [{"name": name, "value": secret}, {"name": harmless, "value": given}],
            "args": [format!("--{name}"), secret],
            "command": ["sh", "-c", given],
            "deep": {"er": [{name.as_str(): {"value": secret}}, {name.as_str(): [secret]}]},
        });
        super::super::object(&mut object);
        let shown = object.to_string();
        prop_assert!(!shown.contains(&secret), "{} in {}", secret, shown);
    }
}
