//! An answer as claims: what is judged, sentence by sentence.

use super::{
    Part,
    checks::denies,
    pieces::{fitting, whole_sentences},
    talk::{Talk, talk},
};
use pretil_text::{WordForm, word_forms};
use std::ops::Range;

/// A heading with more words is a sentence.
const HEADING_WORDS: usize = 6;

/// What hangs on a heading has at most so many words.
const FRAGMENT_WORDS: usize = 4;

/// A stretch of the answer that is judged on its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Claim {
    /// Index into `Content::blocks`.
    pub(super) block: usize,
    /// In that block.
    pub(super) range: Range<usize>,
    /// The line that it hangs on, in the same block: "Not covered:" before an item.
    lead: Option<Range<usize>>,
    /// What is judged: the lead, if there is one, and the claim.
    pub(super) text: String,
}

impl Claim {
    fn new(part: Part<'_>, range: Range<usize>, lead: Option<Range<usize>>) -> Self {
        let shown = &part.text[range.clone()];
        let text = match &lead {
            Some(lead) => format!("{} {shown}", &part.text[lead.clone()]),
            None => shown.to_owned(),
        };
        Self {
            block: part.block,
            range,
            lead,
            text,
        }
    }

    /// Where in the block a stretch of [`Self::text`] is. One that lies in the lead and in the claim is
    /// its part in the claim.
    pub(super) fn place(&self, stretch: &Range<usize>) -> Range<usize> {
        let Some(lead) = &self.lead else {
            return self.range.start + stretch.start..self.range.start + stretch.end;
        };
        let before = lead.len() + 1;
        if stretch.end <= before {
            let end = (lead.start + stretch.end).min(lead.end);
            return lead.start + stretch.start..end;
        }
        let start = self.range.start + stretch.start.saturating_sub(before);
        start..self.range.start + stretch.end - before
    }
}

/// A sentence of the answer and what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Sentence {
    range: Range<usize>,
    role: Role,
    /// Whether it is an item of a list or a row of a table.
    is_item: bool,
    /// Whether it begins a line, and whether an empty line is before it.
    begins_line: bool,
    after_gap: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    /// It holds no word.
    Silent,
    /// Ordinary talk.
    Talk,
    /// It says yes if nothing else is said.
    Agreement,
    /// A title: what comes under it may hang on it.
    Heading,
    /// It ends with a colon and more follows: that hangs on it.
    Lead,
    /// It is judged.
    Claim,
}

