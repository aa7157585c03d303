use super::*;
use crate::AppId;

const BEGUN: UnixMs = UnixMs(1_000_000);

fn version(generation: i64) -> Version {
    Version { uid: "u1".into(), generation }
}

fn operation(work: Work) -> Operation {
    Operation {
        id: OperationId(7),
        app: AppId::parse("web/deployment/shop").unwrap(),
        user_id: 1,
        by: "ann".into(),
        why: None,
        work,
        state: State::Applying,
        undo: false,
        begun: BEGUN,
        moved: BEGUN,
        progress: Vec::new(),
        applied: None,
        verdict: None,
    }
}

fn scale() -> Operation {
    operation(Work::Scale { before: version(3), from: 1, to: 2 })
}

fn restart() -> Operation {
    operation(Work::Restart { before: version(3), at: BEGUN })
}

fn create() -> Operation {
    operation(Work::Create { mark: "1-a-b".into(), pieces: vec![Piece::Service, Piece::Deployment] })
}

fn delete() -> Operation {
    operation(Work::Delete { uid: "u1".into(), pieces: vec![(Piece::Service, "u2".into())] })
}

fn workload(generation: i64) -> FoundWorkload {
    FoundWorkload { version: version(generation), deleting: false, has_mark: false, changed_by: None, manager: None, replicas: Some(1), paused: false }
}

fn with(workload: FoundWorkload) -> Found {
    Found { workload: Some(workload), pieces: Vec::new() }
}

fn untouched(piece: &Piece) -> FoundPiece {
    FoundPiece { piece: *piece, touched_by: None }
}

fn left(pieces: &[Piece]) -> Found {
    Found { workload: None, pieces: pieces.iter().map(untouched).collect() }
}

const fn looked(after_ms: i64, quiet_ms: i64) -> LookedAt {
    LookedAt { now: UnixMs(BEGUN.0 + after_ms), steady: Steady(BEGUN.0 + after_ms), quiet_ms }
}

/// Right after a start that came 5 s after the operation began.
const SOON: LookedAt = looked(5_000, 0);
/// A start after more than ten minutes.
const OLD: LookedAt = looked(RECENT_MS, 0);
/// The same a minute after that start.
const OLD_AND_QUIET: LookedAt = looked(RECENT_MS + LATE_MS, LATE_MS);
/// The clock was set back since the operation began.
const BACK: LookedAt = looked(-1, LATE_MS);
/// It was set back after the start, so that the operation only looks recent.
const BACK_LATER: LookedAt = LookedAt { now: UnixMs(BEGUN.0 + 5_000), ..OLD_AND_QUIET };

#[track_caller]
fn decides(cases: &[(&str, Operation, Found, LookedAt, Step)]) {
    for (name, operation, found, looked, expected) in cases {
        assert_eq!(decide(operation, found, None, *looked), *expected, "{name}");
    }
}

#[test]
fn what_is_as_asked_has_succeeded_or_is_waited_for_at_any_age() {
    let scaled = FoundWorkload { replicas: Some(2), ..workload(4) };
    let restarted = FoundWorkload { changed_by: Some(OperationId(7)), ..workload(9) };
    let paused = FoundWorkload { paused: true, ..workload(4) };
    let rolled_back = operation(Work::RollBack { before: version(3), to: 2 });
    let same = operation(Work::Scale { before: version(3), from: 1, to: 1 });
    decides(&[
        ("scale", scale(), with(scaled.clone()), SOON, Step::Wait),
        ("an old scale", scale(), with(scaled.clone()), OLD_AND_QUIET, Step::Wait),
        ("a scale while the clock was set back", scale(), with(scaled), BACK, Step::Wait),
        ("a scale to what was there", same, with(workload(3)), OLD, Step::Wait),
        ("restart, and changed by somebody since", restart(), with(restarted.clone()), OLD, Step::Wait),
        ("rollback", rolled_back, with(restarted), SOON, Step::Wait),
        ("pause", operation(Work::Pause { before: version(3), paused: true }), with(paused), OLD, Step::end(EndCode::Complete)),
        ("resume", operation(Work::Pause { before: version(3), paused: false }), with(workload(4)), OLD, Step::end(EndCode::Complete)),
        ("delete", delete(), left(&[]), OLD, Step::end(EndCode::Gone)),
        (
            "delete, and another app has the name",
            delete(),
            with(FoundWorkload { version: Version { uid: "u9".into(), generation: 1 }, ..workload(1) }),
            OLD,
            Step::end(EndCode::Gone),
        ),
        ("delete that a finalizer holds", delete(), with(FoundWorkload { deleting: true, ..workload(4) }), OLD, Step::Wait),
        ("a whole creation", create(), with(FoundWorkload { has_mark: true, ..workload(1) }), OLD, Step::Finish),
        ("one that was waiting", Operation { state: State::Waiting, ..restart() }, with(workload(3)), OLD, Step::Wait),
    ]);
}

