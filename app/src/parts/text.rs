//! Times, names and numbers as a person reads them.

use crate::html::{Html, html};
use domain::time::short;
use domain::{Kind, UnixMs, short_image};
use leptos::prelude::*;
use std::sync::atomic::{AtomicI64, Ordering};

/// `41 d`: from `at` to `now`.
#[must_use]
pub fn age(at: UnixMs, now: UnixMs) -> String {
    short(now.since(at))
}

/// An age that goes on: the browser writes it anew each second (`client::ages`). `words` has `{}` in its place, such as
/// `for {}`.
#[must_use]
pub fn aging(words: &'static str, at: UnixMs, now: UnixMs) -> impl IntoView {
    html(|h| h.aging(words, at, now)).into_view()
}

/// The words with the age in them.
#[must_use]
pub fn aged(words: &str, at: UnixMs, now: UnixMs) -> String {
    words.replace("{}", &age(at, now))
}

/// `26 min ago`.
#[must_use]
pub fn ago(at: UnixMs, now: UnixMs) -> impl IntoView {
    aging("{} ago", at, now)
}

/// What goes into a textarea with `inner_html`: the view macro writes such a text as it is, which would let it end the
/// element.
#[must_use]
pub fn as_text(value: &str) -> String {
    value.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

static ZONE_MIN: AtomicI64 = AtomicI64::new(0);

/// The browser says how many minutes it is ahead of UTC; the server stays with UTC.
pub fn set_zone(minutes: i64) {
    ZONE_MIN.store(minutes, Ordering::Relaxed);
}

/// `14:31:07` in the zone of the person; on the server in UTC.
#[must_use]
pub fn clock(at: UnixMs) -> String {
    at.plus(ZONE_MIN.load(Ordering::Relaxed) * 60_000).clock()
}

/// The time of day; the browser turns it into local time, without scripts it is UTC and says so in its title.
#[must_use]
pub fn time(at: UnixMs) -> impl IntoView {
    html(|h| {
        h.time(at);
    })
    .into_view()
}

/// The day and the time of day; the browser turns it into local time, without scripts it is UTC and says so.
#[must_use]
pub fn moment(at: UnixMs) -> impl IntoView {
    view! { <time datetime=at.rfc3339() title=at.rfc3339() data-local="day">{format!("{} UTC", day(at))}</time> }
}

/// `2026-11-29 14:31:07` in the zone of the person; on the server in UTC.
#[must_use]
pub fn day(at: UnixMs) -> String {
    at.plus(ZONE_MIN.load(Ordering::Relaxed) * 60_000).rfc3339().replace('T', " ").replace('Z', "")
}

/// A long name keeps its end: the head is cut by the style sheet, the last 14 characters stay.
#[must_use]
pub fn mid(name: &str) -> impl IntoView + use<> {
    html(|h| h.mid(name)).into_view()
}

/// `ksml:1.0.8` with the whole reference in its title. Where room is scarce it is cut once, before the end of the tag:
/// `loklak:lat…opment`, `metrics-s…:1.0.8`.
#[must_use]
pub fn image(reference: &str) -> impl IntoView + use<> {
    html(|h| h.image(reference)).into_view()
}

impl Html {
    /// As [`aging`].
    pub fn aging(&mut self, words: &'static str, at: UnixMs, now: UnixMs) {
        let machine = at.rfc3339();
        self.raw("<time").attr("datetime", &machine).attr("title", &machine).attr("data-age", words);
        self.raw(if is_quick(at, now) { " data-quick=\"\">" } else { ">" }).text(&aged(words, at, now)).raw("</time>");
    }

    /// As [`time`].
    pub fn time(&mut self, at: UnixMs) -> &mut Self {
        let machine = at.rfc3339();
        self.raw("<time").attr("datetime", &machine).attr("title", &machine).raw(" data-local=\"\">").text(&clock(at)).raw("</time>")
    }

    /// As [`mid`].
    pub fn mid(&mut self, name: &str) {
        let count = name.chars().count();
        let split = if count > 24 { name.char_indices().nth(count - 14).map_or(0, |(at, _)| at) } else { 0 };
        let (head, tail) = name.split_at(split);
        self.raw("<span class=\"mid\">");
        if head.is_empty() {
            self.text(tail).raw("</span>");
        } else {
            self.raw("<span>").text(head).raw("</span><span>").text(tail).raw("</span></span>");
        }
    }

    /// As [`image`].
    pub fn image(&mut self, reference: &str) {
        const COLON: &str = "<span class=\"muted\">:</span>";
        let (name, tag) = short_image(reference);
        let split = tag.char_indices().rev().nth(5).filter(|_| tag.chars().count() > 10).map_or(0, |(at, _)| at);
        let (begin, end) = tag.split_at(split);
        self.raw("<span class=\"mid mono text-xs\"").attr("title", reference).raw("><span><span class=\"muted\">").text(name).raw("</span>");
        if !begin.is_empty() {
            self.raw(COLON).text(begin);
        }
        self.raw("</span><span>").raw(if begin.is_empty() { COLON } else { "" }).text(end).raw("</span></span>");
    }
}

/// Whether an age is so young that its words change by the second.
#[must_use]
pub const fn is_quick(at: UnixMs, now: UnixMs) -> bool {
    now.since(at) < 90_000
}

/// `Deploy`, `Stateful`, … for narrow columns.
#[must_use]
pub const fn kind_short(kind: Kind) -> &'static str {
    match kind {
        Kind::Deployment => "Deploy",
        Kind::StatefulSet => "Stateful",
        Kind::DaemonSet => "Daemon",
        Kind::Job => "Job",
        Kind::CronJob => "Cron",
        Kind::Pod => "Pod",
    }
}

/// `1 app`, `4 apps`.
#[must_use]
pub fn count(n: usize, one: &str) -> String {
    if n == 1 { format!("1 {one}") } else { format!("{n} {one}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_ages_read_well() {
        assert_eq!(count(1, "app"), "1 app");
        assert_eq!(count(0, "app"), "0 apps");
        assert_eq!(age(UnixMs(0), UnixMs(120_000)), "2 min");
        assert_eq!(aged("for {}", UnixMs(0), UnixMs(5_000)), "for 5 s");
    }
}
