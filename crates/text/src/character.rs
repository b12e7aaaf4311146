//! Properties of single characters, from the Unicode Character Database as ICU4X carries it.

use icu_properties::props::{
    DefaultIgnorableCodePoint, ExtendedPictographic, GeneralCategory, GeneralCategoryGroup, Script,
};
use icu_properties::{CodePointMapData, CodePointSetData};

/// BRAILLE PATTERN BLANK: shows as nothing, yet is not Default_Ignorable.
pub(crate) const BRAILLE_BLANK: char = '\u{2800}';

pub(crate) fn script(character: char) -> Script {
    CodePointMapData::<Script>::new().get(character)
}

pub(crate) fn is_default_ignorable(character: char) -> bool {
    CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(character)
}

pub(crate) fn is_pictograph(character: char) -> bool {
    !character.is_ascii() && CodePointSetData::new::<ExtendedPictographic>().contains(character)
}

pub(crate) fn is_mark(character: char) -> bool {
    !character.is_ascii()
        && GeneralCategoryGroup::Mark
            .contains(CodePointMapData::<GeneralCategory>::new().get(character))
}

/// A mark that belongs to no script of its own: accents, overlays, zalgo.
pub(crate) fn is_script_free_mark(character: char) -> bool {
    is_mark(character)
        && (script(character) == Script::Inherited || matches!(character, '\u{488}' | '\u{489}'))
}

/// Marks that spelling uses on Latin, Greek and Cyrillic letters and that compose with them.
pub(crate) fn is_spelling_mark(character: char) -> bool {
    matches!(
        character,
        '\u{300}'..='\u{304}'
            | '\u{306}'..='\u{30C}'
            | '\u{313}'..='\u{314}'
            | '\u{31B}'
            | '\u{323}'
            | '\u{326}'..='\u{328}'
            | '\u{342}'
            | '\u{345}'
    )
}

/// LRM, RLM and ALM: marks that set no embedding, usual in Arabic and Hebrew text.
pub(crate) fn is_directional_mark(character: char) -> bool {
    matches!(character, '\u{200E}' | '\u{200F}' | '\u{61C}')
}

/// Embeddings, overrides and isolates, and the ends of them.
pub(crate) fn is_bidi_embedding(character: char) -> bool {
    matches!(character, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

pub(crate) fn is_variation_selector(character: char) -> bool {
    matches!(character, '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}')
}

/// Unicode tag characters, the invisible copy of ASCII.
pub(crate) fn is_tag(character: char) -> bool {
    matches!(character, '\u{E0000}'..='\u{E007F}')
}

pub(crate) fn is_regional_indicator(character: char) -> bool {
    matches!(character, '\u{1F1E6}'..='\u{1F1FF}')
}

/// Control characters that text has no use for: all but tab, line feed, carriage return and next line.
pub(crate) fn is_idle_control(character: char) -> bool {
    character.is_control() && !matches!(character, '\t' | '\n' | '\r' | '\u{85}')
}

/// Scripts in which ZWJ and ZWNJ choose between letter forms.
pub(crate) fn joins_letters(script: Script) -> bool {
    matches!(
        script,
        Script::Arabic
            | Script::Syriac
            | Script::Mandaic
            | Script::Nko
            | Script::Mongolian
            | Script::PhagsPa
            | Script::Devanagari
            | Script::Bengali
            | Script::Gurmukhi
            | Script::Gujarati
            | Script::Oriya
            | Script::Tamil
            | Script::Telugu
            | Script::Kannada
            | Script::Malayalam
            | Script::Sinhala
            | Script::Khmer
            | Script::Myanmar
            | Script::Thai
            | Script::Lao
            | Script::Tibetan
            | Script::Balinese
            | Script::Javanese
    )
}

/// Scripts written from right to left in daily use.
pub(crate) fn is_right_to_left(script: Script) -> bool {
    matches!(
        script,
        Script::Arabic
            | Script::Hebrew
            | Script::Syriac
            | Script::Thaana
            | Script::Nko
            | Script::Mandaic
            | Script::Samaritan
            | Script::Adlam
    )
}

/// Characters that stand for themselves in the canonical view and start no cluster that needs a
/// look, unless one follows that is not in this set. A fast path: leaving one out costs time only.
pub(crate) fn is_inert(character: char) -> bool {
    matches!(
        character,
        ' '..='~'
        | '\t' | '\n' | '\r'
        | '\u{C0}'..='\u{131}'
        | '\u{134}'..='\u{13E}'
        | '\u{141}'..='\u{148}'
        | '\u{14A}'..='\u{17E}'
        | '\u{386}'..='\u{3CE}'
        | '\u{400}'..='\u{481}'
        | '\u{48A}'..='\u{52F}'
        | '\u{5D0}'..='\u{5EA}'
        | '\u{620}'..='\u{669}'
        | '\u{671}'..='\u{674}'
        | '\u{679}'..='\u{6D3}'
        | '\u{6F0}'..='\u{6F9}'
        | '\u{900}'..='\u{E4F}'
        | '\u{1EA0}'..='\u{1EF9}'
        | '\u{2010}'..='\u{2015}'
        | '\u{2018}'..='\u{2022}'
        | '\u{2026}'
        | '\u{20AC}'
        | '\u{3001}'..='\u{3002}'
        | '\u{3041}'..='\u{3096}'
        | '\u{30A1}'..='\u{30FC}'
        | '\u{3400}'..='\u{9FFF}'
        | '\u{AC00}'..='\u{D7A3}'
    )
}
