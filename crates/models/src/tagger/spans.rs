//! From a probability per token and tag to spans of personal data. Pure.
//!
//! Tokens are joined to words, so that a value never ends within one. A word is of the likeliest type
//! that reaches its threshold. Words of one type that follow each other, with nothing but punctuation
//! between them, are one value, unless the later one begins a value of its own. What cannot be a value of
//! the type for its characters (a PIN without digits) is dropped.

use super::calibration::Calibration;
use pretil_guardrail::{config::PiiType, detect::TaggedSpan};
use std::ops::Range;

/// The least probability of a class that is never reported (places, organisations) to be preferred.
const OTHER_THRESHOLD: f32 = 0.5;
/// A word that follows one of its type by a mere space begins a value of its own from here.
const BEGINS_AFTER_SPACE: f32 = 0.8;
/// Words without letters or digits that a value may run over.
const LONGEST_GAP: usize = 3;
/// An address without any digit is reported from this confidence.
const ADDRESS_WITHOUT_DIGIT: f32 = 0.85;

/// The tags of the model: `O`, and `B-` and `I-` of each class.
#[derive(Clone, Debug)]
pub(super) struct Scheme {
    tags: usize,
    classes: Vec<Class>,
    types: Vec<PiiType>,
}

#[derive(Clone, Debug)]
struct Class {
    /// `None` for places and organisations: learnt to tell them from addresses and names, not reported.
    entity: Option<PiiType>,
    begin: usize,
    inside: usize,
}

impl Scheme {
    /// `None` if `labels` are not those of a tagger.
    pub(super) fn new(labels: &[String]) -> Option<Self> {
        let place = |tag: &str| labels.iter().position(|label| label == tag);
        place("O").filter(|place| *place == 0)?;
        let names = labels.iter().filter_map(|label| label.strip_prefix("B-"));
        let classes = names.map(|name| {
            let mut types = PiiType::ALL.iter();
            Some(Class {
                entity: types.find(|entity| entity.as_str() == name).copied(),
                begin: place(&format!("B-{name}"))?,
                inside: place(&format!("I-{name}"))?,
            })
        });
        let classes: Vec<_> = classes.collect::<Option<_>>()?;
        let mut types: Vec<_> = classes.iter().filter_map(|class| class.entity).collect();
        types.sort_unstable();
        (labels.len() == 1 + 2 * classes.len()).then_some(Self {
            tags: labels.len(),
            classes,
            types,
        })
    }

    pub(super) fn tags(&self) -> usize {
        self.tags
    }

    pub(super) fn types(&self) -> &[PiiType] {
        &self.types
    }
}

/// The probability of every tag for one token.
#[derive(Clone, Debug)]
pub(super) struct TokenTags(Vec<f32>);

impl TokenTags {
    /// The softmax of one token's logits.
    pub(super) fn of(logits: &[f32]) -> Self {
        let highest = logits.iter().copied().fold(f32::MIN, f32::max);
        let mut tags: Vec<f32> = logits.iter().map(|logit| (logit - highest).exp()).collect();
        let sum: f32 = tags.iter().sum();
        for tag in &mut tags {
            *tag /= sum;
        }
        Self(tags)
    }
}

/// A run of tokens with no delimiter between them.
struct Word {
    range: Range<usize>,
    /// Index of its class and the probability of that class; `None`: of no class.
    class: Option<(usize, f32)>,
    /// The probability that it begins a value of its class.
    begins: f32,
    /// The probability that it continues one.
    continues: f32,
    /// Whether it holds a letter or digit.
    solid: bool,
}

/// The values in `text`, in order. `offsets` and `tokens` are those of its tokens, one each.
pub(super) fn decode(
    text: &str,
    offsets: &[Range<usize>],
    tokens: &[TokenTags],
    scheme: &Scheme,
    calibration: &Calibration,
) -> Vec<TaggedSpan> {
    let words = words(text, offsets, tokens, scheme, calibration);
    let mut spans = Vec::new();
    let mut value: Vec<&Word> = Vec::new();
    for word in &words {
        if value.last().is_some_and(|last| !goes_on(text, last, word)) {
            if word.class.is_none() && !word.solid {
                // Perhaps a gap: the next word decides.
                continue;
            }
            spans.extend(span(text, &value, scheme, calibration));
            value.clear();
        }
        if word.class.is_some() {
            value.push(word);
        }
    }
    spans.extend(span(text, &value, scheme, calibration));
    spans
}

