//! What of a configuration applies to one direction: which policies are evaluated (and billed),
//! and which of them could intervene.

use super::EvaluateError;
use crate::{
    config::{
        BlockAction, Config, ContentFilterConfig, ContentPolicyConfig, Directions, FailureModes,
        GroundingPolicyConfig, Modality, OnFailure, SensitiveAction, SensitivePolicyConfig,
        TierName, WordPolicyConfig,
    },
    content::Source,
    verdict::PolicyKind,
};

/// Most text units in one request.
pub const MAXIMUM_UNITS: u32 = 1_000;

/// The policies that apply to one direction.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plan<'c> {
    config: &'c Config,
    source: Source,
}

impl<'c> Plan<'c> {
    pub(super) fn of(config: &'c Config, source: Source) -> Self {
        Self { config, source }
    }

    /// Whether any topic is judged.
    pub(super) fn topic(self) -> bool {
        self.config.topic.as_ref().is_some_and(|policy| {
            let mut topics = policy.topics.iter();
            topics.any(|topic| topic.directions.enabled(self.source))
        })
    }

    /// Whether any content filter judges text.
    pub(super) fn content(self) -> bool {
        self.content_filters(Modality::Text).next().is_some()
    }

    /// The content filters that must read images.
    pub(super) fn image_filters(self) -> impl Iterator<Item = &'c ContentFilterConfig> {
        self.content_filters(Modality::Image)
    }

    /// Whether words are judged. A policy without any word is, and is billed, as the API does.
    pub(super) fn word(self) -> bool {
        self.config.word.as_ref().is_some_and(|policy| {
            let mut rules = word_rules(policy).peekable();
            rules.peek().is_none() || rules.any(|rule| rule.enabled(self.source))
        })
    }

    /// Whether any personal-data type is judged.
    pub(super) fn entities(self) -> bool {
        let policy = self.config.sensitive.as_ref();
        let mut entities = policy
            .and_then(|policy| policy.entities.as_ref())
            .into_iter()
            .flatten();
        entities.any(|entity| entity.directions.enabled(self.source))
    }

    /// Whether any regular expression is judged.
    pub(super) fn regexes(self) -> bool {
        let policy = self.config.sensitive.as_ref();
        let mut regexes = policy
            .and_then(|policy| policy.regexes.as_ref())
            .into_iter()
            .flatten();
        regexes.any(|regex| regex.directions.enabled(self.source))
    }

    /// Whether any grounding filter is judged, where the content allows it.
    pub(super) fn grounding(self) -> bool {
        self.source == Source::Output
            && self.config.grounding.as_ref().is_some_and(|policy| {
                let mut filters = policy.filters.iter();
                filters.any(|filter| filter.enabled.unwrap_or(true))
            })
    }

    /// Whether answers are checked by automated reasoning.
    pub(super) fn reasoning(self) -> bool {
        self.source == Source::Output && self.config.reasoning.is_some()
    }

    /// Whether a finding of `part` of `policy` could change the outcome. Where nothing but
    /// detection was asked for, what was not looked at cannot be what should have been stopped.
    pub(super) fn could_intervene(self, policy: PolicyKind, part: Option<&str>) -> bool {
        let source = self.source;
        let blocks = |directions: &Directions<BlockAction>| {
            directions.enabled(source)
                && directions.action(source, BlockAction::Block) == BlockAction::Block
        };
        let named = |name: &str| part.is_none_or(|part| part == name);
        match policy {
            PolicyKind::Topic => self.config.topic.iter().any(|policy| {
                let mut topics = policy.topics.iter().filter(|topic| named(&topic.name));
                topics.any(|topic| blocks(&topic.directions))
            }),
            PolicyKind::Content => {
                // What a single filter does not read are images.
                let modality = if part.is_some() {
                    Modality::Image
                } else {
                    Modality::Text
                };
                self.content_filters(modality)
                    .any(|filter| named(filter.filter.as_str()) && filter.blocks(source))
            }
            PolicyKind::Word => {
                let mut policies = self.config.word.iter();
                policies.any(|policy| word_rules(policy).any(blocks))
            }
            PolicyKind::Sensitive => {
                let policy = self.config.sensitive.as_ref();
                policy.is_some_and(|policy| sensitive_intervenes(policy, source, named))
            }
            PolicyKind::Grounding => {
                let policy = self.config.grounding.as_ref();
                policy.is_some_and(grounding_intervenes)
            }
            PolicyKind::Reasoning => true,
        }
    }

    /// What the user wants where `policy` is not evaluated.
    pub(super) fn on_failure(self, policy: PolicyKind) -> OnFailure {
        let FailureModes {
            topic,
            content,
            word,
            sensitive,
            grounding,
            reasoning,
        } = self.config.on_failure;
        match policy {
            PolicyKind::Topic => topic,
            PolicyKind::Content => content,
            PolicyKind::Word => word,
            PolicyKind::Sensitive => sensitive,
            PolicyKind::Grounding => grounding,
            PolicyKind::Reasoning => reasoning,
        }
    }

    /// Refuses more text than one request may bring to any policy that would read it.
    pub(super) fn check_size(self, units: u32) -> Result<(), EvaluateError> {
        if units <= MAXIMUM_UNITS {
            return Ok(());
        }
        let content_tier = self.config.content.as_ref().map(|policy| policy.tier);
        let topic_tier = self.config.topic.as_ref().map(|policy| policy.tier);
        let policies = [
            (self.content(), "content filter policy", content_tier),
            (self.topic(), "topic policy", topic_tier),
            (self.word(), "word policy", None),
            (
                self.entities() || self.regexes(),
                "sensitive information policy",
                None,
            ),
        ];
        let reader = policies.into_iter().find(|(applies, ..)| *applies);
        reader.map_or(Ok(()), |(_, policy, tier)| {
            Err(EvaluateError::TooManyUnits {
                units,
                maximum: MAXIMUM_UNITS,
                policy,
                tier: tier.map_or("", tier_suffix),
            })
        })
    }

    fn content_filters(self, modality: Modality) -> impl Iterator<Item = &'c ContentFilterConfig> {
        let policy: Option<&'c ContentPolicyConfig> = self.config.content.as_ref();
        let source = self.source;
        let filters = policy.map_or(&[] as &[_], |policy| &policy.filters);
        let judges = move |filter: &&ContentFilterConfig| filter.judges(source, modality);
        filters.iter().filter(judges)
    }
}

