//! Where the portal listens.

use super::finding::{Finding, Wants};
use super::parse::Reader;
use super::validate::Validate;
use std::net::{IpAddr, SocketAddr};

/// Where the portal listens.
#[derive(Clone)]
pub struct Listen {
    /// Address and port; port 0 takes a free one.
    pub address: SocketAddr,
}

impl Listen {
    pub(super) fn read(read: &Reader<'_>) -> Result<Self, Finding> {
        let address: IpAddr = read.with("listen", |t| t.parse().map_err(|_| Wants::Address))?;
        let port: u16 = read.with("port", |t| t.parse().map_err(|_| Wants::Port))?;
        Ok(Self { address: SocketAddr::new(address, port) })
    }
}

impl Validate for Listen {}
