//! The whole answer: what was found, what follows from it, what was not looked at.

mod debug;

use crate::config::{ContentFilterType, GroundingFilterType, PiiType, Strength};
use pretil_text::{Span, ViewKind};

/// What became of the content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// Nothing was done.
    None,
    /// Some text was replaced by placeholders.
    Masked,
    /// The content was replaced by the prepared message.
    Blocked,
}

/// What one finding led to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryAction {
    /// Nothing: detect mode, not detected, or a mask that a block made needless.
    None,
    /// The content was blocked.
    Blocked,
    /// The span was masked.
    Anonymized,
}

/// Which policy. Order is the order of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PolicyKind {
    /// Denied topics.
    Topic,
    /// Content filters.
    Content,
    /// Word filters.
    Word,
    /// Personal data and regular expressions.
    Sensitive,
    /// Contextual grounding.
    Grounding,
    /// Automated reasoning.
    Reasoning,
}

impl PolicyKind {
    /// A stable name in snake case, for traces and metrics.
    pub fn name(self) -> &'static str {
        match self {
            Self::Topic => "topic",
            Self::Content => "content",
            Self::Word => "word",
            Self::Sensitive => "sensitive",
            Self::Grounding => "grounding",
            Self::Reasoning => "reasoning",
        }
    }
}

/// Why a policy, or a part of it, was not evaluated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotEvaluatedReason {
    /// This build has no detector for it.
    NoDetector,
    /// The detector failed or was overloaded.
    DetectorFailed(String),
    /// A time or size budget was spent before all text was read.
    BudgetSpent,
    /// The content is of a kind that no detector here reads.
    UnsupportedModality,
    /// Some of the content is in a language that the detector does not read.
    UnsupportedLanguage,
}

impl NotEvaluatedReason {
    /// A stable name in snake case, for traces and metrics.
    pub fn name(&self) -> &'static str {
        match self {
            Self::NoDetector => "no_detector",
            Self::DetectorFailed(_) => "detector_failed",
            Self::BudgetSpent => "budget_spent",
            Self::UnsupportedModality => "unsupported_modality",
            Self::UnsupportedLanguage => "unsupported_language",
        }
    }
}

/// The third outcome of a policy: neither found nor not found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotEvaluated {
    /// Which policy.
    pub policy: PolicyKind,
    /// Which part of it, in the user's terms (a filter's type, a regex's name), where not all of it.
    pub part: Option<String>,
    /// Why.
    pub reason: NotEvaluatedReason,
    /// Whether it blocked (`on_failure: closed`) or was let pass on request (`open`).
    pub blocked: bool,
}

/// Where a finding is: the block and the span in it, and the view in which it was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Location {
    /// Index into `Content::blocks`.
    pub block: usize,
    /// In that block's text.
    pub span: Span,
    /// How the text had to be read to see it.
    pub view: ViewKind,
}

/// A denied topic.
#[derive(Clone, Debug, PartialEq)]
pub struct TopicEntry {
    /// As configured.
    pub name: String,
    /// Whether the configuration is breached, whatever the action.
    pub detected: bool,
    /// What followed.
    pub action: EntryAction,
    /// Similarity score, 0 to 1, calibrated so that `threshold` has one meaning for all topics.
    pub score: Option<f32>,
    /// The score at or above which the topic is detected.
    pub threshold: Option<f32>,
    /// The window of the text that matched best.
    pub location: Option<Location>,
}

/// A content filter's confidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Confidence {
    /// Not found.
    None,
    /// Fires on at most 5 % of benign texts.
    Low,
    /// Fires on at most 1 % of benign texts.
    Medium,
    /// Fires on at most 0.1 % of benign texts.
    High,
}

