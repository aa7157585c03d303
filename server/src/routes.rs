//! Every route with its handler and the access it needs. The router is built from this table and from nothing else.

use crate::permissions::Access::{self, Operator, PortalAdmin, Public, SignedIn, TeamOwner, Token, Viewer};
use crate::permissions::{BODY_LIMIT, DRAFT_BODY_LIMIT, Rule, SECRET_BODY_LIMIT, SMALL_BODY_LIMIT};
use crate::state::App;
use crate::web::body::Fields;
use crate::web::cx::AppPath;
use crate::web::gate::{Gate, pass};
use crate::web::{Answer, Cx, Refusal, Signed, front};
use crate::{api, assets, live, pages};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::handler::Handler;
use axum::middleware::from_fn_with_state;
use axum::routing::{MethodFilter, MethodRouter, any, on};
use domain::problem::RequestProblem;
use domain::{Action, Tab};
use http::Method;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate, SizeAbove};

/// A row of the table.
pub struct Route {
    /// What is checked and counted.
    pub rule: Rule,
    handler: MethodRouter<App>,
}

impl Route {
    const fn limit(mut self, bytes: usize) -> Self {
        self.rule.body_limit = bytes;
        self
    }

    const fn streams(mut self) -> Self {
        self.rule.streams = true;
        self
    }
}

fn route<H, T>(method: Method, path: &'static str, access: Access, handler: H) -> Route
where
    H: Handler<T, App>,
    T: 'static,
{
    let filter = MethodFilter::try_from(method.clone()).unwrap_or(MethodFilter::GET);
    Route { rule: Rule { method, path, access, body_limit: BODY_LIMIT, streams: false }, handler: on(filter, handler) }
}

fn get<H: Handler<T, App>, T: 'static>(path: &'static str, access: Access, handler: H) -> Route {
    route(Method::GET, path, access, handler)
}

fn post<H: Handler<T, App>, T: 'static>(path: &'static str, access: Access, handler: H) -> Route {
    route(Method::POST, path, access, handler)
}

fn put<H: Handler<T, App>, T: 'static>(path: &'static str, access: Access, handler: H) -> Route {
    route(Method::PUT, path, access, handler)
}

fn delete<H: Handler<T, App>, T: 'static>(path: &'static str, access: Access, handler: H) -> Route {
    route(Method::DELETE, path, access, handler)
}

/// Every route of the portal with its access; `server/tests/routes.txt` lists them.
#[must_use]
pub fn all() -> Vec<Route> {
    [own(), people(), app_pages(), secret_pages(), api()].into_iter().flatten().collect()
}

/// The portal itself and its files.
fn own() -> Vec<Route> {
    vec![
        get("/up", Public, api::own::up),
        get("/healthy", Public, api::own::healthy),
        get("/metrics", Token, api::own::metrics),
        get("/pkg/{*path}", Public, assets::file).streams(),
        get("/fonts/{*path}", Public, assets::file).streams(),
        get("/{file}", Public, assets::root_file).streams(),
    ]
}

/// Sign-in, accounts, users, teams, audit.
fn people() -> Vec<Route> {
    vec![
        get("/signin", Public, pages::session::show),
        post("/signin", Public, pages::session::sign_in).limit(SMALL_BODY_LIMIT),
        post("/signout", SignedIn, pages::session::sign_out).limit(SMALL_BODY_LIMIT),
        get("/setup", Public, pages::set_up::show),
        post("/setup", Public, pages::set_up::make).limit(SMALL_BODY_LIMIT),
        post("/theme", Public, pages::theme::set).limit(SMALL_BODY_LIMIT),
        get("/account", SignedIn, pages::account::show),
        post("/account/password", SignedIn, pages::account::password).limit(SMALL_BODY_LIMIT),
        post("/account/end-session", SignedIn, pages::account::end_session).limit(SMALL_BODY_LIMIT),
        post("/account/end-others", SignedIn, pages::account::end_others).limit(SMALL_BODY_LIMIT),
        post("/account/dismiss-notice", SignedIn, pages::account::dismiss_notice).limit(SMALL_BODY_LIMIT),
        get("/users", PortalAdmin, pages::users::show),
        post("/users/create", PortalAdmin, pages::users::create).limit(SMALL_BODY_LIMIT),
        post("/users/{id}", PortalAdmin, pages::users::change).limit(SMALL_BODY_LIMIT),
        post("/users/{id}/password", PortalAdmin, pages::users::password).limit(SMALL_BODY_LIMIT),
        get("/teams", SignedIn, pages::teams::show),
        post("/teams/create", PortalAdmin, pages::teams::create),
        post("/teams/{id}", PortalAdmin, pages::teams::change),
        post("/teams/{id}/delete", PortalAdmin, pages::teams::delete),
        get("/teams/{id}/activity", TeamOwner, pages::teams::activity),
        post("/teams/{id}/member", TeamOwner, pages::teams::member),
        get("/audit", PortalAdmin, pages::audit::show),
        get("/audit/export", PortalAdmin, pages::audit::export),
    ]
}

