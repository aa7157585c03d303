//! Remarks: what a person should know of an app beside the word of its status.
//!
//! A remark is no alarm: it changes neither word nor order, and it is silent about what is merely unusual. A new one is a
//! variant here, its weight and code below, and its words in [`crate::english::remark`].

use crate::cause::{Cause, ProbeSaid};
use crate::facts::{Allowed, ChangedPart};
use crate::log::Forbidden;
use crate::{Bytes, MilliCpu, UnixMs};
use serde::{Deserialize, Serialize};

/// Most remarks of an app that are shown; the lightest are left out.
pub const MOST: usize = 8;

/// A remark with its arguments. Texts in it come from the cluster: they are clipped and redacted when they are rendered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Remark {
    /// A rule of an ingress names a service that does not exist.
    IngressServiceMissing {
        /// The ingress.
        ingress: String,
        /// The service it names.
        service: String,
    },
    /// A rule of an ingress names a port that its service does not have.
    IngressPortMissing {
        /// The ingress.
        ingress: String,
        /// The service that the rule names.
        service: String,
        /// Port or port name that it asks for.
        port: String,
        /// Ports that the service has, 5 at most.
        has: Vec<u16>,
    },
    /// An ingress names a class that does not exist, so that no controller serves it.
    IngressClassMissing {
        /// The ingress.
        ingress: String,
        /// The class that it names.
        class: String,
    },
    /// An ingress names no class, and there is no default one.
    IngressWithoutClass {
        /// The ingress.
        ingress: String,
    },
    /// The secret with the certificate of an ingress does not exist.
    IngressSecretMissing {
        /// The ingress.
        ingress: String,
        /// The secret that it names.
        secret: String,
        /// Hosts that get another certificate; 3 at most.
        hosts: Vec<String>,
    },
    /// A service that is likely meant for the app asks for labels that no pod has.
    ServiceFindsNoPod {
        /// Name of the service that finds none.
        service: String,
        /// What differs: key, what the service asks for, what the pods have; 3 at most.
        differs: Vec<(String, String, Option<String>)>,
    },
    /// A controller warns of a service, such as of a load balancer that cannot be made.
    ServiceWarning {
        /// Name of the service that is warned of.
        service: String,
        /// Reason of the event.
        reason: String,
        /// The text of the event, redacted.
        told: String,
    },
    /// An autoscaler does not know how much its pods use.
    AutoscalerBlind {
        /// The autoscaler.
        autoscaler: String,
        /// What keeps it from knowing.
        why: Blind,
    },
    /// An autoscaler cannot set the count of replicas.
    AutoscalerStuck {
        /// The autoscaler.
        autoscaler: String,
        /// What it says.
        told: String,
    },
    /// An autoscaler scales something that does not exist.
    AutoscalerTargetMissing {
        /// The autoscaler.
        autoscaler: String,
        /// Kind of its target, such as `Deployment`.
        kind: String,
        /// Name of its target.
        target: String,
    },
    /// An autoscaler would set more replicas than it may.
    AutoscalerAtMost {
        /// The autoscaler.
        autoscaler: String,
        /// Most replicas.
        most: u32,
    },
    /// Connections time out, and network policies are in the way.
    PoliciesSelect {
        /// What tells that they time out.
        waited: Waited,
        /// The policies; 3 at most.
        policies: Vec<PolicyTold>,
    },
    /// A service of type LoadBalancer has waited for minutes for an external address.
    LoadBalancerWaits {
        /// Name of the service that waits.
        service: String,
        /// Since when.
        since: UnixMs,
    },
    /// A service leads to ports by names that no container has.
    TargetNameMissing {
        /// Name of the service that leads there.
        service: String,
        /// The name that it asks for.
        target: String,
        /// Names that the containers' ports have, 5 at most.
        has: Vec<String>,
    },
    /// A pod was evicted and has been replaced since.
    EvictedOnce {
        /// Why, and when.
        cause: Box<Cause>,
    },
    /// Somebody asked to evict a pod, such as by draining its node, and was refused.
    EvictionBlocked {
        /// The end of the pod's name, which tells it from the app's others.
        pod: String,
        /// How often, as far as the cluster counts.
        times: u32,
        /// What stands in the way.
        why: Blocked,
    },
    /// Requests or limits of a running pod were changed, and its node has not done it.
    ResizeWaits {
        /// The end of the pod's name, which tells it from the app's others.
        pod: String,
        /// The node can never do it.
        never: bool,
        /// What the kubelet says.
        told: String,
    },
    /// Keys of a config map or secret did not become variables, because of their names.
    KeysSkipped {
        /// A secret, and else a config map.
        secret: bool,
        /// The name of that object.
        name: String,
        /// The keys, 5 at most.
        keys: Vec<String>,
    },
    /// A liveness probe fails, and the container is not restarted yet.
    LivenessFails {
        /// Name of the container that the probe asks.
        container: String,
        /// What the probe asks: `GET /healthy on 8080`.
        what: String,
        /// What came of the probe.
        said: ProbeSaid,
        /// How often it has failed, as far as the cluster counts.
        times: u32,
        /// Failures in a row that restart the container.
        threshold: u32,
    },
    /// A service leads to a port that no container declares: a doubt, for a container may listen on any port.
    TargetUndeclared {
        /// Name of the service that leads there.
        service: String,
        /// Port of the pods that the service leads to.
        target: String,
        /// Ports that the containers declare, 5 at most.
        declared: Vec<u16>,
    },
    /// A container that runs logs many errors.
    LogErrors {
        /// The container, and its pod where the app has several.
        who: (String, Option<String>),
        /// All pods of the app are ready.
        ready: bool,
        /// Errors a minute.
        per_minute: u32,
        /// The commonest line, redacted and clipped.
        line: String,
    },
    /// Kubernetes refuses a call that a container makes.
    CallForbidden {
        /// The container, and its pod where the app has several.
        who: (String, Option<String>),
        /// The call.
        call: Forbidden,
    },
    /// A container's CPU has been at its limit for minutes.
    CpuAtLimit {
        /// The container, and its pod where the app has several.
        who: (String, Option<String>),
        /// The limit.
        limit: MilliCpu,
        /// For how long, in milliseconds.
        for_ms: i64,
    },
    /// A container's memory has risen steadily and is near its limit.
    MemoryRises {
        /// The container, and its pod where the app has several.
        who: (String, Option<String>),
        /// The limit.
        limit: Bytes,
        /// Where it began.
        from: Bytes,
        /// Where it is.
        to: Bytes,
        /// Milliseconds over which it rose.
        over_ms: i64,
    },
    /// A deployment is held while its template has something that no pod runs.
    TemplateWaits {
        /// Images that the pods run.
        runs: Vec<String>,
        /// Images of the template, which wait.
        waits: Vec<String>,
        /// What else of the template no pod has.
        parts: Vec<ChangedPart>,
    },
}

