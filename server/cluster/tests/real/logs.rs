//! Logs as streams.

use crate::common::in_space;
use domain::live::LogQuery;
use domain::{Namespace, UnixMs};
use futures::StreamExt;
use service::ports::{ClusterError, LogTarget, PodLogs};
use std::time::{Duration, Instant};

fn target(ns: &Namespace, pod: &str, query: LogQuery) -> LogTarget {
    LogTarget { namespace: ns.clone(), pod: pod.into(), container: "shop".into(), query, since: None, limit_bytes: None }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the cluster"]
async fn a_log_streams_and_no_line_is_lost() {
    const LINES: usize = 100_000;
    in_space("logs", |space| async move {
        let lines = LINES.to_string();
        let id = space.create(&space.sample_with("shop", &[("LOG_LINES", &lines), ("LOG_RATE", "20000"), ("LOG_BYTES", "200")])).await.unwrap();
        let facts = space.see(&id, "a pod that runs", |f| f.pods.iter().any(|p| p.ready())).await;
        let query = LogQuery { follow: true, timestamps: true, ..LogQuery::default() };
        let mut stream = space.cluster.logs(&target(&space.ns, &facts.pods[0].name, query)).await.unwrap();
        let (start, mut text, mut chunks) = (Instant::now(), Vec::new(), 0u32);
        let last = format!("line {LINES:06}");
        let read = async {
            while let Some(chunk) = stream.next().await {
                text.extend_from_slice(&chunk.unwrap());
                chunks += 1;
                let tail = String::from_utf8_lossy(&text[text.len().saturating_sub(2_000)..]).into_owned();
                if tail.contains(&last) && tail.ends_with('\n') {
                    break;
                }
            }
        };
        tokio::time::timeout(Duration::from_secs(90), read).await.expect("the log goes on to its last line");
        let text = String::from_utf8(text).unwrap();
        let numbered: Vec<usize> = text.lines().filter_map(|l| l.split_once("line ")?.1.get(..6)?.parse().ok()).collect();
        assert_eq!(numbered, (1..=LINES).collect::<Vec<_>>());
        println!("{} MB in {chunks} chunks in {:.1} s", text.len() / 1_000_000, start.elapsed().as_secs_f64());

        let query = LogQuery { tail_lines: Some(5), ..LogQuery::default() };
        let end = space.cluster.logs(&target(&space.ns, &facts.pods[0].name, query)).await.unwrap();
        let end = end.map(|c| c.unwrap().to_vec()).concat().await;
        assert_eq!(String::from_utf8(end).unwrap().lines().count(), 5);
        let since = Some(UnixMs(facts.workload.created.0 + 86_400_000));
        let none = space.cluster.logs(&LogTarget { since, ..target(&space.ns, &facts.pods[0].name, LogQuery::default()) }).await.unwrap();
        assert!(none.map(|c| c.unwrap().to_vec()).concat().await.is_empty(), "nothing since tomorrow");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the cluster"]
async fn a_log_that_is_not_there_has_a_sentence() {
    in_space("nologs", |space| async move {
        let mut spec = space.sample("shop");
        spec.image = domain::ImageRef::parse("registry.invalid/none:1").unwrap();
        let id = space.create(&spec).await.unwrap();
        let facts = space.see(&id, "a pod on a node", |f| f.pods.iter().any(|p| p.node.is_some())).await;
        let pod = &facts.pods[0].name;
        let cluster = &space.cluster;
        let say = |target: LogTarget| async move { cluster.logs(&target).await.err().expect("no log").to_string() };
        let text = say(target(&space.ns, pod, LogQuery::default())).await;
        assert!(text.starts_with(&format!("Container shop of pod {pod} hasn't started yet")), "{text}");
        assert_eq!(say(target(&space.ns, "nobody", LogQuery::default())).await, format!("Pod nobody doesn't exist in {}.", space.ns));
        let other = LogTarget { container: "side".into(), ..target(&space.ns, pod, LogQuery::default()) };
        assert_eq!(say(other).await, format!("Pod {pod} has no container side."));
        assert!(matches!(space.cluster.logs(&target(&space.ns, "../secrets", LogQuery::default())).await.err(), Some(ClusterError::Missing(_))));
    })
    .await;
}
