use super::*;
use domain::facts::{ContainerState, Reference};
use domain::kubernetes::words::{ConditionReason, EndReason, WaitReason};
use domain::{Kind, MilliCpu, UnixMs};
use k8s_openapi::api::apps::v1::{DaemonSet, Deployment, StatefulSet};
use k8s_openapi::api::batch::v1::Job;
use k8s_openapi::api::core::v1 as core;
use k8s_openapi::api::discovery::v1::EndpointSlice;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

fn slim<K: Watched + DeserializeOwned>(object: Value) -> Option<Slim> {
    let object: K = serde_json::from_value(object).unwrap();
    object.slim(&Namespace::parse("web").unwrap())
}

fn deployment() -> Value {
    json!({
        "metadata": {
            "name": "kpow", "namespace": "web", "uid": "d1", "generation": 3, "creationTimestamp": "2024-02-28T23:59:59Z",
            "labels": {"app.kubernetes.io/instance": "my-kpow", "app.kubernetes.io/managed-by": "Helm"},
            "annotations": {"deployment.kubernetes.io/revision": "7"},
            "managedFields": [
                {"manager": "helm", "operation": "Update", "time": "2024-02-29T00:00:00Z"},
                {"manager": "kube-controller-manager", "operation": "Update", "subresource": "status", "time": "2024-03-01T00:00:00Z"},
            ],
        },
        "spec": {
            "replicas": 2,
            "selector": {"matchLabels": {"app": "kpow"}},
            "template": {"metadata": {"labels": {"app": "kpow"}}, "spec": {
                "imagePullSecrets": [{"name": "registry"}],
                "initContainers": [{"name": "wait", "image": "busybox"}],
                "containers": [{
                    "name": "main", "image": "kpow:94",
                    "env": [
                        {"name": "A", "value": "plain"},
                        {"name": "ES_PASSWORD", "valueFrom": {"secretKeyRef": {"name": "es", "key": "password"}}},
                        {"name": "URL", "valueFrom": {"configMapKeyRef": {"name": "app", "key": "URL", "optional": true}}},
                    ],
                    "envFrom": [{"secretRef": {"name": "all"}}],
                    "volumeMounts": [{"name": "tls", "mountPath": "/etc/tls"}, {"name": "both", "mountPath": "/etc/both"}, {"name": "data", "mountPath": "/data"}],
                    "resources": {"requests": {"cpu": "100m", "memory": "64Mi"}, "limits": {"memory": "700m"}},
                    "livenessProbe": {"httpGet": {"path": "/healthy", "port": 3000}, "failureThreshold": 5},
                    "readinessProbe": {"tcpSocket": {"port": "http"}},
                    "startupProbe": {"exec": {"command": ["pg_isready", "-q"]}},
                }],
                "volumes": [
                    {"name": "tls", "secret": {"secretName": "tls"}},
                    {"name": "both", "projected": {"sources": [{"secret": {"name": "p", "items": [{"key": "k", "path": "k"}]}}, {"configMap": {"name": "q"}}]}},
                    {"name": "data", "persistentVolumeClaim": {"claimName": "data"}},
                ],
            }},
        },
        "status": {"observedGeneration": 2, "replicas": 2, "readyReplicas": 1},
    })
}

#[test]
fn a_deployment_keeps_what_readers_need() {
    let Some(Slim::Workload(w)) = slim::<Deployment>(deployment()) else { panic!() };
    assert_eq!((w.id.kind, w.id.to_string().as_str()), (Kind::Deployment, "web/deployment/kpow"));
    assert_eq!(w.changed, Some((UnixMs(1_709_164_800_000), "helm".into())), "an update of the status is no change");
    assert_eq!(w.release.as_deref(), Some("my-kpow"));
    assert_eq!((w.revision, w.generation, w.observed_generation), (Some(7), 3, 2));
    assert_eq!((w.replicas.wanted, w.replicas.current, w.replicas.ready), (2, 2, 1));
    assert_eq!(w.containers.iter().map(|c| (c.name.as_str(), c.init)).collect::<Vec<_>>(), [("wait", true), ("main", false)]);
    let main = &w.containers[1];
    assert_eq!((main.cpu_request, main.memory_limit), (Some(MilliCpu(100)), None), "thousandths of a byte are no limit");
    let words = |p: &Option<domain::facts::Probe>| p.as_ref().map(|p| (p.what.clone(), p.period_s, p.failure_threshold)).unwrap();
    assert_eq!(words(&main.liveness), ("GET /healthy on 3000".into(), 10, 5));
    assert_eq!(words(&main.readiness), ("TCP http".into(), 10, 3));
    assert_eq!(words(&main.startup), ("command pg_isready -q".into(), 10, 3));
}

