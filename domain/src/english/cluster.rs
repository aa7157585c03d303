//! What is said of the cluster: of calls that it refused, and of what the portal may not read there.

use super::text::{capital, clip, size};
use crate::facts::{LeftOut, Limit};
use crate::kubernetes::{Away, Change, Lack, LogOf, LogRefusal, Missing, NoLog, NotAllowed, Object, Refused, Resource, Right, Verb};
use crate::operation::Piece;
use crate::{FieldError, Namespace};

/// What is told where the API server does not know who the portal is.
const CREDENTIALS: &str = "The API server rejected the portal's credentials. Give it a new kubeconfig or token.";
/// How to give a portal without enough rights more of the cluster.
const SEE_ALL: &str = "Give it the ClusterRole in deploy/cluster-wide.yaml or set QUAYSIDE_NAMESPACES.";
/// Most characters of an object's name.
const NAME: usize = 80;

/// One object of a resource, in a sentence: `stateful set`.
#[must_use]
pub const fn one(resource: Resource) -> &'static str {
    match resource {
        Resource::ControllerRevisions => "revision",
        Resource::CronJobs => "cron job",
        Resource::ConfigMaps => "config map",
        Resource::DaemonSets => "daemon set",
        Resource::Deployments | Resource::DeploymentScales => "deployment",
        Resource::EndpointSlices => "endpoint slice",
        Resource::Events => "event",
        Resource::HorizontalPodAutoscalers => "autoscaler",
        Resource::IngressClasses => "ingress class",
        Resource::Ingresses => "ingress",
        Resource::Jobs => "job",
        Resource::Namespaces => "namespace",
        Resource::NetworkPolicies => "network policy",
        Resource::PersistentVolumeClaims => "claim",
        Resource::Pods | Resource::PodLogs | Resource::PodMetrics => "pod",
        Resource::ReplicaSets => "replica set",
        Resource::ResourceQuotas => "quota",
        Resource::Secrets => "secret",
        Resource::Services => "service",
        Resource::StatefulSets | Resource::StatefulSetScales => "stateful set",
    }
}

/// Several objects of a resource: `stateful sets`.
#[must_use]
pub fn many(resource: Resource) -> String {
    match one(resource) {
        policy if policy.ends_with('y') => format!("{}ies", policy.trim_end_matches('y')),
        class if class.ends_with('s') => format!("{class}es"),
        other => format!("{other}s"),
    }
}

const fn verb(verb: Verb) -> &'static str {
    match verb {
        Verb::Get => "get",
        Verb::List => "list",
        Verb::ListAndWatch => "list and watch",
        Verb::Create => "create",
        Verb::Update => "update",
        Verb::Patch => "patch",
        Verb::Delete => "delete",
    }
}

fn forbidden(what: &str, namespace: Option<&Namespace>) -> String {
    match namespace {
        Some(ns) => format!("The portal isn't allowed to {what} in {ns}. quayside rbac --namespace {ns} prints the Role it needs."),
        None => format!("The portal isn't allowed to {what}. quayside rbac prints the ClusterRole it needs."),
    }
}

/// A right that the portal lacks, and what prints a Role that gives it.
#[must_use]
pub fn right(right: &Right) -> String {
    forbidden(&format!("{} {}", verb(right.verb), right.resource), right.namespace.as_ref())
}

/// Why the portal may not do something.
#[must_use]
pub fn not_allowed(why: &NotAllowed) -> String {
    match why {
        NotAllowed::Credentials => CREDENTIALS.to_owned(),
        NotAllowed::Right(lacks) => right(lacks),
    }
}

