//! Charts of CPU and memory. The server draws them as SVG; `<quays-chart>` draws over that in the browser and keeps
//! them fresh.

mod plot;

use self::plot::{Line, Quantity, Scale};
use crate::icons::icon;
use crate::page::Frame;
use crate::parts::time;
use domain::metrics::{AppMetrics, MarkKind, Range, STEP_S, Span, Window};
use domain::view::AppDetail;
use domain::{AppId, Kind, Namespace, UnixMs, WorkloadName};
use leptos::prelude::*;

/// Height of the drawing between its labels and its time axis, px.
const HEIGHT: f64 = 220.0;
/// Room above it for two rows of flags.
const TOP: f64 = 34.0;
/// What is older than this, in milliseconds, was measured and is kept no more.
const KEPT_MS: i64 = 86_400_000;

/// The tab: range links above the charts.
#[must_use]
pub fn view(frame: &Frame, detail: &AppDetail, metrics: &AppMetrics) -> AnyView {
    let id = &detail.row.id;
    let path = page_of(id);
    let ranges = Range::ALL.map(|r| {
        let href = frame.links().with(&path, &[("range", r.slug())]);
        let current = r == metrics.range && metrics.window.is_none();
        view! { <a href=href aria-current=current.then_some("true")>{words(r)}</a> }
    });
    let bar = view! {
        <div class="m-bar">
            <nav class="seg" aria-label="Range">{ranges.into_iter().collect_view()}</nav>
            {steps(frame, &path, metrics)}
            <span class="m-bar-end"><span class="cross-t" data-cross hidden><b></b><span class="muted"></span></span></span>
        </div>
    };
    framed(frame, Some(id), metrics, bar.into_any(), "m-grid")
}

fn page_of(id: &AppId) -> String {
    format!("{}/metrics", id.path())
}

// Links to other parts of the past: all that dragging does, for a keyboard and without scripts.
fn steps(frame: &Frame, path: &str, metrics: &AppMetrics) -> impl IntoView + use<> {
    let now = frame.now;
    let shown = metrics.window;
    let window = Span { range: metrics.range, window: shown }.window_at(now);
    let (links, range) = (frame.links(), metrics.range.slug());
    let link = |to: Option<Window>, mark: &'static str, label: &'static str, key: Option<&'static str>| {
        let href = to.map(|w| links.with(path, &[("range", range), ("from", &w.from().0.to_string()), ("to", &w.to().0.to_string())]));
        let off = href.is_none().then_some("true");
        view! { <a class="btn btn-sm btn-icon btn-ghost" role=off.map(|_| "link") href=href aria-disabled=off aria-label=label title=label aria-keyshortcuts=key>{icon(mark)}</a> }
    };
    let whole = frame.links().with(path, &[("range", metrics.range.slug())]);
    let reset = shown.map(|w| {
        view! {
            <span class="text-xs whitespace-nowrap">{time(w.from())}" – "{time(w.to())}</span>
            <a class="btn btn-sm" href=whole data-reset="">{icon("zoom-out")}"Reset zoom"</a>
        }
    });
    view! {
        <nav class="m-steps" aria-label="Move and zoom">
            {link(Some(window.moved(-1)).filter(|w| w.to() > now.plus(-KEPT_MS)), "chevron-left", "Earlier", Some("["))}
            {link(Some(window.moved(1)).filter(|w| shown.is_some() && w.from() < now), "chevron-right", "Later", Some("]"))}
            {link(window.closer(), "zoom-in", "Zoom in", None)}
            {link(window.wider(now).filter(|_| shown.is_some()), "zoom-out", "Zoom out", None)}
            {reset}
        </nav>
    }
}

/// CPU and memory per pod, for the tab and for the overview. Brings the chart module with it.
#[must_use]
pub fn charts(frame: &Frame, metrics: &AppMetrics) -> AnyView {
    framed(frame, app_of(&frame.path).as_ref(), metrics, ().into_any(), "grid gap-4 charts2")
}

const fn words(range: Range) -> &'static str {
    match range {
        Range::M15 => "15 min",
        Range::H1 => "1 h",
        Range::H6 => "6 h",
        Range::H24 => "24 h",
    }
}

