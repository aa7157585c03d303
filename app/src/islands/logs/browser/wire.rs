//! What comes over the socket: sources, lines, remarks, and how the connection stands.

use super::super::address::TAIL;
use super::super::sources::Sources;
use super::{Shared, View, ask, now};
use crate::client::dom;
use crate::client::socket::{self, Link, Message, Subscription};
use domain::Tone;
use domain::live::{LogQuery, ServerFrame, Topic};
use leptos::prelude::GetUntracked as _;
use std::rc::Rc;

/// After this time without a line it is said that there is none yet.
const QUIET_MS: i32 = 2_000;
/// Bytes after which the server hears that they were taken.
const ACK_EVERY: u64 = 256 * 1024;
/// A log whose newest line is older than this, while lines still come, is behind.
const BEHIND_MS: i64 = 5_000;
/// After a subscription old lines come first; nothing is behind in that time.
const CATCH_UP_MS: i64 = 4_000;
/// Most lines that are asked for after the connection was lost.
const RESUME_LINES: u32 = 100_000;

/// The subscription and what is known of it.
#[derive(Default)]
pub(super) struct Wire {
    sub: Option<Subscription>,
    bytes: u64,
    acked: u64,
    since: i64,
    heard: i64,
    lag: i64,
    denied: Option<String>,
    /// Which subscription is meant; frames of an older one are left aside.
    turn: u32,
}

impl Wire {
    /// Word, class and glyph of the connection.
    pub(super) fn state(&self, sources: &Sources, previous: bool) -> (String, &'static str, &'static str) {
        if self.denied.is_some() {
            return ("Refused".to_owned(), "st-bad", "failing");
        }
        match socket::link().get_untracked() {
            Link::Connecting => ("Connecting".to_owned(), "st-idle", "unknown"),
            Link::Waiting(seconds) => (format!("Reconnecting in {seconds} s"), "st-warn", "degraded"),
            Link::Polling => ("Reconnecting".to_owned(), "st-warn", "degraded"),
            Link::Live if previous || sources.all_ended() => ("Ended".to_owned(), "st-idle", "stopped"),
            Link::Live if self.lag > BEHIND_MS && now().0 - self.heard < 2_000 => (format!("Behind {} s", self.lag / 1000), "st-warn", "degraded"),
            Link::Live => ("Connected".to_owned(), "st-ok", "running"),
        }
    }

    /// What stands where no line is.
    pub(super) fn waiting(&self, sources: &Sources, empty: bool, previous: bool) -> String {
        if !empty {
            return String::new();
        }
        if let Some(detail) = &self.denied {
            return detail.clone();
        }
        match socket::link().get_untracked() {
            Link::Polling => "Live logs need WebSockets, which are blocked here. Download the log as text instead.".to_owned(),
            Link::Live if sources.all_ended() => "This log is empty.".to_owned(),
            Link::Live if previous => String::new(),
            Link::Live if now().0 - self.since > i64::from(QUIET_MS) => "No lines yet. New lines appear here as they are written.".to_owned(),
            Link::Connecting | Link::Live | Link::Waiting(_) => String::new(),
        }
    }
}

/// Begins the log that the place asks for, in place of any other.
pub(super) fn subscribe(view: &Shared) {
    let query = view.borrow().query();
    open(view, query);
}

