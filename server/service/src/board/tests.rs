use super::*;
use crate::jobs::Job as _;
use crate::portal::fake::*;
use domain::account::Role;
use domain::status::Word;
use std::time::{Duration, Instant};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

fn shop(name: &str, restarts: u32) -> Arc<AppFacts> {
    let mut c = container("web", running());
    c.restarts = restarts;
    Arc::new(app(name, vec![pod(&format!("{name}-1"), vec![c])]))
}

/// Where the clock is paused it goes on, and with it this, only when no task has anything left to do.
async fn all_is_done() {
    tokio::time::sleep(Duration::from_millis(1)).await;
}

/// A portal that runs, and its board once it shows all of these apps.
async fn running_with(apps: Vec<Arc<AppFacts>>) -> (Fake, watch::Receiver<Arc<Board>>) {
    let fake = Fake::new().await;
    let count = apps.len();
    fake.cluster.show(apps);
    let portal = fake.portal.clone();
    tokio::spawn(async move { portal.run(CancellationToken::new()).await });
    let mut board = fake.portal.app_list.board();
    board.wait_for(|b| b.apps() == count).await.unwrap();
    // The first round takes teams and usage as well.
    all_is_done().await;
    board.mark_unchanged();
    (fake, board)
}

#[tokio::test(start_paused = true)]
async fn a_changed_pod_moves_only_its_own_row() {
    let apps = ["one", "two", "three"].map(|name| shop(name, 0)).to_vec();
    let (fake, mut board) = running_with(apps.clone()).await;
    let before = board.borrow().clone();
    fake.cluster.show([apps[0].clone(), shop("two", 1), apps[2].clone()]);
    timeout(Duration::from_secs(5), board.changed()).await.unwrap().unwrap();
    let after = board.borrow().clone();
    let moved = after.rows().filter(|row| !Arc::ptr_eq(row, before.row(&row.id).unwrap())).map(|row| row.id.name.as_str()).collect::<Vec<_>>();
    assert_eq!(moved, ["two"]);
    assert_eq!(after.row(&id("web", "two")).unwrap().restarts, 1);
    assert!(after.version > before.version);
}

#[tokio::test(start_paused = true)]
async fn new_facts_that_say_the_same_move_nothing() {
    let (fake, board) = running_with(vec![shop("one", 0)]).await;
    fake.cluster.show([shop("one", 0)]);
    all_is_done().await;
    assert!(!board.has_changed().unwrap());
}

