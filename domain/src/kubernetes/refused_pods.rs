//! What controllers repeat, in events and conditions, of why the API server does not let in their pods, claims and jobs. The
//! texts are those of its admission plugins and of validation; [`super::admission`] reads the same ones where they answer the
//! portal itself.

use crate::cause::{PodClass, QuotaAmount, QuotaOf, Refusal, TemplateOf, WebhookWhy};
use crate::text::between;

/// Why the API server refused a pod, a claim of a stateful set or a job of a cron job.
#[must_use]
pub fn refusal(told: &str) -> Refusal {
    // First, because a webhook words its reasons as it likes, also as the cluster's own.
    let read = [denied, webhook_down, class, policy, invalid, constraints, quota_scope, claim_limits, quota, wants_limits, pod_security, account];
    let known = read.iter().find_map(|read| read(told));
    known.or_else(|| ending(told)).or_else(|| limit_range(told)).unwrap_or_else(|| Refusal::Other { said: why(told).to_owned() })
}

/// What stands behind the name of what is refused.
fn why(told: &str) -> &str {
    told.split_once("is forbidden: ").map_or(told, |(_, why)| why)
}

/// `admission webhook "W" denied the request: WHY`.
fn denied(told: &str) -> Option<Refusal> {
    let webhook = between(told, "admission webhook \"", "\" denied the request")?;
    let said = told.split_once("denied the request: ").map_or("", |(_, why)| why);
    Some(Refusal::DeniedByWebhook { webhook: webhook.to_owned(), said: said.to_owned() })
}

/// `failed calling webhook "W": failed to call webhook: Post "https://S.N.svc:443/…": WHY`, of the API server's
/// webhook client.
fn webhook_down(told: &str) -> Option<Refusal> {
    let webhook = between(told, "failed calling webhook \"", "\"")?;
    let rest = told.split_once("failed calling webhook ").map_or("", |(_, r)| r);
    let url = between(rest, "https://", "/").or_else(|| between(rest, "https://", "\""));
    let service = url.map(|u| u.split(':').next().unwrap_or(u)).map(|host| host.trim_end_matches(".svc").to_owned());
    let why = if rest.contains("not found") && rest.contains("service \"") {
        WebhookWhy::NoService
    } else if rest.contains("no endpoints available") {
        WebhookWhy::NoEndpoints
    } else if rest.contains("connection refused") {
        WebhookWhy::Refused
    } else if ["deadline exceeded", "i/o timeout", "Client.Timeout", "no route to host"].iter().any(|w| rest.contains(w)) {
        WebhookWhy::TimedOut
    } else if let Some((_, said)) = rest.split_once("x509: ") {
        WebhookWhy::Certificate(said.to_owned())
    } else {
        WebhookWhy::Other(rest.rsplit_once("\": ").map_or(rest, |(_, w)| w).to_owned())
    };
    Some(Refusal::WebhookDown { webhook: webhook.to_owned(), service, why })
}

/// `no PriorityClass with name N was found`, `RuntimeClass "N" not found`.
fn class(told: &str) -> Option<Refusal> {
    let priority = between(told, "no PriorityClass with name ", " was found").map(|name| (PodClass::Priority, name));
    let (class, name) = priority.or_else(|| between(told, "RuntimeClass \"", "\" not found").map(|name| (PodClass::Runtime, name)))?;
    Some(Refusal::ClassMissing { class, name: name.to_owned() })
}

/// `ValidatingAdmissionPolicy 'P' with binding 'B' denied request: WHY`.
fn policy(told: &str) -> Option<Refusal> {
    let policy = between(told, "ValidatingAdmissionPolicy '", "'")?;
    let said = told.split_once("denied request: ").map_or(told, |(_, why)| why);
    Some(Refusal::DeniedByPolicy { policy: policy.to_owned(), said: said.to_owned() })
}

/// `Pod "N" is invalid: WHY` of validation.
fn invalid(told: &str) -> Option<Refusal> {
    let (head, said) = told.split_once(" is invalid: ")?;
    let kind = head.rsplit_once(' ').map_or(head, |(kind, _)| kind).rsplit(' ').next().unwrap_or_default();
    let of = match kind {
        "Pod" => TemplateOf::Pod,
        "Job.batch" => TemplateOf::Job,
        "PersistentVolumeClaim" => TemplateOf::VolumeClaim,
        _ => return None,
    };
    Some(Refusal::TemplateInvalid { of, said: said.to_owned() })
}

/// `unable to validate against any security context constraint: [WHY, WHY]` of OpenShift.
fn constraints(told: &str) -> Option<Refusal> {
    let (_, said) = told.split_once("unable to validate against any security context constraint: ")?;
    let said = said.trim_end_matches(['.', ' ']);
    // Of several there is a list in brackets, and the last of them may end in a range of its own.
    let said = said.strip_prefix('[').and_then(|list| list.strip_suffix(']')).unwrap_or(said);
    let usable: Vec<_> = said.split(", ").filter(|part| !part.contains("not usable by user or serviceaccount")).collect();
    Some(Refusal::NoConstraintFits { said: usable.join(", ") })
}

