//! Where control flow reads a sentence.

use crate::source::{File, Look, WithoutTests};
use syn::visit::Visit as _;

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

/// The places in a file: a literal with a space or a capital that is looked for in a text, and a comparison of a field whose
/// name says that it holds words.
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
                let sides = [(left, right), (right, left)];
                for literal in sides.iter().filter(|(field, _)| holds_words(field)).flat_map(|(_, value)| literals(value)) {
                    self.add(literal);
                }
            }
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

/// Whether an expression is a field, a variable or a call by the name of words.
fn holds_words(expression: &syn::Expr) -> bool {
    let name = match expression {
        syn::Expr::Field(syn::ExprField { member: syn::Member::Named(name), .. }) => name.to_string(),
        syn::Expr::Path(path) => path.path.get_ident().map(ToString::to_string).unwrap_or_default(),
        syn::Expr::MethodCall(call) if call.args.is_empty() => return holds_words(&call.receiver),
        syn::Expr::Reference(inner) => return holds_words(&inner.expr),
        syn::Expr::Unary(inner) => return holds_words(&inner.expr),
        _ => String::new(),
    };
    WORDS.contains(&name.as_str())
}
