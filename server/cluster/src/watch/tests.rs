use super::*;
use crate::clock;
use crate::scripted::{Answer, Asked, server};
use domain::kubernetes::Resource;
use k8s_openapi::api::core::v1::Pod;
use serde_json::{Value, json};
use service::ports::World;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};

const DEADLINE: Duration = Duration::from_secs(20);

fn watches(client: Client, permits: usize) -> Watches {
    Watches { client, shared: Arc::new(Shared::new(1 << 24)), lists: Arc::new(Semaphore::new(permits)) }
}

/// Starts watches of services, one per namespace.
fn start(watches: &Watches, namespaces: usize, token: &CancellationToken) {
    use k8s_openapi::api::apps::v1::Deployment;
    tokio::spawn(watches.shared.clone().publish(token.clone()));
    for n in 0..namespaces {
        let scope = Scope::One(Namespace::parse(format!("ns-{n}")).unwrap());
        watches.shared.change(|index| index.await_list((Deployment::WHAT, scope.clone())));
        tokio::spawn(watches.clone().run::<Deployment>(scope, token.clone()));
    }
    watches.shared.change(|index| index.settle());
}

async fn see(watches: &Watches, wanted: impl FnMut(&Arc<World>) -> bool) -> Arc<World> {
    let mut worlds = watches.shared.subscribe();
    let seen = tokio::time::timeout(DEADLINE, worlds.wait_for(wanted)).await;
    seen.unwrap_or_else(|_| panic!("not seen in time; the last world is {:#?}", watches.shared.subscribe().borrow())).unwrap().clone()
}

fn deployment(ns: &str, name: &str, version: u32) -> Value {
    let template = json!({"metadata": {"labels": {"app": name}}, "spec": {"containers": [{"name": "main", "image": "a:1"}]}});
    json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name, "namespace": ns, "uid": name, "resourceVersion": version.to_string(), "labels": {"seen": version.to_string()}},
        "spec": {"selector": {"matchLabels": {"app": name}}, "template": template}})
}

#[tokio::test(start_paused = true)]
async fn lists_that_hang_when_the_server_comes_back_do_not_hold_up_the_others() {
    let hanging = Arc::new(AtomicBool::new(true));
    let hangs = hanging.clone();
    let (client, asked) = server(move |asked: &Asked| match asked.is_watch() {
        true => Answer::Watch(Vec::new()),
        false if hangs.load(SeqCst) => Answer::Silence,
        false => Answer::list(Vec::new()),
    });
    let (watches, token) = (watches(client, 2), CancellationToken::new());
    start(&watches, 5, &token);
    while asked.lock().unwrap().len() < 2 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(watches.lists.available_permits(), 0);
    watches.shared.alive.send_replace(false);
    hanging.store(false, SeqCst);
    watches.shared.alive.send_replace(true);
    see(&watches, |w| w.health.ready).await;
    assert_eq!(watches.lists.available_permits(), 2);
    token.cancel();
}

#[tokio::test(start_paused = true)]
async fn a_watch_that_waits_for_its_turn_ends_with_its_token() {
    let (client, _) = server(|_| Answer::Silence);
    let (watches, token) = (watches(client, 0), CancellationToken::new());
    let run = tokio::spawn(watches.clone().run::<Pod>(Scope::All, token.clone()));
    tokio::time::sleep(Duration::from_millis(50)).await;
    token.cancel();
    tokio::time::timeout(DEADLINE, run).await.unwrap().unwrap();
}

#[tokio::test(start_paused = true)]
async fn after_410_a_new_list_tells_what_came_went_and_changed() {
    let lists = Arc::new(AtomicUsize::new(0));
    let counted = lists.clone();
    let (client, asked) = server(move |asked: &Asked| {
        let gone = json!({"type": "ERROR", "object": {"kind": "Status", "apiVersion": "v1", "status": "Failure", "message": "too old resource version", "reason": "Expired", "code": 410}});
        match (asked.is_watch(), counted.load(SeqCst)) {
            (true, 1) => Answer::Watch(vec![gone]),
            (true, _) => Answer::Watch(vec![json!({"type": "ADDED", "object": deployment("ns-0", "later", 9)})]),
            (false, n) => {
                counted.fetch_add(1, SeqCst);
                let names: &[&str] = if n == 0 { &["stays", "goes"] } else { &["stays", "comes"] };
                Answer::list(names.iter().map(|name| deployment("ns-0", name, u32::try_from(n).unwrap() + 1)).collect())
            }
        }
    });
    let (watches, token) = (watches(client, 1), CancellationToken::new());
    start(&watches, 1, &token);
    let named = |w: &World| -> Vec<(String, String)> {
        let apps = w.namespaces.values().flat_map(|n| n.apps.values());
        apps.map(|a| (a.workload.id.name.to_string(), a.workload.labels["seen"].clone())).collect()
    };
    let own = |all: &[(&str, &str)]| -> Vec<(String, String)> { all.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect() };
    let world = see(&watches, |w| named(w).iter().any(|(name, _)| name == "later")).await;
    assert_eq!(named(&world), own(&[("comes", "2"), ("later", "9"), ("stays", "2")]));
    assert_eq!(lists.load(SeqCst), 2, "one list per 410: {:?}", asked.lock().unwrap());
    assert!(world.health.ready && world.health.away_since.is_none());
    token.cancel();
}

