//! Arbitrary bytes as every request's body, and as method, path and query string: an answer or a
//! refusal, never a panic; what is accepted is accepted again, unchanged, after being written.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pretil_wire::bedrock::{
    Decoded, ErrorReply, Timestamp, control::*, decode::Decode, from_json, route, runtime::*,
};
use serde::Serialize;

/// The longest message that a refusal may have: it must not repeat what was sent at length.
const LONGEST_MESSAGE: usize = 32 * 1024;

fn body<T: Decode + Serialize + PartialEq + std::fmt::Debug>(bytes: &[u8]) {
    match from_json::<T>(bytes) {
        Ok(request) => {
            let written = serde_json::to_vec(&request).expect("a request can be written");
            let again = from_json::<T>(&written).expect("what was accepted is accepted again");
            assert_eq!(request, again);
            let other: Decoded<T> = serde_json::from_slice(&written).expect("the same, hinted");
            assert_eq!(other.0.expect("the same, hinted"), again);
        }
        Err(error) => assert!(error.to_string().len() <= LONGEST_MESSAGE),
    }
}

fn target(text: &str) {
    let (path, query) = match text.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (text, None),
    };
    for method in ["GET", "PUT", "POST", "DELETE", "PATCH"] {
        match route(method, path, query) {
            Ok(operation) => assert!(!operation.name().is_empty()),
            Err(error) => {
                let reply = ErrorReply::from(error);
                assert!(reply.message.len() <= LONGEST_MESSAGE);
                assert!(!reply.body().is_empty());
            }
        }
    }
    if let Ok(timestamp) = text.parse::<Timestamp>() {
        assert_eq!(timestamp.to_string(), text);
    }
}

fuzz_target!(|bytes: &[u8]| {
    if let Ok(text) = std::str::from_utf8(bytes) {
        target(text);
    }
    body::<ApplyGuardrailRequest>(bytes);
    body::<InvokeGuardrailChecksRequest>(bytes);
    body::<CreateGuardrailRequest>(bytes);
    body::<UpdateGuardrailRequest>(bytes);
    body::<CreateGuardrailVersionRequest>(bytes);
    body::<TagResourceRequest>(bytes);
    body::<UntagResourceRequest>(bytes);
    body::<ListTagsForResourceRequest>(bytes);
    body::<PutEnforcedGuardrailConfigurationRequest>(bytes);
});
