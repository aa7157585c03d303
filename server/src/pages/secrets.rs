//! `/secrets`: lists, one secret, and changes of its keys. A value goes in and never comes out.

use super::apps::{may_change, without_namespaces};
use super::done::{SecretDone, SecretsDone};
use super::{secret_form, status_of};
use crate::web::body::Fields;
use crate::web::cx::namespace;
use crate::web::{About, Answer, Refusal, Signed};
use app::page::{Page, Refused};
use axum::extract::Path;
use domain::form::{Field, Finding, SecretWrong, StoredWrong};
use domain::problem::SecretProblem;
use domain::secret::{SecretForm, SecretInfo, SecretValue};
use domain::{Code, KeyName, Namespace, SecretName};
use futures::{StreamExt as _, stream};
use http::StatusCode;
use service::secrets::Seen;
use std::pin::pin;

/// Namespaces that are asked at the same time; one person reads no more at once.
const AT_ONCE: usize = 4;

/// Most secrets of a namespace that are listed; the cluster gives no more.
const SHOWN: usize = 500;

// Said above a list that is longer than what is shown.
const CUT: SecretProblem = SecretProblem::ListCut { shown: SHOWN };

/// `GET /secrets`.
pub async fn all(signed: Signed) -> Answer {
    if let Some(page) = without_namespaces(&signed).await? {
        return Ok(page);
    }
    let portal = signed.portal();
    let mut secrets = Vec::new();
    let mut problems = Vec::new();
    let ask = |ns: Namespace| async {
        let list = async {
            let viewer = portal.access.viewer(&signed.actor, &ns)?;
            portal.secrets.list(&viewer).await
        };
        let list = list.await.map_err(|failure| signed.told(failure));
        (ns, list)
    };
    let mut lists = pin!(stream::iter(signed.actor.me().namespaces.clone()).map(|access| ask(access.namespace)).buffered(AT_ONCE));
    while let Some((ns, list)) = lists.next().await {
        match list {
            Ok(list) => {
                problems.extend(list.cut.then(|| (ns, signed.told(CUT))));
                secrets.extend(list.items);
            }
            Err(problem) => {
                // Each of the others would be waited for in vain.
                let away = problem.code == Code::ClusterAway;
                problems.push((ns, problem));
                if away {
                    break;
                }
            }
        }
    }
    Ok(signed.page(StatusCode::OK, &Page::Secrets { namespace: None, secrets, namespaces: may_change(&signed.actor), problems, done: None }))
}

/// `GET /secrets/{ns}`.
pub async fn of_namespace(signed: Signed, Path(ns): Path<String>) -> Answer {
    let ns = namespace(&ns)?;
    let viewer = signed.portal().access.viewer(&signed.actor, &ns)?;
    let (secrets, problems) = match signed.portal().secrets.list(&viewer).await.map_err(|failure| signed.told(failure)) {
        Ok(list) => (list.items, list.cut.then(|| (ns.clone(), signed.told(CUT))).into_iter().collect()),
        Err(problem) => (Vec::new(), vec![(ns.clone(), problem)]),
    };
    let done = deleted(&ns, &secrets, &signed);
    Ok(signed.page(StatusCode::OK, &Page::Secrets { namespace: Some(ns.clone()), secrets, namespaces: may_change(&signed.actor), problems, done }))
}

/// `GET /secrets/{ns}/{name}`.
pub async fn one(signed: Signed, Path((ns, name)): Path<(String, String)>) -> Answer {
    let (ns, name) = (namespace(&ns)?, secret_name(&name)?);
    page(&signed, &ns, &name, |_| None).await
}

async fn page(signed: &Signed, ns: &Namespace, name: &SecretName, refused: impl FnOnce(&SecretInfo) -> Option<Refused>) -> Answer {
    let viewer = signed.portal().access.viewer(&signed.actor, ns)?;
    let secret = Box::new(signed.portal().secrets.detail(&viewer, name).await?);
    let may_change = may_change(&signed.actor).contains(ns);
    let refused = refused(&secret);
    let status = refused.as_ref().map_or(StatusCode::OK, |r| status_of(&r.problem));
    let done = done_to(ns, name, &secret, signed);
    Ok(signed.page(status, &Page::Secret { secret, may_change, done, refused }))
}

