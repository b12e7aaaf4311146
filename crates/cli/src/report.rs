//! A response of ApplyGuardrail for people: what was found, where, why, and what follows.

use crate::terminal::{Style, visible};
use pretil_wire::bedrock::runtime::{
    ApplyGuardrailResponse, ExplainedClaim, ExplainedFinding, ExplainedSpan, Explanation,
    GuardrailAssessment, OutputContent,
};
use std::ops::Range;

/// The action with its reason: `GUARDRAIL_INTERVENED  Guardrail masked.`
pub(crate) fn headline(response: &ApplyGuardrailResponse, style: Style) -> String {
    let reason = response.action_reason.as_deref().unwrap_or_default();
    let action = match reason {
        "Guardrail blocked." => style.red(&response.action),
        "Guardrail masked." => style.yellow(&response.action),
        _ => style.green(&response.action),
    };
    format!("{action}  {reason}")
}

/// One line for each thing that was found in `texts`, one for each block, and for each that was not
/// looked at.
pub(crate) fn reasons(response: &ApplyGuardrailResponse, texts: &[&str]) -> Vec<String> {
    let nothing = Explanation::default();
    let explanation = response.pretil.as_ref().unwrap_or(&nothing);
    let mut evidence = explanation.findings.iter();
    let assessments = response.assessments.iter();
    let mut lines = Vec::new();
    for entry in assessments.flat_map(entries) {
        let found = evidence.next();
        lines.push(entry.line(found, texts));
        lines.extend(found.iter().flat_map(|found| claims(found, texts)));
    }
    for part in &explanation.not_evaluated {
        let name = part.part.as_ref().map(|part| format!(" {part}"));
        lines.push(format!(
            "not evaluated: {} policy{} ({}) → {}",
            part.policy,
            name.unwrap_or_default(),
            part.reason.replace('_', " "),
            if part.action == "BLOCKED" {
                "blocked"
            } else {
                "let pass, as configured"
            },
        ));
    }
    lines
}

/// One entry of an assessment, in the order in which the `pretil` member lists its findings.
struct Entry<'r> {
    what: String,
    matched: Option<&'r str>,
    action: &'r str,
    detected: bool,
}

impl Entry<'_> {
    fn line(&self, evidence: Option<&ExplainedFinding>, texts: &[&str]) -> String {
        let mut line = self.what.clone();
        if let Some(matched) = self.matched.filter(|text| !text.is_empty()) {
            line = format!("{line} “{}”", visible(matched));
        }
        if let Some(found) = evidence {
            line.push_str(&scores(found));
            line.push_str(&places(found));
            line.push_str(&carried(found, texts));
        }
        let follows = match (self.detected, self.action) {
            (false, _) => "not detected",
            (true, "BLOCKED") => "blocked",
            (true, "ANONYMIZED") => "masked",
            (true, _) => "detected, no action",
        };
        format!("{line} → {follows}")
    }
}

/// A line for each claim of an answer: how surely it is supported, by what, and what does not match.
fn claims(found: &ExplainedFinding, texts: &[&str]) -> Vec<String> {
    let quoted = |span: &ExplainedSpan| {
        let shown = texts.get(span.block)?.get(bytes(span))?;
        Some(format!("“{}”", visible(shown)))
    };
    let line = |claim: &ExplainedClaim| {
        let mut parts = vec![format!("  {:.2} {}", claim.score, quoted(&claim.span)?)];
        let support = claim.support.as_ref().and_then(quoted);
        parts.extend(support.map(|support| format!(" ← {support}")));
        if is_weak(claim, found) {
            let stretch = claim.unsupported.as_ref().and_then(quoted);
            parts.extend(stretch.map(|stretch| format!(", unsupported: {stretch}")));
            for check in &claim.failed_checks {
                parts.push(format!(", {} {}", check.kind, quoted(&check.span)?));
                let instead = check.instead.as_ref().and_then(quoted);
                parts.extend(instead.map(|instead| format!(" for {instead}")));
            }
        }
        Some(parts.concat())
    };
    found.claims.iter().filter_map(line).collect()
}

/// Whether a claim alone would be detected.
fn is_weak(claim: &ExplainedClaim, found: &ExplainedFinding) -> bool {
    found
        .threshold
        .is_some_and(|threshold| claim.score < threshold)
}

