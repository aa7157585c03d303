//! The words behind the question mark of a request to the API.

use domain::Problem;
use domain::form::{Field, Finding, RequestWrong};

/// Most words of a query.
pub const MOST: usize = 64;
/// Characters of a wrong word that are said again.
const SAID: usize = 40;

/// The decoded words.
pub fn words(query: &str) -> impl Iterator<Item = (String, String)> {
    form_urlencoded::parse(query.as_bytes()).into_owned().take(MOST)
}

/// Whether a query says only what its route `knows`, and each word once. A misspelt `dryRun` would create what it should
/// only check.
///
/// # Errors
/// Each word that is not known or stands twice.
pub fn understood(query: &str, knows: &[&str]) -> Result<(), Problem> {
    let given: Vec<String> = words(query).map(|(name, _)| name).collect();
    let wrong = given.iter().enumerate().filter_map(|(at, name)| {
        let said: String = name.chars().take(SAID).collect();
        let wrong = if !knows.contains(&name.as_str()) {
            RequestWrong::UnknownParameter { name: said.clone(), known: knows.iter().map(|name| (*name).to_owned()).collect() }
        } else if given[..at].contains(name) {
            RequestWrong::ParameterTwice(said.clone())
        } else {
            return None;
        };
        Some(Finding::new(Field::Sent(said), wrong))
    });
    let wrong: Vec<Finding> = wrong.collect();
    if wrong.is_empty() { Ok(()) } else { Err(wrong.into()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Language;

    fn said(query: &str, knows: &[&str]) -> String {
        understood(query, knows).map_or_else(|problem| Language::English.problem(&problem).detail, |()| "fine".to_owned())
    }

    #[test]
    fn a_word_that_is_not_known_is_refused_with_those_that_are() {
        assert_eq!(said("dryRun=true", &["dryRun"]), "fine");
        assert_eq!(said("", &[]), "fine");
        assert_eq!(said("dryrun=true", &["dryRun"]), "Unknown query parameter dryrun. This address takes dryRun.");
        assert_eq!(said("limt=3", &["limit", "continue"]), "Unknown query parameter limt. This address takes limit and continue.");
        assert_eq!(said("force=1", &[]), "This address takes no query parameters; remove force.");
        assert_eq!(said("dry%52un=true", &["dryRun"]), "fine");
    }

    #[test]
    fn a_word_that_stands_twice_is_refused_because_one_of_them_would_be_left_out() {
        assert_eq!(said("dryRun=false&dryRun=true", &["dryRun"]), "dryRun is given twice. Give it once.");
    }

    #[test]
    fn of_a_long_word_only_the_beginning_is_said_again() {
        assert!(said(&"x".repeat(5000), &["limit"]).len() < 120);
    }
}
