//! The change with which a rollout begins.

use crate::{Kind, WorkloadName};

/// A change of the pods' template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Who made it: the person who asked the portal, or a field manager.
    pub by: Option<String>,
    /// What it was.
    pub what: Changed,
    /// What whoever made it wrote to it (`kubernetes.io/change-cause`).
    pub cause: Option<String>,
}

/// What a change was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Changed {
    /// A deployment got a revision.
    Revision {
        /// Number of the new revision.
        revision: u64,
        /// How it got it.
        how: Rollout,
    },
    /// A workload without revisions that it tells of.
    Workload {
        /// Its kind.
        kind: Kind,
        /// Its name.
        name: WorkloadName,
        /// How it was changed.
        how: Rollout,
    },
}

/// How a template came to be the newest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rollout {
    /// Its pods are made anew.
    Restarted,
    /// An older one was taken back.
    RolledBack {
        /// The revision that it was.
        to: u64,
        /// What became of the image, where that changed.
        images: Option<Images>,
    },
    /// It was made, with or without its workload.
    Deployed(Option<Images>),
    /// The workload was made.
    Created,
    /// The workload was changed.
    Changed,
}

/// What became of the main image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Images {
    /// Of the revision before.
    pub before: Option<String>,
    /// Of the newest revision.
    pub now: String,
}
