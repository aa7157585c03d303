//! Amounts of CPU and memory that were refused.

use crate::quantity::QuantityError;

/// What is said of an amount that was refused.
#[must_use]
pub fn quantity(error: &QuantityError) -> String {
    match error {
        QuantityError::Malformed(text) => format!("{text:?} isn't a valid amount. Use 250m or 1.5 for CPU, 512Mi or 2Gi for memory."),
        QuantityError::MilliBytes { typed, number } => format!("{typed:?} means thousandths of a byte. Did you mean {number}Mi?"),
    }
}

impl std::fmt::Display for QuantityError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&quantity(self))
    }
}
