//! What this room needs from outside: time, randomness, storage and the cluster.
//!
//! The store room implements [`Store`], the cluster room implements [`Cluster`], the binary brings the rest.

mod cluster;
mod store;

pub use cluster::*;
pub use store::*;

use domain::UnixMs;

/// The time of day. Tests bring one that they move by hand.
pub trait Clock: Send + Sync + 'static {
    /// Now.
    fn now(&self) -> UnixMs;
}

/// Randomness for tokens and keys. Tests bring one that repeats.
pub trait Rng: Send + Sync + 'static {
    /// Fills `buffer` with random bytes.
    fn fill(&self, buffer: &mut [u8]);
}
