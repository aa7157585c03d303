//! Remarks: a quiet mark with words in the list, whole sentences on the page of the app.

use super::{IntoLive as _, Live, commands, evidence_links};
use crate::html::Html;
use crate::icons::icon;
use crate::list::Around;
use domain::view::{AppRow, RemarkRow};
use leptos::prelude::*;

impl Html {
    /// The status of an app in a list. Beside it the first remark in short and how many more there are; all of them in its title.
    pub fn noted(&mut self, row: &AppRow) {
        let Some(first) = row.remarks.first() else { return self.status(row.status.word, &row.status.reason) };
        self.raw("<span class=\"st-row\">").status(row.status.word, &row.status.reason);
        let all = row.remarks.iter().map(|r| format!("{} {}", r.text, r.remedy)).collect::<Vec<_>>().join("\n");
        self.raw("<span class=\"rmk\"").attr("title", &all).raw(">").icon("info").raw("<span class=\"sr-only\">Remark: </span><span class=\"trunc\">");
        self.text(&first.reason).raw("</span>");
        if row.remarks.len() > 1 {
            self.text(&format!(" +{}", row.remarks.len() - 1));
        }
        self.raw("</span></span>");
    }
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
    let links = evidence_links(r.evidence.iter(), &row.id, around);
    view! { <li data-code=r.code.clone()>{icon("info")}<p>{r.text.clone()}" "<span class="soft">{r.remedy.clone()}</span>{links}</p>{commands(&r.evidence)}</li> }
}
