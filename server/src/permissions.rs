//! What a route needs before it does anything.

use http::Method;

/// The capability behind a route. The service makes the real ones; this names them for the table, its tests and
/// the API's description.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Access {
    /// Anybody.
    Public,
    /// The operator's token, if one is set.
    Token,
    /// Somebody who is signed in.
    SignedIn,
    /// A role in the namespace of the path.
    Viewer,
    /// Operator or owner in the namespace of the path.
    Operator,
    /// Owner of the team of the path, or portal admin.
    TeamOwner,
    /// Portal admin.
    PortalAdmin,
}

impl Access {
    /// For tables.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Token => "token",
            Self::SignedIn => "signed in",
            Self::Viewer => "viewer",
            Self::Operator => "operator",
            Self::TeamOwner => "team owner",
            Self::PortalAdmin => "portal admin",
        }
    }
}

/// One row of the table of routes, without its handler.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Method.
    pub method: Method,
    /// Path below the base, with `{parameters}`.
    pub path: &'static str,
    /// What it needs.
    pub access: Access,
    /// Bytes that a body may have.
    pub body_limit: usize,
    /// The answer may take as long as it likes once begun: logs, sockets, files.
    pub streams: bool,
}

/// Bytes of a body where nothing else is said.
pub const BODY_LIMIT: usize = 1024 * 1024;
/// Bytes of a body with secrets: 1 MiB of values as base64 or percent-encoded, with names around.
pub const SECRET_BODY_LIMIT: usize = 3 * 1024 * 1024;
/// Bytes of a draft, which is kept in 64 KiB at most; escapes may double it on the way.
pub const DRAFT_BODY_LIMIT: usize = 128 * 1024;
/// Bytes of a sign-in or a small form.
pub const SMALL_BODY_LIMIT: usize = 16 * 1024;

/// The table as text, one route a line, sorted; kept in `tests/routes.txt` so that a change is seen in review.
#[must_use]
pub fn table(rules: &[Rule]) -> String {
    let mut lines: Vec<String> = rules.iter().map(|r| format!("{:<62} {:<7} {}", r.path, r.method.as_str(), r.access.word())).collect();
    lines.sort();
    lines.join("\n") + "\n"
}
