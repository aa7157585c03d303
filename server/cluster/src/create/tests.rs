use super::*;
use crate::scripted::{Answer, Asked, cluster};
use crate::slim::{Slim, Watched};
use domain::check::Neighbor;
use domain::english::check::words;
use domain::facts::PortalAction;
use domain::operation::{Piece, Touched};
use domain::spec::{EnvSource, PortSpec, ServiceSpec};
use domain::view::Remedy;
use domain::{AppName, ImageRef, IngressHost, IngressPath, Port, PortName};
use k8s_openapi::api::core::v1::Service;
use serde_json::json;
use service::ports::{Fate, Recovery as _};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// What the server does when it is to make a deployment.
#[derive(Clone, Copy, PartialEq)]
enum Does {
    Makes,
    Refuses,
    MakesAndSaysNothing,
    SaysNothing,
}

type Objects = Arc<Mutex<BTreeMap<String, Value>>>;

fn spec() -> AppSpec {
    AppSpec {
        namespace: Namespace::parse("web").unwrap(),
        name: AppName::parse("shop").unwrap(),
        image: ImageRef::parse("sample:1").unwrap(),
        pull_secret: None,
        replicas: 1,
        command: vec![],
        args: vec![],
        ports: vec![PortSpec { name: PortName::parse("http").unwrap(), port: Port::try_from(8080).unwrap(), udp: false }],
        env: vec![],
        resources: Default::default(),
        liveness: None,
        readiness: None,
        startup: None,
        service: Some(ServiceSpec::ClusterIp),
        ingress: None,
    }
}

fn keep(objects: &Objects, path: &str, object: &Value) -> Value {
    let mut object = object.clone();
    let metadata = &mut object["metadata"];
    metadata["uid"] = format!("uid of {path}").into();
    metadata["resourceVersion"] = "1".into();
    metadata["managedFields"] = json!([{"manager": "quayside", "operation": "Update"}]);
    objects.lock().unwrap().insert(path.into(), object.clone());
    object
}

/// Deletes an object where it is the one that is meant, in the version that is meant.
fn delete(objects: &Objects, asked: &Asked) -> Answer {
    let mut objects = objects.lock().unwrap();
    let Some(found) = objects.get(&asked.path) else { return Answer::missing() };
    let is_meant = |field: &str| asked.body["preconditions"].get(field).is_none_or(|wanted| *wanted == found["metadata"][field]);
    if !is_meant("uid") || !is_meant("resourceVersion") {
        return Answer::Status(409, "Conflict", "the precondition does not hold".into());
    }
    objects.remove(&asked.path).map_or_else(Answer::missing, Answer::Json)
}

fn portal(does: Does) -> (KubeCluster, Objects, Arc<Mutex<Vec<Asked>>>) {
    let objects = Objects::default();
    let kept = objects.clone();
    let (cluster, asked) = cluster(move |asked: &Asked| {
        let path = format!("{}/shop", asked.path);
        match asked.method.as_str() {
            "POST" if asked.word("dryRun").is_some() => Answer::Json(asked.body.clone()),
            "POST" if asked.last() != "deployments" => Answer::Json(keep(&kept, &path, &asked.body)),
            "POST" if does == Does::Makes => Answer::Json(keep(&kept, &path, &asked.body)),
            "POST" if does == Does::Refuses => Answer::Status(403, "Forbidden", "admission webhook denied the request".into()),
            "POST" => {
                if does == Does::MakesAndSaysNothing {
                    keep(&kept, &path, &asked.body);
                }
                Answer::Silence
            }
            "GET" if asked.last() == "resourcequotas" => Answer::list(vec![]),
            "GET" => kept.lock().unwrap().get(&asked.path).map_or_else(Answer::missing, |o| Answer::Json(o.clone())),
            "PATCH" => kept.lock().unwrap().get_mut(&asked.path).map_or_else(Answer::missing, |o| {
                assert_eq!(asked.body["metadata"]["uid"], o["metadata"]["uid"], "of this object and no other");
                for (key, value) in asked.body["metadata"]["annotations"].as_object().unwrap() {
                    assert!(value.is_null());
                    o["metadata"]["annotations"].as_object_mut().unwrap().remove(key);
                }
                Answer::Json(o.clone())
            }),
            _ => delete(&kept, asked),
        }
    });
    (cluster, objects, asked)
}

