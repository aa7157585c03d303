//! What is said of pods that work.

use super::{TOLD, Words, name};
use crate::describe::text::{clip, count, times};
use crate::remark::Blocked;

/// An eviction that is refused.
pub(super) fn eviction_blocked(pod: &str, n: u32, why: &Blocked) -> Words {
    let (why, remedy) = match why {
        Blocked::Budget { name: budget, needs, all_ready } => {
            let budget = budget.as_ref().map_or_else(|| "its pod disruption budget".to_owned(), |b| format!("pod disruption budget {}", name(b)));
            let needs = match needs {
                Some((needed, has)) => format!("{budget} needs {} and has {has}", count(*needed, "healthy pod")),
                None => format!("{budget} allows no eviction now"),
            };
            let remedy = if *all_ready {
                "Run more replicas than the budget needs, or relax the budget; until then its node can't be drained."
            } else {
                "The budget allows it again once enough pods are ready."
            };
            (needs, remedy)
        }
        Blocked::Other { told } => (clip(told, TOLD), "Check the event, or ask whoever drains its node."),
    };
    Words {
        reason: "eviction is blocked",
        text: format!("Evicting pod {}, for example to drain its node, was refused {}: {why}", name(pod), times(n)),
        remedy: remedy.to_owned(),
    }
}
