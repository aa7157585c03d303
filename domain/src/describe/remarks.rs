//! What to remark of an app beside its status. Rules look at facts and make codes; their words are in
//! [`crate::english::remark`].

mod autoscaler;
mod network;
mod observed;
mod pods;

pub(crate) use autoscaler::scales;
pub(crate) use network::undeclared;

use crate::facts::{AppFacts, ChangedPart};
use crate::remark::{Remark, heaviest};
use crate::view::RemarkRow;
use crate::{Kind, Language, UnixMs};

/// All remarks: heaviest first, within their bound, in words.
pub(crate) fn remarks(facts: &AppFacts, now: UnixMs, language: Language) -> Vec<RemarkRow> {
    let mut all = network::remarks(facts, now);
    all.extend(autoscaler::remarks(facts, now));
    all.extend(pods::remarks(facts, now));
    all.extend(template(facts));
    all.extend(observed::remarks(facts));
    heaviest(all).iter().map(|r| language.remark(r, &facts.workload.id, now)).collect()
}

fn template(facts: &AppFacts) -> Option<Remark> {
    let (runs, waits) = waiting_template(facts).map_or_else(Default::default, |(runs, waits)| (runs.to_vec(), waits));
    let parts = held_parts(facts);
    (!waits.is_empty() || !parts.is_empty()).then_some(Remark::TemplateWaits { runs, waits, parts })
}

/// What waits in the template of a held deployment beside its images, which are told with those that run.
pub(crate) fn held_parts(facts: &AppFacts) -> Vec<ChangedPart> {
    let held = facts.workload.paused && facts.workload.id.kind == Kind::Deployment;
    facts.held.iter().filter(|p| held && !matches!(p, ChangedPart::Image(_))).cloned().collect()
}

/// Images that the pods of a held deployment run, and those that its template has instead. A deployment that is held
/// makes no replica set of a new template.
pub(crate) fn waiting_template(facts: &AppFacts) -> Option<(&[String], Vec<String>)> {
    let w = &facts.workload;
    if w.id.kind != Kind::Deployment || !w.paused {
        return None;
    }
    let runs = facts.replica_sets.first().map(|s| s.images.as_slice()).filter(|images| !images.is_empty())?;
    let waits: Vec<_> = w.containers.iter().filter(|c| !c.init && !c.sidecar && !runs.contains(&c.image)).map(|c| c.image.clone()).collect();
    (!waits.is_empty()).then_some((runs, waits))
}
