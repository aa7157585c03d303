//! All findings about a new app.

use super::{Amount, NameClash, Neighbor, QuotaResource, SharedHost, ValueSource};
use crate::cause::Refusal;
use crate::kubernetes::{AppObject, Missing, NotAllowed, Refused};
use crate::{AppName, Bytes, EnvName, ImageRef, IngressHost, IngressPath, KeyName, MilliCpu, Namespace, SecretName};

/// What a check found. Texts in it come from the cluster, redacted: they are shown and never compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CheckCode {
    /// No object in the namespace has the app's name.
    NameFree {
        /// The app's name.
        name: AppName,
        /// Where it is free.
        namespace: Namespace,
    },
    /// The API server would take all objects.
    Accepted {
        /// The objects, the app itself first.
        objects: Vec<AppObject>,
    },
    /// The portal isn't allowed to create an object.
    PermissionMissing(
        /// What it isn't allowed to do.
        NotAllowed,
    ),
    /// The namespace doesn't exist, or the cluster doesn't have that kind of object.
    PlaceMissing(
        /// Which of them is missing.
        Missing,
    ),
    /// An object has the app's name.
    NameTaken(
        /// Which one.
        NameClash,
    ),
    /// An object of the same name was created a moment ago, by a creation that may not have come to its end.
    CreationUnderWay(
        /// Which one.
        NameClash,
    ),
    /// An unfinished creation has left an object of that name, which will be replaced.
    LeftOver {
        /// What kind of object it is.
        object: AppObject,
        /// Its name.
        name: AppName,
    },
    /// The API server wouldn't take an object.
    NotAdmitted {
        /// Why not.
        why: Refusal,
        /// The API server's whole reason, without a full stop; empty where it gives none.
        said: String,
    },
    /// An object is refused for a reason that has nothing to do with admission.
    Refused(Refused),
    /// Another service has the node port.
    NodePortTaken {
        /// The port.
        port: u16,
        /// The service, if the reader may know of it.
        by: Option<Neighbor>,
        /// A port that is free.
        free: Option<u16>,
    },
    /// The pull secret doesn't exist.
    PullSecretMissing {
        /// The secret that the form names.
        secret: SecretName,
        /// Where it is missing.
        namespace: Namespace,
    },
    /// What the form names as pull secret is one of another type.
    NoPullSecret {
        /// The secret that the form names.
        secret: SecretName,
    },
    /// The secret or config map that a variable takes its value from doesn't exist.
    ValueSourceMissing {
        /// Which of the two.
        source: ValueSource,
        /// Its name.
        name: String,
        /// Where it is missing.
        namespace: Namespace,
        /// The variable.
        variable: EnvName,
    },
    /// The secret or config map that a variable takes its value from doesn't have that key.
    ValueKeyMissing {
        /// Which of the two.
        source: ValueSource,
        /// Its name.
        name: String,
        /// The key that is missing.
        key: KeyName,
        /// Keys that it has; 12 at most.
        has: Vec<String>,
    },
    /// The TLS secret of the ingress doesn't exist.
    TlsSecretMissing {
        /// The secret that the form names.
        secret: SecretName,
        /// Where it is missing.
        namespace: Namespace,
    },
    /// What the form names as TLS secret has no certificate.
    NoTlsSecret {
        /// The secret that the form names.
        secret: SecretName,
    },
    /// The ingress class doesn't exist.
    IngressClassMissing {
        /// The class that the form names.
        class: String,
        /// Classes that exist.
        has: Vec<String>,
    },
    /// The cluster has no ingress class at all.
    NoIngressClass,
    /// Another app's ingress has the very same host and path.
    AddressTaken {
        /// The wanted host.
        host: IngressHost,
        /// The wanted path.
        path: IngressPath,
        /// The ingress, if the reader may know of it.
        by: Option<Neighbor>,
    },
    /// Another app's ingress has other paths of the host.
    HostShared {
        /// The wanted host.
        host: IngressHost,
        /// The ingress, if the reader may know of it.
        with: Option<SharedHost>,
    },
    /// So far another app's ingress serves the host by a wildcard.
    HostServedByWildcard {
        /// The wanted host.
        host: IngressHost,
        /// The ingress, if the reader may know of it.
        by: Option<Neighbor>,
    },
    /// A quota has room for some pods of the app at most.
    QuotaTooSmall {
        /// Name of the quota.
        quota: String,
        /// What it has too little of.
        resource: QuotaResource,
        /// Pods that the app is to have.
        pods: u64,
        /// What these need together.
        needed: Amount,
        /// What others use.
        used: Amount,
        /// What the quota allows.
        limit: Amount,
        /// Pods that would fit.
        fits: u64,
    },
    /// The registry is not asked for the image.
    ImageNotChecked {
        /// The image.
        image: ImageRef,
        /// The secret that it is pulled with.
        pull_secret: Option<SecretName>,
    },
    /// The image has no tag, which means `latest`.
    ImageWithoutTag {
        /// The image.
        image: ImageRef,
    },
    /// The image's tag is `latest`.
    ImageTaggedLatest,
    /// There is no memory limit.
    NoMemoryLimit,
    /// The memory limit is too low for nearly all programs, which tells of a wrong unit.
    MemoryLimitTiny {
        /// The limit.
        limit: Bytes,
    },
    /// The memory limit is eight times the request or more.
    MemoryLimitFarAboveRequest {
        /// The limit.
        limit: Bytes,
        /// The request.
        request: Bytes,
    },
    /// There is no memory request.
    NoMemoryRequest,
    /// There is no CPU request.
    NoCpuRequest,
    /// The CPU limit is too low for nearly all programs, which tells of a wrong unit.
    CpuLimitTiny {
        /// The limit.
        limit: MilliCpu,
    },
    /// There is a service, and no readiness probe.
    NoReadinessProbe,
    /// The liveness probe begins at once and gives up soon, and no startup probe holds it back.
    StartupKilled {
        /// Seconds after which the container is restarted.
        patience_s: u32,
    },
    /// The liveness probe gives up no later than the readiness probe, which asks the same.
    LivenessAsEarlyAsReadiness,
    /// The app has a service and one replica.
    SingleReplica,
    /// The service asks for a certain node port.
    FixedNodePort,
    /// The ingress has no TLS secret.
    IngressWithoutTls,
    /// The value of a variable looks like a secret.
    SecretInTheOpen {
        /// The variable.
        variable: EnvName,
    },
}

