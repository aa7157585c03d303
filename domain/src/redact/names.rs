//! Which names promise a secret: of variables, fields, flags, headers, annotations and parameters of a query.

/// What a name promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    /// A password; nothing else goes by such a name.
    Password,
    /// A token, key or other secret; prose and names of objects use these words too.
    Weak,
    /// A way to authenticate, or what it takes: `auth: basic`, `auth: dXNlcjpw`.
    Auth,
    /// An address that lets anybody who has it write.
    Address,
    /// A header whose value goes on to the end of the line.
    Header,
}

/// Bytes of a name that are looked at, from its end.
const LONGEST: usize = 160;

/// Last words of names that speak of a secret without being one: `passwordPolicy`, `TOKEN_TTL`, `secretName`.
const ABOUT: &[&str] = &[
    "age",
    "algo",
    "algorithm",
    "alg",
    "allowed",
    "arn",
    "attempts",
    "audience",
    "authentication",
    "bucket",
    "cache",
    "callback",
    "change",
    "changed",
    "chars",
    "check",
    "claim",
    "claims",
    "class",
    "cmd",
    "command",
    "complexity",
    "config",
    "count",
    "days",
    "dir",
    "directory",
    "disabled",
    "duration",
    "enabled",
    "encoder",
    "encoding",
    "encryption",
    "endpoint",
    "env",
    "exists",
    "expiration",
    "expired",
    "expires",
    "expiry",
    "field",
    "file",
    "filename",
    "files",
    "folder",
    "format",
    "generator",
    "group",
    "handler",
    "header",
    "helper",
    "hint",
    "history",
    "host",
    "hostname",
    "hours",
    "id",
    "ids",
    "interval",
    "issuer",
    "iterations",
    "kind",
    "label",
    "len",
    "length",
    "lifetime",
    "limit",
    "location",
    "login",
    "manager",
    "max",
    "maximum",
    "min",
    "minimum",
    "minutes",
    "mode",
    "mount",
    "name",
    "names",
    "namespace",
    "optional",
    "owner",
    "parser",
    "path",
    "paths",
    "period",
    "placeholder",
    "policies",
    "policy",
    "pool",
    "port",
    "prefix",
    "prompt",
    "provider",
    "providers",
    "ref",
    "reference",
    "refs",
    "region",
    "required",
    "reset",
    "retries",
    "role",
    "rotation",
    "rounds",
    "scheme",
    "scope",
    "scopes",
    "seconds",
    "service",
    "set",
    "size",
    "source",
    "stdin",
    "storage",
    "store",
    "strength",
    "suffix",
    "template",
    "timeout",
    "ttl",
    "type",
    "uri",
    "url",
    "usage",
    "user",
    "username",
    "validation",
    "validator",
    "validity",
    "var",
    "variable",
    "verification",
    "version",
    "volume",
    "through",
    "less",
    "protected",
    "projection",
    "mounted",
    "controller",
    "operator",
    "injector",
    "csi",
    "sync",
    "review",
    "reviews",
];
/// Words that may follow the word for a secret and leave it one: `PASSWORD_OLD`, `API_KEY_V2`, `SECRET_KEY_BASE`.
const STILL: &[&str] = &[
    "a",
    "access",
    "admin",
    "app",
    "b",
    "b64",
    "base",
    "base64",
    "content",
    "current",
    "data",
    "decoded",
    "default",
    "demo",
    "dev",
    "development",
    "encoded",
    "encrypted",
    "hash",
    "hex",
    "hidden",
    "live",
    "main",
    "master",
    "material",
    "new",
    "next",
    "old",
    "pem",
    "plain",
    "plaintext",
    "previous",
    "primary",
    "prod",
    "production",
    "raw",
    "read",
    "readonly",
    "replica",
    "ro",
    "root",
    "rw",
    "salt",
    "sandbox",
    "secondary",
    "staging",
    "string",
    "stg",
    "test",
    "text",
    "v",
    "val",
    "value",
    "values",
    "write",
    "x",
    "y",
    "z",
    "",
];
/// Words before `key` that make it a harmless one.
const PUBLIC_KEYS: &[&str] = &[
    "public",
    "pub",
    "primary",
    "foreign",
    "sort",
    "partition",
    "cache",
    "topology",
    "label",
    "annotation",
    "metadata",
    "map",
    "field",
    "tag",
    "group",
    "shard",
    "lookup",
    "config",
    "object",
    "row",
    "column",
    "index",
    "range",
    "order",
    "unique",
    "composite",
    "natural",
    "merge",
    "join",
    "dedup",
    "deduplication",
    "idempotency",
    "binding",
    "message",
    "record",
    "event",
    "resource",
    "registry",
    "entry",
    "item",
    "property",
    "param",
    "option",
    "variable",
    "translation",
    "hot",
    "arrow",
    "the",
    "this",
    "of",
    "no",
    "missing",
    "unknown",
    "invalid",
    "duplicate",
    "bad",
    "wrong",
    "same",
    "first",
    "last",
    "next",
    "taint",
    "node",
    "selector",
    "host",
    "etcd",
    "i18n",
    "locale",
    "dict",
    "json",
    "yaml",
    "hash",
];
/// Words that end in `key` and are none, or public ones.
const NO_KEYS: &[&str] = &[
    "monkey",
    "donkey",
    "turkey",
    "hockey",
    "jockey",
    "whiskey",
    "hotkey",
    "pubkey",
    "publickey",
    "topologykey",
    "primarykey",
    "foreignkey",
    "sortkey",
    "cachekey",
    "hostkey",
];
/// Words before `keys`, and before `key` where a space is between, that make them secret.
const SECRET_KEYS: &[&str] = &[
    "access",
    "account",
    "api",
    "app",
    "auth",
    "encryption",
    "license",
    "licence",
    "master",
    "private",
    "secret",
    "secrets",
    "service",
    "shared",
    "signing",
    "ssh",
    "storage",
    "sas",
];
/// Words before `secret` that make it the name of an object.
const OBJECTS: &[&str] = &[
    "existing",
    "pull",
    "tls",
    "cert",
    "certificate",
    "ssl",
    "image",
    "kubernetes",
    "k8s",
    "kube",
    "external",
    "sealed",
    "generic",
    "opaque",
    "from",
    "target",
];
/// First words of names that switch something on or off.
const SWITCHES: &[&str] = &["no", "without", "skip", "disable", "enable", "ignore", "allow"];
/// Words that contain one for a password and are none.
const NO_PASSWORDS: &[&str] = &["bypass", "compass", "trespass", "surpass", "underpass", "overpass", "encompass", "passwordless"];

