//! The codes of the checks of a new app, and what is said of each: `checks.golden` has an example of every code.
//! `UPDATE_GOLDEN=1 cargo test -p quayside-domain --test checks` writes that file anew; read the difference. A code that the
//! file has never goes away, because clients of the API match on it.

#![allow(clippy::unwrap_used)]

use domain::check::{Amount, CheckCode, NameClash, Neighbor, QuotaResource, SharedHost, ValueSource};
use domain::english;
use domain::kubernetes::admission::{Complaint, complaints};
use domain::kubernetes::{AppObject, Missing, NotAllowed, Object, Refused, Resource, Right, Verb};
use domain::operation::Piece;
use domain::{AppName, Bytes, EnvName, ImageRef, IngressHost, IngressPath, KeyName, MilliCpu, Namespace, SecretName};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn golden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/checks.golden")
}

fn web() -> Namespace {
    Namespace::parse("web").unwrap()
}

fn secret(name: &str) -> SecretName {
    SecretName::parse(name).unwrap()
}

fn about_the_cluster() -> Vec<CheckCode> {
    let name = AppName::parse("shop").unwrap();
    let objects = [Piece::Deployment, Piece::Ingress, Piece::Service].map(AppObject::Piece).to_vec();
    let theirs = Some(Neighbor { namespace: web(), name: "payroll".into() });
    let object = |resource| Object::of(resource, &web(), "shop");
    let quota = |resource, needed, used, limit| CheckCode::QuotaTooSmall { quota: "small".into(), resource, pods: 3, needed, used, limit, fits: 2 };
    let mebi = |n: u64| Amount::Memory(Bytes(n << 20));
    vec![
        CheckCode::NameFree { name: name.clone(), namespace: web() },
        CheckCode::Accepted { objects },
        CheckCode::PermissionMissing(NotAllowed::Right(Right::of(Verb::Create, Resource::Deployments, &web()))),
        CheckCode::PlaceMissing(Missing::Namespace(Some(web()))),
        CheckCode::PlaceMissing(Missing::Object(object(Resource::Ingresses))),
        CheckCode::NameTaken(NameClash::Exists(object(Resource::Deployments))),
        CheckCode::CreationUnderWay(NameClash::Exists(object(Resource::Services))),
        CheckCode::CreationUnderWay(NameClash::Changed(object(Resource::Services))),
        CheckCode::Refused(Refused::Fault),
        CheckCode::LeftOver { object: AppObject::Piece(Piece::Service), name },
        CheckCode::NodePortTaken { port: 30123, by: theirs, free: Some(30124) },
        CheckCode::NodePortTaken { port: 30123, by: None, free: None },
        quota(QuotaResource::CountPods, Amount::Count(3), Amount::Count(0), Amount::Count(2)),
        quota(QuotaResource::RequestsMemory, mebi(96), mebi(0), mebi(64)),
        quota(QuotaResource::LimitsCpu, Amount::Cpu(MilliCpu(750)), Amount::Cpu(MilliCpu(0)), Amount::Cpu(MilliCpu(2000))),
    ]
}

fn not_admitted() -> Vec<CheckCode> {
    [
        "pods \"shop-x\" is forbidden: exceeded quota: small, requested: limits.cpu=2,pods=1, used: limits.cpu=3,pods=4, limited: limits.cpu=4,pods=4",
        "pods \"shop-x\" is forbidden: failed quota: small: must specify limits.cpu for: shop",
        "pods \"shop-x\" is forbidden: maximum cpu usage per Container is 1, but limit is 2",
        "pods \"shop-x\" is forbidden: violates PodSecurity \"restricted:latest\": runAsNonRoot != true (pod or container \"shop\" must set securityContext.runAsNonRoot=true)",
        "admission webhook \"policy.example.org\" denied the request: images must come from registry.example.org",
        "admission webhook \"policy.example.org\" denied the request without explanation",
        "admission webhook \"policy.example.org\" does not support dry run",
        "deployments.apps \"shop\" is forbidden: ValidatingAdmissionPolicy 'team' with binding 'all' denied request: no label team",
        "deployments.apps \"shop\" is forbidden: ValidatingAdmissionPolicy 'team' denied request: no label team",
        "services \"shop\" is forbidden: unable to create new content in namespace web because it is being terminated",
        "deployments.apps \"shop\" is forbidden: a rule of ours",
        "",
    ]
    .map(|text| match complaints(AppObject::TrialPod, text, &[]).remove(0) {
        Complaint::Refused { refusal: why, said, .. } => CheckCode::NotAdmitted { why, said },
        Complaint::NodePortTaken(port) => panic!("{port}"),
    })
    .into()
}