/// The app whose page this is.
fn app_of(path: &str) -> Option<AppId> {
    let path = path.split(['?', '#']).next()?;
    let mut parts = path.strip_prefix("/apps/")?.split('/');
    Some(AppId { namespace: Namespace::parse(parts.next()?).ok()?, kind: Kind::from_slug(parts.next()?)?, name: WorkloadName::parse(parts.next()?).ok()? })
}

fn framed(frame: &Frame, app: Option<&AppId>, metrics: &AppMetrics, bar: AnyView, class: &'static str) -> AnyView {
    // What has passed changes no more.
    let live = metrics.window.is_none_or(|w| w.to() > frame.now);
    let asked = match metrics.window {
        Some(w) => format!("from={}&to={}", w.from().0, w.to().0),
        None => format!("range={}", metrics.range.slug()),
    };
    let src = app.filter(|_| live).map(|id| format!("{}/metrics?{asked}", frame.base.link(&id.api_path())));
    let zoom = app.map(|id| frame.links().with(&page_of(id), &[("range", metrics.range.slug())]));
    let json = leptos::serde_json::to_string(metrics).unwrap_or_default().replace('<', "\\u003c");
    let module = frame.base.link(&frame.assets.chart_js);
    let nonce = frame.nonce.clone();
    let missing = metrics.missing.clone();
    let empty = metrics.pods.is_empty();
    let body = if empty {
        let marks = metrics.marks.iter().map(|m| view! { <li>{time(m.at)}" "{m.label.clone()}</li> }).collect_view();
        view! { <section class="panel"><div class="empty"><h3 class="h3">"No CPU or memory data"</h3><p>{nothing(metrics, frame.now)}</p><ul class="soft text-xs">{marks}</ul></div></section> }
            .into_any()
    } else {
        let charts = [(Quantity::Cpu, "CPU", "cores per pod"), (Quantity::Memory, "Memory", "working set per pod")];
        view! { <div class=class>{charts.into_iter().map(|(q, title, split)| chart(metrics, q, title, split, live)).collect_view()}</div> }.into_any()
    };
    let note = if empty { None } else { missing };
    view! {
        <quays-chart data-src=src data-zoom=zoom>
            <script type="application/json" inner_html=json></script>
            {bar}
            <p class="chart-note" role="status" data-note hidden=note.is_none()>{note.clone()}</p>
            {body}
        </quays-chart>
        <script type="module" nonce=nonce src=module></script>
    }
    .into_any()
}

/// Why there is no chart.
fn nothing(metrics: &AppMetrics, now: UnixMs) -> String {
    if let Some(missing) = &metrics.missing {
        return missing.clone();
    }
    match metrics.window {
        None => format!("Only running pods are measured. The first sample arrives within {STEP_S} seconds of a pod's start."),
        Some(w) if w.from() >= now => "This time range is in the future.".to_owned(),
        Some(w) if w.to() < now.plus(-KEPT_MS) => "Charts go back 24 hours. This time range is older.".to_owned(),
        Some(_) => format!("No pod was measured in this time range. Running pods are measured every {STEP_S} seconds, so a shorter run leaves no data."),
    }
}

fn chart(metrics: &AppMetrics, quantity: Quantity, title: &'static str, split: &'static str, live: bool) -> AnyView {
    let lines = plot::lines(metrics, quantity);
    let id = format!("chart-{}", quantity.slug());
    let now = plot::now(&quantity.of(&metrics.total)).map_or_else(|| "–".to_owned(), |v| quantity.write(v));
    // The lines and the limit are of one pod each.
    let when = match (live, metrics.pods.len() > 1) {
        (true, false) => "now ",
        (false, false) => "last ",
        (true, true) => "all pods now ",
        (false, true) => "all pods last ",
    };
    let legend = lines
        .iter()
        .map(|line| {
            let value = line.now(quantity);
            let mono = line.slot.map(|_| "mono");
            view! { <li>{swatch(line)}<span class=mono title=line.title.clone()>{line.label.clone()}</span>" "<b>{value}</b></li> }
        })
        .collect_view();
    view! {
        <section class="panel">
            <figure class="chart" data-of=quantity.slug() aria-labelledby=id>
                <figcaption class="chart-head">
                    <h3 class="h3" id=id.clone()>{title}</h3>
                    <span class="muted text-xs trunc">{split}</span>
                    <span class="now"><small>{when}</small><b data-now>{now}</b></span>
                </figcaption>
                <div class="plot-box">{drawing(metrics, quantity, &lines, title)}</div>
                <ul class="legend">{legend}</ul>
                {table(metrics, quantity, &lines, title)}
            </figure>
        </section>
    }
    .into_any()
}

