use super::recent::Recent;
use super::*;
use crate::jobs::Job as _;
use crate::portal::fake::*;
use domain::account::Role;
use domain::facts::{AppFacts, ReplicaSet};
use domain::kubernetes::{Away, Missing, NotAllowed, Resource, Right, Verb};
use domain::metrics::{Marked, Range, Window};
use domain::storage::StorageTrouble;
use domain::{Bytes, MilliCpu};
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

fn usage(pod: &str, cpu: u64, memory: u64) -> PodUsage {
    PodUsage {
        namespace: namespace("web"),
        pod: pod.into(),
        cpu: MilliCpu(cpu),
        memory: Bytes(memory),
        at: None,
        containers: vec![("web".into(), MilliCpu(cpu), Bytes(memory))],
    }
}

fn shop(pods: usize) -> AppFacts {
    app("shop", (0..pods).map(|n| pod(&format!("shop-{n:02}"), vec![container("web", running())])).collect())
}

fn read_usage(fake: &Fake) -> ReadUsage {
    ReadUsage::new(fake.portal.metrics.clone(), fake.portal.observer.clone(), fake.portal.storage.clone())
}

fn write_samples(fake: &Fake) -> WriteSamples {
    WriteSamples::new(&fake.portal.metrics, fake.portal.storage.clone())
}

async fn read(fake: &Fake, range: impl Into<Span>) -> AppMetrics {
    let actor = actor(Role::Viewer);
    let viewer = fake.portal.access.viewer(&actor, &namespace("web")).unwrap();
    fake.portal.metrics.chart(&viewer, &id("web", "shop"), range).await.unwrap()
}

/// Samples with what metrics-server says round by round, 15 s apart.
async fn sample(fake: &Fake, rounds: Vec<ClusterResult>) -> Recent {
    let (mut read, mut write) = (read_usage(fake), write_samples(fake));
    for round in rounds {
        fake.cluster.usage.lock().unwrap().push_back(round);
        read.run_once().await;
        write.run_once().await;
        fake.clock.advance(15_000);
    }
    read.recent.unwrap()
}

type ClusterResult = crate::ports::ClusterResult<Vec<PodUsage>>;

#[tokio::test]
async fn a_gap_stays_a_gap_and_pods_add_up() {
    let fake = Fake::new().await;
    fake.cluster.show([Arc::new(shop(2))]);
    let rounds = vec![
        Ok(vec![usage("shop-00", 100, 10), usage("shop-01", 50, 5), usage("stranger", 9, 9)]),
        Err(ClusterError::Away(Away::Connection("gone".into()))),
        Ok(vec![usage("shop-00", 120, 12)]),
    ];
    sample(&fake, rounds).await;
    let metrics = read(&fake, Range::M15).await;
    let tail = |values: &[Option<u32>]| values[56..].to_vec();
    assert_eq!((metrics.steps, metrics.step_s, metrics.pods.len()), (60, 15, 2));
    assert_eq!(metrics.from.0 % 15_000, 0);
    assert_eq!(tail(&metrics.pods[0].cpu_milli), [Some(100), None, Some(120), None]);
    assert_eq!(tail(&metrics.pods[1].cpu_milli), [Some(50), None, None, None]);
    assert_eq!(tail(&metrics.total.cpu_milli), [Some(150), None, Some(120), None]);
    assert_eq!(metrics.total.memory_bytes[56..], [Some(15), None, Some(12), None]);
    assert_eq!(metrics.missing, None);
}

#[tokio::test]
async fn what_is_measured_while_the_disk_is_full_is_in_the_chart_afterwards() {
    let fake = Fake::new().await;
    fake.cluster.show([Arc::new(shop(1))]);
    fake.store.set_trouble(Some(StorageTrouble::Full));
    sample(&fake, vec![Ok(vec![usage("shop-00", 100, 10)]), Ok(vec![usage("shop-00", 200, 20)])]).await;
    assert_eq!((read(&fake, Range::M15).await.pods.len(), fake.portal.storage.kept_numbers().samples), (0, 2));
    fake.store.set_trouble(None);
    fake.catch_up().run_once().await;
    write_samples(&fake).run_once().await;
    assert_eq!(read(&fake, Range::M15).await.total.cpu_milli[57..59], [Some(100), Some(200)]);
    assert_eq!(fake.portal.storage.kept_numbers(), crate::storage::KeptNumbers::default());
}

