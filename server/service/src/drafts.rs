//! Drafts: what a person has typed into a form stays theirs until it is sent, discarded or old.

use crate::access::Operator;
use crate::error::{Failure, Outcome};
use crate::portal::Portal;
use crate::ports::StoredDraft;
use domain::draft::{AppDraft, DraftOf, Restored};
use domain::spec::AppForm;
use domain::{Code, UnixMs};

/// Most bytes of a draft as it is kept.
pub const MAX_DRAFT_BYTES: usize = 64 * 1024;
/// A draft that was not changed for this long goes.
const KEPT_MS: i64 = 14 * 86_400_000;

impl Portal {
    /// Keeps the text of the form for a new app, without secrets.
    ///
    /// # Errors
    /// Where it is too long to be kept, or the database does not take it.
    pub async fn keep_app_draft(&self, operator: &Operator<'_>, form: AppForm) -> Outcome<()> {
        let body = AppDraft::of(form).write();
        if body.len() > MAX_DRAFT_BYTES {
            return Err(Failure::told(Code::TooLarge, "This form is too long to save as a draft. You can still submit it."));
        }
        let draft = StoredDraft { changed: self.now(), body };
        Ok(self.store().keep_draft(operator.actor().user.id, DraftOf::NewApp, operator.namespace(), &draft).await?)
    }

    /// The text of the form for a new app, if it is not too old.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub async fn app_draft(&self, operator: &Operator<'_>) -> Outcome<Option<Restored<AppDraft>>> {
        let stored = self.store().draft(operator.actor().user.id, DraftOf::NewApp, operator.namespace()).await?;
        // One that an older portal has kept may not be readable any more: that is as if there were none.
        let fresh = stored.filter(|s| s.changed >= oldest(self.now()));
        Ok(fresh.and_then(|s| Some(Restored { changed: s.changed, draft: AppDraft::read(&s.body)? })))
    }

    /// Throws a draft away; one that is not there is no failure.
    ///
    /// # Errors
    /// Where the database does not take it.
    pub async fn discard_draft(&self, operator: &Operator<'_>, form: DraftOf) -> Outcome<()> {
        Ok(self.store().discard_draft(operator.actor().user.id, form, operator.namespace()).await?)
    }
}

/// Drafts from before this moment go.
pub(crate) fn oldest(now: UnixMs) -> UnixMs {
    now.plus(-KEPT_MS)
}
