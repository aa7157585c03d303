//! The one WebSocket.

use crate::support::cluster::id;
use crate::support::socket::{Heard, Socket};
use crate::support::{World, until};
use domain::account::Role;
use domain::live::{Bye, ClientFrame, LOG_WINDOW, LogBatch, LogQuery, ServerFrame, Topic};
use domain::{Code, Namespace};
use futures::SinkExt;
use std::time::{Duration, Instant};
use tokio_tungstenite::tungstenite::Message;

fn web() -> Namespace {
    Namespace::parse("web").unwrap()
}

fn frame(heard: Heard) -> Option<ServerFrame> {
    if let Heard::Frame(frame) = heard { Some(frame) } else { None }
}

#[tokio::test]
async fn a_list_comes_whole_and_then_its_changes() {
    let world = World::peopled().await;
    let mut socket = Socket::of(&world.signed_in("vera").await).await;
    socket.say(&ClientFrame::Subscribe { id: 1, topic: Topic::Apps { namespace: None } }).await;
    let rows = socket.until(|h| if let Some(ServerFrame::Apps { id: 1, rows, .. }) = frame(h) { Some(rows) } else { None }).await;
    assert_eq!(rows.iter().map(|r| r.id.to_string()).collect::<Vec<_>>(), ["web/deployment/shop"], "only one's own namespaces");
    world.cluster.put(&id("web", "shop"), 0);
    world.cluster.put(&id("data", "store"), 0);
    let set = socket.until(|h| if let Some(ServerFrame::AppsDelta { id: 1, set, .. }) = frame(h) { Some(set) } else { None }).await;
    assert_eq!((set.len(), set[0].ready), (1, 0));
    world.cluster.remove(&id("web", "shop"));
    let gone = socket.until(|h| if let Some(ServerFrame::AppsDelta { gone, .. }) = frame(h) { Some(gone) } else { None }).await;
    assert_eq!(gone, [id("web", "shop")]);
    socket.say(&ClientFrame::Unsubscribe { id: 1 }).await;
    // The portal obeys in order: once the second list is here, the first has ended.
    socket.say(&ClientFrame::Subscribe { id: 2, topic: Topic::Apps { namespace: None } }).await;
    socket.until(|h| if let Some(ServerFrame::Apps { id: 2, .. }) = frame(h) { Some(()) } else { None }).await;
    world.cluster.put(&id("web", "shop"), 1);
    let told = socket.until(|h| if let Some(ServerFrame::AppsDelta { id, .. }) = frame(h) { Some(id) } else { None }).await;
    assert_eq!(told, 2, "nobody asks for the first any more");
}

#[tokio::test]
async fn an_app_comes_whole_then_what_changed_of_it_and_goes() {
    let world = World::peopled().await;
    let mut socket = Socket::of(&world.signed_in("vera").await).await;
    socket.say(&ClientFrame::Subscribe { id: 4, topic: Topic::App { app: id("web", "shop") } }).await;
    let page = socket.until(|h| if let Some(ServerFrame::App { id: 4, page }) = frame(h) { Some(page) } else { None }).await.unwrap();
    assert_eq!((page.detail.pods.len(), page.reader.role), (1, Role::Viewer));
    world.cluster.put(&id("web", "shop"), 0);
    let (detail, pods) =
        socket.until(|h| if let Some(ServerFrame::AppDelta { id: 4, detail, pods, .. }) = frame(h) { Some((detail, pods)) } else { None }).await;
    assert_eq!((detail.row.ready, detail.pods.len(), pods.len()), (0, 0, 1));
    world.cluster.remove(&id("web", "shop"));
    assert!(socket.until(|h| if let Some(ServerFrame::App { page, .. }) = frame(h) { Some(page) } else { None }).await.is_none());
}

