//! A registry that refuses an image: which pull secret the pod has for it, and what to do, word by word.

use super::text::clip;
use super::trouble::events_of;
use crate::cause::PullSecret;
use crate::facts::{AppFacts, Pod};
use crate::kubernetes::image;
use crate::kubernetes::words::EventReason;
use crate::verdict::{Evidence, SecretChange};
use crate::{Kind, SecretName};

/// What a pod has for a registry that refuses its image. An absent one is told by the kubelet's event
/// FailedToRetrieveImagePullSecret.
pub(super) fn has(pod: &Pod, facts: &AppFacts) -> PullSecret {
    let told = events_of(pod, facts).find(|e| e.reason == EventReason::PullSecretAbsent);
    if let Some(name) = told.and_then(|e| image::absent_secret(&e.message)) {
        return PullSecret::Absent(clip(name, 80));
    }
    match pod.pull_secrets.first().or_else(|| facts.workload.pull_secrets.first()) {
        Some(name) => PullSecret::Refused(clip(name, 80)),
        None => PullSecret::Nothing(format!("{}-registry", facts.workload.id.name)),
    }
}

/// The command that names the secret in the app, where it names none.
pub(super) fn command(pod: &Pod, facts: &AppFacts) -> Option<Evidence> {
    let PullSecret::Nothing(secret) = has(pod, facts) else { return None };
    let id = &facts.workload.id;
    let pod = format!(r#"{{"spec":{{"imagePullSecrets":[{{"name":"{secret}"}}]}}}}"#);
    let change = match id.kind {
        Kind::Job | Kind::Pod => return None,
        Kind::CronJob => format!(r#"{{"spec":{{"jobTemplate":{{"spec":{{"template":{pod}}}}}}}}}"#),
        Kind::Deployment | Kind::StatefulSet | Kind::DaemonSet => format!(r#"{{"spec":{{"template":{pod}}}}}"#),
    };
    let command = format!("kubectl -n {} patch {} {} -p '{change}'", id.namespace, id.kind.slug(), id.name);
    Some(Evidence::NamePullSecret { secret, command })
}

/// Where to create the secret or look at it.
pub(super) fn link(pod: &Pod, facts: &AppFacts) -> Option<Evidence> {
    let (name, change) = match has(pod, facts) {
        PullSecret::Refused(name) => (name, SecretChange::OpenPull),
        PullSecret::Absent(name) | PullSecret::Nothing(name) => (name, SecretChange::CreatePull),
    };
    Some(Evidence::Secret { namespace: facts.workload.id.namespace.clone(), name: SecretName::parse(name).ok()?, change })
}
