//! What is said of a request's address, its headers and its time.

use crate::Bytes;
use crate::problem::{LargeCookies, RequestProblem, WebSocketProblem};

pub(super) fn sentence(problem: &RequestProblem) -> String {
    match problem {
        RequestProblem::NothingHere => "Nothing at this address. Check it, or start from the list of apps.".to_owned(),
        RequestProblem::MethodNotAllowed => "This address doesn't support that method.".to_owned(),
        RequestProblem::FromOtherSite => {
            "This request came from another site, so nothing was done. Open the portal itself and try again. If this is the portal, its proxy must pass the Host header on."
                .to_owned()
        }
        RequestProblem::PrefixNotAPath { why } => {
            format!("The proxy's X-Forwarded-Prefix isn't a path. {why} Correct it in the proxy's configuration.")
        }
        RequestProblem::HeadersTooLarge { size, most, cookies } => headers_too_large(*size, *most, cookies.as_ref()),
        RequestProblem::TooManyParameters { most } => format!("Addresses can have at most {most} query parameters."),
        RequestProblem::Unreadable { .. } => "The portal can't read this request.".to_owned(),
        RequestProblem::ReadStopped { limit_s } => format!("This took longer than {limit_s} seconds and was stopped. Try again in a moment."),
        RequestProblem::ChangeGoesOn { limit_s } => {
            format!("This is taking longer than {limit_s} seconds and may still finish. Check before trying again.")
        }
        RequestProblem::ContinueTokenInvalid => "Invalid continue token. Start the list again without it.".to_owned(),
        RequestProblem::ChartRangeUnknown => "range must be 15m, 1h, 6h, or 24h.".to_owned(),
        RequestProblem::FileRangeBeyondEnd => "The file ends before this range.".to_owned(),
        RequestProblem::FileChanged => "The file has changed since then.".to_owned(),
    }
}

/// Names the cookies to delete, because a browser sends them again each time.
fn headers_too_large(size: Bytes, most: Bytes, cookies: Option<&LargeCookies>) -> String {
    let limit = format!("The headers of this request take {size}; the portal accepts at most {most}.");
    let Some(LargeCookies { host, largest }) = cookies else { return format!("{limit} Send less.") };
    let named: Vec<_> = largest.iter().map(|cookie| format!("{} ({})", cookie.name, cookie.size)).collect();
    format!("{limit} Most of that is cookies. Largest: {}. Delete the cookies of {host} in your browser and try again.", named.join(", "))
}

pub(super) const fn web_socket_sentence(problem: WebSocketProblem) -> &'static str {
    match problem {
        WebSocketProblem::NotAsked => "This address only speaks WebSocket. A proxy in between must pass the Upgrade and Connection headers on.",
        WebSocketProblem::OtherVersion => "This address only speaks version 13 of the WebSocket protocol.",
        WebSocketProblem::KeyInvalid => "Sec-WebSocket-Key must be 16 random bytes in base64.",
        WebSocketProblem::ConnectionUnfit => "This connection can't become a WebSocket. Use HTTP/1.1.",
    }
}
