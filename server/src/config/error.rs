//! Why the portal does not start: one sentence that says what to change.

use super::finding::Finding;

/// What is wrong with the settings or with the file that they stand in. An `at` is a place such as `port in quayside.toml (line 3)`.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A setting can't be what it is set to.
    #[error("{0}")]
    Wrong(Finding),
    /// A variable or key is no setting.
    #[error("{at} isn't a setting{}. `quayside settings` lists all settings.", but(.nearest))]
    UnknownSetting {
        /// What was written, and where.
        at: String,
        /// The setting that may be meant.
        nearest: Option<String>,
    },
    /// A table of the file is none of those with settings.
    #[error("{at} isn't a table of settings{}. `quayside settings` lists all settings.", but(.nearest))]
    UnknownTable {
        /// What was written, and where.
        at: String,
        /// The table that may be meant.
        nearest: Option<String>,
    },
    /// The file has a value of a form that the setting doesn't have.
    #[error("{at} must be {takes}, not {is}.")]
    Form {
        /// The setting, and where it is.
        at: String,
        /// What the setting takes.
        takes: &'static str,
        /// What the value is, such as `a table`.
        is: &'static str,
    },
    /// The file sets something by its key and in its table.
    #[error("{first} and {second} are the same setting. Remove one of them.")]
    Twice {
        /// Where the setting is found first.
        first: String,
        /// Where it is found again.
        second: String,
    },
    /// The file is not TOML.
    #[error("{at} isn't valid TOML: {message}.")]
    NotToml {
        /// The file, and the line where there is one.
        at: String,
        /// What the parser says.
        message: String,
    },
    /// The file can't be read.
    #[error("Can't read {path:?} from {origin}: {error}.")]
    Unreadable {
        /// Path of the file.
        path: String,
        /// Where its path was written, such as `--config`.
        origin: String,
        /// What the system says.
        error: std::io::Error,
    },
}

/// `, but X is` for a name that is nearly right.
fn but(nearest: &Option<String>) -> String {
    nearest.as_ref().map(|name| format!(", but {name} is")).unwrap_or_default()
}