fn class(line: &Line) -> String {
    line.slot.map_or_else(|| "c-idle".to_owned(), |slot| format!("c-s{}", slot + 1))
}

fn swatch(line: &Line) -> AnyView {
    // The same shapes as in chart.js.
    const SHAPES: [&str; 6] = [
        "M0-3.25A3.25 3.25 0 1 0 0 3.25A3.25 3.25 0 1 0 0-3.25Z",
        "M-2.9-2.9H2.9V2.9H-2.9Z",
        "M0-4 3.8 3H-3.8Z",
        "M0-4.2 4.2 0 0 4.2-4.2 0Z",
        "M-1-3.5H1V-1H3.5V1H1V3.5H-1V1H-3.5V-1H-1Z",
        "M0 4 3.8-3H-3.8Z",
    ];
    let shape = line.slot.and_then(|s| SHAPES.get(s)).map(|d| view! { <path d=*d fill="currentColor"></path> });
    view! {
        <svg class=format!("sw {}", class(line)) viewBox="-7 -5 14 10" aria-hidden="true">
            <path d="M-7 0H7" stroke="currentColor" stroke-width="1.75"></path>
            {shape}
        </svg>
    }
    .into_any()
}

fn drawing(metrics: &AppMetrics, quantity: Quantity, lines: &[Line], title: &str) -> AnyView {
    let (request, limit) = (quantity.request(metrics), quantity.limit(metrics));
    let scale = Scale::new(lines, quantity, request, limit);
    let y = |value| TOP + scale.y(value, HEIGHT);
    let grid = scale
        .grid
        .iter()
        .map(|v| {
            let at = y(*v);
            view! {
                <line class="grid" x1="0" x2="100%" y1=at y2=at></line>
                <text class="axis" x="-8" y=at + 4.0 text-anchor="end">{quantity.write(*v)}</text>
            }
        })
        .collect_view();
    // The limit's words stand on the right and the request's on the left, so that they never meet.
    let level = |value: u64, line: &'static str, text: &'static str, words: String, (x, anchor): (&'static str, &'static str)| {
        let at = y(value);
        view! {
            <line class=line x1="0" x2="100%" y1=at y2=at></line>
            <text class=format!("{text} halo") x=x y=at - 4.0 text-anchor=anchor>{words}</text>
        }
    };
    let request = request.map(|v| level(v, "request", "req-t", format!("request {}", quantity.write(v)), ("4", "start")));
    let limit = limit.map(|v| {
        if scale.limit_above {
            let words = format!("limit {} ↑", quantity.write(v));
            view! { <text class="lim-t halo" x="100%" y=TOP + 12.0 text-anchor="end">{words}</text> }.into_any()
        } else {
            level(v, "limit", "lim-t", format!("limit {}", quantity.write(v)), ("100%", "end")).into_any()
        }
    });
    let paths =
        lines.iter().map(|line| view! { <path class=class(line) d=plot::path(&line.values, &scale, HEIGHT) stroke="currentColor"></path> }).collect_view();
    let span = i64::from(metrics.steps.saturating_sub(1)) * metrics.step_s * 1000;
    let times = [0_i64, 1, 2, 3, 4]
        .map(|quarter| {
            let at = metrics.from.plus(span * quarter / 4);
            let anchor = match quarter {
                0 => "start",
                4 => "end",
                _ => "middle",
            };
            view! { <text class="axis" x=format!("{}%", quarter * 25) y=TOP + HEIGHT + 16.0 text-anchor=anchor>{minutes(at)}</text> }
        })
        .into_iter()
        .collect_view();
    let marks = metrics
        .marks
        .iter()
        .filter_map(|mark| {
            let x = format!("{}%", percent(mark.at, metrics.from, span, metrics.step_s * 1000)?);
            let class = match mark.kind {
                MarkKind::Deploy => "dep",
                MarkKind::Oom => "kill",
                MarkKind::Restart => "again",
            };
            let label = mark.label.clone();
            Some(view! { <line class=class x1=x.clone() x2=x y1=TOP - 6.0 y2=TOP + HEIGHT><title>{label}</title></line> })
        })
        .collect_view();
    let values = lines.iter().map(|l| format!("{} {}", l.label, l.now(quantity))).collect::<Vec<_>>();
    let name = format!("{title} per pod, times in UTC. Now: {}.", values.join(", "));
    view! {
        <svg class="plot" height=TOP + HEIGHT + 22.0 role="img" aria-label=name>
            {grid}
            <svg x="0" y=TOP width="100%" height=HEIGHT viewBox=format!("0 0 1000 {HEIGHT}") preserveAspectRatio="none">{paths}</svg>
            {request}
            {limit}
            {marks}
            {times}
        </svg>
    }
    .into_any()
}

