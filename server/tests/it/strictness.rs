//! The API takes what its description allows and refuses what it forbids: for each parameter and each field, with texts and
//! numbers made from the description.

use crate::support::World;
use crate::support::http::{Client, Reply, encode};
use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::TestRunner;
use regex::Regex;
use serde_json::{Value, json};
use std::sync::Mutex;

/// Texts of each pattern that are sent.
const SAMPLES: usize = 8;

/// What the description says of one place for a value.
struct Described<'a> {
    document: &'a Value,
    schema: &'a Value,
    /// The rule's name, if it has one.
    rule: &'a str,
}

impl<'a> Described<'a> {
    fn new(document: &'a Value, schema: &'a Value) -> Self {
        match schema["$ref"].as_str().and_then(|r| r.rsplit('/').next()) {
            Some(rule) => Self { document, schema: &document["components"]["schemas"][rule], rule },
            None => Self { document, schema, rule: "" },
        }
    }

    fn is(&self, kind: &str) -> bool {
        self.schema["type"] == kind
    }

    fn words(&self) -> Vec<String> {
        self.schema["enum"].as_array().into_iter().flatten().map(|w| w.as_str().unwrap().to_owned()).collect()
    }

    fn regex(&self) -> Option<Regex> {
        self.schema["pattern"].as_str().map(|p| Regex::new(p).unwrap())
    }

    fn longest(&self) -> usize {
        self.schema["maxLength"].as_u64().map_or(usize::MAX, |n| n as usize)
    }

    fn allows(&self, text: &str) -> bool {
        let fits = |d: &Self| {
            let words = d.words();
            (words.is_empty() || words.iter().any(|w| w == text)) && d.regex().is_none_or(|r| r.is_match(text)) && text.chars().count() <= d.longest()
        };
        match self.schema["anyOf"].as_array() {
            Some(either) => matches!(text, "true" | "false") || either.iter().any(|s| s["type"] == "string" && fits(&Described::new(self.document, s))),
            None => fits(self),
        }
    }

    /// Texts that it allows. Of what the portal gives out or counts, one that is right here.
    fn allowed(&self) -> Vec<String> {
        let of = |words: &[&str]| words.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>();
        let amounts = [".5", " 5. ", "1.5", "1e3", "2E-3", "1n", "3u", "7k", "1M", "1G", "1T", "1P", "1Ki", "2Mi", "3Gi", "1Ti", "1Pi"];
        match self.rule {
            // No other text than one that the portal has given out.
            "Continue" => return Vec::new(),
            // Only a pair that belongs together is taken.
            "Certificate" | "PrivateKey" => return Vec::new(),
            "ProbePort" => return of(&["", "8080", " 00081 ", "http"]),
            // A pattern can't count the characters of a part.
            "AppName" => return of(&["web/deployment/shop", "data/statefulset/a.b-c.0"]),
            "Confirm" => return of(&["shop", " shop "]),
            "CpuOrNone" | "CpuLimitOrNone" => return [of(&amounts), of(&["100m"])].concat(),
            "MemoryOrNone" | "MemoryLimitOrNone" => return [of(&amounts), of(&["8E", "1Ei"])].concat(),
            _ => {}
        }
        if let Some(either) = self.schema["anyOf"].as_array() {
            return [of(&["true", "false"]), Described::new(self.document, &either[1]).words()].concat();
        }
        if self.is("integer") {
            let (least, most) = (self.schema["minimum"].as_i64().unwrap(), self.schema["maximum"].as_i64().unwrap());
            return [least, least + 1, most].map(|n| n.to_string()).to_vec();
        }
        let Some(pattern) = self.schema["pattern"].as_str() else {
            return if self.words().is_empty() { of(&["anything"]) } else { self.words() };
        };
        let inner = pattern.strip_prefix('^').and_then(|p| p.strip_suffix('$')).unwrap();
        let texts = proptest::string::string_regex(inner).unwrap();
        let mut runner = TestRunner::deterministic();
        // Where characters are counted the portal counts bytes. Most of what a short pattern can be is longer than it may be.
        let made = (0..2000).map(|_| texts.new_tree(&mut runner).unwrap().current()).filter(|text| text.len() <= self.longest());
        let made: Vec<String> = made.take(SAMPLES).collect();
        assert!(made.len() >= 2, "{pattern}");
        made
    }

