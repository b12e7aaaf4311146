//! One pass from bytes to a request that satisfies the service model.
//!
//! Each structure of the model is written once, with the [`shape!`] macro: its members, which of
//! them are required, their types and constraints. Decoding follows that description: unknown
//! members are ignored, `null` is an absent member, a wrong JSON type stops, and breaches are
//! gathered so that one reply names them all. No intermediate tree of values is built.

use super::constraint::{Constraint, Path, RequestError, Rule, Step, Violations};
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{self, DeserializeSeed, MapAccess, SeqAccess, Visitor},
};
use std::fmt;

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
    let mut decoding = Decoding::new(true);
    let mut json = serde_json::Deserializer::from_slice(body);
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

/// A visitor for one kind of value, with what it checks against.
pub(crate) struct ValueVisitor<'a, T> {
    pub(crate) rule: Constraints,
    pub(crate) decoding: &'a mut Decoding,
    kind: std::marker::PhantomData<T>,
}

impl<'a, T> ValueVisitor<'a, T> {
    pub(crate) fn new(rule: Constraints, decoding: &'a mut Decoding) -> Self {
        Self {
            rule,
            decoding,
            kind: std::marker::PhantomData,
        }
    }
}

macro_rules! wanted {
    ($([$($generic:ident)?] $type:ty = $name:literal;)+) => {
        $(impl<$($generic)?> Wanted for ValueVisitor<'_, $type> {
            const NAME: &'static str = $name;
            fn decoding(&mut self) -> &mut Decoding {
                self.decoding
            }
        })+
    };
}

wanted! {
    [] String = "String";
    [] bool = "Boolean";
    [] f64 = "Double";
    [T] Vec<T> = "List";
    [] Blob = "Blob";
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

impl Decode for String {
    fn decode<'de, D: Deserializer<'de>>(
        deserializer: D,
        rule: Constraints,
        decoding: &mut Decoding,
    ) -> Result<Option<Self>, D::Error> {
        let visitor = ValueVisitor::<Self>::new(rule, decoding);
        start!(deserializer, visitor)
    }
}

impl ValueVisitor<'_, String> {
    fn checked(self, value: String) -> String {
        let Decoding {
            path, violations, ..
        } = self.decoding;
        self.rule.0.check_text(&value, path, violations);
        value
    }
}

impl<'de> Visitor<'de> for ValueVisitor<'_, String> {
    type Value = Option<String>;

    refuse!(boolean number list structure);

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<Self::Value, E> {
        Ok(Some(self.checked(value.to_owned())))
    }

    fn visit_string<E: de::Error>(self, value: String) -> Result<Self::Value, E> {
        Ok(Some(self.checked(value)))
    }
}

impl Decode for bool {
    fn decode<'de, D: Deserializer<'de>>(
        deserializer: D,
        rule: Constraints,
        decoding: &mut Decoding,
    ) -> Result<Option<Self>, D::Error> {
        let visitor = ValueVisitor::<Self>::new(rule, decoding);
        start!(deserializer, visitor)
    }
}

impl<'de> Visitor<'de> for ValueVisitor<'_, bool> {
    type Value = Option<bool>;

    refuse!(number string list structure);

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_bool(self)
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Self::Value, E> {
        Ok(Some(value))
    }
}

impl Decode for f64 {
    fn decode<'de, D: Deserializer<'de>>(
        deserializer: D,
        rule: Constraints,
        decoding: &mut Decoding,
    ) -> Result<Option<Self>, D::Error> {
        let visitor = ValueVisitor::<Self>::new(rule, decoding);
        start!(deserializer, visitor)
    }
}

impl ValueVisitor<'_, f64> {
    fn checked(self, value: f64) -> f64 {
        let Decoding {
            path, violations, ..
        } = self.decoding;
        self.rule.0.check_number(value, path, violations);
        value
    }
}

impl<'de> Visitor<'de> for ValueVisitor<'_, f64> {
    type Value = Option<f64>;

    refuse!(boolean string list structure);

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_f64(self)
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Self::Value, E> {
        Ok(Some(self.checked(value as f64)))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Self::Value, E> {
        Ok(Some(self.checked(value as f64)))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Self::Value, E> {
        Ok(Some(self.checked(value)))
    }
}

impl<T: Decode> Decode for Vec<T> {
    fn decode<'de, D: Deserializer<'de>>(
        deserializer: D,
        rule: Constraints,
        decoding: &mut Decoding,
    ) -> Result<Option<Self>, D::Error> {
        let visitor = ValueVisitor::<Self>::new(rule, decoding);
        start!(deserializer, visitor)
    }
}

impl<'de, T: Decode> Visitor<'de> for ValueVisitor<'_, Vec<T>> {
    type Value = Option<Vec<T>>;

    refuse!(boolean number string structure);

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_seq(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        let rule = self.rule.0;
        let decoding = self.decoding;
        let mut values = Vec::new();
        let mut length = 0;
        loop {
            decoding.path.push(Step::Item(length));
            let seed = MemberSeed::<T>::new(Constraints(rule.item()), decoding);
            let item = items.next_element_seed(seed)?;
            if matches!(item, Some(None)) {
                decoding.violate(Constraint::NotNull);
            }
            decoding.path.pop();
            let Some(item) = item else { break };
            length += 1;
            // A list that is too long is refused in the end: its tail is only counted.
            if length <= rule.capacity() {
                values.extend(item);
            }
        }
        rule.check_length(length, &decoding.path, &mut decoding.violations);
        Ok(Some(values))
    }
}

