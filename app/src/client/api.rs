//! Calls of the API. Every failure comes back as the same [`ProblemDetails`] that the API answers with.

use super::dom;
use domain::live::{BACKGROUND_HEADER, PAGE_HEADER};
use domain::{Code, ProblemDetails};
use serde::de::DeserializeOwned;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{RequestInit, Response};

/// Calls `path` below the base path with an optional JSON body and reads the JSON answer; an empty answer reads as `null`.
///
/// # Errors
/// What the API answered, or that the portal does not answer.
pub async fn call<T: DeserializeOwned>(method: &str, path: &str, json: Option<String>) -> Result<T, ProblemDetails> {
    let text = text(method, path, json).await?;
    serde_json::from_str(if text.is_empty() { "null" } else { &text })
        .map_err(|_| ProblemDetails::new(Code::Internal, "answer_unreadable", "Couldn't read the portal's answer. Reload the page."))
}

/// Calls `path` below the base path for its person and gives the answer as text.
///
/// # Errors
/// What the API answered, or that the portal does not answer.
pub async fn text(method: &str, path: &str, json: Option<String>) -> Result<String, ProblemDetails> {
    read(send(method, path, json, false).await).map(|got| got.text)
}

/// Creates something at `path` below the base path, and gives the page that tells of it, where the answer names one.
///
/// # Errors
/// What the API answered, or that the portal does not answer.
pub async fn create(path: &str, json: String) -> Result<Option<String>, ProblemDetails> {
    read(send("POST", path, Some(json), false).await).map(|got| got.page)
}

/// What the portal answered, whether it did what was asked or not.
struct Got {
    status: u16,
    text: String,
    /// The page to go to, from [`PAGE_HEADER`].
    page: Option<String>,
}

/// Calls `path` below the base path with a JSON body, also where the page is being left; an ended session is no news to it.
///
/// # Errors
/// What the API answered, or that the portal does not answer.
pub async fn outlive(method: &str, path: &str, json: String) -> Result<String, ProblemDetails> {
    let init = RequestInit::new();
    // `web_sys` does not know it yet.
    let _ = js_sys::Reflect::set(&init, &"keepalive".into(), &JsValue::TRUE);
    match send_with(init, method, path, Some(json), true).await {
        Ok(Got { status, text, .. }) if (200..300).contains(&status) => Ok(text),
        Ok(Got { status, text, .. }) => Err(serde_json::from_str(&text)
            .unwrap_or_else(|_| ProblemDetails { status, ..ProblemDetails::new(Code::Internal, "answer_unreadable", "The portal rejected this.") })),
        Err(_) => Err(away()),
    }
}

/// Reads `path` below the base path for the page itself, which is no use of the session.
///
/// # Errors
/// What the API answered, or that the portal does not answer.
pub async fn look(path: &str) -> Result<String, ProblemDetails> {
    read(send("GET", path, None, true).await).map(|got| got.text)
}

fn read(answer: Result<Got, JsValue>) -> Result<Got, ProblemDetails> {
    let got = answer.map_err(|_| away())?;
    let status = got.status;
    if (200..300).contains(&status) {
        dom::signed_in();
        return Ok(got);
    }
    let problem = serde_json::from_str(&got.text).unwrap_or_else(|_| ProblemDetails {
        status,
        ..ProblemDetails::new(Code::Internal, "answer_unreadable", format!("The portal returned status {status}. Try again."))
    });
    if problem.code == Code::Unauthenticated {
        dom::sign_in();
    }
    Err(problem)
}

fn away() -> ProblemDetails {
    ProblemDetails::new(Code::Internal, "portal_unreachable", "Can't reach the portal. Check your network and try again.")
}

async fn send(method: &str, path: &str, json: Option<String>, background: bool) -> Result<Got, JsValue> {
    send_with(RequestInit::new(), method, path, json, background).await
}

async fn send_with(init: RequestInit, method: &str, path: &str, json: Option<String>, background: bool) -> Result<Got, JsValue> {
    init.set_method(method);
    let headers = web_sys::Headers::new()?;
    headers.set("accept", "application/json")?;
    if background {
        headers.set(BACKGROUND_HEADER, "1")?;
    }
    if let Some(json) = json {
        headers.set("content-type", "application/json")?;
        init.set_body(&JsValue::from_str(&json));
    }
    init.set_headers(&headers);
    let window = dom::window().ok_or(JsValue::NULL)?;
    let answer: Response = JsFuture::from(window.fetch_with_str_and_init(&format!("{}{path}", dom::base()), &init)).await?.dyn_into()?;
    let page = answer.headers().get(PAGE_HEADER).ok().flatten();
    let text = JsFuture::from(answer.text()?).await?.as_string().unwrap_or_default();
    Ok(Got { status: answer.status(), text, page })
}
