//! The status rules against facts recorded from a real cluster: every `situations/*.json` is
//! `{"now": ms, "facts": AppFacts}`, and what the rules say of it stands in `situations.golden`.
//! `UPDATE_GOLDEN=1 cargo test -p quayside-domain --test situations` writes that file anew; read the difference.

#![allow(clippy::unwrap_used)]

use domain::Language;
use domain::UnixMs;
use domain::describe;
use domain::facts::AppFacts;
use domain::status::Evidence;
use domain::view::Usage;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

#[derive(serde::Deserialize)]
struct Situation {
    now: UnixMs,
    facts: AppFacts,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests")
}

fn situations() -> Vec<(String, Situation)> {
    let Ok(entries) = std::fs::read_dir(folder().join("situations")) else { return Vec::new() };
    let mut paths: Vec<_> = entries.filter_map(|e| Some(e.ok()?.path())).filter(|p| p.extension().is_some_and(|e| e == "json")).collect();
    paths.sort();
    paths
        .into_iter()
        .map(|path| {
            let text = std::fs::read_to_string(&path).unwrap();
            let situation = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{} cannot be read: {e}", path.display()));
            (path.file_stem().unwrap().to_string_lossy().into_owned(), situation)
        })
        .collect()
}

fn evidence(e: &Evidence) -> String {
    match e {
        Evidence::Log { label, container, previous, .. } => format!("log of {container}{}: {label}", if *previous { " before" } else { "" }),
        Evidence::Chart { label, .. } => format!("chart: {label}"),
        Evidence::Event { label, .. } => format!("event: {label}"),
        Evidence::Object { label, path } => format!("object {path}: {label}"),
        Evidence::Command { label, text } => format!("command {text}: {label}"),
    }
}

fn told(name: &str, s: &Situation) -> String {
    let status = describe::status(&s.facts, s.now, Language::English);
    let since = status.since.map_or_else(String::new, |at| format!(", since {}", at.clock()));
    let code = status.code.as_ref().map_or_else(String::new, |code| format!(" [{code}]"));
    let mut out = format!("{name}\n  {}: {}{since}{code}\n  {}\n", status.word.text(), status.reason, status.sentence);
    for e in &status.evidence {
        writeln!(out, "  -> {}", evidence(e)).unwrap();
    }
    for h in describe::story(&s.facts, s.now, Language::English) {
        writeln!(out, "  {} {:6} {}", h.at.clock(), h.tone.slug(), h.sentence).unwrap();
    }
    let row = describe::row(&s.facts, None, Usage::default(), s.now, Language::English);
    for r in &row.remarks {
        writeln!(out, "  remark {}: {} {} ({})", r.code, r.text, r.remedy, r.reason).unwrap();
    }
    for e in describe::detail(&s.facts, row, &BTreeMap::new(), s.now, Language::English).endpoints {
        writeln!(out, "  {} {}{}: {}", e.kind.slug(), e.address, if e.broken { " broken" } else { "" }, e.sentence).unwrap();
    }
    out
}

#[test]
fn recorded_situations_are_told_as_agreed() {
    let all: Vec<_> = situations().iter().map(|(name, s)| told(name, s)).collect();
    let (now, path) = (all.join("\n"), folder().join("situations.golden"));
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, &now).unwrap();
        return;
    }
    let golden = std::fs::read_to_string(&path).unwrap_or_default();
    for (a, b) in now.lines().zip(golden.lines()) {
        assert_eq!(a, b, "the rules tell a situation in other words; UPDATE_GOLDEN=1 takes them over");
    }
    assert_eq!(now.lines().count(), golden.lines().count(), "situations came or went; UPDATE_GOLDEN=1 takes them over");
}

#[test]
fn a_verdict_stays_the_same_while_time_passes() {
    for (name, s) in situations() {
        assert_eq!(describe::verdict(&s.facts, s.now), describe::verdict(&s.facts, s.now.plus(900)), "{name}");
    }
}

#[test]
fn every_sentence_keeps_the_writing_rules() {
    for (name, s) in situations() {
        let mut all = vec![describe::status(&s.facts, s.now, Language::English)];
        all.extend(s.facts.pods.iter().map(|p| describe::pod_status(p, &s.facts, s.now, Language::English)));
        for status in all {
            assert!(status.reason.chars().count() <= 24, "{name}: reason {:?} is too long", status.reason);
            assert!(!status.reason.is_empty(), "{name}: no reason");
            assert!(status.sentence.ends_with(['.', '…']), "{name}: {:?} is no sentence", status.sentence);
            assert!(status.sentence.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit()), "{name}: {:?} begins small", status.sentence);
            for word in ["oops", "please", "successfully", "!", "  ", ".."] {
                let own = status.sentence.to_lowercase().replace("!=", "=");
                assert!(!own.contains(word), "{name}: {word:?} in {:?}", status.sentence);
            }
        }
        assert!(describe::story(&s.facts, s.now, Language::English).len() <= 12, "{name}: the story is too long");
    }
}
