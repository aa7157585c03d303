use super::*;
use crate::slim::{Run, Slice, SlimEvent, SlimPod, SlimSet};
use domain::facts::{AppFacts, CronFacts, Event, Ingress, IngressRule, JobFacts, Pod, ReplicaSet, Replicas, Service, Workload};
use domain::kubernetes::words::PodReason;
use domain::kubernetes::{Resource, Right, Verb};
use domain::{AppId, Kind, WorkloadName, english};

const NOW: UnixMs = UnixMs(10_000_000);

fn ns(name: &str) -> Namespace {
    Namespace::parse(name).unwrap()
}

fn id(kind: Kind, name: &str) -> AppId {
    AppId { namespace: ns("web"), kind, name: WorkloadName::parse(name).unwrap() }
}

fn workload(kind: Kind, name: &str, uid: &str) -> Workload {
    Workload {
        id: id(kind, name),
        uid: uid.into(),
        labels: Default::default(),
        release: None,
        created: NOW,
        changed: None,
        portal_change: None,
        unread: None,
        generation: 1,
        observed_generation: 1,
        replicas: Replicas::default(),
        paused: false,
        on_delete: false,
        update: Default::default(),
        deletion: None,
        selector: Default::default(),
        template_labels: [("app".to_owned(), name.to_owned())].into(),
        revision: None,
        min_ready_s: 0,
        progress_deadline_s: None,
        conditions: vec![],
        containers: vec![],
        secrets: vec![],
        config_maps: vec![],
        pull_secrets: vec![],
        claims: vec![],
        job: None,
        cron: None,
        log_samples_off: false,
    }
}

fn app(kind: Kind, name: &str, uid: &str) -> Slim {
    Slim::Workload(Arc::new(workload(kind, name, uid)))
}

fn cron(name: &str, uid: &str) -> Slim {
    Slim::Workload(Arc::new(Workload { cron: Some(CronFacts::default()), ..workload(Kind::CronJob, name, uid) }))
}

fn set(name: &str, uid: &str, owner: &str, revision: u64) -> Slim {
    let facts = ReplicaSet { name: name.into(), revision, created: NOW, reused: false, images: vec![], change_cause: None, wanted: 1, ready: 1, hash: None };
    Slim::Set(SlimSet { uid: uid.into(), owner: Some(owner.into()), facts: Arc::new(facts) })
}

fn run(name: &str, uid: &str, owner: &str, created: i64) -> Slim {
    Slim::Run(Run { name: name.into(), uid: uid.into(), owner: owner.into(), created: UnixMs(created), facts: JobFacts::default(), failure: None })
}

fn pod_in(name: &str, uid: &str, owner: &str, phase: &str) -> Slim {
    let facts = Pod {
        name: name.into(),
        uid: uid.into(),
        template_hash: None,
        owner: None,
        phase: phase.into(),
        reason: PodReason::None,
        message: String::new(),
        node: None,
        ip: None,
        created: NOW,
        deleting: None,
        asks: None,
        ending: None,
        pull_secrets: Vec::new(),
        rare: None,
        conditions: vec![],
        containers: vec![],
    };
    Slim::Pod(SlimPod { owner: Some(owner.into()), claims: vec![], facts: Arc::new(facts), single: None, log_samples_off: false, apart: 0 })
}

fn pod(name: &str, uid: &str, owner: &str) -> Slim {
    pod_in(name, uid, owner, "Running")
}

fn event(name: &str, uid: &str, last: i64) -> Slim {
    let facts = Event {
        kind: "Pod".into(),
        name: "p".into(),
        uid: uid.into(),
        container: None,
        reason: name.into(),
        message: String::new(),
        warning: false,
        count: 1,
        first: UnixMs(last),
        last: UnixMs(last),
        source: String::new(),
    };
    Slim::Event(SlimEvent { name: name.into(), facts: Arc::new(facts) })
}

