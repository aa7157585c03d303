//! The portal's own log, and what it reads of those of apps.

use super::finding::{Finding, Wants};
use super::parse::{self, Reader};
use super::validate::Validate;
use tracing_subscriber::EnvFilter;

/// Form of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// Lines for people.
    Text,
    /// One JSON object per line.
    Json,
}

/// The portal's own log, and what it reads of those of apps.
#[derive(Clone)]
pub struct Logs {
    /// Read samples of logs for the statuses of apps.
    pub samples: bool,
    /// Form of the portal's log.
    pub format: LogFormat,
    /// What is logged.
    pub level: String,
}

impl Logs {
    pub(super) fn read(read: &Reader<'_>) -> Result<Self, Finding> {
        Ok(Self {
            samples: read.with("log_samples", parse::switch)?,
            format: read.with("log_format", |t| match t {
                "text" => Ok(LogFormat::Text),
                "json" => Ok(LogFormat::Json),
                _ => Err(Wants::LogFormat),
            })?,
            level: read.with("log_level", |t| EnvFilter::try_new(t).map(|_| t.to_owned()).map_err(|_| Wants::LogFilter))?,
        })
    }
}

impl Validate for Logs {}
