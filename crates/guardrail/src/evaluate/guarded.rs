//! Which blocks are judged, and what grounding compares, by the blocks' qualifiers.
//!
//! The rules are those of ApplyGuardrail. One is ours: a call never guards nothing, so content
//! whose every block is marked as source or query is judged whole.

use super::EvaluateError;
use crate::{
    content::{Block, Content, Qualifiers, Source, Text},
    policy::grounding::{Compared, Part},
};

/// Longest grounding source, all its blocks together, in code points.
const SOURCE_CHARACTERS: usize = 100_000;
/// Longest query, all its blocks together, in code points.
const QUERY_CHARACTERS: usize = 1_000;
/// Longest answer judged for grounding, in code points.
const ANSWER_CHARACTERS: usize = 5_000;

/// A part of what grounding compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GroundingPart {
    /// What the answer must be supported by.
    Source,
    /// What the answer must answer.
    Query,
    /// The answer.
    Answer,
}

impl GroundingPart {
    /// As the API's messages call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Source => "grounding source",
            Self::Query => "query",
            Self::Answer => "content to guard",
        }
    }

    /// Most code points of it that a call may bring.
    pub fn limit(self) -> usize {
        match self {
            Self::Source => SOURCE_CHARACTERS,
            Self::Query => QUERY_CHARACTERS,
            Self::Answer => ANSWER_CHARACTERS,
        }
    }
}

/// A text block.
#[derive(Clone, Copy, Debug)]
pub(super) struct TextBlock<'c> {
    /// Index into `Content::blocks`.
    pub(super) index: usize,
    pub(super) text: &'c Text,
    qualifiers: Qualifiers,
    /// Length in code points.
    pub(super) characters: usize,
}

/// What grounding compares in one call.
pub(super) struct GroundingBlocks<'c> {
    pub(super) parts: Compared<'c>,
    /// Code points of source, query and answer together.
    pub(super) characters: usize,
}

/// The blocks of one call, counted and sorted by what they are for.
#[derive(Debug)]
pub(super) struct Blocks<'c> {
    source: Source,
    texts: Vec<TextBlock<'c>>,
    /// How many images were sent.
    pub(super) images: usize,
}

impl<'c> Blocks<'c> {
    pub(super) fn of(content: &'c Content) -> Self {
        let texts = content
            .blocks
            .iter()
            .enumerate()
            .filter_map(|(index, block)| match block {
                Block::Text { text, qualifiers } => Some(TextBlock {
                    index,
                    text,
                    qualifiers: *qualifiers,
                    characters: text.code_points(),
                }),
                Block::Image => None,
            });
        let texts: Vec<_> = texts.collect();
        Self {
            source: content.source,
            images: content.blocks.len() - texts.len(),
            texts,
        }
    }

    /// Code points in all text blocks.
    pub(super) fn characters(&self) -> usize {
        count(&self.texts)
    }

    /// The blocks that every policy but grounding judges.
    pub(super) fn guarded(&self) -> Vec<TextBlock<'c>> {
        let marked = self.select(|qualifiers| qualifiers.guard_content);
        if !marked.is_empty() {
            return marked;
        }
        let answer = match self.source {
            Source::Input => Vec::new(),
            Source::Output => self.select(Qualifiers::none),
        };
        if answer.is_empty() {
            return self.texts.clone();
        }
        answer
    }

    /// Whether all that was sent, and something was, is queries.
    pub(super) fn only_queries(&self) -> bool {
        let only =
            |block: &TextBlock<'_>| block.qualifiers.query && !block.qualifiers.guard_content;
        !self.texts.is_empty() && self.texts.iter().all(only)
    }

    /// What grounding compares. `None` where there is nothing to compare: on prompts, and on answers
    /// without any qualifier.
    ///
    /// # Errors
    ///
    /// A part is missing or too long.
    pub(super) fn compared(&self) -> Result<Option<GroundingBlocks<'c>>, EvaluateError> {
        let qualified = self.texts.iter().any(|block| !block.qualifiers.none());
        if self.source == Source::Input || !qualified {
            return Ok(None);
        }
        let sources = self.select(|qualifiers| qualifiers.grounding_source);
        let queries = self.select(|qualifiers| qualifiers.query);
        let marked = self.select(|qualifiers| qualifiers.guard_content);
        let answers = if marked.is_empty() {
            self.select(Qualifiers::none)
        } else {
            marked
        };
        let mut characters = 0;
        for (part, blocks) in [
            (GroundingPart::Source, &sources),
            (GroundingPart::Query, &queries),
            (GroundingPart::Answer, &answers),
        ] {
            if blocks.is_empty() {
                return Err(EvaluateError::GroundingIncomplete(part));
            }
            let length = count(blocks);
            let limit = part.limit();
            if length > limit {
                return Err(EvaluateError::GroundingTooLong {
                    part,
                    length,
                    limit,
                });
            }
            characters += length;
        }
        let parts = Compared {
            sources: parts(&sources),
            queries: parts(&queries),
            answers: parts(&answers),
        };
        Ok(Some(GroundingBlocks { parts, characters }))
    }

    fn select(&self, wanted: impl Fn(Qualifiers) -> bool) -> Vec<TextBlock<'c>> {
        let blocks = self.texts.iter().copied();
        blocks.filter(|block| wanted(block.qualifiers)).collect()
    }
}

/// Code points in `blocks`.
pub(super) fn count(blocks: &[TextBlock<'_>]) -> usize {
    blocks.iter().map(|block| block.characters).sum()
}

fn parts<'c>(blocks: &[TextBlock<'c>]) -> Vec<Part<'c>> {
    let parts = blocks.iter().map(|block| Part {
        block: block.index,
        text: block.text.as_str(),
    });
    parts.collect()
}
