//! What a page tells after a redirect was done. The sentence is the page's, and the word for it is sealed in the address, so that a
//! link can neither bring its own sentence nor say what was not done.

/// What can just have been done where a page tells it: each page has an enum of its own.
pub trait Done: Copy + 'static {
    /// All of them.
    const ALL: &'static [Self];

    /// Its word in the address of the page, as in `?done=created`.
    fn slug(self) -> &'static str;

    /// Reads what [`Self::slug`] writes; nothing for what this page cannot tell.
    #[must_use]
    fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|done| done.slug() == slug)
    }
}

/// What was done to the own account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountDone {
    /// The password was changed, and all other sessions ended.
    Password,
    /// Another session was ended.
    Session,
    /// All other sessions were ended.
    Sessions,
}

impl Done for AccountDone {
    const ALL: &'static [Self] = &[Self::Password, Self::Session, Self::Sessions];

    fn slug(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Session => "session",
            Self::Sessions => "sessions",
        }
    }
}

/// What was done to a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UserDone {
    /// The user was created.
    Created,
    /// Name or rights were saved.
    Changed,
    /// The password was changed by an admin.
    Password,
}

impl Done for UserDone {
    const ALL: &'static [Self] = &[Self::Created, Self::Changed, Self::Password];

    fn slug(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Changed => "changed",
            Self::Password => "password",
        }
    }
}

/// What was done to a team or to a member of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TeamDone {
    /// The team was created.
    Created,
    /// Name or namespaces were saved.
    Changed,
    /// The team was deleted.
    Deleted,
    /// A member came to it.
    Added,
    /// A member got another role.
    Role,
    /// A member was taken out.
    Removed,
}

impl Done for TeamDone {
    const ALL: &'static [Self] = &[Self::Created, Self::Changed, Self::Deleted, Self::Added, Self::Role, Self::Removed];

    fn slug(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Changed => "changed",
            Self::Deleted => "deleted",
            Self::Added => "added",
            Self::Role => "role",
            Self::Removed => "removed",
        }
    }
}

/// What was done to a secret that is still there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecretDone {
    /// The secret was created.
    Created,
    /// All its values were replaced.
    Replaced,
    /// A key was added.
    KeyAdded,
    /// The value of a key was replaced.
    KeyReplaced,
    /// A key was removed.
    KeyRemoved,
}

impl Done for SecretDone {
    const ALL: &'static [Self] = &[Self::Created, Self::Replaced, Self::KeyAdded, Self::KeyReplaced, Self::KeyRemoved];

    fn slug(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Replaced => "replaced",
            Self::KeyAdded => "key-added",
            Self::KeyReplaced => "key-replaced",
            Self::KeyRemoved => "key-removed",
        }
    }
}

/// What was done in the list of a namespace's secrets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecretsDone {
    /// A secret was deleted.
    Deleted,
}

impl Done for SecretsDone {
    const ALL: &'static [Self] = &[Self::Deleted];

    fn slug(self) -> &'static str {
        match self {
            Self::Deleted => "deleted",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fmt::Debug;

    fn reads_its_own_words<D: Done + Debug + PartialEq>() {
        for done in D::ALL {
            assert_eq!(D::from_slug(done.slug()), Some(*done));
        }
        assert_eq!(D::from_slug("zebra"), None);
    }

    #[test]
    fn a_page_reads_the_words_that_it_writes_and_no_others() {
        reads_its_own_words::<AccountDone>();
        reads_its_own_words::<UserDone>();
        reads_its_own_words::<TeamDone>();
        reads_its_own_words::<SecretDone>();
        reads_its_own_words::<SecretsDone>();
    }
}
