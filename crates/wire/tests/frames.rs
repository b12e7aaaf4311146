//! Frames: what the standards say of single cases, and properties over every way of cutting.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

use pretil_wire::frame::{
    event_stream::{self, DecodeError, EncodeError, HeaderValue, Message, MessageKind},
    sse::{self, Event, SseError},
};
use proptest::{collection::vec, option, prelude::*, sample::Index};

/// `bytes` in pieces that end at `cuts`.
fn pieces(bytes: &[u8], mut cuts: Vec<usize>) -> Vec<&[u8]> {
    cuts.push(0);
    cuts.push(bytes.len());
    cuts.sort_unstable();
    cuts.windows(2).map(|cut| &bytes[cut[0]..cut[1]]).collect()
}

/// What a decoder made of pieces: the events, how it ended, and whether something was left.
type Read = (Vec<Event>, Result<(), SseError>, bool);

fn read_events<'b>(limit: usize, pieces: impl IntoIterator<Item = &'b [u8]>) -> Read {
    let mut decoder = sse::Decoder::with_limit(limit);
    let mut events = Vec::new();
    for piece in pieces {
        decoder.push(piece);
        loop {
            match decoder.next_event() {
                Ok(Some(event)) => events.push(event),
                Ok(None) => break,
                Err(error) => return (events, Err(error), false),
            }
        }
    }
    (events, Ok(()), decoder.is_unfinished())
}

fn events(text: &str) -> Vec<Event> {
    read_events(1000, [text.as_bytes()]).0
}

#[test]
fn reads_events_as_the_standard_says() {
    let data = |texts: &[&str]| texts.iter().copied().map(Event::data).collect::<Vec<_>>();
    for (stream, expected) in [
        // The examples of the standard.
        (
            "data: YHOO\ndata: +2\ndata: 10\n\n",
            data(&["YHOO\n+2\n10"]),
        ),
        ("data\n\ndata\ndata\n\ndata:", data(&["", "\n"])),
        ("data:test\n\ndata: test\n\n", data(&["test", "test"])),
        // Line breaks of every kind, mixed.
        ("data: a\r\ndata: b\r\n\r\n", data(&["a\nb"])),
        ("data: a\rdata: b\r\r", data(&["a\nb"])),
        ("data: a\r\n\rdata: b\n\r\n", data(&["a", "b"])),
        // One leading space goes, no more.
        ("data:  a \n\n", data(&[" a "])),
        ("data:a:b: c\n\n", data(&["a:b: c"])),
        // Comments, unknown fields, fields of another case and blank lines.
        (": ping\n\n\ndata: a\nfoo: b\nDATA: c\n:\n\n", data(&["a"])),
        ("event: x\n\ndata: a\n\n", data(&["a"])),
        // A byte order mark counts at the start only.
        ("\u{FEFF}data: a\n\n", data(&["a"])),
        ("\u{FEFF}\u{FEFF}data: a\n\n", data(&[])),
        ("data: \u{FEFF}\n\n", data(&["\u{FEFF}"])),
        // What its blank line has not ended is no event.
        ("data: a\n\ndata: b\n", data(&["a"])),
        ("", data(&[])),
    ] {
        assert_eq!(events(stream), expected, "{stream:?}");
    }
    let event = Event {
        event: Some("add".to_owned()),
        data: "1".to_owned(),
        id: Some("7".to_owned()),
        retry: Some(10),
    };
    let stream = "event: no\nevent: add\nid: 7\nid: a\0\nretry: 10\nretry: 1x\nretry:\ndata: 1\n\n";
    assert_eq!(events(stream), vec![event.clone()]);
    assert_eq!(event.to_wire(), "event: add\nid: 7\nretry: 10\ndata: 1\n\n");
    // The next event has neither its kind nor its id.
    let stream = format!("{stream}data: 2\n\n");
    assert_eq!(events(&stream), [event, Event::data("2")]);
}

#[test]
fn reads_bytes_that_are_no_text() {
    let (events, ..) = read_events(1000, [&b"data: a\xFFb\xE2\x82\n\n"[..]]);
    assert_eq!(events, [Event::data("a\u{FFFD}b\u{FFFD}")]);
}

#[test]
fn a_stream_that_stops_in_an_event_is_unfinished() {
    for (stream, unfinished) in [
        ("", false),
        ("data: a\n\n", false),
        ("data: a\r\n\r\n", false),
        ("data: a\r\r", false),
        (": ping\n", false),
        ("data: a\n", true),
        ("data: a", true),
        ("data: a\n\nd", true),
    ] {
        let (.., left) = read_events(1000, [stream.as_bytes()]);
        assert_eq!(left, unfinished, "{stream:?}");
    }
}

