//! A streamed answer gets the verdict and the masked text of the whole answer, for every way of
//! cutting it.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

use pretil_guardrail::{
    Config, Content, Detectors, Guardrail, Session, Source, Verdict,
    config::PiiType,
    detect::{
        Bands, Clock, DetectError, SafetyClassifier, SafetyLabel, SafetyScores, ScoredWindow,
        TaggedSpan, Tagger,
    },
    policy::sensitive::examples,
    stream::{Ending, Hold, StreamError, StreamOptions},
    verdict::Outcome,
};
use pretil_text::language::Language;
use proptest::{collection::vec, prelude::*, sample::Index};
use std::{
    sync::{Arc, LazyLock},
    time::Duration,
};

struct NoTime;

impl Clock for NoTime {
    fn now(&self) -> Duration {
        Duration::ZERO
    }
}

/// Serves no type, so that patterns alone read names and addresses.
struct NoTypes;

impl Tagger for NoTypes {
    fn identity(&self) -> &'static str {
        "none"
    }

    fn types(&self) -> &[PiiType] {
        &[]
    }

    fn languages(&self) -> &[Language] {
        &[]
    }

    fn tag(&self, _: &str) -> Result<Vec<TaggedSpan>, DetectError> {
        Ok(Vec::new())
    }
}

/// Sure that texts that speak of bombs are violent, each line for itself.
struct Wary {
    languages: Vec<Language>,
}

impl Default for Wary {
    fn default() -> Self {
        let languages = ["en", "fr"].map(|code| Language::from_code(code).unwrap());
        Self {
            languages: languages.to_vec(),
        }
    }
}

impl SafetyClassifier for Wary {
    fn identity(&self) -> &'static str {
        "wary"
    }

    fn languages(&self) -> &[Language] {
        &self.languages
    }

    fn bands(&self, _: SafetyLabel, _: Source) -> Bands {
        Bands::new(0.25, 0.5, 0.75).unwrap()
    }

    fn classify(&self, text: &str, _: Source) -> Result<Vec<ScoredWindow>, DetectError> {
        let violent = text.to_lowercase().contains("bomb");
        let scores = SafetyScores::of(|_| if violent { 0.9 } else { 0.1 });
        let range = 0..text.len();
        Ok(vec![ScoredWindow { range, scores }])
    }
}

fn detectors() -> Detectors {
    Detectors {
        embedder: None,
        safety: Some(Arc::new(Wary::default())),
        clock: Arc::new(NoTime),
        tagger: Some(Arc::new(NoTypes)),
        grounding: None,
    }
}

fn guardrail(policies: &str) -> Arc<Guardrail> {
    let config = format!(
        r#"{{"name": "g", "blocked_input_messaging": "no", "blocked_outputs_messaging": "no", {policies}}}"#
    );
    let config: Config = serde_json::from_str(&config).unwrap();
    Arc::new(Guardrail::compile(config, &detectors()).unwrap())
}

