//! New apps: what a dry run says, and that all or nothing is created.

use crate::common::{in_space, node_port};
use domain::check::DryRun;
use domain::english;
use domain::form::{EnvPart, Field};
use domain::spec::{EnvSource, EnvSpec, IngressSpec, Resources};
use domain::view::Outcome;
use domain::{Bytes, EnvName, IngressHost, IngressPath, KeyName, MilliCpu, Namespace, SecretName};
use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::{ResourceQuota, Secret, Service};
use k8s_openapi::api::networking::v1::Ingress;
use kube::api::{DeleteParams, ListParams, PostParams};
use serde_json::json;
use service::ports::{Creations, Fate, Manifests, NotCreated, Recovery, Workloads};

/// Title and advice of the checks with this outcome, and their fields.
fn told(plan: &DryRun, outcome: Outcome) -> Vec<(Option<Field>, String, String)> {
    let told = plan.checks.iter().filter(|check| check.outcome == outcome);
    told.map(|check| (check.field.clone(), english::check::words(&check.code))).map(|(field, words)| (field, words.title, words.advice)).collect()
}

fn failed(plan: &DryRun) -> Vec<(Option<Field>, String, String)> {
    told(plan, Outcome::Fail)
}

/// Sentence and field of the first failed check.
fn stopped_by(not_created: NotCreated) -> (String, Option<Field>) {
    let NotCreated::ChecksFailed(checks) = not_created else { panic!("a check has failed, and not {not_created:?}") };
    (english::check::sentence(&checks[0].code), checks[0].field.clone())
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the cluster"]
async fn a_taken_node_port_is_refused_with_a_way_out_and_nothing_is_created() {
    in_space("port", |space| async move {
        let mut first = space.sample("first");
        first.service = node_port(None);
        let id = space.create(&first).await.unwrap();
        let facts = space.see(&id, "the service", |f| f.services.first().is_some_and(|s| s.ports[0].node_port.is_some())).await;
        let taken = facts.services[0].ports[0].node_port.unwrap();

        let mut second = space.sample("second");
        second.service = node_port(Some(taken));
        let plan = space.cluster.dry_run(&second, &space.visible()).await.unwrap();
        let found = failed(&plan);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!((&found[0].0, &found[0].1), (&Some(Field::NodePort), &format!("Node port {taken} is used by {}/first", space.ns)));
        assert!(found[0].2.starts_with("Use "), "{}", found[0].2);
        assert!(plan.yaml.contains("kind: Deployment") && plan.yaml.contains("---\n"));
        let (text, field) = stopped_by(space.create(&second).await.unwrap_err());
        assert!(text.starts_with(&format!("Node port {taken} is used by")), "{text}");
        assert_eq!(field, Some(Field::NodePort));
        assert!(space.api::<Deployment>().get_opt("second").await.unwrap().is_none());
        assert_eq!(space.api::<Service>().list(&ListParams::default()).await.unwrap().items.len(), 1);

        let free: u16 = found[0].2.trim_start_matches("Use ").trim_end_matches('.').parse().unwrap();
        second.service = node_port(Some(free));
        assert!(space.cluster.dry_run(&second, &space.visible()).await.unwrap().accepted());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the cluster"]
async fn an_app_is_created_and_deleted_with_its_service_and_ingress() {
    in_space("round", |space| async move {
        let mut spec = space.sample("shop");
        spec.service = Some(domain::spec::ServiceSpec::ClusterIp);
        let host = IngressHost::parse("shop.example.org").unwrap();
        spec.ingress = Some(IngressSpec { host, path: IngressPath::parse("/").unwrap(), class: None, tls_secret: None });
        let plan = space.cluster.dry_run(&spec, &space.visible()).await.unwrap();
        assert!(plan.accepted(), "{:?}", plan.checks);
        assert!(told(&plan, Outcome::Pass).iter().any(|c| c.1.contains("Deployment, Ingress, Service")), "{:?}", plan.checks);
        assert!(space.api::<Deployment>().get_opt("shop").await.unwrap().is_none(), "a dry run keeps nothing");
        let id = space.create(&spec).await.unwrap();
        let facts =
            space.see(&id, "the service with its endpoint", |f| f.services.iter().any(|s| s.matches && s.ready_endpoints == 1) && f.ingresses.len() == 1).await;
        assert_eq!(facts.ingresses[0].rules[0].host, "shop.example.org");
        let again = space.cluster.dry_run(&spec, &space.visible()).await.unwrap();
        assert!(failed(&again).iter().any(|f| f.0 == Some(Field::Name) && f.1.contains("already exists")), "{:?}", again.checks);

        let yaml = space.cluster.yaml(&id).await.unwrap();
        assert!(yaml.contains("image: sample:1") && !yaml.contains("managedFields") && !yaml.contains("\nstatus:"), "{yaml}");
        space.cluster.delete(&id).await.unwrap();
        crate::common::see(&space.cluster, "its end", |w| crate::common::facts(w, &id).is_none()).await;
        assert!(space.api::<Service>().get_opt("shop").await.unwrap().is_none());
        assert!(space.api::<Ingress>().get_opt("shop").await.unwrap().is_none());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the cluster"]
async fn the_address_of_another_apps_ingress_is_refused_and_nothing_is_created() {
    in_space("address", |space| async move {
        let host = format!("{}.example.org", space.ns);
        let at = |name: &str, path: &str| {
            let mut spec = space.sample(name);
            spec.service = Some(domain::spec::ServiceSpec::ClusterIp);
            let path = IngressPath::parse(path).unwrap();
            spec.ingress = Some(IngressSpec { host: IngressHost::parse(host.as_str()).unwrap(), path, class: None, tls_secret: None });
            spec
        };
        let id = space.create(&at("first", "/api")).await.unwrap();
        space.see(&id, "the ingress", |f| f.ingresses.len() == 1).await;
        let (text, field) = stopped_by(space.create(&at("second", "/api/")).await.unwrap_err());
        assert_eq!(text, format!("{host}/api/ belongs to ingress {}/first. Choose another host or path.", space.ns));
        assert_eq!(field, Some(Field::IngressHost));
        assert!(space.api::<Deployment>().get_opt("second").await.unwrap().is_none());
        let unseen = space.cluster.dry_run(&at("second", "/api"), &Default::default()).await.unwrap();
        assert_eq!(failed(&unseen)[0].1, format!("{host}/api belongs to another app"));
        let beside = space.cluster.dry_run(&at("second", "/"), &space.visible()).await.unwrap();
        let warned: Vec<_> = told(&beside, Outcome::Warn).into_iter().map(|c| c.1).collect();
        assert!(beside.accepted() && warned.contains(&format!("Ingress {}/first also serves {host} at /api", space.ns)), "{warned:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the cluster"]
async fn what_a_killed_creation_left_is_replaced_and_what_is_somebodys_is_not() {
    in_space("left", |space| async move {
        let mut spec = space.sample("shop");
        spec.service = Some(domain::spec::ServiceSpec::ClusterIp);
        let services = space.api::<Service>();
        let made_at = |mark: Option<i64>| {
            let annotations = mark.map(|at| json!({"quayside/attempt": format!("{at}-1-0")}));
            let service = json!({"metadata": {"name": "shop", "annotations": annotations}, "spec": {"ports": [{"port": 9}]}});
            let (services, service) = (services.clone(), serde_json::from_value(service).unwrap());
            async move {
                let _ = services.delete("shop", &DeleteParams::default()).await;
                let portals = PostParams { field_manager: Some("quayside".into()), ..PostParams::default() };
                services.create(&portals, &service).await.unwrap().metadata.uid
            }
        };
        let now = i64::try_from(std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_millis()).unwrap();
        for (mark, advice) in [(None, "Choose another name"), (Some(now), "Try again in two minutes")] {
            let theirs = made_at(mark).await;
            let plan = space.cluster.dry_run(&spec, &space.visible()).await.unwrap();
            assert!(failed(&plan).iter().any(|f| f.2.contains(advice)), "{:?}", plan.checks);
            assert!(space.create(&spec).await.is_err());
            assert_eq!(services.get("shop").await.unwrap().metadata.uid, theirs, "it stays");
        }
        let left = made_at(Some(now - 600_000)).await;
        let plan = space.cluster.dry_run(&spec, &space.visible()).await.unwrap();
        assert!(plan.accepted() && told(&plan, Outcome::Warn).iter().any(|c| c.1.contains("is left over from an unfinished creation")), "{:?}", plan.checks);
        space.create(&spec).await.unwrap();
        assert_ne!(services.get("shop").await.unwrap().metadata.uid, left);
        assert!(space.api::<Deployment>().get_opt("shop").await.unwrap().is_some());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the cluster"]
async fn all_of_a_creation_is_undone_also_when_it_runs_but_nothing_that_was_edited() {
    in_space("undone", |space| async move {
        use domain::operation::{Piece, Touched};
        let mut spec = space.sample("shop");
        spec.service = Some(domain::spec::ServiceSpec::ClusterIp);
        let (mark, services) = ("1000-abcdef", space.api::<Service>());
        let id = space.create_marked(&spec, mark).await.unwrap();
        // By now controllers have written to the deployment.
        space.see(&id, "it runs", |facts| crate::common::ready(facts) > 0).await;
        let undone: [(Piece, &[Piece]); 2] = [(Piece::Deployment, &[]), (Piece::Service, &[Piece::Deployment])];
        for (piece, removed) in undone {
            assert_eq!(space.cluster.undo_creation(&id, "1000-fedcba", piece, removed).await.unwrap(), Fate::NotThere, "it has another mark");
            assert_eq!(space.cluster.undo_creation(&id, mark, piece, removed).await.unwrap(), Fate::Removed);
        }
        assert!(services.get_opt("shop").await.unwrap().is_none());

        space.create_marked(&spec, mark).await.unwrap();
        let label = kube::api::Patch::Merge(json!({"metadata": {"labels": {"by": "hand"}}}));
        services.patch("shop", &kube::api::PatchParams { field_manager: Some("kubectl-label".into()), ..Default::default() }, &label).await.unwrap();
        let touched = Touched { piece: Piece::Service, by: "kubectl-label".into() };
        assert_eq!(space.cluster.undo_creation(&id, mark, Piece::Service, &[]).await.unwrap(), Fate::Left(touched));
        assert!(space.cluster.finish_creation(&id, mark, &[Piece::Service, Piece::Deployment]).await.unwrap().is_some());
        let annotations = services.get("shop").await.unwrap().metadata.annotations.unwrap_or_default();
        assert!(!annotations.contains_key("quayside/attempt"), "{annotations:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the cluster"]
async fn what_is_missing_or_too_much_is_told_next_to_its_field() {
    in_space("checks", |space| async move {
        let secret: Secret = serde_json::from_value(json!({"metadata": {"name": "es"}, "stringData": {"user": "a"}})).unwrap();
        space.api::<Secret>().create(&PostParams::default(), &secret).await.unwrap();
        let quota: ResourceQuota =
            serde_json::from_value(json!({"metadata": {"name": "small"}, "spec": {"hard": {"pods": "2", "requests.memory": "64Mi"}}})).unwrap();
        let made = space.api::<ResourceQuota>().create(&PostParams::default(), &quota).await.unwrap();
        let counted = kube::runtime::wait::await_condition(space.api::<ResourceQuota>(), "small", |q: Option<&ResourceQuota>| {
            q.is_some_and(|q| q.status.as_ref().is_some_and(|s| s.hard.is_some()))
        });
        tokio::time::timeout(crate::common::DEADLINE, counted).await.unwrap().unwrap();
        drop(made);

        let env = |n: &str, s: &str, k: &str| EnvSpec {
            name: EnvName::parse(n).unwrap(),
            source: EnvSource::Secret(SecretName::parse(s).unwrap(), KeyName::parse(k).unwrap()),
        };
        let mut spec = space.sample("shop");
        spec.replicas = 3;
        spec.resources =
            Resources { memory_request: Some(Bytes(16 << 20)), cpu_request: Some(MilliCpu(200)), cpu_limit: Some(MilliCpu(100)), ..Resources::default() };
        spec.env = vec![env("USER", "es", "user"), env("PASS", "es", "password"), env("OTHER", "gone", "x")];
        let plan = space.cluster.dry_run(&spec, &space.visible()).await.unwrap();
        let found = failed(&plan);
        let at = |field: Field| found.iter().find(|f| f.0.as_ref() == Some(&field)).unwrap_or_else(|| panic!("nothing at {field}: {found:?}"));
        assert_eq!(at(Field::Env(1, EnvPart::Key)).1, "Secret es has no key password");
        assert_eq!(at(Field::Env(2, EnvPart::Value)).1, format!("Secret gone doesn't exist in {}", space.ns));
        assert!(at(Field::CpuRequest).1.contains("200m"), "{found:?}");

        spec.env.clear();
        spec.resources.cpu_limit = None;
        let plan = space.cluster.dry_run(&spec, &space.visible()).await.unwrap();
        assert_eq!(
            failed(&plan),
            [(
                Some(Field::Replicas),
                "Quota small has no room for 3 pods: they need 3 of pods, 0 of 2 are used".to_owned(),
                "2 would fit. Request less, or have the quota raised.".to_owned()
            )]
        );
        spec.resources.memory_request = None;
        spec.replicas = 1;
        let plan = space.cluster.dry_run(&spec, &space.visible()).await.unwrap();
        assert_eq!(failed(&plan)[0].0, Some(Field::MemoryRequest), "{:?}", plan.checks);

        spec.namespace = Namespace::parse("there-is-none").unwrap();
        let plan = space.cluster.dry_run(&spec, &space.visible()).await.unwrap();
        assert_eq!(failed(&plan)[0].1, "Namespace there-is-none doesn't exist");
    })
    .await;
}
