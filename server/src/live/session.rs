//! One socket from its first word to its last.

use super::apps::{AppTopic, ListTopic};
use super::budget::Budget;
use super::logs::relay;
use super::outgoing::{NO_LONGER, Outgoing, RESTARTING};
use super::wire::{Frame, text};
use crate::client_connection::{Cut, LAST_WORDS, LOOK_AGAIN};
use crate::state::App;
use axum::extract::ws::{Message, Utf8Bytes, WebSocket};
use domain::live::{Bye, ClientFrame, LogQuery, MAX_TOPICS, PING_S, ServerFrame, Topic};
use domain::problem::{AppProblem, LimitProblem};
use domain::view::{ClusterHealth, SharedApp};
use domain::{AppId, Code, Problem};
use futures::stream::{BoxStream, SelectAll, SplitStream};
use futures::{FutureExt as _, StreamExt as _};
use service::access::Actor;
use service::projection::HealthNow;
use service::{Failure, Outcome};
use std::collections::BTreeMap;
use std::mem;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::Instant;
use tokio_util::sync::{CancellationToken, DropGuard};

/// A page that says nothing for this long is gone: it answers pings every [`PING_S`] seconds.
const SILENCE: Duration = Duration::from_secs(PING_S * 3);
/// A page that was behind for longer than this is told so and gets the whole anew.
const BEHIND: Duration = Duration::from_secs(2);

/// One subscription.
enum Held {
    List(Box<ListTopic>),
    App(Box<AppTopic>),
    Log {
        app: AppId,
        acked: watch::Sender<u64>,
        /// Cancelled when this is dropped: then nothing more of the log is read, nor what was read written.
        _ends: DropGuard,
    },
    /// A log that opens when the cluster has been read.
    LogToCome {
        app: AppId,
        query: LogQuery,
    },
}

impl Held {
    /// What yields whenever the page may lack something of this. Log text comes by itself.
    fn wakes(&self) -> Vec<BoxStream<'static, ()>> {
        match self {
            Self::List(list) => list.reader.followed().map(told).collect(),
            Self::App(topic) => vec![told(topic.changes())],
            Self::Log { .. } | Self::LogToCome { .. } => Vec::new(),
        }
    }
}

/// Yields whenever a value has changed, until nobody changes it any more.
fn told<T: Send + Sync + 'static>(value: watch::Receiver<T>) -> BoxStream<'static, ()> {
    futures::stream::unfold(value, |mut value| async move { value.changed().await.ok().map(|()| ((), value)) }).boxed()
}

/// What is brought up to date.
#[derive(Clone, Copy, PartialEq, Eq)]
enum News {
    /// Something that is followed has changed.
    Followed,
    /// Time has passed, which changes sentences, or what the person may see has changed.
    All,
}

/// Why a socket ends.
enum End {
    /// The page went, or broke the rules of the protocol.
    Gone,
    /// The person may no longer.
    SignedOut,
    /// The server stops.
    Restarting,
}

struct Session {
    app: App,
    actor: Actor,
    out: Outgoing,
    topics: BTreeMap<u32, Held>,
    /// How the portal stands to the cluster, as the page knows it.
    health: Option<ClusterHealth>,
    /// What that was written from: its sentences are not written again at each change of a row.
    health_from: Option<Arc<HealthNow>>,
    /// Since when the writer has had no room for news.
    behind: Option<Instant>,
    budget: Budget,
    /// Something that has to be said found no room.
    stuck: bool,
    /// The last look at the session failed; then comes the next one.
    look_again: Option<Instant>,
    /// Topics follow something else than was listened to.
    follows_anew: bool,
}

/// Serves a socket to its end. A page that has stopped reading would keep what is under way, also when its person is
/// signed out; a moment later the connection goes.
pub(super) async fn run(app: App, actor: Actor, socket: WebSocket, cut: Cut) {
    let (sink, mut stream) = socket.split();
    let (out, mut writer) = Outgoing::start(sink);
    let mut session = Session {
        app,
        actor,
        out,
        topics: BTreeMap::new(),
        health: None,
        health_from: None,
        behind: None,
        budget: Budget::full(),
        stuck: false,
        look_again: None,
        follows_anew: false,
    };
    let end = session.serve(&mut stream).await;
    session.topics.clear();
    match end {
        End::Gone => writer.abort(),
        End::SignedOut => {
            let farewell = async {
                session.bye(Bye::SignedOut, NO_LONGER).await;
                while let Some(Ok(_)) = stream.next().await {}
            };
            if tokio::time::timeout(LAST_WORDS, farewell).await.is_err() {
                cut.now();
                writer.abort();
            }
        }
        End::Restarting => session.bye(Bye::Restarting, RESTARTING).await,
    }
    drop(session);
    if tokio::time::timeout(Duration::from_secs(2), &mut writer).await.is_err() {
        writer.abort();
    }
}

