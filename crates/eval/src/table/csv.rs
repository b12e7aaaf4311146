//! Tables as CSV files: written, read back, compared.

use crate::{
    Task,
    figures::{Estimate, Measured},
};
use std::{collections::BTreeMap, fmt::Write};

/// A table: the first line names the columns, the first `keys` columns name a line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Table {
    pub(super) columns: Vec<String>,
    pub(super) lines: Vec<Vec<String>>,
}

/// Columns that name a line of figures.
pub(super) const KEYS: usize = 3;

impl Table {
    /// One line per label and group, one column per figure that any of them has.
    pub(super) fn of_figures<'m>(measured: impl Iterator<Item = (Task, &'m Measured)>) -> Self {
        let measured: Vec<_> = measured.collect();
        let mut figures: Vec<&str> = Vec::new();
        for (_, it) in &measured {
            let counts = it.counts.iter().map(|(name, _)| *name);
            for name in counts.chain(it.estimates.iter().map(|(name, _)| *name)) {
                if !figures.contains(&name) {
                    figures.push(name);
                }
            }
        }
        let line = |task: Task, it: &Measured| {
            let mut line = vec![task.name().to_owned(), it.label.clone(), it.group.name()];
            line.extend(figures.iter().map(|name| {
                let count = it.count(name).map(|count| count.to_string());
                count.or(it.estimate(name).map(cell)).unwrap_or_default()
            }));
            line
        };
        let keys = ["task", "label", "group"].into_iter();
        Self {
            columns: keys
                .chain(figures.iter().copied())
                .map(str::to_owned)
                .collect(),
            lines: measured.iter().map(|(task, it)| line(*task, it)).collect(),
        }
    }

    pub(super) fn to_csv(&self) -> String {
        let mut text = String::new();
        for line in std::iter::once(&self.columns).chain(&self.lines) {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{}", line.join(","));
        }
        text
    }

    pub(super) fn from_csv(text: &str) -> Self {
        let mut lines = text
            .lines()
            .map(|line| line.split(',').map(str::to_owned).collect());
        Self {
            columns: lines.next().unwrap_or_default(),
            lines: lines.collect(),
        }
    }

    /// The lines by their first `keys` cells.
    pub(super) fn by_key(&self, keys: usize) -> BTreeMap<&[String], &[String]> {
        let lines = self.lines.iter().filter(|line| line.len() >= keys);
        lines.map(|line| line.split_at(keys)).collect()
    }

    /// Column names after the first `keys`.
    pub(super) fn named(&self, keys: usize) -> &[String] {
        self.columns.get(keys..).unwrap_or_default()
    }

    /// The cell of `line` in the column called `name`.
    pub(super) fn cell<'l>(&self, line: &'l [String], name: &str) -> Option<&'l str> {
        let column = self.columns.iter().position(|column| column == name)?;
        line.get(column).map(String::as_str)
    }
}

fn cell(estimate: Estimate) -> String {
    format!(
        "{:.3} ({:.3}–{:.3})",
        estimate.value, estimate.low, estimate.high
    )
}

/// What changed from `before` to `after`, one line of words each.
pub(super) fn changes(before: &Table, after: &Table) -> Vec<String> {
    let (old, new) = (before.by_key(KEYS), after.by_key(KEYS));
    let mut changes = Vec::new();
    for (key, cells) in &new {
        let Some(old_cells) = old.get(key) else {
            changes.push(format!("{}: new", key.join(" ")));
            continue;
        };
        for (name, cell) in after.named(KEYS).iter().zip(*cells) {
            let column = before.named(KEYS).iter().position(|column| column == name);
            let was = column.and_then(|column| old_cells.get(column));
            let was = was.map_or("", String::as_str);
            if value(was) != value(cell) {
                changes.push(format!("{} {name}: {was} → {cell}", key.join(" ")));
            }
        }
    }
    let gone = old.keys().filter(|key| !new.contains_key(*key));
    changes.extend(gone.map(|key| format!("{}: gone", key.join(" "))));
    changes
}

/// A cell without its interval.
fn value(cell: &str) -> &str {
    cell.split(' ').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::Group;

    fn measured(label: &str, value: f64) -> Measured {
        Measured {
            label: label.to_owned(),
            group: Group::All,
            counts: vec![("rows", 10)],
            estimates: vec![(
                "recall",
                Estimate {
                    value,
                    low: 0.0,
                    high: 1.0,
                },
            )],
        }
    }

    #[test]
    fn a_table_is_read_back_and_compared() {
        let [one, two, three] = [
            measured("HATE", 0.5),
            measured("HATE", 0.25),
            measured("AGE", 1.0),
        ];
        let before = Table::of_figures([(Task::Content, &one)].into_iter());
        assert_eq!(
            before.to_csv(),
            "task,label,group,rows,recall\ncontent,HATE,all,10,0.500 (0.000–1.000)\n"
        );
        assert_eq!(Table::from_csv(&before.to_csv()), before);
        assert!(changes(&before, &before).is_empty());
        let after = Table::of_figures([(Task::Content, &two), (Task::Pii, &three)].into_iter());
        assert_eq!(
            changes(&before, &after),
            [
                "content HATE all recall: 0.500 (0.000–1.000) → 0.250 (0.000–1.000)",
                "pii AGE all: new",
            ]
        );
        assert_eq!(
            changes(&after, &before).last().unwrap(),
            "pii AGE all: gone"
        );
        assert_eq!(before.cell(&before.lines[0], "rows"), Some("10"));
    }
}
