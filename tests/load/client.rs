//! A client that costs little, so that on shared cores the server is measured and not the measuring: one connection that stays open, one
//! request at a time, nothing parsed but what is asked for.

use std::{io, net::SocketAddr};

use tokio::net::TcpStream;

pub struct Conn {
    stream: TcpStream,
    buffer: Vec<u8>,
    /// Where the body begins in the buffer, when it came as a whole.
    body: usize,
    /// The body, when it came in chunks.
    joined: Option<Vec<u8>>,
}

#[derive(Debug, Clone, Copy)]
pub struct Reply {
    pub status: u16,
    /// Of the body, as it came over the wire.
    pub bytes: usize,
}

impl Conn {
    pub async fn open(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(32 * 1024), body: 0, joined: None })
    }

    /// Sends a request and reads its answer to the end.
    pub async fn exchange(&mut self, request: &[u8]) -> io::Result<Reply> {
        let mut left = request;
        while !left.is_empty() {
            match self.stream.try_write(left) {
                Ok(sent) => left = &left[sent..],
                Err(e) if e.kind() == io::ErrorKind::WouldBlock => self.stream.writable().await?,
                Err(e) => return Err(e),
            }
        }
        self.buffer.clear();
        (self.body, self.joined) = (0, None);
        loop {
            self.stream.readable().await?;
            match self.stream.try_read_buf(&mut self.buffer) {
                Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
                Ok(_) => {}
                Err(e) if e.kind() == io::ErrorKind::WouldBlock => continue,
                Err(e) => return Err(e),
            }
            if let Some(reply) = self.complete() {
                return Ok(reply);
            }
        }
    }

    /// The answer, once all of it is there.
    fn complete(&mut self) -> Option<Reply> {
        let end = self.buffer.windows(4).position(|four| four == b"\r\n\r\n")?;
        let head = std::str::from_utf8(&self.buffer[..end]).unwrap_or_default();
        let status = head.get(9..12).and_then(|code| code.parse().ok()).unwrap_or(0);
        self.body = end + 4;
        let length = header(head, "content-length").and_then(|length| length.parse::<usize>().ok());
        if let Some(length) = length {
            return (self.buffer.len() >= self.body + length).then_some(Reply { status, bytes: length });
        }
        if header(head, "transfer-encoding").is_none() {
            return Some(Reply { status, bytes: 0 });
        }
        if !self.buffer.ends_with(b"0\r\n\r\n") {
            return None;
        }
        let joined = unchunked(&self.buffer[self.body..])?;
        let bytes = joined.len();
        self.joined = Some(joined);
        Some(Reply { status, bytes })
    }

    /// Whether the server ends the connection with the last answer.
    pub fn is_over(&self) -> bool {
        header(self.head(), "connection") == Some("close")
    }

    /// The head of the last answer.
    pub fn head(&self) -> &str {
        std::str::from_utf8(&self.buffer[..self.body]).unwrap_or_default()
    }

    /// The body of the last answer, as text.
    pub fn text(&self) -> &str {
        let body = self.joined.as_deref().unwrap_or(&self.buffer[self.body..]);
        std::str::from_utf8(body).unwrap_or_default()
    }
}

/// A header of an answer; the server writes their names in small letters.
pub fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
}

fn unchunked(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let line = rest.windows(2).position(|two| two == b"\r\n")?;
        let size = usize::from_str_radix(std::str::from_utf8(&rest[..line]).ok()?, 16).ok()?;
        if size == 0 {
            return Some(body);
        }
        body.extend_from_slice(rest.get(line + 2..line + 2 + size)?);
        rest = rest.get(line + 2 + size + 2..)?;
    }
}

/// A request as it goes over the wire. `headers` end with a line break each.
pub fn request(method: &str, path: &str, headers: &str, body: &str) -> Vec<u8> {
    let length = if method == "GET" { String::new() } else { format!("content-length: {}\r\n", body.len()) };
    format!("{method} {path} HTTP/1.1\r\nhost: localhost\r\nuser-agent: load\r\n{headers}{length}\r\n{body}")
        .into_bytes()
}

/// What stands between two texts.
pub fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(before)?;
    rest.split_once(after).map(|(found, _)| found)
}
