//! What the service model demands of a value, and how a breach is worded.

use super::pattern::Pattern;
use std::fmt;

/// The constraints of one member in the service model.
#[derive(Clone, Copy)]
pub(crate) struct Rule {
    minimum_length: usize,
    maximum_length: usize,
    minimum: f64,
    maximum: f64,
    pattern: Option<&'static Pattern>,
    values: &'static [&'static str],
    sensitive: bool,
    item: Option<&'static Rule>,
}

impl Rule {
    /// No constraint.
    pub(crate) const ANY: Self = Self {
        minimum_length: 0,
        maximum_length: usize::MAX,
        minimum: f64::NEG_INFINITY,
        maximum: f64::INFINITY,
        pattern: None,
        values: &[],
        sensitive: false,
        item: None,
    };

    /// Bounds on a string's code points or on a list's items.
    pub(crate) const fn length(mut self, minimum: usize, maximum: usize) -> Self {
        self.minimum_length = minimum;
        self.maximum_length = maximum;
        self
    }

    /// A lower bound on length alone.
    pub(crate) const fn at_least(self, minimum: usize) -> Self {
        self.length(minimum, usize::MAX)
    }

    /// Bounds on a number.
    pub(crate) const fn range(mut self, minimum: f64, maximum: f64) -> Self {
        self.minimum = minimum;
        self.maximum = maximum;
        self
    }

    /// A pattern that the whole value must match.
    pub(crate) const fn pattern(mut self, pattern: &'static Pattern) -> Self {
        self.pattern = Some(pattern);
        self
    }

    /// A closed set of values.
    pub(crate) const fn one_of(mut self, values: &'static [&'static str]) -> Self {
        self.values = values;
        self
    }

    /// The value is never repeated in a message.
    pub(crate) const fn sensitive(mut self) -> Self {
        self.sensitive = true;
        self
    }

    /// The constraints of every item of a list.
    pub(crate) const fn of(mut self, item: &'static Self) -> Self {
        self.item = Some(item);
        self
    }

    /// The constraints of every item of a list; none if not said.
    pub(crate) fn item(&self) -> &'static Self {
        static ANY: Rule = Rule::ANY;
        self.item.unwrap_or(&ANY)
    }

    /// The most items that are worth keeping of a list.
    pub(crate) const fn capacity(&self) -> usize {
        self.maximum_length
    }

    /// Checks a string.
    pub(crate) fn check_text(&self, value: &str, at: &Path, violations: &mut Violations) {
        let length = value.chars().count();
        let mut breach = |constraint| violations.push(at, self.shown(value), constraint);
        if length < self.minimum_length {
            breach(Constraint::MinimumLength(self.minimum_length));
        }
        if length > self.maximum_length {
            breach(Constraint::MaximumLength(self.maximum_length));
        }
        if let Some(pattern) = self.pattern
            && !pattern.matches(value)
        {
            breach(Constraint::Pattern(pattern.text()));
        }
        if !self.values.is_empty() && !self.values.contains(&value) {
            breach(Constraint::Values(self.values));
        }
    }

    /// Checks the number of items of a list, or of bytes of a blob.
    pub(crate) fn check_length(&self, length: usize, at: &Path, violations: &mut Violations) {
        if length < self.minimum_length {
            violations.push(at, None, Constraint::MinimumLength(self.minimum_length));
        }
        if length > self.maximum_length {
            violations.push(at, None, Constraint::MaximumLength(self.maximum_length));
        }
    }

    /// Checks a number.
    pub(crate) fn check_number(&self, value: f64, at: &Path, violations: &mut Violations) {
        if value < self.minimum || value.is_nan() {
            let shown = Some(value.to_string());
            violations.push(at, shown, Constraint::Minimum(self.minimum));
        }
        if value > self.maximum {
            let shown = Some(value.to_string());
            violations.push(at, shown, Constraint::Maximum(self.maximum));
        }
    }

    /// The value as a message may repeat it: not at all if sensitive, and never a long one.
    fn shown(&self, value: &str) -> Option<String> {
        /// In code points. A name or an enum is shorter; a longer value is not worth repeating.
        const LONGEST: usize = 256;
        if self.sensitive {
            return None;
        }
        if value.chars().count() <= LONGEST {
            return Some(value.to_owned());
        }
        Some(value.chars().take(LONGEST).chain(['…']).collect())
    }
}

