use super::*;
use crate::portal::fake::*;
use crate::ports::{ClusterError, ClusterResult};
use crate::{Failure, Settings};
use domain::Code;
use domain::account::Role;
use domain::facts::ContainerState;
use domain::kubernetes::{Away, NotAllowed, Resource, Right, Verb};
use futures::StreamExt;
use futures::stream::{self, BoxStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::time::timeout;

fn line(second: u32, text: &str) -> String {
    format!("2026-11-21T05:00:{second:02}.000000000Z {text}\n")
}

fn bytes(text: &str) -> ClusterResult<Bytes> {
    Ok(Bytes::copy_from_slice(text.as_bytes()))
}

/// These chunks, then the end.
fn all(chunks: Vec<String>) -> BoxStream<'static, ClusterResult<Bytes>> {
    stream::iter(chunks.into_iter().map(|c| bytes(&c))).boxed()
}

/// These chunks, then quiet.
fn open_end(chunks: Vec<String>) -> BoxStream<'static, ClusterResult<Bytes>> {
    all(chunks).chain(stream::pending()).boxed()
}

fn cut(chunks: Vec<String>) -> BoxStream<'static, ClusterResult<Bytes>> {
    all(chunks).chain(stream::iter([Err(ClusterError::Away(Away::Connection("cut".into())))])).boxed()
}

fn one_pod(state: ContainerState, restarts: u32) -> Arc<AppFacts> {
    let mut c = container("web", state);
    c.restarts = restarts;
    c.last = (restarts > 0).then(|| ended("Error", 3));
    let mut pod = pod("shop-1", vec![c]);
    pod.node = Some("node".into());
    Arc::new(app("shop", vec![pod]))
}

/// A portal with one app, whose pod runs.
async fn one_running() -> Fake {
    let fake = Fake::new().await;
    fake.cluster.show([one_pod(running(), 0)]);
    fake
}

fn follow() -> LogQuery {
    LogQuery { follow: true, ..LogQuery::default() }
}

async fn open(fake: &Fake, query: LogQuery) -> Outcome<LogFeed> {
    fake.keep_board();
    let actor = actor(Role::Viewer);
    let viewer = fake.portal.access.viewer(&actor, &namespace("web"))?;
    fake.portal.logs.open(&viewer, &id("web", "shop"), query).await
}

/// What comes until it is quiet for a minute, in words.
async fn words(feed: &mut LogFeed) -> Vec<String> {
    let mut words = Vec::new();
    while let Ok(Some(item)) = timeout(Duration::from_secs(60), feed.next()).await {
        words.push(match item {
            LogItem::Source { pod, container, .. } => format!("{pod}/{container}"),
            LogItem::Lines { bytes, .. } => String::from_utf8_lossy(&bytes).into_owned(),
            LogItem::Note { note, at, .. } => format!("({}) {}", note.tone().slug(), domain::english::log::note(&note, at)),
        });
    }
    words
}

/// The lines alone.
fn lines(words: &[String]) -> String {
    words.iter().filter(|w| w.ends_with('\n')).map(String::as_str).collect()
}

#[tokio::test(start_paused = true)]
async fn a_log_that_is_not_followed_ends_with_its_sources() {
    let fake = Fake::new().await;
    let pods = ["shop-1", "shop-2"].map(|name| pod(name, vec![container("web", running())]));
    fake.cluster.show([Arc::new(app("shop", pods.to_vec()))]);
    fake.cluster.on_log(|target| Ok(all(vec![line(1, &target.pod), "2026-11-21T05:00:02.000000000Z no line feed".into()])));
    let mut feed = open(&fake, LogQuery { tail_lines: Some(1_000_000), ..LogQuery::default() }).await.unwrap();
    let words = words(&mut feed).await;
    assert_eq!(feed.next().await, None);
    let mut got = lines(&words).lines().map(|l| l[31..].to_owned()).collect::<Vec<_>>();
    got.sort();
    assert_eq!(got, ["no line feed", "no line feed", "shop-1", "shop-2"]);
    let opened = fake.cluster.opened.lock().unwrap();
    assert!(opened.iter().all(|t| t.query.timestamps && t.query.tail_lines == Some(100_000)));
}

