//! The crates of the workspace, and their files without tests.

use std::path::{Path, PathBuf};
use syn::visit::Visit;

/// A crate of the workspace.
#[derive(Clone, Debug)]
pub struct Crate {
    /// Its folder below the checkout, such as `server/service`.
    pub folder: String,
    /// Its files, by their paths.
    pub files: Vec<File>,
}

/// A file of a crate.
#[derive(Clone, Debug)]
pub struct File {
    /// Below the checkout, such as `server/service/src/logs/source.rs`.
    pub path: String,
    /// Its module within the crate: `["logs", "source"]`; empty for the root.
    pub module: Vec<String>,
    /// What it says, with its tests.
    pub syntax: syn::File,
}

/// The checkout.
#[must_use]
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(Path::to_path_buf).unwrap_or_default()
}

/// The crates that make the portal.
///
/// # Panics
/// If a file cannot be read as Rust, which the compiler would have said before.
#[must_use]
pub fn crates() -> Vec<Crate> {
    ["domain", "app", "frontend", "server", "server/service", "server/store", "server/cluster"].into_iter().map(read).collect()
}

#[expect(clippy::expect_used, reason = "a test that cannot read the source has nothing to say")]
fn read(folder: &str) -> Crate {
    let src = root().join(folder).join("src");
    let mut paths = Vec::new();
    collect(&src, &mut paths);
    paths.sort();
    let file = |path: &PathBuf| {
        let inside = path.strip_prefix(&src).expect("it was found there");
        let text = std::fs::read_to_string(path).expect("a file of the source");
        File {
            path: format!("{folder}/src/{}", inside.display()),
            module: module(inside),
            syntax: syn::parse_file(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display())),
        }
    };
    Crate { folder: folder.to_owned(), files: paths.iter().map(file).collect() }
}

#[expect(clippy::expect_used, reason = "a test that cannot read the source has nothing to say")]
fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder of the source") {
        let path = entry.expect("an entry of a folder").path();
        let name = path.file_stem().unwrap_or_default();
        if path.is_dir() && name != "tests" && name != "fake" {
            collect(&path, paths);
        } else if path.extension().is_some_and(|e| e == "rs") && name != "tests" && name != "fake" {
            paths.push(path);
        }
    }
}

/// `logs/source.rs` is the module `logs::source`, and `logs/mod.rs` is `logs`.
fn module(path: &Path) -> Vec<String> {
    let mut parts: Vec<String> = path.with_extension("").iter().map(|part| part.to_string_lossy().into_owned()).collect();
    if parts.last().is_some_and(|last| last == "mod" || last == "lib" || last == "main") {
        parts.pop();
    }
    parts
}

/// Whether something is compiled for tests alone.
fn is_test(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|a| {
        let words = match &a.meta {
            syn::Meta::List(list) => list.tokens.to_string(),
            syn::Meta::Path(_) | syn::Meta::NameValue(_) => String::new(),
        };
        a.path().is_ident("test")
            || (a.path().is_ident("cfg") && words.split(|c: char| !c.is_alphanumeric()).any(|word| word == "test") && !words.contains("not"))
    })
}

/// Visits what is not for tests alone.
pub(crate) struct WithoutTests<V>(pub(crate) V);

/// What wants to see the source without its tests.
pub(crate) trait Look {
    /// An expression.
    fn expression(&mut self, _: &syn::Expr) {}
    /// A path such as `crate::names::AppId`, in an expression, a type or a pattern.
    fn path(&mut self, _: &syn::Path) {}
    /// What is imported.
    fn import(&mut self, _: &syn::ItemUse) {}
}

impl<'a, V: Look> Visit<'a> for WithoutTests<V> {
    fn visit_item_mod(&mut self, item: &'a syn::ItemMod) {
        if !is_test(&item.attrs) {
            syn::visit::visit_item_mod(self, item);
        }
    }

    fn visit_item_fn(&mut self, item: &'a syn::ItemFn) {
        if !is_test(&item.attrs) {
            syn::visit::visit_item_fn(self, item);
        }
    }

    fn visit_item_impl(&mut self, item: &'a syn::ItemImpl) {
        if !is_test(&item.attrs) {
            syn::visit::visit_item_impl(self, item);
        }
    }

    fn visit_item_use(&mut self, item: &'a syn::ItemUse) {
        if !is_test(&item.attrs) {
            self.0.import(item);
        }
    }

    fn visit_expr(&mut self, expression: &'a syn::Expr) {
        self.0.expression(expression);
        syn::visit::visit_expr(self, expression);
    }

    fn visit_path(&mut self, path: &'a syn::Path) {
        self.0.path(path);
        syn::visit::visit_path(self, path);
    }
}
