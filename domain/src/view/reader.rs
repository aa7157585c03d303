//! What of rows and pages depends on who reads them. The server writes all else once for all readers.

use super::{AppDetail, AppRow, NextStep};
use crate::Language;
use crate::account::Role;
use crate::status::Evidence;
use crate::{Namespace, TeamName};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The reader's own team by namespace, only where another team comes first by name.
pub type OwnTeams = BTreeMap<Namespace, TeamName>;

/// Who reads the page of an app.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reader {
    /// The reader's role in the app's namespace.
    pub role: Role,
    /// The reader's own team there, where another team comes first by name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<TeamName>,
}

/// The page of an app as the server writes it for all readers, and who reads this one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SharedApp {
    /// Who reads it.
    pub reader: Reader,
    /// The page; [`AppDetail::read_by`] makes it the reader's.
    pub detail: AppDetail,
}

impl AppRow {
    /// Names the reader's own team.
    pub fn name_own_team(&mut self, teams: &OwnTeams) {
        if let Some(own) = teams.get(&self.id.namespace) {
            self.team = Some(own.clone());
        }
    }
}

impl AppDetail {
    /// The page as this person reads it: the own team, and for a viewer no action and no next step that changes something.
    #[must_use]
    pub fn read_by(mut self, reader: &Reader, language: Language) -> Self {
        if reader.team.is_some() {
            self.row.team.clone_from(&reader.team);
        }
        if reader.role < Role::Operator {
            for why in self.actions.values_mut() {
                *why = Some(language.viewers_cannot().into_owned());
            }
            self.next = match self.next {
                Some(NextStep::RollBack { .. }) => NextStep::look(&self.row.status.evidence),
                Some(NextStep::Resume | NextStep::ScaleUp) => None,
                next @ (Some(NextStep::See { .. }) | None) => next,
            };
        }
        self
    }
}

impl NextStep {
    /// To look where the status points: at a log, a chart or an event.
    pub(crate) fn look(evidence: &[Evidence]) -> Option<Self> {
        Self::see(evidence, |e| matches!(e, Evidence::Log { .. } | Evidence::Chart { .. } | Evidence::Event { .. }))
    }

    /// To follow the first piece of evidence that is wanted.
    pub(crate) fn see(evidence: &[Evidence], wanted: impl Fn(&Evidence) -> bool) -> Option<Self> {
        let place = evidence.iter().position(wanted)?;
        Some(Self::See { evidence: u16::try_from(place).ok()? })
    }
}
