//! Log text: lines out of chunks, ANSI colours out of lines, levels out of text.
//!
//! All of it is hostile: any bytes may come, lines may be of any length. Nothing here panics, and nothing
//! grows without a limit.

mod ansi;
mod buffer;
mod errors;
mod find;
mod forbidden;
mod hint;
mod last;
mod level;
mod line;
mod message;
mod overwrite;
mod split;
mod timed_out;

pub use ansi::{Colour, Span, Style, plain, spans};
pub use buffer::{DEFAULT_LINES, Line, LogBuffer, Note};
pub use errors::{LogErrors, Sample, errors};
pub use find::{Finder, Pattern};
pub use forbidden::Forbidden;
pub use hint::Hint;
pub use last::{Said, last_lines, last_words};
pub use level::{Level, level};
pub use line::{nanos, parse_line};
pub use message::message;
pub use overwrite::overwritten;
pub use split::{MAX_LINE, Piece, Splitter};
pub use timed_out::TimedOut;
