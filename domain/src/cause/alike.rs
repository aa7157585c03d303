//! When the same is wrong with several pods.

use super::{
    Cause, ClaimWhy, EndHow, EndLog, Eviction, Moment, MountWhy, PodEnd, ProbeSaid, ProbeThen, PullWhy, SandboxWhy, StartStage, StartWhy, UnboundWhy, Who,
};
use crate::UnixMs;

/// In place of a moment.
const NEVER: UnixMs = UnixMs(0);

impl Cause {
    /// The cause without what differs from pod to pod: its name and its node, moments, counts and the words in which a node
    /// tells of it. Equal ones of two pods are the same to a person, and one of them is told.
    #[must_use]
    pub fn of_any_pod(&self) -> Self {
        let mut cause = self.clone();
        match &mut cause {
            Self::Workload(_) | Self::Job(_) | Self::Refused { .. } | Self::DeletionHeld { .. } | Self::DeletionStuck { .. } => {}
            Self::PodStays { who, asked, node, finalizers: _ } => (*who, *asked, *node) = (any(who), NEVER, None),
            Self::KillFails { who, asked, said } => (*who, *asked, *said) = (any(who), NEVER, String::new()),
            Self::PostStartHookFailed { who, when, hook: _, exit: _ } | Self::ContainerLost { who, when } => (*who, *when) = (any(who), Moment::default()),
            Self::ProbeFails { who, said, times, within, last, probe: _, what: _, stage: _ } => {
                (*who, *times, *within, *last) = (any(who), 0, 0, NEVER);
                probe_said(said);
            }
            Self::ProbeAsksOtherPort { who, then, probe: _, what: _, asked: _, declared: _, other: _ } => {
                *who = any(who);
                *then = match then {
                    ProbeThen::Killed(_) => ProbeThen::Killed(Moment::default()),
                    ProbeThen::NotReady { .. } => ProbeThen::NotReady { times: 0, within: 0 },
                };
            }
            Self::Ended { who, how, when } => {
                (*who, *when) = (any(who), Moment::default());
                end(how);
            }
            Self::PodEnded { who, how, at } => {
                (*who, *at) = (any(who), None);
                if let PodEnd::Other(said) = how {
                    said.clear();
                }
            }
            Self::PodStarts { who, stage } => {
                *who = any(who);
                match stage {
                    StartStage::Scheduling { since } | StartStage::Pulling { since, .. } | StartStage::Begun { since, .. } => *since = NEVER,
                    StartStage::Gated { .. } | StartStage::Unmarked { .. } => {}
                }
            }
            Self::NotReady { who, since, probe: _, patient: _ } => (*who, *since) = (any(who), None),
            Self::NodeSilent { who, node, since: time } | Self::NodeGone { who, node, at: time } => (*who, *node, *time) = (any(who), None, None),
            Self::Evicted { who, by, times, within, last } => {
                (*who, *times, *within, *last) = (any(who), 0, 0, None);
                match by {
                    Eviction::Node { most, resource: _ } => *most = None,
                    Eviction::Other { said } => said.clear(),
                    Eviction::EmptyDir { .. } | Eviction::ContainerDisk { .. } | Eviction::PodDisk { .. } | Eviction::Asked => {}
                }
            }
            Self::NoNodeFits { who, nodes, obstacles, preempted } => {
                (*who, *nodes, *preempted) = (any(who), None, preempted.map(|_| NEVER));
                obstacles.iter_mut().for_each(|(nodes, _)| *nodes = 0);
            }
            Self::NoScheduler { who, since, scheduler: _ } | Self::ClaimAwaited { who, since } => (*who, *since) = (any(who), NEVER),
            Self::ImageNotPulled { who, node, why, image: _, host: _, kind: _ } => {
                (*who, *node) = (any(who), None);
                if let PullWhy::Certificate(said) | PullWhy::Other(said) = why {
                    said.clear();
                }
            }
            Self::RegistryUnknown { who, node, image: _, host: _ } => (*who, *node) = (any(who), None),
            Self::InitRuns { who, since, line } => (*who, *since, *line) = (any(who), None, None),
            Self::CannotStart { who, why } => {
                *who = any(who);
                if let StartWhy::Configuration { said } | StartWhy::Creation { said } | StartWhy::Runtime { said } = why {
                    said.clear();
                }
            }
            Self::NodeRefused { who, said, at, why: _ } => (*who, *said, *at) = (any(who), String::new(), None),
            Self::SandboxFails { who, why } => {
                *who = any(who);
                if let SandboxWhy::Network(said) | SandboxWhy::Other(said) = why {
                    said.clear();
                }
            }
            Self::ClaimUnusable { who, claim, why } => {
                (*who, *claim) = (any(who), String::new());
                if let ClaimWhy::Unprovisioned { since, .. } | ClaimWhy::Unbound { since, .. } = why {
                    *since = NEVER;
                }
                if let ClaimWhy::Unbound { why: Some(UnboundWhy::Said(said)), .. } = why {
                    said.clear();
                }
            }
            Self::MountFails { who, volume, why } => {
                (*who, *volume) = (any(who), None);
                if let MountWhy::InUse { pods, .. } = why {
                    pods.clear();
                }
                if let MountWhy::Other { since, attempts, said } = why {
                    (*since, *attempts, *said) = (NEVER, 0, String::new());
                }
            }
            Self::ContainerWaits { who, said, reason: _ } => (*who, *said) = (any(who), String::new()),
            Self::ReferenceMissing { who, .. }
            | Self::ReferencesMissing { who, .. }
            | Self::VolumeKeyMissing { who, .. }
            | Self::SubPathMissing { who, .. }
            | Self::ImageHidden { who, .. } => *who = any(who),
        }
        cause
    }
}

