use super::*;
use crate::Settings;
use crate::jobs::Job as _;
use crate::portal::fake::*;
use crate::ports::{ClusterError, ClusterResult, LogTarget};
use bytes::Bytes;
use domain::account::Role;
use domain::facts::{ChangedPart, ContainerState, Ended, Pod, RevisionChange};
use domain::kubernetes::{Away, LogOf, Missing, NoLog};
use domain::log::Said;
use futures::StreamExt as _;
use futures::stream;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

const ERROR: &str = "ERROR cannot reach db:5432: timed out";

/// A fake whose portal runs, with logs that answer so.
async fn running(settings: Settings, answer: impl Fn(&LogTarget) -> ClusterResult<String> + Send + Sync + 'static) -> (Fake, AbortOnDropHandle<()>) {
    let fake = Fake::with(settings).await;
    fake.cluster.on_log(move |target| {
        let text = answer(target)?;
        let most = target.limit_bytes.map_or(usize::MAX, |b| b as usize).min(text.len());
        Ok(stream::iter(text.as_bytes()[..most].chunks(10_000).map(|c| Ok(Bytes::copy_from_slice(c))).collect::<Vec<_>>()).boxed())
    });
    let portal = fake.portal.clone();
    let run = AbortOnDropHandle::new(tokio::spawn(async move { portal.run(CancellationToken::new()).await }));
    (fake, run)
}

fn failed(at: i64) -> Ended {
    Ended { started: Some(UnixMs(at - 2_000)), finished: Some(UnixMs(at)), ..ended("Error", 1) }
}

/// A pod whose container ended and waits.
fn crashed(name: &str, at: i64) -> Pod {
    let mut c = container("web", ContainerState::Waiting { reason: "CrashLoopBackOff".into(), message: String::new() });
    (c.ready, c.restarts, c.last) = (false, 1, Some(failed(at)));
    let mut pod = pod(name, vec![c]);
    pod.node = Some("node".into());
    pod.created = UnixMs(START - 3_600_000);
    pod
}

/// A pod that has run for long.
fn settled(name: &str) -> Pod {
    let mut pod = pod(name, vec![container("web", ContainerState::Running { since: Some(UnixMs(START - 3_600_000)) })]);
    pod.created = UnixMs(START - 3_600_000);
    pod
}

fn lines(n: usize, text: &str) -> String {
    (0..n).map(|i| format!("2026-11-21T04:{:02}:{:02}Z {text}\n", 50 + i / 60, i % 60)).collect()
}

