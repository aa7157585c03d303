//! The form for a new secret, as it lives in the browser.