fn by_ilse() -> PortalChange {
    PortalChange { at: domain::UnixMs(1), by: "Ilse".into(), action: PortalAction::Create, revision: Some(1), operation: None }
}

fn kept(objects: &Objects) -> Vec<String> {
    objects.lock().unwrap().keys().map(|k| k.rsplit('/').nth(1).unwrap().to_owned()).collect()
}

const MARKED: &str = "1000-0707-0909";
const PIECES: [Piece; 2] = [Piece::Service, Piece::Deployment];

fn shop() -> AppId {
    AppId { namespace: spec().namespace, kind: Kind::Deployment, name: WorkloadName::parse("shop").unwrap() }
}

async fn make(cluster: &KubeCluster) -> Result<AppId, NotCreated> {
    cluster.create(&spec(), &BTreeSet::new(), &by_ilse(), MARKED).await
}

#[tokio::test(start_paused = true)]
async fn what_was_made_before_a_refusal_is_undone() {
    let (cluster, objects, asked) = portal(Does::Refuses);
    let failed = make(&cluster).await.unwrap_err();
    assert!(matches!(failed, NotCreated::Cluster { begun: true, error: ClusterError::Refused(..) }), "{failed:?}");
    assert!(cluster.finish_creation(&shop(), MARKED, &PIECES).await.unwrap().is_none());
    assert_eq!(cluster.undo_creation(&shop(), MARKED, Piece::Deployment, &[]).await.unwrap(), Fate::NotThere);
    assert_eq!(cluster.undo_creation(&shop(), MARKED, Piece::Service, &[]).await.unwrap(), Fate::Removed);
    assert_eq!(kept(&objects), [""; 0]);
    let asked = asked.lock().unwrap();
    let uid = "uid of /api/v1/namespaces/web/services/shop";
    assert!(asked.iter().any(|a| a.method == "DELETE" && a.body["preconditions"]["uid"] == uid), "{asked:#?}");
}

#[tokio::test(start_paused = true)]
async fn what_is_anothers_or_was_changed_by_somebody_stays() {
    let (cluster, objects, _) = portal(Does::Refuses);
    make(&cluster).await.unwrap_err();
    assert_eq!(cluster.undo_creation(&shop(), "1000-0808", Piece::Service, &[]).await.unwrap(), Fate::NotThere);
    let fields = json!([{"manager": "quayside", "operation": "Update"}, {"manager": "kubectl-edit", "operation": "Update"}]);
    objects.lock().unwrap().values_mut().for_each(|o| o["metadata"]["managedFields"] = fields.clone());
    let touched = Touched { piece: Piece::Service, by: "kubectl-edit".into() };
    assert_eq!(cluster.undo_creation(&shop(), MARKED, Piece::Service, &[]).await.unwrap(), Fate::Left(touched));
    assert_eq!(kept(&objects), ["services"]);
}

#[tokio::test(start_paused = true)]
async fn a_deployment_that_has_the_mark_of_a_service_is_not_taken_for_the_app_that_was_to_come() {
    let (cluster, objects, _) = portal(Does::Refuses);
    make(&cluster).await.unwrap_err();
    let (service, deployment) = ("/api/v1/namespaces/web/services/shop", "/apis/apps/v1/namespaces/web/deployments/shop");
    let read = objects.lock().unwrap()[service]["metadata"]["annotations"][MARK].clone();
    assert_eq!(read, "1000-0707");
    // By whoever calls their own tool as the portal's.
    keep(&objects, deployment, &json!({"metadata": {"name": "shop", "annotations": {(MARK): read}}}));
    assert!(cluster.finish_creation(&shop(), MARKED, &PIECES).await.unwrap().is_none());
    assert_eq!(cluster.undo_creation(&shop(), MARKED, Piece::Deployment, &[]).await.unwrap(), Fate::NotThere);
    let used = Fate::Left(Touched { piece: Piece::Service, by: "somebody".into() });
    assert_eq!(cluster.undo_creation(&shop(), MARKED, Piece::Service, &[]).await.unwrap(), used);
    assert_eq!(kept(&objects), ["services", "deployments"]);
}

