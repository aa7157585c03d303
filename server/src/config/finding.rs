//! What is found wrong with a setting, as a type. `Display` gives the sentence that stops the start or goes into the log.

use domain::names::NameError;
use ipnet::IpNet;
use std::fmt::{Display, Formatter};

/// Something about one setting that its operator has to change or should look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Key of the setting.
    pub setting: &'static str,
    /// What about it.
    pub kind: FindingKind,
}

/// What is found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FindingKind {
    /// The text is not one that the setting takes.
    Text {
        /// Where it was written, such as `--port` or `port in quayside.toml (line 3)`.
        origin: String,
        /// The text; `None` for a secret.
        text: Option<String>,
        /// What it should be instead.
        wants: Wants,
    },
    /// `session_idle` is longer than `session_absolute`.
    IdleBeyondAbsolute,
    /// `base_path` begins with this part, as the portal's own pages do.
    PathOfPages(String),
    /// `argon2_memory` is less than the lanes of `argon2_parallelism` need.
    MemoryBelowLanes,
    /// `trusted_proxies` has a network in which others than proxies are likely.
    WideProxies(IpNet),
}

/// Whether the portal starts with a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// It does not.
    Error,
    /// It does, and its log says so.
    Warning,
}

/// What a setting takes, where a text was something else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wants {
    /// An IP address.
    Address,
    /// A TCP port.
    Port,
    /// A path that is not empty.
    Path,
    /// Yes or no.
    Switch,
    /// A whole number.
    Number {
        /// Smallest allowed value.
        least: u32,
        /// Largest allowed value.
        most: u32,
    },
    /// A duration within the limits.
    Duration,
    /// Addresses or networks.
    Networks,
    /// Origins of sites.
    Origins,
    /// A form of the log.
    LogFormat,
    /// A filter of the log.
    LogFilter,
    /// A name; the error says which rule it breaks.
    Name(NameError),
}

impl Finding {
    /// Whether it stops the start.
    #[must_use]
    pub fn severity(&self) -> Severity {
        match self.kind {
            FindingKind::Text { .. } | FindingKind::IdleBeyondAbsolute | FindingKind::PathOfPages(_) | FindingKind::MemoryBelowLanes => Severity::Error,
            FindingKind::WideProxies(_) => Severity::Warning,
        }
    }
}

impl Display for Finding {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        let setting = self.setting;
        match &self.kind {
            FindingKind::Text { origin, text: Some(text), wants } => write!(f, "{origin} can't be {text:?}. {wants}"),
            FindingKind::Text { origin, text: None, wants } => write!(f, "{origin} is invalid. {wants}"),
            FindingKind::IdleBeyondAbsolute => write!(f, "{setting} must not be longer than session_absolute."),
            FindingKind::PathOfPages(part) => write!(f, "{setting} can't start with /{part}, which the portal's own pages use. Choose another."),
            FindingKind::MemoryBelowLanes => write!(f, "{setting} must be at least 8 KiB per lane (argon2_parallelism)."),
            FindingKind::WideProxies(net) => write!(
                f,
                "{setting} contains the network {net}. Any client in it can forge its address, path, and protocol, and so bypass \
                 the limit of sign-in attempts. List only the addresses of your proxies."
            ),
        }
    }
}

impl Display for Wants {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Address => f.write_str("Use an IP address, such as 0.0.0.0 or ::1."),
            Self::Port => f.write_str("Use a port from 0 to 65535."),
            Self::Path => f.write_str("Use a file path."),
            Self::Switch => f.write_str("Use true or false."),
            Self::Number { least, most } => write!(f, "Use a number from {least} to {most}."),
            Self::Duration => f.write_str("Use a duration such as 30m, 12h, or 7d, between a minute and a year."),
            Self::Networks => f.write_str("Use addresses such as 10.0.3.7, or networks such as 10.0.3.0/28."),
            Self::Origins => f.write_str("Use origins such as https://portal.example.org."),
            Self::LogFormat => f.write_str("Use text or json."),
            Self::LogFilter => f.write_str("Use a filter such as info or info,quayside=debug."),
            Self::Name(error) => error.fmt(f),
        }
    }
}
