//! Guardrail + content + detectors → verdict.
//!
//! Every policy that applies is evaluated and all that is found is reported, whatever else was
//! found. A block beats a mask; a policy that could not be evaluated blocks unless its user said
//! otherwise.

mod guarded;
mod plan;

pub use guarded::GroundingPart;
pub use plan::MAXIMUM_UNITS;

use crate::{
    config::OnFailure,
    content::{Block, Content, Source},
    detect::Detectors,
    guardrail::Guardrail,
    mask::{Mask, mask},
    policy::{Detected, Reading},
    verdict::{
        Assessment, Coverage, EntryAction, NotEvaluated, NotEvaluatedReason, Outcome, PolicyKind,
        Usage, Verdict,
    },
};
use guarded::{Blocks, GroundingBlocks, TextBlock};
use plan::Plan;
use pretil_text::Views;

/// Code points in a text unit.
const UNIT_CHARACTERS: usize = 1_000;

/// What a call may ask beside the guardrail's own settings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EvaluateOptions {
    /// Reproduces an observed exception of the API: personal data and regular expressions whose
    /// only action is `ANONYMIZE` mask answers but are passed over on prompts, unless
    /// `inputAction` says so. Units are counted all the same.
    pub strict_aws: bool,
    /// Also finds what carried each content filter's score: more passes of the classifier, at most
    /// [`EXPLAIN_PASSES`](crate::policy::content::EXPLAIN_PASSES) in one call.
    pub explain: bool,
}

/// Why a call was refused. `Display` is the caller's message, in the API's words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EvaluateError {
    /// There is nothing to judge. A ValidationException.
    #[error("Guardrail was enabled but input is in incorrect format.")]
    NoContent,
    /// Some blocks are qualified, but a part that grounding needs is missing. A ValidationException.
    #[error(
        "The provided request does not contain the {}. Grounding source, query and content to guard are required for Guardrails contextual grounding policy evaluation.",
        .0.name()
    )]
    GroundingIncomplete(GroundingPart),
    /// A part is longer than grounding reads. A ValidationException.
    #[error(
        "The {} length ({length} characters) exceeds the maximum allowed ({limit} characters) for Guardrails contextual grounding policy evaluation.",
        .part.name()
    )]
    GroundingTooLong {
        /// Which part.
        part: GroundingPart,
        /// Code points sent.
        length: usize,
        /// Code points allowed.
        limit: usize,
    },
    /// Automated reasoning was sent nothing but queries. A ValidationException.
    #[error("No claim found in the content")]
    NoClaim,
    /// More text than one request may bring. A ThrottlingException.
    #[error(
        "Input text size ({units} text units) exceeds the maximum allowed ({maximum} text units) for the {policy}{tier}"
    )]
    TooManyUnits {
        /// Units sent.
        units: u32,
        /// Units allowed.
        maximum: u32,
        /// The policy that would read them, as the API calls it.
        policy: &'static str,
        /// Its tier as a suffix, where it has one.
        tier: &'static str,
    },
}

impl Guardrail {
    /// Judges `content` with the default options.
    pub fn evaluate(
        &self,
        content: &Content,
        detectors: &Detectors,
    ) -> Result<Verdict, EvaluateError> {
        self.evaluate_with(content, detectors, EvaluateOptions::default())
    }

    /// Judges `content`. The same content, guardrail and detectors give the same verdict.
    ///
    /// # Errors
    ///
    /// Refuses what the API refuses: see [`EvaluateError`]. A detector that fails is no error: its
    /// policy is "not evaluated".
    pub fn evaluate_with(
        &self,
        content: &Content,
        detectors: &Detectors,
        options: EvaluateOptions,
    ) -> Result<Verdict, EvaluateError> {
        if content.blocks.is_empty() {
            return Err(EvaluateError::NoContent);
        }
        let plan = Plan::of(self.config(), content.source);
        let blocks = Blocks::of(content);
        let compared = if plan.grounding() {
            blocks.compared()?
        } else {
            None
        };
        if plan.reasoning() && blocks.only_queries() {
            return Err(EvaluateError::NoClaim);
        }
        let guarded = blocks.guarded();
        let characters = guarded::count(&guarded);
        plan.check_size(text_units(characters))?;

        let mut judged = Judged::new(plan);
        self.judge_texts(content.source, &guarded, detectors, options, &mut judged);
        self.judge_grounding(compared.as_ref(), detectors, &mut judged);
        judge_unread(plan, &blocks, &mut judged);
        let coverage = Coverage {
            guarded_characters: if judged.read_any {
                characters as u32
            } else {
                0
            },
            total_characters: blocks.characters() as u32,
            guarded_images: 0,
            total_images: blocks.images as u32,
        };
        let compared = compared.map(|compared| compared.characters);
        let usage = usage(plan, characters, compared, blocks.images);
        Ok(self.conclude(content, judged, usage, coverage))
    }

