//! The parts of pages that live in the browser.

pub mod app;
pub mod apps;
#[cfg(feature = "hydrate")]
mod dotenv;
#[cfg(feature = "hydrate")]
mod draft;
pub mod live_state;
pub mod logs;
pub mod new_app;
pub mod new_secret;