#[test]
fn events_are_bounded() {
    let large = Err(SseError::TooLarge { limit: 20 });
    let line = "data: 12345678901234\n\n";
    let (events, end, _) = read_events(20, [line.as_bytes()]);
    assert_eq!((events.len(), end), (1, Ok(())));
    let many = "data: 1\n".repeat(3);
    let endless = "x".repeat(21);
    let comment = format!(":{}\n", "x".repeat(20));
    for stream in [&many, &endless, &comment] {
        let stream = format!("data: first\n\n{stream}");
        let (events, end, _) = read_events(20, [stream.as_bytes()]);
        assert_eq!((events, end), (vec![Event::data("first")], large));
    }
    let comments = ": ping\n".repeat(20);
    assert_eq!(read_events(20, [comments.as_bytes()]).1, Ok(()));
}

#[test]
fn breaks_in_kind_and_id_do_not_break_the_frame() {
    let event = Event {
        id: Some("1\rdata: forged".to_owned()),
        ..Event::named("a\n\ndata: forged", "x")
    };
    let (read, ..) = read_events(1000, [event.to_wire().as_bytes()]);
    assert_eq!(read.len(), 1);
    assert_eq!(read[0].data, "x");
    let mut comment = String::new();
    sse::write_comment(&mut comment, "a\ndata: forged");
    assert_eq!(events(&comment), []);
}

fn lines() -> impl Strategy<Value = String> {
    let line = prop_oneof![
        Just(String::new()),
        "(data|event|id|retry|x|):? ?[a1é🐋\u{FEFF} :]{0,6}",
    ];
    let end = prop_oneof![Just("\n"), Just("\r"), Just("\r\n")];
    vec((line, end), 0..12)
        .prop_map(|lines| lines.into_iter().map(|(line, end)| line + end).collect())
}

fn event() -> impl Strategy<Value = Event> {
    (
        option::of("[a-zé🐋: ]{1,6}"),
        "[a\u{FEFF}é🐋: \n]{0,12}",
        option::of("[0-9 é]{0,4}"),
        option::of(any::<u64>()),
    )
        .prop_map(|(event, data, id, retry)| Event {
            event,
            data,
            id,
            retry,
        })
}

fn header() -> impl Strategy<Value = (String, HeaderValue)> {
    let value = prop_oneof![
        any::<bool>().prop_map(HeaderValue::Bool),
        any::<i8>().prop_map(HeaderValue::Byte),
        any::<i16>().prop_map(HeaderValue::Short),
        any::<i32>().prop_map(HeaderValue::Integer),
        any::<i64>().prop_map(HeaderValue::Long),
        vec(any::<u8>(), 0..20).prop_map(HeaderValue::Bytes),
        ".{0,20}".prop_map(HeaderValue::String),
        any::<i64>().prop_map(HeaderValue::Timestamp),
        any::<[u8; 16]>().prop_map(HeaderValue::Uuid),
    ];
    (".{1,20}", value)
}

fn message() -> impl Strategy<Value = Message> {
    (vec(header(), 0..5), vec(any::<u8>(), 0..60))
        .prop_map(|(headers, payload)| Message { headers, payload })
}

fn read_messages<'b>(
    pieces: impl IntoIterator<Item = &'b [u8]>,
) -> (Vec<Message>, Result<(), DecodeError>, bool) {
    let mut decoder = event_stream::Decoder::default();
    let mut messages = Vec::new();
    for piece in pieces {
        decoder.push(piece);
        loop {
            match decoder.next_message() {
                Ok(Some(message)) => messages.push(message),
                Ok(None) => break,
                Err(error) => return (messages, Err(error), false),
            }
        }
    }
    (messages, Ok(()), decoder.is_unfinished())
}

