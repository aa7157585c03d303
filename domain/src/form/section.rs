//! The sections of the form for a new app.

use super::Field;
use crate::slugs::slugs;

slugs! {
    /// A section of the form for a new app; its word is the id of its element.
    Section {
        /// Name and replicas.
        Basics = "basics",
        /// Image and command.
        Image = "image",
        /// Ports of the container.
        Ports = "ports",
        /// Variables.
        Environment = "env",
        /// Requests and limits.
        Resources = "resources",
        /// Probes.
        Probes = "probes",
        /// Service and ingress.
        Network = "network",
    }
}

impl Field {
    /// The section that the field is in; `None` for fields of other forms.
    #[must_use]
    pub const fn section(&self) -> Option<Section> {
        match self {
            Self::Name | Self::Replicas => Some(Section::Basics),
            Self::Image | Self::PullSecret | Self::Command | Self::Args => Some(Section::Image),
            Self::Ports | Self::Port(..) => Some(Section::Ports),
            Self::Environment | Self::Env(..) => Some(Section::Environment),
            Self::CpuRequest | Self::CpuLimit | Self::MemoryRequest | Self::MemoryLimit => Some(Section::Resources),
            Self::Probe(..) => Some(Section::Probes),
            Self::Service | Self::NodePort | Self::IngressHost | Self::IngressPath | Self::IngressClass | Self::IngressTlsSecret => Some(Section::Network),
            Self::Kind
            | Self::Entries
            | Self::Keys
            | Self::Key
            | Self::Value
            | Self::Server
            | Self::Username
            | Self::Password
            | Self::Email
            | Self::Certificate
            | Self::PrivateKey
            | Self::Display
            | Self::CurrentPassword
            | Self::NewPassword
            | Self::RepeatedPassword
            | Self::Token
            | Self::Namespaces
            | Self::User
            | Self::Role
            | Self::Confirm
            | Self::Revision
            | Self::Entry(..)
            | Self::Removal(_)
            | Self::Sent(_) => None,
        }
    }
}
