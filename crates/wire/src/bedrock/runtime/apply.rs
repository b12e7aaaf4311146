//! ApplyGuardrail: the body of the request.

use crate::bedrock::{
    constraint::{Constraint, Rule},
    decode::{Blob, Constraints, ContentText, Decode, Decoding, shape},
    vocabulary as words,
};
use serde::{Deserializer, Serialize};

/// `GuardrailContentQualifier`.
static QUALIFIER: Rule = Rule::ANY.one_of(words::CONTENT_QUALIFIER);

shape! {
    /// A text with its qualifiers.
    pub struct TextBlock {
        /// What is judged.
        text: required ContentText = "text";
        /// `grounding_source`, `query`, `guard_content`.
        qualifiers: optional Vec<String> = "qualifiers", Rule::ANY.of(&QUALIFIER);
    }
}

shape! {
    /// Where an image's bytes are. The model's union has one member.
    pub struct ImageSource {
        /// The image.
        bytes: required Blob = "bytes", Rule::ANY.at_least(1);
    }
}

shape! {
    /// An image.
    pub struct ImageBlock {
        /// png or jpeg.
        format: required String = "format", Rule::ANY.one_of(words::IMAGE_FORMAT);
        /// Its bytes.
        source: required ImageSource = "source";
    }
}

/// One piece of content.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum ContentBlock {
    /// A text.
    Text(TextBlock),
    /// An image.
    Image(ImageBlock),
}

shape! {
    /// The union before it is known that exactly one member is set.
    pub struct ContentBlockMembers {
        /// A text.
        text: optional TextBlock = "text";
        /// An image.
        image: optional ImageBlock = "image";
    }
}

impl Decode for ContentBlock {
    fn decode<'de, D: Deserializer<'de>>(
        deserializer: D,
        rule: Constraints,
        decoding: &mut Decoding,
    ) -> Result<Option<Self>, D::Error> {
        let Some(members) = ContentBlockMembers::decode(deserializer, rule, decoding)? else {
            return Ok(None);
        };
        match (members.text, members.image) {
            (Some(text), None) => Ok(Some(Self::Text(text))),
            (None, Some(image)) => Ok(Some(Self::Image(image))),
            (text, _) => {
                decoding.violate(Constraint::ExactlyOne(&["text", "image"]));
                // Never seen: the request is refused.
                Ok(Some(Self::Text(text.unwrap_or_default())))
            }
        }
    }
}

shape! {
    /// Body of ApplyGuardrail.
    pub struct ApplyGuardrailRequest {
        /// INPUT or OUTPUT.
        source: required String = "source", Rule::ANY.one_of(words::CONTENT_SOURCE);
        /// What is judged. The model has no lower bound; the service refuses an empty list.
        content: required Vec<ContentBlock> = "content", Rule::ANY.at_least(1);
        /// INTERVENTIONS (the default) or FULL.
        output_scope: optional String = "outputScope", Rule::ANY.one_of(words::OUTPUT_SCOPE);
    }
}
