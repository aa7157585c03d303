//! `/teams`: all for portal admins, one's own for others.

use super::done::TeamDone;
use super::status_of;
use crate::web::body::Fields;
use crate::web::cx::number;
use crate::web::{About, Answer, Signed};
use app::page::{Page, Refused};
use axum::extract::Path;
use domain::Username;
use domain::account::{Role, Team};
use domain::form::{Field, Finding, TeamWrong};
use http::StatusCode;
use service::Outcome;
use service::audit::PAGE;
use service::teams::TypedTeam;

/// `GET /teams`.
pub async fn show(signed: Signed) -> Answer {
    page(&signed, None).await
}

fn typed<'a>(fields: &'a Fields, prefix: &str) -> TypedTeam<'a> {
    TypedTeam { name: fields.text(&format!("{prefix}name")), namespaces: fields.text(&format!("{prefix}namespaces")) }
}

/// `POST /teams/create`.
pub async fn create(signed: Signed, fields: Fields) -> Answer {
    let admin = signed.portal().access.admin(&signed.actor)?;
    let made = signed.portal().teams.create(&admin, typed(&fields, "")).await;
    let id = made.as_ref().map(i64::to_string).unwrap_or_default();
    answer(&signed, made.map(|_| ()), (TeamDone::Created, &[(About::Team, id.as_str())]), ("new".to_owned(), fields.typed(&["name", "namespaces"]))).await
}

/// `POST /teams/{id}`.
pub async fn change(signed: Signed, Path(id): Path<String>, fields: Fields) -> Answer {
    let admin = signed.portal().access.admin(&signed.actor)?;
    // What the form was loaded with, so that nobody undoes what another admin has just done.
    let from = fields.has("was_name").then(|| typed(&fields, "was_"));
    let changed = signed.portal().teams.update(&admin, number(&id)?, from, typed(&fields, "")).await;
    answer(&signed, changed, (TeamDone::Changed, &[(About::Team, id.as_str())]), (id.clone(), fields.typed(&["name", "namespaces"]))).await
}

/// `POST /teams/{id}/delete`.
pub async fn delete(signed: Signed, Path(id): Path<String>) -> Answer {
    let admin = signed.portal().access.admin(&signed.actor)?;
    let deleted = signed.portal().teams.delete(&admin, number(&id)?).await;
    answer(&signed, deleted, (TeamDone::Deleted, &[]), (id, Vec::new())).await
}

/// `POST /teams/{id}/member`: `role=none` takes somebody out.
pub async fn member(signed: Signed, Path(id): Path<String>, fields: Fields) -> Answer {
    let owner = signed.portal().access.team_owner(&signed.actor, number(&id)?).await?;
    let (form, typed) = (format!("{id}-member"), fields.typed(&["user", "role"]));
    let role = match fields.text("role") {
        "none" => None,
        slug => match Role::from_slug(slug) {
            Some(role) => Some(role),
            None => {
                let problem = signed.told(Finding::new(Field::Role, TeamWrong::NoRole));
                return page(&signed, Some(Refused { form, problem, typed })).await;
            }
        },
    };
    let user = fields.text("user").trim();
    let here = signed.portal().teams.list(&signed.actor).await?.iter().any(|t| t.id.to_string() == id && t.members.iter().any(|m| m.user.as_str() == user));
    let changed = signed.portal().teams.set_member(&owner, user, role).await;
    let what = if role.is_none() {
        TeamDone::Removed
    } else if here {
        TeamDone::Role
    } else {
        TeamDone::Added
    };
    answer(&signed, changed, (what, &[(About::Team, id.as_str()), (About::User, user)]), (form, typed)).await
}

/// `GET /teams/{id}/activity?before=`: what was done in its namespaces, for its owners.
pub async fn activity(signed: Signed, Path(id): Path<String>) -> Answer {
    let owner = signed.portal().access.team_owner(&signed.actor, number(&id)?).await?;
    let before = signed.asked("before").and_then(|n| n.parse().ok());
    let (team, rows) = signed.portal().activity.of_team(&owner, before).await?;
    let older = rows.last().map(|r| r.id).filter(|id| *id > 1 && rows.len() >= PAGE as usize);
    Ok(signed.page(StatusCode::OK, &Page::Activity { team, rows, older }))
}

/// What was done, and the team and user it was done to: what a sealed address says.
type Told<'a> = (TeamDone, &'a [(About, &'a str)]);

async fn answer(signed: &Signed, outcome: Outcome<()>, (done, about): Told<'_>, (form, typed): (String, Vec<(String, String)>)) -> Answer {
    match outcome.map_err(|failure| signed.told(failure)) {
        Ok(()) => Ok(signed.see_done("/teams", done, about)),
        Err(problem) => page(signed, Some(Refused { form, problem, typed })).await,
    }
}

async fn page(signed: &Signed, refused: Option<Refused>) -> Answer {
    let portal = signed.portal();
    let teams = portal.teams.list(&signed.actor).await?;
    // Only an admin sees everybody; an owner types the name of a new member.
    let (users, namespaces) = if signed.actor.me().admin {
        let admin = portal.access.admin(&signed.actor)?;
        (portal.accounts.list(&admin).await?, portal.namespaces.known())
    } else {
        (Vec::new(), Vec::new())
    };
    let status = refused.as_ref().map_or(StatusCode::OK, |r| status_of(&r.problem));
    let unseen = portal.teams.unseen_namespaces(&teams);
    let done = done_to(&teams, signed);
    Ok(signed.page(status, &Page::Teams { teams, users, namespaces, unseen, done, refused }))
}

/// What was just done to a team or a member. The address brings only a word and names, and has to be the portal's own.
fn done_to(teams: &[Team], signed: &Signed) -> Option<String> {
    let team = || {
        let id: i64 = signed.about(About::Team)?.parse().ok()?;
        teams.iter().find(|t| t.id == id)
    };
    let user = || Username::parse(signed.about(About::User)?).ok();
    let member = |team: &Team| team.members.iter().find(|m| Some(&m.user) == user().as_ref()).cloned();
    match signed.done("/teams")? {
        TeamDone::Deleted => Some("Deleted the team".to_owned()),
        TeamDone::Created => Some(format!("Created {}", team()?.name)),
        TeamDone::Changed => Some(format!("Saved {}", team()?.name)),
        TeamDone::Added => member(team()?).map(|m| format!("Added {} as {}", m.display, m.role.slug())),
        TeamDone::Role => member(team()?).map(|m| format!("{} is now {}", m.display, m.role.slug())),
        TeamDone::Removed => match member(team()?) {
            None => Some(format!("Removed {}", user()?)),
            // Somebody has taken the member in again.
            Some(_) => None,
        },
    }
}
