//! Logs as streams of bytes: the frames of the HTTP body are handed on as they are, without a copy.

use crate::cluster::KubeCluster;
use crate::errors::{Ask, chain};
use crate::raw;
use crate::text::{MESSAGE, shown};
use async_trait::async_trait;
use bytes::Bytes;
use domain::kubernetes::{Away, LogAnswer, LogOf, LogRefusal, Missing, NoLog, Refused, Resource, Verb, is_no_log, log_answer};
use futures::stream::{self, BoxStream};
use futures::{FutureExt, StreamExt, TryStreamExt};
use http_body_util::BodyExt;
use kube::client::Body;
use kube::core::Status;
use service::ports::{ClusterError, ClusterResult, LogTarget, PodLogs};
use std::time::Duration;

/// Most lines from the end.
const TAIL: u32 = 100_000;
/// How long is waited for the status of a log.
const STATUS: Duration = Duration::from_secs(30);

#[async_trait]
impl PodLogs for KubeCluster {
    async fn logs(&self, target: &LogTarget) -> ClusterResult<BoxStream<'static, ClusterResult<Bytes>>> {
        let LogTarget { namespace, pod, container, .. } = target;
        if !is_name(pod) || !is_name(container) {
            return Err(ClusterError::Missing(Missing::PodName(namespace.clone())));
        }
        let (client, path) = (self.patient().clone(), path(target));
        let mut opening = async move { raw::open(&client, &path).await }.boxed();
        match tokio::time::timeout(STATUS, &mut opening).await {
            Ok(Ok(body)) => Ok(checked(pieces(body), target)),
            Ok(Err(error)) => Err(why_not(target, error)),
            // Over HTTP/1.1 the API server sends the status with the first byte: of a container that is quiet it comes when it comes.
            Err(_) if target.query.follow => {
                let target = target.clone();
                Ok(stream::once(async move { opening.await.map(|body| checked(pieces(body), &target)).map_err(|error| why_not(&target, error)) })
                    .try_flatten()
                    .boxed())
            }
            Err(_) => Err(ClusterError::Refused(Refused::Log(log_of(target), LogRefusal::Late(STATUS.as_secs())))),
        }
    }
}

fn pieces(body: Body) -> BoxStream<'static, ClusterResult<Bytes>> {
    body.into_data_stream().map_err(|e| ClusterError::Away(Away::Connection(shown(chain(&e), MESSAGE)))).boxed()
}

/// Longest text that a node sends in place of a log.
const NO_LOG_MOST: usize = 600;

/// The log, or why there is none where the node says so in its place. Lines that were asked for with times have one in
/// front, so that no line of an app is taken for it; without times it has to be all that there is.
fn checked(pieces: BoxStream<'static, ClusterResult<Bytes>>, target: &LogTarget) -> BoxStream<'static, ClusterResult<Bytes>> {
    let of = log_of(target);
    let mut pieces = pieces.peekable();
    stream::once(async move {
        let text = match std::pin::Pin::new(&mut pieces).peek().await {
            Some(Ok(first)) if is_no_log(first) => first.clone(),
            _ => return Ok(pieces.boxed()),
        };
        let mut text = text.to_vec();
        // What was peeked at.
        let _ = pieces.next().await;
        while text.len() <= NO_LOG_MOST {
            match pieces.next().await {
                Some(Ok(more)) => text.extend_from_slice(&more),
                Some(Err(_)) | None => break,
            }
        }
        if text.len() <= NO_LOG_MOST && text.trim_ascii_end().iter().all(|b| *b != b'\n') {
            return Err(ClusterError::Missing(Missing::Log(of, NoLog::Removed)));
        }
        Ok(stream::iter([Ok(Bytes::from(text))]).chain(pieces).boxed())
    })
    .try_flatten()
    .boxed()
}

fn why_not(target: &LogTarget, error: kube::Error) -> ClusterError {
    let ask = Ask::of(Verb::Get, Resource::PodLogs, &target.namespace, &target.pod);
    if let kube::Error::Api(status) = error { refusal(&ask, log_of(target), *status) } else { ask.explain(error) }
}

fn log_of(target: &LogTarget) -> LogOf {
    LogOf { pod: target.pod.clone(), container: target.container.clone() }
}

// Names of pods and containers come from a URL; only what can be a name may stand in a path.
fn is_name(text: &str) -> bool {
    (1..=253).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'.')) && !text.starts_with('.')
}

