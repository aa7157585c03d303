//! What is said of operations: what happens, how one ended, and that it was interrupted.

mod end;
mod progress;
mod view;

pub use end::{end, refused};
pub use progress::progress;
pub use view::{progress_view, state, title, verdict_view, view};

use crate::operation::{Ending, Interruption, Piece, Resumed, Touched};

/// How it ended, for the audit table, beside words that tell what it was.
#[must_use]
pub fn detail(ending: &Ending) -> String {
    match ending {
        Ending::Created => "Interrupted, but the app is complete.".to_owned(),
        Ending::Deleted => "Interrupted, then finished.".to_owned(),
        Ending::NotDeleted => "Interrupted. Nothing was deleted.".to_owned(),
        Ending::Undone { removed, left } => format!("Interrupted. {}{}", undone(removed), kept(left)),
    }
}

/// What became of an interrupted change of one call, for the audit table.
#[must_use]
pub const fn resumed(resumed: Resumed) -> &'static str {
    match resumed {
        Resumed::AsAsked => "Interrupted, but the app is as asked.",
        Resumed::SentAgain => "Interrupted, then sent again.",
        Resumed::NotMade => "Interrupted. Nothing was changed.",
    }
}

/// The end of an interrupted creation or deletion for the person who started it: whole sentences.
#[must_use]
pub fn sentence(told: &Interruption) -> String {
    let app = format!("{} in {}", told.app.name, told.app.namespace);
    match &told.ending {
        Ending::Created => format!("Creating {app} was interrupted, but the app is complete."),
        Ending::Deleted => format!("Deleting {app} was interrupted, then finished."),
        Ending::NotDeleted => format!("Deleting {app} was interrupted. Nothing was deleted."),
        Ending::Undone { removed, left } => {
            let again = if left.is_empty() { " You can create it again." } else { "" };
            format!("Creating {app} was interrupted. {}{}{again}", undone(removed), kept(left))
        }
    }
}

fn undone(removed: &[Piece]) -> String {
    match removed {
        [] => "There was nothing to remove.".to_owned(),
        some => format!("Removed its {}.", some.iter().map(|piece| word(*piece)).collect::<Vec<_>>().join(" and ")),
    }
}

fn kept(left: &[Touched]) -> String {
    left.iter().map(|t| format!(" Kept its {}: {} has changed it.", word(t.piece), t.by)).collect()
}

pub(crate) const fn word(piece: Piece) -> &'static str {
    match piece {
        Piece::Service => "service",
        Piece::Ingress => "ingress",
        Piece::Deployment => "deployment",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{AppId, Kind, Namespace, WorkloadName};

    #[test]
    fn an_interrupted_creation_says_what_was_removed_and_what_stays() {
        let app = AppId { namespace: Namespace::parse("web").unwrap(), kind: Kind::Deployment, name: WorkloadName::parse("shop").unwrap() };
        let left = vec![Touched { piece: Piece::Service, by: "kubectl-edit".into() }];
        let said = |removed: &[Piece], left| sentence(&Interruption { app: app.clone(), ending: Ending::Undone { removed: removed.to_vec(), left } });
        assert_eq!(said(&[Piece::Ingress], left), "Creating shop in web was interrupted. Removed its ingress. Kept its service: kubectl-edit has changed it.");
        assert_eq!(
            said(&[Piece::Ingress, Piece::Service], vec![]),
            "Creating shop in web was interrupted. Removed its ingress and service. You can create it again."
        );
        assert_eq!(detail(&Ending::Undone { removed: vec![], left: vec![] }), "Interrupted. There was nothing to remove.");
    }
}
