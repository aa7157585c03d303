use super::*;
use crate::portal::fake::*;
use crate::ports::{Advance, Ended, Operations as _};
use domain::account::Role;
use domain::operation::{EndCode, Progress, ProgressCode, State};
use domain::{Code, UnixMs};

async fn begun(fake: &Fake, namespace: &str, name: &str) -> OperationId {
    let (intent, new) = restart(namespace, name);
    fake.store.begin_operation(&intent, &new).await.unwrap()
}

async fn advance(fake: &Fake, id: OperationId, to: State) {
    let progress = Progress { at: UnixMs(START), code: ProgressCode::Entered { state: to } };
    fake.store.advance_operation(id, &Advance { to, progress, end: None, applied: None }).await.unwrap();
}

async fn end(fake: &Fake, id: OperationId) {
    fake.store.end_operation(id, &Ended { at: UnixMs(START), verdict: EndCode::RolledOut.into(), end: None, notice: false }).await.unwrap();
}

async fn publish(fake: &Fake, id: OperationId) {
    let row = fake.store.operation(id).await.unwrap().unwrap();
    fake.portal.operations.feed.publish(Arc::new(row));
}

#[tokio::test]
async fn an_operation_that_may_not_be_seen_looks_like_none() {
    let fake = Fake::new().await;
    let (mine, theirs) = (begun(&fake, "web", "shop").await, begun(&fake, "data", "db").await);
    let ann = actor(Role::Viewer);
    assert_eq!(fake.portal.operations.read(&ann, mine).await.unwrap().app, id("web", "shop"));
    for number in [theirs, OperationId(99)] {
        let problem = fake.portal.operations.read(&ann, number).await.unwrap_err().problem();
        let said = format!("No operation {number}. Operations are kept for 14 days after they end.");
        assert_eq!((problem.code, problem.detail), (Code::NotFound, said));
        assert!(fake.portal.operations.follow(&ann, number).await.is_err());
    }
}

#[tokio::test]
async fn a_list_holds_what_its_person_may_see_whatever_is_asked_for() {
    let fake = Fake::new().await;
    let (mine, theirs) = (begun(&fake, "web", "shop").await, begun(&fake, "data", "db").await);
    let ann = actor(Role::Viewer);
    let listed = async |ann: &Actor, namespaces: &[&str]| {
        let namespaces = namespaces.iter().map(|name| namespace(name)).collect();
        let query = OperationQuery { namespaces, limit: 10, ..OperationQuery::default() };
        fake.portal.operations.list(ann, query).await.unwrap().iter().map(|o| o.id).collect::<Vec<_>>()
    };
    assert_eq!(listed(&ann, &[]).await, [mine]);
    assert_eq!(listed(&ann, &["data"]).await, []);
    let both = actor_in([("web", None, Role::Viewer), ("data", None, Role::Viewer)]);
    assert_eq!(listed(&both, &[]).await, [theirs, mine]);
    assert_eq!(listed(&actor_in([]), &[]).await, []);
}

#[tokio::test(start_paused = true)]
async fn whoever_follows_is_told_of_each_change_and_then_of_the_end() {
    let fake = Fake::new().await;
    let number = begun(&fake, "web", "shop").await;
    let mut follows = fake.portal.operations.follow(&actor(Role::Viewer), number).await.unwrap();
    // Between the reading of the row and the first look at the feed.
    advance(&fake, number, State::Applying).await;
    publish(&fake, number).await;
    let mut states = vec![follows.next().await.unwrap().state, follows.next().await.unwrap().state];
    end(&fake, number).await;
    publish(&fake, number).await;
    states.push(follows.next().await.unwrap().state);
    assert_eq!(states, [State::Accepted, State::Applying, State::Succeeded]);
    assert!(follows.next().await.is_none(), "a verdict is the last that is told");
}

#[tokio::test(start_paused = true)]
async fn an_operation_that_is_silent_is_told_again_and_an_end_that_nobody_published_is_found() {
    let fake = Fake::new().await;
    let number = begun(&fake, "web", "shop").await;
    let mut follows = fake.portal.operations.follow(&actor(Role::Viewer), number).await.unwrap();
    let begun = Instant::now();
    assert_eq!((follows.next().await.unwrap().state, begun.elapsed()), (State::Accepted, Duration::ZERO));
    assert_eq!((follows.next().await.unwrap().state, begun.elapsed()), (State::Accepted, BEAT));
    end(&fake, number).await;
    assert_eq!((follows.next().await.unwrap().state, begun.elapsed()), (State::Succeeded, 2 * BEAT));
    assert!(follows.next().await.is_none());
}
