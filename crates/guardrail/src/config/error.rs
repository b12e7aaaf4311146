//! What is wrong with a configuration, in the words of the API.

use std::fmt;

/// One thing that is wrong: where, and which rule it breaks. Holds no value of the configuration,
/// because names, definitions and messages are the user's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    /// `None`: the configuration as a whole.
    path: Option<String>,
    constraint: String,
}

impl ConfigError {
    /// The member at `path` breaks `constraint`.
    ///
    /// `path` is in the API's spelling, lists counted from one:
    /// `topicPolicyConfig.topicsConfig.2.member.definition`. `constraint` is a sentence without a
    /// full stop: `Member must have length less than or equal to 200`.
    pub fn new(path: impl Into<String>, constraint: impl Into<String>) -> Self {
        Self {
            path: Some(path.into()),
            constraint: constraint.into(),
        }
    }

    /// The configuration as a whole breaks `constraint`.
    pub fn whole(constraint: impl Into<String>) -> Self {
        Self {
            path: None,
            constraint: constraint.into(),
        }
    }

    /// The path of a member of the `index`-th element (from zero) of `list`; of the element itself
    /// if `member` is empty.
    pub fn element(list: &str, index: usize, member: &str) -> String {
        let dot = if member.is_empty() { "" } else { "." };
        format!("{list}.{}.member{dot}{member}", index + 1)
    }

    /// Where, in the API's spelling. `None`: the configuration as a whole.
    pub fn path(&self) -> Option<&str> {
        self.path.as_deref()
    }

    /// The rule that was broken.
    pub fn constraint(&self) -> &str {
        &self.constraint
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.path {
            Some(path) => write!(
                formatter,
                "Value at '{path}' failed to satisfy constraint: {}",
                self.constraint
            ),
            None => formatter.write_str(&self.constraint),
        }
    }
}

impl std::error::Error for ConfigError {}

/// Why a configuration is no guardrail. `Display` is the caller's message, a ValidationException:
/// `2 validation errors detected: Value at '…' failed to satisfy constraint: …; Value at …`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompileError {
    first: ConfigError,
    others: Vec<ConfigError>,
}

impl CompileError {
    /// `Err` if there is anything in `errors`.
    pub(crate) fn check(errors: Vec<ConfigError>) -> Result<(), Self> {
        let mut errors = errors.into_iter();
        errors.next().map_or(Ok(()), |first| {
            Err(Self {
                first,
                others: errors.collect(),
            })
        })
    }

    /// All that is wrong.
    pub fn errors(&self) -> impl Iterator<Item = &ConfigError> {
        std::iter::once(&self.first).chain(&self.others)
    }
}

impl fmt::Display for CompileError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.others.is_empty() && self.first.path.is_none() {
            return write!(formatter, "{}", self.first);
        }
        let count = 1 + self.others.len();
        let plural = if count == 1 { "" } else { "s" };
        write!(formatter, "{count} validation error{plural} detected: ")?;
        for (index, error) in self.errors().enumerate() {
            let separator = if index == 0 { "" } else { "; " };
            write!(formatter, "{separator}{error}")?;
        }
        Ok(())
    }
}

impl std::error::Error for CompileError {}
