//! Two texts as one input of the model: layout and word features. Training lays pairs out in exactly
//! this way (`training/grounding/pairs.py`).
//!
//! - support: `[CLS] evidence [SEP] query [SEP] claim [SEP]`, or without the query;
//! - relevance: `[CLS] query [SEP] answer [SEP]`.
//!
//! A token's feature says which text it is of and whether its word is found on the other side.

use super::words::Vocabulary;
use pretil_encoder::{Input, Tokenizer, Window, windows};
use pretil_text::{WordForm, word_forms};
use std::ops::Range;

/// What a token's feature may be. The order is that of the rows of the model's table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Feature {
    /// `[CLS]`, `[SEP]`.
    Special = 0,
    /// Evidence without counterpart in the claim.
    Evidence,
    /// Evidence that the claim also says.
    EvidenceShared,
    /// The query beside evidence and claim.
    Query,
    /// A word of the claim that the evidence holds, and all between words.
    ClaimShared,
    /// A word of the claim that is alike to one of the evidence.
    ClaimAlike,
    /// A word of the claim that is nowhere else.
    ClaimNew,
    /// The same, with a digit.
    ClaimNewDigits,
    /// The same, with an upper-case letter at its beginning and not at the claim's.
    ClaimNewName,
    /// A word of the claim that only the query holds.
    ClaimInQuery,
    /// A query by itself.
    Asked,
    /// A word of it that the answer holds, or a like one.
    AskedShared,
    /// A word of the answer that the query holds, or a like one.
    AnswerShared,
    /// A word of the answer, with a digit.
    AnswerDigits,
    /// Any other token of the answer.
    AnswerOther,
}

impl Feature {
    /// Rows of the model's table.
    pub(super) const COUNT: usize = 15;
}

/// A text with its tokens and words.
pub(super) struct Reading<'t> {
    text: &'t str,
    /// Without special tokens.
    ids: Vec<u32>,
    words: Vec<WordForm>,
    /// For each token the index of the word that holds its first character.
    word_of: Vec<Option<usize>>,
}

impl<'t> Reading<'t> {
    pub(super) fn of(text: &'t str, tokenizer: &Tokenizer) -> Self {
        let mut encoding = tokenizer.encode_guarded(text);
        let last = encoding.ids.len().saturating_sub(1);
        encoding.ids.truncate(last);
        let ids = encoding.ids.split_off(1.min(last));
        let offsets = encoding.offsets.get(1..last).unwrap_or_default();
        Self::new(text, ids, offsets)
    }

    /// `offsets` are those of `ids` in `text`.
    fn new(text: &'t str, ids: Vec<u32>, offsets: &[Range<usize>]) -> Self {
        let words = word_forms(text);
        let word_of = offsets.iter().map(|token| {
            let index = words.partition_point(|word| word.range.end <= token.start);
            let word = words.get(index)?;
            (word.range.start <= token.start).then_some(index)
        });
        Self {
            text,
            ids,
            word_of: word_of.collect(),
            words,
        }
    }

    /// Length in tokens.
    pub(super) fn tokens(&self) -> usize {
        self.ids.len()
    }

    /// Bytes of its words.
    pub(super) fn words(&self) -> Vec<Range<usize>> {
        self.words.iter().map(|word| word.range.clone()).collect()
    }

    /// For each token the index of its word.
    pub(super) fn word_of(&self) -> &[Option<usize>] {
        &self.word_of
    }

    /// The feature of each token: that of its word, or `otherwise` where it is of none.
    fn features(
        &self,
        otherwise: Feature,
        of_word: impl Fn(usize) -> Feature,
    ) -> impl Iterator<Item = u8> {
        let of_words: Vec<Feature> = (0..self.words.len()).map(of_word).collect();
        let tokens = self.word_of.iter();
        tokens.map(move |word| word.map_or(otherwise, |word| of_words[word]) as u8)
    }

    fn has_digit(&self, word: usize) -> bool {
        self.text[self.words[word].range.clone()]
            .contains(|character: char| character.is_ascii_digit())
    }

    fn begins_upper_case(&self, word: usize) -> bool {
        self.text[self.words[word].range.clone()].starts_with(char::is_uppercase)
    }
}

/// Ids and features of one input.
pub(super) struct Pair {
    pub(super) ids: Vec<u32>,
    pub(super) features: Vec<u8>,
}

impl Pair {
    fn begin(tokenizer: &Tokenizer) -> Self {
        Self {
            ids: vec![tokenizer.start_id()],
            features: vec![Feature::Special as u8],
        }
    }

