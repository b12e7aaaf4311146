//! Ordinary talk around an answer, in English, Spanish and French: greetings, offers, questions back,
//! refusals, announcements. It claims nothing of the source.
//!
//! A sentence is talk only if that is plain: every clause of it is put together from known phrases, or begins
//! like an offer or a refusal; and it holds no figure and no name that source and query do not know. Whatever
//! else is a claim: "Of course you can", "Sure, it is free", "The document does not say".

use pretil_text::{WordForm, word_forms};
use std::sync::LazyLock;

/// What is said of a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Talk {
    /// It claims nothing.
    Plain,
    /// It claims nothing beside other sentences; alone it says yes: "Of course!".
    Agreement,
    /// It claims something.
    No,
}

/// Phrases of which talk is made. `|` parts words of which one is there, `?` marks one that may be left out.
const PHRASES: &str = include_str!("talk/phrases.txt");

/// Phrases that agree.
const AGREEMENTS: &str = include_str!("talk/agreements.txt");

/// How a clause begins that offers, refuses or announces something, whatever it is about.
const BEGINNINGS: &str = include_str!("talk/beginnings.txt");

/// How a greeting begins. It may hold any name.
const GREETINGS: &str = include_str!("talk/greetings.txt");

/// Words that carry no fact beside such phrases.
const FILLERS: &str = include_str!("talk/fillers.txt");

/// How a question begins, in the languages that mark it by its first word.
const QUESTIONS: &str = include_str!("talk/questions.txt");

/// Words for the source. A refusal that names it says something of it.
const SOURCE_WORDS: &str = include_str!("talk/source_words.txt");

/// One word of a phrase.
struct Slot {
    words: Vec<String>,
    optional: bool,
}

/// A phrase, word by word.
type Phrase = Vec<Slot>;

struct Lexicon {
    phrases: Vec<Phrase>,
    agreements: Vec<Phrase>,
    beginnings: Vec<Phrase>,
    greetings: Vec<Phrase>,
    questions: Vec<Phrase>,
    fillers: Vec<String>,
    source_words: Vec<String>,
}

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| Lexicon {
    phrases: phrases(PHRASES),
    agreements: phrases(AGREEMENTS),
    beginnings: phrases(BEGINNINGS),
    greetings: phrases(GREETINGS),
    questions: phrases(QUESTIONS),
    fillers: FILLERS.split_whitespace().map(str::to_owned).collect(),
    source_words: SOURCE_WORDS.split_whitespace().map(str::to_owned).collect(),
});

/// One phrase a line; lines that begin with `#` say what follows.
fn phrases(lines: &str) -> Vec<Phrase> {
    let lines = lines.lines().map(str::trim);
    let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(phrase).collect()
}

fn phrase(line: &str) -> Phrase {
    let slots = line.split_whitespace().map(|slot| {
        let words = slot.trim_end_matches('?');
        Slot {
            words: words.split('|').map(str::to_owned).collect(),
            optional: words.len() < slot.len(),
        }
    });
    slots.collect()
}

/// Words at the start of `words` that `phrase` takes, the most there can be.
fn taken(phrase: &[Slot], words: &[WordForm]) -> Option<usize> {
    let Some((slot, rest)) = phrase.split_first() else {
        return Some(0);
    };
    let first = words.first().filter(|word| slot.words.contains(&word.form));
    let with = first.and_then(|_| Some(1 + taken(rest, &words[1..])?));
    with.or_else(|| slot.optional.then(|| taken(rest, words)).flatten())
}

/// The most words that any of `phrases` takes at the start of `words`.
fn longest(phrases: &[Phrase], words: &[WordForm]) -> usize {
    let lengths = phrases.iter().filter_map(|phrase| taken(phrase, words));
    lengths.max().unwrap_or(0)
}

/// What `sentence` is. `is_known` says whether source or query hold a word.
pub(super) fn talk(sentence: &str, is_known: &dyn Fn(&WordForm) -> bool) -> Talk {
    let lexicon = &*LEXICON;
    let sentence = sentence.trim_end_matches(|it: char| !(it.is_alphanumeric() || it == '?'));
    if sentence.ends_with('?') {
        return question(sentence, is_known);
    }
    let clauses: Vec<_> = clauses(sentence).collect();
    let judged: Vec<_> = clauses
        .iter()
        .map(|clause| Clause::of(clause, is_known, lexicon))
        .filter(|clause| *clause != Clause::Empty)
        .collect();
    let offers = judged.contains(&Clause::Begins);
    let plain = |clause: &Clause| match clause {
        Clause::Condition => offers,
        Clause::Claim => false,
        Clause::Empty | Clause::Fills | Clause::Agrees | Clause::Begins | Clause::Talks => true,
    };
    let says = |clause: &Clause| *clause != Clause::Fills;
    if !judged.iter().all(plain) || !judged.iter().any(says) {
        return Talk::No;
    }
    let only_agrees = |clause: &Clause| matches!(clause, Clause::Agrees | Clause::Fills);
    if judged.iter().all(only_agrees) {
        Talk::Agreement
    } else {
        Talk::Plain
    }
}

