//! Rules against facts made by hand, with the texts that kubelet, scheduler and controllers write. What was recorded
//! from a cluster is in `domain/tests/situations.rs`; here are the cases that hardly stay still to be recorded.

mod causes;
mod images;
mod jobs;
mod mounts;
mod newest;
mod nodes;
mod page;
mod probes;
mod public;
mod refusals;
mod remarks;
mod said;
mod starts;
mod status;
mod story;

use super::*;
use crate::account::Role;
use crate::facts::*;
use crate::kubernetes::words::{ConditionType, PodReason};
use crate::status::{Evidence, Word};
use crate::view::Reader;
use crate::{Action, AppId, Bytes, Namespace, Tone, WorkloadName};
use proptest::prelude::*;
use std::sync::Arc;

const NOW: UnixMs = UnixMs(1_800_000_000_000);
const MIN: i64 = 60_000;

fn ago(ms: i64) -> UnixMs {
    NOW.plus(-ms)
}

/// A deployment `web/shop` that wants `wanted` pods, with these.
fn app(wanted: u32, pods: Vec<Pod>) -> AppFacts {
    app_of(Kind::Deployment, wanted, pods)
}

fn app_of(kind: Kind, wanted: u32, pods: Vec<Pod>) -> AppFacts {
    let count = |f: &dyn Fn(&Pod) -> bool| u32::try_from(pods.iter().filter(|p| f(p)).count()).unwrap();
    let (current, ready, updated) = (count(&|_| true), count(&|p| p.ready()), count(&|p| p.template_hash.as_deref() == Some("new")));
    let set = |revision, hash: &str, wanted| {
        Arc::new(ReplicaSet {
            name: format!("shop-{hash}"),
            revision,
            created: ago(20 * MIN * i64::try_from(3 - revision).unwrap()),
            reused: false,
            images: vec![format!("shop:{revision}")],
            change_cause: None,
            wanted,
            ready: 0,
            hash: Some(hash.into()),
        })
    };
    let labels: Labels = [("app".to_owned(), "shop".to_owned())].into();
    AppFacts {
        workload: Arc::new(Workload {
            id: AppId { namespace: Namespace::parse("web").unwrap(), kind, name: WorkloadName::parse("shop").unwrap() },
            uid: "u".into(),
            labels: Labels::new(),
            release: None,
            created: ago(100 * MIN),
            changed: Some((ago(20 * MIN), "kubectl".into())),
            portal_change: None,
            unread: None,
            generation: 1,
            observed_generation: 1,
            replicas: Replicas { wanted, current, updated, ready, available: ready },
            paused: false,
            on_delete: false,
            update: Update::default(),
            deletion: None,
            selector: labels.clone(),
            template_labels: labels,
            revision: Some(2),
            min_ready_s: 0,
            progress_deadline_s: Some(600),
            conditions: Vec::new(),
            containers: vec![spec()],
            secrets: Vec::new(),
            config_maps: Vec::new(),
            pull_secrets: Vec::new(),
            claims: Vec::new(),
            job: None,
            cron: None,
            log_samples_off: false,
        }),
        replica_sets: vec![set(2, "new", wanted), set(1, "old", count(&|p| p.template_hash.as_deref() == Some("old")))],
        pods: pods.into_iter().map(Arc::new).collect(),
        events: Vec::new(),
        services: Vec::new(),
        ingresses: Vec::new(),
        claims: Vec::new(),
        around: Around::default(),
        last_ends: Vec::new(),
        missing: Default::default(),
        held: Default::default(),
        observed: Arc::default(),
    }
}

fn spec() -> ContainerSpec {
    let probe = |what: &str| Some(Probe { what: what.into(), port: "8080".into(), initial_delay_s: 0, period_s: 10, failure_threshold: 3, timeout_s: 1 });
    ContainerSpec {
        name: "main".into(),
        image: "shop:2".into(),
        init: false,
        sidecar: false,
        cpu_request: Some(MilliCpu(500)),
        cpu_limit: None,
        memory_request: None,
        memory_limit: Some(Bytes(64 * 1024 * 1024)),
        liveness: probe("GET /live on 8080"),
        readiness: probe("GET /healthy on 8080"),
        startup: None,
        post_start: None,
        sub_paths: Vec::new(),
        ports: vec![(Some("http".into()), 8080, "TCP".into())],
    }
}