#[tokio::test(start_paused = true)]
async fn a_deployment_that_somebody_has_made_from_a_copy_is_left_with_its_service_and_not_told_to_be_whole() {
    let (cluster, objects, _) = portal(Does::Makes);
    make(&cluster).await.unwrap();
    let copied = json!([{"manager": "kubectl-replace", "operation": "Update"}]);
    objects.lock().unwrap().get_mut("/apis/apps/v1/namespaces/web/deployments/shop").unwrap()["metadata"]["managedFields"] = copied;
    assert!(cluster.finish_creation(&shop(), MARKED, &PIECES).await.unwrap().is_none());
    for (piece, by) in [(Piece::Deployment, "kubectl-replace"), (Piece::Service, "somebody")] {
        assert_eq!(cluster.undo_creation(&shop(), MARKED, piece, &[]).await.unwrap(), Fate::Left(Touched { piece, by: by.into() }));
    }
    assert_eq!(kept(&objects), ["services", "deployments"]);
}

#[tokio::test(start_paused = true)]
async fn a_creation_that_is_refused_before_its_first_object_has_not_begun() {
    let (cluster, _) = cluster(|_| Answer::Status(422, "Invalid", "no".into()));
    assert!(matches!(make(&cluster).await.unwrap_err(), NotCreated::ChecksFailed(_)));
}

#[tokio::test(start_paused = true)]
async fn a_service_that_lives_on_without_its_deployment_is_nobodys_remnant() {
    let (cluster, objects, _) = portal(Does::Makes);
    make(&cluster).await.unwrap();
    assert!(cluster.finish_creation(&shop(), MARKED, &PIECES).await.unwrap().is_some());
    assert_eq!(kept(&objects), ["services", "deployments"]);
    assert!(objects.lock().unwrap()["/api/v1/namespaces/web/services/shop"]["metadata"]["annotations"].get(MARK).is_none(), "{objects:#?}");
    objects.lock().unwrap().remove("/apis/apps/v1/namespaces/web/deployments/shop");
    let service = Sent::all(&spec()).unwrap().remove(0);
    assert_eq!(service.what, AppObject::Piece(Piece::Service));
    assert!(matches!(cluster.in_the_way(&service, &spec()).await.unwrap(), InTheWay::Theirs));
}

#[tokio::test(start_paused = true)]
async fn a_service_with_the_mark_of_a_killed_creation_is_somebodys_where_pods_stand_behind_it() {
    let (cluster, objects, _) = portal(Does::Makes);
    let service = json!({"metadata": {"name": "shop", "namespace": "web", "annotations": {(MARK): "1000-1-0"}}, "spec": {}});
    keep(&objects, "/api/v1/namespaces/web/services/shop", &service);
    let sent = Sent::all(&spec()).unwrap().remove(0);
    assert!(matches!(cluster.in_the_way(&sent, &spec()).await.unwrap(), InTheWay::Left(_)));
    put_pods_behind(&cluster);
    assert!(matches!(cluster.in_the_way(&sent, &spec()).await.unwrap(), InTheWay::Theirs));
}

fn put_pods_behind(cluster: &KubeCluster) {
    let slice: k8s_openapi::api::discovery::v1::EndpointSlice =
        serde_json::from_value(json!({"addressType": "IPv4", "endpoints": [{"addresses": ["10.0.0.7"]}],
        "metadata": {"name": "shop-x", "namespace": "web", "labels": {"kubernetes.io/service-name": "shop"}}}))
        .unwrap();
    let slim = slice.slim(&spec().namespace).unwrap();
    cluster.shared().change(|index| index.apply(&spec().namespace, slim));
}

#[tokio::test(start_paused = true)]
async fn a_service_that_another_app_uses_by_now_is_not_undone_and_one_that_is_going_counts_as_gone() {
    let (cluster, objects, _) = portal(Does::Refuses);
    make(&cluster).await.unwrap_err();
    let (service, deployment) = ("/api/v1/namespaces/web/services/shop", "/apis/apps/v1/namespaces/web/deployments/shop");
    let used = Fate::Left(Touched { piece: Piece::Service, by: "somebody".into() });
    keep(&objects, deployment, &json!({"metadata": {"name": "shop", "annotations": {(MARK): "1000-0808"}}}));
    assert_eq!(cluster.undo_creation(&shop(), MARKED, Piece::Service, &[Piece::Deployment]).await.unwrap(), used, "a deployment of another creation");
    objects.lock().unwrap().remove(deployment);
    put_pods_behind(&cluster);
    assert_eq!(cluster.undo_creation(&shop(), MARKED, Piece::Service, &[]).await.unwrap(), used, "somebody's pods");
    objects.lock().unwrap().get_mut(service).unwrap()["metadata"]["deletionTimestamp"] = "2026-11-21T05:00:00Z".into();
    assert_eq!(cluster.undo_creation(&shop(), MARKED, Piece::Service, &[Piece::Deployment]).await.unwrap(), Fate::NotThere);
    objects.lock().unwrap().get_mut(service).unwrap()["metadata"]["deletionTimestamp"] = Value::Null;
    assert_eq!(cluster.undo_creation(&shop(), MARKED, Piece::Service, &[Piece::Deployment]).await.unwrap(), Fate::Removed, "its own pods, which go");
}

