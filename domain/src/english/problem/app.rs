//! What is said where an app, a revision or a log doesn't fit what was asked.

use crate::FieldError;
use crate::check::Check;
use crate::english::text::clip;
use crate::english::{action, check};
use crate::problem::{AppProblem, Deletion, LogProblem};
use crate::time::short;

/// Most containers that are named.
const NAMED: usize = 12;
/// Most characters of a name that somebody typed.
const NAME: usize = 80;

pub(super) fn sentence(problem: &AppProblem) -> String {
    match problem {
        AppProblem::NotFound { kind, name, namespace, deleted } => {
            let why = deleted.as_ref().map_or_else(|| "It may have been deleted. Check the list of apps.".to_owned(), who_deleted);
            format!("No {} {name} in namespace {namespace}. {why}", kind.words())
        }
        AppProblem::StillLoading => "The portal is still loading from the cluster. Try again in a moment.".to_owned(),
        AppProblem::ActionRefused { why } => action::refusal(why),
        AppProblem::ActionUnsupported { kind, action } => format!("A {} doesn't support this: {}.", kind.words(), action.slug()),
        AppProblem::NoCurrentRevision => "No revision is current right now. Try again once the rollout has started.".to_owned(),
        AppProblem::RevisionCurrent { revision } => format!("Revision {revision} is already current."),
        AppProblem::RevisionNotFound { revision } => format!("Revision {revision} no longer exists. Choose one from the history."),
        AppProblem::OperationNotFound { id } => format!("No operation {id}. Operations are kept for 14 days after they end."),
        AppProblem::ChecksFailed(checks) => checks.first().map(|first| check::sentence(&first.code)).unwrap_or_default(),
        AppProblem::EarlierChangeUnfinished => "An earlier change to this app is still being finished. Try again in a moment.".to_owned(),
    }
}

/// What is said beside the fields of the form that checks are about.
pub(super) fn beside_fields(checks: &[Check]) -> Vec<FieldError> {
    checks.iter().filter_map(|failed| Some(FieldError::new(failed.field.as_ref()?.to_string(), check::sentence(&failed.code)))).collect()
}

fn who_deleted(deletion: &Deletion) -> String {
    format!("{} deleted it {} ago.", deletion.by, short(deletion.ago_ms))
}

pub(super) fn log_sentence(problem: &LogProblem) -> String {
    match problem {
        LogProblem::PodGone => "That pod is gone. A newer one may have replaced it; choose one from the list.".to_owned(),
        LogProblem::ContainerNotFound { container, known } => {
            format!("This app has no container {}. It has {}.", clip(container, NAME), names(known))
        }
    }
}

/// The containers of an app: `main`, `main and sidecar`.
fn names(all: &[String]) -> String {
    let (shown, more) = all.split_at(all.len().min(NAMED));
    let (first, last) = match (shown, more.len()) {
        ([], _) => return "none".to_owned(),
        ([first @ .., last], 0) => (first, last.clone()),
        (shown, more) => (shown, format!("{more} more")),
    };
    if first.is_empty() { last } else { format!("{} and {last}", first.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_containers_of_many_are_named_and_the_others_are_counted() {
        let all = |n: usize| (0..n).map(|n| format!("c{n}")).collect::<Vec<_>>();
        assert_eq!(names(&all(0)), "none");
        assert_eq!(names(&all(1)), "c0");
        assert_eq!(names(&all(2)), "c0 and c1");
        assert_eq!(names(&all(3)), "c0, c1 and c2");
        assert!(names(&all(15)).ends_with("c10, c11 and 3 more"));
    }
}
