//! `Verdict` → the reply of ApplyGuardrail.

use pretil_guardrail::verdict::{
    Assessment, Confidence, Coverage, EntryAction, Outcome, OutputScope, Usage, Verdict,
};
use pretil_wire::bedrock::{
    GuardrailArn, GuardrailVersion,
    runtime::{self as wire, ApplyGuardrailResponse},
};
use std::time::Duration;

/// One guardrail that was applied, and what it concluded.
#[derive(Clone, Debug)]
pub struct Applied {
    /// Its id.
    pub id: String,
    /// Its ARN; `None` for a guardrail that is only a file.
    pub arn: Option<GuardrailArn>,
    /// Its version.
    pub version: GuardrailVersion,
    /// `REQUEST`, `ACCOUNT_ENFORCED` …: why it was applied.
    pub origin: Vec<&'static str>,
    /// What it concluded.
    pub verdict: Verdict,
    /// How long that took.
    pub latency: Duration,
}

/// The reply for one guardrail, without the `pretil` member.
pub fn response(applied: &Applied, scope: OutputScope) -> ApplyGuardrailResponse {
    let verdict = &applied.verdict;
    let texts = verdict.outputs.iter().cloned();
    let outputs: Vec<_> = texts
        .map(|text| wire::OutputContent { text: text.into() })
        .collect();
    let blocked = verdict.outcome == Outcome::Blocked;
    let message = verdict.outputs.first().filter(|_| blocked);
    ApplyGuardrailResponse {
        usage: usage(verdict.usage),
        action: action(verdict.outcome).to_owned(),
        action_reason: Some(reason(verdict.outcome).to_owned()),
        output: outputs.clone(),
        outputs,
        blocked_response: message.cloned().map(Into::into),
        assessments: vec![assessment(applied, scope)],
        guardrail_coverage: Some(coverage(verdict.coverage)),
        pretil: None,
    }
}

/// `action` of the reply.
pub fn action(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::None => "NONE",
        Outcome::Masked | Outcome::Blocked => "GUARDRAIL_INTERVENED",
    }
}

/// `actionReason` of the reply, with its full stop as recorded.
pub fn reason(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::None => "No action.",
        Outcome::Masked => "Guardrail masked.",
        Outcome::Blocked => "Guardrail blocked.",
    }
}

/// An entry's `action`.
pub fn entry_action(action: EntryAction) -> &'static str {
    match action {
        EntryAction::None => "NONE",
        EntryAction::Blocked => "BLOCKED",
        EntryAction::Anonymized => "ANONYMIZED",
    }
}

/// A content filter's `confidence`.
pub fn confidence(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::None => "NONE",
        Confidence::Low => "LOW",
        Confidence::Medium => "MEDIUM",
        Confidence::High => "HIGH",
    }
}

fn assessment(applied: &Applied, scope: OutputScope) -> wire::GuardrailAssessment {
    let verdict = &applied.verdict;
    let found = verdict.assessment.clone().in_scope(scope);
    wire::GuardrailAssessment {
        topic_policy: topics(&found),
        content_policy: filters(&found),
        word_policy: words(&found),
        sensitive_information_policy: sensitive(&found),
        contextual_grounding_policy: grounding(&found),
        invocation_metrics: Some(wire::InvocationMetrics {
            guardrail_processing_latency: milliseconds(applied.latency),
            usage: usage(verdict.usage),
            guardrail_coverage: coverage(verdict.coverage),
        }),
        applied_guardrail_details: applied
            .arn
            .clone()
            .map(|arn| wire::AppliedGuardrailDetails {
                guardrail_id: applied.id.clone(),
                guardrail_version: applied.version,
                guardrail_arn: arn,
                guardrail_origin: applied.origin.iter().map(|&it| it.to_owned()).collect(),
                guardrail_ownership: "SELF".to_owned(),
            }),
    }
}

/// Whole milliseconds, at least one: a call that took time did take some.
fn milliseconds(latency: Duration) -> u64 {
    u64::try_from(latency.as_micros().div_ceil(1_000)).unwrap_or(u64::MAX)
}

