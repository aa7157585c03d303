//! What the API server answers, as sentences for a person.

use crate::text::{MESSAGE, shown};
use domain::{FieldError, Namespace};
use kube::core::Status;
use service::ports::{ClusterError, ClusterResult};
use std::future::Future;
use std::time::Duration;

/// A person waits for the answer of a call; a server that is silent longer is away.
const PATIENCE: Duration = Duration::from_secs(20);

/// What is said where the API server does not know who the portal is.
pub(crate) const CREDENTIALS_REFUSED: &str = "The API server rejected the portal's credentials. Give it a new kubeconfig or token.";

/// What was asked, for the sentence about its refusal.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ask<'a> {
    /// Verb of the rule that would allow it.
    pub(crate) verb: &'a str,
    /// Resource, as rules name it.
    pub(crate) resource: &'a str,
    /// Where; `None` for something that belongs to no namespace.
    pub(crate) namespace: Option<&'a Namespace>,
    /// Which one; empty for a list.
    pub(crate) name: &'a str,
}

impl<'a> Ask<'a> {
    /// A call in a namespace.
    pub(crate) const fn of(verb: &'a str, resource: &'a str, namespace: &'a Namespace, name: &'a str) -> Self {
        Self { verb, resource, namespace: Some(namespace), name }
    }

    /// Makes the call and tells its failure.
    pub(crate) async fn run<T>(self, call: impl Future<Output = kube::Result<T>>) -> ClusterResult<T> {
        match tokio::time::timeout(PATIENCE, call).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(error)) => Err(self.explain(error)),
            Err(_) => Err(ClusterError::Away(format!("no answer in {} s to {} {}", PATIENCE.as_secs(), self.verb, self.resource))),
        }
    }

    /// The failure of this call.
    pub(crate) fn explain(&self, error: kube::Error) -> ClusterError {
        match error {
            kube::Error::Api(status) => self.refusal(&status),
            // The text of a parser can quote the object, which may be a secret.
            kube::Error::SerdeError(_) => ClusterError::Away("an answer of the API server could not be read".into()),
            other => ClusterError::Away(shown(chain(&other), MESSAGE)),
        }
    }

    /// What the portal lacks.
    pub(crate) fn forbidden(&self) -> String {
        let Self { verb, resource, .. } = self;
        match self.namespace {
            Some(ns) => format!("The portal isn't allowed to {verb} {resource} in {ns}. quayside rbac --namespace {ns} prints the Role it needs."),
            None => format!("The portal isn't allowed to {verb} {resource}. quayside rbac prints the ClusterRole it needs."),
        }
    }

    fn refusal(&self, status: &Status) -> ClusterError {
        // An admission webhook may quote the object that it refuses.
        let text = shown(status.message.as_str(), MESSAGE);
        match status.code {
            401 => ClusterError::NotAllowed(CREDENTIALS_REFUSED.into()),
            403 if is_rbac(status) => ClusterError::NotAllowed(self.forbidden()),
            404 => ClusterError::Missing(self.missing(status)),
            409 if status.reason == "AlreadyExists" => ClusterError::Conflict(format!("{} already exists{}.", self.thing(), self.place())),
            409 => ClusterError::Conflict(format!("{} was just changed by someone else. Reload the page and try again.", self.thing())),
            400..=499 => ClusterError::Refused(sentence(&text), causes(status)),
            _ => ClusterError::Away(format!("{}: {text}", status.code)),
        }
    }

    fn missing(&self, status: &Status) -> String {
        if status.details.as_ref().is_some_and(|d| d.kind == "namespaces") {
            return no_namespace(self.namespace);
        }
        format!("{} doesn't exist{}.", self.thing(), self.place())
    }

    fn thing_small(&self) -> String {
        let word = singular(self.resource);
        if self.name.is_empty() { word.to_owned() } else { format!("{word} {}", self.name) }
    }

    fn thing(&self) -> String {
        capital(&self.thing_small())
    }

    fn place(&self) -> String {
        self.namespace.map_or(String::new(), |ns| format!(" in {ns}"))
    }
}

/// What is said where a namespace is missing.
fn no_namespace(namespace: Option<&Namespace>) -> String {
    namespace.map_or_else(|| "That namespace doesn't exist.".to_owned(), |ns| format!("Namespace {ns} doesn't exist."))
}

/// The first letter as a capital.
pub(crate) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// A resource's name in a sentence about one of them.
pub(crate) fn singular(resource: &str) -> &str {
    match resource {
        "deployments" | "deployments/scale" => "deployment",
        "statefulsets" | "statefulsets/scale" => "stateful set",
        "daemonsets" => "daemon set",
        "replicasets" => "replica set",
        "controllerrevisions" => "revision",
        "jobs" => "job",
        "cronjobs" => "cron job",
        "pods" | "pods/log" => "pod",
        "services" => "service",
        "ingresses" => "ingress",
        "ingressclasses" => "ingress class",
        "secrets" => "secret",
        "configmaps" => "config map",
        "resourcequotas" => "quota",
        "namespaces" => "namespace",
        other => other,
    }
}

/// Whether the portal's own rights are what is missing. A quota or an admission rule answers 403 too.
pub(crate) fn is_rbac(status: &Status) -> bool {
    status.code == 403 && status.message.contains(" cannot ") && status.message.contains("resource \"")
}

/// Fields that the API server complains about, by their own paths.
fn causes(status: &Status) -> Vec<FieldError> {
    let causes = status.details.iter().flat_map(|d| &d.causes);
    causes.take(50).map(|c| FieldError::new(shown(c.field.as_str(), 256), shown(c.message.as_str(), MESSAGE))).collect()
}

/// Text of the API server as a sentence.
pub(crate) fn sentence(text: &str) -> String {
    let text = text.trim();
    let mut chars = text.chars();
    let Some(first) = chars.next() else { return "The API server rejected this without giving a reason.".into() };
    let dot = if text.ends_with(['.', '!', '?', '…']) { "" } else { "." };
    format!("{}{}{dot}", first.to_uppercase(), chars.as_str())
}

/// An error and what caused it.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    for _ in 0..8 {
        let Some(source) = next else { break };
        let more = source.to_string();
        if !text.contains(&more) {
            text = format!("{text}: {more}");
        }
        next = source.source();
    }
    text
}

#[cfg(test)]
mod tests;
