//! TagResource, UntagResource, ListTagsForResource.

use crate::bedrock::{constraint::Rule, decode::shape, pattern};
use serde::{Deserialize, Serialize};

/// `TagKey`.
static TAG_KEY: Rule = Rule::ANY.length(1, 128).pattern(&pattern::TAG);
/// `TaggableResourcesArn`.
const RESOURCE: Rule = Rule::ANY
    .length(20, 1011)
    .pattern(&pattern::TAGGABLE_RESOURCE);

shape! {
    /// A tag.
    #[derive(Eq, Deserialize)]
    pub struct Tag {
        /// Distinct within a resource.
        key: required String = "key", Rule::ANY.length(1, 128).pattern(&pattern::TAG);
        /// May be empty.
        value: required String = "value", Rule::ANY.length(0, 256).pattern(&pattern::TAG);
    }
}

shape! {
    /// Body of TagResource.
    pub struct TagResourceRequest {
        /// ARN of the guardrail.
        resource_arn: required String = "resourceARN", RESOURCE;
        /// Added, or replaced where the key is there.
        tags: required Vec<Tag> = "tags", Rule::ANY.length(0, 200);
    }
}

shape! {
    /// Body of UntagResource.
    pub struct UntagResourceRequest {
        /// ARN of the guardrail.
        resource_arn: required String = "resourceARN", RESOURCE;
        /// Keys of the tags to remove.
        tag_keys: required Vec<String> = "tagKeys", Rule::ANY.length(0, 200).of(&TAG_KEY);
    }
}

shape! {
    /// Body of ListTagsForResource.
    pub struct ListTagsForResourceRequest {
        /// ARN of the guardrail.
        resource_arn: required String = "resourceARN", RESOURCE;
    }
}

/// Reply to ListTagsForResource.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ListTagsForResourceResponse {
    /// All tags.
    pub tags: Vec<Tag>,
}
