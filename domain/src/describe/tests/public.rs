//! Failures that people report in public, with the texts of Kubernetes 1.28 to 1.34 and containerd 1.7 to 2.1.

use super::*;

const HUB: &str = "failed to pull and unpack image \"docker.io/library/shpo:1\": failed to resolve reference \"docker.io/library/shpo:1\": pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed";

fn image_fails(image: &str, message: &str, f: impl FnOnce(&mut Pod)) -> AppFacts {
    let mut pod = waiting("aaaaa", "ErrImagePull", message);
    pod.containers[0].image = image.into();
    f(&mut pod);
    app(1, vec![pod])
}

#[test]
fn a_registry_that_hides_whether_an_image_exists_is_not_said_to_refuse_it() {
    let facts = image_fails("shpo:1", HUB, |_| {});
    says(
        &facts,
        Word::Failing,
        "image: access denied",
        "Can't pull the image of container main: registry docker.io (Docker Hub, since the image names no host) says that shpo:1 doesn't exist or is private. Check the image's name. If it's private, create pull secret shop-registry, then",
    );
    assert!(!told(&facts).2.contains("403"), "{}", told(&facts).2);
    let named = image_fails("docker.io/team/shop:1", HUB, |p| p.pull_secrets = vec!["hub".into()]);
    says(&named, Word::Failing, "image: access denied", "Check the image's name, and that pull secret hub has an account for that registry that can read it.");
}

#[test]
fn registries_spell_the_same_answer_in_their_own_way() {
    let quay = "failed to resolve reference \"quay.io/team/shop:1\": unexpected status from HEAD request to https://quay.io/v2/team/shop/manifests/1: 401 UNAUTHORIZED";
    says(&image_fails("quay.io/team/shop:1", quay, |_| {}), Word::Failing, "image: 401 at registry", "registry quay.io requires authentication");
    let limit = "failed to copy: httpReadSeeker: failed open: unexpected status code https://registry-1.docker.io/v2/library/nginx/manifests/sha256:0: 429 Too Many Requests - Server message: toomanyrequests: You have reached your unauthenticated pull rate limit.";
    says(&image_fails("nginx:1", limit, |_| {}), Word::Failing, "registry rate limit", "is rate limiting pulls (429 Too Many Requests)");
}

#[test]
fn a_node_that_is_not_well_is_no_taint_to_tolerate() {
    let node = |taint: &str| {
        app(
            1,
            vec![unplaced(&format!(
                "0/3 nodes are available: 3 node(s) had untolerated taint {{{taint}: }}. preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling."
            ))],
        )
    };
    says(&node("node.kubernetes.io/disk-pressure"), Word::Failing, "nodes are low on disk", "3 are low on disk. Ask an administrator to check the node.");
    says(&node("node.kubernetes.io/not-ready"), Word::Failing, "nodes aren't ready", "3 are not ready");
    says(&node("node.kubernetes.io/unschedulable"), Word::Failing, "nodes are cordoned", "are cordoned");
    assert!(!told(&node("node.kubernetes.io/memory-pressure")).2.contains("toleration"));
    says(&node("dedicated"), Word::Failing, "nodes have taints", "taint dedicated, which it doesn't tolerate. Add a toleration");
    let none = app(1, vec![unplaced("no nodes available to schedule pods")]);
    says(&none, Word::Failing, "cluster has no nodes", "the cluster has no nodes. Ask an administrator to add a node.");
}

fn claim(phase: &str, class: Option<&str>) -> Arc<Claim> {
    Arc::new(Claim { name: "data".into(), phase: phase.into(), class: class.map(Into::into), size: "1Gi".into(), created: ago(5 * MIN) })
}