#[tokio::test(start_paused = true)]
async fn an_app_that_is_gone_leaves_the_list_with_its_namespace_or_without() {
    let other = Arc::new(app_in("other", "far", Vec::new()));
    let (fake, mut board) = running_with(vec![shop("one", 0), shop("two", 0), other]).await;
    fake.cluster.show([shop("one", 0)]);
    timeout(Duration::from_secs(5), board.wait_for(|b| b.apps() == 1)).await.unwrap().unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_new_team_shows_at_once() {
    let (fake, mut board) = running_with(vec![shop("one", 0)]).await;
    let name = TeamName::parse("Shop people").unwrap();
    fake.store.teams.lock().unwrap().push(Team { id: 1, name: name.clone(), namespaces: vec![namespace("web")], members: Vec::new() });
    fake.portal.teams.changed();
    timeout(Duration::from_secs(5), board.changed()).await.unwrap().unwrap();
    assert_eq!(board.borrow().row(&id("web", "one")).unwrap().team, Some(name));
}

#[tokio::test(start_paused = true)]
async fn the_list_shows_only_what_one_may_see() {
    let other = Arc::new(app_in("other", "far", Vec::new()));
    let (fake, _) = running_with(vec![shop("one", 0), other]).await;
    let ann = actor(Role::Viewer);
    let names = |rows: Vec<Arc<AppRow>>| rows.iter().map(|r| r.id.name.to_string()).collect::<Vec<_>>();
    assert_eq!(names(fake.portal.apps.list(&ann).rows), ["one"]);
    assert_eq!(names(fake.portal.apps.list_in(&fake.portal.access.viewer(&ann, &namespace("web")).unwrap()).rows), ["one"]);
    assert!(fake.portal.access.viewer(&ann, &namespace("other")).is_err());
    assert_eq!(fake.portal.namespaces.known(), ["other", "web"].map(namespace));
}

#[tokio::test(start_paused = true)]
async fn whoever_follows_an_app_hears_of_it_and_of_no_other() {
    let (one, other) = (shop("one", 0), Arc::new(app_in("other", "far", Vec::new())));
    let (fake, _) = running_with(vec![one.clone(), shop("two", 0), other]).await;
    let ann = actor(Role::Viewer);
    let viewer = fake.portal.access.viewer(&ann, &namespace("web")).unwrap();
    let mut changes = fake.portal.app_list.follow(&viewer, &id("web", "one"));
    assert!(changes.borrow_and_update().is_some());
    assert!(fake.portal.app_list.follow(&viewer, &id("other", "far")).borrow().is_none(), "of a namespace that the capability is not for");
    for restarts in 1..10 {
        fake.cluster.show([one.clone(), shop("two", restarts)]);
        all_is_done().await;
        assert!(!changes.has_changed().unwrap(), "two was restarted");
    }
    fake.cluster.show([shop("one", 1)]);
    timeout(Duration::from_secs(5), changes.changed()).await.unwrap().unwrap();
    assert!(changes.borrow_and_update().is_some());
    fake.cluster.show([]);
    timeout(Duration::from_secs(5), changes.wait_for(Option::is_none)).await.unwrap().unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_second_run_moves_nothing() {
    let fake = Fake::new().await;
    fake.cluster.show([shop("one", 0)]);
    let mut job = KeepBoard::new(fake.portal.app_list.clone());
    job.run_once().await;
    let mut board = fake.portal.app_list.board();
    assert_eq!(board.borrow_and_update().apps(), 1);
    job.run_once().await;
    assert!(!board.has_changed().unwrap());
}

#[tokio::test(start_paused = true)]
async fn teams_that_are_read_again_and_are_the_same_are_no_news() {
    let fake = Fake::new().await;
    let name = TeamName::parse("Shop people").unwrap();
    fake.store.teams.lock().unwrap().push(Team { id: 1, name, namespaces: vec![namespace("web")], members: Vec::new() });
    let (mut job, mut known) = (ReadTeams::new(fake.portal.app_list.clone()), fake.portal.app_list.known_teams());
    job.run_once().await;
    assert_eq!(known.borrow_and_update().len(), 1);
    job.run_once().await;
    assert!(!known.has_changed().unwrap());
}

#[test]
fn time_alone_moves_rows_only_where_it_changes_the_words() {
    let mut keeper = Keeper::default();
    let facts = shop("one", 0);
    let apps = NamespaceApps { apps: BTreeMap::from([(facts.workload.id.clone(), facts)]) };
    let world = World { namespaces: BTreeMap::from([(namespace("web"), Arc::new(apps))]), ..World::default() };
    let first = keeper.judge(&world, Judge::All, UnixMs(START)).unwrap();
    assert!(keeper.judge(&world, Judge::Changed, UnixMs(START)).is_none());
    if let Some(later) = keeper.judge(&world, Judge::All, UnixMs(START + 15_000)) {
        let id = id("web", "one");
        assert_ne!(later.row(&id).unwrap(), first.row(&id).unwrap());
    }
}

#[tokio::test(start_paused = true)]
#[ignore = "prints a figure; run it with --release"]
async fn from_a_change_to_the_board_with_500_apps() {
    let apps = (0..500).map(|n| shop(&format!("app-{n}"), 0)).collect::<Vec<_>>();
    let (fake, mut board) = running_with(apps.clone()).await;
    let mut worst = Duration::ZERO;
    for n in 0..100_u32 {
        let mut apps = apps.clone();
        apps[7] = shop("app-7", n + 1);
        let start = Instant::now();
        fake.cluster.show(apps);
        board.wait_for(|b| b.row(&id("web", "app-7")).unwrap().restarts == n + 1).await.unwrap();
        worst = worst.max(start.elapsed());
    }
    assert!(Word::ALL.contains(&board.borrow().row(&id("web", "app-7")).unwrap().status.word));
    println!("{worst:?} at worst");
}