fn open(view: &Shared, query: LogQuery) {
    let id = socket::new_id();
    let (turn, app) = {
        let mut v = view.borrow_mut();
        // The old subscription ends here.
        v.wire = Wire { turn: v.wire.turn + 1, since: now().0, heard: v.wire.heard, ..Wire::default() };
        (v.wire.turn, v.app.clone())
    };
    let weak = Rc::downgrade(view);
    let sub = socket::subscribe(id, Topic::Logs { app, query }, move |message| {
        let Some(view) = weak.upgrade() else { return };
        {
            let Ok(mut v) = view.try_borrow_mut() else { return };
            if v.wire.turn != turn {
                return;
            }
            match message {
                Message::Again => v.again(),
                Message::Lines { source, lines } => v.lines(source, lines),
                Message::Frame(frame) => v.frame(frame),
            }
        }
        ask(&view);
    });
    view.borrow_mut().wire.sub = Some(sub);
    // Where nothing comes, nothing else would paint what is said of that.
    let weak = Rc::downgrade(view);
    dom::later(QUIET_MS + 100, move || {
        if let Some(view) = weak.upgrade() {
            ask(&view);
        }
    });
}

impl View {
    fn query(&self) -> LogQuery {
        let mut query = self.place.query.clone();
        query.follow = !query.previous;
        query.timestamps = true;
        query.tail_lines = Some(query.tail_lines.unwrap_or(TAIL));
        if let Some(at) = self.at
            && query.since_seconds.is_none()
        {
            // Enough before the moment to see what led to it.
            query.since_seconds = u32::try_from((now().0 - at) / 1000 + 120).ok();
            query.tail_lines = Some(20_000);
        }
        query
    }

    /// The connection is new: goes on behind the last lines that are here; without any, from the start.
    fn again(&mut self) {
        let mut query = self.query();
        if let Some(since) = self.sources.lost() {
            query.since_time = Some(since);
            query.tail_lines = Some(RESUME_LINES);
        }
        let wire = &mut self.wire;
        (wire.bytes, wire.acked, wire.lag, wire.since) = (0, 0, 0, now().0);
        if let Some(sub) = &wire.sub {
            sub.change(Topic::Logs { app: self.app.clone(), query });
        }
    }

    fn lines(&mut self, number: u16, lines: &[u8]) {
        self.wire.bytes += (domain::live::LOG_HEAD + lines.len()) as u64;
        if self.wire.bytes - self.wire.acked >= ACK_EVERY
            && let Some(sub) = &self.wire.sub
        {
            sub.ack(self.wire.bytes);
            self.wire.acked = self.wire.bytes;
        }
        let Some(source) = self.sources.local(number) else { return };
        let fresh = self.sources.fresh(source, lines);
        if fresh.lines.is_empty() {
            return;
        }
        if let Some(at) = fresh.gap {
            self.remark(source, at, Tone::Warn, "Connection lost here. Some lines are missing.");
        }
        self.take(source, fresh.lines);
        let at = now().0;
        self.wire.heard = at;
        if at - self.wire.since > CATCH_UP_MS
            && self.pause.is_none()
            && let Some(newest) = self.buffer.lines().back().and_then(domain::log::Line::at)
        {
            self.wire.lag = (socket::now().0 - newest.0).max(0);
        }
    }

    fn frame(&mut self, frame: ServerFrame) {
        match frame {
            ServerFrame::LogSource { source, pod, container, .. } => {
                let many = self.sources.many_containers();
                self.sources.announce(source, &pod, &container);
                if self.sources.many_containers() != many {
                    self.stamp += 1;
                }
                self.dirty = true;
            }
            ServerFrame::LogNote { source, at, tone, text, .. } => {
                let local = self.sources.local(source).unwrap_or(u16::MAX);
                if tone == Tone::End {
                    self.sources.end(local);
                }
                self.remark(local, at, tone, &text);
            }
            ServerFrame::Denied { problem, .. } => {
                self.wire.denied = Some(problem.detail);
                self.wire.sub = None;
                self.dirty = true;
            }
            ServerFrame::Hello { .. }
            | ServerFrame::Health { .. }
            | ServerFrame::Apps { .. }
            | ServerFrame::AppsDelta { .. }
            | ServerFrame::App { .. }
            | ServerFrame::AppDelta { .. }
            | ServerFrame::Stale { .. }
            | ServerFrame::Ping { .. }
            | ServerFrame::Bye { .. } => {}
        }
    }
}
