//! The form of a new app: what is right, what is told of what is wrong, and that nothing makes it panic.

use super::*;
use crate::english::form::told_of_app;
use crate::form::Field;
use proptest::prelude::*;

fn ns() -> Namespace {
    Namespace::parse("web").unwrap()
}

fn form() -> AppForm {
    AppForm {
        name: "shop".into(),
        image: "registry.example.org/team/shop:1.2".into(),
        ports: vec![PortForm { name: "http".into(), port: "8080".into(), ..Default::default() }],
        service: "ClusterIP".into(),
        ..Default::default()
    }
}

/// The findings of the form after a change.
fn wrong(change: impl FnOnce(&mut AppForm)) -> Vec<(String, String)> {
    let mut form = form();
    change(&mut form);
    told_of_app(&form.parse(ns()).err().unwrap_or_default()).into_iter().map(|e| (e.field, e.message)).collect()
}

fn fields(change: impl FnOnce(&mut AppForm)) -> Vec<String> {
    wrong(change).into_iter().map(|(f, _)| f).collect()
}

fn env(name: &str, from: &str, value: &str, key: &str) -> EnvForm {
    EnvForm { name: name.into(), from: from.into(), value: value.into(), key: key.into() }
}

#[test]
fn a_small_form_becomes_an_app() {
    let app = form().parse(ns()).unwrap();
    assert_eq!((app.replicas, app.service, app.ports[0].port.get()), (1, Some(ServiceSpec::ClusterIp), 8080));
    assert_eq!(app.ingress, None);
}

#[test]
fn a_full_form_becomes_an_app() {
    let mut f = form();
    f.pull_secret = " registry ".into();
    f.replicas = "3".into();
    f.command = "/app/shop\n--port\n8080\n".into();
    f.env = vec![env("LANG", "", "de ", ""), env("PASSWORD", "secret", "shop-db", "password"), env("URL", "configMap", "settings", "url")];
    (f.cpu_request, f.memory_request, f.memory_limit) = ("100m".into(), "128Mi".into(), "256Mi".into());
    f.readiness = ProbeForm { kind: "http".into(), path: "/healthy?full=1".into(), port: "http".into(), ..Default::default() };
    f.liveness = ProbeForm { kind: "tcp".into(), period_seconds: "5".into(), ..Default::default() };
    f.service = "NodePort".into();
    f.node_port = "30123".into();
    (f.ingress_host, f.ingress_class) = ("shop.example.org".into(), "nginx".into());
    let app = f.parse(ns()).unwrap();
    assert_eq!(app.command, ["/app/shop", "--port", "8080"]);
    assert_eq!(app.env[0].source, EnvSource::Value("de ".into()));
    assert_eq!(app.service, Some(ServiceSpec::NodePort(Port::parse("30123").ok())));
    assert_eq!(app.liveness.unwrap().action, ProbeAction::Tcp(PortRef::Name(PortName::parse("http").unwrap())));
    assert_eq!(app.ingress.unwrap().path.as_str(), "/");
}

#[test]
fn everything_wrong_is_told_at_once() {
    let found = fields(|f| {
        f.name = "Shop".into();
        f.image = "https://x".into();
        f.replicas = "-1".into();
        f.env = vec![env("1A", "", "", ""), env("A", "secret", "Db", ""), env("B", "file", "", "")];
        f.memory_limit = "700m".into();
    });
    assert_eq!(found, ["name", "image", "replicas", "env.0.name", "env.1.value", "env.1.key", "env.2.from", "memoryLimit"]);
}

#[test]
fn each_finding_says_what_to_do() {
    let one = |change: fn(&mut AppForm)| wrong(change).into_iter().map(|(f, m)| format!("{f}: {m}")).collect::<Vec<_>>();
    assert_eq!(one(|f| f.replicas = "1001".into()), ["replicas: Enter a number from 0 to 1000."]);
    assert_eq!(one(|f| f.memory_limit = "700m".into()), ["memoryLimit: \"700m\" means thousandths of a byte. Did you mean 700Mi?"]);
    assert_eq!(
        one(|f| (f.cpu_request, f.cpu_limit) = ("500m".into(), "250m".into())),
        ["cpuLimit: The CPU limit 250m is below the request 500m. Raise the limit or lower the request."]
    );
    assert_eq!(one(|f| f.ports.clear()), ["service: A service needs a port. Add one."]);
    assert_eq!(
        one(|f| (f.service, f.node_port) = ("NodePort".into(), "80".into())),
        ["nodePort: \"80\" isn't a node port. Enter a number from 30000 to 32767, or leave it empty."]
    );
    assert_eq!(one(|f| f.node_port = "30123".into()), ["nodePort: Only NodePort services have a node port. Choose NodePort, or clear this field."]);
    assert_eq!(one(|f| (f.service, f.ingress_host) = ("none".into(), "a.example.org".into())), ["service: An ingress needs a service. Choose ClusterIP."]);
    assert_eq!(
        one(|f| f.readiness = ProbeForm { kind: "http".into(), port: "web".into(), ..Default::default() }),
        ["readiness.port: No port is named web. The app has http. Use one of its port names or a number."]
    );
    assert_eq!(one(|f| f.env = vec![env("A", "", "1", ""), env("A", "", "2", "")]), ["env.1.name: Variable A is listed twice. Remove one."]);
    assert_eq!(
        one(|f| f.ports.push(PortForm { name: "http".into(), port: "9090".into(), ..Default::default() })),
        ["ports.1.name: Port 8080 is already named http. Give each port its own name."]
    );
}

