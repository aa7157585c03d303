//! Drafts: what a person has typed into a form stays theirs until it is sent, discarded or old.

use crate::access::Operator;
use crate::error::{Failure, Outcome};
use crate::ports::{self, Clock, StoredDraft};
use domain::draft::{self, AppDraft, DraftOf, Kept, Restored, SecretDraft};
use domain::problem::BodyProblem;
use domain::spec::AppForm;
use domain::{SecretName, UnixMs};
use std::sync::Arc;

/// Most bytes of a draft as it is kept.
pub const MAX_DRAFT_BYTES: usize = 64 * 1024;
/// A draft that was not changed for this long goes.
const KEPT_MS: i64 = 14 * 86_400_000;

/// Drafts of forms.
pub struct Drafts {
    rows: Arc<dyn ports::Drafts>,
    clock: Arc<dyn Clock>,
}

impl Drafts {
    pub(crate) fn new(rows: Arc<dyn ports::Drafts>, clock: Arc<dyn Clock>) -> Self {
        Self { rows, clock }
    }

    /// Keeps the text of the form for a new app, without secrets. `seen` is when the draft was changed that the page shows or
    /// has kept last.
    ///
    /// # Errors
    /// Where it is too long to be kept, or the database does not take it.
    pub async fn keep_app(&self, operator: &Operator<'_>, form: AppForm, seen: Option<UnixMs>) -> Outcome<Kept> {
        self.keep(operator, DraftOf::NewApp, draft::write(&AppDraft::of(form)), seen).await
    }

    /// Keeps the names in the form for a new secret, likewise.
    ///
    /// # Errors
    /// Where it is too long to be kept, or the database does not take it.
    pub async fn keep_secret(&self, operator: &Operator<'_>, draft: SecretDraft, seen: Option<UnixMs>) -> Outcome<Kept> {
        self.keep(operator, DraftOf::NewSecret, draft::write(&draft.cleaned()?), seen).await
    }

    async fn keep(&self, operator: &Operator<'_>, form: DraftOf, body: String, seen: Option<UnixMs>) -> Outcome<Kept> {
        if body.len() > MAX_DRAFT_BYTES {
            return Err(Failure::told(BodyProblem::DraftTooLong));
        }
        let draft = StoredDraft { changed: self.clock.now(), body };
        let before = self.rows.keep_draft(operator.actor().user.id, form, operator.namespace(), &draft).await?;
        Ok(Kept { changed: draft.changed, replaced: before.is_some() && before != seen })
    }

    /// The text of the form for a new app, if it is not too old.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub async fn app(&self, operator: &Operator<'_>) -> Outcome<Option<Restored<AppDraft>>> {
        self.restored(operator, DraftOf::NewApp, draft::read).await
    }

    /// The names in the form for a new secret, likewise.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub async fn secret(&self, operator: &Operator<'_>) -> Outcome<Option<Restored<SecretDraft>>> {
        self.restored(operator, DraftOf::NewSecret, draft::read).await
    }

    // One that an older portal has kept may not be readable any more: that is as if there were none.
    async fn restored<T>(&self, operator: &Operator<'_>, form: DraftOf, read: fn(&str) -> Option<T>) -> Outcome<Option<Restored<T>>> {
        let stored = self.rows.draft(operator.actor().user.id, form, operator.namespace()).await?;
        let fresh = stored.filter(|s| s.changed >= oldest(self.clock.now()));
        Ok(fresh.and_then(|s| Some(Restored { changed: s.changed, draft: read(&s.body)? })))
    }

    /// Throws a draft away; one that is not there is no failure.
    ///
    /// # Errors
    /// Where the database does not take it.
    pub async fn discard(&self, operator: &Operator<'_>, form: DraftOf) -> Outcome<()> {
        Ok(self.rows.discard_draft(operator.actor().user.id, form, operator.namespace()).await?)
    }

    /// Throws the draft of a secret away that now exists; that of another secret stays.
    pub(crate) async fn secret_is_made(&self, operator: &Operator<'_>, name: &SecretName) {
        let done = async {
            let its_own = self.secret(operator).await?.is_some_and(|kept| kept.draft.name.trim() == name.as_str());
            if its_own { self.discard(operator, DraftOf::NewSecret).await } else { Ok(()) }
        };
        if let Err(error) = done.await {
            tracing::warn!(%error, "the draft of a secret that was created stays");
        }
    }
}

/// Drafts from before this moment go.
pub(crate) fn oldest(now: UnixMs) -> UnixMs {
    now.plus(-KEPT_MS)
}