/// What tells that connections time out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Waited {
    /// A line of a log.
    Line(String),
    /// A probe that gets no answer.
    Probe,
}

/// Why an eviction is refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum Blocked {
    /// A pod disruption budget allows none now.
    Budget {
        /// Its name, where it is told.
        name: Option<String>,
        /// Healthy pods that it needs, and those that there are, where that is told.
        needs: Option<(u32, u32)>,
        /// No pod of the app is missing, so that waiting does not help.
        all_ready: bool,
    },
    /// What whoever asked says.
    Other {
        /// Its text.
        told: String,
    },
}

/// Why an autoscaler is blind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum Blind {
    /// A container requests nothing of the resource whose share is measured.
    NoRequest {
        /// `cpu` or `memory`.
        resource: String,
        /// The container, where it is told.
        container: Option<String>,
    },
    /// The cluster serves no such metrics.
    NoApi {
        /// The API that is missing, such as `metrics.k8s.io`.
        api: String,
    },
    /// There are no metrics of the pods.
    NoMetrics,
    /// Two autoscalers scale the same pods.
    Ambiguous,
    /// What it says.
    Other {
        /// Its text.
        told: String,
    },
}

/// A network policy in a remark.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyTold {
    /// `metadata.name` of the policy.
    pub name: String,
    /// The service whose pods it guards; none where it restricts connections from the app's own pods.
    pub guards: Option<String>,
    /// Connections that it leaves.
    pub allowed: Allowed,
    /// It has a rule for the port in question, for some of those who ask.
    pub some: bool,
}

/// Code of [`Remark::TemplateWaits`], for the page that shows the template.
pub const TEMPLATE_WAITS: &str = "template_waits";

/// All codes, as the description of the API lists them.
pub const CODES: &str = "ingress_service_missing|ingress_port_missing|ingress_class_missing|ingress_without_class|ingress_secret_missing|\
     service_finds_no_pod|service_warning|autoscaler_blind|autoscaler_stuck|autoscaler_target_missing|autoscaler_at_most|policies_select|\
     load_balancer_waits|target_name_missing|evicted_once|eviction_blocked|resize_waits|keys_skipped|liveness_fails|target_undeclared|log_errors|call_forbidden|cpu_at_limit|\
     memory_rises|template_waits";

