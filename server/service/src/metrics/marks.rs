//! The marks on a chart: rollouts, kills and restarts.

use super::Grid;
use domain::facts::{AppFacts, Container, ContainerState, Ended};
use domain::kubernetes::words::EndReason;
use domain::metrics::{Mark, Marked};
use domain::{UnixMs, english};

/// Most marks in a chart.
const MOST: usize = 100;
/// Marks of one kind that are nearer to each other than this part of the chart become one.
const NEAR: i64 = 30;

/// What happened, and when.
pub(super) type Moment = (UnixMs, Marked);

/// Rollouts, kills for memory and other restarts, oldest first.
pub(super) fn moments(facts: &AppFacts, grid: Grid) -> Vec<Moment> {
    let rollouts = facts.replica_sets.iter().filter_map(|set| {
        let marked = Marked::Rollout { revision: set.revision, image: set.images.first().cloned() };
        Some((facts.made(set)?, marked))
    });
    let containers = facts.pods.iter().flat_map(|pod| pod.containers.iter().map(move |c| (pod, c)));
    let kills = containers.flat_map(|(pod, c)| ends(c).filter_map(move |e| Some((e.finished?, ended(c, e, &pod.name)?))));
    let mut moments: Vec<_> = rollouts.chain(kills).filter(|(at, _)| grid.holds(*at)).collect();
    moments.sort_by_key(|(at, _)| *at);
    moments.drain(..moments.len().saturating_sub(MOST));
    moments
}

/// What the end of a container was; nothing where it is not started again.
fn ended(container: &Container, ended: &Ended, pod: &str) -> Option<Marked> {
    let (name, pod) = (container.name.clone(), pod.to_owned());
    if ended.reason == EndReason::OutOfMemory {
        return Some(Marked::OutOfMemory { container: name, pod });
    }
    let again = container.last.as_ref() == Some(ended) && !container.init;
    again.then_some(Marked::Restarted { container: name, pod, exit_code: ended.exit_code })
}

/// Moments of one kind whose marks would lie on each other become the newest of them, which tells what was so afterwards
/// and how many there were.
pub(super) fn merged(moments: Vec<Moment>, grid: Grid) -> Vec<Mark> {
    let mut kept: Vec<(Moment, usize)> = Vec::new();
    for (at, marked) in moments.into_iter().rev() {
        let of_kind = kept.iter_mut().rev().find(|((_, other), _)| other.kind() == marked.kind());
        match of_kind.filter(|((other, _), _)| other.since(at) * NEAR < grid.length()) {
            Some((_, count)) => *count += 1,
            None => kept.push(((at, marked), 1)),
        }
    }
    kept.into_iter().rev().map(|((at, marked), count)| english::mark::mark(at, &marked, count)).collect()
}

/// How a container ended, this time and the time before.
fn ends(container: &Container) -> impl Iterator<Item = &Ended> {
    let this = match &container.state {
        ContainerState::Ended(ended) => Some(ended),
        ContainerState::Waiting { .. } | ContainerState::Running { .. } => None,
    };
    container.last.iter().chain(this)
}
