//! The shapes of bodies, in few words. A test holds them against what the server really answers.
//!
//! A kind is `string`, `integer`, `number`, `boolean`, `any`, words with `|` between, `[kind]`, `{kind}` (a map) or
//! the name of a shape or a rule. `[kind;n]` has at most n items. Behind it `?` means that it may be null, `~` that it may be
//! left out.

mod operation;

use super::rules::RULES;
use utoipa::openapi::schema::{AdditionalProperties, OneOfBuilder, SchemaType};
use utoipa::openapi::{ArrayBuilder, ObjectBuilder, Ref, RefOr, Schema, Type};

type Fields = &'static [(&'static str, &'static str)];

/// All shapes.
pub(super) fn all() -> Vec<(&'static str, RefOr<Schema>)> {
    let shapes = SHAPES.iter().chain(operation::SHAPES).map(|(name, fields)| (*name, object(fields, SENT.contains(name))));
    let names = NAMES.iter().chain(operation::NAMES).map(|(name, words)| (*name, kind(words)));
    shapes.chain(names).chain(RULES.iter().map(|(name, rule)| (*name, rule.schema()))).collect()
}

/// The kind of a parameter in a path.
pub(super) fn named(parameter: &str) -> RefOr<Schema> {
    match parameter {
        "kind" => kind("Kind"),
        "ns" => kind("Namespace"),
        "id" => kind("OperationId"),
        _ => kind("ObjectName"),
    }
}

/// One that is `sent` has no other fields than these.
fn object(fields: Fields, sent: bool) -> RefOr<Schema> {
    let empty = ObjectBuilder::new().additional_properties(sent.then_some(AdditionalProperties::FreeForm(false)));
    let built = fields.iter().fold(empty, |built, (name, text)| {
        let (text, required) = text.strip_suffix('~').map_or((*text, true), |text| (text, false));
        let built = built.property(*name, kind(text));
        if required { built.required(*name) } else { built }
    });
    built.into()
}

/// Reads a kind.
pub(super) fn kind(text: &str) -> RefOr<Schema> {
    if let Some(text) = text.strip_suffix('?') {
        return OneOfBuilder::new().item(ObjectBuilder::new().schema_type(Type::Null)).item(kind(text)).into();
    }
    if let Some(item) = text.strip_prefix('[').and_then(|t| t.strip_suffix(']')) {
        let (item, most) = item.split_once(';').map_or((item, None), |(item, most)| (item, most.parse().ok()));
        return ArrayBuilder::new().items(kind(item)).max_items(most).into();
    }
    if let Some(value) = text.strip_prefix('{').and_then(|t| t.strip_suffix('}')) {
        return ObjectBuilder::new().additional_properties(Some(AdditionalProperties::RefOr(kind(value)))).into();
    }
    let plain = |t: Type| ObjectBuilder::new().schema_type(t).into();
    match text {
        "string" => plain(Type::String),
        "integer" => plain(Type::Integer),
        "number" => plain(Type::Number),
        "boolean" => plain(Type::Boolean),
        "any" => ObjectBuilder::new().schema_type(SchemaType::AnyValue).into(),
        words if words.contains('|') => ObjectBuilder::new().schema_type(Type::String).enum_values(Some(words.split('|'))).into(),
        shape => Ref::from_schema_name(shape).into(),
    }
}

/// Words and numbers with a name.
const NAMES: &[(&str, &str)] = &[
    ("Kind", "deployment|statefulset|daemonset|job|cronjob|pod"),
    ("Role", "viewer|operator|owner"),
    ("Word", "failing|degraded|unknown|progressing|paused|stopped|running|completed"),
    ("Pip", "ready|starting|not_ready|failing|missing"),
    ("UnixMs", "integer"),
];

/// Shapes of requests.
const SENT: &[&str] = &[
    "Credentials",
    "AppForm",
    "PortForm",
    "EnvForm",
    "ProbeForm",
    "AppDraft",
    "PortDraft",
    "EnvDraft",
    "ProbeDraft",
    "SecretDraft",
    "Scale",
    "Rollback",
    "SecretForm",
    "SecretEntry",
    "SecretChange",
];

