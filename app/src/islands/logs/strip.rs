//! The strip above the lines: how many lines and how many errors came when, and which part of it is in sight.

use domain::log::{Level, Line};
use std::fmt::Write as _;

/// Most bars.
const BARS: i64 = 120;
/// Milliseconds that a bar may stand for.
const STEPS: [i64; 16] =
    [100, 500, 1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 1_800_000, 3_600_000, 10_800_000, 86_400_000];
/// Width and height of the drawing.
pub(crate) const WIDTH: i64 = 240;
const HEIGHT: u32 = 24;

/// The bars: from this moment on, each of so many milliseconds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Strip {
    from: i64,
    step: i64,
    /// Lines, and errors among them.
    bars: Vec<(u32, u32)>,
}

/// Counts lines that have a time; nothing where they are of one moment.
pub(crate) fn strip<'a>(lines: impl Iterator<Item = &'a Line> + Clone) -> Option<Strip> {
    let timed = lines.filter(|l| l.note.is_none()).filter_map(|l| Some((l.at()?.0, l.level)));
    let (first, last) = timed.clone().fold((i64::MAX, i64::MIN), |(a, b), (at, _)| (a.min(at), b.max(at)));
    let span = last.checked_sub(first).filter(|span| *span > 0)?;
    let step = STEPS.into_iter().find(|step| span / step < BARS).unwrap_or(span / BARS + 1);
    let from = first - first.rem_euclid(step);
    let count = usize::try_from((last - from) / step + 1).ok()?;
    let mut bars = vec![(0, 0); count];
    for (at, level) in timed {
        if let Some(bar) = usize::try_from((at - from) / step).ok().and_then(|n| bars.get_mut(n)) {
            bar.0 += 1;
            bar.1 += u32::from(level.is_some_and(|l| l <= Level::Error));
        }
    }
    (count > 1).then_some(Strip { from, step, bars })
}

impl Strip {
    fn width(&self) -> i64 {
        self.step * i64::try_from(self.bars.len()).unwrap_or(1)
    }

    /// Where a moment is drawn.
    pub(crate) fn x(&self, at: i64) -> i64 {
        ((at - self.from).clamp(0, self.width()) * WIDTH) / self.width().max(1)
    }

    /// The moment at a part of the width, in thousandths.
    pub(crate) fn at(&self, thousandths: i64) -> i64 {
        self.from + self.width() * thousandths.clamp(0, 1000) / 1000
    }

    /// The outlines of lines and of errors.
    pub(crate) fn paths(&self) -> (String, String) {
        let top = self.bars.iter().map(|b| b.0).max().unwrap_or(1).max(1);
        let (mut lines, mut errors) = (String::new(), String::new());
        for (n, (all, bad)) in self.bars.iter().enumerate() {
            let n = i64::try_from(n).unwrap_or(0);
            let (left, right) = (self.x(self.from + n * self.step), self.x(self.from + (n + 1) * self.step));
            for (count, path) in [(*all, &mut lines), (*bad, &mut errors)] {
                if count > 0 {
                    // What is there at all can be seen.
                    let height = (u64::from(count) * u64::from(HEIGHT) / u64::from(top)).max(1);
                    let _ = write!(path, "M{left} {HEIGHT}v-{height}h{}v{height}z", (right - left).max(1));
                }
            }
        }
        (lines, errors)
    }

    /// What the strip is, for who cannot see it.
    pub(crate) fn label(&self) -> String {
        let (lines, errors) = self.bars.iter().fold((0_u64, 0_u64), |(l, e), b| (l + u64::from(b.0), e + u64::from(b.1)));
        let minutes = (self.width() / 60_000).max(1).unsigned_abs();
        format!(
            "{} and {} per minute over {minutes} min",
            super::scope::lines(lines / minutes),
            if errors / minutes == 1 { "1 error".to_owned() } else { format!("{} errors", super::scope::grouped(errors / minutes)) }
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::log::LogBuffer;

    fn of(lines: &[(u32, &str)]) -> Option<Strip> {
        let mut b = LogBuffer::default();
        for (second, text) in lines {
            b.push(0, format!("2026-11-21T05:{:02}:{:02}Z {text}\n", second / 60, second % 60).as_bytes());
        }
        strip(b.lines().iter())
    }

    #[test]
    fn lines_and_errors_are_counted_by_time() {
        let found = of(&[(0, "a"), (0, "ERROR b"), (30, "c"), (100, "fatal: d")]).unwrap();
        assert_eq!((found.step, found.bars.len()), (1_000, 101));
        assert_eq!((found.bars[0], found.bars[30], found.bars[100], found.bars[50]), ((2, 1), (1, 0), (1, 1), (0, 0)));
        assert_eq!(found.label(), "4 lines and 2 errors per minute over 1 min");
        assert_eq!((found.at(0), found.x(found.at(0)), found.x(found.at(1000))), (found.from, 0, WIDTH));
        assert!(found.paths().1.starts_with("M0 24v-12h"));
    }

    #[test]
    fn a_moment_is_no_strip_and_years_have_few_bars() {
        assert_eq!(of(&[(5, "a"), (5, "b")]), None);
        assert_eq!(of(&[]), None);
        let mut b = LogBuffer::default();
        for year in 1970..2026 {
            b.push(0, format!("{year}-11-21T05:00:00Z x\n").as_bytes());
        }
        assert!(strip(b.lines().iter()).unwrap().bars.len() <= 122);
    }
}