fn path(target: &LogTarget) -> String {
    let LogTarget { namespace, pod, container, query, since, limit_bytes } = target;
    let mut path = format!("/api/v1/namespaces/{namespace}/pods/{pod}/log?container={container}");
    for (flag, on) in [("follow", query.follow), ("previous", query.previous), ("timestamps", query.timestamps)] {
        if on {
            path = format!("{path}&{flag}=true");
        }
    }
    if let Some(lines) = query.tail_lines {
        path = format!("{path}&tailLines={}", lines.min(TAIL));
    }
    if let Some(bytes) = limit_bytes {
        path = format!("{path}&limitBytes={}", (*bytes).max(1));
    }
    match (since, query.since_seconds) {
        // The node compares whole seconds: the second is given in which the moment lies, so that nothing is lost.
        (Some(at), _) => format!("{path}&sinceTime={}", at.rfc3339()),
        (None, Some(s)) => format!("{path}&sinceSeconds={}", s.max(1)),
        (None, None) => path,
    }
}

fn refusal(ask: &Ask<'_>, of: LogOf, status: Status) -> ClusterError {
    match log_answer(status.code, &status.message) {
        LogAnswer::Missing(why) => ClusterError::Missing(Missing::Log(of, why)),
        LogAnswer::Refused(why) => {
            if why == LogRefusal::NodeSilent {
                tracing::debug!(of.pod, of.container, text = status.message, "a log cannot be read");
            }
            ClusterError::Refused(Refused::Log(of, without_secrets(why)))
        }
        LogAnswer::Other => ask.explain(kube::Error::Api(status.boxed())),
    }
}

