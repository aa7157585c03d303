//! One pod of an app, cell by cell.

use crate::digest::{Digest, whole};
use crate::html::Html;
use crate::list::Around;
use crate::parts::Use;
use domain::view::{ContainerRow, PodRow};
use domain::{AppId, Bytes, MilliCpu};
use std::fmt::Display;

/// A cell of a pod.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Name.
    Name,
    /// Word and reason.
    Status,
    /// Containers that are ready.
    Ready,
    /// Restarts.
    Restarts,
    /// CPU now.
    Cpu,
    /// Memory now.
    Memory,
    /// Node, with the address in its title.
    Node,
    /// Age.
    Age,
    /// The way to its log.
    Logs,
    /// The containers, in a row of their own.
    Containers,
}

impl Cell {
    /// In the order on the page.
    pub const ALL: [Self; 10] =
        [Self::Name, Self::Status, Self::Ready, Self::Restarts, Self::Cpu, Self::Memory, Self::Node, Self::Age, Self::Logs, Self::Containers];

    /// A digest of what the cell shows of the pod, as in the list of apps.
    #[must_use]
    pub fn digest(self, pod: &PodRow) -> Digest {
        let d = Digest::default();
        match self {
            // What they show is the pod's identity.
            Self::Name | Self::Logs => d,
            Self::Status => d.text(pod.status.word.text()).text(&pod.status.reason).text(&pod.status.sentence),
            Self::Ready => d.number(pod.ready.into()).number(wanted(pod) as u64),
            Self::Restarts => d.number(pod.restarts.into()),
            Self::Cpu => cpu(pod).map_or(d, |u| [Some(u.now), u.request, u.limit].iter().fold(d, |d, v| d.number(v.map_or(0, |v| v.0.saturating_add(1))))),
            Self::Memory => {
                memory(pod).map_or(d, |u| [Some(u.now), u.request, u.limit].iter().fold(d, |d, v| d.number(v.map_or(0, |v| v.0.saturating_add(1)))))
            }
            Self::Node => d.text(pod.node.as_deref().unwrap_or_default()).text(pod.ip.as_deref().unwrap_or_default()),
            Self::Age => d.number(pod.created.0.cast_unsigned()),
            Self::Containers => pod.containers.iter().fold(d, |d, c| {
                let flags = [c.init, c.sidecar, c.ephemeral, c.ready, c.has_previous, c.last.is_some()].map(u8::from);
                d.text(&c.name).text(&c.image).text(&c.state).text(c.last.as_deref().unwrap_or_default()).bytes(&flags)
            }),
        }
    }

    /// Writes the cell; the containers with the row that they stand in.
    pub fn write(self, pod: &PodRow, app: &AppId, around: &Around, out: &mut Html) {
        let logs = |pairs: &[(&str, &str)]| around.links.with(&format!("{}/logs", app.path()), pairs);
        match self {
            Self::Name => {
                out.raw("<th scope=\"row\" role=\"rowheader\" class=\"c-name\"><a class=\"name\"").attr("href", &logs(&[("pod", &pod.name)]));
                out.attr("title", &pod.name).raw(">").mid(&pod.name);
                out.raw("</a></th>");
            }
            Self::Status => {
                out.raw("<td role=\"cell\" class=\"c-st\"").attr("title", &pod.status.sentence).raw(">").status(pod.status.word, &pod.status.reason);
                out.raw("</td>");
            }
            Self::Ready => number("c-rdy", "Ready", &format!("{}/{}", pod.ready, wanted(pod)), out),
            Self::Restarts => number(if pod.restarts == 0 { "num muted" } else { "num font-medium c-bad" }, "Restarts", &pod.restarts.to_string(), out),
            Self::Cpu => used("CPU", cpu(pod), |c| c.0, out),
            Self::Memory => used("Memory", memory(pod), |m| m.0, out),
            Self::Node => {
                out.raw("<td role=\"cell\" class=\"soft c-node\"");
                if let Some(ip) = &pod.ip {
                    out.attr("title", ip);
                }
                out.raw(">").text(&pod.node.clone().unwrap_or_else(dash)).raw("</td>");
            }
            Self::Age => {
                label("num soft c-age", "Age", out);
                out.aging("{}", pod.created, around.now);
                out.raw("</td>");
            }
            Self::Logs => {
                out.raw("<td role=\"cell\" class=\"num c-lnk\"><a class=\"link\" data-logs=\"\"").attr("href", &logs(&[("pod", &pod.name)]));
                out.attr("aria-label", &format!("Logs of {}", pod.name)).raw(">Logs</a></td>");
            }
            Self::Containers => {
                out.raw("<tr class=\"ctr\" role=\"row\"><td role=\"cell\" colspan=\"9\"><ul>");
                for c in &pod.containers {
                    let of = [("pod", pod.name.as_str()), ("container", c.name.as_str()), ("previous", "true")];
                    container(c, &logs(&of), &logs(&of[..2]), out);
                }
                out.raw("</ul></td></tr>");
            }
        }
    }
}

