//! As much HTTP as the tests need, so that they can also send what no library would.

use std::net::SocketAddr;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

#[derive(Clone)]
pub struct Client {
    pub address: SocketAddr,
    pub cookie: Option<String>,
    pub headers: Vec<(String, String)>,
}

#[derive(Clone, Debug)]
pub struct Reply {
    pub asked: String,
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Reply {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v.as_str())
    }

    #[track_caller]
    pub fn expect(&self, status: u16) -> &Self {
        assert_eq!(self.status, status, "{} answered {}: {:.600}", self.asked, self.status, self.body);
        self
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|e| panic!("{e}: {:.600}", self.body))
    }

    /// Everything that came over the wire.
    pub fn whole(&self) -> String {
        format!("{:?}\n{}", self.headers, self.body)
    }
}

impl Client {
    pub fn new(address: SocketAddr) -> Self {
        Self { address, cookie: None, headers: Vec::new() }
    }

    pub fn with(&self, name: &str, value: &str) -> Self {
        let mut client = self.clone();
        client.headers.push((name.to_owned(), value.to_owned()));
        client
    }

    pub async fn get(&self, path: &str) -> Reply {
        self.send("GET", path, None).await
    }

    pub async fn form(&self, path: &str, body: &str) -> Reply {
        self.send("POST", path, Some(("application/x-www-form-urlencoded", body.as_bytes()))).await
    }

    pub async fn json(&self, method: &str, path: &str, body: &str) -> Reply {
        self.send(method, path, Some(("application/json", body.as_bytes()))).await
    }

    pub async fn send(&self, method: &str, path: &str, body: Option<(&str, &[u8])>) -> Reply {
        let mut stream = self.open(method, path, body).await;
        let mut bytes = Vec::new();
        // As clients do, and not until the server closes: it reads on what it has refused.
        while !whole(method, &bytes) && stream.read_buf(&mut bytes).await.unwrap() > 0 {}
        read(format!("{method} {path}"), &bytes)
    }

    /// Sends and leaves the answer to the caller.
    pub async fn open(&self, method: &str, path: &str, body: Option<(&str, &[u8])>) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        let mut head = format!("{method} {path} HTTP/1.1\r\nConnection: close\r\n");
        if !self.headers.iter().any(|(n, _)| n.eq_ignore_ascii_case("host")) {
            head += &format!("Host: {}\r\n", self.address);
        }
        if let Some(cookie) = &self.cookie {
            head += &format!("Cookie: {cookie}\r\n");
        }
        for (name, value) in &self.headers {
            head += &format!("{name}: {value}\r\n");
        }
        if let Some((kind, body)) = body {
            head += &format!("Content-Type: {kind}\r\nContent-Length: {}\r\n", body.len());
        }
        head += "\r\n";
        stream.write_all(head.as_bytes()).await.unwrap();
        if let Some((_, body)) = body {
            // The server may answer and close before it has read a body that is too large.
            let _ = stream.write_all(body).await;
        }
        stream
    }
}

/// Whether an answer is there to its end, as far as its head tells.
fn whole(method: &str, bytes: &[u8]) -> bool {
    let Some(end) = bytes.windows(4).position(|w| w == b"\r\n\r\n") else { return false };
    let head = String::from_utf8_lossy(&bytes[..end]).to_ascii_lowercase();
    let length = head.lines().find_map(|l| l.strip_prefix("content-length: ")?.parse::<usize>().ok());
    method == "HEAD" || length.is_some_and(|length| bytes.len() >= end + 4 + length)
}

fn read(asked: String, bytes: &[u8]) -> Reply {
    let split = bytes.windows(4).position(|w| w == b"\r\n\r\n").unwrap_or_else(|| panic!("{asked}: no head in {:?}", String::from_utf8_lossy(bytes)));
    let head = String::from_utf8_lossy(&bytes[..split]).into_owned();
    let mut lines = head.lines();
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let headers: Vec<(String, String)> = lines.filter_map(|l| l.split_once(": ").map(|(n, v)| (n.to_owned(), v.to_owned()))).collect();
    let chunked = headers.iter().any(|(n, v)| n == "transfer-encoding" && v == "chunked");
    let body = if chunked { unchunk(&bytes[split + 4..]) } else { bytes[split + 4..].to_vec() };
    Reply { asked, status, headers, body: String::from_utf8_lossy(&body).into_owned() }
}

pub fn unchunk(mut bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    while let Some(end) = bytes.windows(2).position(|w| w == b"\r\n") {
        let size = usize::from_str_radix(std::str::from_utf8(&bytes[..end]).unwrap(), 16).unwrap();
        if size == 0 || bytes.len() < end + 2 + size {
            break;
        }
        out.extend_from_slice(&bytes[end + 2..end + 2 + size]);
        bytes = &bytes[end + 2 + size + 2..];
    }
    out
}

pub fn encode(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