fn service(name: &str, selects: &str, node_port: Option<u16>) -> Slim {
    let port = domain::facts::ServicePort { name: None, port: 80, target: "80".into(), node_port, protocol: "TCP".into() };
    Slim::Service(Arc::new(Service {
        name: name.into(),
        kind: "ClusterIP".into(),
        cluster_ip: None,
        external: vec![],
        ports: vec![port],
        selector: [("app".to_owned(), selects.to_owned())].into(),
        ready_endpoints: 0,
        unready_endpoints: 0,
        matches: false,
        headless: false,
        uid: String::new(),
        changed: None,
        created: UnixMs(0),
    }))
}

fn index(objects: Vec<Slim>) -> Index {
    let mut index = Index::new(1 << 30);
    objects.into_iter().for_each(|o| index.apply(&ns("web"), o));
    index
}

fn facts(world: &World, id: &AppId) -> Arc<AppFacts> {
    world.namespaces[&id.namespace].apps[id].clone()
}

fn pods(world: &World, id: &AppId) -> Vec<String> {
    facts(world, id).pods.iter().map(|p| p.name.clone()).collect()
}

#[test]
fn pods_find_their_app_in_whatever_order_things_arrive() {
    let objects =
        [app(Kind::Deployment, "kpow", "d"), set("kpow-1", "s", "d", 1), pod("kpow-1-b", "p2", "s"), pod("kpow-1-a", "p1", "s"), pod("alone", "p3", "nobody")];
    for start in 0..objects.len() {
        let mut index = index(objects.iter().cycle().skip(start).take(objects.len()).cloned().collect());
        let world = index.publish(NOW).unwrap();
        assert_eq!(pods(&world, &id(Kind::Deployment, "kpow")), ["kpow-1-a", "kpow-1-b"], "from {start}");
        assert_eq!(facts(&world, &id(Kind::Deployment, "kpow")).replica_sets.len(), 1);
    }
}

#[test]
fn a_cron_job_has_the_pods_and_runs_of_its_jobs() {
    let mut objects = vec![cron("report", "c"), pod("report-7-x", "p", "j7")];
    objects.extend((1..=7).map(|n| run(&format!("report-{n}"), &format!("j{n}"), "c", n)));
    let world = index(objects).publish(NOW).unwrap();
    let id = id(Kind::CronJob, "report");
    assert_eq!(world.namespaces[&ns("web")].apps.len(), 1, "its jobs are no apps");
    assert_eq!(pods(&world, &id), ["report-7-x"]);
    let runs: Vec<_> = facts(&world, &id).workload.cron.as_ref().unwrap().runs.iter().map(|r| r.0.clone()).collect();
    assert_eq!(runs, ["report-7", "report-6", "report-5", "report-4", "report-3"]);
}

#[test]
fn what_did_not_change_keeps_its_arc() {
    let mut index = index(vec![app(Kind::StatefulSet, "a", "a"), app(Kind::StatefulSet, "b", "b"), pod("a-0", "p", "a")]);
    index.apply(&ns("data"), app(Kind::StatefulSet, "c", "c"));
    let before = index.publish(NOW).unwrap();
    assert!(index.publish(NOW).is_none(), "nothing happened");
    index.apply(&ns("web"), pod("a-0", "p", "a"));
    assert!(index.publish(NOW).is_none(), "the same again is no change");
    index.apply(&ns("web"), pod_in("a-0", "p", "a", "Failed"));
    let after = index.publish(NOW).unwrap();
    let (a, b) = (id(Kind::StatefulSet, "a"), id(Kind::StatefulSet, "b"));
    assert!(!Arc::ptr_eq(&facts(&before, &a), &facts(&after, &a)));
    assert!(Arc::ptr_eq(&facts(&before, &b), &facts(&after, &b)));
    assert!(Arc::ptr_eq(&before.namespaces[&ns("data")], &after.namespaces[&ns("data")]));
    assert!(after.version > before.version);
}

#[test]
fn what_is_missing_in_a_new_list_was_deleted() {
    let mut index = index(vec![app(Kind::StatefulSet, "a", "a"), pod("a-0", "p0", "a"), pod("a-1", "p1", "a")]);
    index.apply(&ns("data"), pod("other", "p9", "z"));
    index.publish(NOW);
    let mut list = index.list(What::Pods);
    list.add(&ns("web"), pod("a-1", "p1", "a"));
    index.reset(What::Pods, &Scope::One(ns("web")), list);
    assert_eq!(pods(&index.publish(NOW).unwrap(), &id(Kind::StatefulSet, "a")), ["a-1"]);
    assert_eq!(index.spaces[&ns("data")].pods.len(), 1, "a list of one namespace says nothing about another");
    let none = index.list(What::StatefulSets);
    index.reset(What::StatefulSets, &Scope::All, none);
    assert!(index.publish(NOW).unwrap().namespaces[&ns("web")].apps.is_empty());
}

