//! Negations: the claim denies what the evidence says, or says what the evidence denies.
//!
//! Looked at is the word that a negation is about. It fails only where claim and best unit speak of much the
//! same, the claim has that word on one side of a negation only, and no unit of the evidence has it on
//! that side.

use super::{Failed, Held, has_any};
use crate::verdict::CheckKind;
use pretil_text::{WordForm, word_forms};

/// Words that deny, in the three languages.
const NEGATIONS: [&str; 36] = [
    "not", "no", "never", "none", "neither", "nor", "without", "cannot", "cant", "dont", "doesnt",
    "didnt", "isnt", "arent", "wasnt", "werent", "wont", "nothing", "nobody", "nowhere", "nunca",
    "jamas", "ningun", "ninguna", "ninguno", "sin", "tampoco", "ni", "nada", "nadie", "pas",
    "jamais", "aucun", "aucune", "sans", "rien",
];

/// Words that a negation may be followed by before what it is about.
const LINKS: [&str; 62] = [
    "a", "an", "the", "any", "be", "been", "is", "are", "was", "were", "to", "of", "in", "at",
    "on", "for", "have", "has", "had", "do", "does", "did", "need", "there", "it", "yet", "un",
    "una", "unos", "unas", "el", "la", "los", "las", "de", "del", "se", "es", "son", "hay", "esta",
    "estan", "ha", "han", "ser", "que", "le", "les", "l", "d", "des", "du", "est", "sont", "ete",
    "etre", "y", "plus", "par", "your", "su", "votre",
];

/// "Only guests use it" denies it of others.
const ONLY: [&str; 12] = [
    "only",
    "just",
    "except",
    "unless",
    "solo",
    "solamente",
    "unicamente",
    "salvo",
    "excepto",
    "seulement",
    "uniquement",
    "sauf",
];

/// How far a word is from its negation at most.
const REACH: usize = 4;

/// Claim and unit speak of the same if they share so much of the claim's words.
const SHARED: f32 = 0.6;

/// Whether a word denies.
pub(in crate::policy::grounding) fn denies(word: &WordForm) -> bool {
    NEGATIONS.contains(&word.form.as_str())
}

/// A word of a text, and whether a negation is about it.
struct Told<'w> {
    word: &'w WordForm,
    denied: bool,
}

/// Which words are denied.
fn denied(text: &str, words: &[WordForm]) -> Vec<usize> {
    let mut denied = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let contracted = word.form == "t"
            && at > 0
            && text[..word.range.start].ends_with(['\'', '’'])
            && words[at - 1].form.ends_with('n');
        if !denies(word) && !contracted {
            continue;
        }
        let following = (at + 1..words.len()).take(REACH);
        let about = following
            .take_while(|&next| !ends_clause(text, &words[next - 1], &words[next]))
            .find(|&next| !LINKS.contains(&words[next].form.as_str()) && !denies(&words[next]));
        // In French the verb stands before "pas": "n'est pas gratuit", "ne paient pas".
        let before = at
            .checked_sub(1)
            .filter(|_| ["pas", "jamais"].contains(&word.form.as_str()));
        let before = before.filter(|&it| !LINKS.contains(&words[it].form.as_str()));
        denied.extend(about);
        denied.extend(before);
    }
    denied
}

fn ends_clause(text: &str, before: &WordForm, after: &WordForm) -> bool {
    text[before.range.end..after.range.start].contains([',', ';', ':', '.', '(', ')'])
}

fn read<'w>(text: &str, words: &'w [WordForm]) -> Vec<Told<'w>> {
    let denied = denied(text, words);
    let words = words.iter().enumerate();
    words
        .map(|(at, word)| Told {
            word,
            denied: denied.contains(&at),
        })
        .collect()
}

fn alike(one: &WordForm, other: &WordForm) -> bool {
    let plural = |one: &str, other: &str| other.strip_suffix('s') == Some(one);
    one.is_same(other)
        || one.is_alike(other)
        || other.is_alike(one)
        || plural(&one.form, &other.form)
        || plural(&other.form, &one.form)
}

/// Whether `word` occurs among `told` on the given side of a negation.
fn occurs(told: &[Told<'_>], word: &WordForm, denied: bool) -> bool {
    told.iter()
        .any(|it| it.denied == denied && alike(it.word, word))
}

/// The share of the claim's longer words that the unit holds.
fn shared(claim: &[Told<'_>], unit: &[Told<'_>]) -> f32 {
    let long = |it: &&Told<'_>| it.word.form.chars().count() > 3 && !denies(it.word);
    let all = claim.iter().filter(long).count();
    let found = claim.iter().filter(long);
    let found = found.filter(|it| unit.iter().any(|other| alike(it.word, other.word)));
    found.count() as f32 / all.max(1) as f32
}

/// The negations that fail.
pub(super) fn check(held: &Held<'_>) -> Vec<Failed> {
    let words: Vec<(usize, &str, Vec<WordForm>)> = held
        .evidence()
        .map(|(unit, text)| (unit, text, word_forms(text)))
        .collect();
    let evidence: Vec<(usize, Vec<Told<'_>>)> = words
        .iter()
        .map(|(unit, text, words)| (*unit, read(text, words)))
        .collect();
    let Some((_, best)) = evidence.iter().find(|(unit, _)| *unit == held.best) else {
        return Vec::new();
    };
    let claim = read(held.claim, held.words);
    if shared(&claim, best) < SHARED || has_any(held.words, &ONLY) {
        return Vec::new();
    }
    let anywhere = |word: &WordForm, denied: bool| {
        let close = evidence
            .iter()
            .filter(|(_, unit)| shared(&claim, unit) >= SHARED);
        close
            .into_iter()
            .any(|(_, unit)| occurs(unit, word, denied))
    };
    // Only one way per claim: what is denied on one side is said on the other.
    let denied_in_claim = claim.iter().filter(|it| it.denied).map(|it| it.word);
    let failed = denied_in_claim.filter(|word| {
        occurs(best, word, false) && !anywhere(word, true) && !occurs(&claim, word, false)
    });
    let mut failed: Vec<Failed> = failed
        .map(|word| Failed {
            kind: CheckKind::Negation,
            stretch: word.range.clone(),
            instead: counterpart(held.best, best, word),
        })
        .collect();
    if !failed.is_empty() {
        return failed;
    }
    let denied_in_best = best.iter().filter(|it| it.denied);
    for told in denied_in_best {
        let said = claim
            .iter()
            .find(|it| !it.denied && alike(it.word, told.word));
        let Some(said) = said else { continue };
        if !occurs(&claim, told.word, true) && !anywhere(told.word, false) {
            failed.push(Failed {
                kind: CheckKind::Negation,
                stretch: said.word.range.clone(),
                instead: Some((held.best, told.word.range.clone())),
            });
        }
    }
    failed
}

fn counterpart(
    unit: usize,
    told: &[Told<'_>],
    word: &WordForm,
) -> Option<(usize, std::ops::Range<usize>)> {
    let other = told.iter().find(|it| alike(it.word, word))?;
    Some((unit, other.word.range.clone()))
}
