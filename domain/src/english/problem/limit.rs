//! What is said to whoever does too much at once.

use crate::problem::LimitProblem;
use crate::time::short;

pub(super) fn sentence(problem: LimitProblem) -> String {
    match problem {
        LimitProblem::Attempts { wait_ms } => format!("Too many attempts. Try again in {}.", wait(wait_ms)),
        LimitProblem::AttemptsAtOnce => "Too many attempts at once. Try again in a few seconds.".to_owned(),
        LimitProblem::Changes { wait_ms } => {
            format!("Too many changes in a short time, so this one wasn't made. Try again in {}.", wait(wait_ms))
        }
        LimitProblem::PagesAtOnce => "Too many of your pages are loading at once. Wait for some, then reload this one.".to_owned(),
        LimitProblem::SignInsAtOnce => "Many people are signing in right now. Try again in a few seconds.".to_owned(),
        LimitProblem::LogsOfPortal => "Too many logs are open in the portal. Try again in a moment.".to_owned(),
        LimitProblem::LogsOfPerson => "You have too many logs open. Close some of them first.".to_owned(),
        LimitProblem::ConnectionsOfPortal => "The portal has reached its limit of live connections.".to_owned(),
        LimitProblem::ConnectionsOfPerson => "You have reached the limit of live connections. Close some pages.".to_owned(),
        LimitProblem::Topics { most } => format!("A page can watch at most {most} topics at once."),
    }
}

/// A wait, rounded up to whole seconds: who comes back after it isn't too early.
fn wait(ms: i64) -> String {
    short(ms + 999)
}