#[tokio::test]
async fn a_page_that_comes_back_before_the_cluster_is_read_waits_for_it() {
    let world = World::peopled().await;
    for who in ["vera", "admin"] {
        world.cluster.unread();
        let client = world.signed_in(who).await;
        let mut socket = Socket::open(&client, "/api/v1/live", Some(&format!("http://{}", client.address))).await.unwrap();
        socket.until(|h| if let Some(ServerFrame::Health { health }) = frame(h) { (!health.ready).then_some(()) } else { None }).await;
        let shop = || id("web", "shop");
        socket.say(&ClientFrame::Subscribe { id: 1, topic: Topic::App { app: shop() } }).await;
        let query = LogQuery { follow: true, ..LogQuery::default() };
        socket.say(&ClientFrame::Subscribe { id: 2, topic: Topic::Logs { app: shop(), query } }).await;
        socket.say(&ClientFrame::Subscribe { id: 3, topic: Topic::Apps { namespace: Some(web()) } }).await;
        // Answers come in the order of the topics, so that both others were looked at when the list is here.
        socket.until(|h| matches!(frame(h), Some(ServerFrame::Apps { id: 3, .. })).then_some(())).await;
        client.get("/apps/web").await.expect(200);
        world.cluster.put(&shop(), 1);
        let (mut app, mut log) = (false, false);
        while !(app && log) {
            match socket.hear().await {
                Heard::Frame(ServerFrame::App { id: 1, page }) => app |= page.is_some(),
                Heard::Frame(ServerFrame::Health { health }) => assert!(health.ready, "it is told when it changes"),
                Heard::Frame(ServerFrame::LogSource { id: 2, .. }) => log = true,
                Heard::Frame(ServerFrame::AppDelta { .. } | ServerFrame::Apps { .. } | ServerFrame::AppsDelta { .. } | ServerFrame::LogNote { .. })
                | Heard::Log(_) => {}
                other => panic!("{who}: {other:?}"),
            }
        }
    }
}

#[tokio::test]
async fn what_one_may_not_see_is_denied() {
    let world = World::peopled().await;
    let mut socket = Socket::of(&world.signed_in("vera").await).await;
    let topics = [
        Topic::Apps { namespace: Some(Namespace::parse("data").unwrap()) },
        Topic::App { app: id("data", "store") },
        Topic::Logs { app: id("data", "store"), query: LogQuery::default() },
    ];
    for (n, topic) in topics.into_iter().enumerate() {
        socket.say(&ClientFrame::Subscribe { id: n as u32, topic }).await;
        let code = socket.until(|h| if let Some(ServerFrame::Denied { problem, .. }) = frame(h) { Some(problem.code) } else { None }).await;
        assert_eq!(code, Code::Forbidden);
    }
}

#[tokio::test]
async fn what_the_portal_may_not_do_is_told_only_to_those_who_may_see_the_namespace() {
    let world = World::peopled().await;
    world.cluster.refuse(&["web", "data"]);
    let of = |ns: &str| format!("The portal isn't allowed to list and watch anything in {ns}. quayside rbac --namespace {ns} prints the Role it needs.");
    for (who, told) in [("vera", vec![of("web")]), ("admin", vec![of("web"), of("data")])] {
        let client = world.signed_in(who).await;
        let own = format!("http://{}", client.address);
        let mut socket = Socket::open(&client, "/api/v1/live", Some(&own)).await.unwrap();
        let refusals = |h| if let Some(ServerFrame::Health { health }) = frame(h) { Some(health.refusals).filter(|r| !r.is_empty()) } else { None };
        assert_eq!(socket.until(refusals).await, told);
        assert_eq!(client.get("/api/v1/apps").await.json()["health"]["refusals"], serde_json::json!(told));
        assert_eq!(client.get("/apps").await.body.contains("watch anything in data"), who == "admin");
    }
}

#[tokio::test]
async fn an_apps_frame_is_as_long_with_fifty_refusals_as_with_none() {
    let world = World::peopled().await;
    let mut socket = Socket::of(&world.signed_in("admin").await).await;
    let mut lengths = Vec::new();
    for (id, refusals) in [(1, 0), (2, 50)] {
        let spaces: Vec<_> = (0..refusals).map(|n| format!("space-{n}")).collect();
        if refusals > 0 {
            world.cluster.refuse(&spaces.iter().map(String::as_str).collect::<Vec<_>>());
            socket.until(|h| matches!(frame(h), Some(ServerFrame::Health { health }) if health.refusals.len() == refusals).then_some(())).await;
        }
        socket.say(&ClientFrame::Subscribe { id, topic: Topic::App { app: self::id("web", "shop") } }).await;
        let told = socket.until(|h| frame(h).filter(|f| matches!(f, ServerFrame::App { .. }))).await;
        lengths.push(serde_json::to_string(&told).unwrap().len());
    }
    assert_eq!(lengths[0], lengths[1]);
}

