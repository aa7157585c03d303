//! Bodies: fields of forms and JSON, each with its limit, each error a sentence.

use super::Refusal;
use axum::extract::multipart::MultipartRejection;
use axum::extract::rejection::{BytesRejection, JsonRejection};
use axum::extract::{FromRequest, Multipart, Request};
use axum::{Json, RequestExt as _};
use bytes::Bytes;
use domain::secret::SecretText;
use domain::{Code, FieldError, Problem};
use http::{StatusCode, header};
use serde::de::DeserializeOwned;

/// Most fields of a form.
const MOST_FIELDS: usize = 1000;

/// The fields of a form, urlencoded or multipart.
#[derive(Default)]
pub struct Fields {
    /// Names and texts, in the form's order. Which of them are secret is the handler's to know, so all are wiped.
    pub texts: Vec<(String, SecretText)>,
    /// Names and bytes of uploaded files that are not empty.
    pub files: Vec<(String, Bytes)>,
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

    /// A checkbox, or `true`/`1`.
    #[must_use]
    pub fn ticked(&self, name: &str) -> bool {
        matches!(self.text(name), "on" | "true" | "1" | "yes")
    }

    /// The bytes of an uploaded file.
    #[must_use]
    pub fn file(&self, name: &str) -> Option<&Bytes> {
        self.files.iter().find(|(n, _)| n == name).map(|(_, b)| b)
    }
}

impl<S: Send + Sync> FromRequest<S> for Fields {
    type Rejection = Refusal;
    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
        if kind.starts_with("multipart/form-data") {
            let multipart = Multipart::from_request(request, state).await.map_err(|e: MultipartRejection| refusal(e.status(), "This form"))?;
            return read_parts(multipart).await;
        }
        if !kind.is_empty() && !kind.starts_with("application/x-www-form-urlencoded") {
            return Err(Refusal::new(Code::Invalid, "Send the form as application/x-www-form-urlencoded or multipart/form-data."));
        }
        let body = request.extract::<Bytes, _>().await.map_err(|e: BytesRejection| refusal(e.status(), "This form"))?;
        let texts: Vec<_> = form_urlencoded::parse(&body).into_owned().take(MOST_FIELDS + 1).map(|(name, text)| (name, SecretText::new(text))).collect();
        if texts.len() > MOST_FIELDS {
            return Err(too_many());
        }
        Ok(Self { texts, files: Vec::new() })
    }
}

fn too_many() -> Refusal {
    Refusal::new(Code::TooLarge, format!("A form has at most {MOST_FIELDS} fields."))
}

async fn read_parts(mut multipart: Multipart) -> Result<Fields, Refusal> {
    let mut fields = Fields::default();
    while let Some(part) = multipart.next_field().await.map_err(|e| refusal(e.status(), "This form"))? {
        let name = part.name().unwrap_or_default().to_owned();
        let is_file = part.file_name().is_some();
        let bytes = part.bytes().await.map_err(|e| refusal(e.status(), "This form"))?;
        if fields.texts.len() + fields.files.len() >= MOST_FIELDS {
            return Err(too_many());
        }
        match (is_file, String::from_utf8(bytes.to_vec())) {
            (true, _) if bytes.is_empty() => {}
            (true, _) => fields.files.push((name, bytes)),
            (false, Ok(text)) => fields.texts.push((name, SecretText::new(text))),
            (false, Err(_)) => return Err(Problem::invalid(vec![FieldError::new(name, "This is not text. Upload it as a file.")]).into()),
        }
    }
    Ok(fields)
}

/// A JSON body. The error never repeats what was sent, because it may be secret.
pub struct Body<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Refusal;
    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        match Json::<T>::from_request(request, state).await {
            Ok(Json(value)) => Ok(Self(value)),
            Err(JsonRejection::JsonDataError(e)) => Err(Refusal::new(Code::Invalid, unknown_field(&e.body_text()))),
            Err(JsonRejection::JsonSyntaxError(_)) => Err(Refusal::new(Code::Invalid, "The body is not JSON.")),
            Err(JsonRejection::MissingJsonContentType(_)) => Err(Refusal::new(Code::Invalid, "Send the body as application/json.")),
            Err(other) => Err(refusal(other.status(), "This request")),
        }
    }
}

/// serde's text may hold values that were sent (`invalid type: string "…"`); only its words about names pass.
fn unknown_field(text: &str) -> String {
    let quoted = |after: &str| text.split_once(after).and_then(|(_, rest)| rest.split_once('`')).map(|(name, _)| name.chars().take(64).collect::<String>());
    if let Some(name) = quoted("missing field `") {
        return format!("The field {name:?} is missing.");
    }
    if text.contains("unknown field `") {
        return "The body has a field that this request does not take; the API's description lists those it takes.".to_owned();
    }
    "The body does not have the form that the API's description gives for it.".to_owned()
}

fn refusal(status: StatusCode, what: &str) -> Refusal {
    if status == StatusCode::PAYLOAD_TOO_LARGE {
        Refusal::new(Code::TooLarge, format!("{what} is larger than the portal takes. Send less at once."))
    } else {
        Refusal::new(Code::Invalid, format!("{what} could not be read to its end. Send it again."))
    }
}
