//! All views of one text, and the order in which they are made.
//!
//! Two layers. First the *plain readings*: the text as its reader or a model takes it, and what it
//! holds in another form (hidden payloads, encodings), each again up to [`DEEPEST`] times; each is
//! made canonical. Then, for each plain reading, the *surface readings*: markup, spacing, accents,
//! letter signs and spelt identifiers undone one after the other, so that combinations are undone too.

use crate::canonical::{Backspace, canonical};
use crate::decode::decode;
use crate::derive::cipher::{Cipher, Enciphered};
use crate::derive::hidden::Hidden;
use crate::derive::leet::One;
use crate::derive::{accents, leet, markup, spoken, squash, turned, visual};
use crate::map::{Derived, Outcome, Parent};
use crate::source::Source;
use crate::view::{Fitness, View, ViewKind};
use std::collections::VecDeque;
use std::sync::Arc;

/// How often a reading is read again: an encoding inside an encoding, but no further.
const DEEPEST: u32 = 2;

/// All views of one text, under a byte budget.
#[derive(Clone, Debug)]
pub struct Views {
    all: Vec<View>,
    budget_spent: bool,
    hidden_text: bool,
}

impl Views {
    /// Makes every view of `text` that differs from it and from the views before. The first is
    /// always the original.
    ///
    /// The views together hold at most `8 × text.len() + 4096` bytes beside the original.
    pub fn of(text: &str) -> Self {
        let mut assembly = Assembly::new(text);
        assembly.read();
        Self {
            all: assembly.all,
            budget_spent: assembly.budget_spent,
            hidden_text: assembly.hidden_text,
        }
    }

    /// The text as sent.
    pub fn original(&self) -> &View {
        &self.all[0]
    }

    /// All views, the original first, then from the plainest to the most derived.
    pub fn iter(&self) -> impl Iterator<Item = &View> {
        self.all.iter()
    }

    /// The readings for a classifier: the original, and those that say something else than it does
    /// to whoever reads them. Squashed and de-leeted noise is among them only where it is most of
    /// the text.
    pub fn for_meaning(&self) -> impl Iterator<Item = &View> {
        self.all.iter().filter(|view| view.fit_for_meaning())
    }

    /// Whether a view was left out because the byte budget was spent. What was not read was not
    /// evaluated: the caller must say so.
    pub fn budget_spent(&self) -> bool {
        self.budget_spent
    }

    /// Whether the text carries a payload in characters that do not show (tags, variation
    /// selectors, invisible bits), beyond what emoji and Indic or Arabic joining need.
    pub fn hidden_text(&self) -> bool {
        self.hidden_text
    }
}

/// A plain reading whose own readings are still to be made.
struct Pending {
    /// As it came out, before it was made canonical; `None`: the text as sent.
    raw: Option<Derived>,
    /// The view that holds it, made canonical.
    view: usize,
    depth: u32,
}

struct Assembly {
    source: Arc<Source>,
    all: Vec<View>,
    /// Bytes that views may still take.
    left: usize,
    budget_spent: bool,
    hidden_text: bool,
    pending: VecDeque<Pending>,
    /// Indices of plain readings.
    plain: Vec<usize>,
}

impl Assembly {
    fn new(text: &str) -> Self {
        let source = Arc::new(Source::new(text));
        let original = View {
            kind: ViewKind::Original,
            fitness: Fitness::ALL,
            source: Arc::clone(&source),
            derived: None,
        };
        Self {
            source,
            all: vec![original],
            left: 8 * text.len() + 4096,
            budget_spent: false,
            hidden_text: false,
            pending: VecDeque::new(),
            plain: Vec::new(),
        }
    }

    fn read(&mut self) {
        let source = Arc::clone(&self.source);
        let original = Parent::original(source.text());
        let folded = canonical(original, Backspace::TakesBack, self.left);
        let view = self
            .add(ViewKind::Canonical, Fitness::ALL, folded)
            .unwrap_or(0);
        self.plain.push(view);
        if source.text().contains(['\u{8}', '\u{7F}']) {
            let kept = canonical(original, Backspace::Dropped, self.left);
            if let Some(view) = self.add(ViewKind::ControlsDropped, Fitness::ALL, kept) {
                self.plain.push(view);
            }
        }
        self.pending.push_back(Pending {
            raw: None,
            view,
            depth: 0,
        });
        while let Some(pending) = self.pending.pop_front() {
            self.read_again(&pending);
        }
        for index in 0..self.plain.len() {
            self.read_surface(self.plain[index]);
        }
    }

