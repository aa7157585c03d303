//! What a handler gets: the server, where the request came from, and who sends it.

use super::{Context, Refusal, cookies, query};
use crate::pages::done::Done;
use crate::state::App;
use app::page::{Frame, Page, Part};
use axum::extract::{FromRequestParts, Path};
use axum::response::{Html, IntoResponse, Response};
use domain::problem::{FaultProblem, SignInProblem};
use domain::secret::SecretText;
use domain::{AppId, Kind, Namespace, Problem, ProblemDetails, WorkloadName};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use service::Portal;
use service::access::Actor;
use service::origin::Origin;

/// A request, signed in or not.
pub struct Cx {
    /// The server.
    pub app: App,
    /// Where the request came from.
    pub context: Context,
    /// Who sends it.
    pub actor: Option<Actor>,
    /// Its path below the base, with the query.
    pub uri: Uri,
    /// Its headers.
    pub headers: HeaderMap,
}

impl Cx {
    /// The use cases.
    #[must_use]
    pub fn portal(&self) -> &Portal {
        &self.app.portal
    }

    /// What went wrong, in the words of the page.
    #[must_use]
    pub fn told(&self, problem: impl Into<Problem>) -> ProblemDetails {
        self.app.language().problem(&problem.into())
    }

    /// For sessions and the audit table.
    #[must_use]
    pub fn origin(&self) -> Origin {
        origin(&self.context, &self.headers, "")
    }

    /// The decoded query.
    #[must_use]
    pub fn query(&self) -> Vec<(String, String)> {
        query::words(self.uri.query().unwrap_or_default()).collect()
    }

    /// One value of the query; the first, where there are several.
    #[must_use]
    pub fn asked(&self, name: &str) -> Option<String> {
        self.given(name).filter(|v| !v.is_empty())
    }

    /// One value of the query as it stands, also where it is empty.
    #[must_use]
    pub fn given(&self, name: &str) -> Option<String> {
        self.query().into_iter().find(|(n, _)| n == name).map(|(_, v)| v)
    }

    /// `page` with everything around it.
    #[must_use]
    pub fn page(&self, status: StatusCode, page: &Page) -> Response {
        paint(&self.app, &self.context, self.actor.as_ref(), &self.uri, &self.headers, status, page)
    }

    /// A part of a page by itself.
    #[must_use]
    pub fn part(&self, part: &Part<'_>) -> Response {
        let frame = frame(&self.app, &self.context, self.actor.as_ref(), &self.uri, &self.headers);
        Html(app::render_part(&frame, part)).into_response()
    }

    /// 303 to a path below the base. An embedded page stays embedded.
    #[must_use]
    pub fn see(&self, path: &str) -> Response {
        if self.asked("embed").is_none_or(|v| v != "1") || path.contains("embed=1") {
            return see(&self.context, path);
        }
        let (path, place) = path.split_once('#').map_or((path, String::new()), |(path, place)| (path, format!("#{place}")));
        let mark = if path.contains('?') { '&' } else { '?' };
        see(&self.context, &format!("{path}{mark}embed=1{place}"))
    }

    /// 303 to the signed-in page with a session's cookie.
    #[must_use]
    pub fn see_with_session(&self, path: &str, token: &SecretText) -> Response {
        let mut response = self.see(path);
        self.put_session(&mut response, token.expose());
        response
    }

    /// Sets the session's cookie; an empty token takes it away.
    pub fn put_session(&self, response: &mut Response, token: &str) {
        if let Some(cookie) = cookies::session(&self.app.config, &self.context, token) {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
    }
}

/// Who sends a request, for sessions and the audit table. `asked` is the method and path, where they are to be kept.
#[must_use]
pub fn origin(context: &Context, headers: &HeaderMap, asked: &str) -> Origin {
    let agent = headers.get(header::USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    Origin { address: context.client.to_string(), agent: agent.chars().take(200).collect(), asked: asked.chars().take(300).collect() }
}

/// 303 to a path below the base; the caller has checked it or written it.
#[must_use]
pub fn see(context: &Context, path: &str) -> Response {
    let target = context.base.link(path);
    let location = target.parse().unwrap_or_else(|_| HeaderValue::from_static("/"));
    (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response()
}

/// Renders a page for a request.
#[must_use]
pub fn paint(app: &App, context: &Context, actor: Option<&Actor>, uri: &Uri, headers: &HeaderMap, status: StatusCode, page: &Page) -> Response {
    (status, Html(app::render(&frame(app, context, actor, uri, headers), page))).into_response()
}

/// What stands around a page.
fn frame(app: &App, context: &Context, actor: Option<&Actor>, uri: &Uri, headers: &HeaderMap) -> Frame {
    let query: Vec<(String, String)> = query::words(uri.query().unwrap_or_default()).collect();
    let asked = |name: &str| query.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str());
    Frame {
        language: app.language(),
        base: context.base.clone(),
        nonce: context.nonce.clone(),
        me: actor.map(|actor| actor.me().clone()),
        path: uri.path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string),
        embed: asked("embed").is_some_and(|v| v == "1"),
        theme: asked("theme").and_then(theme_name).or_else(|| cookies::values(headers, cookies::THEME).find_map(theme_name)),
        query,
        assets: app.site.assets(),
        health: app.portal.app_list.health(actor),
        notices: app.portal.operations.notices(actor),
        now: app.portal.clock.now(),
    }
}

/// `light` or `dark`, of what was sent.
#[must_use]
pub fn theme_name(text: &str) -> Option<&'static str> {
    ["light", "dark"].into_iter().find(|t| *t == text)
}

