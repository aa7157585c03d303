//! Revisions, what rolling back would change, and the button for it.

use crate::icons::icon;
use crate::page::Frame;
use crate::parts::{Act, act, ago, confirm, empty, image};
use domain::view::{AppDetail, DiffLine, Revision};
use leptos::prelude::*;

/// The list, with the difference above it where one was asked for.
pub(super) fn view(frame: &Frame, d: &AppDetail, revisions: &[Revision], difference: Option<&(u64, Vec<DiffLine>)>) -> AnyView {
    if revisions.is_empty() {
        return view! { <div class="mt-4">{empty("history", "No revisions", "This kind of app keeps no revisions to go back to.", ())}</div> }.into_any();
    }
    let rows = revisions.iter().map(|r| row(frame, d, r)).collect_view();
    view! {
        <div class="grid gap-4 mt-4" data-revision=d.revision.map(|n| n.to_string())>{difference.map(|(n, lines)| diff(frame, d, *n, lines))}
            <div class="panel scroll-sm"><table class="tbl hist"><thead><tr><th scope="col" class="w-28">"Revision"</th><th scope="col" class="w-32">"Made"</th><th scope="col">"Images"</th><th scope="col">"Cause"</th><th scope="col" class="num w-64"><span class="sr-only">"Actions"</span></th></tr></thead><tbody>{rows}</tbody></table></div>
        </div>
    }
    .into_any()
}

fn row(frame: &Frame, d: &AppDetail, r: &Revision) -> impl IntoView + use<> {
    let images = r.images.iter().map(|i| view! { {image(i)}" " }).collect_view();
    let acts = if r.current {
        view! { <span class="tag">"in force"</span> }.into_any()
    } else {
        let href = frame.links().to(&format!("{}/history?diff={}", d.row.id.path(), r.number));
        view! { <span class="row-end"><a class="btn btn-sm" href=href aria-label=format!("Difference to revision {}", r.number)>"Difference"</a>{back(frame, d, r.number, "btn-sm")}</span> }.into_any()
    };
    view! { <tr><th scope="row"><b class="font-medium">{r.number}</b></th><td class="soft">{ago(r.created, frame.now)}</td><td>{images}</td><td class="soft wrap-any">{r.change_cause.clone().unwrap_or_else(|| "–".to_owned())}</td><td class="num act-cell">{acts}</td></tr> }
}

fn back(frame: &Frame, d: &AppDetail, number: u64, class: &'static str) -> AnyView {
    let refused = d.actions.get("rollback").cloned().unwrap_or_else(|| Some("this kind of app cannot be rolled back".to_owned()));
    let id = &d.row.id;
    let body = view! { <p class="soft">{format!("{} takes the pod template of revision {number}; it becomes a new revision.", id.name)}</p><input type="hidden" name="revision" value=number.to_string() data-number=""/> };
    let form = confirm(
        frame.links().to(&format!("{}/rollback", id.path())),
        Some((format!("{}/rollback", id.api_path()), format!("Rolled {} back to revision {number}.", id.name))),
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
        <section class="panel" aria-labelledby="diff-h"><div class="panel-head"><h2 class="h3" id="diff-h">{format!("From now to revision {number}")}</h2><span class="push row-end">{back(frame, d, number, "btn-sm")}<a class="btn btn-sm btn-ghost" href=frame.links().to(&format!("{}/history", d.row.id.path()))>{icon("x")}"Close"</a></span></div>
            {none}<div class="code diff"><pre tabindex="0" aria-label="Difference: + is what would come, - is what would go">{rows}</pre></div></section>
    }
}