#[tokio::test]
async fn a_clock_that_is_set_empties_no_small_chart() {
    const YEAR: i64 = 365 * 86_400_000;
    let fake = Fake::new().await;
    fake.cluster.show([Arc::new(shop(1))]);
    let mut read = read_usage(&fake);
    for set_by in [0, 20 * YEAR, -20 * YEAR, -YEAR] {
        fake.clock.set_by(set_by);
        fake.cluster.usage.lock().unwrap().push_back(Ok(vec![usage("shop-00", 100, 10)]));
        read.run_once().await;
        fake.clock.advance(recent::BUCKET_MS);
    }
    assert_eq!(fake.portal.metrics.usage.borrow().app(&id("web", "shop"), UnixMs(0)).cpu_spark, [100; 4]);
}

#[tokio::test]
async fn longer_ranges_have_means_of_cpu_and_peaks_of_memory() {
    let fake = Fake::new().await;
    fake.cluster.show([Arc::new(shop(1))]);
    sample(&fake, [(100, 10), (300, 90), (200, 20)].map(|(cpu, memory)| Ok(vec![usage("shop-00", cpu, memory)])).into()).await;
    let metrics = read(&fake, Range::H24).await;
    assert_eq!((metrics.steps, metrics.step_s), (360, 240));
    assert_eq!((metrics.total.cpu_milli[359], metrics.total.memory_bytes[359]), (Some(200), Some(90)));
}

#[tokio::test]
async fn a_window_shows_what_was_measured_in_it_and_nothing_beside_it() {
    let fake = Fake::new().await;
    fake.cluster.show([Arc::new(shop(1))]);
    sample(&fake, (0..8).map(|n| Ok(vec![usage("shop-00", n, n)])).collect()).await;
    let window = |from: i64, to: i64| Span { range: Range::M15, window: Window::new(UnixMs(START + from * 1000), UnixMs(START + to * 1000)) };
    let part = read(&fake, window(30, 90)).await;
    assert_eq!((part.from, part.steps, part.step_s, part.window.is_some()), (UnixMs(START + 30_000), 4, 15, true));
    assert_eq!(part.total.cpu_milli, [Some(2), Some(3), Some(4), Some(5)]);
    let later = read(&fake, window(90, 600)).await;
    assert_eq!((later.steps, &later.total.cpu_milli[..2]), (3, &[Some(6), Some(7)][..]), "it ends now");
    assert_eq!(read(&fake, window(600, 900)).await.steps, 0);
}

#[test]
fn a_day_that_begins_within_a_step_has_360_steps_at_most() {
    for from in [START, START + 1, START + 7_000, START + 239_999] {
        let window = Window::new(UnixMs(from), UnixMs(from + 86_400_000));
        let grid = Grid::of(Span { range: Range::H24, window }, UnixMs(from + 10 * 86_400_000));
        assert!(grid.steps <= 360 && grid.from <= UnixMs(from) && grid.end() >= UnixMs(from + 86_400_000), "{grid:?}");
    }
}

#[tokio::test]
async fn what_is_not_measured_now_is_no_news_of_the_past() {
    let fake = Fake::new().await;
    fake.cluster.show([Arc::new(shop(1))]);
    sample(&fake, vec![Ok(vec![usage("shop-00", 1, 1)]), Err(ClusterError::Away(Away::Connection("gone".into())))]).await;
    let window = |to: i64| Span { range: Range::H1, window: Window::new(UnixMs(START - 60_000), UnixMs(START + to)) };
    assert!(read(&fake, window(15_000)).await.missing.is_none());
    assert!(read(&fake, window(60_000)).await.missing.is_some());
}

