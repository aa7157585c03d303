//! Every way in which an operation can end and everything that happens on the way, each with its code, its form in the database
//! and its sentence. Databases hold these forms, so lines of `operations.golden` may be added, and sentences may change; nothing
//! else may.

#![allow(clippy::unwrap_used)]

use domain::cause::{Cause, PullSecret, Who};
use domain::english::operation as words;
use domain::operation::*;
use domain::problem::{ClusterProblem, LookAt};
use domain::verdict::{Evidence, LogLines};
use domain::{Kind, Problem, UnixMs};
use std::fmt::Write as _;
use std::path::Path;

fn cause() -> Box<Cause> {
    let who = Who::Pod("shop-1".into());
    Box::new(Cause::ImageHidden {
        who,
        image: "registry.example.org/web:2".into(),
        host: Some("registry.example.org".into()),
        secret: PullSecret::Nothing("regcred".into()),
        kind: Kind::Deployment,
    })
}

fn touched() -> Touched {
    Touched { piece: Piece::Service, by: "kubectl-edit".into() }
}

fn log() -> Evidence {
    Evidence::Log { lines: LogLines::BeforeRestart, pod: "shop-1".into(), container: "main".into(), at: Some(UnixMs(5)) }
}

fn ends() -> Vec<End> {
    let refusal = Problem::Cluster(ClusterProblem::Unanswered { look_at: LookAt::App });
    let codes = vec![
        EndCode::RolledOut,
        EndCode::Complete,
        EndCode::Gone,
        EndCode::NotMade,
        words::refused(&refusal),
        EndCode::Failing { cause: None },
        EndCode::DeadlinePassed { limit_s: Some(600) },
        EndCode::DeadlinePassed { limit_s: None },
        EndCode::TakenBack { removed: vec![], left: vec![] },
        EndCode::TakenBack { removed: vec![Piece::Ingress], left: vec![touched()] },
        EndCode::Overtaken { by: OperationId(4712) },
        EndCode::StillWaiting,
        EndCode::Held { by: Hold::Paused, pods: 1 },
        EndCode::Held { by: Hold::OnDelete, pods: 2 },
        EndCode::Held { by: Hold::Partition, pods: 2 },
        EndCode::HeldByFinalizer { finalizers: vec!["example.org/keep".into()] },
        EndCode::NoAnswer,
        EndCode::TouchedBy { manager: Some("argocd-controller".into()) },
        EndCode::TouchedBy { manager: None },
        EndCode::AppDeleted,
    ];
    let with_more = [
        End { evidence: vec![log()], ..EndCode::Failing { cause: Some(cause()) }.into() },
        End { there: vec![Piece::Service], ..EndCode::NoAnswer.into() },
        End { there: vec![Piece::Service, Piece::Ingress], ..EndCode::NoAnswer.into() },
    ];
    codes.into_iter().map(End::from).chain(with_more).collect()
}

fn progress() -> Vec<ProgressCode> {
    let entered = State::ALL.iter().map(|state| ProgressCode::Entered { state: *state });
    let others = [
        ProgressCode::Created { piece: Piece::Service },
        ProgressCode::Deleted { piece: Piece::Ingress },
        ProgressCode::Removed { piece: Piece::Deployment },
        ProgressCode::Kept(touched()),
        ProgressCode::NoAnswer,
        ProgressCode::Interrupted,
        ProgressCode::SentAgain,
        ProgressCode::Pods { updated: 1, ready: 2, wanted: 3 },
        ProgressCode::Trouble { cause: cause() },
    ];
    entered.chain(others).collect()
}

fn works() -> Vec<Work> {
    let before = Version { uid: "u1".into(), generation: 3 };
    vec![
        Work::Create { mark: "1-a-b".into(), pieces: vec![Piece::Service, Piece::Deployment] },
        Work::Delete { uid: "u1".into(), pieces: vec![(Piece::Service, "u2".into())] },
        Work::Restart { before: before.clone(), at: UnixMs(5) },
        Work::Scale { before: before.clone(), from: 1, to: 2 },
        Work::Pause { before: before.clone(), paused: true },
        Work::Pause { before: before.clone(), paused: false },
        Work::RollBack { before, to: 2 },
    ]
}

fn written() -> String {
    let mut out = String::new();
    for end in ends() {
        let kept = serde_json::to_string(&end).unwrap();
        writeln!(out, "end {} ({})\n  {kept}\n  {}", end.code.code(), end.code.state().slug(), words::end(&end, UnixMs(5))).unwrap();
    }
    for code in progress() {
        let kept = serde_json::to_string(&Progress { at: UnixMs(5), code: code.clone() }).unwrap();
        writeln!(out, "progress {}\n  {kept}\n  {}", code.code(), words::progress(&code, UnixMs(5))).unwrap();
    }
    for work in works() {
        writeln!(out, "work {}\n  {}", work.action().slug(), serde_json::to_string(&work).unwrap()).unwrap();
    }
    out
}

#[test]
fn every_end_has_its_code_its_form_and_its_sentence() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/operations.golden");
    let now = written();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, &now).unwrap();
    }
    assert_eq!(now, std::fs::read_to_string(&path).unwrap());
}

#[test]
fn what_is_kept_reads_back_and_begins_with_its_code() {
    for end in ends() {
        let kept = serde_json::to_value(&end).unwrap();
        let code = kept["code"].as_str().or_else(|| kept["code"].as_object()?.keys().next().map(String::as_str));
        assert_eq!(code, Some(end.code.code()));
        assert_eq!(serde_json::from_value::<End>(kept).unwrap(), end);
    }
    for code in progress() {
        let kept = serde_json::to_value(&code).unwrap();
        assert_eq!(kept.as_str().or_else(|| kept.as_object()?.keys().next().map(String::as_str)), Some(code.code()));
        assert_eq!(serde_json::from_value::<ProgressCode>(kept).unwrap(), code);
    }
    for work in works() {
        assert_eq!(serde_json::from_value::<Work>(serde_json::to_value(&work).unwrap()).unwrap(), work);
    }
}

#[test]
fn a_cause_or_a_piece_of_evidence_of_another_version_does_not_make_the_verdict_unreadable() {
    let kept = r#"{"code":{"failing":{"cause":{"moon_phase":{"phase":3}}}},"evidence":[{"crystal_ball":{}},{"log":{"lines":"before_restart","pod":"shop-1","container":"main","at":5}}],"there":[]}"#;
    let end: End = serde_json::from_str(kept).unwrap();
    assert_eq!(end, End { evidence: vec![log()], ..EndCode::Failing { cause: None }.into() });
    assert_eq!(words::end(&end, UnixMs(5)), "New pods fail.");
}

#[test]
fn work_that_a_portal_before_migration_12_wrote_is_read_without_the_app_in_it() {
    let kept = r#"{"create":{"app":{"namespace":"web","kind":"deployment","name":"shop"},"mark":"1-a-b","pieces":["service","deployment"]}}"#;
    assert_eq!(serde_json::from_str::<Work>(kept).unwrap(), works().remove(0));
}
