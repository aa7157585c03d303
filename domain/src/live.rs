//! The words of the one WebSocket, `GET /api/v1/live`.
//!
//! Text frames are JSON of [`ClientFrame`] and [`ServerFrame`]. Binary frames carry log text, see [`LogBatch`].

use crate::slugs::slugs;
use crate::view::{AppDetail, AppRow, ClusterHealth, OwnTeams, PodRow, SharedApp};
use crate::{AppId, Namespace, ProblemDetails, Tone, UnixMs};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

mod app;
mod board;
mod gather;
mod list;
mod log_note;
pub mod read;
mod steps;
#[cfg(test)]
mod tests;

pub use app::{AppState, changed_pods};
pub use board::{BoardState, Changed};
pub use gather::{Gather, PIECE_PAUSE_MS};
pub use list::{Group, GroupBy, ListQuery, Sort, arrange, need_attention};
pub use log_note::{LogNote, ReadLimit, RunEnd};
pub use steps::{Step, steps};

/// A header of what a page asks by itself, without its person: such a request is no use of the session. It needs no
/// trust, for it can only let a session end sooner.
pub const BACKGROUND_HEADER: &str = "x-quayside-background";
/// A header of an answer: the page below the base path that tells this session what was done.
pub const PAGE_HEADER: &str = "x-quayside-page";
/// Most topics that one socket may hold.
pub const MAX_TOPICS: usize = 16;
/// Seconds between two pings; nginx cuts an idle upstream at 60.
pub const PING_S: u64 = 20;

/// From the page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "t", rename_all = "snake_case")]
pub enum ClientFrame {
    /// Wants a topic under a number of the page's choice.
    Subscribe {
        /// The number.
        id: u32,
        /// The topic.
        topic: Topic,
    },
    /// Wants it no more.
    Unsubscribe {
        /// The number.
        id: u32,
    },
    /// Has painted log frames of this topic up to this many bytes in all; the server sends no more than
    /// [`LOG_WINDOW`] beyond it, so a slow reader slows only itself.
    Ack {
        /// The number.
        id: u32,
        /// Bytes of binary frames taken since the subscription.
        bytes: u64,
    },
}

/// Bytes of log that may be under way to one page.
pub const LOG_WINDOW: u64 = 4 * 1024 * 1024;

/// What can be watched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Topic {
    /// The list of a namespace, or of all that the person may see.
    Apps {
        /// The namespace.
        namespace: Option<Namespace>,
    },
    /// One app.
    App {
        /// Namespace, kind and name of it.
        app: AppId,
    },
    /// A log.
    Logs {
        /// The app whose pods write it.
        app: AppId,
        /// What of it.
        query: LogQuery,
    },
}

/// What of a log is wanted; the same words stand in the URL of the page and of the API.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct LogQuery {
    /// Only this pod.
    pub pod: Option<String>,
    /// Only this container.
    pub container: Option<String>,
    /// The container before the last restart.
    pub previous: bool,
    /// Go on as lines are written.
    pub follow: bool,
    /// Lines from the end per container; 100,000 at most.
    pub tail_lines: Option<u32>,
    /// Only the last seconds.
    pub since_seconds: Option<u32>,
    /// Only since this moment, for going on after the connection was lost; counts before `since_seconds`.
    pub since_time: Option<UnixMs>,
    /// Each line begins with the time at which the node took it.
    pub timestamps: bool,
}

impl LogQuery {
    /// Whether all of a log is read, once, without times: then nothing has to be known of its lines.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        let part = self.tail_lines.is_some() || self.since_seconds.is_some() || self.since_time.is_some();
        !self.follow && !self.timestamps && !part
    }
}

