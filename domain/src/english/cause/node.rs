//! What nodes reject, lose and lack.

use super::{object, since, subject};
use crate::cause::{NodeRefusal, NodeTrouble, SandboxWhy, Who};
use crate::english::Words;
use crate::english::text::{clip, squeeze};
use crate::time::short;

/// A pod that its node rejected.
pub(super) fn refused(who: &Who, why: NodeRefusal, said: &str, ago: Option<i64>) -> Words {
    let advice = match why {
        NodeRefusal::Sysctl => "Remove the sysctl from the pod, or ask an administrator to allow it on the nodes.",
        NodeRefusal::Affinity => "Correct the node selector or affinity, or the node's labels.",
        NodeRefusal::Ports => "Remove the host port, or stop what uses it on that node.",
        NodeRefusal::AppArmor | NodeRefusal::Os | NodeRefusal::Name => "Correct that in the pod, or run it on another node.",
        NodeRefusal::Topology => "Request fewer CPUs or devices, or use a node whose topology policy is less strict.",
        NodeRefusal::Devices => "Ask an administrator to check the node's devices.",
        NodeRefusal::TooLittle => "Lower the requests, or free room on the node.",
        NodeRefusal::Other => "",
    };
    Words::new("node rejected the pod", format!("The node rejected {}{}: {}", object(who), since(ago), squeeze(said, 300)), advice)
}

/// A pod whose node does not report.
pub(super) fn silent(who: &Who, node: Option<&str>, silent: Option<i64>) -> Words {
    let node = clip(node.unwrap_or("its node"), 80);
    let quiet = silent.map_or_else(String::new, |ms| format!(" for {}", short(ms)));
    let reason = silent.map_or_else(|| "node is silent".to_owned(), |ms| format!("node silent for {}", short(ms)));
    Words::new(reason, format!("Node {node} hasn't reported{quiet}, so the state of {} is unknown", object(who)), "Ask an administrator to check the node.")
}

/// A pod whose node was removed.
pub(super) fn gone(who: &Who, node: Option<&str>, ago: Option<i64>) -> Words {
    let node = node.map_or_else(|| "its node".to_owned(), |n| format!("its node {}", clip(n, 80)));
    Words::new("node is gone", format!("{} was lost{}: {node} is no longer part of the cluster", subject(who), since(ago)), "")
}

/// A pod that its node cannot end.
pub(super) fn kill_fails(who: &Who, ago: i64, said: &str) -> Words {
    Words::new(
        "node can't end the pod",
        format!("{} was told to terminate {} ago, and its node can't end it: {}", subject(who), short(ago), squeeze(said, 300)),
        "The node tries again. If it lasts, ask an administrator to check the node's container runtime.",
    )
}

/// A container of which nobody knows how it ended.
pub(super) fn lost(who: &Who, when: &str) -> Words {
    Words::new(
        "lost with its node",
        format!("{} was lost{when}: its node or container runtime restarted, so its exit code is unknown", subject(who)),
        "If it happens again, ask an administrator to check the node.",
    )
}

/// A pod without a sandbox.
pub(super) fn sandbox(who: &Who, why: &SandboxWhy) -> Words {
    let subject = subject(who);
    match why {
        SandboxWhy::Network(said) => Words::new(
            "pod network fails",
            format!("{subject} can't get a network on its node: {}", squeeze(said, 300)),
            "Ask an administrator to check the node's network.",
        ),
        SandboxWhy::RuntimeMissing(name) => Words::new(
            "runtime missing",
            format!("{subject} can't start: its node doesn't have container runtime {}, which its runtime class requires", clip(name, 80)),
            "Use another runtimeClassName, or ask an administrator to set up that runtime on the node.",
        ),
        SandboxWhy::Other(said) => Words::new(
            "no pod sandbox",
            format!("{subject} can't start: its node couldn't create its sandbox: {}", squeeze(said, 300)),
            "Ask an administrator to check the node.",
        ),
    }
}

/// `is low on disk`, `are low on disk`.
pub(super) fn trouble(trouble: NodeTrouble, one: bool) -> String {
    let (is, doesnt, has) = if one { ("is", "doesn't", "has") } else { ("are", "don't", "have") };
    match trouble {
        NodeTrouble::NotReady => format!("{is} not ready"),
        NodeTrouble::Unreachable => format!("{doesnt} respond"),
        NodeTrouble::Disk => format!("{is} low on disk"),
        NodeTrouble::Memory => format!("{is} low on memory"),
        NodeTrouble::Pids => format!("{is} low on process IDs"),
        NodeTrouble::Network => format!("{has} no network"),
        NodeTrouble::Away => format!("{is} out of service"),
    }
}

/// The same for a list.
pub(super) const fn trouble_reason(trouble: NodeTrouble) -> &'static str {
    match trouble {
        NodeTrouble::NotReady => "nodes aren't ready",
        NodeTrouble::Unreachable => "nodes don't respond",
        NodeTrouble::Disk => "nodes are low on disk",
        NodeTrouble::Memory => "nodes are low on memory",
        NodeTrouble::Pids => "nodes are low on PIDs",
        NodeTrouble::Network => "nodes have no network",
        NodeTrouble::Away => "nodes out of service",
    }
}
