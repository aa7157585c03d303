//! Why an image cannot be pulled. The texts are those of containerd 1.6 to 2.1 and of the kubelet's image manager
//! (`pkg/kubelet/images/types.go`: ErrImagePull, ImagePullBackOff, InvalidImageName, ErrImageNeverPull).

use super::pull_secret;
use super::text::{clip, container_name, squeeze, who};
use super::trouble::{Tone, Trouble, event_link, events_of_container, not_since};
use crate::cause::Cause;
use crate::facts::{AppFacts, Container, Pod};
use crate::told_image;

/// Reasons with which the kubelet says that there is no image.
pub(crate) fn is_about_image(reason: &str) -> bool {
    matches!(
        reason,
        "ImagePullBackOff"
            | "ErrImagePull"
            | "InvalidImageName"
            | "ErrImageNeverPull"
            | "ImageInspectError"
            | "RegistryUnavailable"
            | "SignatureValidationFailed"
    )
}

/// The registry's host, where the image names one; without, it is Docker Hub's (distribution/reference).
fn host_of(image: &str) -> Option<&str> {
    match image.split_once('/') {
        Some((host, _)) if host.contains(['.', ':']) || host == "localhost" => Some(host),
        _ => None,
    }
}

fn registry(image: &str) -> &str {
    host_of(image).unwrap_or("docker.io")
}

/// Why the image of a waiting container is not there.
pub(crate) fn trouble(reason: &str, message: &str, c: &Container, pod: &Pod, facts: &AppFacts) -> Trouble {
    let pulls =
        events_of_container(c, pod, facts).filter(|e| e.reason == "Failed" && e.message.contains("Failed to pull image") && e.message.contains(&c.image));
    let event = pulls.max_by_key(|e| e.last);
    // Before 1.31 the message of ImagePullBackOff has no error in it, only the event has.
    let told = if message.contains(": ") { message } else { event.map_or(message, |e| e.message.as_str()) };
    let since = not_since(pod, "ContainersReady").or(Some(pod.created));
    if reason != "InvalidImageName" && ["no such host", "lookup ", "server misbehaving"].iter().any(|w| told.contains(w)) {
        let host = host_of(&c.image).map(str::to_owned);
        let cause = Cause::RegistryUnknown { who: who(c, pod, facts), image: c.image.clone(), host, node: pod.node.clone() };
        return Trouble::of(Tone::Bad, &cause).since(since).see(event.map(|e| event_link(e)));
    }
    let low = told.to_ascii_lowercase();
    // Docker Hub's answer where there is no such repository, and where it is private.
    if ["repository does not exist or may require", "pull access denied"].iter().any(|w| low.contains(w)) {
        let cause = Cause::ImageHidden {
            who: who(c, pod, facts),
            image: c.image.clone(),
            host: host_of(&c.image).map(str::to_owned),
            secret: pull_secret::has(pod, facts),
            kind: facts.workload.id.kind,
        };
        let links = event.map(|e| event_link(e)).into_iter().chain(pull_secret::link(pod, facts)).chain(pull_secret::command(pod, facts));
        return Trouble::of(Tone::Bad, &cause).since(since).see(links);
    }
    let Told { short, why, advice, refused, tone } = explain(reason, told, &low, c, pod, facts);
    let cause = format!("Can't pull the image of {}: {why}", container_name(c, pod, facts));
    let any = events_of_container(c, pod, facts).find(|e| matches!(e.reason.as_str(), "Failed" | "InspectFailed" | "ErrImageNeverPull"));
    let mut trouble = Trouble::new(tone, short, cause, advice).since(since);
    trouble = trouble.see(event.or(any).map(|e| event_link(e)));
    if refused {
        trouble = trouble.see(pull_secret::link(pod, facts)).see(pull_secret::command(pod, facts));
    }
    trouble
}

/// Reason, cause and advice.
struct Told {
    short: &'static str,
    why: String,
    advice: String,
    /// The registry wants to know who asks.
    refused: bool,
    tone: Tone,
}

