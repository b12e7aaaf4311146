//! The words of one text, to look up those of another.

use pretil_text::WordForm;

/// The words of a text by their form.
#[derive(Clone, Debug)]
pub(super) struct Vocabulary<'w> {
    /// Sorted, each once.
    forms: Vec<&'w str>,
    /// What a word must begin with for a word of this text to be alike to it.
    stems: Vec<&'w str>,
}

impl<'w> Vocabulary<'w> {
    pub(super) fn new(words: &'w [WordForm]) -> Self {
        let mut forms: Vec<&str> = words.iter().map(|word| word.form.as_str()).collect();
        forms.sort_unstable();
        forms.dedup();
        let mut stems: Vec<&str> = words.iter().filter_map(WordForm::stem).collect();
        stems.sort_unstable();
        stems.dedup();
        Self { forms, stems }
    }

    /// Whether `word` is one of this text.
    pub(super) fn has(&self, word: &WordForm) -> bool {
        self.forms.binary_search(&word.form.as_str()).is_ok()
    }

    /// Whether `word` is alike to a word of this text.
    pub(super) fn has_like(&self, word: &WordForm) -> bool {
        let Some(stem) = word.stem() else {
            return false;
        };
        let first = self.forms.partition_point(|known| *known < stem);
        let found = self.forms.get(first);
        found.is_some_and(|known| known.starts_with(stem))
    }

    /// Whether a word of this text is alike to `word`: the other way round.
    pub(super) fn is_like(&self, word: &WordForm) -> bool {
        self.stems.iter().any(|stem| word.form.starts_with(stem))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretil_text::word_forms;
    use proptest::prelude::*;

    proptest! {
        /// What the vocabulary says is what comparing each word with each says.
        #[test]
        fn words_are_found_as_by_comparing_all(text in WORDS, other in WORDS) {
            let (words, others) = (word_forms(&text), word_forms(&other));
            let vocabulary = Vocabulary::new(&words);
            for word in &others {
                prop_assert_eq!(vocabulary.has(word), words.iter().any(|it| it.is_same(word)));
                prop_assert_eq!(vocabulary.has_like(word), words.iter().any(|it| word.is_alike(it)));
                prop_assert_eq!(vocabulary.is_like(word), words.iter().any(|it| it.is_alike(word)));
            }
        }
    }

    const WORDS: &str = "([ab1é]{3,7}[ .,]){0,12}";
}
