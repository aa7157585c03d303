//! What the page tells of how an app is set up: its main container, and what the app needs.

use super::remarks;
use crate::cause::ProbeKind;
use crate::facts::{AppFacts, ContainerSpec};
use crate::kubernetes::words::Protocol;
use crate::setting::{DeclaredPort, Setting};
use crate::view::StillRuns;

/// All settings, in the page's order.
pub(crate) fn settings(facts: &AppFacts) -> Vec<Setting> {
    let w = &facts.workload;
    let mut all = Vec::new();
    if let Some(c) = w.containers.iter().find(|c| !c.init && !c.sidecar) {
        all.push(image(c, facts));
        all.push(Setting::Cpu { request: c.cpu_request, limit: c.cpu_limit });
        all.push(Setting::Memory { request: c.memory_request, limit: c.memory_limit });
        let probes = [(ProbeKind::Liveness, &c.liveness), (ProbeKind::Readiness, &c.readiness), (ProbeKind::Startup, &c.startup)];
        all.extend(probes.map(|(kind, probe)| Setting::Probe { kind, probe: probe.clone() }));
        let port =
            |(name, number, protocol): &(Option<String>, u16, Protocol)| DeclaredPort { number: *number, protocol: protocol.clone(), name: name.clone() };
        all.extend((!c.ports.is_empty()).then(|| Setting::Ports(c.ports.iter().map(port).collect())));
    }
    let sidecars: Vec<_> = w.containers.iter().filter(|c| c.sidecar).map(|c| c.name.clone()).collect();
    all.extend((!sidecars.is_empty()).then_some(Setting::Sidecars(sidecars)));
    all.extend(w.cron.as_ref().map(|cron| Setting::Schedule { schedule: cron.schedule.clone(), time_zone: cron.time_zone.clone() }));
    all.extend(w.job.as_ref().map(|job| Setting::Completions { needed: job.completions, failures: job.backoff_limit }));
    all
}

fn image(c: &ContainerSpec, facts: &AppFacts) -> Setting {
    let image = c.image.clone();
    match remarks::waiting_template(facts) {
        Some((running, _)) => Setting::ImageWaits { image, running: running.to_vec() },
        None => Setting::Image { image, still: still_runs(facts).into_iter().filter(|s| s.container == c.name).collect() },
    }
}

/// Most rows of what pods still run.
const STILL_RUNS: usize = 20;

/// Images that pods run in place of the template's.
pub(super) fn still_runs(facts: &AppFacts) -> Vec<StillRuns> {
    let mut found: Vec<StillRuns> = Vec::new();
    let live = facts.pods.iter().filter(|p| p.deleting.is_none() && !p.phase.is_over());
    for c in live.flat_map(|p| &p.containers) {
        let written = facts.workload.containers.iter().find(|w| w.name == c.name);
        if written.is_none_or(|w| w.image == c.image) {
            continue;
        }
        match found.iter().position(|s| s.container == c.name && s.image == c.image) {
            Some(place) => found[place].pods += 1,
            None if found.len() < STILL_RUNS => found.push(StillRuns { container: c.name.clone(), image: c.image.clone(), pods: 1 }),
            None => {}
        }
    }
    found
}