fn topics(found: &Assessment) -> Option<wire::TopicPolicyAssessment> {
    let topics = found.topics.iter().map(|entry| wire::TopicAssessment {
        name: entry.name.clone(),
        topic_type: "DENY".to_owned(),
        action: entry_action(entry.action).to_owned(),
        detected: entry.detected,
    });
    let topics: Vec<_> = topics.collect();
    (!topics.is_empty()).then_some(wire::TopicPolicyAssessment { topics })
}

fn filters(found: &Assessment) -> Option<wire::ContentPolicyAssessment> {
    let filters = found
        .filters
        .iter()
        .map(|entry| wire::ContentFilterAssessment {
            filter_type: entry.filter.as_str().to_owned(),
            confidence: confidence(entry.confidence).to_owned(),
            filter_strength: entry.strength.as_str().to_owned(),
            action: entry_action(entry.action).to_owned(),
            detected: entry.detected,
        });
    let filters: Vec<_> = filters.collect();
    (!filters.is_empty()).then_some(wire::ContentPolicyAssessment { filters })
}

fn words(found: &Assessment) -> Option<wire::WordPolicyAssessment> {
    if found.words.is_empty() {
        return None;
    }
    let (managed, custom): (Vec<_>, Vec<_>) = found.words.iter().partition(|entry| entry.managed);
    let custom_words = custom.into_iter().map(|entry| wire::CustomWordAssessment {
        matched: entry.matched.clone().into(),
        action: entry_action(entry.action).to_owned(),
        detected: entry.detected,
    });
    let managed_words = managed
        .into_iter()
        .map(|entry| wire::ManagedWordAssessment {
            matched: entry.matched.clone().into(),
            list_type: "PROFANITY".to_owned(),
            action: entry_action(entry.action).to_owned(),
            detected: entry.detected,
        });
    Some(wire::WordPolicyAssessment {
        custom_words: custom_words.collect(),
        managed_word_lists: managed_words.collect(),
    })
}

fn sensitive(found: &Assessment) -> Option<wire::SensitiveInformationPolicyAssessment> {
    if found.entities.is_empty() && found.regexes.is_empty() {
        return None;
    }
    let entities = found
        .entities
        .iter()
        .map(|entry| wire::PiiEntityAssessment {
            entity_type: entry.entity.as_str().to_owned(),
            matched: entry.matched.clone().into(),
            action: entry_action(entry.action).to_owned(),
            detected: entry.detected,
        });
    let regexes = found.regexes.iter().map(|entry| wire::RegexAssessment {
        name: entry.name.clone(),
        regex: entry.pattern.clone(),
        matched: entry.matched.clone().into(),
        action: entry_action(entry.action).to_owned(),
        detected: entry.detected,
    });
    Some(wire::SensitiveInformationPolicyAssessment {
        pii_entities: entities.collect(),
        regexes: regexes.collect(),
    })
}

fn grounding(found: &Assessment) -> Option<wire::ContextualGroundingPolicyAssessment> {
    let filters = found
        .grounding
        .iter()
        .map(|entry| wire::ContextualGroundingFilterAssessment {
            filter_type: entry.filter.as_str().to_owned(),
            threshold: entry.threshold,
            score: entry.score,
            action: entry_action(entry.action).to_owned(),
            detected: entry.detected,
        });
    let filters: Vec<_> = filters.collect();
    (!filters.is_empty()).then_some(wire::ContextualGroundingPolicyAssessment { filters })
}

fn usage(usage: Usage) -> wire::GuardrailUsage {
    wire::GuardrailUsage {
        topic_policy_units: usage.topic,
        content_policy_units: usage.content,
        word_policy_units: usage.word,
        sensitive_information_policy_units: usage.sensitive,
        sensitive_information_policy_free_units: usage.sensitive_free,
        contextual_grounding_policy_units: usage.grounding,
        content_policy_image_units: usage.content_image,
    }
}

fn coverage(coverage: Coverage) -> wire::GuardrailCoverage {
    wire::GuardrailCoverage {
        text_characters: wire::Covered {
            guarded: coverage.guarded_characters,
            total: coverage.total_characters,
        },
        images: (coverage.total_images > 0).then_some(wire::Covered {
            guarded: coverage.guarded_images,
            total: coverage.total_images,
        }),
    }
}
