//! Names, image references and ports that were refused.

use crate::english::text::capital;
use crate::names::{ImageRule, NameError, NameRule, PortError, What};

/// What is said of a name that was refused.
#[must_use]
pub fn name(error: &NameError) -> String {
    let what = error.what;
    let (noun, names) = (noun(what), names(what));
    match &error.rule {
        NameRule::Empty => empty(what),
        NameRule::TooLong { most, now } => format!("{names} can have at most {most} characters ({now} now)."),
        NameRule::Has(' ') if what == What::Image => "Remove the space from the image name.".to_owned(),
        NameRule::Has(c) => format!("{names} can't contain {}.{}", sign(*c), allowed(what)),
        NameRule::Ends => format!("{names} must start and end with a letter or digit."),
        NameRule::PartEnds => format!("Each part of {} {noun} must start and end with a letter or digit.", article(noun)),
        NameRule::DigitFirst => format!("{names} can't start with a digit."),
        NameRule::LetterFirst => format!("{names} must start with a letter, because the app's service gets the same name."),
        NameRule::Dot => format!("A {noun} can't be a single dot. Add a letter or digit."),
        NameRule::TwoDots => format!("A {noun} can't start with two dots. Remove one."),
        NameRule::TwoDashes => format!("{names} can't contain two dashes in a row."),
        NameRule::NoLetter => format!("{names} need at least one letter."),
        NameRule::LongOrPadded(most) => format!("{names} can have at most {most} characters, with no space at either end."),
        NameRule::Invisible => format!("{names} can't contain line breaks or invisible characters. Type the name again."),
        NameRule::NoSlash => format!("{names} start with a slash, such as / or /api."),
        NameRule::NoSlashOrLast => format!("A {noun} starts with a slash and doesn't end with one, such as /team/portal."),
        NameRule::Segments(most) => format!("{names} can have at most {} characters and no empty, . or .. segments.", thousands(*most)),
        NameRule::Image(rule) => image(rule),
    }
}

/// What is said of a port that was refused.
#[must_use]
pub fn port(error: &PortError) -> String {
    let typed = match error {
        PortError::NotANumber(text) => format!("{text:?}"),
        PortError::Zero => "0".to_owned(),
    };
    format!("{typed} isn't a port. Enter a number from 1 to 65535.")
}

impl std::fmt::Display for NameError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&name(self))
    }
}

impl std::fmt::Display for PortError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&port(self))
    }
}

/// One name of its kind.
const fn noun(what: What) -> &'static str {
    match what {
        What::Namespace => "namespace name",
        What::Workload => "workload name",
        What::App => "app name",
        What::Secret => "secret name",
        What::ConfigMap => "config map name",
        What::Key => "key",
        What::Variable => "variable name",
        What::Port => "port name",
        What::Image => "image name",
        What::User => "username",
        What::Team => "team name",
        What::Host => "host name",
        What::Path => "path",
        What::IngressClass => "ingress class name",
        What::BasePath => "base path",
    }
}

/// All names of a kind, at the start of a sentence. There is one base path only.
fn names(what: What) -> String {
    if what == What::BasePath { "A base path".to_owned() } else { format!("{}s", capital(noun(what))) }
}

fn empty(what: What) -> String {
    match what {
        What::Image => "Enter an image, such as registry.example.org/team/app:1.2.".to_owned(),
        What::User => "Enter a username.".to_owned(),
        What::Namespace
        | What::Workload
        | What::App
        | What::Secret
        | What::ConfigMap
        | What::Key
        | What::Variable
        | What::Port
        | What::Team
        | What::Host
        | What::Path
        | What::IngressClass
        | What::BasePath => format!("Enter {} {}.", article(noun(what)), noun(what)),
    }
}

/// What such names are made of, with a blank before it.
const fn allowed(what: What) -> &'static str {
    match what {
        What::Namespace | What::App | What::Port => " Use lowercase letters, digits, and dashes.",
        What::Workload | What::Secret | What::ConfigMap | What::Host | What::IngressClass => " Use lowercase letters, digits, dashes, and dots.",
        What::Key => " Use letters, digits, dashes, underscores, and dots.",
        What::Variable => " Use letters, digits, and underscores.",
        What::User => " Use lowercase letters, digits, dots, dashes, underscores, +, and @.",
        What::BasePath => " Use letters, digits, - _ . and ~.",
        What::Image | What::Team | What::Path => "",
    }
}

fn image(rule: &ImageRule) -> String {
    match rule {
        ImageRule::Scheme => "Remove https:// from the image name. Start with the registry's host.".to_owned(),
        ImageRule::Digest => "A digest is sha256: followed by 64 hexadecimal digits.".to_owned(),
        ImageRule::Tag(tag) => format!("{tag:?} isn't a valid tag. Tags have at most 128 letters, digits, dots, dashes, and underscores."),
        ImageRule::Host(host) => format!("{host:?} isn't a valid registry host."),
        ImageRule::EmptyPart => "The image name has an empty part. Remove the double or trailing slash.".to_owned(),
        ImageRule::Capitals(lower) => format!("Image names are lowercase: use {lower:?}."),
        ImageRule::Part(part) => format!("{part:?} isn't valid in an image name. Use lowercase letters, digits, dots, dashes, and underscores."),
    }
}

fn article(word: &str) -> &'static str {
    if word.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" }
}

/// A character that is not allowed, so that a person sees which: `"M"`, `spaces`.
fn sign(c: char) -> String {
    match c {
        ' ' => "spaces".into(),
        '"' => "quotes".into(),
        '\n' | '\r' => "line breaks".into(),
        c => format!("\"{}\"", c.escape_debug()),
    }
}

/// `256`, `1,024`.
fn thousands(n: usize) -> String {
    if n < 1000 { n.to_string() } else { format!("{},{:03}", n / 1000, n % 1000) }
}