macro_rules! codes {
    ($first:pat => $first_slug:literal, $($code:pat => $slug:literal,)+) => {
        /// All codes, as the description of the API lists them.
        pub const CODES: &str = concat!($first_slug $(, "|", $slug)+);

        /// The stable code of the wire. Clients may match on it; it never changes meaning.
        #[must_use]
        pub const fn code(&self) -> &'static str {
            match self {
                $first => $first_slug,
                $($code => $slug,)+
            }
        }
    };
}

impl CheckCode {
    codes! {
        Self::NameFree { .. } => "name_free",
        Self::Accepted { .. } => "accepted",
        Self::PermissionMissing(_) => "permission_missing",
        Self::PlaceMissing(_) => "place_missing",
        Self::NameTaken(_) => "name_taken",
        Self::CreationUnderWay(_) => "creation_under_way",
        Self::LeftOver { .. } => "left_over",
        Self::NotAdmitted { why: Refusal::QuotaExceeded { .. }, .. } => "quota_exceeded",
        Self::NotAdmitted { why: Refusal::QuotaRequires { .. }, .. } => "quota_requires",
        Self::NotAdmitted { why: Refusal::OutsideLimitRange { .. }, .. } => "outside_limit_range",
        Self::NotAdmitted { why: Refusal::PodSecurity { .. }, .. } => "pod_security",
        Self::NotAdmitted { why: Refusal::WebhookDenied { .. }, .. } => "webhook_denied",
        Self::NotAdmitted { why: Refusal::WebhookWithoutDryRun { .. }, .. } => "webhook_without_dry_run",
        Self::NotAdmitted { why: Refusal::PolicyDenied { .. }, .. } => "policy_denied",
        Self::NotAdmitted { why: Refusal::NamespaceTerminating { .. }, .. } => "namespace_terminating",
        Self::NotAdmitted {
            why: Refusal::WebhookDown { .. }
                | Refusal::ClassMissing { .. }
                | Refusal::TemplateInvalid { .. }
                | Refusal::NoConstraintFits { .. }
                | Refusal::QuotaScope { .. }
                | Refusal::ClaimOutsideLimits { .. }
                | Refusal::AccountMissing { .. }
                | Refusal::Other { .. },
            ..
        } => "not_admitted",
        Self::Refused(_) => "refused",
        Self::NodePortTaken { .. } => "node_port_taken",
        Self::PullSecretMissing { .. } => "pull_secret_missing",
        Self::NoPullSecret { .. } => "no_pull_secret",
        Self::ValueSourceMissing { .. } => "value_source_missing",
        Self::ValueKeyMissing { .. } => "value_key_missing",
        Self::TlsSecretMissing { .. } => "tls_secret_missing",
        Self::NoTlsSecret { .. } => "no_tls_secret",
        Self::IngressClassMissing { .. } => "ingress_class_missing",
        Self::NoIngressClass => "no_ingress_class",
        Self::AddressTaken { .. } => "address_taken",
        Self::HostShared { .. } => "host_shared",
        Self::HostServedByWildcard { .. } => "host_served_by_wildcard",
        Self::QuotaTooSmall { .. } => "quota_too_small",
        Self::ImageNotChecked { .. } => "image_not_checked",
        Self::ImageWithoutTag { .. } => "image_without_tag",
        Self::ImageTaggedLatest => "image_tagged_latest",
        Self::NoMemoryLimit => "no_memory_limit",
        Self::MemoryLimitTiny { .. } => "memory_limit_tiny",
        Self::MemoryLimitFarAboveRequest { .. } => "memory_limit_far_above_request",
        Self::NoMemoryRequest => "no_memory_request",
        Self::NoCpuRequest => "no_cpu_request",
        Self::CpuLimitTiny { .. } => "cpu_limit_tiny",
        Self::NoReadinessProbe => "no_readiness_probe",
        Self::StartupKilled { .. } => "startup_killed",
        Self::LivenessAsEarlyAsReadiness => "liveness_as_early_as_readiness",
        Self::SingleReplica => "single_replica",
        Self::FixedNodePort => "fixed_node_port",
        Self::IngressWithoutTls => "ingress_without_tls",
        Self::SecretInTheOpen { .. } => "secret_in_the_open",
    }
}
