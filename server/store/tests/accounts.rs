//! Signing in, roles and teams, through the service on a real database file.
#![allow(clippy::unwrap_used, clippy::wildcard_enum_match_arm, unreachable_pub, missing_docs)]

mod support;

use domain::account::Role;
use domain::audit::{Act, AuditOutcome, RoleLack, Target};
use domain::english::audit::exported_detail;
use domain::secret::SecretText;
use domain::{Code, Namespace};
use futures::FutureExt as _;
use service::access::Actor;
use service::ports::UserState;
use service::teams::TypedTeam;
use service::{Failure, Settings};
use support::{House, from, house, text};

const GOOD: &str = "four harbour words here";

fn code(failure: &Failure) -> Option<Code> {
    match failure {
        Failure::Told(problem) => Some(problem.code()),
        _ => None,
    }
}

/// Portal admin, and `ilse` with a role in a team of namespace `web`.
struct Team {
    house: House,
    admin: Actor,
    ilse: Actor,
    id: i64,
}

async fn team_with_ilse_as(role: Role) -> Team {
    let house = with_admin().await;
    let origin = from("10.0.0.1");
    let admin = house.admin(&origin, GOOD).await;
    let rights = house.portal.access.admin(&admin).unwrap();
    house.portal.accounts.create(&rights, "ilse", "Ilse", text(GOOD), false).await.unwrap();
    let id = house.portal.teams.create(&rights, TypedTeam { name: "Web", namespaces: "web" }).await.unwrap();
    house.portal.teams.set_member(&house.portal.access.team_owner(&admin, id).await.unwrap(), "ilse", Some(role)).await.unwrap();
    let token = house.portal.sessions.sign_in("ilse", text(GOOD), &origin).await.unwrap().token;
    let ilse = house.portal.authenticator.authenticate(token.expose(), &origin).await.unwrap();
    Team { house, admin, ilse, id }
}

async fn with_admin() -> House {
    let house = house().await;
    house.portal.set_up.ensure_admin(text(GOOD)).await.unwrap();
    house
}

#[tokio::test]
async fn the_set_up_token_works_once() {
    let house = house().await;
    let token = house.portal.set_up.token();
    let wrong = house.portal.set_up.make_first_user("nonsense", "mara", "Mara", text(GOOD), &from("10.0.0.1")).await;
    assert_eq!(wrong.err().and_then(|e| code(&e)), Some(Code::Invalid));
    assert!(house.portal.set_up.make_first_user(&token, "mara", "Mara", text(GOOD), &from("10.0.0.1")).await.unwrap().me.admin);
    assert!(house.portal.set_up.make_first_user(&token, "ilse", "Ilse", text(GOOD), &from("10.0.0.1")).await.is_err());
}

#[tokio::test]
async fn two_racing_set_ups_with_the_right_token_make_one_admin() {
    let house = house().await;
    let token = house.portal.set_up.token();
    let origin = from("10.0.0.1");
    let (a, b) = tokio::join!(
        house.portal.set_up.make_first_user(&token, "mara", "Mara", text(GOOD), &origin),
        house.portal.set_up.make_first_user(&token, "ilse", "Ilse", text(GOOD), &origin)
    );
    assert_eq!(usize::from(a.is_ok()) + usize::from(b.is_ok()), 1);
}

#[tokio::test]
async fn a_weak_password_is_refused_with_what_to_do() {
    let house = house().await;
    for weak in ["short", "admin admin admin", "passwordpassword", "aaaaaaaaaaaaaaaa"] {
        let problem = house.portal.set_up.ensure_admin(text(weak)).await.unwrap_err().problem();
        assert_eq!(problem.fields[0].field, "password", "{weak}: {}", problem.detail);
    }
}

