//! The whole server on a random port, with a real SQLite file and a cluster made by hand.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::wildcard_enum_match_arm, missing_docs, unreachable_pub)]

mod activity;
mod attacks;
mod bad_days;
mod base_path;
mod canary;
mod description;
mod drafts;
mod forms;
mod interrupted;
mod languages;
mod live;
mod logs;
mod long;
mod operations;
mod own;
mod planted;
mod process;
mod proxy;
mod real_cluster;
mod routes;
mod search;
mod strictness;
mod support;
mod teams;