/// Whom a cause is about, of any pod.
fn any(who: &Who) -> Who {
    match who {
        Who::Pod(_) => Who::Pod(String::new()),
        Who::Container { kind, name, pod: _ } => Who::Container { kind: *kind, name: name.clone(), pod: None },
    }
}

/// What a probe says in words of its own may hold addresses, process ids and times.
fn probe_said(said: &mut ProbeSaid) {
    if let ProbeSaid::Other(said) = said {
        said.clear();
    }
}

fn end(how: &mut EndHow) {
    match how {
        EndHow::Memory { usage, .. } => *usage = None,
        EndHow::Probe { said, .. } => said.iter_mut().for_each(probe_said),
        EndHow::Exit { restarts, log, .. } => (*restarts, *log) = (0, EndLog::Untold(None)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cause::{ContainerKind, ProbeKind, ProbeStage};

    #[test]
    fn the_same_of_two_pods_is_alike_and_another_container_is_not() {
        let runs = |pod: &str, name: &str, since| Cause::InitRuns {
            who: Who::Container { kind: ContainerKind::Init, name: name.into(), pod: Some(pod.into()) },
            since: Some(UnixMs(since)),
            line: None,
        };
        assert_eq!(runs("aaaaa", "migrate", 5).of_any_pod(), runs("bbbbb", "migrate", 7).of_any_pod());
        assert_ne!(runs("aaaaa", "migrate", 5).of_any_pod(), runs("aaaaa", "wait", 5).of_any_pod());
    }

    #[test]
    fn what_a_probe_says_in_words_of_its_own_keeps_two_pods_from_nothing() {
        let fails = |pod: &str, said: &str| Cause::ProbeFails {
            who: Who::Container { kind: ContainerKind::Main, name: "web".into(), pod: Some(pod.into()) },
            probe: ProbeKind::Readiness,
            what: "sh -c check".into(),
            stage: ProbeStage::Running,
            said: ProbeSaid::Other(said.into()),
            times: 3,
            within: 20_000,
            last: UnixMs(1_000),
        };
        assert_eq!(fails("aaaaa", "10.1.0.7: no answer, pid 17").of_any_pod(), fails("bbbbb", "10.1.0.9: no answer, pid 21").of_any_pod());
    }
}