/// A pod of the new template that is ready since 15 min.
fn ready(name: &str) -> Pod {
    let condition = |kind: &str| Condition { kind: kind.into(), status: Some(true), reason: "".into(), message: String::new(), since: Some(ago(15 * MIN)) };
    Pod {
        name: format!("shop-new-{name}"),
        uid: name.into(),
        template_hash: Some("new".into()),
        owner: Some("shop-new".into()),
        phase: "Running".into(),
        reason: PodReason::None,
        message: String::new(),
        node: Some("node-1".into()),
        ip: None,
        created: ago(16 * MIN),
        deleting: None,
        pull_secrets: Vec::new(),
        rare: None,
        asks: None,
        ending: None,
        conditions: vec![condition("Ready"), condition("ContainersReady"), condition("PodScheduled")],
        containers: vec![Container {
            name: "main".into(),
            image: "shop:2".into(),
            init: false,
            sidecar: false,
            ready: true,
            started: true,
            restarts: 0,
            state: ContainerState::Running { since: Some(ago(15 * MIN)) },
            last: None,
        }],
    }
}

fn unready(name: &str) -> Pod {
    let mut pod = ready(name);
    for c in pod.conditions.iter_mut().filter(|c| c.kind != ConditionType::PodScheduled) {
        c.status = Some(false);
    }
    pod.containers[0].ready = false;
    pod
}

fn old(mut pod: Pod) -> Pod {
    pod.template_hash = Some("old".into());
    pod
}

fn end(code: i32, reason: &str) -> Ended {
    Ended { reason: reason.into(), message: String::new(), exit_code: code, signal: None, started: Some(ago(14 * MIN)), finished: Some(ago(2 * MIN)) }
}

/// A pod in a crash loop whose container ended so.
fn crashing(name: &str, ended: Ended) -> Pod {
    let mut pod = unready(name);
    pod.containers[0].state =
        ContainerState::Waiting { reason: "CrashLoopBackOff".into(), message: "back-off 2m40s restarting failed container=main pod=shop".into() };
    pod.containers[0].restarts = 4;
    pod.containers[0].last = Some(ended);
    pod
}

fn waiting(name: &str, reason: &str, message: &str) -> Pod {
    let mut pod = unready(name);
    pod.containers[0].state = ContainerState::Waiting { reason: reason.into(), message: message.into() };
    pod.phase = "Pending".into();
    pod
}

fn unplaced(message: &str) -> Pod {
    let mut pod = waiting("p8w6d", "", "");
    pod.node = None;
    for c in pod.conditions.iter_mut().filter(|c| c.kind == ConditionType::PodScheduled) {
        (c.status, c.reason, c.message) = (Some(false), "Unschedulable".into(), message.into());
    }
    pod
}

fn event(kind: &str, name: &str, reason: &str, message: &str) -> Arc<Event> {
    Arc::new(Event {
        kind: kind.into(),
        name: name.into(),
        uid: String::new(),
        container: None,
        reason: reason.into(),
        message: message.into(),
        warning: true,
        count: 5,
        first: ago(10 * MIN),
        last: ago(2 * MIN),
        source: "kubelet".into(),
    })
}

fn change(mut facts: AppFacts, f: impl FnOnce(&mut Workload)) -> AppFacts {
    f(Arc::make_mut(&mut facts.workload));
    facts
}

// What the rules find, in English.
fn status(facts: &AppFacts, now: UnixMs) -> Status {
    super::status(facts, now, Language::English)
}

fn pod_status(pod: &Pod, facts: &AppFacts, now: UnixMs) -> Status {
    super::pod_status(pod, facts, now, Language::English)
}

fn story(facts: &AppFacts, now: UnixMs) -> Vec<Happening> {
    super::story(facts, now, Language::English)
}

