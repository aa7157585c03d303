//! Workloads as a whole.

use super::admission::ANOTHER_NAMESPACE;
use crate::UnixMs;
use crate::cause::{LabelDiffers, Mismatch, Silence, WorkloadTrouble};
use crate::english::Words;
use crate::english::text::{capital, clip, ready, size};
use crate::time::short;

/// Says it.
pub(super) fn words(trouble: &WorkloadTrouble, now: UnixMs) -> Words {
    match trouble {
        WorkloadTrouble::ChangeNotPickedUp { kind, at, seen, wanted } => Words::new(
            "change not picked up",
            format!(
                "The {} controller hasn't picked up the change made {} ago; its counts are outdated (generation {seen} seen, {wanted} wanted)",
                kind.words(),
                short(now.since(*at))
            ),
            "Ask an administrator to check the controller manager.",
        ),
        WorkloadTrouble::RolloutTimedOut { any_ready: true } => Words::new("rollout timed out", "", ""),
        WorkloadTrouble::RolloutTimedOut { any_ready: false } => Words::new("rollout timed out", "No pod is ready", "Check its events."),
        WorkloadTrouble::ServiceFindsNoPods { counts, service, mismatch } => {
            let (why, advice) = mismatched(mismatch);
            let sentence = format!("{}, but service {} matches no pods: {why}", capital(&ready(*counts)), clip(service, 80));
            Words::new("service matches no pods", sentence, advice)
        }
        WorkloadTrouble::NamespaceEnding { namespace, since } => Words::new(
            "namespace is terminating",
            format!("Namespace {} has been terminating for {}, so it accepts no new pods", clip(namespace, 63), short(now.since(*since))),
            ANOTHER_NAMESPACE,
        ),
        WorkloadTrouble::ControllerWarns { source, said } => {
            let said = clip(said, 240);
            let sentence = if source.is_empty() { format!("Newest warning: {said}") } else { format!("The {} says: {said}", clip(source, 60)) };
            Words::new("no pod created", sentence, "Check the event.")
        }
        WorkloadTrouble::ControllerSilent(silence) => {
            let who = match silence {
                Silence::ReplicaSet(name) => format!("Replica set {} exists but hasn't created any pods", clip(name, 80)),
                Silence::NoReplicaSet => "The deployment controller hasn't created a replica set".to_owned(),
                Silence::Workload(kind) => format!("The {} controller hasn't created any pods", kind.words()),
            };
            Words::new(
                "no pod created",
                format!("{who}, and no event, condition, or namespace says why: its controller may be down or far behind"),
                "Ask an administrator to check the controller manager.",
            )
        }
        WorkloadTrouble::TooLargeToRead { kind, most } => Words::new(
            "too large to read",
            format!("This {} is larger than the {} the portal reads per object, so only its name is known", kind.words(), size(*most)),
            "Remove what makes it so large, such as long annotations or lists with thousands of entries.",
        ),
        WorkloadTrouble::NotReadable { kind } => {
            Words::new("can't be read", format!("The portal can't read this {}, so only its name is known", kind.words()), "The portal's log names the fields.")
        }
        WorkloadTrouble::PodGone { name } => Words::new("gone", format!("Pod {} is gone", clip(name, 80)), ""),
    }
}

/// Why a selector matches no pod, and what to do.
pub(crate) fn mismatched(mismatch: &Mismatch) -> (String, &'static str) {
    match mismatch {
        Mismatch::Differs(labels) => {
            let wants: Vec<_> = labels.iter().map(|l| label(&l.key, &l.wants)).collect();
            let has = |l: &LabelDiffers| l.has.as_ref().map_or_else(|| format!("no label {}", clip(&l.key, 60)), |has| label(&l.key, has));
            let has: Vec<_> = labels.iter().map(has).collect();
            (format!("its selector wants {}, but the pods have {}", wants.join(", "), has.join(", ")), "Correct the selector or the labels.")
        }
        Mismatch::NoPodHas(selector) => {
            let all: Vec<_> = selector.iter().map(|(key, value)| label(key, value)).collect();
            (format!("no pod has the labels in its selector {}", clip(&all.join(", "), 160)), "")
        }
    }
}

/// `app=shop`.
fn label(key: &str, value: &str) -> String {
    format!("{}={}", clip(key, 60), clip(value, 60))
}
