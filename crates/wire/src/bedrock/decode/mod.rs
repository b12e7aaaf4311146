//! One pass from bytes to a request that satisfies the service model.
//!
//! Each structure of the model is written once, with the [`shape!`] macro: its members, which of
//! them are required, their types and constraints. Decoding follows that description: unknown
//! members are ignored, `null` is an absent member, a wrong JSON type stops, and breaches are
//! gathered so that one reply names them all. No intermediate tree of values is built.

use super::constraint::{Constraint, Path, RequestError, Rule, Violations};
use serde::{Deserialize, Deserializer, de};

/// A type that can be decoded under the constraints of a member. Implemented for the requests and
/// what they are made of.
pub trait Decode: Sized {
    #[doc(hidden)]
    fn decode<'de, D: Deserializer<'de>>(
        deserializer: D,
        rule: Constraints,
        decoding: &mut Decoding,
    ) -> Result<Option<Self>, D::Error>;
}

/// The constraints of the member that is being decoded.
#[derive(Clone, Copy)]
pub struct Constraints(pub(crate) &'static Rule);

/// What is known while a request is being decoded.
pub struct Decoding {
    pub(crate) path: Path,
    pub(crate) violations: Violations,
    /// The caller's message about a wrong type, once there is one.
    malformed: Option<String>,
    /// Whether the format's own reading of a scalar counts (JSON), or the type that is wanted
    /// (YAML, where `123` may well be a string).
    self_describing: bool,
}

impl Decoding {
    fn new(self_describing: bool) -> Self {
        Self {
            path: Path::default(),
            violations: Violations::default(),
            malformed: None,
            self_describing,
        }
    }

    /// Stops decoding with a message for the caller.
    pub(crate) fn malformed<E: de::Error>(&mut self, message: String) -> E {
        let error = E::custom(&message);
        self.malformed = Some(message);
        error
    }

    /// Records that the value where decoding stands breaks `constraint`.
    pub(crate) fn violate(&mut self, constraint: Constraint) {
        self.violations.push(&self.path, None, constraint);
    }

    /// The wording of the service for a value of the wrong JSON type.
    fn wrong_type<E: de::Error>(&mut self, found: &str, wanted: &str) -> E {
        let at = self.path.to_string();
        let place = if at.is_empty() {
            String::new()
        } else {
            format!(" at '{at}'")
        };
        self.malformed(format!("{found} can not be converted to a {wanted}{place}"))
    }
}

/// Decodes the JSON body of a request. An empty body is an empty structure.
pub fn from_json<T: Decode>(body: &[u8]) -> Result<T, RequestError> {
    let body = if body.trim_ascii().is_empty() {
        b"{}"
    } else {
        body
    };
    // The parser looks only at the strings that it keeps, so unknown members could hold anything.
    let Ok(body) = std::str::from_utf8(body) else {
        let message = "The request body is not valid JSON: it is not UTF-8".to_owned();
        return Err(RequestError::Malformed(message));
    };
    let mut decoding = Decoding::new(true);
    let mut json = serde_json::Deserializer::from_str(body);
    let decoded =
        decode_root::<T, _>(&mut json, &mut decoding).and_then(|value| json.end().map(|()| value));
    match decoded {
        Ok(value) => finish(value, decoding),
        Err(error) => Err(malformed_json(decoding, &error)),
    }
}

/// A request in any serde format: deserialising gives the request or all that is wrong with it.
/// For guardrail files in YAML.
#[derive(Clone, Debug, PartialEq)]
pub struct Decoded<T>(pub Result<T, RequestError>);

impl<'de, T: Decode> Deserialize<'de> for Decoded<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut decoding = Decoding::new(false);
        let value = decode_root(deserializer, &mut decoding)?;
        Ok(Self(finish(value, decoding)))
    }
}

