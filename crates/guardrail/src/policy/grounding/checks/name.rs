//! Names: words in capitals that do not begin a sentence, and acronyms.
//!
//! A name of the claim fails if neither source nor query hold it, or words that it abbreviates or derives
//! from. Titles, languages and headings in capitals are left alone.

use super::{Failed, Held};
use crate::verdict::CheckKind;
use pretil_text::WordForm;

/// Words that are written with a capital and name nobody.
const NO_NAMES: [&str; 78] = [
    "i",
    "mr",
    "mrs",
    "ms",
    "dr",
    "prof",
    "sir",
    "madam",
    "miss",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "mondays",
    "tuesdays",
    "wednesdays",
    "thursdays",
    "fridays",
    "saturdays",
    "sundays",
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "english",
    "spanish",
    "french",
    "german",
    "italian",
    "portuguese",
    "am",
    "pm",
    "ok",
    "no",
    "yes",
    "faq",
    "id",
    "pdf",
    "ai",
    "usd",
    "eur",
    "gbp",
    "chf",
    "cad",
    "aud",
    "mxn",
    "jpy",
    "sr",
    "sra",
    "srta",
    "don",
    "dona",
    "ud",
    "uds",
    "usted",
    "mme",
    "mlle",
    "monsieur",
    "madame",
    "note",
    "important",
    "nb",
    "tv",
    "us",
    "uk",
    "eu",
    "ue",
];

/// Letters that a name and a word of the source must share to be of one root: Spain, Spanish.
const ROOT: usize = 4;

/// The names of the claim that fail.
pub(super) fn check(held: &Held<'_>) -> Vec<Failed> {
    let shown = |word: &WordForm| &held.claim[word.range.clone()];
    let capital = |word: &WordForm| shown(word).starts_with(char::is_uppercase);
    let long = |word: &&WordForm| !word.is_number && word.form.chars().count() > 3;
    let words = held.words.iter().filter(long).count();
    let capitals = held
        .words
        .iter()
        .filter(long)
        .filter(|it| capital(it))
        .count();
    // A heading, where a capital says nothing.
    if words > 2 && capitals == words {
        return Vec::new();
    }
    let failing = held.words.iter().enumerate().filter(|(at, word)| {
        capital(word)
            && !begins_sentence(held.claim, word)
            && !NO_NAMES.contains(&word.form.as_str())
            && word.form.chars().count() > 1
            && !word.form.contains(|it: char| it.is_ascii_digit())
            && !is_known(held, word)
            // Both parts of "Müller-Lüdenscheidt" fail as one.
            && !(*at > 0 && capital(&held.words[at - 1]) && joined(held, *at) && !is_known(held, &held.words[at - 1]))
    });
    failing
        .map(|(_, word)| Failed {
            kind: CheckKind::Name,
            stretch: word.range.clone(),
            instead: None,
        })
        .collect()
}

/// Whether word `at` goes on with the name that the word before it begins.
fn joined(held: &Held<'_>, at: usize) -> bool {
    let before = &held.words[at - 1];
    let gap = &held.claim[before.range.end..held.words[at].range.start];
    !begins_sentence(held.claim, before) && [" ", "-", "'", "’"].contains(&gap)
}

/// Whether a capital is due to where the word stands.
fn begins_sentence(claim: &str, word: &WordForm) -> bool {
    let before = claim[..word.range.start].trim_end_matches(|it: char| {
        it.is_whitespace()
            || matches!(
                it,
                '"' | '“' | '«' | '(' | '‘' | '*' | '¿' | '¡' | '_' | '#'
            )
    });
    let apostrophe = before.ends_with(['\'', '’']) && before.chars().count() <= 2;
    before.is_empty()
        || apostrophe
        || before.ends_with([':', '.', '!', '?', '|', '-', '–', '—', '•', ';'])
}

fn is_known(held: &Held<'_>, word: &WordForm) -> bool {
    let (source, facts) = (held.source, held.facts);
    if source.holds(word) || facts.asks(word) {
        return true;
    }
    let shown = &held.claim[word.range.clone()];
    let is_acronym = shown.chars().count() <= 6 && !shown.contains(char::is_lowercase);
    if is_acronym {
        return abbreviates(held, &word.form);
    }
    if held.source.holds_form(&initials_around(held, word)) {
        return true;
    }
    // A possessive or plural, and a people by its country.
    let singular = word.form.strip_suffix('s').filter(|it| it.len() > 2);
    if singular.is_some_and(|form| source.holds_form(form)) {
        return true;
    }
    let root: String = word.form.chars().take(ROOT).collect();
    let derives = ["ish", "ese", "ian", "ean", "can", "ch", "an", "i"];
    derives.iter().any(|ending| word.form.ends_with(ending)) && source.holds_beginning(&root)
}

/// The initials of the name that `word` is part of: `la` for either word of "Los Angeles". Empty for a single
/// word.
fn initials_around(held: &Held<'_>, word: &WordForm) -> String {
    let capital = |word: &WordForm| held.claim[word.range.clone()].starts_with(char::is_uppercase);
    let Some(at) = held.words.iter().position(|it| it.range == word.range) else {
        return String::new();
    };
    let before = held.words[..at]
        .iter()
        .rev()
        .take_while(|it| capital(it))
        .count();
    let after = held.words[at..].iter().take_while(|it| capital(it)).count();
    if before + after < 2 {
        return String::new();
    }
    let name = &held.words[at - before..at + after];
    name.iter()
        .filter_map(|word| word.form.chars().next())
        .collect()
}

/// Whether the initials of words that follow each other in the evidence make the acronym.
fn abbreviates(held: &Held<'_>, acronym: &str) -> bool {
    let initials = |text: &str| -> String {
        let words = pretil_text::word_forms(text);
        let long = words
            .iter()
            .filter(|word| text[word.range.clone()].starts_with(char::is_uppercase));
        long.filter_map(|word| word.form.chars().next()).collect()
    };
    (0..held.source.units.len()).any(|unit| initials(held.source.text(unit)).contains(acronym))
}
