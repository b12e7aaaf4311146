//! The `pretil` member of an ApplyGuardrail reply: where, how surely, how near, what was not
//! looked at, how long it took. SDKs ignore it.

use serde::{Deserialize, Serialize};

/// A half-open range.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offsets {
    /// First.
    pub begin: u32,
    /// One past the last.
    pub end: u32,
}

/// A place in the text of a block, in the units of different languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ExplainedSpan {
    /// Index into the request's `content`.
    pub block: usize,
    /// In UTF-8 (Rust, Go).
    pub bytes: Offsets,
    /// In Unicode code points (Python).
    pub code_points: Offsets,
    /// In UTF-16 code units (JavaScript, Java).
    pub utf16: Offsets,
    /// How the text had to be read to see it: `original`, `canonical` …
    pub view: String,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ExplainedFinding {
    /// `topic`, `content`, `word`, `sensitive`, `grounding`.
    pub policy: String,
    /// The topic's or regex's name, the type of the filter or entity.
    pub label: String,
    /// As in the assessment.
    pub action: String,
    /// As in the assessment.
    pub detected: bool,
    /// 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<f64>,
    /// What the score is held against.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threshold: Option<f64>,
    /// Score less threshold: how near the decision was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub margin: Option<f64>,
    /// A content filter's NONE, LOW, MEDIUM or HIGH.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<String>,
    /// Every occurrence; of a topic or content filter the window that scored highest.
    #[serde(default)]
    pub spans: Vec<ExplainedSpan>,
    /// The words that carried a content filter's score, strongest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<ExplainedEvidence>,
    /// The window's score when all of the evidence is left out, 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score_without_evidence: Option<f64>,
    /// Of GROUNDING, every claim of the answer, in order. The score is that of the weakest.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub claims: Vec<ExplainedClaim>,
}

/// A claim of an answer, and what the source says to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ExplainedClaim {
    /// Where it is in the answer.
    pub span: ExplainedSpan,
    /// How surely the source supports it, 0 to 1.
    pub score: f64,
    /// The sentence of the source that speaks most of what it speaks of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub support: Option<ExplainedSpan>,
    /// The words that both share.
    #[serde(default)]
    pub matched: Vec<ExplainedMatch>,
    /// The stretch of the claim that reads as least supported, if one stands out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unsupported: Option<ExplainedSpan>,
    /// The exact checks that failed.
    #[serde(default)]
    pub failed_checks: Vec<ExplainedCheck>,
}

/// Words that a claim and the source share.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ExplainedMatch {
    /// In the answer.
    pub claim: ExplainedSpan,
    /// In the source.
    pub source: ExplainedSpan,
}

/// An exact check that failed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ExplainedCheck {
    /// `number`, `date`, `name`, `negation`, `quantifier`.
    pub kind: String,
    /// What the source does not hold.
    pub span: ExplainedSpan,
    /// What it has in its place, where that is plain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instead: Option<ExplainedSpan>,
}

/// Words that carried a score.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ExplainedEvidence {
    /// Where they are.
    pub span: ExplainedSpan,
    /// The window's score when only they are left out, 0 to 1.
    pub score_without: f64,
}

/// A policy, or a part of one, that was not evaluated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ExplainedNotEvaluated {
    /// `topic`, `content`, `word`, `sensitive`, `grounding`, `reasoning`.
    pub policy: String,
    /// The part, where it is not all of the policy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<String>,
    /// `no_detector`, `detector_failed`, `budget_spent`, `unsupported_modality`,
    /// `unsupported_language`.
    pub reason: String,
    /// BLOCKED (closed, the default) or NONE (open, as configured).
    pub action: String,
}

/// How long something took.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ExplainedTiming {
    /// `compile`, `evaluate` …
    pub stage: String,
    /// Microseconds.
    pub microseconds: u64,
}

/// The `pretil` member.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Explanation {
    /// Every finding that the response lists, in its order.
    #[serde(default)]
    pub findings: Vec<ExplainedFinding>,
    /// What was not evaluated.
    #[serde(default)]
    pub not_evaluated: Vec<ExplainedNotEvaluated>,
    /// Stages in order.
    #[serde(default)]
    pub timings: Vec<ExplainedTiming>,
}
