//! Use held against limits: CPU that has been at its limit for minutes, memory that rises steadily towards its own.

use crate::ports::{PodUsage, World};
use domain::facts::{AppFacts, Pressure, PressureKind, Rise};
use domain::{AppId, Bytes, Kind, Namespace, UnixMs};
use std::collections::{HashMap, VecDeque};

/// Percent of its CPU limit from which a container counts as held back: measured use swings a little below the limit.
const AT_LIMIT: u64 = 95;
/// CPU has to be there for so long, in milliseconds.
const CPU_MS: i64 = 5 * 60_000;
/// Percent of its memory limit from which a container's memory is remembered.
const MEMORY_FROM: u64 = 40;
/// Measures that are remembered of a container: an hour at two a minute.
const POINTS: usize = 120;
/// Least milliseconds between two of them.
const POINT_MS: i64 = 30_000;
/// After a gap of this length, in milliseconds, it is begun anew.
const GAP_MS: i64 = 3 * 60_000;
/// Containers that are remembered.
const MAX_CONTAINERS: usize = 4_000;
/// Containers of one app that are told.
const OF_APP: usize = 16;

/// From which percent of the limit memory counts as near it: while it rises, and before a kill, where the last measure may
/// be half a minute old.
const NEAR: u64 = 90;
pub(super) const BEFORE_KILL: u64 = 70;

#[derive(Debug, Default)]
struct Track {
    cpu_since: Option<UnixMs>,
    memory: VecDeque<(UnixMs, u64)>,
    seen: UnixMs,
}

/// What is remembered of containers near a limit.
#[derive(Debug, Default)]
pub(crate) struct Pressures {
    tracks: HashMap<(Namespace, String, String), Track>,
}

impl Pressures {
    /// Takes one round of measures and tells who is at a limit.
    pub(crate) fn add(&mut self, world: &World, usage: &[PodUsage], now: UnixMs) -> HashMap<AppId, Vec<Pressure>> {
        let mut told: HashMap<AppId, Vec<Pressure>> = HashMap::new();
        let owners = owners(world);
        for pod in usage {
            let Some(facts) = owners.get(&(&pod.namespace, pod.pod.as_str())) else { continue };
            for (name, cpu, memory) in &pod.containers {
                let Some(spec) = facts.workload.containers.iter().find(|s| s.name == *name) else { continue };
                let near = |used: u64, limit: Option<u64>, percent: u64| limit.is_some_and(|l| l > 0 && used.saturating_mul(100) >= l.saturating_mul(percent));
                let busy = near(cpu.0, spec.cpu_limit.map(|l| l.0), AT_LIMIT);
                let full = near(memory.0, spec.memory_limit.map(|l| l.0), MEMORY_FROM);
                let key = (pod.namespace.clone(), pod.pod.clone(), name.clone());
                if !busy && !full {
                    self.tracks.remove(&key);
                    continue;
                }
                if self.tracks.len() >= MAX_CONTAINERS && !self.tracks.contains_key(&key) {
                    continue;
                }
                let track = self.tracks.entry(key).or_default();
                track.take(busy, full.then_some(memory.0), now);
                let kinds = track.kinds(spec.memory_limit, now);
                let of_app = told.entry(facts.workload.id.clone()).or_default();
                let room = OF_APP.saturating_sub(of_app.len());
                of_app.extend(kinds.into_iter().take(room).map(|kind| Pressure { pod: pod.pod.clone(), container: name.clone(), kind }));
            }
        }
        self.tracks.retain(|_, t| now.since(t.seen) < GAP_MS);
        told.retain(|_, p| !p.is_empty());
        told
    }
}

/// The app of each pod. A job is meant to use what it gets.
fn owners(world: &World) -> HashMap<(&Namespace, &str), &AppFacts> {
    let apps = world.namespaces.iter().flat_map(|(namespace, apps)| apps.apps.values().map(move |facts| (namespace, facts)));
    let lasting = apps.filter(|(_, f)| !matches!(f.workload.id.kind, Kind::Job | Kind::CronJob));
    lasting.flat_map(|(namespace, facts)| facts.pods.iter().map(move |pod| ((namespace, pod.name.as_str()), &**facts))).collect()
}

impl Track {
    fn take(&mut self, busy: bool, memory: Option<u64>, now: UnixMs) {
        if now.since(self.seen) > GAP_MS {
            *self = Self::default();
        }
        self.seen = now;
        self.cpu_since = if busy { self.cpu_since.or(Some(now)) } else { None };
        match memory {
            Some(bytes) if self.memory.back().is_none_or(|(at, _)| now.since(*at) >= POINT_MS) => {
                self.memory.push_back((now, bytes));
                if self.memory.len() > POINTS {
                    self.memory.pop_front();
                }
            }
            Some(_) => {}
            None => self.memory.clear(),
        }
    }

    fn kinds(&mut self, memory_limit: Option<Bytes>, now: UnixMs) -> Vec<PressureKind> {
        let cpu = self.cpu_since.map(|at| now.since(at)).filter(|for_ms| *for_ms >= CPU_MS);
        let rise = memory_limit.and_then(|limit| rise(self.memory.make_contiguous(), limit.0, NEAR));
        cpu.map(|for_ms| PressureKind::Cpu { for_ms: for_ms / 60_000 * 60_000 }).into_iter().chain(rise.map(|rise| PressureKind::Memory { rise })).collect()
    }
}

