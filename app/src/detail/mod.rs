//! The page of an app: views for the server and, while it is open, for the browser.

mod actions;
mod events;
mod head;
mod overview;
mod pod;
mod side;

#[cfg(feature = "hydrate")]
pub(crate) use actions::lines as action_lines;
pub use overview::Piece;
pub use pod::{Cell, digests, write_pod};

use crate::list::Around;
use crate::parts::Live;
use domain::view::AppDetail;
use serde::{Deserialize, Serialize};

/// A part of the page that stays live.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Part {
    /// Name, status, sentence, actions.
    Head,
    /// What happened, and the pods.
    Overview,
    /// Endpoints and settings.
    Side,
    /// Events.
    Events,
    /// How many events there are, beside the word in the tab.
    EventCount,
}

/// Paints a part.
#[must_use]
pub fn part(part: Part, detail: &AppDetail, around: &Around) -> Live {
    match part {
        Part::Head => head::view(detail, around),
        Part::Overview => overview::view(detail, around),
        Part::Side => side::view(detail, around),
        Part::Events => events::view(detail, around),
        Part::EventCount => events::number(detail),
    }
}