#[test]
fn a_password_in_the_command_of_a_probe_is_hidden() {
    let mut object = deployment();
    object["spec"]["template"]["spec"]["containers"][0]["startupProbe"] =
        json!({"exec": {"command": ["mysqladmin", "ping", "--password=hunter2", "--token", "hunter2"]}});
    let Some(Slim::Workload(w)) = slim::<Deployment>(object) else { panic!() };
    assert_eq!(w.containers[1].startup.as_ref().unwrap().what, "command mysqladmin ping --password=(hidden) --token (hidden)");
}

#[test]
fn a_daemon_set_and_a_stateful_set_tell_their_update_strategy() {
    let set = |strategy: &str| json!({"metadata": {"name": "a", "namespace": "web"}, "spec": {"selector": {}, "serviceName": "a", "template": {}, "updateStrategy": {"type": strategy}}});
    let on_delete = |slim: Option<Slim>| matches!(slim, Some(Slim::Workload(w)) if w.on_delete);
    assert!(on_delete(slim::<DaemonSet>(set("OnDelete"))) && on_delete(slim::<StatefulSet>(set("OnDelete"))));
    assert!(!on_delete(slim::<DaemonSet>(set("RollingUpdate"))) && !on_delete(slim::<StatefulSet>(set("RollingUpdate"))));
}

#[test]
fn references_say_how_they_are_used() {
    let Some(Slim::Workload(w)) = slim::<Deployment>(deployment()) else { panic!() };
    let say = |all: &[Reference]| {
        all.iter().map(|r| format!("{} {} {}{}", r.name, r.key.as_deref().unwrap_or("*"), r.how, if r.optional { "?" } else { "" })).collect::<Vec<_>>()
    };
    assert_eq!(say(&w.secrets), ["all * all keys as env", "es password env ES_PASSWORD", "p k mounted at /etc/both", "tls * mounted at /etc/tls"]);
    assert_eq!(say(&w.config_maps), ["app URL env URL?", "q * mounted at /etc/both"]);
    assert_eq!((w.pull_secrets.as_slice(), w.claims.as_slice()), (["registry".to_owned()].as_slice(), ["data".to_owned()].as_slice()));
}

#[test]
fn labels_and_texts_have_bounds() {
    let mut object = deployment();
    object["metadata"]["labels"] = (0..100).map(|n| (format!("l{n}"), json!("v".repeat(5_000)))).collect();
    let Some(Slim::Workload(w)) = slim::<Deployment>(object) else { panic!() };
    assert_eq!(w.labels.len(), 32);
    assert!(w.labels.values().all(|v| v.len() < 600));
}

#[test]
fn a_job_of_a_cron_job_is_a_run() {
    let mut job = json!({"metadata": {"name": "report-1", "namespace": "web", "uid": "j1", "ownerReferences": [{"apiVersion": "batch/v1", "kind": "CronJob", "name": "report", "uid": "c1", "controller": true}]},
        "spec": {"template": {"spec": {"containers": []}}}, "status": {"failed": 1, "conditions": [{"type": "Failed", "status": "True", "reason": "DeadlineExceeded"}]}});
    let Some(Slim::Run(run)) = slim::<Job>(job.clone()) else { panic!() };
    assert_eq!((run.owner.as_str(), run.failure.as_ref(), run.facts.failed), ("c1", Some(&ConditionReason::DeadlineExceeded), 1));
    job["metadata"]["ownerReferences"] = json!(null);
    assert!(matches!(slim::<Job>(job), Some(Slim::Workload(_))));
}

