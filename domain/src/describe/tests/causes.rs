//! Causes that are told as codes, and what must not be said beside them.

use super::*;

fn code(facts: &AppFacts) -> String {
    status(facts, NOW).code.map(String::from).unwrap_or_default()
}

/// A pod whose sidecar `proxy` is so, before a main container that runs.
fn with_sidecar(f: impl FnOnce(&mut Pod)) -> Pod {
    let mut pod = unready("aaaaa");
    let proxy = Container { name: "proxy".into(), sidecar: true, ..pod.containers[0].clone() };
    pod.containers.insert(0, proxy);
    f(&mut pod);
    pod
}

fn app_with_sidecar(pod: Pod, f: impl FnOnce(&mut ContainerSpec)) -> AppFacts {
    change(app(1, vec![pod]), |w| {
        let mut proxy = ContainerSpec { name: "proxy".into(), sidecar: true, readiness: None, ..spec() };
        f(&mut proxy);
        w.containers.insert(0, proxy);
    })
}

#[test]
fn a_sidecar_that_its_startup_probe_kills_is_judged_as_a_container() {
    let pod = with_sidecar(|p| {
        p.containers[0].started = false;
        p.containers[0].restarts = 5;
        p.containers[0].last = Some(Ended { started: Some(ago(MIN)), finished: Some(ago(MIN / 2)), ..end(137, "Error") });
        p.containers[0].state = ContainerState::Running { since: Some(ago(2_000)) };
        p.containers[1].state = ContainerState::Waiting { reason: "PodInitializing".into(), message: String::new() };
    });
    let mut facts = app_with_sidecar(pod, |s| s.startup = Some(Probe { what: "GET /healthy on 9999".into(), port: "9999".into(), ..spec().liveness.unwrap() }));
    let mut killing = event("Pod", "shop-new-aaaaa", "Killing", "Init container proxy failed startup probe");
    Arc::make_mut(&mut killing).container = Some("proxy".into());
    facts.events = vec![killing, event("Pod", "shop-new-aaaaa", "Unhealthy", "Startup probe failed: HTTP probe failed with statuscode: 503")];
    says(&facts, Word::Failing, "startup 503", "Sidecar proxy was killed after 30 s, 30 s ago because its startup probe GET /healthy on 9999 returned 503");
}

#[test]
fn a_sidecar_that_is_not_ready_keeps_no_container_from_starting() {
    let pod = with_sidecar(|p| {
        p.containers[1].ready = true;
        p.conditions.iter_mut().filter(|c| c.kind == ConditionType::ContainersReady).for_each(|c| c.since = Some(ago(5 * MIN)));
    });
    let facts = app_with_sidecar(pod, |s| s.readiness = spec().readiness);
    says(&facts, Word::Failing, "not ready", "Sidecar proxy has been running for 15 min without passing its readiness probe GET /healthy on 8080");
    assert!(!told(&facts).2.contains("other containers"), "{}", told(&facts).2);
    let r = row(&facts, None, Usage::default(), NOW);
    assert_eq!(r.images.first().map(String::as_str), Some("shop:2"), "the main container's image is first");
    let d = page(&facts, Role::Viewer);
    assert_eq!(d.pods[0].containers.iter().map(|c| (c.sidecar, c.init)).collect::<Vec<_>>(), [(true, false), (false, false)]);
}

#[test]
fn a_sidecar_in_a_crash_loop_does_not_flap_between_its_ends() {
    let pod = with_sidecar(|p| {
        for c in &mut p.containers {
            c.ready = true;
        }
        p.conditions.iter_mut().for_each(|c| c.status = Some(true));
        p.containers[0].restarts = 6;
        p.containers[0].last = Some(Ended { started: Some(ago(3 * MIN)), finished: Some(ago(3 * MIN - 2_000)), ..end(3, "Error") });
        p.containers[0].state = ContainerState::Running { since: Some(ago(1_000)) };
    });
    says(&app_with_sidecar(pod, |_| {}), Word::Failing, "exit 3, 6 restarts", "Sidecar proxy exited with code 3");
}

