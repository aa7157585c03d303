//! The verbs of audit entries.

/// What was done, as a verb.
#[derive(Clone, Copy)]
pub(super) enum Verb {
    Create,
    Restart,
    Scale,
    Pause,
    Resume,
    RollBack,
    Delete,
    Change,
    Set,
    SignOut,
    Remove,
    Make,
    SignIn,
    SetUp,
    Access,
    /// For an action that has no verb of its own; its code follows.
    Do,
}

impl Verb {
    /// Infinitive and past.
    pub(super) const fn forms(self) -> (&'static str, &'static str) {
        match self {
            Self::Create => ("create", "Created"),
            Self::Restart => ("restart", "Restarted"),
            Self::Scale => ("scale", "Scaled"),
            Self::Pause => ("pause", "Paused"),
            Self::Resume => ("resume", "Resumed"),
            Self::RollBack => ("roll back", "Rolled back"),
            Self::Delete => ("delete", "Deleted"),
            Self::Change => ("change", "Changed"),
            Self::Set => ("set", "Set"),
            Self::SignOut => ("sign out", "Signed out"),
            Self::Remove => ("remove", "Removed"),
            Self::Make => ("make", "Made"),
            Self::SignIn => ("sign in", "Signed in"),
            Self::SetUp => ("set up", "Set up"),
            Self::Access => ("access", "Accessed"),
            Self::Do => ("do", "Did"),
        }
    }
}
