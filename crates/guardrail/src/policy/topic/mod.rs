//! Denied topics.
//!
//! # What it judges
//!
//! Whether a prompt or an answer is about a topic that the user described by a name, a definition
//! and up to five examples.
//!
//! # How it decides
//!
//! By meaning: the topic's texts and every window of the content become vectors of one embedding
//! model, and likeness becomes a score between 0 and 1. At or above [`TopicPolicy::THRESHOLD`] the topic is detected.
//!
//! # What it cannot see
//!
//! What the embedding model cannot: negation ("I do not want investment advice" is about investment
//! advice), languages it was not trained on, and a topic that its description does not describe.
//!
//! # Example
//!
//! With the topic "Fiduciary Advice" and the example "How should I allocate my 401(k)
//! investments?", the prompt "How should I invest for my retirement?" is detected.

mod config;
mod decide;
mod detect;

pub use config::{CLASSIC_DEFINITION_MAXIMUM, STANDARD_DEFINITION_MAXIMUM};
pub use detect::TopicFinding;

use crate::{
    config::{BlockAction, ConfigError, Directions, TopicConfig, TopicPolicyConfig},
    detect::{DetectError, Detectors, Embedder},
    verdict::NotEvaluatedReason,
};

/// One topic, its texts embedded.
#[derive(Clone, Debug)]
struct Topic {
    name: String,
    directions: Directions<BlockAction>,
    /// Unit vectors of the definition and of each example.
    prototypes: Vec<Vec<f32>>,
}

/// The topic policy of one guardrail, ready to detect.
#[derive(Clone, Debug)]
pub struct TopicPolicy {
    topics: Vec<Topic>,
    threshold: f32,
    /// Identity of the embedder that made the prototypes, or why there are none.
    prepared: Result<String, NotEvaluatedReason>,
}

impl TopicPolicy {
    /// The score at or above which a topic is detected.
    pub const THRESHOLD: f32 = 0.5;

    /// Embeds every topic of `config`.
    ///
    /// Without an embedder, or when it fails, the policy still compiles: what it cannot do is said
    /// with each call, as "not evaluated".
    pub fn compile(
        config: &TopicPolicyConfig,
        detectors: &Detectors,
    ) -> Result<Self, Vec<ConfigError>> {
        let errors = config::check(config);
        if !errors.is_empty() {
            return Err(errors);
        }
        let mut prepared = match &detectors.embedder {
            Some(embedder) => Ok(embedder.identity().to_owned()),
            None => Err(NotEvaluatedReason::NoDetector),
        };
        let mut topics = Vec::with_capacity(config.topics.len());
        for topic in &config.topics {
            let prototypes = match &detectors.embedder {
                Some(embedder) => prototypes(topic, embedder.as_ref()),
                None => Ok(Vec::new()),
            };
            topics.push(Topic {
                name: topic.name.clone(),
                directions: topic.directions,
                prototypes: prototypes.unwrap_or_else(|error| {
                    prepared = Err(NotEvaluatedReason::DetectorFailed(error.to_string()));
                    Vec::new()
                }),
            });
        }
        Ok(Self {
            topics,
            threshold: Self::THRESHOLD,
            prepared,
        })
    }
}

/// The vectors that stand for `topic`.
fn prototypes(topic: &TopicConfig, embedder: &dyn Embedder) -> Result<Vec<Vec<f32>>, DetectError> {
    let examples = topic.examples.iter().flatten().map(String::as_str);
    std::iter::once(topic.definition.as_str())
        .chain(examples)
        .map(|text| embedder.embed(text))
        .collect()
}

#[cfg(test)]
mod tests;
