//! A portal with nothing but a Role in its namespace.

use crate::common::{Space, in_space, kubeconfig, make_namespace, remove_namespace, see};
use cluster::{Config, KubeCluster};
use domain::kubernetes::{Lack, NotAllowed, Resource, Right, Verb};
use k8s_openapi::api::authentication::v1::{TokenRequest, TokenRequestSpec};
use k8s_openapi::api::core::v1::ServiceAccount;
use k8s_openapi::api::rbac::v1::{ClusterRole, ClusterRoleBinding, Role, RoleBinding};
use kube::api::{Api, DeleteParams, PostParams};
use kube::config::Kubeconfig;
use serde_json::json;
use service::ports::{ClusterError, ClusterSecrets, Creations, Workloads};

/// A kubeconfig of a service account that may read all but jobs.
async fn portal_account(space: &Space) -> tempfile::NamedTempFile {
    let (pp, ns) = (PostParams::default(), space.ns.as_str());
    let account: ServiceAccount = serde_json::from_value(json!({"metadata": {"name": "portal"}})).unwrap();
    space.api().create(&pp, &account).await.unwrap();
    let see = ["get", "list", "watch"];
    let role: Role = serde_json::from_value(json!({"metadata": {"name": "portal"}, "rules": [
        {"apiGroups": ["apps"], "resources": ["deployments", "statefulsets", "daemonsets", "replicasets"], "verbs": see},
        {"apiGroups": ["batch"], "resources": ["cronjobs"], "verbs": see},
        {"apiGroups": [""], "resources": ["pods", "services", "persistentvolumeclaims", "events"], "verbs": see},
        {"apiGroups": ["discovery.k8s.io"], "resources": ["endpointslices"], "verbs": see},
        {"apiGroups": ["networking.k8s.io"], "resources": ["ingresses", "networkpolicies"], "verbs": see},
        {"apiGroups": ["autoscaling"], "resources": ["horizontalpodautoscalers"], "verbs": see},
    ]}))
    .unwrap();
    space.api().create(&pp, &role).await.unwrap();
    let binding: RoleBinding =
        serde_json::from_value(json!({"metadata": {"name": "portal"}, "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "portal"},
        "subjects": [{"kind": "ServiceAccount", "name": "portal", "namespace": ns}]}))
        .unwrap();
    space.api().create(&pp, &binding).await.unwrap();
    let ask = TokenRequest { spec: TokenRequestSpec { audiences: vec![], ..Default::default() }, ..Default::default() };
    let token = space.api::<ServiceAccount>().create_token_request("portal", &pp, &ask).await.unwrap().status.unwrap().token;
    let mut config = Kubeconfig::read_from(kubeconfig()).unwrap();
    config.auth_infos[0].auth_info = Some(serde_json::from_value(json!({"token": token})).unwrap());
    let file = tempfile::NamedTempFile::new().unwrap();
    serde_json::to_writer(file.as_file(), &config).unwrap();
    file
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the cluster"]
async fn a_role_is_enough_and_what_is_missing_is_named() {
    in_space("role", |space| async move {
        let account = portal_account(&space).await;
        let other = make_namespace(&space.admin, "foreign").await;
        let namespaces = Some(vec![space.ns.clone(), other.clone()]);
        let portal = KubeCluster::start(Config { kubeconfig: Some(account.path().into()), namespaces, ..Config::default() }, space.token.clone()).unwrap();
        let id = space.create(&space.sample("shop")).await.unwrap();
        let world = see(&portal, "readiness and the app", |w| w.health.ready && crate::common::facts(w, &id).is_some_and(|f| !f.pods.is_empty())).await;
        let refusals: Vec<_> = world.lacks.iter().map(domain::english::cluster::lack).collect();
        let jobs = format!("The portal isn't allowed to list and watch jobs in {ns}. quayside rbac --namespace {ns} prints the Role it needs.", ns = space.ns);
        assert!(refusals.contains(&jobs), "{refusals:?}");
        assert_eq!(refusals.iter().filter(|r| r.contains(&format!(" in {}.", space.ns))).count(), 1, "{refusals:?}");
        let nothing = format!("The portal isn't allowed to list and watch anything in {other}. quayside rbac --namespace {other} prints the Role it needs.");
        assert!(refusals.contains(&nothing) && refusals.len() == 2, "{refusals:?}");
        assert!(world.health.away_since.is_none());

        let lacks = Right::of(Verb::Patch, Resource::DeploymentScales, &space.ns);
        assert_eq!(portal.scale(&id, 2).await, Err(ClusterError::NotAllowed(NotAllowed::Right(lacks))));
        let plan = portal.dry_run(&space.sample("new"), &space.visible()).await.unwrap();
        assert!(!plan.accepted() && domain::english::check::sentence(&plan.checks[0].code).contains("allowed to create deployments"), "{:?}", plan.checks);
        assert!(matches!(portal.secrets(&space.ns, &mut |_| {}).await, Err(ClusterError::NotAllowed(_))));

        let lost = KubeCluster::start(Config { kubeconfig: Some(account.path().into()), namespaces: None, ..Config::default() }, space.token.clone()).unwrap();
        let world = see(&lost, "readiness", |w| w.health.ready).await;
        assert_eq!(world.lacks, [Lack::Namespaces]);
        remove_namespace(&space.admin, &other).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the cluster"]
async fn a_portal_that_may_list_namespaces_finds_its_own() {
    in_space("names", |space| async move {
        let account = portal_account(&space).await;
        let name = format!("{}-names", space.ns);
        let rules = json!({"metadata": {"name": name}, "rules": [{"apiGroups": [""], "resources": ["namespaces"], "verbs": ["list", "watch"]}]});
        let role: ClusterRole = serde_json::from_value(rules).unwrap();
        let binding: ClusterRoleBinding =
            serde_json::from_value(json!({"metadata": {"name": name}, "subjects": [{"kind": "ServiceAccount", "name": "portal", "namespace": space.ns}],
            "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": name}}))
            .unwrap();
        let (roles, bindings) = (Api::<ClusterRole>::all(space.admin.clone()), Api::<ClusterRoleBinding>::all(space.admin.clone()));
        roles.create(&PostParams::default(), &role).await.unwrap();
        bindings.create(&PostParams::default(), &binding).await.unwrap();
        let portal =
            KubeCluster::start(Config { kubeconfig: Some(account.path().into()), namespaces: None, ..Config::default() }, space.token.clone()).unwrap();
        let id = space.create(&space.sample("shop")).await.unwrap();
        let world = see(&portal, "readiness and the app", |w| w.health.ready && crate::common::facts(w, &id).is_some_and(|f| !f.pods.is_empty())).await;
        bindings.delete(&name, &DeleteParams::default()).await.unwrap();
        roles.delete(&name, &DeleteParams::default()).await.unwrap();
        let seen: Vec<_> = world.namespaces.iter().filter(|(_, n)| !n.apps.is_empty()).map(|(ns, _)| ns.clone()).collect();
        assert_eq!(seen, std::slice::from_ref(&space.ns));
        assert_eq!(world.lacks.len(), 1, "only what is missing in a namespace of its own: {:?}", world.lacks);
    })
    .await;
}