/// A content filter.
#[derive(Clone, Debug, PartialEq)]
pub struct ContentEntry {
    /// Which.
    pub filter: ContentFilterType,
    /// How sure the classifier is.
    pub confidence: Confidence,
    /// As configured for this direction.
    pub strength: Strength,
    /// Whether confidence reaches strength.
    pub detected: bool,
    /// What followed.
    pub action: EntryAction,
    /// Calibrated score, 0 to 1, of the window that scored highest. `None` where there was nothing to
    /// read.
    pub score: Option<f32>,
    /// The score from which on `strength` detects.
    pub threshold: Option<f32>,
    /// That window.
    pub location: Option<Location>,
    /// What carried the score, strongest first. Only where it was asked for and the filter detected.
    pub evidence: Vec<Evidence>,
    /// The window's score when all of the evidence is left out.
    pub score_without_evidence: Option<f32>,
}

/// Words that carried a score: what is left of it without them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Evidence {
    /// Where they are.
    pub location: Location,
    /// The window's score when they are left out.
    pub score_without: f32,
}

/// A word or phrase.
#[derive(Clone, PartialEq, Eq)]
pub struct WordEntry {
    /// The text as found.
    pub matched: String,
    /// Whether it came from the managed profanity list.
    pub managed: bool,
    /// Always true: words are listed only when found.
    pub detected: bool,
    /// What followed.
    pub action: EntryAction,
    /// Every occurrence.
    pub locations: Vec<Location>,
}

/// A personal-data entity. One entry per distinct match.
#[derive(Clone, PartialEq)]
pub struct PiiEntry {
    /// Which type.
    pub entity: PiiType,
    /// The original text, never the mask. Empty when not detected.
    pub matched: String,
    /// Whether it was found.
    pub detected: bool,
    /// What followed.
    pub action: EntryAction,
    /// Confidence, 0 to 1, of the surest occurrence.
    pub score: Option<f32>,
    /// Every occurrence.
    pub locations: Vec<Location>,
}

/// A custom regular expression. One entry per distinct match.
#[derive(Clone, PartialEq, Eq)]
pub struct RegexEntry {
    /// As configured.
    pub name: String,
    /// As configured.
    pub pattern: String,
    /// The original text, never the mask.
    pub matched: String,
    /// Always true: regexes are listed only when found.
    pub detected: bool,
    /// What followed.
    pub action: EntryAction,
    /// Every occurrence.
    pub locations: Vec<Location>,
}

/// A grounding filter.
#[derive(Clone, Debug, PartialEq)]
pub struct GroundingEntry {
    /// Which.
    pub filter: GroundingFilterType,
    /// 0 to 1.
    pub score: f64,
    /// As configured.
    pub threshold: f64,
    /// Whether the score is below the threshold.
    pub detected: bool,
    /// What followed.
    pub action: EntryAction,
    /// Of GROUNDING, every claim of the answer in order; the score is that of the weakest.
    pub claims: Vec<JudgedClaim>,
}

/// A claim of an answer, and what the source says to it.
#[derive(Clone, Debug, PartialEq)]
pub struct JudgedClaim {
    /// The sentence, item or clause of the answer.
    pub location: Location,
    /// How surely the source supports it, 0 to 1.
    pub score: f32,
    /// The sentence of the source that speaks most of what it speaks of.
    pub support: Option<Location>,
    /// The words that both share.
    pub matched: Vec<MatchedWords>,
    /// The stretch of the claim that reads as least supported, if one stands out.
    pub unsupported: Option<Location>,
    /// The exact checks that failed.
    pub failed: Vec<FailedCheck>,
}

/// Words that a claim and the source share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MatchedWords {
    /// In the answer.
    pub claim: Location,
    /// In the source.
    pub source: Location,
}

/// An exact check of a claim that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FailedCheck {
    /// What was held against the source.
    pub kind: CheckKind,
    /// The figure, date, name or word of the answer that the source does not hold.
    pub location: Location,
    /// What the source has in its place, where that is plain.
    pub instead: Option<Location>,
}

/// What an exact check holds against the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CheckKind {
    /// Numbers, amounts, percentages.
    Number,
    /// Dates, days of the week, times of day.
    Date,
    /// Names.
    Name,
    /// What is denied.
    Negation,
    /// All, only, must, always, never.
    Quantifier,
}

impl CheckKind {
    /// A stable name in snake case.
    pub fn name(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Date => "date",
            Self::Name => "name",
            Self::Negation => "negation",
            Self::Quantifier => "quantifier",
        }
    }
}

