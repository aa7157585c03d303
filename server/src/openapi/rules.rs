//! What a text or number in a request may be, as the description tells it. The portal reads requests with the types of
//! `domain`, so each rule stands here a second time; a test sends what every rule allows and forbids and compares.

use utoipa::openapi::schema::AnyOfBuilder;
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, Type};

/// A rule for one value.
#[derive(Clone, Copy)]
pub(super) enum Rule {
    /// A whole number, from and to.
    Whole(i64, i64),
    /// A text: its pattern, most characters, and what a pattern cannot say.
    Text(&'static str, usize, &'static str),
    /// A choice among words; the first may be empty and stands for the default.
    Choice(&'static [&'static str]),
    /// On or off in a query, or one of these words.
    Switch(&'static [&'static str]),
}

use Rule::{Choice, Switch, Text, Whole};

impl Rule {
    pub(super) fn schema(self) -> RefOr<Schema> {
        let text = || ObjectBuilder::new().schema_type(Type::String);
        match self {
            Whole(least, most) => ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(least)).maximum(Some(most)).into(),
            Text(pattern, most, what) => {
                let what = Some(what).filter(|what| !what.is_empty());
                text().pattern(Some(pattern)).max_length(Some(most)).description(what).into()
            }
            Choice(words) => text().enum_values(Some(words.iter().copied())).into(),
            Switch(more) => {
                let words = text().enum_values(Some(SWITCHES.iter().chain(more).copied()));
                AnyOfBuilder::new().item(ObjectBuilder::new().schema_type(Type::Boolean)).item(words).into()
            }
        }
    }
}

/// What a switch may be beside `true` and `false`.
const SWITCHES: &[&str] = &["", "1", "0", "on", "off", "yes", "no", "True", "False"];

/// A DNS label, and labels with dots between.
macro_rules! label {
    () => {
        "[a-z0-9](?:[-a-z0-9]*[a-z0-9])?"
    };
}
macro_rules! subdomain {
    () => {
        concat!(label!(), "(?:\\.", label!(), ")*")
    };
}
/// A part of a registry's host, and of an image's name.
macro_rules! host {
    () => {
        "[A-Za-z0-9](?:[-A-Za-z0-9]*[A-Za-z0-9])?"
    };
}
macro_rules! part {
    () => {
        "[a-z0-9](?:[-._a-z0-9]*[a-z0-9])?"
    };
}
/// Up to a number of five digits.
macro_rules! port {
    () => {
        "0*(?:[1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])"
    };
}
/// What a quantity of Kubernetes ends in.
macro_rules! unit {
    ($small:literal) => {
        concat!("(?:[", $small, "kMGTPE]|[KMGTPE]i|[eE][-+]?0*(?:[0-9]|1[0-8]))?")
    };
}
/// Any number, and one that is not zero.
macro_rules! number {
    () => {
        "(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)"
    };
}
macro_rules! positive {
    () => {
        "(?:0*[1-9][0-9]*\\.?[0-9]*|[0-9]*\\.0*[1-9][0-9]*)"
    };
}
/// Blanks around a field of a form are left out.
macro_rules! field {
    ($pattern:expr) => {
        concat!("^\\s*(?:", $pattern, ")\\s*$")
    };
}
macro_rules! may_be_empty {
    ($pattern:expr) => {
        concat!("^\\s*(?:", $pattern, ")?\\s*$")
    };
}

/// Parts with a slash before each; none is empty, `.` or `..`.
macro_rules! path {
    () => {
        "/|(?:/(?:[^\\s\\x00-\\x1f\\x7f-\\x9f/?#%\\\\.][^\\s\\x00-\\x1f\\x7f-\\x9f/?#%\\\\]*|\\.[^\\s\\x00-\\x1f\\x7f-\\x9f/?#%\\\\.][^\\s\\x00-\\x1f\\x7f-\\x9f/?#%\\\\]*|\\.\\.[^\\s\\x00-\\x1f\\x7f-\\x9f/?#%\\\\]+))+/?"
    };
}

/// Registry, name, tag, digest. The first part is a registry where it has a dot or a port, or is `localhost`.
const IMAGE: &str = concat!(
    "^\\s*(?:(?:",
    host!(),
    "(?:\\.",
    host!(),
    ")+(?::[0-9]{1,4})?|",
    host!(),
    ":[0-9]{1,4}|",
    host!(),
    "(?:\\.",
    host!(),
    ")*:",
    port!(),
    "|localhost)/",
    part!(),
    "(?:/",
    part!(),
    ")*|[a-z0-9](?:[-_a-z0-9]*[a-z0-9])?(?:/",
    part!(),
    ")*|",
    part!(),
    ")(?::[_A-Za-z0-9][-._A-Za-z0-9]{0,127})?(?:@sha256:[0-9a-f]{64})?\\s*$"
);

const AMOUNT: &str = "A Kubernetes quantity below 9E. Empty for none.";
const CPU: &str = "A Kubernetes quantity below 9P. Empty for none.";
const LINES: &str = "One argument per line, at most 100 lines of 8,192 bytes.";

