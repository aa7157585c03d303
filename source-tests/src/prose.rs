//! Where control flow reads a sentence.

use crate::source::{File, Look, WithoutTests};
use syn::visit::Visit;

/// A place where code asks what a text says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The line of the file.
    pub line: usize,
    /// What is asked for.
    pub literal: String,
}

/// Ways to ask for a part of a text.
const METHODS: [&str; 12] = [
    "contains",
    "starts_with",
    "ends_with",
    "strip_prefix",
    "strip_suffix",
    "split_once",
    "rsplit_once",
    "replace",
    "replacen",
    "find",
    "rfind",
    "trim_start_matches",
];

/// Names of what is written for a person or stands for a word of the wire, and is therefore not compared as text.
const WORDS: [&str; 9] = ["reason", "sentence", "detail", "title", "tone", "outcome", "action", "advice", "message"];

/// Names of fields that hold a word of Kubernetes, such as `Failed`. Our own words have no capital.
const KUBERNETES: [&str; 5] = ["kind", "phase", "operator", "protocol", "type_"];

/// The places in a file: a literal with a space or a capital that is looked for in a text or is the pattern of a `match` or
/// `matches!`, and a comparison of a field whose name says that it holds words.
#[must_use]
pub fn readings(file: &File) -> Vec<Reading> {
    let mut look = WithoutTests(Readings::default());
    look.visit_file(&file.syntax);
    look.0.found
}

#[derive(Default)]
struct Readings {
    found: Vec<Reading>,
}

impl Readings {
    fn add(&mut self, literal: &syn::LitStr) {
        self.found.push(Reading { line: literal.span().start().line, literal: literal.value() });
    }

    /// The texts of a pattern.
    fn pattern(&mut self, pattern: &syn::Pat) {
        let mut texts = Texts::default();
        texts.visit_pat(pattern);
        texts.0.iter().filter(|literal| is_prose(&literal.value())).for_each(|literal| self.add(literal));
    }
}

/// Texts that stand in a pattern.
#[derive(Default)]
struct Texts(Vec<syn::LitStr>);

impl<'a> Visit<'a> for Texts {
    fn visit_lit_str(&mut self, literal: &'a syn::LitStr) {
        self.0.push(literal.clone());
    }
}

/// The pattern of `matches!(expression, pattern if condition)`.
fn pattern_of_matches(input: syn::parse::ParseStream<'_>) -> syn::Result<syn::Pat> {
    input.parse::<syn::Expr>()?;
    input.parse::<syn::Token![,]>()?;
    let pattern = syn::Pat::parse_multi_with_leading_vert(input)?;
    // A condition may follow, and a comma.
    input.parse::<proc_macro2::TokenStream>()?;
    Ok(pattern)
}

impl Look for Readings {
    fn expression(&mut self, expression: &syn::Expr) {
        match expression {
            syn::Expr::MethodCall(call) if METHODS.iter().any(|name| call.method == name) => {
                for literal in call.args.iter().flat_map(literals).filter(|literal| is_prose(&literal.value())) {
                    self.add(literal);
                }
            }
            syn::Expr::Binary(syn::ExprBinary { left, op: syn::BinOp::Eq(_) | syn::BinOp::Ne(_), right, .. }) => {
                for (field, value) in [(left, right), (right, left)] {
                    let (ours, theirs) = (is_called(field, &WORDS), is_called(field, &KUBERNETES));
                    literals(value).into_iter().filter(|literal| ours || (theirs && is_prose(&literal.value()))).for_each(|literal| self.add(literal));
                }
            }
            syn::Expr::Match(matched) => matched.arms.iter().for_each(|arm| self.pattern(&arm.pat)),
            syn::Expr::Macro(macros) if macros.mac.path.is_ident("matches") => {
                if let Ok(pattern) = macros.mac.parse_body_with(pattern_of_matches) {
                    self.pattern(&pattern);
                }
            }
            syn::Expr::Let(condition) => self.pattern(&condition.pat),
            _ => {}
        }
    }
}

/// The texts that an argument names: itself, or those of a list.
fn literals(expression: &syn::Expr) -> Vec<&syn::LitStr> {
    match expression {
        syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) => vec![text],
        syn::Expr::Array(list) => list.elems.iter().flat_map(literals).collect(),
        syn::Expr::Reference(inner) => literals(&inner.expr),
        _ => Vec::new(),
    }
}

/// A word between blanks, or a word with a capital, is there for people.
fn is_prose(text: &str) -> bool {
    text.chars().any(char::is_alphabetic) && text.chars().any(|c| c == ' ' || c.is_uppercase())
}

/// Whether an expression is a field, a variable or a call by one of these names.
fn is_called(expression: &syn::Expr, names: &[&str]) -> bool {
    let name = match expression {
        syn::Expr::Field(syn::ExprField { member: syn::Member::Named(name), .. }) => name.to_string(),
        syn::Expr::Path(path) => path.path.get_ident().map(ToString::to_string).unwrap_or_default(),
        syn::Expr::MethodCall(call) if call.args.is_empty() => return is_called(&call.receiver, names),
        syn::Expr::Reference(inner) => return is_called(&inner.expr, names),
        syn::Expr::Unary(inner) => return is_called(&inner.expr, names),
        _ => String::new(),
    };
    names.contains(&name.as_str())
}
