//! The rows of one namespace at one moment, with the text of each.

use domain::view::AppRow;
use domain::{AppId, TeamName};
use serde::Serialize;
use std::cmp::Ordering;
use std::sync::Arc;

/// A change with more text than this is not kept as one piece: readers take it row by row.
const MOST_DELTA: usize = 256 * 1024;

/// A row and its text. A new one is made only where the text is new.
#[derive(Clone, Debug)]
struct Row {
    view: Arc<AppRow>,
    json: Arc<str>,
}

/// The change from one version to the next: items of JSON arrays, without the brackets.
#[derive(Clone, Debug)]
struct Delta {
    from: u64,
    set: Arc<str>,
    gone: Arc<str>,
}

/// The rows of a namespace. Version 0 is the one without any rows that was never published.
#[derive(Clone, Debug, Default)]
pub struct NamespaceRows {
    version: u64,
    team: Option<TeamName>,
    /// Ordered by identity.
    rows: Vec<Row>,
    latest: Option<Delta>,
}

/// Items of a JSON array, with commas between them.
#[derive(Debug, Default)]
pub(super) struct Items(String);

impl Items {
    pub(super) fn push(&mut self, items: &str) {
        if !self.0.is_empty() && !items.is_empty() {
            self.0.push(',');
        }
        self.0.push_str(items);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

impl NamespaceRows {
    /// A namespace that is gone.
    pub(super) fn gone(version: u64) -> Self {
        Self { version, ..Self::default() }
    }

    /// The rows after a change; `set` are new or say something else. `version` is higher than this one's.
    pub(crate) fn next(&self, version: u64, team: Option<TeamName>, set: Vec<AppRow>, gone: &[AppId]) -> Self {
        let mut rows = self.rows.clone();
        rows.retain(|row| !gone.contains(&row.view.id));
        let mut written: Vec<Arc<str>> = Vec::with_capacity(set.len());
        for view in set {
            let Some(json) = json(&view) else { continue };
            let json: Arc<str> = json.into();
            written.push(json.clone());
            let place = rows.binary_search_by(|row| row.view.id.cmp(&view.id));
            let row = Row { view: Arc::new(view), json };
            match place {
                Ok(known) => rows[known] = row,
                Err(new) => rows.insert(new, row),
            }
        }
        let latest = (written.iter().map(|json| json.len()).sum::<usize>() <= MOST_DELTA).then(|| Delta {
            from: self.version,
            set: one_piece(&written),
            gone: one_piece(&gone.iter().filter_map(json).map(Arc::from).collect::<Vec<_>>()),
        });
        Self { version, team, rows, latest }
    }

    /// The team that the rows name: the first by name of those that work in the namespace.
    #[must_use]
    pub fn team(&self) -> Option<&TeamName> {
        self.team.as_ref()
    }

    /// The rows, ordered by identity.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = &Arc<AppRow>> {
        self.rows.iter().map(|row| &row.view)
    }

    /// The row of an app.
    #[must_use]
    pub fn row(&self, app: &AppId) -> Option<&Arc<AppRow>> {
        let place = self.rows.binary_search_by(|row| row.view.id.cmp(app)).ok()?;
        self.rows.get(place).map(|row| &row.view)
    }

    /// No rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    pub(super) fn write_rows(&self, rows: &mut Items) {
        self.rows.iter().for_each(|row| rows.push(&row.json));
    }

    pub(super) fn write_all_as_gone(&self, gone: &mut Items) {
        self.rows.iter().filter_map(|row| json(&row.view.id)).for_each(|id| gone.push(&id));
    }

    /// What a reader that has `before` lacks. Where that is the version before this one, it is written already; any other
    /// reader was slower, and the rows are compared.
    pub(super) fn write_changes(&self, before: &Self, set: &mut Items, gone: &mut Items) {
        if before.version == self.version {
            return;
        }
        if let Some(latest) = self.latest.as_ref().filter(|latest| latest.from == before.version) {
            set.push(&latest.set);
            gone.push(&latest.gone);
            return;
        }
        let mut old = before.rows.iter().peekable();
        for row in &self.rows {
            while let Some(missing) = old.next_if(|o| o.view.id < row.view.id) {
                json(&missing.view.id).iter().for_each(|id| gone.push(id));
            }
            let same = old.next_if(|o| o.view.id.cmp(&row.view.id) == Ordering::Equal);
            if !same.is_some_and(|o| Arc::ptr_eq(&o.json, &row.json) || o.json == row.json) {
                set.push(&row.json);
            }
        }
        old.filter_map(|o| json(&o.view.id)).for_each(|id| gone.push(&id));
    }
}

fn one_piece(items: &[Arc<str>]) -> Arc<str> {
    match items {
        [one] => one.clone(),
        many => many.join(",").into(),
    }
}

fn json(value: &impl Serialize) -> Option<String> {
    serde_json::to_string(value).inspect_err(|error| tracing::error!(%error, "a row could not be written")).ok()
}
