//! Public apps as their charts and manifests make them, healthy: none is called anything but running or completed, and
//! none has a remark, with logs as they write them when all is well.
//!
//! `tests/healthy/*.yaml` has what people write. The test adds what the cluster makes of it: replica sets, pods that are
//! ready for an hour, endpoints, statuses. `x-pods` are labels that somebody puts on single pods, `x-phase` is the phase of a
//! pod. `tests/healthy/logs/*.log` has lines of each app: before the first empty line what it writes once while it starts,
//! such as a dependency that is not there yet; behind it what it goes on to write, with words in it that are no errors:
//! `errors=0`, `timeout=30s`, a path that is called error.

use crate::index::{Classes, Index};
use crate::json;
use crate::slim::{Came, LIMITS, Watched, slim};
use domain::facts::{AppFacts, Container, Labels, Observed, Pod as PodFacts, RunningLog};
use domain::log::{Sample, errors};
use domain::status::Word;
use domain::view::Usage;
use domain::{Namespace, UnixMs, describe, way};
use k8s_openapi::api::apps::v1::{DaemonSet, Deployment, ReplicaSet, StatefulSet};
use k8s_openapi::api::autoscaling::v2::HorizontalPodAutoscaler;
use k8s_openapi::api::batch::v1::{CronJob, Job};
use k8s_openapi::api::core::v1::{Event, PersistentVolumeClaim, Pod, Service};
use k8s_openapi::api::discovery::v1::EndpointSlice;
use k8s_openapi::api::networking::v1::{Ingress, NetworkPolicy};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::path::Path;
use std::sync::Arc;

const MADE: &str = "2026-03-01T10:00:00Z";
const SINCE: &str = "2026-03-01T10:01:00Z";
/// An hour later.
const NOW: UnixMs = UnixMs(1_772_362_800_000);

/// The objects of one app as the cluster has them.
struct Cluster {
    namespace: Namespace,
    objects: Vec<Value>,
    /// Labels of each pod and whether it is behind services.
    pods: Vec<(Labels, bool)>,
    count: usize,
}

fn labels(value: &Value) -> Labels {
    serde_json::from_value(value.clone()).unwrap_or_default()
}

fn merge(into: &mut Value, more: Value) {
    match (into, more) {
        (Value::Object(into), Value::Object(more)) => {
            for (key, value) in more {
                merge(into.entry(key).or_insert(Value::Null), value);
            }
        }
        (into, more) => *into = more,
    }
}

impl Cluster {
    fn uid(&mut self) -> String {
        self.count += 1;
        format!("uid-{}", self.count)
    }

    fn put(&mut self, mut object: Value, more: Value) -> Value {
        let uid = self.uid();
        merge(
            &mut object,
            json!({"metadata": {"namespace": self.namespace.as_str(), "uid": uid, "generation": 1, "creationTimestamp": MADE,
            "managedFields": [{"manager": "helm", "operation": "Update", "time": MADE}]}}),
        );
        merge(&mut object, more);
        self.objects.push(object.clone());
        object
    }

    /// A pod of a template, ready for an hour or ended well.
    fn pod(&mut self, name: String, template: &Value, more: &Value, owner: Option<Value>, phase: &str) {
        let done = phase == "Succeeded";
        let running = json!({"running": {"startedAt": MADE}});
        let ended = json!({"terminated": {"exitCode": 0, "reason": "Completed", "startedAt": MADE, "finishedAt": SINCE}});
        let of = |containers: &Value, init: bool| -> Vec<Value> {
            let all = containers.as_array().into_iter().flatten();
            all.map(|c| {
                let beside = !init || c["restartPolicy"] == "Always";
                let state = if beside && !done { &running } else { &ended };
                json!({"name": c["name"], "image": c["image"], "imageID": "", "ready": !done, "started": beside && !done, "restartCount": 0, "state": state})
            })
            .collect()
        };
        let spec = &template["spec"];
        let condition = |kind: &str| {
            let (status, reason) = if done && kind != "PodScheduled" && kind != "Initialized" { ("False", "PodCompleted") } else { ("True", "") };
            json!({"type": kind, "status": status, "reason": reason, "lastTransitionTime": SINCE})
        };
        let conditions: Vec<_> = ["PodScheduled", "Initialized", "ContainersReady", "Ready"].map(condition).into();
        let mut object = json!({"kind": "Pod", "metadata": template["metadata"], "spec": spec, "status": {"phase": phase, "podIP": "10.0.0.1", "conditions": conditions,
            "initContainerStatuses": of(&spec["initContainers"], true), "containerStatuses": of(&spec["containers"], false)}});
        merge(&mut object, json!({"metadata": {"name": name, "labels": more}, "spec": {"nodeName": "node-1"}}));
        if let Some(owner) = owner {
            object["metadata"]["ownerReferences"] = json!([owner]);
        }
        self.pods.push((labels(&object["metadata"]["labels"]), !done));
        let pod = self.put(object, json!({}));
        // As it was while it started, an hour ago.
        let warning = json!({"kind": "Event", "metadata": {"name": format!("{name}.1")}, "involvedObject": {"kind": "Pod", "name": name, "uid": pod["metadata"]["uid"]}, "type": "Warning",
            "reason": "Unhealthy", "message": "Readiness probe failed: Get \"http://10.0.0.1:8080/\": context deadline exceeded (Client.Timeout exceeded while awaiting headers)",
            "count": 2, "firstTimestamp": MADE, "lastTimestamp": MADE, "source": {"component": "kubelet"}});
        self.put(warning, json!({}));
    }