#[tokio::test(start_paused = true)]
async fn after_a_cut_the_log_goes_on_where_it_stopped() {
    let fake = one_running().await;
    let opened = AtomicUsize::new(0);
    fake.cluster.on_log(move |t| {
        if !t.query.follow {
            return Ok(all(Vec::new()));
        }
        let one_two_three = || vec![line(1, "one"), line(2, "two"), line(3, "three")];
        Ok(match opened.fetch_add(1, Ordering::SeqCst) {
            0 => cut(vec![line(1, "one"), line(2, "two"), line(3, "three")[..34].to_owned()]),
            1 => return Err(ClusterError::Away(Away::Connection("restarts".into()))),
            // The API server goes down in good order.
            2 => all(one_two_three()),
            _ => open_end([one_two_three(), vec![line(4, "four")]].concat()),
        })
    });
    let mut feed = open(&fake, LogQuery { tail_lines: Some(2), ..follow() }).await.unwrap();
    let words = words(&mut feed).await;
    assert_eq!(lines(&words), ["one", "two", "three", "four"].iter().zip(1..).map(|(t, s)| line(s, t)).collect::<String>());
    assert_eq!(words.iter().filter(|w| w.starts_with("(warn)")).count(), 1);
    assert!(words.contains(&"(info) Log resumed.".to_owned()));
    let opened = fake.cluster.opened.lock().unwrap();
    let opened: Vec<_> = opened.iter().filter(|t| t.query.follow).collect();
    assert_eq!((opened[0].query.tail_lines, opened[1].query.tail_lines), (Some(2), None));
    assert!(opened[1].since.is_some());
}

#[tokio::test(start_paused = true)]
async fn what_a_quiet_container_writes_while_its_log_is_opened_again_is_not_left_out() {
    for (tail, open_for, kept) in [(Some(0), 1, true), (Some(100), 30, true), (Some(100), 1, false)] {
        let fake = one_running().await;
        let opened = AtomicUsize::new(0);
        fake.cluster.on_log(move |t| {
            if !t.query.follow {
                return Ok(all(Vec::new()));
            }
            let quiet = stream::once(async move { tokio::time::sleep(Duration::from_secs(open_for)).await })
                .map(|()| Err(ClusterError::Away(Away::Connection("cut".into()))))
                .boxed();
            Ok(if opened.fetch_add(1, Ordering::SeqCst) == 0 { quiet } else { open_end(vec![line(1, "one")]) })
        });
        let mut feed = open(&fake, LogQuery { tail_lines: tail, ..follow() }).await.unwrap();
        assert_eq!(words(&mut feed).await, ["shop-1/web", &line(1, "one")], "and nothing is said of a container that is quiet");
        let opened = fake.cluster.opened.lock().unwrap();
        let opened: Vec<_> = opened.iter().filter(|t| t.query.follow).collect();
        assert_eq!((opened[1].query.tail_lines.is_none(), opened[1].since.is_some()), (kept, kept), "{tail:?} after {open_for} s");
    }
}

#[tokio::test(start_paused = true)]
async fn the_end_of_a_log_is_still_asked_for_where_the_cluster_was_away_at_first() {
    let fake = one_running().await;
    let opened = AtomicUsize::new(0);
    fake.cluster.on_log(move |_| match opened.fetch_add(1, Ordering::SeqCst) {
        0..9 => Err(ClusterError::Away(Away::Connection("no route".into()))),
        _ => Ok(open_end(vec![line(1, "one")])),
    });
    let mut feed = open(&fake, LogQuery { tail_lines: Some(100), ..follow() }).await.unwrap();
    assert_eq!(lines(&words(&mut feed).await), line(1, "one"));
    assert!(fake.cluster.opened.lock().unwrap().iter().filter(|asked| asked.query.follow).all(|asked| asked.query.tail_lines == Some(100)));
}

