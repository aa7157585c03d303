//! What this room needs from outside: time, randomness, storage and the cluster.
//!
//! The store room implements [`Store`], the cluster room implements [`Cluster`], the binary brings the rest.

mod attempts;
mod audit_log;
mod cluster;
mod creations;
mod database;
mod drafts;
mod logs;
mod manifests;
mod metrics;
mod operations;
mod recovery;
mod revisions;
mod samples;
mod secrets;
mod sessions;
mod store;
mod teams;
mod users;
mod workloads;
mod world;

pub use attempts::*;
pub use audit_log::*;
pub use cluster::*;
pub use creations::*;
pub use database::*;
pub use drafts::*;
pub use logs::*;
pub use manifests::*;
pub use metrics::*;
pub use operations::*;
pub use recovery::*;
pub use revisions::*;
pub use samples::*;
pub use secrets::*;
pub use sessions::*;
pub use store::*;
pub use teams::*;
pub use users::*;
pub use workloads::*;
pub use world::*;

use domain::UnixMs;

/// The time. Tests bring one that they move by hand.
pub trait Clock: Send + Sync + 'static {
    /// The time of day: for what is shown, and for what is compared with dates of the cluster. Anybody may set it.
    fn now(&self) -> UnixMs;
    /// The time that lengths are measured with: limits, sessions, what is remembered for a while.
    fn steady(&self) -> Steady;
}

/// A moment of a clock that nobody sets: the time of day at the portal's start, in milliseconds, and what has passed since.
/// It never goes back and never jumps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Steady(pub i64);

impl Steady {
    /// Milliseconds from `earlier` to this moment; none where `earlier` is later, which only a wrong clock can bring about.
    #[must_use]
    pub const fn since(self, earlier: Self) -> i64 {
        let passed = self.0.saturating_sub(earlier.0);
        if passed < 0 { 0 } else { passed }
    }

    /// This moment, `ms` milliseconds later.
    #[must_use]
    pub const fn plus(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms))
    }

    /// As it is kept in the store, to be read by [`Steady::from`] again.
    #[must_use]
    pub const fn date(self) -> UnixMs {
        UnixMs(self.0)
    }
}

impl From<UnixMs> for Steady {
    fn from(date: UnixMs) -> Self {
        Self(date.0)
    }
}

/// Randomness for tokens and keys. Tests bring one that repeats.
pub trait Rng: Send + Sync + 'static {
    /// Fills `buffer` with random bytes.
    fn fill(&self, buffer: &mut [u8]);
}