#[test]
fn a_deployment_and_a_stateful_set_of_one_name_are_two_apps() {
    let mut index = index(vec![app(Kind::StatefulSet, "a", "s"), app(Kind::Deployment, "a", "d")]);
    index.delete(&ns("web"), What::Deployments, "a");
    let world = index.publish(NOW).unwrap();
    assert_eq!(world.namespaces[&ns("web")].apps.keys().collect::<Vec<_>>(), [&id(Kind::StatefulSet, "a")]);
}

#[test]
fn a_pod_of_the_same_name_is_another_pod() {
    let mut index = index(vec![app(Kind::StatefulSet, "a", "a"), pod("a-0", "old", "a"), event("e1", "old", NOW.0)]);
    index.apply(&ns("web"), pod("a-0", "new", "a"));
    let world = index.publish(NOW).unwrap();
    let facts = facts(&world, &id(Kind::StatefulSet, "a"));
    assert_eq!(facts.pods[0].uid, "new");
    assert_eq!(facts.events.len(), 1, "the events of the pod before are still told");
}

#[test]
fn old_events_go_but_the_newest_ten_stay() {
    let mut objects = vec![app(Kind::StatefulSet, "a", "a")];
    objects.extend((0..30).map(|n| event(&format!("old{n}"), "a", n)));
    objects.extend((0..100).map(|n| event(&format!("new{n}"), "a", NOW.0 - n)));
    let mut index = index(objects);
    let events = |world: Arc<World>| facts(&world, &id(Kind::StatefulSet, "a")).events.clone();
    let now = events(index.publish(NOW).unwrap());
    assert_eq!((now.len(), now[0].reason.word()), (60, "new0"));
    index.apply(&ns("web"), event("last", "a", NOW.0 + 1));
    assert_eq!(events(index.publish(NOW.plus(3_700_000)).unwrap()).len(), 10);
}

#[test]
fn events_of_a_namespace_have_a_bound() {
    let index = index((0..5_000).map(|n| event(&format!("e{n}"), &format!("u{n}"), n)).collect());
    assert_eq!(index.spaces[&ns("web")].events.names().count(), events::SPACE_MOST);
}

#[test]
fn a_service_shows_at_the_apps_it_leads_to() {
    let slice = |ready, unready| Slim::Slice(Slice { name: "s".into(), service: "front".into(), v6: false, ready, unready });
    let mut index =
        index(vec![app(Kind::Deployment, "a", "a"), app(Kind::Deployment, "b", "b"), service("front", "a", Some(30_123)), service("b", "nothing", None)]);
    let before = index.publish(NOW).unwrap();
    let (a, b) = (id(Kind::Deployment, "a"), id(Kind::Deployment, "b"));
    assert!(facts(&before, &a).services[0].matches);
    assert!(!facts(&before, &b).services[0].matches, "it has the app's name and leads nowhere");
    index.apply(&ns("web"), slice(2, 1));
    let after = index.publish(NOW).unwrap();
    assert_eq!((facts(&after, &a).services[0].ready_endpoints, facts(&after, &a).services[0].unready_endpoints), (2, 1));
    assert!(Arc::ptr_eq(&facts(&before, &b), &facts(&after, &b)));
    assert_eq!(index.node_port(30_123), Some((ns("web"), "front".into())));
    index.apply(&ns("web"), service("front", "b", None));
    let moved = index.publish(NOW).unwrap();
    assert!(facts(&moved, &a).services.is_empty());
    assert_eq!(facts(&moved, &b).services.len(), 2);
}