    fn controlled(kind: &str, object: &Value) -> Value {
        let group = if kind.ends_with("Job") { "batch/v1" } else { "apps/v1" };
        json!({"apiVersion": group, "kind": kind, "name": object["metadata"]["name"], "uid": object["metadata"]["uid"], "controller": true})
    }

    /// What a person wrote, and what the cluster makes of it. Services come last: they need to know the pods.
    fn apply(&mut self, object: Value) {
        let name = object["metadata"]["name"].as_str().unwrap_or_default().to_owned();
        let n = object["spec"]["replicas"].as_u64().unwrap_or(1);
        let template = object["spec"]["template"].clone();
        let own = |i: usize| object["x-pods"][i].clone();
        let selector = json!({"spec": {"selector": {"matchLabels": template["metadata"]["labels"]}}});
        match object["kind"].as_str().unwrap_or_default() {
            "Deployment" => {
                let conditions = json!([{"type": "Available", "status": "True", "reason": "MinimumReplicasAvailable", "lastTransitionTime": SINCE},
                    {"type": "Progressing", "status": "True", "reason": "NewReplicaSetAvailable", "lastUpdateTime": SINCE, "lastTransitionTime": SINCE}]);
                let status =
                    json!({"observedGeneration": 1, "replicas": n, "updatedReplicas": n, "readyReplicas": n, "availableReplicas": n, "conditions": conditions});
                let kept = self.put(object.clone(), selector.clone());
                self.objects.pop();
                let kept = self.put(kept, json!({"metadata": {"annotations": {"deployment.kubernetes.io/revision": "1"}}, "status": status}));
                let hash = json!({"pod-template-hash": "5f6c"});
                let mut of_set = template.clone();
                merge(&mut of_set, json!({"metadata": {"labels": hash}}));
                let set = json!({"kind": "ReplicaSet", "metadata": {"name": format!("{name}-5f6c"), "labels": of_set["metadata"]["labels"], "annotations": {"deployment.kubernetes.io/revision": "1"},
                    "ownerReferences": [Self::controlled("Deployment", &kept)]}, "spec": {"replicas": n, "selector": {}, "template": of_set}, "status": {"replicas": n, "readyReplicas": n}});
                let set = self.put(set, json!({}));
                for i in 0..n {
                    self.pod(format!("{name}-5f6c-{i:05}"), &of_set, &hash, Some(Self::controlled("ReplicaSet", &set)), "Running");
                }
            }
            kind @ ("StatefulSet" | "DaemonSet") => {
                let status = json!({"observedGeneration": 1, "replicas": n, "currentReplicas": n, "updatedReplicas": n, "readyReplicas": n, "availableReplicas": n, "currentRevision": "r", "updateRevision": "r",
                    "desiredNumberScheduled": n, "currentNumberScheduled": n, "updatedNumberScheduled": n, "numberReady": n, "numberAvailable": n, "numberMisscheduled": 0});
                let mut full = object.clone();
                merge(&mut full, selector.clone());
                let kept = self.put(full, json!({"status": status}));
                for i in 0..n {
                    let i = usize::try_from(i).unwrap();
                    let mut more = own(i);
                    merge(&mut more, json!({"controller-revision-hash": "r"}));
                    let pod = if kind == "StatefulSet" { format!("{name}-{i}") } else { format!("{name}-{i:05}") };
                    self.pod(pod, &template, &more, Some(Self::controlled(kind, &kept)), "Running");
                }
            }
            "Job" => {
                let status = json!({"succeeded": 1, "startTime": MADE, "completionTime": SINCE, "conditions": [{"type": "Complete", "status": "True", "lastTransitionTime": SINCE}]});
                let mut full = object.clone();
                merge(&mut full, selector.clone());
                let kept = self.put(full, json!({"spec": {"completions": 1, "parallelism": 1}, "status": status}));
                self.pod(format!("{name}-abcde"), &template, &json!({"batch.kubernetes.io/job-name": name}), Some(Self::controlled("Job", &kept)), "Succeeded");
            }
            "CronJob" => {
                let kept = self.put(object.clone(), json!({"status": {"lastScheduleTime": MADE, "lastSuccessfulTime": SINCE}}));
                let status = json!({"succeeded": 1, "startTime": MADE, "completionTime": SINCE, "conditions": [{"type": "Complete", "status": "True", "lastTransitionTime": SINCE}]});
                let mut run = json!({"kind": "Job", "metadata": {"name": format!("{name}-29540000"), "ownerReferences": [Self::controlled("CronJob", &kept)]}, "status": status});
                run["spec"] = object["spec"]["jobTemplate"]["spec"].clone();
                let template = run["spec"]["template"].clone();
                let run = self.put(run, json!({}));
                self.pod(format!("{name}-29540000-abcde"), &template, &json!({}), Some(Self::controlled("Job", &run)), "Succeeded");
            }
            "Pod" => {
                let owner = object["metadata"]["ownerReferences"][0].clone();
                let phase = object["x-phase"].as_str().unwrap_or("Running");
                self.pod(name, &object, &json!({}), (!owner.is_null()).then_some(owner), phase);
            }
            "Service" => {
                let given = if object["spec"]["type"] == "LoadBalancer" { json!({"loadBalancer": {"ingress": [{"ip": "192.0.2.7"}]}}) } else { json!({}) };
                let address = object["spec"]["clusterIP"].as_str().unwrap_or("10.96.7.7").to_owned();
                let kept = self.put(object.clone(), json!({"spec": {"clusterIP": address}, "status": given}));
                let selector = labels(&kept["spec"]["selector"]);
                if selector.is_empty() {
                    return;
                }
                let behind = self.pods.iter().filter(|(labels, ready)| *ready && selector.iter().all(|(k, v)| labels.get(k) == Some(v))).count();
                let endpoints: Vec<_> = (0..behind).map(|_| json!({"addresses": ["10.0.0.1"], "conditions": {"ready": true}})).collect();
                let slice = json!({"kind": "EndpointSlice", "addressType": "IPv4", "metadata": {"name": format!("{name}-x"), "labels": {"kubernetes.io/service-name": name}}, "endpoints": endpoints});
                self.put(slice, json!({}));
            }
            "HorizontalPodAutoscaler" => {
                let least = object["spec"]["minReplicas"].clone();
                let condition = |kind: &str, reason: &str| json!({"type": kind, "status": "True", "reason": reason, "message": "as it should be", "lastTransitionTime": SINCE});
                let limited = if object["spec"]["maxReplicas"] == least { "TooManyReplicas" } else { "TooFewReplicas" };
                let conditions =
                    [condition("AbleToScale", "ReadyForNewScale"), condition("ScalingActive", "ValidMetricFound"), condition("ScalingLimited", limited)];
                self.put(object, json!({"status": {"currentReplicas": least, "desiredReplicas": least, "conditions": conditions}}));
            }
            "Ingress" => {
                self.put(object, json!({"status": {"loadBalancer": {"ingress": [{"ip": "192.0.2.7"}]}}}));
            }
            "PersistentVolumeClaim" => {
                self.put(object, json!({"status": {"phase": "Bound"}}));
            }
            "NetworkPolicy" => {
                self.put(object, json!({}));
            }
            other => panic!("{other} is no kind of the corpus"),
        }
    }

