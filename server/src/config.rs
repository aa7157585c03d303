//! Configuration: flags, then environment, then a TOML file, then defaults.
//!
//! An unknown or impossible setting stops the start with one sentence. [`table`] is the only list of settings; each section of
//! it is a struct in a file of its own, which reads its settings and checks them against each other.

mod cluster;
mod database;
mod error;
mod file;
mod finding;
mod limits;
mod listen;
mod load;
mod logs;
mod metrics;
mod nearest;
mod parse;
mod passwords;
mod proxies;
mod session;
mod site;
pub mod table;
#[cfg(test)]
mod tests;
mod text;
mod validate;

pub use cluster::Cluster;
pub use database::Database;
pub use error::ConfigError;
pub use finding::{Finding, FindingKind, Severity, Wants};
pub use limits::Limits;
pub use listen::Listen;
pub use load::gather;
pub use logs::{LogFormat, Logs};
pub use metrics::Metrics;
pub use passwords::{Argon2Cost, Passwords};
pub use proxies::Proxies;
pub use session::Session;
pub use site::Site;
pub use text::{Raw, Texts};
pub use validate::Validate;

use domain::Language;

/// All settings, checked.
#[derive(Clone)]
pub struct Config {
    /// Where the portal listens.
    pub listen: Listen,
    /// The pages.
    pub site: Site,
    /// What stands in front of the portal.
    pub proxies: Proxies,
    /// SQLite.
    pub database: Database,
    /// The cluster.
    pub cluster: Cluster,
    /// Passwords and their hashes.
    pub passwords: Passwords,
    /// How long somebody stays signed in.
    pub session: Session,
    /// Logs.
    pub logs: Logs,
    /// The portal's own metrics.
    pub metrics: Metrics,
    /// What may be used at most.
    pub limits: Limits,
    /// In which the portal speaks. No setting: there is one, and the pseudo-locale of tests.
    pub language: Language,
}

impl Config {
    /// Reads and checks every text.
    ///
    /// # Errors
    /// One sentence about the first setting that cannot be.
    pub fn from_texts(texts: &Texts) -> Result<Self, ConfigError> {
        let config = Self::read(&parse::Reader { texts }).map_err(ConfigError::Wrong)?;
        match config.validate().into_iter().find(|finding| finding.severity() == Severity::Error) {
            Some(finding) => Err(ConfigError::Wrong(finding)),
            None => Ok(config),
        }
    }

    fn read(read: &parse::Reader<'_>) -> Result<Self, Finding> {
        Ok(Self {
            listen: Listen::read(read)?,
            site: Site::read(read)?,
            proxies: Proxies::read(read)?,
            database: Database::read(read)?,
            cluster: Cluster::read(read)?,
            passwords: Passwords::read(read)?,
            session: Session::read(read)?,
            logs: Logs::read(read)?,
            metrics: Metrics::read(read)?,
            limits: Limits::read(read)?,
            language: Language::English,
        })
    }

    /// What can be and is seldom meant, for the log at the start.
    #[must_use]
    pub fn warnings(&self) -> Vec<Finding> {
        let findings = self.validate().into_iter();
        findings.filter(|finding| finding.severity() == Severity::Warning).collect()
    }
}

impl Validate for Config {
    fn validate(&self) -> Vec<Finding> {
        // Taken apart, so that no section can be forgotten.
        let Self { listen, site, proxies, database, cluster, passwords, session, logs, metrics, limits, language: _ } = self;
        let sections: [&dyn Validate; 10] = [listen, site, proxies, database, cluster, passwords, session, logs, metrics, limits];
        sections.into_iter().flat_map(Validate::validate).collect()
    }
}