#[tokio::test]
async fn a_session_ends_when_it_is_idle_or_old_or_signed_out() {
    let house = with_admin().await;
    let origin = from("10.0.0.1");
    let token = house.portal.sessions.sign_in("admin", text(GOOD), &origin).await.unwrap().token;
    let actor = house.portal.authenticator.authenticate(token.expose(), &origin).await.unwrap();
    house.portal.sessions.sign_out(&actor).await.unwrap();
    assert_eq!(code(&house.portal.authenticator.authenticate(token.expose(), &origin).await.unwrap_err()), Some(Code::Unauthenticated));

    let idle = house.portal.sessions.sign_in("admin", text(GOOD), &origin).await.unwrap().token;
    house.clock.advance(Settings::default().session_idle_ms + 1);
    assert!(house.portal.authenticator.authenticate(idle.expose(), &origin).await.is_err());

    let old = house.portal.sessions.sign_in("admin", text(GOOD), &origin).await.unwrap().token;
    for _ in 0..Settings::default().session_absolute_ms / 3_600_000 {
        house.clock.advance(3_600_000);
        house.portal.authenticator.authenticate(old.expose(), &origin).await.unwrap();
    }
    house.clock.advance(1);
    assert!(house.portal.authenticator.authenticate(old.expose(), &origin).await.is_err());
}

#[tokio::test]
async fn a_clock_that_is_set_ends_no_session_and_makes_none_longer() {
    const YEAR: i64 = 365 * 86_400_000;
    let house = with_admin().await;
    let origin = from("10.0.0.1");
    let token = house.portal.sessions.sign_in("admin", text(GOOD), &origin).await.unwrap().token;
    let idle = Settings::default().session_idle_ms;
    for set_by in [20 * YEAR, -20 * YEAR, -YEAR, YEAR] {
        house.clock.set_by(set_by);
        house.clock.advance(idle - 1);
        house.portal.authenticator.authenticate(token.expose(), &origin).await.unwrap();
    }
    house.clock.advance(idle + 1);
    assert!(house.portal.authenticator.authenticate(token.expose(), &origin).await.is_err());
}

#[tokio::test]
async fn a_disabled_user_is_signed_out_at_once_and_told_the_same_as_a_wrong_password() {
    let house = with_admin().await;
    let origin = from("10.0.0.1");
    let admin = house.admin(&origin, GOOD).await;
    let user = house.portal.accounts.create(&house.portal.access.admin(&admin).unwrap(), "ilse", "Ilse", text(GOOD), false).await.unwrap();
    let token = house.portal.sessions.sign_in("ilse", text(GOOD), &origin).await.unwrap().token;
    let ilse = house.portal.authenticator.authenticate(token.expose(), &origin).await.unwrap();
    let (mut changes, mut others) = (house.portal.access_changes.of(&ilse), house.portal.access_changes.of(&admin));
    house
        .portal
        .accounts
        .update(&house.portal.access.admin(&admin).unwrap(), user.id, None, UserState { display: "Ilse".into(), admin: false, disabled: true })
        .await
        .unwrap();
    assert_eq!(changes.changed().now_or_never(), Some(true), "open sockets look again");
    assert_eq!(others.changed().now_or_never(), None, "and those of others do not");
    assert!(house.portal.authenticator.authenticate(token.expose(), &origin).await.is_err());
    let disabled = house.portal.sessions.sign_in("ilse", text(GOOD), &origin).await.err().unwrap().to_string();
    let unknown = house.portal.sessions.sign_in("nobody", text(GOOD), &origin).await.err().unwrap().to_string();
    assert_eq!(disabled, unknown);
}

#[tokio::test]
async fn a_disabled_user_is_out_also_when_the_portal_is_killed_before_it_ends_the_sessions() {
    let house = with_admin().await;
    let origin = from("10.0.0.1");
    let admin = house.admin(&origin, GOOD).await;
    let user = house.portal.accounts.create(&house.portal.access.admin(&admin).unwrap(), "ilse", "Ilse", text(GOOD), false).await.unwrap();
    let token = house.portal.sessions.sign_in("ilse", text(GOOD), &origin).await.unwrap().token;
    house.disable_only(user.id).await;
    let house = house.restarted().await;
    assert!(house.portal.authenticator.authenticate(token.expose(), &origin).await.is_err());
}