#[test]
fn marks_that_would_lie_on_each_other_become_the_newest_of_them() {
    let grid = Grid::of(Range::H1.into(), UnixMs(START));
    let at = |s: i64| UnixMs(START + s * 1000);
    let rollout = |s, revision| (at(s), Marked::Rollout { revision, image: None });
    let kill = (at(-120), Marked::OutOfMemory { container: "main".into(), pod: "shop-1".into() });
    let all = vec![rollout(-1000, 1), rollout(-150, 2), kill, rollout(-100, 3), rollout(-20, 4)];
    let told = marks::merged(all, grid).into_iter().map(|m| (m.at.since(UnixMs(START)) / 1000, m.label)).collect::<Vec<_>>();
    let expected = [(-1000, "Revision 1"), (-150, "Revision 2"), (-120, "Out of memory: main of shop-1"), (-20, "Revision 4 (2 rollouts)")];
    assert_eq!(told, expected.map(|(at, label)| (at, label.to_owned())));
}

#[tokio::test]
async fn a_chart_has_50_pods_at_most_and_the_living_come_first() {
    let fake = Fake::new().await;
    fake.cluster.show([Arc::new(shop(60))]);
    sample(&fake, vec![Ok((0..60).map(|n| usage(&format!("shop-{n:02}"), 1, 1)).collect())]).await;
    let mut rest = shop(60);
    rest.pods.drain(..20);
    fake.cluster.show([Arc::new(rest)]);
    let metrics = read(&fake, Range::M15).await;
    assert_eq!(metrics.pods.len(), 50);
    assert_eq!(metrics.pods.iter().filter(|p| p.pod.as_str() >= "shop-20").count(), 40);
    assert!(metrics.pods.is_sorted_by(|a, b| a.pod < b.pod));
    assert_eq!(metrics.total.cpu_milli[58], Some(60));
}

#[tokio::test]
async fn a_chart_has_no_pods_of_a_deleted_app_of_the_same_name() {
    let fake = Fake::new().await;
    fake.cluster.show([Arc::new(shop(1))]);
    sample(&fake, (0..4).map(|_| Ok(vec![usage("shop-00", 100, 10)])).collect()).await;
    let mut again = app("shop", vec![pod("shop-99", vec![container("web", running())])]);
    Arc::make_mut(&mut again.workload).created = fake.portal.clock.now();
    fake.cluster.show([Arc::new(again)]);
    sample(&fake, vec![Ok(vec![usage("shop-99", 50, 5)])]).await;
    let metrics = read(&fake, Range::M15).await;
    assert_eq!(metrics.pods.iter().map(|p| p.pod.as_str()).collect::<Vec<_>>(), ["shop-99"]);
    assert_eq!(metrics.total.cpu_milli.iter().flatten().collect::<Vec<_>>(), [&50]);
}

#[tokio::test]
async fn without_metrics_server_the_chart_says_how_to_get_it() {
    let fake = Fake::new().await;
    fake.cluster.show([Arc::new(shop(1))]);
    sample(&fake, vec![Err(ClusterError::Missing(Missing::MetricsServer))]).await;
    let metrics = read(&fake, Range::H1).await;
    assert!(metrics.missing.is_some_and(|text| text.contains("kubectl apply -f https://")));
    let right = Right::of(Verb::List, Resource::PodMetrics, &namespace("web"));
    sample(&fake, vec![Err(ClusterError::NotAllowed(NotAllowed::Right(right)))]).await;
    assert!(read(&fake, Range::H1).await.missing.is_some_and(|text| text.contains("isn't allowed to list pods.metrics.k8s.io in web.")));
}

