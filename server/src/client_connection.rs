//! A client's connection that can be cut. Whoever does not read any more keeps the kernel sending what is under way, for
//! minutes; a cut connection ends at once, and what was not read is lost.

use std::future::Future as _;
use std::io::{Error, ErrorKind, IoSlice, Result};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::Sleep;
use tokio_util::sync::CancellationToken;

/// Time in which a client has to take some of its answer. Without it, whoever asks and does not read keeps a place and the
/// memory of an answer for ever.
const TAKES_SOME: Duration = Duration::from_secs(30);

/// Time for what is under way when somebody may no longer read.
pub const LAST_WORDS: Duration = Duration::from_millis(500);
/// Until it is looked again whether somebody may read on, where the database could not tell.
pub const LOOK_AGAIN: Duration = Duration::from_millis(500);

/// Cuts the connection that a request came on.
#[derive(Clone, Debug, Default)]
pub struct Cut {
    done: CancellationToken,
    may_stop: Arc<AtomicBool>,
}

impl Cut {
    /// Cuts it.
    pub fn now(&self) {
        self.done.cancel();
    }

    /// Waits until it is cut.
    pub async fn done(&self) {
        self.done.cancelled().await;
    }

    /// From now on the client may take nothing for as long as it likes: a log stands still while somebody reads it in a
    /// pager. Only for what has places that are counted for each person.
    pub fn never_for_slowness(&self) {
        self.may_stop.store(true, Ordering::Relaxed);
    }
}

/// The connection. Whoever holds it has to drop it when it is cut.
pub struct Line {
    stream: TcpStream,
    cut: Cut,
    /// Runs while the client takes nothing.
    stuck: Option<Pin<Box<Sleep>>>,
}

impl Line {
    /// A connection that `cut` cuts.
    #[must_use]
    pub fn new(stream: TcpStream, cut: Cut) -> Self {
        Self { stream, cut, stuck: None }
    }

    /// Ends a write that has waited for too long.
    fn in_time(&mut self, cx: &mut Context<'_>, written: Poll<Result<usize>>) -> Poll<Result<usize>> {
        if written.is_ready() || self.cut.may_stop.load(Ordering::Relaxed) {
            self.stuck = None;
            return written;
        }
        let stuck = self.stuck.get_or_insert_with(|| Box::pin(tokio::time::sleep(TAKES_SOME)));
        stuck.as_mut().poll(cx).map(|()| Err(Error::new(ErrorKind::TimedOut, "the client takes nothing of its answer")))
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        if self.cut.done.is_cancelled()
            && let Err(error) = self.stream.set_zero_linger()
        {
            tracing::debug!(%error, "a connection that was cut ends when its client has read the rest");
        }
    }
}

impl AsyncRead for Line {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl AsyncWrite for Line {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.in_time(cx, written)
    }

    fn poll_write_vectored(mut self: Pin<&mut Self>, cx: &mut Context<'_>, pieces: &[IoSlice<'_>]) -> Poll<Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, pieces);
        self.in_time(cx, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;

    async fn pair(cut: Cut) -> (Line, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        (Line::new(listener.accept().await.unwrap().0, cut), client)
    }

    /// More than the kernel holds for somebody who does not read.
    fn much() -> Vec<u8> {
        vec![0; 32 << 20]
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_takes_nothing_of_an_answer_loses_the_connection() {
        let (mut line, _client) = pair(Cut::default()).await;
        assert_eq!(line.write_all(&much()).await.unwrap_err().kind(), ErrorKind::TimedOut);
    }

    #[tokio::test]
    async fn whoever_may_stop_reading_gets_the_rest_afterwards() {
        let cut = Cut::default();
        cut.never_for_slowness();
        let (mut line, mut client) = pair(cut).await;
        let writing = tokio::spawn(async move { line.write_all(&much()).await });
        tokio::time::pause();
        tokio::time::advance(TAKES_SOME * 10).await;
        assert!(!writing.is_finished());
        tokio::time::resume();
        client.read_exact(&mut much()).await.unwrap();
        writing.await.unwrap().unwrap();
    }
}
