//! Bodies: fields of forms and JSON, each with its limit, each error a sentence.
//!
//! Any of them may hold secrets, so what was read of a body is wiped with the last that is made of it. Not wiped is what
//! others hold meanwhile: the buffer that hyper reads a connection into, until the next request is written over it, and
//! pieces that the parsers of forms and JSON copy to decode them.

use super::gate::{Entitled, TIME_LIMIT};
use super::{Refusal, serde_text, switch};
use axum::extract::multipart::MultipartRejection;
use axum::extract::rejection::{BytesRejection, JsonRejection};
use axum::extract::{FromRequest, Multipart, Request};
use axum::{Json, RequestExt as _};
use bytes::Bytes;
use domain::form::{Field, Finding, RequestWrong};
use domain::problem::{BodyProblem, Sent};
use domain::secret::{SecretText, SecretValue};
use http::{HeaderMap, StatusCode, header};
use serde::de::DeserializeOwned;
use std::time::Duration;

/// Most fields of a form.
const MOST_FIELDS: usize = 1000;

/// The fields of a form, urlencoded or multipart.
#[derive(Default)]
pub struct Fields {
    /// Names and texts, in the form's order. Which of them are secret is the handler's to know, so all are wiped.
    pub texts: Vec<(String, SecretText)>,
    /// Names and bytes of uploaded files that are not empty.
    pub files: Vec<(String, SecretValue)>,
}

impl Fields {
    /// The text of a field; empty where it is not there.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        self.texts.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v.expose())
    }

    /// Whether there is such a field.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.texts.iter().any(|(n, _)| n == name)
    }

    /// A field that must not be kept or shown.
    #[must_use]
    pub fn secret(&self, name: &str) -> SecretText {
        SecretText::new(self.text(name).to_owned())
    }

    /// What was typed into these fields, to be shown again; never for secrets.
    #[must_use]
    pub fn typed(&self, names: &[&str]) -> Vec<(String, String)> {
        self.texts.iter().filter(|(n, _)| names.contains(&n.as_str())).map(|(n, text)| (n.clone(), text.expose().to_owned())).collect()
    }

    /// A checkbox, or another word for on.
    #[must_use]
    pub fn ticked(&self, name: &str) -> bool {
        Some(self.text(name)).filter(|text| !text.is_empty()).and_then(switch) == Some(true)
    }

    /// The bytes of an uploaded file.
    #[must_use]
    pub fn file(&self, name: &str) -> Option<&[u8]> {
        self.files.iter().find(|(n, _)| n == name).map(|(_, b)| b.expose())
    }
}

impl<S: Send + Sync> FromRequest<S> for Fields {
    type Rejection = Refusal;
    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        arrived(request, |request| Self::read(request, state)).await
    }
}

impl Fields {
    async fn read<S: Send + Sync>(request: Request, state: &S) -> Result<Self, Refusal> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
        if kind.starts_with("multipart/form-data") {
            let multipart = Multipart::from_request(request, state).await.map_err(|e: MultipartRejection| refusal(e.status(), Sent::Form))?;
            return read_parts(multipart).await;
        }
        if !kind.is_empty() && !kind.starts_with("application/x-www-form-urlencoded") {
            return Err(Refusal::new(BodyProblem::NotAForm));
        }
        let body = request.extract::<Bytes, _>().await.map_err(|e: BytesRejection| refusal(e.status(), Sent::Form))?;
        let body = wiped(body);
        let texts: Vec<_> = form_urlencoded::parse(body.expose()).into_owned().take(MOST_FIELDS + 1).map(|(name, text)| (name, text_of(text))).collect();
        if texts.len() > MOST_FIELDS {
            return Err(too_many());
        }
        Ok(Self { texts, files: Vec::new() })
    }
}

/// A body that has not arrived by then is given up, while there is time to say so.
const ARRIVES: Duration = Duration::from_secs(TIME_LIMIT.as_secs() - 5);

/// Reads a body, and then looks whether its sender may still do what it asks for.
async fn arrived<T, F: Future<Output = Result<T, Refusal>>>(request: Request, read: impl FnOnce(Request) -> F) -> Result<T, Refusal> {
    let entitled = request.extensions().get::<Entitled>().cloned();
    let body = tokio::time::timeout(ARRIVES, read(request)).await.unwrap_or_else(|_| Err(Refusal::new(BodyProblem::Slow { limit_s: ARRIVES.as_secs() })))?;
    if let Some(entitled) = entitled {
        entitled.still().await?;
    }
    Ok(body)
}

/// Takes the bytes over, so that they are wiped when they are dropped. Where somebody else has a share in them, it is a
/// copy that is wiped.
fn wiped(bytes: Bytes) -> SecretValue {
    SecretValue::from(Vec::from(bytes))
}

/// The text of a field. A browser sends each line feed of a textarea as CRLF (RFC 7578, section 4.8); a certificate or
/// password is kept as it was typed.
fn text_of(text: String) -> SecretText {
    let sent = SecretText::new(text);
    if sent.expose().contains("\r\n") { SecretText::new(sent.expose().replace("\r\n", "\n")) } else { sent }
}

fn too_many() -> Refusal {
    Refusal::new(BodyProblem::TooManyFields { most: MOST_FIELDS })
}

