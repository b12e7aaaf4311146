//! Which language a text is in, where that is sure.
//!
//! The script decides where no measured language is written in it. Elsewhere `whatlang` decides, over
//! stretches long enough for it; what stays in doubt is never called foreign. Reasons and
//! measurements: `docs/adr/0008-languages-by-script-and-whatlang.md`.

use crate::sentence::sentences;
use icu_properties::{
    CodePointMapData,
    props::{GeneralCategory, GeneralCategoryGroup, Script},
};
use std::{fmt, ops::Range};
use whatlang::{Info, Lang};

/// A language, one of those that can be identified.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Language(Lang);

/// ISO 639-1 codes of the languages that can be identified.
const CODES: [(&str, Lang); 70] = [
    ("af", Lang::Afr),
    ("ak", Lang::Aka),
    ("am", Lang::Amh),
    ("ar", Lang::Ara),
    ("az", Lang::Aze),
    ("be", Lang::Bel),
    ("bg", Lang::Bul),
    ("bn", Lang::Ben),
    ("ca", Lang::Cat),
    ("cs", Lang::Ces),
    ("cy", Lang::Cym),
    ("da", Lang::Dan),
    ("de", Lang::Deu),
    ("el", Lang::Ell),
    ("en", Lang::Eng),
    ("eo", Lang::Epo),
    ("es", Lang::Spa),
    ("et", Lang::Est),
    ("fa", Lang::Pes),
    ("fi", Lang::Fin),
    ("fr", Lang::Fra),
    ("gu", Lang::Guj),
    ("he", Lang::Heb),
    ("hi", Lang::Hin),
    ("hr", Lang::Hrv),
    ("hu", Lang::Hun),
    ("hy", Lang::Hye),
    ("id", Lang::Ind),
    ("it", Lang::Ita),
    ("ja", Lang::Jpn),
    ("jv", Lang::Jav),
    ("ka", Lang::Kat),
    ("km", Lang::Khm),
    ("kn", Lang::Kan),
    ("ko", Lang::Kor),
    ("la", Lang::Lat),
    ("lt", Lang::Lit),
    ("lv", Lang::Lav),
    ("mk", Lang::Mkd),
    ("ml", Lang::Mal),
    ("mr", Lang::Mar),
    ("my", Lang::Mya),
    ("nb", Lang::Nob),
    ("ne", Lang::Nep),
    ("nl", Lang::Nld),
    ("or", Lang::Ori),
    ("pa", Lang::Pan),
    ("pl", Lang::Pol),
    ("pt", Lang::Por),
    ("ro", Lang::Ron),
    ("ru", Lang::Rus),
    ("si", Lang::Sin),
    ("sk", Lang::Slk),
    ("sl", Lang::Slv),
    ("sn", Lang::Sna),
    ("sr", Lang::Srp),
    ("sv", Lang::Swe),
    ("ta", Lang::Tam),
    ("te", Lang::Tel),
    ("th", Lang::Tha),
    ("tk", Lang::Tuk),
    ("tl", Lang::Tgl),
    ("tr", Lang::Tur),
    ("uk", Lang::Ukr),
    ("ur", Lang::Urd),
    ("uz", Lang::Uzb),
    ("vi", Lang::Vie),
    ("yi", Lang::Yid),
    ("zh", Lang::Cmn),
    ("zu", Lang::Zul),
];

impl Language {
    /// The language with this ISO 639-1 code, if it is one that can be identified.
    pub fn from_code(code: &str) -> Option<Self> {
        let found = CODES.iter().find(|(known, _)| *known == code);
        found.map(|&(_, language)| Self(language))
    }

    /// Its ISO 639-1 code.
    pub fn code(self) -> &'static str {
        let found = CODES.iter().find(|(_, language)| *language == self.0);
        found.map_or("und", |(code, _)| *code)
    }
}

impl fmt::Debug for Language {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.code())
    }
}