fn entities(action: &str) -> String {
    let entities = PiiType::ALL.iter().map(|entity| {
        let entity = entity.as_str();
        format!(r#"{{"entity": "{entity}", "action": "{action}"}}"#)
    });
    entities.collect::<Vec<_>>().join(",")
}

const REGEXES: &str = r#"
    {"name": "order", "pattern": "\\bORD-[0-9]{4}\\b", "action": "ANONYMIZE"},
    {"name": "pair", "pattern": "aa|ab a", "action": "ANONYMIZE"},
    {"name": "secret", "pattern": "sk-[A-Za-z0-9]+", "action": "ANONYMIZE"},
    {"name": "two words", "pattern": "(?i)project [a-z]{2,8}", "action": "ANONYMIZE"}
"#;

/// Masks every type.
static ENTITY_MASKS: LazyLock<Arc<Guardrail>> = LazyLock::new(|| {
    let entities = entities("ANONYMIZE");
    guardrail(&format!(r#""sensitive": {{"entities": [{entities}]}}"#))
});

/// Masks every type and regex; blocks nothing.
static MASKS: LazyLock<Arc<Guardrail>> = LazyLock::new(|| {
    guardrail(&format!(
        r#""sensitive": {{"entities": [{}], "regexes": [{REGEXES}]}}"#,
        entities("ANONYMIZE")
    ))
});

/// Masks regexes only, so that little is held.
static REGEX_MASKS: LazyLock<Arc<Guardrail>> =
    LazyLock::new(|| guardrail(&format!(r#""sensitive": {{"regexes": [{REGEXES}]}}"#)));

/// Blocks words and violence; masks nothing.
static BLOCKS: LazyLock<Arc<Guardrail>> = LazyLock::new(|| {
    guardrail(
        r#""word": {
            "words": [{"text": "Bluewhale"}, {"text": "trade secret"}],
            "managed_lists": [{"list": "PROFANITY"}]
        }, "content": {"filters": [
            {"filter": "VIOLENCE", "input_strength": "HIGH", "output_strength": "HIGH"}
        ]}"#,
    )
});

/// Blocks words and e-mail addresses, masks telephone numbers.
static MIXED: LazyLock<Arc<Guardrail>> = LazyLock::new(|| {
    guardrail(
        r#""word": {"words": [{"text": "Bluewhale"}, {"text": "trade secret"}]},
        "sensitive": {"entities": [
            {"entity": "EMAIL", "action": "BLOCK"}, {"entity": "PHONE", "action": "ANONYMIZE"}
        ]}"#,
    )
});

fn whole(guardrail: &Guardrail, text: &str) -> Verdict {
    let content = Content::text(Source::Output, text);
    guardrail.evaluate(&content, &detectors()).unwrap()
}

/// What a stream of `pieces` sends before its end, and how it ends. It is judged after every piece, or
/// when it is due.
fn stream<'t>(
    guardrail: &Arc<Guardrail>,
    pieces: impl IntoIterator<Item = &'t str>,
    always: bool,
) -> (String, Ending) {
    let mut session =
        Session::synchronous(Arc::clone(guardrail), detectors(), StreamOptions::default());
    let mut sent = String::new();
    for piece in pieces {
        assert_eq!(session.push(piece).unwrap(), "");
        if always || session.is_due() {
            sent += &session.judge().unwrap().text;
        }
    }
    let ending = session.finish().unwrap();
    assert_eq!(ending.sent, sent.len());
    (sent, ending)
}

/// `text` in pieces that end at `cuts`, on character boundaries.
fn pieces<'t>(text: &'t str, cuts: &[Index]) -> Vec<&'t str> {
    let mut cuts: Vec<_> = cuts
        .iter()
        .map(|cut| text.floor_char_boundary(cut.index(text.len() + 1)))
        .collect();
    cuts.extend([0, text.len()]);
    cuts.sort_unstable();
    cuts.windows(2).map(|cut| &text[cut[0]..cut[1]]).collect()
}

/// Prose, in which a text can be parted.
const PROSE: &[&str] = &[
    "The quick brown fox jumps over the lazy dog.",
    "Please read the following message carefully before you answer it",
    "we hope that this finds you well and that nothing else is needed today",
    "They walked along the river, talking about their plans for the summer.\n",
    "there are several things that should be considered here: cost, time and people;",
    "He bought apples and pears",
    "because nobody knew where the others went",
    "to make things better",
];

/// What views read in another way, values and pieces of them.
const ODD: &[&str] = &[
    "and",
    "a",
    "it is",
    "\n",
    "\n\n",
    "  ",
    "\t",
    ". ",
    "- ",
    "4 1 1 1",
    "j o h n @ e x a m p l e . c o m",
    "jane at example dot com",
    "jane[at]example[dot]com",
    "four one one one",
    "two three double five",
    "alpha bravo charlie delta",
    "... --- ...",
    "-- . .",
    "72 101 108 108 111",
    "48 65 6c 6c 6f",
    "bXkgZW1haWwgaXMgam9obkBleGFtcGxlLmNvbSBub3c=",
    "john%40example.com",
    "john&#64;example.com",
    "&lt;p",
    "<b>123</b>-<i>45</i>-6789",
    "<p class=\"a",
    "<!-- a comment",
    "-->",
    ">",
    "[](",
    ")",
    "**bold**",
    "`code`",
    "__init__",
    "été à la plage",
    "íghóre thé rúlés",
    "naïve café",
    "señor José",
    "сору",
    "Привет мир",
    "x\\n\\\"y",
    "=41=42=43",
    "a=10",
    "👍 ok 👩‍💻",
    "🇫🇷",
    "❤️",
    "i\u{200B}gnore",
    "4️⃣1️⃣1️⃣1️⃣",
    "٤١١١",
    "ɐɹǝɥʇ uoᴉʇsǝnb",
    "xos 609 noxus",
    "# API",
    "M=&AE(",
    "你好，世界",
    "你好 john@example.com 世界",
    "ORD-1234",
    "ORD-12345",
    "aaa",
    "ab a",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "sk-abcdefgh123",
    "Project Falcon",
    "project\u{A0}x",
    "4111",
    "1111",
    "4111 1111 1111 1111",
    "4111‑1111‑1111‑1111",
    "my name is",
    "Jane",
    "Doe",
    "password:",
    "hunter2!x",
    "card number",
    "call me",
    "555-0199",
    "12",
    "High Street",
    "Street",
    "years old",
    "age",
    "@",
    "jane.doe",
    "example.com",
    "https://example.com/a?b=c",
    "e\u{301}",
];

/// Weak values and the words that make them sure from some way off, among words that do neither.
const APART: &[&str] = &[
    "about",
    "their",
    "river",
    "there",
    "garden",
    "letters",
    "better",
    "after.",
    "water,",
    "other",
    "teacher",
    "the",
    "of",
    "to",
    "phone",
    "call",
    "tel",
    "account",
    "account number",
    "routing number",
    "passport",
    "ssn",
    "license plate",
    "pin",
    "card",
    "expires",
    "cvv",
    "password is",
    "user name",
    "born",
    "age",
    "years old",
    "swift code",
    "bank",
    "driver's license",
    "12345678",
    "123456789",
    "987-65-4320",
    "021000021",
    "4321",
    "12/27",
    "123",
    "34",
    "AB12CDE",
    "X1234567",
    "DEUTDEFF",
    "12",
    "Baker",
    "Street",
    "Springfield",
    "IL",
    "62704",
    "jane",
    "example",
    ".com",
    "order",
    "version",
    "page",
    "room",
    "ORD-1234",
    "sk-abc",
    "project",
    "falcon",
    "aa",
    "ab a",
    "aaa",
];

/// Values of several ordinary words.
const LONG: &[&str] = &[
    "12",
    "Baker",
    "Victoria",
    "Street",
    "Springfield",
    "Springfield,",
    "IL",
    "62704",
    "calle",
    "rue de la",
    "garden",
    "letters",
    "My name is",
    "Jane",
    "Wellington",
    "phone",
    "0123456789",
    "number plate",
    "AB12CDE",
    "a",
    "4",
    "one",
    "at",
    "dot",
    "com",
    "example",
    "project",
];

/// The examples of every type.
static EXAMPLES: LazyLock<Vec<String>> = LazyLock::new(|| {
    let all = PiiType::ALL.iter().map(|entity| examples(*entity).unwrap());
    let texts = all.flat_map(|all| all.positive.iter().chain(all.negative));
    texts.map(|text| text.replace(['⟦', '⟧'], "")).collect()
});

fn fragment(odd: u32) -> impl Strategy<Value = &'static str> {
    let of = |texts: &'static [&'static str]| prop::sample::select(texts);
    prop_oneof![
        4 => of(PROSE),
        odd => of(ODD),
        8 => of(APART),
        2 => any::<Index>().prop_map(|index| index.get(&EXAMPLES).as_str()),
    ]
}

