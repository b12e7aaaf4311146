//! The event stream of AWS, `application/vnd.amazon.eventstream`: framed binary messages with
//! checksums.
//!
//! A message is: total length, length of the headers, CRC-32 of these two; the headers; the
//! payload; CRC-32 of all before it. Numbers are big-endian.

use std::fmt;

/// The media type.
pub const CONTENT_TYPE: &str = "application/vnd.amazon.eventstream";

/// Most bytes of headers (the protocol's bound).
pub const MAXIMUM_HEADERS: usize = 128 << 10;
/// Most bytes of payload (the protocol's bound).
pub const MAXIMUM_PAYLOAD: usize = 16 << 20;

/// Both lengths and their checksum.
const PRELUDE: usize = 12;
/// A message without headers and payload.
const SMALLEST: usize = PRELUDE + 4;
/// Longest name of a header, which has one byte for its length.
const LONGEST_NAME: usize = u8::MAX as usize;
/// Longest string or byte value of a header, which has two bytes for its length, one of them signed.
const LONGEST_VALUE: usize = i16::MAX as usize;

/// The value of a header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HeaderValue {
    /// Types 0 and 1.
    Bool(bool),
    /// Type 2.
    Byte(i8),
    /// Type 3.
    Short(i16),
    /// Type 4.
    Integer(i32),
    /// Type 5.
    Long(i64),
    /// Type 6.
    Bytes(Vec<u8>),
    /// Type 7.
    String(String),
    /// Type 8: milliseconds since 1970.
    Timestamp(i64),
    /// Type 9.
    Uuid([u8; 16]),
}

/// One message. Its `Debug` prints the payload's length, so that content never reaches a log.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Message {
    /// In the order sent.
    pub headers: Vec<(String, HeaderValue)>,
    /// The body.
    pub payload: Vec<u8>,
}

impl fmt::Debug for Message {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let payload = self.payload.len();
        write!(
            formatter,
            "Message({} headers, {payload} bytes)",
            self.headers.len()
        )
    }
}

/// What a message is, by its `:message-type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageKind<'m> {
    /// An event of the named type.
    Event(&'m str),
    /// An exception of the operation's model, by its member's name.
    Exception(&'m str),
    /// An error that the model does not name, by its code.
    Error(&'m str),
}

/// Why a message cannot be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EncodeError {
    /// A header's name is empty or longer than 255 bytes.
    #[error("a header's name must have 1 to {LONGEST_NAME} bytes")]
    Name,
    /// A header's value is longer than 32,767 bytes.
    #[error("a header's value must have at most {LONGEST_VALUE} bytes")]
    Value,
    /// All headers together are too long.
    #[error("the headers of a message must have at most {MAXIMUM_HEADERS} bytes")]
    Headers,
    /// The payload is too long.
    #[error("the payload of a message must have at most {MAXIMUM_PAYLOAD} bytes")]
    Payload,
}

/// Why a stream cannot be read further.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// The lengths in a prelude do not agree or are beyond the protocol's bounds.
    #[error("the lengths of a message are out of bounds")]
    Length,
    /// The checksum of a prelude is wrong.
    #[error("the checksum of a prelude is wrong")]
    PreludeChecksum,
    /// The checksum of a message is wrong.
    #[error("the checksum of a message is wrong")]
    MessageChecksum,
    /// A header does not parse.
    #[error("a header of a message does not parse")]
    Header,
}

impl Message {
    /// An event of type `event`.
    pub fn event(event: &str, content_type: &str, payload: impl Into<Vec<u8>>) -> Self {
        Self {
            headers: vec![
                string(":event-type", event),
                string(":content-type", content_type),
                string(":message-type", "event"),
            ],
            payload: payload.into(),
        }
    }

    /// An exception: `exception` is the member's name in the operation's event stream, and
    /// `payload` its JSON.
    pub fn exception(exception: &str, payload: impl Into<Vec<u8>>) -> Self {
        Self {
            headers: vec![
                string(":exception-type", exception),
                string(":content-type", "application/json"),
                string(":message-type", "exception"),
            ],
            payload: payload.into(),
        }
    }

    /// The first header named `name`, where it is a string.
    pub fn header(&self, name: &str) -> Option<&str> {
        let (_, value) = self.headers.iter().find(|(known, _)| known == name)?;
        match value {
            HeaderValue::String(value) => Some(value),
            _ => None,
        }
    }