#[test]
fn what_was_not_made_is_sent_again_only_for_ten_minutes_and_to_an_object_that_has_not_changed() {
    let again = LATE_MS;
    let resumed = operation(Work::Pause { before: version(3), paused: false });
    decides(&[
        ("scale", scale(), with(workload(3)), SOON, Step::SendAgain),
        ("restart", restart(), with(workload(3)), SOON, Step::SendAgain),
        ("resume of what is not held, as far as is seen", resumed, with(workload(3)), SOON, Step::SendAgain),
        ("an old scale whose call may come late", scale(), with(workload(3)), OLD, Step::LookAgain { in_ms: again }),
        ("an old scale", scale(), with(workload(3)), OLD_AND_QUIET, Step::end(EndCode::NotMade)),
        ("a scale before the clock was set back", scale(), with(workload(3)), BACK, Step::end(EndCode::NotMade)),
        ("a scale, and the clock was set back after the start", scale(), with(workload(3)), BACK_LATER, Step::end(EndCode::NotMade)),
        ("delete", delete(), with(workload(3)), SOON, Step::LookAgain { in_ms: again }),
        ("delete, a minute later", delete(), with(workload(3)), LookedAt { quiet_ms: LATE_MS, ..SOON }, Step::end(EndCode::NotMade)),
    ]);
}

#[test]
fn a_creation_that_was_made_in_part_is_taken_back_at_any_age_and_never_continued() {
    let stranger = with(workload(1));
    decides(&[
        ("one object", create(), left(&[Piece::Service]), SOON, Step::TakeBack),
        ("one object, long ago", create(), left(&[Piece::Service]), OLD_AND_QUIET, Step::TakeBack),
        ("nothing", create(), left(&[]), SOON, Step::TakeBack),
        ("a deployment of somebody else", create(), stranger, SOON, Step::TakeBack),
        (
            "one that is being taken back, and looks whole",
            Operation { undo: true, ..create() },
            with(FoundWorkload { has_mark: true, ..workload(1) }),
            SOON,
            Step::TakeBack,
        ),
    ]);
}

#[test]
fn a_deletion_that_was_made_in_part_goes_on_for_ten_minutes() {
    let rest = vec![Piece::Service];
    let going = Found { workload: Some(FoundWorkload { deleting: true, ..workload(4) }), pieces: left(&rest).pieces };
    let unknown = Step::End { code: EndCode::NoAnswer, there: rest.clone() };
    decides(&[
        ("workload gone", delete(), left(&rest), SOON, Step::DeleteRest { pieces: rest.clone() }),
        ("workload going", delete(), going, SOON, Step::DeleteRest { pieces: rest.clone() }),
        ("long ago", delete(), left(&rest), OLD, unknown.clone()),
        ("the clock was set back", delete(), left(&rest), BACK, unknown),
    ]);
}

