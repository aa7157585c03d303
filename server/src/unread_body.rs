//! What is left of a request's body when its answer is there.
//!
//! Many refusals come before the body is read. To close the connection then would reset it while the client still sends,
//! and a proxy makes a 502 of that. So the rest is read and thrown away, up to a limit, while the answer goes out.

use axum::body::Bytes;
use domain::secret::SecretValue;
use hyper::body::{Body, Frame, SizeHint};
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::time::timeout;

/// Bytes that are read and thrown away. More than any body that the portal takes.
const MOST: usize = 8 * 1024 * 1024;
/// Time for all of them.
const TIME: Duration = Duration::from_secs(30);
/// Time between two pieces.
const SILENCE: Duration = Duration::from_secs(5);

/// A request's body, which comes back through [`Rest`] where nobody has read it to its end.
pub struct Arriving<B: Body> {
    body: Option<B>,
    asked_for: bool,
    rest: Rest<B>,
}

/// Where the unread part of a body is found once the request is answered.
pub struct Rest<B>(Arc<Mutex<Option<Unread<B>>>>);

/// The unread part of a body.
pub struct Unread<B> {
    body: B,
    /// Somebody has begun to read it.
    begun: bool,
}

impl<B: Body> Arriving<B> {
    /// Wraps a body.
    #[must_use]
    pub fn new(body: B) -> (Self, Rest<B>) {
        let rest = Rest(Arc::default());
        (Self { body: Some(body), asked_for: false, rest: Rest(rest.0.clone()) }, rest)
    }
}

impl<B> Rest<B> {
    /// Takes the unread part, if there is one.
    #[must_use]
    pub fn take(&self) -> Option<Unread<B>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl<B: Body> Drop for Arriving<B> {
    fn drop(&mut self) {
        if let Some(body) = self.body.take().filter(|body| !body.is_end_stream()) {
            *self.rest.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Unread { body, begun: self.asked_for });
        }
    }
}

impl<B: Body + Unpin> Body for Arriving<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        self.asked_for = true;
        let Some(body) = &mut self.body else { return Poll::Ready(None) };
        let frame = Pin::new(body).poll_frame(cx);
        if let Poll::Ready(None | Some(Err(_))) = frame {
            self.body = None;
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.body.as_ref().map_or_else(|| SizeHint::with_exact(0), Body::size_hint)
    }
}

impl<B: Body<Data = Bytes> + Unpin> Unread<B> {
    /// Reads the rest and throws it away. A client that `waits` to be asked for the body (`Expect: 100-continue`) and was
    /// not gets its answer without sending it.
    pub async fn discard(mut self, waits: bool) {
        if waits && !self.begun {
            return;
        }
        let all = async {
            let mut left = MOST;
            while let Ok(Some(Ok(frame))) = timeout(SILENCE, poll_fn(|cx| Pin::new(&mut self.body).poll_frame(cx))).await {
                let Ok(bytes) = frame.into_data() else { continue };
                let Some(less) = left.checked_sub(bytes.len()) else { return };
                left = less;
                // It may hold a secret.
                drop(SecretValue::from(Vec::from(bytes)));
            }
        };
        let _not_all = timeout(TIME, all).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::convert::Infallible;
    use tokio::time::Instant;

    /// Pieces of 64 KiB, each after a while; for ever where no number is given.
    struct Pieces {
        each: Duration,
        left: Option<usize>,
        wait: Pin<Box<tokio::time::Sleep>>,
        given: Arc<Mutex<usize>>,
    }

    const PIECE: usize = 64 * 1024;

    fn pieces(each: Duration, left: Option<usize>) -> Pieces {
        Pieces { each, left, wait: Box::pin(tokio::time::sleep(each)), given: Arc::default() }
    }

    impl Body for Pieces {
        type Data = Bytes;
        type Error = Infallible;
        fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
            if self.left == Some(0) {
                return Poll::Ready(None);
            }
            if !self.each.is_zero() {
                std::task::ready!(self.wait.as_mut().poll(cx));
                self.wait = Box::pin(tokio::time::sleep(self.each));
            }
            self.left = self.left.map(|n| n - 1);
            *self.given.lock().unwrap() += PIECE;
            Poll::Ready(Some(Ok(Frame::data(Bytes::from(vec![0; PIECE])))))
        }
    }

    /// Seconds that it takes to throw a body away, and how much of it was read.
    async fn thrown_away(body: Pieces, waits: bool) -> (u64, usize) {
        let (begun, given) = (Instant::now(), body.given.clone());
        let (arriving, rest) = Arriving::new(body);
        drop(arriving);
        rest.take().unwrap().discard(waits).await;
        let given = *given.lock().unwrap();
        (begun.elapsed().as_secs(), given)
    }

    #[tokio::test(start_paused = true)]
    async fn the_rest_of_a_body_is_read_up_to_a_number_of_bytes_a_time_and_a_silence() {
        assert_eq!(thrown_away(pieces(Duration::ZERO, Some(3)), false).await, (0, 3 * PIECE), "all of a small one");
        assert_eq!(thrown_away(pieces(Duration::ZERO, None), false).await, (0, MOST + PIECE), "not all of an endless one");
        assert_eq!(thrown_away(pieces(Duration::from_secs(4), None), false).await.0, 30, "not for ever");
        assert_eq!(thrown_away(pieces(Duration::from_secs(60), None), false).await, (5, 0), "not where nothing comes");
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_waits_to_be_asked_for_a_body_is_not_asked_for_one_that_nobody_reads() {
        assert_eq!(thrown_away(pieces(Duration::ZERO, Some(3)), true).await, (0, 0));
    }

    #[tokio::test]
    async fn of_a_body_that_was_read_to_its_end_nothing_is_left() {
        let (mut arriving, rest) = Arriving::new(pieces(Duration::ZERO, Some(2)));
        while poll_fn(|cx| Pin::new(&mut arriving).poll_frame(cx)).await.is_some() {}
        drop(arriving);
        assert!(rest.take().is_none());
    }
}