fn bytes(span: &ExplainedSpan) -> Range<usize> {
    span.bytes.begin as usize..span.bytes.end as usize
}

/// What is wrong with a claim: the stretches that do not match, or all of it.
fn wrong(claim: &ExplainedClaim) -> Vec<&ExplainedSpan> {
    let failed = claim.failed_checks.iter().map(|check| &check.span);
    let stretches: Vec<_> = claim.unsupported.iter().chain(failed).collect();
    if stretches.is_empty() {
        return vec![&claim.span];
    }
    stretches
}

fn scores(found: &ExplainedFinding) -> String {
    match (found.score, found.threshold) {
        (Some(score), Some(threshold)) => format!(", score {score:.2}, threshold {threshold:.2}"),
        (Some(score), None) => format!(", score {score:.2}"),
        (None, _) => String::new(),
    }
}

/// ` at 12–28` for each occurrence, in code points; the view where it is not the text as sent.
fn places(found: &ExplainedFinding) -> String {
    /// More than these are counted.
    const SHOWN: usize = 3;
    let mut places: Vec<_> = found
        .spans
        .iter()
        .take(SHOWN)
        .map(|span| {
            let (begin, end) = (span.code_points.begin, span.code_points.end);
            match span.view.as_str() {
                "original" => format!("{begin}–{end}"),
                view => format!("{begin}–{end} ({view} view)"),
            }
        })
        .collect();
    if found.spans.len() > SHOWN {
        places.push(format!("{} more", found.spans.len() - SHOWN));
    }
    if places.is_empty() {
        String::new()
    } else {
        format!(" at {}", places.join(", "))
    }
}

/// `, carried by “one”, “other” (0.12 without)`: the words that carried the score.
fn carried(found: &ExplainedFinding, texts: &[&str]) -> String {
    let words = found.evidence.iter().filter_map(|evidence| {
        let span = &evidence.span;
        let words = texts.get(span.block)?.get(bytes(span))?;
        Some(format!("“{}”", visible(words)))
    });
    let words: Vec<_> = words.collect();
    match found.score_without_evidence {
        Some(without) => format!(", carried by {} ({without:.2} without)", words.join(", ")),
        None => String::new(),
    }
}

fn entries(assessment: &GuardrailAssessment) -> Vec<Entry<'_>> {
    let mut entries = Vec::new();
    let topics = assessment
        .topic_policy
        .iter()
        .flat_map(|policy| &policy.topics);
    entries.extend(topics.map(|it| Entry {
        what: format!("topic “{}”", visible(&it.name)),
        matched: None,
        action: &it.action,
        detected: it.detected,
    }));
    let filters = assessment
        .content_policy
        .iter()
        .flat_map(|policy| &policy.filters);
    entries.extend(filters.map(|it| Entry {
        what: format!(
            "content filter {}, confidence {}",
            it.filter_type, it.confidence
        ),
        matched: None,
        action: &it.action,
        detected: it.detected,
    }));
    let words = assessment
        .word_policy
        .iter()
        .flat_map(|policy| &policy.custom_words);
    entries.extend(words.map(|it| Entry {
        what: "word".to_owned(),
        matched: Some(it.matched.as_str()),
        action: &it.action,
        detected: it.detected,
    }));
    let managed = assessment.word_policy.iter();
    let managed = managed.flat_map(|policy| &policy.managed_word_lists);
    entries.extend(managed.map(|it| Entry {
        what: "profanity".to_owned(),
        matched: Some(it.matched.as_str()),
        action: &it.action,
        detected: it.detected,
    }));
    let sensitive = assessment.sensitive_information_policy.iter();
    let entities = sensitive.clone().flat_map(|policy| &policy.pii_entities);
    entries.extend(entities.map(|it| Entry {
        what: it.entity_type.clone(),
        matched: Some(it.matched.as_str()),
        action: &it.action,
        detected: it.detected,
    }));
    let regexes = sensitive.flat_map(|policy| &policy.regexes);
    entries.extend(regexes.map(|it| Entry {
        what: format!("regex {}", visible(&it.name)),
        matched: Some(it.matched.as_str()),
        action: &it.action,
        detected: it.detected,
    }));
    let grounding = assessment.contextual_grounding_policy.iter();
    entries.extend(
        grounding
            .flat_map(|policy| &policy.filters)
            .map(|it| Entry {
                what: it.filter_type.clone(),
                matched: None,
                action: &it.action,
                detected: it.detected,
            }),
    );
    entries
}

