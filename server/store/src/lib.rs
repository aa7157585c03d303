//! SQLite through sqlx: implements the service's storage port. The only room that knows SQL.
//!
//! One file in WAL mode. Three pools: readers; one writer that waits for the disk (`synchronous=FULL`), because a
//! user, a session or an audit entry must survive a power cut; and one that does not (`NORMAL`) for samples and failed
//! tries, where the last seconds may be lost. One file for all of it, because it is one thing to back up and samples of
//! 100 pods hold the write lock for about 6 ms per 15 s (of 10,000 pods for 0.6 s). SQLite lets one writer in at a time, so more connections would only queue.

mod attempts;
mod audit_log;
mod database;
mod drafts;
mod error;
mod open;
mod operations;
mod samples;
mod sessions;
mod teams;
mod users;

pub use open::SqliteStore;