/// Bytes, which JSON carries in base64. `Debug` prints a length: the bytes may be content.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Blob(pub Vec<u8>);

impl fmt::Debug for Blob {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Blob({} bytes)", self.0.len())
    }
}

impl Serialize for Blob {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&data_encoding::BASE64.encode(&self.0))
    }
}

impl Decode for Blob {
    fn decode<'de, D: Deserializer<'de>>(
        deserializer: D,
        rule: Constraints,
        decoding: &mut Decoding,
    ) -> Result<Option<Self>, D::Error> {
        let visitor = ValueVisitor::<Self>::new(rule, decoding);
        start!(deserializer, visitor)
    }
}

impl<'de> Visitor<'de> for ValueVisitor<'_, Blob> {
    type Value = Option<Blob>;

    refuse!(boolean number list structure);

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<Self::Value, E> {
        let Ok(bytes) = data_encoding::BASE64.decode(value.as_bytes()) else {
            let message = format!("The value at '{}' is not valid base64", self.decoding.path);
            return Err(self.decoding.malformed(message));
        };
        let Decoding {
            path, violations, ..
        } = self.decoding;
        self.rule.0.check_length(bytes.len(), path, violations);
        Ok(Some(Blob(bytes)))
    }
}

/// Text of a prompt or an answer. `Debug` prints a length, so that content never reaches a log.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ContentText(pub String);

impl ContentText {
    /// The text itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<T: Into<String>> From<T> for ContentText {
    fn from(text: T) -> Self {
        Self(text.into())
    }
}

impl fmt::Debug for ContentText {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "ContentText({} bytes)", self.0.len())
    }
}

impl Decode for ContentText {
    fn decode<'de, D: Deserializer<'de>>(
        deserializer: D,
        rule: Constraints,
        decoding: &mut Decoding,
    ) -> Result<Option<Self>, D::Error> {
        Ok(String::decode(deserializer, rule, decoding)?.map(Self))
    }
}

/// Decodes one member; `None` is null.
pub(crate) struct MemberSeed<'a, T> {
    visitor: ValueVisitor<'a, T>,
}

impl<'a, T> MemberSeed<'a, T> {
    pub(crate) fn new(rule: Constraints, decoding: &'a mut Decoding) -> Self {
        Self {
            visitor: ValueVisitor::new(rule, decoding),
        }
    }
}

impl<'de, T: Decode> DeserializeSeed<'de> for MemberSeed<'_, T> {
    type Value = Option<T>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        T::decode(deserializer, self.visitor.rule, self.visitor.decoding)
    }
}

/// Finds a member's index by its name; `None` for a member that the model does not know.
pub(crate) struct NameSeed(pub(crate) &'static [&'static str]);

impl<'de> DeserializeSeed<'de> for NameSeed {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for NameSeed {
    type Value = Option<usize>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the name of a member")
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<Self::Value, E> {
        Ok(self.0.iter().position(|known| *known == name))
    }
}

/// A structure that [`shape!`] describes.
pub(crate) trait Shape: Default {
    /// Names of the members, in the model's order.
    const MEMBERS: &'static [&'static str];
    /// Whether the member at the same index is required.
    const REQUIRED: &'static [bool];

    /// Decodes the member at `index` into place. `false` if it was null.
    fn take<'de, A: MapAccess<'de>>(
        &mut self,
        index: usize,
        map: &mut A,
        decoding: &mut Decoding,
    ) -> Result<bool, A::Error>;
}

/// Visits a structure.
pub(crate) struct ShapeVisitor<'a, T> {
    decoding: &'a mut Decoding,
    kind: std::marker::PhantomData<T>,
}

impl<T> Wanted for ShapeVisitor<'_, T> {
    const NAME: &'static str = "Structure";
    fn decoding(&mut self) -> &mut Decoding {
        self.decoding
    }
}

