//! What a measurement gives: figures about one label in one group of rows.

use serde::Serialize;
use std::collections::BTreeMap;

/// A figure with its 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Estimate {
    /// Point estimate.
    pub value: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// Which rows.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// All of them.
    All,
    /// Those in one language.
    Language(String),
    /// Those of one source.
    Source(String),
}

impl Group {
    /// `all`, `language:fr`, `source:xstest_v2`.
    pub fn name(&self) -> String {
        match self {
            Self::All => "all".to_owned(),
            Self::Language(language) => format!("language:{language}"),
            Self::Source(source) => format!("source:{source}"),
        }
    }
}

/// Figures about one label in one group.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    /// The label: a filter, a personal-data type, a topic, a technique.
    pub label: String,
    /// Which rows.
    pub group: Group,
    /// What was counted.
    pub counts: Vec<(&'static str, usize)>,
    /// What was estimated. A figure that the rows do not support is absent.
    pub estimates: Vec<(&'static str, Estimate)>,
}

impl Measured {
    /// The figure called `name`.
    pub fn estimate(&self, name: &str) -> Option<Estimate> {
        let mut all = self.estimates.iter();
        all.find(|(known, _)| *known == name).map(|(_, it)| *it)
    }

    /// The count called `name`.
    pub fn count(&self, name: &str) -> Option<usize> {
        let mut all = self.counts.iter();
        all.find(|(known, _)| *known == name).map(|(_, it)| *it)
    }
}

/// The groups of rows to measure, each with the indices of its rows: all, then every language and
/// every source where there is more than one.
pub fn groups<'r>(
    rows: impl Iterator<Item = (Option<&'r str>, Option<&'r str>)>,
) -> Vec<(Group, Vec<usize>)> {
    let mut all = Vec::new();
    let mut languages: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    let mut sources: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, (language, source)) in rows.enumerate() {
        all.push(index);
        languages
            .entry(language.unwrap_or("unknown"))
            .or_default()
            .push(index);
        sources
            .entry(source.unwrap_or("unknown"))
            .or_default()
            .push(index);
    }
    let mut groups = vec![(Group::All, all)];
    let named = |name: &str, to: fn(String) -> Group| to(name.to_owned());
    if languages.len() > 1 {
        let parts = languages.into_iter();
        groups.extend(parts.map(|(name, rows)| (named(name, Group::Language), rows)));
    }
    if sources.len() > 1 {
        let parts = sources.into_iter();
        groups.extend(parts.map(|(name, rows)| (named(name, Group::Source), rows)));
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_single_language_or_source_is_no_group_of_its_own() {
        let rows = [
            (Some("en"), Some("one")),
            (Some("fr"), Some("one")),
            (None, Some("one")),
        ];
        let names: Vec<_> = groups(rows.into_iter())
            .into_iter()
            .map(|(group, rows)| (group.name(), rows))
            .collect();
        let expected = [
            ("all".to_owned(), vec![0, 1, 2]),
            ("language:en".to_owned(), vec![0]),
            ("language:fr".to_owned(), vec![1]),
            ("language:unknown".to_owned(), vec![2]),
        ];
        assert_eq!(names, expected);
    }
}