    /// Texts that it forbids.
    fn forbidden(&self) -> Vec<String> {
        if self.is("integer") {
            let (least, most) = (self.schema["minimum"].as_i64().unwrap(), self.schema["maximum"].as_i64().unwrap());
            return [(least - 1).to_string(), (most + 1).to_string()]
                .into_iter()
                .chain(["", "x", "1.5", "+1", " 1", "0x1", "1e2", "-"].map(str::to_owned))
                .collect();
        }
        let mut texts: Vec<String> = [
            "", " ", "!", "UPPER", "ä", "a b", "-a", "a-", "a..b", "/a/../b", "a\0", "a:b", "@", "a%", "0", "00", "-1", "+1", "1.5", "1m", "99999999", "1e99",
            "nope", "TRUE", "a\nb", "..", "_", "/a//b",
        ]
        .map(str::to_owned)
        .to_vec();
        if let Some(longer) = self.schema["maxLength"].as_u64() {
            texts.push("a".repeat(longer as usize + 1));
        }
        for good in self.allowed() {
            texts.extend([format!("{good}\0"), format!("{good}!"), format!("%{good}")]);
        }
        texts.retain(|text| !self.allows(text));
        texts
    }
}

fn object<'a>(document: &'a Value, name: &str) -> &'a Value {
    &document["components"]["schemas"][name]
}

/// What was not as described.
#[derive(Default)]
struct Found(Mutex<Vec<String>>);

impl Found {
    fn say(&self, fine: bool, what: &str, reply: &Reply) {
        if !fine {
            self.0.lock().unwrap().push(format!("{what} was answered with {}: {:.300}", reply.status, reply.body));
        }
    }

    fn refused(&self, reply: &Reply, what: &str) {
        self.say((400..500).contains(&reply.status) && reply.status != 429, what, reply);
    }

    /// Taken, or refused for another reason than its form.
    fn taken(&self, reply: &Reply, field: &str, what: &str) {
        let fine = match reply.status {
            200..=299 | 403 | 404 | 409 => true,
            422 => {
                let fields = reply.json()["fields"].as_array().cloned().unwrap_or_default();
                !fields.is_empty() && fields.iter().all(|f| f["field"] != field)
            }
            _ => false,
        };
        self.say(fine, what, reply);
    }
}

/// A body in which each field that is described has a right value, and which makes the fields of `about` count.
fn base(schema: &str, about: &str) -> Value {
    let secret = |kind: &str, more: Value| {
        let mut form = json!({"name": "made", "kind": kind});
        form.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        form
    };
    match schema {
        "Credentials" => json!({"username": "nobody-here", "password": "a wrong password"}),
        "Scale" => json!({"replicas": 1}),
        "Rollback" => json!({"revision": 1}),
        "SecretChange" => json!({"entries": [{"key": "k", "value": "dg==", "base64": true}], "remove": ["z"], "version": null}),
        "SecretForm" => match about {
            "server" | "username" | "password" | "email" => {
                secret("docker-registry", json!({"server": "registry.example.org", "username": "u", "password": "p", "email": "a@b"}))
            }
            "certificate" | "private_key" => secret("tls", json!({"certificate": "", "private_key": ""})),
            _ => secret("opaque", json!({"entries": [{"key": "k", "value": "dg==", "base64": true}]})),
        },
        "SecretDraft" => {
            json!({"name": "made", "kind": "opaque", "keys": ["k"], "server": "", "username": "", "email": "", "filled": ["entries.0.value"]})
        }
        "AppForm" | "AppDraft" => {
            let probe = json!({"kind": "http", "path": "/", "port": "8080", "command": "true", "initialDelaySeconds": "1", "periodSeconds": "5", "failureThreshold": "3"});
            json!({
                "name": "made", "image": "web:1", "pullSecret": "", "replicas": "1", "command": "", "args": "",
                "ports": [{"name": "http", "port": "8080", "protocol": "TCP"}], "env": [{"name": "A", "from": "value", "value": "x", "key": ""}],
                "cpuRequest": "", "cpuLimit": "", "memoryRequest": "", "memoryLimit": "", "liveness": probe, "readiness": probe, "startup": probe,
                "service": "NodePort", "nodePort": "", "ingressHost": if matches!(about, "ports" | "service") { "" } else { "a.example.org" }, "ingressPath": "/", "ingressClass": "", "ingressTlsSecret": "",
            })
        }
        other => panic!("no body for {other}"),
    }
}

/// Each place for a value below a shape: its path in a body, as `/ports/0/name`, and its schema.
fn places(document: &Value, schema: &Value, at: &str, found: &mut Vec<(String, Value)>) {
    let described = Described::new(document, schema);
    match described.schema["properties"].as_object() {
        Some(fields) => fields.iter().for_each(|(name, field)| places(document, field, &format!("{at}/{name}"), found)),
        None if described.is("array") => {
            found.push((at.to_owned(), schema.clone()));
            places(document, &described.schema["items"], &format!("{at}/0"), found);
        }
        None => found.push((at.to_owned(), schema.clone())),
    }
}

