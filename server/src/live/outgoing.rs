//! The task that writes to the socket: first what is short, then log text.

use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, close_code};
use futures::stream::SplitSink;
use futures::{Sink, SinkExt as _};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// Frames that may wait to be written; one more and the page counts as slow.
const WAITING: usize = 16;
/// Log frames that may wait, 64 KiB or so each.
const LOGS_WAITING: usize = 8;
/// A frame that cannot be written for this long ends the socket.
const STUCK: Duration = Duration::from_secs(30);

/// Where frames are handed in.
#[derive(Clone)]
pub(super) struct Outgoing {
    frames: mpsc::Sender<Message>,
    logs: mpsc::Sender<LogFrame>,
}

/// A frame of a log, and whether it may still be written.
struct LogFrame {
    message: Message,
    ended: CancellationToken,
}

impl Outgoing {
    /// Starts the writer. Its task ends when all senders are dropped or the socket is.
    pub(super) fn start(sink: SplitSink<WebSocket, Message>) -> (Self, tokio::task::JoinHandle<()>) {
        let (frames, frames_rx) = mpsc::channel(WAITING);
        let (logs, logs_rx) = mpsc::channel(LOGS_WAITING);
        (Self { frames, logs }, tokio::spawn(write(sink, frames_rx, logs_rx)))
    }

    /// A place for a frame, if there is one now.
    pub(super) fn room(&self) -> Option<mpsc::Permit<'_, Message>> {
        self.frames.try_reserve().ok()
    }

    /// Waits until there is room; `false` when the socket is gone.
    pub(super) async fn wait_for_room(&self) -> bool {
        self.frames.reserve().await.is_ok()
    }

    /// Hands in a frame, waiting for room.
    pub(super) async fn send(&self, message: Message) -> bool {
        self.frames.send(message).await.is_ok()
    }

    /// Hands in a text frame, waiting for room.
    pub(super) async fn text(&self, text: Option<Utf8Bytes>) -> bool {
        match text {
            Some(text) => self.send(Message::Text(text)).await,
            None => true,
        }
    }

    /// Hands in log text or what belongs between it, waiting for room; these keep their order. What is not written when
    /// `ended` is cancelled never is.
    pub(super) async fn log(&self, message: Message, ended: &CancellationToken) -> bool {
        self.logs.send(LogFrame { message, ended: ended.clone() }).await.is_ok()
    }

    /// The last frame; the writer ends behind it.
    pub(super) async fn close(&self, code: u16, reason: &'static str) {
        let frame = CloseFrame { code, reason: Utf8Bytes::from_static(reason) };
        let _ = tokio::time::timeout(Duration::from_secs(1), self.send(Message::Close(Some(frame)))).await;
    }
}

/// The server restarts.
pub(super) const RESTARTING: u16 = close_code::RESTART;
/// The person may no longer.
pub(super) const NO_LONGER: u16 = close_code::POLICY;

async fn write(mut sink: impl Sink<Message> + Unpin, mut frames: mpsc::Receiver<Message>, mut logs: mpsc::Receiver<LogFrame>) {
    loop {
        let message = tokio::select! {
            biased;
            Some(message) = frames.recv() => message,
            Some(frame) = logs.recv() => match frame.ended.is_cancelled() {
                true => continue,
                false => frame.message,
            },
            else => return,
        };
        let last = matches!(message, Message::Close(_));
        let written = tokio::time::timeout(STUCK, sink.send(message)).await;
        if last || !matches!(written, Ok(Ok(()))) {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::StreamExt as _;

    #[tokio::test]
    async fn what_waits_of_a_log_that_may_be_read_no_longer_is_not_written() {
        let ((frames, frames_rx), (logs, logs_rx)) = (mpsc::channel(WAITING), mpsc::channel(LOGS_WAITING));
        let out = Outgoing { frames, logs };
        let (ended, goes_on) = (CancellationToken::new(), CancellationToken::new());
        for (text, token) in [("of the lost namespace", &ended), ("of another one", &goes_on), ("of the lost namespace too", &ended)] {
            assert!(out.log(Message::Text(text.into()), token).await);
        }
        ended.cancel();
        assert!(out.text(Some("denied".into())).await);
        drop(out);
        let (sink, written) = futures::channel::mpsc::unbounded();
        write(sink, frames_rx, logs_rx).await;
        let written: Vec<_> = written.map(|m| m.into_text().unwrap().to_string()).collect().await;
        assert_eq!(written, ["denied", "of another one"]);
    }
}