/// The rules by name.
pub(super) const RULES: &[(&str, Rule)] = &[
    ("Namespace", Text(concat!("^", label!(), "$"), 63, "")),
    (
        "AppName",
        Text(
            concat!("^", label!(), "/(?:deployment|statefulset|daemonset|job|cronjob|pod)/", subdomain!(), "$"),
            329,
            "namespace/kind/name, such as web/deployment/shop.",
        ),
    ),
    ("OperationId", Whole(1, 9_007_199_254_740_991)),
    ("ObjectName", Text(concat!("^", subdomain!(), "$"), 253, "")),
    ("Confirm", Text(field!(subdomain!()), 253, "The name of the object to delete.")),
    ("Switch", Switch(&[])),
    ("DryRun", Switch(&["All"])),
    ("Limit", Whole(1, 5000)),
    ("Continue", Text("^[-_A-Za-z0-9]+$", 1024, "The continue token of the previous page.")),
    ("TailLines", Whole(0, 100_000)),
    ("SinceSeconds", Whole(1, 2_147_483_647)),
    ("Replicas", Whole(0, 1000)),
    ("Moment", Whole(0, 9_007_199_254_740_991)),
    ("RevisionNumber", Whole(1, 9_007_199_254_740_991)),
    ("NewAppName", Text(field!("[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?"), 63, "")),
    ("Image", Text(IMAGE, 512, "")),
    ("NameOrNone", Text(may_be_empty!(subdomain!()), 253, "")),
    ("WholeOrNone1000", Text(may_be_empty!("0*(?:[0-9]{1,3}|1000)"), 100, "0 to 1000; empty for 1.")),
    ("Lines", Text("^[^\\u0000]*$", 819_300, LINES)),
    ("PortNameOrNone", Text(may_be_empty!("(?:[0-9]-?)*[a-z](?:-?[a-z0-9])*"), 15, "Empty for one derived from the number.")),
    ("PortNumber", Text(field!(port!()), 100, "1 to 65535.")),
    ("Protocol", Choice(&["", "TCP", "UDP", "tcp", "udp"])),
    ("Variable", Text(field!("[-._A-Za-z][-._A-Za-z0-9]{0,255}"), 256, "")),
    ("ValueFrom", Choice(&["", "value", "secret", "configMap"])),
    ("Value", Text("^[^\\u0000]*$", 32_768, "The value, at most 32,768 bytes, or the name of the secret or config map.")),
    ("CpuOrNone", Text(may_be_empty!(concat!(number!(), unit!("num"))), 100, CPU)),
    ("CpuLimitOrNone", Text(may_be_empty!(concat!(positive!(), unit!("num"))), 100, CPU)),
    ("MemoryOrNone", Text(may_be_empty!(concat!(number!(), unit!("nu"))), 100, AMOUNT)),
    ("MemoryLimitOrNone", Text(may_be_empty!(concat!(positive!(), unit!("nu"))), 100, AMOUNT)),
    ("ProbeKind", Choice(&["", "none", "http", "tcp", "command"])),
    ("ProbePath", Text(may_be_empty!(concat!("(?:", path!(), ")(?:\\?[^\\s\\x00-\\x1f\\x7f-\\x9f]*)?")), 1024, "For http; at most 1,024 bytes.")),
    (
        "ProbePort",
        Text(may_be_empty!(concat!(port!(), "|(?:[0-9]-?)*[a-z](?:-?[a-z0-9])*")), 100, "For http and tcp: a number or a port name; empty for the first port."),
    ),
    ("Delay", Text(may_be_empty!("0*(?:[0-9]{1,3}|[12][0-9]{3}|3[0-5][0-9]{2}|3600)"), 100, "0 to 3600 seconds; needs a probe kind.")),
    ("Period", Text(may_be_empty!("0*(?:[1-9][0-9]{0,2}|[12][0-9]{3}|3[0-5][0-9]{2}|3600)"), 100, "1 to 3600 seconds; needs a probe kind.")),
    ("Failures", Text(may_be_empty!("0*(?:[1-9][0-9]{0,2}|1000)"), 100, "1 to 1000; needs a probe kind.")),
    ("ServiceType", Choice(&["", "none", "ClusterIP", "NodePort"])),
    (
        "NodePortOrNone",
        Text(may_be_empty!("0*(?:3[01][0-9]{3}|32[0-6][0-9]{2}|327[0-5][0-9]|3276[0-7])"), 100, "30000 to 32767 for a NodePort service; empty for any."),
    ),
    ("HostOrNone", Text(may_be_empty!(concat!("(?:\\*\\.)?", subdomain!())), 253, "Empty for no ingress.")),
    ("PathOrNone", Text(may_be_empty!(path!()), 1024, "At most 1,024 bytes.")),
    ("NewSecretName", Text(field!(subdomain!()), 253, "")),
    ("SecretKey", Text(field!("\\.?[-_A-Za-z0-9][-._A-Za-z0-9]*"), 253, "")),
    ("UserOrNone", Text("^[^:]*$", 1_048_576, "For docker-registry and basic-auth.")),
    ("EmailOrNone", Text("^\\s*(?:[^\\s@]*@\\S*)?\\s*$", 1_048_576, "For docker-registry.")),
    (
        "ServerOrNone",
        Text(
            may_be_empty!("(?:https?://)?[-_A-Za-z0-9][-._:A-Za-z0-9]*(?:/[-._:A-Za-z0-9]+)*/*"),
            253,
            "For docker-registry: the registry host, as image names start with it.",
        ),
    ),
    ("Certificate", Text("^[^\\u0000]*$", 1_048_576, "For tls: the chain in PEM format.")),
    ("PrivateKey", Text("^[^\\u0000]*$", 1_048_576, "For tls: the key in PEM format, unencrypted.")),
];
