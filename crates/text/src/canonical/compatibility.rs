//! Cluster by cluster: NFKC where it is safe, invisible characters dropped, stylised letters
//! made plain, stacked marks stripped from Latin, Greek and Cyrillic letters.

use super::letters::{is_flag, nfkc, regional_letter, small_capital, stylised};
use crate::character::{
    BRAILLE_BLANK, is_bidi_embedding, is_default_ignorable, is_directional_mark, is_idle_control,
    is_inert, is_mark, is_pictograph, is_regional_indicator, is_right_to_left, is_script_free_mark,
    is_spelling_mark, is_tag, is_variation_selector, joins_letters, script,
};
use crate::derive::token::runs;
use crate::map::{Builder, Outcome, Parent};
use icu_properties::props::Script;
use std::ops::Range;
use unicode_segmentation::UnicodeSegmentation;

/// Both a circled letter and, after another rule, an emoji.
const CIRCLED_M: char = '\u{24C2}';

/// What a backspace or a delete character does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Backspace {
    /// Takes back the character before it, as on a terminal.
    TakesBack,
    /// Nothing: it is only dropped, as a model that knows no terminals may read it.
    Dropped,
}

/// The folded text, of at most `limit` bytes.
pub(super) fn fold(parent: Parent<'_>, backspace: Backspace, limit: usize) -> Outcome {
    let text = parent.text;
    if text.chars().all(is_inert) {
        return Outcome::Same;
    }
    let flags = FlagRuns::of(text);
    let mut fold = Fold {
        text,
        backspace,
        flags,
        out: Builder::new(parent, limit),
    };
    let mut position = 0;
    while position < text.len() {
        let inert = inert_run(&text[position..]);
        fold.out.keep(position..position + inert);
        position += inert;
        position = fold.clusters_from(position);
    }
    fold.out.finish()
}

/// Bytes at the start of `text` that stand for themselves: up to the last inert character before
/// one that is not, since that one may carry marks.
fn inert_run(text: &str) -> usize {
    let mut previous = 0;
    for (offset, character) in text.char_indices() {
        if !is_inert(character) {
            return previous;
        }
        previous = offset;
    }
    text.len()
}

struct Fold<'p> {
    text: &'p str,
    backspace: Backspace,
    flags: FlagRuns,
    out: Builder<'p>,
}