#[tokio::test]
async fn a_change_in_one_namespace_wakes_no_socket_that_looks_at_another() {
    let world = World::peopled().await;
    let wakes = || world.running.app.numbers.socket_wakes.load(std::sync::atomic::Ordering::SeqCst);
    let mut of_web = Socket::of(&world.signed_in("vera").await).await;
    let mut of_all = Socket::of(&world.signed_in("admin").await).await;
    let (topics, apps) = ([Topic::Apps { namespace: Some(web()) }, Topic::App { app: id("web", "shop") }], Topic::Apps { namespace: None });
    for (id, topic) in topics.into_iter().enumerate() {
        of_web.say(&ClientFrame::Subscribe { id: id as u32, topic }).await;
    }
    of_web.until(|h| matches!(frame(h), Some(ServerFrame::App { .. })).then_some(())).await;
    of_all.say(&ClientFrame::Subscribe { id: 1, topic: apps }).await;
    of_all.until(|h| matches!(frame(h), Some(ServerFrame::Apps { .. })).then_some(())).await;
    let before = wakes();
    for n in 0..20 {
        world.cluster.put(&id("data", "store"), n % 2);
        of_all.until(|h| matches!(frame(h), Some(ServerFrame::AppsDelta { .. })).then_some(())).await;
    }
    assert_eq!(wakes() - before, 20, "only the one that shows all of them");
    world.cluster.put(&id("web", "shop"), 5);
    of_web.until(|h| matches!(frame(h), Some(ServerFrame::AppsDelta { .. })).then_some(())).await;
}

#[tokio::test]
async fn an_admin_sees_a_namespace_that_comes_and_whoever_has_a_role_in_it_too() {
    let world = World::peopled().await;
    let (admin, new) = (world.signed_in("admin").await, id("new", "first"));
    world.cluster.put(&new, 1);
    admin.form("/teams/create", "name=Newcomers&namespaces=new").await.expect(303);
    admin.form("/teams/3/member", "user=vera&role=viewer").await.expect(303);
    world.cluster.drop_namespace(&new.namespace);
    let mut board = world.running.app.portal.app_list.board();
    board.wait_for(|board| !board.spaces.contains_key(&new.namespace)).await.unwrap();
    let mut sockets = [Socket::of(&admin).await, Socket::of(&world.signed_in("vera").await).await];
    for socket in &mut sockets {
        socket.say(&ClientFrame::Subscribe { id: 1, topic: Topic::Apps { namespace: None } }).await;
        socket.until(|h| matches!(frame(h), Some(ServerFrame::Apps { .. })).then_some(())).await;
    }
    for _ in 0..2 {
        world.cluster.put(&new, 1);
        for socket in &mut sockets {
            let set = socket.until(|h| if let Some(ServerFrame::AppsDelta { set, .. }) = frame(h) { Some(set) } else { None }).await;
            assert_eq!(set.iter().map(|r| &r.id).collect::<Vec<_>>(), [&new]);
        }
        world.cluster.drop_namespace(&new.namespace);
        for socket in &mut sockets {
            let gone = socket.until(|h| if let Some(ServerFrame::AppsDelta { gone, .. }) = frame(h) { Some(gone) } else { None }).await;
            assert_eq!(gone, std::slice::from_ref(&new));
        }
    }
}