fn dash() -> String {
    "–".to_owned()
}

// Containers that have to be ready.
fn wanted(pod: &PodRow) -> usize {
    pod.containers.iter().filter(|c| !c.init && !c.ephemeral).count()
}

// A number that says what it is where the table has become cards.
fn number(class: &'static str, name: &'static str, value: &str, out: &mut Html) {
    label(class, name, out);
    out.text(value).raw("</td>");
}

fn cpu(pod: &PodRow) -> Option<Use<MilliCpu>> {
    Some(Use { now: pod.cpu?, request: pod.bounds.cpu_request, limit: pod.bounds.cpu_limit })
}

fn memory(pod: &PodRow) -> Option<Use<Bytes>> {
    Some(Use { now: pod.memory?, request: pod.bounds.memory_request, limit: pod.bounds.memory_limit })
}

// A number with a bar, where it is known.
fn used<T: Copy + Display>(name: &'static str, use_: Option<Use<T>>, number_of: impl Fn(T) -> u64, out: &mut Html) {
    let Some(use_) = use_ else { return number("num", name, &dash(), out) };
    out.raw("<td role=\"cell\" class=\"num c-use\"").attr("title", &use_.words()).raw("><span class=\"card-only muted\" aria-hidden=\"true\">").raw(name);
    out.raw(" </span>").text(&use_.now.to_string()).usage(number_of(use_.now), use_.request.map(&number_of), use_.limit.map(&number_of));
    out.raw("</td>");
}

fn label(class: &'static str, name: &'static str, out: &mut Html) {
    out.raw("<td role=\"cell\"").attr("class", class).raw("><span class=\"card-only muted\" aria-hidden=\"true\">").raw(name).raw(" </span>");
}

fn container(c: &ContainerRow, previous: &str, log: &str, out: &mut Html) {
    out.raw("<li>");
    if c.ready {
        out.raw("<span class=\"c-ok\">").glyph("pass");
    } else {
        out.raw("<span class=\"c-idle\">").icon("clock");
    }
    out.raw("</span><b class=\"mono font-medium\">").text(&c.name).raw("</b>");
    if c.init {
        out.raw("<span class=\"tag\" title=\"Runs before the other containers\">init</span>");
    } else if c.sidecar {
        out.raw("<span class=\"tag\" title=\"Starts before the others and runs beside them\">sidecar</span>");
    } else if c.ephemeral {
        out.raw("<span class=\"tag\" title=\"Ephemeral container, added for debugging\">debug</span>");
    }
    out.image(&c.image);
    out.raw("<span>").text(&c.state).raw("</span>");
    if let Some(last) = &c.last {
        out.raw("<span class=\"soft\">Previously: ").text(last).raw("</span>");
    }
    if c.has_previous {
        out.raw("<a class=\"link\"").attr("href", previous).raw(">Log from before the restart</a>");
    }
    // There is no other way to its log than by its name: it is not part of the app's.
    if c.ephemeral {
        out.raw("<a class=\"link\"").attr("href", log).raw(">Log</a>");
    }
    out.raw("</li>");
}

