//! What is said of an app's actions.

use super::text::{capital, clip, count};
use crate::{ActionNote, ActionRefusal, Kind};
use std::borrow::Cow;

/// Why a viewer can do nothing to an app.
#[must_use]
pub fn viewers_cannot() -> Cow<'static, str> {
    "You're a viewer here. Ask a team owner for the operator role.".into()
}

/// Why an action can't be done now: a whole sentence, or several.
#[must_use]
pub fn refusal(why: &ActionRefusal) -> String {
    let text = match why {
        ActionRefusal::NeverRestarted(kind) => return never_restarted(*kind),
        ActionRefusal::NeverScaled(kind) => return never_scaled(*kind),
        ActionRefusal::NeverPaused(Kind::Pod) => "Single pods have no rollout to pause.",
        ActionRefusal::NeverPaused(kind) => return format!("The rollout of a {} can't be paused.", kind.words()),
        ActionRefusal::NoRevisions(Kind::Pod) => "Single pods have no revisions.",
        ActionRefusal::NoRevisions(kind) => return format!("A {} has no revisions.", kind.words()),
        ActionRefusal::ControllerReplaces(name) => {
            return format!("Its controller {} replaces it when it's deleted. Delete it instead.", clip(name, NAME));
        }
        ActionRefusal::ControllerScales(name) => return format!("Its controller {} decides how many pods there are.", clip(name, NAME)),
        ActionRefusal::NoMatchingNode => "No node matches its node selector and tolerations, so there are no pods to restart.",
        ActionRefusal::ScaledToZero => "Scaled to 0, so there's nothing to restart. Scale up instead.",
        ActionRefusal::RolloutPaused => "The rollout is paused. Resume it first.",
        ActionRefusal::AlreadyPaused => "Already paused.",
        ActionRefusal::NotPaused => "Not paused.",
        ActionRefusal::JobFinished => "The job has finished.",
        ActionRefusal::NoEarlierRevision => "No earlier revision.",
    };
    text.to_owned()
}

/// What to know before an action: a whole sentence.
#[must_use]
pub fn note(note: &ActionNote) -> String {
    match note {
        ActionNote::AutoscalerOverrides { autoscaler, least, most } => {
            capital(&format!("autoscaler {} keeps between {least} and {} and overrides any other count.", clip(autoscaler, NAME), count(*most, "replica")))
        }
    }
}

/// Most characters of a name.
const NAME: usize = 80;

fn never_restarted(kind: Kind) -> String {
    match kind {
        Kind::Job => "Jobs can't be restarted. Delete it and create it again.".to_owned(),
        Kind::CronJob => "Cron jobs start their runs on schedule. There's nothing to restart.".to_owned(),
        Kind::Pod => "Single pods can't be restarted. Delete it and create it again.".to_owned(),
        Kind::Deployment | Kind::StatefulSet | Kind::DaemonSet => format!("A {} can't be restarted.", kind.words()),
    }
}

fn never_scaled(kind: Kind) -> String {
    match kind {
        Kind::DaemonSet => "Daemon sets run one pod per matching node and can't be scaled.".to_owned(),
        Kind::Pod => "Single pods can't be scaled. Create a deployment instead.".to_owned(),
        Kind::Deployment | Kind::StatefulSet | Kind::Job | Kind::CronJob => format!("A {} can't be scaled.", kind.words()),
    }
}
