//! What is being deleted and who holds it, and what is left of pods that are gone.

use super::Ended;
use crate::UnixMs;
use serde::{Deserialize, Serialize};

/// An app that was deleted and is still there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deletion {
    /// When it was deleted.
    pub at: UnixMs,
    /// Finalizers that are still on it; 10 at most.
    pub finalizers: Vec<String>,
}

/// How a pod ends that was asked to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ending {
    /// Seconds that its containers have from the request on.
    pub grace_s: u32,
    /// Finalizers that are still on it; 10 at most.
    pub finalizers: Vec<String>,
}

/// How a container of a pod ended that is gone. The job controller deletes pods at a deadline, and with them their
/// exit codes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastEnd {
    /// Name of the job whose pod it was.
    pub job: String,
    /// Name of the pod.
    pub pod: String,
    /// Name of the container.
    pub container: String,
    /// How often it was started again.
    pub restarts: u32,
    /// How it ended before it was asked to.
    pub ended: Ended,
}