#[tokio::test]
async fn who_has_no_namespace_any_more_hears_how_to_get_one_instead_of_an_empty_list() {
    let world = World::peopled().await;
    let mut socket = Socket::of(&world.signed_in("vera").await).await;
    socket.say(&ClientFrame::Subscribe { id: 1, topic: Topic::Apps { namespace: None } }).await;
    socket.until(|h| matches!(frame(h), Some(ServerFrame::Apps { id: 1, .. })).then_some(())).await;
    world.signed_in("admin").await.form("/teams/1/member", "user=vera&role=none").await.expect(303);
    let problem = socket.until(|h| if let Some(ServerFrame::Denied { id: 1, problem }) = frame(h) { Some(problem) } else { None }).await;
    assert_eq!(problem.code, Code::Forbidden);
    assert!(problem.detail.contains("Ask a portal admin to add you"), "{}", problem.detail);
}

#[tokio::test]
async fn a_log_comes_in_whole_lines_under_the_number_of_its_source() {
    let world = World::peopled().await;
    let mut socket = Socket::of(&world.signed_in("vera").await).await;
    let query = LogQuery { follow: true, ..LogQuery::default() };
    socket.say(&ClientFrame::Subscribe { id: 9, topic: Topic::Logs { app: id("web", "shop"), query } }).await;
    let pod = socket.until(|h| if let Some(ServerFrame::LogSource { id: 9, pod, .. }) = frame(h) { Some(pod) } else { None }).await;
    assert_eq!(pod, "shop-1");
    let bytes = socket.until(|h| if let Heard::Log(bytes) = h { Some(bytes) } else { None }).await;
    let batch = LogBatch::read(&bytes).unwrap();
    assert_eq!(batch.id, 9);
    assert_eq!(std::str::from_utf8(batch.lines).unwrap(), "2026-11-21T05:04:03.000000001Z first\n2026-11-21T05:04:03.000000002Z second\n");
}

#[tokio::test]
async fn a_log_stops_at_the_window_and_goes_on_when_acknowledged_while_the_list_lives() {
    let world = World::peopled().await;
    *world.cluster.endless.lock().unwrap() = true;
    let mut socket = Socket::of(&world.signed_in("vera").await).await;
    let query = LogQuery { follow: true, ..LogQuery::default() };
    socket.say(&ClientFrame::Subscribe { id: 1, topic: Topic::Logs { app: id("web", "shop"), query } }).await;
    socket.say(&ClientFrame::Subscribe { id: 2, topic: Topic::Apps { namespace: None } }).await;
    let mut taken: u64 = 0;
    while let heard @ (Heard::Log(_) | Heard::Frame(_)) = socket.hear_for(Duration::from_millis(500)).await {
        if let Heard::Log(bytes) = heard {
            taken += bytes.len() as u64;
        }
    }
    assert!((LOG_WINDOW..LOG_WINDOW + 512 * 1024).contains(&taken), "{taken}");
    world.cluster.put(&id("web", "shop"), 0);
    socket.until(|h| if let Some(ServerFrame::AppsDelta { id: 2, .. }) = frame(h) { Some(()) } else { None }).await;
    socket.say(&ClientFrame::Ack { id: 1, bytes: taken }).await;
    let more = socket.until(|h| if let Heard::Log(bytes) = h { Some(bytes.len()) } else { None }).await;
    assert!(more > 0);
}

#[tokio::test]
async fn a_page_that_does_not_read_holds_up_nobody_and_gets_the_newest_state() {
    let world = World::peopled().await;
    let vera = world.signed_in("vera").await;
    let mut slow = Socket::of(&vera).await;
    let mut quick = Socket::of(&vera).await;
    for socket in [&mut slow, &mut quick] {
        socket.say(&ClientFrame::Subscribe { id: 1, topic: Topic::Apps { namespace: None } }).await;
        socket.until(|h| if let Some(ServerFrame::Apps { .. }) = frame(h) { Some(()) } else { None }).await;
    }
    // More than the kernel and the writer's queue hold for whoever does not read.
    let (many, changes): (Vec<_>, u32) = ((0..300).map(|n| id("web", &format!("app-{n}"))).collect(), 60);
    let ready = |heard| match frame(heard) {
        Some(ServerFrame::AppsDelta { set: rows, .. } | ServerFrame::Apps { rows, .. }) => rows.iter().find(|r| r.id == many[299]).map(|r| r.ready),
        _ => None,
    };
    for n in 1..=changes {
        let now = if n == changes { 7 } else { n % 2 };
        world.cluster.put_all(&many, now);
        let started = Instant::now();
        quick.until(|h| ready(h).filter(|ready| *ready == now)).await;
        assert!(started.elapsed() < Duration::from_secs(2), "{:?}", started.elapsed());
    }
    let heard = std::cell::Cell::new(0);
    let newest = |h| {
        heard.update(|n| n + 1);
        ready(h).filter(|ready| *ready == 7)
    };
    slow.until(newest).await;
    assert!(heard.get() < changes, "the page was never behind: {} frames", heard.get());
}

