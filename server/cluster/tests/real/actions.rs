//! What a person does to an app.

use crate::common::{by_ilse, in_space, ready};
use domain::Kind;
use domain::facts::PortalAction;
use domain::kubernetes::{Change, Refused};
use domain::view::Revision;
use k8s_openapi::api::apps::v1::StatefulSet;
use k8s_openapi::api::batch::v1::CronJob;
use kube::api::{Patch, PatchParams, PostParams};
use serde_json::json;
use service::ports::{ClusterError, Manifests, Revisions, Workloads};

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the cluster"]
async fn a_deployment_goes_back_to_a_revision() {
    in_space("back", |space| async move {
        let id = space.create(&space.sample_with("shop", &[("GREETING", "one"), ("API_TOKEN", "hunter2")])).await.unwrap();
        let first = space.see(&id, "the first revision", |f| ready(f) == 1).await;
        assert_eq!(first.workload.portal_change, Some(by_ilse(PortalAction::Create, 1)));
        space.cluster.restart(&id, &by_ilse(PortalAction::Restart, 2)).await.unwrap();
        space
            .see(&id, "the second revision", |f| f.workload.revision == Some(2) && f.workload.replicas.updated == 1 && f.pods.len() == 1 && ready(f) == 1)
            .await;
        let revisions = space.cluster.revisions(&id).await.unwrap();
        let told = |revisions: &[Revision]| revisions.iter().map(|r| (r.number, r.current, r.cause.clone().unwrap_or_default())).collect::<Vec<_>>();
        assert_eq!(told(&revisions), [(2, true, "Restarted by Ilse".into()), (1, false, "Created by Ilse".into())]);
        assert!(
            revisions[0].template.contains("restartedAt: 2024-02-29T00:00:00Z") || revisions[0].template.contains("restartedAt: '2024-02-29T00:00:00Z'"),
            "{}",
            revisions[0].template
        );
        assert!(!revisions[0].template.contains("hunter2") && revisions[0].template.contains("one"));
        space.cluster.set_paused(&id, true).await.unwrap();
        space.see(&id, "the pause", |f| f.workload.paused).await;
        assert!(matches!(
            space.cluster.rollback(&id, 1, &by_ilse(PortalAction::Rollback { to: 1 }, 3)).await,
            Err(ClusterError::Refused(Refused::Paused(_, Change::RollBack)))
        ));
        assert!(matches!(space.cluster.restart(&id, &by_ilse(PortalAction::Restart, 3)).await, Err(ClusterError::Refused(_))));
        space.cluster.set_paused(&id, false).await.unwrap();
        space.cluster.rollback(&id, 1, &by_ilse(PortalAction::Rollback { to: 1 }, 3)).await.unwrap();
        let third = space.see(&id, "the third revision", |f| f.workload.revision == Some(3) && ready(f) == 1).await;
        assert_eq!(third.workload.portal_change, Some(by_ilse(PortalAction::Rollback { to: 1 }, 3)));
        assert!(third.replica_sets[0].reused && !third.replica_sets[1].reused);
        let revisions = space.cluster.revisions(&id).await.unwrap();
        assert_eq!(told(&revisions), [(3, true, "Rolled back to revision 1 by Ilse".into()), (2, false, "Restarted by Ilse".into())]);
        assert!(!revisions[0].template.contains("restartedAt"));
        assert!(matches!(space.cluster.rollback(&id, 77, &by_ilse(PortalAction::Rollback { to: 77 }, 4)).await, Err(ClusterError::Missing(_))));
        let config = space.cluster.configuration(&id).await.unwrap();
        let env: Vec<_> = config[0].env.iter().map(|e| (e.name.as_str(), e.value.as_deref())).collect();
        assert_eq!(env, [("GREETING", Some("one")), ("API_TOKEN", Some("(hidden)"))]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the cluster"]
async fn a_stateful_set_goes_back_to_a_revision() {
    in_space("stsback", |space| async move {
        let object: StatefulSet = serde_json::from_value(json!({"metadata": {"name": "db"}, "spec": {"serviceName": "db", "replicas": 1, "selector": {"matchLabels": {"app": "db"}},
            "template": {"metadata": {"labels": {"app": "db"}}, "spec": {"terminationGracePeriodSeconds": 1, "containers": [{"name": "main", "image": "sample:1", "env": [{"name": "GREETING", "value": "one"}]}]}}}}))
        .unwrap();
        space.api::<StatefulSet>().create(&PostParams::default(), &object).await.unwrap();
        let id = space.of_kind(Kind::StatefulSet, "db");
        let first = space.see(&id, "the pod", |f| ready(f) == 1).await;
        let change = json!({"spec": {"template": {"spec": {"containers": [{"name": "main", "env": [{"name": "GREETING", "value": "two"}]}]}}}});
        space.api::<StatefulSet>().patch("db", &PatchParams::default(), &Patch::Strategic(change)).await.unwrap();
        space.see(&id, "another pod", |f| ready(f) == 1 && f.pods[0].uid != first.pods[0].uid).await;
        let revisions = space.cluster.revisions(&id).await.unwrap();
        assert_eq!(revisions.iter().map(|r| (r.number, r.current)).collect::<Vec<_>>(), [(2, true), (1, false)]);
        space.cluster.rollback(&id, 1, &by_ilse(PortalAction::Rollback { to: 1 }, 3)).await.unwrap();
        let yaml = space.cluster.yaml(&id).await.unwrap();
        assert!(yaml.contains("value: one") && !yaml.contains("value: two"), "{yaml}");
        space.see(&id, "the new revision", |f| f.workload.portal_change.is_some() && f.workload.observed_generation == f.workload.generation && ready(f) == 1).await;
        assert!(matches!(space.cluster.set_paused(&id, true).await, Err(ClusterError::Refused(Refused::Kind(Kind::StatefulSet, Change::Pause)))));
        space.cluster.delete(&id).await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the cluster"]
async fn a_cron_job_is_suspended_and_resumed() {
    in_space("cron", |space| async move {
        let object: CronJob = serde_json::from_value(
            json!({"metadata": {"name": "report"}, "spec": {"schedule": "0 0 1 1 *", "jobTemplate": {"spec": {"template": {"spec": {"restartPolicy": "Never",
            "containers": [{"name": "main", "image": "sample:1", "args": ["exit", "0"]}]}}}}}}),
        )
        .unwrap();
        space.api::<CronJob>().create(&PostParams::default(), &object).await.unwrap();
        let id = space.of_kind(Kind::CronJob, "report");
        space.see(&id, "the cron job", |f| f.workload.cron.is_some()).await;
        space.cluster.set_paused(&id, true).await.unwrap();
        space.see(&id, "its suspension", |f| f.workload.paused).await;
        space.cluster.set_paused(&id, false).await.unwrap();
        space.see(&id, "its resumption", |f| !f.workload.paused).await;
        assert!(matches!(space.cluster.scale(&id, 2).await, Err(ClusterError::Refused(_))));
        assert!(space.cluster.revisions(&id).await.unwrap().is_empty());
        assert_eq!(space.cluster.configuration(&id).await.unwrap()[0].command, ["exit", "0"]);
    })
    .await;
}
