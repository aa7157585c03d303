//! Log text: lines out of chunks, ANSI colours out of lines, levels out of text.
//!
//! All of it is hostile: any bytes may come, lines may be of any length. Nothing here panics, and nothing
//! grows without a limit.

mod ansi;
mod buffer;
mod level;
mod line;
mod split;

pub use ansi::{Colour, Span, Style, plain, spans};
pub use buffer::{DEFAULT_LINES, Line, LogBuffer, Note};
pub use level::{Level, level};
pub use line::{nanos, parse_line};
pub use split::{MAX_LINE, Piece, Splitter};
