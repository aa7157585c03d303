//! Where a request came from.

/// Where a request came from.
#[derive(Clone, Debug, Default)]
pub struct Origin {
    /// Client address, after trusted proxies.
    pub address: String,
    /// The browser's own word, 200 characters at most.
    pub agent: String,
    /// What was asked for: method and path, never a query. Empty where nobody needs it.
    pub asked: String,
}
