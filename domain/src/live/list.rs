//! Filter, order and groups of the list; all of it stands in the URL.

use crate::status::Word;
use crate::view::AppRow;
use crate::{Kind, UnixMs};
use std::cmp::{Ordering, Reverse};
use std::collections::BTreeMap;

/// By what the list is ordered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// What needs a person first, then by name.
    #[default]
    Status,
    /// By name.
    Name,
    /// Most restarts first.
    Restarts,
    /// Most CPU first.
    Cpu,
    /// Most memory first.
    Memory,
    /// Newest first.
    Age,
    /// Most replicas that are not ready first.
    Ready,
    /// By the first image.
    Image,
    /// Last changed first.
    Changed,
}

/// By what the list is grouped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum GroupBy {
    /// Not at all.
    #[default]
    None,
    /// By namespace.
    Namespace,
    /// By team.
    Team,
    /// By Helm release.
    Release,
}

/// What of the list is wanted, and how.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListQuery {
    /// Words that must all occur in the name, namespace, image, release, team, sentence or remarks.
    pub text: String,
    /// Only these words; empty for all.
    pub words: Vec<Word>,
    /// Only these kinds; empty for all.
    pub kinds: Vec<Kind>,
    /// Order.
    pub sort: Sort,
    /// The other way round.
    pub reverse: bool,
    /// Groups.
    pub group: GroupBy,
    /// Titles of the groups that are collapsed, each once; the empty one is the group of rows that belong to none.
    pub collapsed: Vec<String>,
}

/// Longest filter text, and longest title of a group, that is kept.
const MOST_TEXT: usize = 200;
/// Most collapsed groups that are kept.
const MOST_COLLAPSED: usize = 200;
/// Most bytes of their titles.
const MOST_COLLAPSED_BYTES: usize = 2048;

