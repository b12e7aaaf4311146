//! Structures: the [`shape!`] macro and what it needs.

use super::{Decoding, Wanted};
use crate::bedrock::constraint::{Constraint, Step};
use serde::{
    Deserializer,
    de::{self, DeserializeSeed, MapAccess, SeqAccess, Visitor},
};
use std::fmt;

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
