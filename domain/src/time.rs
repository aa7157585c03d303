//! Points in time as milliseconds since 1970 (UTC), and how a person reads them.

use serde::{Deserialize, Serialize};

/// Milliseconds since 1970-01-01T00:00:00Z. The only notion of time on the wire.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UnixMs(pub i64);

impl UnixMs {
    /// Milliseconds from `earlier` to this moment; negative where `earlier` is later.
    #[must_use]
    pub const fn since(self, earlier: Self) -> i64 {
        self.0 - earlier.0
    }

    /// This moment, `ms` milliseconds later.
    #[must_use]
    pub const fn plus(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms))
    }

    /// `2026-11-21T05:04:03Z`, for machines, titles and `<time datetime>`.
    #[must_use]
    pub fn rfc3339(self) -> String {
        let (y, mo, d, h, mi, s) = self.civil();
        format!("{y:04}-{mo:02}-{d:02}T{h:02}:{mi:02}:{s:02}Z")
    }

    /// `Sat, 21 Nov 2026 05:04:03 GMT`, for HTTP.
    #[must_use]
    pub fn http_date(self) -> String {
        const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
        const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
        let (y, mo, d, h, mi, s) = self.civil();
        let named = |names: &[&'static str], n: i64| usize::try_from(n).ok().and_then(|n| names.get(n).copied()).unwrap_or_default();
        // 1970 began on a Thursday.
        let day = named(&DAYS, self.0.div_euclid(86_400_000).rem_euclid(7));
        format!("{day}, {d:02} {} {y:04} {h:02}:{mi:02}:{s:02} GMT", named(&MONTHS, mo - 1))
    }

    /// `05:04:03` in UTC.
    #[must_use]
    pub fn clock(self) -> String {
        let (_, _, _, h, mi, s) = self.civil();
        format!("{h:02}:{mi:02}:{s:02}")
    }

    // Howard Hinnant's days-from-civil algorithm, inverted ("chrono-Compatible Low-Level Date Algorithms").
    fn civil(self) -> (i64, i64, i64, i64, i64, i64) {
        let secs = self.0.div_euclid(1000);
        let (days, rest) = (secs.div_euclid(86_400), secs.rem_euclid(86_400));
        let z = days + 719_468;
        let era = z.div_euclid(146_097);
        let doe = z.rem_euclid(146_097);
        let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
        let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
        let mp = (5 * doy + 2) / 153;
        let day = doy - (153 * mp + 2) / 5 + 1;
        let month = if mp < 10 { mp + 3 } else { mp - 9 };
        let year = yoe + era * 400 + i64::from(month <= 2);
        (year, month, day, rest / 3600, rest % 3600 / 60, rest % 60)
    }
}

/// A length of time with one unit, as ages are written: `41 d`, `2 h`, `35 min`, `12 s`.
#[must_use]
pub fn short(ms: i64) -> String {
    let s = ms.max(0) / 1000;
    match s {
        0..=89 => format!("{s} s"),
        90..=5399 => format!("{} min", (s + 30) / 60),
        5400..=172_799 => format!("{} h", s / 3600),
        172_800..=62_899_199 => format!("{} d", s / 86_400),
        _ => format!("{} y", s / 31_557_600),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_as_machines_expect_it() {
        assert_eq!(UnixMs(0).rfc3339(), "1970-01-01T00:00:00Z");
        assert_eq!(UnixMs(1_709_164_799_999).rfc3339(), "2024-02-28T23:59:59Z");
        assert_eq!(UnixMs(1_709_164_800_000).rfc3339(), "2024-02-29T00:00:00Z");
        assert_eq!(UnixMs(-1).rfc3339(), "1969-12-31T23:59:59Z");
    }

    #[test]
    fn a_date_is_written_as_http_wants_it() {
        assert_eq!(UnixMs(784_111_777_000).http_date(), "Sun, 06 Nov 1994 08:49:37 GMT");
        assert_eq!(UnixMs(0).http_date(), "Thu, 01 Jan 1970 00:00:00 GMT");
        assert_eq!(UnixMs(1_709_164_799_999).http_date(), "Wed, 28 Feb 2024 23:59:59 GMT");
    }

    #[test]
    fn an_age_has_one_unit() {
        assert_eq!(short(12_000), "12 s");
        assert_eq!(short(35 * 60_000), "35 min");
        assert_eq!(short(2 * 3_600_000), "2 h");
        assert_eq!(short(41 * 86_400_000), "41 d");
    }
}