/// A question asserts nothing, unless it only ends like one: "It is free, right?".
fn question(sentence: &str, is_known: &dyn Fn(&WordForm) -> bool) -> Talk {
    let lexicon = &*LEXICON;
    if let Some((before, _)) = sentence.split_once('¿') {
        let silent = before.trim().is_empty() || talk(before, is_known) != Talk::No;
        return if silent { Talk::Plain } else { Talk::No };
    }
    let mut asked = false;
    for clause in clauses(sentence) {
        let words = word_forms(clause);
        if words.is_empty() {
            continue;
        }
        if longest(&lexicon.questions, &words) > 0 {
            asked = true;
            break;
        }
        let talks = matches!(
            Clause::of(clause, is_known, lexicon),
            Clause::Agrees | Clause::Begins | Clause::Talks | Clause::Condition
        );
        if !talks {
            return Talk::No;
        }
    }
    if asked { Talk::Plain } else { Talk::No }
}

fn clauses(sentence: &str) -> impl Iterator<Item = &str> {
    // An apostrophe, a hyphen and a separator inside a figure part no clauses.
    let ends = |(at, it): (usize, char)| {
        let spaced = sentence[at + it.len_utf8()..].starts_with(char::is_whitespace);
        matches!(it, '!' | ';' | '–' | '—') || (matches!(it, ',' | ':' | '.' | '-') && spaced)
    };
    let mut start = 0;
    let mut ends: Vec<usize> = sentence
        .char_indices()
        .filter(|&it| ends(it))
        .map(|(at, it)| at + it.len_utf8())
        .collect();
    ends.push(sentence.len());
    ends.into_iter().map(move |end| {
        let clause = &sentence[start..end];
        start = end;
        clause
    })
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Clause {
    /// No words.
    Empty,
    /// Words without facts, and no phrase.
    Fills,
    /// Phrases that agree, and nothing else.
    Agrees,
    /// Begins like an offer, a refusal or an announcement.
    Begins,
    /// Made of phrases.
    Talks,
    /// "If you need more about your account".
    Condition,
    /// Anything else.
    Claim,
}

impl Clause {
    fn of(clause: &str, is_known: &dyn Fn(&WordForm) -> bool, lexicon: &Lexicon) -> Self {
        let words = word_forms(clause);
        let is_figure = |word: &WordForm| word.form.contains(|it: char| it.is_ascii_digit());
        if words.is_empty() {
            return Self::Empty;
        }
        if words.iter().any(is_figure) {
            return Self::Claim;
        }
        if longest(&lexicon.greetings, &words) > 0 && is_greeting(clause, &words, lexicon) {
            return Self::Talks;
        }
        let begins = longest(&lexicon.beginnings, &words);
        match Self::made_of_phrases(&words, lexicon) {
            Self::Claim => {}
            Self::Talks if begins > 0 => return Self::Begins,
            made => return made,
        }
        let is_name = |word: &WordForm| {
            word.range.start > 0
                && clause[word.range.clone()].starts_with(char::is_uppercase)
                && word.form.chars().count() > 1
                && !is_known(word)
        };
        let smuggles = |word: &WordForm| {
            ["that", "because", "since", "que", "porque", "car"].contains(&word.form.as_str())
        };
        let of_source = |word: &WordForm| lexicon.source_words.contains(&word.form);
        if begins > 0
            && !words.iter().any(is_name)
            && !words[begins..].iter().any(smuggles)
            && !words[begins..].iter().any(of_source)
        {
            return Self::Begins;
        }
        let conditional = ["if", "should", "si"].contains(&words[0].form.as_str());
        if conditional && !words.iter().any(is_name) {
            return Self::Condition;
        }
        Self::Claim
    }

    fn made_of_phrases(words: &[WordForm], lexicon: &Lexicon) -> Self {
        let (mut at, mut phrases, mut agreements) = (0, 0, 0);
        while at < words.len() {
            let phrase = longest(&lexicon.phrases, &words[at..]);
            let agreement = longest(&lexicon.agreements, &words[at..]);
            if phrase >= agreement && phrase > 0 {
                phrases += 1;
                at += phrase;
            } else if agreement > 0 {
                agreements += 1;
                at += agreement;
            } else if lexicon.fillers.contains(&words[at].form) {
                at += 1;
            } else {
                return Self::Claim;
            }
        }
        match (phrases, agreements) {
            (0, 0) => Self::Fills,
            (0, _) => Self::Agrees,
            _ => Self::Talks,
        }
    }
}

/// Whether nothing but names and words without facts follow a greeting.
fn is_greeting(clause: &str, words: &[WordForm], lexicon: &Lexicon) -> bool {
    let rest = &words[longest(&lexicon.greetings, words)..];
    rest.iter().all(|word| {
        let shown = &clause[word.range.clone()];
        shown.starts_with(char::is_uppercase) || lexicon.fillers.contains(&word.form)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Deserialize)]
    struct Cases {
        plain: Vec<String>,
        agreement: Vec<String>,
        claim: Vec<String>,
    }

    #[test]
    fn talk_is_told_from_claims() {
        let cases: Cases = serde_json::from_str(include_str!("talk/cases.json")).unwrap();
        let known = word_forms("FlexiSave Harrowgate Mutual fee");
        let is_known = |word: &WordForm| known.iter().any(|it| it.is_same(word));
        let expected = [
            (cases.plain, Talk::Plain),
            (cases.agreement, Talk::Agreement),
            (cases.claim, Talk::No),
        ];
        let mut wrong = Vec::new();
        for (sentences, expected) in expected {
            for sentence in sentences {
                let found = talk(&sentence, &is_known);
                if found != expected {
                    wrong.push(format!("{sentence} is {found:?} and not {expected:?}"));
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}
