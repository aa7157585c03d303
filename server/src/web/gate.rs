//! Around each route: who sends the request, is that enough, how long may it take, what is counted.

use super::cx::{self, unauthenticated};
use super::{Context, Refusal, cookies, query};
use crate::openapi::parameters;
use crate::permissions::{Access, Rule};
use crate::state::App;
use axum::extract::rejection::RawPathParamsRejection;
use axum::extract::{RawPathParams, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use domain::Code;
use domain::live::BACKGROUND_HEADER;
use domain::problem::{BodyProblem, FaultProblem, RequestProblem, Sent};
use futures::FutureExt as _;
use http::{HeaderMap, Method, StatusCode, header};
use service::access::Actor;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Time in which an answer must begin.
pub const TIME_LIMIT: Duration = Duration::from_secs(30);

/// What the middleware of one route knows.
#[derive(Clone)]
pub struct Gate {
    app: App,
    rule: Arc<Rule>,
    /// The words of a query that the route of the API takes.
    knows: Option<Arc<[&'static str]>>,
}

impl Gate {
    /// Before the route of `rule`.
    #[must_use]
    pub fn new(app: &App, rule: Rule) -> Self {
        let knows = parameters::names(&rule).map(Arc::from);
        Self { app: app.clone(), rule: Arc::new(rule), knows }
    }
}

/// Middleware that checks the route's access before its handler runs.
pub async fn pass(State(gate): State<Gate>, params: Result<RawPathParams, RawPathParamsRejection>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let method = request.method().clone();
    let mut response = AssertUnwindSafe(admitted(&gate, params.ok(), request, next)).catch_unwind().await.unwrap_or_else(|_| fault());
    if plain_error(&response) && response.extensions().get::<Refusal>().is_none() && !matches!(gate.rule.path, "/healthy" | "/metrics") {
        let actor = response.extensions_mut().remove::<Actor>();
        response = by_status(response.status()).into_response();
        if let Some(actor) = actor {
            response.extensions_mut().insert(actor);
        }
    }
    gate.app.numbers.answered(gate.rule.path, &method, response.status().as_u16(), started.elapsed());
    response
}

async fn admitted(gate: &Gate, params: Option<RawPathParams>, mut request: Request, next: Next) -> Response {
    let context = request.extensions().get::<Context>().cloned();
    let headers = request.headers().clone();
    // What stands behind would be left out, and the request mean another thing.
    let query = request.uri().query().unwrap_or_default().to_owned();
    if query.split('&').count() > query::MOST {
        return Refusal::new(RequestProblem::TooManyParameters { most: query::MOST }).into_response();
    }
    let asked = format!("{} {}", request.method(), request.uri().path());
    let actor = match actor(gate, context, &headers, &asked).await {
        Ok(actor) => actor,
        Err(refusal) => return refusal.into_response(),
    };
    if actor.is_none() && !matches!(gate.rule.access, Access::Public | Access::Token) {
        return turned_away(&request, gate.rule.path);
    }
    if let Some(actor) = actor.clone() {
        let entitled = Entitled::new(gate, &actor, params.as_ref());
        if let Err(refusal) = entitled.judge(&actor).await {
            let mut response = refusal.into_response();
            response.extensions_mut().insert(actor);
            return response;
        }
        request.extensions_mut().insert(actor);
        request.extensions_mut().insert(entitled);
    }
    if let Some(Err(problem)) = gate.knows.as_deref().map(|knows| query::understood(&query, knows)) {
        return Refusal::new(problem).into_response();
    }
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    let mut response = match tokio::time::timeout(TIME_LIMIT, next.run(request)).await {
        Ok(response) => response,
        Err(_) if reads => Refusal::new(RequestProblem::ReadStopped { limit_s: TIME_LIMIT.as_secs() }).into_response(),
        // A change that has begun goes on to its end.
        Err(_) => Refusal::new(RequestProblem::ChangeGoesOn { limit_s: TIME_LIMIT.as_secs() }).into_response(),
    };
    // For the page around a problem.
    if let Some(actor) = actor {
        response.extensions_mut().insert(actor);
    }
    response
}

/// The person behind the session's cookie. Public routes do without one where the session cannot be read.
async fn actor(gate: &Gate, context: Option<Context>, headers: &HeaderMap, asked: &str) -> Result<Option<Actor>, Refusal> {
    let (Some(context), false) = (context, files(gate.rule.path)) else { return Ok(None) };
    let origin = cx::origin(&context, headers, asked);
    let public = matches!(gate.rule.access, Access::Public | Access::Token);
    let used = is_use(&gate.rule, headers);
    // Two portals under nested paths both send their cookie; only one of the values is ours.
    for token in cookies::sessions(headers) {
        let portal = &gate.app.portal;
        let found = if used { portal.authenticator.authenticate(token, &origin).await } else { portal.authenticator.authenticate_unused(token, &origin).await };
        match found.map_err(service::Failure::into_problem) {
            Ok(actor) => return Ok(Some(actor)),
            Err(problem) if problem.code() == Code::Unauthenticated || public => {}
            Err(problem) => return Err(problem.into()),
        }
    }
    Ok(None)
}

/// Whether a request counts as use of the session. Pages open their socket and try it again by themselves; what the person
/// does on it is noted there.
fn is_use(rule: &Rule, headers: &HeaderMap) -> bool {
    rule.path != "/api/v1/live" && !headers.contains_key(BACKGROUND_HEADER)
}

/// Whether the person has what the table asks for. Judged before a byte of the body is read: who may not change anything
/// must not keep the portal busy with what they send, nor learn what it thinks of it. And judged again when the body is
/// there, because it may take its time, and the session or the role may go meanwhile. The handler makes its capability by
/// the same check.
#[derive(Clone)]
pub struct Entitled {
    gate: Gate,
    actor: Actor,
    namespace: String,
    number: String,
}

impl Entitled {
    fn new(gate: &Gate, actor: &Actor, params: Option<&RawPathParams>) -> Self {
        let named = |wanted: &str| params.and_then(|all| all.iter().find(|(name, _)| *name == wanted)).map_or("", |(_, text)| text).to_owned();
        Self { gate: gate.clone(), actor: actor.clone(), namespace: named("ns"), number: named("id") }
    }

    async fn judge(&self, actor: &Actor) -> Result<(), Refusal> {
        let portal = &self.gate.app.portal;
        match self.gate.rule.access {
            Access::Public | Access::Token | Access::SignedIn => return Ok(()),
            Access::Viewer => portal.access.viewer(actor, &cx::namespace(&self.namespace)?).map(drop),
            Access::Operator => portal.access.operator(actor, &cx::namespace(&self.namespace)?).map(drop),
            Access::TeamOwner => portal.access.team_owner(actor, cx::number(&self.number)?).await.map(|_| ()),
            Access::PortalAdmin => portal.access.admin(actor).map(|_| ()),
        }?;
        Ok(())
    }

    /// Judges as things are now.
    ///
    /// # Errors
    /// The session has ended, or the person has not what the route needs any more.
    pub async fn still(&self) -> Result<(), Refusal> {
        if matches!(self.gate.rule.access, Access::Public | Access::Token) {
            return Ok(());
        }
        let now = self.gate.app.portal.authenticator.recheck(&self.actor).await?;
        self.judge(&now).await
    }
}

/// Routes that never ask who somebody is.
fn files(path: &str) -> bool {
    matches!(path, "/up" | "/healthy" | "/metrics" | "/pkg/{*path}" | "/fonts/{*path}")
}

/// Longest way back: proxies take response headers of 4 KB in all.
const MAX_NEXT: usize = 2_000;

/// The API says 401; a page leads to the sign-in and back. A form leads back to the page that has it, which opens it again: what
/// was typed is lost, and the page says so.
fn turned_away(request: &Request, rule: &str) -> Response {
    let uri = request.uri();
    match request.extensions().get::<Context>() {
        // What a page asks by itself leads nobody anywhere.
        Some(context) if !uri.path().starts_with("/api/") && !request.headers().contains_key(BACKGROUND_HEADER) => {
            let read = *request.method() == Method::GET;
            let here = if read { uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str).to_owned() } else { page_of(uri, rule) };
            let next: String = form_urlencoded::byte_serialize(here.as_bytes()).collect();
            let back = here != "/" && here != "/apps" && next.len() <= MAX_NEXT;
            let mut words = Vec::new();
            words.extend(back.then(|| format!("next={next}")));
            words.extend((!read || !cookies::sessions(request.headers()).is_empty()).then(|| "ended=1".to_owned()));
            // A frame of another portal stays one.
            words.extend(uri.query().is_some_and(|q| q.split('&').any(|p| p == "embed=1")).then(|| "embed=1".to_owned()));
            words.extend(comes_from_sign_in(context, request.headers()).then(|| "kept=0".to_owned()));
            let words = if words.is_empty() { String::new() } else { format!("?{}", words.join("&")) };
            cx::see(context, &format!("/signin{words}"))
        }
        _ => unauthenticated().into_response(),
    }
}

/// The page of a form: the one at the form's own address, or above it. `form` of the query, which names one of several, becomes
/// `unsaved`.
fn page_of(uri: &http::Uri, rule: &str) -> String {
    let page = match rule {
        "/new-app/{ns}" | "/new-secret/{ns}" => uri.path(),
        // Neither is on a page of its own.
        "/signout" | "/account/dismiss-notice" => return "/".to_owned(),
        _ => uri.path().rsplit_once('/').map_or("/", |(above, _)| above),
    };
    let kept = query::words(uri.query().unwrap_or_default()).filter_map(|(name, value)| match name.as_str() {
        "form" => Some(("unsaved".to_owned(), value)),
        "embed" | "theme" => Some((name, value)),
        _ => None,
    });
    let kept = form_urlencoded::Serializer::new(String::new()).extend_pairs(kept).finish();
    if kept.is_empty() { page.to_owned() } else { format!("{page}?{kept}") }
}

/// Whoever comes from the sign-in page and still has no session has signed in, and the browser has kept no cookie.
fn comes_from_sign_in(context: &Context, headers: &HeaderMap) -> bool {
    let Some(referer) = headers.get(header::REFERER).and_then(|v| v.to_str().ok()).and_then(|v| v.parse::<http::Uri>().ok()) else { return false };
    let same = referer.authority().is_some_and(|a| a.as_str().eq_ignore_ascii_case(&context.host));
    same && context.base.strip(referer.path()) == Some("/signin")
}

/// An error that some extractor or the router has written as plain text.
fn plain_error(response: &Response) -> bool {
    let status = response.status();
    let told = response.headers().get(header::CONTENT_TYPE).is_some_and(|v| !v.as_bytes().starts_with(b"text/plain"));
    (status.is_client_error() || status.is_server_error()) && !told
}

fn by_status(status: StatusCode) -> Refusal {
    match status {
        StatusCode::NOT_FOUND => Refusal::not_found(),
        StatusCode::METHOD_NOT_ALLOWED => Refusal::new(RequestProblem::MethodNotAllowed),
        StatusCode::PAYLOAD_TOO_LARGE => Refusal::new(BodyProblem::TooLarge { what: Sent::Request }),
        s if s.is_client_error() => Refusal::new(RequestProblem::Unreadable { status: s.as_u16() }),
        _ => Refusal::new(FaultProblem::Unexpected),
    }
}

fn fault() -> Response {
    Refusal::new(FaultProblem::Unexpected).into_response()
}
