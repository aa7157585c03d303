//! The binary `quayside`: configuration, telemetry, lifecycle, HTTP. The only place that knows every room.
//!
//! A page is a handler in [`pages`] that asks the service and lets `app::render` paint; the API is in [`api`],
//! the one WebSocket in [`live`]. Every route stands in [`routes`] with the access it needs, and nowhere else.

// A test names what it is about.
#![cfg_attr(test, allow(clippy::wildcard_enum_match_arm))]

pub mod api;
pub mod assets;
pub mod cli;
pub mod client_connection;
pub mod config;
pub mod lifecycle;
pub mod live;
pub mod log_queue;
pub mod numbers;
pub mod openapi;
pub mod pages;
pub mod permissions;
pub mod rbac;
pub mod routes;
pub mod serve;
pub mod site;
pub mod start;
pub mod state;
pub mod system;
pub mod telemetry;
pub mod unread_body;
pub mod web;
