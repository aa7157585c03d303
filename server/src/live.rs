//! The one WebSocket, `GET /api/v1/live`; its words are in [`domain::live`].
//!
//! A socket has one task that decides and one that writes. Lists and apps are never queued as changes: the task
//! remembers what the page has and sends the difference to what there is, as soon as the writer has room. So a
//! slow page gets fewer and larger changes, and nothing is lost. Logs flow in a window that the page opens by
//! acknowledging; a full window stops the reading of that log only.

mod admission;
mod apps;
mod budget;
mod handshake;
mod logs;
mod outgoing;
mod session;
mod wire;

pub use admission::{Seat, Sockets};
pub use handshake::{Handshake, NoHandshake};

use crate::client_connection::Cut;
use crate::web::{Answer, Refusal, Signed, cross_site};
use axum::Extension;
use axum::response::IntoResponse as _;

/// Most bytes of a frame from a page.
const INCOMING_LIMIT: usize = 64 * 1024;

/// `GET /api/v1/live`.
pub async fn open(signed: Signed, Extension(cut): Extension<Cut>, handshake: Result<Handshake, NoHandshake>) -> Answer {
    cross_site::check_socket(&signed.context, &signed.headers).map_err(Refusal::new)?;
    let upgrade = match handshake {
        Ok(Handshake(upgrade)) => upgrade,
        Err(none) => return Ok(none.into_response()),
    };
    let seat = Sockets::admit(&signed.app, (signed.actor.user().id, signed.actor.session_id()))?;
    let (app, actor) = (signed.app.clone(), signed.actor.clone());
    let upgrade = upgrade.max_message_size(INCOMING_LIMIT).max_frame_size(INCOMING_LIMIT).write_buffer_size(0);
    let task = app.life.tasks.token();
    cut.never_for_slowness();
    let response = upgrade.on_upgrade(async move |socket| {
        session::run(app, actor, socket, cut).await;
        drop((seat, task));
    });
    Ok(response.into_response())
}
