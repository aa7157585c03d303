//! `/setup`: makes the first admin with the token from the log.

use super::status_of;
use crate::web::body::Fields;
use crate::web::{Answer, Cx};
use app::page::Page;
use http::StatusCode;

/// `GET /setup`.
pub async fn show(cx: Cx) -> Answer {
    if !cx.portal().set_up.is_needed().await? {
        return Ok(cx.see("/signin"));
    }
    let token = cx.asked("token").unwrap_or_default();
    Ok(cx.page(StatusCode::OK, &Page::SetUp { token, name: String::new(), display: String::new(), problem: None }))
}

/// `POST /setup`.
pub async fn make(cx: Cx, fields: Fields) -> Answer {
    let (token, name) = (fields.text("token").trim(), fields.text("name").trim());
    let display = fields.text("display").trim();
    match cx.portal().set_up.make_first_user(token, name, display, fields.secret("password"), &cx.origin()).await.map_err(|failure| cx.told(failure)) {
        Ok(signed_in) => Ok(cx.see_with_session("/apps", &signed_in.token)),
        Err(problem) => {
            let (status, (token, name, display)) = (status_of(&problem), (token.to_owned(), name.to_owned(), display.to_owned()));
            Ok(cx.page(status, &Page::SetUp { token, name, display, problem: Some(problem) }))
        }
    }
}