#[test]
fn the_end_of_a_job_is_that_of_its_container_and_not_of_its_sidecar() {
    let pod = with_sidecar(|p| {
        p.phase = "Failed".into();
        p.containers[0].state = ContainerState::Ended(Ended { finished: Some(ago(MIN)), ..end(143, "Error") });
        p.containers[1].state = ContainerState::Ended(end(4, "Error"));
    });
    says(&job(|j| j.failed = 1, vec![pod.clone()]), Word::Failing, "exit code 4", "Container main exited with code 4");
    let story = story(&job(|j| j.failed = 1, vec![pod]), NOW);
    assert!(story.iter().all(|h| !h.sentence.contains("143")), "{story:?}");
}

#[test]
fn a_failed_post_start_hook_is_told_and_not_a_kill_from_outside() {
    let mut facts = change(app(1, vec![crashing("aaaaa", end(137, "Error"))]), |w| w.containers[0].post_start = Some("command sh -c exit 3".into()));
    facts.events = vec![event("Pod", "shop-new-aaaaa", "FailedPostStartHook", "PostStartHook failed")];
    says(
        &facts,
        Word::Failing,
        "postStart hook fails",
        "Container main was killed after 12 min, 2 min ago because its postStart hook (command sh -c exit 3) failed. Restarted 4 times",
    );
    assert_eq!(code(&facts), "post_start_hook_failed");
    let message =
        "Exec lifecycle hook ([sh -c exit 3]) for Container \"main\" in Pod \"x\" failed - error: command 'sh -c exit 3' exited with 3: , message: \"\"";
    let mut now = app(1, vec![waiting("aaaaa", "PostStartHookError", message)]);
    Arc::make_mut(&mut now.pods[0]).containers[0].last = Some(end(137, "Error"));
    says(&now, Word::Failing, "postStart hook fails", "because its postStart hook exited with code 3.");
}

#[test]
fn a_probe_at_the_wrong_port_is_told_with_the_ports_that_are_known() {
    let refused = |kind: &str| {
        event(
            "Pod",
            "shop-new-aaaaa",
            "Unhealthy",
            &format!("{kind} probe failed: Get \"http://10.0.0.1:8080/live\": dial tcp 10.0.0.1:8080: connect: connection refused"),
        )
    };
    let mut facts = change(app(1, vec![crashing("aaaaa", end(137, "Error"))]), |w| {
        let c = &mut w.containers[0];
        c.ports = vec![(None, 80, "TCP".into())];
        c.readiness = c.readiness.take().map(|p| Probe { port: "9090".into(), ..p });
    });
    facts.events = vec![event("Pod", "shop-new-aaaaa", "Killing", "Container main failed liveness probe, will be restarted"), refused("Liveness")];
    says(
        &facts,
        Word::Failing,
        "liveness: wrong port",
        "was refused: nothing listens on port 8080; the container declares port 80, and its readiness probe uses 9090.",
    );
    assert!(!told(&facts).2.contains("startup probe"), "{}", told(&facts).2);
    let declared = change(facts, |w| w.containers[0].ports = vec![(None, 8080, "TCP".into())]);
    says(&declared, Word::Failing, "liveness refused", "nothing listens on port 8080");
}

fn evicted(name: &str, minutes: i64) -> Pod {
    let mut pod = unready(name);
    (pod.phase, pod.reason, pod.message) = ("Failed".into(), "Evicted".into(), "Usage of EmptyDir volume \"work\" exceeds the limit \"10Mi\". ".into());
    pod.containers[0].state = ContainerState::Ended(Ended { finished: Some(ago(minutes * MIN)), ..end(137, "Error") });
    pod
}

