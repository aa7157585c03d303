//! Use cases, one file each. Every permission check and every audit entry is here and nowhere else.
//!
//! This room knows the [`domain`] and the [`ports`] that the store and the cluster implement; it knows no SQL,
//! no Kubernetes type and no HTTP. A use case takes a capability ([`access::Viewer`] and stronger) that only the
//! authorizer can make, so a handler cannot forget the check.

// A test names what it is about.
#![cfg_attr(test, allow(clippy::wildcard_enum_match_arm))]

pub mod access;
pub mod access_changes;
pub mod accounts;
pub mod activity;
pub mod apps;
pub mod audit;
pub mod authenticate;
pub mod board;
mod catch_up;
mod certificate;
pub mod changes;
mod confirm;
#[cfg(any(test, feature = "contract"))]
pub mod contract;
mod deleted;
pub mod drafts;
pub mod error;
pub mod health;
pub mod index;
mod jobs;
mod key_pair;
mod limiter;
pub mod logs;
pub mod metrics;
pub mod namespaces;
pub mod new_apps;
pub mod observe;
pub mod operations;
pub mod origin;
mod own_key;
mod pace;
pub mod password;
pub mod password_reset;
pub mod portal;
pub mod ports;
pub mod projection;
mod prune;
mod quota;
mod readings;
pub mod seal;
pub mod search;
mod secret_names;
pub mod secrets;
pub mod sessions;
pub mod set_up;
mod settings;
pub mod storage;
mod tasks;
pub mod teams;
pub mod token;

pub use error::{Failure, Outcome};
pub use portal::Portal;
pub use settings::Settings;