impl Sort {
    const ALL: [(Self, &'static str); 9] = [
        (Self::Status, "status"),
        (Self::Name, "name"),
        (Self::Restarts, "restarts"),
        (Self::Cpu, "cpu"),
        (Self::Memory, "memory"),
        (Self::Age, "age"),
        (Self::Ready, "ready"),
        (Self::Image, "image"),
        (Self::Changed, "changed"),
    ];
}

impl GroupBy {
    const ALL: [(Self, &'static str); 4] = [(Self::None, "none"), (Self::Namespace, "namespace"), (Self::Team, "team"), (Self::Release, "release")];
}

fn from_slug<T: Copy>(all: &[(T, &'static str)], slug: &str) -> Option<T> {
    all.iter().find(|(_, s)| *s == slug).map(|(t, _)| *t)
}

fn to_slug<T: PartialEq>(all: &[(T, &'static str)], one: &T) -> String {
    all.iter().find(|(t, _)| t == one).map_or("", |(_, s)| s).to_owned()
}

impl ListQuery {
    /// Reads decoded pairs of a URL's query: `q`, `status` and `kind` (repeated or with commas), `sort` (with a `-` in
    /// front for the other way round), `group`, `collapsed` (repeated). What it does not know it leaves out.
    #[must_use]
    pub fn from_pairs(pairs: &[(String, String)]) -> Self {
        let mut query = Self::default();
        for (key, value) in pairs {
            let parts = || value.split(',').map(str::trim).filter(|p| !p.is_empty());
            match key.as_str() {
                "q" => query.text = value.chars().take(MOST_TEXT).collect(),
                "status" => query.words.extend(parts().filter_map(|p| Word::ALL.into_iter().find(|w| w.text().eq_ignore_ascii_case(p)))),
                "kind" => query.kinds.extend(parts().filter_map(Kind::from_slug)),
                "sort" => {
                    let (reverse, slug) = value.strip_prefix('-').map_or((false, value.as_str()), |v| (true, v));
                    if let Some(sort) = from_slug(&Sort::ALL, slug) {
                        (query.sort, query.reverse) = (sort, reverse);
                    }
                }
                "group" => query.group = from_slug(&GroupBy::ALL, value).unwrap_or_default(),
                "collapsed" if query.has_room_for(value) => query.collapsed.push(value.clone()),
                _ => {}
            }
        }
        query.words.sort_unstable();
        query.words.dedup();
        query.kinds.sort_unstable();
        query.kinds.dedup();
        query.collapsed.sort_unstable();
        query.collapsed.dedup();
        query
    }

    // Each group's link repeats all that are collapsed.
    fn has_room_for(&self, title: &str) -> bool {
        let bytes: usize = self.collapsed.iter().map(String::len).sum();
        self.collapsed.len() < MOST_COLLAPSED && bytes + title.len() <= MOST_COLLAPSED_BYTES
    }

    /// The pairs for a URL, without what is default.
    #[must_use]
    pub fn to_pairs(&self) -> Vec<(String, String)> {
        let mut pairs = Vec::new();
        let mut add = |key: &str, value: String| {
            if !value.is_empty() {
                pairs.push((key.to_owned(), value));
            }
        };
        add("q", self.text.clone());
        add("status", self.words.iter().map(|w| w.text().to_lowercase()).collect::<Vec<_>>().join(","));
        add("kind", self.kinds.iter().map(|k| k.slug()).collect::<Vec<_>>().join(","));
        if self.sort != Sort::default() || self.reverse {
            add("sort", format!("{}{}", if self.reverse { "-" } else { "" }, to_slug(&Sort::ALL, &self.sort)));
        }
        if self.group != GroupBy::default() {
            add("group", to_slug(&GroupBy::ALL, &self.group));
        }
        pairs.extend(self.collapsed.iter().map(|title| ("collapsed".to_owned(), title.clone())));
        pairs
    }

    /// Whether a row is wanted.
    #[must_use]
    pub fn matches(&self, row: &AppRow) -> bool {
        (self.words.is_empty() || self.words.contains(&row.status.word))
            && (self.kinds.is_empty() || self.kinds.contains(&row.id.kind))
            && (self.text.trim().is_empty() || contains_all(row, &self.text.to_lowercase()))
    }
}

/// Whether every word of `text`, which is in small letters, stands somewhere in the row.
fn contains_all(row: &AppRow, text: &str) -> bool {
    let mut all = format!("{}/{} {} {}\n", row.id.namespace, row.id.name, row.id.kind.slug(), row.id.kind.words());
    let person = row.changed.as_ref().map(|change| change.by.as_str());
    let team = row.team.as_ref().map(|t| t.as_str());
    let told = [row.status.word.text(), &row.status.reason, &row.status.sentence];
    for part in row
        .images
        .iter()
        .map(String::as_str)
        .chain(row.release.as_deref())
        .chain(team)
        .chain(person)
        .chain(told)
        .chain(row.remarks.iter().map(|r| r.text.as_str()))
    {
        all.push_str(part);
        all.push('\n');
    }
    let all = all.to_lowercase();
    text.split_whitespace().all(|word| all.contains(word))
}

/// Rows under one title.
#[derive(Clone, Debug, PartialEq)]
pub struct Group<'a> {
    /// Namespace, team or release; empty without groups and for rows that belong to none.
    pub title: String,
    /// The rows in order.
    pub rows: Vec<&'a AppRow>,
    /// How many rows have which word, in sort order, without zeros.
    pub counts: Vec<(Word, usize)>,
    /// Only its title shows.
    pub collapsed: bool,
}

/// Filters, orders and groups rows. Groups are in the order of their titles, rows that belong to none last; without
/// groups there is one, even where no row is left.
#[must_use]
pub fn arrange<'a>(rows: impl IntoIterator<Item = &'a AppRow>, query: &ListQuery) -> Vec<Group<'a>> {
    let mut rows: Vec<_> = rows.into_iter().filter(|r| query.matches(r)).collect();
    rows.sort_by(|a, b| {
        let order = compare(a, b, query.sort);
        // Equal rows are in the order of their names whichever way the list goes, and rows without the number come last.
        let order = if query.reverse { order.reverse() } else { order };
        let order = lacks(a, query.sort).cmp(&lacks(b, query.sort)).then(order);
        order.then_with(|| (&a.id.name, &a.id).cmp(&(&b.id.name, &b.id)))
    });
    if query.group == GroupBy::None {
        return vec![group(String::new(), rows, false)];
    }
    let mut groups: BTreeMap<(bool, &str), Vec<&AppRow>> = BTreeMap::new();
    for row in rows {
        let title = match query.group {
            GroupBy::Namespace => row.id.namespace.as_str(),
            GroupBy::Team => row.team.as_ref().map_or("", |t| t.as_str()),
            GroupBy::Release => row.release.as_deref().unwrap_or_default(),
            GroupBy::None => "",
        };
        groups.entry((title.is_empty(), title)).or_default().push(row);
    }
    groups.into_iter().map(|((_, title), rows)| group(title.to_owned(), rows, query.collapsed.iter().any(|c| c == title))).collect()
}

/// The rows that need attention: the heaviest word first, under one word those that began last, then by name. Rows that do
/// not know since when come last under their word.
#[must_use]
pub fn need_attention<'a>(rows: impl IntoIterator<Item = &'a AppRow>) -> Vec<&'a AppRow> {
    let mut rows: Vec<_> = rows.into_iter().filter(|r| Word::ATTENTION.contains(&r.status.word)).collect();
    rows.sort_by(|a, b| (a.status.word, Reverse(a.status.since), &a.id.name, &a.id).cmp(&(b.status.word, Reverse(b.status.since), &b.id.name, &b.id)));
    rows
}

fn compare(a: &AppRow, b: &AppRow, sort: Sort) -> Ordering {
    match sort {
        Sort::Status => a.status.word.cmp(&b.status.word),
        Sort::Name => a.id.name.cmp(&b.id.name),
        Sort::Restarts => b.restarts.cmp(&a.restarts),
        Sort::Cpu => b.usage.cpu.cmp(&a.usage.cpu),
        Sort::Memory => b.usage.memory.cmp(&a.usage.memory),
        Sort::Age => b.created.cmp(&a.created),
        Sort::Ready => missing(b).cmp(&missing(a)),
        Sort::Image => a.images.first().cmp(&b.images.first()),
        Sort::Changed => changed(b).cmp(&changed(a)),
    }
}

/// Whether a row has nothing to be ordered by.
fn lacks(row: &AppRow, sort: Sort) -> bool {
    match sort {
        Sort::Cpu => row.usage.cpu.is_none(),
        Sort::Memory => row.usage.memory.is_none(),
        Sort::Changed => row.changed.is_none(),
        Sort::Image => row.images.is_empty(),
        Sort::Status | Sort::Name | Sort::Restarts | Sort::Age | Sort::Ready => false,
    }
}

fn missing(row: &AppRow) -> u32 {
    row.wanted.saturating_sub(row.ready)
}

fn changed(row: &AppRow) -> Option<UnixMs> {
    row.changed.as_ref().map(|change| change.at)
}

fn group(title: String, rows: Vec<&AppRow>, collapsed: bool) -> Group<'_> {
    let count = |word: Word| rows.iter().filter(|r| r.status.word == word).count();
    let counts = Word::ALL.into_iter().map(|w| (w, count(w))).filter(|(_, n)| *n > 0).collect();
    Group { title, rows, counts, collapsed }
}