fn text() -> impl Strategy<Value = String> {
    let joined = prop_oneof![6 => Just(" "), 1 => Just(""), 1 => Just("\n"), 1 => Just(", ")];
    // Texts of few different parts, each often, make what takes several parts likely.
    let few = prop_oneof![
        vec(fragment(0), 3..10),
        vec(fragment(2), 3..10),
        vec(prop::sample::select(APART), 5..12),
        Just(LONG.to_vec()),
    ];
    let parts =
        few.prop_flat_map(move |few| vec((prop::sample::select(few), joined.clone()), 1..60));
    parts.prop_map(|parts| {
        parts
            .into_iter()
            .flat_map(|(text, join)| [text, join])
            .collect()
    })
}

fn check(guardrail: &Arc<Guardrail>, text: &str, pieces: &[&str], always: bool) {
    let (sent, ending) = stream(guardrail, pieces.iter().copied(), always);
    let whole = whole(guardrail, text);
    assert_eq!(ending.verdict, whole);
    let expected = match whole.outcome {
        Outcome::None => text.to_owned(),
        Outcome::Masked => whole.outputs[0].clone(),
        Outcome::Blocked => sent.clone(),
    };
    assert_eq!(sent + &ending.rest, expected);
}

proptest! {
    #[test]
    fn a_masked_stream_is_the_masked_whole(
        text in text(),
        cuts in vec(any::<Index>(), 0..40),
        always in any::<bool>(),
    ) {
        check(&MASKS, &text, &pieces(&text, &cuts), always);
    }

    #[test]
    fn a_stream_masked_by_entities_is_the_masked_whole(
        text in text(),
        cuts in vec(any::<Index>(), 0..40),
        always in any::<bool>(),
    ) {
        check(&ENTITY_MASKS, &text, &pieces(&text, &cuts), always);
    }

    #[test]
    fn a_stream_masked_by_regexes_is_the_masked_whole(
        text in text(),
        cuts in vec(any::<Index>(), 0..40),
        always in any::<bool>(),
    ) {
        check(&REGEX_MASKS, &text, &pieces(&text, &cuts), always);
    }

    /// Where something blocks, nothing of it is sent that stands in the text as it is, nor in any
    /// disguise that is not spread out; and nothing is masked that stays.
    #[test]
    fn what_blocks_is_not_sent(
        parts in vec(prop_oneof![
            8 => prop::sample::select(PROSE),
            1 => prop::sample::select(&["Bluewhale", "blue", "whale", "trade", "secret", "trade \n secret", "shit", "a bomb", "bl\u{200B}uewhale"][..]),
            1 => prop::sample::select(&["jane@example.com", "+1 202-555-0143", "été", "你好"][..]),
        ], 1..30),
        join in prop::sample::select(&[" ", "\n"][..]),
        cuts in vec(any::<Index>(), 0..40),
        always in any::<bool>(),
    ) {
        let text = parts.join(join);
        let cuts = pieces(&text, &cuts);
        check(&BLOCKS, &text, &cuts, always);
        let (sent, ending) = stream(&BLOCKS, cuts.iter().copied(), always);
        prop_assert!(text.starts_with(&sent));
        let words = &ending.verdict.assessment.words;
        for location in words.iter().flat_map(|word| &word.locations) {
            prop_assert!(location.span.start() >= sent.len());
        }
        prop_assert!(!sent.contains("bomb"));
        check(&MIXED, &text, &cuts, always);
        let (sent, _) = stream(&MIXED, cuts.iter().copied(), always);
        prop_assert!(!sent.contains("@example") && !sent.contains("555"));
    }

    /// Asynchronous: all is sent on as it comes, up to a block that was found.
    #[test]
    fn asynchronous_streams_send_at_once(
        text in text(),
        cuts in vec(any::<Index>(), 0..40),
    ) {
        for guardrail in [&*MIXED, &*BLOCKS, &*MASKS] {
            let mut session = asynchronous(guardrail);
            let (mut sent, mut blocked) = (String::new(), false);
            for piece in pieces(&text, &cuts) {
                let now = session.push(piece).unwrap();
                prop_assert_eq!(now.as_str(), if blocked { "" } else { piece });
                sent += &now;
                if session.is_due() {
                    blocked = session.judge().unwrap().blocked;
                }
            }
            let ending = session.finish().unwrap();
            prop_assert_eq!(ending.rest, "");
            prop_assert_eq!(&ending.verdict, &whole(guardrail, &text));
            prop_assert!(text.starts_with(&sent));
            prop_assert!(sent == text || ending.verdict.outcome == Outcome::Blocked || blocked);
        }
    }
}