    fn index(&self) -> Index {
        let mut index = Index::new(1 << 26);
        index.set_classes(Some(Classes { names: ["nginx".to_owned()].into(), default: true }));
        for object in &self.objects {
            let add = match object["kind"].as_str().unwrap_or_default() {
                "Deployment" => add::<Deployment>,
                "ReplicaSet" => add::<ReplicaSet>,
                "StatefulSet" => add::<StatefulSet>,
                "DaemonSet" => add::<DaemonSet>,
                "Job" => add::<Job>,
                "CronJob" => add::<CronJob>,
                "Pod" => add::<Pod>,
                "Service" => add::<Service>,
                "EndpointSlice" => add::<EndpointSlice>,
                "HorizontalPodAutoscaler" => add::<HorizontalPodAutoscaler>,
                "Ingress" => add::<Ingress>,
                "PersistentVolumeClaim" => add::<PersistentVolumeClaim>,
                "NetworkPolicy" => add::<NetworkPolicy>,
                "Event" => add::<Event>,
                other => panic!("{other} is not watched"),
            };
            add(&mut index, &self.namespace, object);
        }
        index
    }
}

/// As a watch takes an object in.
fn add<K: Watched>(index: &mut Index, namespace: &Namespace, object: &Value) {
    let text = object.to_string();
    let identity = json::Identity { name: object["metadata"]["name"].as_str().unwrap_or_default().into(), ..json::Identity::default() };
    assert!(text.len() < LIMITS.object);
    match slim::<K>(namespace, json::Object { json: text.as_bytes(), identity: &identity, large: false }) {
        Came::Kept(slim) => index.apply(namespace, slim),
        other => panic!("{other:?}: {text}"),
    }
}

