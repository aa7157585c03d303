//! What the API server and the node answer to the question for a container's log.

use serde::{Deserialize, Serialize};

/// Whose log it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogOf {
    /// Name of the pod.
    pub pod: String,
    /// Name of the container in it.
    pub container: String,
}

/// Why there is no such log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoLog {
    /// The pod has no container of that name.
    NoContainer,
    /// The container has not restarted, so it has no log of the run before.
    NotRestarted,
    /// The node has no container of that name: not yet, or not any more.
    NotOnNode,
    /// The node has removed the container or the file of its log.
    Removed,
}

/// Why a log that there may be cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogRefusal {
    /// The container has not started. Why, in a few words of the kubelet.
    NotStarted(String),
    /// The node sent nothing in so many seconds.
    Late(u64),
    /// The API server got no log from the node.
    NodeSilent,
    /// Another reason, in the words of the API server.
    Said(String),
}

/// What an answer with a bad status says of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LogAnswer {
    /// There is none.
    Missing(NoLog),
    /// It cannot be read.
    Refused(LogRefusal),
    /// Nothing of logs: the answer is one that any call may get.
    Other,
}

/// Reads the answer to the question for a log. Whoever keeps the words that are in the result hides their secrets and clips them.
#[must_use]
pub fn log_answer(status: u16, text: &str) -> LogAnswer {
    if let Some((_, why)) = text.split_once("is waiting to start: ") {
        return LogAnswer::Refused(LogRefusal::NotStarted(why.trim_end_matches('.').to_owned()));
    }
    if text.starts_with("previous terminated container") {
        return LogAnswer::Missing(NoLog::NotRestarted);
    }
    if text.contains("is not valid for pod") {
        return LogAnswer::Missing(NoLog::NoContainer);
    }
    // Its own list of pods and states is behind that of the API server for a container that was just added, such as one for
    // debugging, or it has forgotten one that is over. Of its 404 the API server passes on only that there was one, and says
    // so of the pod.
    let unknown = text.ends_with(" is not available") || (text.starts_with("container ") && text.contains(" not found in pod "));
    if unknown || (status == 404 && text.starts_with("the server could not find the requested resource")) {
        return LogAnswer::Missing(NoLog::NotOnNode);
    }
    match status {
        400 => LogAnswer::Refused(LogRefusal::Said(text.to_owned())),
        // The API server asks the node, and the node does not answer or has lost the file. Other codes from 500 on are
        // those of the server itself or of what stands before it.
        500 => LogAnswer::Refused(LogRefusal::NodeSilent),
        _ => LogAnswer::Other,
    }
}

/// How the kubelet begins what it sends, with status 200, in place of a log that is not on the node any more: the container was
/// collected (`pkg/kubelet/kuberuntime/kuberuntime_container.go`), or its file is gone (`pkg/kubelet/kuberuntime/logs/logs.go`).
const NO_LOG: [&str; 2] = ["unable to retrieve container logs for ", "failed to try resolving symlinks in path "];

/// Whether these first bytes of a log may be what the node says in its place.
#[must_use]
pub fn is_no_log(first: &[u8]) -> bool {
    NO_LOG.iter().any(|begin| first.starts_with(begin.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_answer_to_the_question_for_a_log_is_understood() {
        use LogAnswer::{Missing, Other, Refused};
        let not_started = |why: &str| Refused(LogRefusal::NotStarted(why.into()));
        let answers = [
            // pkg/kubelet/kubelet_pods.go, validateContainerLogStatus.
            (400, r#"container "main" in pod "kpow-1" is waiting to start: ContainerCreating"#, not_started("ContainerCreating")),
            (400, r#"container "main" in pod "kpow-1" is waiting to start: trying and failing to pull image"#, not_started("trying and failing to pull image")),
            (400, r#"previous terminated container "main" in pod "kpow-1" not found"#, Missing(NoLog::NotRestarted)),
            (400, r#"container "main" in pod "kpow-1" is not available"#, Missing(NoLog::NotOnNode)),
            // pkg/registry/core/pod/strategy.go, LogLocation.
            (400, "container main is not valid for pod kpow-1", Missing(NoLog::NoContainer)),
            // pkg/kubelet/server/server.go, getContainerLogs; and what the API server makes of its 404.
            (404, r#"container "main" not found in pod "kpow-1_web""#, Missing(NoLog::NotOnNode)),
            (404, "the server could not find the requested resource ( pods/log kpow-1)", Missing(NoLog::NotOnNode)),
            // The dial of the API server to the node.
            (500, r#"Get "https://10.0.0.1:10250/containerLogs/web/kpow-1/main": dial tcp 10.0.0.1:10250: connect: refused"#, Refused(LogRefusal::NodeSilent)),
            (400, "a container name must be specified", Refused(LogRefusal::Said("a container name must be specified".into()))),
            // Of any object.
            (404, r#"pods "kpow-1" not found"#, Other),
            (403, r#"pods "kpow-1" is forbidden: User "x" cannot get resource "pods/log" in API group """#, Other),
            (503, "no backend", Other),
        ];
        for (status, text, told) in answers {
            assert_eq!(log_answer(status, text), told, "{status} {text}");
        }
    }

    #[test]
    fn what_the_node_says_in_place_of_a_log_is_known_by_its_first_words() {
        assert!(is_no_log(b"unable to retrieve container logs for containerd://0123"));
        assert!(is_no_log(b"failed to try resolving symlinks in path \"/var/log/pods/x/0.log\": lstat"));
        assert!(!is_no_log(b"2024-02-28T23:59:59Z unable to retrieve container logs for x") && !is_no_log(b"unable"));
    }
}
