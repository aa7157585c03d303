//! One app of the list, cell by cell.

use super::Around;
use crate::digest::{Digest, whole};
use crate::html::Html;
use crate::parts::kind_short;
use domain::view::{AppRow, LastChange, Pip};
use domain::{Kind, UnixMs};

/// A column of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// Name, and the namespace where no group says it.
    Name,
    /// Word and reason, the sentence in its title.
    Status,
    /// A bar per pod, and how many are ready.
    Ready,
    /// The first image.
    Image,
    /// CPU in the last hour.
    Cpu,
    /// Memory in the last hour.
    Memory,
    /// Restarts.
    Restarts,
    /// Age.
    Age,
    /// Last change.
    Changed,
    /// Links.
    Actions,
}

impl Column {
    /// In the order on the page.
    pub const ALL: [Self; 10] =
        [Self::Name, Self::Status, Self::Ready, Self::Image, Self::Cpu, Self::Memory, Self::Restarts, Self::Age, Self::Changed, Self::Actions];

    /// A digest of what the cell shows of the row. Equal digests stand for equal cells, but for ages, which go on by themselves.
    #[must_use]
    pub fn digest(self, row: &AppRow) -> Digest {
        let d = Digest::default();
        match self {
            // What they show is the row's identity.
            Self::Name | Self::Actions => d,
            Self::Status => row.remarks.iter().fold(d.text(row.status.word.text()).text(&row.status.reason).text(&row.status.sentence), |d, remark| {
                d.text(&remark.reason).text(&remark.text).text(&remark.remedy)
            }),
            Self::Ready => row.pips.iter().fold(d.number(row.ready.into()).number(row.wanted.into()), |d, pip| d.number(number(*pip))),
            Self::Image => d.text(row.images.first().map_or("", String::as_str)),
            Self::Cpu => d.bytes(&row.usage.cpu_spark).maybe(row.usage.cpu.map(|c| c.0)),
            Self::Memory => d.bytes(&row.usage.memory_spark).maybe(row.usage.memory.map(|m| m.0)),
            Self::Restarts => d.number(row.restarts.into()),
            Self::Age => d.number(row.created.0.cast_unsigned()),
            Self::Changed => {
                row.changed.as_ref().map_or(d, |change| d.number(change.at.0.cast_unsigned()).number(is_creation(row, change.at).into()).text(&change.by))
            }
        }
    }

    /// Writes the cell.
    pub fn cell(self, row: &AppRow, around: &Around, out: &mut Html) {
        match self {
            Self::Name => {
                let name = row.id.name.as_str();
                out.raw("<th scope=\"row\" role=\"rowheader\" class=\"c-name\"><a class=\"name\"").attr("href", &around.links.to(&row.id.path()));
                out.attr("title", name).raw(">").mid(name);
                out.raw("</a>");
                if around.spaces {
                    out.raw("<span class=\"c-ns muted\">").text(row.id.namespace.as_str()).raw("</span>");
                }
                out.raw("<span class=\"c-kind muted\">").raw(kind_short(row.id.kind)).raw("</span></th>");
            }
            Self::Status => {
                out.raw("<td role=\"cell\" class=\"c-st\"").attr("title", &row.status.sentence).raw(">").noted(row);
                out.raw("</td>");
            }
            Self::Ready => {
                out.raw("<td role=\"cell\" class=\"c-rdy\">");
                // Between its runs a cron job has no pods, and wants none.
                if row.id.kind == Kind::CronJob && row.wanted == 0 {
                    out.raw("<span class=\"muted\" title=\"No active run\">–</span>");
                } else {
                    out.pips(&row.pips, row.ready, row.wanted);
                }
                out.raw("</td>");
            }
            Self::Image => {
                out.raw("<td role=\"cell\" class=\"c-img\">").image(row.images.first().map_or("", String::as_str));
                out.raw("</td>");
            }
            Self::Cpu => {
                out.raw("<td role=\"cell\" class=\"num c-cpu\">").spark(&row.usage.cpu_spark, row.usage.cpu.map(|c| c.to_string()).as_deref());
                out.raw("</td>");
            }
            Self::Memory => {
                out.raw("<td role=\"cell\" class=\"num c-mem\">").spark(&row.usage.memory_spark, row.usage.memory.map(|m| m.to_string()).as_deref());
                out.raw("</td>");
            }
            Self::Restarts => {
                out.raw(if row.restarts == 0 {
                    "<td role=\"cell\" class=\"num c-rst muted\">"
                } else {
                    "<td role=\"cell\" class=\"num c-rst font-medium c-bad\">"
                });
                out.text(&row.restarts.to_string()).raw("</td>");
            }
            Self::Age => {
                out.raw("<td role=\"cell\" class=\"num c-age soft\">").aging("{}", row.created, around.now);
                out.raw("</td>");
            }
            Self::Changed => {
                // The age of what was never changed is told once, where there is a column for it.
                let creation = row.changed.as_ref().is_some_and(|change| is_creation(row, change.at));
                out.raw(if creation { "<td role=\"cell\" class=\"c-chg soft is-new\"" } else { "<td role=\"cell\" class=\"c-chg soft\"" });
                if let Some(LastChange { at, by }) = &row.changed {
                    out.attr("title", &format!("{} by {by}", if creation { "Created" } else { "Changed" })).raw(">");
                    out.aging("{}", *at, around.now);
                    out.raw(" <span class=\"muted\">").text(short_manager(by)).raw("</span>");
                } else {
                    out.raw(">");
                }
                out.raw("</td>");
            }
            Self::Actions => {
                out.raw("<td role=\"cell\" class=\"c-act\"><a class=\"copybtn row-act to-logs\" data-logs=\"\"");
                out.attr("href", &around.links.to(&format!("{}/logs", row.id.path()))).attr("aria-label", &format!("Logs of {}", row.id.name));
                out.raw(" title=\"Logs\"></a><button type=\"button\" class=\"copybtn row-more\" data-more=\"\" aria-haspopup=\"dialog\"");
                out.attr("aria-label", &format!("Actions for {}", row.id.name)).raw(" title=\"Actions\"></button></td>");
            }
        }
    }
}

