#![allow(clippy::unwrap_used)]

use super::*;
use proptest::prelude::*;

fn pairs(text: &str) -> Vec<(String, String)> {
    let read = read(text).unwrap_or_else(|refused| panic!("{refused}"));
    read.into_iter().map(|s| (s.name, s.value.as_str().to_owned())).collect()
}

fn one(text: &str) -> String {
    let mut all = pairs(text);
    assert_eq!(all.len(), 1, "{text:?}");
    all.remove(0).1
}

fn refusal(text: &str) -> String {
    read(text).err().unwrap().to_string()
}

#[test]
fn comments_blank_lines_and_export_are_left_out() {
    let text = "\u{feff}# database\r\n\r\nexport DB_HOST=db\r\n  DB_PORT = 5432   # the usual one\r\n\texport\tMODE=fast\r\nexported=yes";
    let expected = [("DB_HOST", "db"), ("DB_PORT", "5432"), ("MODE", "fast"), ("exported", "yes")];
    assert_eq!(pairs(text), expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
}

#[test]
fn a_value_without_quotes_keeps_what_only_looks_special() {
    for (line, value) in [
        ("A=", ""),
        ("A=   ", ""),
        ("A= # all comment", ""),
        ("A=#ff0000", "#ff0000"),
        ("A=b#c", "b#c"),
        ("A=b #c", "b"),
        ("A=x=y==", "x=y=="),
        ("A=$HOME/${B}", "$HOME/${B}"),
        ("A=it's", "it's"),
        (r"A=C:\new", r"C:\new"),
        ("A=two words ", "two words"),
    ] {
        assert_eq!(one(line), value, "{line}");
    }
}

#[test]
fn quotes_keep_blanks_and_lines_and_only_double_ones_know_escapes() {
    for (text, value) in [
        ("A=' b # c '", " b # c "),
        (r"A='a\nb'", r"a\nb"),
        (r#"A="a\nb\t\"\\\$\x" # why"#, "a\nb\t\"\\$\\x"),
        ("A=\"-----BEGIN KEY-----\nMIIB==\n-----END KEY-----\"", "-----BEGIN KEY-----\nMIIB==\n-----END KEY-----"),
        ("A='a\r\nb'", "a\nb"),
        ("A=\"\"", ""),
        ("A = 'ä€'", "ä€"),
    ] {
        assert_eq!(one(text), value, "{text}");
    }
}

#[test]
fn each_line_that_cannot_be_read_is_named_by_its_number() {
    let text = "GOOD=1\njust words\n=x\nA B=c\nC=\"x\" y\nGOOD=2\nD='never\nE=5";
    assert_eq!(
        refusal(text),
        "Line 2 has no =. Line 3 has no name before the =. The name on line 4 can have only letters, digits, dots, dashes and underscores. \
         Line 5 goes on after its closing quote. Line 6 sets the same name as line 1. 1 more line can't be read."
    );
    let Err(Refused::Lines(wrong)) = read(text) else { panic!() };
    assert_eq!(wrong.last(), Some(&Wrong { line: 7, fault: Fault::OpenQuote }), "the line behind an open quote is read by itself");
    assert_eq!(refusal("# nothing\n\n"), "Nothing here sets a variable. Paste lines such as NAME=value.");
    assert_eq!(read(&"x".repeat(MAX_BYTES + 1)).err(), Some(Refused::TooLong));
}

#[test]
fn a_pasted_name_is_no_file() {
    assert!(!looks_like("DB_PASSWORD") && !looks_like("two words") && !looks_like("# A=b"));
    assert!(looks_like("DB_PASSWORD=x") && looks_like("\n# c\nexport A='\nb'"));
}

proptest! {
    #[test]
    fn what_is_written_in_double_quotes_comes_back(values in prop::collection::vec("(?s).{0,40}", 1..6), ends in "(\r?\n|  # end\n)") {
        let written = |value: &str| value.replace('\\', "\\\\").replace('"', "\\\"").replace('$', "\\$").replace('\n', "\\n").replace('\r', "\\r");
        let text: String = values.iter().enumerate().map(|(n, value)| format!("export K_{n} = \"{}\"{ends}", written(value))).collect();
        let expected: Vec<(String, String)> = values.into_iter().enumerate().map(|(n, value)| (format!("K_{n}"), value)).collect();
        prop_assert_eq!(pairs(&text), expected);
    }

    #[test]
    fn no_text_breaks_it_and_no_finding_says_a_part_of_it(text in "([A-C#'\"= \\\\\n\r]|export |c4n4ry){0,60}") {
        match read(&text) {
            Ok(settings) => {
                let lines: Vec<usize> = settings.iter().map(|s| s.line).collect();
                prop_assert!(lines.windows(2).all(|w| w[0] < w[1]), "in their order: {lines:?}");
                prop_assert!(lines.iter().all(|line| *line <= text.split('\n').count()));
                prop_assert!(settings.iter().all(|s| crate::KeyName::parse(s.name.clone()).is_ok()));
            }
            Err(refused) => prop_assert!(!refused.to_string().contains("c4n4ry")),
        }
    }
}