/// Least measures of a rise, and least milliseconds over which it goes.
const RISE_POINTS: usize = 8;
const RISE_MS: i64 = 5 * 60_000;

/// Whether memory rose steadily to near its limit: over five minutes at least, from two thirds of where it is now or
/// less, in each third of the time higher than in the one before, and never back by more than a twentieth of the limit.
/// `points` are ordered by time.
pub(super) fn rise(points: &[(UnixMs, u64)], limit: u64, near_percent: u64) -> Option<Rise> {
    let ((first_at, first), (last_at, last)) = (*points.first()?, *points.last()?);
    let near = last.saturating_mul(100) >= limit.saturating_mul(near_percent);
    if points.len() < RISE_POINTS || last_at.since(first_at) < RISE_MS || !near || first.saturating_mul(3) > last.saturating_mul(2) {
        return None;
    }
    let step = limit / 20;
    let mut top = 0;
    for (_, bytes) in points {
        if bytes.saturating_add(step) < top {
            return None;
        }
        top = top.max(*bytes);
    }
    let third = points.len() / 3;
    let mean = |part: &[(UnixMs, u64)]| part.iter().map(|p| p.1 / part.len().max(1) as u64).sum::<u64>();
    let (a, b, c) = (mean(&points[..third]), mean(&points[third..points.len() - third]), mean(&points[points.len() - third..]));
    let steady = b >= a.saturating_add(step) && c >= b.saturating_add(step);
    steady.then_some(Rise { from: Bytes(first), to: Bytes(last), over_ms: last_at.since(first_at) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::portal::fake::*;
    use domain::MilliCpu;
    use std::sync::Arc;

    const MIB: u64 = 1024 * 1024;

    fn limited(kind: Kind) -> World {
        let mut facts = app("shop", vec![pod("shop-1", vec![container("web", running())])]);
        let w = Arc::make_mut(&mut facts.workload);
        w.id.kind = kind;
        w.containers[0].cpu_limit = Some(MilliCpu(100));
        w.containers[0].memory_limit = Some(Bytes(64 * MIB));
        let id = w.id.clone();
        let apps = crate::ports::NamespaceApps { apps: [(id, Arc::new(facts))].into() };
        World { namespaces: [(namespace("web"), Arc::new(apps))].into(), ..World::default() }
    }

    /// What is told after measures half a minute apart.
    fn after(world: &World, measures: impl IntoIterator<Item = (u64, u64)>) -> Vec<PressureKind> {
        let mut pressures = Pressures::default();
        let mut told = HashMap::new();
        for (n, (cpu, memory)) in measures.into_iter().enumerate() {
            let usage = PodUsage {
                namespace: namespace("web"),
                pod: "shop-1".into(),
                cpu: MilliCpu(cpu),
                memory: Bytes(memory * MIB),
                at: None,
                containers: vec![("web".into(), MilliCpu(cpu), Bytes(memory * MIB))],
            };
            told = pressures.add(world, &[usage], UnixMs(START + i64::try_from(n).unwrap() * 30_000));
        }
        told.into_values().flatten().map(|p| p.kind).collect()
    }

    #[test]
    fn cpu_at_its_limit_for_minutes_is_told_and_a_peak_is_not() {
        let world = limited(Kind::Deployment);
        assert_eq!(after(&world, [(99, 1); 11]), [PressureKind::Cpu { for_ms: 5 * 60_000 }]);
        assert_eq!(after(&world, [(99, 1); 9]), []);
        assert_eq!(after(&world, [[(99, 1); 6], [(20, 1); 6], [(99, 1); 6]].concat()), []);
        assert_eq!(after(&limited(Kind::Job), [(99, 1); 20]), [], "a job uses what it gets");
    }

    #[test]
    fn memory_that_rises_to_its_limit_is_told_and_a_level_is_not() {
        let world = limited(Kind::Deployment);
        let told = after(&world, (0..20).map(|n| (1, 30 + n * 2 - n / 10)));
        let mib = |n: u64| Bytes(n * MIB);
        assert!(matches!(told[..], [PressureKind::Memory { rise: Rise { from, over_ms, .. } }] if from == mib(30) && over_ms == 19 * 30_000), "{told:?}");
        assert_eq!(after(&world, [(1, 62); 30]), [], "it fills its limit and stays");
        assert_eq!(after(&world, (0..20).map(|n| (1, 30 + n))), [], "it is far from its limit");
        assert_eq!(after(&world, (0..60).map(|n| (1, 30 + (n % 10) * 3))), [], "a garbage collector comes by");
        assert_eq!(after(&world, (0..20).map(|n| (1, if n < 4 { 30 + n * 8 } else { 61 }))), [], "it rose at the start and stays");
    }

    #[test]
    fn who_is_not_measured_any_more_is_forgotten() {
        let world = limited(Kind::Deployment);
        let mut pressures = Pressures::default();
        let usage = PodUsage {
            namespace: namespace("web"),
            pod: "shop-1".into(),
            cpu: MilliCpu(99),
            memory: Bytes(0),
            at: None,
            containers: vec![("web".into(), MilliCpu(99), Bytes(0))],
        };
        pressures.add(&world, std::slice::from_ref(&usage), UnixMs(START));
        assert_eq!(pressures.tracks.len(), 1);
        pressures.add(&world, &[], UnixMs(START + GAP_MS));
        assert!(pressures.tracks.is_empty());
    }
}
