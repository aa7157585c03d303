//! Who did what: the entries of the audit table, as codes with typed arguments. Their words are in [`crate::english::audit`].

mod act;
mod names;
mod target;
mod why_failed;

pub use act::{Act, NewUserKind, PasswordSetBy, RoleLack};
pub use names::Names;
pub use target::Target;
pub use why_failed::WhyFailed;

use crate::UnixMs;
use serde::{Deserialize, Serialize};

/// How an act ended, as far as its entry knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AuditOutcome {
    /// It is about to begin. Another entry tells how it ended.
    Intent,
    /// It was done.
    Done,
    /// The person was not allowed to do it.
    Refused,
    /// It was tried and not done.
    Failed,
    /// It was asked for and no answer came; it may have been done.
    Unknown,
}

impl AuditOutcome {
    /// All outcomes.
    pub const ALL: [Self; 5] = [Self::Intent, Self::Done, Self::Refused, Self::Failed, Self::Unknown];

    /// As stored and exported.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Intent => "intent",
            Self::Done => "done",
            Self::Refused => "refused",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
        }
    }

    /// Reads what is stored.
    #[must_use]
    pub fn from_slug(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.slug() == text)
    }
}

/// What was done, and to what. The audit table keeps it as JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deed {
    /// What was done or tried.
    pub act: Act,
    /// What it was done to.
    pub target: Target,
    /// Why it was not done, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "why_failed::known")]
    pub failed: Option<WhyFailed>,
}

impl Deed {
    /// A deed that is about to be done, or was.
    #[must_use]
    pub const fn new(act: Act, target: Target) -> Self {
        Self { act, target, failed: None }
    }

    /// The same, which was not done.
    #[must_use]
    pub fn failed(self, why: WhyFailed) -> Self {
        Self { failed: Some(why), ..self }
    }
}

/// One row of the audit table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRow {
    /// Number of the row.
    pub id: i64,
    /// The portal's time of the entry.
    pub at: UnixMs,
    /// Who; empty where nobody was signed in.
    pub actor: String,
    /// From which address.
    pub address: String,
    /// The code of what was done, as `app.restart`, `secret.create`, `session.refused`.
    pub action: String,
    /// What it was done to, in short: `web/deployment/loklak-server`.
    pub target: String,
    /// How it ended.
    pub outcome: AuditOutcome,
    /// What [`Self::deed`] does not say; without a deed all that is to be said of it. Why it failed stands here too, for portals
    /// that do not know the deed. No secret value.
    pub detail: String,
    /// Action and target with their arguments. Entries of portals before migration 11 have none, and neither has an entry that
    /// another version wrote with an act that this one does not know.
    pub deed: Option<Deed>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kubernetes::{Object, Resource};
    use crate::secret::SecretKind;
    use crate::{AppId, Namespace, SecretName, TeamName, Username};

    fn shop() -> Target {
        Target::App(AppId::parse("web/deployment/shop").unwrap())
    }

    #[test]
    fn what_is_stored_of_an_act_reads_back_and_keeps_its_form() {
        let web = Namespace::parse("web").unwrap();
        let secret = Target::Secret { namespace: web.clone(), name: SecretName::parse("db").unwrap() };
        let member = Target::Member { team: TeamName::parse("Data").unwrap(), user: Username::parse("mara").unwrap() };
        let request = Target::Namespace { namespace: web, request: Some("GET /api/v1/x".into()) };
        let keys = Names::of(["a", "b"]);
        for (act, target, json) in [
            (Act::RestartApp, shop(), r#"{"act":"restart_app","target":{"app":{"namespace":"web","kind":"deployment","name":"shop"}}}"#),
            (
                Act::Scale { from: 2, to: 3 },
                shop(),
                r#"{"act":{"scale":{"from":2,"to":3}},"target":{"app":{"namespace":"web","kind":"deployment","name":"shop"}}}"#,
            ),
            (
                Act::CreateSecret { kind: SecretKind::Opaque, keys },
                secret,
                r#"{"act":{"create_secret":{"kind":"opaque","keys":{"names":["a","b"]}}},"target":{"secret":{"namespace":"web","name":"db"}}}"#,
            ),
            (Act::SetMember { role: None }, member, r#"{"act":{"set_member":{"role":null}},"target":{"member":{"team":"Data","user":"mara"}}}"#),
            (
                Act::NeedsNamespace(RoleLack::NoAccess),
                request,
                r#"{"act":{"needs_namespace":"no_access"},"target":{"namespace":{"namespace":"web","request":"GET /api/v1/x"}}}"#,
            ),
        ] {
            let deed = Deed::new(act, target);
            assert_eq!(serde_json::to_string(&deed).unwrap(), json);
            assert_eq!(serde_json::from_str::<Deed>(json).unwrap(), deed);
        }
    }

    #[test]
    fn why_a_change_failed_is_kept_beside_what_it_was() {
        let web = Namespace::parse("web").unwrap();
        let why = WhyFailed::Changed(Object::of(Resource::Deployments, &web, "shop"));
        let deed = Deed::new(Act::RestartApp, shop()).failed(why);
        let json = serde_json::to_string(&deed).unwrap();
        assert!(json.ends_with(r#","failed":{"changed":{"resource":"deployments","name":"shop","namespace":"web"}}}"#), "{json}");
        assert_eq!(serde_json::from_str::<Deed>(&json).unwrap(), deed);
        let of_another_version = json.replace("changed", "frozen");
        assert_eq!(serde_json::from_str::<Deed>(&of_another_version).unwrap(), Deed::new(Act::RestartApp, shop()));
    }

    #[test]
    fn outcomes_read_back() {
        for outcome in AuditOutcome::ALL {
            assert_eq!(AuditOutcome::from_slug(outcome.slug()), Some(outcome));
        }
        assert_eq!(AuditOutcome::from_slug("perhaps"), None);
    }
}