/// Apps: lists, tabs, actions, the form.
fn app_pages() -> Vec<Route> {
    use pages::{actions, app_page, apps, new_app, operations};
    let tab = |path, tab: Tab| get(path, Viewer, move |signed: Signed, app: AppPath| app_page::tab(signed, app, tab));
    let act = |path, action: Action| {
        let handler = move |signed: Signed, app: AppPath, fields: Fields| actions::act(signed, app, fields, action);
        post(path, Operator, handler).limit(SMALL_BODY_LIMIT)
    };
    vec![
        get("/", SignedIn, apps::start),
        get("/apps", SignedIn, apps::all),
        get("/operations", SignedIn, operations::show),
        get("/apps/{ns}", Viewer, apps::of_namespace),
        tab("/apps/{ns}/{kind}/{name}", Tab::Overview),
        tab("/apps/{ns}/{kind}/{name}/logs", Tab::Logs),
        tab("/apps/{ns}/{kind}/{name}/metrics", Tab::Metrics),
        tab("/apps/{ns}/{kind}/{name}/events", Tab::Events),
        tab("/apps/{ns}/{kind}/{name}/configuration", Tab::Configuration),
        tab("/apps/{ns}/{kind}/{name}/history", Tab::History),
        tab("/apps/{ns}/{kind}/{name}/yaml", Tab::Yaml),
        act("/apps/{ns}/{kind}/{name}/restart", Action::Restart),
        act("/apps/{ns}/{kind}/{name}/scale", Action::Scale),
        act("/apps/{ns}/{kind}/{name}/pause", Action::Pause),
        act("/apps/{ns}/{kind}/{name}/resume", Action::Resume),
        act("/apps/{ns}/{kind}/{name}/rollback", Action::RollBack),
        act("/apps/{ns}/{kind}/{name}/delete", Action::Delete),
        get("/new-app", SignedIn, new_app::pick),
        get("/new-app/{ns}", Operator, new_app::show),
        post("/new-app/{ns}", Operator, new_app::make),
        post("/new-app/{ns}/discard", Operator, new_app::discard).limit(SMALL_BODY_LIMIT),
    ]
}

/// Secrets.
fn secret_pages() -> Vec<Route> {
    use pages::{new_secret, secrets};
    vec![
        get("/secrets", SignedIn, secrets::all),
        get("/secrets/{ns}", Viewer, secrets::of_namespace),
        get("/secrets/{ns}/{name}", Viewer, secrets::one),
        post("/secrets/{ns}/{name}/key", Operator, secrets::set_key).limit(SECRET_BODY_LIMIT),
        post("/secrets/{ns}/{name}/replace", Operator, secrets::replace).limit(SECRET_BODY_LIMIT),
        post("/secrets/{ns}/{name}/remove-key", Operator, secrets::remove_key).limit(SMALL_BODY_LIMIT),
        post("/secrets/{ns}/{name}/delete", Operator, secrets::delete).limit(SMALL_BODY_LIMIT),
        get("/new-secret", SignedIn, new_secret::pick),
        get("/new-secret/{ns}", Operator, new_secret::show),
        post("/new-secret/{ns}", Operator, new_secret::make).limit(SECRET_BODY_LIMIT),
        post("/new-secret/{ns}/discard", Operator, new_secret::discard).limit(SMALL_BODY_LIMIT),
    ]
}