#[test]
fn one_eviction_is_history_and_many_are_a_failure() {
    let once = app(1, vec![ready("aaaaa"), evicted("bbbbb", 6)]);
    says(&once, Word::Running, "ready", "1 of 1 ready.");
    let remarks = row(&once, None, Usage::default(), NOW).remarks;
    assert_eq!(remarks.len(), 1, "{remarks:?}");
    assert_eq!(remarks[0].text, "Pod bbbbb was evicted 6 min ago: its emptyDir volume work exceeded its sizeLimit of 10Mi. Replaced, and fine since.");
    let names = ["bbbbb", "ccccc", "ddddd", "eeeee", "fffff", "ggggg", "hhhhh"];
    let pods = || names.iter().zip(1..).map(|(n, m)| evicted(n, m)).collect::<Vec<_>>();
    let with = |pod| app(1, [vec![pod], pods()].concat());
    let facts = with(ready("aaaaa"));
    says(
        &facts,
        Word::Failing,
        "7 evictions",
        "7 pods were evicted in 6 min, most recently 60 s ago: its emptyDir volume work exceeded its sizeLimit of 10Mi. Raise the sizeLimit of volume work",
    );
    let told: Vec<_> = story(&facts, NOW).into_iter().map(|h| h.sentence).collect();
    assert!(told.iter().all(|s| !s.contains("killed from outside")), "{told:?}");
    assert_eq!(told.iter().filter(|s| s.contains("evicted")).count(), 1, "{told:?}");
    let mut young = unready("aaaaa");
    young.created = ago(5_000);
    young.containers[0].state = ContainerState::Waiting { reason: "ContainerCreating".into(), message: String::new() };
    says(&with(young), Word::Failing, "7 evictions", "7 pods were evicted");
    // A node that runs low takes all pods of an app at once; they are well again elsewhere.
    let spread = ["bbbbb", "ccccc", "ddddd"].map(|n| evicted(n, 5));
    says(&app(3, [vec![ready("k"), ready("l"), ready("m")], spread.to_vec()].concat()), Word::Running, "all 3 ready", "All 3 pods are ready.");
}

#[test]
fn two_revisions_that_fail_are_told() {
    let facts = app(1, vec![crashing("aaaaa", end(1, "Error")), old(crashing("bbbbb", end(2, "Error")))]);
    says(&facts, Word::Failing, "exit 1, 4 restarts", "Pods of revision 1 fail too, so rolling back to it won't help.");
    let serves = app(1, vec![crashing("aaaaa", end(1, "Error")), old(ready("bbbbb"))]);
    assert!(!told(&serves).2.contains("rolling back"), "{}", told(&serves).2);
}

fn ending(mut pod: Pod, seconds: i64, finalizers: &[&str]) -> Pod {
    pod.deleting = Some(ago(seconds * 1000));
    pod.ending = Some(Box::new(Ending { grace_s: 30, finalizers: finalizers.iter().map(|f| (*f).to_owned()).collect() }));
    pod.containers[0].state = ContainerState::Ended(end(0, "Completed"));
    pod
}

#[test]
fn what_was_deleted_and_is_still_there_says_who_holds_it() {
    let deleted = |seconds: i64, finalizers: &[&str], pods| {
        change(app(1, pods), |w| w.deletion = Some(Deletion { at: ago(seconds * 1000), finalizers: finalizers.iter().map(|f| (*f).to_owned()).collect() }))
    };
    let held = deleted(360, &["example.org/keep"], vec![ready("aaaaa")]);
    says(&held, Word::Degraded, "deletion is blocked", "Deleted 6 min ago, but finalizer example.org/keep blocks the deletion. Its pod still exists.");
    assert_eq!(code(&held), "deletion_held");
    let going = deleted(5, &["foregroundDeletion"], vec![ending(ready("aaaaa"), 5, &[])]);
    says(&going, Word::Progressing, "deleting", "Deleted 5 s ago; waiting for 1 pod to terminate.");
    let stuck = deleted(400, &["foregroundDeletion"], vec![ending(ready("aaaaa"), 390, &["example.org/keep"])]);
    says(&stuck, Word::Degraded, "deletion is stuck", "Pod aaaaa was told to terminate 7 min ago, but finalizer example.org/keep blocks its deletion.");
}

#[test]
fn pods_that_do_not_end_are_told_with_what_holds_them() {
    let pod = |seconds, finalizers: &[&str]| {
        let facts = app(1, vec![ready("bbbbb"), ending(ready("aaaaa"), seconds, finalizers)]);
        (pod_status(&facts.pods[1], &facts, NOW), facts)
    };
    let (held, facts) = pod(60, &["example.org/keep"]);
    assert_eq!((held.word, held.reason.as_str()), (Word::Degraded, "finalizer blocks pod"), "{}", held.sentence);
    assert_eq!((told(&facts).0, told(&facts).1.as_str()), (Word::Running, "an old pod won't stop"));
    assert!(told(&facts).2.contains("finalizer example.org/keep blocks its deletion"), "{}", told(&facts).2);
    let (silent, _) = pod(300, &[]);
    assert!(silent.sentence.ends_with("but still exists. Check whether node node-1 is responding."), "{}", silent.sentence);
    assert_eq!(pod(60, &[]).0.reason, "terminating", "it has its time");
    assert_eq!(pod(60, &["batch.kubernetes.io/job-tracking"]).0.reason, "terminating", "Kubernetes takes off its own");
    // One that takes the place of its successor is a failure.
    let only = app_of(Kind::StatefulSet, 1, vec![ending(ready("aaaaa"), 300, &["example.org/keep"])]);
    says(&only, Word::Failing, "finalizer blocks pod", "an old one blocks its replacement.");
}

