//! What the API server does not let in.

use crate::cause::{PodClass, QuotaAmount, QuotaOf, Refusal, TemplateOf, WebhookWhy};
use crate::english::Words;
use crate::english::text::{capital, clip, squeeze};

/// Says a refusal. The namespace is the app's.
pub(super) fn refused(why: &Refusal, namespace: &str) -> Words {
    let ns = clip(namespace, 63);
    match why {
        Refusal::WebhookDenied { webhook, said } => Words::new(
            "denied by webhook",
            format!("Admission webhook {} denies its pods: {}", clip(webhook, 80), squeeze(said.as_deref().unwrap_or_default(), 300)),
            "Fix what it names, or ask whoever runs that webhook.",
        ),
        Refusal::WebhookWithoutDryRun { webhook } => Words::new(
            "webhook has side effects",
            format!("Admission webhook {} can't be asked about its pods without creating them", clip(webhook, 80)),
            "Ask whoever runs that webhook.",
        ),
        Refusal::WebhookDown { webhook, service, why } => webhook_down(webhook, service.as_deref(), why),
        Refusal::ClassMissing { class, name } => class_missing(*class, name),
        Refusal::PolicyDenied { policy: name, said, .. } => policy(name, said),
        Refusal::TemplateInvalid { of, said } => invalid(*of, said),
        Refusal::NoConstraintFits { said } => constraints(said),
        Refusal::QuotaScope { said } => scope(&ns, said),
        Refusal::ClaimOutsideLimits { said } => claim_limits(&ns, said),
        Refusal::QuotaExceeded { quota, of, amounts, said } => quota_exceeded(quota, *of, &ns, &in_words(amounts, said)),
        Refusal::QuotaRequires { quota, said } => Words::new(
            "quota requires limits",
            format!("Quota {} of namespace {ns} rejects pods without requests and limits: {}", clip(quota, 60), squeeze(said, 300)),
            "Set CPU and memory requests and limits on every container.",
        ),
        Refusal::PodSecurity { level, violations } => {
            let level = level.split(':').next().unwrap_or(level);
            Words::new(
                "violates pod security",
                format!("Namespace {ns} only accepts pods of security level {}; this one violates: {}", clip(level, 40), squeeze(&heads(violations), 400)),
                "Set these in its security context, or ask for another level in the namespace.",
            )
        }
        Refusal::AccountMissing { name } => {
            let name = clip(name, 80);
            Words::new(
                "no service account",
                format!("Service account {name} doesn't exist in namespace {ns}, so no pods can be created"),
                format!("Create service account {name}, or correct its name."),
            )
        }
        Refusal::NamespaceTerminating { .. } => {
            Words::new("namespace is terminating", format!("Namespace {ns} is terminating, so it accepts no new pods"), ANOTHER_NAMESPACE)
        }
        Refusal::OutsideLimitRange { said } => Words::new(
            "outside limit range",
            format!("The limit range of namespace {ns} rejects its pods: {}", squeeze(said, 300)),
            "Change requests or limits to fit.",
        ),
        Refusal::Other { said } => {
            Words::new("cluster rejects its pods", format!("The cluster rejects its pods: {}", squeeze(said, 300)), "See the event for the full message.")
        }
    }
}

/// What to do about a namespace that is being deleted.
pub(super) const ANOTHER_NAMESPACE: &str = "Create the app in another namespace.";

/// A quota that is used up.
fn quota_exceeded(quota: &str, of: QuotaOf, namespace: &str, amounts: &str) -> Words {
    const FEWER_PODS: &str = "Lower requests or replicas, or ask for a larger quota.";
    const FEWER_JOBS: &str = "Let finished jobs expire (ttlSecondsAfterFinished, history limits), and delete those that you no longer need. If none has finished, ask for a larger quota.";
    let (what, amounts, advice) = match of {
        QuotaOf::Pods => ("pods", amounts.to_owned(), FEWER_PODS),
        QuotaOf::Claims => ("volume claims", amounts.to_owned(), FEWER_PODS),
        QuotaOf::Jobs => ("jobs", squeeze(amounts, 300), FEWER_JOBS),
    };
    Words::new("quota exceeded", format!("Quota {} of namespace {namespace} has no room for more {what} ({amounts})", clip(quota, 60)), advice)
}

