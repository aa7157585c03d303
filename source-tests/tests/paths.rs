//! Each path that README and the documents name exists. Records of decisions are left out: they tell of their time.
//!
//! `paths.allowed` lists those that are meant not to exist, such as names that are planned. It may only shrink:
//! `UPDATE_GOLDEN=1` takes over what is left.
#![allow(clippy::unwrap_used, missing_docs)]

use source_tests::{Tree, links_in, root};
use std::collections::BTreeSet;
use std::path::PathBuf;

/// README and the documents, by their paths below the checkout.
fn documents() -> Vec<String> {
    let names = std::fs::read_dir(root().join("docs")).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut all: Vec<String> = names.filter(|name| name.ends_with(".md")).map(|name| format!("docs/{name}")).collect();
    all.push("README.md".to_owned());
    all.sort();
    all
}

fn text_of(document: &str) -> String {
    std::fs::read_to_string(root().join(document)).unwrap()
}

#[test]
fn each_path_in_backticks_exists_or_is_listed() {
    let list = root().join("source-tests/paths.allowed");
    let allowed: BTreeSet<String> = std::fs::read_to_string(&list).unwrap().lines().map(str::to_owned).collect();
    let tree = Tree::of(&root());
    let mut missing = BTreeSet::new();
    let mut places = Vec::new();
    for document in documents() {
        for (line, path) in tree.named_in(&text_of(&document)).into_iter().filter(|(_, path)| !tree.has(path)) {
            let entry = format!("{document} {path}");
            if !allowed.contains(&entry) {
                places.push(format!("  {document}:{line} {path}"));
            }
            missing.insert(entry);
        }
    }
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        let left: String = allowed.intersection(&missing).map(|entry| format!("{entry}\n")).collect();
        return std::fs::write(list, left).unwrap();
    }
    assert!(places.is_empty(), "no file or folder has this path:\n{}", places.join("\n"));
    let gone: Vec<&String> = allowed.difference(&missing).collect();
    assert!(gone.is_empty(), "listed in paths.allowed, and no longer needed there (UPDATE_GOLDEN=1 removes them): {gone:?}");
}

#[test]
fn each_link_leads_to_a_file() {
    let mut broken = Vec::new();
    for document in documents() {
        let folder = PathBuf::from(&document).parent().unwrap().to_path_buf();
        let links = links_in(&text_of(&document)).into_iter().filter(|(_, target)| !root().join(&folder).join(target).exists());
        broken.extend(links.map(|(line, target)| format!("  {document}:{line} {target}")));
    }
    assert!(broken.is_empty(), "no file is there:\n{}", broken.join("\n"));
}

#[test]
fn paths_are_told_from_addresses_and_names_and_patterns_are_understood() {
    let tree = Tree::of(&root());
    let text = "`server/src/routes.rs` `/apps` `~/.kube/config` `cargo test -p source-tests` `nowhere.rs`\n```\n`in_a_block.rs`\n```\n`server/…`";
    let named: Vec<String> = tree.named_in(text).into_iter().map(|(_, path)| path).collect();
    assert_eq!(named, ["server/src/routes.rs", "nowhere.rs", "server/…"]);

    for path in ["routes.rs", "src/routes.rs", "server/src/", "server/src/{routes,start}.rs", "service/src/ports/SUBJECT.rs", "migrations/*_drafts.sql"] {
        assert!(tree.has(path), "{path}");
    }
    for path in ["nowhere.rs", "outes.rs", "server/src/{routes,nowhere}.rs", "server/nowhere/SUBJECT.rs", "server/…"] {
        assert!(!tree.has(path), "{path}");
    }
}
