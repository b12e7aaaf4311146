//! Figures: numbers with their units, money, percentages, number words.
//!
//! A figure of the claim fails if neither source nor query hold it: the same in another unit, another
//! writing, rounded, or as the sum, difference or product of two figures of the evidence.

use super::{Failed, Held, date};
use crate::verdict::CheckKind;
use pretil_text::{WordForm, word_forms};
use std::ops::Range;

/// A claim's figure that says "about" may be off by this share.
const ABOUT: f64 = 0.05;

/// So may one of a single digit before its zeros: "almost two thousand".
const ABOUT_LARGE: f64 = 0.1;

/// A rounded figure is off by at most this share.
const ROUNDED: f64 = 0.005;

/// Months and days are held against each other with this tolerance.
const CALENDAR: f64 = 0.04;

/// Figures of the evidence that are put together.
const MOST_COMBINED: usize = 32;

/// Numbers up to this, written as words and without a unit, count things and are not looked for.
const SMALL_COUNT: f64 = 3.0;

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Measure {
    /// Nothing is said of it.
    Plain,
    Percent,
    /// A currency by its letter code; empty where only "money" is known.
    Money(&'static str),
    /// In seconds.
    Time,
    /// In months.
    Months,
    /// In grams.
    Mass,
    /// In metres.
    Length,
    /// In litres.
    Volume,
    /// In bytes.
    Data,
    Temperature,
}

/// A figure of a text.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Quantity {
    /// Bytes of the text, the unit included.
    pub(super) range: Range<usize>,
    /// As written; two where the separator may be one of thousands or of decimals.
    values: [f64; 2],
    /// From the unit as written to that of the measure.
    factor: f64,
    measure: Measure,
    /// How fine it was written: 0.01 for two decimals, 100 for `1,200`.
    step: f64,
    /// "about", "roughly".
    about: bool,
    /// Written as words.
    worded: bool,
    /// "a year", "half an hour": held by a source, not looked for in a claim.
    indefinite: bool,
}

impl Quantity {
    /// The value as a year, if it can be one.
    pub(super) fn year(&self) -> Option<u32> {
        let value = self.values[0];
        (self.measure == Measure::Plain
            && value.fract() == 0.0
            && (1000.0..2200.0).contains(&value))
        .then_some(value as u32)
    }
}

/// The value of a number word in English, Spanish or French, in its compared form. Not for "one", which is
/// an article too.
pub(in crate::policy::grounding) fn number_word(form: &str) -> Option<u32> {
    small_number(form).filter(|&value| value > 1)
}

fn small_number(form: &str) -> Option<u32> {
    Some(match form {
        "zero" | "cero" => 0,
        "one" | "uno" | "un" | "una" | "une" => 1,
        "two" | "dos" | "deux" => 2,
        "three" | "tres" | "trois" => 3,
        "four" | "cuatro" | "quatre" => 4,
        "five" | "cinco" | "cinq" => 5,
        "six" | "seis" => 6,
        "seven" | "siete" | "sept" => 7,
        "eight" | "ocho" | "huit" => 8,
        "nine" | "nueve" | "neuf" => 9,
        "ten" | "diez" | "dix" => 10,
        "eleven" | "once" | "onze" => 11,
        "twelve" | "doce" | "douze" | "dozen" | "docena" | "douzaine" => 12,
        "thirteen" | "trece" | "treize" => 13,
        "fourteen" | "catorce" | "quatorze" => 14,
        "fifteen" | "quince" | "quinze" => 15,
        "sixteen" | "dieciseis" | "seize" => 16,
        "seventeen" | "diecisiete" => 17,
        "eighteen" | "dieciocho" => 18,
        "nineteen" | "diecinueve" => 19,
        "twenty" | "veinte" | "vingt" | "vingts" => 20,
        "veintiuno" | "veintiun" | "veintiuna" => 21,
        "veintidos" => 22,
        "veintitres" => 23,
        "veinticuatro" => 24,
        "veinticinco" => 25,
        "veintiseis" => 26,
        "veintisiete" => 27,
        "veintiocho" => 28,
        "veintinueve" => 29,
        "thirty" | "treinta" | "trente" => 30,
        "forty" | "cuarenta" | "quarante" => 40,
        "fifty" | "cincuenta" | "cinquante" => 50,
        "sixty" | "sesenta" | "soixante" => 60,
        "seventy" | "setenta" | "septante" => 70,
        "eighty" | "ochenta" | "huitante" | "octante" => 80,
        "ninety" | "noventa" | "nonante" => 90,
        "hundred" | "cien" | "ciento" | "cent" | "cents" | "centaine" | "centenar" => 100,
        "doscientos" | "doscientas" => 200,
        "trescientos" | "trescientas" => 300,
        "cuatrocientos" | "cuatrocientas" => 400,
        "quinientos" | "quinientas" => 500,
        "seiscientos" | "seiscientas" => 600,
        "setecientos" | "setecientas" => 700,
        "ochocientos" | "ochocientas" => 800,
        "novecientos" | "novecientas" => 900,
        _ => return None,
    })
}

