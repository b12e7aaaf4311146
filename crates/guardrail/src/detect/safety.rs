//! The port to the classifier of harmful content and prompt attacks.

use super::DetectError;
use crate::{config::ContentFilterType, content::Source, verdict::Confidence};
use pretil_text::language::Language;
use std::ops::Range;

/// What a text is scored for: the content filters, and the kinds of prompt attack apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SafetyLabel {
    /// Hate against groups.
    Hate,
    /// Insults against persons.
    Insults,
    /// Sexual content.
    Sexual,
    /// Violence, threats and self-harm.
    Violence,
    /// Crime and other misconduct.
    Misconduct,
    /// Any attempt to override a model's instructions.
    PromptAttack,
    /// An attempt to get around a model's restrictions.
    Jailbreak,
    /// Instructions that stand in for those of the application.
    PromptInjection,
    /// An attempt to make a model give its instructions away.
    PromptLeakage,
}

impl SafetyLabel {
    /// Every label, in the order in which scores are kept.
    pub const ALL: [Self; 9] = [
        Self::Hate,
        Self::Insults,
        Self::Sexual,
        Self::Violence,
        Self::Misconduct,
        Self::PromptAttack,
        Self::Jailbreak,
        Self::PromptInjection,
        Self::PromptLeakage,
    ];

    /// The name that the API and the calibration of a model give it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Hate => "HATE",
            Self::Insults => "INSULTS",
            Self::Sexual => "SEXUAL",
            Self::Violence => "VIOLENCE",
            Self::Misconduct => "MISCONDUCT",
            Self::PromptAttack => "PROMPT_ATTACK",
            Self::Jailbreak => "JAILBREAK",
            Self::PromptInjection => "PROMPT_INJECTION",
            Self::PromptLeakage => "PROMPT_LEAKAGE",
        }
    }

    /// The label named `name`, if there is one.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|label| label.as_str() == name)
    }

    /// Where its score is kept.
    fn index(self) -> usize {
        self as usize
    }
}

impl From<ContentFilterType> for SafetyLabel {
    fn from(filter: ContentFilterType) -> Self {
        match filter {
            ContentFilterType::Sexual => Self::Sexual,
            ContentFilterType::Violence => Self::Violence,
            ContentFilterType::Hate => Self::Hate,
            ContentFilterType::Insults => Self::Insults,
            ContentFilterType::Misconduct => Self::Misconduct,
            ContentFilterType::PromptAttack => Self::PromptAttack,
        }
    }
}

/// A calibrated score, 0 to 1, for every label.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct SafetyScores([f32; SafetyLabel::ALL.len()]);

impl SafetyScores {
    /// The scores that `score` gives.
    pub fn of(score: impl FnMut(SafetyLabel) -> f32) -> Self {
        Self(SafetyLabel::ALL.map(score))
    }

    /// The score of `label`.
    pub fn get(&self, label: SafetyLabel) -> f32 {
        self.0[label.index()]
    }
}

/// From which scores on a label has low, medium and high confidence. The bands have one meaning for
/// all labels: LOW or above fires on at most 5 % of benign texts, MEDIUM or above on at most 1 %,
/// HIGH on at most 0.1 %.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bands {
    low: f32,
    medium: f32,
    high: f32,
}

impl Bands {
    /// `None` unless `0 < low ≤ medium ≤ high ≤ 1`.
    pub fn new(low: f32, medium: f32, high: f32) -> Option<Self> {
        let ordered = 0.0 < low && low <= medium && medium <= high && high <= 1.0;
        ordered.then_some(Self { low, medium, high })
    }

    /// The confidence that `score` stands for.
    pub fn confidence(&self, score: f32) -> Confidence {
        if score >= self.high {
            Confidence::High
        } else if score >= self.medium {
            Confidence::Medium
        } else if score >= self.low {
            Confidence::Low
        } else {
            Confidence::None
        }
    }

    /// The score from which on there is `confidence`. No score is needed for none.
    pub fn threshold(&self, confidence: Confidence) -> f32 {
        match confidence {
            Confidence::None => 0.0,
            Confidence::Low => self.low,
            Confidence::Medium => self.medium,
            Confidence::High => self.high,
        }
    }
}

/// A window of a text and its scores.
#[derive(Clone, Debug, PartialEq)]
pub struct ScoredWindow {
    /// Bytes of the text that was scored.
    pub range: Range<usize>,
    /// For every label.
    pub scores: SafetyScores,
}

/// Scores text for harmful content and prompt attacks.
pub trait SafetyClassifier: Send + Sync {
    /// Name and version of the model with the hash of its weights.
    fn identity(&self) -> &str;

    /// The languages in which its quality was measured. Text in another is not evaluated.
    fn languages(&self) -> &[Language];

    /// The bands of `label` on prompts or answers.
    fn bands(&self, label: SafetyLabel, source: Source) -> Bands;

    /// Scores all of `text` for all labels, as a prompt or as an answer: overlapping windows that
    /// together cover it, one where it fits, each read once. Nothing is cut off. The same text gives
    /// the same scores.
    fn classify(&self, text: &str, source: Source) -> Result<Vec<ScoredWindow>, DetectError>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_keep_their_names_and_places() {
        for (index, label) in SafetyLabel::ALL.into_iter().enumerate() {
            assert_eq!(label.index(), index);
            assert_eq!(SafetyLabel::parse(label.as_str()), Some(label));
        }
        assert_eq!(SafetyLabel::parse("SELF_HARM"), None);
        for &filter in ContentFilterType::ALL {
            assert_eq!(SafetyLabel::from(filter).as_str(), filter.as_str());
        }
    }

    #[test]
    fn bands_are_ordered_or_refused() {
        let bands = Bands::new(0.25, 0.5, 0.75).unwrap();
        for (score, confidence) in [
            (0.0, Confidence::None),
            (0.249, Confidence::None),
            (0.25, Confidence::Low),
            (0.5, Confidence::Medium),
            (0.749, Confidence::Medium),
            (0.75, Confidence::High),
            (1.0, Confidence::High),
            (f32::NAN, Confidence::None),
        ] {
            assert_eq!(bands.confidence(score), confidence, "{score}");
        }
        for (low, medium, high) in [
            (0.5, 0.4, 0.9),
            (0.1, 0.9, 0.8),
            (0.0, 0.5, 0.9),
            (0.1, 0.5, 1.1),
            (f32::NAN, 0.5, 0.9),
            (0.1, f32::INFINITY, 0.9),
        ] {
            assert!(Bands::new(low, medium, high).is_none());
        }
    }
}
