//! Arbitrary bytes as every request and answer of the OpenAI dialect: an error, never a panic; and a
//! request that is handed on is read again with the same texts.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pretil_wire::openai::{
    Calls, ChatAnswer, ChatChunk, ChatRequest, CompletionAnswer, CompletionRequest,
    ModerationRequest, Slot, UpstreamErrorBody, route,
};

fn texts(visit: impl FnOnce(&mut dyn FnMut(Slot<'_>))) -> Vec<String> {
    let mut texts = Vec::new();
    visit(&mut |slot| {
        texts.push(match slot {
            Slot::Text(text) | Slot::Arguments(text) => text.clone(),
            Slot::Image => "an image".to_owned(),
            Slot::Unreadable(name) => name,
        });
    });
    texts
}

fuzz_target!(|bytes: &[u8]| {
    if let Ok(mut request) = ChatRequest::parse(bytes) {
        let read = texts(|mut visitor| request.visit(&mut visitor));
        let written = request.to_upstream("model").expect("a request can be written");
        let mut again = ChatRequest::parse(&written).expect("what was accepted is accepted again");
        assert_eq!(texts(|mut visitor| again.visit(&mut visitor)), read);
    }
    if let Ok(mut request) = CompletionRequest::parse(bytes) {
        let read = texts(|mut visitor| request.visit(&mut visitor));
        let written = request.to_upstream("model").expect("a request can be written");
        let mut again = CompletionRequest::parse(&written).expect("what was accepted is accepted again");
        assert_eq!(texts(|mut visitor| again.visit(&mut visitor)), read);
    }
    let _ = ModerationRequest::parse(bytes);
    let _ = CompletionAnswer::parse(bytes);
    let _ = UpstreamErrorBody::parse(bytes);
    if let Ok(answer) = ChatAnswer::parse(bytes) {
        for mut choice in answer.choices {
            texts(|mut visitor| choice.message.visit(&mut visitor));
        }
    }
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    for method in ["GET", "POST"] {
        let _ = route(method, text);
    }
    if let Ok(chunk) = ChatChunk::parse(text) {
        let mut calls = Calls::default();
        for choice in chunk.choices {
            let _ = calls.add(choice.delta.tool_calls, choice.delta.function_call);
        }
        let _ = calls.finish();
    }
});
