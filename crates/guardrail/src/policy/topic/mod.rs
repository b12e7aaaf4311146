//! Denied topics.
//!
//! # What it judges
//!
//! Whether a prompt or an answer is about a topic that the user described by a name, a definition
//! and up to five examples.
//!
//! # How it decides
//!
//! By meaning: the topic's texts, and every window and sentence of the content, become vectors of
//! one embedding model. A window's likeness to the topic is set against its likeness to the nearest
//! of many background texts, and becomes a score between 0 and 1 with one meaning for all topics
//! (see `space.rs`). At or above [`TopicPolicy::THRESHOLD`] the topic is detected.
//!
//! # What it cannot see
//!
//! What the embedding model cannot: negation ("I do not want investment advice" is about investment
//! advice), and a topic that its texts do not describe. The embedded model is English. A sentence in
//! another script than Latin makes the policy "not evaluated". Other languages in Latin script are
//! not told from English: text in them is mostly missed, and a topic described in one of them fires
//! on most text in it (figures in `evaluation/topic.md`).
//!
//! # Example
//!
//! With the topic "Fiduciary Advice" and the example "How should I allocate my 401(k)
//! investments?", the prompt "How should I invest for my retirement?" is detected.

mod config;
mod decide;
mod detect;
mod space;
mod windows;

pub use config::{CLASSIC_DEFINITION_MAXIMUM, STANDARD_DEFINITION_MAXIMUM};
pub use detect::TopicFinding;
pub use space::{Calibration, TopicSpace};

use crate::{
    config::{BlockAction, ConfigError, Directions, TopicConfig, TopicPolicyConfig},
    detect::{DetectError, Detectors, Embedder},
    verdict::NotEvaluatedReason,
};
use space::Prototype;

/// One topic, its texts embedded.
#[derive(Clone, Debug)]
struct Topic {
    name: String,
    directions: Directions<BlockAction>,
    /// `None` where nothing could embed it; then the whole policy is not evaluated.
    prototype: Option<Prototype>,
}

/// The topic policy of one guardrail, ready to detect.
#[derive(Clone, Debug)]
pub struct TopicPolicy {
    topics: Vec<Topic>,
    /// Identity of the embedder that made the prototypes, or why there are none.
    prepared: Result<String, NotEvaluatedReason>,
}

impl TopicPolicy {
    /// The score at or above which a topic is detected, the same for every topic.
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
        let mut prepared = match judge(detectors) {
            Some((embedder, _)) => Ok(embedder.identity().to_owned()),
            None => Err(NotEvaluatedReason::NoDetector),
        };
        let mut topics = Vec::with_capacity(config.topics.len());
        for topic in &config.topics {
            let prototype = judge(detectors)
                .map(|(embedder, space)| prototype(topic, embedder, space))
                .transpose()
                .unwrap_or_else(|error| {
                    prepared = Err(NotEvaluatedReason::DetectorFailed(error.to_string()));
                    None
                });
            topics.push(Topic {
                name: topic.name.clone(),
                directions: topic.directions,
                prototype,
            });
        }
        Ok(Self { topics, prepared })
    }
}

/// What judges topics: an embedder and the space that its vectors are judged in.
fn judge(detectors: &Detectors) -> Option<(&dyn Embedder, &TopicSpace)> {
    let embedder = detectors.embedder.as_deref()?;
    Some((embedder, embedder.topic_space()?))
}

/// Embeds the texts that describe `topic`.
fn prototype(
    topic: &TopicConfig,
    embedder: &dyn Embedder,
    space: &TopicSpace,
) -> Result<Prototype, DetectError> {
    let definition = embedder.embed(&format!("{}: {}", topic.name, topic.definition))?;
    let examples = topic
        .examples
        .iter()
        .flatten()
        .map(|example| embedder.embed(example))
        .collect::<Result<_, _>>()?;
    Ok(space.prototype(definition, examples))
}

#[cfg(test)]
mod tests;
