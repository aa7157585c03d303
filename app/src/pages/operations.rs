//! Changes of apps: the newest one on the app's page, and the list of those that are under way or ended lately.
//!
//! Both are parts that the browser reads again while something is under way (`client::again`).

use crate::digest::{Digest, whole};
use crate::icons::glyph;
use crate::links::Links;
use crate::list::Around;
use crate::page::{Frame, Part};
use crate::parts::{ago, commands, empty, evidence_links, moment};
use domain::AppId;
use domain::english::operation::state;
use domain::operation::State;
use domain::view::OperationView;
use leptos::prelude::*;

/// The page of all apps.
pub(super) fn view(frame: &Frame, all: &[OperationView]) -> AnyView {
    view! {
        <div class="wrap grid gap-3.5"><div class="head"><h1 class="h1">"Under way"</h1><span class="muted">"and what ended in the last 14 days"</span></div>
            {list(frame, all)}
        </div>
    }
    .into_any()
}

/// A part by itself.
pub(crate) fn part(frame: &Frame, part: &Part<'_>) -> AnyView {
    match part {
        Part::OfApp(app, newest) => strip(frame, app, *newest),
        Part::Operations(all) => list(frame, all),
    }
}

/// Around a part: where it is read again, whether it is read again by itself, and what it shows in few letters.
fn again(path: &str, shown: &[&OperationView], content: impl IntoView + 'static) -> AnyView {
    let newest = |o: &&OperationView| {
        let at = |number: i64| number.unsigned_abs();
        let digest = Digest::default().number(at(o.id.0)).text(o.state.slug()).number(o.progress.len() as u64);
        digest.maybe(o.progress.last().map(|line| at(line.at.0))).maybe(o.verdict.as_ref().map(|_| 1))
    };
    let digest = whole(&shown.iter().map(newest).collect::<Vec<_>>());
    let open = shown.iter().any(|o| o.is_open());
    view! { <div data-part=digest data-again=path.to_owned() data-open=open.then_some("")>{content}</div> }.into_any()
}

/// What the newest change of an app has come to.
pub(super) fn strip(frame: &Frame, app: &AppId, newest: Option<&OperationView>) -> AnyView {
    let path = Links { base: String::new(), ..frame.links() }.with("/operations", &[("part", "app"), ("app", &app.to_string())]);
    let shown: Vec<&OperationView> = newest.into_iter().collect();
    again(&path, &shown, newest.map(|o| told(frame, o)))
}

fn told(frame: &Frame, o: &OperationView) -> impl IntoView + use<> {
    let around = Around { links: frame.links(), now: frame.now, spaces: false, creates: false };
    let (colour, mark) = tone(o.state);
    let evidence = o.verdict.as_ref().map(|v| v.evidence.clone()).unwrap_or_default();
    let (links, boxes) = (evidence_links(evidence.iter(), &o.app, &around), commands(&evidence));
    let why = o.why.clone().map(|why| format!(" – {why}"));
    let said = o.newest().unwrap_or(state(o.state)).to_owned();
    let at = if o.is_open() { o.begun } else { o.moved };
    view! {
        <section class="banner mb-3.5" aria-label="Latest change" data-operation=o.id.to_string()><span class=format!("tl-g {colour}")>{glyph(mark)}</span>
            <div class="say-b"><p><b class="font-medium">{o.title.clone()}</b>{format!(" by {}", o.by)}{why}" "<span class="muted text-xs">{ago(at, frame.now)}</span></p><p role="status">{said}{links}</p>{boxes}</div>
        </section>
    }
}

const fn tone(state: State) -> (&'static str, &'static str) {
    match state {
        State::Accepted | State::Checking | State::Applying | State::Waiting => ("c-ink3", "progressing"),
        State::Succeeded => ("c-ok", "pass"),
        State::Failed | State::TakenBack => ("c-bad", "failing"),
        State::Unknown => ("c-warn", "degraded"),
    }
}

