//! What pods use now, from metrics-server.

use crate::cluster::KubeCluster;
use crate::errors::Ask;
use crate::json::{self, Limits, Object, Rule};
use crate::slim::moment;
use crate::text::{SHORT, cut};
use async_trait::async_trait;
use domain::kubernetes::{Missing, Resource, Verb};
use domain::{Bytes, MilliCpu, Namespace};
use futures::{StreamExt, stream};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;
use serde::Deserialize;
use service::ports::{ClusterError, ClusterResult, PodMetrics, PodUsage};

const GROUP: &str = "/apis/metrics.k8s.io/v1beta1";
/// Most pods that are taken from one answer.
const PODS: usize = 20_000;
/// Most containers of a pod.
const CONTAINERS: usize = 50;

/// Most bytes of what is told of one pod.
const POD: usize = 64 * 1024;
static RULE: Rule = Rule::Within(&[("metadata", Rule::Only(&[("name", Rule::Keep), ("namespace", Rule::Keep)]))]);

#[derive(Deserialize)]
struct Item {
    metadata: Meta,
    #[serde(default)]
    timestamp: Option<Time>,
    #[serde(default)]
    containers: Vec<Container>,
}

#[derive(Deserialize)]
struct Meta {
    name: String,
    namespace: String,
}

#[derive(Deserialize)]
struct Container {
    #[serde(default)]
    name: String,
    usage: Amounts,
}

#[derive(Deserialize)]
struct Amounts {
    #[serde(default)]
    cpu: String,
    #[serde(default)]
    memory: String,
}

#[async_trait]
impl PodMetrics for KubeCluster {
    async fn usage(&self) -> ClusterResult<Vec<PodUsage>> {
        let answer = if self.sees_all() { self.measured(None).await } else { self.one_by_one().await };
        let working = match &answer {
            Ok(_) => Some(true),
            Err(ClusterError::Missing(_) | ClusterError::NotAllowed(_)) => Some(false),
            Err(ClusterError::Exists(_) | ClusterError::Changed(_) | ClusterError::Refused(_) | ClusterError::Away(_)) => None,
        };
        if let Some(working) = working.filter(|w| self.newest().health.metrics != Some(*w)) {
            self.shared().change(|index| index.health(|h| h.metrics = Some(working)));
        }
        answer
    }
}

impl KubeCluster {
    async fn one_by_one(&self) -> ClusterResult<Vec<PodUsage>> {
        let namespaces = self.shared().read(|index| index.namespaces());
        let mut asked = stream::iter(namespaces).map(|ns| async move { self.measured(Some(&ns)).await }).buffer_unordered(4);
        let (mut seen, mut refused) = (None, None);
        while let Some(answer) = asked.next().await {
            match answer {
                // A namespace whose figures the portal may not see does not hide those of the others.
                Err(error @ ClusterError::NotAllowed(_)) => refused = Some(error),
                other => seen.get_or_insert_with(Vec::new).extend(other?),
            }
        }
        seen.map_or_else(|| refused.map_or_else(|| Ok(Vec::new()), Err), Ok)
    }

    async fn measured(&self, namespace: Option<&Namespace>) -> ClusterResult<Vec<PodUsage>> {
        let path = namespace.map_or_else(|| format!("{GROUP}/pods"), |ns| format!("{GROUP}/namespaces/{ns}/pods"));
        let ask = Ask { verb: Verb::List, resource: Resource::PodMetrics, namespace, name: "" };
        let client = self.calls();
        let mut found = Vec::new();
        let add = |pod: Object<'_>| {
            if found.len() < PODS {
                found.extend(serde_json::from_slice::<Item>(pod.json).ok().and_then(Item::usage));
            }
        };
        let answer = ask.run(async {
            match json::list(&client, &path, &RULE, Limits::exact(POD), add).await {
                Err(kube::Error::Api(status)) if matches!(status.code, 404 | 503) => Ok(false),
                other => other.map(|_| true),
            }
        });
        if answer.await? { Ok(found) } else { Err(ClusterError::Missing(Missing::MetricsServer)) }
    }
}

impl Item {
    fn usage(self) -> Option<PodUsage> {
        let amounts = |c: Container| {
            let (cpu, memory) = (MilliCpu::parse(&c.usage.cpu).unwrap_or_default(), Bytes::parse(&c.usage.memory).unwrap_or_default());
            (cut(c.name, SHORT), cpu, memory)
        };
        let containers: Vec<_> = self.containers.into_iter().take(CONTAINERS).map(amounts).collect();
        let (cpu, memory) = containers.iter().fold((0_u64, 0_u64), |(cpu, memory), c| (cpu.saturating_add(c.1.0), memory.saturating_add(c.2.0)));
        Some(PodUsage {
            namespace: Namespace::parse(self.metadata.namespace).ok()?,
            pod: cut(self.metadata.name, SHORT),
            cpu: MilliCpu(cpu),
            memory: Bytes(memory),
            at: moment(self.timestamp.as_ref()),
            containers,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scripted::{Answer, Asked};
    use domain::kubernetes::NotAllowed;

    #[tokio::test]
    async fn where_no_namespace_may_be_measured_the_right_that_is_missing_is_named() {
        let refuse = |asked: &Asked| -> Answer {
            if asked.path.contains("/open/") {
                return Answer::Json(serde_json::json!({"items": [{"metadata": {"name": "a", "namespace": "open"}, "containers": []}]}));
            }
            Answer::Status(403, "Forbidden", r#"pods.metrics.k8s.io is forbidden: User "x" cannot list resource "pods" in API group "metrics.k8s.io""#.into())
        };
        let (cluster, _) = crate::scripted::cluster(refuse);
        assert!(cluster.usage().await.unwrap().is_empty(), "no namespace, no figures");
        cluster.shared().change(|index| ["shut", "other"].map(|ns| index.declare(&Namespace::parse(ns).unwrap())));
        let refused = cluster.usage().await.unwrap_err();
        assert!(
            matches!(&refused, ClusterError::NotAllowed(NotAllowed::Right(lacks)) if (lacks.verb, lacks.resource) == (Verb::List, Resource::PodMetrics)),
            "{refused}"
        );
        cluster.shared().change(|index| index.declare(&Namespace::parse("open").unwrap()));
        assert_eq!(cluster.usage().await.unwrap().len(), 1);
    }

    #[test]
    fn containers_of_a_pod_are_added_up() {
        let text = r#"{"metadata":{"name":"a","namespace":"web"},"timestamp":"2024-02-28T23:59:59Z","window":"10s",
            "containers":[{"name":"x","usage":{"cpu":"1500n","memory":"10Mi"}},{"name":"y","usage":{"cpu":"12m","memory":"512Ki"}}]}"#;
        let pod = serde_json::from_str::<Item>(text).unwrap().usage().unwrap();
        assert_eq!((pod.cpu, pod.memory), (MilliCpu(13), Bytes(10_485_760 + 524_288)));
        assert_eq!(pod.at.unwrap().rfc3339(), "2024-02-28T23:59:59Z");
    }
}