#[test]
fn limits_hold() {
    assert_eq!(fields(|f| f.ports = vec![PortForm { port: "1".into(), ..Default::default() }; 21]), ["ports"]);
    assert_eq!(fields(|f| f.env = vec![env("A", "", "", ""); 201]), ["env"]);
    assert_eq!(fields(|f| f.env = vec![env("A", "", &"x".repeat(MAX_VALUE + 1), "")]), ["env.0.value"]);
    assert_eq!(fields(|f| f.env = vec![env("A", "", &"x".repeat(MAX_VALUE), "")]), Vec::<String>::new());
    assert_eq!(fields(|f| f.command = "x\n".repeat(101)), ["command"]);
    assert_eq!(fields(|f| f.args = "x\n".repeat(100)), Vec::<String>::new());
    assert_eq!(fields(|f| f.replicas = "0".into()), Vec::<String>::new());
}

#[test]
fn two_ports_of_different_protocols_may_share_a_number() {
    let dns = |protocol: &str| PortForm { port: "53".into(), protocol: protocol.into(), ..Default::default() };
    let mut f = form();
    f.ports = vec![dns("TCP"), dns("UDP")];
    let names: Vec<_> = f.parse(ns()).unwrap().ports.into_iter().map(|p| p.name.to_string()).collect();
    assert_eq!(names, ["tcp-53", "udp-53"]);
}

#[test]
fn unwise_forms_are_warned_about() {
    let mut f = form();
    f.image = "shop".into();
    f.env = vec![env("DB_PASSWORD", "", "hunter2", "")];
    f.liveness = ProbeForm { kind: "http".into(), period_seconds: "5".into(), ..Default::default() };
    let (unseen, found): (Vec<_>, Vec<_>) = advice(&f.parse(ns()).unwrap()).into_iter().partition(|c| c.outcome == crate::view::Outcome::Skip);
    assert_eq!(unseen.iter().map(|c| c.code.code()).collect::<Vec<_>>(), ["image_not_checked"], "nobody has asked the registry");
    let fields: Vec<_> = found.iter().filter_map(|c| Some(c.field.as_ref()?.to_string())).collect();
    assert_eq!(fields, ["image", "memoryLimit", "memoryRequest", "cpuRequest", "readiness.kind", "liveness.kind", "replicas", "env.0.from"]);
    assert!(found.iter().all(|c| c.outcome == crate::view::Outcome::Warn && !format!("{c:?}").contains("hunter2")));
    let mut g = form();
    g.memory_limit = "700".into();
    assert!(advice(&g.parse(ns()).unwrap()).iter().any(|c| c.code == crate::check::CheckCode::MemoryLimitTiny { limit: crate::Bytes(700) }));
}

#[test]
fn the_button_of_each_advice_does_away_with_it() {
    use crate::view::{Remedy, Setting};
    let mut f = form();
    f.env = vec![env("MODE", "", "fast", ""), env("DB_PASSWORD", "", "hunter2", ""), env("API_TOKEN", "", "x", "")];
    f.liveness = ProbeForm { kind: "http".into(), path: "/live".into(), port: "8080".into(), period_seconds: "5".into(), ..Default::default() };
    f.readiness = ProbeForm { failure_threshold: "4".into(), ..f.liveness.clone() };
    (f.cpu_limit, f.memory_limit, f.service, f.node_port) = ("5m".into(), "700".into(), "NodePort".into(), "30100".into());
    let mut without = form();
    without.image = "shop:1".into();
    let mut pressed = Vec::new();
    for form in [f, without] {
        for check in advice(&form.parse(ns()).unwrap()) {
            match check.remedy {
                Some(Remedy::Set { fields }) => {
                    let mut changed = form.clone();
                    for Setting { field, value } in &fields {
                        collect::place(&mut changed, &Field::parse(field).unwrap()).unwrap().clone_from(value);
                    }
                    let left = advice(&changed.parse(ns()).unwrap());
                    assert!(left.iter().all(|c| c.code != check.code), "{}: {fields:?}", check.code.code());
                    pressed.push(fields[0].field.clone());
                }
                Some(Remedy::MoveToSecret { name, rows }) => assert_eq!((name.as_str(), rows), ("shop", vec![1, 2]), "one button moves both"),
                other => assert_eq!(
                    (other, check.outcome == crate::view::Outcome::Warn && check.field != Some(Field::Image)),
                    (None, false),
                    "{}",
                    check.code.code()
                ),
            }
        }
    }
    pressed.sort_unstable();
    pressed.dedup();
    assert_eq!(
        pressed,
        ["cpuLimit", "cpuRequest", "liveness.failureThreshold", "memoryLimit", "memoryRequest", "nodePort", "readiness.kind", "replicas", "startup.kind"]
    );
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof!["\\PC{0,12}", "[a-z0-9.:/-]{0,12}", "[0-9]{0,6}", Just("http".to_owned()), Just("NodePort".to_owned()), Just("secret".to_owned())]
}