    /// Runs every policy that reads text and has a room, over views made once.
    fn judge_texts(
        &self,
        source: Source,
        guarded: &[TextBlock<'_>],
        detectors: &Detectors,
        options: EvaluateOptions,
        judged: &mut Judged<'_>,
    ) {
        let plan = judged.plan;
        let sensitive = plan.entities() || plan.regexes();
        if guarded.is_empty() || !(plan.topic() || plan.content() || plan.word() || sensitive) {
            return;
        }
        let views: Vec<_> = guarded
            .iter()
            .map(|block| Views::of(block.text.as_str()))
            .collect();
        let readings: Vec<_> = guarded
            .iter()
            .zip(&views)
            .map(|(block, views)| Reading {
                block: block.index,
                views,
            })
            .collect();
        let budget_spent = views.iter().any(Views::budget_spent);
        if let Some(policy) = self.topic.as_ref().filter(|_| plan.topic()) {
            let detected = policy.detect(source, &readings, detectors);
            if let Some(findings) = judged.take(PolicyKind::Topic, detected, budget_spent) {
                judged.assessment.topics = policy.decide(source, &findings);
            }
        }
        if let Some(policy) = self.content.as_ref().filter(|_| plan.content()) {
            let detected = policy.detect(source, &readings, detectors);
            if let Some(findings) = judged.take(PolicyKind::Content, detected, budget_spent) {
                let mut entries = policy.decide(source, &findings);
                if options.explain {
                    policy.explain(source, &readings, &findings, &mut entries, detectors);
                }
                judged.assessment.filters = entries;
            }
        }
        if let Some(policy) = self.word.as_ref().filter(|_| plan.word()) {
            let detected = policy.detect(source, &readings, detectors);
            if let Some(findings) = judged.take(PolicyKind::Word, detected, budget_spent) {
                judged.assessment.words = policy.decide(source, &findings);
            }
        }
        if let Some(policy) = self.sensitive.as_ref().filter(|_| sensitive) {
            let detected = policy.detect(source, &readings, detectors);
            if let Some(findings) = judged.take(PolicyKind::Sensitive, detected, budget_spent) {
                let entries = policy.decide(source, &findings, !options.strict_aws);
                judged.assessment.entities = entries.entities;
                judged.assessment.regexes = entries.regexes;
            }
        }
    }

    /// Compares the answer with source and query, where there are such.
    fn judge_grounding(
        &self,
        compared: Option<&GroundingBlocks<'_>>,
        detectors: &Detectors,
        judged: &mut Judged<'_>,
    ) {
        let (Some(policy), Some(compared)) = (&self.grounding, compared) else {
            return;
        };
        let detected = policy.detect(&compared.parts, detectors);
        for (part, reason) in detected.not_evaluated {
            judged.skip(PolicyKind::Grounding, part, reason);
        }
        judged.assessment.grounding = policy.decide(&detected.findings);
    }

    /// The outcome and the outputs that follow from what was judged.
    fn conclude(
        &self,
        content: &Content,
        judged: Judged<'_>,
        usage: Usage,
        coverage: Coverage,
    ) -> Verdict {
        let outcome = judged.outcome();
        let Judged {
            mut assessment,
            not_evaluated,
            ..
        } = judged;
        if outcome == Outcome::Blocked {
            assessment.forgo_masks();
        }
        let outputs = match outcome {
            Outcome::None => Vec::new(),
            Outcome::Blocked => vec![self.blocked_message(content.source).to_owned()],
            Outcome::Masked => masked_texts(content, &assessment),
        };
        Verdict {
            outcome,
            outputs,
            assessment,
            not_evaluated,
            usage,
            coverage,
        }
    }

    fn blocked_message(&self, source: Source) -> &str {
        match source {
            Source::Input => &self.config().blocked_input_messaging,
            Source::Output => &self.config().blocked_outputs_messaging,
        }
    }
}

/// What the policies concluded so far.
#[derive(Debug)]
struct Judged<'c> {
    plan: Plan<'c>,
    assessment: Assessment,
    not_evaluated: Vec<NotEvaluated>,
    /// Whether any policy but grounding read the guarded text.
    read_any: bool,
}