#[test]
fn containers_of_a_pod_tell_their_state_and_their_end_before() {
    let pod = json!({
        "metadata": {"name": "kpow-1", "namespace": "web", "uid": "p1", "labels": {"pod-template-hash": "abc"}, "deletionTimestamp": "2024-02-29T00:00:30Z", "deletionGracePeriodSeconds": 30},
        "spec": {"containers": [{"name": "main", "image": "kpow:94"}, {"name": "late", "image": "x"}]},
        "status": {"phase": "Running", "containerStatuses": [{"name": "main", "image": "sha256:1", "imageID": "", "ready": false, "restartCount": 4,
            "state": {"waiting": {"reason": "CrashLoopBackOff", "message": "back-off"}},
            "lastState": {"terminated": {"exitCode": 137, "reason": "OOMKilled", "finishedAt": "2024-02-29T00:00:00Z"}}}]},
    });
    let Some(Slim::Pod(pod)) = slim::<core::Pod>(pod) else { panic!() };
    let main = &pod.facts.containers[0];
    assert_eq!((main.image.as_str(), main.restarts), ("kpow:94", 4));
    assert!(matches!(&main.state, ContainerState::Waiting { reason: WaitReason::CrashLoopBackOff, .. }));
    assert_eq!(main.last.as_ref().map(|l| (l.exit_code, &l.reason)), Some((137, &EndReason::OutOfMemory)));
    assert!(matches!(&pod.facts.containers[1].state, ContainerState::Waiting { reason: WaitReason::Unsaid, .. }));
    assert_eq!(pod.facts.deleting, Some(UnixMs(1_709_164_800_000)), "the moment of the request and not of its end");
}

#[test]
fn an_endpoint_without_a_word_is_ready() {
    let slice = json!({"metadata": {"name": "kpow-x", "namespace": "web", "labels": {"kubernetes.io/service-name": "kpow"}}, "addressType": "IPv4",
        "endpoints": [{"addresses": ["1"]}, {"addresses": ["2"], "conditions": {"ready": false}}, {"addresses": ["3"], "conditions": {"ready": true}}]});
    let Some(Slim::Slice(slice)) = slim::<EndpointSlice>(slice) else { panic!() };
    assert_eq!((slice.service.as_str(), slice.ready, slice.unready), ("kpow", 2, 1));
}

#[test]
fn events_about_other_things_are_left_out() {
    let event = |kind: &str| {
        json!({"metadata": {"name": "e", "namespace": "web"}, "involvedObject": {"kind": kind, "name": "a", "uid": "u"}, "type": "Warning",
        "eventTime": "2024-02-29T00:00:00.123000Z", "series": {"count": 4, "lastObservedTime": "2024-02-29T00:01:00.000000Z"}, "reportingComponent": "kubelet"})
    };
    assert!(slim::<core::Event>(event("Node")).is_none());
    let mut combined = event("Pod");
    combined["message"] = json!("(combined from similar events): Readiness probe failed: x");
    let Some(Slim::Event(e)) = slim::<core::Event>(combined) else { panic!() };
    assert_eq!(e.facts.message, "Readiness probe failed: x");
    let Some(Slim::Event(e)) = slim::<core::Event>(event("Pod")) else { panic!() };
    assert_eq!((e.facts.first, e.facts.last, e.facts.count, e.facts.warning), (UnixMs(1_709_164_800_123), UnixMs(1_709_164_860_000), 4, true));
}

#[test]
fn an_event_that_is_dated_ahead_is_of_the_moment_at_which_it_came() {
    let event = |last: &str| {
        let about = json!({"kind": "Pod", "name": "a", "uid": "u"});
        json!({"metadata": {"name": "e", "namespace": "web"}, "involvedObject": about, "firstTimestamp": "2024-02-29T00:00:00Z", "lastTimestamp": last})
    };
    let dates = |event: Value| {
        let Some(Slim::Event(e)) = slim::<core::Event>(event) else { panic!() };
        (e.facts.first, e.facts.last)
    };
    let before = crate::clock::now();
    let (first, last) = dates(event("2999-01-01T00:00:00Z"));
    assert_eq!(first, UnixMs(1_709_164_800_000));
    assert!(before <= last && last <= crate::clock::now());
    let mut ahead = event("2999-01-01T00:00:00Z");
    ahead["firstTimestamp"] = json!("2998-01-01T00:00:00Z");
    let (first, last) = dates(ahead);
    assert!(first <= last && last <= crate::clock::now());
    assert_eq!(dates(event("2024-02-29T00:01:00Z")).1, UnixMs(1_709_164_860_000), "others keep their dates");
}

