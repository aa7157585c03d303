//! What happened in a rollout, step by step, before it is said. [`crate::english::story`] has the words.

mod change;

pub use change::{Change, Changed, Images, Rollout};

use crate::UnixMs;
use crate::verdict::Told;

/// A step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// When it happened.
    pub at: UnixMs,
    /// What happened.
    pub what: Happened,
    /// Other pods to which the same happened.
    pub others: u32,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happened {
    /// The pods' template was changed, which began the rollout.
    Changed(Change),
    /// The app was deleted.
    Deleted,
    /// A container ended as it should not.
    Ended {
        /// How.
        told: Told,
        /// How often it has ended by now, from twice on.
        nth: Option<u32>,
        /// It said that all was well.
        well: bool,
    },
    /// A pod does not work.
    Failing(Told),
    /// The API server lets no more pods in.
    Refused(Told),
    /// Something warns of an object.
    Warned {
        /// The name of the object, as lists show it.
        who: String,
        /// The words of the event, or its reason where it has none.
        said: String,
        /// How often it said so.
        times: u32,
        /// When it last did.
        last: UnixMs,
        /// It tells of something that fails, and not only may.
        fails: bool,
    },
    /// A pod made room for one of higher priority.
    Preempted {
        /// Its name, as lists show it.
        who: String,
    },
    /// An autoscaler set another count.
    Rescaled {
        /// Name of the autoscaler.
        autoscaler: String,
        /// The count, and why, in the controller's words.
        to: Option<(String, String)>,
        /// The whole event, for where it is in other words.
        said: String,
    },
    /// A revision got another count of pods.
    Scaled {
        /// The revision.
        revision: u64,
        /// More than before.
        up: bool,
        /// The count before.
        from: u32,
        /// The count since.
        to: u32,
    },
    /// A replica set got another count of pods, in the controller's words.
    ScaledSomehow(String),
    /// The first pod of the rollout became ready.
    FirstReady {
        /// Its name, as lists show it.
        who: String,
        /// After so many milliseconds.
        after: i64,
        /// After so many restarts.
        restarts: u32,
    },
    /// All pods of the rollout are ready.
    AllReady {
        /// How many they are.
        pods: usize,
        /// Their revision.
        revision: Option<u64>,
        /// After so many milliseconds, where none was replaced since.
        after: Option<i64>,
    },
    /// The rollout took longer than it may.
    DeadlinePassed {
        /// The deadline in seconds.
        limit_s: Option<u32>,
    },
    /// Somebody paused it.
    RolloutPaused,
    /// A job ended well.
    JobSucceeded,
    /// A job failed.
    JobFailed {
        /// The controller's reason.
        reason: String,
    },
    /// Somebody suspended a job.
    JobSuspended,
    /// A run of a cron job began.
    RunStarted {
        /// Name of the run.
        run: String,
        /// What became of it; nothing where it goes on.
        end: Option<RunEnd>,
    },
    /// A service or an ingress of the app was created or changed.
    NetworkChanged {
        /// Which of the two.
        of: NetworkObject,
        /// Its name.
        name: String,
        /// It was created.
        created: bool,
        /// The field manager, other than this portal's own.
        by: Option<String>,
    },
}

/// What became of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RunEnd {
    /// It ended well after so many milliseconds.
    Succeeded(i64),
    /// It failed, by the controller's reason.
    Failed(String),
}

/// What leads to an app.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NetworkObject {
    /// A service.
    Service,
    /// An ingress.
    Ingress,
}