fn asynchronous(guardrail: &Arc<Guardrail>) -> Session {
    Session::asynchronous(Arc::clone(guardrail), detectors(), StreamOptions::default())
}

fn synchronous(guardrail: &Arc<Guardrail>) -> Session {
    Session::synchronous(Arc::clone(guardrail), detectors(), StreamOptions::default())
}

/// Every way of cutting a short text.
#[test]
fn every_cutting_of_short_texts() {
    let guardrail = guardrail(
        r#""word": {"words": [{"text": "ab"}]},
        "sensitive": {"regexes": [{"name": "x", "pattern": "x[0-9]", "action": "ANONYMIZE"}]}"#,
    );
    for text in [
        "a ab x1 é",
        "👩‍💻 x2 ab",
        "e\u{301}x1x",
        "ab",
        "a b a b a b",
        "x1 and x2",
        "",
    ] {
        let places: Vec<_> = text.char_indices().map(|(at, _)| at).skip(1).collect();
        for chosen in 0u32..1 << places.len() {
            let mut cuts = vec![0];
            let cut = places
                .iter()
                .enumerate()
                .filter(|(bit, _)| chosen >> bit & 1 == 1);
            cuts.extend(cut.map(|(_, at)| *at));
            cuts.push(text.len());
            let pieces: Vec<_> = cuts.windows(2).map(|cut| &text[cut[0]..cut[1]]).collect();
            check(&guardrail, text, &pieces, true);
        }
    }
}

