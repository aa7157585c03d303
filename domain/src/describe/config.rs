//! Missing secrets, config maps and keys, and volumes that cannot be mounted.

use super::text::who_pod;
use super::trouble::{Tone, Trouble, event_link, events_of, events_of_container, not_since};
use crate::cause::{Cause, MountWhy, Who};
use crate::facts::{AppFacts, Container, ContainerState, Event, MissingReference, Pod, Reference};
use crate::kubernetes::volume::{self, Missing, MissingKey, NotMounted};
use crate::kubernetes::words::{ConditionType, EventReason, PodPhase, WaitReason};
use crate::verdict::{Evidence, SecretChange};
use crate::{KeyName, Kind, SecretName, UnixMs};
use std::sync::Arc;

/// The kubelet sums up every two minutes what it waits for, and says why in between.
const SUMMED_UP: i64 = 5 * 60_000;
/// A node that has just joined has no network in its first seconds: its plugin is a pod of its own.
const NODE_JOINS: i64 = 2 * 60_000;

/// References of the template to secrets, or to config maps.
fn references(secret: bool, facts: &AppFacts) -> &[Reference] {
    if secret { &facts.workload.secrets } else { &facts.workload.config_maps }
}

/// A key that a volume asks for: the kubelet names the key and not the object, which the template does.
fn of_volume(key: &MissingKey, facts: &AppFacts) -> Option<Missing> {
    let mut of_key = references(key.secret, facts).iter().filter(|r| r.key.as_ref() == Some(&key.key));
    let found = of_key.next()?;
    of_key.all(|r| r.name == found.name).then(|| Missing { secret: key.secret, name: found.name.clone(), key: Some(key.key.clone()) })
}

/// All that the template refers to and that is missing, where that is more than this one.
fn all_missing(this: &Missing, facts: &AppFacts) -> Option<Vec<MissingReference>> {
    let still = |m: &&MissingReference| references(m.secret, facts).iter().any(|r| r.name == m.name && !r.optional && (m.key.is_none() || m.key == r.key));
    let all: Vec<_> = facts.missing.iter().filter(still).cloned().collect();
    let is_this = |m: &MissingReference| (m.secret, &m.name) == (this.secret, &this.name) && (m.key == this.key);
    (all.len() > 1 && all.iter().any(is_this)).then_some(all)
}

fn missing_trouble(missing: Missing, who: Who, facts: &AppFacts) -> Trouble {
    if let Some(missing) = all_missing(&missing, facts) {
        let mut links: Vec<_> = missing.iter().filter_map(|m| link(m.secret, &m.name, m.key.as_deref(), facts)).collect();
        links.dedup_by(|a, b| a.leads_where(b));
        return Trouble::of(Tone::Bad, &Cause::ReferencesMissing { who, missing }).see(links.into_iter().take(3));
    }
    let Missing { secret, name, key } = missing;
    let used = references(secret, facts).iter().find(|r| r.name == name && (key.is_none() || r.key == key));
    let needs = used.and_then(|r| r.key.clone()).filter(|_| key.is_none());
    let link = link(secret, &name, key.as_deref(), facts);
    let missing = MissingReference { secret, name, key, how: used.map(|r| r.how.clone()).unwrap_or_default() };
    Trouble::of(Tone::Bad, &Cause::ReferenceMissing { who, missing, needs }).see(link)
}

/// Where to make a secret or add a key to it.
fn link(secret: bool, name: &str, key: Option<&str>, facts: &AppFacts) -> Option<Evidence> {
    let (namespace, name) = (facts.workload.id.namespace.clone(), SecretName::parse(name).ok()?);
    let change = key.and_then(|k| KeyName::parse(k).ok()).map_or(SecretChange::Create, SecretChange::AddKey);
    secret.then_some(Evidence::Secret { namespace, name, change })
}

/// A reference that a pod of the app waits for, where one does: then all of them are worth a look.
pub(crate) fn waits_for(facts: &AppFacts) -> Option<MissingReference> {
    let waiting = |p: &Pod| p.deleting.is_none() && p.phase == PodPhase::Pending;
    let of_containers = facts.pods.iter().filter(|p| waiting(p)).flat_map(|p| &p.containers).filter_map(|c| match &c.state {
        ContainerState::Waiting { reason, message } if *reason == WaitReason::CreateContainerConfigError => Some(message.as_str()),
        ContainerState::Waiting { .. } | ContainerState::Running { .. } | ContainerState::Ended(_) => None,
    });
    let of_pods = |e: &Event| facts.pods.iter().any(|p| p.name == e.name && waiting(p));
    let mounts = facts.events.iter().filter(|e| e.reason == EventReason::FailedMount && of_pods(e));
    let named = |m: &str| volume::missing(m).or_else(|| of_volume(&volume::missing_key(m)?, facts));
    let Missing { secret, name, key } = of_containers.chain(mounts.map(|e| e.message.as_str())).find_map(named)?;
    let used = references(secret, facts).iter().find(|r| r.name == name && (key.is_none() || r.key == key));
    let how = used.map(|r| r.how.clone()).unwrap_or_default();
    Some(MissingReference { secret, name, key, how })
}

