//! Files that need each other, so that none of them can be understood or moved alone.

use crate::graph::Graph;
use std::collections::BTreeSet;

/// The circles of a crate, each with its modules in order. That a parent and what is below it know each other is no circle.
#[must_use]
pub fn circles(graph: &Graph) -> Vec<Vec<String>> {
    let mut left: BTreeSet<&String> = graph.0.keys().collect();
    let mut found = Vec::new();
    while let Some(module) = left.pop_first() {
        let circle: Vec<String> =
            std::iter::once(module).chain(left.iter().copied()).filter(|other| *other == module || mutual(graph, module, other)).cloned().collect();
        if circle.len() > 1 {
            circle.iter().for_each(|m| _ = left.remove(m));
            found.push(circle);
        }
    }
    found
}

fn mutual(graph: &Graph, a: &str, b: &str) -> bool {
    reaches(graph, a, b) && reaches(graph, b, a)
}

fn reaches(graph: &Graph, from: &str, to: &str) -> bool {
    let (mut seen, mut next) = (BTreeSet::from([from.to_owned()]), vec![from.to_owned()]);
    while let Some(at) = next.pop() {
        for used in graph.0.get(&at).into_iter().flatten().filter(|used| !are_kin(&at, used)) {
            if used == to {
                return true;
            }
            if seen.insert(used.clone()) {
                next.push(used.clone());
            }
        }
    }
    false
}

/// One is the other's parent, or above it.
fn are_kin(a: &str, b: &str) -> bool {
    let below = |child: &str, parent: &str| parent.is_empty() || child.strip_prefix(parent).is_some_and(|rest| rest.starts_with("::"));
    below(a, b) || below(b, a)
}
