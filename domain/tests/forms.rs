//! What is said of each thing that can be wrong with a field: its code and its sentence stand in `forms.golden`.
//! `UPDATE_GOLDEN=1 cargo test -p quayside-domain --test forms` writes that file anew; read the difference.

#![allow(clippy::unwrap_used)]

use domain::english::form::sentence;
use domain::form::{
    AccountWrong, AppWrong, CertificateWrong, EnvWrong, LinesWrong, LoginWrong, NetworkWrong, NumberWrong, PasswordWrong, PemFault, PortWrong, PrivateKeyWrong,
    ProbeWrong, RegistryWrong, RequestWrong, ResourcesWrong, SecretWrong, StoredWrong, TeamWrong, Wrong,
};
use domain::names::{ImageRule, NameError, NameRule, PortError, What};
use domain::quantity::QuantityError;
use domain::{Bytes, EnvName, KeyName, MilliCpu, Namespace, Port, PortName, Username};
use std::collections::BTreeSet;
use std::path::Path;

fn text(text: &str) -> String {
    text.to_owned()
}

fn namespace(name: &str) -> Namespace {
    Namespace::parse(name).unwrap()
}

fn key() -> KeyName {
    KeyName::parse("password").unwrap()
}

fn port(number: u16) -> Port {
    Port::try_from(number).unwrap()
}

fn port_name(name: &str) -> PortName {
    PortName::parse(name).unwrap()
}

fn names() -> Vec<NameError> {
    let all = [
        What::Namespace,
        What::Workload,
        What::App,
        What::Secret,
        What::ConfigMap,
        What::Key,
        What::Variable,
        What::Port,
        What::Image,
        What::User,
        What::Team,
        What::Host,
        What::Path,
        What::IngressClass,
        What::BasePath,
    ];
    let of = |what, rule| NameError { what, rule };
    let each = |rule: &NameRule| all.map(|what| of(what, rule.clone())).to_vec();
    let image = |rule| of(What::Image, NameRule::Image(rule));
    let mut found = [NameRule::Empty, NameRule::Has('M')].iter().flat_map(each).collect::<Vec<_>>();
    found.extend([
        of(What::Namespace, NameRule::TooLong { most: 63, now: 70 }),
        of(What::IngressClass, NameRule::TooLong { most: 253, now: 300 }),
        of(What::User, NameRule::TooLong { most: 64, now: 70 }),
        of(What::Secret, NameRule::Has(' ')),
        of(What::Image, NameRule::Has(' ')),
        of(What::Key, NameRule::Has('"')),
        of(What::Image, NameRule::Has('\n')),
        of(What::App, NameRule::Ends),
        of(What::Secret, NameRule::PartEnds),
        of(What::IngressClass, NameRule::PartEnds),
        of(What::Host, NameRule::PartEnds),
        of(What::Variable, NameRule::DigitFirst),
        of(What::App, NameRule::LetterFirst),
        of(What::Key, NameRule::Dot),
        of(What::Key, NameRule::TwoDots),
        of(What::Port, NameRule::TwoDashes),
        of(What::Port, NameRule::NoLetter),
        of(What::Team, NameRule::LongOrPadded(64)),
        of(What::Team, NameRule::Invisible),
        of(What::Path, NameRule::NoSlash),
        of(What::BasePath, NameRule::NoSlashOrLast),
        of(What::Path, NameRule::Segments(1024)),
        of(What::BasePath, NameRule::Segments(256)),
        image(ImageRule::Scheme),
        image(ImageRule::Digest),
        image(ImageRule::Tag(text("1+2"))),
        image(ImageRule::Host(text("registry..example.org"))),
        image(ImageRule::EmptyPart),
        image(ImageRule::Capitals(text("shop"))),
        image(ImageRule::Part(text("-shop"))),
    ]);
    found
}