#[tokio::test(start_paused = true)]
async fn a_field_that_cannot_be_read_costs_neither_its_object_nor_any_other() {
    let strange = |name: &str| {
        let mut object = deployment("ns-0", name, 2);
        object["spec"]["template"]["metadata"]["creationTimestamp"] = json!("9999-12-31T23:59:59Z");
        object
    };
    let (client, _) = server(move |asked: &Asked| {
        let changed = [json!({"type": "MODIFIED", "object": strange("turns")}), json!({"type": "ADDED", "object": deployment("ns-0", "later", 3)})];
        if asked.is_watch() {
            Answer::Watch(changed.into())
        } else {
            Answer::list(vec![strange("strange"), deployment("ns-0", "turns", 1), deployment("ns-0", "stays", 1)])
        }
    });
    let (watches, token) = (watches(client, 1), CancellationToken::new());
    start(&watches, 1, &token);
    let apps = |w: &World| w.namespaces.values().flat_map(|n| n.apps.values()).cloned().collect::<Vec<_>>();
    let world =
        see(&watches, |w| apps(w).len() == 4 && apps(w).iter().any(|a| a.workload.labels["seen"] == "2" && a.workload.id.name.as_str() == "turns")).await;
    assert!(apps(&world).iter().all(|a| a.workload.containers[0].image == "a:1" && a.workload.unread.is_none()));
    assert!(world.health.ready);
    token.cancel();
}

