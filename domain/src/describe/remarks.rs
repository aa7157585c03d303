//! What to remark of an app beside its status. Rules look at facts and make codes; their words are in
//! [`crate::english::remark`].

mod autoscaler;
mod network;
mod observed;
mod pods;

pub(crate) use autoscaler::scales;
pub(crate) use network::undeclared;

use crate::facts::AppFacts;
use crate::remark::{Remark, heaviest};
use crate::view::RemarkRow;
use crate::{Kind, UnixMs};

/// All remarks, with those that others `noticed`: heaviest first, within their bound, in words.
pub(crate) fn remarks(facts: &AppFacts, noticed: &[Remark], now: UnixMs) -> Vec<RemarkRow> {
    let mut all = network::remarks(facts, noticed, now);
    all.extend(autoscaler::remarks(facts, now));
    all.extend(pods::remarks(facts, now));
    all.extend(template(facts));
    all.extend(observed::remarks(facts));
    all.extend(noticed.iter().cloned());
    heaviest(all).iter().map(|r| crate::english::remark::row(r, &facts.workload.id)).collect()
}

fn template(facts: &AppFacts) -> Option<Remark> {
    let (runs, waits) = waiting_template(facts)?;
    Some(Remark::TemplateWaits { runs: runs.to_vec(), waits })
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
