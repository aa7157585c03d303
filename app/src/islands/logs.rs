//! The live log in the browser.