impl Session {
    async fn serve(&mut self, stream: &mut SplitStream<WebSocket>) -> End {
        let now = self.app.portal.clock.now();
        if !self.out.text(text(&ServerFrame::Hello { version: env!("CARGO_PKG_VERSION").to_owned(), now })).await {
            return End::Gone;
        }
        let projections = self.app.portal.app_list.projections();
        let (mut health, mut names) = (projections.health(), projections.names());
        let mut access = self.app.portal.access_changes.of(&self.actor);
        // For what has changed before anybody listened.
        if !self.recheck().await {
            return End::SignedOut;
        }
        self.tell_health(News::All);
        let mut ping = tokio::time::interval(Duration::from_secs(PING_S));
        ping.reset();
        let mut heard = Instant::now();
        let (soft, out) = (self.app.life.soft.clone(), self.out.clone());
        // Yields whenever something that a topic follows has changed.
        let mut wakes = SelectAll::new();
        loop {
            if self.stuck {
                return End::Gone;
            }
            if mem::take(&mut self.follows_anew) {
                wakes = self.topics.values().flat_map(Held::wakes).collect();
            }
            tokio::select! {
                biased;
                () = soft.cancelled() => return End::Restarting,
                alive = access.changed() => {
                    if !alive || !self.recheck().await {
                        return End::SignedOut;
                    }
                }
                () = tokio::time::sleep_until(self.look_again.unwrap_or(heard)), if self.look_again.is_some() => {
                    if !self.recheck().await {
                        return End::SignedOut;
                    }
                }
                _ = ping.tick() => {
                    // The age limits of a session pass without any signal, so they are looked at here.
                    if heard.elapsed() > SILENCE {
                        return End::Gone;
                    }
                    if !self.recheck().await {
                        return End::SignedOut;
                    }
                    self.ping();
                }
                message = stream.next() => {
                    heard = Instant::now();
                    match message {
                        Some(Ok(Message::Text(frame))) => match serde_json::from_str(&frame) {
                            Ok(frame) if self.budget.takes(&frame) => self.hear(frame).await,
                            Ok(_) | Err(_) => return End::Gone,
                        },
                        Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                        Some(Ok(Message::Binary(_) | Message::Close(_)) | Err(_)) | None => return End::Gone,
                    }
                }
                Some(()) = wakes.next() => {
                    // What else has changed by now is told along.
                    while let Some(Some(())) = wakes.next().now_or_never() {}
                    self.app.numbers.socket_wakes.fetch_add(1, Relaxed);
                    self.news(News::Followed).await;
                }
                Ok(()) = health.changed() => self.news(News::Followed).await,
                // All others see the namespaces of their teams.
                Ok(()) = names.changed(), if self.actor.me().admin => {
                    self.follow();
                    self.news(News::Followed).await;
                }
                alive = out.wait_for_room(), if self.behind.is_some() => {
                    if !alive {
                        return End::Gone;
                    }
                    self.catch_up().await;
                }
            }
        }
    }

    /// A frame of the page.
    async fn hear(&mut self, frame: ClientFrame) {
        // What was read is acknowledged by the page itself, also where nobody looks at it.
        if !matches!(frame, ClientFrame::Ack { .. })
            && let Err(failure) = self.app.portal.authenticator.note_use(&self.actor).await
        {
            // The next look at the session ends the socket.
            tracing::debug!(%failure, "the use of a session could not be noted");
        }
        match frame {
            ClientFrame::Subscribe { id, topic } => {
                // A number taken again replaces what was under it.
                self.topics.remove(&id);
                if self.topics.len() >= MAX_TOPICS {
                    return self.deny(id, LimitProblem::Topics { most: MAX_TOPICS }.into());
                }
                if let Err(failure) = self.subscribe(id, topic).await {
                    self.deny(id, failure.into_problem());
                }
            }
            ClientFrame::Unsubscribe { id } => {
                self.topics.remove(&id);
                self.follows_anew = true;
            }
            ClientFrame::Ack { id, bytes } => {
                if let Some(Held::Log { acked, .. }) = self.topics.get(&id) {
                    acked.send_if_modified(|known| {
                        bytes > *known && {
                            *known = bytes;
                            true
                        }
                    });
                }
            }
        }
    }