fn read(path: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(path).unwrap();
    let documents =
        serde_yaml_ng::Deserializer::from_str(&text).map(|document| Value::deserialize(document).unwrap_or_else(|e| panic!("{}: {e}", path.display())));
    documents.filter(|d| d != &Value::Object(Map::new()) && !d.is_null()).collect()
}

/// Two minutes of a healthy log, four lines a second, with their times in front.
fn log(path: &Path) -> Vec<u8> {
    let text = std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let (start, steady) = text.split_once("\n\n").unwrap_or(("", text.as_str()));
    let lines = start.lines().chain(steady.lines().cycle()).take(480);
    lines.enumerate().map(|(n, line)| format!("2026-03-01T10:{:02}:{:02}Z {line}\n", 58 + n / 240, n / 4 % 60)).collect::<String>().into_bytes()
}

/// What the portal would tell of such a log of each container.
fn observed(facts: &AppFacts, lines: &[u8]) -> Observed {
    let found = errors(lines, Sample { window_s: 120, cut: false, running_ms: 3_600_000 }, str::to_owned);
    let of_container = |pod: &PodFacts, container: &Container| {
        let errors = found.clone()?;
        let many = errors.is_many();
        Some(RunningLog { pod: pod.name.clone(), container: container.name.clone(), errors, many })
    };
    let logs = facts.pods.iter().flat_map(|p| p.containers.iter().filter_map(move |c| of_container(p, c))).collect();
    let mut seen = Observed { logs, ..Observed::default() };
    seen.unanswered = way::unanswered(&seen, &facts.workload.id.namespace, []);
    seen
}

#[test]
fn healthy_public_apps_run_without_a_remark() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/healthy");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).filter(|p| p.is_file()).collect();
    files.sort();
    assert!(files.len() >= 40, "{}", files.len());
    let mut wrong = Vec::new();
    for path in &files {
        let name = path.file_stem().unwrap().to_string_lossy();
        let mut cluster = Cluster { namespace: Namespace::parse(name.to_string()).unwrap(), objects: Vec::new(), pods: Vec::new(), count: 0 };
        let (services, others): (Vec<_>, Vec<_>) = read(path).into_iter().partition(|o| o["kind"] == "Service");
        others.into_iter().chain(services).for_each(|object| cluster.apply(object));
        let world = cluster.index().publish(NOW).unwrap();
        let apps = &world.namespaces[&cluster.namespace].apps;
        assert!(!apps.is_empty(), "{name}");
        let lines = log(&path.with_file_name("logs").join(format!("{name}.log")));
        for facts in apps.values() {
            let facts = &AppFacts { observed: Arc::new(observed(facts, &lines)), ..AppFacts::clone(facts) };
            let row = describe::row(facts, None, Usage::default(), NOW, domain::Language::English);
            if !matches!(row.status.word, Word::Running | Word::Completed) || !row.remarks.is_empty() {
                let remarks: Vec<_> = row.remarks.iter().map(|r| format!("\n    {} {}", r.code, r.text)).collect();
                wrong.push(format!("{}: {} {}{}", row.id, row.status.word.text(), row.status.sentence, remarks.concat()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