impl<'de, T: Shape> Visitor<'de> for ShapeVisitor<'_, T> {
    type Value = Option<T>;

    refuse!(boolean number string list);

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let decoding = self.decoding;
        let mut value = T::default();
        let mut met = [false; MEMBERS_AT_MOST];
        let mut present = [false; MEMBERS_AT_MOST];
        while let Some(index) = map.next_key_seed(NameSeed(T::MEMBERS))? {
            let Some(index) = index else {
                map.next_value::<de::IgnoredAny>()?;
                continue;
            };
            decoding.path.push(Step::Member(T::MEMBERS[index]));
            if met[index] {
                // Readers differ in which of two they take, so neither is safe to act on.
                let message = format!("The member '{}' is given twice", decoding.path);
                return Err(decoding.malformed(message));
            }
            met[index] = true;
            present[index] = value.take(index, &mut map, decoding)?;
            decoding.path.pop();
        }
        for (index, name) in T::MEMBERS.iter().enumerate() {
            if T::REQUIRED[index] && !present[index] {
                decoding.path.push(Step::Member(name));
                decoding.violate(Constraint::NotNull);
                decoding.path.pop();
            }
        }
        Ok(Some(value))
    }
}

/// The most members of a structure here.
pub(crate) const MEMBERS_AT_MOST: usize = 16;

/// Decodes a structure.
pub(crate) fn decode_shape<'de, T: Shape, D: Deserializer<'de>>(
    deserializer: D,
    decoding: &mut Decoding,
) -> Result<Option<T>, D::Error> {
    let visitor = ShapeVisitor::<T> {
        decoding,
        kind: std::marker::PhantomData,
    };
    start!(deserializer, visitor)
}

/// Writes a structure of the service model once: members, types, constraints. `required T` is a
/// field `T`, `optional T` a field `Option<T>`. Gives `Decode` and `Serialize` (absent members are
/// left out).
macro_rules! shape {
    (
        $(#[$meta:meta])*
        pub struct $name:ident {
            $($(#[$field_meta:meta])* $field:ident : $presence:ident $kind:ty = $wire:literal $(, $rule:expr)?;)+
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct $name {
            $($(#[$field_meta])* pub $field: $crate::bedrock::decode::shape!(@type $presence $kind),)+
        }

        impl $crate::bedrock::decode::Shape for $name {
            const MEMBERS: &'static [&'static str] = &[$($wire),+];
            const REQUIRED: &'static [bool] = &[$($crate::bedrock::decode::shape!(@required $presence)),+];

            fn take<'de, A: serde::de::MapAccess<'de>>(
                &mut self,
                index: usize,
                map: &mut A,
                decoding: &mut $crate::bedrock::decode::Decoding,
            ) -> Result<bool, A::Error> {
                use $crate::bedrock::{constraint::Rule, decode::{Constraints, MemberSeed}};
                const { assert!(<$name as $crate::bedrock::decode::Shape>::MEMBERS.len() <= $crate::bedrock::decode::MEMBERS_AT_MOST) };
                match <Self as $crate::bedrock::decode::Shape>::MEMBERS[index] {
                    $($wire => {
                        static RULE: Rule = $crate::bedrock::decode::shape!(@rule $($rule)?);
                        let seed = MemberSeed::<$kind>::new(Constraints(&RULE), decoding);
                        let Some(value) = map.next_value_seed(seed)? else {
                            return Ok(false);
                        };
                        self.$field = value.into();
                    })+
                    _ => return Ok(false),
                }
                Ok(true)
            }
        }

        impl $crate::bedrock::decode::Decode for $name {
            fn decode<'de, D: serde::Deserializer<'de>>(
                deserializer: D,
                _: $crate::bedrock::decode::Constraints,
                decoding: &mut $crate::bedrock::decode::Decoding,
            ) -> Result<Option<Self>, D::Error> {
                $crate::bedrock::decode::decode_shape(deserializer, decoding)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                use serde::ser::SerializeMap;
                let mut map = serializer.serialize_map(None)?;
                $($crate::bedrock::decode::shape!(@entry $presence map $wire, self.$field);)+
                map.end()
            }
        }
    };
    (@type required $kind:ty) => { $kind };
    (@type optional $kind:ty) => { Option<$kind> };
    (@required required) => { true };
    (@required optional) => { false };
    (@rule) => { Rule::ANY };
    (@rule $rule:expr) => { $rule };
    (@entry required $map:ident $wire:literal, $value:expr) => {
        $map.serialize_entry($wire, &$value)?
    };
    (@entry optional $map:ident $wire:literal, $value:expr) => {
        if let Some(value) = &$value {
            $map.serialize_entry($wire, value)?;
        }
    };
}
pub(crate) use shape;
