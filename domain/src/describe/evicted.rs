//! Pods that were evicted. The texts are those of the kubelet (`pkg/kubelet/eviction/helpers.go` and
//! `eviction_manager.go`).

use super::pod::{RECENT, ended_at};
use super::text::{between, who_pod};
use super::trouble::{Tone, Trouble};
use crate::UnixMs;
use crate::cause::{Cause, Eviction};
use crate::facts::{AppFacts, Pod};

/// Evictions longer ago than this are history.
const HOUR: i64 = 60 * 60_000;

fn was_evicted(pod: &Pod) -> bool {
    pod.phase == "Failed" && pod.reason == "Evicted"
}

/// One pod and why it was evicted.
pub(crate) fn one(pod: &Pod, facts: &AppFacts, now: UnixMs) -> Cause {
    let ago = ended_at(pod).map(|at| now.since(at));
    Cause::Evicted { who: who_pod(pod, facts), by: read(pod), times: 1, within: 0, ago }
}

/// An app whose pods are evicted again and again, as its replacements are too: more of them in the last hour than it
/// wants pods, and the last one just now.
pub(crate) fn repeated(facts: &AppFacts, now: UnixMs) -> Option<(u32, Trouble)> {
    let at = |p: &Pod| ended_at(p).unwrap_or(p.created);
    let evicted: Vec<_> = facts.pods.iter().filter(|p| was_evicted(p) && p.deleting.is_none() && now.since(at(p)) < HOUR).collect();
    let newest = evicted.iter().max_by_key(|p| at(p))?;
    let first = evicted.iter().map(|p| at(p)).min()?;
    let times = u32::try_from(evicted.len()).unwrap_or(u32::MAX);
    if times < 2 || times <= facts.workload.replicas.wanted || now.since(at(newest)) >= RECENT {
        return None;
    }
    let (within, ago) = (at(newest).since(first), Some(now.since(at(newest))));
    let cause = Cause::Evicted { who: who_pod(newest, facts), by: read(newest), times, within, ago };
    Some((times, Trouble::of(Tone::Bad, &cause).since(Some(first)).at(Some(at(newest)))))
}

/// An eviction of the last hour that nothing came of: the app has as many pods as it wants.
pub(crate) fn once(facts: &AppFacts, now: UnixMs) -> Option<Cause> {
    let at = |p: &Pod| ended_at(p).unwrap_or(p.created);
    let newest = facts.pods.iter().filter(|p| was_evicted(p) && now.since(at(p)) < HOUR).max_by_key(|p| at(p))?;
    let well = facts.pods.iter().filter(|p| super::pod::steady(p, now)).count() >= facts.workload.replicas.wanted as usize;
    (well && repeated(facts, now).is_none()).then(|| one(newest, facts, now))
}

fn read(pod: &Pod) -> Eviction {
    let told = pod.message.as_str();
    if let Some(volume) = between(told, "Usage of EmptyDir volume \"", "\"") {
        let limit = between(told, "exceeds the limit \"", "\"").unwrap_or("?");
        return Eviction::EmptyDir { volume: volume.into(), limit: limit.into() };
    }
    if let Some(container) = between(told, "Container ", " exceeded its local ephemeral storage limit") {
        let limit = between(told, "storage limit \"", "\"").unwrap_or("?");
        return Eviction::ContainerDisk { container: container.into(), limit: limit.into() };
    }
    if let Some(limit) = told.split("exceeds the total limit of containers ").nth(1) {
        return Eviction::PodDisk { limit: limit.trim_end_matches(['.', ' ']).into() };
    }
    if let Some(rest) = told.split("low on resource: ").nth(1) {
        let resource = rest.split(['.', ' ']).next().unwrap_or("a resource");
        let most = || {
            let container = between(rest, "Container ", " was using ")?;
            let used = between(rest, " was using ", ", request is ")?;
            Some((container.to_owned(), used.to_owned(), between(rest, ", request is ", ",")?.to_owned()))
        };
        return Eviction::Node { resource: resource.into(), most: most() };
    }
    if told.contains("The node had condition: [") {
        let condition = between(told, "condition: [", "]").unwrap_or_default();
        let resource = if condition.contains("DiskPressure") {
            "disk"
        } else if condition.contains("PIDPressure") {
            "process IDs"
        } else {
            "memory"
        };
        return Eviction::Node { resource: resource.into(), most: None };
    }
    if pod.conditions.iter().any(|c| c.kind == "DisruptionTarget" && c.reason == "EvictionByEvictionAPI") {
        return Eviction::Asked;
    }
    Eviction::Other { said: pod.message.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evictions_are_read_from_the_kubelets_texts() {
        let mut pod = crate::describe::tests::pod_in("Failed");
        let mut said = |text: &str| {
            pod.message = text.into();
            read(&pod)
        };
        let dir = Eviction::EmptyDir { volume: "work".into(), limit: "10Mi".into() };
        assert_eq!(said("Usage of EmptyDir volume \"work\" exceeds the limit \"10Mi\". "), dir);
        let disk = Eviction::ContainerDisk { container: "main".into(), limit: "1Gi".into() };
        assert_eq!(said("Container main exceeded its local ephemeral storage limit \"1Gi\". "), disk);
        assert_eq!(said("Pod ephemeral local storage usage exceeds the total limit of containers 1Gi. "), Eviction::PodDisk { limit: "1Gi".into() });
        let node = |resource: &str, most: Option<(&str, &str, &str)>| Eviction::Node {
            resource: resource.into(),
            most: most.map(|(a, b, c)| (a.into(), b.into(), c.into())),
        };
        assert_eq!(
            said(
                "The node was low on resource: ephemeral-storage. Threshold quantity: 1Gi, available: 900Mi. Container main was using 12Mi, request is 0, has larger consumption of ephemeral-storage. "
            ),
            node("ephemeral-storage", Some(("main", "12Mi", "0")))
        );
        assert_eq!(said("The node was low on resource: memory. Threshold quantity: 100Mi, available: 90Mi. "), node("memory", None));
        assert_eq!(said("Pod was rejected: The node had condition: [DiskPressure]. "), node("disk", None));
        assert_eq!(said("something new"), Eviction::Other { said: "something new".into() });
    }
}
