//! `Verdict` → the `pretil` member of ApplyGuardrail's reply: where, how surely, by how much, what
//! was not looked at, how long it took.

use super::verdict::{confidence, entry_action};
use pretil_guardrail::{
    content::{Block, Content},
    verdict::{
        Assessment, EntryAction, Evidence, JudgedClaim, Location, NotEvaluated, OutputScope,
        PolicyKind, Verdict,
    },
};
use pretil_text::OffsetIndex;
use pretil_wire::bedrock::runtime::{
    ExplainedCheck, ExplainedClaim, ExplainedEvidence, ExplainedFinding, ExplainedMatch,
    ExplainedNotEvaluated, ExplainedSpan, ExplainedTiming, Explanation, Offsets,
};
use std::{ops::Range, time::Duration};

/// The `pretil` member for one verdict on `content`.
pub fn explanation(
    content: &Content,
    verdict: &Verdict,
    scope: OutputScope,
    timings: &[(&'static str, Duration)],
) -> Explanation {
    let places = Places::of(content);
    let found = verdict.assessment.clone().in_scope(scope);
    Explanation {
        findings: findings(&found, &places),
        not_evaluated: not_evaluated(&verdict.not_evaluated),
        timings: timings
            .iter()
            .map(|&(stage, time)| ExplainedTiming {
                stage: stage.to_owned(),
                microseconds: u64::try_from(time.as_micros()).unwrap_or(u64::MAX),
            })
            .collect(),
    }
}

/// What was not evaluated, for the response.
pub fn not_evaluated(parts: &[NotEvaluated]) -> Vec<ExplainedNotEvaluated> {
    let explained = parts.iter().map(|part| ExplainedNotEvaluated {
        policy: part.policy.name().to_owned(),
        part: part.part.clone(),
        reason: part.reason.name().to_owned(),
        action: if part.blocked { "BLOCKED" } else { "NONE" }.to_owned(),
    });
    explained.collect()
}

/// One offset index for every text block.
struct Places<'c>(Vec<Option<OffsetIndex<'c>>>);

impl<'c> Places<'c> {
    fn of(content: &'c Content) -> Self {
        let indexes = content.blocks.iter().map(|block| match block {
            Block::Text { text, .. } => Some(OffsetIndex::new(text.as_str())),
            Block::Image => None,
        });
        Self(indexes.collect())
    }

    fn spans(&self, locations: &[Location]) -> Vec<ExplainedSpan> {
        let spans = locations.iter().filter_map(|&location| self.span(location));
        spans.collect()
    }

    fn span(&self, location: Location) -> Option<ExplainedSpan> {
        let index = self.0.get(location.block)?.as_ref()?;
        let offsets = index.offsets(location.span);
        Some(ExplainedSpan {
            block: location.block,
            bytes: range(&offsets.bytes),
            code_points: range(&offsets.code_points),
            utf16: range(&offsets.utf16),
            view: location.view.name().to_owned(),
        })
    }
}

fn range(range: &Range<usize>) -> Offsets {
    Offsets {
        begin: range.start as u32,
        end: range.end as u32,
    }
}

/// Starts a finding without score and place.
fn finding(
    policy: PolicyKind,
    label: &str,
    action: EntryAction,
    detected: bool,
) -> ExplainedFinding {
    ExplainedFinding {
        policy: policy.name().to_owned(),
        label: label.to_owned(),
        action: entry_action(action).to_owned(),
        detected,
        score: None,
        threshold: None,
        margin: None,
        confidence: None,
        spans: Vec::new(),
        evidence: Vec::new(),
        score_without_evidence: None,
        claims: Vec::new(),
    }
}

/// The claims of an answer, each with what the source says to it.
fn claims(judged: &[JudgedClaim], places: &Places<'_>) -> Vec<ExplainedClaim> {
    let claims = judged.iter().filter_map(|claim| {
        let matched = claim.matched.iter().filter_map(|matched| {
            Some(ExplainedMatch {
                claim: places.span(matched.claim)?,
                source: places.span(matched.source)?,
            })
        });
        let failed = claim.failed.iter().filter_map(|failed| {
            Some(ExplainedCheck {
                kind: failed.kind.name().to_owned(),
                span: places.span(failed.location)?,
                instead: failed.instead.and_then(|instead| places.span(instead)),
            })
        });
        Some(ExplainedClaim {
            span: places.span(claim.location)?,
            score: f64::from(claim.score),
            support: claim.support.and_then(|support| places.span(support)),
            matched: matched.collect(),
            unsupported: claim.unsupported.and_then(|stretch| places.span(stretch)),
            failed_checks: failed.collect(),
        })
    });
    claims.collect()
}

fn margin(score: Option<f64>, threshold: Option<f64>) -> Option<f64> {
    score
        .zip(threshold)
        .map(|(score, threshold)| score - threshold)
}

fn evidence(carried: &[Evidence], places: &Places<'_>) -> Vec<ExplainedEvidence> {
    let explained = carried.iter().filter_map(|evidence| {
        Some(ExplainedEvidence {
            span: places.spans(&[evidence.location]).pop()?,
            score_without: f64::from(evidence.score_without),
        })
    });
    explained.collect()
}

fn findings(found: &Assessment, places: &Places<'_>) -> Vec<ExplainedFinding> {
    let mut findings = Vec::new();
    for entry in &found.topics {
        let (score, threshold) = (entry.score.map(f64::from), entry.threshold.map(f64::from));
        findings.push(ExplainedFinding {
            score,
            threshold,
            margin: margin(score, threshold),
            spans: places.spans(entry.location.as_slice()),
            ..finding(PolicyKind::Topic, &entry.name, entry.action, entry.detected)
        });
    }
    for entry in &found.filters {
        let label = entry.filter.as_str();
        let (score, threshold) = (entry.score.map(f64::from), entry.threshold.map(f64::from));
        findings.push(ExplainedFinding {
            score,
            threshold,
            margin: margin(score, threshold),
            confidence: Some(confidence(entry.confidence).to_owned()),
            spans: places.spans(entry.location.as_slice()),
            evidence: evidence(&entry.evidence, places),
            score_without_evidence: entry.score_without_evidence.map(f64::from),
            ..finding(PolicyKind::Content, label, entry.action, entry.detected)
        });
    }
    for entry in &found.words {
        let label = if entry.managed { "PROFANITY" } else { "WORD" };
        findings.push(ExplainedFinding {
            spans: places.spans(&entry.locations),
            ..finding(PolicyKind::Word, label, entry.action, entry.detected)
        });
    }
    for entry in &found.entities {
        let label = entry.entity.as_str();
        findings.push(ExplainedFinding {
            score: entry.score.map(f64::from),
            spans: places.spans(&entry.locations),
            ..finding(PolicyKind::Sensitive, label, entry.action, entry.detected)
        });
    }
    for entry in &found.regexes {
        findings.push(ExplainedFinding {
            spans: places.spans(&entry.locations),
            ..finding(
                PolicyKind::Sensitive,
                &entry.name,
                entry.action,
                entry.detected,
            )
        });
    }
    for entry in &found.grounding {
        let label = entry.filter.as_str();
        findings.push(ExplainedFinding {
            score: Some(entry.score),
            threshold: Some(entry.threshold),
            margin: Some(entry.score - entry.threshold),
            claims: claims(&entry.claims, places),
            ..finding(PolicyKind::Grounding, label, entry.action, entry.detected)
        });
    }
    findings
}
