//! Headers that every answer carries.

use super::Context;
use crate::config::Config;
use http::header::{self, HeaderMap, HeaderName, HeaderValue};

const PRIVATE: HeaderValue = HeaderValue::from_static("no-store");

/// Sets what the handler has not set itself.
pub fn add(config: &Config, context: &Context, headers: &mut HeaderMap) {
    // Styles, fonts and code are no documents: the rest would be 700 bytes for nothing with each of them.
    let is_part = headers.get(header::CACHE_CONTROL).is_some_and(|v| v.as_bytes().ends_with(b"immutable"));
    let mut put = |name: HeaderName, value: HeaderValue| {
        headers.entry(name).or_insert(value);
    };
    put(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    put(HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin"));
    if is_part {
        return;
    }
    put(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    if trustworthy(context) {
        put(HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin"));
    }
    put(HeaderName::from_static("permissions-policy"), HeaderValue::from_static("camera=(), geolocation=(), microphone=(), payment=()"));
    put(header::CACHE_CONTROL, PRIVATE);
    if let Ok(policy) = policy(config, &context.nonce).parse() {
        put(header::CONTENT_SECURITY_POLICY, policy);
    }
    if config.site.frame_ancestors.is_empty() {
        put(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    }
    if let Ok(id) = context.id.parse() {
        put(HeaderName::from_static("x-request-id"), id);
    }
}

/// Headers of an answer that goes on for long: each piece of it is to come at once.
#[must_use]
pub const fn streamed(content_type: &'static str) -> [(HeaderName, &'static str); 3] {
    [
        (header::CONTENT_TYPE, content_type),
        // nginx would hold back what it takes for a small answer.
        (HeaderName::from_static("x-accel-buffering"), "no"),
        // Nobody else's request may come on a connection that can be cut.
        (header::CONNECTION, "close"),
    ]
}

/// Whether a browser takes this origin for one that nobody on the way can change. At others it ignores the opener policy
/// and writes an error into the console of every page.
fn trustworthy(context: &Context) -> bool {
    let host = context.host.rsplit_once(':').map_or(context.host.as_str(), |(host, _)| host);
    context.https || host == "localhost" || host.starts_with("127.") || host == "[::1]"
}

/// Scripts only with this answer's nonce and what they load themselves; wasm may be compiled. Styles may stand in
/// attributes, because charts and bars have computed sizes.
fn policy(config: &Config, nonce: &str) -> String {
    let ancestors = if config.site.frame_ancestors.is_empty() { "'none'".to_owned() } else { config.site.frame_ancestors.join(" ") };
    format!(
        "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; font-src 'self'; \
         img-src 'self' data:; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; object-src 'none'; frame-ancestors {ancestors}"
    )
}
