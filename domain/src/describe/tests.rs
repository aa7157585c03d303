//! Rules against facts made by hand, with the texts that kubelet, scheduler and controllers write. What was recorded
//! from a cluster is in `domain/tests/situations.rs`; here are the cases that hardly stay still to be recorded.

use super::*;
use crate::facts::*;
use crate::status::{Evidence, Word};
use crate::{AppId, Bytes, Namespace, WorkloadName};
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
            generation: 1,
            observed_generation: 1,
            replicas: Replicas { wanted, current, updated, ready, available: ready },
            paused: false,
            on_delete: false,
            selector: labels.clone(),
            template_labels: labels,
            revision: Some(2),
            progress_deadline_s: Some(600),
            conditions: Vec::new(),
            containers: vec![spec()],
            secrets: Vec::new(),
            config_maps: Vec::new(),
            pull_secrets: Vec::new(),
            claims: Vec::new(),
            job: None,
            cron: None,
        }),
        replica_sets: vec![set(2, "new", wanted), set(1, "old", count(&|p| p.template_hash.as_deref() == Some("old")))],
        pods: pods.into_iter().map(Arc::new).collect(),
        events: Vec::new(),
        services: Vec::new(),
        ingresses: Vec::new(),
        claims: Vec::new(),
    }
}

fn spec() -> ContainerSpec {
    let probe = |what: &str| Some(Probe { what: what.into(), initial_delay_s: 0, period_s: 10, failure_threshold: 3, timeout_s: 1 });
    ContainerSpec {
        name: "main".into(),
        image: "shop:2".into(),
        init: false,
        cpu_request: Some(MilliCpu(500)),
        cpu_limit: None,
        memory_request: None,
        memory_limit: Some(Bytes(64 * 1024 * 1024)),
        liveness: probe("GET /live on 8080"),
        readiness: probe("GET /healthy on 8080"),
        startup: None,
        ports: vec![(Some("http".into()), 8080, "TCP".into())],
    }
}