impl Fold<'_> {
    /// Folds the clusters from `position` to the next stretch of inert characters; where it starts.
    fn clusters_from(&mut self, position: usize) -> usize {
        let mut inert_clusters = 0;
        for (offset, cluster) in self.text[position..].grapheme_indices(true) {
            let start = position + offset;
            if cluster.chars().all(is_inert) {
                inert_clusters += 1;
                // Two in a row: the first stands for itself, and the second is where to go on.
                if inert_clusters == 2 {
                    return start;
                }
            } else {
                inert_clusters = 0;
            }
            self.cluster(start..start + cluster.len());
        }
        self.text.len()
    }

    fn cluster(&mut self, range: Range<usize>) {
        let cluster = &self.text[range.clone()];
        if cluster.chars().all(is_inert) {
            return self.out.keep(range);
        }
        if matches!(cluster, "\u{8}" | "\u{7F}") {
            if self.backspace == Backspace::TakesBack {
                self.out.take_back();
            }
            return;
        }
        if cluster.starts_with(is_regional_indicator) {
            return self.regional_indicators(range);
        }
        let shown: String = cluster
            .char_indices()
            .filter(|(offset, character)| !self.is_dropped(range.start + offset, *character))
            .map(|(_, character)| character)
            .collect();
        let plain = self.plain(&shown, &range);
        self.out.put(&plain, range);
    }

    fn regional_indicators(&mut self, range: Range<usize>) {
        if !self.flags.are_letters(range.start) {
            return self.out.keep(range);
        }
        let letters: String = self.text[range.clone()]
            .chars()
            .filter_map(regional_letter)
            .collect();
        self.out.put(&letters, range);
    }

    /// The plain form of what shows of one cluster.
    fn plain(&self, shown: &str, range: &Range<usize>) -> String {
        let Some(base) = shown.chars().next() else {
            return String::new();
        };
        if is_pictograph(base) && stylised(base).is_none() && base != CIRCLED_M {
            return shown.to_owned();
        }
        match script(base) {
            // Variants of Greek letters that NFKC would make other letters, not the ones they look like.
            Script::Greek if matches!(base, '\u{3D0}'..='\u{3FF}') => without_marks(shown),
            Script::Latin | Script::Greek | Script::Cyrillic => self.plain_letters(shown, range),
            Script::Common | Script::Inherited => self.plain_common(shown, base, range),
            Script::Hangul | Script::Katakana | Script::Hiragana | Script::Arabic
                if shown.chars().any(is_presentation_form) =>
            {
                nfkc(shown).into_owned()
            }
            _ => shown.to_owned(),
        }
    }

    /// Letters with the marks of their spelling only, stylised ones plain.
    fn plain_letters(&self, shown: &str, range: &Range<usize>) -> String {
        let spelt: String = shown
            .chars()
            .filter(|character| !is_script_free_mark(*character) || is_spelling_mark(*character))
            .collect();
        without_marks(&nfkc(&spelt))
            .chars()
            .map(|character| match character {
                // Small capitals have no q: o with ogonek stands in.
                '\u{1EB}'
                    if self.has_neighbour(range.start, character, |other| {
                        small_capital(other).is_some()
                    }) =>
                {
                    'q'
                }
                _ => small_capital(character).unwrap_or(character),
            })
            .collect()
    }

    /// Digits, punctuation, symbols: plain where they show a letter or digit, or stand among letters
    /// that are themselves stylised. Typographic punctuation of ordinary text stays.
    fn plain_common(&self, shown: &str, base: char, range: &Range<usize>) -> String {
        if let Some(letter) = stylised(base) {
            return letter.to_string();
        }
        let bare = without_marks(shown);
        if base.is_ascii() || bare.is_empty() {
            return bare;
        }
        let normal = nfkc(&bare);
        let mut characters = normal.chars();
        let single = characters.next().filter(|_| characters.next().is_none());
        match single {
            Some(single) if single.is_ascii_alphanumeric() => single.to_string(),
            // U+3000 is how Chinese and Japanese write a space.
            Some(' ') if base != '\u{3000}' => " ".to_owned(),
            Some(single) if single.is_ascii() && self.is_among_stylised(range) => {
                single.to_string()
            }
            // Dashes, dots and signs that show as the ASCII ones and are in no common use.
            Some(single)
                if single.is_ascii() && matches!(base, '\u{2024}' | '\u{FE50}'..='\u{FE6B}') =>
            {
                single.to_string()
            }
            _ => enclosed_number(base, &normal).unwrap_or(bare),
        }
    }

    /// Whether a full-width or otherwise stylised letter or digit, or an ASCII one on both sides,
    /// stands next to the cluster at `range`.
    fn is_among_stylised(&self, range: &Range<usize>) -> bool {
        let before = self.text[..range.start].chars().next_back();
        let after = self.text[range.end..].chars().next();
        let is_stylised = |character: Option<char>| {
            character.is_some_and(|character| {
                matches!(character, '\u{FF10}'..='\u{FF19}' | '\u{FF21}'..='\u{FF3A}' | '\u{FF41}'..='\u{FF5A}' | '\u{1D400}'..='\u{1D7FF}')
            })
        };
        let is_plain = |character: Option<char>| {
            character.is_some_and(|character| character.is_ascii_alphanumeric())
        };
        is_stylised(before) || is_stylised(after) || (is_plain(before) && is_plain(after))
    }

    /// Whether the character at `position` does not show and changes nothing for what does.
    fn is_dropped(&self, position: usize, character: char) -> bool {
        if character.is_ascii() {
            return is_idle_control(character);
        }
        if character == BRAILLE_BLANK {
            return !self.has_neighbour(position, character, |other| {
                script(other) == Script::Braille && other != BRAILLE_BLANK
            });
        }
        if is_idle_control(character) || is_bidi_embedding(character) {
            return true;
        }
        if is_directional_mark(character) {
            return !self
                .has_neighbour(position, character, |other| is_right_to_left(script(other)));
        }
        if !is_default_ignorable(character) {
            return false;
        }
        let before = self.text[..position].chars().next_back();
        match character {
            '\u{200C}' => !before.is_some_and(joins),
            '\u{200D}' => !before.is_some_and(|before| joins(before) || belongs_to_emoji(before)),
            '\u{FE0E}' | '\u{FE0F}' => {
                !before.is_some_and(is_pictograph) || before.is_some_and(|before| before.is_ascii())
            }
            _ if is_variation_selector(character) => {
                before.is_none_or(|before| script(before) != Script::Han)
            }
            _ if is_tag(character) => !is_flag_tag(self.text, position),
            '\u{180B}'..='\u{180F}' => {
                before.is_none_or(|before| script(before) != Script::Mongolian)
            }
            '\u{115F}' | '\u{1160}' => !self.has_neighbour(
                position,
                character,
                |other| matches!(other, '\u{1100}'..='\u{115E}' | '\u{1161}'..='\u{11FF}'),
            ),
            '\u{17B4}' | '\u{17B5}' => script(before.unwrap_or(' ')) != Script::Khmer,
            _ => true,
        }
    }

    fn has_neighbour(
        &self,
        position: usize,
        character: char,
        is_wanted: impl Fn(char) -> bool,
    ) -> bool {
        let before = self.text[..position].chars().next_back();
        let after = self.text[position + character.len_utf8()..].chars().next();
        before.is_some_and(&is_wanted) || after.is_some_and(&is_wanted)
    }
}