#[tokio::test(start_paused = true)]
async fn a_log_that_is_refused_late_says_why() {
    let fake = one_running().await;
    let refused = || ClusterError::NotAllowed(NotAllowed::Right(Right::of(Verb::Get, Resource::PodLogs, &namespace("web"))));
    fake.cluster.on_log(move |_| Ok(stream::iter([Err(refused())]).boxed()));
    let mut feed = open(&fake, follow()).await.unwrap();
    assert_eq!(
        words(&mut feed).await,
        ["shop-1/web", "(bad) The portal isn't allowed to get pods/log in web. quayside rbac --namespace web prints the Role it needs."]
    );
}

#[tokio::test(start_paused = true)]
async fn a_whole_log_is_read_without_times_and_goes_on_after_a_cut() {
    let fake = one_running().await;
    let opened = AtomicUsize::new(0);
    fake.cluster.on_log(move |_| {
        let text = |parts: &[&str]| parts.iter().map(|p| (*p).to_owned()).collect::<Vec<_>>();
        Ok(match opened.fetch_add(1, Ordering::SeqCst) {
            0 => cut(text(&["one\ntw", "o\nthr"])),
            1 => return Err(ClusterError::Away(Away::Connection("restarts".into()))),
            _ => all(text(&["one\ntwo\nt", "hree\nfour"])),
        })
    });
    let mut feed = open(&fake, LogQuery::default()).await.unwrap();
    assert_eq!(lines(&words(&mut feed).await), "one\ntwo\nthree\nfour\n");
    assert!(fake.cluster.opened.lock().unwrap().iter().all(|target| !target.query.timestamps && target.since.is_none()));
}

#[tokio::test(start_paused = true)]
async fn a_whole_log_that_was_rotated_while_it_was_cut_says_that_lines_are_missing() {
    let fake = one_running().await;
    let opened = AtomicUsize::new(0);
    fake.cluster
        .on_log(move |_| Ok(if opened.fetch_add(1, Ordering::SeqCst) == 0 { cut(vec!["one\ntwo\n".into()]) } else { all(vec!["two\nthree\n".into()]) }));
    let mut feed = open(&fake, LogQuery::default()).await.unwrap();
    let words = words(&mut feed).await;
    assert_eq!(lines(&words), "one\ntwo\n");
    assert!(words.last().unwrap().starts_with("(bad) The cluster cut this log, and its start is no longer on the node"), "{words:?}");
}

#[tokio::test(start_paused = true)]
async fn a_restart_is_told_and_no_line_comes_twice() {
    let fake = one_running().await;
    let cluster = Arc::downgrade(&fake.cluster);
    fake.cluster.on_log(move |target| {
        let cluster = cluster.upgrade().unwrap();
        let opened = cluster.opened.lock().unwrap().len();
        Ok(match (target.query.previous, opened) {
            // Cut in the last words of the first run, while the container starts again.
            (false, 1) => {
                cluster.show([one_pod(running(), 1)]);
                cut(vec![line(1, "begin")])
            }
            (true, _) => all(vec![line(1, "begin"), line(2, "last words")]),
            (false, _) => open_end(vec![line(3, "begin again")]),
        })
    });
    let mut feed = open(&fake, follow()).await.unwrap();
    let words = words(&mut feed).await;
    assert_eq!(
        words,
        [
            "shop-1/web",
            &line(1, "begin"),
            &line(2, "last words"),
            "(warn) Container web restarted (restart 1): it exited with code 3.",
            &line(3, "begin again")
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_restart_that_the_index_learns_of_late_is_told_and_no_line_comes_twice() {
    let fake = one_running().await;
    let opened = AtomicUsize::new(0);
    fake.cluster.on_log(move |_| {
        Ok(match opened.fetch_add(1, Ordering::SeqCst) {
            0 => all(vec![line(1, "begin"), line(2, "last words")]),
            // The node has the new run already, the index not yet.
            _ => open_end(vec![line(3, "begin again")]),
        })
    });
    let cluster = fake.cluster.clone();
    let late = tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(900)).await;
        cluster.show([one_pod(running(), 1)]);
    });
    let mut feed = open(&fake, follow()).await.unwrap();
    let words = words(&mut feed).await;
    late.await.unwrap();
    assert_eq!(lines(&words), [line(1, "begin"), line(2, "last words"), line(3, "begin again")].concat());
    assert_eq!(words.iter().filter(|w| w.starts_with("(warn) Container web restarted")).count(), 1, "{words:?}");
}