fn words(
    text: &str,
    offsets: &[Range<usize>],
    tokens: &[TokenTags],
    scheme: &Scheme,
    calibration: &Calibration,
) -> Vec<Word> {
    let mut words = Vec::new();
    let mut first = 0;
    let tokens = &tokens[..tokens.len().min(offsets.len())];
    for index in 0..tokens.len() {
        let last = index + 1 == tokens.len();
        if last || !are_joined(text, &offsets[index], &offsets[index + 1]) {
            let range = offsets[first].start..offsets[index].end;
            words.push(word(
                text,
                range,
                &tokens[first..=index],
                scheme,
                calibration,
            ));
            first = index + 1;
        }
    }
    words
}

/// Whether two neighbouring tokens are of one word.
fn are_joined(text: &str, one: &Range<usize>, next: &Range<usize>) -> bool {
    let before = text[one.clone()].chars().next_back();
    let after = text[next.clone()].chars().next();
    one.end == next.start
        && before.is_some_and(char::is_alphanumeric)
        && after.is_some_and(char::is_alphanumeric)
}

fn word(
    text: &str,
    range: Range<usize>,
    pieces: &[TokenTags],
    scheme: &Scheme,
    calibration: &Calibration,
) -> Word {
    let mean = |tag: usize| {
        let sum: f32 = pieces.iter().map(|piece| piece.0[tag]).sum();
        sum / pieces.len() as f32
    };
    let of = |class: &Class| mean(class.begin) + mean(class.inside);
    let least = |class: &Class| {
        let threshold = class.entity.map(|entity| calibration.threshold(entity));
        threshold.unwrap_or(OTHER_THRESHOLD)
    };
    let likely = scheme.classes.iter().enumerate();
    let likely = likely.map(|(index, class)| (index, of(class), least(class)));
    let class = likely
        .filter(|(_, probability, least)| probability >= least)
        .max_by(|one, other| one.1.total_cmp(&other.1))
        .map(|(index, probability, _)| (index, probability));
    let at_start = |tag: usize| pieces.first().map_or(0.0, |piece| piece.0[tag]);
    let chosen = class.map(|(index, _)| &scheme.classes[index]);
    Word {
        begins: chosen.map_or(0.0, |class| at_start(class.begin)),
        continues: chosen.map_or(0.0, |class| at_start(class.inside)),
        solid: text[range.clone()].contains(char::is_alphanumeric),
        range,
        class,
    }
}

/// Whether `next` belongs to the value that `last` is the last word of.
fn goes_on(text: &str, last: &Word, next: &Word) -> bool {
    let (Some((class, _)), Some((next_class, _))) = (last.class, next.class) else {
        return false;
    };
    let gap = &text[last.range.end..next.range.start];
    let marks = gap.chars().filter(|sign| !sign.is_whitespace()).count();
    if class != next_class || marks > LONGEST_GAP || gap.contains(char::is_alphanumeric) {
        return false;
    }
    if gap == " " || gap.is_empty() {
        return next.begins < BEGINS_AFTER_SPACE;
    }
    next.begins < next.continues
}

/// The value that `words` make, if they make one.
fn span(
    text: &str,
    words: &[&Word],
    scheme: &Scheme,
    calibration: &Calibration,
) -> Option<TaggedSpan> {
    let (first, last) = (words.first()?, words.last()?);
    let entity = scheme.classes[first.class?.0].entity?;
    let sum: f32 = words.iter().filter_map(|word| Some(word.class?.1)).sum();
    let score = calibration.confidence(entity, sum / words.len() as f32)?;
    let range = trim(text, first.range.start..last.range.end, entity);
    is_value(&text[range.clone()], entity, score).then_some(TaggedSpan {
        range,
        entity,
        score,
    })
}

/// Titles that are no part of a name, lower case, without their full stop.
const TITLES: &[&str] = &[
    "mr",
    "mrs",
    "ms",
    "miss",
    "mx",
    "dr",
    "dra",
    "prof",
    "professor",
    "sir",
    "madam",
    "sr",
    "sra",
    "srta",
    "don",
    "doña",
    "mme",
    "mlle",
    "monsieur",
    "madame",
    "herr",
    "frau",
    "sig",
    "signor",
    "signora",
    "dott",
    "senhor",
    "senhora",
    "dona",
    "señor",
    "señora",
];