/// `pods: 1 of 1 used, 1 more requested`.
fn in_words(amounts: &[QuotaAmount], said: &str) -> String {
    let known = |amount: &Option<String>| amount.as_ref().map_or_else(|| "?".to_owned(), |a| clip(a, 20));
    let one = |a: &QuotaAmount| format!("{}: {} of {} used, {} more requested", clip(&a.resource, 40), known(&a.used), known(&a.limit), clip(&a.asked, 20));
    if amounts.is_empty() { squeeze(said, 300) } else { amounts.iter().take(4).map(one).collect::<Vec<_>>().join("; ") }
}

/// The rules without what stands in brackets behind them.
fn heads(rules: &str) -> String {
    let (mut out, mut depth) = (String::new(), 0_u32);
    for c in rules.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            c if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out.replace(" ,", ",")
}

/// A webhook that does not answer.
fn webhook_down(webhook: &str, service: Option<&str>, why: &WebhookWhy) -> Words {
    let webhook = clip(webhook, 100);
    let at = service.map_or_else(|| "it".to_owned(), |s| format!("its service {}", clip(s, 120)));
    let why = match why {
        WebhookWhy::NoService => format!("{at} doesn't exist"),
        WebhookWhy::NoEndpoints => format!("{at} has no ready pods"),
        WebhookWhy::Refused => format!("{at} refuses the connection"),
        WebhookWhy::TimedOut => format!("{at} doesn't answer in time"),
        WebhookWhy::Certificate(said) => format!("the certificate of {at} isn't trusted ({})", squeeze(said, 120)),
        WebhookWhy::Other(said) => format!("calls to {at} fail ({})", squeeze(said, 200)),
    };
    Words::new(
        "admission webhook down",
        format!("The cluster can't create pods: it has to call webhook {webhook} first, and {why}"),
        "Ask whoever runs that webhook to fix or remove it.",
    )
}

/// A class that does not exist.
fn class_missing(class: PodClass, name: &str) -> Words {
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
fn policy(policy: &str, said: &str) -> Words {
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
fn invalid(of: TemplateOf, said: &str) -> Words {
    let (what, reason, advice) = match of {
        TemplateOf::Pod => ("pod", "invalid pod template", "Correct that field."),
        TemplateOf::Job => ("job", "invalid job template", "Correct that field."),
        TemplateOf::VolumeClaim => ("volume claim", "invalid claim template", ANOTHER_CLAIM_TEMPLATE),
    };
    Words::new(reason, format!("The cluster rejects its {what} as invalid: {}", squeeze(said, 300)), advice)
}

/// Security context constraints.
fn constraints(said: &str) -> Words {
    let (why, advice) = if said.is_empty() {
        (String::new(), "Ask an administrator for a constraint that fits it.")
    } else {
        let advice = "Set these in its security context. If the app can't run that way, ask an administrator for a constraint that fits it.";
        (format!(": {}", squeeze(said, 300)), advice)
    };
    Words::new("violates constraints", format!("No security context constraint that its service account may use accepts its pods{why}"), advice)
}

/// A quota that is meant for a priority class.
fn scope(namespace: &str, said: &str) -> Words {
    Words::new(
        "no quota for priority",
        format!("Namespace {} has no quota that allows pods of its priority class: {}", clip(namespace, 63), squeeze(said, 200)),
        "Use another priorityClassName, or ask an administrator for a quota with that scope.",
    )
}

/// Claims outside a limit range.
fn claim_limits(namespace: &str, said: &str) -> Words {
    Words::new(
        "claim outside limits",
        format!("The limit range of namespace {} rejects its volume claims: {}", clip(namespace, 63), squeeze(said, 300)),
        ANOTHER_CLAIM_TEMPLATE,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn security_rules_are_told_without_their_brackets() {
        assert_eq!(heads("privileged (container \"main\" must (not)), runAsNonRoot != true (pod)"), "privileged, runAsNonRoot != true ");
    }

    #[test]
    fn a_quota_is_told_with_its_numbers() {
        let pods = QuotaAmount { resource: "pods".into(), used: Some("1".into()), limit: None, asked: "2".into() };
        assert_eq!(in_words(&[pods.clone(), pods], ""), "pods: 1 of ? used, 2 more requested; pods: 1 of ? used, 2 more requested");
        assert_eq!(in_words(&[], "no room"), "no room");
    }
}
