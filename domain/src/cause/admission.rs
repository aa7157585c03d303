//! Objects that the API server does not let in.

use serde::{Deserialize, Serialize};

/// Why the API server does not let in what a controller makes. Texts are the API server's and are clipped when they are said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// A webhook that has to be asked before pods are made says no.
    DeniedByWebhook {
        /// Name of the webhook, such as `check.example.org`.
        webhook: String,
        /// Its reason.
        said: String,
    },
    /// A webhook that has to be asked before pods are made does not answer.
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
    /// A policy of the cluster refuses the pods.
    DeniedByPolicy {
        /// The policy as the refusal names it.
        policy: String,
        /// What the policy says of the pods.
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
        /// The resources for which there is no room, 4 at most.
        amounts: Vec<QuotaAmount>,
        /// The API server's words, for where no amounts are read from them.
        said: String,
    },
    /// A quota only lets in pods that say what they need.
    QuotaWantsLimits {
        /// The name of the `ResourceQuota`.
        quota: String,
        /// What they have to say.
        must: String,
    },
    /// The pods are less secure than the namespace wants them.
    PodSecurity {
        /// The level of the namespace: `restricted` or `baseline`.
        level: String,
        /// The rules that they violate.
        violated: String,
    },
    /// The service account of the pods does not exist.
    AccountMissing {
        /// Its name.
        name: String,
    },
    /// The namespace is being deleted.
    NamespaceEnding,
    /// The pods are outside the namespace's limit range.
    OutsideLimits {
        /// The API server's words.
        said: String,
    },
    /// Anything else.
    Other {
        /// The API server's words.
        said: String,
    },
}

impl Refusal {
    /// The code, for programs: it does not change when the words do.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::DeniedByWebhook { .. } => "webhook_denies",
            Self::WebhookDown { .. } => "webhook_down",
            Self::ClassMissing { .. } => "class_missing",
            Self::DeniedByPolicy { .. } => "policy_refuses",
            Self::TemplateInvalid { .. } => "template_invalid",
            Self::NoConstraintFits { .. } => "no_constraint_fits",
            Self::QuotaScope { .. } => "quota_scope",
            Self::ClaimOutsideLimits { .. } => "claim_outside_limits",
            Self::QuotaExceeded { of: QuotaOf::Jobs, .. } => "job_quota",
            Self::QuotaExceeded { .. } => "quota_exceeded",
            Self::QuotaWantsLimits { .. } => "quota_wants_limits",
            Self::PodSecurity { .. } => "pod_security",
            Self::AccountMissing { .. } => "service_account_missing",
            Self::NamespaceEnding => "namespace_ending",
            Self::OutsideLimits { .. } => "outside_limits",
            Self::Other { .. } => "refused",
        }
    }
}

/// Of what a quota allows no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QuotaOf {
    /// Pods, or what they request.
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