#[test]
fn an_ingress_before_two_apps_shows_each_its_own_rules_and_those_that_lead_nowhere() {
    let rule = |path: &str, service: &str| IngressRule { host: "shop.example.org".into(), path: path.into(), service: service.into(), port: "80".into() };
    let fan_out =
        |name: &str, rules| Slim::Ingress(Arc::new(Ingress { name: name.into(), class: None, rules, tls: vec![], addresses: vec![], ..Ingress::default() }));
    let apps = [app(Kind::Deployment, "shop", "d1"), app(Kind::Deployment, "api", "d2")];
    let both = fan_out("shop", vec![rule("/", "web"), rule("/api", "api")]);
    let mut index = index(apps.into_iter().chain([service("web", "shop", None), service("api", "api", None), both]).collect());
    let shown = |world: &World, name: &str| {
        facts(world, &id(Kind::Deployment, name)).ingresses.iter().flat_map(|i| &i.rules).map(|r| r.service.clone()).collect::<Vec<_>>()
    };
    let world = index.publish(NOW).unwrap();
    assert_eq!((shown(&world, "shop"), shown(&world, "api")), (vec!["web".into()], vec!["api".into()]));
    index.delete(&ns("web"), What::Services, "api");
    let world = index.publish(NOW).unwrap();
    assert_eq!((shown(&world, "shop"), shown(&world, "api")), (vec!["web".into(), "api".into()], vec![]));
    index.apply(&ns("web"), service("api", "api", None));
    assert_eq!(shown(&index.publish(NOW).unwrap(), "shop"), ["web"], "its service is back");
    // All its rules lead nowhere; then its name says whose it is.
    index.apply(&ns("web"), fan_out("shop", vec![rule("/", "wbe")]));
    assert_eq!(shown(&index.publish(NOW).unwrap(), "shop"), ["wbe"]);
}

#[test]
fn it_is_ready_when_all_lists_are_in_or_refused() {
    let mut index = Index::new(1 << 30);
    let (pods, jobs) = ((What::Pods, Scope::All), (What::Jobs, Scope::All));
    index.await_list(pods.clone());
    index.await_list(jobs.clone());
    index.settle();
    index.listed(&pods);
    assert!(!index.publish(NOW).unwrap().health.ready);
    let jobs_refused = Lack::Right(Right { namespace: None, resource: Resource::Jobs, verb: Verb::ListAndWatch });
    index.refuse(jobs_refused.clone());
    index.listed(&jobs);
    let world = index.publish(NOW).unwrap();
    assert!(world.health.ready);
    assert_eq!(world.lacks, std::slice::from_ref(&jobs_refused));
    index.permit(&jobs_refused);
    assert!(index.publish(NOW).unwrap().lacks.is_empty());
}

#[test]
fn a_namespace_that_is_gone_takes_everything_along() {
    let mut index = index(vec![app(Kind::Deployment, "a", "a")]);
    index.declare(&ns("empty"));
    index.refuse(Lack::Right(Right::of(Verb::ListAndWatch, Resource::Pods, &ns("web"))));
    let world = index.publish(NOW).unwrap();
    assert_eq!(world.namespaces.len(), 2);
    index.forget(&ns("web"));
    let world = index.publish(NOW).unwrap();
    assert_eq!(world.namespaces.keys().collect::<Vec<_>>(), [&ns("empty")]);
    assert!(world.lacks.is_empty());
}

#[test]
fn what_a_watch_still_says_of_a_namespace_that_is_gone_does_not_bring_it_back() {
    let mut index = index(vec![app(Kind::Deployment, "a", "a")]);
    let names = |index: &mut Index| index.publish(NOW).unwrap().namespaces.keys().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(names(&mut index), ["web"], "while namespaces cannot be listed, they come with their objects");
    index.name(Some([ns("web"), ns("empty")].into()));
    index.forget(&ns("web"));
    index.declare(&ns("empty"));
    index.apply(&ns("web"), app(Kind::Deployment, "a", "a"));
    assert_eq!(names(&mut index), ["empty"]);
    assert_eq!(index.namespaces(), [ns("empty")]);
    // Made anew, it has what was heard of it before its name was.
    index.declare(&ns("web"));
    let world = index.publish(NOW).unwrap();
    assert_eq!(world.namespaces[&ns("web")].apps.len(), 1);
}