proptest! {
    /// Any bytes give the same events, the same end and the same rest for any two cuttings.
    #[test]
    fn events_do_not_depend_on_the_cutting(
        text in lines(),
        noise in vec(any::<u8>(), 0..8),
        at in any::<Index>(),
        cuts in vec(any::<Index>(), 0..10),
        limit in 4usize..40,
    ) {
        let mut bytes = text.into_bytes();
        let at = at.index(bytes.len() + 1);
        bytes.splice(at..at, noise);
        let cuts = cuts.iter().map(|cut| cut.index(bytes.len() + 1)).collect();
        let whole = read_events(limit, [&bytes[..]]);
        prop_assert_eq!(&read_events(limit, pieces(&bytes, cuts)), &whole);
        prop_assert_eq!(&read_events(limit, bytes.chunks(1)), &whole);
    }

    #[test]
    fn written_events_are_read_back(sent in vec(event(), 0..5)) {
        let wire: String = sent.iter().map(Event::to_wire).collect();
        let (read, end, unfinished) = read_events(1000, [wire.as_bytes()]);
        prop_assert_eq!(end, Ok(()));
        prop_assert!(!unfinished);
        prop_assert_eq!(read, sent);
    }

    #[test]
    fn written_messages_are_read_back_for_any_cutting(
        sent in vec(message(), 0..4),
        cuts in vec(any::<Index>(), 0..10),
    ) {
        let mut wire = Vec::new();
        for message in &sent {
            message.write(&mut wire).unwrap();
        }
        let cuts = cuts.iter().map(|cut| cut.index(wire.len() + 1)).collect();
        let whole = (sent, Ok(()), false);
        prop_assert_eq!(&read_messages(pieces(&wire, cuts)), &whole);
        prop_assert_eq!(&read_messages(wire.chunks(1)), &whole);
    }

    /// A byte that was changed on the way is never read as something else.
    #[test]
    fn changed_messages_are_refused(
        sent in message(),
        at in any::<Index>(),
        change in 1u8..,
    ) {
        let mut wire = sent.to_wire().unwrap();
        let at = at.index(wire.len());
        wire[at] ^= change;
        let (read, end, _) = read_messages([&wire[..]]);
        prop_assert!(read.is_empty());
        prop_assert!(end.is_err());
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in vec(any::<u8>(), 0..64), cut in any::<Index>()) {
        let cut = cut.index(bytes.len() + 1);
        prop_assert_eq!(
            read_messages(pieces(&bytes, vec![cut])),
            read_messages([&bytes[..]])
        );
    }
}

/// Bytes of the AWS SDKs' own test suites for this format.
#[test]
fn writes_and_reads_the_published_messages() {
    let empty = [
        0, 0, 0, 0x10, 0, 0, 0, 0, 0x05, 0xC2, 0x48, 0xEB, 0x7D, 0x98, 0xC8, 0xFF,
    ];
    assert_eq!(Message::default().to_wire().unwrap(), empty);
    let payload_only = [
        &[0, 0, 0, 0x1D, 0, 0, 0, 0, 0xFD, 0x52, 0x8C, 0x5A][..],
        b"{'foo':'bar'}",
        &[0xC3, 0x65, 0x39, 0x36],
    ]
    .concat();
    let message = Message {
        headers: Vec::new(),
        payload: b"{'foo':'bar'}".to_vec(),
    };
    assert_eq!(message.to_wire().unwrap(), payload_only);
    let wrong = |at: usize| {
        let mut bytes = payload_only.clone();
        bytes[at] ^= 1;
        read_messages([&bytes[..]]).1.unwrap_err()
    };
    assert_eq!(wrong(3), DecodeError::PreludeChecksum);
    assert_eq!(wrong(8), DecodeError::PreludeChecksum);
    assert_eq!(wrong(12), DecodeError::MessageChecksum);
    assert_eq!(wrong(28), DecodeError::MessageChecksum);
}

#[test]
fn lengths_beyond_the_bounds_are_refused_at_once() {
    let prelude = |total: u32, headers: u32| {
        let mut bytes = [total.to_be_bytes(), headers.to_be_bytes()].concat();
        let checksum = event_stream_checksum(&bytes);
        bytes.extend(checksum.to_be_bytes());
        bytes
    };
    for (total, headers) in [
        (15, 0),
        (16, 1),
        (u32::MAX, 0),
        (200_000, 131_073),
        (16 + 16_777_217, 0),
        (0, 0),
    ] {
        let bytes = prelude(total, headers);
        let (_, end, _) = read_messages([&bytes[..]]);
        assert_eq!(end, Err(DecodeError::Length), "{total} {headers}");
    }
    let (_, end, unfinished) = read_messages([&prelude(16 + 16_777_216, 0)[..]]);
    assert_eq!((end, unfinished), (Ok(()), true));
}

/// CRC-32 bit by bit, independent of the crate that the codec uses.
fn event_stream_checksum(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
            (sum >> 1) ^ (0xEDB8_8320 & (sum & 1).wrapping_neg())
        })
    })
}