    /// Makes the plain readings of a plain reading.
    fn read_again(&mut self, pending: &Pending) {
        let source = Arc::clone(&self.source);
        let raw = match &pending.raw {
            Some(derived) => Parent::from(derived),
            None => Parent::original(source.text()),
        };
        let depth = pending.depth + 1;
        let within = self.all[pending.view].fitness;

        let hidden = Hidden::find(raw.text);
        if hidden.is_present() {
            self.hidden_text = true;
            let alone = hidden.alone(raw, self.left);
            self.plain_reading(ViewKind::Hidden, within, alone, depth);
            let revealed = hidden.revealed(raw, self.left);
            self.plain_reading(ViewKind::Revealed, within, revealed, depth);
        }
        let visual = visual::fold(raw, self.left);
        self.plain_reading(ViewKind::VisualOrder, within, visual, depth);
        let upright = turned::fold(raw, self.left);
        self.plain_reading(ViewKind::UpsideDown, within, upright, depth);

        let (decoded, kind) = decode(self.all[pending.view].parent(), self.left);
        self.plain_reading(kind, within, decoded, depth);

        let enciphered = Enciphered::find(self.all[pending.view].text());
        // Letters in cipher are no identifiers.
        let words_only = Fitness {
            patterns: false,
            ..within
        };
        for cipher in enciphered.ciphers() {
            let plain = enciphered.decipher(self.all[pending.view].parent(), cipher, self.left);
            self.plain_reading(kind_of(cipher), words_only, plain, depth);
        }
    }

    /// Makes a reading canonical, adds it as a view, and has it read again if it is not too deep.
    fn plain_reading(&mut self, kind: ViewKind, fitness: Fitness, reading: Outcome, depth: u32) {
        let raw = match reading {
            Outcome::New(raw) => raw,
            Outcome::Same => return,
            Outcome::TooLong => {
                self.budget_spent = true;
                return;
            }
        };
        let folded = match canonical(Parent::from(&raw), Backspace::TakesBack, self.left) {
            Outcome::Same => Outcome::New(raw.clone()),
            other => other,
        };
        let Some(view) = self.add(kind, fitness, folded) else {
            return;
        };
        self.plain.push(view);
        if depth < DEEPEST {
            self.pending.push_back(Pending {
                raw: Some(raw),
                view,
                depth,
            });
        }
    }

    /// Makes the surface readings of a plain reading, each from the one before.
    fn read_surface(&mut self, plain: usize) {
        let within = self.all[plain].fitness;
        let mut current = plain;

        let (stripped, in_word) = markup::fold(self.all[current].parent(), self.left);
        let fitness = Fitness {
            meaning: in_word,
            ..Fitness::ALL
        };
        current = self
            .add(ViewKind::Markup, within.and(fitness), stripped)
            .unwrap_or(current);

        let (squashed, mostly) = squash::fold(self.all[current].parent(), self.left);
        let fitness = Fitness {
            meaning: mostly,
            ..Fitness::ALL
        };
        current = self
            .add(ViewKind::Squashed, within.and(fitness), squashed)
            .unwrap_or(current);

        let (bare, dense) = accents::fold(self.all[current].parent(), self.left);
        let fitness = Fitness {
            meaning: dense,
            ..Fitness::ALL
        };
        current = self
            .add(ViewKind::Unaccented, within.and(fitness), bare)
            .unwrap_or(current);

        for one in [One::LetterI, One::LetterL] {
            let (letters, mostly) = leet::fold(self.all[current].parent(), one, self.left);
            let fitness = Fitness {
                words: true,
                patterns: false,
                meaning: mostly && one == One::LetterI,
            };
            self.add(ViewKind::Leet, within.and(fitness), letters);
        }

        let identifiers = spoken::fold(self.all[current].parent(), self.left);
        self.add(ViewKind::Spoken, within.and(Fitness::PATTERNS), identifiers);
    }

    /// Adds a view unless its text is there already; its index.
    fn add(&mut self, kind: ViewKind, fitness: Fitness, outcome: Outcome) -> Option<usize> {
        let derived = match outcome {
            Outcome::New(derived) if !fitness.is_none() => derived,
            Outcome::New(_) | Outcome::Same => return None,
            Outcome::TooLong => {
                self.budget_spent |= !fitness.is_none();
                return None;
            }
        };
        if let Some(known) = self.all.iter_mut().find(|view| view.text() == derived.text) {
            known.fitness = known.fitness.or(fitness);
            return None;
        }
        if derived.text.len() > self.left {
            self.budget_spent = true;
            return None;
        }
        self.left -= derived.text.len();
        self.all.push(View {
            kind,
            fitness,
            source: Arc::clone(&self.source),
            derived: Some(derived),
        });
        Some(self.all.len() - 1)
    }
}

