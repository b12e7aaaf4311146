//! What is judged: the source, its blocks and their qualifiers.

use std::fmt;

/// Which way the content flows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// From the user to the model: a prompt.
    Input,
    /// From the model to the user: an answer.
    Output,
}

/// Text that the caller sent. Its `Debug` prints a length, so that content never reaches a log.
#[derive(Clone, PartialEq, Eq)]
pub struct Text(String);

impl Text {
    /// Wraps `text`.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Length in Unicode code points, the unit in which the API counts and bills.
    pub fn code_points(&self) -> usize {
        self.0.chars().count()
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Text({} bytes)", self.0.len())
    }
}

/// What a block is, as its sender says. A block may be several at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Qualifiers {
    /// The text that the answer must be supported by.
    pub grounding_source: bool,
    /// The question that the answer must answer.
    pub query: bool,
    /// The text to guard.
    pub guard_content: bool,
}

impl Qualifiers {
    /// Whether no qualifier is set.
    pub fn none(self) -> bool {
        !(self.grounding_source || self.query || self.guard_content)
    }
}

/// One piece of content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A text with its qualifiers.
    Text {
        /// What was sent.
        text: Text,
        /// What it is.
        qualifiers: Qualifiers,
    },
    /// An image. No detector here reads images; a policy that must judge one says "not evaluated".
    Image,
}

/// What is judged in one call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    /// Which way it flows.
    pub source: Source,
    /// The blocks in the order sent; outputs come back in this order.
    pub blocks: Vec<Block>,
}

impl Content {
    /// One unqualified text.
    pub fn text(source: Source, text: impl Into<String>) -> Self {
        let block = Block::Text {
            text: Text::new(text),
            qualifiers: Qualifiers::default(),
        };
        Self {
            source,
            blocks: vec![block],
        }
    }
}