/// A container in `CreateContainerConfigError` or `CreateContainerError`.
pub(crate) fn trouble(reason: &WaitReason, message: &str, c: &Container, pod: &Pod, facts: &AppFacts) -> Trouble {
    let since = not_since(pod, &ConditionType::ContainersReady).or(Some(pod.created));
    let says_it = |e: &&Arc<Event>| e.reason == EventReason::Failed && e.message.contains(message);
    let event = events_of_container(c, pod, facts).find(says_it).map(|e| event_link(e));
    let told = match volume::missing(message) {
        Some(missing) => missing_trouble(missing, super::text::who(c, pod, facts), facts),
        None => super::exit::not_created(reason, message, c, pod, facts),
    };
    told.since(since).see(event)
}

/// Which of the pods that use a volume are the app's own, and whether they go.
fn in_use(pods: Vec<String>, all: bool, pod: &Pod, facts: &AppFacts) -> MountWhy {
    // The event names any pod that uses the volume, also those of another app.
    let own = |name: &String| facts.pods.iter().find(|p| p.name == *name && p.name != pod.name);
    let goes = |p: &Arc<Pod>| p.deleting.is_some() || p.template_hash != pod.template_hash;
    let old = all && pods.iter().all(|name| own(name).is_some_and(goes));
    let stays = |name: &String| own(name).is_some_and(|p| p.deleting.is_none());
    let rolls = old && facts.workload.id.kind == Kind::Deployment && pods.iter().any(stays);
    MountWhy::InUse { pods, old, rolls }
}

/// A pod whose containers are not created because a volume or its network is not there. Only an event tells.
pub(crate) fn mount(pod: &Pod, facts: &AppFacts, now: UnixMs) -> Option<Trouble> {
    let fails = [EventReason::FailedMount, EventReason::FailedAttachVolume, EventReason::FailedCreatePodSandbox, EventReason::FailedMapVolume];
    let about = |e: &&Arc<Event>| fails.contains(&e.reason) || (e.reason == EventReason::NetworkNotReady && now.since(e.first) >= NODE_JOINS);
    let newest = events_of(pod, facts).filter(about).max_by_key(|e| e.last)?;
    // From time to time the kubelet sums up which volumes it waits for, without the reason.
    let says_why = |e: &&Arc<Event>| !volume::is_summary(&e.message) && newest.last.since(e.last) < SUMMED_UP;
    let event = events_of(pod, facts).filter(about).filter(says_why).max_by_key(|e| e.last).unwrap_or(newest);
    // It has got further since.
    if events_of(pod, facts).any(|e| e.reason.is_progress() && e.last > newest.last) {
        return None;
    }
    if volume::is_cache_behind(&event.message) && event.count <= 2 {
        return None;
    }
    let who = who_pod(pod, facts);
    let fails = |who, volume, why| Trouble::of(Tone::Bad, &Cause::MountFails { who, volume, why });
    let trouble = match volume::not_mounted(&event.reason, &event.message) {
        NotMounted::Missing(missing) => missing_trouble(missing, who, facts),
        NotMounted::MissingKey(key) => match of_volume(&key, facts) {
            Some(missing) => missing_trouble(missing, who, facts),
            None => Trouble::of(Tone::Bad, &Cause::VolumeKeyMissing { who, volume: key.volume, key: key.key }),
        },
        NotMounted::InUse { volume, pods, all } => fails(who, volume, in_use(pods, all, pod, facts)),
        NotMounted::Volume { volume, why } => fails(who, volume, why),
        NotMounted::Sandbox(why) => Trouble::of(Tone::Bad, &Cause::SandboxFails { who, why }),
        NotMounted::Other(said) => fails(who, None, MountWhy::Other { since: pod.created, attempts: event.count, said }),
    };
    Some(trouble.since(Some(pod.created)).see([event_link(event)]))
}
