//! Words and sentences of apps and pods.

use super::*;

#[test]
fn a_stuck_rollout_is_degraded_while_old_pods_serve() {
    let pods = vec![old(ready("aaaaa")), old(ready("bbbbb")), crashing("ccccc", end(1, "Error"))];
    let facts = app(2, pods);
    says(
        &facts,
        Word::Degraded,
        "exit 1, 4 restarts",
        "The rollout of revision 2 is stuck at 1 of 2 pods; 2 pods still serving. Container main of pod ccccc exited with code 1",
    );
    let gone = app(2, vec![crashing("aaaaa", end(1, "Error")), crashing("bbbbb", end(1, "Error"))]);
    says(&gone, Word::Failing, "exit 1, 4 restarts", "None of 2 pods are ready.");
}

#[test]
fn a_rollout_within_its_time_is_progressing() {
    let mut young = unready("ccccc");
    young.created = ago(10_000);
    young.containers[0].state = ContainerState::Running { since: Some(ago(8_000)) };
    young.conditions.iter_mut().for_each(|c| c.since = Some(ago(10_000)));
    let facts = app(3, vec![old(ready("aaaaa")), old(ready("bbbbb")), ready("ddddd"), young]);
    says(&facts, Word::Progressing, "2 of 3 pods updated", "2 of 3 pods updated, 3 ready.");
}

#[test]
fn one_pod_of_three_down_is_degraded() {
    let facts = app(3, vec![ready("aaaaa"), ready("bbbbb"), crashing("ccccc", end(139, "Error"))]);
    says(
        &facts,
        Word::Degraded,
        "exit 139, 4 restarts",
        "2 of 3 pods ready. Container main of pod ccccc crashed with a segmentation fault after 12 min, 2 min ago (SIGSEGV, exit 139). Restarted 4 times; next try in 40 s.",
    );
}

#[test]
fn recent_restarts_of_a_ready_pod_are_a_warning_sign() {
    let mut pod = ready("aaaaa");
    (pod.containers[0].restarts, pod.containers[0].last) = (3, Some(end(1, "Error")));
    says(&app(1, vec![pod.clone()]), Word::Degraded, "restarted 3 times", "1 of 1 ready, but unstable.");
    pod.containers[0].last.as_mut().unwrap().finished = Some(ago(11 * MIN));
    says(&app(1, vec![pod]), Word::Running, "ready", "1 of 1 ready.");
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
    says(&up, Word::Failing, "exit 1, 3 restarts", "Container main exited with code 1 after 2 s, 21 s ago. Restarted 3 times; running again for 1 s.");
    let r = row(&up, None, Usage::default(), NOW);
    assert_eq!((r.ready, r.wanted), (0, 1));
    assert_eq!(pod_status(&up.pods[0], &up, NOW).word, Word::Failing);
    assert!(story(&up, NOW).iter().all(|h| h.tone != Tone::Ok), "a loop is no good end");
    // Down again, it reads the same.
    says(&app(1, vec![crashing("aaaaa", end(1, "Error"))]), Word::Failing, "exit 1, 4 restarts", "exited with code 1");
    // Running for longer than it had to wait, and much longer than before.
    says(&app(1, vec![between(2_000, 20_000, 21_000, 3)]), Word::Degraded, "restarted 3 times", "ready, but unstable");
    says(&app(1, vec![between(60_000, 20_000, 100_000, 3)]), Word::Failing, "exit 1, 3 restarts", "");
    // One fall is no loop, nor are falls far apart.
    says(&app(1, vec![between(2_000, 1_000, 500, 1)]), Word::Degraded, "restarted once", "ready, but unstable");
    says(&app(1, vec![between(60 * MIN, 1_000, 500, 9)]), Word::Degraded, "restarted 9 times", "ready, but unstable");
    // Others serve meanwhile.
    says(
        &app(2, vec![ready("bbbbb"), between(2_000, 20_000, 1_000, 3)]),
        Word::Degraded,
        "exit 1, 3 restarts",
        "1 of 2 pods ready. Container main of pod aaaaa exited",
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
        "because its liveness probe GET /live on 8080 returned 503. It ignored SIGTERM: exit 137 is that kill, not memory.",
    );
    // A memory kill stays one, even where a probe has failed before.
    let mut both = app(1, vec![crashing("aaaaa", end(137, "OOMKilled"))]);
    both.events.clone_from(&probe.events);
    says(&both, Word::Failing, "killed at 64 Mi limit", "OOMKilled");
    // A crash of its own stays one where the kill is of an earlier time.
    let mut crash = app(1, vec![crashing("aaaaa", end(1, "Error"))]);
    crash.events.clone_from(&probe.events);
    Arc::make_mut(&mut crash.events[0]).last = ago(60 * MIN);
    says(&crash, Word::Failing, "exit 1, 4 restarts", "exited with code 1");
}

