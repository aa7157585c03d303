//! `/account`: one's password and sessions.

use super::done::AccountDone;
use super::status_of;
use crate::web::body::Fields;
use crate::web::cx::number;
use crate::web::local_path::next_or_start;
use crate::web::{Answer, Signed};
use app::page::Page;
use domain::ProblemDetails;
use domain::form::{AccountWrong, Field, Finding};
use domain::operation::OperationId;
use http::StatusCode;

/// `GET /account`.
pub async fn show(signed: Signed) -> Answer {
    page(&signed, None).await
}

async fn page(signed: &Signed, problem: Option<ProblemDetails>) -> Answer {
    let sessions = signed.portal().sessions.list(&signed.actor).await?;
    let status = problem.as_ref().map_or(StatusCode::OK, status_of);
    Ok(signed.page(status, &Page::Account { sessions, done: signed.done("/account").map(sentence), problem }))
}

/// What was just done, in a sentence.
fn sentence(done: AccountDone) -> String {
    let sentence = match done {
        AccountDone::Password => "Changed your password and signed out other sessions",
        AccountDone::Session => "Signed out the session",
        AccountDone::Sessions => "Signed out all other sessions",
    };
    sentence.to_owned()
}

/// `POST /account/dismiss-notice`: one of the notices that every page shows.
pub async fn dismiss_notice(signed: Signed, fields: Fields) -> Answer {
    signed.portal().operations.dismiss(&signed.actor, OperationId(number(fields.text("id").trim())?)).await?;
    Ok(signed.see(next_or_start(fields.text("next"))))
}

/// `POST /account/password`.
pub async fn password(signed: Signed, fields: Fields) -> Answer {
    let (portal, new) = (signed.portal(), fields.secret("new"));
    let wrong = [
        fields.text("current").is_empty().then(|| Finding::new(Field::CurrentPassword, AccountWrong::NoCurrentPassword)),
        portal.accounts.check_own_new_password(&signed.actor, &new).err(),
        (new.expose() != fields.text("repeat")).then(|| Finding::new(Field::RepeatedPassword, AccountWrong::PasswordsDiffer)),
    ];
    let wrong: Vec<_> = wrong.into_iter().flatten().collect();
    if !wrong.is_empty() {
        return page(&signed, Some(signed.told(wrong))).await;
    }
    match portal.accounts.change_password(&signed.actor, fields.secret("current"), new).await.map_err(|failure| signed.told(failure)) {
        Ok(()) => Ok(signed.see_done("/account", AccountDone::Password, &[])),
        Err(problem) => page(&signed, Some(problem)).await,
    }
}

/// `POST /account/end-session`.
pub async fn end_session(signed: Signed, fields: Fields) -> Answer {
    let id = fields.text("id").trim().parse().map_err(|_| crate::web::Refusal::not_found())?;
    signed.portal().sessions.end(&signed.actor, id).await?;
    Ok(signed.see_done("/account", AccountDone::Session, &[]))
}

/// `POST /account/end-others`.
pub async fn end_others(signed: Signed) -> Answer {
    signed.portal().sessions.end_others(&signed.actor).await?;
    Ok(signed.see_done("/account", AccountDone::Sessions, &[]))
}
