//! Kubernetes through kube-rs: implements the service's [`Cluster`](service::ports::Cluster) port.

mod cluster;

pub use cluster::{Config, KubeCluster};
