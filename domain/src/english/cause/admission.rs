//! What keeps pods from being created beside quotas and webhooks.

use crate::cause::PodClass;
use crate::english::Words;
use crate::english::text::{capital, clip, squeeze};

/// A class that does not exist.
pub(super) fn class_missing(class: PodClass, name: &str) -> Words {
    let (what, field) = match class {
        PodClass::Priority => ("priority class", "priorityClassName"),
        PodClass::Runtime => ("runtime class", "runtimeClassName"),
    };
    Words::new(
        format!("no {what}"),
        format!("{} {} doesn't exist, so no pods can be created", capital(what), clip(name, 80)),
        format!("Correct {field}, or ask an administrator to create it."),
    )
}

/// A validating admission policy.
pub(super) fn policy(policy: &str, said: &str) -> Words {
    Words::new(
        "denied by policy",
        format!("Admission policy {} denies its pods: {}", clip(policy, 100), squeeze(said, 300)),
        "Fix what it names, or ask whoever runs that policy.",
    )
}
