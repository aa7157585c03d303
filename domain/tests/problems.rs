//! Every problem once, with its reason, its code and the sentence that a person reads. Programs match on reasons, so
//! `reasons.golden` may only grow.

#![allow(clippy::unwrap_used)]

use domain::account::Role;
use domain::check::{Check, CheckCode};
use domain::english::problem::problem as words_of;
use domain::error::FIELDS_INVALID;
use domain::form::{AccountWrong, Field, Finding};
use domain::kubernetes::{Change, LogOf, LogRefusal, Missing, NoLog, NotAllowed, Object, Refused, Resource, Right, Said, Verb};
use domain::operation::OperationId;
use domain::problem::*;
use domain::storage::StorageTrouble;
use domain::{Action, ActionRefusal, Bytes, KeyName, Kind, Namespace, Problem, SecretName, Username, WorkloadName};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

fn web() -> Namespace {
    Namespace::parse("web").unwrap()
}

fn access() -> Vec<Problem> {
    [
        AccessProblem::PortalAdminsOnly,
        AccessProblem::TeamOwnersOnly,
        AccessProblem::RoleTooWeak { namespace: web(), has: Role::Viewer, needs: Role::Operator },
        AccessProblem::NoRole { namespace: web() },
        AccessProblem::NamespaceNotFound { namespace: web() },
        AccessProblem::NamespaceNotServed { namespace: web() },
        AccessProblem::ViewerEverywhere,
        AccessProblem::NoNamespaceLeft,
    ]
    .map(Problem::from)
    .into()
}

fn account() -> Vec<Problem> {
    let admins = ["ann", "ilse"].map(|name| Username::parse(name).unwrap()).into();
    [
        AccountProblem::PasswordChangedElsewhere,
        AccountProblem::SessionEnded,
        AccountProblem::LastPortalAdmin,
        AccountProblem::UserNotFound { name: "ben".into(), admins },
        AccountProblem::UserNotFound { name: "ben".into(), admins: Vec::new() },
        AccountProblem::UserDisabled { name: "ben".into() },
    ]
    .map(Problem::from)
    .into()
}

fn sign_in() -> Vec<Problem> {
    [
        SignInProblem::NotSignedIn,
        SignInProblem::SessionInvalid,
        SignInProblem::WrongCredentials,
        SignInProblem::SetUpAlready,
        SignInProblem::CookieNotKept,
        SignInProblem::MetricsTokenNeeded,
    ]
    .map(Problem::from)
    .into()
}

fn app() -> Vec<Problem> {
    let missing = |deleted| AppProblem::NotFound { kind: Kind::StatefulSet, name: WorkloadName::parse("db").unwrap(), namespace: web(), deleted };
    [
        missing(None),
        missing(Some(Deletion { by: "Ilse Brandt".into(), ago_ms: 180_000 })),
        AppProblem::StillLoading,
        AppProblem::ActionRefused { why: ActionRefusal::RolloutPaused },
        AppProblem::ActionUnsupported { kind: Kind::CronJob, action: Action::Scale },
        AppProblem::NoCurrentRevision,
        AppProblem::RevisionCurrent { revision: 3 },
        AppProblem::RevisionNotFound { revision: 3 },
        AppProblem::OperationNotFound { id: OperationId(4711) },
        AppProblem::ChecksFailed(vec![Check::fail(CheckCode::NodePortTaken { port: 30123, by: None, free: Some(30124) }).at(Field::NodePort)]),
        AppProblem::EarlierChangeUnfinished,
    ]
    .map(Problem::from)
    .into()
}

fn log() -> Vec<Problem> {
    let not_found = |known: &[&str]| LogProblem::ContainerNotFound { container: "nope".into(), known: known.iter().map(|&name| name.to_owned()).collect() };
    [LogProblem::PodGone, not_found(&[]), not_found(&["proxy", "web"])].map(Problem::from).into()
}

fn limit() -> Vec<Problem> {
    [
        LimitProblem::Attempts { wait_ms: 3_001 },
        LimitProblem::AttemptsAtOnce,
        LimitProblem::Changes { wait_ms: 500 },
        LimitProblem::PagesAtOnce,
        LimitProblem::SignInsAtOnce,
        LimitProblem::LogsOfPortal,
        LimitProblem::LogsOfPerson,
        LimitProblem::ConnectionsOfPortal,
        LimitProblem::ConnectionsOfPerson,
        LimitProblem::Topics { most: 8 },
    ]
    .map(Problem::from)
    .into()
}

fn portal() -> Vec<Problem> {
    let trouble = StorageTrouble::Full;
    let storage = [
        StorageProblem::Gone,
        StorageProblem::NameTaken,
        StorageProblem::ChangedMeanwhile,
        StorageProblem::Unwritable { trouble },
        StorageProblem::NotRecorded { trouble },
        StorageProblem::Broken,
    ];
    let faults = [
        FaultProblem::Unexpected,
        FaultProblem::ContextLost,
        FaultProblem::PortalStopped,
        FaultProblem::PasswordNotChecked,
        FaultProblem::RevisionsNotCompared,
    ];
    storage.map(Problem::from).into_iter().chain(faults.map(Problem::from)).collect()
}

