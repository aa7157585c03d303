//! Passwords and their hashes.

use super::finding::{Finding, FindingKind};
use super::parse::{self, Reader};
use super::validate::Validate;
use domain::secret::SecretText;

/// Least KiB per lane that argon2 works with.
const LEAST_PER_LANE: u32 = 8;

/// Cost of a password hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Argon2Cost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over the memory, 1 to 20.
    pub iterations: u32,
    /// Lanes that are computed in parallel, 1 to 16.
    pub parallelism: u32,
}

/// Passwords and their hashes.
#[derive(Clone)]
pub struct Passwords {
    /// Password of the first admin.
    pub admin: Option<SecretText>,
    /// Cost of a password hash.
    pub argon2: Argon2Cost,
}

impl Passwords {
    pub(super) fn read(read: &Reader<'_>) -> Result<Self, Finding> {
        Ok(Self {
            admin: read.optional("admin_password", |t| Ok(SecretText::new(t.to_owned())))?,
            argon2: Argon2Cost {
                memory_kib: read.with("argon2_memory", |t| parse::between(t, LEAST_PER_LANE, 1_048_576))?,
                iterations: read.with("argon2_iterations", |t| parse::between(t, 1, 20))?,
                parallelism: read.with("argon2_parallelism", |t| parse::between(t, 1, 16))?,
            },
        })
    }
}

impl Validate for Passwords {
    fn validate(&self) -> Vec<Finding> {
        let low = self.argon2.memory_kib < LEAST_PER_LANE * self.argon2.parallelism;
        low.then_some(Finding { setting: "argon2_memory", kind: FindingKind::MemoryBelowLanes }).into_iter().collect()
    }
}
