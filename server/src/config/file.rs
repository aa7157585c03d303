//! Reads the settings of a TOML file: keys above all tables, and tables with the settings of a section.

use super::error::ConfigError;
use super::nearest::nearest;
use super::table::{self, Place, SETTINGS, Section, Setting};
use super::text::{Raw, Texts};
use std::borrow::Cow;
use std::fmt::Display;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The texts of a file.
///
/// # Errors
/// One sentence about what is not TOML, not a setting, or set twice.
pub(super) fn read(path: &str, text: &str) -> Result<Texts, ConfigError> {
    let table = DeTable::parse(text).map_err(|error| {
        let at = error.span().map_or_else(|| path.to_owned(), |span| format!("{path} (line {})", line(text, span.start)));
        ConfigError::NotToml { at, message: error.message().to_owned() }
    })?;
    let mut file = File { path, text, found: Texts::new() };
    for (key, value) in table.get_ref() {
        match (table::find_section(key.get_ref()), value.get_ref()) {
            (Some(section), DeValue::Table(settings)) => file.section(section, settings)?,
            (section, _) => file.key(key, value.get_ref(), section)?,
        }
    }
    Ok(file.found)
}

/// A key and the place where it stands.
type Key<'a> = Spanned<Cow<'a, str>>;

struct File<'a> {
    path: &'a str,
    text: &'a str,
    found: Texts,
}

impl File<'_> {
    /// All settings of a table.
    fn section(&mut self, section: Section, settings: &DeTable<'_>) -> Result<(), ConfigError> {
        for (key, value) in settings {
            let name = key.get_ref();
            let at = self.at(&format_args!("[{}] {name}", section.name()), key);
            match table::within(section).find(|(known, _)| known == name) {
                Some((_, setting)) => self.set(setting, value.get_ref(), at)?,
                None => return Err(ConfigError::UnknownSetting { at, nearest: nearest_within(section, name).map(|place| place.to_string()) }),
            }
        }
        Ok(())
    }

    /// A key above all tables; `section` is the table that has its name.
    fn key(&mut self, key: &Key<'_>, value: &DeValue<'_>, section: Option<Section>) -> Result<(), ConfigError> {
        let name = key.get_ref();
        if let Some(setting) = table::find(name).filter(|s| s.place.is_some()) {
            return self.set(setting, value, self.at(name, key));
        }
        if section.is_some() {
            return Err(ConfigError::Form { at: self.at(name, key), takes: "a table of settings", is: kind(value) });
        }
        Err(match value {
            DeValue::Table(_) => {
                let sections = Section::ALL.into_iter().map(|known| known.name().to_owned());
                let nearest = nearest(name, sections).map(|known| format!("[{known}]"));
                ConfigError::UnknownTable { at: self.at(&format_args!("[{name}]"), key), nearest }
            }
            DeValue::String(_) | DeValue::Integer(_) | DeValue::Float(_) | DeValue::Boolean(_) | DeValue::Datetime(_) | DeValue::Array(_) => {
                let keys = SETTINGS.iter().filter(|s| s.place.is_some()).map(|s| s.key.to_owned());
                ConfigError::UnknownSetting { at: self.at(name, key), nearest: nearest(name, keys) }
            }
        })
    }

    fn set(&mut self, setting: &'static Setting, value: &DeValue<'_>, at: String) -> Result<(), ConfigError> {
        let Some(text) = flat(value) else {
            return Err(ConfigError::Form { at, takes: setting.takes, is: kind(value) });
        };
        match self.found.insert(setting.key, Raw { text, origin: at.clone() }) {
            Some(other) => Err(ConfigError::Twice { first: other.origin, second: at }),
            None => Ok(()),
        }
    }

    /// `port in quayside.toml (line 3)`.
    fn at(&self, what: &(impl Display + ?Sized), key: &Key<'_>) -> String {
        format!("{what} in {} (line {})", self.path, line(self.text, key.span().start))
    }
}

/// The line of a byte; the first is 1.
fn line(text: &str, byte: usize) -> usize {
    text.get(..byte).map_or(1, |before| before.split('\n').count())
}

/// The setting that may be meant by a key in a table: one that has this key elsewhere, or a similar one in the same table.
fn nearest_within(section: Section, name: &str) -> Option<Place> {
    let places = || SETTINGS.iter().filter_map(|s| s.place.map(|place| (s.key, place)));
    let here = || places().filter(|(_, place)| place.section == section);
    let similar = || nearest(name, here().map(|(_, place)| place.name.to_owned())).and_then(|near| here().find(|(_, place)| place.name == near));
    places().find(|(key, place)| *key == name || place.name == name).or_else(similar).map(|(_, place)| place)
}

/// A value as the text that a flag would have; `None` for a form that no setting takes.
fn flat(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix()).ok().map(|n| n.to_string()),
        DeValue::Boolean(is) => Some(is.to_string()),
        DeValue::Array(items) => items.iter().map(|item| flat(item.get_ref())).collect::<Option<Vec<_>>>().map(|texts| texts.join(",")),
        DeValue::Float(_) | DeValue::Datetime(_) | DeValue::Table(_) => None,
    }
}

/// What a value is, for people.
fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "text",
        DeValue::Integer(_) => "a number",
        DeValue::Float(_) => "a decimal number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