fn body() -> Vec<Problem> {
    [
        BodyProblem::NotAForm,
        BodyProblem::NotSentAsJson,
        BodyProblem::NotJson,
        BodyProblem::OtherShape,
        BodyProblem::FieldMissing { name: "replicas".into() },
        BodyProblem::FieldUnknown,
        BodyProblem::TooManyFields { most: 2000 },
        BodyProblem::TooLarge { what: Sent::Form },
        BodyProblem::Incomplete { what: Sent::Request },
        BodyProblem::Slow { limit_s: 25 },
        BodyProblem::DraftTooLong,
    ]
    .map(Problem::from)
    .into()
}

fn request() -> Vec<Problem> {
    let cookies = LargeCookies { host: "portal.example.org".into(), largest: vec![Cookie { name: "grafana".into(), size: Bytes(100 * 1024) }] };
    let headers = |cookies| RequestProblem::HeadersTooLarge { size: Bytes(150 * 1024), most: Bytes(64 * 1024), cookies };
    [
        RequestProblem::NothingHere,
        RequestProblem::MethodNotAllowed,
        RequestProblem::FromOtherSite,
        RequestProblem::PrefixNotAPath { why: domain::BasePath::lenient("/a?b").unwrap_err() },
        headers(Some(cookies)),
        headers(None),
        RequestProblem::TooManyParameters { most: 64 },
        RequestProblem::Unreadable { status: 400 },
        RequestProblem::ReadStopped { limit_s: 30 },
        RequestProblem::ChangeGoesOn { limit_s: 30 },
        RequestProblem::ContinueTokenInvalid,
        RequestProblem::ChartRangeUnknown,
        RequestProblem::FileRangeBeyondEnd,
        RequestProblem::FileChanged,
    ]
    .map(Problem::from)
    .into()
}

fn web_socket() -> Vec<Problem> {
    [WebSocketProblem::NotAsked, WebSocketProblem::OtherVersion, WebSocketProblem::KeyInvalid, WebSocketProblem::ConnectionUnfit].map(Problem::from).into()
}

fn secret() -> Vec<Problem> {
    let (secret, key) = ("db".to_owned(), KeyName::parse("user").unwrap());
    let changed = |versions| SecretProblem::KeyChanged { key: key.clone(), seen: "ab12".into(), now: "cd34".into(), versions };
    [
        SecretProblem::Exists { secret: secret.clone(), namespace: web() },
        SecretProblem::Immutable { secret: secret.clone() },
        SecretProblem::OtherType { secret: secret.clone(), kind: "Opaque".into() },
        SecretProblem::SeveralRegistries,
        SecretProblem::Changed { secret: secret.clone(), seen: "76".into(), now: "77".into() },
        SecretProblem::OtherVersion { secret: secret.clone(), asked: "76".into(), now: "77".into() },
        SecretProblem::KeyNotFound { secret: secret.clone(), key: key.clone() },
        SecretProblem::KeyGone { secret, key: key.clone() },
        changed(None),
        changed(Some(Versions { then: "76".into(), now: "77".into() })),
        SecretProblem::ListCut { shown: 500 },
    ]
    .map(Problem::from)
    .into()
}

fn cluster() -> Vec<Problem> {
    let object = || Object::of(Resource::Secrets, &web(), "db");
    let shop = || WorkloadName::parse("shop").unwrap();
    let log = || LogOf { pod: "shop-1".into(), container: "main".into() };
    let no_log = |why| ClusterProblem::NotFound(Missing::Log(log(), why));
    let log_refused = |why| ClusterProblem::Refused(Refused::Log(log(), why));
    [
        ClusterProblem::NotFound(Missing::Object(object())),
        ClusterProblem::NotFound(Missing::Namespace(Some(web()))),
        no_log(NoLog::NoContainer),
        no_log(NoLog::NotRestarted),
        no_log(NoLog::NotOnNode),
        no_log(NoLog::Removed),
        ClusterProblem::NotFound(Missing::PodName(web())),
        ClusterProblem::NotFound(Missing::OwnSecret(SecretName::parse("default-token").unwrap())),
        ClusterProblem::NotFound(Missing::PodTemplate(shop())),
        ClusterProblem::NotFound(Missing::Revision { app: shop(), number: 3 }),
        ClusterProblem::NotFound(Missing::MetricsServer),
        ClusterProblem::Exists(object()),
        ClusterProblem::Changed(object()),
        ClusterProblem::Refused(Refused::Said(Said { text: "exceeded quota: small".into(), fields: Vec::new() })),
        ClusterProblem::Refused(Refused::Immutable(object())),
        log_refused(LogRefusal::NotStarted("ContainerCreating".into())),
        log_refused(LogRefusal::Late(20)),
        log_refused(LogRefusal::NodeSilent),
        log_refused(LogRefusal::Said("a container name must be specified".into())),
        ClusterProblem::Refused(Refused::Kind(Kind::CronJob, Change::Scale)),
        ClusterProblem::Refused(Refused::Paused(shop(), Change::Restart)),
        ClusterProblem::Refused(Refused::TooLarge { object: object(), most: Bytes(256 * 1024) }),
        ClusterProblem::Refused(Refused::RevisionTooLarge { app: shop(), number: 3 }),
        ClusterProblem::Refused(Refused::Unrendered("EOF while parsing".into())),
        ClusterProblem::Refused(Refused::Fault),
        ClusterProblem::Refused(Refused::Kubeconfig("it names no cluster".into())),
        ClusterProblem::NotAllowed(NotAllowed::Credentials),
        ClusterProblem::NotAllowed(NotAllowed::Right(Right::of(Verb::Patch, Resource::Deployments, &web()))),
        ClusterProblem::Away,
        ClusterProblem::Unanswered { look_at: LookAt::App },
        ClusterProblem::Unanswered { look_at: LookAt::Secret },
        ClusterProblem::Unanswered { look_at: LookAt::SecretList },
    ]
    .map(Problem::from)
    .into()
}

