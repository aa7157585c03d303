//! Which file of a crate uses which other.

use crate::source::{Crate, File, Look, WithoutTests};
use std::collections::{BTreeMap, BTreeSet};
use syn::visit::Visit as _;

/// The files of a crate by module (`logs::source`; the root is empty), each with those that it uses.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Graph(pub BTreeMap<String, BTreeSet<String>>);

impl Graph {
    /// Reads the imports and the paths of a crate.
    #[must_use]
    pub fn of(krate: &Crate) -> Self {
        let modules: BTreeSet<Vec<String>> = krate.files.iter().map(|f| f.module.clone()).collect();
        let uses = |file: &File| {
            let mut look = WithoutTests(Paths { module: &file.module, modules: &modules, used: BTreeSet::new() });
            look.visit_file(&file.syntax);
            look.0.used
        };
        Self(krate.files.iter().map(|file| (file.module.join("::"), uses(file))).collect())
    }
}

struct Paths<'a> {
    module: &'a [String],
    modules: &'a BTreeSet<Vec<String>>,
    used: BTreeSet<String>,
}

impl Paths<'_> {
    fn add(&mut self, path: &[String]) {
        let Some(mut at) = self.absolute(path) else { return };
        // What is behind the file's module is an item of it.
        while !self.modules.contains(&at) {
            if at.pop().is_none() {
                return;
            }
        }
        if at != self.module {
            self.used.insert(at.join("::"));
        }
    }

    /// The path from the root of the crate; `None` for one of another crate.
    fn absolute(&self, path: &[String]) -> Option<Vec<String>> {
        let (first, rest) = path.split_first()?;
        let child = || [self.module, std::slice::from_ref(first)].concat();
        match first.as_str() {
            "crate" => Some(rest.to_vec()),
            "self" => Some([self.module, rest].concat()),
            "super" => {
                let up = path.iter().take_while(|part| *part == "super").count();
                let base = self.module.get(..self.module.len().checked_sub(up)?)?;
                Some([base, path.get(up..)?].concat())
            }
            _ if self.modules.contains(&child()) => Some([child().as_slice(), rest].concat()),
            _ => None,
        }
    }

    fn tree(&mut self, before: &[String], tree: &syn::UseTree) {
        match tree {
            syn::UseTree::Path(path) => self.tree(&[before, &[path.ident.to_string()]].concat(), &path.tree),
            syn::UseTree::Name(name) => self.add(&[before, &[name.ident.to_string()]].concat()),
            syn::UseTree::Rename(name) => self.add(&[before, &[name.ident.to_string()]].concat()),
            syn::UseTree::Glob(_) => self.add(before),
            syn::UseTree::Group(group) => group.items.iter().for_each(|tree| self.tree(before, tree)),
        }
    }
}

impl Look for Paths<'_> {
    fn path(&mut self, path: &syn::Path) {
        if path.segments.len() > 1 {
            self.add(&path.segments.iter().map(|s| s.ident.to_string()).collect::<Vec<_>>());
        }
    }

    fn import(&mut self, item: &syn::ItemUse) {
        self.tree(&[], &item.tree);
    }
}
