//! The cookies: one for the session, one for the colours.

use super::Context;
use crate::config::Config;
use http::{HeaderMap, HeaderValue, header};

/// Name of the session's cookie.
pub const SESSION: &str = "quayside_session";
/// Name of the cookie with `light` or `dark`.
pub const THEME: &str = "quayside_theme";

/// The values of a cookie, the most specific path first, as browsers send them.
pub fn values<'a>(headers: &'a HeaderMap, name: &'a str) -> impl Iterator<Item = &'a str> {
    let all = headers.get_all(header::COOKIE).into_iter().filter_map(|v| v.to_str().ok()).flat_map(|v| v.split(';'));
    all.filter_map(move |pair| pair.trim().split_once('=').filter(|(n, v)| *n == name && !v.is_empty()).map(|(_, v)| v))
}

/// `Set-Cookie` for a new session, or with an empty token for its end.
#[must_use]
pub fn session(config: &Config, context: &Context, token: &str) -> Option<HeaderValue> {
    let path = path(context);
    let secure = if context.https { "; Secure" } else { "" };
    // Another site's frame sends only cookies with SameSite=None, and browsers take those only over https. Most of them
    // keep such a cookie only where it is partitioned: signed in within one site's frame, and nowhere else.
    let same_site = if context.https && config.embeds_across_sites() { "None; Partitioned" } else { "Lax" };
    let age = if token.is_empty() { 0 } else { config.session_absolute.as_secs() };
    format!("{SESSION}={token}; Path={path}; Max-Age={age}; HttpOnly; SameSite={same_site}{secure}").parse().ok()
}

/// `Set-Cookie` for the colours; `None` forgets them.
#[must_use]
pub fn theme(context: &Context, theme: Option<&'static str>) -> Option<HeaderValue> {
    let path = path(context);
    let secure = if context.https { "; Secure" } else { "" };
    let age = if theme.is_some() { 31_536_000 } else { 0 };
    format!("{THEME}={}; Path={path}; Max-Age={age}; SameSite=Lax{secure}", theme.unwrap_or_default()).parse().ok()
}

/// The base path, or the root.
fn path(context: &Context) -> &str {
    let base = context.base.as_str();
    if base.is_empty() { "/" } else { base }
}
