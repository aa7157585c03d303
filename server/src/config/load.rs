//! Gathers the raw text of every setting: flags over environment over file over defaults.

use super::error::ConfigError;
use super::file;
use super::nearest::nearest;
use super::table::{PREFIX, SETTINGS, Setting};
use super::text::{Raw, Texts};

/// Puts the sources over each other; the file is read where `config` names one.
///
/// # Errors
/// One sentence about the first unknown or unreadable setting.
pub fn gather(flags: Texts, environment: impl Iterator<Item = (String, String)>) -> Result<Texts, ConfigError> {
    let mut over = from_environment(environment)?;
    over.extend(flags);
    let mut all: Texts = SETTINGS.iter().map(|s| (s.key, Raw { text: s.default.to_owned(), origin: "the default".to_owned() })).collect();
    if let Some(Raw { text: path, origin }) = over.get("config").filter(|raw| !raw.text.is_empty()) {
        let unreadable = |error| ConfigError::Unreadable { path: path.clone(), origin: origin.clone(), error };
        all.extend(file::read(path, &std::fs::read_to_string(path).map_err(unreadable)?)?);
    }
    all.extend(over);
    Ok(all)
}

/// What a variable of the environment is to the portal.
enum Variable {
    /// A setting by the name that others use too, such as `PORT`.
    Alias(&'static Setting),
    /// A setting by its own name.
    Own(&'static Setting),
    /// Begins like the portal's and is none.
    Unknown,
    /// Nothing.
    Foreign,
}

impl Variable {
    fn of(name: &str, value: &str) -> Self {
        if let Some(setting) = SETTINGS.iter().find(|s| s.alias == Some(name)) {
            return Self::Alias(setting);
        }
        match name.strip_prefix(PREFIX) {
            Some(rest) if !is_service_link(rest, value) => SETTINGS.iter().find(|s| s.variable() == name).map_or(Self::Unknown, Self::Own),
            Some(_) | None => Self::Foreign,
        }
    }
}

/// Kubernetes writes `QUAYSIDE_SERVICE_HOST`, `QUAYSIDE_PORT=tcp://…` and more into every pod beside a Service
/// called `quayside`; those are not settings.
fn is_service_link(rest: &str, value: &str) -> bool {
    match rest.split_once('_') {
        Some((first, _)) => matches!(first, "SERVICE" | "PORT"),
        None => rest == "PORT" && value.contains("://"),
    }
}

fn from_environment(variables: impl Iterator<Item = (String, String)>) -> Result<Texts, ConfigError> {
    let mut found = Texts::new();
    let mut aliases = Texts::new();
    for (name, value) in variables {
        match Variable::of(&name, &value) {
            Variable::Alias(setting) => aliases.insert(setting.key, Raw { text: value, origin: name }),
            Variable::Own(setting) => found.insert(setting.key, Raw { text: value, origin: name }),
            Variable::Unknown => {
                let nearest = nearest(&name, SETTINGS.iter().map(Setting::variable));
                return Err(ConfigError::UnknownSetting { at: name, nearest });
            }
            Variable::Foreign => None,
        };
    }
    aliases.extend(found);
    Ok(aliases)
}