/// What the portal cannot show, and why.
#[must_use]
pub fn lack(lack: &Lack) -> String {
    match lack {
        Lack::Credentials => CREDENTIALS.to_owned(),
        Lack::Right(lacks) => right(lacks),
        Lack::Unknown(resource) => format!("The API server has no {resource}. They aren't shown."),
        Lack::Namespaces => format!("The portal isn't allowed to list namespaces. {SEE_ALL}"),
        Lack::Unwatched(unwatched) => {
            let (first, count, most) = (&unwatched.first, unwatched.count, unwatched.most);
            let which = if count == 1 { format!("Namespace {first} isn't") } else { format!("{count} namespaces, such as {first}, aren't") };
            format!("{which} shown: without permission to list pods in all namespaces the portal watches at most {most}. {SEE_ALL}")
        }
        Lack::All(namespace) => forbidden("list and watch anything", Some(namespace)),
        Lack::LeftOut(left) => left_out(left),
    }
}

/// Which objects are not shown, and why.
fn left_out(left: &LeftOut) -> String {
    let (namespace, name) = (&left.namespace, clip(&left.such_as, NAME));
    let which = match left.count {
        1 => format!("The {} {name} in {namespace}", one(left.resource)),
        n => format!("{n} {} in {namespace}, such as {name},", many(left.resource)),
    };
    let (is, isnt, it) = if left.count == 1 { ("is", "isn't", "it") } else { ("are", "aren't", "them") };
    match left.limit {
        Limit::Object { most } => format!("{which} {is} too large to show: the portal reads at most {} per object.", size(most)),
        Limit::Namespace { most, of_all } => format!(
            "{which} {isnt} shown: the portal keeps at most {} of {} per namespace ({} of all objects). Delete what you no longer need, or raise QUAYSIDE_NAMESPACE_MEMORY to see {it}.",
            size(most),
            many(left.resource),
            size(of_all)
        ),
    }
}

/// An object at the start of a sentence: `Secret db`.
#[must_use]
pub fn thing(object: &Object) -> String {
    let word = capital(one(object.resource));
    object.name.as_ref().map_or_else(|| word.clone(), |name| format!("{word} {name}"))
}

fn place(object: &Object) -> String {
    object.namespace.as_ref().map_or_else(String::new, |ns| format!(" in {ns}"))
}

/// What is not there.
#[must_use]
pub fn missing(what: &Missing) -> String {
    match what {
        Missing::Object(object) => format!("{} doesn't exist{}.", thing(object), place(object)),
        Missing::Namespace(Some(ns)) => format!("Namespace {ns} doesn't exist."),
        Missing::Namespace(None) => "That namespace doesn't exist.".to_owned(),
        Missing::Log(LogOf { pod, container }, why) => match why {
            NoLog::NoContainer => format!("Pod {pod} has no container {container}."),
            NoLog::NotRestarted => format!("Container {container} of pod {pod} hasn't restarted, so there is no previous log."),
            NoLog::NotOnNode => {
                format!("The node of pod {pod} has no log of container {container}: it hasn't created that container yet, or has already removed it.")
            }
            NoLog::Removed => format!("The node has deleted container {container} of pod {pod} along with its log."),
        },
        Missing::PodName(namespace) => format!("No such pod or container in {namespace}."),
        Missing::OwnSecret(name) => format!("Secret {name} is managed by the cluster itself. The portal leaves it alone."),
        Missing::PodTemplate(app) => format!("{app} has no pod template."),
        Missing::Revision { app, number } => format!("Revision {number} of {app} no longer exists."),
        Missing::MetricsServer => {
            "metrics-server isn't responding, so there is no CPU or memory data. Install it (github.com/kubernetes-sigs/metrics-server).".to_owned()
        }
    }
}

/// The name of a new object is taken.
#[must_use]
pub fn exists(object: &Object) -> String {
    format!("{} already exists{}.", thing(object), place(object))
}

/// Somebody else was first.
#[must_use]
pub fn changed(object: &Object) -> String {
    format!("{} was just changed by someone else. Reload the page and try again.", thing(object))
}

