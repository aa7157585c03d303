//! Images that a registry does not give.

use super::object;
use crate::Kind;
use crate::cause::{PullSecret, PullWhy, RegistryCode, Unreachable, Who};
use crate::english::Words;
use crate::english::text::{clip, squeeze};

/// How an app that exists gets to name a pull secret.
pub(crate) const fn naming(kind: Kind) -> &'static str {
    match kind {
        Kind::Job => "delete the job and create it again with the secret in imagePullSecrets",
        Kind::Pod => "delete the pod and create it again with the secret in imagePullSecrets",
        Kind::Deployment | Kind::StatefulSet | Kind::DaemonSet | Kind::CronJob => "add it to the app",
    }
}

/// A registry that answers alike to an image that is private and to one that does not exist.
pub(super) fn hidden(who: &Who, image: &str, host: Option<&str>, secret: &PullSecret, kind: Kind) -> Words {
    let image = clip(&crate::told_image(image), 200);
    let host = registry(host);
    let advice = match secret {
        PullSecret::Absent(name) => {
            format!("Check the image's name. If it's private, create pull secret {}, which the pod uses but which doesn't exist.", clip(name, 80))
        }
        PullSecret::Refused(name) => {
            format!("Check the image's name, and that pull secret {} has an account for that registry that can read it.", clip(name, 80))
        }
        PullSecret::Nothing(name) => format!("Check the image's name. If it's private, create pull secret {}, then {}.", clip(name, 80), naming(kind)),
    };
    Words::new(
        "image: access denied",
        format!("Can't pull the image of {}: registry {host} says that {image} doesn't exist or is private", object(who)),
        advice,
    )
}

/// A registry by its host. Who names no host may not know that Docker Hub is asked.
fn registry(host: Option<&str>) -> String {
    host.map_or_else(|| "docker.io (Docker Hub, since the image names no host)".to_owned(), |h| clip(h, 100))
}

/// Which image a node was to pull.
pub(super) struct Asked<'a> {
    pub(super) image: &'a str,
    pub(super) host: Option<&'a str>,
    pub(super) node: Option<&'a str>,
}

/// An image that cannot be pulled.
pub(super) fn not_pulled(who: &Who, asked: &Asked<'_>, kind: Kind, why: &PullWhy) -> Words {
    let (reason, why, advice) = told(asked, kind, why);
    Words::new(reason, format!("Can't pull the image of {}: {why}", object(who)), advice)
}

fn told(asked: &Asked<'_>, kind: Kind, why: &PullWhy) -> (&'static str, String, String) {
    let image = clip(&crate::told_image(asked.image), 200);
    let host = registry(asked.host);
    let node = asked.node.map_or_else(|| "its node".to_owned(), |n| format!("node {n}"));
    let say = |reason, why: String, advice: &str| (reason, why, advice.to_owned());
    match why {
        PullWhy::InvalidName(said) => {
            say("invalid image name", format!("{image} isn't a valid image name ({})", squeeze(said, 160)), "Use the form host/path:tag in lowercase.")
        }
        PullWhy::NotOnNode => say(
            "image not on the node",
            format!("{image} isn't on {node}, and the pull policy is Never"),
            "Load the image onto the node, or set the pull policy to IfNotPresent.",
        ),
        PullWhy::NoRegistry { several } => {
            let searches = if *several { "searches several, so it doesn't choose" } else { "doesn't search any for such names" };
            let folder = if asked.image.contains('/') { "" } else { "library/" };
            (
                "image without registry",
                format!("{image} names no registry, and {node} {searches}"),
                format!("Write the registry's host in front of it, such as docker.io/{folder}{image}."),
            )
        }
        PullWhy::FormatTooOld => say(
            "image format too old",
            format!("{image} has a manifest format from before 2016 (schema 1), which {node} no longer supports"),
            "Rebuild it. If you can't, convert it with skopeo copy --format v2s2.",
        ),
        PullWhy::NodePullsTooOften => say(
            "node pulls too often",
            format!("{node} has reached its own limit of pulls per second"),
            "It tries again by itself. If it lasts, ask an administrator to raise registryPullQPS.",
        ),
        PullWhy::WrongPlatform => say(
            "image: wrong platform",
            format!("{image} has no build for the platform of {node} (no match for platform in manifest)"),
            "Build it for that platform too, such as linux/amd64, and push it with the same tag.",
        ),
        PullWhy::Refused { code, secret } => refused(*code, secret, &image, &host, kind),
        PullWhy::RateLimit => say(
            "registry rate limit",
            format!("registry {host} is rate limiting pulls (429 Too Many Requests)"),
            "Wait, or use a pull secret of an account with a higher limit.",
        ),
        PullWhy::Certificate(said) => say(
            "registry certificate",
            format!("{node} doesn't trust the certificate of registry {host} ({})", squeeze(said, 160)),
            "Ask an administrator to add its CA to the nodes.",
        ),
        PullWhy::PlainHttp => say(
            "registry without HTTPS",
            format!("registry {host} speaks HTTP where {node} expects HTTPS"),
            "Ask an administrator to allow HTTP for it in the nodes' containerd, or to give it a certificate.",
        ),
        PullWhy::Unreachable(how) => say(
            "registry unreachable",
            format!("{node} can't reach registry {host} ({})", unreachable(*how)),
            "Check that the registry is up and the network allows access.",
        ),
        PullWhy::DiskFull => {
            say("node disk is full", format!("{node} has no disk space left"), "Ask an administrator to free space on the node, or make the image smaller.")
        }
        PullWhy::NotFound => {
            say("image not found", format!("{image} doesn't exist in registry {host} (not found)"), "Correct the name or tag, or push the image.")
        }
        PullWhy::Other(said) => say("can't pull image", format!("{image} failed ({})", squeeze(said, 300)), "See the event for the full message."),
    }
}

const fn unreachable(how: Unreachable) -> &'static str {
    match how {
        Unreachable::Refused => "connection refused",
        Unreachable::NoRoute => "no route to host",
        Unreachable::NoNetwork => "network is unreachable",
        Unreachable::Reset => "connection reset",
        Unreachable::TimedOut => "timed out",
    }
}

fn refused(code: RegistryCode, secret: &PullSecret, image: &str, host: &str, kind: Kind) -> (&'static str, String, String) {
    let (reason, code) = match code {
        RegistryCode::Unauthorized => ("image: 401 at registry", "401 Unauthorized"),
        RegistryCode::Forbidden => ("image: 403 at registry", "403 Forbidden"),
    };
    let (why, advice) = match secret {
        PullSecret::Absent(name) => (
            format!("registry {host} denies access to {image} ({code}), and pull secret {name} doesn't exist"),
            format!("Create pull secret {name} with a username and password for {host}. The pod then retries by itself."),
        ),
        PullSecret::Refused(name) => (
            format!("registry {host} denies access to {image} with the credentials in pull secret {name} ({code})"),
            format!("Check that secret {name} has an entry for {host} with a username and password that can read the image. The pod retries by itself."),
        ),
        // Many registries answer the same for a name that they do not have.
        PullSecret::Nothing(name) => (
            format!("registry {host} requires authentication for {image} ({code}), and the app has no pull secret"),
            format!("Check the image's name. If it's right, create pull secret {name}, or take one of the namespace, then {}.", naming(kind)),
        ),
    };
    (reason, why, advice)
}
