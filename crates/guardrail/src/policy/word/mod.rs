//! Word filters.
//!
//! # What it judges
//!
//! Whether a text holds a custom word or phrase, or a word of the managed profanity list, as whole
//! words.
//!
//! # How it decides
//!
//! Words are looked up without regard to case in the text as sent and in every derived view that
//! is fit for words, so that hidden and stylised spellings are found. A letter, mark, digit or
//! underscore beside a word makes it another word: "Essex" holds no profanity. White space in a
//! phrase matches any run of white space. Every whole-word match counts, also inside a longer one.
//!
//! # What it cannot see
//!
//! Inflected forms that are not listed. Words of scripts that are written without spaces (Chinese,
//! Japanese, Thai), unless something parts them, as in the API. The managed list holds words that
//! are profane in (almost) every use; insults made of ordinary words are for the content filters.
//!
//! # Example
//!
//! With the word "Bluewhale", the text "Is BLUEWHALE cheaper?" is blocked and "bluewhales" is not.

mod config;
mod decide;
mod detect;
mod lists;

pub use detect::WordFinding;

use crate::{
    config::{BlockAction, ConfigError, Directions, ManagedWordList, WordPolicyConfig},
    lexicon::{Lexicon, key},
};
use pretil_text::{ViewKind, Views};
use std::collections::HashMap;

/// The word policy of one guardrail, ready to detect.
#[derive(Clone, Debug)]
pub struct WordPolicy {
    lexicon: Lexicon,
    /// By term id.
    terms: Vec<Term>,
    /// Bytes of the longest word or phrase, folded.
    longest: usize,
}

/// One word or phrase, and the rules that name it.
#[derive(Clone, Debug, Default)]
struct Term {
    /// Custom words that fold to it.
    custom: Vec<Directions<BlockAction>>,
    /// The managed list that holds it.
    managed: Option<Directions<BlockAction>>,
}

impl WordPolicy {
    /// Builds the lexicon of all custom and managed words of `config`.
    ///
    /// # Errors
    ///
    /// What the API documents as refused and a single member cannot show.
    pub fn compile(config: &WordPolicyConfig) -> Result<Self, Vec<ConfigError>> {
        let errors = config::check(config);
        if !errors.is_empty() {
            return Err(errors);
        }
        let mut builder = Builder::default();
        for word in config.words.iter().flatten() {
            let term = builder.term(&word.text);
            builder.terms[term].custom.push(word.directions);
        }
        for managed in config.managed_lists.iter().flatten() {
            let words = match managed.list {
                ManagedWordList::Profanity => lists::profanity(),
            };
            for word in words {
                let term = builder.term(word);
                builder.terms[term].managed = Some(managed.directions);
            }
        }
        let longest = builder.keys.keys().map(Vec::len).max();
        Ok(Self {
            longest: longest.unwrap_or_default(),
            lexicon: Lexicon::new(builder.keys),
            terms: builder.terms,
        })
    }

    /// How far a word or phrase reaches in the text, also with its letters set apart, in bytes.
    pub(crate) fn reach(&self) -> usize {
        2 * self.longest
    }
}

#[derive(Default)]
struct Builder {
    keys: HashMap<Vec<u8>, usize>,
    terms: Vec<Term>,
}

impl Builder {
    /// The term that `text` spells, known by its own spelling and by its canonical one.
    fn term(&mut self, text: &str) -> usize {
        let own = key(text);
        if let Some(term) = self.keys.get(&own) {
            return *term;
        }
        let term = self.terms.len();
        self.terms.push(Term::default());
        self.keys.insert(own, term);
        if !text.is_ascii() {
            let views = Views::of(text);
            let mut views = views.iter();
            if let Some(view) = views.find(|view| view.kind() == ViewKind::Canonical) {
                self.keys.entry(key(view.text())).or_insert(term);
            }
        }
        term
    }
}

#[cfg(test)]
mod tests;
