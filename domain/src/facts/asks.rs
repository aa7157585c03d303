//! What a pod asks of a node.

use crate::kubernetes::words::LabelOperator;
use serde::{Deserialize, Serialize};

/// What the scheduler has to find a node for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asks {
    /// Requests of the whole pod by resource, as written: `cpu` `3`, `memory` `64Mi`, `nvidia.com/gpu` `1`; 20 at most.
    /// Where only a limit is written, that is the request.
    pub requests: Vec<(String, String)>,
    /// Labels that its node must have, of the node selector and the required node affinity; 20 at most.
    pub labels: Vec<Wish>,
    /// The scheduler that is to place it, where it is not the default one.
    pub scheduler: Option<String>,
}

/// A label that a node must have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wish {
    /// Its key.
    pub key: String,
    /// `In`, `NotIn`, `Exists`, `DoesNotExist`, `Gt`, `Lt`.
    pub operator: LabelOperator,
    /// Values; 10 at most.
    pub values: Vec<String>,
    /// Which alternative of the affinity it belongs to: nodes need to fit one of them. 0 for the node selector.
    pub alternative: u32,
}
