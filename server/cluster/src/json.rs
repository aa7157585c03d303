//! Answers of the API server, read as they come and within bounds.
//!
//! A tenant can write objects of a megabyte and lists of hundreds of them. Whoever reads such an answer in full, or an object
//! of it as a tree of values, keeps a heap of that size for good. Here the bytes go through a [`sieve`] that drops what nobody
//! reads, and what comes out is one small object at a time.

mod doc;
mod repair;
mod rule;
mod sieve;
mod stream;

pub(crate) use repair::read;
pub(crate) use rule::{Limits, METADATA, Rule};
pub(crate) use sieve::{Identity, Object};
pub(crate) use stream::{Change, list, object, pages, watch, watch_path};

/// What comes is no JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Broken;

impl From<Broken> for kube::Error {
    fn from(_: Broken) -> Self {
        Self::SerdeError(serde::de::Error::custom("the answer is no JSON"))
    }
}
