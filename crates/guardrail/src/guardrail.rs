//! A configuration compiled: automata built, patterns compiled, thresholds fixed. Immutable.

use crate::{
    config::{CompileError, Config, ConfigError, validate},
    detect::Detectors,
    policy::{
        content::ContentPolicy, grounding::GroundingPolicy, sensitive::SensitivePolicy,
        topic::TopicPolicy, word::WordPolicy,
    },
};

/// A configuration that is known to be valid, ready to judge. Share it behind an `Arc`.
#[derive(Debug)]
pub struct Guardrail {
    config: Config,
    pub(crate) topic: Option<TopicPolicy>,
    pub(crate) content: Option<ContentPolicy>,
    pub(crate) word: Option<WordPolicy>,
    pub(crate) sensitive: Option<SensitivePolicy>,
    pub(crate) grounding: Option<GroundingPolicy>,
}

impl Guardrail {
    /// Checks `config` across its members and compiles every policy in it.
    ///
    /// Shape limits (lengths, patterns, enums) are the edge's work and are not checked again.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with `config`, not only the first thing.
    pub fn compile(config: Config, detectors: &Detectors) -> Result<Self, CompileError> {
        let mut errors = validate(&config);
        let topic = config.topic.as_ref();
        let topic = topic.map(|policy| TopicPolicy::compile(policy, detectors));
        let topic = compiled(topic, &mut errors);
        let content = config.content.as_ref().map(ContentPolicy::compile);
        let content = compiled(content, &mut errors);
        let word = config.word.as_ref().map(WordPolicy::compile);
        let word = compiled(word, &mut errors);
        let sensitive = config.sensitive.as_ref();
        let sensitive = sensitive.map(|policy| SensitivePolicy::compile(policy, detectors));
        let sensitive = compiled(sensitive, &mut errors);
        let grounding = config.grounding.as_ref().map(GroundingPolicy::compile);
        let grounding = compiled(grounding, &mut errors);
        CompileError::check(errors)?;
        Ok(Self {
            config,
            topic,
            content,
            word,
            sensitive,
            grounding,
        })
    }

    /// What was compiled.
    pub fn config(&self) -> &Config {
        &self.config
    }
}

/// The compiled policy, if there is one; else what is wrong with it goes to `errors`.
fn compiled<Policy>(
    policy: Option<Result<Policy, Vec<ConfigError>>>,
    errors: &mut Vec<ConfigError>,
) -> Option<Policy> {
    policy?.map_err(|mut wrong| errors.append(&mut wrong)).ok()
}
