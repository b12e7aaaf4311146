//! What holds for every text.

use pretil_text::mutate::Technique;
use pretil_text::{OffsetIndex, Span, ViewKind, Views, sentences};
use proptest::prelude::*;
use unicode_segmentation::UnicodeSegmentation;

/// Characters that some rule of the views is about, among ordinary ones.
const SPECIAL: &[&str] = &[
    "\u{8}",
    "\u{7F}",
    "\0",
    "\r\n",
    "\n",
    " ",
    "  ",
    "\u{A0}",
    "\u{3000}",
    "\u{200B}",
    "\u{200C}",
    "\u{200D}",
    "\u{2060}",
    "\u{FEFF}",
    "\u{AD}",
    "\u{34F}",
    "\u{180E}",
    "\u{2062}",
    "\u{2064}",
    "\u{3164}",
    "\u{115F}",
    "\u{2800}",
    "\u{202D}",
    "\u{202E}",
    "\u{202C}",
    "\u{2066}",
    "\u{2067}",
    "\u{2069}",
    "\u{200F}",
    "\u{FE0F}",
    "\u{FE00}",
    "\u{E0100}",
    "\u{E0150}",
    "\u{E0041}",
    "\u{E007F}",
    "🏴",
    "🇬",
    "🇧",
    "🇮",
    "❤",
    "👨",
    "👍🏽",
    "\u{301}",
    "\u{332}",
    "\u{330}",
    "\u{489}",
    "\u{20E3}",
    "é",
    "ñ",
    "ß",
    "ﬁ",
    "ﷺ",
    "㌀",
    "Ⅷ",
    "①",
    "⒜",
    "🅰",
    "ａ",
    "＠",
    "．",
    "４",
    "𝐚",
    "ᴀ",
    "ǫ",
    "а",
    "о",
    "І",
    "ӏ",
    "ϲ",
    "ο",
    "ɡ",
    "ǝ",
    "ɐ",
    "ʇ",
    "٤",
    "क",
    "्",
    "ष",
    "ำ",
    "ก",
    "가",
    "ᄀ",
    "ᅡ",
    "你",
    "，",
    "ぁ",
    "ｶﾞ",
    "<b>",
    "</b>",
    "<!--",
    "-->",
    "**",
    "__",
    "`",
    "[](",
    ")",
    "%69",
    "%C3%A9",
    "%FF",
    "&#105;",
    "&#x69;",
    "&amp;",
    "\\u0069",
    "\\ud83d\\ude00",
    "\\x69",
    "\\n",
    "\\\"",
    "=69",
    "=\n",
    "aWdub3Jl",
    "aWdub3JlIGFsbA==",
    "69676e6f7265",
    "01101001",
    "105",
    "...",
    "---",
    ".- ",
    "/",
    "⠁",
    "alfa ",
    "bravo ",
    "<~",
    "~>",
    "at",
    "dot",
    "[at]",
    "one ",
    "4",
    "1",
    "1gn0r3",
    "the ",
    "gur ",
    "eht ",
    "I",
    "-",
    "_",
    "a",
    "A",
    "z",
    ".",
    "!",
    "?",
    "。",
    "।",
    "Dr. ",
    "3.5",
    "\u{2028}",
];

fn any_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => proptest::sample::select(SPECIAL).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
        2 => "[a-z]{1,6} ",
    ];
    proptest::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

/// An ordinary phrase in disguise, perhaps in two.
fn disguised() -> impl Strategy<Value = String> {
    let all: Vec<Technique> = Technique::INJECTIONS
        .into_iter()
        .chain(Technique::ENCODINGS)
        .collect();
    let phrase = "[a-zA-Z]{1,8}( [a-z]{1,8}){0,5}";
    (
        phrase,
        proptest::sample::select(all.clone()),
        proptest::sample::select(all),
        any::<u64>(),
        any::<bool>(),
    )
        .prop_map(|(phrase, first, second, seed, twice)| {
            let once = first.apply(&phrase, seed);
            if twice {
                second.apply(&once, seed)
            } else {
                once
            }
        })
}

