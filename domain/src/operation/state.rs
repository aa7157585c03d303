//! How far an operation has come.

use crate::audit::AuditOutcome;
use crate::slugs::slugs;
use serde::{Deserialize, Serialize};

slugs! {
    /// How far an operation has come, as it is kept. What goes on between two writes is only told: an operation that is kept as
    /// accepted may have made calls.
    #[derive(Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    State {
        /// It is recorded, and is going to be made.
        Accepted = "accepted",
        /// It is looked whether it can be made.
        Checking = "checking",
        /// Its calls are sent.
        Applying = "applying",
        /// All calls have succeeded, and it is waited for what comes of them.
        Waiting = "waiting",
        /// What was asked for is so.
        Succeeded = "succeeded",
        /// What was asked for is not so.
        Failed = "failed",
        /// It was made in part, and that part is removed.
        TakenBack = "taken_back",
        /// Nobody knows, or nobody waits any longer.
        Unknown = "unknown",
    }
}

impl State {
    /// The end of an operation of which only its audit entry tells how it ended; an intent tells nothing of that.
    #[must_use]
    pub const fn of_outcome(outcome: AuditOutcome) -> Self {
        match outcome {
            AuditOutcome::Done => Self::Succeeded,
            AuditOutcome::Refused | AuditOutcome::Failed => Self::Failed,
            AuditOutcome::Intent | AuditOutcome::Unknown => Self::Unknown,
        }
    }

    /// Whether nothing comes after it.
    #[must_use]
    pub const fn is_end(self) -> bool {
        match self {
            Self::Accepted | Self::Checking | Self::Applying | Self::Waiting => false,
            Self::Succeeded | Self::Failed | Self::TakenBack | Self::Unknown => true,
        }
    }

    /// Whether `next` may follow. States between may be left out, none comes twice, and what has been applied in full is not
    /// taken back.
    #[must_use]
    pub const fn may_become(self, next: Self) -> bool {
        match (self, next) {
            (Self::Waiting, Self::TakenBack) => false,
            (Self::Accepted | Self::Checking | Self::Applying | Self::Waiting, next) => (self as u8) < next as u8,
            (Self::Succeeded | Self::Failed | Self::TakenBack | Self::Unknown, _) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_may_become_those_that_the_table_says() {
        let table = [
            //          accepted checking applying waiting succeeded failed taken_back unknown
            (State::Accepted, "-        x        x        x       x         x      x          x"),
            (State::Checking, "-        -        x        x       x         x      x          x"),
            (State::Applying, "-        -        -        x       x         x      x          x"),
            (State::Waiting, "-        -        -        -       x         x      -          x"),
            (State::Succeeded, "-        -        -        -       -         -      -          -"),
            (State::Failed, "-        -        -        -       -         -      -          -"),
            (State::TakenBack, "-        -        -        -       -         -      -          -"),
            (State::Unknown, "-        -        -        -       -         -      -          -"),
        ];
        assert_eq!(table.map(|(state, _)| state), State::ALL);
        for (from, row) in table {
            let allowed: Vec<State> = State::ALL.iter().copied().filter(|next| from.may_become(*next)).collect();
            let expected: Vec<State> = State::ALL.iter().copied().zip(row.split_whitespace()).filter(|(_, mark)| *mark == "x").map(|(next, _)| next).collect();
            assert_eq!(allowed, expected, "from {from:?}");
        }
    }

    #[test]
    fn what_may_become_nothing_is_an_end() {
        for state in State::ALL {
            assert_eq!(state.is_end(), !State::ALL.iter().any(|next| state.may_become(*next)), "{state:?}");
        }
    }
}
