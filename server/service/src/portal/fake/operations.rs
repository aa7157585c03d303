//! Operations: restarts of apps.

use super::{START, id};
use crate::ports::{NewAudit, NewOperation};
use domain::UnixMs;
use domain::audit::{Act, AuditOutcome, Deed, Target};
use domain::operation::{Operation, OperationId, State, Version, Work};

fn work() -> Work {
    Work::Restart { before: Version { uid: "u1".into(), generation: 3 }, at: UnixMs(START) }
}

/// A restart of `shop` in `web` as it is in this state, without progress or verdict.
pub(crate) fn operation(number: i64, state: State) -> Operation {
    Operation {
        id: OperationId(number),
        app: id("web", "shop"),
        user_id: 1,
        by: "ann".into(),
        why: None,
        work: work(),
        state,
        undo: false,
        begun: UnixMs(START),
        moved: UnixMs(START),
        progress: Vec::new(),
        applied: None,
        verdict: None,
    }
}

/// A restart that begins: its intent and itself.
pub(crate) fn restart(namespace: &str, name: &str) -> (NewAudit, NewOperation) {
    let app = id(namespace, name);
    let deed = Deed::new(Act::RestartApp, Target::App(app.clone()));
    let intent = NewAudit {
        at: UnixMs(START),
        actor: "ann".into(),
        address: "192.0.2.1".into(),
        deed,
        outcome: AuditOutcome::Intent,
        detail: String::new(),
        intent: None,
    };
    (intent, NewOperation { user_id: 1, app, why: None, work: work() })
}
