//! Horizontal pod autoscalers. The texts are those of the controller (`pkg/controller/podautoscaler`).

use crate::UnixMs;
use crate::describe::text::between;
use crate::facts::{AppFacts, Autoscaler, Condition};
use crate::remark::{Blind, Remark};

/// How long pods and metrics may take to come before their lack is remarked.
const PATIENCE: i64 = 3 * 60_000;

/// The autoscaler that sets the app's count of replicas.
pub(crate) fn scales(facts: &AppFacts) -> Option<&Autoscaler> {
    facts.around.autoscalers.iter().find(|a| !a.target_missing).map(AsRef::as_ref)
}

/// What autoscalers have to complain about.
pub(super) fn remarks(facts: &AppFacts, now: UnixMs) -> Vec<Remark> {
    let wanted = facts.workload.replicas.wanted;
    facts.around.autoscalers.iter().filter(|a| a.target_missing || wanted > 0).filter_map(|a| remark(a, now)).collect()
}

fn remark(a: &Autoscaler, now: UnixMs) -> Option<Remark> {
    let autoscaler = a.name.clone();
    if a.target_missing {
        return Some(Remark::AutoscalerTargetMissing { autoscaler, kind: a.target_kind.clone(), target: a.target.clone() });
    }
    let condition = |kind: &str, status: bool| a.conditions.iter().find(|c| c.kind == kind && c.status == Some(status));
    let lasts = |c: &Condition| c.since.is_none_or(|since| now.since(since) >= PATIENCE);
    if let Some(c) = condition("AbleToScale", false).filter(|c| lasts(c)) {
        return Some(Remark::AutoscalerStuck { autoscaler, told: c.message.clone() });
    }
    if let Some(c) = condition("ScalingActive", false)
        && let Some(why) = blind(c)
        // What is written in the app does not change by waiting.
        && (matches!(why, Blind::NoRequest { .. } | Blind::Ambiguous) || lasts(c))
    {
        return Some(Remark::AutoscalerBlind { autoscaler, why });
    }
    // Least and most alike are what somebody wanted.
    let at_most = condition("ScalingLimited", true).filter(|c| c.reason == "TooManyReplicas" && a.least < a.most);
    at_most.map(|_| Remark::AutoscalerAtMost { autoscaler, most: a.most })
}

/// Why scaling is not active; nothing where somebody switched it off by scaling to 0.
fn blind(c: &Condition) -> Option<Blind> {
    let told = c.message.as_str();
    if c.reason == "ScalingDisabled" {
        return None;
    }
    if let Some((_, rest)) = told.split_once("missing request for ") {
        let mut words = rest.split_whitespace();
        let resource = words.next().unwrap_or("cpu").trim_end_matches(',').to_owned();
        let container = between(rest, "in container ", " of Pod").map(str::to_owned);
        return Some(Blind::NoRequest { resource, container });
    }
    if c.reason == "AmbiguousSelector" {
        return Some(Blind::Ambiguous);
    }
    if told.contains("could not find the requested resource") || told.contains("the server is currently unable to handle the request") {
        let api = if told.contains("external.metrics") || c.reason.contains("External") {
            "external.metrics.k8s.io"
        } else if told.contains("custom.metrics") || c.reason.contains("Pods") || c.reason.contains("Object") {
            "custom.metrics.k8s.io"
        } else {
            "metrics.k8s.io"
        };
        return Some(Blind::NoApi { api: api.into() });
    }
    if ["no metrics returned", "did not receive metrics", "no metrics known"].iter().any(|t| told.contains(t)) {
        return Some(Blind::NoMetrics);
    }
    Some(Blind::Other { told: told.to_owned() })
}
