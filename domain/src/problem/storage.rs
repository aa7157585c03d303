//! What the portal's database says no to.

use crate::Code;
use crate::storage::StorageTrouble;

/// Seconds after which a try makes sense again, where the database takes no write.
const RETRY_S: u32 = 30;

/// Why the database doesn't take it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StorageProblem {
    /// What was to be changed isn't there any more.
    Gone,
    /// Something by that name is there already.
    NameTaken,
    /// Somebody else has changed it meanwhile.
    ChangedMeanwhile,
    /// The database takes no write.
    Unwritable {
        /// Why not.
        trouble: StorageTrouble,
    },
    /// The database takes no write, so that a change of the cluster couldn't be recorded and wasn't made.
    NotRecorded {
        /// Why not.
        trouble: StorageTrouble,
    },
    /// The database failed in a way that isn't known.
    Broken,
}

impl StorageProblem {
    pub(super) const fn code(self) -> Code {
        match self {
            Self::Gone => Code::NotFound,
            Self::NameTaken | Self::ChangedMeanwhile => Code::Conflict,
            Self::Unwritable { .. } | Self::NotRecorded { .. } => Code::DatabaseAway,
            Self::Broken => Code::Internal,
        }
    }

    pub(super) const fn reason(self) -> &'static str {
        match self {
            Self::Gone => "gone",
            Self::NameTaken => "name_taken",
            Self::ChangedMeanwhile => "changed_meanwhile",
            Self::Unwritable { .. } => "database_unwritable",
            Self::NotRecorded { .. } => "change_not_recorded",
            Self::Broken => "database_broken",
        }
    }

    pub(super) const fn retry_after_s(self) -> Option<u32> {
        match self {
            Self::Unwritable { .. } => Some(RETRY_S),
            Self::Gone | Self::NameTaken | Self::ChangedMeanwhile | Self::NotRecorded { .. } | Self::Broken => None,
        }
    }
}
