//! The task that writes to the socket: first what is short, then log text.

use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, close_code};
use futures::SinkExt as _;
use futures::stream::SplitSink;
use std::time::Duration;
use tokio::sync::mpsc;

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
    logs: mpsc::Sender<Message>,
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

    /// Hands in log text or what belongs between it, waiting for room; these keep their order.
    pub(super) async fn log(&self, frame: Message) -> bool {
        self.logs.send(frame).await.is_ok()
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

async fn write(mut sink: SplitSink<WebSocket, Message>, mut frames: mpsc::Receiver<Message>, mut logs: mpsc::Receiver<Message>) {
    loop {
        let message = tokio::select! {
            biased;
            Some(message) = frames.recv() => message,
            Some(message) = logs.recv() => message,
            else => return,
        };
        let last = matches!(message, Message::Close(_));
        let written = tokio::time::timeout(STUCK, sink.send(message)).await;
        if last || !matches!(written, Ok(Ok(()))) {
            return;
        }
    }
}
