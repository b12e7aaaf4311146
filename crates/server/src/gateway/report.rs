//! What a caller is told about a call: headers always, the `pretil` member when something happened.

use super::judge::{Guard, Judged};
use http::{HeaderMap, HeaderName, HeaderValue};
use pretil_guardrail::verdict::Outcome;
use pretil_wire::openai::{Report, ReportGuardrail, ReportSide};

const GUARDRAIL: HeaderName = HeaderName::from_static("x-pretil-guardrail");
const INPUT: HeaderName = HeaderName::from_static("x-pretil-input");
const OUTPUT: HeaderName = HeaderName::from_static("x-pretil-output");
const NOT_EVALUATED: HeaderName = HeaderName::from_static("x-pretil-not-evaluated");

/// What happened so far.
#[derive(Debug)]
pub(crate) struct CallReport {
    report: Report,
    explain: bool,
    input: Outcome,
    output: Option<Outcome>,
    not_evaluated: Vec<String>,
}

impl CallReport {
    /// The report of a call whose prompt became `input`.
    pub(crate) fn new(guard: &Guard, input: &Judged) -> Self {
        let mut report = Self {
            report: Report {
                guardrail: ReportGuardrail {
                    id: guard.compiled.arn.id.clone(),
                    version: guard.version.to_string(),
                },
                input: side(input),
                outputs: Vec::new(),
            },
            explain: guard.explain,
            input: input.outcome,
            output: None,
            not_evaluated: Vec::new(),
        };
        report.note(input, "input");
        report
    }

    /// Adds an answer that became `output`.
    pub(crate) fn add(&mut self, output: &Judged) {
        self.report.outputs.push(side(output));
        self.output = self.output.max(Some(output.outcome));
        self.note(output, "output");
    }

    fn note(&mut self, judged: &Judged, direction: &str) {
        let whole = judged.unjudged.map(|why| format!("{direction}={why}"));
        let parts = judged.explanation.not_evaluated.iter();
        let parts = parts.map(|part| format!("{}={}", part.policy, part.reason));
        for label in whole.into_iter().chain(parts) {
            if !self.not_evaluated.contains(&label) {
                self.not_evaluated.push(label);
            }
        }
    }

    /// Whether anything was blocked.
    pub(crate) fn blocked(&self) -> bool {
        self.input == Outcome::Blocked || self.output == Some(Outcome::Blocked)
    }

    /// For the metrics: the strongest thing that happened.
    pub(crate) fn outcome(&self) -> &'static str {
        match (self.input, self.output) {
            (Outcome::Blocked, _) => "input_blocked",
            (_, Some(Outcome::Blocked)) => "output_blocked",
            (Outcome::Masked, _) | (_, Some(Outcome::Masked)) => "masked",
            (Outcome::None, _) if self.not_evaluated.is_empty() => "none",
            (Outcome::None, _) => "not_evaluated",
        }
    }

    /// Says it in headers.
    pub(crate) fn write(&self, headers: &mut HeaderMap) {
        let ReportGuardrail { id, version } = &self.report.guardrail;
        let mut set = |name, value: String| {
            // All of it is made of identifiers.
            if let Ok(value) = HeaderValue::try_from(value) {
                headers.insert(name, value);
            }
        };
        set(GUARDRAIL, format!("{id}:{version}"));
        set(INPUT, header(self.input).to_owned());
        if let Some(output) = self.output {
            set(OUTPUT, header(output).to_owned());
        }
        if !self.not_evaluated.is_empty() {
            set(NOT_EVALUATED, self.not_evaluated.join(","));
        }
    }

    /// The `pretil` member, if there is something to say or it was asked for.
    pub(crate) fn member(&self) -> Option<Report> {
        let quiet = self.outcome() == "none" && self.not_evaluated.is_empty();
        (self.explain || !quiet).then(|| self.report.clone())
    }
}

fn side(judged: &Judged) -> ReportSide {
    ReportSide {
        action: action(judged.outcome).to_owned(),
        findings: judged.explanation.findings.clone(),
        not_evaluated: judged.explanation.not_evaluated.clone(),
    }
}

fn action(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::None => "NONE",
        Outcome::Masked => "MASKED",
        Outcome::Blocked => "BLOCKED",
    }
}

fn header(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::None => "none",
        Outcome::Masked => "masked",
        Outcome::Blocked => "blocked",
    }
}
