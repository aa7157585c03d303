//! Where a request came from and under which path: from the configuration, or from a trusted proxy's headers.

use crate::config::Config;
use base64::Engine as _;
use domain::BasePath;
use domain::problem::RequestProblem;
use http::{HeaderMap, Uri};
use service::ports::Rng;
use std::net::IpAddr;
use std::sync::Arc;

/// What is known of a request beside itself. A clone is the same.
#[derive(Clone, Debug)]
pub struct Context(Arc<Inner>);

/// Fields of [`Context`].
#[derive(Debug)]
pub struct Inner {
    /// Path under which this request reaches the portal.
    pub base: BasePath,
    /// The browser speaks https.
    pub https: bool,
    /// Address of the client, behind trusted proxies.
    pub client: IpAddr,
    /// Host and port as the browser wrote them, in lower case.
    pub host: String,
    /// For the content security policy of the answer.
    pub nonce: String,
    /// For the log and for the person who asks about an error.
    pub id: String,
}

impl std::ops::Deref for Context {
    type Target = Inner;
    fn deref(&self) -> &Inner {
        &self.0
    }
}

impl Context {
    /// Reads the headers; those of proxies only where `peer` is trusted.
    ///
    /// # Errors
    /// A problem for a trusted proxy whose `X-Forwarded-Prefix` is no path, and the context with the configured path
    /// for the answer that says so.
    pub fn read(config: &Config, rng: &dyn Rng, peer: IpAddr, uri: &Uri, headers: &HeaderMap) -> Result<Self, (Self, RequestProblem)> {
        let peer = peer.to_canonical();
        let trusted = trusts(config, peer);
        let forwarded = |name: &str| if trusted { first(headers, name) } else { None };
        let (base, wrong) = match forwarded("x-forwarded-prefix").map(BasePath::lenient).transpose() {
            Ok(prefix) => (prefix.unwrap_or_else(|| config.site.base_path.clone()), None),
            Err(error) => (config.site.base_path.clone(), Some(error)),
        };
        let proto = if trusted || config.proxies.http_forwarded { first(headers, "x-forwarded-proto") } else { None };
        let host = forwarded("x-forwarded-host").or_else(|| first(headers, "host")).or_else(|| uri.authority().map(http::uri::Authority::as_str));
        let mut random = [0; 24];
        rng.fill(&mut random);
        let context = Self(Arc::new(Inner {
            base,
            https: proto.is_some_and(|p| p.eq_ignore_ascii_case("https") || p.eq_ignore_ascii_case("wss")),
            client: if trusted { client(config, peer, headers) } else { peer },
            host: host.unwrap_or_default().to_ascii_lowercase(),
            nonce: base64::engine::general_purpose::STANDARD.encode(&random[..16]),
            id: random[16..].iter().map(|b| format!("{b:02x}")).collect(),
        }));
        match wrong {
            None => Ok(context),
            Some(why) => Err((context, RequestProblem::PrefixNotAPath { why })),
        }
    }
}

fn trusts(config: &Config, address: IpAddr) -> bool {
    config.proxies.trusted.iter().any(|net| net.contains(&address))
}

/// The first of the values that proxies have put into a header.
fn first<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let text = headers.get(name)?.to_str().ok()?;
    Some(text.split(',').next().unwrap_or(text).trim()).filter(|t| !t.is_empty())
}

/// From the right of `X-Forwarded-For`, the first address that is no trusted proxy: what stands left of it
/// could have been written by anybody.
fn client(config: &Config, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
    let mut nearest = peer;
    let values: Vec<&str> = headers.get_all("x-forwarded-for").iter().filter_map(|v| v.to_str().ok()).flat_map(|v| v.split(',')).collect();
    for text in values.iter().rev() {
        let Some(address) = address(text.trim()) else { break };
        nearest = address;
        if !trusts(config, address) {
            break;
        }
    }
    nearest
}

// Some proxies add the port.
fn address(text: &str) -> Option<IpAddr> {
    let with_port = || text.parse::<std::net::SocketAddr>().ok().map(|a| a.ip());
    text.trim_matches(['[', ']']).parse().ok().or_else(with_port).map(|a: IpAddr| a.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Raw, gather};
    use crate::system::OsRng;

    fn config(settings: &[(&'static str, &str)]) -> Config {
        let flags = settings.iter().map(|(k, v)| (*k, Raw { text: (*v).to_owned(), origin: (*k).to_owned() })).collect();
        Config::from_texts(&gather(flags, std::iter::empty()).unwrap()).unwrap()
    }

    fn read(config: &Config, peer: &str, headers: &[(&str, &str)]) -> Result<Context, (Context, RequestProblem)> {
        let headers = headers.iter().map(|(k, v)| (http::HeaderName::from_bytes(k.as_bytes()).unwrap(), v.parse().unwrap())).collect();
        Context::read(config, &OsRng, peer.parse().unwrap(), &Uri::from_static("/"), &headers)
    }

    const FORGED: &[(&str, &str)] = &[
        ("host", "Portal.example.org"),
        ("x-forwarded-prefix", "/evil"),
        ("x-forwarded-proto", "https"),
        ("x-forwarded-host", "evil.example"),
        ("x-forwarded-for", "6.6.6.6"),
    ];

    #[test]
    fn an_untrusted_peer_cannot_forge_anything() {
        let seen = read(&config(&[("trusted_proxies", "10.0.0.0/8"), ("base_path", "/a")]), "192.0.2.9", FORGED).unwrap();
        assert_eq!((seen.base.as_str(), seen.https, seen.host.as_str(), seen.client.to_string().as_str()), ("/a", false, "portal.example.org", "192.0.2.9"));
    }

    #[test]
    fn a_trusted_proxy_is_believed() {
        let seen = read(&config(&[("trusted_proxies", "10.0.0.0/8,127.0.0.1"), ("base_path", "/a")]), "::ffff:10.1.2.3", FORGED).unwrap();
        assert_eq!((seen.base.as_str(), seen.https, seen.host.as_str(), seen.client.to_string().as_str()), ("/evil", true, "evil.example", "6.6.6.6"));
    }

    #[test]
    fn http_forwarded_believes_the_scheme_and_nothing_else() {
        let seen = read(&config(&[("http_forwarded", "true")]), "192.0.2.9", FORGED).unwrap();
        assert_eq!((seen.base.as_str(), seen.https, seen.client.to_string().as_str()), ("", true, "192.0.2.9"));
    }

    #[test]
    fn the_client_is_the_last_address_that_no_trusted_proxy_wrote() {
        let config = config(&[("trusted_proxies", "10.0.0.0/8")]);
        let from = |value: &str| read(&config, "10.0.0.1", &[("x-forwarded-for", value)]).unwrap().client.to_string();
        assert_eq!(from("1.1.1.1, 2.2.2.2, 10.0.0.7"), "2.2.2.2");
        assert_eq!(from("junk, 10.0.0.7"), "10.0.0.7");
        assert_eq!(from("2.2.2.2:4711"), "2.2.2.2");
        assert_eq!(from("[2001:db8::1]:4711"), "2001:db8::1");
        assert_eq!(from(""), "10.0.0.1");
    }

    #[test]
    fn a_prefix_that_is_no_path_is_told() {
        let config = config(&[("trusted_proxies", "10.0.0.0/8")]);
        assert!(read(&config, "10.0.0.1", &[("x-forwarded-prefix", "/a/../b")]).is_err());
        assert_eq!(read(&config, "10.0.0.1", &[("x-forwarded-prefix", "/")]).unwrap().base.as_str(), "");
    }
}
