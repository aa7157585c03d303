//! Faults of the portal itself. The log has the details, so they have no arguments.

/// What the portal couldn't do through a fault of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultProblem {
    /// Something that nobody has foreseen.
    Unexpected,
    /// A request reached its handler without its context.
    ContextLost,
    /// The portal stopped before a change was done.
    PortalStopped,
    /// A password couldn't be hashed.
    PasswordNotChecked,
    /// Two revisions couldn't be compared.
    RevisionsNotCompared,
}

impl FaultProblem {
    pub(super) const fn reason(self) -> &'static str {
        match self {
            Self::Unexpected => "unexpected_fault",
            Self::ContextLost => "request_context_lost",
            Self::PortalStopped => "portal_stopped",
            Self::PasswordNotChecked => "password_not_checked",
            Self::RevisionsNotCompared => "revisions_not_compared",
        }
    }
}
