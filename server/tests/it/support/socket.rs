//! The page's end of the live socket.

use super::http::Client;
use domain::live::{ClientFrame, ServerFrame};
use futures::{SinkExt, StreamExt};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};

pub struct Socket(pub WebSocketStream<TcpStream>);

#[derive(Debug)]
pub enum Heard {
    Frame(ServerFrame),
    Log(Vec<u8>),
    Closed(Option<u16>),
    Nothing,
}

impl Socket {
    /// Opens the socket with this `Origin`; `Err` is the status of a refusal.
    pub async fn open(client: &Client, path: &str, origin: Option<&str>) -> Result<Self, u16> {
        let mut request = format!("ws://{}{path}", client.address).into_client_request().unwrap();
        if let Some(cookie) = &client.cookie {
            request.headers_mut().insert("cookie", cookie.parse().unwrap());
        }
        for (name, value) in &client.headers {
            request.headers_mut().insert(http::HeaderName::from_bytes(name.as_bytes()).unwrap(), value.parse().unwrap());
        }
        if let Some(origin) = origin {
            request.headers_mut().insert("origin", origin.parse().unwrap());
        }
        let stream = TcpStream::connect(client.address).await.unwrap();
        match tokio_tungstenite::client_async(request, stream).await {
            Ok((socket, _)) => Ok(Self(socket)),
            Err(Error::Http(response)) => Err(response.status().as_u16()),
            Err(other) => panic!("{other}"),
        }
    }

    pub async fn of(client: &Client) -> Self {
        let mut socket = Self::open(client, "/api/v1/live", Some(&format!("http://{}", client.address))).await.unwrap();
        assert!(matches!(socket.hear().await, Heard::Frame(ServerFrame::Hello { .. })));
        assert!(matches!(socket.hear().await, Heard::Frame(ServerFrame::Health { .. })));
        socket
    }

    pub async fn say(&mut self, frame: &ClientFrame) {
        self.0.send(Message::text(serde_json::to_string(frame).unwrap())).await.unwrap();
    }

    pub async fn hear(&mut self) -> Heard {
        self.hear_for(Duration::from_secs(5)).await
    }

    pub async fn hear_for(&mut self, time: Duration) -> Heard {
        loop {
            match tokio::time::timeout(time, self.0.next()).await {
                Err(_) => return Heard::Nothing,
                Ok(Some(Ok(Message::Text(text)))) => return Heard::Frame(serde_json::from_str(&text).unwrap()),
                Ok(Some(Ok(Message::Binary(bytes)))) => return Heard::Log(bytes.to_vec()),
                Ok(Some(Ok(Message::Close(frame)))) => return Heard::Closed(frame.map(|f| f.code.into())),
                Ok(None | Some(Err(_))) => return Heard::Closed(None),
                Ok(Some(Ok(_))) => {}
            }
        }
    }

    /// Waits for the frame that fits.
    pub async fn until<T>(&mut self, fits: impl Fn(Heard) -> Option<T>) -> T {
        for _ in 0..1000 {
            let heard = self.hear().await;
            let shown = format!("{heard:?}");
            if let Some(found) = fits(heard) {
                return found;
            }
            assert!(!shown.starts_with("Closed") && !shown.starts_with("Nothing"), "{shown}");
        }
        panic!("it did not come");
    }
}
