//! What only the browser has: the socket, the API, and the small things that every page does.

pub mod again;
pub mod ages;
pub mod api;
pub mod board;
mod copy;
mod dialogs;
pub mod dom;
pub mod keys;
pub mod pace;
pub mod page;
mod palette;
pub mod patch;
pub mod quiet;
mod recent;
mod session;
pub mod socket;
mod times;
pub mod toast;
