//! The words that the form of a new app takes where one of several has to be chosen.

use crate::slugs::slugs;

slugs! {
    /// Where the value of a variable comes from.
    Source {
        /// It stands in the form.
        Value = "value",
        /// A key of a secret.
        Secret = "secret",
        /// A key of a config map.
        ConfigMap = "configMap",
    }
}

slugs! {
    /// What a probe asks.
    ProbeType {
        /// There is no probe.
        None = "none",
        /// An HTTP GET.
        Http = "http",
        /// Whether the port takes connections.
        Tcp = "tcp",
        /// A command in the container.
        Command = "command",
    }
}

slugs! {
    /// How the app can be reached.
    ServiceType {
        /// There is no service.
        None = "none",
        /// Inside the cluster.
        ClusterIp = "ClusterIP",
        /// On every node too.
        NodePort = "NodePort",
    }
}

impl Source {
    /// What was chosen; a value where nothing was.
    #[must_use]
    pub fn chosen(text: &str) -> Option<Self> {
        if text.is_empty() { Some(Self::Value) } else { Self::from_slug(text) }
    }
}

impl ProbeType {
    /// What was chosen; none where nothing was.
    #[must_use]
    pub fn chosen(text: &str) -> Option<Self> {
        if text.is_empty() { Some(Self::None) } else { Self::from_slug(text) }
    }
}

impl ServiceType {
    /// What was chosen; none where nothing was.
    #[must_use]
    pub fn chosen(text: &str) -> Option<Self> {
        if text.is_empty() { Some(Self::None) } else { Self::from_slug(text) }
    }
}