/// "Once" is a word of English, and "cent" one of money: only beside other number words.
fn is_only_part(form: &str) -> bool {
    matches!(
        form,
        "once" | "cent" | "cents" | "second" | "un" | "una" | "une" | "one" | "uno"
    )
}

fn magnitude(form: &str) -> Option<f64> {
    Some(match form {
        "thousand" | "mil" | "mille" | "k" => 1e3,
        "million" | "millions" | "millon" | "millones" | "mio" | "mn" | "mln" => 1e6,
        "billion" | "billions" | "bn" | "milliard" | "milliards" => 1e9,
        "trillion" | "trillions" => 1e12,
        _ => return None,
    })
}

/// What a unit measures, and how much one of it is.
fn unit(form: &str) -> Option<(Measure, f64)> {
    use Measure::{Data, Length, Mass, Money, Months, Percent, Temperature, Time, Volume};
    Some(match form {
        "percent" | "percentage" | "pct" => (Percent, 1.0),
        "dollar" | "dollars" | "usd" | "dolar" | "dolares" => (Money("USD"), 1.0),
        "euro" | "euros" | "eur" => (Money("EUR"), 1.0),
        "pound" | "pounds" | "gbp" | "libra" | "libras" | "livre" | "livres" => (Money(""), 1.0),
        "peso" | "pesos" | "franc" | "francs" | "chf" | "yen" | "jpy" | "cad" | "aud" | "mxn" => {
            (Money(""), 1.0)
        }
        "second" | "seconds" | "sec" | "secs" | "segundo" | "segundos" | "seconde" | "secondes"
        | "s" => (Time, 1.0),
        "minute" | "minutes" | "min" | "mins" | "minuto" | "minutos" => (Time, 60.0),
        "hour" | "hours" | "hr" | "hrs" | "h" | "hora" | "horas" | "heure" | "heures" => {
            (Time, 3600.0)
        }
        "day" | "days" | "dia" | "dias" | "jour" | "jours" => (Time, 86_400.0),
        "week" | "weeks" | "semana" | "semanas" | "semaine" | "semaines" => (Time, 604_800.0),
        "fortnight" | "fortnights" | "quincena" | "quinzaine" => (Time, 1_209_600.0),
        "month" | "months" | "mes" | "meses" | "mois" => (Months, 1.0),
        "year" | "years" | "yr" | "yrs" | "ano" | "anos" | "an" | "ans" | "annee" | "annees" => {
            (Months, 12.0)
        }
        "mg" | "milligram" | "milligrams" | "miligramos" | "milligrammes" => (Mass, 1e-3),
        "mcg" | "ug" | "microgram" | "micrograms" => (Mass, 1e-6),
        "g" | "gr" | "gram" | "grams" | "gramme" | "grammes" | "gramo" | "gramos" => (Mass, 1.0),
        "kg" | "kgs" | "kilo" | "kilos" | "kilogram" | "kilograms" | "kilogramos"
        | "kilogrammes" => (Mass, 1e3),
        "ton" | "tons" | "tonne" | "tonnes" | "tonelada" | "toneladas" => (Mass, 1e6),
        "mm" | "millimetre" | "millimetres" | "millimeter" | "millimeters" | "milimetros" => {
            (Length, 1e-3)
        }
        "cm" | "centimetre" | "centimetres" | "centimeter" | "centimeters" | "centimetros" => {
            (Length, 1e-2)
        }
        "m" | "metre" | "metres" | "meter" | "meters" | "metro" | "metros" => (Length, 1.0),
        "km" | "kms" | "kilometre" | "kilometres" | "kilometer" | "kilometers" | "kilometros" => {
            (Length, 1e3)
        }
        "mile" | "miles" | "milla" | "millas" => (Length, 1609.344),
        "ml" | "millilitre" | "millilitres" | "milliliter" | "milliliters" | "mililitros" => {
            (Volume, 1e-3)
        }
        "cl" => (Volume, 1e-2),
        "dl" => (Volume, 1e-1),
        "l" | "litre" | "litres" | "liter" | "liters" | "litro" | "litros" => (Volume, 1.0),
        "kb" => (Data, 1e3),
        "mb" => (Data, 1e6),
        "gb" => (Data, 1e9),
        "tb" => (Data, 1e12),
        "degree" | "degrees" | "grados" | "degres" | "celsius" => (Temperature, 1.0),
        _ => return None,
    })
}