/// The API.
fn api() -> Vec<Route> {
    use api::{actions, apps, description, drafts, logs, metrics, namespaces, operations, search, secrets, session};
    vec![
        get("/api/v1/openapi.json", Public, description::get),
        post("/api/v1/session", Public, session::sign_in).limit(SMALL_BODY_LIMIT),
        get("/api/v1/session", SignedIn, session::who),
        delete("/api/v1/session", SignedIn, session::sign_out),
        get("/api/v1/live", SignedIn, live::open).streams(),
        get("/api/v1/namespaces", SignedIn, namespaces::list),
        get("/api/v1/apps", SignedIn, apps::all),
        get("/api/v1/search", SignedIn, search::places),
        get("/api/v1/operations", SignedIn, operations::list),
        get("/api/v1/operations/{id}", SignedIn, operations::one),
        get("/api/v1/operations/{id}/events", SignedIn, operations::stream).streams(),
        get("/api/v1/namespaces/{ns}/apps", Viewer, apps::list),
        post("/api/v1/namespaces/{ns}/apps", Operator, apps::create),
        get("/api/v1/namespaces/{ns}/apps/{kind}/{name}", Viewer, apps::one),
        delete("/api/v1/namespaces/{ns}/apps/{kind}/{name}", Operator, apps::delete),
        post("/api/v1/namespaces/{ns}/apps/{kind}/{name}/restart", Operator, actions::restart),
        post("/api/v1/namespaces/{ns}/apps/{kind}/{name}/scale", Operator, actions::scale),
        post("/api/v1/namespaces/{ns}/apps/{kind}/{name}/rollback", Operator, actions::rollback),
        post("/api/v1/namespaces/{ns}/apps/{kind}/{name}/pause", Operator, actions::pause),
        post("/api/v1/namespaces/{ns}/apps/{kind}/{name}/resume", Operator, actions::resume),
        get("/api/v1/namespaces/{ns}/apps/{kind}/{name}/logs", Viewer, logs::stream).streams(),
        get("/api/v1/namespaces/{ns}/apps/{kind}/{name}/metrics", Viewer, metrics::series),
        put("/api/v1/namespaces/{ns}/drafts/new-app", Operator, drafts::keep_app).limit(DRAFT_BODY_LIMIT),
        delete("/api/v1/namespaces/{ns}/drafts/new-app", Operator, drafts::discard_app),
        put("/api/v1/namespaces/{ns}/drafts/new-secret", Operator, drafts::keep_secret).limit(DRAFT_BODY_LIMIT),
        delete("/api/v1/namespaces/{ns}/drafts/new-secret", Operator, drafts::discard_secret),
        get("/api/v1/namespaces/{ns}/secrets", Viewer, secrets::list),
        post("/api/v1/namespaces/{ns}/secrets", Operator, secrets::create).limit(SECRET_BODY_LIMIT),
        get("/api/v1/namespaces/{ns}/secrets/{name}", Viewer, secrets::one),
        put("/api/v1/namespaces/{ns}/secrets/{name}", Operator, secrets::change).limit(SECRET_BODY_LIMIT),
        delete("/api/v1/namespaces/{ns}/secrets/{name}", Operator, secrets::delete),
    ]
}

/// What is not in the table.
async fn nothing() -> Answer {
    Err(Refusal::not_found())
}

/// A page that answered a form stands under the form's address. Who loads or shares that gets the page that has the form.
async fn wrong_method(cx: Cx, method: Method) -> Answer {
    let path = cx.uri.path();
    match path.rsplit_once('/') {
        Some((around, _)) if matches!(method, Method::GET | Method::HEAD) && !path.starts_with("/api/") => {
            Ok(cx.see(if around.is_empty() { "/" } else { around }))
        }
        _ => Err(Refusal::new(RequestProblem::MethodNotAllowed)),
    }
}

/// The whole HTTP side.
pub fn router(app: &App) -> Router {
    let mut inner: Router<App> = Router::new();
    for Route { rule, handler } in all() {
        let (path, limit, streams) = (rule.path, rule.body_limit, rule.streams);
        let gate = Gate::new(app, rule);
        let mut handler = handler.layer(DefaultBodyLimit::max(limit)).layer(from_fn_with_state(gate, pass));
        if !streams {
            handler = handler.layer(compression());
        }
        inner = inner.route(path, handler);
    }
    let open = |path| Gate::new(app, Rule { method: Method::GET, path, access: Public, body_limit: 0, streams: false });
    let inner = inner
        .method_not_allowed_fallback(wrong_method)
        .fallback_service(any(nothing).layer(from_fn_with_state(open("(none)"), pass)).with_state(app.clone()))
        .with_state(app.clone());
    // Around the router, so that the path is changed before it is looked at.
    Router::new().fallback_service(inner).layer(from_fn_with_state(app.clone(), front::receive))
}

/// Pages and JSON. Files lie compressed on disk; logs and sockets must not wait for a full block.
fn compression() -> CompressionLayer<impl Predicate> {
    let predicate = SizeAbove::new(256).and(NotForContentType::new("text/event-stream")).and(NotForContentType::const_new("font/"));
    CompressionLayer::new().no_deflate().no_zstd().compress_when(predicate)
}