prop_compose! {
    fn any_form()(t in proptest::collection::vec(text(), 40)) -> AppForm {
        let probe = |i: usize| ProbeForm { kind: t[i].clone(), path: t[i + 1].clone(), port: t[i + 2].clone(), command: t[i + 3].clone(), initial_delay_seconds: t[i + 4].clone(), ..Default::default() };
        AppForm {
            name: t[0].clone(), image: t[1].clone(), pull_secret: t[2].clone(), replicas: t[3].clone(), command: t[4].clone(), args: t[5].clone(),
            ports: vec![PortForm { name: t[6].clone(), port: t[7].clone(), protocol: t[8].clone() }],
            env: vec![EnvForm { name: t[9].clone(), from: t[10].clone(), value: t[11].clone(), key: t[12].clone() }],
            cpu_request: t[13].clone(), cpu_limit: t[14].clone(), memory_request: t[15].clone(), memory_limit: t[16].clone(),
            liveness: probe(17), readiness: probe(22), startup: probe(27),
            service: t[32].clone(), node_port: t[33].clone(), ingress_host: t[34].clone(), ingress_path: t[35].clone(), ingress_class: t[36].clone(), ingress_tls_secret: t[37].clone(),
        }
    }
}

/// The form that says the same as a parsed app.
fn written(app: &AppSpec) -> AppForm {
    let amount = |n: Option<u64>, unit: &str| n.map_or_else(String::new, |n| format!("{n}{unit}"));
    AppForm {
        name: app.name.to_string(),
        image: app.image.to_string(),
        replicas: app.replicas.to_string(),
        command: app.command.join("\n"),
        ports: app
            .ports
            .iter()
            .map(|p| PortForm { name: p.name.to_string(), port: p.port.get().to_string(), protocol: if p.udp { "UDP" } else { "TCP" }.into() })
            .collect(),
        env: app
            .env
            .iter()
            .map(|e| match &e.source {
                EnvSource::Value(v) => env(e.name.as_str(), "value", v, ""),
                EnvSource::Secret(n, k) => env(e.name.as_str(), "secret", n.as_str(), k.as_str()),
                EnvSource::ConfigMap(n, k) => env(e.name.as_str(), "configMap", n.as_str(), k.as_str()),
            })
            .collect(),
        cpu_request: amount(app.resources.cpu_request.map(|c| c.0), "m"),
        memory_limit: amount(app.resources.memory_limit.map(|b| b.0), ""),
        service: "ClusterIP".into(),
        ..Default::default()
    }
}

proptest! {
    #[test]
    fn no_form_is_too_strange(form in any_form()) {
        match form.parse(ns()) {
            Ok(app) => { let _ = advice(&app); }
            Err(found) => {
                prop_assert!(!found.is_empty());
                for f in told_of_app(&found) { prop_assert!(f.message.ends_with(['.', '?']), "{}", f.message); }
            }
        }
    }

    #[test]
    fn what_was_read_is_read_again_alike(
        name in "[a-z][a-z0-9]{0,20}", replicas in 0_u32..=1000, cpu in 1_u64..100_000, memory in 1_u64..1_000_000_000_000,
        ports in proptest::collection::btree_map("[a-z]{1,15}", 1_u16.., 1..5), values in proptest::collection::btree_map("[A-Z_]{1,9}", "\\PC{0,9}", 0..5),
    ) {
        let mut f = form();
        f.name = name;
        f.replicas = replicas.to_string();
        f.cpu_request = format!("{cpu}m");
        f.memory_limit = memory.to_string();
        let mut numbers = std::collections::BTreeSet::new();
        f.ports = ports.into_iter().filter(|(_, n)| numbers.insert(*n)).map(|(name, n)| PortForm { name, port: n.to_string(), protocol: String::new() }).collect();
        f.env = values.into_iter().map(|(k, v)| env(&k, "", &v, "")).collect();
        let app = f.parse(ns());
        prop_assert!(app.is_ok(), "{app:?}");
        let app = app.unwrap();
        prop_assert_eq!(written(&app).parse(ns()), Ok(app));
    }
}
