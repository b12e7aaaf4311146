//! Server-sent events: the format `text/event-stream` of the WHATWG HTML standard, section 9.2.6.

use std::{fmt, ops::Range};

/// The media type.
pub const CONTENT_TYPE: &str = "text/event-stream";

/// Most bytes of one event that a [`Decoder`] takes if nothing else is asked for.
pub const DEFAULT_LIMIT: usize = 1 << 20;

/// One event. Its `Debug` prints lengths, so that content never reaches a log.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Event {
    /// What kind it is. `None` where the sender named none, which readers take as "message".
    pub event: Option<String>,
    /// The data, its lines joined by `\n`.
    pub data: String,
    /// The id that this very event brought.
    pub id: Option<String>,
    /// The time to wait before a reconnection that this very event brought, in milliseconds.
    pub retry: Option<u64>,
}

impl fmt::Debug for Event {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = self.event.as_ref().map(String::len);
        write!(
            formatter,
            "Event(kind of {kind:?} bytes, data of {} bytes)",
            self.data.len()
        )
    }
}

impl Event {
    /// An event without a name.
    pub fn data(data: impl Into<String>) -> Self {
        Self {
            data: data.into(),
            ..Self::default()
        }
    }

    /// An event of kind `event`.
    pub fn named(event: impl Into<String>, data: impl Into<String>) -> Self {
        Self {
            event: Some(event.into()),
            ..Self::data(data)
        }
    }

    /// Appends the event to `out`, with the blank line that ends it.
    ///
    /// Each line of the data becomes a `data` line, whichever line break ends it. A kind or id
    /// stands on one line, so that its line breaks become spaces; an id with a NUL, which readers
    /// pass over, is left out.
    pub fn write(&self, out: &mut String) {
        if let Some(event) = &self.event {
            write_field(out, "event", event);
        }
        if let Some(id) = self.id.as_ref().filter(|id| !id.contains('\0')) {
            write_field(out, "id", id);
        }
        if let Some(retry) = self.retry {
            write_field(out, "retry", &retry.to_string());
        }
        for line in lines(&self.data) {
            write_field(out, "data", line);
        }
        out.push('\n');
    }

    /// The event as it goes over the wire.
    pub fn to_wire(&self) -> String {
        let mut out = String::with_capacity(self.data.len() + 16);
        self.write(&mut out);
        out
    }
}

/// Appends a comment, which readers pass over: it keeps an idle connection open.
pub fn write_comment(out: &mut String, comment: &str) {
    write_field(out, "", comment);
    out.push('\n');
}

fn write_field(out: &mut String, name: &str, value: &str) {
    out.push_str(name);
    out.push_str(": ");
    out.extend(value.chars().map(|character| match character {
        '\r' | '\n' => ' ',
        character => character,
    }));
    out.push('\n');
}

/// The lines of `text`, ended by CR LF, CR or LF. An empty text is one empty line.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let Some(end) = text.find(['\r', '\n']) else {
            rest = None;
            return Some(text);
        };
        let after = &text[end..];
        let after = after.strip_prefix("\r\n").unwrap_or(&after[1..]);
        rest = Some(after);
        Some(&text[..end])
    })
}

/// Why a stream cannot be read further.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SseError {
    /// An event, or a comment, is larger than the limit.
    #[error("an event is larger than {limit} bytes")]
    TooLarge {
        /// The limit.
        limit: usize,
    },
}

/// Reads events from bytes cut anywhere.
///
/// Give bytes with [`push`](Self::push) and take events with [`next_event`](Self::next_event) until
/// there is none. Bytes that are no UTF-8 are read as U+FFFD, as the standard says.
///
/// ```
/// use pretil_wire::frame::sse::Decoder;
///
/// let mut decoder = Decoder::default();
/// decoder.push(b"data: caf\xC3");
/// assert!(decoder.next_event()?.is_none());
/// decoder.push(b"\xA9\n\n");
/// assert_eq!(decoder.next_event()?.map(|event| event.data).as_deref(), Some("café"));
/// # Ok::<(), pretil_wire::frame::sse::SseError>(())
/// ```
pub struct Decoder {
    limit: usize,
    /// What came and was not read yet.
    bytes: Vec<u8>,
    /// Where the line that is read starts in `bytes`.
    line: usize,
    /// Up to where no line break was found.
    searched: usize,
    /// Whether the last line ended with a CR, so that an LF belongs to it.
    after_return: bool,
    /// Whether no line was read yet: a byte order mark may stand there.
    at_start: bool,
    event: Partial,
    failed: Option<SseError>,
}

