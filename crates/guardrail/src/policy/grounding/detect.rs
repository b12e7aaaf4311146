//! Asks the judge: is each claim of the answer supported, and does the answer answer the query.

use super::{
    Compared, GroundingPolicy, Part,
    checks::{self, Facts, Held},
    claims::{Claim, claims},
    evidence::{Evidence, Search},
    joined,
    source::Source,
};
use crate::{
    config::GroundingFilterType,
    detect::{DetectError, Detectors, Embedder, GroundingJudge},
    policy::Detected,
    verdict::{FailedCheck, JudgedClaim, Location, MatchedWords, NotEvaluatedReason},
};
use pretil_text::{Span, ViewKind, WordForm, language::outside, word_forms};
use std::ops::Range;

/// Bytes of the source that are embedded for one call. Of a longer one, the sentences that hold most of the
/// answer's words; the others are found by their words alone.
const EMBEDDED_BYTES: usize = 40_000;

/// Words shorter than this are no match to show.
const SHOWN_LETTERS: usize = 3;

/// What was found of the answer as a whole.
#[derive(Clone, Debug, PartialEq)]
pub enum GroundingFinding {
    /// Every claim, in order.
    Claims(Vec<JudgedClaim>),
    /// How surely the answer answers the query, 0 to 1.
    Relevance(f32),
}

impl GroundingPolicy {
    /// Judges every claim for GROUNDING, and the whole answer for RELEVANCE, as far as they are enabled.
    pub fn detect(
        &self,
        compared: &Compared<'_>,
        detectors: &Detectors,
    ) -> Detected<GroundingFinding> {
        let (Some(judge), Some(embedder)) = (
            detectors.grounding.as_deref(),
            detectors.embedder.as_deref(),
        ) else {
            return not_evaluated(NotEvaluatedReason::NoDetector);
        };
        let asked = Asked {
            compared,
            query: joined(&compared.queries),
            judge,
            embedder,
        };
        match self.ask(&asked) {
            Ok(detected) => detected,
            Err(error) => not_evaluated(NotEvaluatedReason::DetectorFailed(error.to_string())),
        }
    }

    fn ask(&self, asked: &Asked<'_>) -> Result<Detected<GroundingFinding>, DetectError> {
        let answer = joined(&asked.compared.answers);
        let mut foreign = asked.is_foreign(&answer) || asked.is_foreign(&asked.query);
        let mut findings = Vec::new();
        if self.judges(GroundingFilterType::Grounding) {
            let judged = asked.judge_claims()?;
            foreign |= judged.foreign;
            findings.push(GroundingFinding::Claims(judged.claims));
        }
        if self.judges(GroundingFilterType::Relevance) {
            let relevance = asked.judge.relevance(&asked.query, &answer)?;
            findings.push(GroundingFinding::Relevance(relevance));
        }
        let unread = foreign.then_some((None, NotEvaluatedReason::UnsupportedLanguage));
        Ok(Detected {
            findings,
            not_evaluated: unread.into_iter().collect(),
        })
    }
}

fn not_evaluated(reason: NotEvaluatedReason) -> Detected<GroundingFinding> {
    Detected {
        findings: Vec::new(),
        not_evaluated: vec![(None, reason)],
    }
}

/// What is compared, and who is asked.
struct Asked<'a> {
    compared: &'a Compared<'a>,
    query: String,
    judge: &'a dyn GroundingJudge,
    embedder: &'a dyn Embedder,
}

/// The claims, and whether any was judged by text in a language that the judge does not read.
struct Judged {
    claims: Vec<JudgedClaim>,
    foreign: bool,
}

/// A claim with its words and where they are in the source.
struct Searched {
    claim: Claim,
    words: Vec<WordForm>,
    search: Search,
}

