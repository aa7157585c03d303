//! Reads the portal's own source, for the tests of this crate: rules of the house that no lint of the compiler knows.

#![allow(clippy::wildcard_enum_match_arm, reason = "the enums are those of syn")]

mod circles;
mod codes;
mod graph;
mod paths;
mod prose;
mod source;

pub use circles::circles;
pub use codes::{Coded, codes};
pub use graph::Graph;
pub use paths::{Tree, links_in};
pub use prose::{Reading, readings};
pub use source::{Crate, File, crates, root};