/// Where a moment lies in the chart, in per cent; `None` beside it. The chart ends where its last step begins; what
/// happens within that step stands at the edge.
#[allow(clippy::cast_precision_loss)]
fn percent(at: UnixMs, from: UnixMs, span: i64, step: i64) -> Option<f64> {
    let since = at.since(from);
    (span > 0 && (0..=span + step).contains(&since)).then(|| (since.min(span) as f64 / span as f64 * 1000.0).round() / 10.0)
}

fn minutes(at: UnixMs) -> String {
    at.clock().chars().take(5).collect()
}

fn table(metrics: &AppMetrics, quantity: Quantity, lines: &[Line], title: &'static str) -> AnyView {
    let heads = lines.iter().map(|l| view! { <th scope="col" class="num" title=l.title.clone()>{l.label.clone()}</th> }).collect_view();
    let rows = plot::rows(metrics.steps as usize)
        .into_iter()
        .map(|step| {
            let at = metrics.from.plus(i64::try_from(step).unwrap_or(0) * metrics.step_s * 1000);
            let cells = lines
                .iter()
                .map(|l| {
                    let text = l.values.get(step).copied().flatten().map_or_else(|| "–".to_owned(), |v| quantity.write(v));
                    view! { <td class="num">{text}</td> }
                })
                .collect_view();
            view! { <tr><th scope="row">{at.clock()}</th>{cells}</tr> }
        })
        .collect_view();
    view! {
        <details class="as-table" data-of=quantity.slug()>
            <summary><span class="link">"Show as table"</span></summary>
            <div class="scroll-x" tabindex="0" role="region" aria-label=format!("{title} as a table")>
                <table class="tbl">
                    <caption class="sr-only">{title}" per pod"</caption>
                    <thead><tr><th scope="col">"Time (UTC)"</th>{heads}</tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </details>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(from_min: i64, to_min: i64) -> AppMetrics {
        let now = UnixMs(1_790_000_000_000);
        AppMetrics { window: Window::new(now.plus(from_min * 60_000), now.plus(to_min * 60_000)), ..AppMetrics::default() }
    }

    #[test]
    fn a_chart_without_a_line_says_why() {
        let why = |metrics: AppMetrics| nothing(&metrics, UnixMs(1_790_000_000_000));
        assert!(why(window(-2_000, -1_900)).contains("24 hours"));
        assert!(why(window(10, 20)).contains("future"));
        assert!(why(window(-30, 5)).contains("a shorter run leaves no data"));
        assert_eq!(why(AppMetrics { missing: Some("No metrics-server.".into()), ..window(-30, 5) }), "No metrics-server.");
    }

    #[test]
    fn the_app_is_read_from_the_path_of_its_page() {
        let id = app_of("/apps/web/deployment/loklak-server/metrics?range=6h").unwrap();
        assert_eq!(id.api_path(), "/api/v1/namespaces/web/apps/deployment/loklak-server");
        assert_eq!(app_of("/secrets/web"), None);
    }
}
