//! Type erasure for views that the browser builds but never hydrates.
//!
//! Everything below an erased view is compiled twice for the browser: once to build it, once to wake it out of
//! server-rendered HTML. Live parts are only ever built, so half of that code would be dead weight on the wire.

#[cfg(feature = "hydrate")]
#[path = "live/browser.rs"]
mod place;
#[cfg(not(feature = "hydrate"))]
#[path = "live/server.rs"]
mod place;

pub use place::{IntoLive, Live};