fn examples() -> Vec<Problem> {
    let forms = vec![
        Problem::Form(vec![Finding::new(Field::Name, AccountWrong::NoUsername)]),
        Problem::Form(vec![Finding::new(Field::Name, AccountWrong::NoUsername), Finding::new(Field::Password, AccountWrong::NoPassword)]),
    ];
    [access(), account(), sign_in(), app(), log(), limit(), portal(), body(), request(), web_socket(), secret(), cluster(), forms].concat()
}

/// Which variant it is: its name and that of its subject, without arguments.
fn variant(problem: &Problem) -> String {
    let said = format!("{problem:?}");
    let subject = said.split('(').next().unwrap_or_default().to_owned();
    let name = said[subject.len()..].trim_start_matches('(').split([' ', ')', '[', '(']).next().unwrap_or_default().to_owned();
    format!("{subject}::{name}")
}

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// The reasons that stand in the source: only they stand behind an arrow there.
fn declared() -> BTreeSet<String> {
    let files = std::fs::read_dir(source().join("problem")).unwrap().map(|file| file.unwrap().path());
    let texts = files.map(|path| std::fs::read_to_string(path).unwrap());
    let mut reasons: BTreeSet<String> =
        texts.flat_map(|text| text.split("=> \"").skip(1).filter_map(|rest| Some(rest.split_once('"')?.0.to_owned())).collect::<Vec<_>>()).collect();
    reasons.insert(FIELDS_INVALID.to_owned());
    reasons
}

#[test]
fn each_variant_has_a_reason_of_its_own_and_an_example_here() {
    let mut variants = BTreeMap::<_, BTreeSet<_>>::new();
    for problem in examples() {
        assert!(problem.reason().chars().all(|c| c.is_ascii_lowercase() || c == '_'), "{} isn't a slug", problem.reason());
        variants.entry(problem.reason().to_owned()).or_default().insert(variant(&problem));
    }
    for (reason, variants) in &variants {
        assert_eq!(variants.len(), 1, "{reason} is the reason of several variants: {variants:?}");
    }
    assert_eq!(variants.into_keys().collect::<BTreeSet<_>>(), declared(), "a problem has no example in this file");
}

#[test]
fn what_programs_match_on_only_grows_and_sentences_are_as_agreed() {
    let lines: Vec<_> = examples()
        .iter()
        .map(|problem| {
            let told = words_of(problem);
            let code = serde_json::to_value(told.code).unwrap();
            format!("{} {} {}: {}", told.reason, code.as_str().unwrap_or_default(), told.status, told.detail)
        })
        .collect();
    let now = lines.join("\n") + "\n";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reasons.golden");
    let golden = std::fs::read_to_string(&path).unwrap_or_default();
    for line in golden.lines() {
        let (fixed, _) = line.split_once(": ").unwrap();
        assert!(now.contains(&format!("{fixed}: ")), "programs may match on `{fixed}`, so it has to stay");
    }
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, now).unwrap();
        return;
    }
    assert_eq!(golden, now, "a problem is told in other words, or is new; UPDATE_GOLDEN=1 takes it over");
}

#[test]
fn a_problem_that_concerns_a_field_says_the_same_beside_it() {
    let told = words_of(&SecretProblem::Exists { secret: "db".into(), namespace: web() }.into());
    assert_eq!((told.fields[0].field.as_str(), &told.fields[0].message), ("name", &told.detail));
}

#[test]
fn a_limit_tells_programs_when_to_come_back() {
    let wait = |problem: LimitProblem| words_of(&problem.into()).retry_after_s;
    assert_eq!(wait(LimitProblem::Attempts { wait_ms: 3_001 }), Some(4));
    assert_eq!(wait(LimitProblem::LogsOfPerson), None);
}

#[test]
fn problems_are_told_in_whole_sentences() {
    for problem in examples() {
        let detail = words_of(&problem).detail;
        assert!(detail.ends_with(['.', '…']), "{detail:?} is no sentence");
        for word in ["oops", "please", "successfully", "!", "  ", ".."] {
            assert!(!detail.to_lowercase().contains(word), "{word:?} in {detail:?}");
        }
    }
}
