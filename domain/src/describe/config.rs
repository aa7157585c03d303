//! Missing secrets, config maps and keys, and volumes that cannot be mounted. The texts are those of the kubelet
//! (`pkg/kubelet/kubelet_pods.go`, `pkg/volume/secret`, `pkg/volume/configmap`).

use super::text::{between, capital, clip, container_name, count, pod_words, squeeze, who_pod};
use super::trouble::{Tone, Trouble, event_link, events_of, events_of_container, not_since};
use crate::cause::{Cause, MountWhy, SandboxWhy, Who};
use crate::english;
use crate::facts::{AppFacts, Container, ContainerState, Event, MissingReference, Pod, Reference};
use crate::status::Evidence;
use crate::time::short;
use crate::{KeyName, Kind, SecretName, UnixMs};

/// The kubelet sums up every two minutes what it waits for, and says why in between.
const SUMMED_UP: i64 = 5 * 60_000;
/// A node that has just joined has no network in its first seconds: its plugin is a pod of its own.
const NODE_JOINS: i64 = 2 * 60_000;

/// A thing that a pod needs and that is not there.
#[derive(Debug, PartialEq, Eq)]
struct Missing {
    secret: bool,
    name: String,
    key: Option<String>,
}

impl Missing {
    fn read(text: &str) -> Option<Self> {
        for (secret, object, map) in [(true, "secret \"", " in Secret "), (false, "configmap \"", " in ConfigMap ")] {
            if let Some(key) = between(text, "couldn't find key ", map) {
                let object = text.split_once(map)?.1.split_whitespace().next()?;
                let name = object.rsplit('/').next().unwrap_or(object);
                return Some(Self { secret, name: clip(name, 80), key: Some(clip(key, 80)) });
            }
            if let Some(name) = between(text, object, "\" not found") {
                return Some(Self { secret, name: clip(name, 80), key: None });
            }
        }
        None
    }

    /// A key that a volume asks for: the kubelet names the key and not the object, which the template does.
    fn of_volume(text: &str, facts: &AppFacts) -> Option<Self> {
        let marks = [(true, "non-existent secret key: "), (false, "non-existent config key: ")];
        let (secret, key) = marks.iter().find_map(|(secret, mark)| Some((*secret, text.split_once(mark)?.1.trim())))?;
        let all = if secret { &facts.workload.secrets } else { &facts.workload.config_maps };
        let mut of_key = all.iter().filter(|r| r.key.as_deref() == Some(key));
        let found = of_key.next()?;
        of_key.all(|r| r.name == found.name).then(|| Self { secret, name: clip(&found.name, 80), key: Some(clip(key, 80)) })
    }

    fn words(&self) -> &'static str {
        if self.secret { "secret" } else { "config map" }
    }

    fn uses<'a>(&self, facts: &'a AppFacts) -> Option<&'a Reference> {
        let all = if self.secret { &facts.workload.secrets } else { &facts.workload.config_maps };
        all.iter().find(|r| r.name == self.name && (self.key.is_none() || r.key == self.key))
    }

    /// All that the template refers to and that is missing, where that is more than this one.
    fn all(&self, facts: &AppFacts) -> Option<Vec<MissingReference>> {
        let still = |m: &&MissingReference| {
            let all = if m.secret { &facts.workload.secrets } else { &facts.workload.config_maps };
            all.iter().any(|r| r.name == m.name && !r.optional && (m.key.is_none() || m.key == r.key))
        };
        let all: Vec<_> = facts.missing.iter().filter(still).cloned().collect();
        let this = |m: &MissingReference| (m.secret, &m.name) == (self.secret, &self.name) && (m.key == self.key);
        (all.len() > 1 && all.iter().any(this)).then_some(all)
    }

    fn trouble(&self, subject: Who, facts: &AppFacts) -> Trouble {
        if let Some(missing) = self.all(facts) {
            let mut links: Vec<_> = missing.iter().filter_map(|m| Self { secret: m.secret, name: m.name.clone(), key: m.key.clone() }.link(facts)).collect();
            links.dedup_by(|a, b| matches!((a, b), (Evidence::Object { path: a, .. }, Evidence::Object { path: b, .. }) if a == b));
            return Trouble::of(Tone::Bad, &Cause::ReferencesMissing { who: subject, missing }).see(links.into_iter().take(3));
        }
        let who = capital(&english::object(&subject));
        let what = self.words();
        let use_ = self.uses(facts);
        let how = use_.map_or_else(String::new, |r| format!(" ({})", clip(&r.how, 80)));
        let (name, short_what) = (&self.name, if self.secret { "secret" } else { "config map" });
        let (reason, cause, advice) = match &self.key {
            Some(key) => (
                format!("{short_what} key missing"),
                format!("{who} is waiting: {what} {name} has no key {key}{how}"),
                format!("Add key {key} to {what} {name}, or correct the key in the app."),
            ),
            None => {
                let key = use_.and_then(|r| r.key.as_deref()).map_or_else(String::new, |k| format!(" with key {}", clip(k, 80)));
                (format!("no {short_what} {name}"), format!("{who} is waiting: {what} {name} doesn't exist{how}"), format!("Create {what} {name}{key}."))
            }
        };
        let reason = if reason.chars().count() > super::text::REASON { format!("{short_what} missing") } else { reason };
        Trouble::new(Tone::Bad, reason, cause, advice).see(self.link(facts))
    }

    fn link(&self, facts: &AppFacts) -> Option<Evidence> {
        let (ns, name) = (&facts.workload.id.namespace, SecretName::parse(self.name.as_str()).ok()?);
        if !self.secret {
            return None;
        }
        Some(match self.key.as_ref().and_then(|k| KeyName::parse(k.as_str()).ok()) {
            Some(key) => Evidence::Object { label: format!("Add key {key} to {name}"), path: format!("/secrets/{ns}/{name}") },
            None => Evidence::Object { label: format!("Create secret {name}"), path: format!("/new-secret/{ns}?kind=opaque&name={name}") },
        })
    }
}

