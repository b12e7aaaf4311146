//! Dates, days of the week and times of day in the writings of English, Spanish and French.
//!
//! A date of the claim fails if no date of the source or query agrees with it in all that both say. What
//! only one of them says, such as the year, may stand elsewhere in the source.

use super::{Failed, Held};
use crate::verdict::CheckKind;
use pretil_text::{WordForm, word_forms};
use std::ops::Range;

/// A day in a calendar, as far as it is said.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Date {
    range: Range<usize>,
    day: Option<u32>,
    month: Option<u32>,
    year: Option<u32>,
    /// Day and month may be the other way round.
    swappable: bool,
}

/// A time of day in minutes.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Time {
    range: Range<usize>,
    minutes: u32,
    /// Morning or afternoon is not said.
    half: bool,
}

/// All dates and times that source and query hold.
#[derive(Clone, Debug, Default)]
pub(super) struct Calendar {
    dates: Vec<Date>,
    times: Vec<Time>,
    weekdays: [bool; 7],
    /// "Monday to Friday", "every day": more days are meant than are named.
    spans_days: bool,
    years: Vec<u32>,
    months: [bool; 13],
}

impl Calendar {
    /// Adds what `text` holds.
    pub(super) fn read(&mut self, text: &str) {
        let words = word_forms(text);
        let dates = dates(text, &words);
        for date in &dates {
            self.years.extend(date.year);
            for month in [date.month, date.day.filter(|_| date.swappable)]
                .into_iter()
                .flatten()
            {
                if let Some(known) = self.months.get_mut(month as usize) {
                    *known = true;
                }
            }
        }
        let numbers = super::number::quantities(text);
        self.years
            .extend(numbers.iter().filter_map(super::number::Quantity::year));
        self.dates.extend(dates);
        self.times.extend(times(text, &words));
        for (at, word) in words.iter().enumerate() {
            if let Some(day) = weekday(&word.form) {
                self.weekdays[day] = true;
                self.spans_days |= spans(text, &words, at);
            }
            self.spans_days |= EVERY_DAY.contains(&word.form.as_str());
        }
    }

    fn holds(&self, date: &Date) -> bool {
        let mut known = self.dates.iter();
        if known.any(|it| self.agrees(date, it)) {
            return true;
        }
        // A month or year alone may stand anywhere.
        match (date.day, date.month, date.year) {
            (None, month, year) => {
                month.is_none_or(|it| self.months.get(it as usize).is_some_and(|known| *known))
                    && year.is_none_or(|it| self.years.contains(&it))
            }
            _ => false,
        }
    }

    fn agrees(&self, date: &Date, known: &Date) -> bool {
        let same = |one: Option<u32>, other: Option<u32>| one.is_none() || one == other;
        let year = match (date.year, known.year) {
            (Some(year), None) => self.years.contains(&year),
            (one, other) => same(one, other),
        };
        let straight = same(date.day, known.day) && same(date.month, known.month);
        let swapped = (date.swappable || known.swappable)
            && same(date.day, known.month)
            && same(date.month, known.day);
        year && (straight || swapped)
    }
}

/// Words that mean more days than they name.
const EVERY_DAY: [&str; 11] = [
    "weekday",
    "weekdays",
    "weekend",
    "weekends",
    "daily",
    "diario",
    "laborables",
    "quotidien",
    "ouvres",
    "ouvrables",
    "semana",
];

/// 1 to 12.
fn month(form: &str) -> Option<u32> {
    Some(match form {
        "january" | "jan" | "enero" | "ene" | "janvier" | "janv" => 1,
        "february" | "feb" | "febrero" | "fevrier" | "fevr" => 2,
        "march" | "mar" | "marzo" | "mars" => 3,
        "april" | "apr" | "abril" | "abr" | "avril" | "avr" => 4,
        "may" | "mayo" | "mai" => 5,
        "june" | "jun" | "junio" | "juin" => 6,
        "july" | "jul" | "julio" | "juillet" | "juil" => 7,
        "august" | "aug" | "agosto" | "ago" | "aout" => 8,
        "september" | "sept" | "sep" | "septiembre" | "setiembre" | "septembre" => 9,
        "october" | "oct" | "octubre" | "octobre" => 10,
        "november" | "nov" | "noviembre" | "novembre" => 11,
        "december" | "dec" | "diciembre" | "dic" | "decembre" => 12,
        _ => return None,
    })
}

