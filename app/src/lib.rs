//! The pages: views of what the server has loaded, and the islands in them that live in the browser.
//!
//! A page is rendered on the server from a [`page::Page`] and works as plain HTML. Islands (live lists, logs,
//! charts, forms) wake up in the browser, talk to the socket and the API, and paint a pure state that lives in
//! [`domain`]. Views never fetch and never know a service.
#![recursion_limit = "256"] // A table of views is a type as deep as its markup.

pub mod backoff;
#[cfg(feature = "hydrate")]
pub mod client;
pub mod detail;
pub mod digest;
pub mod html;
pub mod icons;
pub mod islands;
pub mod links;
pub mod list;
pub mod page;
#[cfg(feature = "ssr")]
pub mod pages;
pub mod palette;
pub mod parts;
#[cfg(all(test, feature = "ssr"))]
mod render_tests;
#[cfg(feature = "ssr")]
mod script;
#[cfg(feature = "ssr")]
mod shell;

/// Paints a page.
#[cfg(feature = "ssr")]
#[must_use]
pub fn render(frame: &page::Frame, page: &page::Page) -> String {
    shell::document(frame, page)
}

/// Paints a part of a page by itself.
#[cfg(feature = "ssr")]
#[must_use]
pub fn render_part(frame: &page::Frame, part: &page::Part<'_>) -> String {
    shell::part(frame, part)
}

/// Called once in the browser before the islands wake.
#[cfg(feature = "hydrate")]
pub fn wake() {
    client::page::start();
}
