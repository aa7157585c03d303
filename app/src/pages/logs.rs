//! The tab with the log of an app. The toolbar is a plain form whose fields stand in the address; the lines come to
//! the island in [`crate::islands::logs`]. Without scripts there is a link to the log as text.

use crate::icons::{glyph, icon};
use crate::islands::logs::LogView;
use crate::islands::logs::address::{Place, SINCE, TAIL, TAILS, download, level_slug};
use crate::links::encode;
use crate::page::Frame;
use crate::parts::as_text;
use domain::live::LogQuery;
use domain::log::Level;
use domain::view::AppDetail;
use leptos::prelude::*;

/// What leads a browser without scripts to the page with the last lines in it.
#[must_use]
pub fn plain(frame: &Frame) -> AnyView {
    let mark = if frame.path.contains('?') { '&' } else { '?' };
    let content = format!("0; url={}{mark}plain=1", frame.base.link(&frame.path));
    view! { <noscript><meta http-equiv="refresh" content=content/></noscript> }.into_any()
}

/// The log viewer and its toolbar; without scripts the last lines as text.
#[must_use]
pub fn view(frame: &Frame, detail: &AppDetail, query: &LogQuery, last: Option<&str>) -> AnyView {
    let app = &detail.row.id;
    let place = Place::read(query, &frame.query);
    let text = format!("{}/logs{}", frame.base.link(&app.api_path()), download(query));
    let label = format!("Log lines of {}", app.name);
    let mut pods: Vec<String> = detail.pods.iter().map(|p| p.name.clone()).collect();
    pods.sort_unstable();
    view! {
        <section class="logs" aria-label="Log viewer" id="log">
            {toolbar(frame, detail, &place, &pods, &text, last.is_some())}
            <svg class="lg-strip lg-js" data-strip role="img" preserveAspectRatio="none" viewBox="0 0 240 24" hidden><rect data-strip-view y="0" height="24"></rect><path data-strip-lines></path><path class="lg-strip-bad" data-strip-errors></path></svg>
            <div class="lg-body" role="log" aria-live="off" aria-label=label tabindex="0" data-body>
                {without_scripts(last, &text)}
                <p class="lg-none" data-empty hidden></p>
                <div class="lg-space" data-space><div class="lg-win" data-win></div></div>
            </div>
            <button class="lg-new" type="button" data-new hidden>{icon("arrow-down")}<strong data-new-count></strong><span>"Follow"</span></button>
            <p class="lg-told" data-told hidden><span data-told-text></span><button class="link" type="button" data-more hidden></button><button class="link" type="button" data-unlevelled hidden></button></p>
            {foot(query.previous)}
            <p class="sr-only" role="status" data-say></p>
            <template data-tpl-row=""><div class="lg"><span class="lg-p"></span><time></time><span class="lg-l"></span><span class="lg-m"></span></div></template>
            <template data-tpl-note=""><div class="lg-mark" role="separator"><span><span class="lg-n"></span><time></time></span></div></template>
        </section>
        <LogView app=app.clone() place=place pods=pods/>
    }
    .into_any()
}

/// What a browser without scripts shows in place of the live lines.
fn without_scripts(last: Option<&str>, text: &str) -> AnyView {
    let lines = match last {
        Some("") => view! { <p class="lg-none">"This log is empty."</p> }.into_any(),
        Some(lines) => view! { <pre class="lg-plain" inner_html=as_text(lines)></pre> }.into_any(),
        None => ().into_any(),
    };
    view! { <noscript><p class="lg-none">"Live logs need JavaScript. These are the last lines. "<a class="link" href=text.to_owned()>"Read the whole log as text"</a></p>{lines}</noscript> }.into_any()
}

fn foot(previous: bool) -> AnyView {
    let keys = (!previous).then(|| view! { <span class="kbd">"f"</span>" follow " });
    view! {
        <div class="lg-foot">
            <span class="st st-idle" data-state><span data-glyph>{glyph("unknown")}</span><b data-state-word>"Not connected"</b></span>
            <span class="soft" data-streams></span>
            <span class="lg-wide muted" data-paused></span>
            <span class="ml-auto muted lg-wide" data-kept></span>
            <span class="lg-wide muted flex items-center gap-1">{keys}<span class="kbd">"/"</span>" search "<span class="kbd">"n"</span>" next"</span>
        </div>
    }
    .into_any()
}

const fn pressed(on: bool) -> &'static str {
    if on { "true" } else { "false" }
}