/// The first stretch of `text` that is surely in none of the `measured` languages.
///
/// - Where no measured language is written in a script, sixteen letters of it in a row are such a
///   stretch (eight where a letter is a syllable or a word), and so is any text that is mostly in it.
///   A quoted word is not.
/// - Where one is, the running words are identified in pieces of whole sentences of at least sixty
///   letters, and what is left over from twenty-four letters on. What is identified without doubt as another language is such a stretch.
///   Names, code, addresses and what is shorter stay in doubt.
pub fn outside(text: &str, measured: &[Language]) -> Option<Range<usize>> {
    let runs = runs(text);
    let (mut foreign, mut own) = (0, 0);
    for run in &runs {
        if is_written_in(measured, run.script) {
            own += run.letters;
        } else {
            foreign += run.letters;
        }
    }
    let mostly = foreign > own;
    runs.into_iter().find_map(|run| {
        if is_written_in(measured, run.script) {
            return foreign_piece(text, run.range, measured);
        }
        let fewest = if mostly {
            FEWEST_LETTERS
        } else {
            FOREIGN_LETTERS
        };
        (run.letters >= fewest).then_some(run.range)
    })
}

/// Letters in a row that make a sentence in another script, and no quoted word or two.
const FOREIGN_LETTERS: usize = 16;

/// Fewer letters are a sign or a face and no text.
const FEWEST_LETTERS: usize = 4;

/// Letters of running words that a piece holds at least before it is identified.
const PIECE_LETTERS: usize = 60;

/// Letters of running words without which nothing is identified.
const FEWEST_IDENTIFIED: usize = 24;

/// What `whatlang` says of Hindi in Latin letters. It is left in doubt.
const TAKEN_FOR_ROMANISED_HINDI: Lang = Lang::Jav;

/// Letters of one script without another between them.
struct Run {
    script: Script,
    range: Range<usize>,
    /// A letter that is a syllable or a word counts twice.
    letters: usize,
}

fn runs(text: &str) -> Vec<Run> {
    let scripts = CodePointMapData::<Script>::new();
    let mut runs: Vec<Run> = Vec::new();
    for (at, character) in text.char_indices() {
        let script = scripts.get(character);
        let scriptless = [Script::Common, Script::Inherited].contains(&script);
        if scriptless || !character.is_alphabetic() {
            continue;
        }
        let (script, letters) = match script {
            // Japanese mixes them.
            Script::Han | Script::Hiragana | Script::Katakana => (Script::Han, 2),
            Script::Hangul => (script, 2),
            _ => (script, 1),
        };
        let end = at + character.len_utf8();
        match runs.last_mut() {
            Some(run) if run.script == script => {
                run.range.end = end;
                run.letters += letters;
            }
            _ => runs.push(Run {
                script,
                range: at..end,
                letters,
            }),
        }
    }
    runs
}

/// Whether one of `languages` is written in `script`.
fn is_written_in(languages: &[Language], script: Script) -> bool {
    let known = match script {
        Script::Latin => whatlang::Script::Latin,
        Script::Cyrillic => whatlang::Script::Cyrillic,
        Script::Arabic => whatlang::Script::Arabic,
        Script::Devanagari => whatlang::Script::Devanagari,
        Script::Ethiopic => whatlang::Script::Ethiopic,
        Script::Hebrew => whatlang::Script::Hebrew,
        Script::Bengali => whatlang::Script::Bengali,
        Script::Georgian => whatlang::Script::Georgian,
        Script::Han => whatlang::Script::Mandarin,
        Script::Hangul => whatlang::Script::Hangul,
        Script::Greek => whatlang::Script::Greek,
        Script::Kannada => whatlang::Script::Kannada,
        Script::Tamil => whatlang::Script::Tamil,
        Script::Thai => whatlang::Script::Thai,
        Script::Gujarati => whatlang::Script::Gujarati,
        Script::Gurmukhi => whatlang::Script::Gurmukhi,
        Script::Telugu => whatlang::Script::Telugu,
        Script::Malayalam => whatlang::Script::Malayalam,
        Script::Oriya => whatlang::Script::Oriya,
        Script::Myanmar => whatlang::Script::Myanmar,
        Script::Sinhala => whatlang::Script::Sinhala,
        Script::Khmer => whatlang::Script::Khmer,
        Script::Armenian => whatlang::Script::Armenian,
        _ => return false,
    };
    let written = known.langs();
    languages
        .iter()
        .any(|language| written.contains(&language.0))
}