fn pod_with(spec: Value) -> std::sync::Arc<domain::facts::Pod> {
    let pod = json!({"metadata": {"name": "kpow-1", "namespace": "web", "uid": "p1"}, "spec": spec, "status": {"phase": "Pending"}});
    let Some(Slim::Pod(pod)) = slim::<core::Pod>(pod) else { panic!() };
    pod.facts
}

#[test]
fn an_init_container_that_always_restarts_is_a_sidecar_and_no_init_container() {
    let init = json!([{"name": "proxy", "restartPolicy": "Always"}, {"name": "migrate"}]);
    let pod = pod_with(json!({"nodeName": "n", "initContainers": init, "containers": [{"name": "main"}]}));
    let kinds = |all: Vec<(&str, bool, bool)>| all.into_iter().map(|(n, i, s)| format!("{n} {i} {s}")).collect::<Vec<_>>();
    let said = ["proxy false true", "migrate true false", "main false false"];
    assert_eq!(kinds(pod.containers.iter().map(|c| (c.name.as_str(), c.init, c.sidecar)).collect()), said);
    let mut object = deployment();
    object["spec"]["template"]["spec"]["initContainers"] = init;
    let Some(Slim::Workload(w)) = slim::<Deployment>(object) else { panic!() };
    assert_eq!(kinds(w.containers.iter().map(|c| (c.name.as_str(), c.init, c.sidecar)).collect()), said);
}