fn word_rules(policy: &WordPolicyConfig) -> impl Iterator<Item = &Directions<BlockAction>> {
    let words = policy.words.iter().flatten().map(|word| &word.directions);
    let lists = policy.managed_lists.iter().flatten();
    words.chain(lists.map(|list| &list.directions))
}

fn sensitive_intervenes(
    policy: &SensitivePolicyConfig,
    source: Source,
    named: impl Fn(&str) -> bool,
) -> bool {
    let entities = policy.entities.iter().flatten();
    let entities = entities.map(|rule| (rule.entity.as_str(), rule.action, &rule.directions));
    let regexes = policy.regexes.iter().flatten();
    let regexes = regexes.map(|rule| (rule.name.as_str(), rule.action, &rule.directions));
    entities.chain(regexes).any(|(name, action, directions)| {
        named(name)
            && directions.enabled(source)
            && directions.action(source, action) != SensitiveAction::None
    })
}

fn grounding_intervenes(policy: &GroundingPolicyConfig) -> bool {
    policy.filters.iter().any(|filter| {
        filter.enabled.unwrap_or(true)
            && filter.action.unwrap_or(BlockAction::Block) == BlockAction::Block
    })
}

fn tier_suffix(tier: TierName) -> &'static str {
    match tier {
        TierName::Classic => " (Classic tier)",
        TierName::Standard => " (Standard tier)",
    }
}