impl Asked<'_> {
    fn is_foreign(&self, text: &str) -> bool {
        outside(text, self.judge.languages()).is_some()
    }

    fn judge_claims(&self) -> Result<Judged, DetectError> {
        let tokens = |text: &str| self.judge.tokens(text);
        let source = Source::new(
            &self.compared.sources,
            self.judge.evidence_tokens(),
            &tokens,
        );
        let query = word_forms(&self.query);
        let is_known = |word: &WordForm| {
            source.holds(word) || query.iter().any(|it| word.is_same(it) || word.is_alike(it))
        };
        let limit = self.judge.claim_tokens();
        let claims = claims(&self.compared.answers, limit, &tokens, &is_known);
        let searched: Vec<_> = claims
            .into_iter()
            .map(|claim| {
                let words = word_forms(&claim.text);
                let search = Search::new(&source, &words, &query);
                Searched {
                    claim,
                    words,
                    search,
                }
            })
            .collect();
        let nearness = self.nearness(&source, &searched)?;
        let facts = Facts::new(&source, &self.query);
        let mut judged = Judged {
            claims: Vec::with_capacity(searched.len()),
            foreign: false,
        };
        for (searched, nearness) in searched.iter().zip(&nearness) {
            let window = self.judge.evidence_tokens();
            let evidence = searched.search.choose(&source, nearness, window);
            let evidence = evidence.unwrap_or(Evidence {
                units: Vec::new(),
                best: 0,
            });
            let (claim, read) = self.judge_claim(searched, evidence, &source, &facts)?;
            judged.foreign |= self.is_foreign(&read);
            judged.claims.push(claim);
        }
        Ok(judged)
    }

    /// The likeness of meaning of every unit to every claim; empty where the whole source is read anyway.
    fn nearness(
        &self,
        source: &Source<'_>,
        claims: &[Searched],
    ) -> Result<Vec<Vec<f32>>, DetectError> {
        let tokens = source.units.iter().map(|unit| unit.tokens).sum::<usize>();
        if tokens <= self.judge.evidence_tokens() {
            return Ok(vec![Vec::new(); claims.len()]);
        }
        let mut vectors: Vec<Option<Vec<f32>>> = vec![None; source.units.len()];
        for unit in embedded(source, claims) {
            vectors[unit] = Some(self.embedder.embed(source.text(unit))?);
        }
        let mut nearness = Vec::with_capacity(claims.len());
        for searched in claims {
            let claim = self.embedder.embed(&self.phrased(searched))?;
            let near = |vector: &Option<Vec<f32>>| {
                vector.as_ref().map_or(0.0, |vector| {
                    let dot: f32 = vector.iter().zip(&claim).map(|(a, b)| a * b).sum();
                    dot.max(0.0)
                })
            };
            nearness.push(vectors.iter().map(near).collect());
        }
        Ok(nearness)
    }

    /// The claim as it is looked for by meaning: one that says little by itself with the query.
    fn phrased(&self, searched: &Searched) -> String {
        if super::evidence::is_fragment(&searched.words) {
            return format!("{} {}", self.query, searched.claim.text);
        }
        searched.claim.text.clone()
    }

    /// Judges one claim; also gives the evidence that was read.
    fn judge_claim(
        &self,
        searched: &Searched,
        mut evidence: Evidence,
        source: &Source<'_>,
        facts: &Facts,
    ) -> Result<(JudgedClaim, String), DetectError> {
        let Searched { claim, words, .. } = searched;
        let text = self.fitted(&mut evidence, source);
        let support = self.judge.support(&text, &self.query, &claim.text)?;
        let failed = if evidence.units.is_empty() {
            Vec::new()
        } else {
            checks::check(&Held {
                claim: &claim.text,
                words,
                source,
                facts,
                evidence: &evidence.units,
                best: evidence.best,
            })
        };
        let places = Places {
            compared: self.compared,
            claim,
            source,
        };
        let best = evidence
            .units
            .contains(&evidence.best)
            .then_some(evidence.best);
        let judged = JudgedClaim {
            location: places.of_block(claim.block, &claim.range),
            score: self.judge.grounded(&support, checks::counted(&failed)),
            support: best.map(|unit| places.of_unit(unit, None)),
            matched: best.map_or_else(Vec::new, |unit| places.matched(words, unit)),
            unsupported: support
                .unsupported
                .filter(|stretch| claim.text.get(stretch.clone()).is_some())
                .map(|stretch| places.of_claim(&stretch)),
            failed: failed
                .into_iter()
                .map(|failed| FailedCheck {
                    kind: failed.kind,
                    location: places.of_claim(&failed.stretch),
                    instead: failed
                        .instead
                        .map(|(unit, stretch)| places.of_unit(unit, Some(stretch))),
                })
                .collect(),
        };
        Ok((judged, text))
    }

    /// The text of the evidence, without the units that the judge's window has no room for after all.
    fn fitted(&self, evidence: &mut Evidence, source: &Source<'_>) -> String {
        loop {
            let texts: Vec<_> = evidence
                .units
                .iter()
                .map(|&unit| source.text(unit))
                .collect();
            let text = texts.join(" ");
            let fits = self.judge.tokens(&text) <= self.judge.evidence_tokens();
            if fits || evidence.units.len() < 2 {
                return text;
            }
            let last = evidence
                .units
                .iter()
                .rposition(|&unit| unit != evidence.best);
            evidence.units.remove(last.unwrap_or(0));
        }
    }
}

