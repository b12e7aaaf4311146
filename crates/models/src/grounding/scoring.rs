//! From a logit per token to what a claim's least supported stretch is. Pure.

use std::ops::Range;

/// How little a claim's words are supported.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Unsupported {
    /// The largest mean logit of a word; 0 for a claim without words.
    pub(super) logit: f32,
    /// Bytes of the words around it that are unsupported too; none where it is not above 0.
    pub(super) range: Option<Range<usize>>,
}

/// The mean of `logits` over the tokens of each word; `None` for a word that no token begins in.
/// `word_of` and `logits` are those of the tokens.
pub(super) fn means(
    words: usize,
    word_of: &[Option<usize>],
    logits: impl Iterator<Item = f32>,
) -> Vec<Option<f32>> {
    let mut sums = vec![(0.0, 0_u16); words];
    for (word, logit) in word_of.iter().zip(logits) {
        let Some((sum, tokens)) = word.and_then(|word| sums.get_mut(word)) else {
            continue;
        };
        *sum += logit;
        *tokens += 1;
    }
    let mean = |(sum, tokens): (f32, u16)| (tokens > 0).then(|| sum / f32::from(tokens));
    sums.into_iter().map(mean).collect()
}

/// The least supported of `words`, with the words around it whose logit is above 0; one that is not
/// does not end the run if the next one is. `logits` has one for each word.
pub(super) fn unsupported(words: &[Range<usize>], logits: &[Option<f32>]) -> Unsupported {
    let known = logits.iter().enumerate();
    let known = known.filter_map(|(word, logit)| Some((word, (*logit)?)));
    // The first of equals.
    let largest = known.reduce(|one, other| if other.1 > one.1 { other } else { one });
    let Some((peak, logit)) = largest else {
        return Unsupported {
            logit: 0.0,
            range: None,
        };
    };
    let is_above = |word: usize| logits[word].is_some_and(|logit| logit > 0.0);
    if !is_above(peak) {
        return Unsupported { logit, range: None };
    }
    let (mut first, mut last) = (peak, peak);
    while let Some(next) = [1, 2]
        .into_iter()
        .filter_map(|step| first.checked_sub(step))
        .find(|&word| is_above(word))
    {
        first = next;
    }
    while let Some(next) = [last + 1, last + 2]
        .into_iter()
        .find(|&word| word < words.len() && is_above(word))
    {
        last = next;
    }
    Unsupported {
        logit,
        range: Some(words[first].start..words[last].end),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Words of two bytes with one between.
    fn of(logits: &[f32]) -> Unsupported {
        let words: Vec<_> = (0..logits.len())
            .map(|word| word * 3..word * 3 + 2)
            .collect();
        let logits: Vec<_> = logits.iter().map(|logit| Some(*logit)).collect();
        unsupported(&words, &logits)
    }

    #[test]
    fn the_run_around_the_largest_is_joined_over_one_word() {
        for (logits, logit, range) in [
            (&[][..], 0.0, None),
            (&[-2.0, -1.0], -1.0, None),
            (&[0.0], 0.0, None),
            (&[-1.0, 2.0, -1.0], 2.0, Some(3..5)),
            (&[1.0, 2.0, 1.0], 2.0, Some(0..8)),
            (&[1.0, -1.0, 2.0, -1.0, 1.0], 2.0, Some(0..14)),
            (&[1.0, -1.0, -1.0, 2.0, -1.0, -1.0, 1.0], 2.0, Some(9..11)),
            (&[3.0, -1.0, 2.0, -1.0, -1.0, 2.9], 3.0, Some(0..8)),
            (&[2.0, -1.0, -1.0, 2.0], 2.0, Some(0..2)),
        ] {
            assert_eq!(of(logits), Unsupported { logit, range }, "{logits:?}");
        }
    }

    #[test]
    fn a_words_logit_is_the_mean_of_its_tokens() {
        let word_of = [Some(0), Some(0), None, Some(2)];
        let found = means(3, &word_of, [1.0, 2.0, 9.0, -1.0].into_iter());
        assert_eq!(found, [Some(1.5), None, Some(-1.0)]);
        // A word without a token is neither the largest nor part of a run, but may lie within one.
        let words = [0..2, 3..5, 6..8];
        let logits = [Some(1.0), None, Some(0.5)];
        assert_eq!(unsupported(&words, &logits).range, Some(0..8));
        let none = Unsupported {
            logit: 0.0,
            range: None,
        };
        assert_eq!(unsupported(&words, &[None; 3]), none);
    }
}