#[test]
fn anything_else_ends_as_unknown() {
    let another = FoundWorkload { version: Version { uid: "u9".into(), generation: 3 }, ..workload(3) };
    let touched = FoundWorkload { manager: Some("kubectl-edit".into()), ..workload(4) };
    let cases = [
        ("the app is gone", scale(), left(&[]), SOON, Step::end(EndCode::AppDeleted)),
        ("the app is going", scale(), with(FoundWorkload { deleting: true, ..workload(3) }), SOON, Step::end(EndCode::AppDeleted)),
        ("another app has the name", scale(), with(another), SOON, Step::end(EndCode::AppDeleted)),
        ("somebody has changed it", restart(), with(touched), SOON, Step::end(EndCode::TouchedBy { manager: Some("kubectl-edit".into()) })),
        ("it has changed and nothing tells by whom", scale(), with(workload(4)), SOON, Step::end(EndCode::NoAnswer)),
        (
            "a number of before the change",
            restart(),
            with(FoundWorkload { changed_by: Some(OperationId(6)), ..workload(4) }),
            SOON,
            Step::end(EndCode::NoAnswer),
        ),
    ];
    decides(&cases);
    for (name, .., step) in cases {
        assert!(matches!(&step, Step::End { code, .. } if code.state() == State::Unknown), "{name}: {step:?}");
    }
}

#[test]
fn a_deletion_leaves_alone_what_another_app_has_by_now_and_what_somebody_has_changed() {
    let another = FoundWorkload { version: Version { uid: "u9".into(), generation: 1 }, ..workload(1) };
    let touched = || FoundPiece { piece: Piece::Service, touched_by: Some("kubectl-edit".into()) };
    let both = Found { workload: None, pieces: vec![touched(), untouched(&Piece::Ingress)] };
    let going = Found { workload: Some(FoundWorkload { deleting: true, ..workload(4) }), pieces: vec![touched()] };
    decides(&[
        ("another app has the name", delete(), Found { workload: Some(another), ..left(&[Piece::Service]) }, SOON, Step::end(EndCode::Gone)),
        ("one of two is touched", delete(), both, SOON, Step::DeleteRest { pieces: vec![Piece::Ingress] }),
        ("all are", delete(), Found { workload: None, pieces: vec![touched()] }, SOON, Step::End { code: EndCode::Gone, there: vec![Piece::Service] }),
        ("all are, and the workload goes", delete(), going, SOON, Step::Wait),
    ]);
}

#[test]
fn nothing_is_sent_behind_a_newer_operation_and_what_that_one_changed_is_overtaken() {
    let newer = OperationId(9);
    let overtaken = || Step::end(EndCode::Overtaken { by: newer });
    let by_newer = FoundWorkload { changed_by: Some(newer), ..workload(5) };
    let again = Step::LookAgain { in_ms: LATE_MS };
    for (name, operation, found, expected) in [
        ("not made yet", scale(), with(workload(3)), again),
        ("changed, and nothing tells by whom", scale(), with(workload(4)), overtaken()),
        ("the newer one has left its number", restart(), with(by_newer.clone()), overtaken()),
        ("a deletion", delete(), left(&[Piece::Service]), Step::End { code: EndCode::NoAnswer, there: vec![Piece::Service] }),
        ("as asked", scale(), with(FoundWorkload { replicas: Some(2), ..workload(4) }), Step::Wait),
    ] {
        assert_eq!(decide(&operation, &found, Some(newer), SOON), expected, "{name}");
    }
    assert_eq!(decide(&restart(), &with(by_newer), None, SOON), overtaken(), "its row can be forgotten");
}

#[test]
fn an_operation_overtakes_an_older_one_of_its_app_once_its_calls_are_made() {
    let newer = |state, verdict: Option<EndCode>| Operation { id: OperationId(9), state, verdict: verdict.map(Into::into), ..scale() };
    let failing = || Some(EndCode::Failing { cause: None });
    let table = [
        (newer(State::Accepted, None), false),
        (newer(State::Checking, None), false),
        (newer(State::Applying, None), true),
        (newer(State::Waiting, None), true),
        (newer(State::Failed, Some(EndCode::NotMade)), false),
        (newer(State::Failed, failing()), true),
        (newer(State::Succeeded, None), true),
        (Operation { id: OperationId(6), ..newer(State::Waiting, None) }, false),
        (Operation { app: AppId::parse("web/deployment/other").unwrap(), ..newer(State::Waiting, None) }, false),
    ];
    for (newer, expected) in table {
        assert_eq!(newer.overtakes(&scale()), expected, "{:?} {:?}", newer.state, newer.verdict);
    }
}