/// What a pod of the app says of a reference that it waits for, where one does: then all of them are worth a look.
pub(crate) fn waits_for(facts: &AppFacts) -> Option<&str> {
    let waiting = |p: &Pod| p.deleting.is_none() && p.phase == "Pending";
    let of_containers = facts.pods.iter().filter(|p| waiting(p)).flat_map(|p| &p.containers).filter_map(|c| match &c.state {
        ContainerState::Waiting { reason, message } if reason == "CreateContainerConfigError" => Some(message.as_str()),
        _ => None,
    });
    let mounts = facts.events.iter().filter(|e| e.reason == "FailedMount" && facts.pods.iter().any(|p| p.name == e.name && waiting(p)));
    of_containers.chain(mounts.map(|e| e.message.as_str())).find(|m| Missing::read(m).or_else(|| Missing::of_volume(m, facts)).is_some())
}

/// A container in `CreateContainerConfigError` or `CreateContainerError`.
pub(crate) fn trouble(reason: &str, message: &str, c: &Container, pod: &Pod, facts: &AppFacts) -> Trouble {
    let who = capital(&container_name(c, pod, facts));
    let since = not_since(pod, "ContainersReady").or(Some(pod.created));
    let event = events_of_container(c, pod, facts).find(|e| e.reason == "Failed" && e.message.contains(message)).map(|e| event_link(e));
    if let Some(missing) = Missing::read(message) {
        return missing.trouble(super::text::who(c, pod, facts), facts).since(since).see(event);
    }
    if let Some(why) = super::exit::start_why(message) {
        return super::exit::not_started(why, super::text::who(c, pod, facts)).since(since).see(event);
    }
    let (short, cause, advice) = if message.contains("runAsNonRoot and image will run as root") {
        (
            "image runs as root",
            format!("{who} must not run as root (runAsNonRoot), but image {} does", clip(&c.image, 120)),
            "Set runAsUser to a number above 0, or a numeric USER in the image.",
        )
    } else if message.contains("non-numeric user") {
        let user = between(message, "non-numeric user (", ")").unwrap_or("a name");
        (
            "image user isn't numeric",
            format!("{who} must not run as root (runAsNonRoot), but its image sets user {} by name, not by number", clip(user, 40)),
            "Set runAsUser to that user's numeric ID.",
        )
    } else if message.contains("no command specified") {
        ("no command", format!("{who} has no command, and neither does its image"), "Set a command.")
    } else if reason == "CreateContainerConfigError" {
        (
            "invalid configuration",
            format!("Can't configure {}: {}", container_name(c, pod, facts), squeeze(message, 400)),
            "See the event for the full message.",
        )
    } else {
        ("can't be created", format!("Can't create {}: {}", container_name(c, pod, facts), squeeze(message, 400)), "See the event for the full message.")
    };
    Trouble::new(Tone::Bad, short, cause, advice).since(since).see(event)
}

/// What containerd says of a sandbox that it cannot make (`internal/cri/server/sandbox_run.go`).
fn sandbox(told: &str) -> SandboxWhy {
    let said = told.split_once("desc = ").map_or(told, |(_, rest)| rest);
    if let Some(name) = between(said, "no runtime for \"", "\"") {
        return SandboxWhy::RuntimeMissing(name.to_owned());
    }
    if ["setup network", "set up sandbox", "cni", "CNI", "plugin type="].iter().any(|w| said.contains(w)) {
        return SandboxWhy::Network(said.split_once("failed (add): ").map_or(said, |(_, rest)| rest).to_owned());
    }
    SandboxWhy::Other(said.to_owned())
}