fn app() -> Vec<AppWrong> {
    vec![
        NumberWrong::OutOfRange { least: 0, most: 1000 }.into(),
        NumberWrong::NotANumber { typed: text("many"), least: 0, most: 1000 }.into(),
        LinesWrong::TooMany { most: 100, now: 101 }.into(),
        LinesWrong::TooLong { line: 3, most: 8192 }.into(),
        LinesWrong::NullByte.into(),
        PortWrong::TooMany { most: 20, now: 21 }.into(),
        PortWrong::Missing.into(),
        PortError::NotANumber(text("http")).into(),
        PortError::Zero.into(),
        PortWrong::Protocol(text("SCTP")).into(),
        PortWrong::NameTaken { by: port(8080), name: port_name("http") }.into(),
        PortWrong::Twice(port(8080)).into(),
        EnvWrong::TooMany { most: 200, now: 201 }.into(),
        EnvWrong::Twice(EnvName::parse("MODE").unwrap()).into(),
        EnvWrong::TooLong { most: 32_768, now: 40_000 }.into(),
        EnvWrong::NullByte.into(),
        EnvWrong::Source(text("file")).into(),
        QuantityError::Malformed(text("much")).into(),
        QuantityError::MilliBytes { typed: text("700m"), number: text("700") }.into(),
        ResourcesWrong::NoCpu.into(),
        ResourcesWrong::NoMemory.into(),
        ResourcesWrong::CpuBelowRequest { limit: MilliCpu(250), request: MilliCpu(500) }.into(),
        ResourcesWrong::MemoryBelowRequest { limit: Bytes(64 << 20), request: Bytes(128 << 20) }.into(),
        ProbeWrong::Kind(text("grpc")).into(),
        ProbeWrong::NoCommand.into(),
        ProbeWrong::PathOrQuery.into(),
        ProbeWrong::NoPort.into(),
        ProbeWrong::UnknownPort { name: port_name("web"), known: Vec::new() }.into(),
        ProbeWrong::UnknownPort { name: port_name("web"), known: vec![port_name("http"), port_name("metrics")] }.into(),
        NetworkWrong::Service(text("LoadBalancer")).into(),
        NetworkWrong::ServiceWithoutPort.into(),
        NetworkWrong::NodePort(text("80")).into(),
        NetworkWrong::NodePortUnused.into(),
        NetworkWrong::WithoutIngress.into(),
        NetworkWrong::IngressWithoutService.into(),
        NetworkWrong::IngressToUdp.into(),
    ]
}

fn secrets() -> Vec<SecretWrong> {
    let secret = || text("shop-db");
    let faults = [PemFault::Nested, PemFault::EmptyBlock, PemFault::LabelsDiffer, PemFault::EndWithoutBegin, PemFault::NotBase64, PemFault::NoEnd];
    let mut found = vec![
        SecretWrong::NoKind,
        SecretWrong::NoKeys,
        SecretWrong::TooManyKeys { most: 100, now: 101 },
        SecretWrong::KeyTwice(key()),
        SecretWrong::BrokenFile(key()),
        SecretWrong::TooLarge { most: 1_048_576, now: 1_048_577 },
        RegistryWrong::NoHost.into(),
        RegistryWrong::Host.into(),
        RegistryWrong::NoUser.into(),
        RegistryWrong::UserHasColon.into(),
        RegistryWrong::NoPassword.into(),
        RegistryWrong::Email.into(),
        RegistryWrong::DockerConfig.into(),
        LoginWrong::NoUser.into(),
        LoginWrong::UserHasColon.into(),
        LoginWrong::NoPassword.into(),
        CertificateWrong::Missing.into(),
        CertificateWrong::HasPrivateKey.into(),
        CertificateWrong::NoCertificate.into(),
        CertificateWrong::Swapped.into(),
        PrivateKeyWrong::Missing.into(),
        PrivateKeyWrong::Broken(PemFault::NoEnd).into(),
        PrivateKeyWrong::Encrypted.into(),
        PrivateKeyWrong::Several.into(),
        PrivateKeyWrong::NoPrivateKey.into(),
        PrivateKeyWrong::OfAnotherCertificate.into(),
        StoredWrong::KeyTaken { secret: secret(), key: key() }.into(),
        StoredWrong::TooManyAtOnce(100).into(),
        StoredWrong::NotBase64.into(),
        StoredWrong::NoValue.into(),
        StoredWrong::NoRoom { others: 1_000_000, left: 48_576, new: 50_000 }.into(),
        StoredWrong::Value(KeyName::parse("tls.crt").unwrap(), Box::new(CertificateWrong::NoCertificate.into())).into(),
    ];
    found.extend(faults.map(|fault| CertificateWrong::Broken(fault).into()));
    found
}

fn accounts() -> Vec<AccountWrong> {
    vec![
        AccountWrong::NameTaken(Username::parse("mara").unwrap()),
        AccountWrong::Display(64),
        PasswordWrong::TooShort { least: 12, now: 3 }.into(),
        PasswordWrong::TooLong(1024).into(),
        PasswordWrong::EasyToGuess.into(),
        AccountWrong::PasswordsDiffer,
        AccountWrong::NoCurrentPassword,
        AccountWrong::WrongCurrentPassword,
        AccountWrong::NoUsername,
        AccountWrong::NoPassword,
        AccountWrong::SetUpToken,
    ]
}