#[tokio::test(start_paused = true)]
async fn an_app_that_was_made_without_an_answer_is_found_to_be_whole() {
    let (cluster, objects, _) = portal(Does::MakesAndSaysNothing);
    let failed = make(&cluster).await.unwrap_err();
    assert!(matches!(failed, NotCreated::Cluster { begun: true, error: ClusterError::Away(_) }), "{failed:?}");
    assert!(cluster.finish_creation(&shop(), MARKED, &PIECES).await.unwrap().is_some());
    assert_eq!(kept(&objects), ["services", "deployments"]);
}

#[tokio::test(start_paused = true)]
async fn a_deployment_that_appears_late_is_undone_like_the_rest() {
    let (cluster, objects, asked) = portal(Does::SaysNothing);
    assert!(matches!(make(&cluster).await.unwrap_err(), NotCreated::Cluster { begun: true, .. }));
    assert!(cluster.finish_creation(&shop(), MARKED, &PIECES).await.unwrap().is_none());
    let late = asked.lock().unwrap().iter().rfind(|a| a.method == "POST").unwrap().body.clone();
    keep(&objects, "/apis/apps/v1/namespaces/web/deployments/shop", &late);
    for piece in PIECES {
        assert_eq!(cluster.undo_creation(&shop(), MARKED, piece, &[]).await.unwrap(), Fate::Removed);
    }
}

