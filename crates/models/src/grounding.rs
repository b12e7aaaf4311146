//! The judge of contextual grounding: a trunk trained on MiniLM, which shares its vocabulary, that reads
//! a claim beside its evidence, or an answer beside its query.
//!
//! - `words`: the words of one text, to look up those of another.
//! - `pair`: two texts as one input, with word features.
//! - `scoring`: from logits of tokens to the stretch that is least supported.
//! - `calibration`: what the logits mean.
//!
//! The head has three labels, read at `[CLS]` (GROUNDED, RELEVANT) and at the tokens of a claim
//! (UNSUPPORTED).

mod calibration;
mod pair;
mod scoring;
mod words;

pub use calibration::GroundingCalibrationError;

use crate::minilm::{SCRATCH, identity};
use calibration::Calibration;
use pair::{Feature, Pair, Reading};
use pretil_encoder::{Encoder, LoadError};
use pretil_guardrail::detect::{DetectError, FailedChecks, GroundingJudge, Support};
use pretil_text::language::Language;

/// `[CLS]`, and a `[SEP]` after each of the texts.
const SUPPORT_SPECIALS: usize = 4;
const RELEVANCE_SPECIALS: usize = 3;

/// Fewest tokens of an answer that are read at once, beside the longest query that is read.
const LEAST_ANSWER_TOKENS: usize = 32;

/// A judge's weights and calibration do not fit this build, or each other.
#[derive(Debug, thiserror::Error)]
pub enum GroundingModelError {
    /// The trunk's weights.
    #[error("the grounding judge's weights cannot be loaded")]
    Weights(#[from] LoadError),
    /// The calibration.
    #[error("the grounding judge's calibration is not sound")]
    Calibration(#[from] GroundingCalibrationError),
    /// The trunk has no head.
    #[error("the grounding judge has no labels")]
    NoHead,
    /// A label has no logit.
    #[error("the grounding judge has no logit for {0}")]
    NoLogit(&'static str),
    /// The trunk's features are not those of this build.
    #[error("the grounding judge does not take the word features of this build")]
    Features,
    /// The calibration's limits are longer than what the trunk reads.
    #[error("the grounding judge reads no pairs as long as its calibration says")]
    TooLong,
}

/// Which logit of a token each label has.
#[derive(Clone, Copy, Debug)]
struct Labels {
    grounded: usize,
    relevant: usize,
    unsupported: usize,
    /// Logits of each token.
    count: usize,
}

impl Labels {
    fn of(encoder: &Encoder) -> Result<Self, GroundingModelError> {
        let head = encoder.head().ok_or(GroundingModelError::NoHead)?;
        let place = |name| {
            let found = head.labels().iter().position(|label| label == name);
            found.ok_or(GroundingModelError::NoLogit(name))
        };
        Ok(Self {
            grounded: place("GROUNDED")?,
            relevant: place("RELEVANT")?,
            unsupported: place("UNSUPPORTED")?,
            count: head.labels().len(),
        })
    }
}

/// A judge of contextual grounding. Cheap to clone.
#[derive(Clone, Debug)]
pub struct GroundingModel {
    encoder: Encoder,
    identity: String,
    labels: Labels,
    calibration: Calibration,
}

impl GroundingModel {
    /// The judge that `encoder` is with `calibration`, a `calibration.json`.
    pub fn new(encoder: Encoder, calibration: &[u8]) -> Result<Self, GroundingModelError> {
        let labels = Labels::of(&encoder)?;
        if encoder.feature_values() != Feature::COUNT {
            return Err(GroundingModelError::Features);
        }
        let calibration = Calibration::read(calibration)?;
        let support = SUPPORT_SPECIALS
            .saturating_add(calibration.evidence_tokens)
            .saturating_add(calibration.query_tokens)
            .saturating_add(calibration.claim_tokens);
        let relevance = RELEVANCE_SPECIALS.saturating_add(calibration.answer_tokens);
        let positions = encoder.dimensions().positions;
        if support > positions || relevance >= positions {
            return Err(GroundingModelError::TooLong);
        }
        Ok(Self {
            identity: identity("grounding-l6-int8", &encoder),
            encoder,
            labels,
            calibration,
        })
    }

    /// The encoder, for `doctor`.
    pub fn encoder(&self) -> &Encoder {
        &self.encoder
    }

    /// What `read` makes of the logits of `pair`, one row of labels for each token.
    fn logits<Read>(
        &self,
        pair: &Pair,
        read: impl FnOnce(&[f32]) -> Read,
    ) -> Result<Read, DetectError> {
        SCRATCH.with_borrow_mut(|scratch| {
            let logits = self.encoder.tag(pair.input(), scratch);
            let logits = logits.map_err(|error| DetectError::Failed(error.to_string()))?;
            Ok(read(logits))
        })
    }

    fn reading<'t>(&self, text: &'t str) -> Reading<'t> {
        Reading::of(text, self.encoder.tokenizer())
    }
}

impl GroundingJudge for GroundingModel {
    fn identity(&self) -> &str {
        &self.identity
    }