/// What a name promises, if it promises a secret. Of an annotation, what is behind the slash counts.
pub(super) fn secret(name: &str) -> Option<Sort> {
    let mut from = name.len().saturating_sub(LONGEST);
    while !name.is_char_boundary(from) {
        from += 1;
    }
    super::look_at(name.len() - from);
    let name = &name[from..];
    let name = name.rsplit('/').find(|part| !part.is_empty()).unwrap_or(name);
    let words = words(name);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let last = *words.last()?;
    if words.len() > 1 && SWITCHES.contains(&words[0]) {
        return None;
    }
    let webhook = words.iter().rposition(|w| matches!(*w, "webhook" | "webhooks"));
    if let Some(at) = webhook
        && (at + 1 == words.len() || matches!(last, "url" | "uri" | "endpoint"))
    {
        return Some(Sort::Address);
    }
    if matches!(name, "PWD" | "OLDPWD") {
        // The working directory of a shell.
        return Some(Sort::Weak);
    }
    let strong = words.iter().any(|w| is_password(w));
    if ABOUT.contains(&last) && !secret_id(&words) {
        return None;
    }
    if strong {
        return Some(Sort::Password);
    }
    // The words behind the one that counts only say which.
    let end = words.iter().rposition(|w| !STILL.contains(w) || is_weak(w)).map_or(words.len(), |at| at + 1);
    let at = end - 1;
    let (word, before) = (words[at], if at > 0 { words[at - 1] } else { "" });
    match word {
        "pass" | "pw" | "psk" => Some(Sort::Password),
        "authorization" => Some(Sort::Header),
        "cookie" | "cookies" if end == words.len() => Some(Sort::Header),
        "auth" | "oauth" if end == words.len() => Some(Sort::Auth),
        "secret" | "secrets" if OBJECTS.contains(&before) => None,
        "key" => (!before.is_empty() && !PUBLIC_KEYS.contains(&before)).then_some(Sort::Weak),
        "keys" => SECRET_KEYS.contains(&before).then_some(Sort::Weak),
        "id" if secret_id(&words) => Some(Sort::Weak),
        _ => is_weak(word).then_some(Sort::Weak),
    }
}

/// Whether `key` is a secret behind this word and a space.
pub(super) fn makes_key_secret(word: &str) -> bool {
    SECRET_KEYS.iter().any(|w| word.eq_ignore_ascii_case(w))
}

/// The id that is one: of an AppRole, of an access key.
fn secret_id(words: &[&str]) -> bool {
    matches!(words, [.., "secret", "id"] | [.., "access", "key", "id"])
}

fn is_password(word: &str) -> bool {
    const NAMES: [&str; 10] = ["password", "passwords", "passwd", "passphrase", "passwort", "passcode", "kennwort", "contrasena", "senha", "pwd"];
    if NO_PASSWORDS.contains(&word) {
        return false;
    }
    if NAMES.iter().any(|name| word.ends_with(name)) || (word.len() > 4 && word.ends_with("pass")) || (word.len() > 3 && word.ends_with("pw")) {
        return true;
    }
    // `passwordhash`, but not `passwordpolicy`.
    let rest = NAMES.iter().find_map(|name| word.find(name).map(|at| &word[at + name.len()..]));
    rest.is_some_and(|rest| STILL.contains(&rest))
}