#[test]
fn a_partition_holds_an_update_and_is_no_rollout_for_good() {
    let set = |partition, pods: Vec<Pod>| {
        change(app_of(Kind::StatefulSet, 3, pods), |w| w.update = Update { partition, revision: Some("new".into()), parallel: false })
    };
    let one_new = || vec![old(ready("0")), old(ready("1")), ready("2")];
    says(
        &set(2, one_new()),
        Word::Paused,
        "paused at partition 2",
        "The update is paused at partition 2: 1 pod updated, 2 keep the old template until you lower the partition.",
    );
    says(&set(0, one_new()), Word::Progressing, "1 of 3 pods updated", "Rolling out");
    says(&set(1, one_new()), Word::Progressing, "1 of 3 pods updated", "Rolling out");
    let none = || vec![old(ready("0")), old(ready("1")), old(ready("2"))];
    says(&set(3, none()), Word::Paused, "paused at partition 3", "partition 3 isn't below its 3 pods, so none of them gets the new template.");
    says(&set(2, vec![ready("0"), ready("1"), ready("2")]), Word::Running, "all 3 ready", "All 3 pods are ready.");
}

#[test]
fn a_stateful_set_does_not_replace_a_pod_of_a_bad_template() {
    let mut bad = old(waiting("1", "ErrImagePull", "rpc error: code = NotFound desc = failed to pull and unpack image: not found"));
    bad.name = "shop-1".into();
    let set = |parallel| {
        change(app_of(Kind::StatefulSet, 2, vec![ready("0"), bad.clone()]), |w| w.update = Update { partition: 0, revision: Some("new".into()), parallel })
    };
    let facts = set(false);
    says(
        &facts,
        Word::Degraded,
        "image not found",
        "Pod shop-1 still runs an older template, and a stateful set doesn't replace a pod that isn't ready. Delete pod shop-1 to update it.",
    );
    assert!(!told(&facts).2.contains("Correct the name"), "{}", told(&facts).2);
    assert!(told(&set(true)).2.contains("Correct the name"), "where pods do not wait for each other it is replaced");
}

#[test]
fn nodes_are_told_with_the_labels_sizes_and_devices_that_the_pod_asks_for() {
    let asks = |told: &str, f: &dyn Fn(&mut Asks)| {
        let mut pod = unplaced(told);
        let mut asks = Asks { requests: vec![("cpu".into(), "3000m".into()), ("nvidia.com/gpu".into(), "1".into())], ..Asks::default() };
        f(&mut asks);
        pod.asks = Some(Box::new(asks));
        app(1, vec![pod])
    };
    let hopeless = " preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.";
    let selector =
        asks(&format!("0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector. no new claims to deallocate,{hopeless}"), &|a| {
            a.labels = vec![Wish { key: "disk".into(), operator: "In".into(), values: vec!["nvme".into()], alternative: 0 }];
        });
    says(
        &selector,
        Word::Failing,
        "no node matches selector",
        "the only node doesn't match its node selector or affinity (disk=nvme). Correct the node selector or affinity, or label a node disk=nvme.",
    );
    let never = asks(&format!("0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate,{hopeless}"), &|_| {});
    says(
        &never,
        Word::Failing,
        "nodes too small: CPU",
        "the only node is too small for the 3 cores of CPU it requests. Lower the CPU request, or ask for a larger node.",
    );
    let full =
        asks("0/1 nodes are available: 1 Insufficient cpu. preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.", &|_| {});
    says(&full, Word::Failing, "too little CPU free", "has too little CPU free for the 3 cores it requests. Lower the CPU request, or free CPU on a node.");
    let gpu = asks(&format!("0/1 nodes are available: 1 Insufficient nvidia.com/gpu.{hopeless}"), &|_| {});
    says(&gpu, Word::Failing, "no node has these GPUs", "has too few GPUs (nvidia.com/gpu) for the 1 it requests.");
    let both = asks(
        "0/3 nodes are available: 1 Insufficient cpu, 2 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }. preemption: 0/3 nodes are available: 1 No preemption victims found for incoming pod, 2 Preemption is not helpful for scheduling.",
        &|_| {},
    );
    says(&both, Word::Failing, "too little CPU free", "None of 3 nodes can fit pod p8w6d: 1 has too little CPU free");
    let daemon = change(asks("0/5 nodes are available: 1 Insufficient cpu, 4 node(s) didn't satisfy plugin(s) [NodeAffinity].", &|_| {}), |w| {
        w.id.kind = Kind::DaemonSet
    });
    says(&daemon, Word::Failing, "too little CPU free", "too little CPU free");
    assert!(!told(&daemon).2.contains("affinity"), "a daemon set's pod is for one node: {}", told(&daemon).2);
}

