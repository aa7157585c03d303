//! Teams: their namespaces and members.

use crate::icons::{glyph, icon};
use crate::links::Links;
use crate::page::{Frame, Refused};
use crate::parts::{Act, Again, To, act, act_open, as_text, confirm, count, done, empty, refusal, text_field};
use domain::Namespace;
use domain::account::{Member, Role, Team, User};
use leptos::prelude::*;

/// What there is beside the teams.
#[derive(Clone, Copy)]
pub(super) struct Around<'a> {
    /// All users, for choosing members.
    pub(super) users: &'a [User],
    /// Namespaces of the cluster, for choosing.
    pub(super) namespaces: &'a [Namespace],
    /// Namespaces of the teams that the portal does not see.
    pub(super) unseen: &'a [Namespace],
}

/// The page: all teams for portal admins, one's own for others.
pub(super) fn view(frame: &Frame, teams: &[Team], around: Around<'_>, said: Option<&String>, refused: Option<&Refused>) -> AnyView {
    let admin = frame.me.as_ref().is_some_and(|m| m.admin);
    let list = around.users.iter().map(|u| view! { <option value=u.name.to_string()>{u.display.clone()}</option> }).collect_view();
    let panels = teams.iter().map(|t| panel(frame, t, admin, around, refused)).collect_view();
    let none = teams.is_empty().then(|| {
        let text = if admin {
            "A team gives people a role in a set of namespaces. Create the first one here."
        } else {
            "You aren't on a team yet. Ask a portal admin to add you."
        };
        empty("users", "No teams yet", text, ())
    });
    let new = admin.then(|| {
        let again = Again::of(refused, "new");
        view! {
            <section class="panel" aria-labelledby="nt-h"><div class="panel-head"><h2 class="h3" id="nt-h">"New team"</h2></div>
                <form class="panel-body grid gap-3" method="post" action=frame.links().to("/teams/create") novalidate>
                    {text_field(&again.field("name", "Name").help("Such as Data platform."), "text", "", &again.text("name", ""), "off")}
                    {spaces_field(&again, &[], around.namespaces)}
                    <p><button class="btn btn-primary" type="submit">{icon("plus")}"Create team"</button></p>
                </form></section>
        }
    });
    view! {
        <div class="wrap grid gap-4"><div class="head"><h1 class="h1">"Teams"</h1><span class="muted">{count(teams.len(), "team")}</span></div>
            {done(said)}{refusal(refused)}
            {what_roles_may()}
            <datalist id="people">{list}</datalist>
            <div class="two-col"><div class="grid gap-4 content-start min-w-0">{none}{panels}</div>{new}</div>
        </div>
    }
    .into_any()
}

fn what_roles_may() -> impl IntoView {
    view! {
        <dl class="kv text-xs roles"><dt>"viewer"</dt><dd>"Sees apps, logs, charts, and the names of secrets"</dd><dt>"operator"</dt><dd>"Also creates, restarts, scales, rolls back, and deletes apps, and writes secrets"</dd><dt>"owner"</dt><dd>"Also adds and removes members, and sees the team's activity"</dd></dl>
    }
}

/// Namespaces of the cluster that are named; of more only the number.
const NAMED: usize = 8;

/// Namespaces that can be picked with a click.
const PICKED: usize = 60;

fn joined(names: &[Namespace], between: &str) -> String {
    names.iter().map(ToString::to_string).collect::<Vec<_>>().join(between)
}

fn spaced(names: &[Namespace]) -> String {
    joined(names, " ")
}

