//! Measured use of pods.

use super::{Store, app, promises};
use crate::ports::{PodSeries, Point, Sample};
use domain::UnixMs;
use std::sync::Arc;

promises![
    what_was_measured_in_a_step_is_taken_together_by_pod,
    the_use_of_an_app_is_the_sum_over_its_pods_and_the_mean_of_a_step,
    old_samples_go_and_those_of_a_clock_that_was_set_ahead,
];

fn sample(at: i64, name: &str, pod: &str, cpu_milli: u32, memory_bytes: u64) -> Sample {
    Sample { at: UnixMs(at), app: app("web", name), pod: pod.into(), cpu_milli, memory_bytes }
}

fn point(at: i64, cpu_milli: u32, memory_bytes: u64) -> Point {
    Point { at: UnixMs(at), cpu_milli, memory_bytes }
}

fn series(pod: &str, points: &[Point]) -> PodSeries {
    PodSeries { pod: pod.into(), points: points.to_vec() }
}

async fn add(store: &dyn Store) {
    let all = [sample(0, "shop", "a", 100, 10), sample(0, "shop", "b", 200, 20), sample(15_000, "shop", "a", 500, 50), sample(30_000, "shop", "a", 7, 5)];
    store.add_samples(&all).await.unwrap();
    store.add_samples(&[sample(0, "api", "c", 1, 1)]).await.unwrap();
}

async fn what_was_measured_in_a_step_is_taken_together_by_pod(store: Arc<dyn Store>) {
    add(&*store).await;
    let shop = app("web", "shop");
    let all = store.series(&shop, UnixMs(0), UnixMs(i64::MAX), 30_000).await.unwrap();
    assert_eq!(all, [series("a", &[point(30_000, 7, 5), point(0, 300, 50)]), series("b", &[point(0, 200, 20)])], "mean CPU, highest memory");
    let one = store.series(&shop, UnixMs(15_000), UnixMs(30_000), 15_000).await.unwrap();
    assert_eq!(one, [series("a", &[point(15_000, 500, 50)])], "what ends there does not hold it");
    assert!(store.series(&app("web", "nobody"), UnixMs(0), UnixMs(i64::MAX), 15_000).await.unwrap().is_empty());
}

async fn the_use_of_an_app_is_the_sum_over_its_pods_and_the_mean_of_a_step(store: Arc<dyn Store>) {
    add(&*store).await;
    let (api, shop) = (app("web", "api"), app("web", "shop"));
    let mut all = store.usage_history(UnixMs(0), 30_000).await.unwrap();
    all.sort();
    assert_eq!(all, [(api, UnixMs(0), 1, 1), (shop.clone(), UnixMs(0), 400, 40), (shop.clone(), UnixMs(30_000), 7, 5)]);
    assert_eq!(store.usage_history(UnixMs(30_000), 30_000).await.unwrap(), [(shop, UnixMs(30_000), 7, 5)]);
}

async fn old_samples_go_and_those_of_a_clock_that_was_set_ahead(store: Arc<dyn Store>) {
    add(&*store).await;
    assert_eq!(store.prune_samples(UnixMs(15_000), UnixMs(15_000)).await.unwrap(), 4);
    let left = store.series(&app("web", "shop"), UnixMs(0), UnixMs(i64::MAX), 15_000).await.unwrap();
    assert_eq!(left, [series("a", &[point(15_000, 500, 50)])]);
    assert_eq!(store.prune_samples(UnixMs(15_000), UnixMs(15_000)).await.unwrap(), 0);
}
