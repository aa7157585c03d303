//! Amounts of CPU and memory, read and written as Kubernetes does (`250m`, `1.5`, `768Mi`, `1G`).

use serde::{Deserialize, Serialize};

/// CPU in thousandths of a core.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MilliCpu(pub u64);

/// Memory in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Bytes(pub u64);

/// A CPU or memory amount that cannot be read. The sentences stand in `english::form`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum QuantityError {
    /// This is no Kubernetes quantity.
    Malformed(String),
    /// Memory in thousandths of a byte, nearly always a typing slip for mebibytes.
    MilliBytes {
        /// The whole text.
        typed: String,
        /// The number before its unit.
        number: String,
    },
}

impl std::error::Error for QuantityError {}

/// A suffix as a power of ten and a factor of two's powers.
fn scale(suffix: &str) -> Option<(i32, u128)> {
    Some(match suffix {
        "" => (0, 1),
        "n" => (-9, 1),
        "u" => (-6, 1),
        "m" => (-3, 1),
        "k" => (3, 1),
        "M" => (6, 1),
        "G" => (9, 1),
        "T" => (12, 1),
        "P" => (15, 1),
        "E" => (18, 1),
        "Ki" => (0, 1 << 10),
        "Mi" => (0, 1 << 20),
        "Gi" => (0, 1 << 30),
        "Ti" => (0, 1 << 40),
        "Pi" => (0, 1 << 50),
        "Ei" => (0, 1 << 60),
        _ => return None,
    })
}

/// Reads an amount in units of `10^-shift`, exactly, and rounds up. With floating point, `690m` would become 691.
fn parse(text: &str, shift: i32) -> Option<u64> {
    let text = text.trim();
    let end = text.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(text.len());
    let (number, suffix) = text.split_at(end);
    if number.len() > 20 {
        return None;
    }
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let digits = format!("{whole}{fraction}");
    let mantissa: u128 = digits.parse().ok()?;
    let mut power = shift - i32::try_from(fraction.len()).ok()?;
    // `1e3` and `1E3` are exponents; `E` and `Ei` are suffixes.
    let factor = match scale(suffix) {
        Some((ten, factor)) => {
            power += ten;
            factor
        }
        None => {
            power += suffix.strip_prefix(['e', 'E'])?.parse::<i32>().ok().filter(|e| e.abs() <= 18)?;
            1
        }
    };
    let value = mantissa.checked_mul(factor)?;
    let value = match u32::try_from(power) {
        Ok(power) => value.checked_mul(10_u128.checked_pow(power)?)?,
        // So small that any amount rounds up to one.
        Err(_) => 10_u128.checked_pow(power.unsigned_abs()).map_or(u128::from(value > 0), |by| value.div_ceil(by)),
    };
    u64::try_from(value).ok().filter(|v| *v < 9_000_000_000_000_000_000)
}

impl MilliCpu {
    /// Reads `250m`, `1`, `0.5`, `100n`; rounds up to a whole thousandth as Kubernetes does.
    ///
    /// # Errors
    /// The text is no such amount.
    pub fn parse(text: &str) -> Result<Self, QuantityError> {
        parse(text, 3).map(Self).ok_or_else(|| QuantityError::Malformed(text.to_owned()))
    }
}

impl Bytes {
    /// Reads `768Mi`, `1G`, `1048576`; rounds up to a whole byte.
    ///
    /// # Errors
    /// The text is no such amount.
    pub fn parse(text: &str) -> Result<Self, QuantityError> {
        if let Some(number) = text.trim().strip_suffix('m')
            && number.parse::<f64>().is_ok()
        {
            return Err(QuantityError::MilliBytes { typed: text.to_owned(), number: number.to_owned() });
        }
        parse(text, 0).map(Self).ok_or_else(|| QuantityError::Malformed(text.to_owned()))
    }
}

impl MilliCpu {
    /// As Kubernetes writes it, to the thousandth: `2`, `250m`.
    #[must_use]
    pub fn exact(self) -> String {
        if self.0.is_multiple_of(1000) { (self.0 / 1000).to_string() } else { format!("{}m", self.0) }
    }
}

