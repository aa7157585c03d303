//! The change with which a story begins.

use crate::english::text::{capital, clip};
use crate::facts::{PortalAction, PortalChange};
use crate::story::{Change, Changed, Images, Rollout};
use crate::{short_image, told_image};

/// `kubectl deployed revision 1 (shop:1)`, without a full stop; without a name, `Deployed revision 1 (shop:1)`.
pub(super) fn sentence(change: &Change) -> String {
    let what = what(&change.what);
    let cause = change.cause.as_ref().map_or_else(String::new, |c| format!(": \u{201c}{}\u{201d}", clip(c, 120)));
    let by = change.by.as_ref().map(|by| clip(by, 60));
    format!("{}{cause}", by.map_or_else(|| capital(&what), |by| format!("{by} {what}")))
}

fn what(changed: &Changed) -> String {
    match changed {
        Changed::Revision { revision, how } => match how {
            Rollout::Restarted => format!("restarted the app (revision {revision})"),
            Rollout::RolledBack { to, images } => {
                let images = images.as_ref().map_or_else(String::new, |i| format!(" ({})", images_words(i)));
                format!("rolled back to revision {to} as revision {revision}{images}")
            }
            Rollout::Deployed(None) | Rollout::Created | Rollout::Changed => format!("deployed revision {revision} (pod template changed)"),
            Rollout::Deployed(Some(images)) => format!("deployed revision {revision} ({})", images_words(images)),
        },
        Changed::Workload { kind, name, how } => {
            let which = format!("{} {name}", kind.words());
            match how {
                Rollout::Restarted => format!("restarted {which}"),
                Rollout::RolledBack { to, .. } => format!("rolled back {which} to revision {to}"),
                Rollout::Created => format!("created {which}"),
                Rollout::Changed | Rollout::Deployed(_) => format!("changed {which}"),
            }
        }
    }
}

/// `shop:1 → shop:2`; where the short names are alike, the long ones.
fn images_words(images: &Images) -> String {
    let short = |image: &str| {
        let (name, tag) = short_image(image);
        format!("{}{}{}", clip(name, 60), if tag.starts_with("sha256:") { "@" } else { ":" }, clip(tag, 60))
    };
    let now = short(&images.now);
    match &images.before {
        None => now,
        Some(before) if short(before) == now => format!("{} → {}", clip(&told_image(before), 120), clip(&told_image(&images.now), 120)),
        Some(before) => format!("{} → {now}", short(before)),
    }
}

/// `Restarted by Ilse Brandt`, without a full stop.
#[must_use]
pub fn asked(change: &PortalChange) -> String {
    let what = match change.action {
        PortalAction::Create => "Created".to_owned(),
        PortalAction::Restart => "Restarted".to_owned(),
        PortalAction::Rollback { to } => format!("Rolled back to revision {to}"),
    };
    let by = clip(&change.by, 60);
    if by.is_empty() { what } else { format!("{what} by {by}") }
}
