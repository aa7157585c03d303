//! Codes of names that break a rule.

use crate::names::{ImageRule, NameError, NameRule, PortError};
use crate::quantity::QuantityError;

impl NameError {
    /// The code of the rule, for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match &self.rule {
            NameRule::Empty => "name_empty",
            NameRule::TooLong { .. } => "name_too_long",
            NameRule::Has(_) => "name_has",
            NameRule::Ends => "name_ends",
            NameRule::PartEnds => "name_part_ends",
            NameRule::DigitFirst => "name_digit_first",
            NameRule::LetterFirst => "name_letter_first",
            NameRule::Dot => "name_dot",
            NameRule::TwoDots => "name_two_dots",
            NameRule::TwoDashes => "name_two_dashes",
            NameRule::NoLetter => "name_no_letter",
            NameRule::LongOrPadded(_) => "name_long_or_padded",
            NameRule::Invisible => "name_invisible",
            NameRule::NoSlash => "path_no_slash",
            NameRule::NoSlashOrLast => "path_no_slash_or_last",
            NameRule::Segments(_) => "path_segments",
            NameRule::Image(rule) => rule.code(),
        }
    }
}

impl ImageRule {
    /// The code, for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Scheme => "image_scheme",
            Self::Digest => "image_digest",
            Self::Tag(_) => "image_tag",
            Self::Host(_) => "image_host",
            Self::EmptyPart => "image_empty_part",
            Self::Capitals(_) => "image_capitals",
            Self::Part(_) => "image_part",
        }
    }
}

impl PortError {
    /// The code, for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotANumber(_) => "port_not_a_number",
            Self::Zero => "port_zero",
        }
    }
}

impl QuantityError {
    /// The code, for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Malformed(_) => "quantity_malformed",
            Self::MilliBytes { .. } => "quantity_milli_bytes",
        }
    }
}