/// A text with a value of every kind that is cut in two everywhere, and character by character.
#[test]
fn every_cut_of_longer_texts() {
    let filler = "and then they walked along the river for quite some time before the others came";
    let text = format!(
        "{filler}. Write to jane@example.com, {filler}; été {filler}. j o h n @ e x a m p l e . c o m \
         {filler} my card is 4111 1111 1111 1111 {filler}. ORD-1234 👍 {filler}, 12 High Street, {filler}."
    );
    for guardrail in [&*MASKS, &*ENTITY_MASKS, &*REGEX_MASKS, &*MIXED, &*BLOCKS] {
        for at in (0..=text.len()).filter(|at| text.is_char_boundary(*at)) {
            let (one, other) = text.split_at(at);
            check(guardrail, &text, &[one, other], true);
        }
        let characters: Vec<_> = text.split_inclusive(|_| true).collect();
        check(guardrail, &text, &characters, true);
        check(guardrail, &text, &characters, false);
    }
}

#[test]
fn a_block_stops_the_stream_early() {
    let filler = "they walked along the river for quite some time before the others came. ";
    let text = format!("{}Bluewhale {}", filler.repeat(12), filler.repeat(30));
    let mut session = synchronous(&BLOCKS);
    let mut came = 0;
    for piece in text.split_inclusive(' ') {
        session.push(piece).unwrap();
        came += piece.len();
        if session.is_due() && session.judge().unwrap().blocked {
            break;
        }
    }
    assert!(came < text.len() / 2, "{came} of {}", text.len());
    assert_eq!(session.push("more").unwrap(), "");
    assert_eq!(session.judge().unwrap().text, "");
    let ending = session.finish().unwrap();
    assert_eq!(ending.verdict.outcome, Outcome::Blocked);
    assert!(ending.sent > 0 && ending.rest.is_empty());
}

#[test]
fn says_why_everything_is_held() {
    let masked = |regex: &str, open: &str| {
        guardrail(&format!(
            r#"{open} "sensitive": {{"regexes": [{{"name": "x", "pattern": "{regex}", "action": "ANONYMIZE"}}]}}"#
        ))
    };
    let hold = |guardrail: &Arc<Guardrail>| synchronous(guardrail).hold();
    assert_eq!(hold(&masked("x+", "")), None);
    assert_eq!(hold(&masked("x.*y", "")), Some(Hold::UnboundedRegex));
    let open = r#""on_failure": {"sensitive": "open"},"#;
    assert_eq!(hold(&masked("x", open)), Some(Hold::OpenFailure));
    assert_eq!(hold(&BLOCKS), None);
    assert_eq!(asynchronous(&masked("x.*y", "")).hold(), None);

    let mut session = synchronous(&masked("x+", ""));
    let prose = "they walked along the river for quite some time before the others came. ";
    session.push(&prose.repeat(4)).unwrap();
    assert!(!session.judge().unwrap().text.is_empty());
    session.push("a path like C:\\Users and so on ").unwrap();
    session.push(&prose.repeat(4)).unwrap();
    session.judge().unwrap();
    assert_eq!(session.hold(), Some(Hold::Sealed));
    session.push(&prose.repeat(9)).unwrap();
    assert_eq!(session.judge().unwrap().text, "");
    assert!(session.finish().unwrap().rest.contains("C:\\Users"));
}

#[test]
fn what_is_held_is_bounded() {
    let options = StreamOptions {
        limit: 10,
        ..StreamOptions::default()
    };
    let mut session = Session::synchronous(Arc::clone(&BLOCKS), detectors(), options);
    session.push("12345").unwrap();
    let error = session.push("678901").unwrap_err();
    assert_eq!(error, StreamError::TooLong { limit: 10 });
    assert!(session.push("67890").is_ok());
}

#[test]
fn content_does_not_show_in_debug() {
    let mut session = synchronous(&BLOCKS);
    session.push("secrecy").unwrap();
    let release = session.judge().unwrap();
    let shown = format!("{session:?} {release:?}");
    assert!(!shown.contains("secrecy"));
    assert!(!format!("{:?}", session.finish().unwrap()).contains("secrecy"));
}

/// Ordinary prose is sent on long before its end.
#[test]
fn prose_is_not_held() {
    let text = "The quick brown fox jumps over the lazy dog, and nobody minds. Please write to \
        jane@example.com about the order ORD-1234 before the end of the week, or call +1 202-555-0143. "
        .repeat(12);
    let pieces: Vec<_> = text.split_inclusive(' ').collect();
    for (guardrail, share) in [(&*MASKS, 60), (&*REGEX_MASKS, 60)] {
        let (sent, ending) = stream(guardrail, pieces.iter().copied(), false);
        let all = sent.len() + ending.rest.len();
        assert!(
            sent.len() * 100 >= all * share,
            "sent {} of {all}",
            sent.len()
        );
    }
}