/// Every policy's conclusion. A policy that is not configured or not enabled has no entries.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Assessment {
    /// Denied topics, in configured order.
    pub topics: Vec<TopicEntry>,
    /// Content filters, in configured order.
    pub filters: Vec<ContentEntry>,
    /// Custom words, then managed ones, each in order of first occurrence.
    pub words: Vec<WordEntry>,
    /// Personal data, in order of first occurrence; not-detected types after, in configured order.
    pub entities: Vec<PiiEntry>,
    /// Custom regexes, in order of first occurrence.
    pub regexes: Vec<RegexEntry>,
    /// Grounding and relevance.
    pub grounding: Vec<GroundingEntry>,
}

/// Text units (1,000 code points each, rounded up) billed per policy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Denied topics.
    pub topic: u32,
    /// Content filters, text.
    pub content: u32,
    /// Content filters, images.
    pub content_image: u32,
    /// Word filters.
    pub word: u32,
    /// Personal data.
    pub sensitive: u32,
    /// Custom regexes.
    pub sensitive_free: u32,
    /// Contextual grounding.
    pub grounding: u32,
}

/// How much of what was sent the non-grounding policies evaluated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Code points evaluated.
    pub guarded_characters: u32,
    /// Code points in all text blocks.
    pub total_characters: u32,
    /// Images evaluated.
    pub guarded_images: u32,
    /// Images sent.
    pub total_images: u32,
}

/// The whole answer of one call.
#[derive(Clone, PartialEq)]
pub struct Verdict {
    /// What became of the content.
    pub outcome: Outcome,
    /// Nothing; or the prepared message; or every text block that was sent, masked where needed.
    pub outputs: Vec<String>,
    /// All that every policy concluded, detected or not. The edge filters by output scope.
    pub assessment: Assessment,
    /// What was not evaluated, and why.
    pub not_evaluated: Vec<NotEvaluated>,
    /// Text units.
    pub usage: Usage,
    /// Coverage.
    pub coverage: Coverage,
}

/// How much of an assessment the caller asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OutputScope {
    /// Only what was detected.
    #[default]
    Interventions,
    /// Also the filters, topics and personal-data types that were evaluated and not detected.
    Full,
}

impl Assessment {
    /// The part of the assessment that `scope` covers.
    #[must_use]
    pub fn in_scope(mut self, scope: OutputScope) -> Self {
        if scope == OutputScope::Full {
            return self;
        }
        self.topics.retain(|entry| entry.detected);
        self.filters.retain(|entry| entry.detected);
        self.words.retain(|entry| entry.detected);
        self.entities.retain(|entry| entry.detected);
        self.regexes.retain(|entry| entry.detected);
        self.grounding.retain(|entry| entry.detected);
        self
    }

    /// Every entry's action.
    pub(crate) fn actions(&self) -> impl Iterator<Item = EntryAction> {
        let topics = self.topics.iter().map(|entry| entry.action);
        let filters = self.filters.iter().map(|entry| entry.action);
        let words = self.words.iter().map(|entry| entry.action);
        let entities = self.entities.iter().map(|entry| entry.action);
        let regexes = self.regexes.iter().map(|entry| entry.action);
        let grounding = self.grounding.iter().map(|entry| entry.action);
        topics
            .chain(filters)
            .chain(words)
            .chain(entities)
            .chain(regexes)
            .chain(grounding)
    }

    /// Takes back every mask: a blocked text is not masked.
    pub(crate) fn forgo_masks(&mut self) {
        let entities = self.entities.iter_mut().map(|entry| &mut entry.action);
        let regexes = self.regexes.iter_mut().map(|entry| &mut entry.action);
        for action in entities.chain(regexes) {
            if *action == EntryAction::Anonymized {
                *action = EntryAction::None;
            }
        }
    }
}

impl Verdict {
    /// The verdict with only the part of the assessment that `scope` covers.
    #[must_use]
    pub fn in_scope(self, scope: OutputScope) -> Self {
        Self {
            assessment: self.assessment.in_scope(scope),
            ..self
        }
    }
}
