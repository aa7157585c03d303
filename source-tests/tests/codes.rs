//! Codes of the wire are stable, and no two variants share one: whoever reads a code knows which it was.
//!
//! `codes.golden` has all of them and may only grow; `UPDATE_GOLDEN=1` adds new ones.
#![allow(clippy::unwrap_used, missing_docs)]

use source_tests::{Coded, File, codes, crates, root};
use std::collections::{BTreeMap, BTreeSet};

/// An enum and its method that gives the code.
type Source = (&'static str, &'static str);

/// Where each field of the wire has its codes from: its enums, each with its method.
const FIELDS: [(&str, &[Source]); 3] = [
    (
        "status",
        &[("Cause", "code"), ("WorkloadTrouble", "code"), ("JobTrouble", "code"), ("Refusal", "code"), ("Calm", "code"), ("Also", "code"), ("Reason", "code")],
    ),
    ("remark", &[("Remark", "code")]),
    ("log_note", &[("LogNote", "code")]),
];

fn of_field(files: &[File], sources: &[Source]) -> Vec<Coded> {
    sources.iter().flat_map(|(of, method)| files.iter().flat_map(|file| codes(file, of, method))).collect()
}

fn domain() -> Vec<File> {
    crates().into_iter().find(|c| c.folder == "domain").unwrap().files
}

#[test]
fn no_two_variants_of_a_field_have_the_same_code() {
    let files = domain();
    for (field, sources) in FIELDS {
        for source in sources {
            assert!(!of_field(&files, &[*source]).is_empty(), "{source:?} gives no codes any more");
        }
        let mut variants = BTreeMap::<String, BTreeSet<String>>::new();
        for Coded { variant, code } in of_field(&files, sources) {
            variants.entry(code).or_default().insert(variant);
        }
        for (code, variants) in variants {
            assert_eq!(variants.len(), 1, "the {field} code {code} is that of {variants:?}");
        }
    }
}

#[test]
fn a_code_that_programs_may_match_on_stays() {
    let files = domain();
    let now: BTreeSet<String> =
        FIELDS.iter().flat_map(|(field, sources)| of_field(&files, sources).into_iter().map(move |coded| format!("{field} {}", coded.code))).collect();
    let path = root().join("source-tests/codes.golden");
    let agreed: BTreeSet<String> = std::fs::read_to_string(&path).unwrap_or_default().lines().map(str::to_owned).collect();
    let gone: Vec<_> = agreed.difference(&now).collect();
    assert!(gone.is_empty(), "programs may match on {gone:?}, so these have to stay");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, now.iter().map(|line| format!("{line}\n")).collect::<String>()).unwrap();
        return;
    }
    assert_eq!(agreed, now, "codes are new; UPDATE_GOLDEN=1 takes them over");
}

#[test]
fn variants_that_share_a_code_are_found() {
    let code = r#"
        impl Calm {
            const fn code(&self) -> Option<&'static str> {
                match self {
                    Self::Starting { .. } | Self::JobStarting => Some("starting"),
                    Self::Ready(_) => Some("ready"),
                    Self::Why(cause) => cause.code(),
                    Self::None => None,
                }
            }
        }
        impl Other { fn code(&self) -> &'static str { match self { Self::A => "a" } } }
    "#;
    let file = File { path: String::new(), module: Vec::new(), syntax: syn::parse_file(code).unwrap() };
    let found: Vec<_> = codes(&file, "Calm", "code").into_iter().map(|c| (c.variant, c.code)).collect();
    let expected = [("Calm::Starting", "starting"), ("Calm::JobStarting", "starting"), ("Calm::Ready", "ready")];
    assert_eq!(found, expected.map(|(variant, code)| (variant.to_owned(), code.to_owned())));
}