fn symbol(character: char) -> Option<(Measure, f64)> {
    Some(match character {
        '%' => (Measure::Percent, 1.0),
        '‰' => (Measure::Percent, 0.1),
        '$' => (Measure::Money("USD"), 1.0),
        '€' => (Measure::Money("EUR"), 1.0),
        '£' => (Measure::Money("GBP"), 1.0),
        '¥' | '₹' | '₽' => (Measure::Money(""), 1.0),
        '°' => (Measure::Temperature, 1.0),
        _ => return None,
    })
}

/// Words before a figure that make it an approximate one.
const ABOUT_WORDS: [&str; 30] = [
    "about",
    "around",
    "roughly",
    "approximately",
    "approx",
    "nearly",
    "almost",
    "some",
    "circa",
    "over",
    "under",
    "than",
    "unos",
    "unas",
    "aproximadamente",
    "alrededor",
    "cerca",
    "casi",
    "de",
    "que",
    "environ",
    "approximativement",
    "pres",
    "presque",
    "quelque",
    "autour",
    "d",
    "least",
    "most",
    "up",
];

/// The figures of `text` in order.
pub(super) fn quantities(text: &str) -> Vec<Quantity> {
    let words = word_forms(text);
    let mut found: Vec<Quantity> = Vec::new();
    let mut at = 0;
    while at < words.len() {
        match read(text, &words, at) {
            Some((quantity, next)) => {
                found.push(quantity);
                at = next;
            }
            None => at += 1,
        }
    }
    lend_units(text, &mut found);
    found
}

/// `text` with the spaces taken out of figures such as `1, 600` and `2. 4`, if it has any.
pub(super) fn without_spaces(text: &str) -> Option<String> {
    let inside = |at: usize| {
        let digit = |it: Option<char>| it.is_some_and(|it| it.is_ascii_digit());
        let before = text[..at].strip_suffix(['.', ',']);
        before.is_some_and(|before| digit(before.chars().next_back()))
            && digit(text[at + 1..].chars().next())
    };
    let mut spaces = text.match_indices(' ').map(|(at, _)| at);
    let first = spaces.find(|&at| inside(at))?;
    let mut joined = text[..first].to_owned();
    let mut from = first + 1;
    for at in spaces.filter(|&at| inside(at)) {
        joined.push_str(&text[from..at]);
        from = at + 1;
    }
    joined.push_str(&text[from..]);
    Some(joined)
}

/// The figure that begins with word `at`, and the word after it.
fn read(text: &str, words: &[WordForm], at: usize) -> Option<(Quantity, usize)> {
    let (mut quantity, mut next) = digits(text, words, at)
        .or_else(|| worded(text, words, at))
        .or_else(|| indefinite(words, at))?;
    while let Some(word) = words
        .get(next)
        .filter(|word| adjoins(text, quantity.range.end, word))
    {
        let Some(times) = magnitude(&word.form) else {
            break;
        };
        quantity.values = quantity.values.map(|value| value * times);
        quantity.step *= times;
        quantity.range.end = word.range.end;
        next += 1;
    }
    if quantity.measure == Measure::Plain {
        next = measure(text, words, next, &mut quantity);
    }
    let before = &words[at.saturating_sub(2)..at];
    let marked = before
        .iter()
        .any(|word| ABOUT_WORDS.contains(&word.form.as_str()));
    let sign = text[..quantity.range.start]
        .trim_end()
        .ends_with(['~', '≈', '<', '>', '+']);
    quantity.about = marked || sign;
    Some((quantity, next))
}