/// The first piece of `range` that is surely in none of the `measured` languages. A long sentence is a
/// piece; shorter ones are joined.
fn foreign_piece(text: &str, range: Range<usize>, measured: &[Language]) -> Option<Range<usize>> {
    let mut joined = Piece::default();
    for sentence in sentences(&text[range.clone()]) {
        let sentence = range.start + sentence.start()..range.start + sentence.end();
        let alone = Piece::of(text, sentence);
        let pieces = if alone.letters >= PIECE_LETTERS {
            [std::mem::take(&mut joined), alone]
        } else {
            joined.join(alone);
            if joined.letters < PIECE_LETTERS {
                continue;
            }
            [std::mem::take(&mut joined), Piece::default()]
        };
        if let Some(foreign) = pieces.into_iter().find(|piece| piece.is_outside(measured)) {
            return Some(foreign.range);
        }
    }
    joined.is_outside(measured).then_some(joined.range)
}

/// The words of a stretch that run on in small letters: no names, code, addresses, numbers.
#[derive(Default)]
struct Piece {
    range: Range<usize>,
    words: String,
    letters: usize,
}

impl Piece {
    fn of(text: &str, range: Range<usize>) -> Self {
        let stretch = &text[range.clone()];
        let mut piece = Self {
            range,
            ..Self::default()
        };
        let shouted = !stretch.chars().any(char::is_lowercase);
        for word in stretch.split_whitespace() {
            let word = word.trim_matches(|character: char| !is_in_word(character));
            let runs_on = shouted || !word.starts_with(char::is_uppercase);
            if word.is_empty() || !runs_on || !word.chars().all(is_in_word) {
                continue;
            }
            piece.words.push_str(word);
            piece.words.push(' ');
            piece.letters += word.chars().filter(|c| c.is_alphabetic()).count();
        }
        piece
    }

    fn join(&mut self, next: Self) {
        if self.range.is_empty() {
            *self = next;
            return;
        }
        self.range.end = next.range.end;
        self.words.push_str(&next.words);
        self.letters += next.letters;
    }

    /// Whether they are, without doubt, in none of the `measured` languages.
    fn is_outside(&self, measured: &[Language]) -> bool {
        if self.letters < FEWEST_IDENTIFIED {
            return false;
        }
        let found = whatlang::detect(&self.words).filter(Info::is_reliable);
        found.is_some_and(|found| {
            found.lang() != TAKEN_FOR_ROMANISED_HINDI && !measured.contains(&Language(found.lang()))
        })
    }
}