    async fn subscribe(&mut self, id: u32, topic: Topic) -> Outcome<()> {
        let held = match topic {
            Topic::Apps { namespace } => {
                let mut list = ListTopic { namespace, ..ListTopic::default() };
                list.follow(&self.app.portal, &self.actor)?;
                Held::List(Box::new(list))
            }
            Topic::App { app } => {
                let viewer = self.app.portal.access.viewer(&self.actor, &app.namespace)?;
                let open = self.app.portal.observer.open(&viewer, &app);
                let changes = self.app.portal.app_list.follow(&viewer, &app);
                Held::App(Box::new(AppTopic::new(app, changes, open)))
            }
            Topic::Logs { app, query } => self.log(id, app, query).await?,
        };
        self.topics.insert(id, held);
        self.follows_anew = true;
        self.news(News::Followed).await;
        Ok(())
    }

    /// Lets lists follow what this person may see now; those of which that is nothing are lost.
    fn follow(&mut self) {
        let mut lost = Vec::new();
        for (id, held) in &mut self.topics {
            if let Held::List(list) = held
                && let Err(failure) = list.follow(&self.app.portal, &self.actor)
            {
                lost.push((*id, failure.into_problem()));
            }
        }
        self.lose(lost);
    }

    /// Ends topics. All reading stops before the first word is written, and what waits to be written goes, however slow the
    /// page is.
    fn lose(&mut self, lost: Vec<(u32, Problem)>) {
        for (id, _) in &lost {
            self.topics.remove(id);
        }
        self.follows_anew = true;
        for (id, problem) in lost {
            self.deny(id, problem);
        }
    }

    /// The log, or a place for it where the portal has just started: a page that comes back then asks only once.
    async fn log(&self, id: u32, app: AppId, query: LogQuery) -> Outcome<Held> {
        match self.open_log(id, app.clone(), query.clone()).await {
            Err(Failure::Told(Problem::App(AppProblem::StillLoading))) => Ok(Held::LogToCome { app, query }),
            opened => opened,
        }
    }

    async fn open_log(&self, id: u32, app: AppId, query: LogQuery) -> Outcome<Held> {
        let viewer = self.app.portal.access.viewer(&self.actor, &app.namespace)?;
        // A page sorts lines by their times and goes on by them.
        let query = LogQuery { timestamps: true, ..query };
        let feed = self.app.portal.logs.open(&viewer, &app, query).await?;
        let (acked, window) = watch::channel(0);
        let ended = CancellationToken::new();
        tokio::spawn(relay(self.app.clone(), id, feed, self.out.clone(), window, ended.clone()));
        Ok(Held::Log { app, acked, _ends: ended.drop_guard() })
    }

    /// Tells how the portal stands to the cluster, where the page does not know; this answers whether the cluster has been read.
    fn tell_health(&mut self, what: News) -> bool {
        let now = self.app.portal.app_list.projections().health().borrow().clone();
        let ready = now.cluster.ready;
        if what == News::Followed && self.health_from.as_ref().is_some_and(|from| Arc::ptr_eq(from, &now)) {
            return ready;
        }
        let health = now.told_to(&self.actor);
        if self.health.as_ref() == Some(&health) {
            self.health_from = Some(now);
        } else {
            match self.out.room() {
                Some(room) => {
                    if let Some(frame) = text(&Frame::Health { health: &health }) {
                        room.send(Message::Text(frame));
                    }
                    (self.health, self.health_from) = (Some(health), Some(now));
                }
                None => drop(self.behind.get_or_insert_with(Instant::now)),
            }
        }
        ready
    }