impl Bytes {
    /// As Kubernetes writes it, to the byte: `64Mi`, `1000000`.
    #[must_use]
    pub fn exact(self) -> String {
        let units = [(1u64 << 30, "Gi"), (1 << 20, "Mi"), (1 << 10, "Ki")];
        let unit = units.iter().find(|(size, _)| self.0 > 0 && self.0.is_multiple_of(*size));
        unit.map_or_else(|| self.0.to_string(), |(size, name)| format!("{}{name}", self.0 / size))
    }
}

impl std::fmt::Display for MilliCpu {
    /// `212m` below one core, `1.24` above.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.0 < 1000 {
            write!(f, "{}m", self.0)
        } else {
            let text = format!("{}.{:02}", self.0 / 1000, self.0 % 1000 / 10);
            f.write_str(text.trim_end_matches('0').trim_end_matches('.'))
        }
    }
}

impl std::fmt::Display for Bytes {
    /// `488 Mi`, `1.31 Gi`: three figures at most, binary units.
    #[allow(clippy::cast_precision_loss)]
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut value = self.0 as f64;
        let mut unit = "B";
        for next in ["Ki", "Mi", "Gi", "Ti", "Pi"] {
            if value < 1000.0 {
                break;
            }
            value /= 1024.0;
            unit = next;
        }
        let decimals = if value >= 100.0 || value.fract() == 0.0 {
            0
        } else if value >= 10.0 {
            1
        } else {
            2
        };
        let text = format!("{value:.decimals$}");
        let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
        write!(f, "{text} {unit}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_as_kubernetes_reads_them() {
        assert_eq!(MilliCpu::parse("250m"), Ok(MilliCpu(250)));
        assert_eq!(MilliCpu::parse("1.5"), Ok(MilliCpu(1500)));
        assert_eq!(MilliCpu::parse("1n"), Ok(MilliCpu(1)));
        assert_eq!(Bytes::parse("768Mi"), Ok(Bytes(805_306_368)));
        assert_eq!(Bytes::parse("1e3"), Ok(Bytes(1000)));
        assert_eq!(Bytes::parse("1G"), Ok(Bytes(1_000_000_000)));
        assert_eq!(MilliCpu::parse("690m"), Ok(MilliCpu(690)));
        assert_eq!(MilliCpu::parse("0.1"), Ok(MilliCpu(100)));
        assert_eq!(MilliCpu::parse("1.0001"), Ok(MilliCpu(1001)));
        assert_eq!(Bytes::parse("1.5Gi"), Ok(Bytes(1_610_612_736)));
        assert_eq!(Bytes::parse("1E"), Ok(Bytes(1_000_000_000_000_000_000)));
        assert_eq!(Bytes::parse("1Ei"), Ok(Bytes(1 << 60)));
        for bad in ["1.2.3", ".", "1 Mi", "99Ei", "1e99", "1e", "+1", "1i"] {
            assert!(Bytes::parse(bad).is_err(), "{bad}");
        }
        assert!(MilliCpu::parse("one").is_err());
        assert!(MilliCpu::parse("").is_err());
        assert!(MilliCpu::parse("-1").is_err());
    }

    #[test]
    fn the_milli_slip_says_what_was_meant() {
        assert_eq!(Bytes::parse("700m").unwrap_err().to_string(), "\"700m\" means thousandths of a byte. Did you mean 700Mi?");
    }

    #[test]
    fn amounts_are_written_as_the_cluster_writes_them() {
        assert_eq!(MilliCpu(212).to_string(), "212m");
        assert_eq!(MilliCpu(1240).to_string(), "1.24");
        assert_eq!(MilliCpu(3000).to_string(), "3");
        assert_eq!(Bytes(1_406_602_936).to_string(), "1.31 Gi");
        assert_eq!(Bytes(805_306_368).to_string(), "768 Mi");
        assert_eq!(Bytes(1_073_741_824).to_string(), "1 Gi");
        assert_eq!(Bytes(512).to_string(), "512 B");
    }
}
