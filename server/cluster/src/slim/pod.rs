//! Pods and the states of their containers.

use super::meta::{asked_to_go, count, created, finalizers, group, moment, owner};
use super::template::{CONTAINERS, asks, is_sidecar, pull_secrets};
use super::weight::within;
use super::workload::{base, condition, off};
use super::{Slim, SlimPod, Watched, What};
use crate::json::{METADATA, Rule};
use crate::text::{SHORT, cut, message, reason, short, shown};
use domain::facts::{Container, ContainerSpec, ContainerState, Deletion, Ended, Ending, Labels, Pod, Rare, Replicas, Workload};
use domain::kubernetes::words::WaitReason;
use domain::{Kind, Namespace};
use k8s_openapi::api::core::v1 as core;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{ObjectMeta, OwnerReference};
use std::sync::Arc;

/// Of a pod's containers nobody reads these; they are most of its size. The app's own template has them too.
pub(super) const CONTAINER: Rule = Rule::Within(&[("env", Rule::Drop), ("envFrom", Rule::Drop), ("volumeMounts", Rule::Drop)]);

fn ended(t: core::ContainerStateTerminated) -> Ended {
    Ended {
        reason: reason(t.reason).into(),
        message: message(t.message),
        exit_code: t.exit_code,
        signal: t.signal,
        started: moment(t.started_at.as_ref()),
        finished: moment(t.finished_at.as_ref()),
    }
}

fn state(state: Option<core::ContainerState>) -> ContainerState {
    let state = state.unwrap_or_default();
    if let Some(r) = state.running {
        ContainerState::Running { since: moment(r.started_at.as_ref()) }
    } else if let Some(t) = state.terminated {
        ContainerState::Ended(ended(t))
    } else {
        let waiting = state.waiting.unwrap_or_default();
        ContainerState::Waiting { reason: reason(waiting.reason).into(), message: message(waiting.message) }
    }
}

fn container(spec: &core::Container, statuses: &mut Vec<core::ContainerStatus>, init: bool) -> Container {
    let found = statuses.iter().position(|s| s.name == spec.name).map(|i| statuses.swap_remove(i));
    let mut c = Container {
        name: cut(spec.name.as_str(), SHORT),
        image: shown(spec.image.as_deref().unwrap_or_default(), SHORT),
        init: init && !is_sidecar(spec),
        sidecar: init && is_sidecar(spec),
        ready: false,
        started: false,
        restarts: 0,
        state: ContainerState::Waiting { reason: WaitReason::Unsaid, message: String::new() },
        last: None,
    };
    if let Some(s) = found {
        c.ready = s.ready;
        c.started = s.started == Some(true);
        c.restarts = count(Some(s.restart_count));
        c.state = state(s.state);
        c.last = s.last_state.and_then(|l| l.terminated).map(ended);
    }
    c
}

/// What few pods have.
fn rare(spec: &core::PodSpec, mut statuses: Vec<core::ContainerStatus>) -> Option<Box<Rare>> {
    let gates = |all: Vec<&str>| all.into_iter().take(10).map(|g| cut(g, SHORT)).collect::<Vec<_>>();
    let found = Rare {
        readiness_gates: gates(spec.readiness_gates.iter().flatten().map(|g| g.condition_type.as_str()).collect()),
        scheduling_gates: gates(spec.scheduling_gates.iter().flatten().map(|g| g.name.as_str()).collect()),
        ephemeral: spec.ephemeral_containers.iter().flatten().take(20).map(|c| ephemeral(c, &mut statuses)).collect(),
    };
    (found != Rare::default()).then(|| Box::new(found))
}

fn ephemeral(c: &core::EphemeralContainer, statuses: &mut Vec<core::ContainerStatus>) -> Container {
    let spec = core::Container { name: c.name.clone(), image: c.image.clone(), ..core::Container::default() };
    container(&spec, statuses, false)
}

/// The label with which the deployment controller marks the pods of its replica sets; other owners of replica sets have
/// marks of their own, or none.
const OF_DEPLOYMENT: &str = "pod-template-hash";

/// Whether none of the workloads that the portal lists owns the pod.
fn is_single(owner: Option<&OwnerReference>, labels: Option<&Labels>) -> bool {
    owner.is_none_or(|o| match (group(o), o.kind.as_str()) {
        ("apps" | "extensions", "ReplicaSet") => labels.is_none_or(|l| !l.contains_key(OF_DEPLOYMENT)),
        ("apps" | "extensions", "StatefulSet" | "DaemonSet") | ("batch", "Job") => false,
        _ => true,
    })
}

