//! What the form says about itself.

use domain::spec::AppForm;
use domain::{Code, FieldError, Problem};

/// The title above all errors; empty without any.
#[must_use]
pub fn summary(errors: usize, end: &str) -> String {
    let number = match errors {
        0 => return String::new(),
        n => fix(n),
    };
    format!("{number} to {end}:")
}

/// `Fix 1 field`, `Fix 2 fields`.
#[must_use]
pub fn fix(fields: usize) -> String {
    if fields == 1 { "Fix 1 field".to_owned() } else { format!("Fix {fields} fields") }
}

/// Whether an error is about a whole table (a service without a port): another field has brought it up, so it is told at once.
#[must_use]
pub fn is_about_a_table(field: &str) -> bool {
    matches!(field, "ports" | "env")
}

/// What the form still needs, while nothing that was typed is wrong.
#[must_use]
pub fn next(form: &AppForm, errors: &[FieldError]) -> String {
    let (name, image) = (form.name.trim().is_empty(), form.image.trim().is_empty());
    match (name, image) {
        (true, true) => "Enter a name and an image".to_owned(),
        (true, false) => "Enter a name".to_owned(),
        (false, true) => "Enter an image".to_owned(),
        (false, false) => errors.first().map(|e| e.message.clone()).unwrap_or_default(),
    }
}

/// What came of a try that did not work. Only a refusal says that nothing was done; where the cluster, the portal or the
/// network failed, nobody can tell.
#[must_use]
pub const fn outcome(problem: &Problem) -> &'static str {
    match problem.code {
        Code::ClusterAway | Code::Internal => "It may have been created. Check before trying again.",
        _ => "Nothing was created.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_foot_names_what_is_missing_and_not_what_is_there() {
        let form = |name: &str, image: &str| AppForm { name: name.into(), image: image.into(), ..AppForm::default() };
        let errors = [FieldError::new("ports", "A service needs a port. Add one.")];
        assert_eq!(next(&form("", " "), &errors), "Enter a name and an image");
        assert_eq!(next(&form("shop", ""), &errors), "Enter an image");
        assert_eq!(next(&form("shop", "web:1"), &errors), "A service needs a port. Add one.");
    }

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