#[tokio::test(start_paused = true)]
async fn a_deletion_is_finished_only_where_its_workload_is_gone_and_takes_no_namesakes() {
    let (cluster, objects, _) = portal(Does::Makes);
    make(&cluster).await.unwrap();
    let beside = cluster.created_with(&shop()).await.unwrap();
    assert_eq!(beside, [(Piece::Service, "uid of /api/v1/namespaces/web/services/shop".to_owned())]);
    let deployment = "/apis/apps/v1/namespaces/web/deployments/shop";
    assert!(!cluster.finish_deletion(&shop(), &format!("uid of {deployment}"), &beside).await.unwrap());
    assert_eq!(kept(&objects), ["services", "deployments"]);
    assert!(cluster.finish_deletion(&shop(), "uid of the one before", &beside).await.unwrap());
    assert_eq!(kept(&objects), ["services", "deployments"], "what stands beside another app is its own");
    objects.lock().unwrap().remove(deployment);
    let of_another = [(Piece::Service, "uid of the one before".to_owned())];
    assert!(cluster.finish_deletion(&shop(), "gone", &of_another).await.unwrap());
    let service = "/api/v1/namespaces/web/services/shop";
    let edited = json!([{"manager": "quayside", "operation": "Update"}, {"manager": "kubectl-edit", "operation": "Update"}]);
    let own = std::mem::replace(&mut objects.lock().unwrap().get_mut(service).unwrap()["metadata"]["managedFields"], edited);
    assert!(cluster.finish_deletion(&shop(), "gone", &beside).await.unwrap());
    assert_eq!(kept(&objects), ["services"], "another one, or changed by somebody");
    objects.lock().unwrap().get_mut(service).unwrap()["metadata"]["managedFields"] = own;
    assert!(cluster.finish_deletion(&shop(), "gone", &beside).await.unwrap());
    assert_eq!(kept(&objects), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn the_mark_of_an_attempt_is_not_shown() {
    let object = json!({"metadata": {"name": "a", "annotations": {(MARK): "1"}}});
    assert!(!yaml::yaml(&yaml::clean(object)).contains("quayside"));
}

#[tokio::test]
async fn who_has_a_node_port_is_told_only_to_who_may_look_there() {
    let (cluster, _) = cluster(|_| Answer::Status(422, "Invalid", "taken".into()));
    let theirs: Service = serde_json::from_value(json!({"metadata": {"name": "payroll", "namespace": "secret-team"},
        "spec": {"type": "NodePort", "ports": [{"port": 80, "nodePort": 30123}]}}))
    .unwrap();
    let ns = Namespace::parse("secret-team").unwrap();
    let slim: Slim = theirs.slim(&ns).unwrap();
    cluster.shared().change(|index| index.apply(&ns, slim));
    let spec = AppSpec { service: Some(ServiceSpec::NodePort(Some(Port::try_from(30123).unwrap()))), ..spec() };
    let other = cluster.node_port_taken(&spec, 30123, &[spec.namespace.clone()].into()).await;
    assert_eq!(other.code, CheckCode::NodePortTaken { port: 30123, by: None, free: None });
    let own = cluster.node_port_taken(&spec, 30123, &[ns.clone()].into()).await;
    assert_eq!(own.code, CheckCode::NodePortTaken { port: 30123, by: Some(Neighbor { namespace: ns, name: "payroll".into() }), free: None });
}

#[tokio::test]
async fn a_secret_of_another_type_is_no_pull_secret_and_no_certificate() {
    let (cluster, _) = cluster(|asked: &Asked| match asked.last() {
        "pull" => Answer::Json(json!({"metadata": {"name": "pull"}, "data": {".dockerconfigjson": "e30="}})),
        "plain" => Answer::Json(json!({"metadata": {"name": "plain"}, "data": {"password": "eA=="}})),
        _ => Answer::missing(),
    });
    let titles = async |secret: &str| {
        let spec = AppSpec { pull_secret: Some(domain::SecretName::parse(secret).unwrap()), ..spec() };
        cluster.references(&spec).await.unwrap().into_iter().map(|check| words(&check.code).title).collect::<Vec<_>>()
    };
    assert!(titles("pull").await.is_empty());
    assert_eq!(titles("plain").await, ["Secret plain isn't a pull secret"]);
    assert_eq!(titles("none").await, ["Secret none doesn't exist in web"]);

    let served = async |secret: &str| {
        let ingress = domain::spec::IngressSpec {
            host: IngressHost::parse("shop.example.org").unwrap(),
            path: IngressPath::parse("/").unwrap(),
            class: None,
            tls_secret: Some(domain::SecretName::parse(secret).unwrap()),
        };
        cluster.references(&AppSpec { ingress: Some(ingress), ..spec() }).await.unwrap().into_iter().map(|check| words(&check.code).title).collect::<Vec<_>>()
    };
    assert_eq!(served("plain").await, ["Secret plain isn't a TLS secret"]);
    assert_eq!(served("none").await, ["Secret none doesn't exist in web"]);
}

#[tokio::test]
async fn where_no_object_has_a_place_nothing_more_is_asked() {
    let (gone, asked) = cluster(|_| Answer::missing());
    let plan = gone.dry_run(&spec(), &BTreeSet::new()).await.unwrap();
    assert!(!plan.accepted());
    let asked: Vec<_> = asked.lock().unwrap().iter().map(|a| a.last().to_owned()).collect();
    assert!(asked.iter().all(|a| ["deployments", "services"].contains(&a.as_str())), "{asked:?}");
    // A kind that the cluster does not have is no missing namespace.
    let (partly, asked) = cluster(|asked: &Asked| match asked.last() {
        "services" => Answer::missing(),
        "resourcequotas" => Answer::list(vec![]),
        _ => Answer::Json(asked.body.clone()),
    });
    partly.dry_run(&spec(), &BTreeSet::new()).await.unwrap();
    assert!(asked.lock().unwrap().iter().any(|a| a.last() == "resourcequotas"));
}

#[tokio::test]
async fn what_is_missing_has_a_button_that_mends_it() {
    let (cluster, _) = cluster(|asked: &Asked| match asked.last() {
        "db" => Answer::Json(json!({"metadata": {"name": "db"}, "data": {"password": "eA=="}})),
        "resourcequotas" => Answer::list(vec![
            json!({"metadata": {"name": "small"}, "spec": {"hard": {"pods": "5"}}, "status": {"hard": {"pods": "5"}, "used": {"pods": "3"}}}),
        ]),
        _ => Answer::missing(),
    });
    let names = |secret: &str, key: &str| {
        let source = EnvSource::Secret(domain::SecretName::parse(secret).unwrap(), domain::KeyName::parse(key).unwrap());
        vec![domain::spec::EnvSpec { name: domain::EnvName::parse("P").unwrap(), source }]
    };
    let remedies = async |env, replicas| {
        let spec = AppSpec { env, replicas, ..spec() };
        let (missing, quotas) = (cluster.references(&spec).await.unwrap(), cluster.quotas(&spec).await);
        missing.into_iter().chain(quotas).map(|check| check.remedy.unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(remedies(names("db", "pasword"), 1).await, [Remedy::set(&[("env.0.key", "password")])], "a slip of the hand");
    assert_eq!(remedies(names("db", "token"), 1).await, [Remedy::AddKey { name: "db".into(), key: "token".into() }]);
    assert_eq!(remedies(names("mail", "token"), 1).await, [Remedy::CreateSecret { name: "mail".into() }]);
    assert_eq!(remedies(vec![], 4).await, [Remedy::set(&[("replicas", "2")])], "as many as the quota has room for");
}

#[tokio::test(start_paused = true)]
async fn what_was_left_is_cleared_away_only_in_the_version_that_was_looked_at() {
    let (cluster, objects, asked) = portal(Does::Makes);
    let service = json!({"metadata": {"name": "shop", "namespace": "web", "annotations": {(MARK): "1000-1-0"}}, "spec": {}});
    keep(&objects, "/api/v1/namespaces/web/services/shop", &service);
    let sent = Sent::all(&spec()).unwrap().remove(0);
    assert!(cluster.clear_away(&sent, &spec()).await.unwrap());
    let asked = asked.lock().unwrap();
    let deletion = asked.iter().find(|a| a.method == "DELETE").unwrap();
    assert_eq!(deletion.body["preconditions"], json!({"uid": "uid of /api/v1/namespaces/web/services/shop", "resourceVersion": "1"}));
}

#[tokio::test(start_paused = true)]
async fn a_change_at_the_moment_of_a_deletion_is_not_lost() {
    let service = json!({"metadata": {"name": "shop", "uid": "s", "resourceVersion": "7", "managedFields": [{"manager": "quayside"}]}});
    let (cluster, asked) = cluster(move |asked: &Asked| match (asked.method.as_str(), asked.path.contains("services")) {
        ("GET", true) => Answer::Json(service.clone()),
        ("GET", false) => Answer::missing(),
        _ => Answer::Status(409, "Conflict", "the precondition does not hold".into()),
    });
    let ended = cluster.finish_deletion(&shop(), "gone", &[(Piece::Service, "s".to_owned())]).await;
    assert!(matches!(ended, Err(ClusterError::Changed(_))), "it is tried again");
    assert!(asked.lock().unwrap().iter().any(|a| a.body["preconditions"] == json!({"uid": "s", "resourceVersion": "7"})));
}

#[tokio::test(start_paused = true)]
async fn a_dry_run_tells_each_refusal_once_and_next_to_its_field() {
    let denied = r#"admission webhook "policy.example.org" denied the request: no label team"#;
    let (cluster, _) = cluster(move |asked: &Asked| match asked.last() {
        "pods" => {
            let quota = r#"pods "shop-x" is forbidden: exceeded quota: small, requested: pods=1, used: pods=4, limited: pods=4"#;
            Answer::Status(403, "Forbidden", quota.into())
        }
        "resourcequotas" => panic!("the API server has named the quota"),
        _ => Answer::Status(403, "Forbidden", denied.into()),
    });
    let plan = cluster.dry_run(&spec(), &BTreeSet::new()).await.unwrap();
    let told: Vec<_> = plan.checks.iter().map(|check| (check.code.code(), check.field.clone())).collect();
    assert_eq!(told, [("webhook_denied", None), ("quota_exceeded", Some(Field::Replicas))]);
}

#[tokio::test(start_paused = true)]
async fn one_missing_permission_stands_for_all_because_its_role_has_them_all() {
    let (cluster, _) = cluster(|asked: &Asked| {
        let resource = asked.last().to_owned();
        let text = format!(r#"{resource} is forbidden: User "portal" cannot create resource "{resource}" in API group "" in the namespace "web""#);
        Answer::Status(403, "Forbidden", text)
    });
    let plan = cluster.dry_run(&spec(), &BTreeSet::new()).await.unwrap();
    assert_eq!(plan.checks.iter().map(|check| check.code.code()).collect::<Vec<_>>(), ["permission_missing"]);
}