    fn languages(&self) -> &[Language] {
        &self.calibration.languages
    }

    fn tokens(&self, text: &str) -> usize {
        let encoding = self.encoder.tokenizer().encode_guarded(text);
        encoding.len().saturating_sub(2)
    }

    fn evidence_tokens(&self) -> usize {
        self.calibration.evidence_tokens
    }

    fn claim_tokens(&self) -> usize {
        self.calibration.claim_tokens
    }

    fn support(&self, evidence: &str, query: &str, claim: &str) -> Result<Support, DetectError> {
        let evidence = self.reading(evidence);
        let claim = self.reading(claim);
        let too_long =
            |text| DetectError::Failed(format!("the {text} is longer than what is read"));
        if evidence.tokens() > self.calibration.evidence_tokens {
            return Err(too_long("evidence"));
        }
        if claim.tokens() > self.calibration.claim_tokens {
            return Err(too_long("claim"));
        }
        let query = self.reading(query);
        let fits = (1..=self.calibration.query_tokens).contains(&query.tokens());
        let tokenizer = self.encoder.tokenizer();
        let (pair, claim_begins) =
            pair::support(&evidence, fits.then_some(&query), &claim, tokenizer);
        let labels = self.labels;
        let words = claim.words();
        let (grounded, unsupported) = self.logits(&pair, |logits| {
            let of_claim = logits.chunks_exact(labels.count).skip(claim_begins);
            let of_claim = of_claim.map(|token| token[labels.unsupported]);
            let means = scoring::means(words.len(), claim.word_of(), of_claim);
            (
                logits[labels.grounded],
                scoring::unsupported(&words, &means),
            )
        })?;
        let weights = self.calibration.support;
        Ok(Support {
            logit: weights.grounded * grounded - weights.unsupported * unsupported.logit,
            unsupported: unsupported.range,
        })
    }

    fn grounded(&self, support: &Support, checks: FailedChecks) -> f32 {
        self.calibration.grounded(support.logit, checks)
    }

    fn relevance(&self, query: &str, answer: &str) -> Result<f32, DetectError> {
        let query = self.reading(query);
        let positions = self.encoder.dimensions().positions;
        let room = positions.saturating_sub(RELEVANCE_SPECIALS + query.tokens());
        if room < LEAST_ANSWER_TOKENS {
            let reason = "the query is longer than what is read beside an answer";
            return Err(DetectError::Failed(reason.to_owned()));
        }
        let Calibration {
            answer_tokens,
            overlap_tokens,
            ..
        } = self.calibration;
        let tokenizer = self.encoder.tokenizer();
        let windows =
            pair::answer_windows(answer, answer_tokens.min(room), overlap_tokens, tokenizer);
        let mut highest = f32::MIN;
        for window in &windows {
            let pair = pair::relevance(&query, window, tokenizer);
            let logit = self.logits(&pair, |logits| logits[self.labels.relevant])?;
            highest = highest.max(logit);
        }
        Ok(self.calibration.relevant.confidence(highest))
    }
}
