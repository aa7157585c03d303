//! The change with which the story of a rollout begins: what it was, when, and who made it, each only where something
//! in the cluster says so.

use super::text::clip;
use crate::facts::{AppFacts, PortalAction, PortalChange, ReplicaSet, Workload};
use crate::kubernetes::controller::Scaled;
use crate::story::{Change, Changed, Happened, Images, Rollout, Step};
use crate::view::LastChange;
use crate::{Kind, UnixMs};

/// The field manager under which the portal itself changes things.
pub(super) const PORTAL: &str = "quayside";
/// How far apart the traces of one change may be.
const SAME: i64 = 10_000;

/// The newest change of the pods' template; nothing where its moment is not known.
pub(super) fn change(facts: &AppFacts) -> Option<Step> {
    let w = &facts.workload;
    if w.id.kind == Kind::CronJob {
        return None;
    }
    let (Some(new), true) = (facts.replica_sets.first(), w.id.kind == Kind::Deployment) else {
        return Some(of_workload(facts));
    };
    let asked = w.portal_change.as_ref().filter(|c| c.revision == Some(new.revision));
    let at = facts.made(new).or_else(|| taken_again(facts, new))?;
    let how = match asked.map(|c| c.action) {
        Some(PortalAction::Restart) => Rollout::Restarted,
        Some(PortalAction::Rollback { to }) => Rollout::RolledBack { to, images: images(facts) },
        Some(PortalAction::Create) | None => Rollout::Deployed(images(facts)),
    };
    // A restart keeps the cause of the revision before, which is not its own.
    let cause = new.change_cause.clone().filter(|_| how != Rollout::Restarted);
    let by = asked.map_or_else(|| manager(facts, at), person);
    Some(step(at, Change { by, what: Changed::Revision { revision: new.revision, how }, cause }))
}

/// Stateful sets, daemon sets and jobs tell of no revisions, only when they were last changed.
fn of_workload(facts: &AppFacts) -> Step {
    let w = &facts.workload;
    let at = w.changed.as_ref().map_or(w.created, |(at, _)| (*at).max(w.created));
    let asked = w.portal_change.as_ref().filter(|c| c.at.since(at).abs() < SAME);
    let how = match asked.map(|c| c.action) {
        Some(PortalAction::Restart) => Rollout::Restarted,
        Some(PortalAction::Rollback { to }) => Rollout::RolledBack { to, images: None },
        Some(PortalAction::Create) => Rollout::Created,
        None if at.since(w.created) < SAME => Rollout::Created,
        None => Rollout::Changed,
    };
    let by = asked.map_or_else(|| manager(facts, at), person);
    step(at, Change { by, what: Changed::Workload { kind: w.id.kind, name: w.id.name.clone(), how }, cause: None })
}

fn step(at: UnixMs, change: Change) -> Step {
    Step { at, what: Happened::Changed(change), others: 0 }
}

/// When a roll-back beside the portal took a replica set again, by the events of that rollout: they are the only trace,
/// as the replica set is as old as before.
fn taken_again(facts: &AppFacts, new: &ReplicaSet) -> Option<UnixMs> {
    let before = facts.replica_sets.get(1)?;
    let last = |wanted: &dyn Fn(&Scaled<'_>) -> bool| facts.events.iter().filter(|e| Scaled::of(e).is_some_and(|s| wanted(&s))).map(|e| e.last).max();
    let up = last(&|s| s.up && s.set == new.name && s.from == Some(0))?;
    let down = || last(&|s| !s.up && s.set == before.name);
    // Without the one before on its way down, the app was only started again at this revision.
    (before.wanted > 0 || down().is_some_and(|down| down >= up)).then_some(up)
}

/// What became of the image, where it tells of the change.
fn images(facts: &AppFacts) -> Option<Images> {
    let image = |n: usize| Some(facts.replica_sets.get(n)?.images.first()?.clone());
    let (now, before) = (image(0)?, image(1));
    (before.as_ref() != Some(&now)).then_some(Images { before, now })
}

/// When the workload was last changed, and by whom: the person who asked the portal for it, where that is known, else the
/// field manager.
pub(super) fn last(w: &Workload) -> Option<LastChange> {
    let (at, manager) = w.changed.clone()?;
    let asked = w.portal_change.as_ref().filter(|c| manager == PORTAL && c.at.since(at).abs() < SAME);
    let person = asked.map(|c| clip(&c.by, 60)).filter(|name| !name.is_empty());
    Some(LastChange { at, by: person.unwrap_or(manager) })
}

fn person(change: &PortalChange) -> Option<String> {
    Some(change.by.clone()).filter(|name| !clip(name, 60).is_empty())
}

/// The field manager that changed the object at that moment. Controllers and the portal itself stand for somebody else.
fn manager(facts: &AppFacts, at: UnixMs) -> Option<String> {
    let (when, who) = facts.workload.changed.as_ref()?;
    (when.since(at).abs() < SAME && !matches!(who.as_str(), "kube-controller-manager" | PORTAL)).then(|| who.clone())
}