#[test]
fn a_claim_without_a_volume_says_what_it_waits_for() {
    let waits = |told: &str, claims: Vec<Arc<Claim>>, events: Vec<Arc<Event>>| {
        let facts = app(1, vec![unplaced(told)]);
        AppFacts { claims, events, ..facts }
    };
    let bind = "0/1 nodes are available: 1 node(s) didn't find available persistent volumes to bind. preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.";
    says(
        &waits(bind, vec![claim("Pending", Some("local"))], vec![]),
        Word::Failing,
        "no volume for claim",
        "the only node has no persistent volume for claim data (1Gi, storage class local). Create a persistent volume that fits",
    );
    let unbound = "0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims. not found";
    let provisioning = event(
        "PersistentVolumeClaim",
        "data",
        "ExternalProvisioning",
        "Waiting for a volume to be created either by the external provisioner 'ebs.csi.aws.com' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.",
    );
    says(
        &waits(unbound, vec![claim("Pending", Some("fast"))], vec![provisioning]),
        Word::Failing,
        "waiting for a volume",
        "provisioner ebs.csi.aws.com hasn't created one for claim data. Ask an administrator to check that this provisioner is running",
    );
    says(
        &waits("running PreBind plugin \"VolumeBinding\": binding volumes: context deadline exceeded", vec![claim("Pending", Some("fast"))], vec![]),
        Word::Failing,
        "waiting for a claim",
        "for a volume: claim data (1Gi, storage class fast) is pending",
    );
    says(
        &waits("persistentvolumeclaim \"data\" is being deleted", vec![], vec![]),
        Word::Failing,
        "claim is being deleted",
        "Pod p8w6d is waiting: claim data is being deleted.",
    );
    says(
        &waits("0/1 nodes are available: persistentvolumeclaim \"data\" bound to non-existent persistentvolume \"pv-1\".", vec![claim("Lost", None)], vec![]),
        Word::Failing,
        "volume is gone",
        "claim data is bound to a volume that no longer exists",
    );
    for zone in ["node(s) had volume node affinity conflict", "node(s) didn't match PersistentVolume's node affinity"] {
        says(
            &waits(&format!("0/2 nodes are available: 2 {zone}."), vec![], vec![]),
            Word::Failing,
            "volume on another node",
            "Its volume is tied to another node or zone",
        );
    }
}

#[test]
fn disk_is_asked_for_in_bytes_that_a_person_reads() {
    let mut pod =
        unplaced("0/1 nodes are available: 1 Insufficient ephemeral-storage. preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.");
    pod.asks = Some(Box::new(Asks { requests: vec![("ephemeral-storage".into(), "107374182400".into())], ..Asks::default() }));
    says(
        &app(1, vec![pod]),
        Word::Failing,
        "no node has enough",
        "the only node is too small for the 100 Gi of disk (ephemeral-storage) it requests. Lower the ephemeral-storage request, or ask for a larger node.",
    );
}

#[test]
fn a_sandbox_that_cannot_be_made_is_a_network_only_where_it_says_so() {
    let sandbox = |text: &str| {
        let mut facts = app(1, vec![waiting("aaaaa", "ContainerCreating", "")]);
        facts.events =
            vec![event("Pod", "shop-new-aaaaa", "FailedCreatePodSandBox", &format!("Failed to create pod sandbox: rpc error: code = Unknown desc = {text}"))];
        facts
    };
    says(
        &sandbox("failed to get sandbox runtime: no runtime for \"gvisor\" is configured"),
        Word::Failing,
        "runtime missing",
        "Pod aaaaa can't start: its node doesn't have container runtime gvisor, which its runtime class requires. Use another runtimeClassName",
    );
    let full = "failed to setup network for sandbox \"1f\": plugin type=\"bridge\" failed (add): failed to allocate for range 0: no IP addresses available in range set: 10.0.0.1-10.0.0.254";
    says(&sandbox(full), Word::Failing, "pod network fails", "can't get a network on its node: failed to allocate for range 0: no IP addresses available");
    says(&sandbox("failed to create containerd task: context deadline exceeded"), Word::Failing, "no pod sandbox", "its node couldn't create its sandbox");
}

#[test]
fn a_mount_is_told_by_its_reason_and_only_until_the_pod_has_got_further() {
    let mount = |reason: &str, message: &str, minutes: i64| {
        let mut e = event("Pod", "shop-new-aaaaa", reason, message);
        Arc::make_mut(&mut e).last = ago(minutes * MIN);
        e
    };
    let mut facts = app(1, vec![waiting("aaaaa", "ContainerCreating", "")]);
    facts.events = vec![
        mount(
            "FailedMount",
            "Unable to attach or mount volumes: unmounted volumes=[tls], unattached volumes=[], failed to process volumes=[]: context deadline exceeded",
            1,
        ),
        mount("FailedMount", "MountVolume.SetUp failed for volume \"tls\" : secret \"shop-tls\" not found", 2),
    ];
    says(&facts, Word::Failing, "no secret shop-tls", "secret shop-tls");
    facts.events.push(mount("Pulling", "Pulling image \"shop:2\"", 0));
    assert!(!told(&facts).2.contains("secret"), "{}", told(&facts).2);
}