fn quota_scope(told: &str) -> Option<Refusal> {
    told.contains("insufficient quota to match these scopes: ").then(|| Refusal::QuotaScope { said: why(told).to_owned() })
}

fn claim_limits(told: &str) -> Option<Refusal> {
    told.contains("per PersistentVolumeClaim is").then(|| Refusal::ClaimOutsideLimits { said: why(told).to_owned() })
}

/// `exceeded quota: Q, requested: pods=1, used: pods=1, limited: pods=1`.
fn quota(told: &str) -> Option<Refusal> {
    let quota = between(told, "exceeded quota: ", ", requested: ")?.to_owned();
    let of = if told.contains("jobs.batch \"") {
        QuotaOf::Jobs
    } else if told.contains("persistentvolumeclaims \"") {
        QuotaOf::Claims
    } else {
        QuotaOf::Pods
    };
    Some(Refusal::QuotaExceeded { quota, of, amounts: amounts(told), said: told.to_owned() })
}

fn amounts(told: &str) -> Vec<QuotaAmount> {
    let part = |name: &str, end: &str| -> Vec<(&str, &str)> {
        let text = told.split_once(name).map_or("", |(_, t)| t);
        let text = if end.is_empty() { text } else { text.split(end).next().unwrap_or(text) };
        text.split(',').filter_map(|p| p.trim().split_once('=')).collect()
    };
    let (asked, used, limited) = (part("requested: ", ", used:"), part("used: ", ", limited:"), part("limited: ", ""));
    let find = |list: &[(&str, &str)], key: &str| list.iter().find(|(k, _)| *k == key).map(|(_, v)| (*v).to_owned());
    let one = |(resource, asked): &(&str, &str)| QuotaAmount {
        resource: (*resource).to_owned(),
        asked: (*asked).to_owned(),
        used: find(&used, resource),
        limit: find(&limited, resource),
    };
    asked.iter().take(4).map(one).collect()
}

/// `failed quota: Q: must specify limits.cpu for: main`.
fn wants_limits(told: &str) -> Option<Refusal> {
    let (_, rest) = told.split_once("failed quota: ")?;
    let (quota, must) = rest.split_once(": ").unwrap_or((rest, ""));
    Some(Refusal::QuotaWantsLimits { quota: quota.to_owned(), must: must.to_owned() })
}

/// `violates PodSecurity "restricted:latest": RULE (CONTAINERS), RULE (CONTAINERS)`.
fn pod_security(told: &str) -> Option<Refusal> {
    let level = between(told, "violates PodSecurity \"", "\"")?;
    let rules = told.split_once("\": ").map_or("", |(_, r)| r);
    Some(Refusal::PodSecurity { level: level.split(':').next().unwrap_or(level).to_owned(), violated: heads(rules) })
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

fn account(told: &str) -> Option<Refusal> {
    let name = between(told, "serviceaccount \"", "\" not found")?;
    Some(Refusal::AccountMissing { name: name.to_owned() })
}

fn ending(told: &str) -> Option<Refusal> {
    told.contains("because it is being terminated").then_some(Refusal::NamespaceEnding)
}

/// `maximum cpu usage per Container is 1, but limit is 2`.
fn limit_range(told: &str) -> Option<Refusal> {
    let of_limits = told.contains("per Container is") || told.contains("per Pod is");
    of_limits.then(|| Refusal::OutsideLimits { said: why(told).to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quota_is_read_with_its_numbers() {
        let amount = |resource: &str, used: &str, limit: &str, asked: &str| QuotaAmount {
            resource: resource.into(),
            used: Some(used.into()),
            limit: Some(limit.into()),
            asked: asked.into(),
        };
        let two = "exceeded quota: q, requested: limits.cpu=2,pods=1, used: limits.cpu=3500m,pods=4, limited: limits.cpu=4,pods=4";
        assert_eq!(amounts(two), [amount("limits.cpu", "3500m", "4", "2"), amount("pods", "4", "4", "1")]);
    }

    #[test]
    fn security_rules_are_read_without_their_brackets() {
        assert_eq!(heads("privileged (container \"main\" must (not)), runAsNonRoot != true (pod)"), "privileged, runAsNonRoot != true ");
    }

    #[test]
    fn a_webhook_that_words_its_reason_as_the_cluster_does_is_still_a_webhook() {
        let told = "admission webhook \"check.example.org\" denied the request: exceeded quota: q, requested: pods=1";
        assert!(matches!(refusal(told), Refusal::DeniedByWebhook { .. }));
        assert_eq!(refusal("pods \"a\" is forbidden: no"), Refusal::Other { said: "no".into() });
    }
}