fn teams() -> Vec<TeamWrong> {
    vec![
        TeamWrong::NameTaken,
        TeamWrong::Namespace { typed: text("Data"), error: Namespace::parse("Data").unwrap_err() },
        TeamWrong::TooManyNamespaces { most: 200, now: 201 },
        TeamWrong::NotServed { namespace: namespace("mqtt"), served: vec![namespace("web"), namespace("data")] },
        TeamWrong::UnknownUser(text("ilse")),
        TeamWrong::NoRole,
    ]
}

fn requests() -> Vec<RequestWrong> {
    vec![
        RequestWrong::NotConfirmed(text("shop")),
        RequestWrong::Replicas(NumberWrong::OutOfRange { least: 0, most: 1000 }),
        RequestWrong::NoReplicas,
        RequestWrong::NoRevision,
        RequestWrong::NotText,
        RequestWrong::UnknownParameter { name: text("force"), known: Vec::new() },
        RequestWrong::UnknownParameter { name: text("dryrun"), known: vec![text("dryRun")] },
        RequestWrong::UnknownParameter { name: text("limt"), known: ["limit", "continue", "watch"].map(text).into() },
        RequestWrong::ParameterTwice(text("limit")),
        RequestWrong::NotWhole { name: text("limit"), least: 1, most: 500 },
        RequestWrong::NotASwitch(text("follow")),
        RequestWrong::TooManyLines(100_000),
        RequestWrong::NoName(text("pod")),
        RequestWrong::NameTooLong { name: text("pod"), most: 253 },
        RequestWrong::NotAName(text("container")),
        RequestWrong::NotAnApp,
        RequestWrong::WindowWithoutEnd,
        RequestWrong::WindowWithoutStart,
        RequestWrong::Window,
    ]
}

fn all() -> Vec<Wrong> {
    let mut all: Vec<Wrong> = names().into_iter().map(Wrong::from).collect();
    all.extend(app().into_iter().map(Wrong::from));
    all.extend(secrets().into_iter().map(Wrong::from));
    all.extend(accounts().into_iter().map(Wrong::from));
    all.extend(teams().into_iter().map(Wrong::from));
    all.extend(requests().into_iter().map(Wrong::from));
    all.push(Wrong::LeftOutOfDraft);
    all
}

#[test]
fn what_is_wrong_with_a_field_is_told_as_agreed() {
    let now: String = all().iter().map(|wrong| format!("{}: {}\n", wrong.code(), sentence(wrong))).collect();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/forms.golden");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, &now).unwrap();
        return;
    }
    let golden = std::fs::read_to_string(&path).unwrap_or_default();
    for (a, b) in now.lines().zip(golden.lines()) {
        assert_eq!(a, b, "a finding is told in other words; UPDATE_GOLDEN=1 takes them over");
    }
    assert_eq!(now.lines().count(), golden.lines().count(), "findings came or went; UPDATE_GOLDEN=1 takes them over");
}

#[test]
fn every_sentence_about_a_field_is_one_line_and_ends() {
    for wrong in all() {
        let sentence = sentence(&wrong);
        assert!(sentence.ends_with(['.', '?']) && !sentence.contains('\n') && !sentence.contains("  "), "{}: {sentence:?}", wrong.code());
    }
}

/// The codes stand in the arms of `code()`; one that no example has would be a sentence that nobody has read.
#[test]
fn every_code_has_an_example() {
    let sources = [
        include_str!("../src/form/wrong.rs"),
        include_str!("../src/form/wrong/account.rs"),
        include_str!("../src/form/wrong/app.rs"),
        include_str!("../src/form/wrong/name.rs"),
        include_str!("../src/form/wrong/request.rs"),
        include_str!("../src/form/wrong/secret.rs"),
        include_str!("../src/form/wrong/team.rs"),
    ];
    let arms = sources.into_iter().flat_map(str::lines).filter_map(|line| line.trim().strip_suffix("\",")?.split_once("=> \""));
    let codes: BTreeSet<&str> = arms.map(|(_, code)| code).collect();
    let shown: BTreeSet<&str> = all().iter().map(Wrong::code).collect();
    assert_eq!(codes.difference(&shown).collect::<Vec<_>>(), Vec::<&&str>::new());
    assert!(codes.len() > 80, "{} codes found", codes.len());
}
