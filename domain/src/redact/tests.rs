use super::*;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::cell::Cell;

mod planted;

thread_local! {
    /// Bytes that were looked at.
    pub(super) static STEPS: Cell<u64> = const { Cell::new(0) };
}

fn lines(file: &str) -> impl Iterator<Item = String> {
    let lines = file.lines().filter(|line| !line.is_empty() && !line.starts_with("# "));
    lines.map(|line| line.replace('⏎', "\n"))
}

#[test]
fn secrets_are_hidden_and_the_text_around_them_stays() {
    let mut wrong = Vec::new();
    let mut cases = 0;
    for line in lines(include_str!("corpus/hidden.txt")) {
        let given = line.replace(['‹', '›'], "");
        let mut seen = String::new();
        let mut inside = false;
        for c in line.chars() {
            match c {
                '‹' => (inside, seen) = (true, seen + HIDDEN),
                '›' => inside = false,
                _ if inside => {}
                c => seen.push(c),
            }
        }
        let shown = text(&given);
        if shown != seen {
            wrong.push(format!("{given}\n  should be  {seen}\n  but is     {shown}"));
        }
        cases += 1;
    }
    assert!(wrong.is_empty(), "{} of {cases}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(cases >= 120, "{cases}");
}

#[test]
fn harmless_text_stays() {
    let mut wrong = Vec::new();
    let mut cases = 0;
    for line in lines(include_str!("corpus/shown.txt")) {
        if text(&line) != line {
            wrong.push(format!("{line}\n  is         {}", text(&line)));
        }
        cases += 1;
    }
    assert!(wrong.is_empty(), "{} of {cases}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(cases >= 120, "{cases}");
}

#[test]
fn what_kubernetes_says_stays() {
    fn walk(value: &Value, file: &str) {
        match value {
            Value::String(said) => assert_eq!(&text(said), said, "{file}"),
            Value::Array(items) => items.iter().for_each(|item| walk(item, file)),
            Value::Object(fields) => fields.values().for_each(|field| walk(field, file)),
            _ => {}
        }
    }
    let mut seen = 0;
    for file in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/situations")).unwrap() {
        let file = file.unwrap().path();
        let recorded: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
        walk(&recorded, &file.display().to_string());
        seen += 1;
    }
    assert!(seen > 20, "{seen}");
}

#[test]
fn fields_of_an_object_are_hidden_by_their_names() {
    let mut object = json!({
        "kind": "Deployment",
        "metadata": {"name": "shop", "annotations": {
            "example.org/api-token": "t0k",
            "kapp.k14s.io/original": r#"{"spec":{"env":[{"name":"DB_PASSWORD","value":"t0k"},{"name":"MODE","value":"fast"}]}}"#,
            "banzaicloud.com/last-applied": "{\"a\":\"{\\\"password\\\":\\\"t0k\\\"}\"}",
            "example.org/list": "- name: DB_PASSWORD\n  value: t0k\n- name: MODE\n  value: fast\n",
            "example.org/policy": r#"{"passwordPolicy":"strict"}"#,
        }},
        "spec": {
            "imagePullSecrets": [{"name": "registry"}],
            "volumes": [
                {"name": "repo", "gitRepo": {"repository": "https://ann:t0k@git.example.org/a"}},
                {"name": "db", "secret": {"secretName": "shop-db", "items": [{"key": "password", "path": "password"}]}},
                {"name": "share", "csi": {"volumeAttributes": {"password": "t0k", "server": "nas"}}},
            ],
            "containers": [{
                "image": "r/app@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                "command": ["sh", "-c", "curl -u ann:t0k http://shop; mysql -pt0k"],
                "args": ["--db-password", "-t0k", "--user", "ann"],
                "env": [
                    {"name": "DB_PASSWORD", "value": "t0k"},
                    {"name": "OTHER", "valueFrom": {"secretKeyRef": {"name": "shop-db", "key": "password"}}},
                    {"name": "MODE", "value": "fast"},
                ],
                "livenessProbe": {"exec": {"command": ["redis-cli", "-a", "t0k", "ping"]}},
                "readinessProbe": {"httpGet": {"path": "/ready?token=t0k&deep=1", "httpHeaders": [{"name": "X-Team", "value": "t0k"}, {"name": "Host", "value": "a.example"}]}},
            }],
        },
    });
    super::object(&mut object);
    let text = object.to_string();
    assert!(!text.contains("t0k"), "{text}");
    for stays in [
        "shop-db",
        "registry",
        "fast",
        "strict",
        "r/app@sha256:9f86",
        "--user\",\"ann",
        "a.example",
        "\"key\":\"password\"",
        "&deep=1",
        "\"server\":\"nas\"",
        "ann:(hidden)@git",
    ] {
        assert!(text.contains(stays), "{stays} is gone: {text}");
    }
}

#[test]
fn what_a_secret_holds_is_hidden_whatever_it_is_called() {
    let mut list = json!({"kind": "List", "items": [{"kind": "Secret", "type": "Opaque", "data": {"a": "dDBr"}, "stringData": {"b": "t0k", "c": 1}}]});
    super::object(&mut list);
    assert_eq!(list["items"][0], json!({"kind": "Secret", "type": "Opaque", "data": {"a": HIDDEN}, "stringData": {"b": HIDDEN, "c": HIDDEN}}));
}

#[test]
fn a_value_is_hidden_by_its_name_or_by_what_it_holds() {
    for (name, held, seen) in [
        ("DB_PASSWORD", "hunter2", HIDDEN),
        ("DB_PASSWORD", "", ""),
        ("DB_PASSWORD", "$(OTHER)", "$(OTHER)"),
        ("PASSWORD_FILE", "/run/x", "/run/x"),
        ("HOSTS", "http://a:9200,http://u:x1@b:9200", "http://a:9200,http://u:(hidden)@b:9200"),
        ("JAVA_OPTS", "-Xmx1g -Ddb.password=x1 -Dmode=fast", "-Xmx1g -Ddb.password=(hidden) -Dmode=fast"),
        ("SPRING_APPLICATION_JSON", r#"{"db.password":"x1","mode":"fast"}"#, r#"{"db.password":"(hidden)","mode":"fast"}"#),
        ("example.org/users", r#"[{"name":"ann","password":"x1"}]"#, r#"[{"name":"ann","password":"(hidden)"}]"#),
        ("PLAIN", r#"{"b": 1, "a": 2}"#, r#"{"b": 1, "a": 2}"#),
        ("GREETING", "the key is under the mat", "the key is under the mat"),
        ("SLACK_WEBHOOK", "https://example.org/x", HIDDEN),
    ] {
        assert_eq!(value(name, held), seen, "{name}");
    }
    assert_eq!(config_value("MODE", "db-password", "hunter2"), HIDDEN);
    assert_eq!(config_value("DB_PASSWORD", "mode", "hunter2"), HIDDEN);
    assert_eq!(config_value("MODE", "mode", "fast"), "fast");
}

#[test]
fn words_of_a_command_are_hidden_one_by_one() {
    let shown = |words: &[&str]| command(&words.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>());
    assert_eq!(shown(&["app", "--user", "ann", "--password", "x", "--verbose"]), ["app", "--user", "ann", "--password", HIDDEN, "--verbose"]);
    assert_eq!(shown(&["--token", "--verbose", "more"]), ["--token", "--verbose", "more"]);
    assert_eq!(shown(&["--password=x1 y", "PASSWORD=x1 app"]), ["--password=(hidden)", "PASSWORD=(hidden)"]);
    assert_eq!(shown(&["curl", "-u", "a:x1", "--user=a:x1", "--user", "ann"]), ["curl", "-u", "a:(hidden)", "--user=a:(hidden)", "--user", "ann"]);
    assert_eq!(shown(&["/usr/bin/mysqladmin", "-uroot", "-px1", "-P", "3306"]), ["/usr/bin/mysqladmin", "-uroot", "-p(hidden)", "-P", "3306"]);
    assert_eq!(shown(&["ssh", "-p22", "--password", "-x1"]), ["ssh", "-p22", "--password", HIDDEN]);
    assert_eq!(shown(&["redis-cli", "-a", "x", "ping"]), ["redis-cli", "-a", HIDDEN, "ping"]);
    assert_eq!(shown(&["--hosts", "http://a,http://u:x1@b"]), ["--hosts", "http://a,http://u:(hidden)@b"]);
    let mut split = json!({"command": ["app", "--api-key"], "args": ["x", "y"]});
    super::object(&mut split);
    assert_eq!(split["args"], json!([HIDDEN, "y"]));
}

/// Texts of the signs and words that rules look for, so that they meet in all ways.
fn tangled() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        Just("password"),
        Just("token"),
        Just("secret"),
        Just("name"),
        Just("value"),
        Just("key"),
        Just("apiKey"),
        Just("data"),
        Just("kind: Secret\n"),
        Just("--password"),
        Just("-p"),
        Just("-u"),
        Just("curl"),
        Just("mysql"),
        Just("redis-cli"),
        Just("-a"),
        Just("htpasswd"),
        Just("Authorization"),
        Just("Bearer"),
        Just("Basic"),
        Just("IDENTIFIED BY"),
        Just("login"),
        Just("://"),
        Just("http://"),
        Just("@"),
        Just(":"),
        Just(": "),
        Just("="),
        Just(" = "),
        Just("%3D"),
        Just("\""),
        Just("'"),
        Just("\\\""),
        Just("\\"),
        Just("{"),
        Just("}"),
        Just("["),
        Just("]"),
        Just("<"),
        Just(">"),
        Just("</"),
        Just("<password>"),
        Just("<![CDATA["),
        Just("]]>"),
        Just("|"),
        Just("|-"),
        Just(">"),
        Just("\n"),
        Just("\n  "),
        Just("\n- "),
        Just("- "),
        Just(" "),
        Just(","),
        Just(";"),
        Just("&"),
        Just("$"),
        Just("${A}"),
        Just("$(A)"),
        Just("{{ .a }}"),
        Just("$2y$"),
        Just("$6$aaaaaaaaaaaaaaaaaaaaaaa"),
        Just("-----BEGIN RSA PRIVATE KEY-----"),
        Just("-----END "),
        Just("eyJhbGciOiJI"),
        Just("."),
        Just("hooks.slack.com/services/"),
        Just("bot123456:"),
        Just("(hidden)"),
        Just("***"),
        Just("true"),
        Just("a"),
        Just("x7"),
        Just("hunter2"),
        Just("/etc/tls/key"),
        Just("ü"),
        Just("is"),
        Just("not"),
    ];
    proptest::collection::vec(part, 0..24).prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn any_text_is_redacted_once_and_grows_by_a_bound(given in prop_oneof![tangled(), any::<String>(), "[ -~\n]{0,200}"]) {
        let once = text(&given).into_owned();
        prop_assert_eq!(text(&once), once.as_str(), "{:?}", given);
        prop_assert!(once.len() <= given.len() + GROWTH);
        for name in ["DB_PASSWORD", "MODE", "WEBHOOK_URL"] {
            let once = value(name, &given).into_owned();
            prop_assert_eq!(value(name, &once), once.as_str(), "{:?}", given);
            prop_assert!(once.len() <= given.len() + GROWTH);
        }
    }

}

proptest! {
    // Each has dozens of texts.
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_object_is_redacted_once(parts in proptest::collection::vec((tangled(), tangled()), 0..8)) {
        let fields: serde_json::Map<String, Value> = parts.iter().map(|(k, v)| (k.clone(), json!([{"name": k, "value": v}, v, {k.as_str(): [v, 1]}]))).collect();
        let mut once = json!({"env": fields, "command": parts.iter().map(|(k, _)| k).collect::<Vec<_>>(), "args": parts.iter().map(|(_, v)| v).collect::<Vec<_>>()});
        super::object(&mut once);
        let mut twice = once.clone();
        super::object(&mut twice);
        prop_assert_eq!(once, twice);
    }
}

#[test]
fn a_text_full_of_short_secrets_grows_by_a_bound() {
    let given = "PW=a ".repeat(10_000);
    let shown = text(&given);
    assert!(shown.len() <= given.len() + GROWTH && !shown.contains('a'), "{}", shown.len());
    assert_eq!(text(&shown), shown);
}

#[test]
fn what_is_looked_at_grows_with_the_text_and_no_faster() {
    let parts = [
        "a",
        " ",
        "-",
        "/",
        "\n",
        "'",
        "\"",
        "\\",
        "=",
        ":",
        "://",
        "://a:b",
        "://a:1@",
        "a://b/",
        "@",
        "a:b@",
        "PW=",
        "PW=a",
        "PW=a ",
        "PW=[",
        "PW='",
        "PW=\"",
        "PW=a'",
        "PW=a\"b ",
        "PW=a,b",
        "PW=a,b=",
        "PASSWORD ",
        "password:\n",
        "password: |\n",
        "password: |\n a\n",
        "password:\n  a\n",
        "password: not ",
        "token: a ",
        "token=true ",
        "name=",
        "name=password value=",
        "value=a name=password ",
        "value='",
        "value=\" name=password ",
        "<password>",
        "<password>a",
        "<password>a<",
        "kind: Secret\ndata:\n a: b\n",
        "\"data\":{",
        "--password ",
        "--password\n",
        "--password \"",
        "-u a:",
        "curl -u ",
        "mysql -p",
        "Bearer ",
        "Basic a",
        "IDENTIFIED BY ",
        "IDENTIFIED BY '",
        "password '",
        "password is ",
        "-----BEGIN ",
        "-----BEGIN RSA PRIVATE KEY-----",
        "$",
        "$6$",
        "eyJ",
        "eyJaaaaaaa.",
        "bot1:",
        "123456789:",
        "hooks.slack.com/services/",
        "/token/",
        "[",
        "{\"a\":",
        "(hidden)",
        "PW=(hidden)",
        "http://a,",
        "http://a:b,",
        "a,b:c@",
        "key=\"password\">",
        "%3D",
        "token%3D",
        "{{",
        "\\\"password\\\":",
        "password=\\",
        "a:1:b:c:d ",
        "htpasswd -b a b c ",
        "ghp_",
        "sk-",
        "Aa1",
    ];
    for part in parts {
        let steps = |length: usize| {
            let long = part.repeat(length / part.len());
            STEPS.with(|steps| steps.set(0));
            let _ = text(&long);
            let _ = command(&[long.clone(), long]);
            STEPS.with(Cell::get)
        };
        let (short, long) = (steps(3_000), steps(30_000));
        assert!(long <= short * 12 + 10_000, "{part:?}: {short} for 3,000 bytes, {long} for 30,000");
        assert!(long <= 30_000 * 400, "{part:?}: {long}");
    }
}
