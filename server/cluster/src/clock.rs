//! The time of day of this machine, for what the cluster itself does not date.

use domain::UnixMs;
use std::time::{SystemTime, UNIX_EPOCH};

/// The moment at which it is called.
pub(crate) fn now() -> UnixMs {
    let ms = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_millis());
    UnixMs(i64::try_from(ms).unwrap_or(i64::MAX))
}
