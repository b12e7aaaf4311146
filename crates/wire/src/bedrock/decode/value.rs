//! Strings, numbers, booleans, lists, bytes and texts.

use super::{Constraints, Decode, Decoding, Wanted};
use crate::bedrock::constraint::{Constraint, Step};
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{self, DeserializeSeed, MapAccess, SeqAccess, Visitor},
};
use std::fmt;

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
