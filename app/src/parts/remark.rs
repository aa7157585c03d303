//! Remarks: a quiet mark with words in the list, whole sentences on the page of the app.

use super::{IntoLive as _, Live, status};
use crate::icons::icon;
use crate::list::{Around, evidence_link};
use domain::view::{AppRow, RemarkRow};
use leptos::prelude::*;

/// The status of an app in a list, with its mark.
#[must_use]
pub fn noted(row: &AppRow) -> Live {
    let status = status(row.status.word, &row.status.reason);
    match mark(&row.remarks) {
        None => status.into_live(),
        Some(mark) => view! { <span class="st-row">{status}{mark}</span> }.into_live(),
    }
}

/// The first remark in short and how many more there are; all of them in its title.
fn mark(remarks: &[RemarkRow]) -> Option<impl IntoView + use<>> {
    let first = remarks.first()?;
    let more = remarks.len() - 1;
    let more = (more > 0).then(|| format!(" +{more}"));
    let all = remarks.iter().map(|r| format!("{} {}", r.text, r.remedy)).collect::<Vec<_>>().join("\n");
    Some(
        view! { <span class="rmk" title=all>{icon("info")}<span class="sr-only">"Remark: "</span><span class="trunc">{first.reason.clone()}</span>{more}</span> },
    )
}

/// All remarks of an app, each with what to do and where to look.
#[must_use]
pub fn remarks(row: &AppRow, around: &Around) -> Option<Live> {
    if row.remarks.is_empty() {
        return None;
    }
    let items = row.remarks.iter().map(|r| remark(r, row, around)).collect_view();
    Some(view! { <ul class="rmks" aria-label="Remarks">{items}</ul> }.into_live())
}

fn remark(r: &RemarkRow, row: &AppRow, around: &Around) -> impl IntoView + use<> {
    let links = r
        .evidence
        .iter()
        .map(|e| {
            let (label, path) = evidence_link(&row.id, e);
            view! { " "<a class="link mr-2" href=around.links.to(&path)>{label}</a> }
        })
        .collect_view();
    view! { <li data-code=r.code.clone()>{icon("info")}<p>{r.text.clone()}" "<span class="soft">{r.remedy.clone()}</span>{links}</p></li> }
}
