//! What the form says about itself.

use domain::{Code, Problem};

/// The title above all errors; empty without any.
#[must_use]
pub fn summary(errors: usize, end: &str) -> String {
    let number = match errors {
        0 => return String::new(),
        1 => return format!("One field needs a change before {end}:"),
        2 => "Two".to_owned(),
        3 => "Three".to_owned(),
        n => n.to_string(),
    };
    format!("{number} fields need a change before {end}:")
}

/// What came of a try that did not work. Only a refusal says that nothing was done; where the cluster, the portal or the
/// network failed, nobody can tell.
#[must_use]
pub const fn outcome(problem: &Problem) -> &'static str {
    match problem.code {
        Code::ClusterAway | Code::Internal => "It may have been created. Look before you try again.",
        _ => "Nothing was created.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_refusal_says_that_nothing_was_created() {
        let said = |code| outcome(&Problem::new(code, ""));
        for code in [Code::Invalid, Code::Conflict, Code::Forbidden, Code::ClusterRefused, Code::TooMany, Code::Unauthenticated] {
            assert_eq!(said(code), "Nothing was created.", "{code:?}");
        }
        for code in [Code::ClusterAway, Code::Internal] {
            assert!(!said(code).contains("othing"), "{code:?}");
        }
    }
}