/// The event that is read.
#[derive(Default)]
struct Partial {
    event: Option<String>,
    /// Every data line, each ended by `\n`.
    data: String,
    id: Option<String>,
    retry: Option<u64>,
    /// Bytes of its lines so far.
    size: usize,
}

impl fmt::Debug for Decoder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let held = self.bytes.len() - self.line;
        write!(formatter, "Decoder({held} bytes held)")
    }
}

impl Default for Decoder {
    fn default() -> Self {
        Self::with_limit(DEFAULT_LIMIT)
    }
}

impl Decoder {
    /// A decoder that refuses events of more than `limit` bytes, all their lines counted.
    pub fn with_limit(limit: usize) -> Self {
        Self {
            limit,
            bytes: Vec::new(),
            line: 0,
            searched: 0,
            after_return: false,
            at_start: true,
            event: Partial::default(),
            failed: None,
        }
    }

    /// Takes what came. Take the events out before more is pushed, and no more than one push and
    /// the limit are held.
    pub fn push(&mut self, bytes: &[u8]) {
        if self.failed.is_some() {
            return;
        }
        self.bytes.drain(..self.line);
        self.searched -= self.line;
        self.line = 0;
        self.bytes.extend_from_slice(bytes);
    }

    /// The next event, or `None` until more comes.
    ///
    /// # Errors
    ///
    /// The event is too large. The stream cannot be read further.
    pub fn next_event(&mut self) -> Result<Option<Event>, SseError> {
        if let Some(error) = self.failed {
            return Err(error);
        }
        while let Some(end) = self.line_end() {
            let start = std::mem::replace(&mut self.line, end + 1);
            self.searched = self.line;
            let (byte, after_return) = (self.bytes[end], self.after_return);
            self.after_return = byte == b'\r';
            if byte == b'\n' && after_return && start == end {
                continue;
            }
            let size = self.size_with(start..end);
            if size > self.limit {
                return Err(self.fail());
            }
            let mut line = &self.bytes[start..end];
            if std::mem::take(&mut self.at_start) {
                line = line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line);
            }
            if line.is_empty() {
                if let Some(event) = self.event.dispatch() {
                    return Ok(Some(event));
                }
                continue;
            }
            if !line.starts_with(b":") {
                self.event.size = size;
                self.event.read(&String::from_utf8_lossy(line));
            }
        }
        if self.size_with(self.line..self.bytes.len()) > self.limit {
            return Err(self.fail());
        }
        Ok(None)
    }

    /// Whether something of an event came that its blank line has not ended: the sender stopped in
    /// the middle. The standard throws such an event away.
    pub fn is_unfinished(&self) -> bool {
        let rest = &self.bytes[self.line..];
        let only_feed = self.after_return && rest == b"\n";
        (!rest.is_empty() && !only_feed) || self.event.size > 0
    }

    /// The size of the event with the line in `range`. A comment stands alone: any number of them
    /// may come before an event.
    fn size_with(&self, range: Range<usize>) -> usize {
        let line = &self.bytes[range];
        match line.first() {
            Some(b':') => line.len(),
            _ => self.event.size + line.len(),
        }
    }

    /// Where the next line break is.
    fn line_end(&mut self) -> Option<usize> {
        let found = self.bytes[self.searched..]
            .iter()
            .position(|byte| matches!(byte, b'\r' | b'\n'));
        let end = found.map(|offset| self.searched + offset);
        self.searched = end.unwrap_or(self.bytes.len());
        end
    }

    fn fail(&mut self) -> SseError {
        let error = SseError::TooLarge { limit: self.limit };
        self.failed = Some(error);
        self.bytes = Vec::new();
        (self.line, self.searched) = (0, 0);
        self.event = Partial::default();
        error
    }
}

impl Partial {
    /// Reads a line that is not empty.
    fn read(&mut self, line: &str) {
        let (name, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match name {
            "event" => self.event = Some(value.to_owned()).filter(|event| !event.is_empty()),
            "data" => {
                self.data.push_str(value);
                self.data.push('\n');
            }
            "id" if !value.contains('\0') => self.id = Some(value.to_owned()),
            "retry" if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) => {
                self.retry = value.parse().ok().or(self.retry);
            }
            _ => {}
        }
    }

    /// The event, where there is data; whatever else came goes with it.
    fn dispatch(&mut self) -> Option<Event> {
        let Self {
            event,
            mut data,
            id,
            retry,
            ..
        } = std::mem::take(self);
        data.pop()?;
        Some(Event {
            event,
            data,
            id,
            retry,
        })
    }
}