impl FromRequestParts<App> for Cx {
    type Rejection = Refusal;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let context = parts.extensions.get::<Context>().cloned().ok_or_else(|| Refusal::new(FaultProblem::ContextLost))?;
        let actor = parts.extensions.get::<Actor>().cloned();
        Ok(Self { app: app.clone(), context, actor, uri: parts.uri.clone(), headers: parts.headers.clone() })
    }
}

/// A request of somebody who is signed in.
pub struct Signed {
    cx: Cx,
    /// Who.
    pub actor: Actor,
}

/// What an address may say of what was done; its seal covers these and nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// The word by which the page finds its sentence, such as `key-added`.
    Done,
    /// The team it was done to, by its number.
    Team,
    /// The user it was done to: by number on the page of users, by name as a member of a team.
    User,
    /// The key of the secret whose page it is; never its value.
    Key,
    /// The name of the secret that was deleted.
    Name,
}

impl About {
    const ALL: [Self; 5] = [Self::Done, Self::Team, Self::User, Self::Key, Self::Name];

    /// Its name in the query of an address: `done` in `?done=key-added`.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Team => "team",
            Self::User => "user",
            Self::Key => "key",
            Self::Name => "name",
        }
    }

    /// The one with that name in a query; nothing for names that a seal does not cover.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|about| about.slug() == slug)
    }
}

impl Signed {
    /// 303 to a page below the base that tells what was done. Only this session is told, and only what stands here: the
    /// address has a seal, so that nobody can make one.
    #[must_use]
    pub fn see_done(&self, page: &str, done: impl Done, about: &[(About, &str)]) -> Response {
        self.see(&self.address_of_done(page, done, about))
    }

    /// The sealed address itself, for a script that goes there.
    #[must_use]
    pub fn address_of_done(&self, page: &str, done: impl Done, about: &[(About, &str)]) -> String {
        let text = sealed(page, std::iter::once((About::Done, done.slug())).chain(about.iter().copied()));
        format!("{text}&seal={}", self.portal().seals.seal(&self.actor, &text))
    }

    /// What was done, where the portal itself has sent this session to the page.
    #[must_use]
    pub fn done<D: Done>(&self, page: &str) -> Option<D> {
        let query = self.query();
        let text = sealed(page, query.iter().filter_map(|(name, value)| Some((About::from_slug(name)?, value.as_str()))));
        if self.portal().seals.holds(&self.actor, &text, &self.asked("seal")?) { D::from_slug(&self.about(About::Done)?) } else { None }
    }

    /// What the address says of it. Only [`Self::done`] tells whether the portal wrote that.
    #[must_use]
    pub fn about(&self, about: About) -> Option<String> {
        self.asked(about.slug())
    }
}

fn sealed<'a>(page: &str, about: impl Iterator<Item = (About, &'a str)>) -> String {
    let pairs = about.map(|(about, text)| (about.slug(), text));
    format!("{page}?{}", form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish())
}

impl std::ops::Deref for Signed {
    type Target = Cx;
    fn deref(&self) -> &Cx {
        &self.cx
    }
}

impl FromRequestParts<App> for Signed {
    type Rejection = Refusal;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let cx = Cx::from_request_parts(parts, app).await?;
        let actor = cx.actor.clone().ok_or_else(unauthenticated)?;
        Ok(Self { cx, actor })
    }
}

/// The answer to somebody who is not signed in.
#[must_use]
pub fn unauthenticated() -> Refusal {
    Refusal::new(SignInProblem::NotSignedIn)
}

/// A namespace of a path. One that cannot exist is not found.
///
/// # Errors
/// Not found.
pub fn namespace(text: &str) -> Result<Namespace, Refusal> {
    Namespace::parse(text).map_err(|_| Refusal::not_found())
}

/// Namespace, kind and name of an app, as they stand in its address.
pub type AppPath = Path<(String, String, String)>;

/// An app of a path.
///
/// # Errors
/// Not found.
pub fn app_id((ns, kind, name): (&str, &str, &str)) -> Result<AppId, Refusal> {
    let kind = Kind::from_slug(kind).ok_or_else(Refusal::not_found)?;
    let name = WorkloadName::parse(name).map_err(|_| Refusal::not_found())?;
    Ok(AppId { namespace: namespace(ns)?, kind, name })
}

/// The number of a path.
///
/// # Errors
/// Not found.
pub fn number(text: &str) -> Result<i64, Refusal> {
    text.parse().map_err(|_| Refusal::not_found())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_address_says_is_found_again_by_its_name() {
        for about in About::ALL {
            assert_eq!(About::from_slug(about.slug()), Some(about));
        }
        assert_eq!(About::from_slug("seal"), None);
        assert_eq!(sealed("/teams", [(About::Done, "added"), (About::User, "a&b")].into_iter()), "/teams?done=added&user=a%26b");
    }
}