/// One step from a request to a member.
#[derive(Clone, Copy)]
pub(crate) enum Step {
    /// Into a structure.
    Member(&'static str),
    /// Into a list; zero-based here, one-based in messages.
    Item(usize),
}

/// Where a member is in its request.
#[derive(Default)]
pub(crate) struct Path(Vec<Step>);

impl Path {
    /// A member of the request itself.
    pub(crate) fn member(name: &'static str) -> Self {
        Self(vec![Step::Member(name)])
    }

    /// Goes one step down.
    pub(crate) fn push(&mut self, step: Step) {
        self.0.push(step);
    }

    /// Goes one step up.
    pub(crate) fn pop(&mut self) {
        self.0.pop();
    }
}

impl fmt::Display for Path {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, step) in self.0.iter().enumerate() {
            if index > 0 {
                formatter.write_str(".")?;
            }
            match step {
                Step::Member(name) => formatter.write_str(name)?,
                Step::Item(item) => write!(formatter, "{}.member", item + 1)?,
            }
        }
        Ok(())
    }
}

/// A constraint that was breached.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Constraint {
    /// A required member or an item of a list is missing or null.
    NotNull,
    /// Too short, or too few items.
    MinimumLength(usize),
    /// Too long, or too many items.
    MaximumLength(usize),
    /// Too small.
    Minimum(f64),
    /// Too large.
    Maximum(f64),
    /// The pattern's spelling in the model.
    Pattern(&'static str),
    /// The values allowed.
    Values(&'static [&'static str]),
    /// Exactly one of these members of a union.
    ExactlyOne(&'static [&'static str]),
    /// At least one of these members.
    AtLeastOne(&'static [&'static str]),
}

impl fmt::Display for Constraint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotNull => formatter.write_str("Member must not be null"),
            Self::MinimumLength(bound) => write!(
                formatter,
                "Member must have length greater than or equal to {bound}"
            ),
            Self::MaximumLength(bound) => write!(
                formatter,
                "Member must have length less than or equal to {bound}"
            ),
            Self::Minimum(bound) => write!(
                formatter,
                "Member must have value greater than or equal to {bound}"
            ),
            Self::Maximum(bound) => write!(
                formatter,
                "Member must have value less than or equal to {bound}"
            ),
            Self::Pattern(text) => write!(
                formatter,
                "Member must satisfy regular expression pattern: {text}"
            ),
            Self::Values(values) => write!(
                formatter,
                "Member must satisfy enum value set: [{}]",
                values.join(", ")
            ),
            Self::ExactlyOne(members) => write!(
                formatter,
                "Member must have exactly one of these members set: [{}]",
                members.join(", ")
            ),
            Self::AtLeastOne(members) => write!(
                formatter,
                "Member must have at least one of these members set: [{}]",
                members.join(", ")
            ),
        }
    }
}

/// Every breach of the model in one request, worded as the service words them:
/// `1 validation error detected: Value at 'a.2.member.b' failed to satisfy constraint: …`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Violations {
    described: Vec<String>,
    count: usize,
}

impl Violations {
    /// The most violations that one message describes; the rest are counted.
    const DESCRIBED: usize = 20;

    /// How many there are.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Adds one. `shown` is the value, where the message may repeat it.
    pub(crate) fn push(&mut self, at: &Path, shown: Option<String>, constraint: Constraint) {
        self.count += 1;
        if self.described.len() == Self::DESCRIBED {
            return;
        }
        let subject = match shown {
            Some(value) => format!("Value '{value}' at '{at}'"),
            None => format!("Value at '{at}'"),
        };
        self.described.push(format!(
            "{subject} failed to satisfy constraint: {constraint}"
        ));
    }
}

impl fmt::Display for Violations {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = if self.count == 1 { "" } else { "s" };
        write!(
            formatter,
            "{} validation error{plural} detected: {}",
            self.count,
            self.described.join("; ")
        )
    }
}

/// Why a request is refused before anything is asked of the service. Every case is a
/// `ValidationException`; the message is for the caller and repeats no content of a prompt or an
/// answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    /// The body is not JSON, or a member has the wrong JSON type.
    #[error("{0}")]
    Malformed(String),
    /// The model's constraints are breached.
    #[error("{0}")]
    Violations(Violations),
}