/// Whether `word` follows at once, with a space or a hyphen between at most.
fn adjoins(text: &str, end: usize, word: &WordForm) -> bool {
    let between = &text[end..word.range.start];
    between.chars().count() <= 2 && between.chars().all(|it| it.is_whitespace() || it == '-')
}

/// The unit beside a figure: a sign before or after it, or a word after it.
fn measure(text: &str, words: &[WordForm], next: usize, quantity: &mut Quantity) -> usize {
    let after = &text[quantity.range.end..];
    let spaces = after.len() - after.trim_start().len();
    let sign = after.trim_start().chars().next();
    let sign = sign.filter(|_| spaces <= 2);
    if let Some((measure, factor)) = sign.and_then(symbol) {
        quantity.measure = measure;
        quantity.factor = factor;
        quantity.range.end += spaces + sign.map_or(0, char::len_utf8);
        return next;
    }
    let before = text[..quantity.range.start].trim_end();
    if let Some((measure, factor)) = before.chars().next_back().and_then(symbol)
        && matches!(measure, Measure::Money(_))
    {
        quantity.measure = measure;
        quantity.factor = factor;
        quantity.range.start = before.len() - before.chars().next_back().map_or(0, char::len_utf8);
        return next;
    }
    let Some(word) = words
        .get(next)
        .filter(|word| adjoins(text, quantity.range.end, word))
    else {
        return next;
    };
    let per_cent = ["per", "por", "pour"].contains(&word.form.as_str());
    if per_cent
        && let Some(cent) = words.get(next + 1)
        && ["cent", "ciento", "cien"].contains(&cent.form.as_str())
    {
        quantity.measure = Measure::Percent;
        quantity.range.end = cent.range.end;
        return next + 2;
    }
    // "three calendar days", "five business days": the unit may be one word further.
    let further = words
        .get(next + 1)
        .filter(|next| adjoins(text, word.range.end, next));
    let adjective = ["calendar", "business", "working", "full", "consecutive"];
    let (unit_word, used) = match further {
        Some(further) if adjective.contains(&word.form.as_str()) => (further, 2),
        _ => (word, 1),
    };
    if let Some((measure, factor)) = unit(&unit_word.form) {
        quantity.measure = measure;
        quantity.factor = factor;
        quantity.range.end = unit_word.range.end;
        return next + used;
    }
    next
}

/// `1,234.50`, `24h`, `$5m`.
fn digits(text: &str, words: &[WordForm], at: usize) -> Option<(Quantity, usize)> {
    let word = &words[at];
    let shown = &text[word.range.clone()];
    let length = shown.find(|it: char| !(it.is_ascii_digit() || matches!(it, '.' | ',')));
    let (number, suffix) = shown.split_at(length.unwrap_or(shown.len()));
    if number.is_empty() || number.matches(['.', ',']).count() > 4 {
        return None;
    }
    let (values, step) = values(number)?;
    let mut quantity = Quantity {
        range: word.range.clone(),
        values,
        factor: 1.0,
        measure: Measure::Plain,
        step,
        about: false,
        worded: false,
        indefinite: false,
    };
    let suffix = suffix.to_lowercase();
    let paid = text[..word.range.start]
        .trim_end()
        .ends_with(['$', '€', '£', '¥']);
    let millions = (paid && suffix == "m").then_some(1e6);
    if let Some(times) = millions.or_else(|| magnitude(&suffix)) {
        quantity.values = values.map(|value| value * times);
        quantity.step *= times;
    } else if let Some((measure, factor)) = unit(&suffix) {
        quantity.measure = measure;
        quantity.factor = factor;
    } else if !suffix.is_empty() {
        // "2nd", "A4", "3D" are no figures.
        return None;
    }
    Some((quantity, at + 1))
}

