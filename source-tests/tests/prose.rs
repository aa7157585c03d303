//! No control flow reads a sentence: what is decided stands in types, and only the edge writes words.
//!
//! `prose.allowed` counts, per file, the places that are left. It may only shrink: `UPDATE_GOLDEN=1` takes over lower counts.
#![allow(clippy::unwrap_used, missing_docs)]

use source_tests::{Reading, crates, readings, root};
use std::collections::BTreeMap;

/// Those whose work is to read what others wrote.
const READERS: [(&str, &str); 15] = [
    ("domain/src/kubernetes", "the one place that reads what Kubernetes writes"),
    ("server/cluster/src/slim", "makes facts of the objects that the API server sends"),
    ("domain/src/log/", "what programs write into their logs"),
    ("domain/src/redact", "finds secrets in any text"),
    ("domain/src/english/audit/legacy.rs", "entries of the audit table from before they had codes"),
    ("domain/src/english/text.rs", "cuts and joins sentences"),
    ("server/cluster/src/json/", "a parser of JSON"),
    ("domain/src/quantity.rs", "a parser of quantities"),
    ("domain/src/secret/pem.rs", "a parser of PEM"),
    ("server/src/config/load.rs", "settings as people write them"),
    ("server/src/numbers/process.rs", "what the kernel writes in /proc"),
    ("server/src/web/bearer.rs", "a parser of the Authorization header"),
    ("server/src/web/serde_text.rs", "what serde says of JSON of another shape, for which it has no types"),
    ("server/cluster/src/healthy.rs", "a test, which makes a cluster's objects of public charts"),
    ("server/cluster/src/connect.rs", "a kubeconfig and its errors at the start"),
];

fn allowed() -> BTreeMap<String, usize> {
    let text = std::fs::read_to_string(root().join("source-tests/prose.allowed")).unwrap();
    let line = |line: &str| line.split_once(' ').map(|(count, path)| (path.trim().to_owned(), count.parse().unwrap()));
    text.lines().filter(|line| !line.starts_with('#')).filter_map(line).collect()
}

fn found() -> BTreeMap<String, Vec<Reading>> {
    let files = crates().into_iter().flat_map(|c| c.files).filter(|f| !READERS.iter().any(|(path, _)| f.path.starts_with(path)));
    files.map(|f| (f.path.clone(), readings(&f))).filter(|(_, found)| !found.is_empty()).collect()
}

#[test]
fn control_flow_reads_no_sentence_beyond_those_that_are_counted() {
    let (found, allowed) = (found(), allowed());
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        let head = "# Places where control flow still reads a text, per file; see tests/prose.rs. A count may only go down.\n";
        let fewer = found.iter().filter_map(|(path, found)| Some((path, found.len().min(*allowed.get(path)?))));
        let lines: String = fewer.map(|(path, count)| format!("{count} {path}\n")).collect();
        std::fs::write(root().join("source-tests/prose.allowed"), format!("{head}{lines}")).unwrap();
    }
    let beyond = found.iter().filter(|(path, places)| places.len() > allowed.get(*path).copied().unwrap_or(0));
    let listed: Vec<String> = beyond
        .flat_map(|(path, places)| {
            let head = format!("{path}: {} places, {} allowed", places.len(), allowed.get(path).copied().unwrap_or(0));
            std::iter::once(head).chain(places.iter().map(|r| format!("  line {} {:?}", r.line, r.literal)))
        })
        .collect();
    assert!(listed.is_empty(), "a text is read, where a type should tell:\n{}", listed.join("\n"));
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        return;
    }
    for (path, most) in &allowed {
        let now = found.get(path).map_or(0, Vec::len);
        assert!(now >= *most, "{path} reads only {now} texts now; lower its count of {most} in prose.allowed (UPDATE_GOLDEN=1 does)");
    }
}

#[test]
fn the_search_finds_what_reads_a_sentence_and_nothing_else() {
    let code = r#"
        fn f(status: &Status, text: &str) {
            if status.reason == "ready" { g(); }
            if text.contains("no such host") || text.starts_with(["Quota ", "{"]) || text.contains("/") { g(); }
            let kind = slug == "secret";
            let owned = owner.kind == "ReplicaSet" || kind == "deployment";
            match (reason, text) { ("Failed" | "Killing", _) => g(), (_, "ready") => h(), _ => {} }
            let over = matches!(pod.phase.as_str(), "Succeeded" if text.is_empty());
            if let Some("Evicted") = reason { g(); }
        }
        #[cfg(test)] mod tests { fn t() { assert!(text.contains("In a test")); } }
    "#;
    let file = source_tests::File { path: String::new(), module: Vec::new(), syntax: syn::parse_file(code).unwrap() };
    let literals: Vec<String> = readings(&file).into_iter().map(|r| r.literal).collect();
    assert_eq!(literals, ["ready", "no such host", "Quota ", "ReplicaSet", "Failed", "Killing", "Succeeded", "Evicted"]);
}
