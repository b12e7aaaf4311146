//! The source as units, sentences that fit the judge's window, and where each word is in them.

use super::{
    Part,
    pieces::{fitting, whole_sentences},
};
use crate::policy::grounding::checks::number_word;
use pretil_text::{WordForm, word_forms};
use std::{collections::BTreeMap, ops::Range};

/// A unit takes at most this share of the judge's window, so that more than one fits.
const SHARES: usize = 2;

/// How much a word that is only like another counts as the same.
const ALIKE: f32 = 0.8;

/// A stretch of the source that is read or left as one.
#[derive(Clone, Debug)]
pub(super) struct Unit {
    /// Index into `Content::blocks`.
    pub(super) block: usize,
    /// In that block.
    pub(super) range: Range<usize>,
    /// Its length for the judge.
    pub(super) tokens: usize,
    /// The first unit of its block.
    pub(super) head: usize,
}

/// The source, and where its words are.
pub(super) struct Source<'c> {
    parts: &'c [Part<'c>],
    /// In the order of the blocks.
    pub(super) units: Vec<Unit>,
    /// For each form of a word the units that hold it, ascending.
    postings: BTreeMap<String, Vec<u32>>,
}

/// Where a word of a claim is in the source.
pub(super) struct Hits {
    /// Units with how much they hold it, ascending, each once.
    pub(super) units: Vec<(u32, f32)>,
    /// How rare it is among the units: 0 for a word that all hold, more the fewer do.
    pub(super) rarity: f32,
}

impl<'c> Source<'c> {
    pub(super) fn new(
        parts: &'c [Part<'c>],
        window: usize,
        tokens: &dyn Fn(&str) -> usize,
    ) -> Self {
        let mut source = Self {
            parts,
            units: Vec::new(),
            postings: BTreeMap::new(),
        };
        for part in parts {
            let head = source.units.len();
            for sentence in whole_sentences(part.text) {
                for range in fitting(part.text, sentence, (window / SHARES).max(1), tokens) {
                    source.add(*part, range, head, tokens);
                }
            }
        }
        source
    }

    fn add(
        &mut self,
        part: Part<'c>,
        range: Range<usize>,
        head: usize,
        tokens: &dyn Fn(&str) -> usize,
    ) {
        let index = self.units.len() as u32;
        let shown = &part.text[range.clone()];
        for word in word_forms(shown) {
            let number = number_word(&word.form).map(|number| number.to_string());
            for form in std::iter::once(word.form).chain(number) {
                let units = self.postings.entry(form).or_default();
                if units.last() != Some(&index) {
                    units.push(index);
                }
            }
        }
        self.units.push(Unit {
            block: part.block,
            tokens: tokens(shown),
            range,
            head,
        });
    }

    /// The text of a unit.
    pub(super) fn text(&self, unit: usize) -> &'c str {
        let unit = &self.units[unit];
        let part = self.parts.iter().find(|part| part.block == unit.block);
        part.and_then(|part| part.text.get(unit.range.clone()))
            .unwrap_or_default()
    }

    /// Whether it holds the word, or one that is like it.
    pub(super) fn holds(&self, word: &WordForm) -> bool {
        self.postings.contains_key(&word.form) || self.alike(word).next().is_some()
    }

    /// Whether it holds exactly this form.
    pub(super) fn holds_form(&self, form: &str) -> bool {
        self.postings.contains_key(form)
    }

    /// Whether any of its words begins so.
    pub(super) fn holds_beginning(&self, beginning: &str) -> bool {
        self.starting(beginning.to_owned()).next().is_some()
    }

    /// Where the word is.
    pub(super) fn hits(&self, word: &WordForm) -> Hits {
        let mut units: BTreeMap<u32, f32> = BTreeMap::new();
        let number = number_word(&word.form).map(|number| number.to_string());
        for (_, found) in self.alike(word) {
            units.extend(found.iter().map(|&unit| (unit, ALIKE)));
        }
        for form in std::iter::once(&word.form).chain(&number) {
            let found = self.postings.get(form).into_iter().flatten();
            units.extend(found.map(|&unit| (unit, 1.0)));
        }
        let all = self.units.len() as f32;
        let rarity = ((all + 1.0) / (units.len() as f32 + 0.5)).ln();
        Hits {
            units: units.into_iter().collect(),
            rarity: rarity.max(0.0),
        }
    }

    fn alike(&self, word: &WordForm) -> impl Iterator<Item = (&String, &Vec<u32>)> {
        let stem = word.stem().map(str::to_owned);
        stem.into_iter().flat_map(|stem| self.starting(stem))
    }

    fn starting(&self, beginning: String) -> impl Iterator<Item = (&String, &Vec<u32>)> {
        self.postings
            .range(beginning.clone()..)
            .take_while(move |(form, _)| form.starts_with(&beginning))
    }
}