#[tokio::test]
async fn requests_limits_and_marks_are_those_of_a_pod() {
    let fake = Fake::new().await;
    let mut facts = shop(1);
    let mut containers = vec![container_spec("init"), container_spec("web"), container_spec("sidecar")];
    containers[0].init = true;
    containers[2].sidecar = true;
    containers[0].cpu_request = Some(MilliCpu(5000));
    for c in &mut containers[1..] {
        c.cpu_request = Some(MilliCpu(100));
        c.memory_limit = Some(Bytes(64));
    }
    containers[1].cpu_limit = Some(MilliCpu(500));
    Arc::make_mut(&mut facts.workload).containers = containers;
    let set = |revision, ago: i64| {
        let created = UnixMs(START - ago);
        Arc::new(ReplicaSet {
            name: "rs".into(),
            revision,
            created,
            reused: false,
            images: vec!["r.example.org/web:1.2".into()],
            change_cause: None,
            wanted: 1,
            ready: 1,
            hash: None,
        })
    };
    let mut again = set(8, 30_000);
    Arc::make_mut(&mut again).reused = true;
    facts.replica_sets = vec![again, set(7, 60_000), set(6, 86_400_000)];
    let mut killed = container("web", running());
    killed.last = Some(ended("OOMKilled", 137));
    facts.pods = vec![Arc::new(pod("shop-00", vec![killed]))];
    fake.cluster.show([Arc::new(facts)]);
    let metrics = read(&fake, Range::H1).await;
    assert_eq!((metrics.cpu_request, metrics.cpu_limit), (Some(200), None));
    assert_eq!((metrics.memory_request, metrics.memory_limit), (None, Some(128)));
    let marks = metrics.marks.iter().map(|m| format!("{:?} {}", m.kind, m.label)).collect::<Vec<_>>();
    assert_eq!(marks, ["Deploy Revision 7: web 1.2", "Oom Out of memory: web of shop-00"], "what a roll-back took again is older than its number");
}

#[tokio::test]
async fn the_small_charts_have_24_points_at_most_and_fit_their_height() {
    let fake = Fake::new().await;
    fake.cluster.show([Arc::new(shop(1))]);
    let rounds = (0..300).map(|n| Ok(vec![usage("shop-00", n, 32 * 1024 * 1024)])).collect();
    let recent = sample(&fake, rounds).await;
    let now = recent.now(&[]);
    assert_eq!(now.app(&id("web", "shop"), UnixMs(0)).cpu, None);
    let shown = fake.portal.metrics.usage.borrow().app(&id("web", "shop"), UnixMs(0));
    assert_eq!(shown.cpu, Some(MilliCpu(299)));
    assert_eq!(shown.cpu_spark.len(), 24);
    assert_eq!(shown.cpu_spark.last(), Some(&100));
    assert!(shown.cpu_spark.is_sorted());
    assert!(shown.memory_spark.iter().all(|v| *v == 100));
}

#[tokio::test]
async fn an_app_that_was_made_anew_does_not_show_what_its_namesake_used() {
    let fake = Fake::new().await;
    let made = |s: i64| {
        let mut facts = shop(1);
        Arc::make_mut(&mut facts.workload).created = UnixMs(START + s * 1000);
        Arc::make_mut(&mut facts.pods[0]).created = UnixMs(START + s * 1000);
        Arc::new(facts)
    };
    let measured = |s: i64| PodUsage { at: Some(UnixMs(START + s * 1000)), ..usage("shop-00", 90, 90) };
    let ann = actor(Role::Viewer);
    let viewer = fake.portal.access.viewer(&ann, &namespace("web")).unwrap();
    let shown = |s: i64| {
        fake.cluster.show([made(s)]);
        let page = fake.portal.apps.detail(&viewer, &id("web", "shop")).unwrap();
        (page.row.usage.cpu, page.row.usage.cpu_spark.len(), page.pods[0].cpu)
    };
    fake.cluster.show([made(-3600)]);
    sample(&fake, vec![Ok(vec![measured(-2)])]).await;
    assert_eq!(shown(-3600), (Some(MilliCpu(90)), 1, Some(MilliCpu(90))), "the one that was measured");
    assert_eq!(shown(10), (None, 0, None), "made after the last measurement");
    // metrics-server tells of the old pod for a while.
    sample(&fake, vec![Ok(vec![measured(5)])]).await;
    assert_eq!(shown(10), (None, 0, None), "measured before it was made");
    sample(&fake, vec![Ok(vec![measured(28)])]).await;
    assert_eq!(shown(10), (Some(MilliCpu(90)), 0, Some(MilliCpu(90))));
}

#[tokio::test]
async fn the_small_charts_survive_a_restart() {
    let mut recent = Recent::new();
    let app = id("web", "shop");
    let rows = (0..30).map(|n| (app.clone(), UnixMs(START - n * recent::BUCKET_MS), 50, 1)).collect();
    recent.load(rows, UnixMs(START));
    recent.add(&[Sample { at: UnixMs(START), app: app.clone(), pod: "shop-00".into(), cpu_milli: 50, memory_bytes: 1 }], UnixMs(START));
    let sample = Sample { at: UnixMs(START), app: app.clone(), pod: "shop-00".into(), cpu_milli: 50, memory_bytes: 1 };
    assert_eq!(recent.now(&[sample]).app(&app, UnixMs(0)).cpu_spark, vec![100; 24]);
}