#[tokio::test(start_paused = true)]
async fn new_pods_are_followed_from_their_first_line_and_gone_ones_end() {
    let fake = one_running().await;
    let cluster = Arc::downgrade(&fake.cluster);
    fake.cluster.on_log(move |target| {
        let next = Arc::new(app("shop", vec![pod("shop-2", vec![container("web", running())])]));
        Ok(match target.pod.as_str() {
            "shop-1" if !target.query.follow => all(Vec::new()),
            "shop-1" => {
                cluster.upgrade().unwrap().show([next]);
                all(vec![line(1, "old")])
            }
            _ => open_end(vec![line(2, "new")]),
        })
    });
    let mut feed = open(&fake, LogQuery { tail_lines: Some(10), ..follow() }).await.unwrap();
    let mut words = words(&mut feed).await;
    words.sort();
    assert_eq!(words, ["(end) Pod shop-1 is gone.", &line(1, "old"), &line(2, "new"), "shop-1/web", "shop-2/web"]);
    let tails = fake.cluster.opened.lock().unwrap().iter().filter(|t| t.query.follow).map(|t| t.query.tail_lines).collect::<Vec<_>>();
    assert_eq!(tails, [Some(10), None]);
}

#[tokio::test(start_paused = true)]
async fn a_container_that_has_not_started_is_waited_for() {
    let fake = Fake::new().await;
    let waiting = ContainerState::Waiting { reason: "ImagePullBackOff".into(), message: String::new() };
    fake.cluster.show([one_pod(waiting, 0)]);
    fake.cluster.on_log(|_| Ok(open_end(vec![line(1, "up")])));
    let mut feed = open(&fake, follow()).await.unwrap();
    let told = words(&mut feed).await;
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[1].starts_with("(info) Container web hasn't started yet. "), "the reason that the status has: {told:?}");
    fake.cluster.show([one_pod(running(), 0)]);
    assert_eq!(words(&mut feed).await, [line(1, "up")]);
}

#[tokio::test(start_paused = true)]
async fn a_debug_container_that_has_not_started_says_its_own_reason() {
    let fake = Fake::new().await;
    let mut failing = pod("shop-1", vec![container("web", ContainerState::Waiting { reason: "ErrImagePull".into(), message: "not found".into() })]);
    let debug = container("debugger-x7k2p", ContainerState::Waiting { reason: "ImagePullBackOff".into(), message: String::new() });
    failing.rare = Some(Box::new(domain::facts::Rare { ephemeral: vec![debug], ..domain::facts::Rare::default() }));
    fake.cluster.show([Arc::new(app("shop", vec![failing]))]);
    let mut feed = open(&fake, LogQuery { container: Some("debugger-x7k2p".into()), ..LogQuery::default() }).await.unwrap();
    let told = words(&mut feed).await;
    assert_eq!(told, ["shop-1/debugger-x7k2p", "(info) Debug container debugger-x7k2p hasn't started yet: its image can't be pulled (ImagePullBackOff)."]);
}

#[tokio::test(start_paused = true)]
async fn a_finished_job_says_so_and_the_feed_of_a_deleted_app_ends() {
    let fake = Fake::new().await;
    let mut done = pod("shop-1", vec![container("web", ContainerState::Ended(ended("Completed", 0)))]);
    done.phase = "Succeeded".into();
    fake.cluster.show([Arc::new(app("shop", vec![done]))]);
    fake.cluster.on_log(|_| Ok(all(vec![line(1, "done")])));
    let mut feed = open(&fake, follow()).await.unwrap();
    assert_eq!(words(&mut feed).await, ["shop-1/web", &line(1, "done"), "(end) Container web is done: it exited with code 0."]);
    fake.cluster.show([]);
    assert_eq!(words(&mut feed).await, ["(end) The app was deleted."]);
    assert_eq!(feed.next().await, None);
}

