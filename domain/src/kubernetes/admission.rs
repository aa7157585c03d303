//! Why the API server doesn't let in an object: what it answers the portal itself, and what controllers repeat of it in events
//! and conditions. The texts are those of its admission plugins and of validation. Most name the object first, as in
//! `pods "shop-x" is forbidden: …` (`NewForbidden`, apiserver/pkg/admission/errors.go), and controllers put words of their own
//! before that; some texts have a capital.

mod complaint;

pub use complaint::{Complaint, complaints};

use crate::cause::{PodClass, QuotaAmount, QuotaOf, Refusal, TemplateOf, WebhookWhy};
use crate::text::between;

/// Why the API server doesn't let in an object.
#[must_use]
pub fn refusal(told: &str) -> Refusal {
    // First, because whoever writes a webhook or a policy words its reasons as they like, also as the cluster's own.
    let read = [webhook, policy, webhook_down, class, invalid, constraints, quota_scope, claim_limits, quota, wants_limits, pod_security, account];
    let known = read.iter().find_map(|read| read(told));
    known.or_else(|| terminating(told)).or_else(|| limit_range(told)).unwrap_or_else(|| Refusal::Other { said: why(told) })
}

/// What stands behind the name of what is refused. The name goes: of a tried pod it is one that nobody has chosen.
fn why(told: &str) -> String {
    said(told.split_once("is forbidden: ").map_or(told, |(_, why)| why))
}

/// A text of the cluster without the full stop that ends it.
fn said(text: &str) -> String {
    text.trim().trim_end_matches('.').to_owned()
}

/// What follows a mark, in which capitals don't count.
fn after<'a>(text: &'a str, mark: &str) -> Option<&'a str> {
    let start = text.to_ascii_lowercase().find(&mark.to_ascii_lowercase())?;
    text.get(start + mark.len()..)
}

/// `admission webhook "W" denied the request: WHY`, `… denied the request without explanation` and
/// `admission webhook "W" does not support dry run` (apiserver/pkg/admission/plugin/webhook/errors/statuserror.go).
fn webhook(told: &str) -> Option<Refusal> {
    let (webhook, rest) = after(told, "admission webhook \"")?.split_once('"')?;
    let webhook = webhook.to_owned();
    if rest.starts_with(" does not support dry run") {
        return Some(Refusal::WebhookWithoutDryRun { webhook });
    }
    let rest = rest.strip_prefix(" denied the request")?;
    Some(Refusal::WebhookDenied { webhook, said: rest.strip_prefix(": ").map(said) })
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

/// `ValidatingAdmissionPolicy 'P' with binding 'B' denied request: WHY`, also without a binding
/// (apiserver/pkg/admission/plugin/policy/validating/dispatcher.go).
fn policy(told: &str) -> Option<Refusal> {
    let (policy, rest) = after(told, "ValidatingAdmissionPolicy '")?.split_once('\'')?;
    let bound = rest.strip_prefix(" with binding '").and_then(|rest| rest.split_once('\''));
    let (binding, rest) = bound.map_or((None, rest), |(binding, rest)| (Some(binding.to_owned()), rest));
    Some(Refusal::PolicyDenied { policy: policy.to_owned(), binding, said: said(rest.strip_prefix(" denied request: ")?) })
}

/// `Pod "N" is invalid: WHY` of validation.
fn invalid(told: &str) -> Option<Refusal> {
    let (head, text) = told.split_once(" is invalid: ")?;
    let kind = head.rsplit_once(' ').map_or(head, |(kind, _)| kind).rsplit(' ').next().unwrap_or_default();
    let of = match kind {
        "Pod" => TemplateOf::Pod,
        "Job.batch" => TemplateOf::Job,
        "PersistentVolumeClaim" => TemplateOf::VolumeClaim,
        _ => return None,
    };
    Some(Refusal::TemplateInvalid { of, said: said(text) })
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
    told.contains("insufficient quota to match these scopes: ").then(|| Refusal::QuotaScope { said: why(told) })
}

fn claim_limits(told: &str) -> Option<Refusal> {
    told.contains("per PersistentVolumeClaim is").then(|| Refusal::ClaimOutsideLimits { said: why(told) })
}

/// `exceeded quota: Q, requested: pods=1, used: pods=1, limited: pods=1`
/// (apiserver/pkg/admission/plugin/resourcequota/controller.go).
fn quota(told: &str) -> Option<Refusal> {
    let quota = between(told, "exceeded quota: ", ", requested: ")?.to_owned();
    let of = if told.contains("jobs.batch \"") {
        QuotaOf::Jobs
    } else if told.contains("persistentvolumeclaims \"") {
        QuotaOf::Claims
    } else {
        QuotaOf::Pods
    };
    Some(Refusal::QuotaExceeded { quota, of, amounts: amounts(told), said: why(told) })
}

fn amounts(told: &str) -> Vec<QuotaAmount> {
    let part = |name: &str, end: &str| -> Vec<(&str, &str)> {
        let text = told.split_once(name).map_or("", |(_, t)| t);
        let text = if end.is_empty() { text.trim_end_matches('.') } else { text.split(end).next().unwrap_or(text) };
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
    asked.iter().map(one).collect()
}

/// `failed quota: Q: must specify limits.cpu for: main` (the same).
fn wants_limits(told: &str) -> Option<Refusal> {
    let (_, rest) = told.split_once("failed quota: ")?;
    let (quota, must) = rest.split_once(':').unwrap_or((rest, ""));
    Some(Refusal::QuotaRequires { quota: quota.to_owned(), said: said(must) })
}

/// `violates PodSecurity "restricted:latest": RULE (CONTAINERS), RULE (CONTAINERS)` (pod-security-admission/admission/admission.go).
fn pod_security(told: &str) -> Option<Refusal> {
    let (level, violations) = after(told, "violates PodSecurity \"")?.split_once("\": ")?;
    Some(Refusal::PodSecurity { level: level.to_owned(), violations: said(violations) })
}

fn account(told: &str) -> Option<Refusal> {
    let name = between(told, "serviceaccount \"", "\" not found")?;
    Some(Refusal::AccountMissing { name: name.to_owned() })
}

/// `unable to create new content in namespace N because it is being terminated`, and as a cause
/// `namespace N is being terminated` (apiserver/pkg/admission/plugin/namespace/lifecycle/admission.go).
fn terminating(told: &str) -> Option<Refusal> {
    let (namespace, _) = match after(told, "unable to create new content in namespace ") {
        Some(rest) => rest.split_once(" because it is being terminated")?,
        None => after(told, "namespace ")?.split_once(" is being terminated")?,
    };
    (!namespace.contains(' ')).then(|| Refusal::NamespaceTerminating { namespace: namespace.to_owned() })
}

/// `maximum cpu usage per Container is 1, but limit is 2`; several stand in brackets
/// (plugin/pkg/admission/limitranger/admission.go).
fn limit_range(told: &str) -> Option<Refusal> {
    ["per Container is", "per Pod is"].iter().any(|part| told.contains(part)).then(|| Refusal::OutsideLimitRange { said: why(told) })
}

#[cfg(test)]
mod tests;
