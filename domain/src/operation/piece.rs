//! The objects of an app that the portal makes.

use serde::{Deserialize, Serialize};

/// An object that the portal creates for an app. They are created in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Piece {
    /// What gives the app an address in the cluster.
    Service,
    /// What leads to the service from outside.
    Ingress,
    /// The app itself. It is the last one: where it is, all the others had been created.
    Deployment,
}

/// An object that stays, because somebody has changed it since it was created.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Touched {
    /// Which of the app's objects it is.
    pub piece: Piece,
    /// The field manager that changed it, such as `kubectl-edit`.
    pub by: String,
}