// `low` is `told` in small letters. The order matters: "no match for platform" ends in "not found" too.
fn explain(reason: &str, told: &str, low: &str, c: &Container, pod: &Pod, facts: &AppFacts) -> Told {
    let image = clip(&told_image(&c.image), 200);
    // Who names no host may not know that Docker Hub is asked.
    let host = match host_of(&c.image) {
        Some(host) => clip(host, 100),
        None => format!("{} (Docker Hub, since the image names no host)", registry(&c.image)),
    };
    let has = |words: &[&str]| words.iter().any(|w| low.contains(w));
    let say = |short: &'static str, why: String, advice: String| Told { short, why, advice, refused: false, tone: Tone::Bad };
    let node = pod.node.as_deref().map_or_else(|| "its node".to_owned(), |n| format!("node {n}"));
    if reason == "InvalidImageName" {
        let why = told.rsplit_once("invalid reference format: ").map_or("wrong format", |(_, w)| w);
        return say(
            "invalid image name",
            format!("{image} isn't a valid image name ({})", squeeze(why, 160)),
            "Use the form host/path:tag in lowercase.".into(),
        );
    }
    if reason == "ErrImageNeverPull" {
        return say(
            "image not on the node",
            format!("{image} isn't on {node}, and the pull policy is Never"),
            "Load the image onto the node, or set the pull policy to IfNotPresent.".into(),
        );
    }
    // CRI-O's answers to a name without a registry (containers/image, short names).
    if has(&["short-name \"", "short name mode is enforcing"]) {
        let searches = if has(&["ambiguous list"]) { "searches several, so it doesn't choose" } else { "doesn't search any for such names" };
        let folder = if c.image.contains('/') { "" } else { "library/" };
        return say(
            "image without registry",
            format!("{image} names no registry, and {node} {searches}"),
            format!("Write the registry's host in front of it, such as docker.io/{folder}{image}."),
        );
    }
    if has(&["docker.distribution.manifest.v1", "docker schema 1"]) {
        return say(
            "image format too old",
            format!("{image} has a manifest format from before 2016 (schema 1), which {node} no longer supports"),
            "Rebuild it. If you can't, convert it with skopeo copy --format v2s2.".into(),
        );
    }
    if has(&["pull qps exceeded"]) {
        let told = say(
            "node pulls too often",
            format!("{node} has reached its own limit of pulls per second"),
            "It tries again by itself. If it lasts, ask an administrator to raise registryPullQPS.".into(),
        );
        return Told { tone: Tone::Wait, ..told };
    }
    if has(&["no match for platform", "no matching manifest for"]) {
        return say(
            "image: wrong platform",
            format!("{image} has no build for the platform of {node} (no match for platform in manifest)"),
            "Build it for that platform too, such as linux/amd64, and push it with the same tag.".into(),
        );
    }
    if has(&["401 unauthorized", "401 (unauthorized)", "unauthorized:", "no basic auth credentials", "authentication required"]) {
        let (why, advice) = pull_secret::denied("401 Unauthorized", &image, &host, pod, facts);
        return Told { refused: true, ..say("image: 401 at registry", why, advice) };
    }
    if has(&["403 forbidden", "insufficient_scope", "denied:"]) {
        let (why, advice) = pull_secret::denied("403 Forbidden", &image, &host, pod, facts);
        return Told { refused: true, ..say("image: 403 at registry", why, advice) };
    }
    if has(&["429 too many requests", "toomanyrequests"]) {
        return say(
            "registry rate limit",
            format!("registry {host} is rate limiting pulls (429 Too Many Requests)"),
            "Wait, or use a pull secret of an account with a higher limit.".into(),
        );
    }
    if has(&["x509:", "tls: "]) {
        let why = told.rsplit_once("x509: ").map_or("TLS failed", |(_, w)| w);
        return say(
            "registry certificate",
            format!("{node} doesn't trust the certificate of registry {host} ({})", squeeze(why, 160)),
            "Ask an administrator to add its CA to the nodes.".into(),
        );
    }
    if has(&["server gave http response to https client"]) {
        return say(
            "registry without HTTPS",
            format!("registry {host} speaks HTTP where {node} expects HTTPS"),
            "Ask an administrator to allow HTTP for it in the nodes' containerd, or to give it a certificate.".into(),
        );
    }
    if has(&[
        "connection refused",
        "i/o timeout",
        "deadline exceeded",
        "no route to host",
        "network is unreachable",
        "handshake timeout",
        "connection reset",
        ": eof",
    ]) {
        let why = ["connection refused", "no route to host", "network is unreachable", "connection reset"]
            .into_iter()
            .find(|w| low.contains(w))
            .unwrap_or("timed out");
        return say(
            "registry unreachable",
            format!("{node} can't reach registry {host} ({why})"),
            "Check that the registry is up and the network allows access.".into(),
        );
    }
    if has(&["no space left on device"]) {
        return say(
            "node disk is full",
            format!("{node} has no disk space left"),
            "Ask an administrator to free space on the node, or make the image smaller.".into(),
        );
    }
    if has(&[": not found", "manifest unknown", "code = notfound", "name unknown", "404 not found"]) {
        return say("image not found", format!("{image} doesn't exist in registry {host} (not found)"), "Correct the name or tag, or push the image.".into());
    }
    say("can't pull image", format!("{image} failed ({})", squeeze(told, 300)), "See the event for the full message.".into())
}
