//! Objects that the API server does not let in.

use serde::{Deserialize, Serialize};

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
