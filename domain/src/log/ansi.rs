//! Colours out of terminal escapes (ECMA-48; xterm's control sequences for 256 colours).
//!
//! Only SGR means anything here. Every other sequence is dropped: a log line can colour itself, but it can neither
//! move a cursor, nor set a title, nor hide the rest of a line.

use std::borrow::Cow;

/// One of the eight colours that the page has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Colour {
    Black,
    Red,
    Green,
    Yellow,
    Blue,
    Magenta,
    Cyan,
    White,
}

impl Colour {
    const ALL: [Self; 8] = [Self::Black, Self::Red, Self::Green, Self::Yellow, Self::Blue, Self::Magenta, Self::Cyan, Self::White];

    fn basic(n: u16) -> Self {
        Self::ALL[usize::from(n % 8)]
    }

    /// The nearest of the eight: a part of the colour counts where it is more than half of the strongest.
    fn from_rgb(r: u16, g: u16, b: u16) -> Self {
        let most = r.max(g).max(b);
        if most < 64 {
            return Self::Black;
        }
        let bit = |part: u16, bit: u16| if part * 2 > most { bit } else { 0 };
        Self::basic(bit(r, 1) | bit(g, 2) | bit(b, 4))
    }

    /// xterm's palette: 16 names, a cube of 6 × 6 × 6, 24 greys.
    fn from_256(n: u16) -> Option<Self> {
        const LEVELS: [u16; 6] = [0, 95, 135, 175, 215, 255];
        match n {
            0..=15 => Some(Self::basic(n)),
            16..=231 => {
                let n = usize::from(n - 16);
                Some(Self::from_rgb(LEVELS[n / 36], LEVELS[n / 6 % 6], LEVELS[n % 6]))
            }
            232..=255 => Some(Self::from_rgb(8 + (n - 232) * 10, 8 + (n - 232) * 10, 8 + (n - 232) * 10)),
            _ => None,
        }
    }
}

/// How a span looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Style {
    /// Colour of the letters.
    pub colour: Option<Colour>,
    /// Colour behind them.
    pub background: Option<Colour>,
    /// Bold.
    pub bold: bool,
    /// Dim.
    pub dim: bool,
    /// Underlined.
    pub underline: bool,
}

/// Text of one style, without any control character but tab.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span<'a> {
    /// The text.
    pub text: &'a str,
    /// Its style.
    pub style: Style,
}

/// Most spans of a line; what comes after keeps the last style.
const MOST_SPANS: usize = 2000;
/// Longest sequence that is looked for; a longer one loses only its introducer.
const MOST_SEQUENCE: usize = 4096;

/// Reads the colours of a line and drops every other escape and control sequence.
#[must_use]
pub fn spans(text: &str) -> Vec<Span<'_>> {
    let mut out = Vec::new();
    if !text.chars().any(dropped) {
        if !text.is_empty() {
            out.push(Span { text, style: Style::default() });
        }
        return out;
    }
    let mut style = Style::default();
    let (mut start, mut at) = (0, 0);
    while at < text.len() {
        let Some(c) = text[at..].chars().next() else { break };
        if !dropped(c) {
            at += c.len_utf8();
            continue;
        }
        if start < at {
            out.push(Span { text: &text[start..at], style });
        }
        let (length, graphics) = if c == '\u{1b}' { escape(&text.as_bytes()[at..]) } else { (c.len_utf8(), None) };
        if let Some(parameters) = graphics.filter(|_| out.len() < MOST_SPANS) {
            apply(&mut style, &text[at + parameters.0..at + parameters.1]);
        }
        at += length;
        start = at;
    }
    if start < text.len() {
        out.push(Span { text: &text[start..], style });
    }
    out
}

/// The text as it is seen: without any sequence.
#[must_use]
pub fn plain(text: &str) -> Cow<'_, str> {
    if text.chars().any(dropped) { Cow::Owned(spans(text).iter().map(|s| s.text).collect()) } else { Cow::Borrowed(text) }
}

