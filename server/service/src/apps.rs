//! Reading apps: the list, one app, its configuration, YAML and history.

use crate::access::{Actor, Viewer};
use crate::board::AppList;
use crate::error::{Failure, Outcome};
use crate::index::Index;
use crate::metrics::UsageNow;
use crate::observe::{Observer, with_observed};
use crate::ports::{Clock, Manifests, Revisions};
use crate::projection::NamespaceRows;
use crate::readings::Readings;
use domain::facts::AppFacts;
use domain::problem::{AppProblem, FaultProblem};
use domain::view::{AppDetail, AppRow, ContainerConfig, DiffLine, OwnTeams, Reader, Revision, SharedApp};
use domain::{AppId, Language, Namespace, TeamName};
use similar::{ChangeTag, TextDiff};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// Lines that stay the same, shown around each change.
const CONTEXT: usize = 3;
/// A difference of two templates is given up and told coarsely after this long.
const DIFF_TIME: Duration = Duration::from_millis(250);
/// Most lines of a difference.
const MAX_DIFF_LINES: usize = 4000;

/// The rows that somebody may see, ordered by identity: the same `Arc`s for all readers.
pub struct SharedRows {
    /// The rows.
    pub rows: Vec<Arc<AppRow>>,
    /// What this reader is shown of these namespaces in place of a row's team.
    pub teams: OwnTeams,
}

impl SharedRows {
    fn of<'a>(reader: &Actor, spaces: impl IntoIterator<Item = (&'a Namespace, &'a Arc<NamespaceRows>)>) -> Self {
        let mut shared = Self { rows: Vec::new(), teams: OwnTeams::new() };
        for (space, now) in spaces {
            shared.rows.extend(now.rows().cloned());
            shared.teams.extend(reader.own_team(space, now.team()).map(|own| (space.clone(), own.clone())));
        }
        shared
    }

    /// The rows with the reader's own teams. Mostly the same `Arc`s.
    #[must_use]
    pub fn named(self) -> Vec<Arc<AppRow>> {
        let Self { rows, teams } = self;
        let named = |row: Arc<AppRow>| {
            if !teams.contains_key(&row.id.namespace) {
                return row;
            }
            let mut row = AppRow::clone(&row);
            row.name_own_team(&teams);
            Arc::new(row)
        };
        rows.into_iter().map(named).collect()
    }
}

/// Apps as people read them.
pub struct Apps {
    pub(crate) language: Language,
    pub(crate) index: Arc<Index>,
    pub(crate) observer: Arc<Observer>,
    pub(crate) list: Arc<AppList>,
    pub(crate) usage: watch::Receiver<Arc<UsageNow>>,
    pub(crate) readings: Arc<Readings>,
    pub(crate) manifests: Arc<dyn Manifests>,
    pub(crate) revisions: Arc<dyn Revisions>,
    pub(crate) clock: Arc<dyn Clock>,
}

impl Apps {
    /// The rows of a namespace.
    #[must_use]
    pub fn list_in(&self, viewer: &Viewer<'_>) -> SharedRows {
        let board = self.list.board().borrow().clone();
        SharedRows::of(viewer.actor(), board.spaces.get_key_value(viewer.namespace()))
    }

    /// The rows of all namespaces that the actor may see.
    #[must_use]
    pub fn list(&self, actor: &Actor) -> SharedRows {
        let board = self.list.board().borrow().clone();
        SharedRows::of(actor, board.spaces.iter().filter(|(space, _)| actor.me().admin || actor.role_in(space).is_some()))
    }

    /// The page of an app as this person reads it.
    ///
    /// # Errors
    /// Where there is no such app.
    pub fn detail(&self, viewer: &Viewer<'_>, app: &AppId) -> Outcome<AppDetail> {
        let SharedApp { detail, reader } = self.shared(viewer, app)?;
        Ok(detail.read_by(&reader, self.language))
    }

    /// The page of an app as it is the same for all readers.
    ///
    /// # Errors
    /// Where there is no such app.
    pub fn shared(&self, viewer: &Viewer<'_>, app: &AppId) -> Outcome<SharedApp> {
        let facts = self.index.facts(viewer.namespace(), app)?;
        self.observer.touch(app);
        let seen = self.observer.seen().borrow().clone();
        let first = self.list.board().borrow().spaces.get(viewer.namespace()).and_then(|space| space.team().cloned());
        let team = viewer.actor().own_team(viewer.namespace(), first.as_ref()).cloned();
        let detail = self.judge(first, &with_observed(&facts, &seen));
        Ok(SharedApp { detail, reader: Reader { role: viewer.role(), team } })
    }

    fn judge(&self, team: Option<TeamName>, facts: &AppFacts) -> AppDetail {
        let id = &facts.workload.id;
        let usage = self.usage.borrow().clone();
        let now = self.clock.now();
        // Judged anew and not taken from the list, so that the page's parts are all of the same moment.
        let row = domain::describe::row(facts, team, usage.app(id, facts.workload.created), now, self.language);
        let pods = usage.pods(&id.namespace, facts.pods.iter().map(|pod| &**pod));
        domain::describe::detail(facts, row, &pods, now, self.language)
    }

