//! What is wrong with the newest template of an app, apart from what ails its older pods.

use super::{Pods, condition};
use crate::UnixMs;
use crate::describe::trouble::Tone;
use crate::describe::{pod, refusal};
use crate::facts::AppFacts;
use crate::kubernetes::controller::ConditionSaid;
use crate::status::Word;
use crate::verdict::{Verdict, Why};

/// What keeps the newest template from working: one of its pods, or a refusal to make more of them. Once no older pod is left, what is
/// wrong with the app (`whole`) is the newest template's own. That a rollout takes long is no cause.
pub(crate) fn trouble(facts: &AppFacts, whole: &Verdict, now: UnixMs) -> Option<Verdict> {
    let pods = Pods::of(facts, now);
    let bad = |p| pod::trouble(p, facts, now).filter(|t| t.tone == Tone::Bad);
    let of_new = pods.live.iter().filter(|p| facts.runs_newest(p)).find_map(|p| bad(p)).or_else(|| refusal::trouble(facts, now));
    if let Some(trouble) = of_new {
        return Some(trouble.verdict(Word::Failing));
    }
    let has_old = pods.live.iter().any(|p| !facts.runs_newest(p));
    let is_late = condition(facts, ConditionSaid::DeadlineExceeded).is_some();
    let is_bad = matches!(whole.word, Word::Failing | Word::Degraded) && matches!(whole.why, Why::Trouble(_));
    (is_bad && !has_old && !is_late).then(|| whole.clone())
}
