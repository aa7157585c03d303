//! Around the whole router: the path below the base, other sites' requests, headers, and how a problem looks.

use super::{Context, Refusal, cross_site, cx, head, headers, local_path};
use crate::state::App;
use crate::system::OsRng;
use app::page::Page;
use axum::Json;
use axum::extract::{ConnectInfo, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use domain::{Code, Language, ProblemDetails};
use http::uri::PathAndQuery;
use http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use service::access::Actor;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Instant;

/// The middleware around everything.
pub async fn receive(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |c| c.0.ip());
    let (context, wrong) = match Context::read(&app.config, &OsRng, peer, request.uri(), request.headers()) {
        Ok(context) => (context, None),
        Err((context, problem)) => (context, Some(problem)),
    };
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let request_headers = request.headers().clone();
    let admitted = || {
        if let Some(problem) = wrong {
            let refusal = Refusal::new(problem);
            tracing::warn!(id = context.id, %peer, "{}", Language::English.problem(&refusal.0).detail);
            return Err(Rejected::Refusal(refusal));
        }
        if let Some(problem) = head::too_large(&request_headers, &context.host) {
            return Err(Rejected::Refusal(Refusal::new(problem)));
        }
        let uri = rewrite(&context, &request)?;
        cross_site::check(&context, &method, &request_headers).map_err(|problem| Rejected::Refusal(Refusal::new(problem)))?;
        Ok(uri)
    };
    let mut response = match admitted() {
        Ok(uri) => {
            *request.uri_mut() = uri.clone();
            request.extensions_mut().insert(context.clone());
            let response = next.run(request).await;
            dressed(&app, &context, &uri, &request_headers, response)
        }
        Err(Rejected::Moved(target)) => (StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, target)]).into_response(),
        Err(Rejected::Refusal(refusal)) => {
            // Only where it looks like an API's path; the page around a problem links to nothing of the address.
            let place = if context.base.strip(&path).unwrap_or(&path).starts_with("/api/") { "/api/" } else { "/" };
            dressed(&app, &context, &Uri::from_static(place), &request_headers, refusal.into_response())
        }
    };
    headers::add(&app.config, &context, response.headers_mut());
    // The server's own would stay where it is after the clock was set back.
    if let Ok(date) = app.portal.clock.now().http_date().parse() {
        response.headers_mut().insert(header::DATE, date);
    }
    let took = started.elapsed().as_micros() as f64 / 1000.0;
    let status = response.status().as_u16();
    // The path without its query: that could hold a set-up token.
    match path.rsplit('/').next() {
        Some("up" | "healthy") => tracing::debug!(id = context.id, %method, path, status, ms = took, "answered"),
        _ => tracing::info!(id = context.id, %method, path, status, ms = took, client = %context.client, "answered"),
    }
    response
}

enum Rejected {
    /// The same without the slash at its end.
    Moved(HeaderValue),
    Refusal(Refusal),
}

/// The address below the base path: of a proxy that strips the path as well as of one that keeps it.
fn rewrite(context: &Context, request: &Request) -> Result<Uri, Rejected> {
    let uri = request.uri();
    let refuse = || Rejected::Refusal(Refusal::not_found());
    if local_path::tricky(uri.path()) || !uri.path().starts_with('/') {
        return Err(refuse());
    }
    let path = context.base.strip(uri.path()).unwrap_or(uri.path());
    let query = uri.query().map(|q| format!("?{q}")).unwrap_or_default();
    if path.len() > 1 && path.ends_with('/') {
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            return Err(refuse());
        }
        let target = format!("{}{query}", context.base.link(path.trim_end_matches('/')));
        return Err(target.parse().map_or_else(|_| refuse(), Rejected::Moved));
    }
    let below: PathAndQuery = format!("{path}{query}").parse().map_err(|_| refuse())?;
    Ok(Uri::from(below))
}

/// Paints the problem of a refused request as what the client reads: JSON, a page, or one line.
fn dressed(app: &App, context: &Context, uri: &Uri, request_headers: &HeaderMap, mut response: Response) -> Response {
    let actor = response.extensions_mut().remove::<Actor>();
    let Some(Refusal(problem)) = response.extensions_mut().remove::<Refusal>() else { return response };
    let problem = app.language().problem(&problem);
    if problem.code == Code::Internal {
        tracing::error!(id = context.id, detail = problem.detail, "refused for a fault");
    }
    let mut painted = if uri.path().starts_with("/api/") || wants_json(request_headers) {
        json(&problem)
    } else if is_file(uri.path()) {
        let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        (status, format!("{}\n", problem.detail)).into_response()
    } else {
        let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        cx::paint(app, context, actor.as_ref(), uri, request_headers, status, &Page::Problem(problem.clone()))
    };
    if let Some(seconds) = problem.retry_after_s {
        painted.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    }
    for name in [header::ALLOW, header::CONTENT_RANGE, header::SET_COOKIE, header::SEC_WEBSOCKET_VERSION, header::UPGRADE] {
        if let Some(value) = response.headers().get(&name) {
            painted.headers_mut().insert(name, value.clone());
        }
    }
    painted
}

fn json(problem: &ProblemDetails) -> Response {
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, [(header::CONTENT_TYPE, "application/problem+json")], Json(problem)).into_response()
}

fn wants_json(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    accept.contains("json") && !accept.contains("text/html")
}

fn is_file(path: &str) -> bool {
    ["/pkg/", "/fonts/", "/chart."].iter().any(|p| path.starts_with(p)) || matches!(path, "/favicon.svg" | "/metrics" | "/up" | "/healthy")
}
