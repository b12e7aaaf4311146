//! The tagger of personal data: MiniLM with case features and a tag for every token.
//!
//! Reads windows of 128 tokens that share 32 with the next, so that a text is read whole. Where two
//! windows overlap, a token's tags are those of the window in which it stands farther from the edge.
//! Tokens are joined to words, words to spans; thresholds per type and the languages are in
//! `calibration.json`, chosen on rows held out of training.

mod calibration;
mod spans;

use crate::minilm::{Aligned, MiniLm, ModelError, SCRATCH, identity};
use calibration::Calibration;
use pretil_encoder::{CaseClass, Encoder, Encoding, Input, case_classes, windows};
use pretil_guardrail::{
    config::PiiType,
    detect::{DetectError, TaggedSpan, Tagger},
};
use pretil_text::language::Language;
use spans::{Scheme, TokenTags};

static WEIGHTS: &Aligned<[u8]> = &Aligned(*include_bytes!("../weights/tagger-l6-int8/weights.bin"));
static CALIBRATION: &str = include_str!("../weights/tagger-l6-int8/calibration.json");

/// Tokens of a window: what the model was trained to read at once.
const WINDOW_TOKENS: usize = 128;
/// Tokens that a window shares with the next.
const OVERLAP: usize = 32;

/// The tagger, with int8 weights from the binary itself, over the lexicon of the embedder.
#[derive(Clone, Debug)]
pub struct PiiTagger {
    encoder: Encoder,
    identity: String,
    scheme: Scheme,
    calibration: Calibration,
}

impl PiiTagger {
    /// Reads the embedded weights in place. `base` lends its vocabulary and word embeddings.
    pub fn load(base: &MiniLm) -> Result<Self, ModelError> {
        let encoder = Encoder::load_sharing(&WEIGHTS.0, base.encoder())?;
        let head = encoder.head().ok_or(ModelError::Head)?;
        let scheme = Scheme::new(head.labels()).ok_or(ModelError::Head)?;
        let fits = encoder.feature_values() == CaseClass::COUNT;
        let calibration = Calibration::read(CALIBRATION).filter(|_| fits);
        Ok(Self {
            identity: identity("tagger-l6-int8", &encoder),
            calibration: calibration.ok_or(ModelError::Calibration)?,
            scheme,
            encoder,
        })
    }

    /// The probability of every tag for every token of the text, in the order of its tokens.
    fn read(&self, text: &str, encoding: &Encoding) -> Result<Vec<TokenTags>, DetectError> {
        let classes = case_classes(text, encoding);
        let mut tokens: Vec<Option<(usize, TokenTags)>> = vec![None; encoding.len()];
        for window in windows(encoding, WINDOW_TOKENS, OVERLAP) {
            let features = window.features(&classes);
            let input = Input {
                ids: &window.ids,
                features: Some(&features),
            };
            SCRATCH.with_borrow_mut(|scratch| {
                let logits = self.encoder.tag(input, scratch);
                let logits = logits.map_err(|error| DetectError::Failed(error.to_string()))?;
                // The first and the last row are those of [CLS] and [SEP].
                let rows = logits.chunks_exact(self.scheme.tags()).skip(1);
                for (index, row) in window.tokens.clone().zip(rows) {
                    let before = index - window.tokens.start;
                    let after = window.tokens.end - 1 - index;
                    let edge = before.min(after);
                    let farther = tokens[index]
                        .as_ref()
                        .is_none_or(|(known, _)| edge > *known);
                    if farther {
                        tokens[index] = Some((edge, TokenTags::of(row)));
                    }
                }
                Ok(())
            })?;
        }
        Ok(tokens.into_iter().flatten().map(|(_, tags)| tags).collect())
    }
}

impl Tagger for PiiTagger {
    fn identity(&self) -> &str {
        &self.identity
    }

    fn types(&self) -> &[PiiType] {
        self.scheme.types()
    }

    fn languages(&self) -> &[Language] {
        self.calibration.languages()
    }

