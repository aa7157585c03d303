//! How containers ended whose pods are gone. The job controller deletes the pods of a job at its deadline, and with them
//! what they had failed of.

use domain::facts::{ContainerState, LastEnd, Pod};
use std::collections::VecDeque;
use std::sync::Arc;

/// Most ends of a namespace that are remembered; the oldest go first.
const MOST: usize = 200;

/// The last ends, oldest first, with the uid of their job.
#[derive(Default)]
pub(super) struct LastEnds(VecDeque<(String, Arc<LastEnd>)>);

impl LastEnds {
    /// Remembers how a pod of a job had failed before it was asked to end; a pod that had not leaves nothing.
    pub(super) fn remember(&mut self, job: &str, pod: &Pod) {
        let ends = pod.containers.iter().flat_map(|c| {
            let now = match &c.state {
                ContainerState::Ended(ended) => Some(ended),
                ContainerState::Waiting { .. } | ContainerState::Running { .. } => None,
            };
            now.into_iter().chain(&c.last).map(move |ended| (c, ended))
        });
        // Who is asked to end, ends: that exit code tells nothing.
        let before = |at| pod.deleting.is_none_or(|asked| at < Some(asked));
        let failed = ends.filter(|(_, e)| e.exit_code != 0 && before(e.finished)).max_by_key(|(c, e)| (!c.sidecar, e.finished));
        let Some((c, ended)) = failed else { return };
        let end = LastEnd {
            job: pod.owner.clone().unwrap_or_default(),
            pod: pod.name.clone(),
            container: c.name.clone(),
            restarts: c.restarts,
            ended: ended.clone(),
        };
        self.0.push_back((job.to_owned(), Arc::new(end)));
        if self.0.len() > MOST {
            self.0.pop_front();
        }
    }

    /// Those of a job.
    pub(super) fn of<'a>(&'a self, job: &'a str) -> impl Iterator<Item = Arc<LastEnd>> + 'a {
        self.0.iter().filter(move |(uid, _)| uid == job).map(|(_, end)| end.clone())
    }
}
