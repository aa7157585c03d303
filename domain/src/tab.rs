//! The tabs of an app's page.

use crate::AppId;

/// A tab of an app's page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tab {
    /// What happened, pods, endpoints, charts of the last hour. It stands at the app's own address.
    Overview,
    /// The log.
    Logs,
    /// Charts.
    Metrics,
    /// Events.
    Events,
    /// Environment and mounts.
    Configuration,
    /// Revisions.
    History,
    /// The workload as YAML.
    Yaml,
}

impl Tab {
    /// All of them, in the order of the page.
    pub const ALL: [Self; 7] = [Self::Overview, Self::Logs, Self::Metrics, Self::Events, Self::Configuration, Self::History, Self::Yaml];

    /// The last part of its address; nothing for the overview.
    #[must_use]
    pub const fn slug(self) -> Option<&'static str> {
        match self {
            Self::Overview => None,
            Self::Logs => Some("logs"),
            Self::Metrics => Some("metrics"),
            Self::Events => Some("events"),
            Self::Configuration => Some("configuration"),
            Self::History => Some("history"),
            Self::Yaml => Some("yaml"),
        }
    }

    /// The tab whose address ends so; never the overview, whose address is the app's own.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tab| tab.slug() == Some(slug))
    }

    /// Its page, below the base path.
    #[must_use]
    pub fn path(self, app: &AppId) -> String {
        match self.slug() {
            Some(slug) => format!("{}/{slug}", app.path()),
            None => app.path(),
        }
    }
}