/// The digests of all cells of a pod.
#[must_use]
pub fn digests(pod: &PodRow) -> [Digest; 10] {
    Cell::ALL.map(|cell| cell.digest(pod))
}

/// Writes a pod: a body of the table, with its name and the digest of what it shows.
pub fn write_pod(pod: &PodRow, app: &AppId, around: &Around, out: &mut Html) {
    out.raw("<tbody role=\"rowgroup\"").attr("data-row", &whole(&digests(pod))).attr("data-pod-row", &pod.name).raw("><tr role=\"row\">");
    for cell in Cell::ALL {
        if cell == Cell::Containers {
            out.raw("</tr>");
        }
        cell.write(pod, app, around, out);
    }
    out.raw("</tbody>");
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;
    use crate::html::html;
    use crate::render_tests::{NOW, detail};
    use domain::status::Word;
    use domain::view::Bounds;

    #[test]
    fn a_cell_that_says_something_else_has_another_digest_and_the_others_keep_theirs() {
        type Change = fn(&mut PodRow);
        let changes: [(Cell, Change); 14] = [
            (Cell::Status, |p| p.status.word = Word::Paused),
            (Cell::Status, |p| p.status.sentence = "It waits.".into()),
            (Cell::Ready, |p| p.ready = 1),
            (Cell::Restarts, |p| p.restarts += 1),
            (Cell::Cpu, |p| p.cpu = Some(MilliCpu(0))),
            (Cell::Memory, |p| p.memory = Some(Bytes(1))),
            (Cell::Node, |p| p.node = None),
            (Cell::Node, |p| p.ip = Some("10.0.0.1".into())),
            (Cell::Age, |p| p.created = p.created.plus(-400_000_000)),
            (Cell::Containers, |p| p.containers[0].state = "runs".into()),
            (Cell::Containers, |p| p.containers[0].ready = true),
            (Cell::Containers, |p| p.containers[0].last = None),
            (Cell::Containers, |p| p.containers[0].has_previous = false),
            (Cell::Containers, |p| p.containers[0].image = "other:2".into()),
        ];
        let d = detail(Word::Failing);
        let around = Around { links: crate::links::Links::default(), now: NOW, spaces: false, creates: false };
        let before = &d.pods[0];
        for (changed, change) in changes {
            let mut after = before.clone();
            change(&mut after);
            for cell in Cell::ALL {
                let written = |pod: &PodRow| html(|h| cell.write(pod, &d.row.id, &around, h));
                assert_eq!(written(before) == written(&after), cell != changed, "{cell:?} after a change of {changed:?}");
                assert_eq!(cell.digest(before) == cell.digest(&after), cell != changed, "digest of {cell:?} after a change of {changed:?}");
            }
        }
    }

    #[test]
    fn use_is_held_against_request_and_limit_and_a_new_limit_is_a_change() {
        let mut pod = detail(Word::Running).pods.remove(0);
        pod.cpu = Some(MilliCpu(400));
        let around = Around { links: crate::links::Links::default(), now: NOW, spaces: false, creates: false };
        let written = |pod: &PodRow| html(|h| Cell::Cpu.write(pod, &detail(Word::Running).row.id, &around, h)).into_string();
        assert!(!written(&pod).contains("use-bar"));
        let before = Cell::Cpu.digest(&pod);
        pod.bounds = Bounds { cpu_limit: Some(MilliCpu(1000)), ..Bounds::default() };
        let html = written(&pod);
        assert!(html.contains("title=\"400m of its limit 1\"") && html.contains("use-now\" width=\"400\""), "{html}");
        assert_ne!(Cell::Cpu.digest(&pod), before);
        assert_eq!(Cell::Memory.digest(&pod), Cell::Memory.digest(&detail(Word::Running).pods[0]));
    }
}