/// `POST /secrets/{ns}/{name}/key`: sets a key to a typed value or to a file; with `new`, a key that is not there yet.
pub async fn set_key(signed: Signed, Path((ns, name)): Path<(String, String)>, fields: Fields) -> Answer {
    let (ns, name) = (namespace(&ns)?, secret_name(&name)?);
    let operator = signed.portal().access.operator(&signed.actor, &ns)?;
    let new = fields.ticked("new");
    let set = match (key(&fields), value(&fields)) {
        (Ok(key), Ok(value)) if new => signed.portal().secrets.add_key(&operator, &name, key, value).await.map_err(|failure| signed.told(failure)),
        (Ok(key), Ok(value)) => signed.portal().secrets.set_key(&operator, &name, key, value, seen(&fields)).await.map_err(|failure| signed.told(failure)),
        (key, value) => Err(signed.told([key.err(), value.err()].into_iter().flatten().collect::<Vec<_>>())),
    };
    let typed = fields.text("key").trim();
    match set {
        Ok(()) => Ok(signed.see_done(&address(&ns, &name), if new { SecretDone::KeyAdded } else { SecretDone::KeyReplaced }, &[(About::Key, typed)])),
        Err(problem) => {
            let refused = |secret: &SecretInfo| {
                let place = secret.keys.iter().position(|k| k.key == typed).filter(|_| !new);
                Some(Refused { form: place.map_or_else(|| "add".to_owned(), |i| format!("key-{i}")), problem, typed: fields.typed(&["key"]) })
            };
            page(&signed, &ns, &name, refused).await
        }
    }
}

/// What the page showed of the key, where it told.
fn seen(fields: &Fields) -> Option<Seen> {
    fields.has("fingerprint").then(|| Seen { fingerprint: short(fields.text("fingerprint")), version: short(fields.text("version")) })
}

/// As long as a fingerprint or a version can be; it comes back in a sentence.
fn short(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).take(32).collect()
}

fn key(fields: &Fields) -> Result<KeyName, Finding> {
    KeyName::parse(fields.text("key").trim()).map_err(|error| Finding::new(Field::Key, error))
}

/// An empty field is one that was not filled in: it must not wipe what is there.
fn value(fields: &Fields) -> Result<SecretValue, Finding> {
    let bytes = fields.file("file").or_else(|| fields.file("value")).map_or_else(|| fields.text("value").as_bytes(), |file| file);
    if bytes.is_empty() {
        return Err(Finding::new(Field::Value, StoredWrong::NoValue));
    }
    Ok(SecretValue::from(bytes.to_vec()))
}

/// `POST /secrets/{ns}/{name}/replace`: all values that belong together by the secret's type.
pub async fn replace(signed: Signed, Path((ns, name)): Path<(String, String)>, fields: Fields) -> Answer {
    let (ns, name) = (namespace(&ns)?, secret_name(&name)?);
    let operator = signed.portal().access.operator(&signed.actor, &ns)?;
    let version = fields.has("version").then(|| short(fields.text("version")));
    let done = match secret_form::kind(fields.text("kind")) {
        Some(kind) => {
            let form = SecretForm { name: name.to_string(), ..secret_form::form(kind, &fields) };
            signed.portal().secrets.replace(&operator, form, version).await.map_err(|failure| signed.told(failure))
        }
        None => Err(signed.told(Finding::new(Field::Kind, SecretWrong::NoKind))),
    };
    match done {
        Ok(()) => Ok(signed.see_done(&address(&ns, &name), SecretDone::Replaced, &[])),
        Err(problem) => {
            let typed = fields.typed(&["server", "username", "email"]);
            page(&signed, &ns, &name, |_| Some(Refused { form: "replace".to_owned(), problem, typed })).await
        }
    }
}

