//! Time that lengths are measured with.

use crate::UnixMs;
use serde::{Deserialize, Serialize};

/// A moment of a clock that nobody sets: the time of day at the portal's start, in milliseconds, and what has passed since.
/// It never goes back and never jumps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
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
