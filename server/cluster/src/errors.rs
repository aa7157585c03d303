//! A call to the API server, and what its failure is.

use crate::text::{MESSAGE, shown};
use domain::kubernetes::api::{self, ApiRefusal};
use domain::kubernetes::{Away, Missing, NotAllowed, Object, Refused, Resource, Right, Said, Verb};
use domain::{FieldError, Namespace};
use kube::core::Status;
use service::ports::{ClusterError, ClusterResult};
use std::future::Future;
use std::time::Duration;

/// A person waits for the answer of a call; a server that is silent longer is away.
const PATIENCE: Duration = Duration::from_secs(20);
/// Most fields of one refusal.
const FIELDS: usize = 50;
/// Most bytes of a field's path.
const PATH: usize = 256;

/// What is asked of the API server.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ask<'a> {
    /// What is done.
    pub(crate) verb: Verb,
    /// Of what.
    pub(crate) resource: Resource,
    /// Where; `None` for something that belongs to no namespace.
    pub(crate) namespace: Option<&'a Namespace>,
    /// Which one; empty for a list.
    pub(crate) name: &'a str,
}

impl<'a> Ask<'a> {
    /// A call in a namespace.
    pub(crate) const fn of(verb: Verb, resource: Resource, namespace: &'a Namespace, name: &'a str) -> Self {
        Self { verb, resource, namespace: Some(namespace), name }
    }

    /// Makes the call and tells its failure.
    pub(crate) async fn run<T>(self, call: impl Future<Output = kube::Result<T>>) -> ClusterResult<T> {
        match tokio::time::timeout(PATIENCE, call).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(error)) => Err(self.explain(error)),
            Err(_) => Err(ClusterError::Away(Away::Silent(PATIENCE.as_secs(), Some((self.verb, self.resource))))),
        }
    }

    /// The failure of this call.
    #[allow(clippy::wildcard_enum_match_arm, reason = "all others of kube are a connection that failed")]
    pub(crate) fn explain(&self, error: kube::Error) -> ClusterError {
        match error {
            kube::Error::Api(status) => self.refusal(&status),
            kube::Error::SerdeError(_) => ClusterError::Away(Away::Unreadable),
            other => ClusterError::Away(Away::Connection(shown(chain(&other), MESSAGE))),
        }
    }

    fn refusal(&self, status: &Status) -> ClusterError {
        match kind_of(status) {
            ApiRefusal::Credentials => ClusterError::NotAllowed(NotAllowed::Credentials),
            ApiRefusal::Rbac => ClusterError::NotAllowed(NotAllowed::Right(self.right())),
            ApiRefusal::NamespaceMissing => ClusterError::Missing(Missing::Namespace(self.namespace.cloned())),
            ApiRefusal::Missing => ClusterError::Missing(Missing::Object(self.object())),
            ApiRefusal::Exists => ClusterError::Exists(self.object()),
            ApiRefusal::Changed => ClusterError::Changed(self.object()),
            ApiRefusal::Immutable => ClusterError::Refused(Refused::Immutable(self.object())),
            ApiRefusal::Expired | ApiRefusal::Said => ClusterError::Refused(Refused::Said(said(status))),
            ApiRefusal::Away => ClusterError::Away(Away::Trouble(status.code, shown(status.message.as_str(), MESSAGE))),
        }
    }

    fn right(&self) -> Right {
        Right { namespace: self.namespace.cloned(), resource: self.resource, verb: self.verb }
    }

    /// What is asked for.
    pub(crate) fn object(&self) -> Object {
        let name = (!self.name.is_empty()).then(|| self.name.to_owned());
        Object { resource: self.resource, name, namespace: self.namespace.cloned() }
    }
}

/// What kind of answer it is.
pub(crate) fn kind_of(status: &Status) -> ApiRefusal {
    api::refusal(status.code, &status.reason, &status.message, status.details.as_ref().map(|d| d.kind.as_str()))
}

/// Whether the portal's own rights are what is missing.
pub(crate) fn is_rbac(status: &Status) -> bool {
    kind_of(status) == ApiRefusal::Rbac
}

/// What the API server says of its refusal. An admission webhook may quote the object that it refuses.
fn said(status: &Status) -> Said {
    let causes = status.details.iter().flat_map(|d| &d.causes);
    let fields = causes.take(FIELDS).map(|c| FieldError::new(shown(c.field.as_str(), PATH), shown(c.message.as_str(), MESSAGE)));
    Said { text: shown(status.message.as_str(), MESSAGE), fields: fields.collect() }
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