fn about_names_and_addresses() -> Vec<CheckCode> {
    let host = || IngressHost::parse("shop.example.org").unwrap();
    let path = || IngressPath::parse("/api").unwrap();
    let theirs = || Neighbor { namespace: Namespace::parse("far").unwrap(), name: "theirs".into() };
    let missing = |source| CheckCode::ValueSourceMissing { source, name: "db".into(), namespace: web(), variable: EnvName::parse("PASSWORD").unwrap() };
    let key = |source, has: &[&str]| {
        let has = has.iter().map(|key| (*key).to_owned()).collect();
        CheckCode::ValueKeyMissing { source, name: "db".into(), key: KeyName::parse("pasword").unwrap(), has }
    };
    let class = |has: &[&str]| CheckCode::IngressClassMissing { class: "ngix".into(), has: has.iter().map(|class| (*class).to_owned()).collect() };
    let shared = |paths: &[&str], more| {
        let with = Some(SharedHost { ingress: theirs(), paths: paths.iter().map(|path| (*path).to_owned()).collect(), more });
        CheckCode::HostShared { host: host(), with }
    };
    vec![
        CheckCode::PullSecretMissing { secret: secret("hub"), namespace: web() },
        CheckCode::NoPullSecret { secret: secret("hub") },
        missing(ValueSource::Secret),
        missing(ValueSource::ConfigMap),
        key(ValueSource::Secret, &["password", "user"]),
        key(ValueSource::ConfigMap, &[]),
        CheckCode::TlsSecretMissing { secret: secret("shop-tls"), namespace: web() },
        CheckCode::NoTlsSecret { secret: secret("shop-tls") },
        class(&["nginx", "traefik"]),
        class(&[]),
        CheckCode::NoIngressClass,
        CheckCode::AddressTaken { host: host(), path: path(), by: Some(theirs()) },
        CheckCode::AddressTaken { host: host(), path: path(), by: None },
        shared(&["/", "/img"], false),
        shared(&["/", "/img", "/js"], true),
        CheckCode::HostShared { host: host(), with: None },
        CheckCode::HostServedByWildcard { host: host(), by: Some(theirs()) },
        CheckCode::HostServedByWildcard { host: host(), by: None },
    ]
}

fn about_the_form() -> Vec<CheckCode> {
    let image = || ImageRef::parse("registry.example.org/shop").unwrap();
    vec![
        CheckCode::ImageNotChecked { image: image(), pull_secret: Some(secret("hub")) },
        CheckCode::ImageNotChecked { image: image(), pull_secret: None },
        CheckCode::ImageWithoutTag { image: image() },
        CheckCode::ImageTaggedLatest,
        CheckCode::NoMemoryLimit,
        CheckCode::MemoryLimitTiny { limit: Bytes(700) },
        CheckCode::MemoryLimitFarAboveRequest { limit: Bytes(1 << 30), request: Bytes(64 << 20) },
        CheckCode::NoMemoryRequest,
        CheckCode::NoCpuRequest,
        CheckCode::CpuLimitTiny { limit: MilliCpu(5) },
        CheckCode::NoReadinessProbe,
        CheckCode::StartupKilled { patience_s: 15 },
        CheckCode::LivenessAsEarlyAsReadiness,
        CheckCode::SingleReplica,
        CheckCode::FixedNodePort,
        CheckCode::IngressWithoutTls,
        CheckCode::SecretInTheOpen { variable: EnvName::parse("DB_PASSWORD").unwrap() },
    ]
}

fn examples() -> Vec<CheckCode> {
    [about_the_cluster(), not_admitted(), about_names_and_addresses(), about_the_form()].concat()
}

#[test]
fn each_code_is_told_as_agreed() {
    let told = |code: &CheckCode| {
        let words = english::check::words(code);
        let advice = if words.advice.is_empty() { String::new() } else { format!("  {}\n", words.advice) };
        format!("{}\n  {}\n{advice}", code.code(), words.title)
    };
    let now: String = examples().iter().map(told).collect();
    let before = std::fs::read_to_string(golden()).unwrap_or_default();
    let kept = before.lines().filter(|line| !line.starts_with(' '));
    let gone: Vec<_> = kept.filter(|code| !CheckCode::CODES.split('|').any(|known| known == *code)).collect();
    assert_eq!(gone, [""; 0], "clients match on codes, so none goes away");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(golden(), &now).unwrap();
        return;
    }
    for (now, before) in now.lines().zip(before.lines()) {
        assert_eq!(now, before, "a check is told in other words; UPDATE_GOLDEN=1 takes them over");
    }
    assert_eq!(now.lines().count(), before.lines().count(), "checks came or went; UPDATE_GOLDEN=1 takes them over");
}

#[test]
fn each_code_is_unique_and_has_an_example() {
    let all: BTreeSet<_> = CheckCode::CODES.split('|').collect();
    assert_eq!(all.len(), CheckCode::CODES.split('|').count(), "two findings have the same code");
    let shown: BTreeSet<_> = examples().iter().map(CheckCode::code).collect();
    assert_eq!(shown, all);
}

#[test]
fn each_sentence_keeps_the_writing_rules() {
    for code in examples() {
        let said = english::check::sentence(&code);
        assert!(said.ends_with('.') && !said.contains("..") && !said.contains("  "), "{said}");
        assert!(said.starts_with(|c: char| c.is_uppercase()) || matches!(code, CheckCode::AddressTaken { .. }), "{said}");
    }
}
