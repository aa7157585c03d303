//! Charts of CPU and memory. The server draws them as SVG; `<quays-chart>` draws over that in the browser and keeps
//! them fresh.

mod plot;

use self::plot::{Line, Quantity, Scale};
use crate::page::Frame;
use domain::metrics::{AppMetrics, Range};
use domain::view::AppDetail;
use domain::{AppId, Kind, Namespace, UnixMs, WorkloadName};
use leptos::prelude::*;

/// Height of the drawing between its labels and its time axis, px.
const HEIGHT: f64 = 124.0;
const TOP: f64 = 18.0;

/// The tab: range links above the charts.
#[must_use]
pub fn view(frame: &Frame, detail: &AppDetail, range: Range, metrics: &AppMetrics) -> AnyView {
    let path = format!("{}/metrics", detail.row.id.path());
    let ranges = Range::ALL.map(|r| {
        let href = frame.links().with(&path, &[("range", r.slug())]);
        view! { <a href=href aria-current=(r == range).then_some("true")>{words(r)}</a> }
    });
    let bar = view! {
        <div class="m-bar">
            <nav class="seg" aria-label="Range">{ranges.into_iter().collect_view()}</nav>
            <span class="m-bar-end"><span class="cross-t" data-cross hidden><b></b><span class="muted"></span></span></span>
        </div>
    };
    framed(frame, Some(&detail.row.id), metrics, bar.into_any(), "m-grid")
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
    let src = app.map(|id| format!("{}/metrics?range={}", frame.base.link(&id.api_path()), metrics.range.slug()));
    let json = leptos::serde_json::to_string(metrics).unwrap_or_default().replace('<', "\\u003c");
    let module = frame.base.link(&frame.assets.chart_js);
    let nonce = frame.nonce.clone();
    let missing = metrics.missing.clone();
    let empty = metrics.pods.is_empty();
    let body = if empty {
        let sentence =
            missing.clone().unwrap_or_else(|| "Only running pods are measured. The first sample arrives within 15 seconds of a pod's start.".to_owned());
        view! { <section class="panel"><div class="empty"><h3 class="h3">"No CPU or memory data"</h3><p>{sentence}</p></div></section> }.into_any()
    } else {
        let charts = [(Quantity::Cpu, "CPU", "cores per pod"), (Quantity::Memory, "Memory", "working set per pod")];
        view! { <div class=class>{charts.into_iter().map(|(q, title, split)| chart(metrics, q, title, split)).collect_view()}</div> }.into_any()
    };
    let note = if empty { None } else { missing };
    view! {
        <quays-chart data-src=src>
            <script type="application/json" inner_html=json></script>
            {bar}
            <p class="chart-note" role="status" data-note hidden=note.is_none()>{note.clone()}</p>
            {body}
        </quays-chart>
        <script type="module" nonce=nonce src=module></script>
    }
    .into_any()
}

fn chart(metrics: &AppMetrics, quantity: Quantity, title: &'static str, split: &'static str) -> AnyView {
    let lines = plot::lines(metrics, quantity);
    let id = format!("chart-{}", quantity.slug());
    let now = plot::now(&quantity.of(&metrics.total)).map_or_else(|| "–".to_owned(), |v| quantity.write(v));
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
                    <span class="now"><small>"now "</small><b data-now>{now}</b></span>
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
    let level = |value: u64, line: &'static str, text: &'static str, word: &str| {
        let at = y(value);
        let words = format!("{word} {}", quantity.write(value));
        view! {
            <line class=line x1="0" x2="100%" y1=at y2=at></line>
            <text class=format!("{text} halo") x="4" y=at - 4.0>{words}</text>
        }
    };
    let request = request.map(|v| level(v, "request", "req-t", "request"));
    let limit = limit.map(|v| {
        if scale.limit_above {
            let words = format!("limit {}, above this chart", quantity.write(v));
            view! { <text class="lim-t halo" x="4" y=TOP - 8.0>{words}</text> }.into_any()
        } else {
            level(v, "limit", "lim-t", "limit").into_any()
        }
    });
    let paths =
        lines.iter().map(|line| view! { <path class=class(line) d=plot::path(&line.values, &scale, HEIGHT) stroke="currentColor"></path> }).collect_view();
    let span = i64::try_from(metrics.steps.saturating_sub(1)).unwrap_or(0) * metrics.step_s * 1000;
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
            let class = if mark.kind == "oom" { "kill" } else { "dep" };
            let label = mark.label.clone();
            Some(view! { <line class=class x1=x.clone() x2=x y1=TOP - 6.0 y2=TOP + HEIGHT><title>{label}</title></line> })
        })
        .collect_view();
    let values = lines.iter().map(|l| format!("{} {}", l.label, l.now(quantity))).collect::<Vec<_>>();
    let name = format!("{title} per pod, times in UTC. Now: {}.", values.join(", "));
    view! {
        <svg class="plot" height="162" role="img" aria-label=name>
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
    let rows = plot::rows(metrics.steps)
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

    #[test]
    fn the_app_is_read_from_the_path_of_its_page() {
        let id = app_of("/apps/web/deployment/loklak-server/metrics?range=6h").unwrap();
        assert_eq!(id.api_path(), "/api/v1/namespaces/web/apps/deployment/loklak-server");
        assert_eq!(app_of("/secrets/web"), None);
    }
}