#[tokio::test(start_paused = true)]
async fn of_an_object_that_is_too_large_the_name_is_shown_and_the_watch_goes_on_behind_it() {
    let large = |name: &str, version: u32| {
        let mut object = deployment("ns-0", name, version);
        object["metadata"]["creationTimestamp"] = json!("2024-02-29T00:00:00Z");
        // Each of these is kept, so that there is no way but to leave out all of them.
        object["status"] = json!((0..500).map(|n| (format!("k{n}"), Value::from("x".repeat(1_000)))).collect::<serde_json::Map<_, _>>());
        object
    };
    let (client, asked) = server(move |asked: &Asked| match asked.is_watch() {
        true if asked.word("resourceVersion") == Some("1") => Answer::Watch(vec![
            json!({"type": "MODIFIED", "object": large("turns", 8)}),
            json!({"type": "ERROR", "object": {"kind": "Status", "code": 500, "message": "the end of this watch"}}),
        ]),
        true => Answer::Watch(Vec::new()),
        false => Answer::list(vec![large("large", 1), deployment("ns-0", "turns", 1), deployment("ns-0", "stays", 1)]),
    });
    let (watches, token) = (watches(client, 1), CancellationToken::new());
    start(&watches, 1, &token);
    let told = |w: &World| -> Vec<(String, String)> {
        let apps = w.namespaces.values().flat_map(|n| n.apps.values());
        apps.map(|a| (a.workload.id.name.to_string(), domain::describe::status(a, domain::UnixMs(0), domain::Language::English).reason))
            .filter(|(_, reason)| reason.contains("large"))
            .collect()
    };
    let world = see(&watches, |w| told(w).len() == 2).await;
    assert_eq!(told(&world), [("large".to_owned(), "too large to read".to_owned()), ("turns".into(), "too large to read".into())]);
    let large = world.namespaces.values().flat_map(|n| n.apps.values()).find(|a| a.workload.id.name.as_str() == "large").unwrap().clone();
    assert_eq!((large.workload.uid.as_str(), large.workload.created), ("large", domain::UnixMs(1_709_164_800_000)));
    while !asked.lock().unwrap().iter().any(|a| a.word("resourceVersion") == Some("8")) {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    token.cancel();
}

#[tokio::test(start_paused = true)]
async fn a_server_that_answers_503_is_away_until_it_answers_well() {
    let broken = Arc::new(AtomicBool::new(false));
    let breaks = broken.clone();
    let (client, asked) = server(move |asked: &Asked| match asked.path.as_str() {
        _ if breaks.load(SeqCst) => Answer::Status(503, "ServiceUnavailable", "no backend".into()),
        "/version" => Answer::Json(
            json!({"major": "1", "minor": "34", "gitVersion": "v1.34.0", "gitCommit": "", "gitTreeState": "", "buildDate": "", "goVersion": "", "compiler": "", "platform": ""}),
        ),
        _ if asked.is_watch() => Answer::Watch(Vec::new()),
        _ => Answer::list(Vec::new()),
    });
    broken.store(true, SeqCst);
    let (watches, token) = (watches(client.clone(), 1), CancellationToken::new());
    tokio::spawn(crate::probe::run(client, watches.shared.clone(), token.clone()));
    start(&watches, 1, &token);
    let before = clock::now();
    let world = see(&watches, |w| w.health.away_since.is_some()).await;
    assert!(world.health.away_since >= Some(before.plus(-1000)) && !world.health.ready);
    broken.store(false, SeqCst);
    see(&watches, |w| w.health.away_since.is_none() && w.health.ready).await;
    // A watch that gets 503 does not wait for the probe's turn.
    let questions = || asked.lock().unwrap().iter().filter(|a| a.path == "/version").count();
    let (known, now) = (questions(), tokio::time::Instant::now());
    broken.store(true, SeqCst);
    start(&watches, 2, &token);
    see(&watches, |w| w.health.away_since.is_some()).await;
    assert!(questions() > known && now.elapsed() < Duration::from_secs(2), "{:?}", now.elapsed());
    token.cancel();
}

#[tokio::test(start_paused = true)]
async fn credentials_that_are_not_accepted_any_more_are_told_once_and_not_as_missing_rights() {
    let expired = Arc::new(AtomicBool::new(true));
    let is_expired = expired.clone();
    let (client, _) = server(move |asked: &Asked| match asked.is_watch() {
        _ if is_expired.load(SeqCst) => Answer::Status(401, "Unauthorized", "Unauthorized".into()),
        true => Answer::Watch(Vec::new()),
        false => Answer::list(Vec::new()),
    });
    let (watches, token) = (watches(client, 4), CancellationToken::new());
    start(&watches, 3, &token);
    let world = see(&watches, |w| w.health.ready).await;
    assert_eq!(world.lacks, [Lack::Credentials]);
    expired.store(false, SeqCst);
    see(&watches, |w| w.lacks.is_empty()).await;
    token.cancel();
}

#[tokio::test(start_paused = true)]
async fn an_optional_right_that_is_missing_is_told_once_and_the_apps_are_shown() {
    use k8s_openapi::api::autoscaling::v2::HorizontalPodAutoscaler;
    use k8s_openapi::api::networking::v1::NetworkPolicy;
    let (client, asked) = server(|asked: &Asked| match asked.last() {
        resource @ ("horizontalpodautoscalers" | "networkpolicies") => {
            let message = format!("{resource} is forbidden: User \"portal\" cannot list resource \"{resource}\" in API group \"x\" in the namespace \"ns-0\"");
            Answer::Status(403, "Forbidden", message)
        }
        _ if asked.is_watch() => Answer::Watch(Vec::new()),
        _ => Answer::list(vec![deployment("ns-0", "shop", 1)]),
    });
    let (watches, token) = (watches(client, 4), CancellationToken::new());
    let scope = Scope::One(Namespace::parse("ns-0").unwrap());
    watches.shared.change(|index| {
        index.await_list((What::Autoscalers, scope.clone()));
        index.await_list((What::NetworkPolicies, scope.clone()));
    });
    tokio::spawn(watches.clone().run::<HorizontalPodAutoscaler>(scope.clone(), token.clone()));
    tokio::spawn(watches.clone().run::<NetworkPolicy>(scope, token.clone()));
    start(&watches, 1, &token);
    let tried = |resource: &str| asked.lock().unwrap().iter().filter(|a| a.last() == resource).count();
    while tried("horizontalpodautoscalers") < 3 || tried("networkpolicies") < 3 {
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    let world = see(&watches, |w| w.health.ready && w.namespaces.values().any(|n| !n.apps.is_empty())).await;
    let ns = Namespace::parse("ns-0").unwrap();
    let lacks = |resource| Lack::Right(Right::of(Verb::ListAndWatch, resource, &ns));
    assert_eq!(world.lacks, [lacks(Resource::HorizontalPodAutoscalers), lacks(Resource::NetworkPolicies)]);
    assert!(world.health.away_since.is_none());
    token.cancel();
}