fn row(facts: &AppFacts, team: Option<TeamName>, usage: Usage, now: UnixMs) -> AppRow {
    super::row(facts, team, usage, now, Language::English)
}

fn detail(facts: &AppFacts, row: AppRow, usage_by_pod: &BTreeMap<String, (MilliCpu, Bytes)>, now: UnixMs) -> AppDetail {
    super::detail(facts, row, usage_by_pod, now, Language::English)
}

fn told(facts: &AppFacts) -> (Word, String, String) {
    let s = status(facts, NOW);
    (s.word, s.reason, s.sentence)
}

#[track_caller]
fn says(facts: &AppFacts, word: Word, reason: &str, part: &str) {
    let (w, r, s) = told(facts);
    assert_eq!((w, r.as_str()), (word, reason), "{s}");
    assert!(s.contains(part), "{part:?} is not in {s:?}");
}

fn job(f: impl FnOnce(&mut JobFacts), pods: Vec<Pod>) -> AppFacts {
    let mut job = JobFacts { completions: 1, backoff_limit: 3, started: Some(ago(5 * MIN)), ..Default::default() };
    f(&mut job);
    change(app_of(Kind::Job, 1, pods), |w| w.job = Some(job))
}

fn page(facts: &AppFacts, role: Role) -> AppDetail {
    let shared = detail(facts, row(facts, None, Usage::default(), NOW), &BTreeMap::new(), NOW);
    shared.read_by(&Reader { role, team: None }, Language::English)
}

#[test]
fn hostile_names_make_no_link() {
    let mut facts = app(1, vec![waiting("aaaaa", "CreateContainerConfigError", "secret \"../../x?y=<b>\" not found")]);
    facts.pods.iter_mut().for_each(|p| Arc::make_mut(p).containers[0].image = "<script>".into());
    assert!(status(&facts, NOW).evidence.iter().all(|e| !matches!(e, Evidence::Object { .. })));
}

proptest! {
    #[test]
    fn no_text_of_the_cluster_breaks_a_rule(
        reason in prop_oneof!["\\PC{0,30}", "(ImagePullBackOff|CrashLoopBackOff|CreateContainerConfigError|RunContainerError|ContainerCreating|InvalidImageName)"],
        message in prop_oneof!["\\PC{0,300}", "(secret \"|configmap \"|exec: \"|couldn't find key |back-off |0/9 nodes are available: |exceeded quota: ){1,3}[ -~]{0,40}"],
        code in any::<i32>(), restarts in any::<u32>(), times in proptest::collection::vec(any::<i64>(), 3),
        event_reason in "(Unhealthy|FailedMount|Killing|FailedScheduling|Failed|FailedCreate|NodeNotReady)",
    ) {
        let at = |i: usize| UnixMs(times[i] / 1_000_000);
        let mut pod = waiting("aaaaa", &reason, &message);
        pod.containers[0].restarts = restarts;
        pod.containers[0].last = Some(Ended { reason: reason.clone().into(), message: message.clone(), exit_code: code, signal: None, started: Some(at(0)), finished: Some(at(1)) });
        pod.created = at(2);
        let mut facts = app(2, vec![pod, unplaced(&message), unready("bbbbb")]);
        facts.events = ["Pod", "Deployment"].iter().map(|k| event(k, "shop-new-aaaaa", &event_reason, &message)).collect();
        let facts = change(facts, |w| w.conditions.push(Condition { kind: "ReplicaFailure".into(), status: Some(true), reason: "".into(), message: message.clone(), since: None }));
        let mut all = vec![status(&facts, NOW)];
        all.extend(facts.pods.iter().map(|p| pod_status(p, &facts, NOW)));
        for s in all {
            prop_assert!(s.reason.chars().count() <= 24, "{}", s.reason);
            prop_assert!(!s.sentence.chars().any(char::is_control));
            prop_assert!(s.sentence.chars().count() < 1500);
        }
        prop_assert!(page(&facts, Role::Viewer).story.len() <= 12);
    }
}