fn list(frame: &Frame, all: &[OperationView]) -> AnyView {
    let path = Links { base: String::new(), ..frame.links() }.with("/operations", &[("part", "list")]);
    let shown: Vec<&OperationView> = all.iter().collect();
    if all.is_empty() {
        return again(&path, &shown, empty("clock", "Nothing under way", "Changes of apps appear here while they're made, and for 14 days afterwards.", ()));
    }
    let column = |class: &'static str, title: &'static str| view! { <th scope="col" role="columnheader" class=class>{title}</th> };
    let links = frame.links();
    let rows = all.iter().map(|o| row(&links, o)).collect_view();
    let table = view! {
        <div class="panel overflow-clip"><table class="tbl audit" role="table" aria-label="Changes"><thead role="rowgroup"><tr role="row">{column("au-when", "Time")}{column("au-who", "User")}{column("au-what", "Change")}{column("au-end", "State")}{column("au-why", "Detail")}</tr></thead><tbody role="rowgroup">{rows}</tbody></table></div>
    };
    again(&path, &shown, table)
}

fn row(links: &Links, o: &OperationView) -> impl IntoView + use<> {
    let class = match o.state {
        State::Accepted | State::Checking | State::Applying | State::Waiting => "st st-prog",
        State::Succeeded => "st st-ok",
        State::Failed | State::TakenBack => "st st-bad",
        State::Unknown => "st st-warn",
    };
    let app = view! { <a class="link" href=links.to(&o.app.path())>{o.app.name.to_string()}</a> };
    view! {
        <tr role="row">
            <td class="au-when soft" role="cell">{moment(o.begun)}</td>
            <td class="au-who wrap-any" role="cell">{o.by.clone()}</td>
            <td class="au-what wrap-any" role="cell">{o.title.clone()}": "{app}{format!(" in {}", o.app.namespace)}</td>
            <td class="au-end" role="cell"><span class=class>{glyph(tone(o.state).1)}<b>{state(o.state)}</b></span></td>
            <td class="au-why wrap-any" role="cell">{o.newest().unwrap_or_default().to_owned()}</td>
        </tr>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::digest_of_part;
    use crate::render_tests::{NOW, frame, operation, text};

    fn strip_of(o: &OperationView) -> String {
        Owner::new().with(|| strip(&frame("/apps/web/deployment/kpow"), &o.app, Some(o)).to_html())
    }

    #[test]
    fn a_change_that_is_under_way_says_who_made_it_and_what_happened_last_and_is_read_again() {
        let mut o = operation(State::Waiting);
        (o.by, o.verdict) = ("mara".into(), None);
        let html = strip_of(&o);
        assert!(html.contains("data-open") && html.contains("data-again=\"/operations?part=app&amp;app=web/deployment/kpow\""), "{html}");
        let said = text(&format!("<body>{html}"));
        assert!(said.contains("Restart by mara") && said.contains("1 of 2 pods ready") && !said.contains("Rolled out"), "{said}");
    }

    #[test]
    fn a_change_that_has_ended_tells_its_verdict_and_is_not_read_again() {
        let html = strip_of(&operation(State::Succeeded));
        assert!(!html.contains("data-open") && html.contains("Rolled out") && !html.contains("1 of 2 pods ready"), "{html}");
    }

    #[test]
    fn what_shows_something_else_has_another_digest() {
        let digest = |o: &OperationView| digest_of_part(&strip_of(o)).unwrap().to_owned();
        let open = operation(State::Waiting);
        let mut more = open.clone();
        more.progress.push(domain::view::ProgressView { at: NOW.plus(1), ..open.progress[0].clone() });
        let ended = operation(State::Failed);
        assert_eq!(digest(&open), digest(&open.clone()));
        assert!(digest(&open) != digest(&more) && digest(&open) != digest(&ended));
    }

    #[test]
    fn the_list_links_each_app_and_says_so_where_there_is_nothing() {
        let html = |all: &[OperationView]| Owner::new().with(|| list(&frame("/operations"), all).to_html());
        let some = html(&[operation(State::Waiting), operation(State::Unknown)]);
        assert!(some.matches("href=\"/team/portal/apps/web/deployment/kpow\"").count() == 2 && some.contains("data-open"), "{some}");
        let none = html(&[]);
        assert!(none.contains("Nothing under way") && !none.contains("data-open"), "{none}");
    }
}