/// What the program that mounts has said; before it the kubelet repeats how it called it.
fn output(told: &str) -> &str {
    told.split_once("Output: ").map_or(told, |(_, output)| output)
}

/// Why a volume cannot be attached or mounted: the texts of the attach-detach controller, of `mount` and `mount.nfs`, of the
/// kubelet's host paths (`pkg/volume/hostpath`), CSI (`pkg/volume/csi`) and service account tokens (`pkg/kubelet/token`).
fn mount_why(told: &str, pod: &Pod, facts: &AppFacts) -> Option<MountWhy> {
    // Older versions of `mount` break their lines.
    let line = clip(told, usize::MAX);
    let told = line.as_str();
    let says = |words: &[&str]| words.iter().any(|w| told.contains(w));
    if says(&["Multi-Attach error"]) {
        let named = told.split_once("already used by pod(s) ").map_or("", |(_, names)| names);
        let pods: Vec<String> =
            named.split(',').map(|n| n.trim().trim_end_matches('.')).filter(|n| !n.is_empty() && !n.contains(' ')).map(str::to_owned).collect();
        // The event names any pod that uses the volume, also those of another app.
        let own = |name: &String| facts.pods.iter().find(|p| p.name == *name && p.name != pod.name);
        let goes = |p: &std::sync::Arc<Pod>| p.deleting.is_some() || p.template_hash != pod.template_hash;
        // `a, b and 1 pod(s) in different namespaces` names not all.
        let all = named.split(',').count() == pods.len();
        let old = all && pods.iter().all(|name| own(name).is_some_and(goes));
        let stays = |name: &String| own(name).is_some_and(|p| p.deleting.is_none());
        let rolls = old && facts.workload.id.kind == Kind::Deployment && pods.iter().any(stays);
        return Some(MountWhy::InUse { pods, old, rolls });
    }
    if let Some(account) = told
        .split_once("failed to fetch token: ")
        .and_then(|(_, rest)| between(rest, "serviceaccounts \"", "\"").or_else(|| between(rest, "serviceaccount \"", "\"")))
    {
        let missing = says(&["\" not found"]);
        if missing || says(&["is forbidden"]) {
            return Some(MountWhy::NoToken { account: account.to_owned(), missing });
        }
    }
    if let Some((path, wanted)) = told.split_once("hostPath type check failed: ").and_then(|(_, rest)| rest.split_once(" is not a ")) {
        return Some(MountWhy::HostPath { path: path.trim().to_owned(), wanted: wanted.trim().to_owned() });
    }
    if let Some(driver) = between(told, "driver name ", " not found in the list of registered CSI drivers") {
        return Some(MountWhy::DriverMissing { driver: driver.to_owned() });
    }
    if let Some(driver) = between(told, "waiting for external-attacher of ", " CSI driver") {
        return Some(MountWhy::DriverSilent { driver: driver.to_owned() });
    }
    if says(&["fsck found errors", "Structure needs cleaning"]) {
        return Some(MountWhy::Damaged);
    }
    if says(&["might need a /sbin/mount.", "unknown filesystem type"]) {
        let fs = between(told, "unknown filesystem type '", "'").or_else(|| between(told, " -t ", " "));
        return Some(MountWhy::NoClient { fs: fs.filter(|fs| !fs.starts_with('-')).map(str::to_owned) });
    }
    // util-linux ends each of these with "missing codepage or helper program, or other error".
    if says(&["wrong fs type, bad option, bad superblock"]) {
        return Some(MountWhy::Unmountable);
    }
    if let Some((_, source)) = told.split_once("access denied by server while mounting ") {
        return Some(MountWhy::Denied { source: source.split_whitespace().next().unwrap_or(source).to_owned() });
    }
    if says(&["reason given by server: No such file or directory"]) {
        return Some(MountWhy::NoPath);
    }
    if !says(&["mount.nfs", "mount failed", "mount error("]) {
        return None;
    }
    if says(&["Connection refused"]) {
        return Some(MountWhy::Refused);
    }
    says(&["Connection timed out", "No route to host", "Host is down"]).then_some(MountWhy::Silent)
}