/// The claims of the answer in order. `fits` is the most tokens of one, and `is_known` says whether source
/// or query hold a word.
pub(super) fn claims(
    answers: &[Part<'_>],
    fits: usize,
    tokens: &dyn Fn(&str) -> usize,
    is_known: &dyn Fn(&WordForm) -> bool,
) -> Vec<Claim> {
    let read: Vec<_> = answers
        .iter()
        .map(|part| (*part, sentences(part.text, is_known)))
        .collect();
    let claims_something = |role: Role| matches!(role, Role::Claim | Role::Lead);
    let all = || read.iter().flat_map(|(_, sentences)| sentences);
    // "Of course!" says yes where it is all that is said. A title alone is no title.
    let silent = !all().any(|sentence| claims_something(sentence.role));
    let mut claims = Vec::new();
    for (part, sentences) in &read {
        let mut lead: Option<&Sentence> = None;
        for sentence in sentences {
            let judged = match sentence.role {
                Role::Claim => true,
                Role::Agreement | Role::Heading => silent,
                Role::Silent | Role::Talk | Role::Lead => false,
            };
            let hangs = lead.filter(|lead| hangs_on(part.text, sentence, lead));
            if judged {
                let hangs = hangs.map(|lead| lead.range.clone());
                push(
                    *part,
                    sentence.range.clone(),
                    hangs,
                    fits,
                    tokens,
                    &mut claims,
                );
            }
            match sentence.role {
                Role::Heading | Role::Lead => lead = Some(sentence),
                Role::Claim if hangs.is_none() && !sentence.is_item => lead = None,
                Role::Talk => lead = None,
                Role::Claim | Role::Agreement | Role::Silent => {}
            }
        }
    }
    claims
}

/// Adds a claim with its lead if both fit together, else in as many pieces as it takes.
fn push(
    part: Part<'_>,
    range: Range<usize>,
    lead: Option<Range<usize>>,
    fits: usize,
    tokens: &dyn Fn(&str) -> usize,
    claims: &mut Vec<Claim>,
) {
    if lead.is_some() {
        let claim = Claim::new(part, range.clone(), lead);
        if tokens(&claim.text) <= fits {
            claims.push(claim);
            return;
        }
    }
    let pieces = fitting(part.text, range, fits, tokens);
    claims.extend(
        pieces
            .into_iter()
            .map(|piece| Claim::new(part, piece, None)),
    );
}

/// Whether `sentence` is to be read with the line that `lead` is.
fn hangs_on(text: &str, sentence: &Sentence, lead: &Sentence) -> bool {
    if lead.role == Role::Lead {
        return sentence.is_item || (sentence.begins_line && !sentence.after_gap);
    }
    let fragment = word_forms(&text[sentence.range.clone()]).len() <= FRAGMENT_WORDS;
    sentence.begins_line && (sentence.is_item || fragment)
}

fn sentences(text: &str, is_known: &dyn Fn(&WordForm) -> bool) -> Vec<Sentence> {
    let ranges = whole_sentences(text);
    let mut sentences: Vec<Sentence> = Vec::with_capacity(ranges.len());
    let mut before = 0;
    for range in ranges {
        let gap = &text[before..range.start];
        let begins_line = before == 0 || gap.contains('\n');
        let after_gap = gap.matches('\n').count() > 1;
        before = range.end;
        let stripped = begins_line
            .then(|| without_bullet(text, range.clone()))
            .flatten();
        let row = begins_line && text[range.clone()].starts_with('|');
        let is_item = stripped.is_some() || row;
        let range = stripped.unwrap_or(range);
        let range = if row {
            without_pipes(text, range)
        } else {
            range
        };
        sentences.push(Sentence {
            role: role(text, &range, is_known),
            range,
            is_item,
            begins_line,
            after_gap,
        });
    }
    settle(text, &mut sentences, is_known);
    sentences
}

/// What a sentence is by itself.
fn role(text: &str, range: &Range<usize>, is_known: &dyn Fn(&WordForm) -> bool) -> Role {
    let shown = &text[range.clone()];
    if !shown.contains(char::is_alphanumeric) {
        return Role::Silent;
    }
    match talk(shown, is_known) {
        Talk::Plain => Role::Talk,
        Talk::Agreement => Role::Agreement,
        Talk::No if shown.trim_end_matches(['*', '_']).ends_with(':') => Role::Lead,
        Talk::No => Role::Claim,
    }
}

/// Settles what only the lines around a sentence can tell: titles, the head of a table, a colon that
/// nothing follows.
fn settle(text: &str, sentences: &mut [Sentence], is_known: &dyn Fn(&WordForm) -> bool) {
    for index in 0..sentences.len() {
        let next = sentences.get(index + 1);
        let followed = next.is_some_and(|next| next.begins_line);
        let ruled = next.is_some_and(|next| next.role == Role::Silent && next.is_item);
        let sentence = &mut sentences[index];
        let shown = &text[sentence.range.clone()];
        match sentence.role {
            Role::Lead if !followed => sentence.role = Role::Claim,
            Role::Claim if sentence.is_item && ruled => {
                sentence.role = Role::Lead;
                sentence.is_item = false;
            }
            Role::Claim
                if followed
                    && sentence.begins_line
                    && !sentence.is_item
                    && is_heading(shown, is_known) =>
            {
                sentence.role = Role::Heading;
            }
            _ => {}
        }
    }
}

/// Whether a line is a title: marked as one, or a few words of the source without a stop. One with a figure
/// or a negation, and "yes", says something.
fn is_heading(line: &str, is_known: &dyn Fn(&WordForm) -> bool) -> bool {
    let title = line.trim_matches(['#', '*', '_', ' ']);
    let words = word_forms(title);
    let says =
        |word: &WordForm| denies(word) || ["yes", "si", "oui", "non"].contains(&word.form.as_str());
    if line.contains(|it: char| it.is_ascii_digit()) || words.iter().any(says) {
        return false;
    }
    let marked = line.starts_with('#') || (line.starts_with("**") && line.ends_with("**"));
    let short = words.len() <= HEADING_WORDS && title.ends_with(char::is_alphanumeric);
    marked
        || (short
            && words
                .iter()
                .all(|word| word.form.len() <= 3 || is_known(word)))
}

/// The line without the mark of a list item before it, if it is one.
fn without_bullet(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let line = &text[range.clone()];
    let marked = line
        .strip_prefix(['-', '*', '•', '·', '–', '+', '▪', '◦'])
        .or_else(|| numbered(line))?;
    let item = marked.strip_prefix(char::is_whitespace)?.trim_start();
    (!item.is_empty()).then(|| range.end - item.len()..range.end)
}

/// What follows `1.`, `2)`, `(3)` or `a)`.
fn numbered(line: &str) -> Option<&str> {
    let inner = line.strip_prefix('(').unwrap_or(line);
    let digits = inner.trim_start_matches(|it: char| it.is_ascii_digit());
    let rest = if digits.len() < inner.len() {
        digits
    } else {
        inner.strip_prefix(|it: char| it.is_ascii_lowercase())?
    };
    let parenthesis = rest.strip_prefix(')');
    if digits.len() < inner.len() {
        parenthesis.or_else(|| rest.strip_prefix('.'))
    } else {
        parenthesis
    }
}

fn without_pipes(text: &str, range: Range<usize>) -> Range<usize> {
    let row = &text[range.clone()];
    let edge = |it: char| it == '|' || it.is_whitespace();
    let start = range.end - row.trim_start_matches(edge).len();
    let end = range.start + row.trim_end_matches(edge).len();
    start..end.max(start)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn words(text: &str) -> usize {
        text.split_whitespace().count()
    }

    fn split(text: &str) -> Vec<String> {
        let part = Part { block: 0, text };
        let claims = claims(&[part], 12, &words, &|_| true);
        claims.into_iter().map(|claim| claim.text).collect()
    }

    #[test]
    fn answers_are_split_into_claims() {
        for (answer, expected) in [
            (
                "Sure! The fee is $10. It is due monthly. I hope this helps!",
                &["The fee is $10.", "It is due monthly."][..],
            ),
            ("Of course!", &["Of course!"]),
            ("Of course! It is free.", &["It is free."]),
            ("Hello! How can I help you?", &[]),
            ("23.99%.", &["23.99%."]),
            ("No fees", &["No fees"]),
            (
                "Not covered:\n- blades\n- belts and filters\n\nAsk the shop.",
                &[
                    "Not covered: blades",
                    "Not covered: belts and filters",
                    "Ask the shop.",
                ],
            ),
            (
                "Here is what I found:\n1. It is free.\n2) It is fast.",
                &["It is free.", "It is fast."],
            ),
            (
                "## Late payment\n23.99%\n\n## Opening\nThere are no fees for opening an account.",
                &[
                    "## Late payment 23.99%",
                    "There are no fees for opening an account.",
                ],
            ),
            (
                "| Fee | Amount |\n|---|---|\n| Opening | $0 |\n| Month | $10 |",
                &["Fee | Amount Opening | $0", "Fee | Amount Month | $10"],
            ),
            ("The fee is:", &["The fee is:"]),
            (
                "Fees\nThe fee is ten dollars.",
                &["The fee is ten dollars."],
            ),
            ("👍 \n---", &[]),
            (
                "The fee is ten dollars each month for every account, and late payments cost more.",
                &[
                    "The fee is ten dollars each month for every account,",
                    "and late payments cost more.",
                ],
            ),
        ] {
            assert_eq!(split(answer), expected, "{answer}");
        }
    }

    #[test]
    fn stretches_are_placed_in_the_answer() {
        let text = "Not covered:\n- blades\n- belts and filters";
        let part = Part { block: 3, text };
        let claims = claims(&[part], 12, &words, &|_| true);
        let claim = &claims[1];
        let place = |stretch: &str| {
            let start = claim.text.find(stretch).unwrap();
            &text[claim.place(&(start..start + stretch.len()))]
        };
        assert_eq!(claim.block, 3);
        assert_eq!(place("filters"), "filters");
        assert_eq!(place("covered"), "covered");
        assert_eq!(place("covered: belts"), "belts");
    }

    proptest! {
        #[test]
        fn claims_fit_and_lie_in_the_answer(text in "[-a-zA-Z0-9.:|# \n]{0,80}") {
            let part = Part { block: 0, text: &text };
            let characters = |text: &str| text.chars().count();
            for claim in claims(&[part], 10, &characters, &|_| true) {
                prop_assert!(characters(&claim.text) <= 10);
                prop_assert!(text.get(claim.range.clone()).is_some());
                prop_assert!(claim.text.ends_with(&text[claim.range.clone()]));
                let whole = claim.place(&(0..claim.text.len()));
                prop_assert_eq!(whole.end, claim.range.end);
            }
        }
    }
}
