//! A change of one call that is sent again after a kill: only to the workload as it was before the change.

use crate::cluster::KubeCluster;
use crate::objects::{ask, version};
use domain::AppId;
use domain::kubernetes::Verb;
use domain::operation::Version;
use service::ports::{Again, ClusterError, ClusterResult};

/// How often it is tried where a controller writes the status at the same moment, which makes it another resource version.
const TRIES: usize = 5;

impl KubeCluster {
    pub(crate) async fn again(&self, app: &AppId, before: &Version, again: &Again) -> ClusterResult<Version> {
        for _ in 1..TRIES {
            match self.once_more(app, before, again).await {
                Err(ClusterError::Changed(_)) => {}
                other => return other,
            }
        }
        self.once_more(app, before, again).await
    }

    async fn once_more(&self, app: &AppId, before: &Version, again: &Again) -> ClusterResult<Version> {
        let changed = || ClusterError::Changed(ask(Verb::Get, app).object());
        let found = ask(Verb::Get, app).run(self.api(app).get_metadata(app.name.as_str())).await?.metadata;
        if version(&found) != *before || found.deletion_timestamp.is_some() {
            return Err(changed());
        }
        let only = found.resource_version.as_deref().ok_or_else(changed)?;
        match again {
            Again::Restart(change) => self.restart_if(app, change, Some(only)).await,
            Again::Scale(replicas) => self.scale_if(app, *replicas, Some(only)).await,
            Again::SetPaused(paused) => self.set_paused_if(app, *paused, Some(only)).await,
            Again::Rollback { to, change } => self.rollback_if(app, *to, change, Some(only)).await,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scripted::{Answer, Asked, cluster};
    use domain::facts::{PortalAction, PortalChange};
    use domain::operation::recovery::FoundWorkload;
    use domain::operation::{OperationId, Work};
    use domain::{Kind, Namespace, UnixMs, WorkloadName};
    use serde_json::{Value, json};
    use service::ports::Recovery as _;

    fn shop() -> AppId {
        AppId { namespace: Namespace::parse("web").unwrap(), kind: Kind::Deployment, name: WorkloadName::parse("shop").unwrap() }
    }

    fn before() -> Version {
        Version { uid: "u1".into(), generation: 3 }
    }

    fn restart() -> PortalChange {
        PortalChange { at: UnixMs(1_709_164_800_000), by: "ann".into(), action: PortalAction::Restart, revision: None, operation: Some(OperationId(7)) }
    }

    fn deployment(generation: i64) -> Value {
        json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "shop", "uid": "u1", "resourceVersion": "41", "generation": generation,
            "annotations": {"quayside/changed": r#"{"at":7,"by":"ann","action":"restart","revision":null,"operation":7}"#},
            "managedFields": [{"manager": "kubectl-edit", "operation": "Update", "time": "2026-11-21T05:04:03Z"}]}, "spec": {"replicas": 2, "paused": true}})
    }

    #[tokio::test]
    async fn a_restart_is_sent_again_with_its_first_time_to_the_version_that_was_just_read() {
        let (cluster, asked) = cluster(|asked: &Asked| Answer::Json(deployment(if asked.method == "PATCH" { 4 } else { 3 })));
        let left = cluster.send_again(&shop(), &before(), &Again::Restart(restart())).await.unwrap();
        assert_eq!(left, Version { uid: "u1".into(), generation: 4 });
        let asked = asked.lock().unwrap();
        let sent = &asked.last().unwrap().body;
        assert_eq!(sent["metadata"]["resourceVersion"], "41");
        assert_eq!(sent["spec"]["template"]["metadata"]["annotations"]["kubectl.kubernetes.io/restartedAt"], "2024-02-29T00:00:00Z");
    }

    #[tokio::test]
    async fn nothing_is_sent_again_to_a_workload_that_was_changed_since() {
        let (cluster, asked) = cluster(|_: &Asked| Answer::Json(deployment(4)));
        let told = cluster.send_again(&shop(), &before(), &Again::Scale(3)).await;
        assert!(matches!(told, Err(ClusterError::Changed(_))), "{told:?}");
        assert!(asked.lock().unwrap().iter().all(|asked| asked.method == "GET"));
    }

    #[tokio::test]
    async fn a_look_finds_what_tells_whether_a_change_was_made_and_also_that_there_is_no_app() {
        let work = Work::Restart { before: before(), at: UnixMs(0) };
        let (there, _) = cluster(|_: &Asked| Answer::Json(deployment(4)));
        let found = FoundWorkload {
            version: Version { uid: "u1".into(), generation: 4 },
            deleting: false,
            has_mark: false,
            changed_by: Some(OperationId(7)),
            manager: Some("kubectl-edit".into()),
            replicas: Some(2),
            paused: true,
        };
        assert_eq!(there.look(&shop(), &work).await.unwrap().workload, Some(found));
        let (gone, _) = cluster(|_: &Asked| Answer::missing());
        assert_eq!(gone.look(&shop(), &work).await.unwrap().workload, None);
    }
}