/// What is told of objects that are left out.
fn told(index: &mut Index) -> Vec<String> {
    index.publish(NOW).unwrap().lacks.iter().map(|lack| format!("{}: {}", lack.namespace().unwrap(), english::cluster::lack(lack))).collect()
}

#[test]
fn a_namespace_keeps_only_so_much_and_says_what_it_leaves_out() {
    let mut index = Index::new(1 << 16);
    let pods = |index: &Index| index.spaces.values().map(|space| space.pods.len()).sum::<usize>();
    (0..200).for_each(|n| index.apply(&ns("web"), pod(&format!("p-{n:03}"), &format!("u{n}"), "a")));
    index.apply(&ns("data"), pod("other", "u", "b"));
    let kept = pods(&index) - 1;
    assert!((10..100).contains(&kept), "{kept}");
    let left = 200 - kept;
    let of_pods =
        format!("web: {left} pods in web, such as p-{kept:03}, aren't shown: the portal keeps at most 23 KiB of pods per namespace (64 KiB of all objects).");
    assert!(told(&mut index)[0].starts_with(&of_pods));
    assert!(!index.wants_list(&(What::Pods, Scope::All)), "there is no room");
    // A list has the same bound while it comes, and takes the place of what was known.
    let mut list = index.list(What::Pods);
    (0..1_000).for_each(|n| list.add(&ns("web"), pod(&format!("p-{n:03}"), &format!("u{n}"), "a")));
    list.add(&ns("data"), pod("other", "u", "b"));
    index.reset(What::Pods, &Scope::All, list);
    assert_eq!(pods(&index) - 1, kept);
    assert!(told(&mut index)[0].starts_with(&format!("web: {} pods in web, such as p-{kept:03},", 1_000 - kept)));
    // What is gone makes room, and a new list is worth its while.
    (0..kept / 2).for_each(|n| index.delete(&ns("web"), What::Pods, &format!("p-{n:03}")));
    assert!(index.wants_list(&(What::Pods, Scope::All)) && index.wants_list(&(What::Pods, Scope::One(ns("web")))));
    assert!(!index.wants_list(&(What::Pods, Scope::One(ns("data")))) && !index.wants_list(&(What::Jobs, Scope::All)));
    (0..1_000).for_each(|n| index.delete(&ns("web"), What::Pods, &format!("p-{n:03}")));
    assert!(told(&mut index).is_empty());
    let room = index.spaces[&ns("data")].pods.len();
    (0..kept).for_each(|n| index.apply(&ns("web"), pod(&format!("q-{n:03}"), &format!("v{n}"), "a")));
    assert_eq!(pods(&index), kept + room, "all that was taken out made room");
}

#[test]
fn an_object_that_is_too_large_is_told_until_it_is_gone_or_small_again() {
    let mut index = index(vec![app(Kind::StatefulSet, "a", "a"), pod("a-0", "p0", "a")]);
    index.publish(NOW);
    index.leave(&ns("web"), What::Pods, "a-0");
    let world = index.publish(NOW).unwrap();
    assert!(pods(&world, &id(Kind::StatefulSet, "a")).is_empty(), "what it was before is not what it is now");
    assert_eq!(english::cluster::lack(&world.lacks[0]), "The pod a-0 in web is too large to show: the portal reads at most 256 KiB per object.");
    index.apply(&ns("web"), pod("a-0", "p0", "a"));
    assert!(told(&mut index).is_empty());
    index.leave(&ns("web"), What::Services, "s");
    assert_eq!(told(&mut index).len(), 1);
    index.delete(&ns("web"), What::Services, "s");
    assert!(told(&mut index).is_empty());
    let mut list = index.list(What::Jobs);
    list.leave(&ns("far"), "j");
    index.reset(What::Jobs, &Scope::All, list);
    assert_eq!(told(&mut index), ["far: The job j in far is too large to show: the portal reads at most 256 KiB per object."]);
    let none = index.list(What::Jobs);
    index.reset(What::Jobs, &Scope::All, none);
    assert!(told(&mut index).is_empty());
}

