//! The little line of the last hour, with the number now beside it.

use crate::html::Html;
use std::fmt::Write as _;

impl Html {
    /// 52 × 16 px; `points` are in 0..=100 of the height. Without points only the number, without a number a dash.
    pub fn spark(&mut self, points: &[u8], now: Option<&str>) {
        self.raw(if now.is_some() { "<span class=\"spark\">" } else { "<span class=\"spark muted\">" });
        if points.len() > 1 {
            self.raw("<svg class=\"c-ink3\" width=\"52\" height=\"16\" viewBox=\"0 0 52 16\" aria-hidden=\"true\">").drawn(&drawing(points)).raw("</svg>");
        }
        self.raw("<span class=\"v\">").text(now.unwrap_or("–")).raw("</span></span>");
    }
}

// Tenths of a pixel in whole numbers: the same text on both sides, and no float formatting in the wasm.
fn drawing(points: &[u8]) -> String {
    if points.len() < 2 {
        return String::new();
    }
    let mut line = String::with_capacity(points.len() * 10);
    let last = points.len() - 1;
    let mut end = 0;
    for (i, point) in points.iter().enumerate() {
        let x = i * 520 / last;
        end = 150 - usize::from((*point).min(100)) * 14 / 10;
        let _ = write!(line, "{}{}.{} {}.{}", if i == 0 { 'M' } else { 'L' }, x / 10, x % 10, end / 10, end % 10);
    }
    format!(
        "<path d=\"{line}L52 16L0 16Z\" fill=\"currentColor\" opacity=\".13\"/><path d=\"{line}\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"1.25\" stroke-linejoin=\"round\"/><circle cx=\"52\" cy=\"{}.{}\" r=\"1.75\" fill=\"currentColor\"/>",
        end / 10,
        end % 10
    )
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_line_begins_left_and_ends_right() {
        let drawn = super::drawing(&[0, 50, 100]);
        assert!(drawn.contains("d=\"M0.0 15.0L26.0 8.0L52.0 1.0\""), "{drawn}");
        assert_eq!(super::drawing(&[7]), "");
    }
}