    fn push(
        &mut self,
        reading: &Reading<'_>,
        features: impl Iterator<Item = u8>,
        tokenizer: &Tokenizer,
    ) {
        self.ids.extend_from_slice(&reading.ids);
        self.features.extend(features);
        self.ids.push(tokenizer.end_id());
        self.features.push(Feature::Special as u8);
    }

    pub(super) fn input(&self) -> Input<'_> {
        Input {
            ids: &self.ids,
            features: Some(&self.features),
        }
    }
}

/// `claim` beside `evidence`, and where the claim's tokens begin.
pub(super) fn support(
    evidence: &Reading<'_>,
    query: Option<&Reading<'_>>,
    claim: &Reading<'_>,
    tokenizer: &Tokenizer,
) -> (Pair, usize) {
    let known = Vocabulary::new(&evidence.words);
    let claimed = Vocabulary::new(&claim.words);
    let asked = query.map_or(&[][..], |query| &query.words);
    let asked = Vocabulary::new(asked);
    let of_evidence = |word: usize| {
        let word = &evidence.words[word];
        if claimed.has(word) || claimed.is_like(word) {
            Feature::EvidenceShared
        } else {
            Feature::Evidence
        }
    };
    let of_claim = |word: usize| {
        let form = &claim.words[word];
        if known.has(form) {
            Feature::ClaimShared
        } else if known.has_like(form) {
            Feature::ClaimAlike
        } else if asked.has(form) {
            Feature::ClaimInQuery
        } else if claim.has_digit(word) {
            Feature::ClaimNewDigits
        } else if word > 0 && claim.begins_upper_case(word) {
            Feature::ClaimNewName
        } else {
            Feature::ClaimNew
        }
    };
    let mut pair = Pair::begin(tokenizer);
    let features = evidence.features(Feature::Evidence, of_evidence);
    pair.push(evidence, features, tokenizer);
    if let Some(query) = query {
        let features = query.ids.iter().map(|_| Feature::Query as u8);
        pair.push(query, features, tokenizer);
    }
    let claim_begins = pair.ids.len();
    let features = claim.features(Feature::ClaimShared, of_claim);
    pair.push(claim, features, tokenizer);
    (pair, claim_begins)
}

/// `answer`, or a window of it, beside `query`.
pub(super) fn relevance(query: &Reading<'_>, answer: &Reading<'_>, tokenizer: &Tokenizer) -> Pair {
    let asked = Vocabulary::new(&query.words);
    let answered = Vocabulary::new(&answer.words);
    let is_in = |vocabulary: &Vocabulary<'_>, word: &WordForm| {
        vocabulary.has(word) || vocabulary.has_like(word)
    };
    let of_query = |word: usize| {
        if is_in(&answered, &query.words[word]) {
            Feature::AskedShared
        } else {
            Feature::Asked
        }
    };
    let of_answer = |word: usize| {
        if is_in(&asked, &answer.words[word]) {
            Feature::AnswerShared
        } else if answer.has_digit(word) {
            Feature::AnswerDigits
        } else {
            Feature::AnswerOther
        }
    };
    let mut pair = Pair::begin(tokenizer);
    let features = query.features(Feature::Asked, of_query);
    pair.push(query, features, tokenizer);
    let features = answer.features(Feature::AnswerOther, of_answer);
    pair.push(answer, features, tokenizer);
    pair
}

