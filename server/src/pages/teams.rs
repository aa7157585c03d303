//! `/teams`: all for portal admins, one's own for others.

use super::{done, status_of};
use crate::web::body::Fields;
use crate::web::cx::number;
use crate::web::{Answer, Signed};
use app::page::{Page, Refused};
use axum::extract::Path;
use domain::account::Role;
use domain::{FieldError, Problem};
use http::StatusCode;
use service::audit::PAGE;
use service::teams::TypedTeam;
use service::{Failure, Outcome};

/// `GET /teams`.
pub async fn show(signed: Signed) -> Answer {
    page(&signed, None).await
}

fn typed<'a>(fields: &'a Fields, prefix: &str) -> TypedTeam<'a> {
    TypedTeam { name: fields.text(&format!("{prefix}name")), namespaces: fields.text(&format!("{prefix}namespaces")) }
}

/// `POST /teams/create`.
pub async fn create(signed: Signed, fields: Fields) -> Answer {
    let admin = signed.portal().admin(&signed.actor)?;
    let made = signed.portal().create_team(&admin, typed(&fields, "")).await;
    answer(&signed, made.map(|_| ()), "team-created", ("new".to_owned(), fields.typed(&["name", "namespaces"]))).await
}

/// `POST /teams/{id}`.
pub async fn change(signed: Signed, Path(id): Path<String>, fields: Fields) -> Answer {
    let admin = signed.portal().admin(&signed.actor)?;
    // What the form was loaded with, so that nobody undoes what another admin has just done.
    let from = fields.has("was_name").then(|| typed(&fields, "was_"));
    let changed = signed.portal().update_team(&admin, number(&id)?, from, typed(&fields, "")).await;
    answer(&signed, changed, "team-changed", (id, fields.typed(&["name", "namespaces"]))).await
}

/// `POST /teams/{id}/delete`.
pub async fn delete(signed: Signed, Path(id): Path<String>) -> Answer {
    let admin = signed.portal().admin(&signed.actor)?;
    let deleted = signed.portal().delete_team(&admin, number(&id)?).await;
    answer(&signed, deleted, "team-deleted", (id, Vec::new())).await
}

/// `POST /teams/{id}/member`: `role=none` takes somebody out.
pub async fn member(signed: Signed, Path(id): Path<String>, fields: Fields) -> Answer {
    let owner = signed.portal().team_owner(&signed.actor, number(&id)?).await?;
    let (form, typed) = (format!("{id}-member"), fields.typed(&["user", "role"]));
    let role = match fields.text("role") {
        "none" => None,
        slug => match Role::from_slug(slug) {
            Some(role) => Some(role),
            None => {
                let problem = Problem::invalid(vec![FieldError::new("role", "Choose viewer, operator or owner.")]);
                return page(&signed, Some(Refused { form, problem, typed })).await;
            }
        },
    };
    let changed = signed.portal().set_member(&owner, fields.text("user").trim(), role).await;
    answer(&signed, changed, "member", (form, typed)).await
}

/// `GET /teams/{id}/activity?before=`: what was done in its namespaces, for its owners.
pub async fn activity(signed: Signed, Path(id): Path<String>) -> Answer {
    let owner = signed.portal().team_owner(&signed.actor, number(&id)?).await?;
    let before = signed.asked("before").and_then(|n| n.parse().ok());
    let (team, rows) = signed.portal().team_activity(&owner, before).await?;
    let older = rows.last().map(|r| r.id).filter(|id| *id > 1 && rows.len() >= PAGE as usize);
    Ok(signed.page(StatusCode::OK, &Page::Activity { team, rows, older }))
}

async fn answer(signed: &Signed, outcome: Outcome<()>, slug: &str, (form, typed): (String, Vec<(String, String)>)) -> Answer {
    match outcome.map_err(Failure::problem) {
        Ok(()) => Ok(signed.see(&format!("/teams?done={slug}"))),
        Err(problem) => page(signed, Some(Refused { form, problem, typed })).await,
    }
}

async fn page(signed: &Signed, refused: Option<Refused>) -> Answer {
    let portal = signed.portal();
    let teams = portal.teams(&signed.actor).await?;
    // Only an admin sees everybody; an owner types the name of a new member.
    let (users, namespaces) = if signed.actor.me().admin {
        let admin = portal.admin(&signed.actor)?;
        (portal.users(&admin).await?, portal.known_namespaces())
    } else {
        (Vec::new(), Vec::new())
    };
    let status = refused.as_ref().map_or(StatusCode::OK, |r| status_of(&r.problem));
    let unseen = portal.unseen_namespaces(&teams);
    Ok(signed.page(status, &Page::Teams { teams, users, namespaces, unseen, done: done(signed.asked("done")), refused }))
}