/// The texts that come back.
pub(crate) fn outputs(response: &ApplyGuardrailResponse) -> impl Iterator<Item = String> {
    let text = |output: &OutputContent| visible(output.text.as_str());
    response.outputs.iter().map(text)
}

/// `text`, the block at `block`, with every detected span marked.
pub(crate) fn marked(text: &str, block: usize, explanation: &Explanation, style: Style) -> String {
    let findings = explanation.findings.iter().filter(|found| found.detected);
    let spans = findings.flat_map(|found| {
        let weak = found.claims.iter().filter(|claim| is_weak(claim, found));
        found.spans.iter().chain(weak.flat_map(wrong))
    });
    let mut ranges: Vec<Range<usize>> = spans
        .filter(|span| span.block == block)
        .map(bytes)
        .collect();
    ranges.sort_by_key(|range| (range.start, range.end));
    let mut marked = String::new();
    let mut done = 0;
    for range in merged(ranges) {
        let (Some(before), Some(found)) = (text.get(done..range.start), text.get(range.clone()))
        else {
            continue;
        };
        marked.push_str(&visible(before));
        marked.push_str(&style.marked(&visible(found)));
        done = range.end;
    }
    marked.push_str(&visible(text.get(done..).unwrap_or_default()));
    marked
}

/// Sorted ranges with those that overlap made one.
fn merged(ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    let mut merged: Vec<Range<usize>> = Vec::new();
    for range in ranges {
        match merged.last_mut() {
            Some(last) if range.start < last.end => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretil_wire::bedrock::runtime::{ExplainedCheck, Offsets};

    fn span(block: usize, begin: u32, end: u32) -> ExplainedSpan {
        let offsets = Offsets { begin, end };
        ExplainedSpan {
            block,
            bytes: offsets,
            code_points: offsets,
            utf16: offsets,
            view: "original".to_owned(),
        }
    }

    fn finding(spans: Vec<ExplainedSpan>, claims: Vec<ExplainedClaim>) -> ExplainedFinding {
        ExplainedFinding {
            policy: "grounding".to_owned(),
            label: "GROUNDING".to_owned(),
            action: "BLOCKED".to_owned(),
            detected: true,
            score: Some(0.1),
            threshold: Some(0.5),
            margin: None,
            confidence: None,
            evidence: Vec::new(),
            score_without_evidence: None,
            claims,
            spans,
        }
    }

    #[test]
    fn claims_are_shown_with_their_support_and_what_is_wrong_is_marked() {
        let texts = ["The fee is $10.", "It is free. The fee is $15."];
        let claim = |begin, end, score| ExplainedClaim {
            span: span(1, begin, end),
            score,
            support: None,
            matched: Vec::new(),
            unsupported: None,
            failed_checks: Vec::new(),
        };
        let wrong = ExplainedClaim {
            support: Some(span(0, 0, 15)),
            failed_checks: vec![ExplainedCheck {
                kind: "number".to_owned(),
                span: span(1, 23, 26),
                instead: Some(span(0, 11, 14)),
            }],
            ..claim(12, 27, 0.1)
        };
        let found = finding(Vec::new(), vec![claim(0, 11, 0.9), wrong]);
        assert_eq!(
            claims(&found, &texts),
            [
                "  0.90 “It is free.”",
                "  0.10 “The fee is $15.” ← “The fee is $10.”, number “$15” for “$10”",
            ]
        );
        let explanation = Explanation {
            findings: vec![found],
            ..Explanation::default()
        };
        assert_eq!(
            marked(texts[1], 1, &explanation, Style::plain()),
            "It is free. The fee is »$15«."
        );
    }

    #[test]
    fn overlapping_findings_are_marked_once() {
        let spans = vec![span(0, 2, 5), span(0, 4, 6), span(0, 0, 1)];
        let finding = finding(spans, Vec::new());
        let explanation = Explanation {
            findings: vec![finding],
            ..Explanation::default()
        };
        assert_eq!(
            marked("abcdefgh", 0, &explanation, Style::plain()),
            "»a«b»cdef«gh"
        );
        assert_eq!(
            marked("abcdefgh", 1, &explanation, Style::plain()),
            "abcdefgh"
        );
    }
}