/// The value of a number as written, both ways where it can be read in two, and how fine it is.
fn values(number: &str) -> Option<([f64; 2], f64)> {
    let last = number.rfind(['.', ',']);
    let (whole, decimals) = match last {
        Some(at) => (&number[..at], &number[at + 1..]),
        None => (number, ""),
    };
    let digits = |text: &str| text.replace(['.', ','], "");
    let joined: f64 = digits(number).parse().ok()?;
    let mixed = number.contains('.') && number.contains(',');
    let repeated =
        last.is_some_and(|at| number.matches(char::from(number.as_bytes()[at])).count() > 1);
    let split = || format!("{}.{decimals}", digits(whole)).parse::<f64>().ok();
    let may_be_thousands = decimals.len() == 3 && !mixed;
    let (one, other) = match last {
        None => (joined, joined),
        Some(_) if repeated => (joined, joined),
        Some(_) if may_be_thousands => (joined, split()?),
        Some(_) => (split()?, split()?),
    };
    let is_whole = last.is_none() || repeated || may_be_thousands;
    let step = if is_whole {
        let zeros = digits(number)
            .chars()
            .rev()
            .take_while(|&it| it == '0')
            .count();
        10_f64.powi(zeros as i32)
    } else {
        10_f64.powi(-(decimals.len() as i32))
    };
    Some(([one, other], step))
}

/// "twenty-five", "treinta y cinco", "quatre-vingt-dix", "mille deux cents".
fn worded(text: &str, words: &[WordForm], at: usize) -> Option<(Quantity, usize)> {
    let is_thousand = |word: &WordForm| matches!(word.form.as_str(), "mil" | "mille");
    let (mut value, mut next) = if is_thousand(&words[at]) {
        (1_000, at + 1)
    } else {
        below_thousand(text, words, at)?
    };
    let follows = |next: usize| {
        let word = words.get(next)?;
        let linked = ["y", "et", "and"].contains(&word.form.as_str());
        let part = if linked { next + 1 } else { next };
        adjoins(text, words[next - 1].range.end, word).then_some(part)
    };
    let thousand = |word: &WordForm| is_thousand(word) || word.form == "thousand";
    if value < 1_000 && words.get(next).is_some_and(thousand) && follows(next).is_some() {
        value *= 1_000;
        next += 1;
    }
    if value >= 1_000
        && let Some(part) = follows(next)
        && let Some((rest, after)) = below_thousand(text, words, part)
    {
        value += rest;
        next = after;
    }
    if next == at + 1 && is_only_part(&words[at].form) {
        return indefinite(words, at);
    }
    let quantity = Quantity {
        range: words[at].range.start..words[next - 1].range.end,
        values: [f64::from(value); 2],
        factor: 1.0,
        measure: Measure::Plain,
        step: if value % 1_000 == 0 { 1e3 } else { 1.0 },
        about: false,
        worded: true,
        indefinite: false,
    };
    Some((quantity, next))
}

/// A number word with those that go on with it, and the word after them.
fn below_thousand(text: &str, words: &[WordForm], at: usize) -> Option<(u32, usize)> {
    let (mut value, mut next) = (small_number(&words.get(at)?.form)?, at + 1);
    while let Some(word) = words
        .get(next)
        .filter(|word| adjoins(text, words[next - 1].range.end, word))
    {
        let linked = ["y", "et", "and"].contains(&word.form.as_str());
        let part = if linked { next + 1 } else { next };
        let Some(add) = words.get(part).and_then(|word| small_number(&word.form)) else {
            break;
        };
        let last = words[next - 1].form.as_str();
        // Each part is smaller than the one before it, or multiplies it.
        value = match (value, add) {
            (4, 20) if last == "quatre" => 80,
            (1..=9, 100) if !linked => value * 100,
            (20..=90, 1..=19) if value % 10 == 0 => value + add,
            (100..=900, 1..=99) if value % 100 == 0 => value + add,
            _ if value > 100 && value % 100 >= 20 && value % 10 == 0 && add < 20 => value + add,
            _ => break,
        };
        next = part + 1;
    }
    Some((value, next))
}

/// "a year", "one week", "half an hour".
fn indefinite(words: &[WordForm], at: usize) -> Option<(Quantity, usize)> {
    let form = words[at].form.as_str();
    let (value, unit_at) = match form {
        "a" | "an" | "one" | "un" | "una" | "uno" | "une" | "each" | "per" | "every" | "cada"
        | "chaque" | "al" | "par" => (1.0, at + 1),
        "half" => (0.5, at + 2),
        "media" | "medio" | "demi" => (0.5, at + 1),
        _ => return None,
    };
    let (measure, factor) = unit(&words.get(unit_at)?.form)?;
    let quantity = Quantity {
        range: words[at].range.start..words[unit_at].range.end,
        values: [value; 2],
        factor,
        measure,
        step: 1.0,
        about: false,
        worded: true,
        indefinite: true,
    };
    Some((quantity, unit_at + 1))
}

