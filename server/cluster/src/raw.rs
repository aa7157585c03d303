//! Requests whose answers have to be taken as they come: kube's own helpers copy a body more than once, and
//! write it to the log where it cannot be parsed.

use http::Request;
use kube::client::Body;
use kube::core::Status;
use kube::{Client, Error};
use serde::Serialize;

/// Sends a GET and gives the answer's body, if the status is a good one.
pub(crate) async fn open(client: &Client, path: &str) -> kube::Result<Body> {
    send(client, Request::get(path).body(Body::empty()).map_err(Error::HttpError)?).await
}

/// Whether an object exists. The answer is asked for as a table without the object, so that nothing of it is sent but
/// what `kubectl get` prints.
pub(crate) async fn exists(client: &Client, path: &str) -> kube::Result<bool> {
    let request =
        Request::get(format!("{path}?includeObject=None")).header(http::header::ACCEPT, "application/json;as=Table;v=v1;g=meta.k8s.io").body(Body::empty());
    match send(client, request.map_err(Error::HttpError)?).await {
        Ok(_) => Ok(true),
        Err(Error::Api(status)) if status.code == 404 => Ok(false),
        Err(error) => Err(error),
    }
}

/// Creates an object; the answer, which repeats it, is not read.
pub(crate) async fn create<T: Serialize>(client: &Client, path: &str, object: &T) -> kube::Result<()> {
    let body = serde_json::to_vec(object).map_err(Error::SerdeError)?;
    let request = Request::post(path).header(http::header::CONTENT_TYPE, "application/json").body(Body::from(body));
    send(client, request.map_err(Error::HttpError)?).await.map(|_| ())
}

async fn send(client: &Client, request: Request<Body>) -> kube::Result<Body> {
    let response = client.send(request).await?;
    let code = response.status().as_u16();
    if response.status().is_success() {
        return Ok(response.into_body());
    }
    let bytes = response.into_body().collect_bytes().await?;
    let mut status = serde_json::from_slice::<Status>(&bytes)
        .unwrap_or_else(|_| Status::failure(crate::text::cut(String::from_utf8_lossy(&bytes), crate::text::MESSAGE).trim(), ""));
    if status.code == 0 {
        status = status.with_code(code);
    }
    Err(Error::Api(status.boxed()))
}