/// `POST /secrets/{ns}/{name}/remove-key`.
pub async fn remove_key(signed: Signed, Path((ns, name)): Path<(String, String)>, fields: Fields) -> Answer {
    let (ns, name) = (namespace(&ns)?, secret_name(&name)?);
    let operator = signed.portal().access.operator(&signed.actor, &ns)?;
    let removed = match key(&fields) {
        Ok(key) => signed.portal().secrets.remove_key(&operator, &name, key.clone(), seen(&fields)).await.map(|()| key).map_err(|failure| signed.told(failure)),
        Err(found) => Err(signed.told(found)),
    };
    match removed {
        Ok(key) => Ok(signed.see_done(&address(&ns, &name), SecretDone::KeyRemoved, &[(About::Key, key.as_str())])),
        Err(problem) => page(&signed, &ns, &name, |_| Some(Refused { form: "remove".to_owned(), problem, typed: Vec::new() })).await,
    }
}

/// `POST /secrets/{ns}/{name}/delete`.
pub async fn delete(signed: Signed, Path((ns, name)): Path<(String, String)>, fields: Fields) -> Answer {
    let (ns, name) = (namespace(&ns)?, secret_name(&name)?);
    let operator = signed.portal().access.operator(&signed.actor, &ns)?;
    match signed.portal().secrets.delete(&operator, &name, fields.text("confirm").trim()).await.map_err(|failure| signed.told(failure)) {
        Ok(()) => Ok(signed.see_done(&format!("/secrets/{ns}"), SecretsDone::Deleted, &[(About::Name, name.as_str())])),
        Err(problem) => page(&signed, &ns, &name, |_| Some(Refused { form: "delete".to_owned(), problem, typed: fields.typed(&["confirm"]) })).await,
    }
}

/// The address of a secret's page, below the base path.
fn address(ns: &Namespace, name: &SecretName) -> String {
    format!("/secrets/{ns}/{name}")
}

/// The page of a secret that was just created, with the seal of who created it.
#[must_use]
pub fn after_creation(signed: &Signed, ns: &Namespace, name: &SecretName) -> String {
    signed.address_of_done(&address(ns, name), SecretDone::Created, &[])
}

/// What was just done to a secret. The address has to be the portal's own, and what it says has to be so still.
fn done_to(ns: &Namespace, name: &SecretName, secret: &SecretInfo, signed: &Signed) -> Option<String> {
    let done = signed.done(&address(ns, name))?;
    let key = signed.about(About::Key).unwrap_or_default();
    let there = secret.keys.iter().any(|k| k.key == key);
    Some(match done {
        SecretDone::Replaced => format!("Replaced the values of {}. Apps pick them up when they restart.", secret.name),
        SecretDone::Created => format!("Created {}", secret.name),
        SecretDone::KeyAdded if there => format!("Added key {key}. Apps pick it up when they restart."),
        SecretDone::KeyReplaced if there => format!("Replaced the value of {key}. Apps pick it up when they restart."),
        SecretDone::KeyRemoved if !there => format!("Removed key {}", KeyName::parse(key).ok()?),
        // Since then somebody has done the contrary.
        SecretDone::KeyAdded | SecretDone::KeyReplaced | SecretDone::KeyRemoved => return None,
    })
}

/// Likewise for a secret that is gone from the list.
fn deleted(ns: &Namespace, secrets: &[SecretInfo], signed: &Signed) -> Option<String> {
    match signed.done(&format!("/secrets/{ns}"))? {
        SecretsDone::Deleted => {
            let name = SecretName::parse(signed.about(About::Name)?).ok()?;
            secrets.iter().all(|s| s.name != name.as_str()).then(|| format!("Deleted {name}"))
        }
    }
}

/// A secret's name of a path.
///
/// # Errors
/// Not found, where no secret can have it.
pub fn secret_name(text: &str) -> Result<SecretName, Refusal> {
    SecretName::parse(text).map_err(|_| Refusal::not_found())
}
