//! Images that a node does not get. The texts are those of containerd 1.6 to 2.1, of CRI-O and of the kubelet's image
//! manager (`pkg/kubelet/images`).

use super::words::ImageWait;
use crate::cause::{PullWhy, RegistryCode, Unreachable};
use crate::text::between;

/// Why a node does not get an image, as its text tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PullSaid {
    /// The registry's host is not known.
    HostUnknown,
    /// Docker Hub's answer where there is no such repository, and where it is private.
    Hidden,
    /// The registry refuses the image to who asks.
    Refused(RegistryCode),
    /// Another reason, never [`PullWhy::Refused`].
    Why(PullWhy),
}

/// Reads the message of a container that waits for its image, or of the event of a failed pull.
#[must_use]
pub fn pull(wait: ImageWait, message: &str) -> PullSaid {
    if wait != ImageWait::InvalidName && ["no such host", "lookup ", "server misbehaving"].iter().any(|w| message.contains(w)) {
        return PullSaid::HostUnknown;
    }
    let low = message.to_ascii_lowercase();
    let has = |words: &[&str]| words.iter().any(|w| low.contains(w));
    if has(&["repository does not exist or may require", "pull access denied"]) {
        return PullSaid::Hidden;
    }
    let after = |mark: &str| message.rsplit_once(mark).map(|(_, said)| said.to_owned());
    if wait == ImageWait::InvalidName {
        return PullSaid::Why(PullWhy::InvalidName(after("invalid reference format: ").unwrap_or_else(|| "wrong format".into())));
    }
    if wait == ImageWait::NeverPull {
        return PullSaid::Why(PullWhy::NotOnNode);
    }
    // The order matters: "no match for platform" ends in "not found" too. First CRI-O's answers to a name without a registry
    // (containers/image, short names).
    if has(&["short-name \"", "short name mode is enforcing"]) {
        return PullSaid::Why(PullWhy::NoRegistry { several: has(&["ambiguous list"]) });
    }
    if has(&["docker.distribution.manifest.v1", "docker schema 1"]) {
        return PullSaid::Why(PullWhy::FormatTooOld);
    }
    if has(&["pull qps exceeded"]) {
        return PullSaid::Why(PullWhy::NodePullsTooOften);
    }
    if has(&["no match for platform", "no matching manifest for"]) {
        return PullSaid::Why(PullWhy::WrongPlatform);
    }
    if has(&["401 unauthorized", "401 (unauthorized)", "unauthorized:", "no basic auth credentials", "authentication required"]) {
        return PullSaid::Refused(RegistryCode::Unauthorized);
    }
    if has(&["403 forbidden", "insufficient_scope", "denied:"]) {
        return PullSaid::Refused(RegistryCode::Forbidden);
    }
    if has(&["429 too many requests", "toomanyrequests"]) {
        return PullSaid::Why(PullWhy::RateLimit);
    }
    if has(&["x509:", "tls: "]) {
        return PullSaid::Why(PullWhy::Certificate(after("x509: ").unwrap_or_else(|| "TLS failed".into())));
    }
    if has(&["server gave http response to https client"]) {
        return PullSaid::Why(PullWhy::PlainHttp);
    }
    if let Some(how) = unreachable(&low) {
        return PullSaid::Why(PullWhy::Unreachable(how));
    }
    if has(&["no space left on device"]) {
        return PullSaid::Why(PullWhy::DiskFull);
    }
    if has(&[": not found", "manifest unknown", "code = notfound", "name unknown", "404 not found"]) {
        return PullSaid::Why(PullWhy::NotFound);
    }
    PullSaid::Why(PullWhy::Other(message.to_owned()))
}

/// How a connection failed, from a text in small letters.
fn unreachable(low: &str) -> Option<Unreachable> {
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
    how.into_iter().find(|(words, _)| low.contains(words)).map(|(_, how)| how)
}

/// Whether the message of a waiting container has the runtime's error in it. Before 1.31 that of `ImagePullBackOff` has
/// none; only the event of the failed pull does.
#[must_use]
pub fn tells_why(message: &str) -> bool {
    message.contains(": ")
}

/// Whether the message of a `Failed` event is of a pull of this image.
#[must_use]
pub fn is_failed_pull(message: &str, image: &str) -> bool {
    message.contains("Failed to pull image") && message.contains(image)
}

/// The first pull secret that does not exist, from the message of a `FailedToRetrieveImagePullSecret` event.
#[must_use]
pub fn absent_secret(message: &str) -> Option<&str> {
    between(message, "secrets (", ")")?.split(',').map(str::trim).find(|name| !name.is_empty())
}