#[tokio::test(start_paused = true)]
async fn sampling_keeps_its_steps_and_slows_down_while_nothing_answers() {
    let fake = Fake::new().await;
    fake.cluster.show([Arc::new(shop(1))]);
    let rounds = (0..4).map(|_| Ok(vec![usage("shop-00", 1, 1)]));
    fake.cluster.usage.lock().unwrap().extend(rounds);
    let portal = fake.portal.clone();
    let _run = AbortOnDropHandle::new(tokio::spawn(async move { portal.run(CancellationToken::new()).await }));
    // The fake clock stands still on a step, so every pause is a whole one: 4 answers, then 30, 60, 120 and 120 s.
    tokio::time::sleep(Duration::from_secs(50)).await;
    assert_eq!(fake.store.samples.lock().unwrap().len(), 4);
    assert_eq!(fake.portal.metrics.usage.borrow().answered, Some(true));
    tokio::time::sleep(Duration::from_secs(11)).await;
    assert_eq!(fake.portal.metrics.usage.borrow().answered, Some(false));
    fake.cluster.usage.lock().unwrap().push_back(Ok(vec![usage("shop-00", 1, 1)]));
    tokio::time::sleep(Duration::from_secs(20)).await;
    assert_eq!(fake.portal.metrics.usage.borrow().answered, Some(false));
    tokio::time::sleep(Duration::from_secs(15)).await;
    assert_eq!(fake.portal.metrics.usage.borrow().answered, Some(true));
}

#[tokio::test]
async fn use_that_is_read_and_written_twice_in_a_step_is_shown_as_if_it_were_once() {
    let (once, twice) = (Fake::new().await, Fake::new().await);
    for (fake, times) in [(&once, 1), (&twice, 2)] {
        fake.cluster.show([Arc::new(shop(2))]);
        let (mut read, mut write) = (read_usage(fake), write_samples(fake));
        for _ in 0..times {
            fake.cluster.usage.lock().unwrap().push_back(Ok(vec![usage("shop-00", 100, 10), usage("shop-01", 50, 5)]));
            read.run_once().await;
        }
        for _ in 0..times {
            write.run_once().await;
        }
    }
    let shown = |fake: &Fake| fake.portal.metrics.usage.borrow().app(&id("web", "shop"), UnixMs(0));
    assert_eq!(shown(&twice), shown(&once));
    assert_eq!(read(&twice, Range::M15).await.total, read(&once, Range::M15).await.total);
}

#[tokio::test]
async fn samples_that_were_written_are_not_written_again() {
    let fake = Fake::new().await;
    fake.cluster.show([Arc::new(shop(1))]);
    sample(&fake, vec![Ok(vec![usage("shop-00", 100, 10)])]).await;
    write_samples(&fake).run_once().await;
    assert_eq!(fake.store.samples.lock().unwrap().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn what_was_read_is_written_at_once_and_what_had_to_wait_as_soon_as_there_is_room() {
    let fake = Fake::new().await;
    fake.cluster.show([Arc::new(shop(1))]);
    fake.cluster.usage.lock().unwrap().extend((0..2).map(|_| Ok(vec![usage("shop-00", 1, 1)])));
    let portal = fake.portal.clone();
    let _run = AbortOnDropHandle::new(tokio::spawn(async move { portal.run(CancellationToken::new()).await }));
    let written = || fake.store.samples.lock().unwrap().len();
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(written(), 1);
    fake.store.set_trouble(Some(StorageTrouble::Full));
    tokio::time::sleep(Duration::from_secs(15)).await;
    assert_eq!((written(), fake.portal.storage.kept_numbers().samples), (1, 1));
    fake.store.set_trouble(None);
    fake.portal.storage.check().await.unwrap();
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!((written(), fake.portal.storage.kept_numbers().samples), (2, 0), "before the period is over");
}
