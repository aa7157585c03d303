//! Horizontal pod autoscalers.

use crate::UnixMs;
use crate::facts::{AppFacts, Autoscaler, Condition};
use crate::kubernetes::autoscaler::AutoscalerSaid;
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
        return Some(Remark::AutoscalerTargetMissing { autoscaler, kind: a.target_kind.word().to_owned(), target: a.target.clone() });
    }
    let said = || a.conditions.iter().map(|c| (AutoscalerSaid::of(c), c));
    let lasts = |c: &Condition| c.since.is_none_or(|since| now.since(since) >= PATIENCE);
    let stuck = said().find_map(|(said, c)| if let AutoscalerSaid::Stuck(told) = said { lasts(c).then_some(told) } else { None });
    if let Some(told) = stuck {
        return Some(Remark::AutoscalerStuck { autoscaler, told });
    }
    let blind = said().find_map(|(said, c)| {
        let AutoscalerSaid::Blind(why) = said else { return None };
        // What is written in the app does not change by waiting.
        (matches!(why, Blind::NoRequest { .. } | Blind::Ambiguous) || lasts(c)).then_some(why)
    });
    if let Some(why) = blind {
        return Some(Remark::AutoscalerBlind { autoscaler, why });
    }
    // Least and most alike are what somebody wanted.
    let at_most = said().any(|(said, _)| said == AutoscalerSaid::AtMost) && a.least < a.most;
    at_most.then_some(Remark::AutoscalerAtMost { autoscaler, most: a.most })
}
