//! Against a real cluster: `QS_TEST_KUBECONFIG=… cargo test -p quayside-cluster --test real -- --ignored`.
//!
//! Each test makes a namespace of its own and removes it. Nothing sleeps: a test waits for what it wants to see,
//! with a deadline.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod actions;
mod common;
mod create;
mod faults;
mod live;
mod logs;
mod middle;
mod proxy;
mod rights;
mod secrets;
