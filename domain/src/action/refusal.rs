//! Why an action isn't offered.

use crate::Kind;

/// Why an action can't be done to an app now, whoever asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ActionRefusal {
    /// Apps of this kind can't be restarted.
    NeverRestarted(Kind),
    /// Apps of this kind can't be scaled.
    NeverScaled(Kind),
    /// Apps of this kind have nothing that could be paused.
    NeverPaused(Kind),
    /// Apps of this kind have no revisions.
    NoRevisions(Kind),
    /// The pod has a controller that isn't an app, such as a bare replica set, which makes another pod in its place.
    ControllerReplaces(
        /// Name of the controller.
        String,
    ),
    /// Such a controller decides how many pods there are.
    ControllerScales(
        /// Name of the controller.
        String,
    ),
    /// No node matches the daemon set's node selector and tolerations, so that there are no pods.
    NoMatchingNode,
    /// The app is scaled to 0, so that there are no pods.
    ScaledToZero,
    /// The rollout is paused.
    RolloutPaused,
    /// It is paused already.
    AlreadyPaused,
    /// It isn't paused.
    NotPaused,
    /// The job has finished.
    JobFinished,
    /// There is no revision before the one in force.
    NoEarlierRevision,
}