struct Sender {
    client: Client,
    method: String,
    path: String,
}

impl Sender {
    async fn body(&self, body: &Value) -> Reply {
        self.client.json(&self.method, &self.path, &body.to_string()).await
    }
}

async fn check_body(wrongs: &Found, document: &Value, sender: &Sender, name: &str) {
    let mut found = Vec::new();
    places(document, object(document, name), "", &mut found);
    for (at, schema) in &found {
        let about = at.split('/').nth(1).unwrap();
        let field = at[1..].replace('/', ".");
        let with = |value: Value| {
            let mut body = base(name, about);
            if let Some(probe) = at.strip_suffix("/command").filter(|probe| !probe.is_empty()) {
                body.pointer_mut(probe).unwrap()["kind"] = json!("command");
            }
            *body.pointer_mut(at).unwrap_or_else(|| panic!("{name} has no {at}")) = value;
            body
        };
        let nullable = schema["oneOf"].is_array();
        let described = Described::new(document, if nullable { &schema["oneOf"][1] } else { schema });
        let say = |value: &Value| format!("{} {name}{at} = {:.80}", sender.path, value.to_string());
        let mut wrong: Vec<Value> = vec![json!({"a": 1})];
        if !nullable {
            wrong.push(Value::Null);
        }
        if described.is("string") {
            wrong.extend([json!(1), json!(true), json!(["a"])]);
            wrong.extend(described.forbidden().into_iter().map(Value::from));
        } else if described.is("integer") {
            wrong.extend([json!("1"), json!(1.5), json!(true)]);
            wrong.extend(["minimum", "maximum"].map(|end| json!(described.schema[end].as_i64().unwrap() + if end == "minimum" { -1 } else { 1 })));
        } else if described.is("boolean") {
            wrong.extend([json!("true"), json!(1)]);
        } else if described.is("array") {
            wrong.extend([json!("a"), json!(1)]);
            let item = base(name, about).pointer(at).unwrap()[0].clone();
            wrong.extend(described.schema["maxItems"].as_u64().map(|n| Value::from(vec![item; n as usize + 1])));
        }
        for value in wrong {
            wrongs.refused(&sender.body(&with(value.clone())).await, &say(&value));
        }
        let right: Vec<Value> = if described.is("string") {
            let blank = |text: &String| matches!(described.rule, "UserOrNone" | "ServerOrNone") && text.trim().is_empty();
            described.allowed().into_iter().filter(|t| !blank(t)).map(Value::from).collect()
        } else if described.is("integer") {
            described.allowed().iter().map(|n| Value::from(n.parse::<i64>().unwrap())).collect()
        } else if described.is("boolean") {
            vec![json!(true), json!(false)]
        } else {
            vec![]
        };
        for value in right.into_iter().filter(|_| name != "Credentials" && !about.is_empty()) {
            wrongs.taken(&sender.body(&with(value.clone())).await, &field, &say(&value));
        }
    }
    check_shape(wrongs, document, sender, name).await;
}

/// No field beside those that are described, at any depth, and none of those that are required left out.
async fn check_shape(wrongs: &Found, document: &Value, sender: &Sender, name: &str) {
    let mut found = Vec::new();
    places(document, object(document, name), "", &mut found);
    let mut parents: Vec<String> = found.iter().map(|(at, _)| at.rsplit_once('/').unwrap().0.to_owned()).filter(|at| !at.ends_with("remove")).collect();
    parents.sort();
    parents.dedup();
    for parent in parents {
        let about = parent.split('/').nth(1).unwrap_or_default();
        let mut body = base(name, about);
        let Some(inside) = body.pointer_mut(&parent).and_then(Value::as_object_mut) else { continue };
        inside.insert("unknownField".into(), json!(""));
        wrongs.refused(&sender.body(&body).await, &format!("{name}{parent} with an unknown field"));
    }
    for required in object(document, name)["required"].as_array().into_iter().flatten().map(|r| r.as_str().unwrap()) {
        let mut body = base(name, required);
        body.as_object_mut().unwrap().remove(required);
        wrongs.refused(&sender.body(&body).await, &format!("{name} without {required}"));
    }
}

/// The path with right names in it, and with `value` for one of them.
fn path_with(template: &str, name: &str, value: &str) -> String {
    let object = if template.contains("/secrets/") { "made" } else { "shop" };
    let right = [("ns", "web"), ("kind", "deployment"), ("name", object), ("id", "1")];
    right
        .iter()
        .fold(template.to_owned(), |path, (n, text)| path.replace(&format!("{{{n}}}"), &encode(if *n == name { value } else { text }).replace('+', "%20")))
}

