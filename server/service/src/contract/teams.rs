//! Teams.

use super::{Store, add_user, namespace, promises};
use crate::ports::{StoreError, TeamState};
use domain::TeamName;
use domain::account::Role;
use std::sync::Arc;

promises![
    teams_are_listed_by_name_with_their_namespaces_and_members_by_name,
    a_teams_name_is_given_once,
    a_change_of_a_team_that_was_changed_meanwhile_is_refused,
    a_member_has_one_role_in_a_team,
    a_role_holds_in_all_namespaces_of_its_team,
    a_team_goes_without_its_people,
];

fn team(text: &str) -> TeamName {
    TeamName::parse(text).unwrap()
}

fn state(name: &str, namespaces: &[&str]) -> TeamState {
    TeamState { name: team(name), namespaces: namespaces.iter().map(|n| namespace(n)).collect() }
}

async fn add(store: &dyn Store, name: &str, namespaces: &[&str]) -> i64 {
    let TeamState { name, namespaces } = state(name, namespaces);
    store.create_team(&name, &namespaces).await.unwrap()
}

async fn teams_are_listed_by_name_with_their_namespaces_and_members_by_name(store: Arc<dyn Store>) {
    let (ben, ann) = (add_user(&*store, "ben").await, add_user(&*store, "ann").await);
    let web = add(&*store, "Web", &["web", "api", "web"]).await;
    let data = add(&*store, "Data", &[]).await;
    for user in [ben, ann] {
        store.set_member(web, user, Some(Role::Viewer)).await.unwrap();
    }
    let all = store.teams().await.unwrap();
    assert_eq!(all.iter().map(|t| (t.id, t.name.as_str())).collect::<Vec<_>>(), [(data, "Data"), (web, "Web")]);
    assert_eq!(all[1].namespaces, [namespace("api"), namespace("web")]);
    assert_eq!(all[1].members.iter().map(|m| m.user.as_str()).collect::<Vec<_>>(), ["ann", "ben"]);
    assert_eq!(store.members(web).await.unwrap(), all[1].members);
    assert!(store.members(99).await.unwrap().is_empty());
}

async fn a_teams_name_is_given_once(store: Arc<dyn Store>) {
    add(&*store, "Web", &[]).await;
    assert!(matches!(store.create_team(&team("Web"), &[]).await, Err(StoreError::Exists)));
    let data = add(&*store, "Data", &["mqtt"]).await;
    assert!(matches!(store.update_team(data, None, &state("Web", &[])).await, Err(StoreError::Exists)));
    assert_eq!(store.teams().await.unwrap()[0].namespaces, [namespace("mqtt")], "nothing of it was changed");
    store.update_team(data, None, &state("Data", &["web"])).await.unwrap();
}

async fn a_change_of_a_team_that_was_changed_meanwhile_is_refused(store: Arc<dyn Store>) {
    let seen = state("Data", &["mqtt", "web"]);
    let id = add(&*store, "Data", &["mqtt", "web"]).await;
    let now = state("Data", &["mqtt", "search", "web"]);
    store.update_team(id, Some(&seen), &now).await.unwrap();
    // Another admin has the page from before and only wants to change the name.
    assert!(matches!(store.update_team(id, Some(&seen), &state("Plants", &["mqtt", "web"])).await, Err(StoreError::Changed)));
    let kept = store.teams().await.unwrap().remove(0);
    assert_eq!((kept.name, kept.namespaces), (now.name, now.namespaces));
    assert!(matches!(store.update_team(99, Some(&seen), &seen).await, Err(StoreError::Missing)));
}

async fn a_member_has_one_role_in_a_team(store: Arc<dyn Store>) {
    let (ann, web) = (add_user(&*store, "ann").await, add(&*store, "Web", &["web"]).await);
    for role in [Role::Viewer, Role::Owner] {
        store.set_member(web, ann, Some(role)).await.unwrap();
        let members = store.members(web).await.unwrap();
        assert_eq!(members.iter().map(|m| (m.user_id, m.role)).collect::<Vec<_>>(), [(ann, role)]);
    }
    assert!(matches!(store.set_member(99, ann, Some(Role::Viewer)).await, Err(StoreError::Missing)));
    assert!(matches!(store.set_member(web, 99, Some(Role::Viewer)).await, Err(StoreError::Missing)));
    store.set_member(web, ann, None).await.unwrap();
    assert!(store.members(web).await.unwrap().is_empty());
    assert!(matches!(store.set_member(web, ann, None).await, Err(StoreError::Missing)));
}

async fn a_role_holds_in_all_namespaces_of_its_team(store: Arc<dyn Store>) {
    let (ann, ben) = (add_user(&*store, "ann").await, add_user(&*store, "ben").await);
    let (web, data) = (add(&*store, "Web", &["web", "shared"]).await, add(&*store, "Data", &["shared"]).await);
    add(&*store, "Others", &["others"]).await;
    store.set_member(web, ann, Some(Role::Operator)).await.unwrap();
    store.set_member(data, ann, Some(Role::Viewer)).await.unwrap();
    let role = |of: &str, n: &str, role| (team(of), namespace(n), role);
    let expected = [role("Data", "shared", Role::Viewer), role("Web", "shared", Role::Operator), role("Web", "web", Role::Operator)];
    assert_eq!(store.roles_of(ann).await.unwrap(), expected);
    assert!(store.roles_of(ben).await.unwrap().is_empty());
}

async fn a_team_goes_without_its_people(store: Arc<dyn Store>) {
    let (ann, web) = (add_user(&*store, "ann").await, add(&*store, "Web", &["web"]).await);
    store.set_member(web, ann, Some(Role::Owner)).await.unwrap();
    store.delete_team(web).await.unwrap();
    assert!(store.teams().await.unwrap().is_empty() && store.roles_of(ann).await.unwrap().is_empty());
    assert!(store.user_by_id(ann).await.unwrap().is_some());
    assert!(matches!(store.delete_team(web).await, Err(StoreError::Missing)));
}