#[tokio::test]
async fn a_new_password_ends_the_other_sessions() {
    let house = with_admin().await;
    let origin = from("10.0.0.1");
    let other = house.portal.sessions.sign_in("admin", text(GOOD), &origin).await.unwrap().token;
    let here = house.admin(&origin, GOOD).await;
    let wrong = house.portal.accounts.change_password(&here, text("not this one"), text("another fine phrase")).await;
    assert_eq!(wrong.unwrap_err().problem().fields[0].field, "current");
    house.portal.accounts.change_password(&here, text(GOOD), text("another fine phrase")).await.unwrap();
    assert!(house.portal.authenticator.authenticate(other.expose(), &origin).await.is_err());
    assert!(house.portal.authenticator.recheck(&here).await.is_ok());
}

#[tokio::test]
async fn strangers_cannot_lock_out_somebody_who_signs_in_from_home() {
    let house = with_admin().await;
    let home = from("10.0.0.1");
    house.admin(&home, GOOD).await;
    for n in 0..80 {
        let _refused = house.portal.sessions.sign_in("admin", text("guess"), &from(&format!("10.9.{n}.1"))).await;
    }
    house.admin(&home, GOOD).await;
}

#[tokio::test]
async fn guessing_gets_slower_and_a_restart_does_not_help() {
    let house = with_admin().await;
    let origin = from("10.0.0.9");
    for _ in 0..6 {
        let _refused = house.portal.sessions.sign_in("admin", text("guess"), &origin).await;
    }
    let house = house.restarted().await;
    let problem = house.portal.sessions.sign_in("admin", text(GOOD), &origin).await.err().unwrap().problem();
    assert_eq!(problem.code, Code::TooMany);
    let wait = i64::from(problem.retry_after_s.unwrap());
    house.clock.advance(wait * 1000);
    assert!(house.portal.sessions.sign_in("admin", text(GOOD), &origin).await.is_ok(), "nobody is locked out for good");
}

#[tokio::test]
async fn a_changed_cost_is_taken_up_at_the_next_sign_in() {
    let house = with_admin().await;
    let origin = from("10.0.0.1");
    let before = house.phc("admin").await;
    let house = house.restarted_with(|settings| settings.argon2_passes += 1).await;
    house.admin(&origin, GOOD).await;
    let after = house.phc("admin").await;
    assert_ne!(before, after);
    assert!(after.contains("t=2"), "{after}");
    house.admin(&origin, GOOD).await;
    assert_eq!(house.phc("admin").await, after);
}

#[tokio::test]
async fn a_role_holds_in_the_namespaces_of_its_team_and_nowhere_else() {
    let Team { house, admin, ilse, id: team } = team_with_ilse_as(Role::Viewer).await;
    let (web, data) = (Namespace::parse("web").unwrap(), Namespace::parse("data").unwrap());
    assert!(house.portal.access.viewer(&ilse, &web).is_ok());
    assert!(house.portal.access.operator(&ilse, &web).unwrap_err().to_string().contains("viewer"));
    assert_eq!(code(&house.portal.access.viewer(&ilse, &data).unwrap_err()), Some(Code::Forbidden));
    assert!(house.portal.access.admin(&ilse).is_err());
    assert!(house.portal.access.team_owner(&ilse, team).await.is_err());

    house.portal.teams.set_member(&house.portal.access.team_owner(&admin, team).await.unwrap(), "ilse", None).await.unwrap();
    let ilse = house.portal.authenticator.recheck(&ilse).await.unwrap();
    assert!(house.portal.access.viewer(&ilse, &web).is_err(), "a revoked role is gone at the next look");
}

