//! What Kubernetes writes in answers and on objects, read into enums: the words of the API server, the scheduler, the kubelet and
//! container runtimes are compared here and nowhere else; each file says from whose source its texts come. A text that no
//! pattern knows becomes `Other` or `Said`: it is shown, and nothing is decided by it.
//!
//! The tests' texts and what is read from them are `tests/kubernetes/objects`.

pub mod admission;
pub mod api;
pub mod autoscaler;
mod call;
pub mod container;
pub mod controller;
pub mod env_from;
pub mod event;
pub mod eviction;
pub mod field_path;
pub mod image;
mod log;
pub mod pod;
pub mod probe;
mod resource;
mod right;
pub mod scheduler;
pub mod volume;
pub mod warning;
pub mod words;

pub use call::{Away, Change, Missing, Refused, Said};
pub use log::{LogAnswer, LogOf, LogRefusal, NoLog, is_no_log, log_answer};
pub use resource::{Object, Resource};
pub use right::{Lack, NotAllowed, Right, Unwatched, Verb};

use crate::operation::Piece;

/// An object that the portal sends to the API server for a new app.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AppObject {
    /// One that is created.
    Piece(Piece),
    /// A pod as the deployment would make it. It is only tried, because quotas and admission rules are about pods.
    TrialPod,
}

impl AppObject {
    /// Its kind as Kubernetes writes it, such as `Deployment`.
    #[must_use]
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Piece(Piece::Service) => "Service",
            Self::Piece(Piece::Ingress) => "Ingress",
            Self::Piece(Piece::Deployment) => "Deployment",
            Self::TrialPod => "Pod",
        }
    }
}