#[test]
fn classes_and_policies_that_keep_pods_from_being_made_are_named() {
    let refused = |message: &str| {
        change(app(1, Vec::new()), |w| {
            let message = format!("pods \"shop-new-x\" is forbidden: {message}");
            w.conditions.push(Condition { kind: "ReplicaFailure".into(), status: Some(true), reason: "FailedCreate".into(), message, since: Some(ago(MIN)) });
        })
    };
    says(
        &refused("no PriorityClass with name high was found"),
        Word::Failing,
        "no priority class",
        "Priority class high doesn't exist, so no pods can be created. Correct priorityClassName",
    );
    says(
        &refused("pod rejected: RuntimeClass \"gvisor\" not found"),
        Word::Failing,
        "no runtime class",
        "Runtime class gvisor doesn't exist, so no pods can be created.",
    );
    says(
        &refused("ValidatingAdmissionPolicy 'team-label' with binding 'all' denied request: every pod needs the label team"),
        Word::Failing,
        "denied by policy",
        "Admission policy team-label denies its pods: every pod needs the label team.",
    );
}

#[test]
fn a_quota_of_claims_refuses_claims() {
    let mut facts = app_of(Kind::StatefulSet, 2, vec![ready("0")]);
    facts.events = vec![event(
        "StatefulSet",
        "shop",
        "FailedCreate",
        "create Claim data-shop-1 for Pod shop-1 in StatefulSet shop failed error: persistentvolumeclaims \"data-shop-1\" is forbidden: exceeded quota: storage, requested: requests.storage=1Gi, used: requests.storage=1Gi, limited: requests.storage=1Gi",
    )];
    says(
        &facts,
        Word::Degraded,
        "quota exceeded",
        "Quota storage of namespace web has no room for more volume claims (requests.storage: 1Gi of 1Gi used, 1Gi more requested)",
    );
}

fn rejected(name: &str, minutes: i64) -> Pod {
    let mut pod = unready(name);
    (pod.phase, pod.reason) = ("Failed".into(), "SysctlForbidden".into());
    pod.message = "Pod was rejected: forbidden sysctl: \"net.core.somaxconn\" not allowlisted".into();
    pod.conditions.iter_mut().for_each(|c| c.since = Some(ago(minutes * MIN)));
    pod.containers[0].state = ContainerState::Waiting { reason: "ContainerCreating".into(), message: String::new() };
    pod
}

#[test]
fn a_node_that_refuses_every_pod_is_told_once_and_does_not_flap() {
    let said = "The node rejected pod bbbbb 2 min ago: forbidden sysctl: \"net.core.somaxconn\" not allowlisted.";
    let mut facts = app(1, vec![rejected("bbbbb", 2), rejected("ccccc", 3), rejected("ddddd", 4)]);
    says(&facts, Word::Failing, "node rejected the pod", said);
    let mut young = waiting("aaaaa", "ContainerCreating", "");
    young.created = ago(500);
    facts.pods.push(Arc::new(young));
    says(&facts, Word::Failing, "node rejected the pod", said);
    says(
        &facts,
        Word::Failing,
        "node rejected the pod",
        "3 pods failed in the last hour. Remove the sysctl from the pod, or ask an administrator to allow it on the nodes.",
    );
}

#[test]
fn a_container_that_went_with_its_node_did_not_exit_by_itself() {
    for reason in ["Unknown", "ContainerStatusUnknown"] {
        let facts = app(1, vec![crashing("aaaaa", end(if reason == "Unknown" { 255 } else { 137 }, reason))]);
        says(&facts, Word::Failing, "lost with its node", "Container main was lost after 12 min, 2 min ago: its node or container runtime restarted");
        assert!(!told(&facts).2.contains("killed from outside") && !told(&facts).2.contains("255"), "{}", told(&facts).2);
    }
}