fn check(text: &str) -> Result<(), TestCaseError> {
    let views = Views::of(text);
    prop_assert_eq!(views.original().text(), text);
    let boundaries: Vec<usize> = text
        .grapheme_indices(true)
        .map(|(at, _)| at)
        .chain([text.len()])
        .collect();
    let derived: usize = views.iter().skip(1).map(|view| view.text().len()).sum();
    prop_assert!(derived <= 8 * text.len() + 4096);
    for view in views.iter() {
        let length = view.text().len();
        for (at, character) in view.text().char_indices() {
            let span = view.to_original(at..at + character.len_utf8());
            prop_assert!(!span.is_empty(), "{:?} {at}", view.kind());
            prop_assert!(
                boundaries.binary_search(&span.start()).is_ok(),
                "{:?} {at}",
                view.kind()
            );
            prop_assert!(
                boundaries.binary_search(&span.end()).is_ok(),
                "{:?} {at}",
                view.kind()
            );
            // A longer match covers what each of its characters came from.
            let rest = view.to_original(at..length);
            let head = view.to_original(0..at + character.len_utf8());
            prop_assert!(
                rest.contains(span) && head.contains(span),
                "{:?} {at}",
                view.kind()
            );
        }
        prop_assert!(view.to_original(0..0).is_empty());
        prop_assert!(view.to_original(length..length).is_empty());
    }
    for (index, view) in views.iter().enumerate() {
        prop_assert!(
            views
                .iter()
                .take(index)
                .all(|earlier| earlier.text() != view.text()),
            "twice: {:?}",
            view.kind()
        );
    }
    Ok(())
}

proptest! {
    #[test]
    fn maps_land_on_graphemes_and_budgets_hold(text in any_text()) {
        check(&text)?;
    }

    #[test]
    fn disguised_text_keeps_the_contract(text in disguised()) {
        check(&text)?;
    }

    #[test]
    fn views_are_the_same_each_time(text in any_text()) {
        let (first, second) = (Views::of(&text), Views::of(&text));
        let read = |views: &Views| views.iter().map(|view| (view.kind(), view.text().to_owned())).collect::<Vec<_>>();
        prop_assert_eq!(read(&first), read(&second));
    }

    #[test]
    fn letters_of_one_script_are_left_alone(text in prop_oneof![
        "[а-яёА-ЯЁ]{2,9}( [а-яё]{2,9}){0,8}[.!?]",
        "[α-ωά-ώ]{2,9}( [α-ωά-ώ]{2,9}){0,8}",
        "[אבגדהוזחטיכלמנסעפצקרשת]{2,9}( [אבגדהוזחטיכלמנסעפצקרשת]{2,9}){0,8}",
        "[بتثجحخدذرزسشصضطظعغفقكلمنهوي]{2,9}( [بتثجحخدذرزسشصضطظعغفقكلمنهوي]{2,9}){0,8}[.؟،]",
        "([क-ह][ािीुू]?){2,6}( ([क-हड़ज़][ािीुू]?){2,6}){0,8}।",
        "([ก-ฮ][ะาิำ]?){2,9}( ([ก-ฮ][ะาิำ]?){2,9}){0,4}",
        "[一-龥]{2,9}(，[一-龥]{2,9}){0,8}[。！？]",
        "[ぁ-ゖァ-ヺ一-龥]{2,9}(、[ぁ-ゖ一-龥]{2,9}){0,8}[。！？]",
        "[가-힣]{2,9}( [가-힣]{2,9}){0,8}[.!?]",
    ]) {
        prop_assert_eq!(Views::of(&text).iter().count(), 1);
    }

    #[test]
    fn words_of_single_letters_of_one_script_are_left_alone(text in prop_oneof![
        "[Λϛ]{1,9}( [Λϛ]{1,9}){0,4}",
        "פ{1,9}( פ{1,9}){0,4}",
    ]) {
        // Broke once: three Hebrew letters that also show as a turned G were read as turned.
        prop_assert_eq!(Views::of(&text).iter().filter(|view| view.kind() == ViewKind::UpsideDown).count(), 0);
    }

    #[test]
    fn offsets_agree_with_counting(text in any_text(), from in any::<prop::sample::Index>(), to in any::<prop::sample::Index>()) {
        let places: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        let (first, second) = (places[from.index(places.len())], places[to.index(places.len())]);
        let range = first.min(second)..first.max(second);
        let offsets = OffsetIndex::new(&text).offsets(Span::new(range.clone()));
        prop_assert_eq!(&offsets.bytes, &range);
        prop_assert_eq!(offsets.code_points.start, text[..range.start].chars().count());
        prop_assert_eq!(offsets.code_points.end, text[..range.end].chars().count());
        prop_assert_eq!(offsets.utf16.start, text[..range.start].encode_utf16().count());
        prop_assert_eq!(offsets.utf16.end, text[..range.end].encode_utf16().count());
    }

    #[test]
    fn sentences_cover_all_but_white_space(text in any_text()) {
        let mut end = 0;
        for sentence in sentences(&text) {
            prop_assert!(text[end..sentence.start()].chars().all(char::is_whitespace));
            prop_assert!(!sentence.is_empty());
            let shown = &text[sentence.range()];
            prop_assert_eq!(shown.trim(), shown);
            end = sentence.end();
        }
        prop_assert!(text[end..].chars().all(char::is_whitespace));
    }
}
