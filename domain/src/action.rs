//! What a person can do to an app.

mod note;
mod refusal;

pub use note::ActionNote;
pub use refusal::ActionRefusal;

use crate::Kind;
use crate::slugs::slugs;
use serde::{Deserialize, Serialize};

slugs! {
    /// What can be done to an app. The order is that of the slugs, in which the API lists them.
    #[derive(Serialize, Deserialize)]
    #[serde(rename_all = "lowercase")]
    Action {
        /// Deletes the workload and what the portal created for it.
        Delete = "delete",
        /// Holds a rollout, a job or a schedule.
        Pause = "pause",
        /// Replaces all pods, one after the other.
        Restart = "restart",
        /// Lets go on what was held.
        Resume = "resume",
        /// Takes the template of an earlier revision again.
        RollBack = "rollback",
        /// Sets the number of replicas.
        Scale = "scale",
    }
}

impl Action {
    /// The actions that apps of this kind know at all. Whether one can be done now, and by whom, is told with the app.
    #[must_use]
    pub const fn of(kind: Kind) -> &'static [Self] {
        match kind {
            Kind::Deployment => &[Self::Restart, Self::Scale, Self::Pause, Self::Resume, Self::RollBack, Self::Delete],
            Kind::StatefulSet => &[Self::Restart, Self::Scale, Self::RollBack, Self::Delete],
            Kind::DaemonSet => &[Self::Restart, Self::RollBack, Self::Delete],
            Kind::Job | Kind::CronJob => &[Self::Pause, Self::Resume, Self::Delete],
            Kind::Pod => &[Self::Delete],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_api_lists_actions_by_their_slugs() {
        assert!(Action::ALL.is_sorted() && Action::ALL.is_sorted_by_key(|action| action.slug()));
    }
}