/// 0 for Monday.
fn weekday(form: &str) -> Option<usize> {
    Some(match form {
        "monday" | "mondays" | "mon" | "lunes" | "lundi" | "lundis" => 0,
        "tuesday" | "tuesdays" | "tue" | "tues" | "martes" | "mardi" | "mardis" => 1,
        "wednesday" | "wednesdays" | "wed" | "miercoles" | "mercredi" | "mercredis" => 2,
        "thursday" | "thursdays" | "thu" | "thurs" | "jueves" | "jeudi" | "jeudis" => 3,
        "friday" | "fridays" | "fri" | "viernes" | "vendredi" | "vendredis" => 4,
        "saturday" | "saturdays" | "sat" | "sabado" | "sabados" | "samedi" | "samedis" => 5,
        "sunday" | "sundays" | "sun" | "domingo" | "domingos" | "dimanche" | "dimanches" => 6,
        _ => return None,
    })
}

/// Abbreviations that are words of their own.
fn is_doubtful(form: &str) -> bool {
    matches!(
        form,
        "sun"
            | "sat"
            | "wed"
            | "mon"
            | "thu"
            | "mar"
            | "jan"
            | "ago"
            | "dec"
            | "sep"
            | "dic"
            | "ene"
            | "jun"
            | "jul"
    )
}

/// Whether a month's name stands alone as one: "may" and "march" are also verbs, "mars" a planet.
fn names_month(text: &str, words: &[WordForm], at: usize) -> bool {
    const BEFORE: [&str; 33] = [
        "in", "of", "until", "till", "by", "since", "before", "after", "from", "to", "early",
        "late", "mid", "end", "en", "de", "del", "hasta", "desde", "para", "fin", "debut",
        "depuis", "avant", "apres", "au", "mois", "mes", "and", "y", "et", "through", "jusqu",
    ];
    let word = &words[at];
    let form = word.form.as_str();
    if is_doubtful(form) {
        return false;
    }
    let capital = text[word.range.clone()].starts_with(char::is_uppercase);
    let preceded = at > 0 && BEFORE.contains(&words[at - 1].form.as_str());
    match form {
        "may" | "march" => capital && preceded,
        "mars" | "mai" | "mayo" | "abril" | "agosto" => preceded,
        _ => true,
    }
}

fn number(word: Option<&WordForm>) -> Option<u32> {
    word.filter(|word| word.is_number)?.form.parse().ok()
}

/// `15`, `15th`, `1er`.
fn day(word: Option<&WordForm>) -> Option<u32> {
    let form = word?.form.as_str();
    let digits = form.trim_end_matches(|it: char| it.is_ascii_alphabetic());
    let ending = &form[digits.len()..];
    if !["", "st", "nd", "rd", "th", "er", "o", "ro"].contains(&ending) {
        return None;
    }
    digits.parse().ok().filter(|day| (1..=31).contains(day))
}

fn year(word: Option<&WordForm>) -> Option<u32> {
    number(word).filter(|year| (1000..2200).contains(year))
}

fn between<'t>(text: &'t str, one: &WordForm, other: &WordForm) -> &'t str {
    text[one.range.end..other.range.start].trim()
}

fn dates(text: &str, words: &[WordForm]) -> Vec<Date> {
    let mut dates = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let found = named(text, words, at).or_else(|| numeric(text, words, at));
        match found {
            Some((date, next)) => {
                dates.push(date);
                at = next;
            }
            None => at += 1,
        }
    }
    dates
}

