//! The change with which the story of a rollout begins: what it was, when, and who made it, each only where something
//! in the cluster says so.

use super::text::{capital, clip};
use crate::facts::{AppFacts, PortalAction, PortalChange, ReplicaSet, Workload};
use crate::view::LastChange;
use crate::{Kind, UnixMs, short_image, told_image};

/// The field manager under which the portal itself changes things.
const PORTAL: &str = "quayside";
/// How far apart the traces of one change may be.
const SAME: i64 = 10_000;

/// A change in words.
pub(super) struct Change {
    /// When it was made.
    pub(super) at: UnixMs,
    /// Without a full stop.
    pub(super) sentence: String,
}

/// The newest change of the pods' template; nothing where its moment is not known.
pub(super) fn change(facts: &AppFacts) -> Option<Change> {
    let w = &facts.workload;
    if w.id.kind == Kind::CronJob {
        return None;
    }
    let (Some(new), true) = (facts.replica_sets.first(), w.id.kind == Kind::Deployment) else {
        return Some(of_workload(facts));
    };
    let asked = w.portal_change.as_ref().filter(|c| c.revision == Some(new.revision));
    let at = facts.made(new).or_else(|| taken_again(facts, new))?;
    let what = match asked.map(|c| c.action) {
        Some(PortalAction::Restart) => format!("restarted the app (revision {})", new.revision),
        Some(PortalAction::Rollback { to }) => {
            format!("rolled back to revision {to} as revision {}{}", new.revision, images(facts).map_or_else(String::new, |i| format!(" ({i})")))
        }
        Some(PortalAction::Create) | None => {
            format!("deployed revision {} ({})", new.revision, images(facts).unwrap_or_else(|| "pod template changed".into()))
        }
    };
    // A restart keeps the cause of the revision before, which is not its own.
    let own = asked.is_none_or(|c| c.action != PortalAction::Restart);
    let cause = new.change_cause.as_ref().filter(|_| own).map_or_else(String::new, |c| format!(": \u{201c}{}\u{201d}", clip(c, 120)));
    let by = asked.map_or_else(|| manager(facts, at), person);
    Some(Change { at, sentence: format!("{}{cause}", active(by, &what)) })
}

/// Stateful sets, daemon sets and jobs tell of no revisions, only when they were last changed.
fn of_workload(facts: &AppFacts) -> Change {
    let w = &facts.workload;
    let at = w.changed.as_ref().map_or(w.created, |(at, _)| (*at).max(w.created));
    let asked = w.portal_change.as_ref().filter(|c| c.at.since(at).abs() < SAME);
    let which = format!("{} {}", w.id.kind.words(), w.id.name);
    let what = match asked.map(|c| c.action) {
        Some(PortalAction::Restart) => format!("restarted {which}"),
        Some(PortalAction::Rollback { to }) => format!("rolled back {which} to revision {to}"),
        Some(PortalAction::Create) => format!("created {which}"),
        None if at.since(w.created) < SAME => format!("created {which}"),
        None => format!("changed {which}"),
    };
    let by = asked.map_or_else(|| manager(facts, at), person);
    Change { at, sentence: active(by, &what) }
}

/// When a roll-back beside the portal took a replica set again, by the events of that rollout: they are the only trace,
/// as the replica set is as old as before.
fn taken_again(facts: &AppFacts, new: &ReplicaSet) -> Option<UnixMs> {
    let scaled = |text: String| facts.events.iter().filter(move |e| e.reason == "ScalingReplicaSet" && e.message.starts_with(&text)).map(|e| e.last).max();
    let up = scaled(format!("Scaled up replica set {} from 0 to ", new.name))?;
    let before = facts.replica_sets.get(1)?;
    // Without the one before on its way down, the app was only started again at this revision.
    (before.wanted > 0 || scaled(format!("Scaled down replica set {} ", before.name)).is_some_and(|down| down >= up)).then_some(up)
}

/// What became of the image, where it tells of the change.
fn images(facts: &AppFacts) -> Option<String> {
    let image = |n: usize| Some(facts.replica_sets.get(n)?.images.first()?.as_str());
    let short = |image: &str| {
        let (name, tag) = short_image(image);
        format!("{}{}{}", clip(name, 60), if tag.starts_with("sha256:") { "@" } else { ":" }, clip(tag, 60))
    };
    match (image(0)?, image(1)) {
        (now, None) => Some(short(now)),
        (now, Some(before)) if now == before => None,
        (now, Some(before)) if short(now) == short(before) => Some(format!("{} → {}", clip(&told_image(before), 120), clip(&told_image(now), 120))),
        (now, Some(before)) => Some(format!("{} → {}", short(before), short(now))),
    }
}

/// When the workload was last changed, and by whom: the person who asked the portal for it, where that is known, else the
/// field manager.
pub(super) fn last(w: &Workload) -> Option<LastChange> {
    let (at, manager) = w.changed.clone()?;
    let asked = w.portal_change.as_ref().filter(|c| manager == PORTAL && c.at.since(at).abs() < SAME);
    let person = asked.map(|c| clip(&c.by, 60)).filter(|name| !name.is_empty());
    Some(LastChange { at, by: person.unwrap_or(manager) })
}

/// `Restarted by Ilse Brandt`, without a full stop.
#[must_use]
pub fn asked(change: &PortalChange) -> String {
    let what = match change.action {
        PortalAction::Create => "Created".to_owned(),
        PortalAction::Restart => "Restarted".to_owned(),
        PortalAction::Rollback { to } => format!("Rolled back to revision {to}"),
    };
    format!("{what}{}", person(change).map_or_else(String::new, |name| format!(" by {name}")))
}

/// `kubectl deployed revision 1`; without a name, `Deployed revision 1`.
fn active(by: Option<String>, what: &str) -> String {
    by.map_or_else(|| capital(what), |name| format!("{name} {what}"))
}

fn person(change: &PortalChange) -> Option<String> {
    Some(clip(&change.by, 60)).filter(|name| !name.is_empty())
}

/// The field manager that changed the object at that moment. Controllers and the portal itself stand for somebody else.
fn manager(facts: &AppFacts, at: UnixMs) -> Option<String> {
    let (when, who) = facts.workload.changed.as_ref()?;
    (when.since(at).abs() < SAME && !matches!(who.as_str(), "kube-controller-manager" | PORTAL)).then(|| clip(who, 60))
}
