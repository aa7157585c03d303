//! What the state of a pod tells of what happened to it.

use super::step;
use super::together::{Alike, Found, OfPod};
use crate::describe::pods::ended_as_a_whole;
use crate::describe::trouble::Tone;
use crate::describe::{deletion, exit, pod};
use crate::facts::{AppFacts, Container, ContainerState, Ended, Pod};
use crate::story::Happened;
use crate::verdict::Told;
use crate::{Kind, UnixMs};

/// Ends of its containers, and what is wrong with it now.
pub(super) fn steps(pod: &Pod, facts: &AppFacts, now: UnixMs) -> Vec<Found> {
    // Where the pod was ended as a whole, its containers' exit codes are only how.
    let each: &[Container] = if ended_as_a_whole(pod) { &[] } else { &pod.containers };
    let mut steps: Vec<Found> = each.iter().filter_map(|c| ended(c, pod, facts)).collect();
    steps.extend(failing(pod, facts, now).filter(|found| steps.iter().all(|s| s.step.at != found.step.at)));
    steps
}

/// A container that ended as it should not.
fn ended(c: &Container, pod: &Pod, facts: &AppFacts) -> Option<Found> {
    let job = matches!(facts.workload.id.kind, Kind::Job | Kind::CronJob);
    // To end with 0 is what init containers and jobs are for.
    let well = |e: &Ended| e.exit_code == 0 && (c.init || (job && !c.sidecar));
    let ended = match &c.state {
        ContainerState::Ended(e) if !well(e) => Some(e),
        ContainerState::Ended(_) | ContainerState::Waiting { .. } | ContainerState::Running { .. } => c.last.as_ref(),
    };
    let e = ended.filter(|e| !well(e) && (e.exit_code != 0 || c.restarts > 0))?;
    let at = e.finished?;
    // Who is asked to end, ends; a sidecar is asked once the others have.
    if pod.deleting.is_some_and(|asked| at >= asked) || (c.sidecar && pod.phase.is_over()) {
        return None;
    }
    let told = Told { cause: exit::told(c, e, pod, facts), also: Vec::new(), advised: false };
    let what = Happened::Ended { told, nth: (c.restarts > 1).then(|| ends(c, e)), well: e.exit_code == 0 };
    let alike = Alike::Ended(c.name.clone(), e.reason.clone(), e.exit_code);
    Some(Found { step: step(at, what), of_pod: Some(OfPod { pod: pod.name.clone(), alike }) })
}

/// A container that has been started again n times ended n times, once more where it does not run now.
fn ends(c: &Container, e: &Ended) -> u32 {
    c.restarts + u32::from(!matches!(c.state, ContainerState::Running { .. }) || c.last.as_ref() != Some(e))
}

/// What is wrong with the pod.
fn failing(pod: &Pod, facts: &AppFacts, now: UnixMs) -> Option<Found> {
    let stays = || deletion::stays(pod, facts, now);
    let t = pod::trouble(pod, facts, now).filter(|t| t.tone == Tone::Bad).or_else(stays)?;
    let at = t.at.or(t.since)?;
    let alike = Alike::Failing(Box::new(t.cause.of_any_pod()));
    let told = Told { cause: t.cause, also: t.also, advised: false };
    Some(Found { step: step(at, Happened::Failing(told)), of_pod: Some(OfPod { pod: pod.name.clone(), alike }) })
}
