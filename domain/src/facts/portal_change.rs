//! What a person had the portal do to an app, as far as the cluster itself does not say who it was.

use crate::UnixMs;
use crate::operation::id::OperationId;
use serde::{Deserialize, Serialize};

/// The last such change, from an annotation of the workload. Whoever may edit the workload may write it: it is told in
/// the app's story, and the record is the audit table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PortalChange {
    /// When it was asked for.
    pub at: UnixMs,
    /// The person's name.
    pub by: String,
    /// What was asked for.
    pub action: PortalAction,
    /// The revision that a deployment gets by it. In another revision the change is history.
    pub revision: Option<u64>,
    /// The operation that it was, by which it is known again after a kill; none where an earlier version wrote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation: Option<OperationId>,
}

/// What can be asked for that makes new pods.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PortalAction {
    /// The app itself.
    Create,
    /// All pods anew.
    Restart,
    /// Back to a revision.
    Rollback {
        /// Number of the revision whose template is taken again.
        to: u64,
    },
}
