//! Filter, order and groups of the list; all of it stands in the URL.

use crate::Kind;
use crate::status::Word;
use crate::view::AppRow;

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
    /// Words that must all occur in the name, namespace, image, release, team or sentence.
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
}

impl ListQuery {
    /// Reads decoded pairs of a URL's query; what it does not know it leaves out.
    #[must_use]
    pub fn from_pairs(pairs: &[(String, String)]) -> Self {
        let _ = pairs;
        Self::default()
    }

    /// The pairs for a URL, without what is default.
    #[must_use]
    pub fn to_pairs(&self) -> Vec<(String, String)> {
        Vec::new()
    }

    /// Whether a row is wanted.
    #[must_use]
    pub fn matches(&self, row: &AppRow) -> bool {
        let _ = row;
        true
    }
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
}

/// Filters, orders and groups rows.
#[must_use]
pub fn arrange<'a>(rows: impl IntoIterator<Item = &'a AppRow>, query: &ListQuery) -> Vec<Group<'a>> {
    let rows: Vec<_> = rows.into_iter().filter(|r| query.matches(r)).collect();
    vec![Group { title: String::new(), rows, counts: Vec::new() }]
}
