//! The pages: views of what the server has loaded, and the islands in them that live in the browser.
//!
//! A page is rendered on the server from a [`page::Page`] and works as plain HTML. Islands (live lists, logs,
//! charts, forms) wake up in the browser, talk to the socket and the API, and paint a pure state that lives in
//! [`domain`]. Views never fetch and never know a service.

pub mod page;

/// Paints a page.
#[cfg(feature = "ssr")]
#[must_use]
pub fn render(_frame: &page::Frame, _page: &page::Page) -> String {
    String::new()
}

/// Called once in the browser before the islands wake.
#[cfg(feature = "hydrate")]
pub fn wake() {}
