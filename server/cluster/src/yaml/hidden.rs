//! Which values look like secrets, and what is shown in their place. In doubt a value is hidden: who may see it can
//! look into the cluster.

use domain::credential::is_credential;
use serde_json::Value;

/// Stands for a value that looks like a secret.
const HIDDEN: &str = "(hidden)";
/// Headers of a probe that tell nothing but how to ask.
const HARMLESS: [&str; 8] = ["accept", "connection", "content-type", "host", "user-agent", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto"];
/// A user before the @ of an address is a token if it is this long.
const TOKEN: usize = 20;

/// Names of variables and annotations whose values are not shown.
fn looks_secret(name: &str) -> bool {
    const WORDS: [&str; 13] =
        ["PASSWORD", "PASSWD", "PASSPHRASE", "TOKEN", "SECRET", "KEY", "CREDENTIAL", "CREDS", "PRIVATE", "PWD", "DSN", "AUTHORIZATION", "WEBHOOK"];
    let name = name.to_uppercase();
    let last = name.rsplit(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
    let pass = last.ends_with("PASS") && !last.ends_with("BYPASS") && !last.ends_with("COMPASS");
    pass || ["AUTH", "SALT"].contains(&last) || WORDS.iter().any(|w| name.contains(w))
}

/// Whether an address with a password or token stands in a value, be it the first of several or not. Each character is
/// looked at a few times at most: whoever writes the value must not be able to keep the portal busy with it.
fn has_password(value: &str) -> bool {
    value.split(|c: char| c.is_whitespace() || matches!(c, ',' | '"' | '\'')).any(word_has_password)
}

fn word_has_password(word: &str) -> bool {
    let last_at = word.rfind('@');
    word.match_indices("://").any(|(at, sign)| {
        let begins = at + sign.len();
        let host = word[begins..].split(['/', '?', '#']).next().unwrap_or_default();
        let before_host = host.rsplit_once('@').is_some_and(|(user, _)| user.contains(':') || user.len() >= TOKEN);
        // A password may hold a slash: then what stands behind the colon is no port.
        let no_port = host.split_once(':').is_some_and(|(_, port)| !port.is_empty() && !port.bytes().all(|b| b.is_ascii_digit()));
        before_host || (no_port && !host.starts_with('[') && last_at.is_some_and(|last| last >= begins))
    })
}

/// Addresses that let anybody who has them write.
fn is_webhook(value: &str) -> bool {
    ["hooks.slack.com/", "/api/webhooks/", ".webhook.office.com/"].iter().any(|part| value.contains(part))
}

/// A value as it may be shown under this name. It may be options, JSON or a script with a secret somewhere inside.
pub(crate) fn shown(name: &str, value: &str) -> String {
    if !value.is_empty() && (looks_secret(name) || tells_secret(value)) { HIDDEN.into() } else { script(value) }
}

/// A command as it may be shown, its words one after another.
pub(crate) fn command(words: &[String]) -> String {
    let mut words = words.to_vec();
    hide_arguments(&mut words, false);
    words.join(" ")
}

/// Whether a value gives itself away as a secret, whatever its name.
fn tells_secret(value: &str) -> bool {
    has_password(value) || is_webhook(value) || is_credential(value)
}

/// Replaces values that look like secrets, wherever they stand.
pub(crate) fn hide(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            let last = fields.get("command").and_then(|c| c.as_array()?.last()?.as_str()).is_some_and(asks_for_secret);
            for (key, field) in fields.iter_mut() {
                match (key.as_str(), field) {
                    ("env", Value::Array(env)) => env.iter_mut().for_each(|v| hide_value(v, shown)),
                    ("httpHeaders", Value::Array(headers)) => headers.iter_mut().for_each(|h| hide_value(h, header)),
                    ("annotations" | "volumeAttributes" | "options", Value::Object(all)) => {
                        all.iter_mut().for_each(|(name, v)| hide_text(v, |text| shown(name, text)))
                    }
                    ("path", text) => hide_text(text, |path| shown("", path)),
                    ("command", Value::Array(words)) => hide_arguments(texts(words), false),
                    ("args", Value::Array(words)) => hide_arguments(texts(words), last),
                    (_, field) => hide(field),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(hide),
        _ => {}
    }
}

fn hide_value(item: &mut Value, shown: fn(&str, &str) -> String) {
    let name = item.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
    if let Some(value) = item.get_mut("value") {
        hide_text(value, |text| shown(&name, text));
    }
}

fn header(name: &str, value: &str) -> String {
    if HARMLESS.contains(&name.to_lowercase().as_str()) { shown(name, value) } else { HIDDEN.into() }
}

fn hide_text(value: &mut Value, shown: impl Fn(&str) -> String) {
    if let Value::String(text) = value {
        *text = shown(text);
    }
}

/// `--password`, whose value is the next word.
fn asks_for_secret(word: &str) -> bool {
    word.starts_with('-') && !word.contains(['=', ' ']) && looks_secret(word)
}

fn texts(values: &mut [Value]) -> impl Iterator<Item = &mut String> {
    values.iter_mut().filter_map(|v| if let Value::String(text) = v { Some(text) } else { None })
}

fn hide_arguments<'a>(words: impl IntoIterator<Item = &'a mut String>, mut wanted: bool) {
    let (mut of_mysql, mut user) = (false, false);
    for (at, text) in words.into_iter().enumerate() {
        if at == 0 {
            let program = text.rsplit('/').next().unwrap_or_default();
            of_mysql = program.starts_with("mysql") || program.starts_with("mariadb");
        }
        let value = std::mem::replace(&mut wanted, asks_for_secret(text)) && !text.starts_with("--");
        let pair = std::mem::replace(&mut user, matches!(text.as_str(), "-u" | "--user")) && text.contains(':');
        *text = if value || pair { HIDDEN.into() } else { argument(text, of_mysql) };
    }
}

/// One word of a command, which may be a whole script.
fn argument(text: &str, of_mysql: bool) -> String {
    if tells_secret(text) {
        return HIDDEN.into();
    }
    if of_mysql && text.starts_with("-p") && text.len() > 2 {
        return format!("-p{HIDDEN}");
    }
    match text.split_once('=') {
        // name:password
        Some(("--user", value)) if value.contains(':') => format!("--user={HIDDEN}"),
        // --password=… and PASSWORD=…
        Some((name, value)) if !value.is_empty() && !name.contains(char::is_whitespace) && looks_secret(name) => format!("{name}={HIDDEN}"),
        _ => script(text),
    }
}

/// A script with the values of `PASSWORD=…`, `--password …`, `Authorization: …` and `"password": …` hidden.
fn script(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(is_name) {
        let end = rest[start..].find(|c| !is_name(c)).map_or(rest.len(), |n| start + n);
        let (name, after) = (&rest[start..end], &rest[end..]);
        out.push_str(&rest[..end]);
        rest = after;
        if !looks_secret(name) {
            continue;
        }
        let Some((between, to_line_end)) = separator(name, after) else { continue };
        let value = &after[between..];
        let length = if to_line_end { header_length(value) } else { word_length(value) };
        out.push_str(&after[..between]);
        if length > 0 {
            out.push_str(HIDDEN);
        }
        rest = &value[length..];
    }
    out + rest
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-' | '.')
}

/// How many bytes stand between a name and its value, and whether the value goes on to the end of the line.
fn separator(name: &str, after: &str) -> Option<(usize, bool)> {
    let quoted = after.trim_start_matches(['"', '\'']);
    let bare = quoted.trim_start_matches([' ', '\t']);
    let skipped = |rest: &str| after.len() - rest.len();
    if let Some(value) = bare.strip_prefix('=') {
        // `A= app` runs app without A, and `a = b` gives a to b.
        let value = if bare.len() < quoted.len() { value.trim_start_matches([' ', '\t']) } else { value };
        return Some((skipped(value), false));
    }
    if let Some(value) = bare.strip_prefix(':') {
        let start = value.trim_start_matches([' ', '\t']);
        // `http://keycloak:8080` is no key with a value.
        let told = start.len() < value.len() || quoted.len() < after.len();
        return (told && !start.is_empty()).then(|| (skipped(start), !start.starts_with(['"', '\''])));
    }
    let next = bare.len() < quoted.len() && !bare.is_empty() && !bare.starts_with(['-', '|', ';', '&', '>', '<']);
    (name.starts_with('-') && next).then(|| (skipped(bare), false))
}

/// Length of a word of a shell, with its quotes.
fn word_length(text: &str) -> usize {
    let (mut quote, mut escaped) = (None, false);
    for (at, c) in text.char_indices() {
        match (quote, c) {
            _ if escaped => escaped = false,
            (None | Some('"'), '\\') => escaped = true,
            (Some(q), c) if q == c => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(c),
            (None, c) if c.is_whitespace() || matches!(c, ';' | '&' | '|' | ')' | ',' | '}') => return at,
            (None, _) => {}
        }
    }
    text.len()
}

/// Length of what stands behind the colon of a header: up to the quote around the header, or the line's end.
fn header_length(text: &str) -> usize {
    text.find(['"', '\'', '\n']).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn words(words: &[&str]) -> Vec<String> {
        let mut value = json!({ "args": words });
        hide(&mut value);
        serde_json::from_value(value["args"].take()).unwrap()
    }

    #[test]
    fn the_word_after_a_flag_that_asks_for_a_secret_is_hidden() {
        assert_eq!(words(&["--user", "ann", "--password", "x", "--verbose"]), ["--user", "ann", "--password", HIDDEN, "--verbose"]);
        assert_eq!(words(&["--token", "--verbose", "more"]), ["--token", "--verbose", "more"]);
        let mut split = json!({"command": ["app", "--api-key"], "args": ["x", "y"]});
        hide(&mut split);
        assert_eq!(split["args"], json!([HIDDEN, "y"]));
    }

    #[test]
    fn secrets_in_scripts_are_hidden_and_the_rest_stays() {
        for (script, seen) in [
            ("export PASSWORD=x1; exec app --mode fast", "export PASSWORD=(hidden); exec app --mode fast"),
            ("A=1 DB_PASSWORD='x1 y' app", "A=1 DB_PASSWORD=(hidden) app"),
            ("A=1 DB_PASSWORD=\"x1 \\\" y\"z app", "A=1 DB_PASSWORD=(hidden) app"),
            ("app --password x1 --mode fast", "app --password (hidden) --mode fast"),
            ("app --password=x1 --mode fast", "app --password=(hidden) --mode fast"),
            ("curl -H \"Authorization: Bearer x1\" http://keycloak:8080/a", "curl -H \"Authorization: (hidden)\" http://keycloak:8080/a"),
            ("echo '{\"password\": \"x1\", \"mode\": 1}'", "echo '{\"password\": (hidden), \"mode\": 1}'"),
            ("echo password: x1\nmode: fast", "echo password: (hidden)\nmode: fast"),
            ("wait-for keycloak:8080 && app --no-password --x", "wait-for keycloak:8080 && app --no-password --x"),
            ("über=ä TOKEN=ö=ü ende", "über=ä TOKEN=(hidden) ende"),
            ("if [ -z \"$PASSWORD\" ]; then exit 1; fi", "if [ -z \"$PASSWORD\" ]; then exit 1; fi"),
        ] {
            assert_eq!(words(&[script]), [seen], "{script}");
        }
        assert_eq!(words(&["--password=x1 y", "PASSWORD=x1 app"]), ["--password=(hidden)", "PASSWORD=(hidden)"]);
    }

    #[test]
    fn every_address_of_a_list_is_searched() {
        assert_eq!(shown("HOSTS", "http://a:9200,http://u:x1@b:9200"), HIDDEN);
        assert_eq!(shown("HOSTS", "http://a:9200,http://b:9200/x@y"), "http://a:9200,http://b:9200/x@y");
        assert_eq!(shown("REPO", "https://ghp_0123456789abcdefghij@github.com/a"), HIDDEN);
        assert_eq!(shown("REPO", "ssh://git@github.com/a"), "ssh://git@github.com/a");
        assert_eq!(words(&["--hosts", "http://a,http://u:x1@b"]), ["--hosts", HIDDEN]);
    }

    #[test]
    fn a_value_that_gives_itself_away_is_hidden_wherever_it_stands() {
        let token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U";
        let mut object = json!({
            "metadata": {"annotations": {"note": token}},
            "spec": {"command": ["app", token, format!("--with={token}"), format!("exec app {token} --mode fast")], "env": [{"name": "DATA", "value": token}]},
        });
        hide(&mut object);
        assert!(!object.to_string().contains("eyJ"), "{object}");
    }

    #[test]
    fn a_secret_inside_of_a_value_is_hidden_and_the_rest_stays() {
        for (name, value, seen) in [
            ("JAVA_OPTS", "-Xmx1g -Ddb.password=x1 -Dmode=fast", "-Xmx1g -Ddb.password=(hidden) -Dmode=fast"),
            ("SPRING_APPLICATION_JSON", r#"{"db.password":"x1","mode":"fast"}"#, r#"{"db.password":(hidden),"mode":"fast"}"#),
            ("example.org/users", r#"[{"name":"ann","password":"x1"}]"#, r#"[{"name":"ann","password":(hidden)}]"#),
            ("GREETING", "the key is under the mat", "the key is under the mat"),
        ] {
            assert_eq!(shown(name, value), seen);
        }
    }

    #[test]
    fn secrets_go_by_many_names() {
        for name in ["DB_PASS", "PGPASS", "BASIC_AUTH", "DB_CREDS", "PASSWORD_SALT", "SLACK_WEBHOOK", "smtp.pass", "--requirepass"] {
            assert!(looks_secret(name), "{name}");
        }
        for name in ["BYPASS", "COMPASS", "AUTH_URL", "PASSES", "AUTHOR", "MODE"] {
            assert!(!looks_secret(name), "{name}");
        }
    }

    #[test]
    fn passwords_in_addresses_pairs_and_short_flags_are_hidden() {
        assert_eq!(shown("BROKER", "amqp://u:p/x1@h"), HIDDEN);
        assert_eq!(shown("HOSTS", "http://[::1]:80/a@b"), "http://[::1]:80/a@b");
        assert_eq!(shown("NOTIFY", "https://hooks.slack.com/services/T0/B0/x1"), HIDDEN);
        assert_eq!(shown("DB", "Server=db;User=a;Password=x1;Pool=2"), "Server=db;User=a;Password=(hidden);Pool=2");
        assert_eq!(shown("DB", "jdbc:postgresql://db/a?user=u&password=x1&ssl=on"), "jdbc:postgresql://db/a?user=u&password=(hidden)&ssl=on");
        assert_eq!(shown("CONF", "db.password = x1\nmode = fast"), "db.password = (hidden)\nmode = fast");
        assert_eq!(words(&["curl", "-u", "a:x1", "--user=a:x1", "--user", "ann"]), ["curl", "-u", HIDDEN, "--user=(hidden)", "--user", "ann"]);
        assert_eq!(words(&["/usr/bin/mysqladmin", "-uroot", "-px1", "-P", "3306"]), ["/usr/bin/mysqladmin", "-uroot", "-p(hidden)", "-P", "3306"]);
        assert_eq!(words(&["ssh", "-p22", "--password", "-x1"]), ["ssh", "-p22", "--password", HIDDEN]);
        let mut object = json!({"csi": {"volumeAttributes": {"password": "x1"}}, "httpGet": {"path": "/ready?token=x1&deep=1"}});
        hide(&mut object);
        assert_eq!(object, json!({"csi": {"volumeAttributes": {"password": HIDDEN}}, "httpGet": {"path": "/ready?token=(hidden)&deep=1"}}));
    }

    #[test]
    fn values_of_headers_are_hidden_but_those_that_tell_nothing() {
        let mut probe = json!({"httpGet": {"httpHeaders": [{"name": "Authorization", "value": "Basic x1"}, {"name": "X-Team", "value": "x1"}, {"name": "Host", "value": "a.example"}]}});
        hide(&mut probe);
        assert!(!probe.to_string().contains("x1") && probe.to_string().contains("a.example"), "{probe}");
    }

    #[test]
    fn a_value_made_to_keep_the_portal_busy_does_not() {
        for part in ["://", "://a:b", "://a:1@", "a://b/", "-p=://", "PASSWORD "] {
            let long = part.repeat(400_000 / part.len());
            let _ = shown("A", &long);
            let _ = command(&vec![long; 3]);
        }
    }
}
