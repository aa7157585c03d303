//! How an operation ended.

use super::{OperationId, Piece, State, Touched};
use crate::cause::Cause;
use crate::verdict::Evidence;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

/// The verdict on an operation. It never changes once it is given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct End {
    /// How it ended.
    pub code: EndCode,
    /// Where a person can check it. What another version wrote and this one does not know is left out.
    #[serde(default, deserialize_with = "those_known")]
    pub evidence: Vec<Evidence>,
    /// Objects of the app that are there, where that is not what was asked for.
    #[serde(default)]
    pub there: Vec<Piece>,
}

/// How an operation can end. It is stored: a variant or field may be added, but none renamed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndCode {
    /// All pods that are wanted run what was asked for, and are ready.
    RolledOut,
    /// Everything is as it was asked for, and no pod has to come for it.
    Complete,
    /// What was to be deleted is gone.
    Gone,
    /// It was not made.
    NotMade,
    /// The cluster or the portal refused it.
    Refused {
        /// Stable name of the [`Problem`](crate::Problem).
        reason: String,
        /// What the person was told. It is only shown.
        said: String,
    },
    /// Pods of the newest revision fail.
    Failing {
        /// Why they do; none where another version wrote a cause that this one does not know.
        #[serde(default, deserialize_with = "if_known")]
        cause: Option<Box<Cause>>,
    },
    /// The rollout has taken longer than it may.
    DeadlinePassed {
        /// How long it may take, in seconds, where that is known.
        limit_s: Option<u32>,
    },
    /// It was made in part, and that part is removed.
    TakenBack {
        /// Objects that were there and are removed.
        removed: Vec<Piece>,
        /// Objects that stay, and who has changed them.
        left: Vec<Touched>,
    },
    /// A newer change of the app has begun.
    Overtaken {
        /// That change.
        by: OperationId,
    },
    /// It goes on, and the portal waits no longer.
    StillWaiting,
    /// It was made, and pods of an older template stay: nothing replaces them until somebody does more.
    Held {
        /// What keeps them.
        by: Hold,
        /// How many stay.
        pods: u32,
    },
    /// The app was deleted, and finalizers hold it.
    HeldByFinalizer {
        /// The finalizers, other than Kubernetes' own.
        finalizers: Vec<String>,
    },
    /// Nobody knows whether it was made.
    NoAnswer,
    /// Somebody else has changed the app since.
    TouchedBy {
        /// The field manager that did, such as `kubectl-edit`, where it is known.
        manager: Option<String>,
    },
    /// The app was deleted, or another one has its name, before this came to its end.
    AppDeleted,
}

/// What keeps pods of an older template. It is stored: a variant may be added, but none renamed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hold {
    /// Somebody has paused the rollout.
    Paused,
    /// A pod is replaced only when somebody deletes it (`OnDelete`).
    OnDelete,
    /// A stateful set's partition.
    Partition,
}

impl EndCode {
    /// The code, for programs: it does not change when the words do.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::RolledOut => "rolled_out",
            Self::Complete => "complete",
            Self::Gone => "gone",
            Self::NotMade => "not_made",
            Self::Refused { .. } => "refused",
            Self::Failing { .. } => "failing",
            Self::DeadlinePassed { .. } => "deadline_passed",
            Self::TakenBack { .. } => "taken_back",
            Self::Overtaken { .. } => "overtaken",
            Self::StillWaiting => "still_waiting",
            Self::Held { .. } => "held",
            Self::HeldByFinalizer { .. } => "held_by_finalizer",
            Self::NoAnswer => "no_answer",
            Self::TouchedBy { .. } => "touched_by",
            Self::AppDeleted => "app_deleted",
        }
    }

    /// The state that an operation has by it.
    #[must_use]
    pub const fn state(&self) -> State {
        match self {
            Self::RolledOut | Self::Complete | Self::Gone => State::Succeeded,
            Self::NotMade | Self::Refused { .. } | Self::Failing { .. } | Self::DeadlinePassed { .. } => State::Failed,
            Self::TakenBack { .. } => State::TakenBack,
            Self::Overtaken { .. }
            | Self::StillWaiting
            | Self::Held { .. }
            | Self::HeldByFinalizer { .. }
            | Self::NoAnswer
            | Self::TouchedBy { .. }
            | Self::AppDeleted => State::Unknown,
        }
    }
}

impl From<EndCode> for End {
    fn from(code: EndCode) -> Self {
        Self { code, evidence: Vec::new(), there: Vec::new() }
    }
}

fn if_known<'de, D: Deserializer<'de>, T: DeserializeOwned>(deserializer: D) -> Result<Option<T>, D::Error> {
    Ok(serde_json::from_value(Value::deserialize(deserializer)?).ok())
}

fn those_known<'de, D: Deserializer<'de>, T: DeserializeOwned>(deserializer: D) -> Result<Vec<T>, D::Error> {
    let all = Vec::<Value>::deserialize(deserializer)?;
    Ok(all.into_iter().filter_map(|one| serde_json::from_value(one).ok()).collect())
}
