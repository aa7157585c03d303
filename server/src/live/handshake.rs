//! The request that opens the WebSocket, read as RFC 6455 (section 4.2.1) says and not only as most clients write it.

use crate::web::Refusal;
use axum::extract::FromRequestParts;
use axum::extract::ws::WebSocketUpgrade;
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::problem::WebSocketProblem;
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};

/// The version of the protocol (RFC 6455).
const VERSION: &str = "13";
/// Bytes of a key.
const KEY: usize = 16;

/// A request that may become a WebSocket.
pub struct Handshake(pub(super) WebSocketUpgrade);

/// Why it cannot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoHandshake(WebSocketProblem);

/// Whether one of the words of a header, on however many lines, is this one.
fn has(headers: &HeaderMap, name: HeaderName, word: &str) -> bool {
    let lines = headers.get_all(name).into_iter().filter_map(|v| v.to_str().ok());
    lines.flat_map(|line| line.split(',')).any(|w| w.trim().eq_ignore_ascii_case(word))
}

fn only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    let mut all = headers.get_all(name).into_iter();
    let first = all.next()?.to_str().ok()?;
    all.next().is_none().then_some(first.trim())
}

fn check(headers: &HeaderMap) -> Result<(), WebSocketProblem> {
    if !has(headers, header::CONNECTION, "upgrade") || !has(headers, header::UPGRADE, "websocket") {
        return Err(WebSocketProblem::NotAsked);
    }
    if only(headers, &header::SEC_WEBSOCKET_VERSION) != Some(VERSION) {
        return Err(WebSocketProblem::OtherVersion);
    }
    let key = only(headers, &header::SEC_WEBSOCKET_KEY).and_then(|key| STANDARD.decode(key).ok());
    if key.is_none_or(|key| key.len() != KEY) {
        return Err(WebSocketProblem::KeyInvalid);
    }
    Ok(())
}

impl<S: Send + Sync> FromRequestParts<S> for Handshake {
    type Rejection = NoHandshake;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, NoHandshake> {
        check(&parts.headers).map_err(NoHandshake)?;
        // Axum reads only the first line of each.
        parts.headers.insert(header::CONNECTION, HeaderValue::from_static("upgrade"));
        parts.headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
        WebSocketUpgrade::from_request_parts(parts, state).await.map(Self).map_err(|_| NoHandshake(WebSocketProblem::ConnectionUnfit))
    }
}

impl IntoResponse for NoHandshake {
    fn into_response(self) -> Response {
        let mut response = Refusal::new(self.0).into_response();
        if response.status() == StatusCode::UPGRADE_REQUIRED {
            response.headers_mut().insert(header::UPGRADE, HeaderValue::from_static("websocket"));
            response.headers_mut().insert(header::SEC_WEBSOCKET_VERSION, HeaderValue::from_static(VERSION));
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(lines: &[(&str, &str)]) -> Result<(), WebSocketProblem> {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(HeaderName::from_bytes(name.as_bytes()).unwrap(), value.parse().unwrap());
        }
        check(&headers)
    }

    const KEY: (&str, &str) = ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==");
    const VERSION: (&str, &str) = ("sec-websocket-version", "13");
    const UPGRADE: (&str, &str) = ("upgrade", "websocket");

    #[test]
    fn words_count_wherever_they_stand() {
        for connection in
            [&[("connection", "Upgrade")][..], &[("connection", "keep-alive, Upgrade")], &[("connection", "keep-alive"), ("connection", "upgrade")]]
        {
            assert_eq!(checked(&[connection, &[UPGRADE, VERSION, KEY]].concat()), Ok(()), "{connection:?}");
        }
        assert_eq!(checked(&[("connection", "upgrade"), ("upgrade", "h2c, WebSocket"), VERSION, KEY]), Ok(()));
        assert_eq!(checked(&[("connection", "no-upgrade"), UPGRADE, VERSION, KEY]), Err(WebSocketProblem::NotAsked));
        assert_eq!(checked(&[("connection", "upgrade"), VERSION, KEY]), Err(WebSocketProblem::NotAsked));
    }

    #[test]
    fn another_version_and_a_key_that_is_none_are_told_apart() {
        let with = |version: &'static str, key: &'static str| {
            checked(&[("connection", "upgrade"), UPGRADE, ("sec-websocket-version", version), ("sec-websocket-key", key)])
        };
        assert_eq!(with("8", KEY.1), Err(WebSocketProblem::OtherVersion));
        assert_eq!(with("13", "c2hvcnQ="), Err(WebSocketProblem::KeyInvalid));
        assert_eq!(with("13", "not base64!"), Err(WebSocketProblem::KeyInvalid));
        assert_eq!(checked(&[("connection", "upgrade"), UPGRADE, VERSION]), Err(WebSocketProblem::KeyInvalid));
    }
}
