//! An operation as pages and the API show it.

use crate::UnixMs;
use crate::cause::Cause;
use crate::english::evidence;
use crate::operation::{End, EndCode, Operation, Progress, State, Work};
use crate::view::{OperationView, ProgressView, VerdictView};
use std::borrow::Cow;

/// All that is shown of an operation.
#[must_use]
pub fn view(operation: &Operation) -> OperationView {
    let Operation { id, app, user_id: _, by, why, work, state, undo: _, begun, moved, applied: _, progress, verdict } = operation;
    OperationView {
        id: *id,
        app: app.clone(),
        action: work.action(),
        title: title(work),
        by: by.clone(),
        why: why.as_ref().map(|why| why.as_str().to_owned()),
        state: *state,
        begun: *begun,
        moved: *moved,
        progress: progress.iter().map(progress_view).collect(),
        verdict: verdict.as_ref().map(|end| verdict_view(end, *moved)),
    }
}

/// A line of progress, as it was to be read when it happened.
#[must_use]
pub fn progress_view(line: &Progress) -> ProgressView {
    ProgressView { at: line.at, code: Cow::Borrowed(line.code.code()), sentence: super::progress(&line.code, line.at) }
}

/// A verdict that was given at `at`, as it was to be read then: it never changes.
#[must_use]
pub fn verdict_view(end: &End, at: UnixMs) -> VerdictView {
    VerdictView {
        code: Cow::Borrowed(end.code.code()),
        cause: cause(&end.code).map(|cause| Cow::Borrowed(cause.code())),
        sentence: super::end(end, at),
        evidence: end.evidence.iter().map(evidence::link).collect(),
        there: end.there.clone(),
    }
}

fn cause(code: &EndCode) -> Option<&Cause> {
    if let EndCode::Failing { cause } = code { cause.as_deref() } else { None }
}

/// What it does, in few words.
#[must_use]
pub fn title(work: &Work) -> String {
    match work {
        Work::Create { .. } => "Create".to_owned(),
        Work::Delete { .. } => "Delete".to_owned(),
        Work::Restart { .. } => "Restart".to_owned(),
        Work::Scale { from, to, .. } => format!("Scale from {from} to {to} replicas"),
        Work::Pause { paused: true, .. } => "Pause".to_owned(),
        Work::Pause { paused: false, .. } => "Resume".to_owned(),
        Work::RollBack { to, .. } => format!("Roll back to revision {to}"),
    }
}

/// A state in one or two words, for lists.
#[must_use]
pub const fn state(state: State) -> &'static str {
    match state {
        State::Accepted => "Accepted",
        State::Checking => "Checking",
        State::Applying => "Applying",
        State::Waiting => "Waiting",
        State::Succeeded => "Succeeded",
        State::Failed => "Failed",
        State::TakenBack => "Taken back",
        State::Unknown => "Unknown",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::AppId;
    use crate::operation::{OperationId, ProgressCode, Reason, Version};
    use crate::view::OperationEvent;

    fn scaled() -> Operation {
        let before = Version { uid: "u1".into(), generation: 3 };
        Operation {
            id: OperationId(4711),
            app: AppId::parse("web/deployment/shop").unwrap(),
            user_id: 3,
            by: "mara".into(),
            why: Reason::of("CHG-7"),
            work: Work::Scale { before, from: 2, to: 3 },
            state: State::Succeeded,
            undo: false,
            begun: UnixMs(1),
            moved: UnixMs(3),
            applied: None,
            progress: vec![Progress { at: UnixMs(2), code: ProgressCode::Pods { updated: 3, ready: 2, wanted: 3 } }],
            verdict: Some(EndCode::RolledOut.into()),
        }
    }

    #[test]
    fn an_operation_is_shown_with_codes_for_programs_and_sentences_for_people() {
        let shown = serde_json::to_value(view(&scaled())).unwrap();
        assert_eq!(
            shown,
            serde_json::json!({
                "id": 4711, "app": {"namespace": "web", "kind": "deployment", "name": "shop"}, "action": "scale", "title": "Scale from 2 to 3 replicas",
                "by": "mara", "why": "CHG-7", "state": "succeeded", "begun": 1, "moved": 3,
                "progress": [{"at": 2, "code": "pods", "sentence": "2 of 3 pods ready, 3 pods up to date."}],
                "verdict": {"code": "rolled_out", "sentence": "Rolled out: everything that should run is running.", "evidence": [], "there": []},
            })
        );
        assert_eq!(serde_json::from_value::<OperationView>(shown).unwrap(), view(&scaled()));
    }

    #[test]
    fn the_newest_that_is_said_is_the_verdict_once_there_is_one() {
        let mut operation = scaled();
        assert_eq!(view(&operation).newest(), Some("Rolled out: everything that should run is running."));
        (operation.verdict, operation.state) = (None, State::Waiting);
        assert!(view(&operation).is_open());
        assert_eq!(view(&operation).newest(), Some("2 of 3 pods ready, 3 pods up to date."));
    }

    #[test]
    fn a_line_of_events_says_which_kind_it_is() {
        let line = OperationEvent::Progress { state: State::Waiting, line: progress_view(&scaled().progress[0]) };
        let said = serde_json::to_value(&line).unwrap();
        let expected =
            serde_json::json!({"event": "progress", "state": "waiting", "at": 2, "code": "pods", "sentence": "2 of 3 pods ready, 3 pods up to date."});
        assert_eq!(said, expected);
    }
}
