//! What stands in front of the portal.

use super::finding::{Finding, FindingKind};
use super::parse::{self, Reader};
use super::validate::Validate;
use ipnet::IpNet;

/// What stands in front of the portal.
#[derive(Clone)]
pub struct Proxies {
    /// Who may say where a request came from.
    pub trusted: Vec<IpNet>,
    /// Believe `X-Forwarded-Proto` from everyone.
    pub http_forwarded: bool,
}

impl Proxies {
    pub(super) fn read(read: &Reader<'_>) -> Result<Self, Finding> {
        Ok(Self { trusted: read.list("trusted_proxies", parse::network)?, http_forwarded: read.with("http_forwarded", parse::switch)? })
    }
}

impl Validate for Proxies {
    fn validate(&self) -> Vec<Finding> {
        let wide = self.trusted.iter().filter(|net| is_wide(net));
        wide.map(|net| Finding { setting: "trusted_proxies", kind: FindingKind::WideProxies(*net) }).collect()
    }
}

/// Longest prefix of a network that is called wide: 256 addresses hold a few proxies and little else, and so does the one
/// /64 that a network has at least.
fn is_wide(net: &IpNet) -> bool {
    match net {
        IpNet::V4(net) => net.prefix_len() < 24 && !(net.addr().is_loopback() && net.prefix_len() >= 8),
        IpNet::V6(net) => net.prefix_len() < 64,
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::with_flag;
    use super::*;

    #[test]
    fn a_network_of_more_than_proxies_is_warned_of() {
        let warned = |proxies: &str| with_flag("trusted_proxies", proxies).unwrap().warnings();
        assert_eq!(warned("127.0.0.0/8, 10.0.3.7, 10.0.3.0/24, ::1, fd00:1:2:3::/64, 192.168.7.8/29"), []);
        for net in ["10.0.0.0/8", "10.0.0.0/23", "0.0.0.0/0", "::/0", "fd00::/48", "127.0.0.0/7"] {
            let wide = Finding { setting: "trusted_proxies", kind: FindingKind::WideProxies(net.parse().unwrap()) };
            assert_eq!(warned(&format!("127.0.0.1, {net}")), [wide], "{net}");
        }
        let said = warned("10.0.0.0/8")[0].to_string();
        assert!(said.starts_with("trusted_proxies contains the network 10.0.0.0/8. Any client in it can forge its address"), "{said}");
    }
}