fn is_weak(word: &str) -> bool {
    const NAMES: [&str; 19] = [
        "token",
        "tokens",
        "secret",
        "secrets",
        "credential",
        "credentials",
        "creds",
        "cred",
        "jwt",
        "signature",
        "sig",
        "salt",
        "pepper",
        "mnemonic",
        "otp",
        "dsn",
        "jsessionid",
        "phpsessid",
        "bearer",
    ];
    NAMES.contains(&word)
        || ["token", "secret", "credentials", "apikeys"].iter().any(|name| word.ends_with(name))
        || (word.len() > 4 && word.ends_with("key") && !NO_KEYS.contains(&word))
}

/// The words of a name, in small letters and without digits at their ends: `dbPassword2` has `db` and `password`.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = ['-'; 2];
    for c in name.chars() {
        // `APIKey` is `api` and `key`: the last capital before small letters begins a word.
        if c.is_lowercase() && before[1].is_uppercase() && before[0].is_uppercase() {
            let first = words.last_mut().and_then(String::pop);
            words.push(first.into_iter().collect());
        }
        if !c.is_alphanumeric() || (c.is_uppercase() && (before[1].is_lowercase() || before[1].is_ascii_digit())) {
            words.push(String::new());
        }
        if c.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            // One small letter for each, so that the one taken back above is the one that was put there.
            word.push(c.to_lowercase().next().unwrap_or(c));
        }
        before = [before[1], c];
    }
    for word in &mut words {
        word.truncate(word.trim_end_matches(|c: char| c.is_ascii_digit()).len());
    }
    // What was only digits says which.
    words.retain(|word| !word.is_empty());
    words
}

/// Whether a value under a secret name tells nothing: a switch, a reference, a mark, or the path of a file.
pub(super) fn harmless(sort: Sort, value: &str) -> bool {
    const WORDS: &[&str] = &[
        "",
        "true",
        "false",
        "yes",
        "no",
        "on",
        "off",
        "null",
        "none",
        "nil",
        "undefined",
        "unset",
        "empty",
        "enabled",
        "disabled",
        "required",
        "optional",
        "~",
        "-",
        "\"\"",
        "''",
        "redacted",
        "[redacted]",
        "<redacted>",
        "[filtered]",
        "<none>",
        "<nil>",
        "<unset>",
        "<empty>",
        "<set>",
    ];
    const WAYS: &[&str] = &[
        "basic",
        "bearer",
        "digest",
        "jwt",
        "ldap",
        "oauth",
        "oauth2",
        "oidc",
        "saml",
        "mtls",
        "cert",
        "token",
        "password",
        "plain",
        "login",
        "anonymous",
        "trust",
        "peer",
        "md5",
        "scram-sha-256",
        "kerberos",
        "gssapi",
        "iam",
        "kubernetes",
        "approle",
        "local",
        "external",
        "internal",
        "always",
        "never",
    ];
    super::look_at(value.len().min(256));
    if value.len() > 256 {
        return false;
    }
    let value = value.trim();
    let is = |words: &[&str]| words.iter().any(|w| value.eq_ignore_ascii_case(w));
    if super::is_mark(value) || is(WORDS) || is_reference(value) {
        return true;
    }
    match sort {
        Sort::Password => false,
        Sort::Auth => is(WAYS) || is_path(value),
        Sort::Weak => is_path(value),
        Sort::Address => !value.contains("://"),
        Sort::Header => false,
    }
}

/// `$NAME`, `${NAME}`, `$(NAME)`, `{{ .Values.name }}`, `$(cat /run/secrets/name)`.
fn is_reference(value: &str) -> bool {
    let plain = |name: &str| !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.'));
    let inside = |open, close| value.strip_prefix(open).and_then(|v: &str| v.strip_suffix(close));
    if let Some(template) = inside("{{", "}}") {
        let name = template.trim().trim_matches('-').trim();
        return name.starts_with(['.', '$']) && plain(name.trim_start_matches('$'));
    }
    if let Some(file) = inside("$(", ")").and_then(|command| command.strip_prefix("cat ").or_else(|| command.strip_prefix('<'))) {
        return is_path(file.trim());
    }
    inside("${", "}")
        .or_else(|| inside("$(", ")"))
        .or_else(|| value.strip_prefix('$'))
        .is_some_and(|name| plain(name) && !name.starts_with(|c: char| c.is_ascii_digit()))
}

/// A path of the usual places, of parts that look like names.
fn is_path(value: &str) -> bool {
    const ROOTS: [&str; 26] = [
        "app",
        "bitnami",
        "builds",
        "cert",
        "certs",
        "config",
        "conf",
        "data",
        "etc",
        "home",
        "keys",
        "mnt",
        "opt",
        "root",
        "run",
        "secrets",
        "secret",
        "srv",
        "tls",
        "tmp",
        "usr",
        "var",
        "vault",
        "work",
        "workspace",
        "src",
    ];
    let path = value.strip_prefix("file://").unwrap_or(value);
    let part = |p: &str| p.len() <= 64 && p.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'));
    let Some(path) = path.strip_prefix('/') else { return false };
    let mut parts = path.split('/');
    parts.next().is_some_and(|root| ROOTS.contains(&root)) && path.split('/').all(part)
}