/// `range` without what surrounds a value: space, quotes, punctuation, a title.
fn trim(text: &str, range: Range<usize>, entity: PiiType) -> Range<usize> {
    let quotes = |sign: char| sign.is_whitespace() || "\"'`“”„«»‘’<>".contains(sign);
    let marks = |sign: char| quotes(sign) || ",;:|*_()[]{}=".contains(sign);
    let is_secret = entity == PiiType::Password;
    let mut range = if is_secret {
        strip(text, range, quotes, quotes)
    } else if entity == PiiType::Username {
        strip(
            text,
            range,
            |sign| marks(sign) && sign != '_',
            |sign| marks(sign) && sign != '_',
        )
    } else {
        strip(
            text,
            range,
            |sign| marks(sign) || ".-/".contains(sign),
            marks,
        )
    };
    if entity == PiiType::Username && text[..range.start].ends_with('@') {
        range.start -= 1;
    }
    if !is_secret
        && text[range.clone()].ends_with('.')
        && !ends_in_abbreviation(&text[range.clone()])
    {
        range.end -= 1;
    }
    if entity == PiiType::Name {
        range = without_title(text, range);
    }
    range
}

fn strip(
    text: &str,
    range: Range<usize>,
    before: impl Fn(char) -> bool,
    after: impl Fn(char) -> bool,
) -> Range<usize> {
    let value = &text[range.clone()];
    let start = range.start + (value.len() - value.trim_start_matches(before).len());
    let end = range.end - (value.len() - value.trim_end_matches(after).len());
    start..end.max(start)
}

/// Whether the full stop at the end is that of an initial or a short form ("J.", "Jr.", "St.").
fn ends_in_abbreviation(value: &str) -> bool {
    let word = value.trim_end_matches('.');
    let last = word.rsplit([' ', '.', '\n']).next().unwrap_or_default();
    let capital = last.starts_with(char::is_uppercase);
    capital && (1..=2).contains(&last.chars().count())
}

fn without_title(text: &str, range: Range<usize>) -> Range<usize> {
    let value = &text[range.clone()];
    let Some((word, rest)) = value.split_once([' ', '\u{a0}']) else {
        return range;
    };
    let title = word.trim_end_matches('.').to_lowercase();
    if rest.trim().is_empty() || !TITLES.contains(&title.as_str()) {
        return range;
    }
    let start = range.end - rest.trim_start().len();
    without_title(text, start..range.end)
}