/// The outermost structure, which may not be null.
fn decode_root<'de, T: Decode, D: Deserializer<'de>>(
    deserializer: D,
    decoding: &mut Decoding,
) -> Result<T, D::Error> {
    static ANY: Rule = Rule::ANY;
    match T::decode(deserializer, Constraints(&ANY), decoding)? {
        Some(value) => Ok(value),
        None => Err(decoding.wrong_type("NULL_VALUE", "Structure")),
    }
}

/// The request, if no constraint is breached.
fn finish<T>(value: T, decoding: Decoding) -> Result<T, RequestError> {
    if decoding.violations.is_empty() {
        Ok(value)
    } else {
        Err(RequestError::Violations(decoding.violations))
    }
}

/// Words a JSON error without repeating anything of the body.
fn malformed_json(decoding: Decoding, error: &serde_json::Error) -> RequestError {
    let (line, column) = (error.line(), error.column());
    let message = match (decoding.malformed, error.classify()) {
        (Some(message), _) => message,
        (None, serde_json::error::Category::Eof) => {
            format!(
                "The request body is not valid JSON: it ends early, at line {line} column {column}"
            )
        }
        (None, _) => format!("The request body is not valid JSON at line {line} column {column}"),
    };
    RequestError::Malformed(message)
}

/// What a visitor wants, in the service's words.
trait Wanted {
    /// `String`, `List` …
    const NAME: &'static str;
    /// Where wrong types are recorded.
    fn decoding(&mut self) -> &mut Decoding;
}

/// The visitor methods for JSON types that a visitor does not want, and for null.
macro_rules! refuse {
    ($($kind:ident)*) => { $(refuse!(@ $kind);)* refuse!(@ null); };
    (@ null) => {
        fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str(Self::NAME)
        }
        fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
            Ok(None)
        }
        fn visit_none<E: de::Error>(self) -> Result<Self::Value, E> {
            Ok(None)
        }
    };
    (@ boolean) => {
        fn visit_bool<E: de::Error>(mut self, value: bool) -> Result<Self::Value, E> {
            let found = if value { "TRUE_VALUE" } else { "FALSE_VALUE" };
            Err(self.decoding().wrong_type(found, Self::NAME))
        }
    };
    (@ number) => {
        fn visit_i64<E: de::Error>(mut self, _: i64) -> Result<Self::Value, E> {
            Err(self.decoding().wrong_type("NUMBER_VALUE", Self::NAME))
        }
        fn visit_u64<E: de::Error>(mut self, _: u64) -> Result<Self::Value, E> {
            Err(self.decoding().wrong_type("NUMBER_VALUE", Self::NAME))
        }
        fn visit_f64<E: de::Error>(mut self, _: f64) -> Result<Self::Value, E> {
            Err(self.decoding().wrong_type("NUMBER_VALUE", Self::NAME))
        }
    };
    (@ string) => {
        fn visit_str<E: de::Error>(mut self, _: &str) -> Result<Self::Value, E> {
            Err(self.decoding().wrong_type("STRING_VALUE", Self::NAME))
        }
    };
    (@ list) => {
        fn visit_seq<A: SeqAccess<'de>>(mut self, _: A) -> Result<Self::Value, A::Error> {
            Err(self.decoding().wrong_type("START_ARRAY", Self::NAME))
        }
    };
    (@ structure) => {
        fn visit_map<A: MapAccess<'de>>(mut self, _: A) -> Result<Self::Value, A::Error> {
            Err(self.decoding().wrong_type("START_OBJECT", Self::NAME))
        }
    };
}

/// Starts a decode in the way that suits the format.
macro_rules! start {
    ($deserializer:ident, $visitor:ident) => {
        if $visitor.decoding.self_describing {
            $deserializer.deserialize_any($visitor)
        } else {
            $deserializer.deserialize_option($visitor)
        }
    };
}

mod shape;
mod value;

pub(crate) use shape::{MEMBERS_AT_MOST, Shape, decode_shape, shape};
pub(crate) use value::MemberSeed;
pub use value::{Blob, ContentText};
