//! The way of the portal's own log to standard error. Whoever logs neither waits nor fails: lines go through a bounded queue
//! to a thread of its own. Where nobody reads, the disk is full or the pipe is closed, lines are dropped and counted.

use crate::numbers::LOG_LINES_DROPPED;
use std::io::{Error, ErrorKind, Result, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;
use tracing_subscriber::fmt::MakeWriter;

/// Lines that may wait.
const LINES: usize = 4096;
/// And their bytes.
const BYTES: usize = 2 * 1024 * 1024;
/// Tries of a line, 10 ms apart, where the reader of a pipe that does not block is slow.
const PATIENCE: u32 = 100;

enum Message {
    Line(Vec<u8>),
    /// Everything before it has been tried.
    Reached(SyncSender<()>),
}

/// Where lines are put. A clone is the same queue.
#[derive(Clone)]
pub struct LogQueue {
    messages: SyncSender<Message>,
    waiting: Arc<AtomicUsize>,
}

impl LogQueue {
    /// Starts the thread that writes to `out`.
    ///
    /// # Errors
    /// The system gives no thread.
    pub fn start(out: impl Write + Send + 'static) -> Result<Self> {
        let (messages, received) = sync_channel(LINES);
        let waiting = Arc::new(AtomicUsize::new(0));
        let queue = Self { messages, waiting: waiting.clone() };
        std::thread::Builder::new().name("log".to_owned()).spawn(move || pass_on(&received, &waiting, out))?;
        Ok(queue)
    }

    fn line(&self, line: &[u8]) {
        let fits = self.waiting.fetch_add(line.len(), Relaxed) + line.len() <= BYTES;
        if !fits || self.messages.try_send(Message::Line(line.to_vec())).is_err() {
            self.waiting.fetch_sub(line.len(), Relaxed);
            LOG_LINES_DROPPED.fetch_add(1, Relaxed);
        }
    }

    /// Waits until what was logged before has been written, at most `longest`.
    pub fn flush(&self, longest: Duration) {
        let (reached, told) = sync_channel(1);
        if self.messages.try_send(Message::Reached(reached)).is_ok() {
            let _ = told.recv_timeout(longest);
        }
    }
}

fn pass_on(received: &Receiver<Message>, waiting: &AtomicUsize, mut out: impl Write) {
    // Since the last line that went out; and whether that one is only there in part.
    let (mut dropped, mut torn) = (0_u64, false);
    while let Ok(message) = received.recv() {
        let line = match message {
            Message::Line(line) => line,
            Message::Reached(told) => {
                let _ = told.try_send(());
                continue;
            }
        };
        waiting.fetch_sub(line.len(), Relaxed);
        let whole = if torn { [b"\n", line.as_slice()].concat() } else { line };
        match write_all(&mut out, &whole) {
            Ok(()) => {
                torn = false;
                if dropped > 0 {
                    tracing::warn!(lines = std::mem::take(&mut dropped), "lines of this log could not be written and are missing here");
                }
            }
            Err((_, written)) => {
                torn = torn || written > 0;
                dropped += 1;
                LOG_LINES_DROPPED.fetch_add(1, Relaxed);
            }
        }
    }
}

/// Writes a line, or tells how far it came.
fn write_all(out: &mut impl Write, line: &[u8]) -> std::result::Result<(), (Error, usize)> {
    let (mut written, mut patience) = (0, PATIENCE);
    while written < line.len() {
        match out.write(&line[written..]) {
            Ok(0) => return Err((ErrorKind::WriteZero.into(), written)),
            Ok(count) => written += count,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) if error.kind() == ErrorKind::WouldBlock && patience > 0 => {
                patience -= 1;
                std::thread::sleep(Duration::from_millis(10));
            }
            Err(error) => return Err((error, written)),
        }
    }
    Ok(())
}

/// A line that is being written; the formatter hands over a whole one at once.
pub struct Out<'a>(&'a LogQueue);

impl Write for Out<'_> {
    fn write(&mut self, line: &[u8]) -> Result<usize> {
        self.0.line(line);
        Ok(line.len())
    }

    fn flush(&mut self) -> Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for LogQueue {
    type Writer = Out<'a>;

    fn make_writer(&'a self) -> Out<'a> {
        Out(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Mutex;

    const LONG: Duration = Duration::from_secs(20);

    /// Takes what it is told to take.
    #[derive(Clone, Default)]
    struct Paper {
        text: Arc<Mutex<Vec<u8>>>,
        room: Arc<AtomicUsize>,
    }

    impl Write for Paper {
        fn write(&mut self, line: &[u8]) -> Result<usize> {
            let count = line.len().min(self.room.load(Relaxed));
            if count == 0 {
                return Err(ErrorKind::StorageFull.into());
            }
            self.room.fetch_sub(count, Relaxed);
            self.text.lock().unwrap().extend_from_slice(&line[..count]);
            Ok(count)
        }
        fn flush(&mut self) -> Result<()> {
            Ok(())
        }
    }

    fn text(paper: &Paper) -> String {
        String::from_utf8(paper.text.lock().unwrap().clone()).unwrap()
    }

    #[test]
    fn lines_come_in_order_and_whole_lines_follow_a_torn_one() {
        let paper = Paper::default();
        paper.room.store(8, Relaxed);
        let queue = LogQueue::start(paper.clone()).unwrap();
        queue.line(b"one\n");
        queue.line(b"two and more\n");
        queue.line(b"lost\n");
        queue.flush(LONG);
        paper.room.store(1000, Relaxed);
        queue.line(b"three\n");
        queue.flush(LONG);
        assert_eq!(text(&paper), "one\ntwo \nthree\n");
    }

    #[test]
    fn nobody_waits_for_a_reader_that_stands_still() {
        struct Stuck(Receiver<()>);
        impl Write for Stuck {
            fn write(&mut self, line: &[u8]) -> Result<usize> {
                let _ = self.0.recv();
                Ok(line.len())
            }
            fn flush(&mut self) -> Result<()> {
                Ok(())
            }
        }
        let (go, gate) = sync_channel(0);
        let queue = LogQueue::start(Stuck(gate)).unwrap();
        let before = LOG_LINES_DROPPED.load(Relaxed);
        for _ in 0..3 * LINES {
            queue.line(b"x\n");
        }
        assert!(LOG_LINES_DROPPED.load(Relaxed) - before >= 2 * LINES as u64 - 1);
        queue.line(&vec![b'x'; BYTES + 1]);
        assert!(queue.waiting.load(Relaxed) <= BYTES);
        drop(go);
    }
}
