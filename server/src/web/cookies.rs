//! The cookies: one for the session, one for the colours.

use super::Context;
use crate::config::Config;
use http::{HeaderMap, HeaderValue, header};

/// Name of the session's cookie.
pub const SESSION: &str = "quayside_session";
/// Name of the cookie with `light` or `dark`.
pub const THEME: &str = "quayside_theme";

/// Sessions of a request that are looked up. Other portals of the host, and whoever may set cookies for its domain, can put
/// more cookies of this name in front of ours; browsers send about as many of one host.
const TRIED: usize = 64;

/// The values of a cookie, the most specific path first, as browsers send them. Another cookie may have any bytes.
pub fn values<'a>(headers: &'a HeaderMap, name: &'a str) -> impl Iterator<Item = &'a str> {
    let all = headers.get_all(header::COOKIE).into_iter().flat_map(|v| v.as_bytes().split(|b| *b == b';'));
    let texts = all.filter_map(|pair| std::str::from_utf8(pair).ok());
    texts.filter_map(move |pair| pair.trim().split_once('=').filter(|(n, v)| *n == name && !v.is_empty()).map(|(_, v)| v))
}

/// The tokens that may be a session's, each once. What cannot be one of the portal's tokens does not count.
#[must_use]
pub fn sessions(headers: &HeaderMap) -> Vec<&str> {
    let mut tokens = Vec::new();
    for token in values(headers, SESSION).filter(|token| service::token::may_be_token(token)) {
        if tokens.len() < TRIED && !tokens.contains(&token) {
            tokens.push(token);
        }
    }
    tokens
}

/// `Set-Cookie` for a new session, or with an empty token for its end.
#[must_use]
pub fn session(config: &Config, context: &Context, token: &str) -> Option<HeaderValue> {
    let path = path(context);
    let secure = if context.https { "; Secure" } else { "" };
    // Another site's frame sends only cookies with SameSite=None, and browsers take those only over https. Most of them
    // keep such a cookie only where it is partitioned: signed in within one site's frame, and nowhere else.
    let same_site = if context.https && config.site.embeds_across_sites() { "None; Partitioned" } else { "Lax" };
    let age = if token.is_empty() { 0 } else { config.session.absolute.as_secs() };
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

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(cookies: &[&[u8]]) -> HeaderMap {
        cookies.iter().map(|c| (header::COOKIE, HeaderValue::from_bytes(c).unwrap())).collect()
    }

    #[test]
    fn a_cookie_is_found_beside_one_that_is_no_text() {
        let found = headers(&[b"other=\xff\xfe; quayside_theme=dark", b"a=1;quayside_theme=light"]);
        assert_eq!(values(&found, THEME).collect::<Vec<_>>(), ["dark", "light"]);
    }

    #[test]
    fn only_what_may_be_a_token_is_looked_up_each_once_and_not_without_limit() {
        let token = |n: usize| format!("{n:0>43}");
        let mut text: Vec<String> = (0..100).map(|n| format!("quayside_session=junk{n}")).collect();
        text.extend([1, 2, 1].map(|n| format!("quayside_session={}", token(n))));
        assert_eq!(sessions(&headers(&[text.join("; ").as_bytes()])), [token(1), token(2)]);
        let many: Vec<String> = (0..100).map(|n| format!("quayside_session={}", token(n))).collect();
        assert_eq!(sessions(&headers(&[many.join("; ").as_bytes()])).len(), TRIED);
    }
}