    /// Brings every list and app of the page up to date, as far as the writer has room.
    async fn news(&mut self, what: News) {
        let ready = self.tell_health(what);
        let (mut lost, mut to_open) = (Vec::new(), Vec::new());
        for (id, held) in &mut self.topics {
            let Some(room) = self.out.room() else {
                self.behind.get_or_insert_with(Instant::now);
                break;
            };
            let frame = match held {
                Held::Log { .. } => None,
                Held::LogToCome { app, query } => {
                    if ready {
                        to_open.push((*id, app.clone(), query.clone()));
                    }
                    None
                }
                Held::List(list) => list.reader.frame(*id, &self.actor).map(Utf8Bytes::from),
                Held::App(topic) => {
                    let lacks = topic.may_lack();
                    let judged = (lacks || what == News::All).then(|| detail(&self.app, &self.actor, &topic.app).map_err(Failure::into_problem));
                    match judged.transpose() {
                        Ok(None) => None,
                        Ok(Some(shared)) => topic.frame(*id, shared),
                        Err(problem) if problem.code() == Code::NotFound => topic.gone(*id),
                        // Nothing is known yet; the page keeps what it has.
                        Err(problem) if problem.code() == Code::ClusterAway => None,
                        Err(problem) => {
                            lost.push((*id, problem));
                            None
                        }
                    }
                }
            };
            if let Some(frame) = frame {
                room.send(Message::Text(frame));
            }
        }
        for (id, app, query) in to_open {
            match self.log(id, app, query).await {
                Ok(held) => drop(self.topics.insert(id, held)),
                Err(failure) => lost.push((id, failure.into_problem())),
            }
        }
        if !lost.is_empty() {
            self.lose(lost);
        }
    }

    /// There is room again: what was missed comes as one change, or as a whole where it was long.
    async fn catch_up(&mut self) {
        let long = self.behind.take().is_some_and(|since| since.elapsed() > BEHIND);
        if long {
            for (id, held) in &mut self.topics {
                match held {
                    Held::List(list) => list.reader.forget(),
                    Held::App(topic) => topic.forget(),
                    Held::Log { .. } | Held::LogToCome { .. } => continue,
                }
                if let (Some(room), Some(frame)) = (self.out.room(), text(&ServerFrame::Stale { id: *id })) {
                    room.send(Message::Text(frame));
                }
            }
        }
        self.news(News::All).await;
    }

    /// Looks again at who this is and what they may; `false` when they are signed out.
    async fn recheck(&mut self) -> bool {
        match self.app.portal.authenticator.recheck(&self.actor).await {
            Ok(actor) => self.actor = actor,
            // A database that is busy ends nobody's session; the next look comes soon.
            Err(Failure::Store(error)) => {
                tracing::warn!(%error, "a session could not be looked at again");
                self.look_again = Some(Instant::now() + LOOK_AGAIN);
                return true;
            }
            Err(_) => return false,
        }
        self.look_again = None;
        let mut lost = Vec::new();
        for (id, held) in &mut self.topics {
            let allowed = match held {
                Held::List(list) => list.follow(&self.app.portal, &self.actor),
                Held::App(topic) => self.app.portal.access.viewer(&self.actor, &topic.app.namespace).map(drop),
                Held::Log { app, .. } | Held::LogToCome { app, .. } => self.app.portal.access.viewer(&self.actor, &app.namespace).map(drop),
            };
            if let Err(failure) = allowed {
                lost.push((*id, failure.into_problem()));
            }
        }
        self.lose(lost);
        self.news(News::All).await;
        true
    }

    fn ping(&self) {
        if let (Some(room), Some(frame)) = (self.out.room(), text(&ServerFrame::Ping { now: self.app.portal.clock.now() })) {
            room.send(Message::Text(frame));
        }
        if let Some(room) = self.out.room() {
            room.send(Message::Ping(bytes::Bytes::new()));
        }
    }

    /// Says no without waiting: who reads so slowly that there is no room has to start anew, and a sign-out must not wait.
    fn deny(&mut self, id: u32, problem: Problem) {
        let problem = self.app.language().problem(&problem);
        match (self.out.room(), text(&ServerFrame::Denied { id, problem })) {
            (Some(room), Some(frame)) => room.send(Message::Text(frame)),
            _ => self.stuck = true,
        }
    }

    async fn bye(&self, reason: Bye, code: u16) {
        let frame = text(&ServerFrame::Bye { reason });
        let _ = tokio::time::timeout(Duration::from_secs(1), self.out.text(frame)).await;
        self.out.close(code, reason.slug()).await;
    }
}

fn detail(app: &App, actor: &Actor, id: &AppId) -> Outcome<SharedApp> {
    let viewer = app.portal.access.viewer(actor, &id.namespace)?;
    app.portal.apps.shared(&viewer, id)
}
