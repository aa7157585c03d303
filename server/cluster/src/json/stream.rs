//! Calls whose answers are read as they come.

use super::Broken;
use super::doc::{Doc, Piece, Shape};
use super::rule::{Limits, Rule};
use super::sieve::Object;
use crate::connect::WATCH_S;
use crate::raw;
use http_body_util::BodyExt;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ListMeta;
use kube::core::Status;
use kube::{Client, Error, Result};

/// Reads an answer and gives its pieces to `each`, until that has an error.
async fn read(client: &Client, path: &str, doc: &mut Doc, mut each: impl FnMut(Piece<'_>) -> Result<()>) -> Result<()> {
    let mut body = raw::open(client, path).await?;
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame?.into_data() else { continue };
        let mut rest = &data[..];
        while let Some(piece) = doc.next(&mut rest)? {
            each(piece)?;
        }
    }
    Ok(())
}

fn cut_off() -> Error {
    Error::ReadEvents(std::io::Error::from(std::io::ErrorKind::UnexpectedEof))
}

/// Reads one page of a list and gives its objects to `each`. Its metadata tells whether there are more.
///
/// # Errors
/// The server refuses, goes away in the middle, or answers what is no list.
pub(crate) async fn list(client: &Client, path: &str, rule: &'static Rule, limits: Limits, mut each: impl FnMut(Object<'_>)) -> Result<ListMeta> {
    let mut doc = Doc::new(Shape::List, rule, limits);
    let element = |piece: Piece<'_>| {
        if let Piece::Object(object) = piece {
            each(object);
        }
        Ok(())
    };
    read(client, path, &mut doc, element).await?;
    if !doc.complete() {
        return Err(cut_off());
    }
    let about = if doc.about().is_empty() { b"{}" } else { doc.about() };
    serde_json::from_slice(about).map_err(Error::SerdeError)
}

/// Reads a whole list in pages of so many objects and gives them to `each`. The list's version, from which a watch goes on.
///
/// # Errors
/// As [`list`]; 410 where the list took longer than the server remembers its version.
pub(crate) async fn pages(client: &Client, path: &str, page: u32, rule: &'static Rule, limits: Limits, mut each: impl FnMut(Object<'_>)) -> Result<String> {
    let mut next = String::new();
    loop {
        let about = list(client, &format!("{path}?limit={page}{next}"), rule, limits, &mut each).await?;
        match about.continue_.filter(|token| !token.is_empty()) {
            // A token is base64 for URLs, but nothing promises that.
            Some(token) => next = token.bytes().fold("&continue=".to_owned(), |path, b| format!("{path}%{b:02X}")),
            None => return Ok(about.resource_version.unwrap_or_default()),
        }
    }
}

/// The path of a watch that goes on from a version.
pub(crate) fn watch_path(path: &str, version: &str) -> String {
    format!("{path}?watch=true&allowWatchBookmarks=true&timeoutSeconds={WATCH_S}&resourceVersion={version}")
}

/// What a watch tells.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Change<'a> {
    /// An object came or changed.
    Applied(Object<'a>),
    /// An object is gone.
    Deleted(Object<'a>),
    /// Nothing, but that all changes up to the version of this object have come.
    Bookmark(Object<'a>),
}

/// Reads a watch until it ends and gives its changes to `each`.
///
/// # Errors
/// The server refuses, also in the middle, goes away, or answers what is no watch.
pub(crate) async fn watch(client: &Client, path: &str, rule: &'static Rule, limits: Limits, mut each: impl FnMut(Change<'_>)) -> Result<()> {
    let mut doc = Doc::new(Shape::Watch, rule, limits);
    let change = |piece: Piece<'_>| {
        let Piece::Change(kind, object) = piece else { return Ok(()) };
        match kind {
            b"\"ADDED\"" | b"\"MODIFIED\"" => each(Change::Applied(object)),
            b"\"DELETED\"" => each(Change::Deleted(object)),
            b"\"BOOKMARK\"" => each(Change::Bookmark(object)),
            b"\"ERROR\"" => {
                let status: Status = serde_json::from_slice(object.json).map_err(Error::SerdeError)?;
                return Err(Error::Api(status.boxed()));
            }
            _ => return Err(Broken.into()),
        }
        Ok(())
    };
    read(client, path, &mut doc, change).await
}

/// Reads one object; its JSON, or `None` where it is too large.
///
/// # Errors
/// The server refuses, goes away in the middle, or answers what is no JSON.
pub(crate) async fn object(client: &Client, path: &str, rule: &'static Rule, limits: Limits) -> Result<Option<Vec<u8>>> {
    let mut doc = Doc::new(Shape::Object, rule, limits);
    let mut found = None;
    let whole = |piece: Piece<'_>| {
        if let Piece::Object(object) = piece {
            found = Some((!object.large).then(|| object.json.to_vec()));
        }
        Ok(())
    };
    read(client, path, &mut doc, whole).await?;
    found.ok_or_else(cut_off)
}
