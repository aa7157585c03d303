//! The text of an `.env` file.

use crate::dotenv::{Fault, Refused, Wrong};

/// Findings that are told; the rest is a number.
const TOLD: usize = 5;

/// What is said of a text that cannot be read; never a part of it.
#[must_use]
pub fn dotenv(refused: &Refused) -> String {
    match refused {
        Refused::TooLong => "This text has more than 1 MiB. Paste less.".to_owned(),
        Refused::Nothing => "Nothing here sets a variable. Paste lines such as NAME=value.".to_owned(),
        Refused::Lines(wrong) => {
            let told = wrong.iter().take(TOLD).map(line).collect::<Vec<_>>().join(" ");
            match wrong.len().saturating_sub(TOLD) {
                0 => told,
                1 => format!("{told} 1 more line can't be read."),
                more => format!("{told} {more} more lines can't be read."),
            }
        }
    }
}

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&dotenv(self))
    }
}

fn line(wrong: &Wrong) -> String {
    let line = wrong.line;
    match wrong.fault {
        Fault::NoEquals => format!("Line {line} has no =."),
        Fault::NoName => format!("Line {line} has no name before the =."),
        Fault::BadName => format!("The name on line {line} can have only letters, digits, dots, dashes and underscores."),
        Fault::OpenQuote => format!("The quote on line {line} is never closed."),
        Fault::AfterQuote => format!("Line {line} goes on after its closing quote."),
        Fault::Repeats(first) => format!("Line {line} sets the same name as line {first}."),
    }
}
