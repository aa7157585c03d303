//! What is said of pods that work.

use super::{TOLD, Words, list, name};
use crate::Kind;
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
                "Run more replicas than the budget needs, or relax the budget if fewer are enough; until then its node can't be drained."
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

/// A resize that the node has not done.
pub(super) fn resize_waits(pod: &str, never: bool, told: &str, kind: Kind) -> Words {
    // A pod that is deleted comes back without the resize, or not at all.
    let (how, remedy) = match (never, kind) {
        (true, Kind::Pod) => ("can't be done on its node", "Request less, or create another pod with that request for a larger node."),
        (true, _) => ("can't be done on its node", "Request less, or set the larger request in the template."),
        (false, _) => ("waits for room on its node", "It happens by itself once there is room."),
    };
    let why = if told.is_empty() { String::new() } else { format!(": {}", clip(told, TOLD)) };
    Words { reason: "resize is pending", text: format!("The resize of pod {} {how}{why}", name(pod)), remedy: remedy.to_owned() }
}

/// Keys that did not become variables.
pub(super) fn keys_skipped(secret: bool, of: &str, keys: &[String]) -> Words {
    let (kind, keys): (_, Vec<_>) = (if secret { "secret" } else { "config map" }, keys.iter().map(|k| name(k)).collect());
    let one = keys.len() == 1;
    let (which, are, names) = if one { ("Key", "isn't a variable", "its name isn't") } else { ("Keys", "aren't variables", "their names aren't") };
    let (those, each) = if one { ("key", "it") } else { ("keys", "each") };
    Words {
        reason: "keys were skipped",
        text: format!("{which} {} of {kind} {} {are} of the container, because {names} valid for one (envFrom)", list(&keys), name(of)),
        remedy: format!("Rename the {those}, or set a variable for {each} with valueFrom."),
    }
}
