//! The browser's files: sent under their hashed names from the site folder.
//!
//! A file with `.br` or `.gz` beside it is sent compressed as it lies there.

use crate::site::is_chart;
use crate::state::App;
use crate::web::{Answer, Refusal};
use axum::extract::{Request, State};
use axum::response::{IntoResponse as _, Response};
use domain::problem::RequestProblem;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use tower::ServiceExt as _;
use tower_http::services::ServeDir;

/// Bytes of a file that are held for a client that reads slowly.
const CHUNK: usize = 32 * 1024;

/// `GET /pkg/…` and `GET /fonts/…`.
pub async fn file(State(app): State<App>, request: Request) -> Answer {
    serve(&app, request).await
}

/// `GET /favicon.svg`, `GET /favicon.ico` and `GET /chart.HASH.js`: nothing else of the site's root.
pub async fn root_file(State(app): State<App>, mut request: Request) -> Answer {
    // Browsers ask for it beside what is no page, such as the API's JSON.
    if request.uri().path() == "/favicon.ico" {
        *request.uri_mut() = http::Uri::from_static("/favicon.svg");
    }
    let name = request.uri().path().trim_start_matches('/');
    if name == "favicon.svg" || is_chart(name) { serve(&app, request).await } else { Err(Refusal::not_found()) }
}

async fn serve(app: &App, mut request: Request) -> Answer {
    let name = request.uri().path().to_owned();
    if !asks_one_range(request.headers()) {
        request.headers_mut().remove(header::RANGE);
    }
    let files = ServeDir::new(app.site.root()).precompressed_br().precompressed_gzip().append_index_html_on_directories(false).with_buf_chunk_size(CHUNK);
    let Ok(response) = files.oneshot(request).await;
    if response.status().is_client_error() {
        let mut refused = refused(response.status()).into_response();
        if let Some(size) = response.headers().get(header::CONTENT_RANGE) {
            refused.headers_mut().insert(header::CONTENT_RANGE, size.clone());
        }
        return Ok(refused);
    }
    let mut response: Response = response.into_response();
    let cache = match (hashed(&name), name.starts_with("/pkg/")) {
        (true, _) => "public, max-age=31536000, immutable",
        (false, false) => "public, max-age=86400",
        // Only a build while watching has such names, and it replaces them with each edit.
        (false, true) => "no-cache",
    };
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    Ok(response)
}

/// Why there is no file, or not the part of it that was asked for.
fn refused(status: StatusCode) -> Refusal {
    match status {
        StatusCode::RANGE_NOT_SATISFIABLE => Refusal::new(RequestProblem::FileRangeBeyondEnd),
        StatusCode::PRECONDITION_FAILED => Refusal::new(RequestProblem::FileChanged),
        _ => Refusal::not_found(),
    }
}

/// Whether a request asks for one range of bytes. A range in another form is to be ignored (RFC 9110, section 14.2), and so
/// may be several of them; one under a condition is, because the condition is not looked at.
fn asks_one_range(headers: &HeaderMap) -> bool {
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let one = |text: &str| {
        let (first, last) = text.strip_prefix("bytes=")?.split_once('-')?;
        let ordered = match (first.parse::<u64>(), last.parse::<u64>()) {
            (Ok(first), Ok(last)) => first <= last,
            (Ok(_), Err(_)) => last.is_empty(),
            (Err(_), Ok(_)) => first.is_empty(),
            (Err(_), Err(_)) => false,
        };
        Some(digits(first) && digits(last) && ordered)
    };
    !headers.contains_key(header::IF_RANGE) && headers.get(header::RANGE).and_then(|v| v.to_str().ok()).and_then(one) == Some(true)
}

/// `quayside.Kx3_f0Zq.js`: the part before the extension is a hash of the content. Underscores alone keep a place for one.
fn hashed(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let mut parts = name.rsplit('.').skip(1).take(2);
    let (Some(hash), Some(_)) = (parts.next(), parts.next()) else { return false };
    let of_a_hash = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-');
    hash.len() >= 8 && hash.bytes().all(of_a_hash) && hash.bytes().any(|b| b != b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_that_is_none_is_ignored() {
        let asks = |range: &'static str| asks_one_range(&[(header::RANGE, HeaderValue::from_static(range))].into_iter().collect());
        for one in ["bytes=0-3", "bytes=5-", "bytes=-5", "bytes=99999-"] {
            assert!(asks(one), "{one}");
        }
        for none in ["bytes=0-1,3-4", "bytes=3-1", "bytes=-", "bytes=a-b", "items=0-3", "0-3", "bytes=+1-2", "bytes=0-99999999999999999999999"] {
            assert!(!asks(none), "{none}");
        }
        let conditional = [(header::RANGE, HeaderValue::from_static("bytes=0-3")), (header::IF_RANGE, HeaderValue::from_static("\"x\""))];
        assert!(!asks_one_range(&conditional.into_iter().collect()));
    }

    #[test]
    fn only_hashed_names_are_immutable() {
        assert!(hashed("/pkg/quayside.1aB_-2cD3.js") && hashed("/chart.0123abcd.js"));
        assert!(!hashed("/favicon.svg") && !hashed("/fonts/inter.woff2") && !hashed("/pkg/quayside.js"));
        assert!(!hashed("/pkg/__wasm_split.______________________.js"), "the place of a hash");
    }
}