#[test]
fn an_end_is_explained_by_its_code_and_its_last_words() {
    says(&app(1, vec![crashing("aaaaa", end(143, "Error"))]), Word::Failing, "exit 143, 4 restarts", "SIGTERM");
    says(&app(1, vec![crashing("aaaaa", end(126, "Error"))]), Word::Failing, "exit 126, 4 restarts", "can't be executed");
    let mut ended = end(2, "Error");
    ended.message = "starting\npanic: no database\n\n".into();
    says(&app(1, vec![crashing("aaaaa", ended)]), Word::Failing, "exit 2, 4 restarts", "Last output: “panic: no database”.");
    let mut format = end(128, "StartError");
    format.message = "failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec /app: exec format error: unknown".into();
    says(&app(1, vec![crashing("aaaaa", format)]), Word::Failing, "wrong architecture", "another architecture");
    // With terminationMessagePolicy FallbackToLogsOnError; otherwise only the log has it.
    let mut format = end(1, "Error");
    format.message = "exec /bin/sample: exec format error\n".into();
    says(&app(1, vec![crashing("aaaaa", format)]), Word::Failing, "wrong architecture", "another architecture");
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
    says(&facts, Word::Failing, "readiness timeout", "got no response within 1 s");
    lost.conditions.iter_mut().for_each(|c| c.since = Some(ago(16_000)));
    facts.pods = vec![Arc::new(lost)];
    says(&facts, Word::Progressing, "readiness timeout", "not ready");
}

#[test]
fn the_answer_of_another_containers_probe_is_not_taken_for_ones_own() {
    let mut facts = app(1, vec![unready("aaaaa")]);
    let said = |container: Option<&str>, minutes: i64, text: &str| {
        let mut e = event("Pod", "shop-new-aaaaa", "Unhealthy", &format!("Readiness probe failed: {text}"));
        (Arc::make_mut(&mut e).container, Arc::make_mut(&mut e).last) = (container.map(Into::into), ago(minutes * MIN));
        e
    };
    let refused = "Get \"http://10.0.0.1:9000/b\": dial tcp 10.0.0.1:9000: connect: connection refused";
    facts.events = vec![said(Some("proxy"), 1, refused), said(Some("main"), 2, "HTTP probe failed with statuscode: 503")];
    says(&facts, Word::Failing, "readiness 503", "returned 503");
    facts.events = vec![said(None, 1, refused), said(Some("proxy"), 0, "HTTP probe failed with statuscode: 503")];
    says(&facts, Word::Failing, "readiness refused", "nothing listens on port 9000");
}