async fn closes_within_a_second(socket: &mut Socket) -> Option<Bye> {
    let started = Instant::now();
    let mut reason = None;
    loop {
        match socket.hear_for(Duration::from_secs(2)).await {
            Heard::Frame(ServerFrame::Bye { reason: said }) => reason = Some(said),
            Heard::Closed(_) => break,
            Heard::Nothing => panic!("the socket stays open"),
            _ => {}
        }
    }
    assert!(started.elapsed() < Duration::from_secs(1), "{:?}", started.elapsed());
    reason
}

#[tokio::test]
async fn sign_out_and_disabling_close_the_sockets_within_a_second() {
    let world = World::peopled().await;
    let vera = world.signed_in("vera").await;
    let mut socket = Socket::of(&vera).await;
    vera.form("/signout", "").await.expect(303);
    assert_eq!(closes_within_a_second(&mut socket).await, Some(Bye::SignedOut));

    let otto = world.signed_in("otto").await;
    let mut socket = Socket::of(&otto).await;
    let admin = world.signed_in("admin").await;
    let users = admin.get("/users").await.expect(200).body.clone();
    assert!(users.contains("otto"));
    let otto_id = otto.get("/api/v1/session").await.json()["user_id"].as_i64().unwrap();
    admin.form(&format!("/users/{otto_id}"), "display=Otto&disabled=on").await.expect(303);
    assert_eq!(closes_within_a_second(&mut socket).await, Some(Bye::SignedOut));
    otto.get("/api/v1/session").await.expect(401);
}

#[tokio::test]
async fn a_socket_that_is_not_read_loses_its_connection_with_the_session() {
    let world = World::peopled().await;
    *world.cluster.endless.lock().unwrap() = true;
    let vera = world.signed_in("vera").await;
    let mut socket = Socket::of(&vera).await;
    let query = LogQuery { follow: true, ..LogQuery::default() };
    socket.say(&ClientFrame::Subscribe { id: 1, topic: Topic::Logs { app: id("web", "shop"), query } }).await;
    socket.until(|h| if let Heard::Log(_) = h { Some(()) } else { None }).await;
    vera.form("/signout", "").await.expect(303);
    let ready = tokio::time::timeout(Duration::from_secs(1), socket.0.get_ref().ready(tokio::io::Interest::ERROR)).await;
    assert!(ready.expect("the connection stays although nobody may read it").unwrap().is_error());
}

#[tokio::test]
async fn a_page_that_nobody_uses_is_signed_out_and_told_so() {
    let world = World::peopled().await;
    let vera = world.signed_in("vera").await;
    let (mut left, mut used) = (Socket::of(&vera).await, Socket::of(&world.signed_in("vera").await).await);
    let half = world.session_idle_ms() / 2 + 60_000;
    let admin = world.signed_in("admin").await;
    for n in 0..2 {
        world.clock.push(half);
        used.say(&ClientFrame::Subscribe { id: n, topic: Topic::Apps { namespace: None } }).await;
        used.until(|h| frame(h).filter(|f| matches!(f, ServerFrame::Apps { .. }))).await;
        // Her access changes, so all of her sockets are looked at.
        admin.form("/teams/1/member", &format!("user=vera&role={}", ["viewer", "operator"][n as usize])).await.expect(303);
    }
    assert_eq!(closes_within_a_second(&mut left).await, Some(Bye::SignedOut));
    assert!(world.client().get("/signin?ended=1&next=%2Fapps").await.expect(200).body.contains("Session ended. Sign in to go on."));
    used.say(&ClientFrame::Unsubscribe { id: 0 }).await;
    assert!(matches!(used.hear_for(Duration::from_millis(300)).await, Heard::Frame(_) | Heard::Nothing), "the other page is in use");
}

