//! Pods, claims and jobs that the API server refuses, with the texts of Kubernetes 1.30 to 1.36 and of OpenShift.

use super::*;

/// A deployment whose pods are refused so.
fn refused(message: &str) -> AppFacts {
    change(app(1, Vec::new()), |w| {
        let message = message.to_owned();
        w.conditions.push(Condition { kind: "ReplicaFailure".into(), status: Some(true), reason: "FailedCreate".into(), message, since: Some(ago(MIN)) });
    })
}

#[test]
fn a_refusal_whose_condition_has_no_time_began_with_its_first_event() {
    let mut facts = change(refused("pods \"shop-new-x\" is forbidden: exceeded quota: small"), |w| {
        w.conditions.iter_mut().filter(|c| c.kind == ConditionType::ReplicaFailure).for_each(|c| c.since = None);
    });
    facts.events = vec![event("ReplicaSet", "shop-new", "FailedCreate", "Error creating: pods \"shop-new-x\" is forbidden: exceeded quota: small")];
    assert_eq!(status(&facts, NOW).since, Some(ago(10 * MIN)));
}

#[test]
fn a_pod_that_is_not_valid_is_told_with_its_field() {
    says(
        &refused("Pod \"shop-new-x\" is invalid: spec.containers[0].resources.requests: Invalid value: \"2\": must be less than or equal to cpu limit of 1"),
        Word::Failing,
        "invalid pod template",
        "The cluster rejects its pod as invalid: spec.containers[0].resources.requests: Invalid value: \"2\": must be less than or equal to cpu limit of 1. Correct that field.",
    );
    let mut set = app_of(Kind::StatefulSet, 1, Vec::new());
    set.events = vec![event(
        "StatefulSet",
        "shop",
        "FailedCreate",
        "create Pod shop-0 in StatefulSet shop failed error: Pod \"shop-0\" is invalid: spec.containers[0].volumeMounts[0].name: Not found: \"data\"",
    )];
    says(&set, Word::Failing, "invalid pod template", "as invalid: spec.containers[0].volumeMounts[0].name: Not found: \"data\".");
    set.events = vec![event(
        "StatefulSet",
        "shop",
        "FailedCreate",
        "create Claim data-shop-0 for Pod shop-0 in StatefulSet shop failed error: PersistentVolumeClaim \"data-shop-0\" is invalid: spec.resources[storage]: Invalid value: \"0\": must be greater than zero",
    )];
    says(
        &set,
        Word::Failing,
        "invalid claim template",
        "The cluster rejects its volume claim as invalid: spec.resources[storage]: Invalid value: \"0\": must be greater than zero. Recreate the stateful set with a claim template that fits; it can't be changed in place. Its pods can stay: kubectl delete --cascade=orphan.",
    );
}

#[test]
fn constraints_of_openshift_are_told_without_those_that_nobody_may_use() {
    says(
        &refused(
            "pods \"shop-new-\" is forbidden: unable to validate against any security context constraint: [provider \"anyuid\": Forbidden: not usable by user or serviceaccount, provider restricted-v2: .containers[0].runAsUser: Invalid value: 0: must be in the ranges: [1000650000, 1000659999], provider \"privileged\": Forbidden: not usable by user or serviceaccount]",
        ),
        Word::Failing,
        "violates constraints",
        "accepts its pods: provider restricted-v2: .containers[0].runAsUser: Invalid value: 0: must be in the ranges: [1000650000, 1000659999]. Set these in its security context. If the app can't run that way",
    );
    says(
        &refused(
            "pods \"shop-new-\" is forbidden: unable to validate against any security context constraint: [provider \"anyuid\": Forbidden: not usable by user or serviceaccount, provider restricted-v2: .containers[0].runAsUser: Invalid value: 0: must be in the ranges: [1000650000, 1000659999]]",
        ),
        Word::Failing,
        "violates constraints",
        "accepts its pods: provider restricted-v2: .containers[0].runAsUser: Invalid value: 0: must be in the ranges: [1000650000, 1000659999]. Set these",
    );
    says(
        &refused(
            "pods \"shop-new-\" is forbidden: unable to validate against any security context constraint: [provider \"anyuid\": Forbidden: not usable by user or serviceaccount]",
        ),
        Word::Failing,
        "violates constraints",
        "that its service account may use accepts its pods. Ask an administrator for a constraint that fits it.",
    );
}

#[test]
fn a_priority_class_that_needs_a_quota_is_told() {
    says(
        &refused(
            "pods \"shop-new-x\" is forbidden: insufficient quota to match these scopes: [{PriorityClass In [system-node-critical system-cluster-critical]}]",
        ),
        Word::Failing,
        "no quota for priority",
        "Namespace web has no quota that allows pods of its priority class: insufficient quota to match these scopes",
    );
}

#[test]
fn limit_ranges_of_claims_and_ratios_are_told() {
    let mut set = app_of(Kind::StatefulSet, 1, Vec::new());
    set.events = vec![event(
        "StatefulSet",
        "shop",
        "FailedCreate",
        "create Claim data-shop-0 for Pod shop-0 in StatefulSet shop failed error: persistentvolumeclaims \"data-shop-0\" is forbidden: minimum storage usage per PersistentVolumeClaim is 1Gi, but request is 500Mi",
    )];
    says(
        &set,
        Word::Failing,
        "claim outside limits",
        "The limit range of namespace web rejects its volume claims: minimum storage usage per PersistentVolumeClaim is 1Gi, but request is 500Mi. Recreate the stateful set with a claim template that fits; it can't be changed in place. Its pods can stay: kubectl delete --cascade=orphan.",
    );
    says(
        &refused("pods \"x\" is forbidden: cpu max limit to request ratio per Container is 2, but provided ratio is 4.000000"),
        Word::Failing,
        "outside limit range",
        "cpu max limit to request ratio per Container is 2",
    );
}

#[test]
fn a_quota_of_jobs_speaks_of_jobs() {
    let mut cron = change(app_of(Kind::CronJob, 0, Vec::new()), |w| w.cron = Some(CronFacts { schedule: "* * * * *".into(), ..CronFacts::default() }));
    cron.events = vec![event(
        "CronJob",
        "shop",
        "FailedCreate",
        "Error creating job: jobs.batch \"shop-29932735\" is forbidden: exceeded quota: jobs, requested: count/jobs.batch=1, used: count/jobs.batch=5, limited: count/jobs.batch=5",
    )];
    says(
        &cron,
        Word::Failing,
        "quota exceeded",
        "Quota jobs of namespace web has no room for more jobs (count/jobs.batch: 5 of 5 used, 1 more requested). Let finished jobs expire (ttlSecondsAfterFinished, history limits), and delete those that you no longer need. If",
    );
}

#[test]
fn a_webhook_that_denies_is_told_with_its_words() {
    says(
        &refused("admission webhook \"validation.gatekeeper.sh\" denied the request: [must-have-team] you must provide labels: {\"team\"}"),
        Word::Failing,
        "denied by webhook",
        "Admission webhook validation.gatekeeper.sh denies its pods: [must-have-team] you must provide labels: {\"team\"}.",
    );
    for why in [
        "Pod \"a\" is invalid: spec.containers[0].image: Invalid value",
        "exceeded quota: q, requested: pods=1, used: pods=1, limited: pods=1",
        "failed calling webhook \"other.example.org\": connection refused",
        "no PriorityClass with name high was found",
    ] {
        says(
            &refused(&format!("admission webhook \"w.example.org\" denied the request: {why}")),
            Word::Failing,
            "denied by webhook",
            &format!("Admission webhook w.example.org denies its pods: {why}."),
        );
    }
}
