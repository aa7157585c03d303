//! Refuses what another site's page lets a browser send.
//!
//! Browsers say where a request comes from (`Sec-Fetch-Site`, `Origin`); a state-changing one must come from this
//! very origin. A request with neither is no browser's and passes on its credentials. A WebSocket is different:
//! no browser leaves `Origin` out there, and a socket reads as well as it writes, so without one it is refused.

use super::Context;
use domain::problem::RequestProblem;
use http::{HeaderMap, Method};

/// Checks a request that is no WebSocket.
///
/// # Errors
/// The problem to answer with.
pub fn check(context: &Context, method: &Method, headers: &HeaderMap) -> Result<(), RequestProblem> {
    if matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS | Method::TRACE) {
        return Ok(());
    }
    let allowed = match (headers.get("sec-fetch-site"), headers.get("origin")) {
        (Some(site), _) => matches!(site.as_bytes(), b"same-origin" | b"none"),
        (None, Some(origin)) => origin.to_str().is_ok_and(|o| same_host(context, o)),
        (None, None) => true,
    };
    if allowed { Ok(()) } else { Err(RequestProblem::FromOtherSite) }
}

/// Checks the request for a WebSocket.
///
/// # Errors
/// The problem to answer with.
pub fn check_socket(context: &Context, headers: &HeaderMap) -> Result<(), RequestProblem> {
    let origin = headers.get("origin").and_then(|o| o.to_str().ok());
    // Who can change what goes over http must not speak for a portal that is on https.
    let scheme = |o: &str| !context.https || o.starts_with("https://");
    if origin.is_some_and(|o| same_host(context, o) && scheme(o)) { Ok(()) } else { Err(RequestProblem::FromOtherSite) }
}

/// Whether `origin` (`https://host:port`) names the host that this request was sent to. The scheme is not
/// compared, because a proxy may end TLS without saying so.
fn same_host(context: &Context, origin: &str) -> bool {
    let Some((scheme, authority)) = origin.split_once("://") else { return false };
    let default = match scheme {
        "https" => ":443",
        "http" => ":80",
        _ => return false,
    };
    let bare = |a: &str| a.strip_suffix(default).unwrap_or(a).to_ascii_lowercase();
    !authority.is_empty() && bare(authority) == bare(&context.host)
}