#[tokio::test]
async fn a_role_that_is_taken_away_takes_its_topics_with_it() {
    let world = World::peopled().await;
    *world.cluster.endless.lock().unwrap() = true;
    let admin = world.signed_in("admin").await;
    admin.form("/teams/2/member", "user=vera&role=viewer").await.expect(303);
    let mut socket = Socket::of(&world.signed_in("vera").await).await;
    socket.say(&ClientFrame::Subscribe { id: 1, topic: Topic::Apps { namespace: None } }).await;
    socket.say(&ClientFrame::Subscribe { id: 2, topic: Topic::App { app: id("web", "shop") } }).await;
    socket.say(&ClientFrame::Subscribe { id: 3, topic: Topic::Logs { app: id("web", "shop"), query: LogQuery { follow: true, ..LogQuery::default() } } }).await;
    socket.until(|h| if let Heard::Log(_) = h { Some(()) } else { None }).await;
    admin.form("/teams/1/member", "user=vera&role=none").await.expect(303);
    let started = Instant::now();
    let (mut denied, mut emptied) = (Vec::new(), false);
    while denied.len() < 2 || !emptied {
        match socket.hear().await {
            Heard::Frame(ServerFrame::Denied { id, .. }) => denied.push(id),
            Heard::Frame(ServerFrame::AppsDelta { gone, .. }) => emptied |= gone == [id("web", "shop")],
            Heard::Nothing | Heard::Closed(_) => panic!("denied {denied:?}, emptied {emptied}"),
            _ => {}
        }
    }
    assert!(started.elapsed() < Duration::from_secs(1), "{:?}", started.elapsed());
    assert_eq!(denied, [2, 3]);
    world.cluster.put(&id("web", "shop"), 0);
    while let heard @ (Heard::Frame(_) | Heard::Log(_)) = socket.hear_for(Duration::from_millis(300)).await {
        assert!(!matches!(heard, Heard::Frame(_)), "{heard:?}");
    }
}

#[tokio::test]
async fn origins_of_others_are_refused() {
    let world = World::peopled().await;
    let vera = world.signed_in("vera").await;
    for origin in [None, Some("null"), Some("https://evil.example"), Some("http://127.0.0.1"), Some("http://127.0.0.1.evil.example"), Some("file://")] {
        assert_eq!(Socket::open(&vera, "/api/v1/live", origin).await.err(), Some(403), "{origin:?}");
    }
    let own = format!("http://{}", world.running.address);
    assert_eq!(Socket::open(&world.client(), "/api/v1/live", Some(&own)).await.err(), Some(401));
    assert!(Socket::open(&vera, "/api/v1/live", Some(&own)).await.is_ok());
    // What a proxy that ends TLS without saying so looks like.
    assert!(Socket::open(&vera, "/api/v1/live", Some(&own.replace("http://", "https://"))).await.is_ok());
}

#[tokio::test]
async fn a_portal_on_https_is_not_spoken_for_over_http() {
    let world = World::with(&[("trusted_proxies", "127.0.0.1/32")]).await.and_people().await;
    let vera = world.signed_in("vera").await.with("X-Forwarded-Proto", "https");
    let own = format!("https://{}", world.running.address);
    assert_eq!(Socket::open(&vera, "/api/v1/live", Some(&own.replace("https://", "http://"))).await.err(), Some(403));
    assert!(Socket::open(&vera, "/api/v1/live", Some(&own)).await.is_ok());
}

#[tokio::test]
async fn one_person_does_not_take_every_place_by_signing_in_again_and_again() {
    let world = World::peopled().await;
    let own = format!("http://{}", world.running.address);
    let mut sockets = Vec::new();
    for _ in 0..3 {
        let vera = world.signed_in("vera").await;
        for _ in 0..20 {
            sockets.push(Socket::of(&vera).await);
        }
    }
    assert_eq!(Socket::open(&world.signed_in("vera").await, "/api/v1/live", Some(&own)).await.err(), Some(429));
    assert!(Socket::open(&world.signed_in("otto").await, "/api/v1/live", Some(&own)).await.is_ok(), "others have theirs");
    drop(sockets);
}

