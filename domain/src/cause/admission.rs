//! Objects that the API server does not let in.

use serde::{Deserialize, Serialize};

/// Why the API server does not let in what a controller makes, or what the portal sends for a new app. Texts are the API
/// server's, without a full stop: they are shown and never compared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// A webhook that has to be asked first says no.
    WebhookDenied {
        /// Name of the webhook, such as `check.example.org`.
        webhook: String,
        /// Its reason, in words of whoever wrote the webhook; none where it gives none.
        said: Option<String>,
    },
    /// A webhook has side effects, so that the API server can't ask it without making the object.
    WebhookWithoutDryRun {
        /// Name of the webhook.
        webhook: String,
    },
    /// A webhook that has to be asked first does not answer.
    WebhookDown {
        /// Name of the webhook, such as `check.example.org`.
        webhook: String,
        /// The service that it calls, as `name.namespace`.
        service: Option<String>,
        /// Why the call fails.
        why: WebhookWhy,
    },
    /// A class that the pods name does not exist.
    ClassMissing {
        /// Whether it is a priority or a runtime class.
        class: PodClass,
        /// The name that the pods give it.
        name: String,
    },
    /// A validating admission policy of the cluster refuses it.
    PolicyDenied {
        /// The policy as the refusal names it.
        policy: String,
        /// The binding that applies the policy here.
        binding: Option<String>,
        /// The policy's message.
        said: String,
    },
    /// What a controller makes of its template is no valid object.
    TemplateInvalid {
        /// What the controller makes of it.
        of: TemplateOf,
        /// The API server's words.
        said: String,
    },
    /// No security context constraint of the cluster (OpenShift) accepts the pods.
    NoConstraintFits {
        /// What the constraints say, without those that the account may not use.
        said: String,
    },
    /// Pods of this priority class are only accepted where a quota is meant for them.
    QuotaScope {
        /// The scopes, in the API server's words.
        said: String,
    },
    /// The claims of a template are outside the namespace's limit range.
    ClaimOutsideLimits {
        /// The API server's words.
        said: String,
    },
    /// A quota is used up.
    QuotaExceeded {
        /// The name of the `ResourceQuota`.
        quota: String,
        /// Of what there would be more.
        of: QuotaOf,
        /// The resources for which there is no room.
        amounts: Vec<QuotaAmount>,
        /// The API server's words, for where no amounts are read from them.
        said: String,
    },
    /// A quota only lets in what says how much it needs.
    QuotaRequires {
        /// The name of the `ResourceQuota`.
        quota: String,
        /// What it has to say, such as `must specify limits.cpu for: main`.
        said: String,
    },
    /// The pods are less secure than the namespace wants them.
    PodSecurity {
        /// The level of the namespace with its version, such as `restricted:latest`.
        level: String,
        /// The rules that they violate, each with its containers in brackets.
        violations: String,
    },
    /// The service account of the pods does not exist.
    AccountMissing {
        /// Its name.
        name: String,
    },
    /// The namespace is being deleted.
    NamespaceTerminating {
        /// Its name.
        namespace: String,
    },
    /// Requests or limits are outside the namespace's limit range.
    OutsideLimitRange {
        /// Such as `maximum cpu usage per Container is 1, but limit is 2`.
        said: String,
    },
    /// Anything else.
    Other {
        /// The whole reason; empty where there is none.
        said: String,
    },
}

impl Refusal {
    /// The code of a status, for programs: it does not change when the words do. A check of a new app has codes of its own.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::WebhookDenied { .. } => "webhook_denies",
            Self::WebhookWithoutDryRun { .. } => "webhook_without_dry_run",
            Self::WebhookDown { .. } => "webhook_down",
            Self::ClassMissing { .. } => "class_missing",
            Self::PolicyDenied { .. } => "policy_refuses",
            Self::TemplateInvalid { .. } => "template_invalid",
            Self::NoConstraintFits { .. } => "no_constraint_fits",
            Self::QuotaScope { .. } => "quota_scope",
            Self::ClaimOutsideLimits { .. } => "claim_outside_limits",
            Self::QuotaExceeded { of: QuotaOf::Jobs, .. } => "job_quota",
            Self::QuotaExceeded { .. } => "quota_exceeded",
            Self::QuotaRequires { .. } => "quota_wants_limits",
            Self::PodSecurity { .. } => "pod_security",
            Self::AccountMissing { .. } => "service_account_missing",
            Self::NamespaceTerminating { .. } => "namespace_terminating",
            Self::OutsideLimitRange { .. } => "outside_limits",
            Self::Other { .. } => "refused",
        }
    }

    /// Whether a quota is the reason.
    #[must_use]
    pub const fn is_quota(&self) -> bool {
        matches!(self, Self::QuotaExceeded { .. } | Self::QuotaRequires { .. })
    }
}

/// Of what a quota allows no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QuotaOf {
    /// Pods, what they request, or objects of another kind.
    Pods,
    /// Volume claims, or what they request.
    Claims,
    /// Jobs.
    Jobs,
}

/// How much of a resource a quota allows, as the API server writes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuotaAmount {
    /// `pods`, `limits.cpu`, `count/jobs.batch`.
    pub resource: String,
    /// What is used.
    pub used: Option<String>,
    /// What may be.
    pub limit: Option<String>,
    /// What would be used beside it.
    pub asked: String,
}

/// What a controller makes of its template.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TemplateOf {
    /// Pods, of `template`.
    Pod,
    /// Jobs, of a cron job's `jobTemplate`.
    Job,
    /// Claims, of a stateful set's `volumeClaimTemplates`.
    VolumeClaim,
}

/// A kind of class that a pod names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PodClass {
    /// How important a pod is to the scheduler (`spec.priorityClassName`).
    Priority,
    /// What runs the containers of a pod (`spec.runtimeClassName`).
    Runtime,
}

/// Why a call of a webhook fails.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WebhookWhy {
    /// Its service does not exist.
    NoService,
    /// Its service has no ready pod.
    NoEndpoints,
    /// Nothing listens.
    Refused,
    /// No answer in time.
    TimedOut,
    /// Its certificate is not trusted.
    Certificate(String),
    /// Something else.
    Other(String),
}
