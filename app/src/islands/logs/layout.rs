//! Where rows stand. Rows are 20 px high; where lines wrap each has its own height, estimated from its length until
//! it was painted once.

/// Height of a row that does not wrap, px.
pub(crate) const ROW: u32 = 20;
/// Rows painted above and below what can be seen.
const SPARE: usize = 8;

/// The tops of rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Layout {
    /// That many rows of the same height.
    Even(usize),
    /// Tops of all rows, and the end of the last.
    Own(Vec<u32>),
}

impl Layout {
    /// Rows with heights of their own.
    pub(crate) fn own(heights: impl Iterator<Item = u32>) -> Self {
        let mut tops = vec![0_u32];
        let mut end = 0_u32;
        for height in heights {
            end = end.saturating_add(height);
            tops.push(end);
        }
        Self::Own(tops)
    }

    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Even(rows) => *rows,
            Self::Own(tops) => tops.len() - 1,
        }
    }

    /// Height of all rows.
    pub(crate) fn height(&self) -> u32 {
        self.top(self.len())
    }

    /// Where a row begins.
    pub(crate) fn top(&self, row: usize) -> u32 {
        match self {
            Self::Even(rows) => u32::try_from(row.min(*rows)).unwrap_or(u32::MAX).saturating_mul(ROW),
            Self::Own(tops) => tops.get(row).or(tops.last()).copied().unwrap_or(0),
        }
    }

    /// The row at this height.
    pub(crate) fn at(&self, y: u32) -> usize {
        match self {
            Self::Even(rows) => ((y / ROW) as usize).min(rows.saturating_sub(1)),
            Self::Own(tops) => tops.partition_point(|top| *top <= y).saturating_sub(1).min(self.len().saturating_sub(1)),
        }
    }

    /// The rows to paint.
    pub(crate) fn visible(&self, scrolled: u32, height: u32) -> std::ops::Range<usize> {
        if self.len() == 0 {
            return 0..0;
        }
        self.at(scrolled).saturating_sub(SPARE)..(self.at(scrolled.saturating_add(height)) + 1 + SPARE).min(self.len())
    }
}

/// Lines on the screen that so many letters take.
pub(crate) fn folds(letters: usize, per_line: usize) -> u32 {
    u32::try_from(letters.div_ceil(per_line.max(1)).max(1)).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_rows_in_sight_are_painted() {
        let even = Layout::Even(20_000);
        assert_eq!(even.height(), 400_000);
        assert_eq!(even.visible(200_000, 800), 9_992..10_049);
        assert_eq!(even.visible(0, 800), 0..49);
        assert_eq!(even.visible(400_000, 800), 19_991..20_000);
        assert_eq!(Layout::Even(0).visible(0, 800), 0..0);
    }

    #[test]
    fn wrapped_rows_have_their_own_heights() {
        let own = Layout::own([20, 60, 20].into_iter());
        assert_eq!((own.height(), own.top(2), own.at(19), own.at(20), own.at(79), own.at(5_000)), (100, 80, 0, 1, 1, 2));
        assert_eq!(Layout::own(std::iter::empty()).visible(0, 100), 0..0);
    }

    #[test]
    fn letters_fold() {
        assert_eq!((folds(0, 80), folds(80, 80), folds(81, 80), folds(5, 0)), (1, 1, 2, 5));
    }
}
