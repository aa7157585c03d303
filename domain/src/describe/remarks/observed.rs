//! What logs and measured use have to remark: errors of an app that runs, calls that Kubernetes refuses, limits reached.

use crate::describe::text::pod_name;
use crate::facts::{AppFacts, Pressure, PressureKind};
use crate::remark::Remark;

/// Everything of this module: of each kind the container that says most.
pub(super) fn remarks(facts: &AppFacts) -> Vec<Remark> {
    let seen = &facts.observed;
    let mut all = Vec::new();
    if let Some(log) = seen.logs.iter().filter(|l| l.many).max_by_key(|l| l.errors.per_minute) {
        let ready = facts.pods.iter().filter(|p| p.deleting.is_none()).all(|p| p.ready());
        all.push(Remark::LogErrors { who: who(&log.pod, &log.container, facts), ready, per_minute: log.errors.per_minute, line: log.errors.line.clone() });
    }
    if let Some((log, call)) = seen.logs.iter().find_map(|l| Some((l, l.errors.forbidden.clone()?))) {
        all.push(Remark::CallForbidden { who: who(&log.pod, &log.container, facts), call });
    }
    all.extend(seen.pressure.iter().filter_map(|p| cpu(p, facts)).max_by_key(|(for_ms, _)| *for_ms).map(|(_, remark)| remark));
    all.extend(seen.pressure.iter().find_map(|p| memory(p, facts)));
    all
}

/// `container main`, with its pod where the app has several.
fn who(pod: &str, container: &str, facts: &AppFacts) -> (String, Option<String>) {
    let several = facts.pods.iter().filter(|p| p.deleting.is_none()).count() > 1;
    let found = facts.pods.iter().find(|p| p.name == pod).filter(|_| several);
    (container.to_owned(), found.map(|p| pod_name(p, facts).to_owned()))
}

fn cpu(p: &Pressure, facts: &AppFacts) -> Option<(i64, Remark)> {
    let PressureKind::Cpu { for_ms } = p.kind else { return None };
    let limit = facts.workload.containers.iter().find(|c| c.name == p.container)?.cpu_limit?;
    Some((for_ms, Remark::CpuAtLimit { who: who(&p.pod, &p.container, facts), limit, for_ms }))
}

fn memory(p: &Pressure, facts: &AppFacts) -> Option<Remark> {
    let PressureKind::Memory { rise } = &p.kind else { return None };
    let limit = facts.workload.containers.iter().find(|c| c.name == p.container)?.memory_limit?;
    Some(Remark::MemoryRises { who: who(&p.pod, &p.container, facts), limit, from: rise.from, to: rise.to, over_ms: rise.over_ms })
}