#[tokio::test]
async fn sockets_topics_and_frames_have_limits() {
    let world = World::peopled().await;
    let vera = world.signed_in("vera").await;
    let own = format!("http://{}", world.running.address);
    let mut sockets = Vec::new();
    for _ in 0..20 {
        sockets.push(Socket::of(&vera).await);
    }
    assert_eq!(Socket::open(&vera, "/api/v1/live", Some(&own)).await.err(), Some(429));
    assert!(Socket::open(&world.signed_in("otto").await, "/api/v1/live", Some(&own)).await.is_ok());
    let mut socket = sockets.pop().unwrap();
    for n in 0..17 {
        socket.say(&ClientFrame::Subscribe { id: n, topic: Topic::Apps { namespace: Some(web()) } }).await;
    }
    let denied = socket.until(|h| if let Some(ServerFrame::Denied { id, problem }) = frame(h) { Some((id, problem.code)) } else { None }).await;
    assert_eq!(denied, (16, Code::TooMany));
    socket.0.send(Message::text("x".repeat(70_000))).await.unwrap();
    loop {
        match socket.hear().await {
            Heard::Closed(_) => break,
            Heard::Nothing => panic!("a frame of 70,000 bytes is taken"),
            _ => {}
        }
    }
    let mut socket = sockets.pop().unwrap();
    socket.0.send(Message::text("{\"t\":\"nonsense\"}")).await.unwrap();
    assert!(matches!(socket.hear().await, Heard::Closed(_)));
    drop((socket, sockets));
    let open = || world.running.app.numbers.sockets.load(std::sync::atomic::Ordering::SeqCst);
    until("a closed socket gives its place back", || open() == 0).await;
}

#[tokio::test]
async fn the_last_word_says_restarting() {
    let world = World::peopled().await;
    let mut socket = Socket::of(&world.signed_in("vera").await).await;
    world.running.life.soft.cancel();
    let mut heard = Vec::new();
    loop {
        match socket.hear().await {
            Heard::Closed(code) => {
                heard.push(format!("{code:?}"));
                break;
            }
            Heard::Nothing => panic!("no close frame"),
            other => heard.push(format!("{other:?}")),
        }
    }
    assert_eq!(heard, ["Frame(Bye { reason: Restarting })", "Some(1012)"]);
    tokio::time::timeout(Duration::from_secs(3), world.running.life.drain()).await.expect("the end comes soon");
}

#[tokio::test]
async fn a_handshake_is_read_as_the_protocol_says() {
    let world = World::peopled().await;
    let vera = world.signed_in("vera").await;
    let origin = format!("http://{}", world.running.address);
    let ask = async |lines: &[(&str, &str)]| {
        let base = vera.with("Origin", &origin).with("Upgrade", "websocket");
        let client = lines.iter().fold(base, |client, (name, value)| client.with(name, value));
        let mut stream = client.open("GET", "/api/v1/live", None).await;
        let mut head = vec![0; 4096];
        let read = tokio::io::AsyncReadExt::read(&mut stream, &mut head).await.unwrap();
        String::from_utf8_lossy(&head[..read]).to_ascii_lowercase()
    };
    let (version, key) = (("Sec-WebSocket-Version", "13"), ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="));
    // The client's own line says "close"; the word stands on the second.
    assert!(ask(&[("Connection", "Upgrade"), version, key]).await.starts_with("http/1.1 101 "));
    let old = ask(&[("Connection", "Upgrade"), ("Sec-WebSocket-Version", "8"), key]).await;
    assert!(old.starts_with("http/1.1 426 ") && old.contains("\r\nsec-websocket-version: 13\r\n"), "{old}");
    let short = ask(&[("Connection", "Upgrade"), version, ("Sec-WebSocket-Key", "c2hvcnQ=")]).await;
    assert!(short.starts_with("http/1.1 400 "), "{short}");
    assert!(ask(&[version, key]).await.starts_with("http/1.1 426 "));
}