fn select(name: &'static str, label: &'static str, class: &'static str, options: &[(String, String)], value: &str) -> AnyView {
    let known = options.iter().any(|(v, _)| v == value);
    let other = (!known).then(|| (value.to_owned(), value.to_owned()));
    let options = options
        .iter()
        .cloned()
        .chain(other)
        .map(|(v, words)| {
            let on = v == value;
            view! { <option value=v selected=on>{words}</option> }
        })
        .collect_view();
    view! { <select class=format!("in in-sm lg-sel {class}") name=name aria-label=label title=label>{options}</select> }.into_any()
}

fn grouped(n: u32) -> String {
    if n < 1000 { n.to_string() } else { format!("{},{:03}", n / 1000, n % 1000) }
}

fn toolbar(frame: &Frame, detail: &AppDetail, place: &Place, pods: &[String], text: &str, plain: bool) -> AnyView {
    let query = &place.query;
    let links = frame.links();
    let page = format!("{}/logs", detail.row.id.path());
    let pair = |v: &str, w: String| (v.to_owned(), w);
    let mut pod_options = vec![pair("", if pods.len() == 1 { "1 pod".to_owned() } else { format!("All {} pods", pods.len()) })];
    pod_options.extend(pods.iter().map(|p| pair(p, p.clone())));
    let mut containers: Vec<&str> = detail.pods.iter().flat_map(|p| p.containers.iter().map(|c| c.name.as_str())).collect();
    containers.sort_unstable();
    containers.dedup();
    let mut container_options = vec![pair("", "All containers".to_owned())];
    container_options.extend(containers.iter().map(|c| pair(c, (*c).to_owned())));
    let levels = [
        pair("", "All levels".to_owned()),
        pair("info", "Info and above".to_owned()),
        pair("warn", "Warnings and above".to_owned()),
        pair("error", "Errors".to_owned()),
    ];
    // The number counts for each container by itself; the foot counts them as streams.
    let several = detail.pods.iter().map(|p| p.containers.len()).sum::<usize>() > 1;
    let (what, whose) = if several { ("each", "Lines per stream") } else { ("lines", "Lines") };
    let tails = TAILS.map(|n| (n.to_string(), format!("Last {} {what}", grouped(n))));
    let mut since = vec![pair("", "Any time".to_owned())];
    since.extend(SINCE.iter().map(|(s, words)| (s.to_string(), (*words).to_owned())));
    let tail = query.tail_lines.unwrap_or(TAIL).to_string();
    let seconds = query.since_seconds.map(|s| s.to_string()).unwrap_or_default();
    let level = place.level.map_or("", |l: Level| level_slug(l));
    let other = Place { query: LogQuery { previous: !query.previous, ..query.clone() }, ..place.clone() };
    let previous = links.to(&format!("{page}{}", other.address()));
    let has_previous = detail.pods.iter().flat_map(|p| &p.containers).any(|c| c.has_previous) || query.previous;
    let previous_title = if has_previous { "Log of the container before its last restart" } else { "No previous container" };
    let mut kept = crate::links::decode(&links.keep);
    if query.previous {
        kept.push(("previous".to_owned(), "true".to_owned()));
    }
    if plain {
        kept.push(("plain".to_owned(), "1".to_owned()));
    }
    let hidden = kept.into_iter().map(|(k, v)| view! { <input type="hidden" name=k value=v/> }).collect_view();
    view! {
        <form class="lg-bar" method="get" action=frame.base.link(&page) aria-label="Log tools" data-tools autocomplete="off">
            {select("pod", "Pod", "lg-pod", &pod_options, query.pod.as_deref().unwrap_or_default())}
            {select("container", "Container", "lg-wide", &container_options, query.container.as_deref().unwrap_or_default())}
            {select("level", "Level", "lg-wide", &levels, level)}
            {select("tailLines", whose, "lg-wide", &tails, &tail)}
            {select("sinceSeconds", "Time range", "lg-wide", &since, &seconds)}
            {hidden}
            <div class="in-wrap lg-q">
                {icon("search")}
                <input class="in in-sm in-mono" type="search" name="search" value=place.search.clone() placeholder="Search" aria-label="Search the log" aria-describedby="lg-hits" aria-keyshortcuts="/" data-filter="" maxlength="200" spellcheck="false" autocapitalize="off"/>
                <span class="tail">
                    <button class="copybtn lg-js" type="button" aria-pressed=pressed(place.expression) data-regex aria-label="Regular expression" title="Regular expression">{icon("regex")}</button>
                    <button class="copybtn lg-js" type="button" aria-pressed=pressed(place.only) data-only aria-label="Only matching lines" title="Only matching lines">{icon("list-filter")}</button>
                    <output id="lg-hits" data-hits></output>
                    <button class="copybtn" type="button" data-back aria-label="Previous match" aria-keyshortcuts="Shift+N" hidden>{icon("chevron-up")}</button>
                    <button class="copybtn" type="button" data-next aria-label="Next match" aria-keyshortcuts="n" hidden>{icon("chevron-down")}</button>
                </span>
            </div>
            <noscript><button class="btn btn-sm" type="submit">"Apply"</button></noscript>
            <span class="lg-bar-end">
                <details class="lg-tools lg-js"><summary class="btn btn-sm btn-icon btn-ghost" aria-label="More log tools" title="More log tools">{icon("ellipsis")}</summary></details>
                <button class="btn btn-sm btn-ghost lg-wide lg-js" type="button" aria-pressed="true" data-times title="Time of each line">{icon("clock")}"Times"</button>
                <button class="btn btn-sm btn-ghost lg-wide lg-wrap lg-js" type="button" aria-pressed="false" aria-keyshortcuts="w" data-wrap title="Wrap long lines">{icon("wrap-text")}"Wrap"</button>
                <a class="btn btn-sm btn-ghost lg-wide" class:is-on=query.previous href=previous aria-current=query.previous.then_some("true") title=previous_title>{icon("history")}"Previous"</a>
                <a class="btn btn-sm btn-icon btn-ghost" href=text.to_owned() download=format!("{}.log", encode(detail.row.id.name.as_str())) aria-label="Download as text" title="Download as text" data-download>{icon("download")}</a>
                {(!query.previous).then(|| view! { <button class="btn btn-sm lg-follow lg-js" type="button" aria-pressed="true" aria-keyshortcuts="f" data-follow>{icon("play")}<span>"Follow"</span></button> })}
            </span>
        </form>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render_tests::bare_frame;

    #[test]
    fn what_stands_in_the_address_stays_text() {
        let evil = "\"><script>alert(1)</script>";
        let id = domain::AppId {
            namespace: domain::Namespace::parse("web").unwrap(),
            kind: domain::Kind::Deployment,
            name: domain::WorkloadName::parse("loklak-server").unwrap(),
        };
        let detail = AppDetail {
            row: domain::view::AppRow {
                id,
                team: None,
                release: None,
                status: crate::pages::logs::tests::status(),
                remarks: Vec::new(),
                ready: 0,
                wanted: 0,
                pips: Vec::new(),
                images: Vec::new(),
                restarts: 0,
                usage: domain::view::Usage::default(),
                created: domain::UnixMs(0),
                changed: None,
            },
            story: Vec::new(),
            pods: Vec::new(),
            events: Vec::new(),
            endpoints: Vec::new(),
            actions: std::collections::BTreeMap::new(),
            paused: false,
            revision: None,
            notes: Default::default(),
            settings: Vec::new(),
            references: Vec::new(),
            still_runs: Vec::new(),
            last_lines: None,
            next: None,
        };
        let query = ["search", "at", "level"].map(|name| (name.to_owned(), evil.to_owned())).to_vec();
        let frame = Frame { query, ..bare_frame("/apps/web/deployment/loklak-server/logs") };
        let query = LogQuery { pod: Some(evil.to_owned()), container: Some(evil.to_owned()), ..LogQuery::default() };
        let html = Owner::new().with(|| view(&frame, &detail, &query, Some("<script>")).to_html());
        assert!(!html.contains("<script>"), "{html}");
        assert!(html.contains("href=\"/team/portal/api/v1/namespaces/web/apps/deployment/loklak-server/logs?pod=%22"));
        assert!(html.contains("role=\"log\""));
        assert!(html.contains("&lt;script&gt;</pre>") && html.contains("name=\"plain\""), "the lines are in the page");
        let to = Owner::new().with(|| plain(&frame).to_html());
        assert!(to.contains("0; url=/team/portal/apps/web/deployment/loklak-server/logs?plain=1"), "{to}");
    }

    fn status() -> domain::status::Status {
        leptos::serde_json::from_value(leptos::serde_json::json!({ "word": "running", "reason": "", "sentence": "", "since": null, "evidence": [] })).unwrap()
    }
}