/// A date with the month's name, which begins with word `at`.
fn named(text: &str, words: &[WordForm], at: usize) -> Option<(Date, usize)> {
    let link = |at: usize| {
        words
            .get(at)
            .is_some_and(|it| ["of", "de", "del"].contains(&it.form.as_str()))
    };
    let skip = |at: usize| if link(at) { at + 1 } else { at };
    let date = |last: usize, day, month, year| {
        let date = Date {
            range: words[at].range.start..words[last].range.end,
            day,
            month: Some(month),
            year,
            swappable: false,
        };
        Some((date, last + 1))
    };
    let close = |one: usize, other: usize| {
        let gap = between(text, words.get(one)?, words.get(other)?);
        matches!(gap, "" | "," | "." | "-" | "/").then_some(())
    };
    if let Some(found) = day(words.get(at)) {
        let next = skip(at + 1);
        let month = month(&words.get(next)?.form)?;
        close(next - 1, next)?;
        let later = skip(next + 1);
        let year = year(words.get(later)).filter(|_| close(later - 1, later).is_some());
        let last = if year.is_some() { later } else { next };
        return date(last, Some(found), month, year);
    }
    let named = month(&words[at].form)?;
    let found = day(words.get(at + 1)).filter(|_| close(at, at + 1).is_some());
    if let Some(found) = found {
        let year = year(words.get(at + 2)).filter(|_| close(at + 1, at + 2).is_some());
        let last = if year.is_some() { at + 2 } else { at + 1 };
        return date(last, Some(found), named, year);
    }
    let later = skip(at + 1);
    if let Some(year) = year(words.get(later)).filter(|_| close(later - 1, later).is_some()) {
        return date(later, None, named, Some(year));
    }
    if names_month(text, words, at) {
        return date(at, None, named, None);
    }
    None
}

/// `2024-03-01`, `01/03/2024`, `1.3.2024`.
fn numeric(text: &str, words: &[WordForm], at: usize) -> Option<(Date, usize)> {
    let word = &words[at];
    let dotted: Vec<&str> = text[word.range.clone()].split('.').collect();
    let (parts, last) = if dotted.len() == 3 {
        let parts: Result<Vec<u32>, _> = dotted.iter().map(|part| part.parse()).collect();
        (parts.ok()?, at)
    } else {
        let (second, third) = (words.get(at + 1)?, words.get(at + 2)?);
        let separator = between(text, word, second);
        if !["-", "/"].contains(&separator) || between(text, second, third) != separator {
            return None;
        }
        let parts = [word, second, third].map(|part| number(Some(part)));
        (parts.into_iter().collect::<Option<Vec<_>>>()?, at + 2)
    };
    let (day, month, year, swappable) = match parts[..] {
        [year, month, day] if year >= 1000 => (day, month, year, false),
        [day, month, year] if year >= 1000 => (day, month, year, true),
        [day, month, year] if (10..100).contains(&year) => (day, month, 2000 + year, true),
        _ => return None,
    };
    if !(1..=31).contains(&day) || !(1..=31).contains(&month) || (day > 12 && month > 12) {
        return None;
    }
    let date = Date {
        range: word.range.start..words[last].range.end,
        day: Some(day),
        month: Some(month),
        year: Some(year),
        swappable,
    };
    Some((date, last + 1))
}

fn times(text: &str, words: &[WordForm]) -> Vec<Time> {
    let mut times = Vec::new();
    for (at, word) in words.iter().enumerate() {
        if let Some(minutes) = match word.form.as_str() {
            "noon" | "midday" | "mediodia" | "midi" => Some(720),
            "midnight" | "medianoche" | "minuit" => Some(0),
            _ => None,
        } {
            times.push(Time {
                range: word.range.clone(),
                minutes,
                half: false,
            });
            continue;
        }
        times.extend(clock(text, words, at));
    }
    times
}