/// A pod whose containers are not created because a volume or its network is not there. Only an event tells.
pub(crate) fn mount(pod: &Pod, facts: &AppFacts, now: UnixMs) -> Option<Trouble> {
    let about = |e: &&std::sync::Arc<Event>| {
        matches!(e.reason.as_str(), "FailedMount" | "FailedAttachVolume" | "FailedCreatePodSandBox" | "FailedMapVolume")
            || (e.reason == "NetworkNotReady" && now.since(e.first) >= NODE_JOINS)
    };
    let newest = events_of(pod, facts).filter(about).max_by_key(|e| e.last)?;
    // From time to time the kubelet sums up which volumes it waits for, without the reason.
    let says_why = |e: &&std::sync::Arc<Event>| !e.message.starts_with("Unable to attach or mount volumes") && newest.last.since(e.last) < SUMMED_UP;
    let event = events_of(pod, facts).filter(about).filter(says_why).max_by_key(|e| e.last).unwrap_or(newest);
    // It has got further since.
    let goes_on = |e: &std::sync::Arc<Event>| matches!(e.reason.as_str(), "Pulling" | "Pulled" | "Created" | "Started") && e.last > newest.last;
    if events_of(pod, facts).any(goes_on) {
        return None;
    }
    // One failure in the first moments is the kubelet's cache that has not caught up.
    if ["failed to sync", " not registered"].iter().any(|w| event.message.contains(w)) && event.count <= 2 {
        return None;
    }
    let who = capital(&pod_words(pod, facts));
    let told = event.message.as_str();
    let waited = short(now.since(pod.created));
    let trouble = if let Some(missing) = Missing::read(told).or_else(|| Missing::of_volume(told, facts)) {
        missing.trouble(who_pod(pod, facts), facts)
    } else if let Some(key) = ["non-existent secret key: ", "non-existent config key: "].iter().find_map(|w| told.split_once(w)).map(|(_, k)| clip(k, 80)) {
        let volume = between(told, "volume \"", "\"").map_or_else(String::new, |v| format!(" of volume {}", clip(v, 60)));
        Trouble::new(
            Tone::Bad,
            "volume key missing",
            format!("{who} is waiting: the secret or config map{volume} has no key {key}"),
            format!("Add key {key}, or correct the key in the volume."),
        )
    } else if let Some(why) = mount_why(told, pod, facts) {
        let volume = between(told, "for volume \"", "\"").map(str::to_owned);
        Trouble::of(Tone::Bad, &Cause::MountFails { who: who_pod(pod, facts), volume, why })
    } else if event.reason == "NetworkNotReady" {
        // The kubelet's own word before it asks the runtime for a sandbox; the runtime's stands at its end.
        let said = told.rsplit_once("message:").map_or(told, |(_, said)| said);
        Trouble::of(Tone::Bad, &Cause::SandboxFails { who: who_pod(pod, facts), why: SandboxWhy::Network(said.to_owned()) })
    } else if event.reason == "FailedCreatePodSandBox" {
        Trouble::of(Tone::Bad, &Cause::SandboxFails { who: who_pod(pod, facts), why: sandbox(told) })
    } else {
        Trouble::new(
            Tone::Bad,
            "volume not mounted",
            format!("{who} has waited {waited} for a volume ({}): {}", count(event.count, "attempt"), squeeze(output(told), 400)),
            "Check that the volume's source exists and is reachable.",
        )
    };
    Some(trouble.since(Some(pod.created)).see([event_link(event)]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_things_are_read_from_the_kubelets_texts() {
        let m = |secret, name: &str, key: Option<&str>| Some(Missing { secret, name: name.into(), key: key.map(Into::into) });
        assert_eq!(Missing::read("secret \"shop-db\" not found"), m(true, "shop-db", None));
        assert_eq!(Missing::read("configmap \"a\" not found"), m(false, "a", None));
        assert_eq!(Missing::read("couldn't find key password in Secret web/shop-db"), m(true, "shop-db", Some("password")));
        assert_eq!(Missing::read("couldn't find key language in ConfigMap web/settings"), m(false, "settings", Some("language")));
        assert_eq!(Missing::read("MountVolume.SetUp failed for volume \"tls\" : secret \"shop-tls\" not found"), m(true, "shop-tls", None));
        assert_eq!(Missing::read("context deadline exceeded"), None);
    }

    #[test]
    fn a_sandbox_without_a_network_is_told_apart_from_one_without_a_runtime() {
        let said = |text: &str| sandbox(&format!("Failed to create pod sandbox: rpc error: code = Unknown desc = {text}"));
        let full = "failed to setup network for sandbox \"1f\": plugin type=\"bridge\" failed (add): failed to allocate for range 0: no IP addresses available in range set: 10.0.0.1-10.0.0.254";
        assert_eq!(said(full), SandboxWhy::Network("failed to allocate for range 0: no IP addresses available in range set: 10.0.0.1-10.0.0.254".into()));
        assert_eq!(said("failed to get sandbox runtime: no runtime for \"gvisor\" is configured"), SandboxWhy::RuntimeMissing("gvisor".into()));
        assert_eq!(said("failed to reserve sandbox name \"a\""), SandboxWhy::Other("failed to reserve sandbox name \"a\"".into()));
    }
}
