//! The API's description (OpenAPI 3.1), made from the table of routes: a route without words fails a test.

mod operations;
pub(crate) mod parameters;
mod rules;
mod schemas;

use crate::permissions::{Access, Rule};
use crate::routes;
use operations::{Gives, Operation};
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::path::{HttpMethod, OperationBuilder, Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{ComponentsBuilder, ContentBuilder, InfoBuilder, OpenApiBuilder, PathItem, PathsBuilder, Ref, Required, ResponseBuilder};

/// The description as JSON.
#[must_use]
pub fn json() -> String {
    let mut paths = PathsBuilder::new();
    for rule in routes::all().into_iter().map(|r| r.rule) {
        if let Some(words) = operations::find(&rule) {
            paths = paths.path(rule.path, PathItem::new(method(&rule), operation(&rule, words)));
        }
    }
    let cookie = SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new(crate::web::cookies::SESSION)));
    let components = schemas::all().into_iter().fold(ComponentsBuilder::new(), |all, (name, schema)| all.schema(name, schema));
    let document = OpenApiBuilder::new()
        .info(InfoBuilder::new().title("Quayside").version(env!("CARGO_PKG_VERSION")).description(Some(ABOUT)))
        .paths(paths)
        .components(Some(components.security_scheme("session", cookie).build()))
        .build();
    document.to_pretty_json().unwrap_or_default()
}

const ABOUT: &str = "All paths are relative to the portal's base path. Errors are application/problem+json with a stable code and, finer, a stable reason. \
Lists take limit and continue. Routes reject query parameters they don't know, and repeated ones. POST /api/v1/session sets the cookie the other calls need. \
Requests with the header X-Quayside-Background don't count as use of the session.";

fn method(rule: &Rule) -> HttpMethod {
    match rule.method.as_str() {
        "POST" => HttpMethod::Post,
        "PUT" => HttpMethod::Put,
        "DELETE" => HttpMethod::Delete,
        _ => HttpMethod::Get,
    }
}

fn operation(rule: &Rule, words: &Operation) -> OperationBuilder {
    let mut built = OperationBuilder::new().summary(Some(words.summary)).description(Some(format!("Requires: {}.", rule.access.word())));
    for name in rule.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')) {
        built = built.parameter(
            ParameterBuilder::from(Parameter::new(name)).parameter_in(ParameterIn::Path).required(Required::True).schema(Some(schemas::named(name))),
        );
    }
    for (name, kind, what) in parameters::asked(words) {
        let parameter = ParameterBuilder::from(Parameter::new(*name)).parameter_in(ParameterIn::Query).required(Required::False);
        built = built.parameter(parameter.description(Some(*what)).schema(Some(schemas::kind(kind))));
    }
    if let Some(body) = words.takes {
        let content = ContentBuilder::new().schema(Some(Ref::from_schema_name(body))).build();
        built = built.request_body(Some(RequestBodyBuilder::new().content("application/json", content).required(Some(Required::True)).build()));
    }
    for (status, gives) in words.gives {
        let headers =
            words.headers.iter().map(|(name, what)| (*name, HeaderBuilder::new().description(Some(*what)).schema(Some(schemas::kind("string"))).build()));
        built = built.response(status.to_string(), headers.fold(response(*gives), |response, (name, header)| response.header(name, header)));
    }
    let problem = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
    built = built.response(
        "default",
        ResponseBuilder::new().description("A problem. The code is stable; the detail is for people.").content("application/problem+json", problem),
    );
    if matches!(rule.access, Access::Public | Access::Token) { built } else { built.security(SecurityRequirement::new("session", Vec::<String>::new())) }
}

fn response(gives: Gives) -> ResponseBuilder {
    let done = ResponseBuilder::new().description("Success.");
    let content = |schema| ContentBuilder::new().schema(Some(schemas::kind(schema))).build();
    match gives {
        Gives::Nothing => done,
        Gives::Json(schema) => done.content("application/json", content(schema)),
        Gives::Lines(schema) => done.content("application/x-ndjson", content(schema)),
        Gives::Text => done.content("text/plain", content("string")),
        Gives::Socket => ResponseBuilder::new().description("The WebSocket is open. The portal's documentation describes its frames."),
    }
}
