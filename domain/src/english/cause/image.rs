//! Images that a registry does not give.

use super::object;
use crate::Kind;
use crate::cause::{PullSecret, Who};
use crate::english::Words;
use crate::english::text::clip;

/// How an app that exists gets to name a pull secret.
pub(crate) const fn naming(kind: Kind) -> &'static str {
    match kind {
        Kind::Job => "delete the job and create it again with the secret in imagePullSecrets",
        Kind::Pod => "delete the pod and create it again with the secret in imagePullSecrets",
        _ => "add it to the app",
    }
}

/// A registry that answers alike to an image that is private and to one that does not exist.
pub(super) fn hidden(who: &Who, image: &str, host: Option<&str>, secret: &PullSecret, kind: Kind) -> Words {
    let image = clip(&crate::told_image(image), 200);
    let host = host.map_or_else(|| "docker.io (Docker Hub, since the image names no host)".to_owned(), |h| clip(h, 100));
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
