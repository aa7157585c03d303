//! Horizontal pod autoscalers. The texts are those of their controller (`pkg/controller/podautoscaler`).

use super::words::{ConditionReason, ConditionType, EventReason};
use crate::facts::{Condition, Event};
use crate::remark::Blind;
use crate::text::between;

/// What a condition of an autoscaler says, as far as a rule asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AutoscalerSaid {
    /// It cannot set the count.
    Stuck(String),
    /// It does not know how much its pods use.
    Blind(Blind),
    /// It would set more replicas than it may.
    AtMost,
    /// Somebody switched it off by scaling to 0.
    Disabled,
    /// Anything else.
    Other,
}

impl AutoscalerSaid {
    /// Reads a condition.
    #[must_use]
    pub fn of(condition: &Condition) -> Self {
        match (&condition.kind, condition.status) {
            (ConditionType::AbleToScale, Some(false)) => Self::Stuck(condition.message.clone()),
            (ConditionType::ScalingActive, Some(false)) if condition.reason == ConditionReason::ScalingDisabled => Self::Disabled,
            (ConditionType::ScalingActive, Some(false)) => Self::Blind(blind(condition)),
            (ConditionType::ScalingLimited, Some(true)) if condition.reason == ConditionReason::TooManyReplicas => Self::AtMost,
            _ => Self::Other,
        }
    }
}

/// Why scaling is not active.
fn blind(c: &Condition) -> Blind {
    let told = c.message.as_str();
    if let Some((_, rest)) = told.split_once("missing request for ") {
        let mut words = rest.split_whitespace();
        let resource = words.next().unwrap_or("cpu").trim_end_matches(',').to_owned();
        let container = between(rest, "in container ", " of Pod").map(str::to_owned);
        return Blind::NoRequest { resource, container };
    }
    if c.reason == ConditionReason::AmbiguousSelector {
        return Blind::Ambiguous;
    }
    if told.contains("could not find the requested resource") || told.contains("the server is currently unable to handle the request") {
        let api = if told.contains("external.metrics") || c.reason == ConditionReason::FailedGetExternalMetric {
            "external.metrics.k8s.io"
        } else if told.contains("custom.metrics") || matches!(c.reason, ConditionReason::FailedGetPodsMetric | ConditionReason::FailedGetObjectMetric) {
            "custom.metrics.k8s.io"
        } else {
            "metrics.k8s.io"
        };
        return Blind::NoApi { api: api.into() };
    }
    if ["no metrics returned", "did not receive metrics", "no metrics known"].iter().any(|t| told.contains(t)) {
        return Blind::NoMetrics;
    }
    Blind::Other { told: told.to_owned() }
}

/// Another count that an autoscaler set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rescaled<'a> {
    /// `New size: 3; reason: cpu resource utilization (percentage of request) above target`.
    To {
        /// The count, as it is written.
        size: &'a str,
        /// Why, in the controller's words.
        why: &'a str,
    },
    /// In words that are not known.
    Other(&'a str),
}

impl<'a> Rescaled<'a> {
    /// Reads an event; `None` where it is about something else.
    #[must_use]
    pub fn of(event: &'a Event) -> Option<Self> {
        let told = event.message.strip_prefix("New size: ").and_then(|rest| rest.split_once("; reason: "));
        let rescaled = told.map_or(Self::Other(&event.message), |(size, why)| Self::To { size, why });
        (event.reason == EventReason::SuccessfulRescale).then_some(rescaled)
    }
}
