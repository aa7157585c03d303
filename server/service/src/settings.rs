//! What an operator can set of the use cases.

use domain::{Language, Namespace};
use std::collections::BTreeSet;

/// What an operator can set.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The namespaces that are served, and no other; `None` serves all that the cluster lets the portal see.
    pub namespaces: Option<BTreeSet<Namespace>>,
    /// A session ends when it was not used for this long.
    pub session_idle_ms: i64,
    /// A session ends this long after sign-in, used or not.
    pub session_absolute_ms: i64,
    /// argon2id: memory in KiB.
    pub argon2_memory_kib: u32,
    /// argon2id: passes.
    pub argon2_passes: u32,
    /// argon2id: lanes.
    pub argon2_lanes: u32,
    /// How many passwords are hashed at once; each takes `argon2_memory_kib`. One of them is kept for people who are known.
    pub hashes_at_once: usize,
    /// Milliseconds between two samples of CPU and memory.
    pub sample_step_ms: i64,
    /// How long samples are kept.
    pub sample_retention_ms: i64,
    /// Milliseconds after which rows are judged again although nothing changed, because time itself changes some.
    pub board_refresh_ms: u64,
    /// Logs that may be open at once, over all people.
    pub logs_at_once: usize,
    /// Containers that are read at once, over all open logs.
    pub log_sources_at_once: usize,
    /// Bytes read ahead per container of an open log.
    pub log_read_ahead: usize,
    /// Bytes read ahead over all open logs, beyond 16 KiB that each container of an open log may always have: with the
    /// default of 2,048 containers at once 32 MiB in all.
    pub log_pool: usize,
    /// Samples of logs are read for the statuses of apps.
    pub log_samples: bool,
    /// In which rows and pages of apps are written, once for all readers.
    pub language: Language,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            namespaces: None,
            session_idle_ms: 12 * 3_600_000,
            session_absolute_ms: 7 * 86_400_000,
            // The OWASP minimum: 19 MiB, 2 passes, 1 lane.
            argon2_memory_kib: 19 * 1024,
            argon2_passes: 2,
            argon2_lanes: 1,
            hashes_at_once: 2,
            sample_step_ms: 15_000,
            // The longest chart shows 24 hours.
            sample_retention_ms: 25 * 3_600_000,
            board_refresh_ms: 15_000,
            logs_at_once: 256,
            log_sources_at_once: 2048,
            log_read_ahead: 8 * 1024 * 1024,
            log_pool: 128 * 1024 * 1024,
            log_samples: true,
            language: Language::English,
        }
    }
}