impl Remark {
    /// The stable code: the variant's name in small letters.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::IngressServiceMissing { .. } => "ingress_service_missing",
            Self::IngressPortMissing { .. } => "ingress_port_missing",
            Self::IngressClassMissing { .. } => "ingress_class_missing",
            Self::IngressWithoutClass { .. } => "ingress_without_class",
            Self::IngressSecretMissing { .. } => "ingress_secret_missing",
            Self::ServiceFindsNoPod { .. } => "service_finds_no_pod",
            Self::ServiceWarning { .. } => "service_warning",
            Self::AutoscalerBlind { .. } => "autoscaler_blind",
            Self::AutoscalerStuck { .. } => "autoscaler_stuck",
            Self::AutoscalerTargetMissing { .. } => "autoscaler_target_missing",
            Self::AutoscalerAtMost { .. } => "autoscaler_at_most",
            Self::PoliciesSelect { .. } => "policies_select",
            Self::LoadBalancerWaits { .. } => "load_balancer_waits",
            Self::TargetNameMissing { .. } => "target_name_missing",
            Self::EvictedOnce { .. } => "evicted_once",
            Self::EvictionBlocked { .. } => "eviction_blocked",
            Self::ResizeWaits { .. } => "resize_waits",
            Self::KeysSkipped { .. } => "keys_skipped",
            Self::LivenessFails { .. } => "liveness_fails",
            Self::LogErrors { .. } => "log_errors",
            Self::CallForbidden { .. } => "call_forbidden",
            Self::CpuAtLimit { .. } => "cpu_at_limit",
            Self::MemoryRises { .. } => "memory_rises",
            Self::TargetUndeclared { .. } => "target_undeclared",
            Self::TemplateWaits { .. } => TEMPLATE_WAITS,
        }
    }

    /// How much it weighs: the heaviest are shown first. 80 and more: callers do not reach the app. 50 and more: a part of
    /// what it was given does not work. Below: good to know.
    #[must_use]
    pub const fn weight(&self) -> u8 {
        match self {
            Self::IngressServiceMissing { .. } => 90,
            Self::IngressPortMissing { .. } => 89,
            Self::IngressClassMissing { .. } => 88,
            Self::IngressWithoutClass { .. } => 87,
            Self::ServiceFindsNoPod { .. } => 86,
            Self::TargetNameMissing { .. } => 85,
            Self::PoliciesSelect { .. } => 82,
            Self::LoadBalancerWaits { .. } => 78,
            Self::ServiceWarning { .. } => 80,
            Self::IngressSecretMissing { .. } => 79,
            Self::CallForbidden { .. } => 72,
            Self::AutoscalerTargetMissing { .. } => 66,
            Self::AutoscalerStuck { .. } => 65,
            Self::AutoscalerBlind { .. } => 64,
            Self::LivenessFails { .. } => 70,
            Self::EvictionBlocked { .. } => 42,
            Self::KeysSkipped { .. } => 55,
            Self::ResizeWaits { .. } => 46,
            Self::EvictedOnce { .. } => 40,
            Self::TargetUndeclared { .. } => 40,
            Self::AutoscalerAtMost { .. } => 35,
            Self::MemoryRises { .. } => 62,
            Self::LogErrors { .. } => 60,
            Self::CpuAtLimit { .. } => 45,
            Self::TemplateWaits { .. } => 30,
        }
    }
}

/// The heaviest [`MOST`], each once, heaviest first; equal weights keep their order.
#[must_use]
pub fn heaviest(remarks: impl IntoIterator<Item = Remark>) -> Vec<Remark> {
    let mut kept: Vec<Remark> = Vec::new();
    for remark in remarks {
        if !kept.contains(&remark) {
            kept.push(remark);
        }
    }
    kept.sort_by_key(|r| std::cmp::Reverse(r.weight()));
    kept.truncate(MOST);
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_heaviest_come_first_and_none_twice() {
        let port = |n: u16| Remark::IngressPortMissing { ingress: "shop".into(), service: "shop".into(), port: n.to_string(), has: vec![80] };
        let light = Remark::TemplateWaits { runs: vec!["shop:1".into()], waits: vec!["shop:2".into()], parts: Vec::new() };
        let many = [light.clone(), port(1), port(1)].into_iter().chain((2..20).map(port));
        let kept = heaviest(many);
        assert_eq!(kept.len(), MOST);
        assert_eq!(kept[..2], [port(1), port(2)], "{kept:?}");
        assert!(!kept.contains(&light));
    }

    #[test]
    fn the_code_of_a_remark_is_the_one_that_it_is_written_with() {
        let remark = Remark::IngressServiceMissing { ingress: "shop".into(), service: "shopp".into() };
        let written = serde_json::to_value(&remark).unwrap();
        assert_eq!(written["code"], remark.code());
        assert!(CODES.split('|').any(|code| code == remark.code()));
    }
}