async fn check_parameters(wrongs: &Found, document: &Value, client: &Client, method: &str, template: &str, operation: &Value) {
    let body = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].as_str().map(|r| base(r.rsplit('/').next().unwrap(), ""));
    let send = async |path: &str| match &body {
        Some(body) => client.json(method, path, &body.to_string()).await,
        None => client.send(method, path, None).await,
    };
    let dry = if template.ends_with("/apps") && method == "POST" { "&dryRun=true" } else { "" };
    for parameter in operation["parameters"].as_array().into_iter().flatten() {
        let name = parameter["name"].as_str().unwrap();
        let described = Described::new(document, &parameter["schema"]);
        if parameter["in"] == "path" {
            // What has no address of its own leads elsewhere.
            let addressable = |text: &&String| !text.is_empty() && !matches!(text.as_str(), "." | "..");
            for text in described.forbidden().iter().filter(addressable) {
                wrongs.refused(&send(&path_with(template, name, text)).await, &format!("{method} {template} with {name} = {text:.60?}"));
            }
            for text in described.allowed().iter().filter(|_| method == "GET") {
                let reply = send(&path_with(template, name, text)).await;
                wrongs.say(matches!(reply.status, 200 | 403 | 404), &format!("{template} {name} = {text}"), &reply);
            }
            continue;
        }
        let path = path_with(template, "", "");
        for text in described.forbidden() {
            let query = format!("{path}?{name}={}{}", encode(&text), if name == "dryRun" { "" } else { dry });
            wrongs.refused(&send(&query).await, &format!("{method} {query:.200}"));
        }
        for text in described.allowed() {
            let query = format!("{path}?{name}={}", encode(&text));
            // A log that follows does not end.
            if name == "follow" || method == "DELETE" || (name == "dryRun" && matches!(text.as_str(), "0" | "false" | "False" | "off" | "no")) {
                continue;
            }
            let reply = send(&query).await;
            wrongs.taken(&reply, name, &format!("{method} {query:.200}"));
        }
        let twice = format!("{path}?{name}=1&{name}=1");
        wrongs.refused(&send(&twice).await, &twice);
    }
    let unknown = format!("{}?unknownWord=1{dry}", path_with(template, "", ""));
    wrongs.refused(&send(&unknown).await, &unknown);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_description_allows_is_taken_and_what_it_forbids_is_refused() {
    let world = World::peopled().await;
    // Of changes each has only so many.
    let (otto, olga, admin) = (world.signed_in("otto").await, world.signed_in("olga").await, world.signed_in("admin").await);
    let document: Value = serde_json::from_str(&quayside::openapi::json()).unwrap();
    let (wrongs, mut checked) = (Found::default(), 0);
    for (template, item) in document["paths"].as_object().unwrap().iter().filter(|(path, _)| path.starts_with("/api/")) {
        for (method, operation) in item.as_object().unwrap() {
            // The one that would be signed out is not needed any more.
            if template == "/api/v1/session" && method == "delete" {
                continue;
            }
            checked += 1;
            check_parameters(&wrongs, &document, &otto, &method.to_uppercase(), template, operation).await;
            let Some(schema) = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].as_str() else { continue };
            let dry = if template.ends_with("/apps") { "?dryRun=true" } else { "" };
            let client = if schema.ends_with("SecretForm") { &olga } else { &admin };
            let sender = Sender { client: client.clone(), method: method.to_uppercase(), path: format!("{}{dry}", path_with(template, "", "")) };
            check_body(&wrongs, &document, &sender, schema.rsplit('/').next().unwrap()).await;
        }
    }
    assert!(checked >= 20, "{checked}");
    let wrongs = wrongs.0.into_inner().unwrap();
    assert!(wrongs.is_empty(), "{} are not as described:\n{}", wrongs.len(), wrongs.join("\n"));
}

#[test]
fn every_body_of_a_request_is_described_as_closed() {
    let document: Value = serde_json::from_str(&quayside::openapi::json()).unwrap();
    let mut open: Vec<String> = document["paths"]
        .as_object()
        .unwrap()
        .values()
        .flat_map(|item| item.as_object().unwrap().values())
        .filter_map(|operation| Some(operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].as_str()?.to_owned()))
        .collect();
    let mut seen = 0;
    while let Some(next) = open.pop() {
        let schema = object(&document, next.rsplit('/').next().unwrap());
        let Some(fields) = schema["properties"].as_object() else { continue };
        assert_eq!(schema["additionalProperties"], false, "{next}");
        seen += 1;
        for field in fields.values() {
            open.extend([&field["$ref"], &field["items"]["$ref"]].into_iter().filter_map(|r| r.as_str().map(str::to_owned)));
        }
    }
    assert!(seen >= 10, "{seen}");
}