#[test]
fn a_limit_without_a_request_is_the_request() {
    let told = "0/1 nodes are available: 1 Insufficient cpu. preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.";
    let facts = change(app(1, vec![unplaced(told)]), |w| (w.containers[0].cpu_request, w.containers[0].cpu_limit) = (None, Some(MilliCpu(900))));
    says(&facts, Word::Failing, "too little CPU free", "for the 900m it requests");
}

#[test]
fn a_pod_that_had_to_make_room_is_told() {
    let mut facts = app(
        1,
        vec![unplaced("0/1 nodes are available: 1 Insufficient cpu. preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.")],
    );
    facts.events = vec![event("Pod", "shop-new-zzzzz", "Preempted", "Preempted by pod 8c1f on node node-1")];
    says(
        &facts,
        Word::Failing,
        "preempted",
        "A pod with higher priority preempted one of this app 2 min ago. No node can fit its replacement, pod p8w6d: the only node has too little CPU free",
    );
    assert_eq!(code(&facts), "preempted");
}

#[test]
fn no_scheduler_for_long_is_no_wait_for_good() {
    let mut pod = unplaced("");
    pod.conditions.clear();
    pod.asks = Some(Box::new(Asks { scheduler: Some("volcano".into()), ..Asks::default() }));
    says(&app(1, vec![pod]), Word::Failing, "not scheduled", "has waited 16 min for scheduler volcano");
}

#[test]
fn an_image_without_a_host_is_named_and_not_its_host() {
    let message = "failed to pull and unpack image \"docker.io/yourcompany/crw:latest\": dial tcp: lookup registry-1.docker.io: no such host";
    let mut facts = app(1, vec![waiting("aaaaa", "ErrImagePull", message)]);
    facts.pods.iter_mut().for_each(|p| Arc::make_mut(p).containers[0].image = "yourcompany/crw:latest".into());
    says(&facts, Word::Failing, "Docker Hub unreachable", "yourcompany/crw:latest names no registry, which means Docker Hub (docker.io)");
    assert!(!told(&facts).2.contains("Correct the host"), "{}", told(&facts).2);
}

#[test]
fn a_webhook_that_does_not_answer_is_named_with_its_service() {
    let refused = |message: &str| {
        change(app(1, Vec::new()), |w| {
            let message =
                format!("Internal error occurred: failed calling webhook \"{}policy.example.org\": failed to call webhook: {message}", "long.".repeat(30));
            w.conditions.push(Condition { kind: "ReplicaFailure".into(), status: Some(true), reason: "FailedCreate".into(), message, since: Some(ago(MIN)) });
        })
    };
    let post = "Post \"https://nowhere.default.svc:443/check?timeout=10s\":";
    says(&refused(&format!("{post} service \"nowhere\" not found")), Word::Failing, "admission webhook down", "and its service nowhere.default doesn't exist.");
    says(
        &refused(&format!("{post} context deadline exceeded")),
        Word::Failing,
        "admission webhook down",
        "its service nowhere.default doesn't answer in time.",
    );
    says(&refused(&format!("{post} no endpoints available for service \"nowhere\"")), Word::Failing, "admission webhook down", "has no ready pods.");
}

