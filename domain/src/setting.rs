//! How an app is set up: what of its template its page tells.

use crate::cause::ProbeKind;
use crate::facts::Probe;
use crate::kubernetes::words::Protocol;
use crate::view::StillRuns;
use crate::{Bytes, MilliCpu};

/// One thing that is set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Setting {
    /// The image of the main container.
    Image {
        /// As the template names it.
        image: String,
        /// What pods still run in its place.
        still: Vec<StillRuns>,
    },
    /// The same where the rollout is paused, so that the image waits.
    ImageWaits {
        /// As the template names it.
        image: String,
        /// The images that run.
        running: Vec<String>,
    },
    /// CPU that the main container requests, and most that it gets.
    Cpu {
        /// What it requests.
        request: Option<MilliCpu>,
        /// Its limit.
        limit: Option<MilliCpu>,
    },
    /// Memory that the main container requests, and most that it gets.
    Memory {
        /// What it requests.
        request: Option<Bytes>,
        /// Its limit.
        limit: Option<Bytes>,
    },
    /// A probe of the main container.
    Probe {
        /// Which one.
        kind: ProbeKind,
        /// How it asks; nothing where there is none.
        probe: Option<Probe>,
    },
    /// Ports that the main container declares, at least one.
    Ports(Vec<DeclaredPort>),
    /// Names of the sidecars, at least one.
    Sidecars(Vec<String>),
    /// When a cron job starts its runs.
    Schedule {
        /// The cron expression.
        schedule: String,
        /// Its time zone, where one is set.
        time_zone: Option<String>,
    },
    /// What completes a job.
    Completions {
        /// Successes that it needs.
        needed: u32,
        /// Failures that are tolerated.
        failures: u32,
    },
}

/// A port that a container declares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeclaredPort {
    /// The port number, 1 to 65535.
    pub number: u16,
    /// `TCP`, `UDP` or `SCTP`.
    pub protocol: Protocol,
    /// Its name, where it has one.
    pub name: Option<String>,
}