/// In "5 to 10 years" and "20–30 %" both figures have the unit.
fn lend_units(text: &str, found: &mut [Quantity]) {
    for index in (1..found.len()).rev() {
        let (before, after) = found.split_at_mut(index);
        let (Some(first), second) = (before.last_mut(), &after[0]) else {
            continue;
        };
        let Some(between) = text.get(first.range.end..second.range.start) else {
            continue;
        };
        let between = between.trim().trim_end_matches(['$', '€', '£']).trim();
        let ranges = [
            "-", "–", "—", "to", "and", "or", "a", "à", "y", "o", "et", "ou",
        ];
        if ranges.contains(&between) && first.measure == Measure::Plain {
            first.measure = second.measure;
            first.factor = second.factor;
        }
    }
}

/// The figures of the claim that fail.
pub(super) fn check(held: &Held<'_>) -> Vec<Failed> {
    let moments = date::stretches(held.claim);
    let figures = quantities(held.claim).into_iter().filter(|figure| {
        let mut moments = moments.iter();
        looked_for(held.claim, figure)
            && !moments.any(|it| it.start < figure.range.end && figure.range.start < it.end)
    });
    let evidence: Vec<(usize, Quantity)> = held
        .evidence()
        .flat_map(|(unit, text)| quantities(text).into_iter().map(move |it| (unit, it)))
        .collect();
    let failing = figures.filter(|figure| {
        let mut known = held.facts.numbers.iter();
        let known = known.any(|(unit, it)| {
            // A number without a unit may be any of a source's many; it must be near.
            let near = unit.is_none_or(|unit| held.evidence.contains(&unit));
            (near || it.measure == figure.measure) && agrees(figure, it)
        });
        !known && !follows(figure, held, &evidence)
    });
    failing
        .map(|figure| Failed {
            kind: CheckKind::Number,
            instead: instead(&figure, held.best, &evidence),
            stretch: figure.range,
        })
        .collect()
}

/// Whether a figure of a claim can be held against the source.
fn looked_for(claim: &str, figure: &Quantity) -> bool {
    let before = claim[..figure.range.start].trim_end();
    let after = claim[figure.range.end..].trim_start();
    // [1], (2) and the number of an item cite and count.
    let cites = before.ends_with('[') && after.starts_with(']');
    let counts =
        figure.worded && figure.measure == Measure::Plain && figure.values[0] <= SMALL_COUNT;
    // The figure of "COVID-19" is part of a name.
    let named = before
        .strip_suffix('-')
        .is_some_and(|name| name.ends_with(char::is_alphabetic));
    let is_code = named || before.ends_with(['#', '/', '_']) || before.ends_with("No.");
    !(cites || counts || is_code || figure.indefinite)
}

/// Whether both figures say the same, one perhaps rounded or in another unit.
pub(super) fn agrees(claim: &Quantity, known: &Quantity) -> bool {
    pairs(claim, known).any(|(one, other)| one.is_close(other, claim, known))
}

/// A value in the unit in which both can be held against each other.
#[derive(Clone, Copy)]
struct Value(f64);

impl Value {
    fn is_close(self, known: Self, claim: &Quantity, of: &Quantity) -> bool {
        let (value, known) = (self.0, known.0);
        let off = (value - known).abs();
        let share = off / known.abs().max(f64::MIN_POSITIVE);
        if off <= 1e-9 * known.abs().max(1.0) {
            return true;
        }
        if claim.measure != of.measure && is_calendar(claim) && is_calendar(of) {
            return share <= CALENDAR;
        }
        if claim.about {
            let large = claim.step >= 100.0 && claim.values[0] / claim.step < 10.0;
            return share <= if large { ABOUT_LARGE } else { ABOUT };
        }
        // "The 70s" of 1970.
        let decade = claim.measure == Measure::Plain && value % 10.0 == 0.0 && value < 100.0;
        if decade && of.year().is_some() && (known % 100.0 - value).abs() < 10.0 {
            return true;
        }
        let year = claim.year().is_some() && of.year().is_some();
        let coarser = claim.step * claim.factor > of.step * of.factor;
        coarser && !year && share <= ROUNDED && off <= claim.step * claim.factor / 2.0 + 1e-9
    }
}

