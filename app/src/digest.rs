//! Short digests of what a cell shows: the server writes one per row, and the browser compares instead of looking at the page.

/// FNV-1a of 32 bits. Two cells that differ have the same one once in four thousand million.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Digest(u32);

impl Default for Digest {
    fn default() -> Self {
        Self(0x811c_9dc5)
    }
}

impl Digest {
    pub(crate) fn bytes(self, bytes: &[u8]) -> Self {
        Self(bytes.iter().fold(self.number(bytes.len() as u64).0, |d, byte| (d ^ u32::from(*byte)).wrapping_mul(0x0100_0193)))
    }

    pub(crate) fn text(self, text: &str) -> Self {
        self.bytes(text.as_bytes())
    }

    pub(crate) fn number(self, number: u64) -> Self {
        Self(number.to_le_bytes().iter().fold(self.0, |d, byte| (d ^ u32::from(*byte)).wrapping_mul(0x0100_0193)))
    }

    pub(crate) fn maybe(self, number: Option<u64>) -> Self {
        number.map_or(self, |n| self.number(n).number(1))
    }
}

/// The digest of a whole row, as its element carries it.
#[must_use]
pub fn whole(cells: &[Digest]) -> String {
    format!("{:x}", cells.iter().fold(Digest::default(), |d, cell| d.number(cell.0.into())).0)
}