/// Lets so many seconds pass, on both clocks.
async fn pass(fake: &Fake, seconds: u32) {
    for _ in 0..seconds {
        fake.clock.advance(1000);
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

fn opened(fake: &Fake) -> Vec<LogTarget> {
    fake.cluster.opened.lock().unwrap().clone()
}

fn observed(fake: &Fake, name: &str) -> Option<Arc<Observed>> {
    fake.portal.observer.seen().borrow().get(&id("web", name)).cloned()
}

#[tokio::test(start_paused = true)]
async fn the_last_error_line_of_a_crash_is_read_once_and_told_in_the_list() {
    let (fake, _run) = running(Settings::default(), |_| Ok(lines(1, "FATAL: MODE is not set"))).await;
    fake.cluster.show([Arc::new(app("shop", vec![crashed("shop-1", START)]))]);
    pass(&fake, 60).await;
    let board = fake.portal.app_list.board().borrow().clone();
    let sentence = &board.row(&id("web", "shop")).unwrap().status.sentence;
    assert!(sentence.contains("\u{201c}FATAL: MODE is not set\u{201d}"), "{sentence}");
    let opened = opened(&fake);
    assert_eq!(opened.len(), 1, "{opened:?}");
    assert!(opened[0].query.previous && opened[0].limit_bytes == Some(65_536));
}

#[tokio::test(start_paused = true)]
async fn however_many_containers_end_one_log_is_read_each_second() {
    let (fake, _run) = running(Settings::default(), |_| Ok(lines(1, ERROR))).await;
    fake.cluster.show([Arc::new(app("shop", (0..50).map(|n| crashed(&format!("shop-{n}"), START)).collect()))]);
    pass(&fake, 20).await;
    let read = opened(&fake).len();
    assert!((18..=21).contains(&read), "{read} reads in 20 s");
}

#[tokio::test(start_paused = true)]
async fn a_namespace_whose_containers_end_all_the_time_keeps_no_other_waiting() {
    let (fake, _run) = running(Settings::default(), |_| Ok(lines(1, ERROR))).await;
    let noisy = (0..200).map(|n| crashed(&format!("noisy-{n}"), START + n)).collect();
    let quiet = |shop| [Arc::new(app("shop", shop)), Arc::new(app_in("data", "db", vec![settled("db-1")]))];
    let noisy = Arc::new(app_in("noisy", "noisy", noisy));
    fake.cluster.show(quiet(vec![settled("shop-1")]).into_iter().chain([noisy.clone()]));
    let reads = |of: &str| opened(&fake).iter().filter(|t| t.pod.starts_with(of)).count();
    pass(&fake, 10).await;
    let before = reads("noisy");
    assert!(before >= 8, "nobody else wants to be read: {before}");
    // An older end, and a log that goes on.
    fake.cluster.show(quiet(vec![crashed("shop-1", START - 60_000)]).into_iter().chain([noisy]));
    fake.portal.observer.touch(&id("data", "db"));
    pass(&fake, 5).await;
    assert_eq!((reads("shop"), reads("db")), (1, 1));
    assert!(reads("noisy") > before, "and it goes on");
}

#[tokio::test(start_paused = true)]
async fn a_log_of_long_lines_is_asked_for_fewer_of_them() {
    let long = format!("{} the end", "x".repeat(15_000));
    let (fake, _run) = running(Settings::default(), move |t| Ok(lines(t.query.tail_lines.unwrap() as usize, &long))).await;
    fake.cluster.show([Arc::new(app("shop", vec![crashed("shop-1", START)]))]);
    pass(&fake, 10).await;
    assert_eq!(opened(&fake).iter().map(|t| t.query.tail_lines.unwrap()).collect::<Vec<_>>(), [200, 50, 12, 3]);
    assert!(matches!(&observed(&fake, "shop").unwrap().ends[0].said, Said::Line { text, .. } if text.starts_with("xxx")));
}

#[tokio::test(start_paused = true)]
async fn a_log_that_is_gone_or_empty_says_so_and_one_that_cannot_be_had_is_tried_thrice() {
    let (fake, _run) = running(Settings::default(), |t| match t.pod.as_str() {
        "gone-1" => Err(ClusterError::Missing(Missing::Log(LogOf { pod: t.pod.clone(), container: t.container.clone() }, NoLog::Removed))),
        "away-1" => Err(ClusterError::Away(Away::Connection("no answer".into()))),
        _ => Ok(String::new()),
    })
    .await;
    fake.cluster.show(["gone", "away", "mute"].map(|n| Arc::new(app(n, vec![crashed(&format!("{n}-1"), START)]))));
    pass(&fake, 120).await;
    assert_eq!(observed(&fake, "gone").unwrap().ends[0].said, Said::Gone);
    assert_eq!(observed(&fake, "mute").unwrap().ends[0].said, Said::Nothing);
    assert_eq!(observed(&fake, "away"), None);
    let tries = |pod: &str| opened(&fake).iter().filter(|t| t.pod == pod).count();
    assert_eq!((tries("gone-1"), tries("mute-1"), tries("away-1")), (1, 1, 3));
}

#[tokio::test(start_paused = true)]
async fn lines_of_the_next_run_are_not_quoted_for_this_one() {
    let later = "2026-11-21T05:30:00Z ERROR of the next run\n";
    let (fake, _run) = running(Settings::default(), move |_| Ok(later.into())).await;
    fake.cluster.show([Arc::new(app("shop", vec![crashed("shop-1", START)]))]);
    pass(&fake, 120).await;
    assert_eq!(observed(&fake, "shop"), None);
}

#[tokio::test(start_paused = true)]
async fn running_logs_are_sampled_only_while_somebody_looks() {
    let (fake, _run) = running(Settings::default(), |_| Ok(lines(120, ERROR))).await;
    fake.cluster.show([Arc::new(app("shop", vec![settled("shop-1")]))]);
    pass(&fake, 60).await;
    assert!(opened(&fake).is_empty(), "nobody looks");
    let actor = actor(Role::Viewer);
    let viewer = fake.portal.access.viewer(&actor, &namespace("web")).unwrap();
    let page = fake.portal.observer.open(&viewer, &id("web", "shop")).unwrap();
    pass(&fake, 61).await;
    let read = opened(&fake).len();
    assert!((2..=3).contains(&read), "every half minute, not {read} times");
    let told = observed(&fake, "shop").unwrap();
    assert_eq!((told.logs[0].many, told.logs[0].errors.per_minute, told.logs[0].errors.line.as_str()), (true, 60, ERROR));
    drop(page);
    pass(&fake, 600).await;
    assert_eq!(opened(&fake).len(), read, "nobody looks any more");
    assert_eq!(observed(&fake, "shop"), None, "what was read is too old to be told");
    assert_eq!(fake.portal.observer.open(&viewer, &id("data", "shop")).map(drop), None, "an app of another namespace");
}

#[tokio::test(start_paused = true)]
async fn who_did_not_answer_is_found_among_the_apps_of_the_namespace() {
    use domain::facts::{Allowed, Policy, Service, ServicePort};
    let port = ServicePort { name: None, port: 5432, target: "5433".into(), node_port: None, protocol: "TCP".into() };
    let service = Service {
        name: "db".into(),
        kind: "ClusterIP".into(),
        cluster_ip: None,
        external: Vec::new(),
        ports: vec![port],
        selector: Default::default(),
        ready_endpoints: 1,
        unready_endpoints: 0,
        matches: true,
        headless: false,
        uid: String::new(),
        changed: None,
        created: UnixMs(0),
    };
    let mut db = app("db", vec![settled("db-1")]);
    db.services = vec![Arc::new(service)];
    db.around.policies = vec![Arc::new(Policy { name: "db-clients".into(), ingress: Some(Allowed::Nothing), egress: None })];
    let (fake, _run) = running(Settings::default(), |_| Ok(lines(120, ERROR))).await;
    fake.cluster.show([Arc::new(app("shop", vec![settled("shop-1")])), Arc::new(db)]);
    fake.portal.observer.touch(&id("web", "shop"));
    pass(&fake, 20).await;
    let told = observed(&fake, "shop").unwrap().unanswered.clone().unwrap();
    assert_eq!((told.line.as_str(), told.port), (ERROR, Some(5433)), "policies are about the port of the pods");
    let (service, policies) = told.asked.unwrap();
    assert_eq!((service.as_str(), policies[0].name.as_str()), ("db", "db-clients"));
}

#[tokio::test(start_paused = true)]
async fn a_burst_of_errors_is_told_only_if_it_goes_on() {
    let burst = "2026-11-21T04:59:58Z ERROR retrying\n".repeat(40);
    let (fake, _run) = running(Settings::default(), move |_| Ok(burst.clone())).await;
    fake.cluster.show([Arc::new(app("shop", vec![settled("shop-1")]))]);
    fake.portal.observer.touch(&id("web", "shop"));
    pass(&fake, 20).await;
    assert_eq!(observed(&fake, "shop"), None, "once is a burst");
    pass(&fake, 30).await;
    assert!(observed(&fake, "shop").unwrap().logs[0].many, "twice is not");
}

#[tokio::test(start_paused = true)]
async fn an_app_that_opts_out_and_a_portal_that_does_not_sample_read_nothing() {
    let mut private = app("shop", vec![crashed("shop-1", START)]);
    Arc::make_mut(&mut private.workload).log_samples_off = true;
    let (fake, _run) = running(Settings::default(), |_| Ok(lines(1, ERROR))).await;
    fake.cluster.show([Arc::new(private)]);
    pass(&fake, 20).await;
    assert!(opened(&fake).is_empty());
    let (fake, _run) = running(Settings { log_samples: false, ..Settings::default() }, |_| Ok(lines(1, ERROR))).await;
    fake.cluster.show([Arc::new(app("shop", vec![crashed("shop-1", START)]))]);
    pass(&fake, 20).await;
    assert!(opened(&fake).is_empty());
}

#[tokio::test(start_paused = true)]
async fn what_the_failing_revision_changed_is_asked_once() {
    let (fake, _run) = running(Settings::default(), |_| Ok(lines(1, "FATAL: MODE is not set"))).await;
    *fake.cluster.last_change.lock().unwrap() = Some(RevisionChange { revision: 2, parts: vec![ChangedPart::EnvRemoved("MODE".into())] });
    fake.cluster.show([Arc::new(app("shop", vec![crashed("shop-1", START)]))]);
    pass(&fake, 20).await;
    let board = fake.portal.app_list.board().borrow().clone();
    let sentence = &board.row(&id("web", "shop")).unwrap().status.sentence;
    assert!(sentence.contains("Revision 2 removed env MODE."), "{sentence}");
}

#[tokio::test(start_paused = true)]
async fn memory_that_rose_for_long_before_a_kill_is_told() {
    let (fake, _run) = running(Settings::default(), |_| Ok(String::new())).await;
    let mut pod = crashed("shop-1", START);
    pod.containers[0].last = Some(Ended { reason: "OOMKilled".into(), exit_code: 137, started: Some(UnixMs(START - 600_000)), ..failed(START) });
    let mut facts = app("shop", vec![pod]);
    Arc::make_mut(&mut facts.workload).containers[0].memory_limit = Some(domain::Bytes(64 << 20));
    let sample = |n: u64| crate::ports::Sample {
        at: UnixMs(START - 600_000 + i64::try_from(n).unwrap() * 30_000),
        app: id("web", "shop"),
        pod: "shop-1".into(),
        cpu_milli: 1,
        memory_bytes: (20 + n * 2) << 20,
    };
    fake.store.samples.lock().unwrap().extend((0..20).map(sample));
    fake.cluster.show([Arc::new(facts)]);
    pass(&fake, 10).await;
    let rise = observed(&fake, "shop").unwrap().ends[0].rise.unwrap();
    assert_eq!((rise.from.0 >> 20, rise.to.0 >> 20, rise.over_ms), (20, 58, 570_000));
}

#[tokio::test(start_paused = true)]
async fn who_may_see_an_app_reads_the_last_lines_of_its_crash_without_secrets() {
    let log = "2026-11-21T04:50:00Z one\n2026-11-21T04:50:01Z two\n2026-11-21T04:50:02Z DB_PASSWORD=hunter2hunter2\n2026-11-21T04:50:03Z FATAL: no database\n";
    let (fake, _run) = running(Settings::default(), move |_| Ok(log.into())).await;
    fake.cluster.show([Arc::new(app("shop", vec![crashed("shop-1", START)]))]);
    pass(&fake, 10).await;
    let actor = actor(Role::Viewer);
    let viewer = fake.portal.access.viewer(&actor, &namespace("web")).unwrap();
    let told = fake.portal.apps.detail(&viewer, &id("web", "shop")).unwrap().last_lines.unwrap();
    assert_eq!((told.pod.as_str(), told.container.as_str(), told.previous, told.lines.len()), ("shop-1", "web", true, 3));
    assert_eq!((told.lines[0].as_str(), told.lines[2].as_str()), ("two", "FATAL: no database"));
    assert!(told.lines[1].starts_with("DB_PASSWORD=") && !told.lines[1].contains("hunter2"), "{}", told.lines[1]);
}

#[tokio::test(start_paused = true)]
async fn of_containers_that_run_only_those_that_are_not_ready_have_last_lines() {
    let (fake, _run) = running(Settings::default(), |_| Ok(lines(1, "waits for db"))).await;
    let mut unready = settled("slow-1");
    unready.containers[0].ready = false;
    fake.cluster.show([Arc::new(app("shop", vec![settled("shop-1")])), Arc::new(app("slow", vec![unready]))]);
    for name in ["shop", "slow"] {
        fake.portal.observer.touch(&id("web", name));
    }
    pass(&fake, 10).await;
    assert_eq!(observed(&fake, "shop"), None);
    assert_eq!(observed(&fake, "slow").unwrap().unready[0].lines, ["waits for db"]);
}

/// A pod whose init container has run since then.
fn waiting_for(name: &str, since: i64) -> Pod {
    let mut wait = container("wait", ContainerState::Running { since: Some(UnixMs(since)) });
    (wait.init, wait.ready, wait.started) = (true, false, true);
    let mut main = container("web", ContainerState::Waiting { reason: "PodInitializing".into(), message: String::new() });
    main.ready = false;
    let mut pod = pod(name, vec![wait, main]);
    (pod.phase, pod.node, pod.created) = ("Pending".into(), Some("node".into()), UnixMs(START - 3_600_000));
    pod
}

#[tokio::test(start_paused = true)]
async fn an_init_container_that_does_not_end_is_told_with_its_last_line_without_anybody_looking() {
    let (fake, _run) = running(Settings::default(), |_| Ok("2026-11-21T03:00:00Z waiting for db:5432\n".into())).await;
    fake.cluster.show([Arc::new(app("shop", vec![waiting_for("shop-1", START - 1_800_000)]))]);
    pass(&fake, 10).await;
    let board = fake.portal.app_list.board().borrow().clone();
    let sentence = &board.row(&id("web", "shop")).unwrap().status.sentence;
    assert!(sentence.contains("Its log ends with \u{201c}waiting for db:5432\u{201d}"), "{sentence}");
    assert!(opened(&fake).iter().all(|t| t.container == "wait" && t.query.since_seconds.is_none()), "however old the line is");
    pass(&fake, 100).await;
    assert_eq!(opened(&fake).len(), 1, "nobody looks");
    pass(&fake, 300).await;
    assert!((3..=4).contains(&opened(&fake).len()), "{}", opened(&fake).len());
    assert!(observed(&fake, "shop").is_some(), "it is told as long as it waits");
}

#[tokio::test(start_paused = true)]
async fn an_init_container_is_given_a_minute_before_its_log_is_read() {
    let (fake, _run) = running(Settings::default(), |_| Ok(lines(1, "migrating"))).await;
    fake.cluster.show([Arc::new(app("shop", vec![waiting_for("shop-1", START - 30_000)]))]);
    fake.portal.observer.touch(&id("web", "shop"));
    pass(&fake, 20).await;
    assert!(opened(&fake).is_empty(), "{:?}", opened(&fake));
    pass(&fake, 20).await;
    assert_eq!(opened(&fake).len(), 1);
}

#[tokio::test(start_paused = true)]
async fn the_end_of_a_log_is_read_once_however_often_the_job_runs_and_never_faster_than_its_pace() {
    let fake = Fake::new().await;
    fake.cluster.on_log(|_| Ok(stream::iter([Ok(Bytes::from(lines(1, ERROR)))]).boxed()));
    fake.cluster.show([Arc::new(app("shop", vec![crashed("shop-1", START), crashed("shop-2", START)]))]);
    let (mut job, begun) = (ReadLogs::new(fake.portal.observer.clone()), tokio::time::Instant::now());
    job.run_once().await;
    job.run_once().await;
    assert_eq!(opened(&fake).len(), 2);
    assert!(begun.elapsed() >= Duration::from_secs(1), "one log a second");
    let told = observed(&fake, "shop");
    job.run_once().await;
    assert_eq!((opened(&fake).len(), observed(&fake, "shop")), (2, told));
}