/// A pod of the new template that is ready since 15 min.
fn ready(name: &str) -> Pod {
    let condition = |kind: &str| Condition { kind: kind.into(), status: Some(true), reason: String::new(), message: String::new(), since: Some(ago(15 * MIN)) };
    Pod {
        name: format!("shop-new-{name}"),
        uid: name.into(),
        template_hash: Some("new".into()),
        owner: Some("shop-new".into()),
        phase: "Running".into(),
        reason: String::new(),
        message: String::new(),
        node: Some("node-1".into()),
        ip: None,
        created: ago(16 * MIN),
        deleting: None,
        pull_secrets: Vec::new(),
        conditions: vec![condition("Ready"), condition("ContainersReady"), condition("PodScheduled")],
        containers: vec![Container {
            name: "main".into(),
            image: "shop:2".into(),
            init: false,
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
    for c in pod.conditions.iter_mut().filter(|c| c.kind != "PodScheduled") {
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
    for c in pod.conditions.iter_mut().filter(|c| c.kind == "PodScheduled") {
        (c.status, c.reason, c.message) = (Some(false), "Unschedulable".into(), message.into());
    }
    pod
}

fn event(kind: &str, name: &str, reason: &str, message: &str) -> Arc<Event> {
    Arc::new(Event {
        kind: kind.into(),
        name: name.into(),
        uid: String::new(),
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

#[test]
fn a_stuck_rollout_is_degraded_while_old_pods_serve() {
    let pods = vec![old(ready("aaaaa")), old(ready("bbbbb")), crashing("ccccc", end(1, "Error"))];
    let facts = app(2, pods);
    says(
        &facts,
        Word::Degraded,
        "exit 1, 4 restarts",
        "The rollout of revision 2 is stuck at 1 of 2 pods; 2 pods still serve. Container main of pod ccccc ended with exit code 1",
    );
    let gone = app(2, vec![crashing("aaaaa", end(1, "Error")), crashing("bbbbb", end(1, "Error"))]);
    says(&gone, Word::Failing, "exit 1, 4 restarts", "None of 2 pods is ready.");
}

#[test]
fn a_rollout_within_its_time_is_progressing() {
    let mut young = unready("ccccc");
    young.created = ago(10_000);
    young.containers[0].state = ContainerState::Running { since: Some(ago(8_000)) };
    young.conditions.iter_mut().for_each(|c| c.since = Some(ago(10_000)));
    let facts = app(3, vec![old(ready("aaaaa")), old(ready("bbbbb")), ready("ddddd"), young]);
    says(&facts, Word::Progressing, "2 of 3 pods new", "2 of 3 pods are new, 3 pods are ready.");
}

#[test]
fn one_pod_of_three_down_is_degraded() {
    let facts = app(3, vec![ready("aaaaa"), ready("bbbbb"), crashing("ccccc", end(139, "Error"))]);
    says(
        &facts,
        Word::Degraded,
        "exit 139, 4 restarts",
        "2 of 3 pods are ready. Container main of pod ccccc crashed with a segmentation fault after 12 min, 2 min ago (SIGSEGV, exit 139). It was restarted 4 times; the next start comes in 40 s.",
    );
}

#[test]
fn recent_restarts_of_a_ready_pod_are_a_warning_sign() {
    let mut pod = ready("aaaaa");
    (pod.containers[0].restarts, pod.containers[0].last) = (3, Some(end(1, "Error")));
    says(&app(1, vec![pod.clone()]), Word::Degraded, "restarted 3 times", "Its pod is ready, but not steadily.");
    pod.containers[0].last.as_mut().unwrap().finished = Some(ago(11 * MIN));
    says(&app(1, vec![pod]), Word::Running, "ready", "Its pod is ready.");
}

#[test]
fn a_crash_loop_stays_failing_while_its_container_runs_for_a_moment() {
    let between = |ran: i64, waited: i64, up: i64, restarts: u32| {
        let mut pod = ready("aaaaa");
        let finished = ago(up + waited);
        pod.containers[0].restarts = restarts;
        pod.containers[0].last = Some(Ended { started: Some(finished.plus(-ran)), finished: Some(finished), ..end(1, "Error") });
        pod.containers[0].state = ContainerState::Running { since: Some(ago(up)) };
        pod
    };
    let up = app(1, vec![between(2_000, 20_000, 1_000, 3)]);
    says(
        &up,
        Word::Failing,
        "exit 1, 3 restarts",
        "Container main ended with exit code 1 after 2 s, 21 s ago. It was restarted 3 times; it has run again for 1 s.",
    );
    let r = row(&up, None, Usage::default(), NOW);
    assert_eq!((r.ready, r.wanted), (0, 1));
    assert_eq!(pod_status(&up.pods[0], &up, NOW).word, Word::Failing);
    assert!(story(&up, NOW).iter().all(|h| h.tone != "ok"), "a loop is no good end");
    // Down again, it reads the same.
    says(&app(1, vec![crashing("aaaaa", end(1, "Error"))]), Word::Failing, "exit 1, 4 restarts", "ended with exit code 1");
    // It has run for longer than it had to wait, and much longer than before.
    says(&app(1, vec![between(2_000, 20_000, 21_000, 3)]), Word::Degraded, "restarted 3 times", "ready, but not steadily");
    says(&app(1, vec![between(60_000, 20_000, 100_000, 3)]), Word::Failing, "exit 1, 3 restarts", "");
    // One fall is no loop, nor are falls far apart.
    says(&app(1, vec![between(2_000, 1_000, 500, 1)]), Word::Degraded, "restarted once", "ready, but not steadily");
    says(&app(1, vec![between(60 * MIN, 1_000, 500, 9)]), Word::Degraded, "restarted 9 times", "ready, but not steadily");
    // Others serve meanwhile.
    says(
        &app(2, vec![ready("bbbbb"), between(2_000, 20_000, 1_000, 3)]),
        Word::Degraded,
        "exit 1, 3 restarts",
        "1 of 2 pods are ready. Container main of pod aaaaa ended",
    );
}

#[test]
fn both_kills_with_137_are_told_apart() {
    says(&app(1, vec![crashing("aaaaa", end(137, "OOMKilled"))]), Word::Failing, "killed at 64 Mi limit", "killed at its 64 Mi memory limit after 12 min");
    let mut probe = app(1, vec![crashing("aaaaa", end(137, "Error"))]);
    says(&probe, Word::Failing, "exit 137, 4 restarts", "killed from outside");
    let pod = "shop-new-aaaaa";
    probe.events = vec![
        event("Pod", pod, "Killing", "Container main failed liveness probe, will be restarted"),
        event("Pod", pod, "Unhealthy", "Liveness probe failed: HTTP probe failed with statuscode: 503"),
    ];
    says(
        &probe,
        Word::Failing,
        "liveness 503",
        "because its liveness probe GET /live on 8080 answers 503. It did not end when asked: exit 137 is that kill, not memory.",
    );
    // A memory kill stays one, even where a probe has failed before.
    let mut both = app(1, vec![crashing("aaaaa", end(137, "OOMKilled"))]);
    both.events.clone_from(&probe.events);
    says(&both, Word::Failing, "killed at 64 Mi limit", "OOMKilled");
    // A crash of its own stays one where the kill is of an earlier time.
    let mut crash = app(1, vec![crashing("aaaaa", end(1, "Error"))]);
    crash.events.clone_from(&probe.events);
    Arc::make_mut(&mut crash.events[0]).last = ago(60 * MIN);
    says(&crash, Word::Failing, "exit 1, 4 restarts", "exit code 1");
}

#[test]
fn an_end_is_explained_by_its_code_and_its_last_words() {
    says(&app(1, vec![crashing("aaaaa", end(143, "Error"))]), Word::Failing, "exit 143, 4 restarts", "SIGTERM");
    says(&app(1, vec![crashing("aaaaa", end(126, "Error"))]), Word::Failing, "exit 126, 4 restarts", "cannot be executed");
    let mut ended = end(2, "Error");
    ended.message = "starting\npanic: no database\n\n".into();
    says(&app(1, vec![crashing("aaaaa", ended)]), Word::Failing, "exit 2, 4 restarts", "Its last words: “panic: no database”.");
    let mut format = end(128, "StartError");
    format.message = "failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec /app: exec format error: unknown".into();
    says(&app(1, vec![crashing("aaaaa", format)]), Word::Failing, "wrong processor type", "another processor");
    // With terminationMessagePolicy FallbackToLogsOnError; otherwise only the log has it.
    let mut format = end(1, "Error");
    format.message = "exec /bin/sample: exec format error\n".into();
    says(&app(1, vec![crashing("aaaaa", format)]), Word::Failing, "wrong processor type", "another processor");
}

#[test]
fn readiness_that_was_lost_counts_at_once_and_a_start_has_its_time() {
    let mut lost = unready("aaaaa");
    lost.conditions.iter_mut().for_each(|c| c.since = Some(ago(5_000)));
    lost.containers[0].state = ContainerState::Running { since: Some(ago(15_000)) };
    let mut facts = app(1, vec![lost.clone()]);
    facts.events = vec![event(
        "Pod",
        "shop-new-aaaaa",
        "Unhealthy",
        "Readiness probe failed: Get \"http://10.0.0.1:8080/healthy\": context deadline exceeded (Client.Timeout exceeded while awaiting headers)",
    )];
    Arc::make_mut(&mut facts.events[0]).last = ago(1_000);
    says(&facts, Word::Failing, "readiness timeout", "gets no answer within 1 s");
    lost.conditions.iter_mut().for_each(|c| c.since = Some(ago(16_000)));
    facts.pods = vec![Arc::new(lost)];
    says(&facts, Word::Progressing, "readiness timeout", "is not ready");
}

#[test]
fn nodes_that_do_not_fit_are_told_with_their_numbers() {
    let told = "0/5 nodes are available: 1 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }, 3 Insufficient cpu, 1 node(s) didn't match Pod's node affinity/selector. preemption: 0/5 nodes are available: 5 Preemption is not helpful for scheduling.";
    says(
        &app(1, vec![unplaced(told)]),
        Word::Failing,
        "too little CPU free",
        "Pod p8w6d finds no place among 5 nodes: 3 have too little CPU free for the 500m it requests, 1 has taint node-role.kubernetes.io/control-plane that it does not tolerate, 1 does not match its node selector or affinity.",
    );
    says(
        &app(1, vec![unplaced("0/1 nodes are available: 1 Too many pods. ")]),
        Word::Failing,
        "nodes are full of pods",
        "the only node has as many pods as allowed",
    );
}

#[test]
fn a_claim_has_a_minute_before_it_is_a_trouble() {
    let mut pod = unplaced("0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims.");
    let claim = Claim { name: "data".into(), phase: "Pending".into(), class: None, size: "1Gi".into(), created: ago(MIN) };
    pod.created = ago(10_000);
    let mut facts = app(1, vec![pod.clone()]);
    facts.claims = vec![Arc::new(claim)];
    says(&facts, Word::Progressing, "waits for a claim", "claim data (1Gi, no storage class) is pending");
    pod.created = ago(5 * MIN);
    facts.pods = vec![Arc::new(pod)];
    says(&facts, Word::Failing, "waits for a claim", "has waited 5 min");
}

#[test]
fn pods_that_are_replaced_only_when_deleted_are_no_rollout() {
    let pods = || vec![ready("aaaaa"), old(ready("bbbbb")), old(ready("ccccc"))];
    let rolling = app_of(Kind::DaemonSet, 3, pods());
    says(&rolling, Word::Progressing, "1 of 3 pods new", "is under way");
    let left = change(app_of(Kind::DaemonSet, 3, pods()), |w| w.on_delete = true);
    says(
        &left,
        Word::Running,
        "2 pods not replaced",
        "All 3 pods are ready. 2 pods are of an older template: this daemon set replaces a pod only when it is deleted",
    );
    let first = change(app_of(Kind::StatefulSet, 2, vec![unready("aaaaa"), old(ready("bbbbb"))]), |w| w.on_delete = true);
    says(
        &first,
        Word::Degraded,
        "not ready",
        "1 pod is of an older template: this stateful set replaces a pod only when it is deleted (update strategy OnDelete). Delete it",
    );
    let done = change(app_of(Kind::DaemonSet, 1, vec![ready("aaaaa")]), |w| w.on_delete = true);
    says(&done, Word::Running, "ready", "Its pod is ready.");
}

#[test]
fn pods_that_are_refused_are_told_also_without_a_condition() {
    let mut facts = app_of(Kind::StatefulSet, 3, vec![ready("aaaaa")]);
    facts.events = vec![event(
        "StatefulSet",
        "shop",
        "FailedCreate",
        "create Pod shop-1 in StatefulSet shop failed error: pods \"shop-1\" is forbidden: exceeded quota: small, requested: limits.memory=1Gi, used: limits.memory=3Gi, limited: limits.memory=3Gi",
    )];
    says(&facts, Word::Degraded, "quota is used up", "limits.memory: 3Gi of 3Gi used, 1Gi more asked for");
    let refusal = |message: &str| {
        change(app(1, Vec::new()), |w| {
            w.conditions.push(Condition {
                kind: "ReplicaFailure".into(),
                status: Some(true),
                reason: "FailedCreate".into(),
                message: message.into(),
                since: Some(ago(MIN)),
            })
        })
    };
    says(
        &refusal("admission webhook \"policy.example.org\" denied the request: images must come from registry.example.org"),
        Word::Failing,
        "admission refuses",
        "images must come from",
    );
    says(
        &refusal("pods \"x\" is forbidden: failed quota: small: must specify limits.memory for: main"),
        Word::Failing,
        "quota asks for limits",
        "limits.memory",
    );
    says(&refusal("pods \"x\" is forbidden: maximum cpu usage per Container is 1, but limit is 2"), Word::Failing, "outside limit range", "maximum cpu");
}

#[test]
fn evicted_pods_and_silent_nodes_are_told() {
    let mut gone = unready("ccccc");
    (gone.phase, gone.reason) = ("Failed".into(), "Evicted".into());
    gone.message = "The node was low on resource: memory. Threshold quantity: 100Mi, available: 90Mi. ".into();
    gone.containers[0].state = ContainerState::Ended(end(137, "Error"));
    says(&app(1, vec![ready("aaaaa"), gone]), Word::Degraded, "pod evicted", "Pod ccccc was evicted 2 min ago: its node ran low on memory.");
    let mut silent = ready("aaaaa");
    silent.conditions[0].status = Some(false);
    silent.conditions[0].since = Some(ago(6 * MIN));
    let mut facts = app(1, vec![silent]);
    facts.events = vec![event("Pod", "shop-new-aaaaa", "NodeNotReady", "Node is not ready")];
    says(&facts, Word::Unknown, "node silent for 6 min", "Node node-1 has not reported for 6 min");
}

#[test]
fn what_a_person_did_is_no_trouble() {
    says(&app(0, Vec::new()), Word::Stopped, "scaled to 0", "Scale it up");
    let mut leaving = ready("aaaaa");
    leaving.deleting = Some(NOW);
    says(&app(0, vec![leaving.clone()]), Word::Stopped, "ending 1 pod", "1 pod is still ending");
    assert_eq!(pod_status(&leaving, &app(1, vec![leaving.clone()]), NOW).reason, "ending");
    leaving.deleting = Some(ago(10 * MIN));
    assert_eq!(pod_status(&leaving, &app(1, vec![leaving.clone()]), NOW).word, Word::Degraded);
    let held = change(app(4, vec![old(ready("a")), old(ready("b")), old(ready("c")), ready("d")]), |w| w.paused = true);
    says(&held, Word::Paused, "held at 1 of 4", "1 of 4 pods are new, 4 pods are ready. Resume it");
}

#[test]
fn a_change_that_no_controller_has_seen_is_unknown_after_a_minute() {
    let unseen = |ms| change(app(1, vec![ready("aaaaa")]), |w| (w.generation, w.changed) = (2, Some((ago(ms), "kubectl".into()))));
    says(&unseen(3_000), Word::Progressing, "change not seen yet", "3 s ago");
    says(&unseen(5 * MIN), Word::Unknown, "change not taken up", "generation 1 seen, 2 wanted");
}

#[test]
fn a_deadline_makes_waiting_a_failure() {
    let late =
        Condition { kind: "Progressing".into(), status: Some(false), reason: "ProgressDeadlineExceeded".into(), message: String::new(), since: Some(ago(MIN)) };
    let mut slow = waiting("aaaaa", "ContainerCreating", "");
    slow.created = ago(9 * MIN);
    let facts = change(app(1, vec![slow]), |w| w.conditions.push(late));
    says(&facts, Word::Failing, "no progress in time", "ran past its progress deadline of 600 s 60 s ago");
}

fn job(f: impl FnOnce(&mut JobFacts), pods: Vec<Pod>) -> AppFacts {
    let mut job = JobFacts { completions: 1, backoff_limit: 3, started: Some(ago(5 * MIN)), ..Default::default() };
    f(&mut job);
    change(app_of(Kind::Job, 1, pods), |w| w.job = Some(job))
}

#[test]
fn jobs_are_told() {
    says(&job(|_| {}, vec![ready("aaaaa")]), Word::Running, "active", "It has run for 5 min, 0 of 1 run done.");
    says(&job(|j| j.failed = 1, vec![ready("aaaaa")]), Word::Degraded, "1 of 4 tries failed", "1 try failed before");
    says(&change(job(|_| {}, Vec::new()), |w| w.paused = true), Word::Paused, "suspended", "Resume");
    says(&job(|_| {}, Vec::new()), Word::Progressing, "starting", "starting for 5 min");
    let mut failed = unready("aaaaa");
    failed.phase = "Failed".into();
    failed.containers[0].state = ContainerState::Ended(end(4, "Error"));
    says(&job(|j| j.failed = 1, vec![failed.clone()]), Word::Failing, "exit code 4", "1 of 4 tries failed so far");
    let mut well = unready("aaaaa");
    well.phase = "Succeeded".into();
    assert_eq!(pod_status(&well, &job(|_| {}, vec![well.clone()]), NOW).word, Word::Completed);
}

#[test]
fn cron_jobs_are_told() {
    let cron = |f: &dyn Fn(&mut CronFacts), pods| {
        let mut c = CronFacts { schedule: "0 3 * * *".into(), ..Default::default() };
        f(&mut c);
        change(app_of(Kind::CronJob, 0, pods), |w| w.cron = Some(c))
    };
    says(&cron(&|_| {}, Vec::new()), Word::Running, "not run yet", "its schedule is 0 3 * * *");
    let run = JobFacts { started: Some(ago(5 * MIN)), ..Default::default() };
    says(&cron(&|c| c.active = vec!["shop-1".into()], Vec::new()), Word::Running, "1 run active", "Run shop-1 has been active");
    let failed = |c: &mut CronFacts| {
        (c.last_scheduled, c.last_succeeded) = (Some(ago(5 * MIN)), Some(ago(60 * MIN)));
        c.runs = vec![("shop-2".into(), run.clone(), Some("BackoffLimitExceeded".into())), ("shop-1".into(), run.clone(), None)];
    };
    says(
        &cron(&failed, Vec::new()),
        Word::Degraded,
        "last run failed",
        "(BackoffLimitExceeded). Read the events of its job. A run last ended well 60 min ago.",
    );
}

fn service(selector: &str, ready: u32, unready: u32) -> Service {
    Service {
        name: "shop".into(),
        kind: "NodePort".into(),
        cluster_ip: None,
        external: Vec::new(),
        ports: vec![ServicePort { name: Some("http".into()), port: 80, target: "http".into(), node_port: Some(30090), protocol: "TCP".into() }],
        selector: [("app".to_owned(), selector.to_owned())].into(),
        ready_endpoints: ready,
        unready_endpoints: unready,
        matches: selector == "shop",
    }
}

fn page(facts: &AppFacts, role: Role) -> AppDetail {
    detail(facts, row(facts, None, Usage::default(), NOW), &BTreeMap::new(), role, NOW)
}

#[test]
fn endpoints_that_lead_nowhere_say_so() {
    let mut facts = app(1, vec![ready("aaaaa")]);
    facts.services = vec![Arc::new(service("shop", 2, 1))];
    let rule = |service: &str, port: &str| IngressRule { host: "shop.example.org".into(), path: "/".into(), service: service.into(), port: port.into() };
    let ingress = Ingress {
        name: "shop".into(),
        class: None,
        rules: vec![rule("shop", "http"), rule("shop", "81"), rule("shopp", "80")],
        tls: vec![(vec!["*.example.org".into()], None)],
        addresses: vec!["10.0.0.1".into()],
    };
    facts.ingresses = vec![Arc::new(ingress)];
    let found: Vec<_> =
        page(&facts, Role::Owner).endpoints.into_iter().map(|e| format!("{}{} {}", e.address, if e.broken { " broken" } else { "" }, e.sentence)).collect();
    assert_eq!(
        found,
        [
            "https://shop.example.org/ Ingress shop to service shop, 2 of 3 pods behind it.",
            "https://shop.example.org/ broken Ingress shop leads to port 81 of service shop, which has only 80. Correct the port.",
            "https://shop.example.org/ broken Ingress shop leads to service shopp, which does not exist here. Correct the service's name.",
            "any node:30090 Node port to port http, 2 of 3 pods behind it.",
            "shop.web:80 Service to port http, 2 of 3 pods behind it.",
        ]
    );
    facts.services = vec![Arc::new(service("shop", 0, 2))];
    assert!(page(&facts, Role::Owner).endpoints[4].sentence.contains("0 of 2 pods behind it ready, so calls are refused"));
    facts.services = vec![Arc::new(service("store", 0, 0))];
    says(&facts, Word::Degraded, "service finds no pod", "its selector asks for app=store, and the pods have app=shop");
}

#[test]
fn actions_say_why_not() {
    let why = |facts: &AppFacts, role, action: &str| page(facts, role).actions[action].clone();
    let facts = app(1, vec![ready("aaaaa")]);
    assert_eq!(why(&facts, Role::Operator, "restart"), None);
    assert_eq!(why(&facts, Role::Viewer, "restart").unwrap(), "Your role here is viewer; an owner of the team can make you operator.");
    assert_eq!(why(&facts, Role::Owner, "resume").unwrap(), "It is not held.");
    assert_eq!(why(&facts, Role::Owner, "rollback"), None);
    assert!(why(&app_of(Kind::DaemonSet, 1, Vec::new()), Role::Owner, "scale").unwrap().contains("one pod on each node"));
    assert!(why(&job(|_| {}, Vec::new()), Role::Owner, "restart").unwrap().contains("cannot be restarted"));
    assert!(why(&app_of(Kind::StatefulSet, 1, Vec::new()), Role::Owner, "pause").unwrap().contains("cannot be held"));
}

#[test]
fn a_story_is_told_in_order() {
    let mut facts = app(2, vec![ready("aaaaa"), crashing("bbbbb", end(137, "OOMKilled"))]);
    facts.replica_sets.iter_mut().for_each(|s| Arc::make_mut(s).change_cause = Some("fix scrape timeout".into()));
    let story: Vec<_> = story(&facts, NOW).into_iter().map(|h| format!("{} {}", h.tone, h.sentence)).collect();
    assert_eq!(
        story,
        [
            "change Revision 2 changed the image from shop:1 to shop:2 by kubectl: “fix scrape timeout”.",
            "ok aaaaa was ready 60 s after its start.",
            "bad Container main of pod bbbbb was killed at its 64 Mi memory limit after 12 min (OOMKilled, exit 137). That was its 5th end.",
        ]
    );
}

fn first_step(facts: &AppFacts) -> String {
    story(facts, NOW).first().map(|h| format!("{} {} {}", NOW.since(h.at) / MIN, h.tone, h.sentence)).unwrap_or_default()
}

#[test]
fn the_story_of_a_roll_back_names_its_moment_and_who_asked_for_it() {
    let mut facts = change(app(1, vec![ready("aaaaa")]), |w| {
        w.revision = Some(3);
        w.changed = Some((ago(15 * MIN), "quayside".into()));
        w.portal_change = Some(PortalChange { at: ago(16 * MIN), by: "Ilse Brandt".into(), action: PortalAction::Rollback { to: 1 }, revision: Some(3) });
    });
    let new = Arc::make_mut(&mut facts.replica_sets[0]);
    (new.revision, new.reused, new.created, new.images) = (3, true, ago(60 * MIN), vec!["shop:1".into()]);
    Arc::make_mut(&mut facts.replica_sets[1]).images = vec!["shop:2".into()];
    assert_eq!(first_step(&facts), "16 change Revision 3 went back to revision 1 and changed the image from shop:2 to shop:1 by Ilse Brandt.");

    // By somebody else, and the mark is of an earlier revision: the events of the rollout tell the moment.
    let mut beside = change(facts, |w| {
        w.revision = Some(5);
        w.changed = Some((ago(12 * MIN), "kubectl-rollout".into()));
    });
    Arc::make_mut(&mut beside.replica_sets[0]).revision = 5;
    assert!(!first_step(&beside).contains("Revision"), "without a trace, nothing is told: {}", first_step(&beside));
    let scaled = |message: &str| {
        let mut e = event("Deployment", "shop", "ScalingReplicaSet", message);
        (Arc::make_mut(&mut e).last, Arc::make_mut(&mut e).warning) = (ago(12 * MIN), false);
        e
    };
    beside.events = vec![scaled("Scaled up replica set shop-new from 0 to 1")];
    assert!(!first_step(&beside).contains("Revision"), "it was only scaled: {}", first_step(&beside));
    beside.events.push(scaled("Scaled down replica set shop-old from 1 to 0"));
    assert_eq!(first_step(&beside), "12 change Revision 5 changed the image from shop:2 to shop:1 by kubectl-rollout.");
}

#[test]
fn a_restart_is_told_with_the_person_and_not_with_the_portal() {
    let by_ilse = |w: &mut Workload, at, revision| {
        w.changed = Some((ago(20 * MIN), "quayside".into()));
        w.portal_change = Some(PortalChange { at, by: "Ilse Brandt".into(), action: PortalAction::Restart, revision });
    };
    let mut facts = change(app(1, vec![ready("aaaaa")]), |w| by_ilse(w, ago(20 * MIN), Some(2)));
    Arc::make_mut(&mut facts.replica_sets[0]).change_cause = Some("of the revision before".into());
    assert_eq!(first_step(&facts), "20 change Revision 2 is a restart by Ilse Brandt.");
    let unknown = change(facts, |w| by_ilse(w, ago(90 * MIN), Some(1)));
    assert_eq!(first_step(&unknown), "20 change Revision 2 changed the image from shop:1 to shop:2: \u{201c}of the revision before\u{201d}.");
    let set = |at| change(app_of(Kind::StatefulSet, 1, vec![ready("aaaaa")]), |w| by_ilse(w, at, None));
    assert_eq!(first_step(&set(ago(20 * MIN))), "20 change Stateful set shop was restarted by Ilse Brandt.");
    assert_eq!(first_step(&set(ago(90 * MIN))), "20 change Stateful set shop was changed.");
}

#[test]
fn pods_that_go_by_intent_leave_no_warning_in_the_story() {
    let mut ending = unready("bbbbb");
    ending.deleting = Some(ago(2 * MIN));
    ending.containers[0].state = ContainerState::Ended(Ended { finished: Some(ago(MIN)), ..end(143, "Error") });
    let mut facts = app(1, vec![ready("aaaaa"), ending]);
    let failed = |pod: &str| event("Pod", pod, "Unhealthy", "Readiness probe failed: Get \"http://10.0.0.1:8080/healthy\": connection refused");
    facts.events = ["shop-new-bbbbb", "shop-old-ccccc"].map(failed).into();
    let tones = |facts: &AppFacts| story(facts, NOW).into_iter().map(|h| h.tone).collect::<Vec<_>>();
    assert_eq!(tones(&facts), ["change", "ok"]);
    facts.events.push(failed("shop-new-aaaaa"));
    assert_eq!(tones(&facts), ["change", "ok", "warn"], "of a pod that stays it is told");
}

#[test]
fn what_to_do_about_a_refused_image_can_be_done_word_by_word() {
    let refused = |kind, f: &dyn Fn(&mut Pod)| {
        let mut pod = waiting("aaaaa", "ErrImagePull", "failed to resolve reference: 401 Unauthorized");
        pod.containers[0].image = "registry.example.org/shop:2".into();
        f(&mut pod);
        let facts = app_of(kind, 1, vec![pod]);
        (pod_status(&facts.pods[0], &facts, NOW), facts)
    };
    let (none, _) = refused(Kind::Deployment, &|_| {});
    assert!(
        none.sentence.ends_with(r#"Create pull secret shop-registry for registry.example.org, then name it in the app with kubectl -n web patch deployment shop -p '{"spec":{"template":{"spec":{"imagePullSecrets":[{"name":"shop-registry"}]}}}}'."#),
        "{}",
        none.sentence
    );
    assert!(none.evidence.iter().any(|e| matches!(e, Evidence::Object { path, .. } if path == "/new-secret/web?kind=docker-registry&name=shop-registry")));
    let (cron, _) = refused(Kind::CronJob, &|_| {});
    assert!(cron.sentence.contains(r#"patch cronjob shop -p '{"spec":{"jobTemplate":{"spec":{"template":{"spec":{"imagePullSecrets""#), "{}", cron.sentence);
    // A service account brings secrets that stand in the pod only.
    let (named, mut facts) = refused(Kind::Deployment, &|p| p.pull_secrets = vec!["team-registry".into()]);
    assert!(
        named.sentence.contains(
            "with the credentials of pull secret team-registry (401 Unauthorized). See that secret team-registry has an entry for registry.example.org"
        )
    );
    facts.events = vec![event(
        "Pod",
        "shop-new-aaaaa",
        "FailedToRetrieveImagePullSecret",
        "Unable to retrieve some image pull secrets (team-registry); attempting to pull the image may not succeed.",
    )];
    assert!(
        pod_status(&facts.pods[0], &facts, NOW).sentence.contains("pull secret team-registry does not exist. Create pull secret team-registry with user name")
    );
}

#[test]
fn pips_stand_for_pods() {
    use crate::view::Pip;
    let facts = app(4, vec![ready("aaaaa"), crashing("bbbbb", end(1, "Error")), unready("ccccc")]);
    assert_eq!(row(&facts, None, Usage::default(), NOW).pips, [Pip::Ready, Pip::Failing, Pip::NotReady, Pip::Missing]);
    let many = app(500, (0..500).map(|i| ready(&format!("a{i:04}"))).collect());
    assert_eq!(row(&many, None, Usage::default(), NOW).pips.len(), 8);
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
        pod.containers[0].last = Some(Ended { reason: reason.clone(), message: message.clone(), exit_code: code, signal: None, started: Some(at(0)), finished: Some(at(1)) });
        pod.created = at(2);
        let mut facts = app(2, vec![pod, unplaced(&message), unready("bbbbb")]);
        facts.events = ["Pod", "Deployment"].iter().map(|k| event(k, "shop-new-aaaaa", &event_reason, &message)).collect();
        let facts = change(facts, |w| w.conditions.push(Condition { kind: "ReplicaFailure".into(), status: Some(true), reason: String::new(), message: message.clone(), since: None }));
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