fn spaces_field(again: &Again<'_>, now: &[Namespace], all: &[Namespace]) -> impl IntoView + use<> {
    let known = match all.len().saturating_sub(NAMED) {
        // Nobody has a cluster without namespaces: the portal may not list them.
        _ if all.is_empty() => " The portal can't see any namespaces now, so these names aren't checked.".to_owned(),
        // It takes as many words to say that there is one more as to name it.
        0 | 1 => format!(" The cluster has: {}.", joined(all, ", ")),
        more => format!(" The cluster has: {} and {more} more.", joined(&all[..NAMED], ", ")),
    };
    let f = again.field("namespaces", "Namespaces").help(format!("Separate names with spaces.{known}"));
    let text = again.text("namespaces", &spaced(now));
    let control = view! { <textarea class="in in-mono" rows="2" id=f.id() name="namespaces" spellcheck="false" aria-invalid=f.invalid() aria-describedby=f.described_by() autofocus=f.first inner_html=as_text(&text)></textarea> };
    let chosen: Vec<&str> = text.split_whitespace().collect();
    let pick = all.iter().take(PICKED).map(|n| {
        let pressed = if chosen.contains(&n.as_str()) { "true" } else { "false" };
        view! { <button class="tag tag-mono pick" type="button" data-word=n.to_string() data-into=f.id() aria-pressed=pressed>{n.to_string()}</button> }
    });
    let pick = view! { <div class="tags js" role="group" aria-label="Namespaces in the cluster">{pick.collect_view()}</div> };
    view! { {crate::parts::field(&f, control)}{pick} }
}

fn panel(frame: &Frame, t: &Team, admin: bool, around: Around<'_>, refused: Option<&Refused>) -> impl IntoView + use<> {
    let links = frame.links();
    let id = format!("t-{}", t.id);
    let owner = admin || frame.me.as_ref().is_some_and(|me| t.members.iter().any(|m| m.user_id == me.user_id && m.role == Role::Owner));
    let spaces = t.namespaces.iter().map(|n| space(&links, n, around.unseen.contains(n))).collect_view();
    let missing = not_seen(t, around.unseen, admin);
    let no_spaces = t.namespaces.is_empty().then_some("No namespaces yet");
    let members = t.members.iter().map(|m| member(frame, t, m, owner)).collect_view();
    let edit = admin.then(|| {
        let again = Again::of(refused, t.id.to_string());
        let body = view! {
            <input type="hidden" name="was_name" value=t.name.to_string()/><input type="hidden" name="was_namespaces" value=spaced(&t.namespaces)/>
            {text_field(&again.field("name", "Name"), "text", "", &again.text("name", t.name.as_str()), "off")}
            {spaces_field(&again, &t.namespaces, around.namespaces)}
        };
        let edit = act_open(
            &Act { mark: "pencil", label: "Edit".into(), class: "btn-sm", refused: None },
            again.open(),
            confirm(links.to(&format!("/teams/{}", t.id)), To::Page, format!("Edit {}", t.name), body, "Save", false),
        );
        let text = match t.members.len() {
            0 => "It has no members. Apps and secrets stay.".to_owned(),
            1 => "1 person loses access through this team. Apps and secrets stay.".to_owned(),
            n => format!("{n} people lose access through this team. Apps and secrets stay."),
        };
        let text = view! { <p class="soft">{text}</p> };
        let delete = act(
            &Act { mark: "trash-2", label: "Delete…".into(), class: "btn-sm btn-danger", refused: None },
            confirm(links.to(&format!("/teams/{}/delete", t.id)), To::Page, format!("Delete {}?", t.name), text, format!("Delete {}", t.name), true),
        );
        view! { {edit}{delete} }
    });
    let activity = owner.then(|| view! { <a class="btn btn-sm" href=links.to(&format!("/teams/{}/activity", t.id))>{icon("history")}"Activity"</a> });
    let add = owner.then(|| add(frame, t, refused));
    view! {
        <section class="panel" aria-labelledby=id.clone()><div class="panel-head"><h2 class="h3" id=id.clone()>{t.name.to_string()}</h2><span class="push row-end">{activity}{edit}</span></div>
            <div class="panel-body"><p class="tags">{spaces}<span class="muted">{no_spaces}</span></p>{missing}</div><ul class="rows lined">{members}{add}</ul></section>
    }
}