#[test]
fn nodes_that_do_not_fit_are_told_with_their_numbers() {
    let told = "0/5 nodes are available: 1 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }, 3 Insufficient cpu, 1 node(s) didn't match Pod's node affinity/selector. preemption: 0/5 nodes are available: 3 No preemption victims found for incoming pod, 2 Preemption is not helpful for scheduling.";
    says(
        &app(1, vec![unplaced(told)]),
        Word::Failing,
        "too little CPU free",
        "None of 5 nodes can fit pod p8w6d: 3 have too little CPU free for the 500m it requests, 1 doesn't match its node selector or affinity, 1 has taint node-role.kubernetes.io/control-plane, which it doesn't tolerate.",
    );
    says(&app(1, vec![unplaced("0/1 nodes are available: 1 Too many pods. ")]), Word::Failing, "nodes at pod limit", "the only node has reached the pod limit");
}

#[test]
fn a_claim_has_a_minute_before_it_is_a_trouble() {
    let mut pod = unplaced("0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims.");
    let claim = Claim { name: "data".into(), phase: "Pending".into(), class: None, size: "1Gi".into(), created: ago(MIN) };
    pod.created = ago(10_000);
    let mut facts = app(1, vec![pod.clone()]);
    facts.claims = vec![Arc::new(claim)];
    says(&facts, Word::Progressing, "waiting for a claim", "claim data (1Gi, no storage class) is pending");
    pod.created = ago(5 * MIN);
    facts.pods = vec![Arc::new(pod)];
    says(&facts, Word::Failing, "waiting for a claim", "has waited 5 min");
}

#[test]
fn pods_that_are_replaced_only_when_deleted_are_no_rollout() {
    let pods = || vec![ready("aaaaa"), old(ready("bbbbb")), old(ready("ccccc"))];
    let rolling = app_of(Kind::DaemonSet, 3, pods());
    says(&rolling, Word::Progressing, "1 of 3 pods updated", "Rolling out");
    let left = change(app_of(Kind::DaemonSet, 3, pods()), |w| w.on_delete = true);
    says(
        &left,
        Word::Running,
        "2 pods not replaced",
        "All 3 pods are ready. 2 pods run an older template: this daemon set replaces pods only when you delete them",
    );
    let first = change(app_of(Kind::StatefulSet, 2, vec![unready("aaaaa"), old(ready("bbbbb"))]), |w| w.on_delete = true);
    says(
        &first,
        Word::Degraded,
        "not ready",
        "1 pod runs an older template: this stateful set replaces pods only when you delete them (update strategy OnDelete). Delete it",
    );
    let done = change(app_of(Kind::DaemonSet, 1, vec![ready("aaaaa")]), |w| w.on_delete = true);
    says(&done, Word::Running, "ready", "1 of 1 ready.");
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
    says(&facts, Word::Degraded, "quota exceeded", "limits.memory: 3Gi of 3Gi used, 1Gi more requested");
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
        "denied by webhook",
        "images must come from",
    );
    says(
        &refusal("pods \"x\" is forbidden: failed quota: small: must specify limits.memory for: main"),
        Word::Failing,
        "quota requires limits",
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
    says(&app(2, vec![ready("aaaaa"), gone]), Word::Degraded, "pod evicted", "Pod ccccc was evicted 2 min ago: its node ran low on memory.");
    let mut silent = ready("aaaaa");
    silent.conditions[0].status = Some(false);
    silent.conditions[0].since = Some(ago(6 * MIN));
    let mut facts = app(1, vec![silent]);
    facts.events = vec![event("Pod", "shop-new-aaaaa", "NodeNotReady", "Node is not ready")];
    says(&facts, Word::Unknown, "node silent for 6 min", "Node node-1 hasn't reported for 6 min");
}