#[tokio::test]
async fn changes_and_refusals_are_in_the_audit_table_without_any_password() {
    let house = with_admin().await;
    let origin = from("10.0.0.1");
    let admin = house.admin(&origin, GOOD).await;
    let rights = house.portal.access.admin(&admin).unwrap();
    house.portal.accounts.create(&rights, "ilse", "Ilse", text("canary canary phrase 17"), false).await.unwrap();
    let _refused = house.portal.sessions.sign_in("ilse", text("canary guess"), &origin).await;
    house.settled().await;
    let rows = house.portal.audit.rows(&rights, None, "").await.unwrap();
    let told = rows.iter().map(|r| format!("{} {} {} {}", r.action, r.target, r.outcome.slug(), exported_detail(r))).collect::<Vec<_>>().join("\n");
    for expected in ["user.create ilse done", "session.refused ilse refused"] {
        assert!(told.contains(expected), "{expected} is missing in\n{told}");
    }
    assert!(!told.contains("intent"), "what has ended is one row:\n{told}");
    assert!(!told.contains("canary"));
}

#[tokio::test]
async fn a_kilobyte_is_a_password_and_more_is_not() {
    let house = with_admin().await;
    let origin = from("10.0.0.1");
    let admin = house.admin(&origin, GOOD).await;
    let long: String = ('a'..='z').cycle().take(1024).collect();
    house.portal.accounts.create(&house.portal.access.admin(&admin).unwrap(), "ilse", "", SecretText::new(long.clone()), false).await.unwrap();
    assert!(house.portal.sessions.sign_in("ilse", SecretText::new(long.clone()), &origin).await.is_ok());
    let refused = house.portal.accounts.create(&house.portal.access.admin(&admin).unwrap(), "jonas", "", SecretText::new(long + "x"), false).await;
    assert!(refused.unwrap_err().to_string().contains("1024 bytes"));
}

#[tokio::test]
async fn guesses_at_the_same_moment_count_one_by_one() {
    let house = with_admin().await;
    let origin = from("10.77.0.1");
    let mut guesses = Vec::new();
    for _ in 0..40 {
        let (portal, origin) = (house.portal.clone(), origin.clone());
        guesses.push(tokio::spawn(async move { portal.sessions.sign_in("admin", text("guess"), &origin).await.err().and_then(|e| code(&e)) }));
    }
    let mut looked_at = 0;
    for guess in guesses {
        looked_at += usize::from(guess.await.unwrap() == Some(Code::WrongCredentials));
    }
    assert!(looked_at <= 6, "{looked_at} of 40 guesses were looked at");
}

#[tokio::test]
async fn home_is_remembered_after_a_sign_out() {
    let house = with_admin().await;
    let home = from("10.0.0.1");
    let actor = house.admin(&home, GOOD).await;
    house.portal.sessions.sign_out(&actor).await.unwrap();
    for n in 0..80 {
        let _refused = house.portal.sessions.sign_in("admin", text("guess"), &from(&format!("10.9.{n}.1"))).await;
    }
    house.admin(&home, GOOD).await;
}

#[tokio::test]
async fn made_up_names_cannot_lock_a_real_user_out() {
    let house = with_admin().await;
    let home = from("10.0.0.1");
    house.admin(&home, GOOD).await;
    for n in 0..60 {
        let _refused = house.portal.sessions.sign_in(&format!("made-up-{n}"), text("guess"), &home).await;
    }
    house.admin(&home, GOOD).await;
}

#[tokio::test]
async fn strangers_cannot_keep_the_right_set_up_token_out() {
    let house = house().await;
    let token = house.portal.set_up.token();
    for n in 0..60 {
        let _refused = house.portal.set_up.make_first_user("guess", "mara", "Mara", text(GOOD), &from(&format!("10.9.{n}.1"))).await;
    }
    assert!(house.portal.set_up.make_first_user(&token, "mara", "Mara", text(GOOD), &from("10.0.0.1")).await.is_ok());
}

fn in_namespace(name: &str) -> Target {
    Target::Namespace { namespace: Namespace::parse(name).unwrap(), request: None }
}

