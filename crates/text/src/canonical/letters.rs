//! Stylised letters that NFKC leaves alone, and the plain letters they show.

use icu_normalizer::ComposingNormalizerBorrowed;
use std::borrow::Cow;

/// The plain form of `text` by NFKC (Unicode Standard Annex 15).
pub(super) fn nfkc(text: &str) -> Cow<'_, str> {
    const NFKC: ComposingNormalizerBorrowed<'static> = ComposingNormalizerBorrowed::new_nfkc();
    NFKC.normalize(text)
}

/// First characters of runs of A to Z or a to z that NFKC leaves alone or writes in brackets.
const RUNS: [(u32, u8); 5] = [
    (0x249C, b'a'),  // parenthesised small
    (0x1F110, b'A'), // parenthesised capital
    (0x1F130, b'A'), // squared
    (0x1F150, b'A'), // negative circled
    (0x1F170, b'A'), // negative squared
];

/// Small capitals and phonetic letters that show as plain ones. Case as shown: capitals folded small.
const SMALL_CAPITALS: [(char, char); 31] = [
    ('ᴀ', 'a'),
    ('ʙ', 'b'),
    ('ᴃ', 'b'),
    ('ᴄ', 'c'),
    ('ᴅ', 'd'),
    ('ᴆ', 'd'),
    ('ᴇ', 'e'),
    ('ꜰ', 'f'),
    ('ɢ', 'g'),
    ('ʜ', 'h'),
    ('ɪ', 'i'),
    ('ᴊ', 'j'),
    ('ᴋ', 'k'),
    ('ʟ', 'l'),
    ('ᴌ', 'l'),
    ('ᴍ', 'm'),
    ('ɴ', 'n'),
    ('ᴎ', 'n'),
    ('ᴏ', 'o'),
    ('ᴘ', 'p'),
    ('ꞯ', 'q'),
    ('ʀ', 'r'),
    ('ᴙ', 'r'),
    ('ꜱ', 's'),
    ('ᴛ', 't'),
    ('ᴜ', 'u'),
    ('ᴠ', 'v'),
    ('ᴡ', 'w'),
    ('ʏ', 'y'),
    ('ᴢ', 'z'),
    ('ᴤ', 's'),
];

/// The plain letter that a stylised one shows, where NFKC does not know it.
pub(super) fn stylised(character: char) -> Option<char> {
    let code = u32::from(character);
    let from_run = RUNS
        .iter()
        .find(|(first, _)| (*first..*first + 26).contains(&code))
        .map(|(first, letter)| char::from(letter + (code - first) as u8));
    from_run.or_else(|| small_capital(character))
}

/// The plain letter that a small capital shows.
pub(super) fn small_capital(character: char) -> Option<char> {
    if character.is_ascii() {
        return None;
    }
    SMALL_CAPITALS
        .iter()
        .find(|(small, _)| *small == character)
        .map(|(_, plain)| *plain)
}

/// The letter of a regional indicator.
pub(super) fn regional_letter(character: char) -> Option<char> {
    let offset = u32::from(character).checked_sub(0x1F1E6)?;
    (offset < 26).then(|| char::from(b'A' + offset as u8))
}

/// Regions that have an emoji flag: ISO 3166-1 alpha-2 plus the exceptional reservations in
/// Unicode's emoji-sequences data (version 16), in alphabetical order.
const REGIONS: &str = "ACADAEAFAGAIALAMAOAQARASATAUAWAXAZBABBBDBEBFBGBHBIBJBLBMBNBOBQBRBSBTBVBWBYBZCACCCDCFCGCHCICKCLCMCNCOCPCQCRCUCVCWCXCYCZDEDGDJDKDMDODZEAECEEEGEHERESETEUFIFJFKFMFOFRGAGBGDGEGFGGGHGIGLGMGNGPGQGRGSGTGUGWGYHKHMHNHRHTHUICIDIEILIMINIOIQIRISITJEJMJOJPKEKGKHKIKMKNKPKRKWKYKZLALBLCLILKLRLSLTLULVLYMAMCMDMEMFMGMHMKMLMMMNMOMPMQMRMSMTMUMVMWMXMYMZNANCNENFNGNINLNONPNRNUNZOMPAPEPFPGPHPKPLPMPNPRPSPTPWPYQARERORSRUSARWSBSCSDSESGSHSISJSKSLSMSNSOSRSSSTSVSXSYSZTATCTDTFTGTHTJTKTLTMTNTOTRTTTVTWTZUAUGUMUNUSUYUZVAVCVEVGVIVNVUWFWSXKYEYTZAZMZW";

/// Whether the two regional indicators are an emoji flag.
pub(super) fn is_flag(first: char, second: char) -> bool {
    let (Some(first), Some(second)) = (regional_letter(first), regional_letter(second)) else {
        return false;
    };
    REGIONS
        .as_bytes()
        .chunks_exact(2)
        .any(|region| char::from(region[0]) == first && char::from(region[1]) == second)
}
