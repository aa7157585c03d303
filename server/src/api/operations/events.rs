//! `GET …/operations/{id}/events`: a line of JSON for each thing that happens, and the verdict as the last one. A stream that ends
//! without its verdict is cut, so that `curl` fails.

use super::number;
use crate::client_connection::Cut;
use crate::live::{Seat, Sockets};
use crate::web::headers::streamed;
use crate::web::{AccessGuard, Answer, Signed};
use axum::Extension;
use axum::body::Body;
use axum::extract::Path;
use axum::response::IntoResponse as _;
use bytes::Bytes;
use domain::UnixMs;
use domain::english::operation::{progress_view, verdict_view};
use domain::operation::{Operation, Progress};
use domain::view::OperationEvent;
use futures::stream;
use service::operations::Following;
use service::ports::Clock;
use std::sync::Arc;

/// What becomes of an operation.
pub async fn stream(signed: Signed, Path(id): Path<String>, Extension(cut): Extension<Cut>) -> Answer {
    let following = signed.portal().operations.follow(&signed.actor, number(&id)?).await?;
    let seat = Sockets::admit(&signed.app, (signed.actor.user().id, signed.actor.session_id()))?;
    cut.never_for_slowness();
    let guard = AccessGuard::new(&signed.app, &signed.actor, &following.operation().app.namespace, cut);
    let events = Events { following, guard, clock: signed.portal().clock.clone(), told: None, is_over: false, _seat: seat };
    let body = Body::from_stream(stream::unfold(events, next));
    Ok((streamed("application/x-ndjson"), body).into_response())
}

/// The answer ends without its last line.
#[derive(Debug, thiserror::Error)]
#[error("an operation was followed no further")]
struct CutShort;

struct Events {
    following: Following,
    guard: AccessGuard,
    clock: Arc<dyn Clock>,
    /// The newest line of progress that was sent.
    told: Option<Progress>,
    is_over: bool,
    _seat: Seat,
}

async fn next(mut events: Events) -> Option<(Result<Bytes, CutShort>, Events)> {
    if events.is_over {
        return None;
    }
    let operation = tokio::select! {
        biased;
        () = events.guard.ended() => None,
        operation = events.following.next() => operation,
    };
    let Some(operation) = operation else {
        events.is_over = true;
        return Some((Err(CutShort), events));
    };
    events.is_over = !operation.is_open();
    let lines = lines(&operation, events.told.as_ref(), events.clock.now());
    // What was published before the row was read may come after it, and brings nothing new.
    if let Some(newest) = unsent(&operation.progress, events.told.as_ref()).last() {
        events.told = Some(newest.clone());
    }
    Some((Ok(lines), events))
}

/// What is new of an operation since `told` was sent; that it goes on, where nothing is.
fn lines(operation: &Operation, told: Option<&Progress>, now: UnixMs) -> Bytes {
    let state = operation.state;
    let mut events: Vec<OperationEvent> =
        unsent(&operation.progress, told).iter().map(|line| OperationEvent::Progress { state, line: progress_view(line) }).collect();
    if !operation.is_open() {
        events.push(OperationEvent::Verdict { state, at: operation.moved, verdict: operation.verdict.as_ref().map(|end| verdict_view(end, operation.moved)) });
    } else if events.is_empty() {
        events.push(OperationEvent::Alive { state, at: now });
    }
    let mut out = Vec::new();
    for event in &events {
        out.extend(serde_json::to_vec(event).unwrap_or_default());
        out.push(b'\n');
    }
    Bytes::from(out)
}

/// The lines behind the one that was sent last. Where that one is not kept any more, those that are younger.
fn unsent<'a>(all: &'a [Progress], told: Option<&Progress>) -> &'a [Progress] {
    let Some(told) = told else { return all };
    let after = all.iter().rposition(|line| line == told).map(|at| at + 1);
    &all[after.unwrap_or_else(|| all.iter().rposition(|line| line.at <= told.at).map_or(0, |at| at + 1))..]
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::AppId;
    use domain::operation::{EndCode, OperationId, ProgressCode, State, Version, Work};

    fn line(at: i64, ready: u32) -> Progress {
        Progress { at: UnixMs(at), code: ProgressCode::Pods { updated: 3, ready, wanted: 3 } }
    }

    fn restart(progress: Vec<Progress>) -> Operation {
        Operation {
            id: OperationId(1),
            app: AppId::parse("web/deployment/shop").unwrap(),
            user_id: 1,
            by: "mara".into(),
            why: None,
            work: Work::Restart { before: Version { uid: "u".into(), generation: 1 }, at: UnixMs(0) },
            state: State::Waiting,
            undo: false,
            begun: UnixMs(0),
            moved: UnixMs(9),
            progress,
            applied: None,
            verdict: None,
        }
    }

    fn said(operation: &Operation, told: Option<&Progress>) -> Vec<String> {
        let text = String::from_utf8(lines(operation, told, UnixMs(20)).to_vec()).unwrap();
        assert!(text.ends_with('\n'));
        let brief = |line: &str| {
            let value: serde_json::Value = serde_json::from_str(line).unwrap();
            format!("{} {} {}", value["event"].as_str().unwrap(), value["state"].as_str().unwrap(), value["at"])
        };
        text.lines().map(brief).collect()
    }

    #[test]
    fn each_line_of_progress_is_sent_once_and_silence_is_a_line_as_well() {
        let operation = restart(vec![line(1, 0), line(2, 1), line(3, 2)]);
        assert_eq!(said(&operation, None), ["progress waiting 1", "progress waiting 2", "progress waiting 3"]);
        assert_eq!(said(&operation, Some(&line(2, 1))), ["progress waiting 3"]);
        assert_eq!(said(&operation, Some(&line(3, 2))), ["alive waiting 20"]);
        assert_eq!(said(&restart(vec![]), None), ["alive waiting 20"]);
    }

    #[test]
    fn of_lines_that_were_dropped_meanwhile_only_the_younger_ones_are_sent() {
        assert_eq!(said(&restart(vec![line(1, 0), line(5, 1), line(6, 2)]), Some(&line(4, 0))), ["progress waiting 5", "progress waiting 6"]);
    }

    #[test]
    fn the_verdict_is_the_last_line_also_where_only_the_state_is_known() {
        let mut operation = restart(vec![line(1, 3)]);
        (operation.state, operation.verdict) = (State::Succeeded, Some(EndCode::RolledOut.into()));
        assert_eq!(said(&operation, None), ["progress succeeded 1", "verdict succeeded 9"]);
        operation.verdict = None;
        assert_eq!(said(&operation, Some(&line(1, 3))), ["verdict succeeded 9"]);
    }
}
