//! What happens while an operation is under way.

use super::{Piece, State, Touched};
use crate::UnixMs;
use crate::cause::Cause;
use serde::{Deserialize, Serialize};

/// Most lines of progress that are kept of an operation.
pub const MAX_PROGRESS: usize = 32;

/// Something that happened to an operation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// When it happened, or was seen.
    pub at: UnixMs,
    /// What happened.
    pub code: ProgressCode,
}

/// What can happen to an operation. It is stored: a variant or field may be added, but none renamed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProgressCode {
    /// It came to a state.
    Entered {
        /// Which state.
        state: State,
    },
    /// An object was created.
    Created {
        /// Which one.
        piece: Piece,
    },
    /// An object was deleted, as asked for.
    Deleted {
        /// Which one.
        piece: Piece,
    },
    /// An object that had been created was removed again.
    Removed {
        /// Which one.
        piece: Piece,
    },
    /// An object that had been created stays, although the rest is removed.
    Kept(Touched),
    /// A call got no answer in time.
    NoAnswer,
    /// The portal stopped, and has looked at the operation since.
    Interrupted,
    /// The portal has sent a call again that had not been carried out.
    SentAgain,
    /// Pods come and go.
    Pods {
        /// Pods of the newest revision.
        updated: u32,
        /// Pods that are ready, of any revision.
        ready: u32,
        /// Pods that are wanted.
        wanted: u32,
    },
    /// Something keeps it from its end.
    Trouble {
        /// What it is.
        cause: Box<Cause>,
    },
}

impl ProgressCode {
    /// The code, for programs: it does not change when the words do.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Entered { .. } => "entered",
            Self::Created { .. } => "created",
            Self::Deleted { .. } => "deleted",
            Self::Removed { .. } => "removed",
            Self::Kept(_) => "kept",
            Self::NoAnswer => "no_answer",
            Self::Interrupted => "interrupted",
            Self::SentAgain => "sent_again",
            Self::Pods { .. } => "pods",
            Self::Trouble { .. } => "trouble",
        }
    }
}

/// Adds a line. Where there are too many the oldest one goes, but for the first, which tells when it began.
pub(super) fn add(lines: &mut Vec<Progress>, line: Progress) {
    while lines.len() >= MAX_PROGRESS {
        lines.remove(1);
    }
    lines.push(line);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_many_lines_the_first_and_the_newest_stay() {
        let mut lines = Vec::new();
        for at in 0..100 {
            add(&mut lines, Progress { at: UnixMs(at), code: ProgressCode::NoAnswer });
        }
        let kept: Vec<i64> = lines.iter().map(|line| line.at.0).collect();
        assert_eq!((kept.len(), kept[0], kept[1], kept[31]), (32, 0, 69, 99));
    }
}