#[test]
fn events_of_a_namespace_have_a_bound_in_bytes_and_the_oldest_go() {
    let mut index = Index::new(1 << 16);
    (0..500).for_each(|n| index.apply(&ns("web"), event(&format!("e{n}"), "u", n)));
    let mut list = index.list(What::Events);
    (0..500).for_each(|n| list.add(&ns("far"), event(&format!("e{n}"), "u", n)));
    index.reset(What::Events, &Scope::One(ns("far")), list);
    for name in ["web", "far"] {
        let names: BTreeSet<_> = index.spaces[&ns(name)].events.names().cloned().collect();
        assert!((5..20).contains(&names.len()) && names.contains("e499") && !names.contains("e0"), "{names:?}");
    }
}

#[test]
fn how_the_pods_of_a_job_failed_is_known_when_they_are_gone() {
    let crashed = |deleting: Option<i64>| {
        let Slim::Pod(mut pod) = pod("import-x", "p", "j") else { panic!() };
        let facts = Arc::make_mut(&mut pod.facts);
        (facts.owner, facts.deleting) = (Some("import".into()), deleting.map(UnixMs));
        let ended = |code, at| domain::facts::Ended {
            reason: "Error".into(),
            message: String::new(),
            exit_code: code,
            signal: None,
            started: None,
            finished: Some(UnixMs(at)),
        };
        facts.containers = vec![domain::facts::Container {
            name: "main".into(),
            image: "i".into(),
            init: false,
            sidecar: false,
            ready: false,
            started: false,
            restarts: 4,
            state: domain::facts::ContainerState::Ended(ended(137, 60)),
            last: Some(ended(3, 40)),
        }];
        Slim::Pod(pod)
    };
    let mut index = index(vec![app(Kind::Job, "import", "j"), crashed(Some(50))]);
    index.delete(&ns("web"), What::Pods, "import-x");
    let world = index.publish(NOW).unwrap();
    let ends = &facts(&world, &id(Kind::Job, "import")).last_ends;
    assert_eq!(
        ends.iter().map(|e| (e.pod.as_str(), e.restarts, e.ended.exit_code)).collect::<Vec<_>>(),
        [("import-x", 4, 3)],
        "not the end that it was asked for"
    );
}

#[test]
fn what_is_missing_of_an_app_goes_with_it() {
    let id = id(Kind::Deployment, "kpow");
    let mut index = index(vec![app(Kind::Deployment, "kpow", "d")]);
    let lacks = domain::facts::MissingReference { secret: true, name: "db".into(), key: None, how: String::new() };
    index.miss(&id, vec![lacks.clone()]);
    assert_eq!(*facts(&index.publish(NOW).unwrap(), &id).missing, [lacks]);
    index.miss(&id, vec![]);
    assert!(facts(&index.publish(NOW).unwrap(), &id).missing.is_empty());
}

/// A pod that is an app of its own.
fn alone(name: &str, uid: &str) -> Slim {
    let Slim::Pod(pod) = pod(name, uid, "nobody") else { panic!() };
    Slim::Pod(SlimPod { owner: None, single: Some(Arc::new(workload(Kind::Pod, name, uid))), ..pod })
}

#[test]
fn what_is_known_of_pods_goes_with_them() {
    let mut index = index(vec![]);
    for n in 0..50 {
        let name = format!("look-{n}");
        index.apply(&ns("web"), alone(&name, &name));
        let lacks = domain::facts::MissingReference { secret: true, name: "db".into(), key: None, how: String::new() };
        index.miss(&id(Kind::Pod, &name), vec![lacks]);
        index.hold(&id(Kind::Pod, &name), vec![ChangedPart::EnvAdded("A".into())]);
        assert_eq!(index.spaces[&ns("web")].missing.len(), 1);
        index.delete(&ns("web"), What::Pods, &name);
    }
    let space = &index.spaces[&ns("web")];
    assert!(space.missing.is_empty() && space.held.is_empty());
    // One of the same name that is another pod.
    index.apply(&ns("web"), alone("look", "old"));
    index.hold(&id(Kind::Pod, "look"), vec![ChangedPart::EnvAdded("A".into())]);
    index.apply(&ns("web"), alone("look", "new"));
    assert!(facts(&index.publish(NOW).unwrap(), &id(Kind::Pod, "look")).held.is_empty());
}
