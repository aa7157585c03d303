//! The queue between the readers of containers (one lane each) and the one who reads the feed.
//!
//! The node skips lines when a follower lags while a log rotates, so each lane reads ahead. It waits when its share
//! is full; then only this feed slows. A small share is every lane's own, just enough to go on; all else comes from a
//! pool of the whole portal, so that slow readers together cannot take all its memory, and one who takes the pool's
//! last byte takes nothing from the own shares of others. How many lanes there are is bounded too, see `Places`.

use super::LogItem;
use bytes::{Bytes, BytesMut};
use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

/// Bytes that a lane may always hold.
const OWN: usize = 16 * 1024;
/// Lines are gathered to batches of about this size when the reader is behind.
const BATCH: usize = 64 * 1024;
/// What a remark counts, so that remarks are limited like lines.
const REMARK: usize = 512;

/// Bytes that all feeds together may read ahead beyond their own shares.
#[derive(Debug)]
pub(crate) struct Pool(AtomicUsize);

impl Pool {
    pub(crate) fn new(bytes: usize) -> Self {
        Self(AtomicUsize::new(bytes))
    }

    fn take(&self, bytes: usize) -> bool {
        self.0.try_update(Ordering::Relaxed, Ordering::Relaxed, |free| free.checked_sub(bytes)).is_ok()
    }

    fn give(&self, bytes: usize) {
        self.0.fetch_add(bytes, Ordering::Relaxed);
    }

    #[cfg(test)]
    pub(crate) fn free(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

enum Entry {
    Lines(BytesMut),
    Item(LogItem),
}

#[derive(Default)]
struct Lane {
    queue: VecDeque<Entry>,
    bytes: usize,
    /// How much of it is the pool's.
    borrowed: usize,
    room: Arc<Notify>,
    /// Nobody writes any more.
    closed: bool,
}

#[derive(Default)]
struct State {
    lanes: BTreeMap<u16, Lane>,
    /// Lanes with something in them, in the order in which they are served.
    ready: VecDeque<u16>,
    borrowed: usize,
    ended: bool,
}

/// All lanes of a feed.
pub(super) struct Lanes {
    state: Mutex<State>,
    readable: Notify,
    pool: Arc<Pool>,
    /// Most bytes of a lane.
    lane_limit: usize,
    /// Most bytes borrowed by all lanes of this feed.
    feed_limit: usize,
}

impl Lanes {
    pub(super) fn new(pool: Arc<Pool>, lane_limit: usize) -> Arc<Self> {
        let lane_limit = lane_limit.max(OWN);
        Arc::new(Self { state: Mutex::default(), readable: Notify::new(), pool, lane_limit, feed_limit: lane_limit.saturating_mul(4) })
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Nothing in here panics between two changes that belong together.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A new lane.
    pub(super) fn lane(self: &Arc<Self>, source: u16) -> LaneWriter {
        let room = Arc::new(Notify::new());
        self.lock().lanes.insert(source, Lane { room: room.clone(), ..Lane::default() });
        LaneWriter { lanes: self.clone(), source, room }
    }

    /// Nothing more will come.
    pub(super) fn end(&self) {
        self.lock().ended = true;
        self.readable.notify_one();
    }

    /// What comes next, lane by lane; `None` at the end.
    pub(super) async fn next(&self) -> Option<LogItem> {
        loop {
            {
                let mut state = self.lock();
                if let Some(item) = self.pop(&mut state) {
                    return Some(item);
                }
                if state.ended {
                    return None;
                }
            }
            // A permit is kept for a push that happens before this line.
            self.readable.notified().await;
        }
    }

    fn pop(&self, state: &mut State) -> Option<LogItem> {
        let source = state.ready.pop_front()?;
        let lane = state.lanes.get_mut(&source)?;
        let entry = lane.queue.pop_front()?;
        lane.bytes -= cost(&entry);
        let keeps = lane.borrowed.min(lane.bytes.saturating_sub(OWN));
        let back = lane.borrowed - keeps;
        lane.borrowed = keeps;
        state.borrowed -= back;
        self.pool.give(back);
        lane.room.notify_one();
        if !lane.queue.is_empty() {
            state.ready.push_back(source);
        } else if lane.closed {
            state.lanes.remove(&source);
        }
        Some(match entry {
            Entry::Item(item) => item,
            Entry::Lines(lines) => LogItem::Lines { source, bytes: Bytes::from(lines) },
        })
    }

    /// Puts an entry into a lane, or gives it back where the lane is full.
    fn push(&self, source: u16, entry: Entry) -> Result<(), Entry> {
        let mut state = self.lock();
        let State { lanes, ready, borrowed, .. } = &mut *state;
        let Some(lane) = lanes.get_mut(&source) else { return Ok(()) };
        let bytes = lane.bytes + cost(&entry);
        let more = bytes.saturating_sub(OWN).saturating_sub(lane.borrowed);
        let fits = more == 0 || (bytes <= self.lane_limit && *borrowed + more <= self.feed_limit && self.pool.take(more));
        if fits {
            lane.borrowed += more;
            *borrowed += more;
        } else if lane.bytes > 0 {
            return Err(entry);
        }
        // An empty lane takes one entry of any size, or a long line could never pass.
        lane.bytes = bytes;
        if lane.queue.is_empty() {
            ready.push_back(source);
        }
        match (lane.queue.back_mut(), entry) {
            (Some(Entry::Lines(before)), Entry::Lines(lines)) if before.len() + lines.len() <= BATCH => before.extend_from_slice(&lines),
            (_, entry) => lane.queue.push_back(entry),
        }
        drop(state);
        self.readable.notify_one();
        Ok(())
    }
}

impl Drop for Lanes {
    fn drop(&mut self) {
        let borrowed = self.lock().borrowed;
        self.pool.give(borrowed);
    }
}

fn cost(entry: &Entry) -> usize {
    match entry {
        Entry::Lines(lines) => lines.len(),
        Entry::Item(_) => REMARK,
    }
}

/// The writing end of a lane. Dropping it closes the lane; what is in it can still be read.
pub(super) struct LaneWriter {
    lanes: Arc<Lanes>,
    source: u16,
    room: Arc<Notify>,
}

impl LaneWriter {
    /// The lane's number.
    pub(super) fn source(&self) -> u16 {
        self.source
    }

    /// Queues lines; waits where the lane is full.
    pub(super) async fn lines(&self, lines: BytesMut) {
        if !lines.is_empty() {
            self.push(Entry::Lines(lines)).await;
        }
    }

    /// Queues a remark; waits where the lane is full.
    pub(super) async fn item(&self, item: LogItem) {
        self.push(Entry::Item(item)).await;
    }

    async fn push(&self, mut entry: Entry) {
        while let Err(back) = self.lanes.push(self.source, entry) {
            entry = back;
            self.room.notified().await;
        }
    }
}

impl Drop for LaneWriter {
    fn drop(&mut self) {
        let mut state = self.lanes.lock();
        match state.lanes.get_mut(&self.source) {
            Some(lane) if !lane.queue.is_empty() => lane.closed = true,
            _ => {
                state.lanes.remove(&self.source);
            }
        }
    }
}

#[cfg(test)]
mod tests;
