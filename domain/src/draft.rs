//! What a person has typed into a form and not sent yet, as it may be kept: without secret values.

use crate::cause::ProbeKind;
use crate::form::{EnvPart, Field, Finding, ProbePart, Wrong};
use crate::redact;
use crate::spec::AppForm;
use crate::spec::Source;
use crate::{SecretName, UnixMs};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

mod secret;

pub use secret::SecretDraft;

/// The forms whose text is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DraftOf {
    /// The form for a new app.
    NewApp,
    /// The form for a new secret.
    NewSecret,
}

impl DraftOf {
    /// Its part of the address, such as `new-app`.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::NewApp => "new-app",
            Self::NewSecret => "new-secret",
        }
    }
}

/// A form for a new app as it is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppDraft {
    /// The form, with nothing in the fields that were left out.
    pub form: AppForm,
    /// Names of the fields that held a secret.
    pub left_out: Vec<String>,
}

/// A draft that was found when its form was opened again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored<T> {
    /// When it was last changed.
    pub changed: UnixMs,
    /// What was typed.
    pub draft: T,
}

/// What became of a draft that was to be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// When it was changed: now.
    pub changed: UnixMs,
    /// It took the place of one that its page had not seen, as from another tab. The newest counts.
    pub replaced: bool,
}

/// A draft as it is kept.
#[must_use]
pub fn write(draft: &impl Serialize) -> String {
    serde_json::to_string(draft).unwrap_or_default()
}

/// What was kept; `None` where this portal cannot read it.
#[must_use]
pub fn read<T: DeserializeOwned>(text: &str) -> Option<T> {
    serde_json::from_str(text).ok()
}

impl AppDraft {
    /// Takes out what looks like a secret: the value of a variable whose name or text says so, and a command with a
    /// password in it.
    #[must_use]
    pub fn of(mut form: AppForm) -> Self {
        let mut left_out = Vec::new();
        for (n, variable) in form.env.iter_mut().enumerate() {
            // The name of a secret or config map is one; what is no name may be a value that was pasted there.
            let fine = match Source::chosen(&variable.from) {
                Some(Source::Value) => redact::value(&variable.name, &variable.value) == variable.value,
                Some(Source::Secret | Source::ConfigMap) | None => variable.value.is_empty() || SecretName::parse(&variable.value).is_ok(),
            };
            if !fine {
                variable.value.clear();
                left_out.push(Field::Env(n, EnvPart::Value).to_string());
            }
        }
        let mut text = |field: Field, text: &mut String| {
            // Of what has a word on each line, the words before tell which is a secret.
            let words: Vec<String> = text.lines().map(str::to_owned).collect();
            if redact::text(text) != *text || redact::command(&words) != words {
                text.clear();
                left_out.push(field.to_string());
            }
        };
        text(Field::Image, &mut form.image);
        text(Field::Command, &mut form.command);
        text(Field::Args, &mut form.args);
        text(Field::IngressHost, &mut form.ingress_host);
        text(Field::IngressPath, &mut form.ingress_path);
        for (kind, probe) in [(ProbeKind::Liveness, &mut form.liveness), (ProbeKind::Readiness, &mut form.readiness), (ProbeKind::Startup, &mut form.startup)] {
            text(Field::Probe(kind, ProbePart::Command), &mut probe.command);
            text(Field::Probe(kind, ProbePart::Path), &mut probe.path);
        }
        Self { form, left_out }
    }

    /// What is said beside the fields that were left out.
    #[must_use]
    pub fn again(left_out: &[String]) -> Vec<Finding> {
        left_out.iter().filter_map(|path| Some(Finding::new(Field::parse(path)?, Wrong::LeftOutOfDraft))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::{EnvForm, ProbeForm};

    fn variable(name: &str, from: &str, value: &str) -> EnvForm {
        EnvForm { name: name.into(), from: from.into(), value: value.into(), key: String::new() }
    }

    #[test]
    fn what_looks_like_a_secret_is_left_out_and_asked_for_again() {
        let form = AppForm {
            name: "shop".into(),
            args: "--port=80\n--password=hunter22".into(),
            env: vec![
                variable("MODE", "", "fast"),
                variable("DB_PASSWORD", "value", "hunter22"),
                variable("DB_URL", "value", "postgres://shop:hunter22@db/shop"),
                variable("DB_PASSWORD_2", "secret", "shop-db"),
                variable("DB_PASSWORD_3", "secret", "Hunter 22 hunter22"),
            ],
            liveness: ProbeForm { command: "check\n--password\nhunter22".into(), ..ProbeForm::default() },
            ..AppForm::default()
        };
        let draft = AppDraft::of(form);
        let kept = write(&draft);
        assert!(!kept.contains("hunter22"), "{kept}");
        assert_eq!(draft.left_out, ["env.1.value", "env.2.value", "env.4.value", "args", "liveness.command"]);
        assert_eq!((draft.form.env[0].value.as_str(), draft.form.env[3].value.as_str()), ("fast", "shop-db"), "a name of a secret is no secret");
        assert_eq!(AppDraft::again(&draft.left_out)[0], Finding::new(Field::Env(1, EnvPart::Value), Wrong::LeftOutOfDraft));
    }
}