/// To the page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "t", rename_all = "snake_case")]
pub enum ServerFrame {
    /// The first word on a socket.
    Hello {
        /// The portal's version; a page of another version reloads itself.
        version: String,
        /// The server's clock, so that ages are right on a client whose clock is not.
        now: UnixMs,
    },
    /// How the portal stands to the cluster, as far as this person may know: the second word on a socket, and whenever it
    /// changes. It is of no topic.
    Health {
        /// How it stands.
        health: ClusterHealth,
    },
    /// The whole list; replaces what the page has. Another one follows where `teams` changes.
    Apps {
        /// The topic's number.
        id: u32,
        /// What to show of these namespaces in place of a row's team, also in changes.
        #[serde(default, skip_serializing_if = "OwnTeams::is_empty")]
        teams: OwnTeams,
        /// The rows, the same for all readers.
        rows: Vec<AppRow>,
    },
    /// Changes of the list.
    AppsDelta {
        /// The topic's number.
        id: u32,
        /// New or changed rows.
        set: Vec<AppRow>,
        /// Rows that are gone.
        gone: Vec<AppId>,
    },
    /// The page of an app; replaces what the page has. `None`: the app is gone. Another one follows where the reader may do
    /// something else than before.
    App {
        /// The topic's number.
        id: u32,
        /// The app, and its reader, who is also the one of changes.
        page: Option<Box<SharedApp>>,
    },
    /// Changes of the page of an app that the page has.
    AppDelta {
        /// The topic's number.
        id: u32,
        /// The app, without its pods.
        detail: Box<AppDetail>,
        /// Pods that are new or say something else.
        pods: Vec<PodRow>,
        /// The names of all pods in order, where any came, went or moved.
        order: Option<Vec<String>>,
    },
    /// A container whose lines will come, under a number for the binary frames.
    LogSource {
        /// The topic's number.
        id: u32,
        /// The source's number.
        source: u16,
        /// Name of the pod that writes.
        pod: String,
        /// Name of the container that writes.
        container: String,
    },
    /// A remark in the log, as the words of a [`LogNote`]: restarted, ended, gap, waits for the container.
    LogNote {
        /// The topic's number.
        id: u32,
        /// The source's number.
        source: u16,
        /// The moment that the remark is about.
        at: UnixMs,
        /// How it is to be taken: [`Tone::Info`], [`Tone::Warn`], [`Tone::Bad`] or [`Tone::End`].
        tone: Tone,
        /// The code of the [`LogNote`], for programs.
        code: Cow<'static, str>,
        /// One sentence.
        text: String,
    },
    /// Some messages were dropped because the page was slow; a fresh whole follows.
    Stale {
        /// The topic's number.
        id: u32,
    },
    /// The topic cannot be had, or no longer (role revoked, app gone).
    Denied {
        /// The topic's number.
        id: u32,
        /// Why the topic cannot be had.
        problem: ProblemDetails,
    },
    /// Still there. Sent every [`PING_S`] seconds beside the protocol's own ping, so that the page can tell a
    /// dead connection.
    Ping {
        /// The server's clock.
        now: UnixMs,
    },
    /// The last word: the session ended or the server restarts. The page says so and reconnects where that helps.
    Bye {
        /// Why.
        reason: Bye,
    },
}

slugs! {
    /// Why the server closes a socket.
    #[derive(Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    Bye {
        /// The server goes down and most likely comes back; connecting again helps.
        Restarting = "restarting",
        /// The session has ended; only signing in helps.
        SignedOut = "signed_out",
    }
}

/// A binary frame: topic number (u32), source number (u16), both little endian, then whole lines of log as the
/// node gave them, each with its RFC 3339 time in front and a line feed behind. Never cut within a line unless
/// the line is longer than 256 KiB; then the pieces follow each other and only the last ends in a line feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogBatch<'a> {
    /// The topic's number.
    pub id: u32,
    /// The source's number.
    pub source: u16,
    /// The lines.
    pub lines: &'a [u8],
}

/// Bytes before the lines of a binary frame.
pub const LOG_HEAD: usize = 6;

impl<'a> LogBatch<'a> {
    /// Reads a frame.
    #[must_use]
    pub fn read(frame: &'a [u8]) -> Option<Self> {
        let (head, lines) = frame.split_at_checked(LOG_HEAD)?;
        Some(Self { id: u32::from_le_bytes(head[..4].try_into().ok()?), source: u16::from_le_bytes(head[4..].try_into().ok()?), lines })
    }

    /// The bytes before the lines.
    #[must_use]
    pub fn head(id: u32, source: u16) -> [u8; LOG_HEAD] {
        let mut head = [0; LOG_HEAD];
        head[..4].copy_from_slice(&id.to_le_bytes());
        head[4..].copy_from_slice(&source.to_le_bytes());
        head
    }
}
