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

/// Words that deny without a negation. Beside them nothing is sure.
const IMPLIED: [&str; 29] = [
    "absent",
    "lack",
    "lacks",
    "lacking",
    "otherwise",
    "naught",
    "unless",
    "except",
    "hardly",
    "barely",
    "fail",
    "fails",
    "failed",
    "unable",
    "refuse",
    "refused",
    "avoid",
    "avoids",
    "forbidden",
    "prohibited",
    "sinon",
    "sauf",
    "interdit",
    "interdite",
    "salvo",
    "excepto",
    "prohibido",
    "prohibida",
    "menos",
];

/// Words that a negation may be followed by before what it is about.
const LINKS: [&str; 69] = [
    "a", "an", "the", "any", "ne", "n", "m", "me", "s", "lo", "la", "be", "been", "is", "are",
    "was", "were", "to", "of", "in", "at", "on", "for", "have", "has", "had", "do", "does", "did",
    "need", "there", "it", "yet", "un", "una", "unos", "unas", "el", "la", "los", "las", "de",
    "del", "se", "es", "son", "hay", "esta", "estan", "ha", "han", "ser", "que", "le", "les", "l",
    "d", "des", "du", "est", "sont", "ete", "etre", "y", "plus", "par", "your", "su", "votre",
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
const SHARED: f32 = 0.7;

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
    // Where both deny something, it may be the same in other words.
    let denies_something = |told: &[Told<'_>]| told.iter().any(|it| it.denied || denies(it.word));
    let implied = |told: &[Told<'_>]| {
        let mut told = told.iter();
        told.any(|it| IMPLIED.contains(&it.word.form.as_str()))
    };
    let (in_claim, in_best) = (denies_something(&claim), denies_something(best));
    let asks = held.source.text(held.best).trim_end().ends_with('?');
    if in_claim == in_best || implied(&claim) || implied(best) || asks {
        return Vec::new();
    }
    let elsewhere = |word: &WordForm, denied: bool| {
        let mut close = evidence
            .iter()
            .filter(|(_, unit)| shared(&claim, unit) >= SHARED);
        close.any(|(_, unit)| occurs(unit, word, denied))
    };
    let (denying, saying) = if in_claim {
        (&claim, best)
    } else {
        (best, &claim)
    };
    let about = denying.iter().filter(|it| it.denied);
    let failed = about.filter_map(|told| {
        let said = saying.iter().find(|it| alike(it.word, told.word))?;
        let both = occurs(denying, told.word, false) || elsewhere(told.word, in_claim);
        let (here, there) = if in_claim { (told, said) } else { (said, told) };
        (!both).then(|| Failed {
            kind: CheckKind::Negation,
            stretch: here.word.range.clone(),
            instead: Some((held.best, there.word.range.clone())),
        })
    });
    failed.collect()
}
