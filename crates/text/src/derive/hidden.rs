//! Payloads in characters that do not show: Unicode tags, bytes as variation selectors, bits as
//! two invisible characters. Emoji, flags and letter joining use the same characters for what they
//! are for, and are let through.

use super::language::is_textual;
use crate::canonical::is_flag_tag;
use crate::character::{
    is_default_ignorable, is_pictograph, is_tag, is_variation_selector, script,
};
use crate::map::{Builder, Outcome, Parent};
use icu_properties::props::Script;
use std::ops::Range;

/// Invisible characters in a row from which on they carry something, if there are at least two kinds.
const FEWEST_BITS: usize = 16;

/// The payloads of a text.
#[derive(Debug, Default)]
pub(crate) struct Hidden {
    /// Where each is, in order, and what it says; empty where it could not be read.
    payloads: Vec<(Range<usize>, String)>,
}

impl Hidden {
    pub(crate) fn find(text: &str) -> Self {
        let mut hidden = Self::default();
        if text.is_ascii() {
            return hidden;
        }
        let mut before = None;
        let mut characters = text.char_indices().peekable();
        while let Some((start, character)) = characters.next() {
            let Some(class) = Invisible::of(text, start, character) else {
                before = Some(character);
                continue;
            };
            let mut run = vec![character];
            let mut end = start + character.len_utf8();
            while let Some((_, next)) =
                characters.next_if(|(at, next)| Invisible::of(text, *at, *next) == Some(class))
            {
                run.push(next);
                end += next.len_utf8();
            }
            if let Some(payload) = class.payload(before, &run) {
                hidden.payloads.push((start..end, payload));
            }
        }
        hidden
    }

    /// Whether there is any, readable or not.
    pub(crate) fn is_present(&self) -> bool {
        !self.payloads.is_empty()
    }

    /// The text with each payload in its place.
    pub(crate) fn revealed(&self, parent: Parent<'_>, limit: usize) -> Outcome {
        let mut out = Builder::new(parent, limit);
        let mut copied = 0;
        for (range, payload) in &self.payloads {
            out.keep(copied..range.start);
            out.put(payload, range.clone());
            copied = range.end;
        }
        out.keep(copied..parent.text.len());
        out.finish()
    }

    /// The payloads alone.
    pub(crate) fn alone(&self, parent: Parent<'_>, limit: usize) -> Outcome {
        let mut out = Builder::new(parent, limit);
        for (range, payload) in &self.payloads {
            out.put(payload, range.clone());
        }
        out.finish()
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Invisible {
    Tag,
    VariationSelector,
    Bit,
}

impl Invisible {
    fn of(text: &str, position: usize, character: char) -> Option<Self> {
        if character.is_ascii() || !is_default_ignorable(character) {
            return None;
        }
        if is_tag(character) {
            return (!is_flag_tag(text, position)).then_some(Self::Tag);
        }
        if is_variation_selector(character) {
            return Some(Self::VariationSelector);
        }
        Some(Self::Bit)
    }

    /// What a run says, empty if unreadable; `None` if the run is an ordinary use of its characters.
    fn payload(self, before: Option<char>, run: &[char]) -> Option<String> {
        match self {
            Self::Tag => Some(run.iter().filter_map(|tag| tag_letter(*tag)).collect()),
            Self::VariationSelector => {
                if run.len() < 3 && run.iter().all(|selector| selects_form(before, *selector)) {
                    return None;
                }
                let bytes: Vec<u8> = run
                    .iter()
                    .filter_map(|selector| selector_byte(*selector))
                    .collect();
                Some(String::from_utf8_lossy(&bytes).into_owned())
            }
            Self::Bit => bits_payload(run),
        }
    }
}

fn tag_letter(tag: char) -> Option<char> {
    char::from_u32(u32::from(tag) - 0xE0000).filter(|letter| matches!(letter, ' '..='~'))
}

/// The byte that a variation selector stands for: selectors 1 to 16 are 0 to 15, the others follow.
fn selector_byte(selector: char) -> Option<u8> {
    let code = u32::from(selector);
    let byte = match code {
        0xFE00..=0xFE0F => code - 0xFE00,
        _ => code.checked_sub(0xE0100)? + 16,
    };
    u8::try_from(byte).ok()
}

/// Whether the selector can choose a form of the character before it.
fn selects_form(before: Option<char>, selector: char) -> bool {
    match selector {
        '\u{FE0E}' | '\u{FE0F}' => true,
        '\u{FE00}'..='\u{FE0D}' => before.is_some_and(|before| !is_pictograph(before)),
        _ => before.is_some_and(|before| script(before) == Script::Han),
    }
}

/// A run of two kinds of invisible characters, read as bits, eight to a byte, either kind being 0.
fn bits_payload(run: &[char]) -> Option<String> {
    if run.len() < FEWEST_BITS {
        return None;
    }
    let zero = run.iter().copied().min()?;
    let one = run.iter().copied().max()?;
    if zero == one {
        return None;
    }
    if run.iter().any(|bit| *bit != zero && *bit != one) {
        return Some(String::new());
    }
    let read = |set: char| -> Option<String> {
        let bytes = run
            .chunks_exact(8)
            .map(|bits| {
                bits.iter()
                    .fold(0u8, |byte, bit| byte << 1 | u8::from(*bit == set))
            })
            .collect();
        String::from_utf8(bytes)
            .ok()
            .filter(|text| is_textual(text))
    };
    Some(read(one).or_else(|| read(zero)).unwrap_or_default())
}