    /// What it is. `None` where the headers do not say.
    pub fn kind(&self) -> Option<MessageKind<'_>> {
        match self.header(":message-type")? {
            "event" => self.header(":event-type").map(MessageKind::Event),
            "exception" => self.header(":exception-type").map(MessageKind::Exception),
            "error" => self.header(":error-code").map(MessageKind::Error),
            _ => None,
        }
    }

    /// Appends the message as it goes over the wire to `out`. Nothing is appended on an error.
    ///
    /// # Errors
    ///
    /// A part is longer than the protocol allows.
    pub fn write(&self, out: &mut Vec<u8>) -> Result<(), EncodeError> {
        let mut headers = Vec::new();
        for (name, value) in &self.headers {
            write_header(&mut headers, name, value)?;
        }
        if headers.len() > MAXIMUM_HEADERS {
            return Err(EncodeError::Headers);
        }
        if self.payload.len() > MAXIMUM_PAYLOAD {
            return Err(EncodeError::Payload);
        }
        let start = out.len();
        let total = SMALLEST + headers.len() + self.payload.len();
        out.reserve(total);
        out.extend_from_slice(&(total as u32).to_be_bytes());
        out.extend_from_slice(&(headers.len() as u32).to_be_bytes());
        out.extend_from_slice(&crc32fast::hash(&out[start..]).to_be_bytes());
        out.extend_from_slice(&headers);
        out.extend_from_slice(&self.payload);
        out.extend_from_slice(&crc32fast::hash(&out[start..]).to_be_bytes());
        Ok(())
    }

    /// The message as it goes over the wire.
    ///
    /// # Errors
    ///
    /// A part is longer than the protocol allows.
    pub fn to_wire(&self) -> Result<Vec<u8>, EncodeError> {
        let mut out = Vec::new();
        self.write(&mut out)?;
        Ok(out)
    }
}

fn string(name: &str, value: &str) -> (String, HeaderValue) {
    (name.to_owned(), HeaderValue::String(value.to_owned()))
}

fn write_header(out: &mut Vec<u8>, name: &str, value: &HeaderValue) -> Result<(), EncodeError> {
    let length = u8::try_from(name.len()).map_err(|_| EncodeError::Name)?;
    if length == 0 {
        return Err(EncodeError::Name);
    }
    out.push(length);
    out.extend_from_slice(name.as_bytes());
    match value {
        HeaderValue::Bool(true) => out.push(0),
        HeaderValue::Bool(false) => out.push(1),
        HeaderValue::Byte(value) => write_number(out, 2, &value.to_be_bytes()),
        HeaderValue::Short(value) => write_number(out, 3, &value.to_be_bytes()),
        HeaderValue::Integer(value) => write_number(out, 4, &value.to_be_bytes()),
        HeaderValue::Long(value) => write_number(out, 5, &value.to_be_bytes()),
        HeaderValue::Bytes(value) => write_bytes(out, 6, value)?,
        HeaderValue::String(value) => write_bytes(out, 7, value.as_bytes())?,
        HeaderValue::Timestamp(value) => write_number(out, 8, &value.to_be_bytes()),
        HeaderValue::Uuid(value) => write_number(out, 9, value),
    }
    Ok(())
}

fn write_number(out: &mut Vec<u8>, kind: u8, bytes: &[u8]) {
    out.push(kind);
    out.extend_from_slice(bytes);
}

fn write_bytes(out: &mut Vec<u8>, kind: u8, bytes: &[u8]) -> Result<(), EncodeError> {
    if bytes.len() > LONGEST_VALUE {
        return Err(EncodeError::Value);
    }
    out.push(kind);
    out.extend_from_slice(&(bytes.len() as u16).to_be_bytes());
    out.extend_from_slice(bytes);
    Ok(())
}

/// Reads messages from bytes cut anywhere. Both checksums of every message are checked.
///
/// Give bytes with [`push`](Self::push) and take messages with [`next_message`](Self::next_message)
/// until there is none.
#[derive(Default)]
pub struct Decoder {
    bytes: Vec<u8>,
    /// Where the message that is read starts in `bytes`.
    start: usize,
    failed: Option<DecodeError>,
}

impl fmt::Debug for Decoder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let held = self.bytes.len() - self.start;
        write!(formatter, "Decoder({held} bytes held)")
    }
}

impl Decoder {
    /// Takes what came. Take the messages out before more is pushed, and no more than one push and
    /// one message are held.
    pub fn push(&mut self, bytes: &[u8]) {
        if self.failed.is_some() {
            return;
        }
        self.bytes.drain(..self.start);
        self.start = 0;
        self.bytes.extend_from_slice(bytes);
    }

