//! The scores of every row of a set, and what became of them when the weights change.

use super::csv::Table;
use crate::content::{Column, Columns, Judgements};
use std::collections::BTreeSet;

/// A score that moved by more than this is counted.
const MOVED: f64 = 0.05;

/// Rows that are named.
const NAMED: usize = 40;

/// One line per row: id, language, labels, what is flagged, every score.
pub(super) fn table(judgements: &Judgements<'_>) -> Table {
    let columns = columns();
    let names = columns.iter().map(|column| column.name());
    let keys = ["id", "lang", "labels", "flagged"].into_iter();
    Table {
        columns: keys.chain(names).map(str::to_owned).collect(),
        lines: judgements
            .seen(&columns)
            .into_iter()
            .map(|row| {
                let scores = row.scores.iter();
                let scores =
                    scores.map(|score| score.map_or_else(String::new, |it| format!("{it:.3}")));
                [
                    row.id,
                    row.language,
                    joined(&row.labels),
                    joined(&row.flagged),
                ]
                .into_iter()
                .chain(scores)
                .collect()
            })
            .collect(),
    }
}

/// All filters.
fn columns() -> Vec<Column> {
    let all = [Columns::Content.all(), Columns::Attack.all()].concat();
    all.into_iter()
        .filter(|column| *column != Column::Unsafe)
        .collect()
}

fn joined(names: &[&str]) -> String {
    if names.is_empty() {
        "-".to_owned()
    } else {
        names.join("+")
    }
}

/// What changed from `before` to `after`, one line of words each. Rows are named by their ids.
pub(super) fn changes(before: &Table, after: &Table) -> Vec<String> {
    let (old, new) = (before.by_key(1), after.by_key(1));
    let (mut repaired, mut broken, mut moved) = (0, 0, 0);
    let mut named = Vec::new();
    for (key, cells) in &new {
        let (Some(old_cells), [id]) = (old.get(key), key) else {
            continue;
        };
        let ([language, labels, flagged, scores @ ..], [_, _, was, old_scores @ ..]) =
            (*cells, *old_cells)
        else {
            continue;
        };
        moved += usize::from(
            scores
                .iter()
                .zip(old_scores)
                .any(|(new, old)| differ(new, old)),
        );
        if set(flagged) == set(was) {
            continue;
        }
        let right = |flagged: &str| set(flagged) == set(labels);
        repaired += usize::from(right(flagged) && !right(was));
        broken += usize::from(!right(flagged) && right(was));
        named.push(format!(
            "row {id} ({language}, {labels}): flagged {was} → {flagged}"
        ));
    }
    let added = new.keys().filter(|key| !old.contains_key(*key)).count();
    let gone = old.keys().filter(|key| !new.contains_key(*key)).count();
    if named.is_empty() && moved + added + gone == 0 {
        return Vec::new();
    }
    let mut changes = vec![format!(
        "rows: {} flagged otherwise ({repaired} now right, {broken} now wrong), {moved} with a score \
         moved by more than {MOVED}, {added} new, {gone} gone",
        named.len()
    )];
    let rest = named.len().saturating_sub(NAMED);
    named.truncate(NAMED);
    changes.append(&mut named);
    if rest > 0 {
        changes.push(format!("and {rest} more rows"));
    }
    changes
}

fn set(names: &str) -> BTreeSet<&str> {
    names.split('+').collect()
}

fn differ(one: &str, other: &str) -> bool {
    match (one.parse::<f64>(), other.parse::<f64>()) {
        (Ok(one), Ok(other)) => (one - other).abs() > MOVED,
        _ => one != other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(lines: &str) -> Table {
        Table::from_csv(&format!("id,lang,labels,flagged,HATE,SEXUAL\n{lines}"))
    }

    #[test]
    fn rows_that_changed_are_named_and_counted() {
        let before = table("a,en,HATE,-,0.300,0.010\nb,en,-,-,0.100,0.010\nc,en,-,-,0.1,0.1\n");
        let after =
            table("a,en,HATE,HATE,0.900,0.010\nb,en,-,HATE,0.600,0.010\nd,en,-,-,0.1,0.1\n");
        assert_eq!(
            changes(&before, &after),
            [
                "rows: 2 flagged otherwise (1 now right, 1 now wrong), 2 with a score moved by more \
                 than 0.05, 1 new, 1 gone",
                "row a (en, HATE): flagged - → HATE",
                "row b (en, -): flagged - → HATE",
            ]
        );
        assert!(changes(&before, &before).is_empty());
    }
}