const SHAPES: &[(&str, Fields)] = &[
    (
        "Problem",
        &[("code", CODES), ("reason", "string"), ("status", "integer"), ("detail", "string"), ("fields", "[FieldError]~"), ("retry_after_s", "integer~")],
    ),
    ("FieldError", &[("field", "string"), ("message", "string")]),
    ("Credentials", &[("username", "string"), ("password", "string")]),
    ("Me", &[("user_id", "integer"), ("name", "string"), ("display", "string"), ("admin", "boolean"), ("namespaces", "[NamespaceAccess]")]),
    ("NamespaceAccess", &[("namespace", "string"), ("team", "string?"), ("role", "Role")]),
    ("NamespaceList", &[("items", "[NamespaceAccess]"), ("continue", "string~")]),
    ("AppId", &[("namespace", "string"), ("kind", "Kind"), ("name", "string")]),
    ("AppList", &[("items", "[AppRow]"), ("continue", "string~"), ("health", "ClusterHealth")]),
    ("PlaceList", &[("items", "[Place]")]),
    ("Place", &[("kind", "app|namespace|secret|page"), ("title", "string"), ("detail", "string"), ("path", "string"), ("word", "Word~")]),
    ("ClusterHealth", &[("ready", "boolean"), ("away_since", "UnixMs?"), ("refusals", "[string]"), ("metrics", "boolean?"), ("storage", "StorageNotice?")]),
    ("StorageNotice", &[("trouble", "full|read_only|held|failing|damaged"), ("admin", "boolean")]),
    (
        "AppRow",
        &[
            ("id", "AppId"),
            ("team", "string?"),
            ("release", "string?"),
            ("status", "Status"),
            ("remarks", "[Remark]~"),
            ("ready", "integer"),
            ("wanted", "integer"),
            ("pips", "[Pip]"),
            ("images", "[string]"),
            ("restarts", "integer"),
            ("usage", "Usage"),
            ("created", "UnixMs"),
            ("changed", "[any]?"),
        ],
    ),
    ("Status", &[("word", "Word"), ("code", "string~"), ("reason", "string"), ("sentence", "string"), ("since", "UnixMs?"), ("evidence", "[Evidence]")]),
    ("Remark", &[("code", domain::remark::CODES), ("reason", "string"), ("text", "string"), ("remedy", "string"), ("evidence", "[Evidence]")]),
    (
        "Evidence",
        &[
            ("kind", "log|chart|event|object|command"),
            ("label", "string"),
            ("pod", "string~"),
            ("container", "string~"),
            ("previous", "boolean~"),
            ("at", "UnixMs?~"),
            ("reason", "string~"),
            ("name", "string~"),
            ("path", "string~"),
            ("text", "string~"),
        ],
    ),
    ("Usage", &[("cpu", "integer?"), ("memory", "integer?"), ("cpu_spark", "[integer]"), ("memory_spark", "[integer]")]),
    (
        "AppDetail",
        &[
            ("row", "AppRow"),
            ("story", "[Happening]"),
            ("pods", "[PodRow]"),
            ("events", "[EventRow]"),
            ("endpoints", "[Endpoint]"),
            ("actions", "{string?}"),
            ("notes", "{string}~"),
            ("role", "Role"),
            ("paused", "boolean"),
            ("revision", "integer?"),
            ("settings", "[[string]]"),
            ("references", "[ReferenceRow]"),
            ("still_runs", "[StillRuns]~"),
            ("last_lines", "LastLines~"),
            ("next", "NextStep~"),
            ("health", "ClusterHealth"),
        ],
    ),
    ("ReferenceRow", &[("kind", "secret|config_map|pull_secret|claim"), ("name", "string")]),
    ("StillRuns", &[("container", "string"), ("image", "string"), ("pods", "integer")]),
    ("LastLines", &[("pod", "string"), ("container", "string"), ("previous", "boolean"), ("lines", "[string]")]),
    ("NextStep", &[("do", "see|roll_back|resume|scale_up"), ("evidence", "integer~"), ("revision", "integer~")]),
    ("Bounds", &[("cpu_request", "integer~"), ("cpu_limit", "integer~"), ("memory_request", "integer~"), ("memory_limit", "integer~")]),
    ("Happening", &[("at", "UnixMs"), ("tone", "change|ok|warn|bad"), ("sentence", "string")]),
    (
        "PodRow",
        &[
            ("name", "string"),
            ("status", "Status"),
            ("ready", "integer"),
            ("containers", "[ContainerRow]"),
            ("restarts", "integer"),
            ("cpu", "integer?"),
            ("memory", "integer?"),
            ("bounds", "Bounds"),
            ("node", "string?"),
            ("ip", "string?"),
            ("created", "UnixMs"),
        ],
    ),
    (
        "ContainerRow",
        &[
            ("name", "string"),
            ("image", "string"),
            ("init", "boolean"),
            ("ephemeral", "boolean"),
            ("sidecar", "boolean"),
            ("ready", "boolean"),
            ("restarts", "integer"),
            ("state", "string"),
            ("last", "string?"),
            ("has_previous", "boolean"),
        ],
    ),
    ("EventRow", &[("object", "string"), ("reason", "string"), ("message", "string"), ("warning", "boolean"), ("count", "integer"), ("last", "UnixMs")]),
    ("Endpoint", &[("kind", "ingress|node_port|load_balancer|service"), ("address", "string"), ("sentence", "string"), ("broken", "boolean")]),
    (
        "AppForm",
        &[
            ("name", "NewAppName"),
            ("image", "Image"),
            ("pullSecret", "NameOrNone~"),
            ("replicas", "WholeOrNone1000~"),
            ("command", "Lines~"),
            ("args", "Lines~"),
            ("ports", "[PortForm;20]~"),
            ("env", "[EnvForm;200]~"),
            ("cpuRequest", "CpuOrNone~"),
            ("cpuLimit", "CpuLimitOrNone~"),
            ("memoryRequest", "MemoryOrNone~"),
            ("memoryLimit", "MemoryLimitOrNone~"),
            ("liveness", "ProbeForm~"),
            ("readiness", "ProbeForm~"),
            ("startup", "ProbeForm~"),
            ("service", "ServiceType~"),
            ("nodePort", "NodePortOrNone~"),
            ("ingressHost", "HostOrNone~"),
            ("ingressPath", "PathOrNone~"),
            ("ingressClass", "NameOrNone~"),
            ("ingressTlsSecret", "NameOrNone~"),
        ],
    ),
    // Half a form: any texts, which are looked at when the app is made.
    (
        "AppDraft",
        &[
            ("name", "string~"),
            ("image", "string~"),
            ("pullSecret", "string~"),
            ("replicas", "string~"),
            ("command", "string~"),
            ("args", "string~"),
            ("ports", "[PortDraft]~"),
            ("env", "[EnvDraft]~"),
            ("cpuRequest", "string~"),
            ("cpuLimit", "string~"),
            ("memoryRequest", "string~"),
            ("memoryLimit", "string~"),
            ("liveness", "ProbeDraft~"),
            ("readiness", "ProbeDraft~"),
            ("startup", "ProbeDraft~"),
            ("service", "string~"),
            ("nodePort", "string~"),
            ("ingressHost", "string~"),
            ("ingressPath", "string~"),
            ("ingressClass", "string~"),
            ("ingressTlsSecret", "string~"),
        ],
    ),
    ("PortDraft", &[("name", "string~"), ("port", "string~"), ("protocol", "string~")]),
    ("EnvDraft", &[("name", "string~"), ("from", "string~"), ("value", "string~"), ("key", "string~")]),
    (
        "ProbeDraft",
        &[
            ("kind", "string~"),
            ("path", "string~"),
            ("port", "string~"),
            ("command", "string~"),
            ("initialDelaySeconds", "string~"),
            ("periodSeconds", "string~"),
            ("failureThreshold", "string~"),
        ],
    ),
    (
        "SecretDraft",
        &[
            ("name", "string~"),
            ("kind", "opaque|docker-registry|tls|basic-auth~"),
            ("keys", "[string;100]~"),
            ("server", "string~"),
            ("username", "string~"),
            ("email", "string~"),
            ("filled", "[string]~"),
        ],
    ),
    ("DraftKept", &[("changed", "UnixMs"), ("replaced", "boolean")]),
    ("PortForm", &[("name", "PortNameOrNone~"), ("port", "PortNumber"), ("protocol", "Protocol~")]),
    ("EnvForm", &[("name", "Variable"), ("from", "ValueFrom~"), ("value", "Value~"), ("key", "string~")]),
    (
        "ProbeForm",
        &[
            ("kind", "ProbeKind~"),
            ("path", "ProbePath~"),
            ("port", "ProbePort~"),
            ("command", "Lines~"),
            ("initialDelaySeconds", "Delay~"),
            ("periodSeconds", "Period~"),
            ("failureThreshold", "Failures~"),
        ],
    ),
    ("Plan", &[("checks", "[Check]"), ("yaml", "string")]),
    (
        "Check",
        &[
            ("outcome", "pass|skip|warn|fail"),
            ("code", domain::check::CheckCode::CODES),
            ("title", "string"),
            ("advice", "string"),
            ("field", "string?"),
            ("remedy", "Remedy~"),
        ],
    ),
    (
        "Remedy",
        &[
            ("do", "create_secret|create_pull_secret|create_tls_secret|add_key|move_to_secret|set"),
            ("name", "string~"),
            ("key", "string~"),
            ("rows", "[integer]~"),
            ("fields", "[Setting]~"),
        ],
    ),
    ("Setting", &[("field", "string"), ("value", "string")]),
    ("Deleted", &[("note", "string")]),
    ("Scale", &[("replicas", "Replicas")]),
    ("Rollback", &[("revision", "RevisionNumber")]),
    (
        "AppMetrics",
        &[
            ("range", "15m|1h|6h|24h"),
            ("window", "Window~"),
            ("from", "UnixMs"),
            ("step_s", "integer"),
            ("steps", "integer"),
            ("pods", "[Series]"),
            ("total", "Series"),
            ("cpu_request", "integer?"),
            ("cpu_limit", "integer?"),
            ("memory_request", "integer?"),
            ("memory_limit", "integer?"),
            ("marks", "[Mark]"),
            ("missing", "string?"),
        ],
    ),
    ("Series", &[("pod", "string"), ("cpu_milli", "[integer?]"), ("memory_bytes", "[integer?]")]),
    ("Window", &[("from", "UnixMs"), ("to", "UnixMs")]),
    ("Mark", &[("at", "UnixMs"), ("kind", "deploy|oom|restart"), ("label", "string")]),
    ("SecretList", &[("items", "[SecretInfo]"), ("continue", "string~")]),
    (
        "SecretInfo",
        &[
            ("namespace", "string"),
            ("name", "string"),
            ("kind", "string"),
            ("created", "UnixMs"),
            ("changed", "UnixMs?"),
            ("keys", "[KeyInfo]"),
            ("users", "[SecretUser]"),
            ("managed_by", "string?"),
            ("immutable", "boolean"),
            ("version", "string"),
            ("hosts", "[string]"),
            ("certificate", "CertificateInfo?"),
            ("fault", "string?"),
        ],
    ),
    ("KeyInfo", &[("key", "string"), ("size", "integer"), ("binary", "boolean"), ("fingerprint", "string")]),
    ("SecretUser", &[("app", "AppId"), ("how", "string"), ("old", "boolean")]),
    ("CertificateInfo", &[("names", "[string]"), ("expires", "UnixMs")]),
    (
        "SecretForm",
        &[
            ("name", "NewSecretName"),
            ("kind", "opaque|docker-registry|tls|basic-auth"),
            ("entries", "[SecretEntry;100]~"),
            ("server", "ServerOrNone~"),
            ("username", "UserOrNone~"),
            ("password", "string?~"),
            ("email", "EmailOrNone~"),
            ("certificate", "Certificate~"),
            ("private_key", "PrivateKey?~"),
        ],
    ),
    ("SecretEntry", &[("key", "SecretKey"), ("value", "string"), ("base64", "boolean~")]),
    ("SecretChange", &[("entries", "[SecretEntry;100]~"), ("remove", "[SecretKey;100]~"), ("version", "string?~")]),
];

const CODES: &str = "unauthenticated|wrong_credentials|forbidden|cross_site|not_found|method_not_allowed|conflict|invalid|too_large|too_many|cluster_refused|cluster_away|database_away|internal";
