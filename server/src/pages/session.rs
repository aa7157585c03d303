//! `/signin` and `/signout`.

use super::status_of;
use crate::web::body::Fields;
use crate::web::local_path::next_or_start;
use crate::web::{Answer, Cx, Signed};
use app::page::Page;
use axum::response::IntoResponse as _;
use domain::form::{AccountWrong, Field, Finding};
use domain::problem::SignInProblem;
use http::StatusCode;

/// `GET /signin`.
pub async fn show(cx: Cx) -> Answer {
    let next = cx.asked("next").unwrap_or_default();
    let next = next_or_start(&next);
    if cx.actor.is_some() {
        return Ok(cx.see(next));
    }
    if cx.portal().set_up.is_needed().await? {
        return Ok(cx.see("/setup"));
    }
    let problem = cx.asked("kept").map(|_| cx.told(SignInProblem::CookieNotKept));
    // The page that was open when the session ended leads here by itself, so it is said why.
    let ended = cx.asked("ended").is_some();
    Ok(cx.page(StatusCode::OK, &Page::SignIn { next: next.to_owned(), name: String::new(), problem, ended }))
}

/// `POST /signin`.
pub async fn sign_in(cx: Cx, fields: Fields) -> Answer {
    let asked = cx.asked("next").unwrap_or_default();
    let next = next_or_start(if fields.text("next").is_empty() { &asked } else { fields.text("next") }).to_owned();
    let name = fields.text("name").trim().to_owned();
    let empty = [
        name.is_empty().then(|| Finding::new(Field::Name, AccountWrong::NoUsername)),
        fields.text("password").is_empty().then(|| Finding::new(Field::Password, AccountWrong::NoPassword)),
    ];
    let empty: Vec<_> = empty.into_iter().flatten().collect();
    if !empty.is_empty() {
        let problem = cx.told(empty);
        return Ok(cx.page(status_of(&problem), &Page::SignIn { next, name, problem: Some(problem), ended: false }));
    }
    match cx.portal().sessions.sign_in(&name, fields.secret("password"), &cx.origin()).await.map_err(|failure| cx.told(failure)) {
        Ok(signed_in) => {
            cx.portal().sessions.leave_behind(cx.actor.as_ref()).await;
            Ok(cx.see_with_session(&next, &signed_in.token))
        }
        Err(problem) => {
            let mut page = cx.page(status_of(&problem), &Page::SignIn { next, name, problem: Some(problem.clone()), ended: false });
            if let Some(seconds) = problem.retry_after_s {
                page.headers_mut().insert(http::header::RETRY_AFTER, seconds.into());
            }
            Ok(page)
        }
    }
}

/// `POST /signout`.
pub async fn sign_out(signed: Signed) -> Answer {
    signed.portal().sessions.sign_out(&signed.actor).await?;
    let mut response = signed.see("/signin").into_response();
    signed.put_session(&mut response, "");
    Ok(response)
}