#[test]
fn what_a_person_did_is_no_trouble() {
    says(&app(0, Vec::new()), Word::Stopped, "scaled to 0", "Scale up");
    let mut stopped = app(0, Vec::new());
    assert_eq!(status(&stopped, NOW).since, None, "nothing tells when it was stopped, and its age is not that");
    stopped = change(stopped, |w| w.created = ago(50 * MIN));
    assert_eq!(status(&stopped, NOW).since, Some(ago(50 * MIN)), "it is too young to have lost an event");
    let scaling = |message: &str, at| {
        let mut e = event("Deployment", "shop", "ScalingReplicaSet", message);
        Arc::make_mut(&mut e).last = at;
        e
    };
    stopped.events =
        vec![scaling("Scaled down replica set shop-new from 2 to 0", ago(MIN)), scaling("Scaled up replica set shop-new from 1 to 2", ago(MIN / 2))];
    assert_eq!(status(&stopped, NOW).since, Some(ago(MIN)));
    let mut leaving = ready("aaaaa");
    leaving.deleting = Some(NOW);
    says(&app(0, vec![leaving.clone()]), Word::Stopped, "stopping 1 pod", "1 pod still terminating");
    assert_eq!(pod_status(&leaving, &app(1, vec![leaving.clone()]), NOW).reason, "terminating");
    leaving.deleting = Some(ago(10 * MIN));
    assert_eq!(pod_status(&leaving, &app(1, vec![leaving.clone()]), NOW).word, Word::Degraded);
    let held = change(app(4, vec![old(ready("a")), old(ready("b")), old(ready("c")), ready("d")]), |w| w.paused = true);
    says(&held, Word::Paused, "paused at 1 of 4", "1 of 4 pods updated, 4 ready. Resume to continue");
}

#[test]
fn a_change_that_no_controller_has_seen_is_unknown_after_a_minute() {
    let unseen = |ms| change(app(1, vec![ready("aaaaa")]), |w| (w.generation, w.changed) = (2, Some((ago(ms), "kubectl".into()))));
    says(&unseen(3_000), Word::Progressing, "change not seen yet", "3 s ago");
    says(&unseen(5 * MIN), Word::Unknown, "change not picked up", "generation 1 seen, 2 wanted");
}

#[test]
fn a_deadline_makes_waiting_a_failure() {
    let late =
        Condition { kind: "Progressing".into(), status: Some(false), reason: "ProgressDeadlineExceeded".into(), message: String::new(), since: Some(ago(MIN)) };
    let mut slow = waiting("aaaaa", "ContainerCreating", "");
    slow.created = ago(9 * MIN);
    let facts = change(app(1, vec![slow]), |w| w.conditions.push(late));
    says(&facts, Word::Failing, "rollout timed out", "exceeded its progress deadline of 600 s 60 s ago");
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
        none.sentence.ends_with("If it's right, create pull secret shop-registry, or take one of the namespace, then add it to the app."),
        "{}",
        none.sentence
    );
    let command = |status: &Status| match status.evidence.last() {
        Some(Evidence::Command { text, .. }) => text.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(command(&none), r#"kubectl -n web patch deployment shop -p '{"spec":{"template":{"spec":{"imagePullSecrets":[{"name":"shop-registry"}]}}}}'"#);
    assert!(none.evidence.iter().any(|e| matches!(e, Evidence::Object { path, .. } if path == "/new-secret/web?kind=docker-registry&name=shop-registry")));
    let (cron, _) = refused(Kind::CronJob, &|_| {});
    assert!(command(&cron).contains(r#"patch cronjob shop -p '{"spec":{"jobTemplate":{"spec":{"template":{"spec":{"imagePullSecrets""#));
    // A service account brings secrets that stand in the pod only.
    let (named, mut facts) = refused(Kind::Deployment, &|p| p.pull_secrets = vec!["team-registry".into()]);
    assert!(named.sentence.contains(
        "with the credentials in pull secret team-registry (401 Unauthorized). Check that secret team-registry has an entry for registry.example.org"
    ));
    facts.events = vec![event(
        "Pod",
        "shop-new-aaaaa",
        "FailedToRetrieveImagePullSecret",
        "Unable to retrieve some image pull secrets (team-registry); attempting to pull the image may not succeed.",
    )];
    assert!(
        pod_status(&facts.pods[0], &facts, NOW).sentence.contains("pull secret team-registry doesn't exist. Create pull secret team-registry with a username")
    );
}
