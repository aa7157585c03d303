//! What the form says about itself.

use domain::spec::{AppForm, ProbeForm, ProbeType};
use domain::{Code, FieldError, ProblemDetails};

/// The title above all errors; empty without any.
#[must_use]
pub fn summary(errors: usize, end: &str) -> String {
    if errors == 0 { String::new() } else { format!("{} to {end}:", fix(errors)) }
}

/// `Fix 1 field`, `Fix 2 fields`.
#[must_use]
pub fn fix(fields: usize) -> String {
    if fields == 1 { "Fix 1 field".to_owned() } else { format!("Fix {fields} fields") }
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
pub const fn outcome(problem: &ProblemDetails) -> &'static str {
    let unsure = matches!(problem.code, Code::ClusterAway | Code::Internal);
    if unsure { "It may have been created. Check before trying again." } else { "Nothing was created." }
}

/// What is said of a section beside its sign.
#[must_use]
pub fn section(errors: usize, warnings: usize, complete: bool) -> String {
    match (errors, warnings, complete) {
        (0, 0, true) => ", complete".to_owned(),
        (0, 0, false) => String::new(),
        (0, 1, _) => ", 1 warning".to_owned(),
        (0, n, _) => format!(", {n} warnings"),
        (n, ..) => format!(", {n} to fix"),
    }
}

/// A probe in one line.
#[must_use]
pub fn probe(form: &ProbeForm) -> String {
    let or = |text: &str, otherwise: &str| Some(text.trim()).filter(|t| !t.is_empty()).unwrap_or(otherwise).to_owned();
    let port = or(&form.port, "the first port");
    let what = match ProbeType::chosen(&form.kind) {
        Some(ProbeType::Http) => format!("HTTP GET {} on {port}", or(&form.path, "/")),
        Some(ProbeType::Tcp) => format!("TCP on {port}"),
        Some(ProbeType::Command) => format!("Runs {}", or(form.command.lines().next().unwrap_or_default(), "a command")),
        Some(ProbeType::None) | None => return "Off".to_owned(),
    };
    let failures = or(&form.failure_threshold, "3");
    let failures = if failures == "1" { "1 failure".to_owned() } else { format!("{failures} failures") };
    format!("{what}, every {} s, {failures}", or(&form.period_seconds, "10"))
}

/// What the button of a probe says while it is closed.
#[must_use]
pub fn probe_verb(form: &ProbeForm) -> &'static str {
    if ProbeType::chosen(&form.kind) == Some(ProbeType::None) { "Add" } else { "Edit" }
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
    fn a_probe_says_in_one_line_what_it_does() {
        let probe = |kind: &str, path: &str, port: &str| ProbeForm {
            kind: kind.into(),
            path: path.into(),
            port: port.into(),
            command: "pg_isready\n-q".into(),
            ..ProbeForm::default()
        };
        assert_eq!(super::probe(&ProbeForm::default()), "Off");
        assert_eq!(super::probe(&probe("http", "/healthy", "http")), "HTTP GET /healthy on http, every 10 s, 3 failures");
        assert_eq!(super::probe(&probe("tcp", "", " ")), "TCP on the first port, every 10 s, 3 failures");
        let once = ProbeForm { failure_threshold: "1".into(), period_seconds: "5".into(), ..probe("command", "", "") };
        assert_eq!(super::probe(&once), "Runs pg_isready, every 5 s, 1 failure");
        assert_eq!((probe_verb(&ProbeForm::default()), probe_verb(&once)), ("Add", "Edit"));
    }

    #[test]
    fn only_a_refusal_says_that_nothing_was_created() {
        let said = |code| outcome(&ProblemDetails::new(code, "", ""));
        for code in [Code::Invalid, Code::Conflict, Code::Forbidden, Code::ClusterRefused, Code::TooMany, Code::Unauthenticated] {
            assert_eq!(said(code), "Nothing was created.", "{code:?}");
        }
        for code in [Code::ClusterAway, Code::Internal] {
            assert!(!said(code).contains("othing"), "{code:?}");
        }
    }
}