    /// The next message, or `None` until more comes.
    ///
    /// # Errors
    ///
    /// What came is no message. The stream cannot be read further.
    pub fn next_message(&mut self) -> Result<Option<Message>, DecodeError> {
        if let Some(error) = self.failed {
            return Err(error);
        }
        match decode(&self.bytes[self.start..]) {
            Ok(Some((message, length))) => {
                self.start += length;
                Ok(Some(message))
            }
            Ok(None) => Ok(None),
            Err(error) => {
                self.failed = Some(error);
                (self.bytes, self.start) = (Vec::new(), 0);
                Err(error)
            }
        }
    }

    /// Whether something of a message came that is not all of it: the sender stopped in the middle.
    pub fn is_unfinished(&self) -> bool {
        self.start < self.bytes.len()
    }
}

/// The message that `bytes` start with, and its length; `None` if not all of it is there.
fn decode(bytes: &[u8]) -> Result<Option<(Message, usize)>, DecodeError> {
    let Some((prelude, _)) = bytes.split_first_chunk::<PRELUDE>() else {
        return Ok(None);
    };
    let [t0, t1, t2, t3, h0, h1, h2, h3, c0, c1, c2, c3] = *prelude;
    if crc32fast::hash(&prelude[..8]) != u32::from_be_bytes([c0, c1, c2, c3]) {
        return Err(DecodeError::PreludeChecksum);
    }
    let total = u32::from_be_bytes([t0, t1, t2, t3]) as usize;
    let headers = u32::from_be_bytes([h0, h1, h2, h3]) as usize;
    let payload = total
        .checked_sub(SMALLEST)
        .and_then(|rest| rest.checked_sub(headers))
        .ok_or(DecodeError::Length)?;
    if headers > MAXIMUM_HEADERS || payload > MAXIMUM_PAYLOAD {
        return Err(DecodeError::Length);
    }
    let Some(message) = bytes.get(..total) else {
        return Ok(None);
    };
    let Some((message, checksum)) = message.split_last_chunk::<4>() else {
        return Err(DecodeError::Length);
    };
    if crc32fast::hash(message) != u32::from_be_bytes(*checksum) {
        return Err(DecodeError::MessageChecksum);
    }
    let (headers, payload) = message[PRELUDE..].split_at(headers);
    let message = Message {
        headers: decode_headers(headers)?,
        payload: payload.to_vec(),
    };
    Ok(Some((message, total)))
}

fn decode_headers(mut bytes: &[u8]) -> Result<Vec<(String, HeaderValue)>, DecodeError> {
    let mut headers = Vec::new();
    while !bytes.is_empty() {
        let header = decode_header(&mut bytes).ok_or(DecodeError::Header)?;
        headers.push(header);
    }
    Ok(headers)
}

/// Takes a header off `bytes`.
fn decode_header(bytes: &mut &[u8]) -> Option<(String, HeaderValue)> {
    let [length] = take_array(bytes)?;
    let name = take_text(bytes, usize::from(length)).filter(|name| !name.is_empty())?;
    let [kind] = take_array(bytes)?;
    let value = match kind {
        0 => HeaderValue::Bool(true),
        1 => HeaderValue::Bool(false),
        2 => HeaderValue::Byte(i8::from_be_bytes(take_array(bytes)?)),
        3 => HeaderValue::Short(i16::from_be_bytes(take_array(bytes)?)),
        4 => HeaderValue::Integer(i32::from_be_bytes(take_array(bytes)?)),
        5 => HeaderValue::Long(i64::from_be_bytes(take_array(bytes)?)),
        6 => {
            let length = usize::from(u16::from_be_bytes(take_array(bytes)?));
            HeaderValue::Bytes(bytes.split_off(..length)?.to_vec())
        }
        7 => {
            let length = usize::from(u16::from_be_bytes(take_array(bytes)?));
            HeaderValue::String(take_text(bytes, length)?)
        }
        8 => HeaderValue::Timestamp(i64::from_be_bytes(take_array(bytes)?)),
        9 => HeaderValue::Uuid(take_array(bytes)?),
        _ => return None,
    };
    Some((name, value))
}

fn take_array<const N: usize>(bytes: &mut &[u8]) -> Option<[u8; N]> {
    let (taken, rest) = bytes.split_first_chunk::<N>()?;
    *bytes = rest;
    Some(*taken)
}

fn take_text(bytes: &mut &[u8], length: usize) -> Option<String> {
    let taken = bytes.split_off(..length)?;
    String::from_utf8(taken.to_vec()).ok()
}
