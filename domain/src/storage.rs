//! What keeps the portal from recording anything, and what people read of it.

use serde::{Deserialize, Serialize};

/// Why the database takes no write. None of them is mended by starting the portal anew, and none needs that once it is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StorageTrouble {
    /// The disk is full.
    Full,
    /// The disk or the file may not be written.
    ReadOnly,
    /// Another program holds the file.
    Held,
    /// The disk reports errors.
    Failing,
    /// The file is damaged.
    Damaged,
}

impl StorageTrouble {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Full, Self::ReadOnly, Self::Held, Self::Failing, Self::Damaged];

    /// As it stands on the wire and in metrics.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::ReadOnly => "read_only",
            Self::Held => "held",
            Self::Failing => "failing",
            Self::Damaged => "damaged",
        }
    }

    /// From the wire.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|t| t.slug() == slug)
    }

    /// What is wrong, as a sentence.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Full => "The disk of the portal's database is full.",
            Self::ReadOnly => "The portal can't write its database: the disk or file is read-only.",
            Self::Held => "Another program has locked the portal's database.",
            Self::Failing => "The disk of the portal's database reports errors.",
            Self::Damaged => "The portal's database is damaged.",
        }
    }

    /// What whoever runs the portal does about it.
    #[must_use]
    pub const fn remedy(self) -> &'static str {
        match self {
            Self::Full => "Free space on its volume, or enlarge it. Audit entries and samples wait in memory. No restart needed.",
            Self::ReadOnly => "Mount its volume read-write, and check the owner of the file. No restart needed.",
            Self::Held => "Find the backup or database shell that has the file open, and stop it. No restart needed.",
            Self::Failing => "The portal's log has the errors. Check its volume. No restart needed once the disk works.",
            Self::Damaged => "Stop the portal and restore a backup; the operator's guide says how.",
        }
    }
}

/// What somebody is told of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StorageNotice {
    /// What is wrong.
    pub trouble: StorageTrouble,
    /// The reader is a portal admin, who can have it mended.
    pub admin: bool,
}

impl StorageNotice {
    /// For a banner.
    #[must_use]
    pub fn sentence(self) -> String {
        let what = self.trouble.sentence();
        if self.admin {
            format!("{what} Pages stay up to date, but changes and sign-ins may fail. {}", self.trouble.remedy())
        } else {
            format!("{what} Pages stay up to date, but changes and sign-ins may fail. A portal admin can fix it.")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn admins_read_what_to_do_and_others_whom_to_ask() {
        for trouble in StorageTrouble::ALL {
            assert_eq!(StorageTrouble::from_slug(trouble.slug()), Some(trouble));
            assert!(StorageNotice { trouble, admin: true }.sentence().ends_with(trouble.remedy()));
            let short = StorageNotice { trouble, admin: false }.sentence();
            assert!(short.starts_with(trouble.sentence()) && short.ends_with("A portal admin can fix it."), "{short}");
        }
    }
}
