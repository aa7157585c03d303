//! Why an image cannot be pulled. The texts are those of containerd 1.6 to 2.1 and of the kubelet's image manager
//! (`pkg/kubelet/images/types.go`: ErrImagePull, ImagePullBackOff, InvalidImageName, ErrImageNeverPull).

use super::pull_secret;
use super::text::who;
use super::trouble::{Tone, Trouble, event_link, events_of_container, not_since};
use crate::cause::{Cause, PullWhy, RegistryCode, Unreachable};
use crate::facts::{AppFacts, Container, Pod};

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
    let why = why(reason, told, &low, pod, facts);
    let tone = if why == PullWhy::NodePullsTooOften { Tone::Wait } else { Tone::Bad };
    let refused = matches!(why, PullWhy::Refused { .. });
    let host = host_of(&c.image).map(str::to_owned);
    let cause = Cause::ImageNotPulled { who: who(c, pod, facts), image: c.image.clone(), host, node: pod.node.clone(), kind: facts.workload.id.kind, why };
    let any = events_of_container(c, pod, facts).find(|e| matches!(e.reason.as_str(), "Failed" | "InspectFailed" | "ErrImageNeverPull"));
    let trouble = Trouble::of(tone, &cause).since(since).see(event.or(any).map(|e| event_link(e)));
    if refused { trouble.see(pull_secret::link(pod, facts)).see(pull_secret::command(pod, facts)) } else { trouble }
}

/// Why, from the kubelet's reason and the runtime's words; `low` is `told` in small letters. The order matters: "no match for
/// platform" ends in "not found" too.
fn why(reason: &str, told: &str, low: &str, pod: &Pod, facts: &AppFacts) -> PullWhy {
    let has = |words: &[&str]| words.iter().any(|w| low.contains(w));
    let after = |mark: &str| told.rsplit_once(mark).map(|(_, said)| said.to_owned());
    if reason == "InvalidImageName" {
        return PullWhy::InvalidName(after("invalid reference format: ").unwrap_or_else(|| "wrong format".into()));
    }
    if reason == "ErrImageNeverPull" {
        return PullWhy::NotOnNode;
    }
    // CRI-O's answers to a name without a registry (containers/image, short names).
    if has(&["short-name \"", "short name mode is enforcing"]) {
        return PullWhy::NoRegistry { several: has(&["ambiguous list"]) };
    }
    if has(&["docker.distribution.manifest.v1", "docker schema 1"]) {
        return PullWhy::FormatTooOld;
    }
    if has(&["pull qps exceeded"]) {
        return PullWhy::NodePullsTooOften;
    }
    if has(&["no match for platform", "no matching manifest for"]) {
        return PullWhy::WrongPlatform;
    }
    if has(&["401 unauthorized", "401 (unauthorized)", "unauthorized:", "no basic auth credentials", "authentication required"]) {
        return PullWhy::Refused { code: RegistryCode::Unauthorized, secret: pull_secret::has(pod, facts) };
    }
    if has(&["403 forbidden", "insufficient_scope", "denied:"]) {
        return PullWhy::Refused { code: RegistryCode::Forbidden, secret: pull_secret::has(pod, facts) };
    }
    if has(&["429 too many requests", "toomanyrequests"]) {
        return PullWhy::RateLimit;
    }
    if has(&["x509:", "tls: "]) {
        return PullWhy::Certificate(after("x509: ").unwrap_or_else(|| "TLS failed".into()));
    }
    if has(&["server gave http response to https client"]) {
        return PullWhy::PlainHttp;
    }
    let how = [
        ("connection refused", Unreachable::Refused),
        ("no route to host", Unreachable::NoRoute),
        ("network is unreachable", Unreachable::NoNetwork),
        ("connection reset", Unreachable::Reset),
        ("i/o timeout", Unreachable::TimedOut),
        ("deadline exceeded", Unreachable::TimedOut),
        ("handshake timeout", Unreachable::TimedOut),
        (": eof", Unreachable::TimedOut),
    ];
    if let Some((_, how)) = how.into_iter().find(|(words, _)| low.contains(words)) {
        return PullWhy::Unreachable(how);
    }
    if has(&["no space left on device"]) {
        return PullWhy::DiskFull;
    }
    if has(&[": not found", "manifest unknown", "code = notfound", "name unknown", "404 not found"]) {
        return PullWhy::NotFound;
    }
    PullWhy::Other(told.to_owned())
}
