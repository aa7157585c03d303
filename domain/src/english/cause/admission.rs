//! What keeps pods from being created beside quotas and webhooks.

use crate::cause::{PodClass, TemplateOf};
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

/// What to do about a stateful set's `volumeClaimTemplates`.
const ANOTHER_CLAIM_TEMPLATE: &str =
    "Recreate the stateful set with a claim template that fits; it can't be changed in place. Its pods can stay: kubectl delete --cascade=orphan.";

/// What a template makes is not valid.
pub(super) fn invalid(of: TemplateOf, said: &str) -> Words {
    let (what, reason, advice) = match of {
        TemplateOf::Pod => ("pod", "invalid pod template", "Correct that field."),
        TemplateOf::Job => ("job", "invalid job template", "Correct that field."),
        TemplateOf::VolumeClaim => ("volume claim", "invalid claim template", ANOTHER_CLAIM_TEMPLATE),
    };
    Words::new(reason, format!("The cluster rejects its {what} as invalid: {}", squeeze(said, 300)), advice)
}

/// Security context constraints.
pub(super) fn constraints(said: &str) -> Words {
    let (why, advice) = if said.is_empty() {
        (String::new(), "Ask an administrator for a constraint that fits it.")
    } else {
        let advice = "Set these in its security context. If the app can't run that way, ask an administrator for a constraint that fits it.";
        (format!(": {}", squeeze(said, 300)), advice)
    };
    Words::new("violates constraints", format!("No security context constraint that its service account may use accepts its pods{why}"), advice)
}

/// A quota that is meant for a priority class.
pub(super) fn scope(namespace: &str, said: &str) -> Words {
    Words::new(
        "no quota for priority",
        format!("Namespace {} has no quota that allows pods of its priority class: {}", clip(namespace, 63), squeeze(said, 200)),
        "Use another priorityClassName, or ask an administrator for a quota with that scope.",
    )
}

/// Claims outside a limit range.
pub(super) fn claim_limits(namespace: &str, said: &str) -> Words {
    Words::new(
        "claim outside limits",
        format!("The limit range of namespace {} rejects its volume claims: {}", clip(namespace, 63), squeeze(said, 300)),
        ANOTHER_CLAIM_TEMPLATE,
    )
}

/// A quota of jobs.
pub(super) fn job_quota(quota: &str, namespace: &str, amounts: &str) -> Words {
    Words::new(
        "quota exceeded",
        format!("Quota {} of namespace {} has no room for more jobs ({})", clip(quota, 60), clip(namespace, 63), squeeze(amounts, 300)),
        "Let finished jobs expire (ttlSecondsAfterFinished, history limits), and delete those that you no longer need. If none has finished, ask for a larger quota.",
    )
}
