//! Horizontal pod autoscalers: what they scale, and what they complain about.

use super::meta::count;
use super::workload::condition;
use super::{Slim, Watched, What};
use crate::text::{SHORT, cut, short};
use domain::Namespace;
use domain::facts::{Autoscaler, Condition};
use domain::kubernetes::words::ConditionType;
use k8s_openapi::api::autoscaling::v2 as scaling;
use std::sync::Arc;

/// Most metrics that are kept.
const METRICS: usize = 10;

impl Watched for scaling::HorizontalPodAutoscaler {
    const WHAT: What = What::Autoscalers;

    fn slim(self, _: &Namespace) -> Option<Slim> {
        let spec = self.spec?;
        let status = self.status.unwrap_or_default();
        // What is as it should be changes often and tells nothing.
        let amiss = |c: &Condition| match (&c.kind, c.status) {
            (ConditionType::AbleToScale | ConditionType::ScalingActive, status) => status != Some(true),
            (ConditionType::ScalingLimited, status) => status == Some(true),
            _ => false,
        };
        let conditions = status.conditions.into_iter().flatten();
        let conditions = conditions.map(|c| condition(c.type_, &c.status, c.reason, c.message, c.last_transition_time.as_ref()));
        Some(Slim::Autoscaler(Arc::new(Autoscaler {
            name: cut(self.metadata.name.as_deref()?, SHORT),
            uid: short(self.metadata.uid.clone()),
            target_kind: cut(spec.scale_target_ref.kind, SHORT).into(),
            target: cut(spec.scale_target_ref.name, SHORT),
            target_missing: false,
            least: spec.min_replicas.map_or(1, |n| count(Some(n))),
            most: count(Some(spec.max_replicas)),
            metrics: spec.metrics.into_iter().flatten().take(METRICS).map(|m| cut(metric(m), SHORT)).collect(),
            conditions: conditions.filter(amiss).take(5).collect(),
        })))
    }
}

fn metric(m: scaling::MetricSpec) -> String {
    if let Some(r) = m.resource {
        r.name
    } else if let Some(c) = m.container_resource {
        format!("{} of {}", c.name, c.container)
    } else {
        let named = m.pods.map(|p| p.metric.name).or_else(|| m.object.map(|o| o.metric.name)).or_else(|| m.external.map(|e| e.metric.name));
        named.unwrap_or(m.type_)
    }
}
