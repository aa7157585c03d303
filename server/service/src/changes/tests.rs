use super::*;
use crate::portal::fake::*;
use domain::account::Role;
use domain::facts::{AppFacts, ReplicaSet};
use domain::kubernetes::{NotAllowed, Resource, Right, Verb};
use domain::operation::Piece;
use domain::view::Revision;
use domain::{Action, Code, Kind, UnixMs};

fn shop() -> AppFacts {
    let mut facts = app("shop", vec![pod("shop-1", vec![container("web", running())])]);
    let set = |revision| {
        Arc::new(ReplicaSet {
            name: format!("rs-{revision}"),
            revision,
            created: UnixMs(START),
            reused: false,
            images: Vec::new(),
            change_cause: None,
            wanted: 1,
            ready: 1,
            hash: None,
        })
    };
    facts.replica_sets = vec![set(2), set(1)];
    facts
}

async fn with(facts: AppFacts) -> Fake {
    let fake = Fake::new().await;
    fake.cluster.show([Arc::new(facts)]);
    *fake.cluster.revisions.lock().unwrap() = vec![
        Revision { number: 2, current: true, template: "image: web:2\n".into(), ..Revision::default() },
        Revision { number: 1, template: "image: web:1\n".into(), ..Revision::default() },
    ];
    fake
}

fn problem<T>(outcome: Outcome<T>) -> domain::ProblemDetails {
    outcome.err().unwrap().problem()
}

#[tokio::test]
async fn every_change_leaves_an_intent_and_its_result() {
    let fake = with(shop()).await;
    let (ann, app) = (actor(Role::Operator), id("web", "shop"));
    let operator = fake.portal.access.operator(&ann, &namespace("web")).unwrap();
    fake.portal.changes.restart(&operator, &app).await.unwrap();
    fake.portal.changes.scale(&operator, &app, 3).await.unwrap();
    fake.portal.changes.set_paused(&operator, &app, true).await.unwrap();
    fake.portal.changes.rollback(&operator, &app, 1).await.unwrap();
    *fake.cluster.refuses.lock().unwrap() = Some("The quota exceeded.".into());
    assert_eq!(problem(fake.portal.changes.delete(&operator, &app, "shop").await).code, Code::ClusterRefused);
    let shop = "web/deployment/shop";
    assert_eq!(
        *fake.cluster.calls.lock().unwrap(),
        [
            format!("restart {shop} by Ann to Some(3)"),
            format!("scale {shop} 3"),
            format!("paused {shop} true"),
            format!("rollback {shop} 1 by Ann to Some(3)"),
            format!("delete {shop}")
        ]
    );
    let ends = fake.audited().into_iter().skip(1).step_by(2).collect::<Vec<_>>();
    assert_eq!(
        ends,
        [
            "app.restart done ",
            "app.scale done from 1 to 3 replicas",
            "app.pause done ",
            "app.rollback done to revision 1",
            "app.delete failed The quota exceeded."
        ]
    );
    assert!(fake.audited().iter().step_by(2).all(|a| a.contains(" intent ")));
}

#[tokio::test]
async fn of_a_change_without_an_answer_nobody_says_that_it_was_not_made() {
    let fake = with(shop()).await;
    let (ann, app) = (actor(Role::Operator), id("web", "shop"));
    let operator = fake.portal.access.operator(&ann, &namespace("web")).unwrap();
    fake.cluster.silent.store(true, std::sync::atomic::Ordering::SeqCst);
    let told = problem(fake.portal.changes.scale(&operator, &app, 3).await);
    assert_eq!(told.code, Code::ClusterAway);
    assert_eq!(told.detail, "The cluster didn't answer. It may have been done: check the app before trying again.");
    assert_eq!(fake.audited()[1], "app.scale unknown The cluster didn't answer. It may have been done.");
}

#[tokio::test]
async fn what_a_kind_cannot_do_is_refused_with_the_sentence_of_its_page() {
    let mut facts = shop();
    Arc::make_mut(&mut facts.workload).id.kind = Kind::DaemonSet;
    let app = facts.workload.id.clone();
    let fake = with(facts).await;
    let ann = actor(Role::Operator);
    let operator = fake.portal.access.operator(&ann, &namespace("web")).unwrap();
    let told = problem(fake.portal.changes.scale(&operator, &app, 3).await);
    let page = fake.portal.apps.detail(&operator.viewer(), &app).unwrap();
    assert_eq!(told.code, Code::Conflict);
    assert_eq!(page.actions[&Action::Scale].as_ref(), Some(&told.detail));
    assert!(fake.cluster.calls.lock().unwrap().is_empty());
}

