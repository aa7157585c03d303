//! What is said where the cluster didn't do what was asked.

use crate::FieldError;
use crate::english::cluster;
use crate::problem::{ClusterProblem, LookAt};

pub(super) fn sentence(problem: &ClusterProblem) -> String {
    match problem {
        ClusterProblem::NotFound(what) => cluster::missing(what),
        ClusterProblem::Exists(object) => cluster::exists(object),
        ClusterProblem::Changed(object) => cluster::changed(object),
        ClusterProblem::Refused(why) => cluster::refused(why),
        ClusterProblem::NotAllowed(why) => cluster::not_allowed(why),
        ClusterProblem::Away => "The cluster isn't responding. Nothing was changed. The portal keeps trying.".to_owned(),
        ClusterProblem::Unanswered { look_at } => {
            format!("The cluster didn't answer. It may have been done: check {} before trying again.", thing(*look_at))
        }
    }
}

/// What is said beside the fields of the form that the cluster complains about.
pub(super) fn beside_fields(problem: &ClusterProblem) -> Vec<FieldError> {
    match problem {
        ClusterProblem::Refused(why) => cluster::fields(why),
        ClusterProblem::NotFound(_)
        | ClusterProblem::Exists(_)
        | ClusterProblem::Changed(_)
        | ClusterProblem::NotAllowed(_)
        | ClusterProblem::Away
        | ClusterProblem::Unanswered { .. } => Vec::new(),
    }
}

pub(super) const fn thing(look_at: LookAt) -> &'static str {
    match look_at {
        LookAt::App => "the app",
        LookAt::Secret => "the secret",
        LookAt::SecretList => "the list of secrets",
    }
}
