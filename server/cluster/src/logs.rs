//! Logs as streams of bytes: the frames of the HTTP body are handed on as they are, without a copy.

use crate::cluster::KubeCluster;
use crate::errors::{Ask, chain, sentence};
use crate::raw;
use crate::text::{MESSAGE, shown};
use bytes::Bytes;
use futures::stream::{self, BoxStream};
use futures::{FutureExt, StreamExt, TryStreamExt};
use http_body_util::BodyExt;
use kube::client::Body;
use kube::core::Status;
use service::ports::{ClusterError, ClusterResult, LogTarget};
use std::time::Duration;

/// Most lines from the end.
const TAIL: u32 = 100_000;
/// How long is waited for the status of a log.
const STATUS: Duration = Duration::from_secs(30);

impl KubeCluster {
    /// Opens a log.
    pub(crate) async fn open_log(&self, target: &LogTarget) -> ClusterResult<BoxStream<'static, ClusterResult<Bytes>>> {
        let LogTarget { namespace, pod, container, .. } = target;
        if !is_name(pod) || !is_name(container) {
            return Err(ClusterError::Missing(format!("There is no such pod or container in {namespace}.")));
        }
        let (client, path) = (self.patient().clone(), path(target));
        let mut opening = async move { raw::open(&client, &path).await }.boxed();
        match tokio::time::timeout(STATUS, &mut opening).await {
            Ok(Ok(body)) => Ok(pieces(body)),
            Ok(Err(error)) => Err(why_not(target, error)),
            // Over HTTP/1.1 the API server sends the status with the first byte: of a container that is quiet it comes when it comes.
            Err(_) if target.query.follow => {
                let target = target.clone();
                Ok(stream::once(async move { opening.await.map(pieces).map_err(|error| why_not(&target, error)) }).try_flatten().boxed())
            }
            Err(_) => Err(ClusterError::Refused(format!("The node of pod {pod} has not sent its log within 30 s. Try again."), Vec::new())),
        }
    }
}

fn pieces(body: Body) -> BoxStream<'static, ClusterResult<Bytes>> {
    body.into_data_stream().map_err(|e| ClusterError::Away(shown(chain(&e), MESSAGE))).boxed()
}

fn why_not(target: &LogTarget, error: kube::Error) -> ClusterError {
    let ask = Ask::of("get", "pods/log", &target.namespace, &target.pod);
    match error {
        kube::Error::Api(status) => refusal(&ask, &target.pod, &target.container, *status),
        other => ask.explain(other),
    }
}

// Names of pods and containers come from a URL; only what can be a name may stand in a path.
fn is_name(text: &str) -> bool {
    (1..=253).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'.')) && !text.starts_with('.')
}

fn path(target: &LogTarget) -> String {
    let LogTarget { namespace, pod, container, query, since } = target;
    let mut path = format!("/api/v1/namespaces/{namespace}/pods/{pod}/log?container={container}");
    for (flag, on) in [("follow", query.follow), ("previous", query.previous), ("timestamps", query.timestamps)] {
        if on {
            path = format!("{path}&{flag}=true");
        }
    }
    if let Some(lines) = query.tail_lines {
        path = format!("{path}&tailLines={}", lines.min(TAIL));
    }
    match (since, query.since_seconds) {
        // The node compares whole seconds: the second is given in which the moment lies, so that nothing is lost.
        (Some(at), _) => format!("{path}&sinceTime={}", at.rfc3339()),
        (None, Some(s)) => format!("{path}&sinceSeconds={}", s.max(1)),
        (None, None) => path,
    }
}

fn refusal(ask: &Ask<'_>, pod: &str, container: &str, status: Status) -> ClusterError {
    let text = status.message.as_str();
    let refused = |text: String| ClusterError::Refused(text, Vec::new());
    if let Some((_, why)) = text.split_once("is waiting to start: ") {
        return refused(shown(format!("Container {container} of pod {pod} has not started yet: {}.", why.trim_end_matches('.')), MESSAGE));
    }
    if text.starts_with("previous terminated container") {
        return ClusterError::Missing(format!("Container {container} of pod {pod} has not been restarted, so there is no log from before."));
    }
    if text.contains("is not valid for pod") {
        return ClusterError::Missing(format!("Pod {pod} has no container {container}."));
    }
    match status.code {
        400 => refused(shown(sentence(text), MESSAGE)),
        // The API server asks the node, and the node does not answer or has lost the file. Other codes from 500 on are
        // those of the server itself or of what stands before it.
        500 => {
            tracing::debug!(pod, container, text, "a log cannot be read");
            refused(format!("The log of container {container} of pod {pod} cannot be read: its node does not answer or has removed it."))
        }
        _ => ask.explain(kube::Error::Api(status.boxed())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scripted::{Answer, cluster};
    use domain::live::LogQuery;
    use domain::{Namespace, UnixMs};

    fn target(query: LogQuery, since: Option<UnixMs>) -> LogTarget {
        LogTarget { namespace: Namespace::parse("web").unwrap(), pod: "kpow-1".into(), container: "main".into(), query, since }
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
        let mut stream = cluster.open_log(&target(query, None)).await?;
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
        assert_eq!(whole.to_string(), "The node of pod kpow-1 has not sent its log within 30 s. Try again.");
    }

    #[test]
    fn a_container_that_waits_has_a_sentence() {
        let ns = Namespace::parse("web").unwrap();
        let ask = Ask::of("get", "pods/log", &ns, "kpow-1");
        let say = |code, text: &str| refusal(&ask, "kpow-1", "main", Status::failure(text, "BadRequest").with_code(code)).to_string();
        assert_eq!(
            say(400, r#"container "main" in pod "kpow-1" is waiting to start: ContainerCreating"#),
            "Container main of pod kpow-1 has not started yet: ContainerCreating."
        );
        assert_eq!(
            say(400, r#"previous terminated container "main" in pod "kpow-1" not found"#),
            "Container main of pod kpow-1 has not been restarted, so there is no log from before."
        );
        assert!(say(500, r#"Get "https://10.0.0.1:10250": dial tcp"#).contains("its node does not answer"));
    }
}
