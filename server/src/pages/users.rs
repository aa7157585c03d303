//! `/users`, for portal admins.

use super::done::UserDone;
use super::status_of;
use crate::web::body::Fields;
use crate::web::cx::number;
use crate::web::{About, Answer, Signed};
use app::page::{Page, Refused};
use axum::extract::Path;
use domain::account::User;
use http::StatusCode;
use service::Outcome;
use service::access::PortalAdmin;
use service::ports::UserState;

/// `GET /users`.
pub async fn show(signed: Signed) -> Answer {
    let admin = signed.portal().access.admin(&signed.actor)?;
    page(&signed, &admin, None).await
}

/// `POST /users/create`.
pub async fn create(signed: Signed, fields: Fields) -> Answer {
    let admin = signed.portal().access.admin(&signed.actor)?;
    let made = signed.portal().accounts.create(&admin, fields.text("name"), fields.text("display"), fields.secret("password"), fields.ticked("admin")).await;
    answer(&signed, &admin, made.map(|user| user.id), UserDone::Created, ("new".to_owned(), fields.typed(&["name", "display", "admin"]))).await
}

/// `POST /users/{id}`.
pub async fn change(signed: Signed, Path(id): Path<String>, fields: Fields) -> Answer {
    let admin = signed.portal().access.admin(&signed.actor)?;
    let state = |prefix: &str| UserState {
        display: fields.text(&format!("{prefix}display")).trim().to_owned(),
        admin: fields.ticked(&format!("{prefix}admin")),
        disabled: fields.ticked(&format!("{prefix}disabled")),
    };
    // What the form was loaded with, so that nobody undoes what another admin has just done.
    let from = fields.has("was_display").then(|| state("was_"));
    let user = number(&id)?;
    let changed = signed.portal().accounts.update(&admin, user, from, state("")).await;
    answer(&signed, &admin, changed.map(|()| user), UserDone::Changed, (id, fields.typed(&["display", "admin", "disabled"]))).await
}

/// `POST /users/{id}/password`.
pub async fn password(signed: Signed, Path(id): Path<String>, fields: Fields) -> Answer {
    let admin = signed.portal().access.admin(&signed.actor)?;
    let user = number(&id)?;
    let changed = signed.portal().accounts.reset_password(&admin, user, fields.secret("password")).await;
    answer(&signed, &admin, changed.map(|()| user), UserDone::Password, (format!("{id}-password"), Vec::new())).await
}

async fn answer(signed: &Signed, admin: &PortalAdmin<'_>, outcome: Outcome<i64>, done: UserDone, (form, typed): (String, Vec<(String, String)>)) -> Answer {
    match outcome.map_err(|failure| signed.told(failure)) {
        Ok(user) => Ok(signed.see_done("/users", done, &[(About::User, user.to_string().as_str())])),
        Err(problem) => page(signed, admin, Some(Refused { form, problem, typed })).await,
    }
}

async fn page(signed: &Signed, admin: &PortalAdmin<'_>, refused: Option<Refused>) -> Answer {
    let users = signed.portal().accounts.list(admin).await?;
    let teams = signed.portal().teams.list(&signed.actor).await?;
    let status = refused.as_ref().map_or(StatusCode::OK, |r| status_of(&r.problem));
    let done = done_to(&users, signed);
    Ok(signed.page(status, &Page::Users { users, teams, done, refused }))
}

/// What was just done to a user. The address brings only a word and a number, and has to be the portal's own.
fn done_to(users: &[User], signed: &Signed) -> Option<String> {
    let done = signed.done("/users")?;
    let id: i64 = signed.about(About::User)?.parse().ok()?;
    let name = &users.iter().find(|u| u.id == id)?.name;
    Some(match done {
        UserDone::Created => format!("Created {name}"),
        UserDone::Changed => format!("Saved {name}"),
        UserDone::Password => format!("Changed {name}'s password and signed out all their sessions"),
    })
}
