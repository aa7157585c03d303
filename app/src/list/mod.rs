//! The list of apps: one set of functions writes its markup for the server and for the browser, which adopts what the
//! server has written and patches it.
//!
//! No part has a handler of its own. Filters, chips and columns are links and a form; in the browser one listener
//! around the list reads their addresses.

mod attention;
mod listing;
pub mod order;
mod row;
mod table;
mod tools;

pub use attention::{attention, event_id, evidence_link, unticked};
pub use listing::Listing;
#[cfg(feature = "hydrate")]
pub(crate) use listing::group_slug;
pub use row::{Column, digests, write_row};
pub use table::{Titled, empty_list, group_row, head};
pub use tools::tools;

use crate::links::Links;
use domain::UnixMs;

/// What views of the list need beside the rows.
#[derive(Clone, Debug)]
pub struct Around {
    /// How to make links.
    pub links: Links,
    /// The server's clock.
    pub now: UnixMs,
    /// Rows say their namespace: they come from several, and no group says it.
    pub spaces: bool,
    /// Whether the person may create apps here.
    pub creates: bool,
}