/// `answer` in windows of at most `tokens` tokens that share `overlap` with the next. Together they
/// hold all of it; a word at an edge may be cut there.
pub(super) fn answer_windows<'t>(
    answer: &'t str,
    tokens: usize,
    overlap: usize,
    tokenizer: &Tokenizer,
) -> Vec<Reading<'t>> {
    let encoding = tokenizer.encode_guarded(answer);
    let of_window = |window: Window| {
        let Range { start, end } = window.range;
        let ids = encoding.ids[window.tokens.clone()].to_vec();
        let offsets = encoding.offsets[window.tokens].iter();
        let offsets: Vec<_> = offsets
            .map(|token| token.start - start..token.end - start)
            .collect();
        Reading::new(&answer[start..end], ids, &offsets)
    };
    // Two tokens of a window are not the text's.
    let windows = windows(&encoding, tokens + 2, overlap);
    windows.into_iter().map(of_window).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::MiniLm;
    use proptest::prelude::*;
    use serde::Deserialize;
    use std::sync::LazyLock;

    static TOKENIZER: LazyLock<Tokenizer> =
        LazyLock::new(|| MiniLm::load().unwrap().encoder().tokenizer().clone());

    #[derive(Deserialize)]
    struct Golden {
        kind: String,
        texts: Vec<String>,
        /// A letter from `a` on for each token.
        features: String,
    }

    fn read(text: &str) -> Reading<'_> {
        Reading::of(text, &TOKENIZER)
    }

    fn support_of(evidence: &str, query: &str, claim: &str) -> (Pair, usize) {
        let query = read(query);
        let fits = (1..=64).contains(&query.tokens());
        support(
            &read(evidence),
            fits.then_some(&query),
            &read(claim),
            &TOKENIZER,
        )
    }

    fn letters(features: &[u8]) -> String {
        let letters = features.iter().map(|value| char::from(b'a' + value));
        letters.collect()
    }

    #[test]
    fn pairs_are_read_as_in_training() {
        let goldens: Vec<Golden> =
            serde_json::from_str(include_str!("../../tests/grounding_pairs.json")).unwrap();
        assert!(goldens.len() > 250);
        for Golden {
            kind,
            texts,
            features,
        } in goldens
        {
            let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
            let pair = match (kind.as_str(), texts.as_slice()) {
                ("support", [evidence, query, claim]) => support_of(evidence, query, claim).0,
                ("relevance", [query, answer]) => {
                    relevance(&read(query), &read(answer), &TOKENIZER)
                }
                (kind, texts) => panic!("{kind} of {} texts", texts.len()),
            };
            assert_eq!(pair.ids.len(), pair.features.len());
            assert_eq!(letters(&pair.features), features, "{kind} {texts:?}");
        }
    }

    #[test]
    fn a_claim_begins_where_its_tokens_do() {
        for (query, begins) in [("", 6), ("How much is it?", 12)] {
            let (pair, claim_begins) = support_of("The fee is 10.", query, "Ten euros");
            assert_eq!(claim_begins, begins + 1, "{query}");
            let separator = pair.ids[claim_begins - 1];
            assert_eq!(separator, TOKENIZER.end_id());
            assert_eq!(
                &pair.ids[claim_begins..],
                &TOKENIZER.encode("Ten euros").ids[1..]
            );
        }
    }

    #[test]
    fn windows_hold_all_of_an_answer() {
        let answer = "The fee is 1,250.50 euros, señor. ".repeat(20);
        let whole = read(&answer);
        for (tokens, overlap) in [(160, 32), (10, 3), (1, 0)] {
            let windows = answer_windows(&answer, tokens, overlap, &TOKENIZER);
            let step = tokens - overlap;
            for (index, window) in windows.iter().enumerate() {
                let first = index * step;
                assert!(window.tokens() <= tokens);
                assert_eq!(window.ids, whole.ids[first..first + window.tokens()]);
                assert_eq!(window.word_of.len(), window.tokens());
            }
            let last = windows.last().unwrap();
            assert_eq!((windows.len() - 1) * step + last.tokens(), whole.tokens());
        }
        let empty = answer_windows(" ", 160, 32, &TOKENIZER);
        assert_eq!((empty.len(), empty[0].tokens()), (1, 0));
    }

    proptest! {
        #[test]
        fn features_say_of_which_text_a_token_is(
            evidence in TEXT, query in TEXT, claim in TEXT
        ) {
            let (pair, claim_begins) = support_of(&evidence, &query, &claim);
            prop_assert_eq!(pair.ids.len(), pair.features.len());
            let is = |range: std::ops::RangeInclusive<Feature>, value: u8| {
                (*range.start() as u8..=*range.end() as u8).contains(&value)
            };
            let of_claim = &pair.features[claim_begins..pair.features.len() - 1];
            prop_assert!(of_claim.iter().all(|&value| is(Feature::ClaimShared..=Feature::ClaimInQuery, value)));
            let before = &pair.features[..claim_begins];
            prop_assert!(before.iter().all(|&value| is(Feature::Special..=Feature::Query, value)));
            let pair = relevance(&read(&query), &read(&claim), &TOKENIZER);
            prop_assert_eq!(pair.ids.len(), pair.features.len());
            let inner = &pair.features[1..pair.features.len() - 1];
            prop_assert!(inner.iter().all(|&value| value == 0 || is(Feature::Asked..=Feature::AnswerOther, value)));
        }

        #[test]
        fn a_claim_that_repeats_its_evidence_is_shared(text in TEXT) {
            let (pair, claim_begins) = support_of(&text, "", &text);
            let of_claim = &pair.features[claim_begins..pair.features.len() - 1];
            prop_assert!(of_claim.iter().all(|&value| value == Feature::ClaimShared as u8));
        }
    }

    const TEXT: &str = "[ -~éÑ½,.0-9\u{301}☃नी日\u{E0041}\u{1F600}]{0,40}";
}
