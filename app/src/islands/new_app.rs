//! The form for a new app, as it lives in the browser.
