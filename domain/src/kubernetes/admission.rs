//! Why the API server doesn't let in an object of a new app, read from its answer.
//!
//! The texts are those of its admission plugins and of validation. Most begin with the object, as in
//! `pods "shop-x" is forbidden: …` (`NewForbidden`, apiserver/pkg/admission/errors.go), some with a capital.

use super::AppObject;
use super::field_path::form_field;
use crate::FieldError;
use crate::form::Field;

/// Why an object isn't let in. Texts in it are the cluster's, without a full stop: they are shown and never compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// A resource quota has no room for it.
    QuotaExceeded {
        /// Name of the quota.
        quota: String,
        /// What it asks for.
        requested: Vec<ResourceAmount>,
        /// What others of the namespace use.
        used: Vec<ResourceAmount>,
        /// What the quota allows.
        limited: Vec<ResourceAmount>,
    },
    /// A resource quota wants requests or limits that it doesn't have.
    QuotaRequires {
        /// Name of the quota.
        quota: String,
        /// Which ones, such as `must specify limits.cpu for: main`.
        said: String,
    },
    /// A request or limit is outside what a limit range of the namespace allows.
    OutsideLimitRange {
        /// Such as `maximum cpu usage per Container is 1, but limit is 2`.
        said: String,
    },
    /// It violates the pod security level of the namespace.
    PodSecurity {
        /// Level and version, such as `restricted:latest`.
        level: String,
        /// The rules that it violates.
        violations: String,
    },
    /// An admission webhook denies it.
    WebhookDenied {
        /// Name of the webhook.
        webhook: String,
        /// Its reason, in words of whoever wrote the webhook.
        said: Option<String>,
    },
    /// An admission webhook has side effects, so that the API server can't ask it without creating the object.
    WebhookWithoutDryRun {
        /// Name of the webhook.
        webhook: String,
    },
    /// A validating admission policy denies it.
    PolicyDenied {
        /// Name of the policy.
        policy: String,
        /// The binding that applies the policy here.
        binding: Option<String>,
        /// The policy's message.
        said: String,
    },
    /// The namespace is being deleted.
    NamespaceTerminating {
        /// Name of the namespace.
        namespace: String,
    },
    /// A field has a value that the API server doesn't take, or a rule that the portal doesn't know refuses it.
    Other {
        /// The whole reason; empty where there is none.
        said: String,
    },
}

/// An amount of a resource in a quota, such as `limits.cpu=2`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResourceAmount {
    /// Name of the resource as quotas have it, such as `count/pods`.
    pub resource: String,
    /// A Kubernetes quantity; `None` where the text was cut before it.
    pub quantity: Option<String>,
}

impl std::fmt::Display for ResourceAmount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.quantity {
            Some(quantity) => write!(f, "{}={quantity}", self.resource),
            None => f.write_str(&self.resource),
        }
    }
}

/// One reason of an answer, which can have several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Complaint {
    /// Another service has this node port.
    NodePortTaken(u16),
    /// Something else.
    Refused {
        /// What it is.
        refusal: Refusal,
        /// The field of the form that it is about.
        field: Option<Field>,
    },
}

/// All reasons of an answer: from its text, or from its causes where it has any. A quota is about the whole object, whatever
/// the causes.
#[must_use]
pub fn complaints(object: AppObject, text: &str, causes: &[FieldError]) -> Vec<Complaint> {
    let refusal = refusal(text);
    if causes.is_empty() || refusal.is_quota() {
        let field = refusal.field();
        return vec![Complaint::Refused { refusal, field }];
    }
    causes.iter().map(|cause| complaint(object, cause)).collect()
}

/// Why an object isn't let in, from the message of the answer.
#[must_use]
pub fn refusal(text: &str) -> Refusal {
    // The object's name goes: of a tried pod it is one that nobody has chosen.
    let why = text.split_once(" is forbidden: ").map_or(text, |(_, why)| why);
    // Webhooks come first, because they word their reasons as they like, also as the cluster's own.
    webhook(text)
        .or_else(|| webhook(why))
        .or_else(|| policy(why))
        .or_else(|| quota(why))
        .or_else(|| pod_security(why))
        .or_else(|| terminating(why))
        .or_else(|| limit_range(why))
        .unwrap_or_else(|| Refusal::Other { said: said(why) })
}