fn space(links: &Links, namespace: &Namespace, unseen: bool) -> impl IntoView + use<> {
    let href = links.to(&format!("/apps/{namespace}"));
    let mark = unseen.then(|| view! { <span class="c-warn">{glyph("degraded")}</span><span class="sr-only">" (not found)"</span> });
    view! { <a class="tag tag-mono" href=href>{namespace.to_string()}{mark}</a>" " }
}

/// A namespace may be given before it is made, so it is no error, but it stays marked until it is there.
fn not_seen(t: &Team, unseen: &[Namespace], admin: bool) -> Option<impl IntoView + use<>> {
    let names: Vec<_> = t.namespaces.iter().filter(|n| unseen.contains(n)).map(ToString::to_string).collect();
    let (subject, name, them) = match names.as_slice() {
        [] => return None,
        [one] => (format!("namespace {one}. It doesn't exist"), "name", "it"),
        _ => (format!("namespaces {}. They don't exist", names.join(", ")), "names", "them"),
    };
    let way_out = if admin { format!("Correct the {name} with Edit, or create {them}.") } else { format!("A portal admin can correct the {name}.") };
    let sentence = format!("Can't see {subject}, or QUAYSIDE_NAMESPACES leaves {them} out. {way_out}");
    Some(view! { <p class="mt-2 text-xs c-warn" data-unseen="">{sentence}</p> })
}

fn roles(chosen: Option<Role>) -> impl IntoView {
    Role::ALL.into_iter().map(|r| view! { <option value=r.slug() selected={chosen == Some(r)}>{r.slug()}</option> }).collect_view()
}

fn member(frame: &Frame, t: &Team, m: &Member, owner: bool) -> impl IntoView + use<> {
    let action = frame.links().to(&format!("/teams/{}/member", t.id));
    let user = m.user.to_string();
    let right = if owner {
        view! {
            <form class="row-end" method="post" action=action.clone() data-saves=""><input type="hidden" name="user" value=user.clone()/><select class="in in-sm w-auto" name="role" aria-label=format!("Role of {}", m.display)>{roles(Some(m.role))}</select><button class="btn btn-sm" type="submit" aria-label=format!("Save the role of {}", m.display)>"Save"</button></form>
            <form method="post" action=action><input type="hidden" name="user" value=user.clone()/><input type="hidden" name="role" value="none"/><button class="btn btn-sm btn-danger" type="submit" aria-label=format!("Remove {} from {}", m.display, t.name)>"Remove"</button></form>
        }.into_any()
    } else {
        view! { <span class="tag">{m.role.slug()}</span> }.into_any()
    };
    view! { <li class="items-center"><span class="flex-1 min-w-0">{m.display.clone()}" "<span class="mono text-xs muted">{user}</span></span>{right}</li> }
}

fn add(frame: &Frame, t: &Team, refused: Option<&Refused>) -> impl IntoView + use<> {
    let again = Again::of(refused, format!("{}-member", t.id));
    let f = again.field("user", "");
    let error = f.error.clone().map(|e| view! { <p class="err" id=format!("{}-e", f.id())>{glyph("failing")}<span>{e}</span></p> });
    view! {
        <li><form class="flex-1 grid gap-1" method="post" action=frame.links().to(&format!("/teams/{}/member", t.id)) novalidate><div class="row-end">
            <label class="sr-only" for=f.id()>{format!("Username of a new member of {}", t.name)}</label><input class="in in-sm" id=f.id() name="user" value=again.text("user", "") list="people" placeholder="Username" autocomplete="off" autocapitalize="none" aria-invalid=f.invalid() aria-describedby=f.described_by() required autofocus=f.first/>
            <select class="in in-sm w-auto" name="role" aria-label="Role">{roles(Role::from_slug(&again.text("role", "")))}</select><button class="btn btn-sm" type="submit">{icon("plus")}"Add member"</button></div>{error}
        </form></li>
    }
}
