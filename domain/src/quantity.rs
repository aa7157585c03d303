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

/// A CPU or memory amount that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QuantityError {
    /// Not a Kubernetes quantity.
    #[error("{0:?} is not an amount. Write CPU like 250m or 1.5, memory like 512Mi or 2Gi.")]
    Malformed(String),
    /// Memory in thousandths of a byte, nearly always a typing slip.
    #[error("{0:?} means thousandths of a byte. Write Mi for mebibytes: {1}.")]
    MilliBytes(String, String),
}

// (number as micro-units, suffix)
fn split(text: &str) -> Option<(f64, &str)> {
    let text = text.trim();
    let end = text.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(text.len());
    // `1e3` and `1E3` are exponents; a lone `E` is the suffix exa.
    let (number, suffix) = text.split_at(end);
    let value: f64 = number.parse().ok()?;
    if !value.is_finite() || number.len() > 20 {
        return None;
    }
    if let Some(exp) = suffix.strip_prefix(['e', 'E'])
        && !exp.is_empty()
    {
        let exp: i32 = exp.parse().ok().filter(|e: &i32| e.abs() <= 18)?;
        return Some((value * 10f64.powi(exp), ""));
    }
    Some((value, suffix))
}

fn scale(suffix: &str) -> Option<f64> {
    Some(match suffix {
        "" => 1.0,
        "n" => 1e-9,
        "u" => 1e-6,
        "m" => 1e-3,
        "k" => 1e3,
        "M" => 1e6,
        "G" => 1e9,
        "T" => 1e12,
        "P" => 1e15,
        "E" => 1e18,
        "Ki" => 1024.0,
        "Mi" => 1_048_576.0,
        "Gi" => 1_073_741_824.0,
        "Ti" => 1_099_511_627_776.0,
        "Pi" => 1_125_899_906_842_624.0,
        "Ei" => 1_152_921_504_606_846_976.0,
        _ => return None,
    })
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn parse(text: &str, per_unit: f64) -> Option<u64> {
    let (number, suffix) = split(text)?;
    let value = (number * scale(suffix)? * per_unit).ceil();
    (0.0..9.0e18).contains(&value).then_some(value as u64)
}

impl MilliCpu {
    /// Reads `250m`, `1`, `0.5`, `100n`; rounds up to a whole thousandth as Kubernetes does.
    ///
    /// # Errors
    /// A sentence for the person at the form.
    pub fn parse(text: &str) -> Result<Self, QuantityError> {
        parse(text, 1000.0).map(Self).ok_or_else(|| QuantityError::Malformed(text.to_owned()))
    }
}

impl Bytes {
    /// Reads `768Mi`, `1G`, `1048576`; rounds up to a whole byte.
    ///
    /// # Errors
    /// A sentence for the person at the form.
    pub fn parse(text: &str) -> Result<Self, QuantityError> {
        if let Some(number) = text.trim().strip_suffix('m')
            && number.parse::<f64>().is_ok()
        {
            return Err(QuantityError::MilliBytes(text.to_owned(), format!("{number}Mi")));
        }
        parse(text, 1.0).map(Self).ok_or_else(|| QuantityError::Malformed(text.to_owned()))
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
        assert!(MilliCpu::parse("one").is_err());
        assert!(MilliCpu::parse("").is_err());
        assert!(MilliCpu::parse("-1").is_err());
    }

    #[test]
    fn the_milli_slip_says_what_was_meant() {
        assert_eq!(Bytes::parse("700m").unwrap_err().to_string(), "\"700m\" means thousandths of a byte. Write Mi for mebibytes: 700Mi.");
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
