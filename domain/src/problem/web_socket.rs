//! Requests that can't become a WebSocket.

/// What is wrong with the handshake (RFC 6455, section 4.2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WebSocketProblem {
    /// It doesn't ask for a WebSocket.
    NotAsked,
    /// It asks for another version of the protocol.
    OtherVersion,
    /// Its key isn't 16 bytes in base64.
    KeyInvalid,
    /// The connection can't become one.
    ConnectionUnfit,
}

impl WebSocketProblem {
    pub(super) const fn reason(self) -> &'static str {
        match self {
            Self::NotAsked => "web_socket_not_asked",
            Self::OtherVersion => "web_socket_of_other_version",
            Self::KeyInvalid => "web_socket_key_invalid",
            Self::ConnectionUnfit => "web_socket_connection_unfit",
        }
    }

    pub(super) const fn http_status(self) -> u16 {
        match self {
            Self::NotAsked | Self::OtherVersion => 426,
            Self::KeyInvalid | Self::ConnectionUnfit => 400,
        }
    }
}
