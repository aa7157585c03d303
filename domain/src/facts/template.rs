//! What a pod template asks for: its containers, and the secrets and config maps that it refers to.

use crate::kubernetes::words::Protocol;
use crate::{Bytes, MilliCpu};
use serde::{Deserialize, Serialize};

/// A reference from a pod template to a secret or config map.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Reference {
    /// Name of the object.
    pub name: String,
    /// The key, where the reference names one.
    pub key: Option<String>,
    /// How: `env ES_PASSWORD`, `all its keys as env`, `mounted at /etc/app`, `pull secret`.
    pub how: String,
    /// The pod starts without it.
    pub optional: bool,
}

/// A container of a template.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ContainerSpec {
    /// Its name in the template.
    pub name: String,
    /// Its image as written.
    pub image: String,
    /// Runs before the others, and ends.
    pub init: bool,
    /// Starts before the others and runs beside them: an init container whose restart policy is `Always`. Not `init`.
    #[serde(default)]
    pub sidecar: bool,
    /// CPU that the node keeps for it.
    pub cpu_request: Option<MilliCpu>,
    /// CPU above which it is slowed down.
    pub cpu_limit: Option<MilliCpu>,
    /// Memory that the node keeps for it.
    pub memory_request: Option<Bytes>,
    /// Memory above which it is killed.
    pub memory_limit: Option<Bytes>,
    /// Restarts the container where it fails.
    pub liveness: Option<Probe>,
    /// Keeps callers away from the pod while it fails.
    pub readiness: Option<Probe>,
    /// Holds the other probes back until it succeeds.
    pub startup: Option<Probe>,
    /// Its postStart hook in words, as those of probes.
    #[serde(default)]
    pub post_start: Option<String>,
    /// Its mounts that ask for a part of their volume; 20 at most.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sub_paths: Vec<SubPath>,
    /// Ports as `name`, number, protocol.
    pub ports: Vec<(Option<String>, u16, Protocol)>,
}

impl ContainerSpec {
    /// A container of which only the name and the image are known: no init container, without requests, limits, probes,
    /// mounts and ports.
    #[must_use]
    pub fn new(name: impl Into<String>, image: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            image: image.into(),
            init: false,
            sidecar: false,
            cpu_request: None,
            cpu_limit: None,
            memory_request: None,
            memory_limit: None,
            liveness: None,
            readiness: None,
            startup: None,
            post_start: None,
            sub_paths: Vec::new(),
            ports: Vec::new(),
        }
    }
}

/// A mount of a part of a volume.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubPath {
    /// Where it is mounted.
    pub path: String,
    /// Name of the volume in the template.
    pub volume: String,
    /// Path within the volume.
    pub part: String,
}

/// A probe in words and numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Probe {
    /// `GET /healthy on 3000`, `TCP 5432`, `command pg_isready`, `gRPC 9000`.
    pub what: String,
    /// The port that it asks, by number or name; empty for a command.
    #[serde(default)]
    pub port: String,
    /// Seconds before the first try.
    pub initial_delay_s: u32,
    /// Seconds between tries.
    pub period_s: u32,
    /// Failures in a row that count as failed.
    pub failure_threshold: u32,
    /// Seconds until one try is given up.
    pub timeout_s: u32,
}
