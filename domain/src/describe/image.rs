//! Why an image cannot be pulled.

use super::pull_secret;
use super::text::who;
use super::trouble::{Tone, Trouble, event_link, events_of_container, not_since};
use crate::cause::{Cause, PullWhy};
use crate::facts::{AppFacts, Container, Pod};
use crate::kubernetes::image::{self, PullSaid};
use crate::kubernetes::words::{ConditionType, EventReason, ImageWait};

/// The registry's host, where the image names one; without, it is Docker Hub's (distribution/reference).
fn host_of(image: &str) -> Option<&str> {
    match image.split_once('/') {
        Some((host, _)) if host.contains(['.', ':']) || host == "localhost" => Some(host),
        _ => None,
    }
}

/// Why the image of a waiting container is not there.
pub(crate) fn trouble(wait: ImageWait, message: &str, c: &Container, pod: &Pod, facts: &AppFacts) -> Trouble {
    let pulls = events_of_container(c, pod, facts).filter(|e| e.reason == EventReason::Failed && image::is_failed_pull(&e.message, &c.image));
    let event = pulls.max_by_key(|e| e.last);
    let told = if image::tells_why(message) { message } else { event.map_or(message, |e| e.message.as_str()) };
    let since = not_since(pod, &ConditionType::ContainersReady).or(Some(pod.created));
    let (who, host, kind) = (who(c, pod, facts), host_of(&c.image).map(str::to_owned), facts.workload.id.kind);
    let not_pulled = |why| Cause::ImageNotPulled { who: who.clone(), image: c.image.clone(), host: host.clone(), node: pod.node.clone(), kind, why };
    let any = || {
        let about = |reason: &EventReason| matches!(reason, EventReason::Failed | EventReason::InspectFailed | EventReason::ErrImageNeverPull);
        event.or_else(|| events_of_container(c, pod, facts).find(|e| about(&e.reason))).map(|e| event_link(e))
    };
    let of_secret = || pull_secret::link(pod, facts).into_iter().chain(pull_secret::command(pod, facts));
    let trouble = match image::pull(wait, told) {
        PullSaid::HostUnknown => {
            let cause = Cause::RegistryUnknown { who, image: c.image.clone(), host, node: pod.node.clone() };
            Trouble::of(Tone::Bad, &cause).see(event.map(|e| event_link(e)))
        }
        PullSaid::Hidden => {
            let cause = Cause::ImageHidden { who, image: c.image.clone(), host, secret: pull_secret::has(pod, facts), kind };
            Trouble::of(Tone::Bad, &cause).see(event.map(|e| event_link(e))).see(of_secret())
        }
        PullSaid::Refused(code) => {
            let why = PullWhy::Refused { code, secret: pull_secret::has(pod, facts) };
            Trouble::of(Tone::Bad, &not_pulled(why)).see(any()).see(of_secret())
        }
        PullSaid::Why(why) => {
            let tone = if why == PullWhy::NodePullsTooOften { Tone::Wait } else { Tone::Bad };
            Trouble::of(tone, &not_pulled(why)).see(any())
        }
    };
    trouble.since(since)
}
