//! Nodes that do not fit, reject or lose a pod, with the texts of the scheduler and the kubelet of Kubernetes 1.30 to 1.36.

use super::*;

const HOPELESS: &str = "preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.";

fn no_node(why: &str) -> AppFacts {
    app(1, vec![unplaced(&format!("0/3 nodes are available: {why}. {HOPELESS}"))])
}

#[test]
fn ports_spread_and_volumes_that_keep_a_pod_off_its_nodes_are_told() {
    says(
        &no_node("3 node(s) didn't have free ports for the requested pod ports"),
        Word::Failing,
        "host port in use",
        "None of 3 nodes can fit pod p8w6d: 3 already use its host port. Remove the host port, or run at most one pod per node.",
    );
    says(
        &no_node("3 node(s) didn't match pod topology spread constraints"),
        Word::Failing,
        "topology spread not met",
        "3 have as many of its pods as its topology spread allows.",
    );
    says(
        &no_node("3 node(s) didn't match pod topology spread constraints (missing required label)"),
        Word::Failing,
        "nodes lack spread label",
        "3 have no label with the key that its topology spread uses. Correct the topologyKey",
    );
    says(&no_node("3 node(s) exceed max volume count"), Word::Failing, "too many volumes", "3 have reached the volume limit.");
    says(
        &no_node("1 node(s) didn't match pod anti-affinity rules, 2 node(s) didn't satisfy existing pods anti-affinity rules"),
        Word::Failing,
        "anti-affinity not met",
        "3 have a pod its anti-affinity excludes.",
    );
    says(&no_node("3 cannot allocate all claims"), Word::Failing, "no device free", "3 have no free device for its resource claims.");
}

#[test]
fn a_taint_whose_name_the_scheduler_does_not_tell_is_one_all_the_same() {
    says(
        &no_node("3 node(s) had untolerated taint(s)"),
        Word::Failing,
        "nodes have taints",
        "None of 3 nodes can fit pod p8w6d: 3 have a taint it doesn't tolerate. Add a toleration, or ask for another node.",
    );
}

fn failed(reason: &str, message: &str) -> Pod {
    let mut pod = unready("bbbbb");
    (pod.phase, pod.reason, pod.message) = ("Failed".into(), reason.into(), message.into());
    pod.conditions.iter_mut().for_each(|c| c.since = Some(ago(2 * MIN)));
    pod
}

#[test]
fn a_pod_of_a_node_that_was_removed_did_not_fail_without_a_reason() {
    let mut pod = failed("", "");
    let message = "PodGC: node no longer exists".to_owned();
    pod.conditions.push(Condition {
        kind: "DisruptionTarget".into(),
        status: Some(true),
        reason: "DeletionByPodGC".into(),
        message,
        since: Some(ago(2 * MIN)),
    });
    let facts = app(1, vec![pod]);
    let told = pod_status(&facts.pods[0], &facts, NOW);
    assert_eq!((told.word, told.reason.as_str(), told.code.as_deref()), (Word::Failing, "node is gone", Some("node_gone")));
    assert_eq!(told.sentence, "Pod bbbbb was lost 2 min ago: its node node-1 is no longer part of the cluster.");
}

#[test]
fn a_node_whose_network_is_not_ready_is_told() {
    let mut facts = app(1, vec![waiting("aaaaa", "ContainerCreating", "")]);
    facts.events = vec![event(
        "Pod",
        "shop-new-aaaaa",
        "NetworkNotReady",
        "network is not ready: container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized",
    )];
    says(
        &facts,
        Word::Failing,
        "pod network fails",
        "Pod aaaaa can't get a network on its node: Network plugin returns error: cni plugin not initialized. Ask an administrator",
    );
    Arc::make_mut(&mut facts.events[0]).first = ago(30_000);
    Arc::make_mut(&mut facts.pods[0]).created = ago(40_000);
    says(&facts, Word::Progressing, "starting", "Pod aaaaa has been starting for 40 s.");
}

#[test]
fn a_node_that_cannot_end_a_pod_says_why() {
    let mut pod = ready("aaaaa");
    pod.deleting = Some(ago(3 * MIN));
    pod.ending = Some(Box::new(Ending { grace_s: 30, finalizers: Vec::new() }));
    let mut facts = app(1, vec![ready("bbbbb"), pod]);
    let said = "error killing pod: failed to \"KillPodSandbox\" for \"u\" with KillPodSandboxError: \"rpc error: code = Unknown desc = failed to destroy network for sandbox\"";
    facts.events = vec![event("Pod", "shop-new-aaaaa", "FailedKillPod", said)];
    let told = pod_status(&facts.pods[1], &facts, NOW);
    assert_eq!((told.word, told.reason.as_str(), told.code.as_deref()), (Word::Degraded, "node can't end the pod", Some("kill_fails")));
    assert!(
        told.sentence.starts_with("Pod aaaaa was told to terminate 3 min ago, and its node can't end it: failed to \"KillPodSandbox\""),
        "{}",
        told.sentence
    );
    // Of a container that was restarted before somebody deleted the pod.
    Arc::make_mut(&mut facts.events[0]).last = ago(4 * MIN);
    assert_eq!(pod_status(&facts.pods[1], &facts, NOW).reason, "pod won't terminate");
    facts.events.clear();
    assert_eq!(pod_status(&facts.pods[1], &facts, NOW).reason, "pod won't terminate");
}

#[test]
fn a_node_that_cannot_place_a_pod_on_its_topology_says_so() {
    let facts = app(1, vec![failed("TopologyAffinityError", "Pod was rejected: Resources cannot be allocated with Topology locality")]);
    let told = pod_status(&facts.pods[0], &facts, NOW);
    assert_eq!(
        told.sentence,
        "The node rejected pod bbbbb 2 min ago: Resources cannot be allocated with Topology locality. Request fewer CPUs or devices, or use a node whose topology policy is less strict."
    );
}

#[test]
fn a_container_that_wrote_too_much_to_its_disk_is_told_with_its_limit() {
    let facts = app(1, vec![failed("Evicted", "Container main exceeded its local ephemeral storage limit \"1Gi\". ")]);
    let told = pod_status(&facts.pods[0], &facts, NOW);
    assert_eq!(told.reason, "pod evicted");
    assert!(told.sentence.contains("container main exceeded its ephemeral-storage limit of 1Gi. Raise the limit, or write less to disk."), "{}", told.sentence);
}
