//! The rules that turn facts into a [`Verdict`] and into the story of a rollout.
//!
//! Two layers: [`pod`] finds what is wrong with one pod, asking one module per kind of trouble, whose comments say
//! where its texts come from; [`workload`] and [`job`] weigh the troubles of all pods against how many are ready.
//! Text from the cluster is hostile: it only gets into a sentence clipped and on one line.

mod action;
mod change;
mod config;
mod cron;
mod deletion;
mod detail;
mod endpoint;
mod evicted;
mod exit;
mod image;
mod job;
mod left_out;
mod next;
mod none_made;
mod place;
mod pod;
mod pods;
mod probe;
mod pull_secret;
mod refusal;
mod remarks;
mod row;
mod said;
mod settings;
mod single;
mod story;
#[cfg(test)]
mod tests;
pub(crate) mod text;
mod trouble;
mod workload;

pub(crate) use text::clip;

use crate::Language;
use crate::facts::{AppFacts, MissingReference, Pod};
use crate::status::{Status, Word};
use crate::verdict::Verdict;
use crate::view::{AppDetail, AppRow, Happening, Usage};
use crate::{Action, ActionRefusal, Bytes, Kind, MilliCpu, TeamName, UnixMs};
use std::collections::BTreeMap;

/// Judges an app. One that was deleted and is still there is told as that.
#[must_use]
pub fn verdict(facts: &AppFacts, now: UnixMs) -> Verdict {
    if let Some(unread) = left_out::verdict(&facts.workload) {
        return unread;
    }
    if let Some(deleted) = deletion::app(facts, now) {
        return deleted;
    }
    match facts.workload.id.kind {
        Kind::Job => job::verdict(facts, now),
        Kind::CronJob => cron::verdict(facts, now),
        Kind::Pod => single::verdict(facts, now),
        Kind::Deployment | Kind::StatefulSet | Kind::DaemonSet => workload::verdict(facts, now),
    }
}

/// What is wrong with the newest template of an app of this verdict; for an app without templates, with the app itself.
#[must_use]
pub fn newest_trouble(facts: &AppFacts, whole: &Verdict, now: UnixMs) -> Option<Verdict> {
    match facts.workload.id.kind {
        Kind::Job | Kind::CronJob | Kind::Pod => matches!(whole.word, Word::Failing | Word::Degraded).then(|| whole.clone()),
        Kind::Deployment | Kind::StatefulSet | Kind::DaemonSet => workload::newest::trouble(facts, whole, now),
    }
}

/// Judges an app, in words.
#[must_use]
pub fn status(facts: &AppFacts, now: UnixMs, language: Language) -> Status {
    language.status(&verdict(facts, now), now)
}

/// A secret, config map or key that a pod of the app waits for: the first that a node names; `None` where none waits for one.
#[must_use]
pub fn waits_for(facts: &AppFacts) -> Option<MissingReference> {
    config::waits_for(facts)
}

/// Judges one pod of an app.
#[must_use]
pub fn pod_verdict(pod: &Pod, facts: &AppFacts, now: UnixMs) -> Verdict {
    pod::verdict(pod, facts, now)
}

/// Judges one pod of an app, in words.
#[must_use]
pub fn pod_status(pod: &Pod, facts: &AppFacts, now: UnixMs, language: Language) -> Status {
    language.status(&pod_verdict(pod, facts, now), now)
}

/// What happened in this rollout, oldest first, 12 at most.
#[must_use]
pub fn story(facts: &AppFacts, now: UnixMs, language: Language) -> Vec<Happening> {
    story::story(facts, now).iter().map(|step| language.step(step, now)).collect()
}

/// Every action with the reason why it can't be done now, whoever asks; `None` where it can.
#[must_use]
pub fn actions(facts: &AppFacts) -> BTreeMap<Action, Option<ActionRefusal>> {
    action::actions(facts)
}

/// The app as a row of the list.
#[must_use]
pub fn row(facts: &AppFacts, team: Option<TeamName>, usage: Usage, now: UnixMs, language: Language) -> AppRow {
    row::row(facts, team, usage, now, language)
}

/// The page of the app, as it is the same for all readers. `usage_by_pod` has CPU and memory now by pod name.
#[must_use]
pub fn detail(facts: &AppFacts, row: AppRow, usage_by_pod: &BTreeMap<String, (MilliCpu, Bytes)>, now: UnixMs, language: Language) -> AppDetail {
    detail::detail(facts, row, usage_by_pod, now, language)
}