#[test]
fn a_crash_loop_fails_since_it_began_and_not_since_its_last_end() {
    let mut facts = app(1, vec![crashing("aaaaa", Ended { started: Some(ago(2 * MIN)), ..end(1, "Error") })]);
    let mut held_back = event("Pod", "shop-new-aaaaa", "BackOff", "Back-off restarting failed container main in pod shop-new-aaaaa_web(u)");
    (Arc::make_mut(&mut held_back).first, Arc::make_mut(&mut held_back).count) = (ago(50 * MIN), 200);
    facts.events = vec![held_back];
    Arc::make_mut(&mut facts.pods[0]).conditions.iter_mut().for_each(|c| c.since = Some(ago(2 * MIN)));
    assert_eq!(status(&facts, NOW).since, Some(ago(50 * MIN)));
    assert!(story(&facts, NOW).iter().any(|h| h.at == ago(2 * MIN) && h.sentence.contains("5th crash")), "the story tells the last end at its time");
    // It had run for an hour before: it fails since now.
    Arc::make_mut(&mut facts.pods[0]).containers[0].last = Some(Ended { started: Some(ago(62 * MIN)), ..end(1, "Error") });
    assert_eq!(status(&facts, NOW).since, Some(ago(2 * MIN)));
    // Its probe kills it every quarter of an hour, and it was never ready.
    let pod = Arc::make_mut(&mut facts.pods[0]);
    pod.containers[0].last = Some(Ended { started: Some(ago(17 * MIN)), ..end(137, "Error") });
    pod.conditions.iter_mut().filter(|c| c.kind != ConditionType::PodScheduled).for_each(|c| (c.status, c.since) = (Some(false), Some(ago(90 * MIN))));
    assert_eq!(status(&facts, NOW).since, Some(ago(90 * MIN)), "as long as it has not been ready");
}

#[test]
fn the_story_tells_once_what_happened_to_many_pods() {
    let pods: Vec<_> = ["aaaaa", "bbbbb", "ccccc"].iter().map(|n| crashing(n, end(1, "Error"))).collect();
    let told: Vec<_> = story(&app(3, pods), NOW).into_iter().map(|h| h.sentence).collect();
    assert_eq!(told.iter().filter(|s| s.contains("exited with code 1")).count(), 1, "{told:?}");
    assert!(told.iter().any(|s| s.ends_with("Same in 2 more pods.")), "{told:?}");
}

#[test]
fn what_ended_well_is_not_red_and_a_first_readiness_is_no_second_one() {
    let mut pod = ready("aaaaa");
    pod.containers[0].restarts = 2;
    let mut init = pod.containers[0].clone();
    (init.name, init.init, init.restarts) = ("migrate".into(), true, 1);
    init.state = ContainerState::Ended(Ended { finished: Some(ago(15 * MIN)), ..end(0, "Completed") });
    pod.containers.insert(0, init);
    let told: Vec<_> = story(&app(1, vec![pod]), NOW).into_iter().map(|h| format!("{} {}", h.tone.slug(), h.sentence)).collect();
    assert!(told.iter().all(|s| !s.starts_with("bad")), "{told:?}");
    assert!(told.contains(&"ok aaaaa became ready after 60 s and 3 restarts.".to_owned()), "{told:?}");
}

#[test]
fn an_event_that_ends_in_a_colon_is_a_whole_sentence() {
    let mut facts = app(1, vec![ready("aaaaa")]);
    facts.events = vec![event("Pod", "shop-new-aaaaa", "Unhealthy", "Liveness probe failed: ")];
    let told: Vec<_> = story(&facts, NOW).into_iter().map(|h| h.sentence).collect();
    assert!(told.iter().any(|s| s.starts_with("aaaaa: Liveness probe failed (5 times")), "{told:?}");
}

#[test]
fn a_daemon_set_without_nodes_is_not_told_to_scale_up() {
    let facts = app_of(Kind::DaemonSet, 0, Vec::new());
    let why = page(&facts, Role::Owner).actions[&Action::Restart].clone().unwrap();
    assert!(why.contains("No node matches") && !why.contains("scale"), "{why}");
}