/// `5 pm`, `17:30`, `17h30`, `5 p.m.`, `17 h`.
fn clock(text: &str, words: &[WordForm], at: usize) -> Option<Time> {
    let word = &words[at];
    let shown = &text[word.range.clone()];
    let digits = shown.len()
        - shown
            .trim_start_matches(|it: char| it.is_ascii_digit())
            .len();
    let hours: u32 = shown[..digits].parse().ok().filter(|hours| *hours <= 24)?;
    let suffix = word.form.get(digits..).unwrap_or_default();
    let next = words.get(at + 1);
    let gap = next.map(|next| &text[word.range.end..next.range.start]);
    let minutes_of = |text: &str| {
        text.parse::<u32>()
            .ok()
            .filter(|it| *it < 60 && text.len() == 2)
    };
    let (mut minutes, mut end, mut after, mut said) = (0, word.range.end, at + 1, false);
    let mut half = None;
    match suffix {
        "" => {
            if let (Some(next), Some(":" | "h" | ".")) = (next, gap)
                && let Some(found) = minutes_of(
                    next.form
                        .trim_end_matches(|it: char| it.is_ascii_alphabetic()),
                )
            {
                minutes = found;
                end = next.range.end;
                after = at + 2;
                said = true;
                if let Some(ending) = next.form.get(2..) {
                    half = meridiem(ending);
                }
            } else if let (Some(next), Some(" " | "\u{a0}" | "\u{202f}")) = (next, gap)
                && ["h", "heures", "heure"].contains(&next.form.as_str())
            {
                end = next.range.end;
                after = at + 2;
                said = true;
                if let Some(found) = words.get(after).and_then(|word| minutes_of(&word.form)) {
                    minutes = found;
                    end = words[after].range.end;
                    after += 1;
                }
            }
        }
        "h" => said = true,
        "am" | "pm" => half = meridiem(suffix),
        _ => {
            minutes = suffix.strip_prefix('h').and_then(minutes_of)?;
            said = true;
        }
    }
    if half.is_none()
        && let Some(next) = words.get(after)
    {
        let dotted = words.get(after + 1).is_some_and(|last| last.form == "m");
        half = match next.form.as_str() {
            "am" | "pm" => meridiem(&next.form),
            "a" | "p" if dotted && text[next.range.end..].starts_with('.') => {
                meridiem(if next.form == "a" { "am" } else { "pm" })
            }
            _ => None,
        };
        if half.is_some() {
            end = next.range.end;
        }
    }
    if !said && half.is_none() {
        return None;
    }
    let hours = match half {
        Some(true) if hours < 12 => hours + 12,
        Some(false) if hours == 12 => 0,
        _ => hours % 24,
    };
    Some(Time {
        range: word.range.start..end,
        minutes: hours * 60 + minutes,
        half: half.is_none() && hours <= 12,
    })
}

/// Whether "pm" is said.
fn meridiem(form: &str) -> Option<bool> {
    match form {
        "am" => Some(false),
        "pm" => Some(true),
        _ => None,
    }
}

/// Whether a range of days begins or ends with word `at`.
fn spans(text: &str, words: &[WordForm], at: usize) -> bool {
    const TO: [&str; 9] = [
        "to", "through", "thru", "till", "until", "a", "au", "al", "hasta",
    ];
    let next = words.get(at + 1);
    let dash = next.is_some_and(|next| ["-", "–", "—"].contains(&between(text, &words[at], next)));
    dash || next.is_some_and(|next| TO.contains(&next.form.as_str()))
}

/// The stretches of `text` that are dates or times, and no figures.
pub(super) fn stretches(text: &str) -> Vec<Range<usize>> {
    let words = word_forms(text);
    let dates = dates(text, &words).into_iter().map(|date| date.range);
    let times = times(text, &words).into_iter().map(|time| time.range);
    dates.chain(times).collect()
}

/// The dates, days and times of the claim that fail.
pub(super) fn check(held: &Held<'_>) -> Vec<Failed> {
    let calendar = &held.facts.calendar;
    let words = word_forms(held.claim);
    let dates = dates(held.claim, &words);
    let mut failed: Vec<Range<usize>> = Vec::new();
    failed.extend(
        dates
            .iter()
            .filter(|date| !calendar.holds(date))
            .map(|it| it.range.clone()),
    );
    // "24 h" may be a time of day or a duration; the figures of the source settle it.
    let lasts = |time: &Time| {
        let shown = super::number::quantities(&held.claim[time.range.clone()]);
        shown.iter().any(|one| {
            held.facts
                .numbers
                .iter()
                .any(|(_, it)| super::number::agrees(one, it))
        })
    };
    let said = |time: &Time| {
        let mut known = calendar.times.iter();
        known.any(|it| {
            let apart = time.minutes.abs_diff(it.minutes);
            apart == 0 || (apart == 720 && (time.half || it.half))
        })
    };
    let times = times(held.claim, &words);
    let wrong = times.iter().filter(|time| !said(time) && !lasts(time));
    failed.extend(wrong.map(|time| time.range.clone()));
    let names_days = calendar.weekdays.contains(&true) && !calendar.spans_days;
    for (at, word) in words.iter().enumerate() {
        let day = weekday(&word.form).filter(|_| !is_doubtful(&word.form));
        if let Some(day) = day
            && names_days
            && !calendar.weekdays[day]
            && !spans(held.claim, &words, at)
        {
            failed.push(word.range.clone());
        }
    }
    let failed = failed.into_iter().map(|stretch| Failed {
        kind: CheckKind::Date,
        stretch,
        instead: None,
    });
    failed.collect()
}