#[test]
fn headers_that_do_not_parse_are_refused() {
    let with_headers = |headers: &[u8]| {
        let total = (16 + headers.len()) as u32;
        let mut bytes = [total.to_be_bytes(), (headers.len() as u32).to_be_bytes()].concat();
        bytes.extend(event_stream_checksum(&bytes).to_be_bytes());
        bytes.extend(headers);
        bytes.extend(event_stream_checksum(&bytes).to_be_bytes());
        read_messages([&bytes[..]]).1
    };
    assert_eq!(with_headers(b"\x01a\x00"), Ok(()));
    for headers in [
        &b"\x00\x00"[..],
        b"\x01a",
        b"\x02a\x00",
        b"\x01a\x0A",
        b"\x01a\x07\x00\x02a",
        b"\x01a\x07\x00\x01\xFF",
        b"\x01\xFF\x00",
        b"\x01a\x05\x00",
    ] {
        assert_eq!(
            with_headers(headers),
            Err(DecodeError::Header),
            "{headers:?}"
        );
    }
}

#[test]
fn messages_beyond_the_bounds_are_not_written() {
    let with = |name: String, value: HeaderValue| Message {
        headers: vec![(name, value)],
        payload: Vec::new(),
    };
    let text = |length: usize| HeaderValue::String("x".repeat(length));
    let headers = Message {
        headers: vec![("a".to_owned(), text(32_767)); 5],
        payload: Vec::new(),
    };
    let payload = Message {
        headers: Vec::new(),
        payload: vec![0; event_stream::MAXIMUM_PAYLOAD + 1],
    };
    for (message, error) in [
        (with(String::new(), text(1)), EncodeError::Name),
        (with("x".repeat(256), text(1)), EncodeError::Name),
        (with("a".to_owned(), text(32_768)), EncodeError::Value),
        (headers, EncodeError::Headers),
        (payload, EncodeError::Payload),
    ] {
        let mut out = b"before".to_vec();
        assert_eq!(message.write(&mut out), Err(error));
        assert_eq!(out, b"before");
    }
}

#[test]
fn messages_say_what_they_are() {
    let event = Message::event("chunk", "application/json", "{}");
    assert_eq!(event.kind(), Some(MessageKind::Event("chunk")));
    assert_eq!(event.header(":content-type"), Some("application/json"));
    let exception = Message::exception("throttlingException", r#"{"message":"slow down"}"#);
    let kind = MessageKind::Exception("throttlingException");
    assert_eq!(exception.kind(), Some(kind));
    assert_eq!(Message::default().kind(), None);
    assert!(!format!("{exception:?} {:?}", Event::data("secret")).contains("sl"));
}

/// A stream with a header of every type, which botocore reads in `conformance/test_event_stream.py`.
#[test]
fn writes_the_committed_stream() {
    let every = [
        ("yes", HeaderValue::Bool(true)),
        ("no", HeaderValue::Bool(false)),
        ("byte", HeaderValue::Byte(-1)),
        ("short", HeaderValue::Short(-300)),
        ("integer", HeaderValue::Integer(-70_000)),
        ("long", HeaderValue::Long(-5_000_000_000)),
        ("bytes", HeaderValue::Bytes(vec![0, 255])),
        ("string", HeaderValue::String("žluť 🐋".to_owned())),
        ("timestamp", HeaderValue::Timestamp(1_764_043_200_000)),
        ("uuid", HeaderValue::Uuid(*b"0123456789abcdef")),
    ];
    let every = every.map(|(name, value)| (name.to_owned(), value));
    let messages = [
        Message::event(
            "messageStart",
            "application/json",
            r#"{"role":"assistant"}"#,
        ),
        Message::event(
            "PayloadPart",
            "application/octet-stream",
            [0, 159, 146, 150],
        ),
        Message::exception("throttlingException", r#"{"message":"slow down"}"#),
        Message {
            headers: every.to_vec(),
            payload: Vec::new(),
        },
    ];
    let mut wire = Vec::new();
    for message in &messages {
        message.write(&mut wire).unwrap();
    }
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/event_stream.bin");
    if std::env::var_os("PRETIL_BLESS").is_some() {
        std::fs::write(path, &wire).unwrap();
    }
    assert_eq!(std::fs::read(path).unwrap(), wire);
    assert_eq!(read_messages([&wire[..]]).0, messages);
}
