//! The order in which a screen shows text that overrides its direction.

use crate::character::is_bidi_embedding;
use crate::map::{Builder, Outcome, Parent};
use unicode_bidi::BidiInfo;

/// LRO and RLO. Without them Latin letters keep their order, and Arabic needs no reordering to be read.
const OVERRIDES: [char; 2] = ['\u{202D}', '\u{202E}'];

/// The text in visual order (Unicode Standard Annex 9), without the controls.
pub(crate) fn fold(parent: Parent<'_>, limit: usize) -> Outcome {
    let text = parent.text;
    if text.is_ascii() || !text.contains(OVERRIDES) {
        return Outcome::Same;
    }
    let info = BidiInfo::new(text, None);
    let mut out = Builder::new(parent, limit);
    for paragraph in &info.paragraphs {
        let line = paragraph.range.clone();
        if !text[line.clone()].contains(OVERRIDES) {
            out.keep(line);
            continue;
        }
        let characters: Vec<(usize, char)> = text[line.clone()].char_indices().collect();
        let levels: Vec<_> = info.reordered_levels(paragraph, line.clone());
        let levels: Vec<_> = characters
            .iter()
            .filter_map(|(offset, _)| levels.get(line.start + offset).copied())
            .collect();
        for logical in BidiInfo::reorder_visual(&levels) {
            let Some((offset, character)) = characters.get(logical).copied() else {
                continue;
            };
            if !is_bidi_embedding(character) {
                let at = line.start + offset;
                out.keep(at..at + character.len_utf8());
            }
        }
    }
    out.finish()
}
