//! The one WebSocket of a page, shared by its islands.
//!
//! It reconnects by itself with growing pauses, subscribes again, notices a dead connection by missing pings, and
//! falls back to polling the API where WebSockets do not get through. What happens is visible in [`link`].

use super::{board, dom};
use crate::backoff::Backoff;
use domain::live::{Bye, ClientFrame, LogBatch, ServerFrame, Topic, read};
use domain::view::ClusterHealth;
use domain::{Code, UnixMs};
use leptos::prelude::{ArcRwSignal, GetUntracked as _, Set as _};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{BinaryType, MessageEvent, WebSocket};

pub use crate::backoff::Link;

/// Without a word for so long, a connection is dead.
const DEAD_MS: i64 = 45_000;
const POLL_MS: i64 = 5_000;

/// What a subscriber gets.
pub enum Message<'a> {
    /// A text frame of its topic, or how the portal stands to the cluster.
    Frame(ServerFrame),
    /// Log text of its topic.
    Lines {
        /// The source's number.
        source: u16,
        /// The lines as they came.
        lines: &'a [u8],
    },
    /// A connection is new and about to be asked for the topic: it starts again from nothing, the first one too.
    Again,
}

type Callback = Rc<RefCell<dyn FnMut(Message<'_>)>>;

struct Sub {
    id: u32,
    topic: Topic,
    callback: Callback,
}

impl Sub {
    /// The viewer of logs shows nothing of it.
    fn hears_health(&self) -> bool {
        match self.topic {
            Topic::Apps { .. } | Topic::App { .. } => true,
            Topic::Logs { .. } => false,
        }
    }
}

#[derive(Default)]
struct Hub {
    link: ArcRwSignal<Link>,
    subs: RefCell<Vec<Sub>>,
    socket: RefCell<Option<WebSocket>>,
    handlers: RefCell<Vec<JsValue>>,
    backoff: RefCell<Backoff>,
    heard: Cell<i64>,
    polled: Cell<i64>,
    asking: Cell<bool>,
    /// From the browser's clock to the server's, once that has told it.
    offset: Cell<Option<i64>>,
    version: RefCell<Option<String>>,
    /// How the portal stands to the cluster, where it has told it.
    health: RefCell<Option<ClusterHealth>>,
    next: Cell<u32>,
    started: Cell<bool>,
}

thread_local! {
    static HUB: Rc<Hub> = Rc::default();
}

/// A topic that is watched for as long as this lives.
pub struct Subscription(u32);

impl Subscription {
    /// Says how many bytes of log text were taken in all.
    pub fn ack(&self, bytes: u64) {
        HUB.with(|hub| hub.send(&ClientFrame::Ack { id: self.0, bytes }));
    }

    /// Says what the next connection is asked for; the present one goes on as it is.
    pub fn change(&self, topic: Topic) {
        HUB.with(|hub| {
            if let Some(sub) = hub.subs.borrow_mut().iter_mut().find(|s| s.id == self.0) {
                sub.topic = topic;
            }
        });
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        HUB.with(|hub| {
            hub.subs.borrow_mut().retain(|s| s.id != self.0);
            hub.send(&ClientFrame::Unsubscribe { id: self.0 });
        });
    }
}

/// A number for a topic; frames of the topic carry it.
#[must_use]
pub fn new_id() -> u32 {
    HUB.with(|hub| {
        hub.next.set(hub.next.get() + 1);
        hub.next.get()
    })
}

/// Watches a topic under a number from [`new_id`]. The first subscription opens the socket.
#[must_use]
pub fn subscribe(id: u32, topic: Topic, callback: impl FnMut(Message<'_>) + 'static) -> Subscription {
    HUB.with(|hub| {
        hub.send(&ClientFrame::Subscribe { id, topic: topic.clone() });
        let sub = Sub { id, topic, callback: Rc::new(RefCell::new(callback)) };
        let known = hub.health.borrow().clone().filter(|_| sub.hears_health());
        hub.subs.borrow_mut().push(sub);
        // The portal tells it once; this part of the page may have woken later.
        if let Some(health) = known {
            hub.give(id, Message::Frame(ServerFrame::Health { health }));
        }
        if !hub.started.replace(true) {
            hub.connect();
            let hub = hub.clone();
            dom::every(1000, move || hub.tick());
        }
    });
    Subscription(id)
}

/// How the page stands to the portal.
#[must_use]
pub fn link() -> ArcRwSignal<Link> {
    HUB.with(|hub| hub.link.clone())
}

/// Whether this page has a socket, or tries to have one.
#[must_use]
pub fn is_used() -> bool {
    HUB.with(|hub| hub.started.get())
}

/// The server's clock.
#[must_use]
pub fn now() -> UnixMs {
    told_now().unwrap_or_else(|| UnixMs(dom::now()))
}

/// The server's clock, where it has told it.
#[must_use]
pub fn told_now() -> Option<UnixMs> {
    HUB.with(|hub| hub.offset.get().map(|offset| UnixMs(dom::now() + offset)))
}

impl Hub {
    fn show(&self, link: Link) {
        if self.link.get_untracked() != link {
            self.link.set(link);
        }
    }

    fn send(&self, frame: &ClientFrame) {
        if let (Some(socket), Ok(text)) = (&*self.socket.borrow(), serde_json::to_string(frame))
            && socket.ready_state() == WebSocket::OPEN
        {
            let _ = socket.send_with_str(&text);
        }
    }

    fn connect(self: &Rc<Self>) {
        let Some(location) = dom::window().map(|w| w.location()) else { return };
        let scheme = if location.protocol().is_ok_and(|p| p == "https:") { "wss" } else { "ws" };
        let url = format!("{scheme}://{}{}/api/v1/live", location.host().unwrap_or_default(), dom::base());
        let Ok(socket) = WebSocket::new(&url) else { return self.lost() };
        socket.set_binary_type(BinaryType::Arraybuffer);
        self.heard.set(dom::now());
        let hub = Rc::downgrade(self);
        let opened = Closure::<dyn FnMut()>::new({
            let hub = hub.clone();
            move || {
                if let Some(hub) = hub.upgrade() {
                    hub.opened();
                }
            }
        });
        let heard = Closure::<dyn FnMut(MessageEvent)>::new({
            let hub = hub.clone();
            move |event: MessageEvent| {
                if let Some(hub) = hub.upgrade() {
                    hub.take(&event.data());
                }
            }
        });
        let closed = Closure::<dyn FnMut()>::new(move || {
            if let Some(hub) = hub.upgrade() {
                hub.lost();
            }
        });
        socket.set_onopen(Some(opened.as_ref().unchecked_ref()));
        socket.set_onmessage(Some(heard.as_ref().unchecked_ref()));
        socket.set_onclose(Some(closed.as_ref().unchecked_ref()));
        *self.handlers.borrow_mut() = vec![opened.into_js_value(), heard.into_js_value(), closed.into_js_value()];
        *self.socket.borrow_mut() = Some(socket);
    }

    fn opened(&self) {
        let subs: Vec<_> = self.subs.borrow().iter().map(|s| (s.id, s.callback.clone())).collect();
        for (id, callback) in subs {
            callback.borrow_mut()(Message::Again);
            // The callback may have changed what it wants.
            let topic = self.subs.borrow().iter().find(|s| s.id == id).map(|s| s.topic.clone());
            if let Some(topic) = topic {
                self.send(&ClientFrame::Subscribe { id, topic });
            }
        }
    }

    fn take(&self, data: &JsValue) {
        self.heard.set(dom::now());
        if let Some(text) = data.as_string() {
            if let Some(frame) = read::frame(&text) {
                self.frame(frame);
            }
        } else if let Ok(buffer) = data.clone().dyn_into::<js_sys::ArrayBuffer>() {
            let bytes = js_sys::Uint8Array::new(&buffer).to_vec();
            if let Some(batch) = LogBatch::read(&bytes) {
                self.give(batch.id, Message::Lines { source: batch.source, lines: batch.lines });
            }
        }
    }

    fn frame(&self, frame: ServerFrame) {
        let id = match &frame {
            ServerFrame::Hello { version, now } => {
                self.offset.set(Some(now.0 - dom::now()));
                self.backoff.borrow_mut().connected();
                self.show(Link::Live);
                if self.version.borrow_mut().get_or_insert_with(|| version.clone()) != version {
                    dom::read_again();
                }
                return;
            }
            ServerFrame::Health { health } => return self.tell(health),
            ServerFrame::Ping { now } => return self.offset.set(Some(now.0 - dom::now())),
            ServerFrame::Bye { reason: Bye::SignedOut } => return dom::sign_in(),
            ServerFrame::Bye { reason: Bye::Restarting } => return,
            ServerFrame::Denied { problem, .. } if problem.code == Code::Unauthenticated => return dom::sign_in(),
            ServerFrame::Apps { id, .. }
            | ServerFrame::AppsDelta { id, .. }
            | ServerFrame::App { id, .. }
            | ServerFrame::AppDelta { id, .. }
            | ServerFrame::LogSource { id, .. }
            | ServerFrame::LogNote { id, .. }
            | ServerFrame::Stale { id }
            | ServerFrame::Denied { id, .. } => *id,
        };
        self.give(id, Message::Frame(frame));
    }

    /// Every part of the page that shows it hears how the portal stands to the cluster.
    fn tell(&self, health: &ClusterHealth) {
        self.health.replace(Some(health.clone()));
        let ids: Vec<_> = self.subs.borrow().iter().filter(|s| s.hears_health()).map(|s| s.id).collect();
        for id in ids {
            self.give(id, Message::Frame(ServerFrame::Health { health: health.clone() }));
        }
    }

    fn give(&self, id: u32, message: Message<'_>) {
        let callback = self.subs.borrow().iter().find(|s| s.id == id).map(|s| s.callback.clone());
        if let Some(callback) = callback
            && let Ok(mut callback) = callback.try_borrow_mut()
        {
            callback(message);
        }
    }

    fn lost(&self) {
        if let Some(socket) = self.socket.borrow_mut().take() {
            socket.set_onclose(None);
            socket.set_onmessage(None);
            socket.set_onopen(None);
            let _ = socket.close();
        }
        let link = self.backoff.borrow_mut().lost(dom::now(), js_sys::Math::random());
        self.show(link);
    }

    // Once a second: count down, try again, poll, notice a dead connection.
    fn tick(self: &Rc<Self>) {
        let now = dom::now();
        if self.socket.borrow().is_some() {
            if now - self.heard.get() > DEAD_MS {
                self.lost();
            }
        } else if self.backoff.borrow().due(now) {
            self.connect();
        }
        let link = self.backoff.borrow().link(now);
        if let Some(link) = link {
            self.show(link);
        }
        if self.backoff.borrow().polling() && now - self.polled.get() >= if self.asking.get() { DEAD_MS } else { POLL_MS } {
            self.polled.set(now);
            self.poll();
        }
    }

    // One after the other, and never two rounds at once.
    fn poll(self: &Rc<Self>) {
        self.asking.set(true);
        let subs: Vec<_> = self.subs.borrow().iter().map(|s| (s.id, s.topic.clone())).collect();
        let hub = self.clone();
        wasm_bindgen_futures::spawn_local(async move {
            for (id, topic) in subs {
                let answer = board::poll(id, topic).await;
                if !hub.backoff.borrow().polling() {
                    break;
                }
                // A proxy's answer that is none of the portal's counts as none.
                hub.backoff.borrow_mut().asked(!matches!(&answer, Err(problem) if problem.code == Code::Internal));
                match answer {
                    Ok(frames) => frames.into_iter().for_each(|frame| hub.frame(frame)),
                    // Only these say what this person may see; everything else may pass until the next time.
                    Err(problem) if matches!(problem.code, Code::Forbidden | Code::NotFound) => {
                        hub.give(id, Message::Frame(ServerFrame::Denied { id, problem }));
                    }
                    _ => {}
                }
            }
            hub.asking.set(false);
        });
    }
}
