//! Users, for portal admins.

use crate::icons::icon;
use crate::links::Links;
use crate::page::{Frame, Refused};
use crate::parts::{Act, Again, To, act_open, ago, checkbox, confirm, count, done, refusal, text_field};
use domain::account::{Team, User};
use leptos::prelude::*;

/// The page: all users, and a form for a new one.
pub(super) fn view(frame: &Frame, users: &[User], teams: &[Team], said: Option<&String>, refused: Option<&Refused>) -> AnyView {
    let new = Again::of(refused, "new");
    let rows = users.iter().map(|u| row(frame, u, teams, refused)).collect_view();
    view! {
        <div class="wrap grid gap-4"><div class="head"><h1 class="h1">"Users"</h1><span class="muted">{count(users.len(), "user")}</span></div>
            {done(said)}{refusal(refused)}
            <div class="two-col">
                <div class="panel"><table class="tbl people" role="table"><thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader">"Name"</th><th scope="col" role="columnheader" class="w-48">"Access"</th><th scope="col" role="columnheader" class="w-28">"Last sign-in"</th><th scope="col" role="columnheader" class="num w-56"><span class="sr-only">"Actions"</span></th></tr></thead><tbody role="rowgroup">{rows}</tbody></table></div>
                <section class="panel" aria-labelledby="nu-h"><div class="panel-head"><h2 class="h3" id="nu-h">"New user"</h2></div>
                    <form class="panel-body grid gap-3" method="post" action=frame.links().to("/users/create") novalidate>
                        {text_field(&new.field("name", "Username").help("Used to sign in, such as mara.okafor."), "text", "", &new.text("name", ""), "off")}
                        {text_field(&new.field("display", "Name").help("Shown to others, such as Mara Okafor.").optional(), "text", "", &new.text("display", ""), "off")}
                        {text_field(&new.field("password", "Initial password").help("At least 12 characters. Ask them to change it after signing in."), "password", "", "", "new-password")}
                        {checkbox("admin", "Portal admin: manages users and teams, sees every namespace", new.ticked("admin", false))}
                        <p><button class="btn btn-primary" type="submit">{icon("plus")}"Create user"</button></p>
                    </form></section>
            </div>
        </div>
    }
    .into_any()
}

fn in_teams(links: &Links, u: &User, teams: &[Team]) -> AnyView {
    let of = teams.iter().filter_map(|t| Some((t, t.members.iter().find(|m| m.user_id == u.id)?.role)));
    let list = of
        .map(|(t, role)| view! { <a class="tag" href=links.to(&format!("/teams#t-{}", t.id))>{format!("{}, {}", t.name, role.slug())}</a>" " })
        .collect::<Vec<_>>();
    if list.is_empty() { view! { <span class="soft">"No team"</span> }.into_any() } else { view! { <span class="tags">{list}</span> }.into_any() }
}

fn row(frame: &Frame, u: &User, teams: &[Team], refused: Option<&Refused>) -> impl IntoView + use<> {
    let links = frame.links();
    let may = match (u.disabled, u.admin) {
        (true, _) => view! { <span class="tag">"Disabled"</span> }.into_any(),
        (_, true) => view! { <span class="tag">{icon("shield")}"Portal admin"</span> }.into_any(),
        _ => in_teams(&links, u, teams),
    };
    let name = u.name.to_string();
    let (change, fresh) = (Again::of(refused, u.id.to_string()), Again::of(refused, format!("{}-password", u.id)));
    let edit = view! {
        <input type="hidden" name="was_display" value=u.display.clone()/><input type="hidden" name="was_admin" value=u.admin.to_string()/><input type="hidden" name="was_disabled" value=u.disabled.to_string()/>
        {text_field(&change.field("display", "Name"), "text", "", &change.text("display", &u.display), "off")}
        {checkbox("admin", "Portal admin", change.ticked("admin", u.admin))}{checkbox("disabled", "Disabled: can't sign in, open sessions end", change.ticked("disabled", u.disabled))}
    };
    let password = text_field(
        &fresh.field("password", "New password").help("At least 12 characters. Signs out all of this user's sessions."),
        "password",
        "",
        "",
        "new-password",
    );
    let edit = act_open(
        &Act { mark: "pencil", label: "Edit".into(), class: "btn-sm", refused: None },
        change.open(),
        confirm(links.to(&format!("/users/{}", u.id)), To::Page, format!("Edit {name}"), edit, "Save", false),
    );
    let password = act_open(
        &Act { mark: "key-round", label: "Password".into(), class: "btn-sm", refused: None },
        fresh.open(),
        confirm(links.to(&format!("/users/{}/password", u.id)), To::Page, format!("New password for {name}"), password, "Set password", false),
    );
    view! {
        <tr role="row">
            <th scope="row" role="rowheader" class="pe-name wrap-any"><b class="font-medium">{u.display.clone()}</b>" "<span class="mono text-xs muted">{name}</span></th>
            <td role="cell" class="pe-may">{may}</td>
            <td role="cell" class="pe-seen soft">{u.last_seen.map(|at| ago(at, frame.now))}{u.last_seen.is_none().then_some("never")}</td>
            <td role="cell" class="pe-do num act-cell"><span class="row-end">{edit}{password}</span></td>
        </tr>
    }
}