#[tokio::test]
async fn a_refusal_that_goes_on_is_recorded_once_a_minute() {
    let house = with_admin().await;
    let origin = from("10.0.0.1");
    for _ in 0..9 {
        house.portal.audit.refused("ilse", &origin, Act::NeedsNamespace(RoleLack::NoAccess), in_namespace("data"));
        house.clock.advance(20_000);
    }
    assert_eq!(house.refusals("namespace.role").await, 3);
}

#[tokio::test]
async fn one_persons_flood_of_refusals_hides_nobody_elses() {
    let house = with_admin().await;
    let origin = from("10.0.0.1");
    for n in 0..5_000 {
        house.portal.audit.refused("ilse", &origin, Act::NeedsNamespace(RoleLack::NoAccess), in_namespace(&format!("made-up-{n}")));
    }
    assert!(house.refusals("namespace.role").await <= 65, "{}", house.refusals("namespace.role").await);
    house.portal.audit.refused("jonas", &origin, Act::NeedsPortalAdmin, Target::Portal);
    assert_eq!(house.refusals("portal.admin").await, 1);
}

#[tokio::test]
async fn a_password_typed_as_the_name_is_not_written_down() {
    let house = with_admin().await;
    let origin = from("10.0.0.1");
    let _refused = house.portal.sessions.sign_in("my-canary-phrase", text("admin"), &origin).await;
    let admin = house.admin(&origin, GOOD).await;
    house.settled().await;
    let rows = house.portal.audit.rows(&house.portal.access.admin(&admin).unwrap(), None, "").await.unwrap();
    assert!(rows.iter().any(|r| r.action == "session.refused"));
    assert!(rows.iter().all(|r| !format!("{r:?}").contains("canary")));
}