#[tokio::test]
async fn who_looks_for_a_deleted_app_reads_who_deleted_it() {
    let fake = with(shop()).await;
    let (ann, app) = (actor(Role::Operator), id("web", "shop"));
    let operator = fake.portal.access.operator(&ann, &namespace("web")).unwrap();
    let reads = || problem(fake.portal.apps.detail(&operator.viewer(), &app)).detail;
    *fake.cluster.refuses.lock().unwrap() = Some("The quota exceeded.".into());
    problem(fake.portal.changes.delete(&operator, &app, "shop").await);
    fake.cluster.show([]);
    assert_eq!(reads(), "No deployment shop in namespace web. It may have been deleted. Check the list of apps.");
    *fake.cluster.refuses.lock().unwrap() = None;
    fake.cluster.show([Arc::new(shop())]);
    fake.portal.changes.delete(&operator, &app, "shop").await.unwrap();
    fake.cluster.show([]);
    assert_eq!(reads(), "No deployment shop in namespace web. Ann deleted it 0 s ago.");
}

#[tokio::test]
async fn bad_input_changes_nothing_and_names_its_field() {
    let fake = with(shop()).await;
    let (ann, app) = (actor(Role::Operator), id("web", "shop"));
    let operator = fake.portal.access.operator(&ann, &namespace("web")).unwrap();
    assert_eq!(problem(fake.portal.changes.scale(&operator, &app, 1001).await).fields[0].field, "replicas");
    assert_eq!(problem(fake.portal.changes.delete(&operator, &app, "Shop").await).fields[0].field, "confirm");
    assert_eq!(problem(fake.portal.changes.rollback(&operator, &app, 9).await).code, Code::NotFound);
    assert_eq!(problem(fake.portal.changes.rollback(&operator, &app, 2).await).code, Code::Conflict);
    assert_eq!(problem(fake.portal.changes.restart(&operator, &id("web", "none")).await).code, Code::NotFound);
    assert!(fake.cluster.calls.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_capability_reaches_no_app_of_another_namespace() {
    let fake = with(shop()).await;
    fake.cluster.show([Arc::new(shop()), Arc::new(app_in("other", "far", Vec::new()))]);
    let (ann, far) = (actor(Role::Operator), id("other", "far"));
    let operator = fake.portal.access.operator(&ann, &namespace("web")).unwrap();
    let viewer = operator.viewer();
    assert_eq!(problem(fake.portal.apps.detail(&viewer, &far)).code, Code::NotFound);
    assert_eq!(problem(fake.portal.apps.yaml(&viewer, &far).await).code, Code::NotFound);
    assert_eq!(problem(fake.portal.apps.configuration(&viewer, &far).await).code, Code::NotFound);
    assert_eq!(problem(fake.portal.apps.revisions(&viewer, &far).await).code, Code::NotFound);
    assert_eq!(problem(fake.portal.metrics.chart(&viewer, &far, domain::metrics::Range::H1).await).code, Code::NotFound);
    assert_eq!(problem(fake.portal.changes.restart(&operator, &far).await).code, Code::NotFound);
    assert_eq!(problem(fake.portal.changes.delete(&operator, &far, "far").await).code, Code::NotFound);
    assert!(fake.cluster.calls.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_roll_back_is_previewed_from_the_template_in_force() {
    let fake = with(shop()).await;
    let ann = actor(Role::Viewer);
    let viewer = fake.portal.access.viewer(&ann, &namespace("web")).unwrap();
    let (revisions, difference) = fake.portal.apps.history(&viewer, &id("web", "shop"), Some(1)).await.unwrap();
    let (number, lines) = difference.unwrap();
    assert_eq!(number, 1);
    let text = lines.iter().map(|l| format!("{}{}", l.sign, l.text)).collect::<Vec<_>>();
    assert_eq!(text, ["-image: web:2", "+image: web:1"]);
    let not_kept = fake.portal.apps.history(&viewer, &id("web", "shop"), Some(99)).await.unwrap();
    assert_eq!(not_kept, (revisions, None), "the list tells what there is");
}

#[tokio::test]
async fn what_stays_of_a_deleted_app_is_told() {
    let fake = with(shop()).await;
    let (ann, app) = (actor(Role::Operator), id("web", "shop"));
    let operator = fake.portal.access.operator(&ann, &namespace("web")).unwrap();
    let why = ClusterError::NotAllowed(NotAllowed::Right(Right::of(Verb::Delete, Resource::Ingresses, &namespace("web"))));
    let remains = Remains { finalizers: vec!["example.org/keep".into()], pieces: vec![(Piece::Ingress, why)] };
    *fake.cluster.remains.lock().unwrap() = remains;
    assert_eq!(
        fake.portal.changes.delete(&operator, &app, "shop").await.unwrap().answer.as_deref(),
        Some(
            "It still exists: finalizer example.org/keep blocks its deletion until the controller behind it removes it. \
             Couldn't delete its ingress shop: The portal isn't allowed to delete ingresses in web. quayside rbac --namespace web prints the Role it needs."
        )
    );
}
