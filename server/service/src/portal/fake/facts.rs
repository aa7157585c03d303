//! Apps for the index of the cluster: deployments with pods that run.

use super::{START, namespace};
use domain::facts::{AppFacts, Container, ContainerSpec, ContainerState, Ended, Pod, Replicas, Workload};
use domain::kubernetes::words::PodReason;
use domain::{AppId, Kind, UnixMs, WorkloadName};
use std::collections::BTreeMap;
use std::sync::Arc;

pub(crate) fn id(namespace_name: &str, name: &str) -> AppId {
    AppId { namespace: namespace(namespace_name), kind: Kind::Deployment, name: WorkloadName::parse(name).unwrap() }
}

pub(crate) fn container(name: &str, state: ContainerState) -> Container {
    Container { name: name.into(), image: "web:1".into(), init: false, sidecar: false, ready: true, started: true, restarts: 0, state, last: None }
}

pub(crate) fn running() -> ContainerState {
    ContainerState::Running { since: Some(UnixMs(START)) }
}

pub(crate) fn ended(reason: &str, exit_code: i32) -> Ended {
    Ended { reason: reason.into(), message: String::new(), exit_code, signal: None, started: None, finished: Some(UnixMs(START)) }
}

pub(crate) fn pod(name: &str, containers: Vec<Container>) -> Pod {
    Pod {
        name: name.into(),
        uid: format!("uid-{name}"),
        template_hash: None,
        owner: None,
        phase: "Running".into(),
        reason: PodReason::None,
        message: String::new(),
        node: None,
        ip: None,
        created: UnixMs(START),
        deleting: None,
        asks: None,
        ending: None,
        pull_secrets: Vec::new(),
        rare: None,
        conditions: Vec::new(),
        containers,
    }
}

pub(crate) fn container_spec(name: &str) -> ContainerSpec {
    ContainerSpec::new(name, "web:1")
}

/// A deployment in namespace `web`.
pub(crate) fn app(name: &str, pods: Vec<Pod>) -> AppFacts {
    app_in("web", name, pods)
}

pub(crate) fn app_in(namespace_name: &str, name: &str, pods: Vec<Pod>) -> AppFacts {
    let count = u32::try_from(pods.len()).unwrap();
    let workload = Workload {
        id: id(namespace_name, name),
        uid: name.into(),
        labels: BTreeMap::new(),
        release: None,
        created: UnixMs(START - 3_600_000),
        changed: None,
        portal_change: None,
        unread: None,
        generation: 1,
        observed_generation: 1,
        replicas: Replicas { wanted: count, current: count, updated: count, ready: count, available: count },
        paused: false,
        on_delete: false,
        update: Default::default(),
        deletion: None,
        selector: BTreeMap::new(),
        template_labels: BTreeMap::new(),
        revision: Some(2),
        min_ready_s: 0,
        progress_deadline_s: None,
        conditions: Vec::new(),
        containers: vec![container_spec("web")],
        secrets: Vec::new(),
        config_maps: Vec::new(),
        pull_secrets: Vec::new(),
        claims: Vec::new(),
        job: None,
        cron: None,
        log_samples_off: false,
    };
    let pods = pods.into_iter().map(Arc::new).collect();
    AppFacts {
        workload: Arc::new(workload),
        pods,
        events: Vec::new(),
        services: Vec::new(),
        ingresses: Vec::new(),
        claims: Vec::new(),
        replica_sets: Vec::new(),
        around: Default::default(),
        last_ends: Vec::new(),
        missing: Default::default(),
        held: Default::default(),
        observed: Default::default(),
    }
}