#[tokio::test]
async fn the_second_of_two_set_ups_is_told_to_sign_in() {
    let house = house().await;
    let token = house.portal.set_up.token();
    let origin = from("10.0.0.1");
    let (a, b) = tokio::join!(
        house.portal.set_up.make_first_user(&token, "mara", "Mara", text(GOOD), &origin),
        house.portal.set_up.make_first_user(&token, "ilse", "Ilse", text(GOOD), &origin)
    );
    let late = a.err().or(b.err()).unwrap().problem();
    assert!(late.detail.contains("sign in") || late.detail.contains("Sign in"), "{}", late.detail);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_session_of_the_old_password_outlives_its_change() {
    for _ in 0..12 {
        let house = with_admin().await;
        let here = house.admin(&from("10.0.0.1"), GOOD).await;
        let mut racing = Vec::new();
        for n in 0..8 {
            let (portal, origin) = (house.portal.clone(), from(&format!("10.0.1.{n}")));
            racing.push(tokio::spawn(async move { portal.sessions.sign_in("admin", text(GOOD), &origin).await.map(|s| s.token).ok() }));
        }
        house.portal.accounts.change_password(&here, text(GOOD), text("another fine phrase")).await.unwrap();
        for sign_in in racing {
            if let Some(token) = sign_in.await.unwrap() {
                assert!(house.portal.authenticator.authenticate(token.expose(), &from("10.0.0.1")).await.is_err());
            }
        }
        assert!(house.portal.authenticator.recheck(&here).await.is_ok());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn taking_up_a_new_cost_never_brings_the_old_password_back() {
    for _ in 0..12 {
        let house = with_admin().await.restarted_with(|settings| settings.argon2_passes += 1).await;
        let here = house.admin(&from("10.0.0.1"), GOOD).await;
        // The first sign-in took the new cost up; go back to the old one, so that the next sign-ins do it again.
        let house = house.restarted().await;
        let here = house.portal.authenticator.recheck(&here).await.unwrap();
        let (portal, origin) = (house.portal.clone(), from("10.0.0.2"));
        let old = tokio::spawn(async move { portal.sessions.sign_in("admin", text(GOOD), &origin).await.is_ok() });
        // Where the sign-in comes first, the change is refused and made again, as a person would.
        if house.portal.accounts.change_password(&here, text(GOOD), text("another fine phrase")).await.is_err() {
            house.portal.accounts.change_password(&here, text(GOOD), text("another fine phrase")).await.unwrap();
        }
        let _either = old.await.unwrap();
        assert!(house.portal.sessions.sign_in("admin", text("another fine phrase"), &from("10.0.0.3")).await.is_ok());
        assert!(house.portal.sessions.sign_in("admin", text(GOOD), &from("10.0.0.3")).await.is_err());
    }
}

#[tokio::test]
async fn guessing_the_current_password_in_a_stolen_session_gets_slower_too() {
    let house = with_admin().await;
    let here = house.admin(&from("10.0.0.1"), GOOD).await;
    for _ in 0..6 {
        let _refused = house.portal.accounts.change_password(&here, text("guess"), text("another fine phrase")).await;
    }
    let refused = house.portal.accounts.change_password(&here, text(GOOD), text("another fine phrase")).await.unwrap_err();
    assert_eq!(code(&refused), Some(Code::TooMany));
}

#[tokio::test]
async fn signing_out_twice_is_no_error() {
    let house = with_admin().await;
    let here = house.admin(&from("10.0.0.1"), GOOD).await;
    house.portal.sessions.sign_out(&here).await.unwrap();
    house.portal.sessions.sign_out(&here).await.unwrap();
}

#[tokio::test]
async fn the_last_owner_may_leave_a_team_and_the_audit_table_names_it() {
    let Team { house, admin, ilse, id: team } = team_with_ilse_as(Role::Owner).await;
    let rights = house.portal.access.admin(&admin).unwrap();
    house.portal.teams.set_member(&house.portal.access.team_owner(&ilse, team).await.unwrap(), "ilse", None).await.unwrap();
    house.portal.teams.delete(&rights, team).await.unwrap();
    let rows = house.portal.audit.rows(&rights, None, "team.").await.unwrap();
    assert!(rows.iter().any(|r| r.action == "team.member" && r.target == "Web: ilse" && r.actor == "ilse"));
    assert!(rows.iter().any(|r| r.action == "team.delete" && r.target == "Web" && r.outcome == AuditOutcome::Done));
}

#[tokio::test]
async fn looks_of_the_portals_own_do_not_keep_a_session_alive_and_what_the_person_does_does() {
    let house = house().await;
    house.portal.set_up.ensure_admin(text(GOOD)).await.unwrap();
    let origin = from("10.0.0.1");
    let idle = Settings::default().session_idle_ms;
    let (left, busy) = (house.admin(&origin, GOOD).await, house.admin(&origin, GOOD).await);
    for _ in 0..3 {
        house.clock.advance(idle / 2 - 1);
        assert!(house.portal.authenticator.note_use(&busy).await.is_ok());
        let _looked = house.portal.authenticator.recheck(&left).await;
    }
    assert!(house.portal.authenticator.recheck(&left).await.is_err(), "nobody has used this page for longer than the limit");
    assert!(house.portal.authenticator.recheck(&busy).await.is_ok());
}

#[tokio::test]
async fn known_and_unknown_users_take_the_same_path() {
    let house = house().await;
    house.portal.set_up.ensure_admin(text("four harbour words here")).await.unwrap();
    let _warm = house.portal.sessions.sign_in("admin", text("a wrong phrase"), &from("10.0.0.1")).await;
    let mut costs = Vec::new();
    for name in ["admin", "nobody", "not a name at all", "ADMIN", ""] {
        let before = house.portal.passwords.hashes_computed();
        let answer = house.portal.sessions.sign_in(name, text("a wrong phrase"), &from("10.0.0.2")).await;
        costs.push((house.portal.passwords.hashes_computed() - before, answer.err().unwrap().to_string()));
    }
    assert!(costs.iter().all(|cost| *cost == costs[0]), "{costs:?}");
    assert_eq!(costs[0].0, 1);
}
