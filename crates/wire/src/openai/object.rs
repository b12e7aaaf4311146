//! A JSON object that is changed in places and otherwise handed on byte for byte.
//!
//! The reader behind the gateway is not this one. Where two readers may understand one text
//! differently, what was judged here is not what is read there: so a member that occurs twice, or in
//! another spelling that some readers take for the same (Go's folds case), is refused.

use super::ParseError;
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{DeserializeOwned, MapAccess, Visitor},
    ser::SerializeMap,
};
use serde_json::value::{RawValue, to_raw_value};
use std::fmt;

/// Members in the order sent. `Debug` prints their number, since they hold content.
#[derive(Clone, Default)]
pub struct Object {
    members: Vec<(String, Box<RawValue>)>,
}

impl Object {
    /// Reads an object.
    pub fn parse(bytes: &[u8]) -> Result<Self, ParseError> {
        // The position is that of JSON's grammar; the message of serde names no content but may
        // quote a member's name.
        serde_json::from_slice(bytes).map_err(|error| ParseError::json(&error))
    }

    /// The names of all members.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.members.iter().map(|(name, _)| name.as_str())
    }

    /// Takes the member `name` out; `null` counts as not there.
    pub fn take<Value: DeserializeOwned>(
        &mut self,
        name: &'static str,
    ) -> Result<Option<Value>, ParseError> {
        let Some(index) = self.index(name)? else {
            return Ok(None);
        };
        let (_, raw) = self.members.remove(index);
        serde_json::from_str(raw.get()).map_err(|_| ParseError::Member(name.to_owned()))
    }

    /// Reads the member `name` and leaves it in its place.
    pub fn get<Value: DeserializeOwned>(
        &self,
        name: &'static str,
    ) -> Result<Option<Value>, ParseError> {
        let Some(index) = self.index(name)? else {
            return Ok(None);
        };
        serde_json::from_str(self.members[index].1.get())
            .map_err(|_| ParseError::Member(name.to_owned()))
    }

    /// Sets the member `name`.
    pub fn set(&mut self, name: &str, value: &impl Serialize) -> Result<(), ParseError> {
        let raw = to_raw_value(value).map_err(|_| ParseError::Member(name.to_owned()))?;
        match self.members.iter_mut().find(|(known, _)| known == name) {
            Some((_, place)) => *place = raw,
            None => self.members.push((name.to_owned(), raw)),
        }
        Ok(())
    }

    /// Drops the member `name`.
    pub fn drop_member(&mut self, name: &str) {
        self.members.retain(|(known, _)| known != name);
    }

    /// The first member outside `known` that says something: neither `null`, a truth value, a
    /// number, nor empty.
    pub fn first_telling(&self, known: &[&str]) -> Option<&str> {
        let silent = ["null", "true", "false", "[]", "{}", "\"\""];
        let telling = self.members.iter().find(|(name, raw)| {
            let value = raw.get();
            let number = value.starts_with(|it: char| it == '-' || it.is_ascii_digit());
            !known.contains(&name.as_str()) && !silent.contains(&value) && !number
        });
        telling.map(|(name, _)| name.as_str())
    }

    /// Where `name` is.
    ///
    /// # Errors
    ///
    /// It is there in another spelling.
    fn index(&self, name: &str) -> Result<Option<usize>, ParseError> {
        let folded = self
            .members
            .iter()
            .position(|(known, _)| folds_to(known, name));
        match folded {
            Some(index) if self.members[index].0 != name => {
                Err(ParseError::Spelling(name.to_owned()))
            }
            index => Ok(index),
        }
    }
}

/// Whether a reader that folds case takes `one` for `other`. Beside ASCII two characters fold to an
/// ASCII letter: the long s and the Kelvin sign.
fn folds_to(one: &str, other: &str) -> bool {
    let fold = |text: &str| -> Vec<char> {
        let folded = text.chars().map(|character| match character {
            'ſ' => 's',
            '\u{212a}' => 'k',
            other => other.to_ascii_lowercase(),
        });
        folded.collect()
    };
    one == other || fold(one) == fold(other)
}

impl fmt::Debug for Object {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Object({} members)", self.members.len())
    }
}

impl Serialize for Object {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.members.len()))?;
        for (name, value) in &self.members {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;

        impl<'de> Visitor<'de> for Members {
            type Value = Object;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object, A::Error> {
                let mut members: Vec<(String, Box<RawValue>)> = Vec::new();
                while let Some((name, value)) = map.next_entry::<String, Box<RawValue>>()? {
                    if members.len() >= MOST_MEMBERS {
                        return Err(serde::de::Error::custom("an object has too many members"));
                    }
                    if members.iter().any(|(known, _)| folds_to(known, &name)) {
                        return Err(serde::de::Error::custom("a member occurs twice"));
                    }
                    members.push((name, value));
                }
                Ok(Object { members })
            }
        }

        deserializer.deserialize_map(Members)
    }
}

/// Most members of one object that is read member by member.
const MOST_MEMBERS: usize = 256;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_touched_stays_as_it_is() {
        let text = r#"{"b":1.50,"a":[ 1e400 ,"\u0041"],"model":"x","c":{"z":null}}"#;
        let mut object = Object::parse(text.as_bytes()).unwrap();
        object.set("model", &"y").unwrap();
        object.set("d", &true).unwrap();
        assert_eq!(
            serde_json::to_string(&object).unwrap(),
            r#"{"b":1.50,"a":[ 1e400 ,"\u0041"],"model":"y","c":{"z":null},"d":true}"#
        );
    }

    #[test]
    fn two_readings_are_refused() {
        for text in [
            r#"{"messages":1,"messages":2}"#,
            r#"{"messages":1,"Messages":2}"#,
            r#"{"messages":1,"me\u017f\u017fages":2}"#,
            r#"{"messages":1,"\u006dessages":2}"#,
        ] {
            assert!(Object::parse(text.as_bytes()).is_err(), "{text}");
        }
        let object = Object::parse(br#"{"Messages":[]}"#).unwrap();
        assert!(matches!(
            object.get::<Vec<u8>>("messages"),
            Err(ParseError::Spelling(_))
        ));
    }

    #[test]
    fn telling_members() {
        let text = r#"{"a":null,"b":[],"c":-1,"d":false,"known":"x","e":["x"],"f":"y"}"#;
        let object = Object::parse(text.as_bytes()).unwrap();
        assert_eq!(object.first_telling(&["known"]), Some("e"));
        assert_eq!(object.first_telling(&["known", "e", "f"]), None);
    }
}
