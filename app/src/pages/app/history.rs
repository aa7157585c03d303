//! Revisions, what rolling back would change, and the button for it.

use crate::icons::icon;
use crate::page::Frame;
use crate::parts::{Act, To, act, ago, confirm, empty, image};
use domain::Action;
use domain::view::{AppDetail, DiffLine, Revision};
use leptos::prelude::*;

/// The list, with the difference above it where one was asked for.
pub(super) fn view(frame: &Frame, d: &AppDetail, revisions: &[Revision], difference: Option<&(u64, Vec<DiffLine>)>) -> AnyView {
    if revisions.is_empty() {
        return view! { <div class="mt-4">{empty("history", "No revisions", "This kind of app has no revisions to roll back to.", ())}</div> }.into_any();
    }
    let rows = revisions.iter().map(|r| row(frame, d, r)).collect_view();
    view! {
        <div class="grid gap-4 mt-4" data-revision=d.revision.map(|n| n.to_string())>{difference.map(|(n, lines)| diff(frame, d, *n, lines))}
            <div class="panel"><table class="tbl hist" role="table" aria-label="Revisions"><thead role="rowgroup"><tr role="row">{head("w-28", "Revision")}{head("w-32", "Created")}{head("", "Images")}{head("", "Cause")}<th scope="col" role="columnheader" class="num w-64"><span class="sr-only">"Actions"</span></th></tr></thead><tbody role="rowgroup">{rows}</tbody></table></div>
        </div>
    }
    .into_any()
}

fn head(class: &'static str, text: &'static str) -> impl IntoView {
    view! { <th scope="col" role="columnheader" class=class>{text}</th> }
}

fn row(frame: &Frame, d: &AppDetail, r: &Revision) -> impl IntoView + use<> {
    let images = r.images.iter().map(|i| view! { {image(i)}" " }).collect_view();
    let acts = if r.current {
        view! { <span class="tag">"Current"</span> }.into_any()
    } else {
        let href = frame.links().to(&format!("{}/history?diff={}", d.row.id.path(), r.number));
        view! { <span class="row-end"><a class="btn btn-sm" href=href aria-label=format!("Difference to revision {}", r.number)>"Difference"</a>{back(frame, d, r.number, "btn-sm")}</span> }.into_any()
    };
    let made = r.created.map_or_else(|| "–".into_any(), |at| ago(at, frame.now).into_any());
    let cause = r.cause.clone().unwrap_or_else(|| "–".to_owned());
    view! {
        <tr role="row">
            <th scope="row" role="rowheader" class="h-n"><span class="card-only">"Revision "</span><b class="font-medium">{r.number}</b></th>
            <td role="cell" class="h-t soft">{made}</td><td role="cell" class="h-i">{images}</td>
            <td role="cell" class="h-c soft wrap-any">{cause}</td><td role="cell" class="num act-cell">{acts}</td>
        </tr>
    }
}

fn back(frame: &Frame, d: &AppDetail, number: u64, class: &'static str) -> AnyView {
    let refused = d.actions.get(&Action::RollBack).cloned().unwrap_or_else(|| Some("This kind of app can't be rolled back.".to_owned()));
    let id = &d.row.id;
    let body = view! { <p class="soft">{format!("{} gets the pod template of revision {number} as a new revision.", id.name)}</p><input type="hidden" name="revision" value=number.to_string() data-number=""/> };
    let slug = Action::RollBack.slug();
    let form = confirm(
        frame.links().to(&format!("{}/{slug}", id.path())),
        To::Api(format!("{}/{slug}", id.api_path()), format!("Rolled back {} to revision {number}", id.name)),
        format!("Roll back to revision {number}?"),
        body,
        "Roll back",
        false,
    );
    act(&Act { mark: "undo-2", label: "Roll back".to_owned(), class, refused }, form)
}

fn diff(frame: &Frame, d: &AppDetail, number: u64, lines: &[DiffLine]) -> impl IntoView + use<> {
    let same = lines.iter().all(|l| l.sign == ' ');
    let rows = lines
        .iter()
        .map(|l| {
            let class = match l.sign {
                '+' => "dl dl-add",
                '-' => "dl dl-del",
                _ => "dl",
            };
            view! { <span class=class>{format!("{} {}\n", l.sign, l.text)}</span> }
        })
        .collect_view();
    let none = same.then(|| view! { <p class="panel-body soft">"Both revisions have the same pod template."</p> });
    view! {
        <section class="panel" aria-labelledby="diff-h"><div class="panel-head"><h2 class="h3" id="diff-h">{format!("Changes if you roll back to revision {number}")}</h2><span class="push row-end">{back(frame, d, number, "btn-sm")}<a class="btn btn-sm btn-ghost" href=frame.links().to(&format!("{}/history", d.row.id.path()))>{icon("x")}"Close"</a></span></div>
            {none}<div class="code diff"><pre tabindex="0" aria-label="Difference: + lines would be added, - lines removed">{rows}</pre></div></section>
    }
}