#[test]
fn a_probe_of_a_port_that_has_no_name_is_told() {
    let mut facts = change(app(1, vec![unready("aaaaa")]), |w| w.containers[0].readiness.as_mut().unwrap().port = "web".into());
    facts.events = vec![event(
        "Pod",
        "shop-new-aaaaa",
        "Unhealthy",
        "Readiness probe errored and resulted in unknown state: strconv.Atoi: parsing \"web\": invalid syntax",
    )];
    says(&facts, Word::Failing, "readiness no such port", "asks for port web, but the container has no port with that name");
    says(&facts, Word::Failing, "readiness no such port", "Use a port name that the container declares, or a number.");
}

#[test]
fn a_line_that_many_programs_write_brings_its_remedy() {
    let ended = |line: &str| {
        let ended = end(1, "Error");
        let run = EndedRun {
            pod: "aaaaa".into(),
            container: "main".into(),
            finished: ended.finished,
            said: crate::log::Said::Line { text: line.into(), error: true, forbidden: None },
            lines: vec![],
            rise: None,
        };
        AppFacts { observed: Arc::new(Observed { ends: vec![run], ..Observed::default() }), ..app(1, vec![crashing("aaaaa", ended)]) }
    };
    for (line, remedy) in [
        ("touch: /data/x: Read-only file system", "Mount a writable volume there"),
        ("nginx: [emerg] bind() to 0.0.0.0:80 failed (13: Permission denied)", "Use a higher port"),
        ("dial tcp: lookup db on 10.96.0.10:53: no such host", "Check the name and namespace of the service"),
        ("FATAL: MODE is not set", "Set env MODE."),
        ("exec /entrypoint.sh: no such file or directory", "Check its first line, its line endings"),
    ] {
        says(&ended(line), Word::Failing, "exit 1, 4 restarts", &format!("\u{201c}{line}\u{201d}"));
        says(&ended(line), Word::Failing, "exit 1, 4 restarts", remedy);
    }
    let mut left = end(1, "Error");
    left.message = "starting\nFATAL: MODE is not set\n".into();
    says(
        &app(1, vec![crashing("aaaaa", left)]),
        Word::Failing,
        "exit 1, 4 restarts",
        "Last output: \u{201c}FATAL: MODE is not set\u{201d}. Restarted 4 times; next try in 40 s. Set env MODE.",
    );
}

#[test]
fn a_pod_with_a_long_time_to_end_says_so() {
    let mut ending = ready("aaaaa");
    ending.deleting = Some(ago(MIN));
    ending.ending = Some(Box::new(Ending { grace_s: 3600, finalizers: Vec::new() }));
    says(
        &app(1, vec![ending]),
        Word::Progressing,
        "replacing pods",
        "1 pod terminating; no replacement ready yet. It can take up to 60 min (terminationGracePeriodSeconds).",
    );
}

fn missed(deadline_s: i64, last_scheduled: Option<UnixMs>) -> AppFacts {
    let cron = CronFacts { schedule: "0 * * * *".into(), starting_deadline_s: Some(deadline_s), last_scheduled, ..CronFacts::default() };
    let mut facts = change(app_of(Kind::CronJob, 0, Vec::new()), |w| w.cron = Some(cron));
    facts.events = vec![event("CronJob", "shop", "MissSchedule", "Missed scheduled time to start a job: Fri, 15 Jan 2027 07:58:00 UTC")];
    facts
}

#[test]
fn a_start_that_was_missed_is_told_until_the_next_one() {
    says(
        &missed(5, None),
        Word::Degraded,
        "a start was missed",
        "A run of schedule 0 * * * * was due 2 min ago but didn't start within its starting deadline of 5 s (MissSchedule), 5 times. Raise startingDeadlineSeconds: below 10 s, runs may never start.",
    );
    says(&missed(60, Some(ago(MIN))), Word::Running, "waiting for schedule", "The last run started");
}

#[test]
fn too_many_missed_starts_are_no_schedule_that_cannot_be_read() {
    let mut facts = missed(60, Some(ago(MIN)));
    facts.events = vec![event("CronJob", "shop", "FailedNeedsStart", "Cannot determine if job needs to be started: too many missed start times")];
    assert!(!told(&facts).2.contains("can't parse"), "{}", told(&facts).2);
}