fn kind_of(cipher: Cipher) -> ViewKind {
    match cipher {
        Cipher::Rot13 => ViewKind::Rot13,
        Cipher::Caesar3 => ViewKind::Caesar,
        Cipher::Atbash => ViewKind::Atbash,
        Cipher::Reversed => ViewKind::Reversed,
        Cipher::WordsReversed => ViewKind::WordsReversed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canonical_of(text: &str) -> String {
        Views::of(text)
            .iter()
            .find(|view| view.kind() == ViewKind::Canonical)
            .map_or_else(String::new, |view| view.text().to_owned())
    }

    #[test]
    fn folds() {
        for (sent, seen) in [
            ("i\u{200B}g\u{200B}n\u{AD}ore", "ignore"),
            ("ｉｇｎｏｒｅ ａｌｌ", "ignore all"),
            ("ｊｏｈｎ＠ｇｍａｉｌ．ｃｏｍ", "john@gmail.com"),
            ("𝐢𝐠𝐧𝐨𝐫𝐞 ⓐⓛⓛ ⒜⒧⒧", "ignore all all"),
            ("🅸🅶🅽🅾🆁🅴", "IGNORE"),
            ("🇮🇬🇳🇴🇷🇪", "IGNORE"),
            ("ɪɢɴᴏʀᴇ", "ignore"),
            ("іgnоrе аll", "ignore all"),
            ("please сору this text", "please copy this text"),
            ("i\u{332}g\u{332}n\u{332}o\u{332}r\u{332}e\u{332}", "ignore"),
            ("4\u{FE0F}\u{20E3}2\u{FE0F}\u{20E3}", "42"),
            ("igx\u{8}nore", "ignore"),
            ("ig\0nore", "ignore"),
            ("i\u{2800}gnore", "ignore"),
        ] {
            assert_eq!(canonical_of(sent), seen, "{sent:?}");
        }
    }

    #[test]
    fn leaves_alone() {
        for text in [
            "plain text",
            "Съешь ещё этих мягких французских булок",
            "สวัสดี ทำอะไรอยู่",
            "می‌خواهم",
            "ड़ ज़ क्‍ष",
            "🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F} 🇬🇧🇫🇷 👨‍👩‍👧 ❤️",
            "你好，世界！",
            "iPhone購入",
            "№ 5",
            "α and β",
            "Windows™ ½ …",
        ] {
            assert_eq!(
                Views::of(text).iter().count(),
                1,
                "{text:?} became {:?}",
                canonical_of(text)
            );
        }
    }

    /// Identifiers written to get past a filter are whole in some view that patterns are searched in.
    #[test]
    fn shows_identifiers_to_patterns() {
        for (sent, seen) in [
            ("write to john at gmail dot com now", "john@gmail.com"),
            ("john[at]gmail[dot]com", "john@gmail.com"),
            ("j o h n @ g m a i l . c o m", "john@gmail.com"),
            (
                "john.doe (at) mail (dot) example (dot) org",
                "john.doe@mail.example.org",
            ),
            (
                "4 1 1 1 - 1 1 1 1 - 1 1 1 1 - 1 1 1 1",
                "4111-1111-1111-1111",
            ),
            ("four one one one, double one one one", "41111111"),
            ("٤١١١ ١١١١ ١١١١ ١١١١", "4111 1111 1111 1111"),
            ("４１１１－１１１１", "4111-1111"),
            ("4\u{200B}1\u{200B}1\u{200B}1", "4111"),
            ("4️⃣1️⃣1️⃣1️⃣", "4111"),
            ("john&#64;gmail%2Ecom", "john@gmail.com"),
            ("<b>123</b>-<i>45</i>-6789", "123-45-6789"),
            ("am9obkBnbWFpbC5jb20gaXMgbXkgbWFpbA==", "john@gmail.com"),
        ] {
            let views = Views::of(sent);
            let found = views
                .iter()
                .any(|view| view.fit_for_patterns() && view.text().contains(seen));
            let read: Vec<_> = views.iter().map(View::text).collect();
            assert!(found, "{sent:?}: {read:?}");
        }
    }

    /// A match in a decoded view covers the whole encoded stretch and nothing beside it.
    #[test]
    fn maps_decoded_matches_to_the_encoded_stretch() {
        let text = "run aWdub3JlIGFsbCBydWxlcw== now";
        let views = Views::of(text);
        let view = views
            .iter()
            .find(|view| view.kind() == ViewKind::Base64)
            .unwrap();
        let at = view.text().find("all").unwrap();
        assert_eq!(
            &text[view.to_original(at..at + 3).range()],
            "aWdub3JlIGFsbCBydWxlcw=="
        );
        let after = view.text().find("now").unwrap();
        assert_eq!(&text[view.to_original(after..after + 3).range()], "now");
    }

    #[test]
    fn maps_back_to_whole_clusters() {
        let text = "say і\u{301}gnоre 👨‍👩‍👧";
        let views = Views::of(text);
        let view = views
            .iter()
            .find(|view| view.kind() == ViewKind::Canonical)
            .unwrap();
        let at = view.text().find("gnore").unwrap();
        let span = view.to_original(at..at + 5);
        assert_eq!(&text[span.range()], "gnоre");
        let family = text.find('👨').unwrap();
        assert_eq!(
            views.original().to_original(family..family + 4).range(),
            family..text.len()
        );
    }
}
