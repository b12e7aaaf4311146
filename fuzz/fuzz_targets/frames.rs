//! Arbitrary bytes as server-sent events and as an AWS event stream: no panic, the same frames and the
//! same end whole and byte by byte, and what was read is written and read back.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pretil_wire::frame::{
    event_stream::{self, DecodeError, Message},
    sse::{self, Event, SseError},
};

const LIMIT: usize = 64;

fn events(bytes: &[u8], size: usize) -> (Vec<Event>, Result<(), SseError>) {
    let mut decoder = sse::Decoder::with_limit(LIMIT);
    let mut events = Vec::new();
    for piece in bytes.chunks(size) {
        decoder.push(piece);
        loop {
            match decoder.next_event() {
                Ok(Some(event)) => events.push(event),
                Ok(None) => break,
                Err(error) => return (events, Err(error)),
            }
        }
    }
    (events, Ok(()))
}

fn messages(bytes: &[u8], size: usize) -> (Vec<Message>, Result<(), DecodeError>) {
    let mut decoder = event_stream::Decoder::default();
    let mut messages = Vec::new();
    for piece in bytes.chunks(size) {
        decoder.push(piece);
        loop {
            match decoder.next_message() {
                Ok(Some(message)) => messages.push(message),
                Ok(None) => break,
                Err(error) => return (messages, Err(error)),
            }
        }
    }
    (messages, Ok(()))
}

/// Sets the checksums right where the lengths allow it, so that the headers behind them are reached.
fn repaired(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = bytes.to_vec();
    let total = bytes.len();
    if total < 16 {
        return None;
    }
    bytes[..4].copy_from_slice(&(total as u32).to_be_bytes());
    bytes[4..7].fill(0);
    let prelude = crc32fast::hash(&bytes[..8]);
    bytes[8..12].copy_from_slice(&prelude.to_be_bytes());
    let message = crc32fast::hash(&bytes[..total - 4]);
    bytes[total - 4..].copy_from_slice(&message.to_be_bytes());
    Some(bytes)
}

fuzz_target!(|bytes: &[u8]| {
    let whole = bytes.len().max(1);
    let read = events(bytes, whole);
    assert_eq!(events(bytes, 1), read);
    let written: String = read.0.iter().map(Event::to_wire).collect();
    let again = events(written.as_bytes(), written.len().max(1));
    assert!(again.0 == read.0 || again.1.is_err());

    assert_eq!(messages(bytes, 1), messages(bytes, whole));
    if let Some(bytes) = repaired(bytes) {
        let (read, end) = messages(&bytes, bytes.len());
        assert_eq!(messages(&bytes, 1), (read.clone(), end));
        if end.is_ok() {
            let written: Vec<u8> = read.iter().flat_map(|message| message.to_wire().unwrap()).collect();
            assert_eq!(written, bytes);
        }
    }
});