#[test]
fn a_liveness_probe_that_fails_below_its_threshold_is_a_remark() {
    let fails = |count: u32, seconds: i64, threshold: u32| {
        let mut facts = change(app(1, vec![ready("aaaaa")]), |w| {
            let c = &mut w.containers[0];
            c.liveness = c.liveness.take().map(|p| Probe { failure_threshold: threshold, ..p });
        });
        let mut e = event("Pod", "shop-new-aaaaa", "Unhealthy", "Liveness probe failed: HTTP probe failed with statuscode: 503");
        (Arc::make_mut(&mut e).count, Arc::make_mut(&mut e).last) = (count, ago(seconds * 1000));
        facts.events = vec![e];
        says(&facts, Word::Running, "ready", "1 of 1 ready.");
        row(&facts, None, Usage::default(), NOW).remarks.into_iter().map(|r| r.text).collect::<Vec<_>>()
    };
    assert_eq!(
        fails(40, 200, 1000),
        [
            "The liveness probe GET /live on 8080 of container main returned 503, 40 times so far; Kubernetes restarts the container after 1000 failures in a row."
        ]
    );
    assert_eq!(fails(4, 10, 1000).len(), 1);
    assert!(fails(1, 10, 1000).is_empty(), "one is a hiccup");
    assert!(fails(4, 120, 1000).is_empty(), "it is well again");
    assert!(fails(40, 200, 3).is_empty(), "those were of earlier restarts");
}

#[test]
fn a_mount_of_a_part_that_its_volume_does_not_have_names_the_part() {
    let message = "failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: error mounting \"/var/lib/kubelet/pods/df577517-faf1-4ac9-8b22-8247c2053a10/volume-subpaths/settings/main/0\" to rootfs at \"/etc/shop/settings.properties\": mount src: not a directory: unknown";
    let ended = Ended { message: message.into(), ..end(128, "StartError") };
    let facts = change(app(1, vec![crashing("aaaaa", ended)]), |w| {
        w.containers[0].sub_paths = vec![SubPath { path: "/etc/shop/settings.properties".into(), volume: "settings".into(), part: "shop.properties".into() }];
    });
    says(
        &facts,
        Word::Failing,
        "mounted key is missing",
        "volume settings doesn't have shop.properties, so an empty directory is mounted at /etc/shop/settings.properties, where the image has a file",
    );
}

#[test]
fn all_that_is_missing_is_named_at_once() {
    let reference = |name: &str, key: &str, how: &str| Reference { name: name.into(), key: Some(key.into()), how: how.into(), optional: false };
    let missing = |secret, name: &str, key: Option<&str>, how: &str| MissingReference { secret, name: name.into(), key: key.map(Into::into), how: how.into() };
    let mut facts = change(app(1, vec![waiting("aaaaa", "CreateContainerConfigError", "couldn't find key password in Secret web/shop-db")]), |w| {
        w.secrets = vec![reference("shop-db", "password", "env DB_PASSWORD"), reference("shop-db", "host", "env DB_HOST")];
        w.config_maps = vec![reference("settings", "language", "env LANGUAGE")];
    });
    assert!(waits_for(&facts).is_some());
    says(&facts, Word::Failing, "secret key missing", "secret shop-db has no key password (env DB_PASSWORD)");
    facts.missing = Arc::new(vec![
        missing(true, "shop-db", Some("password"), "env DB_PASSWORD"),
        missing(true, "shop-db", Some("host"), "env DB_HOST"),
        missing(false, "settings", None, "env LANGUAGE"),
    ]);
    says(
        &facts,
        Word::Failing,
        "3 references missing",
        "Container main is waiting for 3 missing references: secret shop-db has no key password (env DB_PASSWORD), secret shop-db has no key host (env DB_HOST), and config map settings doesn't exist (env LANGUAGE). Create or complete config map settings and secret shop-db.",
    );
    assert!(waits_for(&app(1, vec![ready("aaaaa")])).is_none());
}

#[test]
fn a_pod_of_a_controller_that_is_no_app_names_it_where_it_cannot_be_restarted_or_scaled() {
    let why = |owner: Option<&str>, action: Action| {
        let pod = Pod { owner: owner.map(str::to_owned), ..unready("aaaaa") };
        page(&app_of(Kind::Pod, 1, vec![pod]), Role::Owner).actions[&action].clone().unwrap()
    };
    assert_eq!(why(Some("shop-1"), Action::Restart), "Its controller shop-1 replaces it when it's deleted. Delete it instead.");
    assert_eq!(why(Some("shop-1"), Action::Scale), "Its controller shop-1 decides how many pods there are.");
    assert_eq!(why(None, Action::Restart), "Single pods can't be restarted. Delete it and create it again.");
}