#[tokio::test(start_paused = true)]
async fn a_slow_log_reader_slows_only_itself() {
    let fake = Fake::with(Settings { log_read_ahead: 1024 * 1024, log_pool: 1024 * 1024, ..Settings::default() }).await;
    fake.cluster.show([one_pod(running(), 0)]);
    let polled = Arc::new(AtomicUsize::new(0));
    let counter = polled.clone();
    let chunk = line(1, &"x".repeat(169)).repeat(1000);
    let size = chunk.len();
    fake.cluster.on_log(move |_| {
        let (counter, chunk) = (counter.clone(), chunk.clone());
        let endless = stream::repeat_with(move || {
            counter.fetch_add(1, Ordering::SeqCst);
            bytes(&chunk)
        });
        Ok(endless.boxed())
    });
    let _slow = open(&fake, follow()).await.unwrap();
    tokio::time::sleep(Duration::from_secs(60)).await;
    let ahead = polled.load(Ordering::SeqCst) * size;
    assert!((256 * 1024..3 * 1024 * 1024).contains(&ahead), "{ahead} bytes were read ahead");
    let mut fast = open(&fake, follow()).await.unwrap();
    let mut got = 0;
    while got < 50 * 1024 * 1024 {
        if let Some(LogItem::Lines { bytes, .. }) = fast.next().await {
            assert!(bytes.ends_with(b"\n"));
            got += bytes.len();
        }
    }
}

#[tokio::test(start_paused = true)]
async fn dropping_the_feed_stops_the_reading() {
    let fake = one_running().await;
    let alive = Arc::new(());
    let held = alive.clone();
    fake.cluster.on_log(move |_| {
        let held = held.clone();
        Ok(stream::pending()
            .map(move |chunk: Bytes| {
                let _held = &held;
                Ok(chunk)
            })
            .boxed())
    });
    let mut feed = open(&fake, follow()).await.unwrap();
    words(&mut feed).await;
    assert_eq!(Arc::strong_count(&alive), 3);
    drop(feed);
    tokio::time::sleep(Duration::from_millis(10)).await;
    assert_eq!(Arc::strong_count(&alive), 2);
}

#[tokio::test(start_paused = true)]
async fn of_a_hundred_pods_64_are_read_and_the_others_when_these_end() {
    let fake = Fake::new().await;
    let pods = (0..100).map(|n| pod(&format!("shop-{n}"), vec![container("web", running())])).collect();
    fake.cluster.show([Arc::new(app("shop", pods))]);
    fake.cluster.on_log(|target| Ok(all(vec![line(1, &target.pod)])));
    let mut feed = open(&fake, LogQuery::default()).await.unwrap();
    let words = words(&mut feed).await;
    assert_eq!(lines(&words).lines().count(), 100);
    assert_eq!(words.iter().filter(|w| w.starts_with("(warn) Reading 64 containers")).count(), 1);
}

#[tokio::test(start_paused = true)]
async fn the_run_before_is_read_once() {
    let fake = Fake::new().await;
    let mut again = container("web", running());
    again.last = Some(ended("Error", 1));
    fake.cluster.show([Arc::new(app("shop", vec![pod("shop-1", vec![again, container("sidecar", running())])]))]);
    fake.cluster.on_log(|target| if target.query.previous { Ok(all(vec![line(1, "crash")])) } else { Err(ClusterError::Away(Away::Unreadable)) });
    let mut feed = open(&fake, LogQuery { previous: true, ..follow() }).await.unwrap();
    assert_eq!(words(&mut feed).await, ["shop-1/web", &line(1, "crash")]);
    assert_eq!(feed.next().await, None);
}

