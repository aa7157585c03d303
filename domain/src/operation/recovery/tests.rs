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

fn left(pieces: &[Piece]) -> Found {
    Found { workload: None, pieces: pieces.to_vec() }
}

/// Right after a start that came 5 s after the operation began.
const SOON: LookedAt = LookedAt { now: UnixMs(BEGUN.0 + 5_000), quiet_ms: 0 };
/// A start after more than ten minutes.
const OLD: LookedAt = LookedAt { now: UnixMs(BEGUN.0 + RECENT_MS), quiet_ms: 0 };
/// The same a minute after that start.
const OLD_AND_QUIET: LookedAt = LookedAt { now: UnixMs(BEGUN.0 + RECENT_MS + LATE_MS), quiet_ms: LATE_MS };
/// The clock was set back since the operation began.
const BACK: LookedAt = LookedAt { now: UnixMs(BEGUN.0 - 1), quiet_ms: LATE_MS };

#[track_caller]
fn decides(cases: &[(&str, Operation, Found, LookedAt, Step)]) {
    for (name, operation, found, looked, expected) in cases {
        assert_eq!(decide(operation, found, *looked), *expected, "{name}");
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
    let going = Found { workload: Some(FoundWorkload { deleting: true, ..workload(4) }), pieces: rest.clone() };
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
