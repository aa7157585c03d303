//! Kubernetes through kube-rs: implements the ports of [`Cluster`](service::ports::Cluster), each where its subject stands.
//!
//! Watches feed an index of slim objects ([`index`], [`slim`]), which is published as one immutable world; calls of
//! a person go straight to the API server. What goes wrong there becomes a `ClusterError` in [`errors`], which has no words
//! yet. This room knows no user, no role and no page: who may ask is decided in the service.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::wildcard_enum_match_arm))]

mod actions;
mod again;
mod around;
mod clock;
mod cluster;
mod connect;
mod contain_panic;
mod create;
mod discover;
mod errors;
#[cfg(test)]
mod healthy;
mod index;
mod json;
mod logs;
mod looks;
mod manifests;
mod missing;
mod objects;
mod paused_rollouts;
mod portal_change;
mod probe;
mod publish;
mod raw;
mod render;
mod revisions;
#[cfg(test)]
mod scripted;
mod secrets;
mod selector;
mod slim;
mod start;
mod text;
mod usage;
mod watch;
mod yaml;

pub use cluster::KubeCluster;
pub use start::{Config, OF_NAMESPACE};