impl Refusal {
    /// Whether a quota is the reason.
    #[must_use]
    pub const fn is_quota(&self) -> bool {
        matches!(self, Self::QuotaExceeded { .. } | Self::QuotaRequires { .. })
    }

    /// The field of the form that it is about, as far as it names a resource.
    #[must_use]
    pub fn field(&self) -> Option<Field> {
        match self {
            Self::QuotaExceeded { requested, .. } => {
                let asks_for = |part: &str| requested.iter().any(|amount| amount.resource.contains(part));
                EXCEEDED.into_iter().find(|(part, _)| asks_for(part)).map(|(_, field)| field)
            }
            Self::QuotaRequires { said, .. } => REQUIRED.into_iter().find(|(part, _)| said.contains(part)).map(|(_, field)| field),
            Self::OutsideLimitRange { .. }
            | Self::PodSecurity { .. }
            | Self::WebhookDenied { .. }
            | Self::WebhookWithoutDryRun { .. }
            | Self::PolicyDenied { .. }
            | Self::NamespaceTerminating { .. }
            | Self::Other { .. } => None,
        }
    }
}

/// Parts of the names of resources and the fields that ask for them. The first that fits counts: `cpu` is a part of `limits.cpu`.
const EXCEEDED: [(&str, Field); 8] = [
    ("limits.cpu", Field::CpuLimit),
    ("limits.memory", Field::MemoryLimit),
    ("cpu", Field::CpuRequest),
    ("memory", Field::MemoryRequest),
    ("pods", Field::Replicas),
    ("services.nodeports", Field::Service),
    ("services", Field::Service),
    ("ingresses", Field::IngressHost),
];

/// Resources that a quota can require, and the fields that give them.
const REQUIRED: [(&str, Field); 4] =
    [("limits.cpu", Field::CpuLimit), ("limits.memory", Field::MemoryLimit), ("requests.cpu", Field::CpuRequest), ("requests.memory", Field::MemoryRequest)];

fn complaint(object: AppObject, cause: &FieldError) -> Complaint {
    let field = form_field(object, &cause.field);
    if let (Some(Field::NodePort), Some(port)) = (&field, taken_port(&cause.message)) {
        return Complaint::NodePortTaken(port);
    }
    let typed = match cause.field.as_str() {
        "" => policy(&cause.message),
        "metadata.namespace" => terminating(&cause.message),
        _ => None,
    };
    Complaint::Refused { refusal: typed.unwrap_or_else(|| Refusal::Other { said: said(&cause.message) }), field }
}

/// `Invalid value: 30123: provided port is already allocated`
/// (`ErrAllocated`, pkg/registry/core/service/portallocator/allocator.go).
fn taken_port(message: &str) -> Option<u16> {
    let (port, why) = after(message, "Invalid value: ")?.split_once(": ")?;
    if why.contains("already allocated") { port.parse().ok() } else { None }
}

/// `admission webhook "W" denied the request: WHY`, `… denied the request without explanation` and
/// `admission webhook "W" does not support dry run` (apiserver/pkg/admission/plugin/webhook/errors/statuserror.go).
fn webhook(text: &str) -> Option<Refusal> {
    let (webhook, rest) = after(text, "admission webhook \"")?.split_once('"')?;
    let webhook = webhook.to_owned();
    if rest.starts_with(" does not support dry run") {
        return Some(Refusal::WebhookWithoutDryRun { webhook });
    }
    let rest = rest.strip_prefix(" denied the request")?;
    match rest.strip_prefix(": ") {
        Some(why) => Some(Refusal::WebhookDenied { webhook, said: Some(said(why)) }),
        None if said(rest) == "without explanation" => Some(Refusal::WebhookDenied { webhook, said: None }),
        None => None,
    }
}