#[tokio::test(start_paused = true)]
async fn what_does_not_exist_is_said_before_anything_is_opened() {
    let fake = Fake::new().await;
    fake.cluster.show([one_pod(running(), 0), Arc::new(app_in("other", "shop", Vec::new()))]);
    for query in [LogQuery { pod: Some("gone".into()), ..follow() }, LogQuery { container: Some("gone".into()), ..follow() }] {
        assert!(matches!(open(&fake, query).await, Err(Failure::Told(p)) if p.code() == Code::NotFound));
    }
    let actor = actor(Role::Viewer);
    let viewer = fake.portal.access.viewer(&actor, &namespace("web")).unwrap();
    let foreign = fake.portal.logs.open(&viewer, &id("other", "shop"), follow()).await;
    assert!(matches!(foreign, Err(Failure::Told(p)) if p.code() == Code::NotFound));
}

#[tokio::test(start_paused = true)]
async fn one_person_cannot_take_all_places() {
    let fake = one_running().await;
    fake.cluster.on_log(|_| Ok(open_end(Vec::new())));
    let mut feeds = Vec::new();
    for _ in 0..PER_PERSON {
        feeds.push(open(&fake, follow()).await.unwrap());
    }
    assert!(matches!(open(&fake, follow()).await, Err(Failure::Told(p)) if p.code() == Code::TooMany));
    feeds.pop();
    assert!(open(&fake, follow()).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn one_person_cannot_have_all_containers_read() {
    let fake = Fake::new().await;
    let pods = (0..64).map(|n| pod(&format!("shop-{n}"), vec![container("web", running())])).collect();
    fake.cluster.show([Arc::new(app("shop", pods))]);
    fake.cluster.on_log(|_| Ok(open_end(Vec::new())));
    let mut feeds = Vec::new();
    for _ in 0..3 {
        feeds.push(open(&fake, follow()).await.unwrap());
        words(feeds.last_mut().unwrap()).await;
    }
    let mut single = open(&fake, LogQuery { pod: Some("shop-0".into()), ..follow() }).await.unwrap();
    words(&mut single).await;
    let mut last = open(&fake, follow()).await.unwrap();
    let said = words(&mut last).await;
    assert_eq!(said.iter().filter(|w| w.ends_with("/web")).count(), 63);
    assert_eq!(said.iter().filter(|w| w.contains("You're reading 256 containers")).count(), 1, "{said:?}");
    assert!(matches!(open(&fake, follow()).await, Err(Failure::Told(p)) if p.code() == Code::TooMany));
    drop(single);
    assert_eq!(words(&mut last).await.iter().filter(|w| w.ends_with("/web")).count(), 1, "the one that waited is read when another log has ended");
}

#[tokio::test(start_paused = true)]
async fn a_log_opened_before_its_pods_says_later_that_not_all_are_read() {
    let fake = Fake::new().await;
    fake.cluster.show([Arc::new(app("shop", Vec::new()))]);
    fake.cluster.on_log(|_| Ok(open_end(Vec::new())));
    let mut feed = open(&fake, follow()).await.unwrap();
    assert!(words(&mut feed).await[0].starts_with("(info) No pods yet"));
    let pods = (0..100).map(|n| pod(&format!("shop-{n}"), vec![container("web", running())])).collect();
    fake.cluster.show([Arc::new(app("shop", pods))]);
    assert_eq!(words(&mut feed).await.iter().filter(|w| w.starts_with("(warn) Reading 64 containers")).count(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_run_that_wrote_nothing_says_so() {
    let fake = Fake::new().await;
    fake.cluster.on_log(|_| Ok(all(Vec::new())));
    let waits = ContainerState::Waiting { reason: "CrashLoopBackOff".into(), message: String::new() };
    fake.cluster.show([one_pod(waits, 1)]);
    let mut previous = open(&fake, LogQuery { previous: true, tail_lines: Some(100), ..LogQuery::default() }).await.unwrap();
    assert_eq!(words(&mut previous).await, ["shop-1/web", "(info) Container web exited without writing a line."]);
    let mut followed = open(&fake, follow()).await.unwrap();
    assert_eq!(words(&mut followed).await, ["shop-1/web", "(info) Container web exited without writing a line."], "once, however long it waits");
    let mut recent = open(&fake, LogQuery { since_seconds: Some(60), ..LogQuery::default() }).await.unwrap();
    assert_eq!(words(&mut recent).await, ["shop-1/web"], "it may have written before");
    fake.cluster.show([one_pod(running(), 0)]);
    let mut whole = open(&fake, LogQuery::default()).await.unwrap();
    assert_eq!(words(&mut whole).await, ["shop-1/web", "(info) Container web hasn't written a line yet."]);
}

#[tokio::test(start_paused = true)]
async fn the_log_of_a_whole_app_has_the_init_containers_that_have_ended() {
    let fake = Fake::new().await;
    fake.cluster.on_log(|t| Ok(all(vec![line(1, &t.container)])));
    let mut init = container("migrate", ContainerState::Ended(ended("Completed", 0)));
    init.init = true;
    fake.cluster.show([Arc::new(app("shop", vec![pod("shop-1", vec![init, container("web", ContainerState::Ended(ended("Error", 1)))])]))]);
    let mut feed = open(&fake, LogQuery::default()).await.unwrap();
    let read = words(&mut feed).await;
    assert!(read.contains(&"migrate\n".to_owned()) || read.contains(&line(1, "migrate")), "{read:?}");
    let mut feed = open(&fake, follow()).await.unwrap();
    let read = words(&mut feed).await;
    assert!(read.contains(&line(1, "migrate")) && read.contains(&"(end) Container migrate is done: it exited with code 0.".to_owned()), "{read:?}");
}

#[tokio::test]
async fn a_container_that_does_not_exist_is_answered_with_those_that_do() {
    let fake = Fake::new().await;
    fake.cluster.show([Arc::new(app("shop", vec![pod("shop-1", vec![container("web", running()), container("proxy", running())])]))]);
    let refused = open(&fake, LogQuery { container: Some("nope".into()), ..LogQuery::default() }).await;
    assert_eq!(refused.err().unwrap().problem().detail, "This app has no container nope. It has proxy and web.");
}

#[tokio::test(start_paused = true)]
async fn the_end_of_a_log_is_counted_in_lines_however_long_they_are() {
    let fake = Fake::new().await;
    let lines: Vec<_> = (0..40).map(|n| line(n, &format!("{n} {}", "x".repeat(if n % 2 == 0 { 60_000 } else { 10 })))).collect();
    let written = lines.clone();
    fake.cluster.on_log(move |t| {
        // The node counts pieces, joins them, and begins within a line.
        let mut pieces: Vec<String> = Vec::new();
        for line in &written {
            pieces.extend(line.as_bytes().chunks(16_384).map(|p| String::from_utf8(p.to_vec()).unwrap()));
        }
        let tail = t.query.tail_lines.map_or(pieces.len(), |n| n as usize).min(pieces.len());
        let end = pieces.split_off(pieces.len() - tail).concat();
        let text = match t.since {
            Some(since) => written.iter().filter(|l| super::moment::Nanos::of_line(l.as_bytes()).unwrap().floor_ms() >= since).cloned().collect(),
            None => end,
        };
        Ok(if t.query.follow { open_end(vec![text]) } else { all(vec![text]) })
    });
    fake.cluster.show([one_pod(running(), 0)]);
    for follow in [false, true] {
        for wanted in [1_u32, 10, 39, 100] {
            let mut feed = open(&fake, LogQuery { follow, timestamps: true, tail_lines: Some(wanted), ..LogQuery::default() }).await.unwrap();
            let got: String = words(&mut feed).await.into_iter().filter(|w| w.starts_with("2026")).collect();
            let from = lines.len().saturating_sub(wanted as usize);
            assert_eq!(got, lines[from..].concat(), "the last {wanted}, followed: {follow}");
        }
    }
}