    /// Environment, mounts and command of each container.
    ///
    /// # Errors
    /// Where there is no such app, or the cluster does not answer.
    pub async fn configuration(&self, viewer: &Viewer<'_>, app: &AppId) -> Outcome<Vec<ContainerConfig>> {
        self.index.facts(viewer.namespace(), app)?;
        let _reading = self.readings.turn(viewer.actor()).await?;
        Ok(self.manifests.configuration(app).await?)
    }

    /// The object as YAML.
    ///
    /// # Errors
    /// Where there is no such app, or the cluster does not answer.
    pub async fn yaml(&self, viewer: &Viewer<'_>, app: &AppId) -> Outcome<String> {
        self.index.facts(viewer.namespace(), app)?;
        let _reading = self.readings.turn(viewer.actor()).await?;
        Ok(self.manifests.yaml(app).await?)
    }

    /// Its revisions, newest first.
    ///
    /// # Errors
    /// Where there is no such app, or the cluster does not answer.
    pub async fn revisions(&self, viewer: &Viewer<'_>, app: &AppId) -> Outcome<Vec<Revision>> {
        let _reading = self.readings.turn(viewer.actor()).await?;
        self.read_revisions(viewer, app).await
    }

    async fn read_revisions(&self, viewer: &Viewer<'_>, app: &AppId) -> Outcome<Vec<Revision>> {
        self.index.facts(viewer.namespace(), app)?;
        Ok(self.revisions.revisions(app).await?)
    }

    /// Its revisions, newest first, and what a roll-back to `revision` would change: from the template in force to that one.
    /// Nothing of it where that revision is not kept: a roll-back makes it the newest, under another number.
    ///
    /// # Errors
    /// Where there is no such app, or the cluster does not answer.
    pub async fn history(&self, viewer: &Viewer<'_>, app: &AppId, revision: Option<u64>) -> Outcome<(Vec<Revision>, Option<(u64, Vec<DiffLine>)>)> {
        let _reading = self.readings.turn(viewer.actor()).await?;
        let revisions = self.read_revisions(viewer, app).await?;
        let Some(wanted) = revisions.iter().find(|r| Some(r.number) == revision) else { return Ok((revisions, None)) };
        let current = revisions.iter().find(|r| r.current).ok_or_else(|| Failure::told(AppProblem::NoCurrentRevision))?;
        let (old, new) = (current.template.clone(), wanted.template.clone());
        // Up to a quarter of a second of work, on a thread where nothing else waits.
        let number = wanted.number;
        let lines = tokio::task::spawn_blocking(move || difference(&old, &new)).await.map_err(|error| {
            tracing::error!(%error, "two templates could not be compared");
            Failure::told(FaultProblem::RevisionsNotCompared)
        })?;
        Ok((revisions, Some((number, lines))))
    }
}

/// The lines that differ, with some that stay the same around them. Nothing where both are equal.
fn difference(old: &str, new: &str) -> Vec<DiffLine> {
    let diff = TextDiff::configure().timeout(DIFF_TIME).diff_lines(old, new);
    let mut lines = Vec::new();
    for (number, group) in diff.grouped_ops(CONTEXT).iter().enumerate() {
        if number > 0 {
            lines.push(DiffLine { sign: ' ', text: "…".into() });
        }
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            let sign = match change.tag() {
                ChangeTag::Equal => ' ',
                ChangeTag::Delete => '-',
                ChangeTag::Insert => '+',
            };
            if lines.len() == MAX_DIFF_LINES {
                lines.push(DiffLine { sign: ' ', text: "… and more lines".into() });
                return lines;
            }
            lines.push(DiffLine { sign, text: change.value().trim_end_matches(['\n', '\r']).to_owned() });
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_shows_what_changes_and_three_lines_around_it() {
        let old = (1..=20).map(|n| format!("line {n}\n")).collect::<String>();
        let new = old.replace("line 10\n", "line ten\n");
        let text = difference(&old, &new).iter().map(|l| format!("{}{}\n", l.sign, l.text)).collect::<String>();
        assert_eq!(text, " line 7\n line 8\n line 9\n-line 10\n+line ten\n line 11\n line 12\n line 13\n");
    }

    #[test]
    fn equal_templates_have_no_difference() {
        assert!(difference("a\nb\n", "a\nb\n").is_empty());
    }

    #[test]
    fn a_huge_difference_ends() {
        let old = (0..9000).map(|n| format!("a{n}\n")).collect::<String>();
        let new = (0..9000).map(|n| format!("b{n}\n")).collect::<String>();
        assert_eq!(difference(&old, &new).len(), MAX_DIFF_LINES + 1);
    }
}
