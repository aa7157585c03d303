//! One log on its way to a page.

use super::outgoing::Outgoing;
use super::wire::text;
use crate::state::App;
use axum::extract::ws::Message;
use bytes::{BufMut as _, BytesMut};
use domain::live::{LOG_HEAD, LOG_WINDOW, LogBatch, ServerFrame};
use service::logs::{LogFeed, LogItem};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// Most log bytes of one frame; a frame ends behind a line where it can.
const FRAME: usize = 256 * 1024;

/// Relays a feed until it ends, the page is gone or `ended` is cancelled. `acked` is what the page has painted.
pub(super) async fn relay(app: App, id: u32, feed: LogFeed, out: Outgoing, acked: watch::Receiver<u64>, ended: CancellationToken) {
    let relayed = pass_on(&app, id, feed, &out, acked, &ended);
    ended.run_until_cancelled(relayed).await;
}

async fn pass_on(app: &App, id: u32, mut feed: LogFeed, out: &Outgoing, mut acked: watch::Receiver<u64>, ended: &CancellationToken) {
    let mut sent: u64 = 0;
    while let Some(item) = feed.next().await {
        let alive = match item {
            LogItem::Source { source, pod, container } => word(out, &ServerFrame::LogSource { id, source, pod, container }, ended).await,
            LogItem::Note { source, at, note } => {
                let (tone, code, text) = (note.tone(), note.code().into(), app.language().log_note(&note, at));
                word(out, &ServerFrame::LogNote { id, source, at, tone, code, text }, ended).await
            }
            LogItem::Lines { source, bytes } => {
                app.numbers.relayed(memchr::memchr_iter(b'\n', &bytes).count(), bytes.len());
                let mut alive = true;
                for piece in pieces(&bytes) {
                    // The window may be overdrawn by one frame, so that a frame larger than it can ever pass.
                    if acked.wait_for(|acked| sent.saturating_sub(*acked) < LOG_WINDOW).await.is_err() {
                        return;
                    }
                    let mut frame = BytesMut::with_capacity(LOG_HEAD + piece.len());
                    frame.put_slice(&LogBatch::head(id, source));
                    frame.put_slice(piece);
                    sent += frame.len() as u64;
                    alive = out.log(Message::Binary(frame.freeze()), ended).await;
                    if !alive {
                        break;
                    }
                }
                alive
            }
        };
        if !alive {
            return;
        }
    }
}

async fn word(out: &Outgoing, frame: &ServerFrame, ended: &CancellationToken) -> bool {
    match text(frame) {
        Some(text) => out.log(Message::Text(text), ended).await,
        None => true,
    }
}

/// Cuts behind line ends where a batch is larger than a frame.
fn pieces(mut bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || {
        if bytes.is_empty() {
            return None;
        }
        let most = bytes.len().min(FRAME);
        let end = if most == bytes.len() { most } else { memchr::memrchr(b'\n', &bytes[..most]).map_or(most, |i| i + 1) };
        let (piece, rest) = bytes.split_at(end);
        bytes = rest;
        Some(piece)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_batches_are_cut_behind_lines() {
        let line = [b'x'; 999];
        let mut all = Vec::new();
        for _ in 0..600 {
            all.extend_from_slice(&line);
            all.push(b'\n');
        }
        let cut: Vec<&[u8]> = pieces(&all).collect();
        assert!(cut.len() > 1 && cut.iter().all(|p| p.ends_with(b"\n") && p.len() <= FRAME));
        assert_eq!(cut.concat(), all);
    }
}