/// `ValidatingAdmissionPolicy 'P' with binding 'B' denied request: WHY`, also without a binding
/// (apiserver/pkg/admission/plugin/policy/validating/dispatcher.go).
fn policy(why: &str) -> Option<Refusal> {
    let (policy, rest) = after(why, "ValidatingAdmissionPolicy '")?.split_once('\'')?;
    let bound = rest.strip_prefix(" with binding '").and_then(|rest| rest.split_once('\''));
    let (binding, rest) = bound.map_or((None, rest), |(binding, rest)| (Some(binding.to_owned()), rest));
    Some(Refusal::PolicyDenied { policy: policy.to_owned(), binding, said: said(rest.strip_prefix(" denied request: ")?) })
}

/// `exceeded quota: small, requested: pods=1, used: pods=1, limited: pods=1` and
/// `failed quota: small: must specify limits.cpu for: main` (apiserver/pkg/admission/plugin/resourcequota/controller.go).
fn quota(why: &str) -> Option<Refusal> {
    if let Some((_, rest)) = why.split_once("failed quota: ") {
        let (quota, what) = rest.split_once(':')?;
        return Some(Refusal::QuotaRequires { quota: quota.to_owned(), said: said(what) });
    }
    let (_, rest) = why.split_once("exceeded quota: ")?;
    let (quota, rest) = rest.split_once(", requested: ")?;
    let (requested, rest) = rest.split_once(", used: ")?;
    let (used, limited) = rest.split_once(", limited: ")?;
    Some(Refusal::QuotaExceeded {
        quota: quota.to_owned(),
        requested: amounts(requested),
        used: amounts(used),
        limited: amounts(limited.trim_end_matches('.')),
    })
}

/// `limits.cpu=2,pods=1`.
fn amounts(list: &str) -> Vec<ResourceAmount> {
    let amount = |text: &str| match text.split_once('=') {
        Some((resource, quantity)) => ResourceAmount { resource: resource.to_owned(), quantity: Some(quantity.to_owned()) },
        None => ResourceAmount { resource: text.to_owned(), quantity: None },
    };
    list.split(',').map(amount).collect()
}

/// `violates PodSecurity "restricted:latest": RULES` (pod-security-admission/admission/admission.go).
fn pod_security(why: &str) -> Option<Refusal> {
    let why = why.strip_prefix("pod ").unwrap_or(why);
    let (level, violations) = after(why, "violates PodSecurity \"")?.split_once("\": ")?;
    Some(Refusal::PodSecurity { level: level.to_owned(), violations: said(violations) })
}

/// `unable to create new content in namespace N because it is being terminated`, and as a cause
/// `namespace N is being terminated` (apiserver/pkg/admission/plugin/namespace/lifecycle/admission.go).
fn terminating(why: &str) -> Option<Refusal> {
    let (namespace, _) = match after(why, "unable to create new content in namespace ") {
        Some(rest) => rest.split_once(" because it is being terminated")?,
        None => after(why, "namespace ")?.split_once(" is being terminated")?,
    };
    Some(Refusal::NamespaceTerminating { namespace: namespace.to_owned() })
}

/// `maximum cpu usage per Container is 1, but limit is 2`; several stand in brackets
/// (plugin/pkg/admission/limitranger/admission.go).
fn limit_range(why: &str) -> Option<Refusal> {
    ["per Container is", "per Pod is"].iter().any(|part| why.contains(part)).then(|| Refusal::OutsideLimitRange { said: said(why) })
}

/// What follows a beginning, which may have a capital.
fn after<'a>(text: &'a str, beginning: &str) -> Option<&'a str> {
    let (head, rest) = text.split_at_checked(beginning.len())?;
    head.eq_ignore_ascii_case(beginning).then_some(rest)
}

/// A text of the cluster without the full stop that ends it.
fn said(text: &str) -> String {
    text.trim().trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests;