    fn tag(&self, text: &str) -> Result<Vec<TaggedSpan>, DetectError> {
        let encoding = self.encoder.tokenizer().encode_guarded(text);
        let tags = self.read(text, &encoding)?;
        let inner = 1..encoding.len().saturating_sub(1).max(1);
        let offsets = &encoding.offsets[inner];
        Ok(spans::decode(
            text,
            offsets,
            &tags,
            &self.scheme,
            &self.calibration,
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretil_encoder::Scratch;
    use serde::Deserialize;

    #[derive(Deserialize)]
    struct Golden {
        content_sha256: String,
        rows: Vec<Row>,
    }

    #[derive(Deserialize)]
    struct Row {
        text: String,
        ids: Vec<u32>,
        classes: Vec<u8>,
        logits: Vec<f32>,
    }

    fn golden() -> Golden {
        let file = include_str!("../weights/tagger-l6-int8/goldens/golden.json");
        serde_json::from_str(file).unwrap()
    }

    fn tagger() -> PiiTagger {
        PiiTagger::load(&MiniLm::load().unwrap()).unwrap()
    }

    fn values(tagger: &PiiTagger, text: &str) -> Vec<(PiiType, String)> {
        let spans = tagger.tag(text).unwrap().into_iter();
        spans
            .map(|span| (span.entity, text[span.range].to_owned()))
            .collect()
    }

    #[test]
    fn tokens_and_classes_are_those_of_the_training() {
        let tagger = tagger();
        assert_eq!(
            tagger.identity(),
            format!("tagger-l6-int8:{}", golden().content_sha256)
        );
        for row in golden().rows {
            let encoding = tagger.encoder.tokenizer().encode_guarded(&row.text);
            assert_eq!(encoding.ids, row.ids, "{}", row.text);
            assert_eq!(
                case_classes(&row.text, &encoding),
                row.classes,
                "{}",
                row.text
            );
        }
    }

    /// Int8 against fp32: the likeliest tag of nearly every token.
    #[test]
    fn tags_are_those_of_the_training() {
        let tagger = tagger();
        let (mut tokens, mut same) = (0, 0);
        let tags = tagger.scheme.tags();
        let likeliest = |row: &[f32]| {
            let places = row.iter().enumerate();
            places
                .max_by(|one, other| one.1.total_cmp(other.1))
                .map(|(place, _)| place)
        };
        for row in golden().rows {
            let input = Input {
                ids: &row.ids,
                features: Some(&row.classes),
            };
            let mut scratch = Scratch::new();
            let logits = tagger.encoder.tag(input, &mut scratch).unwrap();
            for (ours, theirs) in logits.chunks(tags).zip(row.logits.chunks(tags)) {
                tokens += 1;
                same += usize::from(likeliest(ours) == likeliest(theirs));
            }
        }
        assert!(tokens > 300);
        assert!(same * 100 >= tokens * 97, "{same} of {tokens}");
    }

    #[test]
    fn names_and_addresses_are_found_and_others_are_not() {
        let tagger = tagger();
        let found = values(
            &tagger,
            "My name is Margaret Okafor and I live at 18 Brookside Lane, Leeds LS6 2AB.",
        );
        assert_eq!(
            found,
            [
                (PiiType::Name, "Margaret Okafor".to_owned()),
                (
                    PiiType::Address,
                    "18 Brookside Lane, Leeds LS6 2AB".to_owned()
                ),
            ]
        );
        for text in [
            "",
            " \n",
            "The meeting in Paris is on 4 May.",
            "Barclays opened a branch on Oxford Street.",
            "Dear Sir or Madam, the invoice is attached.",
        ] {
            assert_eq!(values(&tagger, text), [], "{text}");
        }
    }

    /// A value deep in a long text, in a window of its own or across two, is found as it is alone.
    #[test]
    fn long_texts_are_read_whole() {
        let tagger = tagger();
        let filler = "The shop opens at nine and closes at six. ";
        for repeats in [0, 5, 9, 10, 11, 12, 40] {
            let text = format!(
                "{}My name is Margaret Okafor. {filler}",
                filler.repeat(repeats)
            );
            let found = values(&tagger, &text);
            assert_eq!(
                found,
                [(PiiType::Name, "Margaret Okafor".to_owned())],
                "{repeats}"
            );
        }
    }
}
