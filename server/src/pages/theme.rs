//! `POST /theme`: light, dark, or as the system does.

use crate::web::body::Fields;
use crate::web::cx::theme_name;
use crate::web::local_path::next_or_start;
use crate::web::{Answer, Cx, cookies};
use http::header;

/// `POST /theme`.
pub async fn set(cx: Cx, fields: Fields) -> Answer {
    let mut response = cx.see(next_or_start(fields.text("next")));
    if let Some(cookie) = cookies::theme(&cx.context, theme_name(fields.text("theme"))) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}