/// The units that are embedded: all of a source that is not too long, else those that hold most of the words
/// of any claim. What is embedded does not depend on what was embedded before.
fn embedded(source: &Source<'_>, claims: &[Searched]) -> Vec<usize> {
    let length = |unit: usize| source.units[unit].range.len();
    let all: Vec<usize> = (0..source.units.len()).collect();
    if all.iter().map(|&unit| length(unit)).sum::<usize>() <= EMBEDDED_BYTES {
        return all;
    }
    let share = |unit: usize| {
        let shares = claims.iter().map(|searched| searched.search.share(unit));
        shares.fold(0.0, f32::max)
    };
    let mut ranked: Vec<(f32, usize)> = all.into_iter().map(|unit| (share(unit), unit)).collect();
    ranked.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
    let mut left = EMBEDDED_BYTES;
    let chosen = ranked.into_iter().map_while(|(_, unit)| {
        left = left.checked_sub(length(unit))?;
        Some(unit)
    });
    chosen.collect()
}

/// States stretches as places in the content.
struct Places<'a> {
    compared: &'a Compared<'a>,
    claim: &'a Claim,
    source: &'a Source<'a>,
}

impl Places<'_> {
    fn of_block(&self, block: usize, range: &Range<usize>) -> Location {
        let Compared {
            sources, answers, ..
        } = self.compared;
        let part = sources
            .iter()
            .chain(answers)
            .find(|part| part.block == block);
        let text = part.map_or("", |Part { text, .. }| *text);
        Location {
            block,
            span: Span::widened(text, range.clone()),
            view: ViewKind::Original,
        }
    }

    /// Of a stretch of what was judged.
    fn of_claim(&self, stretch: &Range<usize>) -> Location {
        self.of_block(self.claim.block, &self.claim.place(stretch))
    }

    /// Of a unit, or of a stretch of it.
    fn of_unit(&self, unit: usize, stretch: Option<Range<usize>>) -> Location {
        let unit = &self.source.units[unit];
        let range = match stretch {
            Some(stretch) => unit.range.start + stretch.start..unit.range.start + stretch.end,
            None => unit.range.clone(),
        };
        self.of_block(unit.block, &range)
    }

    /// The words that the claim and the unit share, on both sides; what follows each other as one.
    fn matched(&self, words: &[WordForm], unit: usize) -> Vec<MatchedWords> {
        let held = word_forms(self.source.text(unit));
        let number = |word: &WordForm| checks::number_word(&word.form).map(|it| it.to_string());
        let same = |one: &WordForm, other: &WordForm| {
            one.is_same(other)
                || one.is_alike(other)
                || number(one).is_some_and(|it| it == other.form)
                || number(other).is_some_and(|it| it == one.form)
        };
        let mut runs: Vec<SharedRun> = Vec::new();
        for (at, word) in words.iter().enumerate() {
            let last = runs.last_mut().filter(|run| run.words.0 + 1 == at);
            if let Some(run) = last
                && let Some(next) = held.get(run.words.1 + 1).filter(|it| same(word, it))
            {
                run.claim.end = word.range.end;
                run.unit.end = next.range.end;
                run.words = (at, run.words.1 + 1);
                continue;
            }
            if let Some(found) = held.iter().position(|it| same(word, it)) {
                runs.push(SharedRun {
                    claim: word.range.clone(),
                    unit: held[found].range.clone(),
                    words: (at, found),
                });
            }
        }
        let long = |range: &Range<usize>| {
            let shown = &self.claim.text[range.clone()];
            shown.chars().count() > SHOWN_LETTERS || shown.contains(|it: char| it.is_ascii_digit())
        };
        let runs = runs.into_iter().filter(|run| long(&run.claim));
        runs.map(|run| MatchedWords {
            claim: self.of_claim(&run.claim),
            source: self.of_unit(unit, Some(run.unit)),
        })
        .collect()
    }
}

/// Words that follow each other in a claim and in a unit.
struct SharedRun {
    claim: Range<usize>,
    unit: Range<usize>,
    /// The last word of each.
    words: (usize, usize),
}