async fn read_parts(mut multipart: Multipart) -> Result<Fields, Refusal> {
    let mut fields = Fields::default();
    while let Some(part) = multipart.next_field().await.map_err(|e| refusal(e.status(), Sent::Form))? {
        let name = part.name().unwrap_or_default().to_owned();
        let is_file = part.file_name().is_some();
        let bytes = wiped(part.bytes().await.map_err(|e| refusal(e.status(), Sent::Form))?);
        if fields.texts.len() + fields.files.len() >= MOST_FIELDS {
            return Err(too_many());
        }
        match (is_file, std::str::from_utf8(bytes.expose())) {
            (true, _) if bytes.is_empty() => {}
            (true, _) => fields.files.push((name, bytes)),
            (false, Ok(text)) => fields.texts.push((name, text_of(text.to_owned()))),
            (false, Err(_)) => return Err(Refusal::new(Finding::new(Field::Sent(name), RequestWrong::NotText))),
        }
    }
    Ok(fields)
}

/// A JSON body. The error never repeats what was sent, because it may be secret.
pub struct Body<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Refusal;
    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        if !is_json(request.headers()) {
            return Err(Refusal::new(BodyProblem::NotSentAsJson));
        }
        let read = async |request| Bytes::from_request(request, state).await.map(wiped).map_err(|e| refusal(e.status(), Sent::Request));
        let body = arrived(request, read).await?;
        // A list would be taken for the fields of an object in their order.
        if body.expose().iter().find(|b| !b.is_ascii_whitespace()) == Some(&b'[') {
            return Err(Refusal::new(BodyProblem::OtherShape));
        }
        match Json::<T>::from_bytes(body.expose()) {
            Ok(Json(value)) => Ok(Self(value)),
            Err(JsonRejection::JsonDataError(e)) => Err(Refusal::new(serde_text::problem(&e.body_text()))),
            Err(JsonRejection::JsonSyntaxError(_)) => Err(Refusal::new(BodyProblem::NotJson)),
            Err(other) => Err(refusal(other.status(), Sent::Request)),
        }
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    kind == "application/json" || (kind.starts_with("application/") && kind.ends_with("+json"))
}

fn refusal(status: StatusCode, what: Sent) -> Refusal {
    Refusal::new(if status == StatusCode::PAYLOAD_TOO_LARGE { BodyProblem::TooLarge { what } } else { BodyProblem::Incomplete { what } })
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body as HttpBody;
    use std::collections::BTreeMap;

    #[test]
    fn what_nobody_else_holds_is_wiped_in_its_place_and_not_in_a_copy() {
        let body = Bytes::from(b"password=x".repeat(100));
        let place = body.as_ptr();
        assert_eq!(wiped(body).expose().as_ptr(), place);
    }

    #[tokio::test]
    async fn json_is_taken_under_each_of_its_names_and_under_no_other() {
        for (kind, taken) in
            [("application/json", true), ("Application/JSON; charset=utf-8", true), ("application/merge-patch+json", true), ("text/plain", false)]
        {
            let request = Request::post("/").header(header::CONTENT_TYPE, kind).body(HttpBody::from(r#"{"a":1}"#)).unwrap();
            let read = Body::<BTreeMap<String, u8>>::from_request(request, &()).await;
            assert_eq!(read.ok().map(|body| body.0), taken.then(|| [("a".to_owned(), 1)].into()), "{kind}");
        }
    }

    #[tokio::test]
    async fn a_list_is_no_object() {
        let request = Request::post("/").header(header::CONTENT_TYPE, "application/json").body(HttpBody::from(" [1]")).unwrap();
        assert!(Body::<Vec<u8>>::from_request(request, &()).await.is_err());
    }

    #[tokio::test]
    async fn the_lines_of_a_textarea_come_as_they_were_typed() {
        let request = |kind: &str, body: &'static str| Request::post("/").header(header::CONTENT_TYPE, kind).body(HttpBody::from(body)).unwrap();
        let encoded = request("application/x-www-form-urlencoded", "value=a%0D%0Ab%0D%0A");
        let parts = request("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"value\"\r\n\r\na\r\nb\r\n\r\n--x--\r\n");
        for request in [encoded, parts] {
            assert_eq!(Fields::from_request(request, &()).await.ok().map(|f| f.text("value").to_owned()).as_deref(), Some("a\nb\n"));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_does_not_arrive_is_given_up_with_a_sentence() {
        let never = |kind: &str| {
            let body = HttpBody::from_stream(futures::stream::pending::<std::io::Result<Bytes>>());
            Request::post("/").header(header::CONTENT_TYPE, kind).body(body).unwrap()
        };
        let form = Fields::from_request(never("application/x-www-form-urlencoded"), &()).await.err();
        let parts = Fields::from_request(never("multipart/form-data; boundary=x"), &()).await.err();
        let json = Body::<Vec<u8>>::from_request(never("application/json"), &()).await.err();
        for refusal in [form, parts, json] {
            let problem = domain::Language::English.problem(&refusal.unwrap().0);
            assert_eq!(problem.status, 408);
            assert!(problem.detail.contains("took longer than 25 seconds to arrive. Nothing was done."), "{}", problem.detail);
        }
    }
}
