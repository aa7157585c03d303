//! No circle of files within a crate, but parent and child: each file can be read, tested and moved with what it stands on.
//!
//! `circles.allowed` lists those that are left. It may only shrink: `UPDATE_GOLDEN=1` takes over smaller ones.
#![allow(clippy::unwrap_used, missing_docs)]

use source_tests::{Graph, circles, crates, root};
use std::collections::{BTreeMap, BTreeSet};

#[test]
fn no_files_need_each_other_beyond_those_that_are_listed() {
    let path = root().join("source-tests/circles.allowed");
    let line = |folder: &str, circle: &[String]| format!("{folder}: {}\n", circle.join(" "));
    let now: String = crates().iter().flat_map(|c| circles(&Graph::of(c)).into_iter().map(|circle| line(&c.folder, &circle))).collect();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        return std::fs::write(path, now).unwrap();
    }
    let allowed = std::fs::read_to_string(path).unwrap();
    assert_eq!(now, allowed, "files of a crate need each other in a new circle, or one less does (then UPDATE_GOLDEN=1 takes it over)");
}

#[test]
fn a_circle_over_three_files_is_found_and_parent_and_child_are_none() {
    let uses = |list: &[&str]| list.iter().map(ToString::to_string).collect::<BTreeSet<_>>();
    let graph = Graph(BTreeMap::from([
        ("a".to_owned(), uses(&["b"])),
        ("b".to_owned(), uses(&["c"])),
        ("c".to_owned(), uses(&["a"])),
        ("d".to_owned(), uses(&["d::e", "a"])),
        ("d::e".to_owned(), uses(&["d"])),
    ]));
    assert_eq!(circles(&graph), [["a", "b", "c"]]);
}
