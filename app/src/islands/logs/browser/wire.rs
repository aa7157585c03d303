//! What comes over the socket: sources, lines, remarks, and how the connection stands.

use super::super::address::TAIL;
use super::super::sources::Sources;
use super::{Shared, View, ask, now};
use crate::client::dom;
use crate::client::socket::{self, Link, Message, Subscription};
use domain::live::{LogQuery, ServerFrame, Topic};
use leptos::prelude::GetUntracked as _;
use std::rc::Rc;

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
    pub(super) fn state(&self, sources: &Sources) -> (String, &'static str, &'static str) {
        if self.denied.is_some() {
            return ("Refused".to_owned(), "st-bad", "failing");
        }
        match socket::link().get_untracked() {
            Link::Connecting => ("Connecting".to_owned(), "st-idle", "unknown"),
            Link::Waiting(seconds) => (format!("Reconnecting in {seconds} s"), "st-warn", "degraded"),
            Link::Polling => ("Reconnecting".to_owned(), "st-warn", "degraded"),
            Link::Live if sources.all_ended() => ("Ended".to_owned(), "st-idle", "stopped"),
            Link::Live if self.lag > BEHIND_MS && now().0 - self.heard < 2_000 => (format!("Behind {} s", self.lag / 1000), "st-warn", "degraded"),
            Link::Live => ("Connected".to_owned(), "st-ok", "running"),
        }
    }

    /// What stands where no line is.
    pub(super) fn waiting(&self, sources: &Sources, empty: bool) -> String {
        if !empty {
            return "No line of this level.".to_owned();
        }
        if let Some(detail) = &self.denied {
            return detail.clone();
        }
        match socket::link().get_untracked() {
            Link::Polling => "Live lines need WebSockets, and they do not get through here. The download has the log as text.".to_owned(),
            Link::Live if sources.all_ended() => "This log has no lines.".to_owned(),
            Link::Live if now().0 - self.since > 2_000 => "No line yet. New ones appear here as they are written.".to_owned(),
            _ => String::new(),
        }
    }

    /// Milliseconds of the last word of this log.
    fn silent_s(&self) -> u32 {
        u32::try_from((now().0 - self.heard.max(self.since)) / 1000).unwrap_or(0)
    }
}

/// Begins the log that the place asks for, in place of any other.
pub(super) fn subscribe(view: &Shared) {
    let query = view.borrow().query();
    open(view, query);
}

/// Goes on after the connection was lost.
fn resume(view: &Shared) {
    let query = {
        let mut v = view.borrow_mut();
        let mut query = v.query();
        if v.wire.bytes > 0 {
            query.since_seconds = Some(v.wire.silent_s() + 10);
            query.tail_lines = Some(RESUME_LINES);
        }
        v.sources.lost();
        query
    };
    open(view, query);
}

fn open(view: &Shared, query: LogQuery) {
    let id = socket::new_id();
    let (turn, app) = {
        let mut v = view.borrow_mut();
        let before = std::mem::take(&mut v.wire);
        v.wire = Wire { turn: before.turn + 1, since: now().0, heard: before.heard, ..Wire::default() };
        (v.wire.turn, v.app.clone())
        // The old subscription ends here.
    };
    let weak = Rc::downgrade(view);
    let mut began = false;
    let sub = socket::subscribe(id, Topic::Logs { app, query }, move |message| {
        let Some(view) = weak.upgrade() else { return };
        {
            let Ok(mut v) = view.try_borrow_mut() else { return };
            if v.wire.turn != turn {
                return;
            }
            match message {
                // The first one only says that the socket is open.
                Message::Again if !began => {
                    began = true;
                    return;
                }
                Message::Again => {
                    drop(v);
                    // Not from within this call: the socket is about to send the old topic.
                    dom::later(0, move || resume(&view));
                    return;
                }
                Message::Lines { source, lines } => {
                    began = true;
                    v.lines(source, lines);
                }
                Message::Frame(frame) => {
                    began = true;
                    v.frame(frame);
                }
            }
        }
        ask(&view);
    });
    view.borrow_mut().wire.sub = Some(sub);
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
        if fresh.is_empty() {
            return;
        }
        self.take(source, fresh);
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
                if tone == "end" {
                    self.sources.end(local);
                }
                self.remark(local, at, &tone, &text);
            }
            ServerFrame::Denied { problem, .. } => {
                self.wire.denied = Some(problem.detail);
                self.wire.sub = None;
                self.dirty = true;
            }
            _ => {}
        }
    }
}
