//! Requests of the OpenAI dialect: what of them reaches a model without having been shown to a judge.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use pretil_wire::openai::{ChatRequest, Slot};
use proptest::prelude::*;
use serde_json::{Value, json};

/// A text that nobody reads unless it is shown.
const CANARY: &str = "the canary sings";

/// Messages as clients send them, with everything that they may hold.
fn templates() -> Vec<Value> {
    let call =
        json!([{"id": "c1", "type": "function", "function": {"name": "f", "arguments": "{}"}}]);
    let custom = json!([{"id": "c1", "type": "custom", "custom": {"name": "f", "input": "x"}}]);
    vec![
        json!({"role": "user", "content": "hi", "name": "jane"}),
        json!({"role": "user", "content": [
            {"type": "text", "text": "hi"},
            {"type": "image_url", "image_url": {"url": "data:", "detail": "low"}},
        ]}),
        json!({"role": "assistant", "content": null, "tool_calls": call}),
        json!({"role": "assistant", "tool_calls": custom, "refusal": "no", "reasoning": "hm"}),
        json!({"role": "assistant", "function_call": {"name": "f", "arguments": "x"}}),
        json!({"role": "tool", "tool_call_id": "c1", "content": [{"type": "text", "text": "r"}]}),
        json!({"role": "narrator", "content": "once"}),
    ]
}

/// Names that stand in messages, and some that do not.
const NAMES: &[&str] = &[
    "role",
    "content",
    "Content",
    "text",
    "type",
    "name",
    "id",
    "tool_calls",
    "tool_call_id",
    "function",
    "function_call",
    "arguments",
    "custom",
    "input",
    "image_url",
    "detail",
    "refusal",
    "reasoning",
    "reasoning_content",
    "annotations",
    "audio",
    "cache_control",
    "prefix",
    "extra",
];

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        4 => Just(json!(CANARY)),
        1 => Just(json!("text")),
        1 => Just(json!("system")),
        1 => Just(json!("developer ")),
        1 => Just(json!(7)),
        1 => Just(Value::Null),
    ];
    leaf.prop_recursive(3, 8, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::Array),
            prop::collection::vec((prop::sample::select(NAMES), inner), 0..3).prop_map(|members| {
                members
                    .into_iter()
                    .map(|(name, value)| (name.to_owned(), value))
                    .collect()
            }),
        ]
    })
}

/// Sets `name` to `value` in the `place`th object in `message`, counted through.
fn insert(message: &mut Value, place: &mut usize, name: &str, value: &Value) {
    match message {
        Value::Object(members) if *place == 0 => {
            members.insert(name.to_owned(), value.clone());
            *place = usize::MAX;
        }
        Value::Object(members) => {
            *place -= 1;
            members
                .values_mut()
                .for_each(|it| insert(it, place, name, value));
        }
        Value::Array(items) => items
            .iter_mut()
            .for_each(|it| insert(it, place, name, value)),
        _ => {}
    }
}

proptest! {
    /// Whatever a message holds: once every text that was shown is taken away, no text is left in what
    /// goes to the model, or it was said that a part cannot be read.
    #[test]
    fn no_text_passes_unshown(
        template in prop::sample::select(templates()),
        place in 0usize..6,
        name in prop::sample::select(NAMES),
        value in value(),
    ) {
        let mut message = template;
        insert(&mut message, &mut { place }, name, &value);
        let trusted = ["system", "developer"].map(|role| json!(role)).contains(&message["role"]);
        let body = json!({"model": "m", "messages": [message]}).to_string();
        let Ok(mut request) = ChatRequest::parse(body.as_bytes()) else {
            return Ok(());
        };
        let mut unreadable = false;
        request.visit(&mut |slot| match slot {
            Slot::Text(text) | Slot::Arguments(text) => text.clear(),
            Slot::Unreadable(_) => unreadable = true,
            Slot::Image => {}
        });
        let sent = String::from_utf8(request.to_upstream("toy").unwrap()).unwrap();
        prop_assert!(trusted || unreadable || !sent.contains(CANARY), "{body} → {sent}");
    }
}