fn joins(character: char) -> bool {
    joins_letters(script(character))
        || (is_mark(character)
            && !is_default_ignorable(character)
            && !is_script_free_mark(character))
}

/// Pictographs and what may follow one inside an emoji: skin tones and the emoji selector.
fn belongs_to_emoji(character: char) -> bool {
    is_pictograph(character) || matches!(character, '\u{1F3FB}'..='\u{1F3FF}' | '\u{FE0F}')
}

/// Arabic and Hebrew presentation forms, half-width kana and Hangul, conjoining jamo.
fn is_presentation_form(character: char) -> bool {
    matches!(character, '\u{1100}'..='\u{11FF}' | '\u{A960}'..='\u{A97F}' | '\u{D7B0}'..='\u{D7FF}' | '\u{FB50}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFE}' | '\u{FF65}'..='\u{FFDC}')
}

/// Drops marks that belong to no script, such as zalgo and underlines, after composing what composes.
fn without_marks(text: &str) -> String {
    text.chars()
        .filter(|character| !is_script_free_mark(*character))
        .collect()
}

/// The digits of a circled, bracketed or dotted number.
fn enclosed_number(base: char, normal: &str) -> Option<String> {
    let is_enclosed = matches!(base, '\u{2460}'..='\u{24FF}' | '\u{1F100}'..='\u{1F10A}');
    let digits = normal.trim_matches(['(', ')', '.', ',']);
    (is_enclosed && !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| digits.to_owned())
}

/// The tag sequences of the three RGI subdivision flags: England, Scotland, Wales.
const FLAG_TAGS: [&str; 3] = [
    "\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}",
    "\u{E0067}\u{E0062}\u{E0073}\u{E0063}\u{E0074}\u{E007F}",
    "\u{E0067}\u{E0062}\u{E0077}\u{E006C}\u{E0073}\u{E007F}",
];

/// Whether the tag character at `position` is part of an RGI subdivision flag.
pub(crate) fn is_flag_tag(text: &str, position: usize) -> bool {
    const BLACK_FLAG: char = '\u{1F3F4}';
    const TAG_LENGTH: usize = '\u{E0067}'.len_utf8();
    (0..6).any(|before| {
        let Some(start) = position.checked_sub(before * TAG_LENGTH) else {
            return false;
        };
        text.get(..start)
            .is_some_and(|head| head.ends_with(BLACK_FLAG))
            && FLAG_TAGS.iter().any(|tags| text[start..].starts_with(tags))
    })
}

/// Runs of regional indicators that spell letters instead of flags.
#[derive(Debug, Default)]
struct FlagRuns {
    /// In order.
    letters: Vec<Range<usize>>,
}

impl FlagRuns {
    fn of(text: &str) -> Self {
        let runs: Vec<Range<usize>> = runs(text, is_regional_indicator).collect();
        let mut spells: Vec<bool> = runs
            .iter()
            .map(|run| !spells_flags(&text[run.clone()]))
            .collect();
        // Beside a run that spells letters, one that could be flags does too.
        let near = |first: usize, second: usize| runs[second].start - runs[first].end <= NEAR;
        for index in 1..runs.len() {
            spells[index] |= spells[index - 1] && near(index - 1, index);
        }
        for index in (1..runs.len()).rev() {
            spells[index - 1] |= spells[index] && near(index - 1, index);
        }
        let letters = runs
            .into_iter()
            .zip(spells)
            .filter(|(_, spells)| *spells)
            .map(|(run, _)| run)
            .collect();
        Self { letters }
    }

    fn are_letters(&self, position: usize) -> bool {
        let after = self.letters.partition_point(|run| run.start <= position);
        after > 0 && self.letters[after - 1].contains(&position)
    }
}

/// Longest gap between words of one text in regional indicators, in bytes.
const NEAR: usize = 4;

fn spells_flags(run: &str) -> bool {
    let letters: Vec<char> = run.chars().collect();
    letters.len().is_multiple_of(2)
        && letters
            .chunks_exact(2)
            .all(|pair| is_flag(pair[0], pair[1]))
}
