//! A model server that does what a test tells it, and remembers what it was asked.

use serde_json::Value;
use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::Notify,
};

/// What the server does with a request.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// Sends bytes.
    Send(Vec<u8>),
    /// Waits until the client goes.
    Wait,
    /// Sends the same bytes until the client goes, or so many times.
    Repeat(Vec<u8>, usize),
}

/// What came.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Asked {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

/// The server.
#[derive(Clone)]
pub(crate) struct Upstream {
    pub(crate) address: SocketAddr,
    asked: Arc<Mutex<Vec<Asked>>>,
    connections: Arc<Mutex<usize>>,
    /// Told when a client has gone while the server waited.
    pub(crate) gone: Arc<Notify>,
    /// Told when a request has come.
    pub(crate) came: Arc<Notify>,
}

impl Upstream {
    /// A server that does the same with every request.
    pub(crate) async fn doing(steps: Vec<Step>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let upstream = Self {
            address: listener.local_addr().unwrap(),
            asked: Arc::default(),
            connections: Arc::default(),
            gone: Arc::default(),
            came: Arc::default(),
        };
        let server = upstream.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                *server.connections.lock().unwrap() += 1;
                let (server, steps) = (server.clone(), steps.clone());
                tokio::spawn(async move { server.serve(stream, &steps).await });
            }
        });
        upstream
    }

    /// A server that answers 200 with `body`.
    pub(crate) async fn answering(body: &Value) -> Self {
        Self::doing(vec![Step::Send(response(200, &[], &body.to_string()))]).await
    }

    async fn serve(&self, mut stream: TcpStream, steps: &[Step]) -> Option<()> {
        loop {
            let asked = read_request(&mut stream).await?;
            self.asked.lock().unwrap().push(asked);
            self.came.notify_one();
            for step in steps {
                match step {
                    Step::Send(bytes) => stream.write_all(bytes).await.ok()?,
                    Step::Wait => {
                        let mut byte = [0];
                        while stream.read(&mut byte).await.is_ok_and(|read| read > 0) {}
                        self.gone.notify_one();
                        return None;
                    }
                    Step::Repeat(bytes, times) => {
                        for _ in 0..*times {
                            stream.write_all(bytes).await.ok()?;
                        }
                    }
                }
            }
            if !steps.iter().any(closes) {
                continue;
            }
            return None;
        }
    }

    /// Every request so far.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    /// The only request.
    pub(crate) fn one(&self) -> Asked {
        let asked = self.asked();
        assert_eq!(asked.len(), 1);
        asked[0].clone()
    }

    /// How often somebody connected.
    pub(crate) fn connections(&self) -> usize {
        *self.connections.lock().unwrap()
    }
}

/// Whether the connection ends with this step: the response has no length that was kept.
fn closes(step: &Step) -> bool {
    match step {
        Step::Send(bytes) => String::from_utf8_lossy(bytes).contains("connection: close"),
        Step::Wait | Step::Repeat(..) => true,
    }
}

/// A whole response.
pub(crate) fn response(status: u16, headers: &[(&str, &str)], body: &str) -> Vec<u8> {
    let mut text = format!(
        "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {}\r\n",
        body.len()
    );
    for (name, value) in headers {
        text.extend([name, ": ", value, "\r\n"]);
    }
    text += "\r\n";
    text += body;
    text.into_bytes()
}

/// The head of a response whose body has no length.
pub(crate) fn chunked_head(content_type: &str) -> Vec<u8> {
    format!("HTTP/1.1 200 X\r\ncontent-type: {content_type}\r\ntransfer-encoding: chunked\r\n\r\n")
        .into_bytes()
}

/// One chunk of such a body.
pub(crate) fn chunk(text: &str) -> Vec<u8> {
    format!("{:x}\r\n{text}\r\n", text.len()).into_bytes()
}

async fn read_request(stream: &mut TcpStream) -> Option<Asked> {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    let head_end = loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break end;
        }
        let read = stream.read(&mut buffer).await.ok()?;
        if read == 0 {
            return None;
        }
        bytes.extend_from_slice(&buffer[..read]);
    };
    let head = String::from_utf8(bytes[..head_end].to_vec())
        .unwrap()
        .to_ascii_lowercase();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "));
    let length: usize = length.map_or(0, |length| length.parse().unwrap());
    let mut body = bytes.split_off(head_end + 4);
    while body.len() < length {
        let read = stream.read(&mut buffer).await.ok()?;
        body.extend_from_slice(&buffer[..read]);
    }
    let head = String::from_utf8(bytes[..head_end].to_vec()).unwrap();
    let body = String::from_utf8(body).unwrap();
    Some(Asked { head, body })
}
