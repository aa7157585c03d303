//! The stable codes that enums give programs.

use crate::source::File;
use syn::visit::Visit as _;

/// A variant and a code that it has. One variant may have several, by its arguments.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Coded {
    /// `Calm::Paused`.
    pub variant: String,
    /// `paused`.
    pub code: String,
}

/// What the method `method` of the enum `of` gives as literals, itself or in `Some`. A code that comes from elsewhere, such as
/// from a field, is not among it.
#[must_use]
pub fn codes(file: &File, of: &str, method: &str) -> Vec<Coded> {
    let own = |item: &syn::Item| match item {
        syn::Item::Impl(item) if item.trait_.is_none() && is_of(&item.self_ty, of) => item.items.clone(),
        _ => Vec::new(),
    };
    let mut found = Arms { of, found: Vec::new() };
    for item in file.syntax.items.iter().flat_map(own) {
        if let syn::ImplItem::Fn(function) = item
            && function.sig.ident == method
        {
            found.visit_block(&function.block);
        }
    }
    found.found
}

fn is_of(of: &syn::Type, name: &str) -> bool {
    matches!(of, syn::Type::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == name))
}

struct Arms<'n> {
    of: &'n str,
    found: Vec<Coded>,
}

impl<'a> syn::visit::Visit<'a> for Arms<'_> {
    fn visit_arm(&mut self, arm: &'a syn::Arm) {
        if let Some(code) = literal(&arm.body) {
            let variants = alternatives(&arm.pat).into_iter().filter_map(variant);
            self.found.extend(variants.map(|name| Coded { variant: format!("{}::{name}", self.of), code: code.clone() }));
        }
        syn::visit::visit_arm(self, arm);
    }
}

fn literal(expression: &syn::Expr) -> Option<String> {
    match expression {
        syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) => Some(text.value()),
        syn::Expr::Call(call) => call.args.first().and_then(literal),
        _ => None,
    }
}

fn alternatives(pattern: &syn::Pat) -> Vec<&syn::Pat> {
    match pattern {
        syn::Pat::Or(or) => or.cases.iter().flat_map(alternatives).collect(),
        one => vec![one],
    }
}

fn variant(pattern: &syn::Pat) -> Option<String> {
    let path = match pattern {
        syn::Pat::Struct(pattern) => &pattern.path,
        syn::Pat::TupleStruct(pattern) => &pattern.path,
        syn::Pat::Path(pattern) => &pattern.path,
        _ => return None,
    };
    path.segments.last().map(|last| last.ident.to_string())
}
