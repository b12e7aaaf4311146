//! The request of `POST /v1/chat/completions`.

use super::{Identifier, Object, ParseError};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::value::RawValue;

/// Members of the body that a gateway hands on. They are the application's own, like its system
/// prompt: settings, tools, formats. What is not here may be anything, text for the model included.
const PARAMETERS: &[&str] = &[
    "audio",
    "frequency_penalty",
    "function_call",
    "functions",
    "logit_bias",
    "logprobs",
    "max_completion_tokens",
    "max_tokens",
    "messages",
    "metadata",
    "min_p",
    "modalities",
    "model",
    "n",
    "parallel_tool_calls",
    "prediction",
    "presence_penalty",
    "prompt_cache_key",
    "reasoning_effort",
    "repetition_penalty",
    "response_format",
    "safety_identifier",
    "seed",
    "service_tier",
    "stop",
    "store",
    "stream",
    "stream_options",
    "temperature",
    "tool_choice",
    "tools",
    "top_k",
    "top_logprobs",
    "top_p",
    "user",
    "verbosity",
];

/// A place in a request that a model reads, or could read.
#[derive(Debug)]
pub enum Slot<'m> {
    /// Prose.
    Text(&'m mut String),
    /// The arguments of a call to a tool: JSON, most of the time.
    Arguments(&'m mut String),
    /// A picture.
    Image,
    /// Something that holds what cannot be read here, by the name of its member or type.
    Unreadable(String),
}

/// A request.
#[derive(Debug)]
pub struct ChatRequest {
    /// The model that it asks for.
    pub model: String,
    /// Whether the answer is to come as it is made.
    pub stream: bool,
    /// Whether a stream is to end with the usage.
    pub include_usage: bool,
    /// How many answers it asks for.
    pub choices: u32,
    /// The conversation.
    pub messages: Vec<Message>,
    object: Object,
}

#[derive(Deserialize)]
struct StreamOptions {
    include_usage: Option<bool>,
}

impl ChatRequest {
    /// Reads a request.
    pub fn parse(bytes: &[u8]) -> Result<Self, ParseError> {
        let mut object = Object::parse(bytes)?;
        let model = object.get("model")?.ok_or(ParseError::Missing("model"))?;
        let messages: Vec<Object> = object
            .take("messages")?
            .ok_or(ParseError::Missing("messages"))?;
        let options: Option<StreamOptions> = object.get("stream_options")?;
        let messages = messages.into_iter().map(Message::of);
        Ok(Self {
            model,
            stream: object.get("stream")?.unwrap_or(false),
            include_usage: options.and_then(|it| it.include_usage).unwrap_or(false),
            choices: object.get("n")?.unwrap_or(1),
            messages: messages.collect::<Result<_, _>>()?,
            object,
        })
    }

    /// A member that is neither the dialect's nor in `extra`.
    pub fn unknown_parameter(&self, extra: &[String]) -> Option<&str> {
        let known = |name: &&str| PARAMETERS.contains(name) || extra.iter().any(|it| it == name);
        self.object.names().find(|name| !known(name))
    }

    /// Every place that is judged, in the order of the conversation.
    pub fn visit(&mut self, visitor: &mut impl FnMut(Slot<'_>)) {
        for message in &mut self.messages {
            message.visit(visitor);
        }
    }

    /// The body for the upstream, which calls the model `model`.
    pub fn to_upstream(&self, model: &str) -> Result<Vec<u8>, ParseError> {
        let mut object = self.object.clone();
        object.set("model", &model)?;
        object.set("messages", &self.messages)?;
        serde_json::to_vec(&object).map_err(|_| ParseError::Missing("messages"))
    }
}

/// One message of the conversation.
#[derive(Debug)]
pub enum Message {
    /// The application's own words: `system` and `developer`. Handed on as they are.
    Trusted(Object),
    /// What anybody else said, the assistant included: who calls can put any words in its mouth.
    Judged(Box<JudgedMessage>),
}

/// A message that is read text by text.
#[derive(Debug)]
pub struct JudgedMessage {
    content: Option<Content>,
    /// Texts beside the content, by the names of their members.
    texts: Vec<(&'static str, String)>,
    tool_calls: Option<Vec<Call>>,
    function_call: Option<Call>,
    /// All other members.
    rest: Object,
}

/// Members with a text, as some model servers write an assistant's thoughts, and refusals.
const TEXTS: [&str; 3] = ["refusal", "reasoning_content", "reasoning"];

/// Members that name something and say nothing, as long as they are plain names.
const NAMES: [&str; 3] = ["role", "name", "tool_call_id"];

#[derive(Debug)]
enum Content {
    Text(String),
    Parts(Vec<Part>),
}

#[derive(Debug)]
enum Part {
    Text { text: String, rest: Object },
    Image { image: Object, rest: Object },
    Unreadable { kind: String, rest: Object },
}

/// A call to a tool. `arguments` is where its text is: `function.arguments`, `custom.input`, or
/// `arguments` of the older form.
#[derive(Debug)]
struct Call {
    place: &'static [&'static str],
    text: String,
    outer: Object,
    inner: Option<Object>,
}

impl Message {
    fn of(mut object: Object) -> Result<Self, ParseError> {
        let role: String = object.get("role")?.ok_or(ParseError::Missing("role"))?;
        if role == "system" || role == "developer" {
            return Ok(Self::Trusted(object));
        }
        let content: Option<Box<RawValue>> = object.take("content")?;
        let content = content.map(|raw| Content::of(&raw)).transpose()?;
        let mut texts = Vec::new();
        for name in TEXTS {
            if let Some(text) = object.take(name)? {
                texts.push((name, text));
            }
        }
        let calls: Option<Vec<Object>> = object.take("tool_calls")?;
        let calls = calls.map(|calls| calls.into_iter().map(Call::of).collect());
        let call: Option<Object> = object.take("function_call")?;
        let call = call.map(|call| Call::within(&["arguments"], call, None));
        Ok(Self::Judged(Box::new(JudgedMessage {
            content,
            texts,
            tool_calls: calls.transpose()?,
            function_call: call.transpose()?,
            rest: object,
        })))
    }

    fn visit(&mut self, visitor: &mut impl FnMut(Slot<'_>)) {
        let Self::Judged(message) = self else {
            return;
        };
        unread(&message.rest, &NAMES, visitor);
        match &mut message.content {
            Some(Content::Text(text)) => visitor(Slot::Text(text)),
            Some(Content::Parts(parts)) => parts.iter_mut().for_each(|part| part.visit(visitor)),
            None => {}
        }
        for (_, text) in &mut message.texts {
            visitor(Slot::Text(text));
        }
        let calls = message.tool_calls.iter_mut().flatten();
        for call in calls.chain(&mut message.function_call) {
            call.visit(visitor);
        }
    }
}

/// Says what of `object` cannot be read: a member that is not among `names` and says something, and a
/// name that is none.
fn unread(object: &Object, names: &[&'static str], visitor: &mut impl FnMut(Slot<'_>)) {
    let odd = |name: &&&'static str| object.get::<Identifier>(name).is_err();
    let odd = names.iter().find(odd).copied();
    if let Some(member) = object.first_telling(names).or(odd) {
        visitor(Slot::Unreadable(member.to_owned()));
    }
}

impl Content {
    fn of(raw: &RawValue) -> Result<Self, ParseError> {
        let wrong = |_| ParseError::Member("content".to_owned());
        if raw.get().starts_with('"') {
            return Ok(Self::Text(serde_json::from_str(raw.get()).map_err(wrong)?));
        }
        let parts: Vec<Object> = serde_json::from_str(raw.get()).map_err(wrong)?;
        let parts = parts.into_iter().map(Part::of);
        Ok(Self::Parts(parts.collect::<Result<_, _>>()?))
    }
}

impl Part {
    fn of(mut object: Object) -> Result<Self, ParseError> {
        let kind: String = object.get("type")?.ok_or(ParseError::Missing("type"))?;
        match kind.as_str() {
            "text" => {
                let text = object.take("text")?.ok_or(ParseError::Missing("text"))?;
                Ok(Self::Text { text, rest: object })
            }
            "image_url" => {
                let image = object.take("image_url")?;
                let image = image.ok_or(ParseError::Missing("image_url"))?;
                Ok(Self::Image {
                    image,
                    rest: object,
                })
            }
            _ => Ok(Self::Unreadable { kind, rest: object }),
        }
    }

    fn visit(&mut self, visitor: &mut impl FnMut(Slot<'_>)) {
        match self {
            Self::Text { text, rest } => {
                unread(rest, &["type"], visitor);
                visitor(Slot::Text(text));
            }
            Self::Image { image, rest } => {
                unread(rest, &["type"], visitor);
                // A picture, or where one is: nobody here reads it, as the slot says.
                let mut beside = image.clone();
                beside.drop_member("url");
                unread(&beside, &["detail"], visitor);
                visitor(Slot::Image);
            }
            Self::Unreadable { kind, .. } => visitor(Slot::Unreadable(kind.clone())),
        }
    }
}

impl Call {
    fn of(mut outer: Object) -> Result<Self, ParseError> {
        if let Some(inner) = outer.take("custom")? {
            return Self::within(&["custom", "input"], outer, Some(inner));
        }
        let inner = outer.take("function")?;
        let inner = inner.ok_or(ParseError::Missing("function"))?;
        Self::within(&["function", "arguments"], outer, Some(inner))
    }

    fn within(
        place: &'static [&'static str],
        mut outer: Object,
        mut inner: Option<Object>,
    ) -> Result<Self, ParseError> {
        let member = place[place.len() - 1];
        let holder = inner.as_mut().unwrap_or(&mut outer);
        let text = holder.take(member)?.unwrap_or_default();
        Ok(Self {
            place,
            text,
            outer,
            inner,
        })
    }

    fn visit(&mut self, visitor: &mut impl FnMut(Slot<'_>)) {
        if let Some(inner) = &self.inner {
            unread(inner, &["name"], visitor);
        }
        unread(&self.outer, &["id", "type", "name"], visitor);
        visitor(Slot::Arguments(&mut self.text));
    }

    fn object(&self) -> Result<Object, ParseError> {
        let mut outer = self.outer.clone();
        match (&self.inner, self.place) {
            (Some(inner), [holder, member]) => {
                let mut inner = inner.clone();
                inner.set(member, &self.text)?;
                outer.set(holder, &inner)?;
            }
            (_, place) => outer.set(place[place.len() - 1], &self.text)?,
        }
        Ok(outer)
    }
}

impl JudgedMessage {
    /// The message as it is sent on.
    fn object(&self) -> Result<Object, ParseError> {
        let mut object = self.rest.clone();
        match &self.content {
            Some(Content::Text(text)) => object.set("content", text)?,
            Some(Content::Parts(parts)) => {
                let parts: Result<Vec<_>, _> = parts.iter().map(Part::object).collect();
                object.set("content", &parts?)?;
            }
            // Some servers want the member, some refuse an assistant's message without it.
            None => object.set("content", &None::<()>)?,
        }
        for (name, text) in &self.texts {
            object.set(name, text)?;
        }
        if let Some(calls) = &self.tool_calls {
            let calls: Result<Vec<_>, _> = calls.iter().map(Call::object).collect();
            object.set("tool_calls", &calls?)?;
        }
        if let Some(call) = &self.function_call {
            object.set("function_call", &call.object()?)?;
        }
        Ok(object)
    }
}

impl Part {
    fn object(&self) -> Result<Object, ParseError> {
        match self {
            Self::Text { text, rest } => {
                let mut object = rest.clone();
                object.set("text", text)?;
                Ok(object)
            }
            Self::Image { image, rest } => {
                let mut object = rest.clone();
                object.set("image_url", image)?;
                Ok(object)
            }
            Self::Unreadable { rest, .. } => Ok(rest.clone()),
        }
    }
}

impl Serialize for Message {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Trusted(object) => object.serialize(serializer),
            Self::Judged(message) => {
                let object = message.object().map_err(serde::ser::Error::custom)?;
                object.serialize(serializer)
            }
        }
    }
}