/// Control characters, C1 ones included, and the marks that turn the direction of text around (Unicode TR 9), which
/// can make a line look like another one.
fn dropped(c: char) -> bool {
    (c.is_control() && c != '\t') || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

type Range = (usize, usize);

/// Length of the sequence at the front of `bytes`, which begin with ESC, and where its parameters are if it is SGR.
fn escape(bytes: &[u8]) -> (usize, Option<Range>) {
    match bytes.get(1) {
        Some(b'[') => {
            let body = bytes[2..].iter().take(MOST_SEQUENCE).take_while(|b| (0x20..=0x3f).contains(*b)).count();
            match bytes.get(2 + body) {
                Some(b'm') => (3 + body, Some((2, 2 + body))),
                Some(0x40..=0x7e) => (3 + body, None),
                // Broken off: what follows is text.
                _ => (2 + body, None),
            }
        }
        // Strings: OSC, DCS, SOS, PM, APC; they end with BEL or ESC \. Without an end, the rest of the line is text.
        Some(b']' | b'P' | b'X' | b'^' | b'_') => {
            let end = bytes[2..].iter().take(MOST_SEQUENCE).position(|b| matches!(b, 0x07 | 0x1b));
            match end {
                Some(i) if bytes[2 + i] == 0x07 => (3 + i, None),
                Some(i) if bytes.get(3 + i) == Some(&b'\\') => (4 + i, None),
                _ => (2, None),
            }
        }
        Some(0x20..=0x2f) => {
            let between = bytes[1..].iter().take(8).take_while(|b| (0x20..=0x2f).contains(*b)).count();
            match bytes.get(1 + between) {
                Some(0x30..=0x7e) => (2 + between, None),
                _ => (1, None),
            }
        }
        Some(0x30..=0x7e) => (2, None),
        _ => (1, None),
    }
}

fn apply(style: &mut Style, parameters: &str) {
    let mut codes = parameters.split([';', ':']).take(64).map(|p| if p.is_empty() { Some(0) } else { p.parse::<u16>().ok() });
    while let Some(code) = codes.next() {
        match code {
            Some(0) => *style = Style::default(),
            Some(1) => style.bold = true,
            Some(2) => style.dim = true,
            Some(4) => style.underline = true,
            Some(22) => (style.bold, style.dim) = (false, false),
            Some(24) => style.underline = false,
            Some(n @ (30..=37 | 90..=97)) => style.colour = Some(Colour::basic(n % 10)),
            Some(n @ (40..=47 | 100..=107)) => style.background = Some(Colour::basic(n % 10)),
            Some(39) => style.colour = None,
            Some(49) => style.background = None,
            Some(n @ (38 | 48)) => {
                let found = match codes.next().flatten() {
                    Some(5) => codes.next().flatten().and_then(Colour::from_256),
                    Some(2) => {
                        let part = |c: Option<Option<u16>>| c.flatten().unwrap_or(0).min(255);
                        Some(Colour::from_rgb(part(codes.next()), part(codes.next()), part(codes.next())))
                    }
                    _ => None,
                };
                let place = if n == 38 { &mut style.colour } else { &mut style.background };
                *place = found.or(*place);
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn told(text: &str) -> Vec<(&str, Option<Colour>)> {
        spans(text).into_iter().map(|s| (s.text, s.style.colour)).collect()
    }

    #[test]
    fn colours_are_read() {
        assert_eq!(told("\x1b[31mred\x1b[0m plain"), [("red", Some(Colour::Red)), (" plain", None)]);
        assert_eq!(told("\x1b[92mbright\x1b[39m"), [("bright", Some(Colour::Green))]);
        assert_eq!(
            told("\x1b[38;5;196mx\x1b[38;5;244my\x1b[38;2;255;128;0mz"),
            [("x", Some(Colour::Red)), ("y", Some(Colour::White)), ("z", Some(Colour::Yellow))]
        );
        assert_eq!(told("\x1b[mplain"), [("plain", None)]);
        let s = spans("\x1b[1;2;4;41mx\x1b[22;24;49my");
        assert_eq!(s[0].style, Style { colour: None, background: Some(Colour::Red), bold: true, dim: true, underline: true });
        assert_eq!(s[1].style, Style::default());
    }

    #[test]
    fn nothing_else_comes_through() {
        assert_eq!(plain("a\x1b[2Jb\x1b[10;10Hc"), "abc");
        assert_eq!(plain("a\x1b]0;title\x07b\x1b]8;;http://x\x1b\\c"), "abc");
        assert_eq!(plain("a\x1bPq#0\x1b\\b\x1b(Bc\x1b7d"), "abcd");
        assert_eq!(plain("a\x08\x00b\u{9b}31mc\u{202e}d\te"), "ab31mcd\te");
        assert_eq!(plain("10%\r20%"), "10%20%");
    }

    #[test]
    fn a_broken_sequence_hides_no_text() {
        assert_eq!(plain("a\x1b]0;no end"), "a0;no end");
        assert_eq!(plain("a\x1b[31"), "a");
        assert_eq!(plain("a\x1b[31é"), "aé");
        assert_eq!(plain("a\x1b"), "a");
        assert_eq!(plain("a\x1b\x1b[31mb"), "ab");
    }

    #[test]
    fn a_hostile_line_stays_bounded() {
        let many = "\x1b[31mx".repeat(100_000);
        assert!(spans(&many).iter().all(|s| !s.text.contains('\x1b')));
        let _ = spans(&"\x1b]".repeat(100_000));
        let _ = spans(&format!("\x1b[{}m", "1;".repeat(100_000)));
    }

    proptest! {
        #[test]
        fn no_control_character_is_ever_left(text in "[\\x00-\\x7f\u{80}-\u{9f}é]{0,200}") {
            for span in spans(&text) {
                prop_assert!(!span.text.is_empty());
                prop_assert!(!span.text.chars().any(dropped));
            }
        }

        #[test]
        fn sequences_of_any_kind_do_no_harm(text in "(\x1b[\\[\\]P(]?[0-9;:]{0,6}[a-zA-Z\x07é]?){0,20}") {
            let _ = spans(&text);
        }

        #[test]
        fn text_without_controls_is_kept(text in "[ -~é€]{0,200}") {
            prop_assert_eq!(plain(&text), text.as_str());
        }
    }
}