/// How far apart creation and its traces may be.
const SAME_MS: i64 = 10_000;

/// Whether the last change is the creation.
fn is_creation(row: &AppRow, at: UnixMs) -> bool {
    at.since(row.created) < SAME_MS
}

/// `kubectl` for `kubectl-client-side-apply` and its like: the part of the tool is for the title.
fn short_manager(who: &str) -> &str {
    if who.starts_with("kubectl-") { "kubectl" } else { who }
}

const fn number(pip: Pip) -> u64 {
    match pip {
        Pip::Ready => 1,
        Pip::Starting => 2,
        Pip::NotReady => 3,
        Pip::Failing => 4,
        Pip::Missing => 5,
    }
}

/// Writes a row. It carries the digest of what it shows, so that the browser adopts it as it is where nothing has changed
/// since.
pub fn write_row(row: &AppRow, around: &Around, out: &mut Html) {
    out.raw("<tr role=\"row\"").attr("data-row", &whole(&digests(row))).attr("id", &row.id.to_string()).raw(">");
    for column in Column::ALL {
        column.cell(row, around, out);
    }
    out.raw("</tr>");
}

/// The digests of all cells of a row.
#[must_use]
pub fn digests(row: &AppRow) -> [Digest; 10] {
    Column::ALL.map(|column| column.digest(row))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::html::html;
    use crate::links::Links;
    use domain::status::{Status, Word};
    use domain::view::{RemarkRow, Usage};
    use domain::{AppId, Bytes, MilliCpu, Namespace, UnixMs, WorkloadName};

    fn app() -> AppRow {
        AppRow {
            id: AppId { namespace: Namespace::parse("web").unwrap(), kind: Kind::Deployment, name: WorkloadName::parse("kpow").unwrap() },
            team: None,
            release: None,
            status: Status { word: Word::Running, code: None, reason: "ready".into(), sentence: "Its pods are ready.".into(), since: None, evidence: vec![] },
            remarks: vec![RemarkRow {
                code: "c".into(),
                reason: "no limit".into(),
                text: "It has no limit.".into(),
                remedy: "Set one.".into(),
                evidence: vec![],
            }],
            ready: 2,
            wanted: 2,
            pips: vec![Pip::Ready, Pip::Ready],
            images: vec!["registry.example.org/kpow:1.2".into()],
            restarts: 0,
            usage: Usage { cpu: Some(MilliCpu(5)), memory: None, cpu_spark: vec![1, 2], memory_spark: vec![] },
            created: UnixMs(0),
            changed: Some(LastChange { at: UnixMs(90_000_000), by: "Ilse".into() }),
        }
    }

    fn around() -> Around {
        Around { links: Links::default(), now: UnixMs(400_000_000), spaces: true, creates: false }
    }

    #[test]
    fn a_cell_that_says_something_else_has_another_digest_and_the_others_keep_theirs() {
        type Change = fn(&mut AppRow);
        let changes: [(Column, Change); 22] = [
            (Column::Status, |r| r.status.word = Word::Paused),
            (Column::Status, |r| r.status.reason = "1 of 2".into()),
            (Column::Status, |r| r.status.sentence = "One is not.".into()),
            (Column::Status, |r| r.remarks.clear()),
            (Column::Status, |r| r.remarks[0].reason = "no request".into()),
            (Column::Status, |r| r.remarks[0].remedy = "Set it.".into()),
            (Column::Ready, |r| r.ready = 1),
            (Column::Ready, |r| r.wanted = 3),
            (Column::Ready, |r| r.pips[1] = Pip::Failing),
            (Column::Ready, |r| r.pips.push(Pip::Ready)),
            (Column::Image, |r| r.images[0] = "registry.example.org/kpow:1.3".into()),
            (Column::Image, |r| r.images.clear()),
            (Column::Cpu, |r| r.usage.cpu = None),
            (Column::Cpu, |r| r.usage.cpu = Some(MilliCpu(6))),
            (Column::Cpu, |r| r.usage.cpu_spark = vec![1, 3]),
            (Column::Memory, |r| r.usage.memory = Some(Bytes(0))),
            (Column::Memory, |r| r.usage.memory_spark = vec![0, 0]),
            (Column::Restarts, |r| r.restarts = 1),
            (Column::Age, |r| r.created = UnixMs(40_000_000)),
            (Column::Changed, |r| r.changed = None),
            (Column::Changed, |r| r.changed = Some(LastChange { at: UnixMs(90_000_000), by: "Mara".into() })),
            (Column::Changed, |r| r.changed = Some(LastChange { at: UnixMs(5), by: "Ilse".into() })),
        ];
        let before = app();
        for (changed, change) in changes {
            let mut after = before.clone();
            change(&mut after);
            for column in Column::ALL {
                let cell = |row: &AppRow| html(|h| column.cell(row, &around(), h));
                assert_eq!(cell(&before) == cell(&after), column != changed, "{column:?} after a change of {changed:?}");
                assert_eq!(column.digest(&before) == column.digest(&after), column != changed, "digest of {column:?} after a change of {changed:?}");
            }
            assert_ne!(whole(&digests(&before)), whole(&digests(&after)), "{changed:?}");
        }
    }

    #[test]
    fn the_last_change_says_no_time_twice_and_names_the_tool_alone() {
        let mut row = app();
        row.changed = Some(LastChange { at: UnixMs(4_000), by: "kubectl-client-side-apply".into() });
        let cell = |row: &AppRow| html(|h| Column::Changed.cell(row, &around(), h)).into_string();
        let said = cell(&row);
        assert!(said.contains(" is-new\"") && said.contains(">kubectl</span>"), "{said}");
        assert!(said.contains("title=\"Created by kubectl-client-side-apply\""), "{said}");
        row.changed = Some(LastChange { at: UnixMs(90_000_000), by: "kubectl-edit".into() });
        let said = cell(&row);
        assert!(!said.contains("is-new") && said.contains("title=\"Changed by kubectl-edit\""), "{said}");
    }

    #[test]
    fn what_no_cell_shows_changes_no_digest() {
        let mut other = app();
        other.release = Some("kaa".into());
        other.status.since = Some(UnixMs(1));
        other.images.push("sidecar:1".into());
        assert_eq!(digests(&other), digests(&app()));
    }

    #[test]
    fn a_row_is_written_with_its_identity_and_what_it_shows() {
        let html = html(|h| write_row(&app(), &around(), h)).into_string();
        assert!(html.starts_with(&format!("<tr role=\"row\" data-row=\"{}\" id=\"web/deployment/kpow\">", whole(&digests(&app())))), "{html}");
        for part in
            [">kpow</span>", ">web</span>", "<b>Running</b>", ">2/2</span>", ">1.2</span>", ">5m</span>", ">3 d</time>", "Logs of kpow", "Actions for kpow"]
        {
            assert!(html.contains(part), "{part} in {html}");
        }
    }
}
