//! A change of an app, from the moment at which it is asked for until it is known how it ended. Its words are in
//! [`crate::english::operation`].

mod applied;
mod end;
pub(crate) mod id;
mod interruption;
mod piece;
mod progress;
mod reason;
pub mod recovery;
mod state;
pub mod wait;
mod work;

pub use applied::Applied;
pub use end::{End, EndCode, Hold};
pub use id::OperationId;
pub use interruption::{Ending, Interruption, MAX_NOTICES, Notice, Resumed};
pub use piece::{Piece, Touched};
pub use progress::{MAX_PROGRESS, Progress, ProgressCode};
pub use reason::Reason;
pub use state::State;
pub use work::{ChangeAction, Version, Work};

use crate::{AppId, UnixMs};

/// A change of an app. It holds no secret value, and none from a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    /// Its number.
    pub id: OperationId,
    /// The app that it changes.
    pub app: AppId,
    /// Number of the person who asked for it.
    pub user_id: i64,
    /// The name with which that person signs in.
    pub by: String,
    /// Why it is made, where that was said.
    pub why: Option<Reason>,
    /// What it does.
    pub work: Work,
    /// How far it has come.
    pub state: State,
    /// It is to be taken back, whatever else is found of it from now on.
    pub undo: bool,
    /// When it was asked for.
    pub begun: UnixMs,
    /// When its state changed last.
    pub moved: UnixMs,
    /// What has happened, oldest first, [`MAX_PROGRESS`] lines at most.
    pub progress: Vec<Progress>,
    /// What its calls have left; nothing as long as it is not waiting.
    pub applied: Option<Applied>,
    /// How it ended. An operation may have ended without: then its state says all that is known.
    pub verdict: Option<End>,
}

impl Operation {
    /// What kind of change it is.
    #[must_use]
    pub const fn action(&self) -> ChangeAction {
        self.work.action()
    }

    /// Whether its end is still to come.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        !self.state.is_end()
    }

    /// Whether it takes the place of an older change: it is of the same app, and its calls have begun. One that was not made, or
    /// that is only recorded yet, replaces nothing.
    #[must_use]
    pub fn overtakes(&self, older: &Self) -> bool {
        let is_made = match self.state {
            State::Accepted | State::Checking => false,
            State::Applying | State::Waiting | State::Succeeded | State::TakenBack | State::Unknown => true,
            State::Failed => matches!(&self.verdict, Some(End { code: EndCode::Failing { .. } | EndCode::DeadlinePassed { .. }, .. })),
        };
        self.app == older.app && self.id > older.id && is_made
    }

    /// Adds a line of progress. Where there are too many the oldest one goes, but for the first.
    pub fn note(&mut self, line: Progress) {
        progress::add(&mut self.progress, line);
    }
}
