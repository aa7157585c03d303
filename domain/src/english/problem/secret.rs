//! What is said where a secret doesn't fit what was asked.

use crate::problem::{SecretProblem, Versions};

pub(super) fn sentence(problem: &SecretProblem) -> String {
    match problem {
        SecretProblem::Exists { secret, namespace } => {
            format!("Secret {secret} already exists in namespace {namespace}. Choose another name, or change that one.")
        }
        SecretProblem::Immutable { secret } => {
            format!("Secret {secret} is immutable. Create another secret with the new value and switch the apps to it.")
        }
        SecretProblem::OtherType { secret, kind } => format!("Secret {secret} has another type, {kind}. Nothing was changed."),
        SecretProblem::SeveralRegistries => "This secret has credentials for several registries. Replace its .dockerconfigjson as a whole.".to_owned(),
        SecretProblem::Changed { secret, seen, now } => format!(
            "Someone changed secret {secret} after you opened this page (version {seen} then, {now} now), so nothing was replaced. Replace it again to overwrite that."
        ),
        SecretProblem::OtherVersion { secret, asked, now } => {
            format!("Secret {secret} is now at version {now}, no longer at {asked}. Read it again.")
        }
        SecretProblem::KeyNotFound { secret, key } => format!("Secret {secret} has no key {key}."),
        SecretProblem::KeyGone { secret, key } => {
            format!("Secret {secret} no longer has key {key}. Nothing was changed. To add it again, use Add key.")
        }
        SecretProblem::KeyChanged { key, seen, now, versions } => format!(
            "Someone changed {key} after you opened this page, so nothing was replaced. Its fingerprint was {seen} and is now {now}{}. Replace it again to overwrite that.",
            versions.as_ref().map_or_else(String::new, then_and_now)
        ),
        SecretProblem::ListCut { shown } => format!("Only the first {shown} secrets are shown. Open others by their address."),
    }
}

fn then_and_now(versions: &Versions) -> String {
    format!(", version {} then and {} now", versions.then, versions.now)
}