/// Whether the characters of `value` can be of the type at all.
fn is_value(value: &str, entity: PiiType, score: f32) -> bool {
    let digits = value.chars().filter(char::is_ascii_digit).count();
    let signs = value.chars().filter(|sign| sign.is_alphanumeric()).count();
    match entity {
        PiiType::Name => value.chars().any(char::is_alphabetic),
        PiiType::Address => signs > 2 && (digits > 0 || score >= ADDRESS_WITHOUT_DIGIT),
        PiiType::Age => (1..=3).contains(&digits),
        PiiType::Pin => (3..=12).contains(&digits),
        PiiType::DriverId => signs > 4 && digits > 2,
        PiiType::LicensePlate => signs > 2 && (digits > 0 || signs > 4),
        PiiType::Username => signs > 1,
        PiiType::Password => value.chars().count() > 2,
        _ => signs > 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CALIBRATION: &str =
        r#"{"thresholds": {"NAME": 0.5, "ADDRESS": 0.4}, "languages": ["en"]}"#;

    fn scheme() -> Scheme {
        let classes = [
            "NAME",
            "ADDRESS",
            "PIN",
            "USERNAME",
            "PASSWORD",
            "ORGANIZATION",
        ];
        let tags = classes
            .iter()
            .flat_map(|class| [format!("B-{class}"), format!("I-{class}")]);
        let labels: Vec<_> = std::iter::once("O".to_owned()).chain(tags).collect();
        Scheme::new(&labels).unwrap()
    }

    /// Words of `marked`, each with its tag after a `|`, and no tag for `O`; `_` joins pieces of a word.
    fn spans(marked: &[(&str, &str)]) -> Vec<(PiiType, String)> {
        let scheme = scheme();
        let calibration = Calibration::read(CALIBRATION).unwrap();
        let (mut text, mut offsets, mut tokens) = (String::new(), Vec::new(), Vec::new());
        for (piece, tag) in marked {
            let start = text.len() + (piece.len() - piece.trim_start().len());
            text.push_str(piece);
            offsets.push(start..start + piece.trim().len());
            let (tag, sure) = tag.split_once(':').unwrap_or((tag, "0.9"));
            let sure: f32 = sure.parse().unwrap();
            let mut tags = vec![0.0; scheme.tags()];
            let class = scheme.classes.iter().find(|class| {
                let name = class
                    .entity
                    .map_or("ORGANIZATION", |entity| entity.as_str());
                tag.get(2..) == Some(name)
            });
            let place = match class {
                None => 0,
                Some(class) if tag.starts_with("B-") => class.begin,
                Some(class) => class.inside,
            };
            tags[place] = sure;
            tags[0] += 1.0 - sure;
            tokens.push(TokenTags(tags));
        }
        let found = decode(&text, &offsets, &tokens, &scheme, &calibration);
        let found = found.into_iter();
        found
            .map(|span| (span.entity, text[span.range].to_owned()))
            .collect()
    }

    #[test]
    fn words_of_one_type_are_one_value() {
        let found = spans(&[
            ("I", "O"),
            (" am", "O"),
            (" Ja", "B-NAME"),
            ("ne", "I-NAME"),
            (" O", "I-NAME"),
            ("'", "I-NAME"),
            ("Neill", "I-NAME"),
            (".", "O"),
        ]);
        assert_eq!(found, [(PiiType::Name, "Jane O'Neill".to_owned())]);
    }

    #[test]
    fn an_address_runs_over_commas_and_lines() {
        let found = spans(&[
            ("12", "B-ADDRESS"),
            (" High", "I-ADDRESS"),
            (" Street", "I-ADDRESS"),
            (",", "O"),
            ("\nLeeds", "I-ADDRESS"),
            (" LS1", "I-ADDRESS"),
            ("\n14", "B-ADDRESS"),
            (" Low", "I-ADDRESS"),
            (" Road", "I-ADDRESS"),
        ]);
        let found: Vec<_> = found.iter().map(|(_, value)| value.as_str()).collect();
        assert_eq!(found, ["12 High Street,\nLeeds LS1", "14 Low Road"]);
    }

    #[test]
    fn two_names_are_two_values() {
        let found = spans(&[
            ("Ann", "B-NAME"),
            (",", "O"),
            (" Bob", "B-NAME"),
            (" and", "O"),
            (" Eve", "B-NAME"),
        ]);
        assert_eq!(found.len(), 3, "{found:?}");
    }

    #[test]
    fn a_title_is_no_part_of_a_name() {
        let found = spans(&[
            ("Dr", "B-NAME"),
            (".", "I-NAME"),
            (" Ann", "I-NAME"),
            (" J", "I-NAME"),
            (".", "I-NAME"),
        ]);
        assert_eq!(found, [(PiiType::Name, "Ann J.".to_owned())]);
    }

    #[test]
    fn a_word_is_decided_as_a_whole() {
        let found = spans(&[("Xi", "B-NAME:0.9"), ("mena", "O")]);
        assert!(found.is_empty(), "{found:?}");
        let found = spans(&[("Xi", "B-NAME:0.9"), ("mena", "I-NAME:0.3")]);
        assert_eq!(found, [(PiiType::Name, "Ximena".to_owned())]);
    }

    #[test]
    fn thresholds_are_per_type() {
        assert!(spans(&[("Ann", "B-NAME:0.45")]).is_empty());
        let address = spans(&[("12", "B-ADDRESS:0.45"), (" Elm", "I-ADDRESS:0.45")]);
        assert_eq!(address.len(), 1);
    }

    #[test]
    fn organisations_are_not_reported_and_impossible_values_neither() {
        assert!(spans(&[("Acme", "B-ORGANIZATION")]).is_empty());
        assert!(spans(&[("pin", "B-PIN")]).is_empty());
        assert!(spans(&[("Elm", "B-ADDRESS:0.6"), (" Street", "I-ADDRESS:0.6")]).is_empty());
        assert_eq!(spans(&[("4821", "B-PIN")]).len(), 1);
    }

    #[test]
    fn a_password_keeps_its_signs_and_a_handle_its_at() {
        let found = spans(&[
            ("Trout", "B-PASSWORD"),
            ("!", "I-PASSWORD"),
            ("9", "I-PASSWORD"),
            ("!", "I-PASSWORD"),
        ]);
        assert_eq!(found, [(PiiType::Password, "Trout!9!".to_owned())]);
        let found = spans(&[
            ("hi", "O"),
            (" @", "O"),
            ("ann", "B-USERNAME"),
            ("_", "I-USERNAME"),
            ("b", "I-USERNAME"),
        ]);
        assert_eq!(found, [(PiiType::Username, "@ann_b".to_owned())]);
    }

    #[test]
    fn labels_that_are_none_are_refused() {
        let labels = |labels: &[&str]| {
            labels
                .iter()
                .map(|label| (*label).to_owned())
                .collect::<Vec<_>>()
        };
        assert!(Scheme::new(&labels(&[])).is_none());
        assert!(Scheme::new(&labels(&["B-NAME", "I-NAME", "O"])).is_none());
        assert!(Scheme::new(&labels(&["O", "B-NAME"])).is_none());
        assert!(Scheme::new(&labels(&["O", "B-NAME", "I-NAME", "X"])).is_none());
        assert!(Scheme::new(&labels(&["O", "B-NAME", "I-NAME"])).is_some());
    }
}
