//! Why a call to the cluster did not do what was asked.

use super::{LogOf, LogRefusal, NoLog, Object, Resource, Verb};
use crate::{Bytes, FieldError, Kind, Namespace, SecretName, WorkloadName};
use serde::{Deserialize, Serialize};

/// What is not there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    /// An object.
    Object(Object),
    /// The namespace in which something should be done; none where its name is not known.
    Namespace(Option<Namespace>),
    /// A log of a container.
    Log(LogOf, NoLog),
    /// A name that neither a pod nor a container can have was asked for in this namespace.
    PodName(Namespace),
    /// A secret that is the cluster's own, which the portal treats as if it were not there.
    OwnSecret(SecretName),
    /// The pod template of an app.
    PodTemplate(WorkloadName),
    /// A revision of an app.
    Revision {
        /// Whose.
        app: WorkloadName,
        /// The revision number.
        number: u64,
    },
    /// metrics-server, which measures CPU and memory.
    MetricsServer,
}

/// A change that not every app takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// All pods anew.
    Restart,
    /// Another number of replicas.
    Scale,
    /// Hold, or go on.
    Pause,
    /// Back to an earlier revision.
    RollBack,
}

/// What the API server says of its refusal, where the portal knows no better words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// Its text, clipped and without secrets; empty where it gives no reason.
    pub text: String,
    /// The fields that it complains about: their paths in the object, and its text on each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldError>,
}

/// Why what was asked is refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refused {
    /// The API server refused it.
    Said(Said),
    /// The secret or config map is marked as immutable.
    Immutable(Object),
    /// The log of a container cannot be read.
    Log(LogOf, LogRefusal),
    /// Apps of this kind do not take this change.
    Kind(Kind, Change),
    /// The rollout of an app is paused, which has to end before this change.
    Paused(WorkloadName, Change),
    /// The object is larger than what the portal reads of one.
    TooLarge {
        /// Which.
        object: Object,
        /// How much the portal reads.
        most: Bytes,
    },
    /// A revision of an app is too large to be kept while the revisions are read.
    RevisionTooLarge {
        /// Whose.
        app: WorkloadName,
        /// The revision number.
        number: u64,
    },
    /// The portal made an object of a form that is none. The text is of the JSON parser.
    Unrendered(String),
    /// The portal has a fault of its own with this object.
    Fault,
    /// There is no usable kubeconfig and no service account. The text says what is wrong with the one that was found.
    Kubeconfig(String),
}

/// Why there is no answer that tells whether something was done. All of it is for the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Away {
    /// Nothing came in so many seconds, to this question where it was a single one.
    Silent(u64, Option<(Verb, Resource)>),
    /// The answer cannot be read. What the parser says can quote the object, which may be a secret.
    Unreadable,
    /// The server, or what stands before it, is in trouble: the HTTP status and its text, without secrets.
    Trouble(u16, String),
    /// What the connection ended with.
    Connection(String),
}