/// A text of the API server as a sentence.
#[must_use]
pub fn sentence(text: &str) -> String {
    let text = text.trim();
    if text.is_empty() {
        return "The API server rejected this without giving a reason.".to_owned();
    }
    let dot = if text.ends_with(['.', '!', '?', '…']) { "" } else { "." };
    format!("{}{dot}", capital(text))
}

/// What was refused, and why.
#[must_use]
pub fn refused(why: &Refused) -> String {
    match why {
        Refused::Said(said) => sentence(&said.text),
        Refused::Immutable(object) => format!("{} is immutable. Create a new one under another name and switch the apps to it.", thing(object)),
        Refused::Log(LogOf { pod, container }, why) => match why {
            LogRefusal::NotStarted(why) => format!("Container {container} of pod {pod} hasn't started yet: {why}."),
            LogRefusal::Late(seconds) => format!("The node of pod {pod} didn't send its log within {seconds} s. Try again."),
            LogRefusal::NodeSilent => format!("Can't read the log of container {container} in pod {pod}: its node isn't responding or has removed it."),
            LogRefusal::Said(text) => sentence(text),
        },
        Refused::Kind(kind, change) => {
            let done = match change {
                Change::Restart => "restarted",
                Change::Scale => "scaled",
                Change::Pause => "paused",
                Change::RollBack => "rolled back",
            };
            format!("A {} can't be {done}.", kind.words())
        }
        Refused::Paused(app, change) => {
            let then = match change {
                Change::Restart => "restart",
                Change::Scale => "scale",
                Change::Pause => "pause",
                Change::RollBack => "roll back",
            };
            format!("The rollout of {app} is paused. Resume it, then {then}.")
        }
        Refused::TooLarge { object, most } => {
            // Of an app the whole object counts, of these two what is left when the values are cut.
            let of = if matches!(object.resource, Resource::Secrets | Resource::ConfigMaps) { "of it" } else { "per object" };
            let name = object.name.as_deref().unwrap_or_default();
            format!("The {} {name} is too large to read: the portal reads at most {} KiB {of}.", one(object.resource), most.0 / 1024)
        }
        Refused::RevisionTooLarge { app, number } => format!("Revision {number} of {app} is too large to read."),
        Refused::Unrendered(why) => format!("The portal rendered an invalid object: {why}."),
        Refused::Fault => "Something went wrong in the portal with this object. Its log has the details.".to_owned(),
        Refused::Kubeconfig(why) => format!(
            "The portal can't connect to the cluster: {why}. Set KUBECONFIG, put a kubeconfig at ~/.kube/config, or run it in a pod with a service account."
        ),
    }
}

/// The fields that a refusal is about.
#[must_use]
pub fn fields(why: &Refused) -> Vec<FieldError> {
    match why {
        Refused::Said(said) => said.fields.clone(),
        Refused::Immutable(_)
        | Refused::Log(..)
        | Refused::Kind(..)
        | Refused::Paused(..)
        | Refused::TooLarge { .. }
        | Refused::RevisionTooLarge { .. }
        | Refused::Unrendered(_)
        | Refused::Fault
        | Refused::Kubeconfig(_) => Vec::new(),
    }
}

/// Why there is no answer, for the log.
#[must_use]
pub fn away(why: &Away) -> String {
    match why {
        Away::Silent(seconds, None) => format!("no answer in {seconds} s"),
        Away::Silent(seconds, Some((asked, of))) => format!("no answer in {seconds} s to {} {of}", verb(*asked)),
        Away::Unreadable => "an answer of the API server could not be read".to_owned(),
        Away::Trouble(status, text) => format!("{status}: {text}"),
        Away::Connection(text) => text.clone(),
    }
}

/// What could not be deleted along with an app of this name, and why.
#[must_use]
pub fn not_deleted(piece: Piece, name: &str, why: &str) -> String {
    format!("Couldn't delete its {} {name}: {why}", super::operation::word(piece))
}

#[cfg(test)]
mod tests;