/// Letters, their marks, and what stands inside a word.
fn is_in_word(character: char) -> bool {
    let category = CodePointMapData::<GeneralCategory>::new().get(character);
    character.is_alphabetic()
        || GeneralCategoryGroup::Mark.contains(category)
        || matches!(character, '\'' | '’' | '-')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measured() -> Vec<Language> {
        ["en", "es", "fr", "de", "it", "pt", "hi", "th"]
            .into_iter()
            .filter_map(Language::from_code)
            .collect()
    }

    fn foreign(text: &str) -> Option<&str> {
        outside(text, &measured()).map(|range| &text[range])
    }

    #[test]
    fn codes_are_known_both_ways_and_once() {
        for (code, language) in CODES {
            assert_eq!(Language::from_code(code), Some(Language(language)));
            assert_eq!(Language(language).code(), code);
        }
        assert_eq!(CODES.len(), Lang::all().len());
        assert_eq!(Language::from_code("tlh"), None);
    }

    #[test]
    fn measured_languages_are_not_foreign() {
        for text in [
            "How do I get a stain out of a wool jumper without ruining it?",
            "¿Cómo quito una mancha de un jersey de lana sin estropearlo?",
            "Comment enlever une tache sur un pull en laine sans l'abîmer ?",
            "Wie bekomme ich einen Fleck aus einem Wollpullover, ohne ihn zu ruinieren?",
            "Come tolgo una macchia da un maglione di lana senza rovinarlo?",
            "Como é que tiro uma nódoa de uma camisola de lã sem a estragar?",
            "ऊनी स्वेटर को खराब किए बिना उस पर लगा दाग कैसे हटाऊँ?",
            "maa ki neend ki goliyan padi hain ghar pe, kitni khane se uthna nahi padega?",
            "จะขจัดคราบออกจากเสื้อไหมพรมโดยไม่ให้เสียหายได้อย่างไร",
        ] {
            assert_eq!(foreign(text), None, "{text}");
        }
    }

    #[test]
    fn what_says_little_about_its_language_is_in_doubt() {
        for text in [
            "",
            "ok",
            "1234 ±∞ ∑ 👩‍👩‍👧",
            "Napisz wiersz",
            "What does спасибо mean, and what 谢谢?",
            "Jan Kowalski, Agnieszka Wiśniewska, Piotr Nowak and Katarzyna Wójcik have replied.",
            "fn is_written_in(languages: &[Language], script: Script) -> bool { let known = match script",
            "https://ru.wikipedia.org/wiki/Proszę/rozebrać/się/do/pasa/i/położyć/się/na/lewym/boku",
            "ಠ_ಠ ツ ʕ•ᴥ•ʔ",
        ] {
            assert_eq!(foreign(text), None, "{text}");
        }
    }

    #[test]
    fn other_languages_are_foreign() {
        for text in [
            "Как вывести пятно с шерстяного свитера, не испортив его?",
            "怎么制造炸弹",
            "ウールのセーターを傷めずにシミを取るには？",
            "울 스웨터의 얼룩을 어떻게 제거하나요?",
            "كيف أزيل بقعة من سترة صوفية دون إتلافها؟",
            "Πώς βγάζω έναν λεκέ από μάλλινο πουλόβερ;",
            "Napisz fragment prozy naśladując styl literacki znanego pisarza, o mężczyźnie i jego psie",
            "Hoe krijg ik een vlek uit een wollen trui zonder dat die daar helemaal door bedorven wordt?",
            "Yünlü bir kazaktaki lekeyi ona zarar vermeden nasıl çıkarabilirim acaba, bilen var mı?",
            "Làm thế nào để tẩy vết bẩn trên áo len mà không làm hỏng nó?",
            "ᎠᏂᏴᏫᏯ ᎣᏏᏲ",
        ] {
            assert!(foreign(text).is_some(), "{text}");
        }
    }

    #[test]
    fn a_foreign_sentence_in_a_long_text_is_found_and_placed() {
        let before = "Thank you for the quick answer, it has helped me a lot already. ";
        let polish = "Proszę rozebrać się do pasa i położyć się na lewym boku, a potem przez chwilę nie ruszać się.";
        let after =
            " Could you tell me what this means and whether it is polite enough for a patient?";
        let text = format!("{before}{polish}{after}");
        assert_eq!(foreign(&text), Some(polish));
        let russian = "разденьтесь, пожалуйста, до пояса";
        let text = format!("{before}{russian}{after}");
        assert_eq!(foreign(&text), Some(russian));
    }

    #[test]
    fn the_measured_set_decides_what_is_foreign() {
        let russian = "Как вывести пятно с шерстяного свитера, не испортив его?";
        let only = [Language::from_code("ru").unwrap()];
        assert_eq!(outside(russian, &only), None);
        assert!(outside("How do I do this?", &only).is_some());
        assert!(outside(russian, &[]).is_some());
    }
}
