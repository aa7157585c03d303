//! How an app is reached.

use crate::slugs::slugs;
use serde::{Deserialize, Serialize};

slugs! {
    /// Through which kind of object an app is reached.
    #[derive(Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    EndpointKind {
        /// A rule of an ingress.
        Ingress = "ingress",
        /// A port that every node has open.
        NodePort = "node_port",
        /// An address of a load balancer.
        LoadBalancer = "load_balancer",
        /// A name inside the cluster.
        Service = "service",
    }
}

/// A way to reach the app.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Endpoint {
    /// Through what.
    pub kind: EndpointKind,
    /// `https://loklak.example.org/`, `any node:30090`, `loklak-server.web:80`.
    pub address: String,
    /// What is behind it: `Service to port 9000, 2 of 3 pods behind it`.
    pub sentence: String,
    /// It leads nowhere.
    pub broken: bool,
}
