use super::*;
use crate::portal::fake::*;
use domain::account::Role;

#[tokio::test]
async fn only_namespaces_of_ones_own_may_be_named() {
    let fake = Fake::new().await;
    let ann = actor(Role::Operator);
    let operator = fake.portal.access.operator(&ann, &namespace("web")).unwrap();
    let form = AppForm { name: "new".into(), image: "web:1".into(), ..AppForm::default() };
    fake.portal.new_apps.dry_run(&operator, &form).await.unwrap();
    assert_eq!(fake.cluster.calls.lock().unwrap().last().map(String::as_str), Some("dry run new, may name objects of web"));
}

#[tokio::test(start_paused = true)]
async fn a_new_app_is_in_the_index_when_its_page_is_opened() {
    let fake = Fake::new().await;
    fake.cluster.show([Arc::new(app("shop", Vec::new()))]);
    let ann = actor(Role::Operator);
    let operator = fake.portal.access.operator(&ann, &namespace("web")).unwrap();
    let form = AppForm { name: "cart".into(), image: "r.example.org/cart:1".into(), replicas: "1".into(), ..AppForm::default() };
    let started = tokio::time::Instant::now();
    let watch = async {
        tokio::time::sleep(Duration::from_millis(500)).await;
        fake.cluster.show([Arc::new(app("shop", Vec::new())), Arc::new(app("cart", Vec::new()))]);
    };
    let (made, ()) = tokio::join!(fake.portal.new_apps.create(&operator, &form), watch);
    assert!(fake.cluster.calls.lock().unwrap().contains(&format!("create cart for {}", ann.user.display)));
    assert!(fake.portal.apps.detail(&operator.viewer(), &made.unwrap().answer).is_ok());
    assert_eq!(started.elapsed().as_millis(), 500);
    // A watch that hangs holds nobody up for long.
    fake.cluster.show([]);
    fake.cluster.made.lock().unwrap().clear();
    fake.portal.new_apps.create(&operator, &form).await.unwrap();
    assert!((2400..2600).contains(&started.elapsed().as_millis()), "{:?}", started.elapsed());
}

#[tokio::test]
async fn a_check_says_also_what_works_but_is_unwise() {
    let fake = Fake::new().await;
    let ann = actor(Role::Operator);
    let operator = fake.portal.access.operator(&ann, &namespace("web")).unwrap();
    let form = AppForm { name: "cart".into(), image: "r.example.org/cart:latest".into(), replicas: "1".into(), ..AppForm::default() };
    let plan = fake.portal.new_apps.dry_run(&operator, &form).await.unwrap();
    let told: Vec<_> = plan.checks.iter().map(|c| (c.code.as_ref(), c.title.as_str())).collect();
    assert!(told.contains(&("image_tagged_latest", "Image is tagged latest")) && told.contains(&("no_memory_limit", "No memory limit")), "{told:?}");
    assert!(plan.checks.iter().all(|c| c.outcome != domain::view::Outcome::Fail), "a hint stops nobody");
}