#[test]
fn a_pod_without_a_node_keeps_what_it_asks_of_one() {
    let amount = |cpu: &str, gpu: Option<&str>| {
        let mut limits = json!({"cpu": cpu});
        if let Some(n) = gpu {
            limits["nvidia.com/gpu"] = json!(n);
        }
        json!({"limits": limits})
    };
    let terms = json!([{"matchExpressions": [{"key": "zone", "operator": "In", "values": ["a", "b"]}]}, {"matchFields": [{"key": "metadata.name", "operator": "In", "values": ["n1"]}]}]);
    let mut spec = json!({
        "schedulerName": "volcano", "nodeSelector": {"disk": "nvme"},
        "affinity": {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": terms}}},
        "initContainers": [{"name": "proxy", "restartPolicy": "Always", "resources": amount("100m", None)}, {"name": "init", "resources": amount("2", None)}],
        "containers": [{"name": "main", "resources": amount("1500m", Some("1"))}],
    });
    let asks = pod_with(spec.clone()).asks.clone().unwrap();
    assert_eq!(
        asks.requests,
        [("cpu".to_owned(), "2100m".to_owned()), ("nvidia.com/gpu".to_owned(), "1".to_owned())],
        "the init container with the sidecar before it"
    );
    let labels: Vec<_> = asks.labels.iter().map(|w| format!("{} {} {} {}", w.alternative, w.key, w.operator, w.values.join("|"))).collect();
    assert_eq!(labels, ["0 disk In nvme", "1 zone In a|b", "2 metadata.name In n1"]);
    assert_eq!(asks.scheduler.as_deref(), Some("volcano"));
    spec["nodeName"] = json!("n1");
    assert_eq!(pod_with(spec).asks, None, "a pod with a node needs none of it");
}

#[test]
fn a_pod_with_the_mark_of_a_deployment_weighs_as_much_as_one_that_stands_for_itself() {
    let pod = |labels: Value, kind: &str| {
        let containers = [json!({"name": "main", "image": "shop:1"}), json!({"name": "side", "image": "side:1"})];
        let owner = json!({"apiVersion": "apps/v1", "kind": kind, "name": "shop-1", "uid": "s", "controller": true});
        let meta = json!({"name": "shop-1-x", "namespace": "web", "uid": "p1", "labels": labels, "ownerReferences": [owner]});
        slim::<core::Pod>(json!({"metadata": meta, "spec": {"containers": containers}, "status": {"phase": "Running"}})).unwrap()
    };
    let (marked, of_stateful_set) = (pod(json!({"pod-template-hash": "1"}), "ReplicaSet"), pod(json!({"pod-template-hash": "1"}), "StatefulSet"));
    let Slim::Pod(slim) = &marked else { panic!() };
    let namespace = Namespace::parse("web").unwrap();
    let alone = Slim::Pod(SlimPod { single: apart(&namespace, slim).map(std::sync::Arc::new), apart: 0, ..slim.clone() });
    // `null` stands for none.
    assert_eq!(marked.weight(), alone.weight() + "null".len());
    assert!(marked.weight() > of_stateful_set.weight() + 500);
}

#[test]
fn resources_of_the_whole_pod_stand_in_for_those_of_its_containers() {
    let of_pod = json!({"limits": {"memory": "64Mi"}, "requests": {"cpu": "3"}});
    let spec = json!({"resources": of_pod, "containers": [{"name": "main", "resources": {"requests": {"cpu": "100m"}}}, {"name": "side", "resources": {"limits": {"memory": "16Mi"}}}]});
    assert_eq!(pod_with(spec.clone()).asks.clone().unwrap().requests[0], ("cpu".to_owned(), "3000m".to_owned()));
    let mut object = deployment();
    object["spec"]["template"]["spec"] = spec;
    let Some(Slim::Workload(w)) = slim::<Deployment>(object) else { panic!() };
    assert_eq!(w.containers.iter().map(|c| c.memory_limit.map(|l| l.0 >> 20)).collect::<Vec<_>>(), [Some(64), Some(16)]);
}

#[test]
fn what_was_deleted_keeps_its_finalizers() {
    let mut object = deployment();
    object["metadata"]["deletionTimestamp"] = json!("2024-02-29T00:00:30Z");
    object["metadata"]["finalizers"] = (0..30).map(|n| json!(format!("example.org/{n}"))).collect();
    let Some(Slim::Workload(w)) = slim::<Deployment>(object) else { panic!() };
    let deletion = w.deletion.as_ref().unwrap();
    assert_eq!((deletion.at, deletion.finalizers.len(), deletion.finalizers[0].as_str()), (UnixMs(1_709_164_830_000), 10, "example.org/0"));
}

#[test]
fn a_stateful_set_tells_its_partition_and_newest_revision() {
    let set = json!({"metadata": {"name": "a", "namespace": "web"}, "status": {"replicas": 3, "currentRevision": "a-1", "updateRevision": "a-2", "updatedReplicas": 1},
        "spec": {"selector": {}, "serviceName": "a", "template": {}, "podManagementPolicy": "Parallel", "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"partition": 2}}}});
    let Some(Slim::Workload(w)) = slim::<StatefulSet>(set) else { panic!() };
    assert_eq!((w.update.partition, w.update.revision.as_deref(), w.update.parallel, w.replicas.updated), (2, Some("a-2"), true, 1));
}

#[test]
fn each_resource_that_is_watched_is_called_as_the_api_calls_it() {
    fn named<K: Watched>() {
        let resource = K::WHAT.resource();
        assert_eq!((resource.plural(), resource.group()), (K::plural(&()).as_ref(), K::group(&()).as_ref()));
    }
    named::<Deployment>();
    named::<StatefulSet>();
    named::<DaemonSet>();
    named::<k8s_openapi::api::apps::v1::ReplicaSet>();
    named::<Job>();
    named::<k8s_openapi::api::batch::v1::CronJob>();
    named::<core::Pod>();
    named::<core::Service>();
    named::<EndpointSlice>();
    named::<k8s_openapi::api::networking::v1::Ingress>();
    named::<core::PersistentVolumeClaim>();
    named::<core::Event>();
    named::<k8s_openapi::api::autoscaling::v2::HorizontalPodAutoscaler>();
    named::<k8s_openapi::api::networking::v1::NetworkPolicy>();
}