/// What is kept of the words of others.
fn without_secrets(why: LogRefusal) -> LogRefusal {
    match why {
        LogRefusal::NotStarted(said) => LogRefusal::NotStarted(shown(said, MESSAGE)),
        LogRefusal::Said(said) => LogRefusal::Said(shown(said, MESSAGE)),
        LogRefusal::Late(_) | LogRefusal::NodeSilent => why,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scripted::{Answer, cluster};
    use domain::live::LogQuery;
    use domain::{Namespace, UnixMs};

    fn target(query: LogQuery, since: Option<UnixMs>) -> LogTarget {
        LogTarget { namespace: Namespace::parse("web").unwrap(), pod: "kpow-1".into(), container: "main".into(), query, since, limit_bytes: None }
    }

    #[test]
    fn the_question_says_what_is_wanted() {
        let query = LogQuery { follow: true, timestamps: true, tail_lines: Some(4_000_000), since_seconds: Some(5), ..LogQuery::default() };
        assert_eq!(
            path(&target(query.clone(), None)),
            "/api/v1/namespaces/web/pods/kpow-1/log?container=main&follow=true&timestamps=true&tailLines=100000&sinceSeconds=5"
        );
        assert!(path(&target(query, Some(UnixMs(1_709_164_799_999)))).ends_with("&sinceTime=2024-02-28T23:59:59Z"));
    }

    #[test]
    fn no_path_can_be_smuggled_in() {
        assert!(is_name("kpow-5d9.x") && !is_name("../secrets") && !is_name("a/b") && !is_name("a?b") && !is_name("") && !is_name(".."));
    }

    /// What comes of a log whose status is this late.
    async fn late(query: LogQuery, answer: fn() -> Answer) -> ClusterResult<Bytes> {
        let (cluster, _) = cluster(move |_| Answer::Late(STATUS * 10, Box::new(answer())));
        let mut stream = cluster.logs(&target(query, None)).await?;
        stream.next().await.expect("something comes")
    }

    #[tokio::test(start_paused = true)]
    async fn the_status_of_a_followed_log_may_come_with_its_first_line() {
        let follow = || LogQuery { follow: true, ..LogQuery::default() };
        let first = late(follow(), || Answer::Watch(vec!["one".into()])).await.unwrap();
        assert_eq!(first, "\"one\"\n");
        let refused = late(follow(), Answer::missing).await.unwrap_err();
        assert!(matches!(refused, ClusterError::Missing(_)), "{refused}");
        let whole = late(LogQuery::default(), || Answer::Watch(vec!["one".into()])).await.unwrap_err();
        assert_eq!(whole.to_string(), "The node of pod kpow-1 didn't send its log within 30 s. Try again.");
    }

    #[tokio::test]
    async fn a_log_that_the_node_has_removed_is_told_in_our_words() {
        let read = async |chunks: &[&'static str]| {
            let bytes = chunks.iter().map(|c| Ok(Bytes::from_static(c.as_bytes()))).collect::<Vec<ClusterResult<Bytes>>>();
            let read: Vec<_> = checked(stream::iter(bytes).boxed(), &target(LogQuery::default(), None)).collect().await;
            read.into_iter().map(|r| r.map_or_else(|e| e.to_string(), |b| String::from_utf8_lossy(&b).into_owned())).collect::<Vec<_>>()
        };
        let gone = ["The node has deleted container main of pod kpow-1 along with its log."];
        assert_eq!(read(&["unable to retrieve container logs for containerd://0123"]).await, gone);
        assert_eq!(read(&["failed to try resolving symlinks in path \"/var/log/pods/x/0.log\": lstat: no such", " file or directory"]).await, gone);
        assert_eq!(
            read(&["unable to retrieve container logs for x\n", "said the app\n"]).await.concat(),
            "unable to retrieve container logs for x\nsaid the app\n"
        );
        assert_eq!(read(&["one\n", "two\n"]).await, ["one\n", "two\n"]);
        assert!(read(&[]).await.is_empty());
    }

    #[test]
    fn a_container_that_waits_has_a_sentence() {
        let ns = Namespace::parse("web").unwrap();
        let ask = Ask::of(Verb::Get, Resource::PodLogs, &ns, "kpow-1");
        let say = |code, text: &str| refusal(&ask, log_of(&target(LogQuery::default(), None)), Status::failure(text, "BadRequest").with_code(code)).to_string();
        assert_eq!(
            say(400, r#"container "main" in pod "kpow-1" is waiting to start: ContainerCreating"#),
            "Container main of pod kpow-1 hasn't started yet: ContainerCreating."
        );
        assert_eq!(
            say(400, r#"previous terminated container "main" in pod "kpow-1" not found"#),
            "Container main of pod kpow-1 hasn't restarted, so there is no previous log."
        );
        assert!(say(500, r#"Get "https://10.0.0.1:10250": dial tcp"#).contains("its node isn't responding"));
        // What tells it may stand behind what is kept, and a secret before it.
        let long = format!(r#"container "{}" in pod "kpow-1" is waiting to start: no DB_PASSWORD=x1"#, "a".repeat(MESSAGE));
        assert_eq!(say(400, &long), "Container main of pod kpow-1 hasn't started yet: no DB_PASSWORD=(hidden).");
    }

    #[test]
    fn a_container_that_the_node_does_not_know_has_one_clear_sentence() {
        let ns = Namespace::parse("web").unwrap();
        let ask = Ask::of(Verb::Get, Resource::PodLogs, &ns, "kpow-1");
        let say = |code, text: &str| {
            refusal(&ask, LogOf { pod: "kpow-1".into(), container: "debugger-x7k2p".into() }, Status::failure(text, "BadRequest").with_code(code))
        };
        let unknown = "The node of pod kpow-1 has no log of container debugger-x7k2p: it hasn't created that container yet, or has already removed it.";
        for (code, text) in [
            (400, r#"container "debugger-x7k2p" in pod "kpow-1" is not available"#),
            (404, r#"container "debugger-x7k2p" not found in pod "kpow-1_web""#),
            (404, "the server could not find the requested resource ( pods/log kpow-1)"),
        ] {
            let told = say(code, text);
            assert!(matches!(told, ClusterError::Missing(_)), "{told}");
            assert_eq!(told.to_string(), unknown, "{text}");
        }
        assert_eq!(say(400, "container debugger-x7k2p is not valid for pod kpow-1").to_string(), "Pod kpow-1 has no container debugger-x7k2p.");
        assert_eq!(say(404, r#"pods "kpow-1" not found"#).to_string(), "Pod kpow-1 doesn't exist in web.");
    }
}
