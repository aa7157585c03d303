//! Texts that API servers have answered, and those of the format strings in Kubernetes' source.

use super::*;
use crate::FieldError;
use crate::form::Field;
use crate::kubernetes::AppObject;
use crate::operation::Piece;

const SERVICE: AppObject = AppObject::Piece(Piece::Service);
const DEPLOYMENT: AppObject = AppObject::Piece(Piece::Deployment);

fn amount(resource: &str, asked: &str, used: Option<&str>, limit: Option<&str>) -> QuotaAmount {
    QuotaAmount { resource: resource.into(), asked: asked.into(), used: used.map(str::to_owned), limit: limit.map(str::to_owned) }
}

#[test]
fn each_text_of_an_admission_plugin_is_told_from_the_others() {
    let denied = |said: Option<&str>| Refusal::WebhookDenied { webhook: "policy.example.org".into(), said: said.map(str::to_owned) };
    let policy = |binding: Option<&str>| Refusal::PolicyDenied { policy: "team".into(), binding: binding.map(str::to_owned), said: "no label team".into() };
    let pods = |resource: &str| Refusal::QuotaExceeded {
        quota: "small".into(),
        of: QuotaOf::Pods,
        amounts: vec![amount(resource, "1", Some("4"), Some("4"))],
        said: format!("exceeded quota: small, requested: {resource}=1, used: {resource}=4, limited: {resource}=4"),
    };
    let level = Refusal::PodSecurity {
        level: "restricted:latest".into(),
        violations: "runAsNonRoot != true (pod or container \"main\" must set securityContext.runAsNonRoot=true)".into(),
    };
    let table = [
        (r#"pods "a" is forbidden: exceeded quota: small, requested: pods=1, used: pods=4, limited: pods=4"#, pods("pods")),
        (r#"Pods "a-x" is forbidden: exceeded quota: small, requested: pods=1, used: pods=4, limited: pods=4."#, pods("pods")),
        (
            r#"deployments.apps "a" is forbidden: exceeded quota: small, requested: count/deployments.apps=1, used: count/deployments.apps=4, limited: count/deployments.apps=4"#,
            pods("count/deployments.apps"),
        ),
        // Since 1.24 with the containers, before as `must specify limits.cpu,limits.memory` (pkg/quota/v1/evaluator/core/pods.go).
        (
            r#"pods "x" is forbidden: failed quota: small: must specify limits.memory for: main"#,
            Refusal::QuotaRequires { quota: "small".into(), said: "must specify limits.memory for: main".into() },
        ),
        (
            r#"pods "x" is forbidden: failed quota: small: must specify limits.cpu,limits.memory"#,
            Refusal::QuotaRequires { quota: "small".into(), said: "must specify limits.cpu,limits.memory".into() },
        ),
        (
            r#"pods "x" is forbidden: violates PodSecurity "restricted:latest": runAsNonRoot != true (pod or container "main" must set securityContext.runAsNonRoot=true)"#,
            level.clone(),
        ),
        // 1.22.
        (
            r#"pods "x" is forbidden: pod violates PodSecurity "restricted:latest": runAsNonRoot != true (pod or container "main" must set securityContext.runAsNonRoot=true)"#,
            level,
        ),
        (r#"Admission webhook "policy.example.org" denied the request: no label team."#, denied(Some("no label team"))),
        // 1.36 and later name the object first.
        (r#"deployments.apps "shop" is forbidden: admission webhook "policy.example.org" denied the request: no label team"#, denied(Some("no label team"))),
        (r#"admission webhook "policy.example.org" denied the request without explanation"#, denied(None)),
        (r#"admission webhook "policy.example.org" does not support dry run"#, Refusal::WebhookWithoutDryRun { webhook: "policy.example.org".into() }),
        ("deployments.apps \"shop\" is forbidden: ValidatingAdmissionPolicy 'team' with binding 'all' denied request: no label team", policy(Some("all"))),
        ("deployments.apps \"shop\" is forbidden: ValidatingAdmissionPolicy 'team' denied request: no label team", policy(None)),
        (
            r#"services "shop" is forbidden: unable to create new content in namespace web because it is being terminated"#,
            Refusal::NamespaceTerminating { namespace: "web".into() },
        ),
        (
            r#"pods "x" is forbidden: maximum cpu usage per Container is 1, but limit is 2"#,
            Refusal::OutsideLimitRange { said: "maximum cpu usage per Container is 1, but limit is 2".into() },
        ),
        ("admission webhook denied the request", Refusal::Other { said: "admission webhook denied the request".into() }),
        (r#"pods "x" is forbidden: a rule of ours"#, Refusal::Other { said: "a rule of ours".into() }),
        ("", Refusal::Other { said: String::new() }),
    ];
    for (text, expected) in table {
        assert_eq!(refusal(text), expected, "{text}");
    }
}

#[test]
fn what_a_webhook_quotes_is_not_taken_for_the_clusters_own() {
    for why in ["exceeded quota: q, requested: pods=1, used: pods=1, limited: pods=1", "pods \"x\" is forbidden: violates PodSecurity \"a:b\": c"] {
        let text = format!("Admission webhook \"w\" denied the request: {why}.");
        assert_eq!(refusal(&text), Refusal::WebhookDenied { webhook: "w".into(), said: Some(why.to_owned()) });
    }
}

#[test]
fn a_quota_leads_to_the_field_that_asks_for_it() {
    let field = |text: &str| match complaints(AppObject::TrialPod, text, &[]).remove(0) {
        Complaint::Refused { field, .. } => field.map_or_else(String::new, |field| field.to_string()),
        Complaint::NodePortTaken(port) => panic!("{port}"),
    };
    let exceeded = |resources: &str| field(&format!("pods \"x\" is forbidden: exceeded quota: q, requested: {resources}, used: a=1, limited: a=1"));
    assert_eq!(exceeded("pods=1"), "replicas");
    assert_eq!(exceeded("pods=1,requests.memory=1Gi"), "memoryRequest", "an amount can be lowered more easily than a count");
    assert_eq!(exceeded("limits.cpu=2,requests.cpu=1"), "cpuLimit");
    assert_eq!(exceeded("services.loadbalancers=1"), "service");
    assert_eq!(exceeded("count/ingresses.networking.k8s.io=1"), "ingressHost");
    assert_eq!(exceeded("requests.nvidia.com/gpu=1"), "");
    assert_eq!(field("pods \"x\" is forbidden: failed quota: q: must specify requests.cpu for: main; requests.memory for: main"), "cpuRequest");
    assert_eq!(field("pods \"x\" is forbidden: maximum cpu usage per Container is 1, but limit is 2"), "");
}

#[test]
fn a_quota_whose_text_was_cut_keeps_what_is_there() {
    let Refusal::QuotaExceeded { amounts, .. } = refusal("exceeded quota: q, requested: cpu=1,pods=1, used: cpu=1,pods=1, limited: cpu=1,po…") else {
        panic!("it is a quota")
    };
    assert_eq!(amounts, [amount("cpu", "1", Some("1"), Some("1")), amount("pods", "1", Some("1"), None)]);
}

#[test]
fn what_controllers_put_before_the_answer_changes_nothing() {
    let told = "create Claim data-shop-1 for Pod shop-1 in StatefulSet shop failed error: persistentvolumeclaims \"data-shop-1\" is forbidden: exceeded quota: q, requested: requests.storage=1Gi, used: requests.storage=3Gi, limited: requests.storage=3Gi";
    let Refusal::QuotaExceeded { of, amounts, .. } = refusal(told) else { panic!("it is a quota") };
    assert_eq!((of, amounts), (QuotaOf::Claims, vec![amount("requests.storage", "1Gi", Some("3Gi"), Some("3Gi"))]));
    let told = "Error creating: admission webhook \"check.example.org\" denied the request: exceeded quota: q, requested: pods=1";
    assert!(matches!(refusal(told), Refusal::WebhookDenied { .. }), "a webhook that words its reason as the cluster does is still a webhook");
}

#[test]
fn causes_are_read_one_by_one() {
    let one = |object, path: &str, message: &str| complaints(object, "Service \"shop\" is invalid", &[FieldError::new(path, message)]).remove(0);
    let other = |said: &str, field: Option<Field>| Complaint::Refused { refusal: Refusal::Other { said: said.into() }, said: said.into(), field };
    assert_eq!(one(SERVICE, "spec.ports[0].nodePort", "Invalid value: 30123: provided port is already allocated"), Complaint::NodePortTaken(30123));
    assert_eq!(
        one(SERVICE, "spec.ports[0].nodePort", "Invalid value: 80: provided port is not in the valid range."),
        other("Invalid value: 80: provided port is not in the valid range", Some(Field::NodePort))
    );
    assert_eq!(one(DEPLOYMENT, "spec.replicas", "Invalid value: -1: must be positive"), other("Invalid value: -1: must be positive", Some(Field::Replicas)));
    assert_eq!(one(DEPLOYMENT, "spec.strategy", "Required value"), other("Required value", None));
    let refused = |said: &str, refusal| Complaint::Refused { refusal, said: said.into(), field: None };
    let ends = "namespace web is being terminated";
    assert_eq!(one(DEPLOYMENT, "metadata.namespace", ends), refused(ends, Refusal::NamespaceTerminating { namespace: "web".into() }));
    let denied = "ValidatingAdmissionPolicy 'p' with binding 'b' denied request: no";
    let policy = Refusal::PolicyDenied { policy: "p".into(), binding: Some("b".into()), said: "no".into() };
    assert_eq!(one(DEPLOYMENT, "", denied), refused(denied, policy));
}
