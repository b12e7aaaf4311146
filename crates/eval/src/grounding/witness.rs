//! Listens to the judge, so that raw scores can be written beside the score that they make: the calibration
//! is fitted on them.

use crate::evaluation::raw;
use pretil_guardrail::{
    Detectors,
    detect::{DetectError, FailedChecks, GroundingJudge, Support},
};
use pretil_text::language::Language;
use serde::{Serialize, Serializer, ser::SerializeStruct};
use std::sync::{Arc, Mutex};

/// What the judge was told of a claim when it was asked for its confidence.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct WitnessedClaim {
    logit: f32,
    failed: FailedChecks,
    score: f32,
}

impl Serialize for WitnessedClaim {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut claim = serializer.serialize_struct("WitnessedClaim", 6)?;
        claim.serialize_field("logit", &raw(self.logit))?;
        claim.serialize_field("numbers", &self.failed.numbers)?;
        claim.serialize_field("names", &self.failed.names)?;
        claim.serialize_field("negations", &self.failed.negations)?;
        claim.serialize_field("quantifiers", &self.failed.quantifiers)?;
        claim.serialize_field("score", &raw(self.score))?;
        claim.end()
    }
}

/// The judge of `inner`, and all that it was asked.
struct Listener {
    inner: Arc<dyn GroundingJudge>,
    claims: Mutex<Vec<WitnessedClaim>>,
}

/// Detectors whose judge is listened to, for one call.
pub(super) struct Witness {
    pub(super) detectors: Detectors,
    listener: Option<Arc<Listener>>,
}

impl Witness {
    pub(super) fn of(detectors: &Detectors) -> Self {
        let listener = detectors.grounding.clone().map(|inner| {
            Arc::new(Listener {
                inner,
                claims: Mutex::default(),
            })
        });
        let mut detectors = detectors.clone();
        detectors.grounding = listener
            .clone()
            .map(|listener| listener as Arc<dyn GroundingJudge>);
        Self {
            detectors,
            listener,
        }
    }

    /// The claims that were judged, in order.
    pub(super) fn claims(&self) -> Vec<WitnessedClaim> {
        let claims = self.listener.as_ref().map(|it| it.claims.lock());
        // A lock that a panic poisoned still holds what was pushed.
        let claims = claims.map(|claims| match claims {
            Ok(claims) => claims.clone(),
            Err(poisoned) => poisoned.into_inner().clone(),
        });
        claims.unwrap_or_default()
    }
}

impl GroundingJudge for Listener {
    fn identity(&self) -> &str {
        self.inner.identity()
    }

    fn languages(&self) -> &[Language] {
        self.inner.languages()
    }

    fn tokens(&self, text: &str) -> usize {
        self.inner.tokens(text)
    }

    fn evidence_tokens(&self) -> usize {
        self.inner.evidence_tokens()
    }

    fn claim_tokens(&self) -> usize {
        self.inner.claim_tokens()
    }

    fn support(&self, evidence: &str, query: &str, claim: &str) -> Result<Support, DetectError> {
        self.inner.support(evidence, query, claim)
    }

    fn grounded(&self, support: &Support, checks: FailedChecks) -> f32 {
        let score = self.inner.grounded(support, checks);
        if let Ok(mut claims) = self.claims.lock() {
            claims.push(WitnessedClaim {
                logit: support.logit,
                failed: checks,
                score,
            });
        }
        score
    }

    fn relevance(&self, query: &str, answer: &str) -> Result<f32, DetectError> {
        self.inner.relevance(query, answer)
    }
}