fn is_calendar(quantity: &Quantity) -> bool {
    matches!(quantity.measure, Measure::Time | Measure::Months)
}

/// The values of both, as comparable as their units make them; nothing where the units differ in kind.
fn pairs<'q>(
    claim: &'q Quantity,
    known: &'q Quantity,
) -> impl Iterator<Item = (Value, Value)> + use<'q> {
    /// Seconds in a month.
    const MONTH: f64 = 2_629_800.0;
    use Measure::{Money, Months, Plain, Time};
    let factors = match (claim.measure, known.measure) {
        (Plain, _) | (_, Plain) => Some((1.0, 1.0)),
        (Money(one), Money(other)) if one.is_empty() || other.is_empty() => Some((1.0, 1.0)),
        (Time, Months) => Some((claim.factor, known.factor * MONTH)),
        (Months, Time) => Some((claim.factor * MONTH, known.factor)),
        (one, other) => (one == other).then_some((claim.factor, known.factor)),
    };
    let values = move |(one, other): (f64, f64)| {
        claim.values.into_iter().flat_map(move |a| {
            known
                .values
                .into_iter()
                .map(move |b| (Value(a * one), Value(b * other)))
        })
    };
    factors.into_iter().flat_map(values)
}

/// Whether a figure is the sum, difference, product or share of figures of the evidence, query and claim.
fn follows(figure: &Quantity, held: &Held<'_>, evidence: &[(usize, Quantity)]) -> bool {
    let claim = quantities(held.claim);
    let others = claim.iter().filter(|other| other.range != figure.range);
    let of_query = held.facts.numbers.iter().filter(|(unit, _)| unit.is_none());
    let best = evidence.iter().filter(|(unit, _)| *unit == held.best);
    let rest = evidence.iter().filter(|(unit, _)| *unit != held.best);
    let stated = of_query.map(|(_, it)| it).chain(best.map(|(_, it)| it));
    let known: Vec<&Quantity> = others
        .chain(stated)
        .chain(rest.map(|(_, it)| it))
        .filter(|it| !it.indefinite)
        .take(MOST_COMBINED)
        .collect();
    let wanted = figure.values[0] * figure.factor;
    let equals = |value: f64| (value - wanted).abs() <= 1e-6 * wanted.abs().max(1.0);
    let value = |it: &Quantity| it.values[0] * it.factor;
    let measured = figure.measure != Measure::Plain;
    let same: Vec<f64> = known
        .iter()
        .filter(|it| it.measure == figure.measure)
        .map(|it| value(it))
        .collect();
    let of = |measure: Measure| -> Vec<f64> {
        let found = known.iter().filter(|it| it.measure == measure);
        found.map(|it| value(it)).collect()
    };
    let counts = if measured {
        of(Measure::Plain)
    } else {
        Vec::new()
    };
    let shares = of(Measure::Percent);
    let made = same.iter().enumerate().any(|(at, &one)| {
        let parts = shares.iter().any(|share| {
            let share = share / 100.0;
            equals(one * share) || equals(one * (1.0 - share)) || equals(one * (1.0 + share))
        });
        let times = counts
            .iter()
            .any(|&count| equals(one * count) || (count != 0.0 && equals(one / count)));
        let summed = same[..at].iter().enumerate().any(|(before, &other)| {
            let mut thirds = same[..before].iter();
            let three = measured && thirds.any(|&third| equals(one + other + third));
            equals(one + other) || equals((one - other).abs()) || three
        });
        parts || times || summed
    });
    // "Two adults at 4 € and a child at 2.50 €".
    let priced = || {
        let products = same
            .iter()
            .flat_map(|one| counts.iter().map(move |count| one * count));
        products.into_iter().any(|product| {
            let mut others = same.iter();
            others.any(|other| equals(product + other) || equals(product - other))
        })
    };
    made || priced()
}

/// The figure of the same kind that the best unit has, if it has one only.
fn instead(
    figure: &Quantity,
    best: usize,
    evidence: &[(usize, Quantity)],
) -> Option<(usize, Range<usize>)> {
    let mut same = evidence
        .iter()
        .filter(|(unit, it)| *unit == best && it.measure == figure.measure && !it.indefinite);
    let (unit, first) = same.next()?;
    same.next().is_none().then(|| (*unit, first.range.clone()))
}
