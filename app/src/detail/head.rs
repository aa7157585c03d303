//! Name, status as a sentence with its evidence, the one step that comes next, and what else can be done.

use super::actions::{self, HOLD, SCALE, hold_label};
use crate::icons::{glyph, icon};
use crate::list::{Around, evidence_link};
use crate::parts::{IntoLive as _, Live, aging, commands, evidence_links, pill, remarks, word_glyph};
use domain::status::{Evidence, Word};
use domain::view::{AppDetail, LastLines, NextStep};
use leptos::prelude::*;

/// The head of the page.
pub(super) fn view(d: &AppDetail, around: &Around) -> Live {
    let (row, s) = (&d.row, &d.row.status);
    let since = s.since.map(|at| view! { <span class="muted text-xs">{aging("for {}", at, around.now)}</span> });
    let release = row.release.clone().map(|r| view! { <span class="tag" title="Helm release">{r}</span> });
    // That nobody rolls out is a note: the app serves as before.
    let serves = s.word == Word::Paused && row.ready > 0 && row.ready >= row.wanted;
    let word = if serves { Word::Running } else { s.word };
    let paused =
        (serves || (d.paused && word != Word::Paused)).then(|| view! { <span class="tag" data-paused-rollouts="">{icon("pause")}"Rollouts paused"</span> });
    view! {
        <div class="head">
            <div class="min-w-0">
                <div class="flex items-center gap-2.5 flex-wrap"><h1 class="h1 mono-h break-all">{row.id.name.to_string()}</h1><span class="tag">{row.id.kind.kubernetes()}</span>{release}{pill(word)}{paused}{since}</div>
            </div>
            <div class="acts" role="group" aria-label="Actions">{actions::view(d, around)}</div>
            {say(d, around)}
            {remarks(row, around)}
        </div>
    }
    .into_live()
}

// The sentence; a banner where somebody has to do something.
fn say(d: &AppDetail, around: &Around) -> Live {
    let s = &d.row.status;
    let (tone, mark) = match s.word {
        Word::Failing => ("banner banner-bad say", true),
        Word::Degraded => ("banner banner-warn say", true),
        Word::Unknown | Word::Paused | Word::Stopped => ("banner say", true),
        Word::Progressing | Word::Running | Word::Completed => ("say soft", false),
    };
    let mark = mark.then(|| glyph(word_glyph(s.word)));
    let taken = match d.next {
        Some(NextStep::See { evidence }) => Some(usize::from(evidence)),
        _ => None,
    };
    let others = s.evidence.iter().enumerate().filter(|(place, _)| Some(*place) != taken).map(|(_, e)| e);
    let links = evidence_links(others, &d.row.id, around);
    view! {
        <div class=tone>{mark}
            <div class="say-b"><p>{s.sentence.clone()}{links}</p>{commands(&s.evidence)}{d.last_lines.as_ref().map(last_lines)}</div>
            {d.next.and_then(|next| primary(next, d, around))}
        </div>
    }
    .into_live()
}

fn primary(next: NextStep, d: &AppDetail, around: &Around) -> Option<Live> {
    let link = |label: Live, path: &str| view! { <a class="btn btn-primary" href=around.links.to(path)>{label}</a> }.into_live();
    // Without scripts the form is in its place above.
    let opens =
        |name: &'static str, label: &'static str| view! { <button type="button" class="btn btn-primary js" data-open=name>{label}</button> }.into_live();
    Some(match next {
        NextStep::See { evidence } => {
            let evidence = d.row.status.evidence.get(usize::from(evidence))?;
            let (label, path) = evidence_link(&d.row.id, evidence);
            // Among the logs it leads to one of them.
            let label = match evidence {
                Evidence::Log { .. } => view! { <span class="off-log">"See logs"</span><span class="on-log">{label}</span> }.into_live(),
                Evidence::Chart { .. } | Evidence::Event { .. } | Evidence::Object { .. } | Evidence::Command { .. } => view! { {label} }.into_live(),
            };
            link(label, &path)
        }
        NextStep::RollBack { revision } => {
            link(view! { {format!("Roll back to revision {revision}…")} }.into_live(), &format!("{}/history?diff={revision}", d.row.id.path()))
        }
        NextStep::Resume => opens(HOLD, hold_label(d.row.id.kind, true)),
        NextStep::ScaleUp => opens(SCALE, "Scale up…"),
    })
}

fn last_lines(l: &LastLines) -> impl IntoView + use<> {
    let title = format!("Last lines of {}{}", l.container, if l.previous { " before the restart" } else { "" });
    view! { <figure class="say-l"><figcaption>{title}</figcaption><pre>{l.lines.join("\n")}</pre></figure> }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;
    use crate::links::Links;
    use crate::render_tests::{NOW, detail};

    fn written(d: &AppDetail) -> String {
        let around = Around { links: Links { base: "/team".into(), keep: String::new() }, now: NOW, spaces: false, creates: false };
        Owner::new().with(|| view(d, &around).to_html().replace("<!>", ""))
    }

    fn primary_of(html: &str) -> &str {
        html.split("<a ").find(|link| link.contains("btn-primary")).unwrap_or_else(|| panic!("no primary link in {html}"))
    }

    #[test]
    fn a_failing_app_has_one_primary_button_and_the_last_lines_of_its_log() {
        let mut d = detail(Word::Failing);
        d.actions.clear();
        let html = written(&d);
        assert_eq!(html.matches("btn-primary").count(), 1, "{html}");
        assert!(html.contains("href=\"/team/apps/web/deployment/kpow/logs?pod=p-1") && html.contains(">See logs</span>"), "{html}");
        assert!(html.contains("before the restart") && html.contains("line 2</pre>"), "{html}");
        d.row.status.evidence.insert(0, Evidence::Object { label: "Create secret db".into(), path: "/new-secret/web?name=db".into() });
        let html = written(&d);
        let button = primary_of(&html);
        assert!(button.contains("href=\"/team/new-secret/web?name=db\"") && button.contains("Create secret db</a>"), "{button}");
        assert_eq!(html.matches("Create secret db").count(), 1, "what is the button is no link too");
        d.next = Some(NextStep::RollBack { revision: 6 });
        let html = written(&d);
        assert!(primary_of(&html).contains("kpow/history?diff=6\"") && primary_of(&html).contains("Roll back to revision 6…"), "{html}");
    }

    #[test]
    fn a_serving_app_with_paused_rollouts_runs_and_says_so_beside_it() {
        let mut d = detail(Word::Paused);
        (d.row.ready, d.row.wanted, d.paused) = (1, 1, true);
        let html = written(&d);
        assert!(html.contains("<b>Running</b>") && html.contains("Rollouts paused"), "{html}");
        d.row.ready = 0;
        let html = written(&d);
        assert!(html.contains("<b>Paused</b>") && !html.contains("Rollouts paused"), "{html}");
    }
}
