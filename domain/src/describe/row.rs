//! The app as a row of the list.

use super::trouble::Tone;
use super::workload::Pods;
use super::{change, pod, remarks, workload};
use crate::facts::AppFacts;
use crate::kubernetes::words::PodPhase;
use crate::view::{AppRow, Pip, Usage};
use crate::{Kind, Language, TeamName, UnixMs};

/// Most pips of a row.
const PIPS: usize = 8;

/// The row.
pub(crate) fn row(facts: &AppFacts, team: Option<TeamName>, usage: Usage, now: UnixMs, language: Language) -> AppRow {
    let w = &facts.workload;
    let (ready, wanted) = counts(facts, now);
    let of = |init, sidecar| w.containers.iter().filter(move |c| c.init == init && c.sidecar == sidecar).map(|c| &c.image);
    // What runs stands before what waits.
    let running = remarks::waiting_template(facts).map_or(&[][..], |(runs, _)| runs);
    let mut images: Vec<String> = running.iter().chain(of(false, false)).chain(of(false, true)).chain(of(true, false)).cloned().collect();
    images.dedup();
    AppRow {
        id: w.id.clone(),
        team,
        release: w.release.clone(),
        status: super::status(facts, now, language),
        remarks: remarks::remarks(facts, now, language),
        ready,
        wanted,
        pips: pips(facts, wanted, now),
        images,
        restarts: facts.pods.iter().map(|p| p.restarts()).sum(),
        usage,
        created: w.created,
        changed: change::last(w),
    }
}

/// Pods ready of pods wanted; for jobs, pods that ended well of those wanted; for cron jobs, of active runs.
fn counts(facts: &AppFacts, now: UnixMs) -> (u32, u32) {
    let w = &facts.workload;
    match w.id.kind {
        Kind::Job => {
            let job = w.job.clone().unwrap_or_default();
            (job.succeeded, job.completions.max(1))
        }
        // One that ended well is done, as a job is.
        Kind::Pod => (u32::from(facts.pods.iter().any(|p| p.ready() || p.phase == PodPhase::Succeeded)), 1),
        Kind::CronJob => {
            let ready = facts.pods.iter().filter(|p| p.ready()).count();
            let active = w.cron.as_ref().map_or(0, |c| c.active.len());
            (u32::try_from(ready.min(active)).unwrap_or(0), u32::try_from(active).unwrap_or(0))
        }
        Kind::Deployment | Kind::StatefulSet | Kind::DaemonSet => {
            let pods = workload::Pods::of(facts, now);
            (pods.ready.min(pods.wanted), pods.wanted)
        }
    }
}

fn pips(facts: &AppFacts, wanted: u32, now: UnixMs) -> Vec<Pip> {
    let mut pods = Pods::of(facts, now).live;
    // Old pods first, so that a rollout fills from the right.
    pods.sort_by_key(|p| (facts.runs_newest(p), p.created));
    let mut pips: Vec<_> = pods
        .iter()
        .map(|p| match pod::trouble(p, facts, now).map(|t| t.tone) {
            None => Pip::Ready,
            Some(Tone::Wait) => Pip::Starting,
            Some(Tone::Lost) => Pip::NotReady,
            Some(Tone::Bad)
                if p.phase == PodPhase::Running && p.containers.iter().all(|c| c.init || matches!(c.state, crate::facts::ContainerState::Running { .. })) =>
            {
                Pip::NotReady
            }
            Some(Tone::Bad) => Pip::Failing,
        })
        .take(PIPS)
        .collect();
    let missing = (wanted as usize).min(PIPS).saturating_sub(pips.len());
    if !matches!(facts.workload.id.kind, Kind::Job | Kind::CronJob | Kind::Pod) {
        pips.extend(std::iter::repeat_n(Pip::Missing, missing));
    }
    pips
}
