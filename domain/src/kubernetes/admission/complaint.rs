//! The reasons of an answer to the portal about an object of a new app, each with the field of the form that it is about.

use super::{after, policy, refusal, said, terminating, why};
use crate::FieldError;
use crate::cause::Refusal;
use crate::form::Field;
use crate::kubernetes::AppObject;
use crate::kubernetes::field_path::form_field;

/// One reason of an answer, which can have several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Complaint {
    /// Another service has this node port.
    NodePortTaken(u16),
    /// Something else.
    Refused {
        /// What it is.
        refusal: Refusal,
        /// The API server's whole reason, without a full stop; empty where there is none.
        said: String,
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
        let field = field(&refusal);
        return vec![Complaint::Refused { refusal, said: why(text), field }];
    }
    causes.iter().map(|cause| complaint(object, cause)).collect()
}

/// The field of the form that a refusal is about, as far as it names a resource.
fn field(refusal: &Refusal) -> Option<Field> {
    match refusal {
        Refusal::QuotaExceeded { amounts, .. } => {
            let asks_for = |part: &str| amounts.iter().any(|amount| amount.resource.contains(part));
            EXCEEDED.into_iter().find(|(part, _)| asks_for(part)).map(|(_, field)| field)
        }
        Refusal::QuotaRequires { said, .. } => REQUIRED.into_iter().find(|(part, _)| said.contains(part)).map(|(_, field)| field),
        Refusal::WebhookDenied { .. }
        | Refusal::WebhookWithoutDryRun { .. }
        | Refusal::WebhookDown { .. }
        | Refusal::ClassMissing { .. }
        | Refusal::PolicyDenied { .. }
        | Refusal::TemplateInvalid { .. }
        | Refusal::NoConstraintFits { .. }
        | Refusal::QuotaScope { .. }
        | Refusal::ClaimOutsideLimits { .. }
        | Refusal::PodSecurity { .. }
        | Refusal::AccountMissing { .. }
        | Refusal::NamespaceTerminating { .. }
        | Refusal::OutsideLimitRange { .. }
        | Refusal::Other { .. } => None,
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
    let said = said(&cause.message);
    Complaint::Refused { refusal: typed.unwrap_or_else(|| Refusal::Other { said: said.clone() }), said, field }
}

/// `Invalid value: 30123: provided port is already allocated`
/// (`ErrAllocated`, pkg/registry/core/service/portallocator/allocator.go).
fn taken_port(message: &str) -> Option<u16> {
    let (port, why) = after(message, "Invalid value: ")?.split_once(": ")?;
    if why.contains("already allocated") { port.parse().ok() } else { None }
}