/// A pod as an app of its own by what is kept of it, where only its replica set tells that no deployment owns it.
pub(crate) fn apart(namespace: &Namespace, of: &SlimPod) -> Option<Workload> {
    let pod = &of.facts;
    let meta = ObjectMeta { name: Some(pod.name.clone()), uid: Some(pod.uid.clone()), ..ObjectMeta::default() };
    let ready = u32::from(pod.ready());
    let finalizers = || pod.ending.as_ref().map(|e| e.finalizers.clone()).unwrap_or_default();
    Some(Workload {
        created: pod.created,
        deletion: pod.deleting.map(|at| Deletion { at, finalizers: finalizers() }),
        replicas: Replicas { wanted: 1, current: 1, updated: 1, ready, available: ready },
        containers: pod.containers.iter().map(named).collect(),
        pull_secrets: pod.pull_secrets.clone(),
        log_samples_off: of.log_samples_off,
        ..base(&meta, namespace, Kind::Pod, None)?
    })
}

fn named(c: &Container) -> ContainerSpec {
    ContainerSpec { init: c.init, sidecar: c.sidecar, ..ContainerSpec::new(c.name.clone(), c.image.clone()) }
}

/// The pod as an app of its own.
fn single(meta: &ObjectMeta, namespace: &Namespace, spec: &core::PodSpec, pod: &Pod) -> Option<Workload> {
    let template = core::PodTemplateSpec { metadata: Some(ObjectMeta { labels: meta.labels.clone(), ..ObjectMeta::default() }), spec: Some(spec.clone()) };
    let mut w = base(meta, namespace, Kind::Pod, Some(&template))?;
    w.observed_generation = w.generation;
    let ready = u32::from(pod.ready());
    w.replicas = Replicas { wanted: 1, current: 1, updated: 1, ready, available: ready };
    Some(w)
}

impl Watched for core::Pod {
    const WHAT: What = What::Pods;
    const RULE: &'static Rule = &Rule::Within(&[
        ("metadata", METADATA),
        ("spec", Rule::Within(&[("containers", CONTAINER), ("initContainers", CONTAINER), ("ephemeralContainers", CONTAINER)])),
    ]);

    fn slim(self, namespace: &Namespace) -> Option<Slim> {
        let meta = self.metadata;
        let spec = self.spec?;
        let status = self.status.unwrap_or_default();
        let owner = owner(&meta);
        let labels = meta.labels.as_ref();
        let hash = labels.and_then(|l| l.get(OF_DEPLOYMENT).or_else(|| l.get("controller-revision-hash")));
        let mut init_statuses = status.init_container_statuses.unwrap_or_default();
        let mut statuses = status.container_statuses.unwrap_or_default();
        let init = spec.init_containers.iter().flatten().map(|c| container(c, &mut init_statuses, true));
        let mut containers: Vec<_> = init.take(CONTAINERS).collect();
        containers.extend(spec.containers.iter().take(CONTAINERS).map(|c| container(c, &mut statuses, false)));
        let conditions = status.conditions.into_iter().flatten().take(20);
        let deleting = asked_to_go(&meta);
        let grace_s = meta.deletion_grace_period_seconds.and_then(|s| u32::try_from(s).ok()).unwrap_or(0);
        let pod = Pod {
            name: cut(meta.name.as_deref()?, SHORT),
            uid: short(meta.uid.clone()),
            template_hash: hash.map(|h| cut(h.as_str(), SHORT)),
            owner: owner.map(|o| cut(o.name.as_str(), SHORT)),
            phase: reason(status.phase).into(),
            reason: reason(status.reason).into(),
            message: message(status.message),
            node: spec.node_name.as_deref().map(|n| cut(n, SHORT)),
            ip: status.pod_ip.map(|ip| cut(ip, SHORT)),
            created: created(&meta),
            deleting,
            conditions: conditions.map(|c| condition(c.type_, &c.status, c.reason, c.message, c.last_transition_time.as_ref())).collect(),
            containers,
            pull_secrets: pull_secrets(&spec),
            rare: rare(&spec, status.ephemeral_container_statuses.unwrap_or_default()),
            asks: spec.node_name.is_none().then(|| Box::new(asks(&spec))),
            ending: deleting.map(|_| Box::new(Ending { grace_s, finalizers: finalizers(&meta) })),
        };
        let single = is_single(owner, labels).then(|| single(&meta, namespace, &spec, &pod)).flatten().map(Arc::new);
        let claims = spec.volumes.into_iter().flatten().filter_map(|v| v.persistent_volume_claim).map(|c| cut(c.claim_name, SHORT)).take(50).collect();
        let marked = single.is_none() && owner.is_some_and(|o| o.kind == "ReplicaSet");
        let owner = owner.map(|o| cut(o.uid.as_str(), SHORT));
        let mut slim = SlimPod { owner, claims, facts: Arc::new(pod), single, log_samples_off: off(&meta), apart: 0 };
        if marked {
            slim.apart = apart(namespace, &slim).map_or(0, |w| within(&w));
        }
        Some(Slim::Pod(slim))
    }
}