impl<'c> Judged<'c> {
    fn new(plan: Plan<'c>) -> Self {
        Self {
            plan,
            assessment: Assessment::default(),
            not_evaluated: Vec::new(),
            read_any: false,
        }
    }

    /// Keeps what a room could not look at, and hands on what it found. `None` where it looked at
    /// nothing: that is not "nothing detected".
    fn take<Finding>(
        &mut self,
        policy: PolicyKind,
        detected: Detected<Finding>,
        budget_spent: bool,
    ) -> Option<Vec<Finding>> {
        if budget_spent {
            self.skip(policy, None, NotEvaluatedReason::BudgetSpent);
        }
        let mut read = true;
        for (part, reason) in detected.not_evaluated {
            read &= part.is_some() || reason == NotEvaluatedReason::BudgetSpent;
            self.skip(policy, part, reason);
        }
        read |= !detected.findings.is_empty();
        self.read_any |= read;
        read.then_some(detected.findings)
    }

    /// Records that `part` of `policy` was not evaluated, once.
    fn skip(&mut self, policy: PolicyKind, part: Option<String>, reason: NotEvaluatedReason) {
        let could_intervene = self.plan.could_intervene(policy, part.as_deref());
        let blocked = could_intervene && self.plan.on_failure(policy) == OnFailure::Closed;
        let entry = NotEvaluated {
            policy,
            part,
            reason,
            blocked,
        };
        if !self.not_evaluated.contains(&entry) {
            self.not_evaluated.push(entry);
        }
    }

    fn outcome(&self) -> Outcome {
        let refused = self.not_evaluated.iter().any(|entry| entry.blocked);
        if refused {
            return Outcome::Blocked;
        }
        let outcomes = self.assessment.actions().map(|action| match action {
            EntryAction::None => Outcome::None,
            EntryAction::Anonymized => Outcome::Masked,
            EntryAction::Blocked => Outcome::Blocked,
        });
        outcomes.max().unwrap_or(Outcome::None)
    }
}

/// Records the policies for which this build has no detector.
fn judge_unread(plan: Plan<'_>, blocks: &Blocks<'_>, judged: &mut Judged<'_>) {
    if blocks.images > 0 {
        for filter in plan.image_filters() {
            judged.skip(
                PolicyKind::Content,
                Some(filter.filter.as_str().to_owned()),
                NotEvaluatedReason::UnsupportedModality,
            );
        }
    }
    if plan.reasoning() {
        judged.skip(PolicyKind::Reasoning, None, NotEvaluatedReason::NoDetector);
    }
}

/// Text units of so many code points: each begun thousand counts.
pub fn text_units(characters: usize) -> u32 {
    characters.div_ceil(UNIT_CHARACTERS) as u32
}

fn usage(plan: Plan<'_>, characters: usize, compared: Option<usize>, images: usize) -> Usage {
    let units = text_units(characters);
    let billed = |applies: bool| if applies { units } else { 0 };
    let reads_images = plan.image_filters().next().is_some();
    Usage {
        topic: billed(plan.topic()),
        content: billed(plan.content()),
        content_image: if reads_images { images as u32 } else { 0 },
        word: billed(plan.word()),
        sensitive: billed(plan.entities()),
        sensitive_free: billed(plan.regexes()),
        grounding: compared.map_or(0, text_units),
    }
}

/// Every text block in order, masked where an entry says so.
fn masked_texts(content: &Content, assessment: &Assessment) -> Vec<String> {
    let mut masks: Vec<Vec<Mask<'_>>> = vec![Vec::new(); content.blocks.len()];
    for (block, mask) in assessment.masks() {
        masks[block].push(mask);
    }
    let blocks = content.blocks.iter().zip(masks);
    let texts = blocks.filter_map(|(block, masks)| match block {
        Block::Text { text, .. } => Some(mask(text.as_str(), masks)),
        Block::Image => None,
    });
    texts.collect()
}
