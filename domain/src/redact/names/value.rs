//! Which values tell nothing, also under a name that promises a secret.

use super::Sort;

/// Whether a value under a secret name tells nothing: a switch, a reference, a mark, or the path of a file.
pub(in crate::redact) fn harmless(sort: Sort, value: &str) -> bool {
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
    crate::redact::look_at(value.len().min(256));
    if value.len() > 256 {
        return false;
    }
    let value = value.trim();
    let is = |words: &[&str]| words.iter().any(|w| value.eq_ignore_ascii_case(w));
    if crate::redact::is_mark(value) || is(WORDS) || is_reference(value) {
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
