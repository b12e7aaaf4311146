//! `TABLE.md`: the tables of all sets, for people.

use super::csv::Table;
use std::fmt::Write;

/// Columns of the summary, for the tables that have them.
const SHOWN: [(&str, &[&str]); 6] = [
    (
        "recall",
        &[
            "rows",
            "positives",
            "not_evaluated",
            "precision",
            "recall",
            "f1",
            "false_alarms",
            "auroc",
            "recall_at_1_percent",
            "operating_recall",
            "calibration_error",
        ],
    ),
    (
        "exact_f1",
        &[
            "labels",
            "found",
            "exact_precision",
            "exact_recall",
            "exact_f1",
            "overlap_f1",
        ],
    ),
    (
        "near_misses_flagged",
        &[
            "topics",
            "texts",
            "recall",
            "false_alarms",
            "near_misses_flagged",
            "recall_at_1_percent",
        ],
    ),
    (
        "lost",
        &[
            "detected",
            "harmless",
            "lost",
            "not_evaluated",
            "false_alarms_before",
            "false_alarms_after",
        ],
    ),
    (
        "topics",
        &[
            "topics",
            "texts",
            "recall",
            "false_alarms",
            "recall_at_1_percent",
        ],
    ),
    (
        "best_balanced_accuracy",
        &[
            "rows",
            "bad",
            "not_evaluated",
            "balanced_accuracy",
            "auroc",
            "stopped",
            "lost",
            "stopped_at_10_percent_lost",
            "best_balanced_accuracy",
        ],
    ),
];

/// One set's table.
pub(super) struct Section {
    pub(super) name: String,
    /// Which rows, in words; empty for all.
    pub(super) selection: String,
    pub(super) table: Table,
}

/// The tables of `sections`, in order. Lines for languages and sources stay in the CSV files.
pub(super) fn summary(sections: &[Section], flagged: Option<(f64, &[String])>) -> String {
    let mut text = String::from(
        "# What was measured\n\nMade by `pretil eval --table evaluation --write`; do not edit. Each \
         set's CSV file has all figures, languages and sources. Intervals are 95 %. Flagged is what \
         reaches MEDIUM.\n",
    );
    // Writing to a string cannot fail.
    if let Some((share, sets)) = flagged {
        let _ = writeln!(
            text,
            "\n\"Operating recall\" is at the threshold that flags {} % of the harmless rows of {}.",
            share * 100.0,
            sets.join(", ")
        );
    }
    text.push_str(
        "\nAnswers (grounding, relevance): \"stopped\" is the share of bad answers whose score is below \
         0.5, \"lost\" that of good ones. \"Stopped at 10 percent lost\" takes the threshold that loses at most \
         a tenth of the good answers of that very set, \"best balanced accuracy\" the best threshold on it. \
         WORD OVERLAP and LENGTH are what two numbers that know nothing of meaning reach, each in its \
         better direction.\n",
    );
    for Section {
        name,
        selection,
        table,
    } in sections
    {
        let _ = writeln!(text, "\n## {name}\n");
        if !selection.is_empty() {
            let _ = writeln!(text, "Measured on {selection}.\n");
        }
        text.push_str(&markdown(table));
    }
    text
}

fn markdown(table: &Table) -> String {
    let has = |name: &str| table.columns.iter().any(|column| column == name);
    // The marks that tell tables apart, the most telling first.
    let order = [5, 3, 2, 4, 1, 0];
    let shown = order
        .iter()
        .map(|&index| SHOWN[index])
        .find(|(mark, _)| has(mark));
    // A table of harmless rows alone has no recall, and the columns of the tables that have.
    let columns = shown.map_or(SHOWN[0].1, |(_, columns)| columns).to_vec();
    let columns: Vec<&str> = columns.into_iter().filter(|name| has(name)).collect();
    let mut text = format!(
        "| task | label | {} |\n",
        columns.join(" | ").replace('_', " ")
    );
    text.push_str(&"|---".repeat(columns.len() + 2));
    text.push_str("|\n");
    for line in &table.lines {
        let [task, label, group, ..] = line.as_slice() else {
            continue;
        };
        if group != "all" {
            continue;
        }
        let cells = columns
            .iter()
            .map(|name| table.cell(line, name).unwrap_or_default());
        let cells: Vec<&str> = cells.collect();
        let _ = writeln!(text, "| {task} | {label} | {} |", cells.join(" | "));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn section(name: &str, selection: &str, csv: &str) -> Section {
        Section {
            name: name.to_owned(),
            selection: selection.to_owned(),
            table: Table::from_csv(csv),
        }
    }

    #[test]
    fn only_whole_sets_are_shown() {
        let csv = "task,label,group,rows,recall,high_recall\n\
                   content,HATE,all,9,0.5 (0.1–0.9),0.1\ncontent,HATE,language:fr,4,0.25,0.0\n";
        let sections = [section("one", "", csv)];
        let text = summary(&sections, Some((0.01, &["benign".to_owned()])));
        assert!(text.contains("flags 1 % of the harmless rows of benign"));
        assert!(text.contains("## one\n\n| task | label | rows | recall |\n|---|---|---|---|\n"));
        assert!(text.contains("| content | HATE | 9 | 0.5 (0.1–0.9) |"));
        assert!(!text.contains("language:fr"));
    }

    #[test]
    fn harmless_sets_show_their_false_alarms() {
        let csv = "task,label,group,rows,false_alarms\ncontent,HATE,all,9,0.011\n";
        let text = summary(&[section("benign", "", csv)], None);
        assert!(text.contains("| content | HATE | 9 | 0.011 |"));
    }

    #[test]
    fn sets_of_answers_stand_beside_what_knows_nothing() {
        let csv = "task,label,group,rows,auroc,best_balanced_accuracy,balanced_accuracy,guardrail_lost\n\
                   grounding,GROUNDING,all,9,0.9,0.8,0.7,\ngrounding,LENGTH,all,9,0.5,0.5,,\n";
        let text = summary(&[section("own", "5 lines of each file", csv)], None);
        assert!(text.contains("## own\n\nMeasured on 5 lines of each file.\n\n"));
        assert!(text.contains(
            "| task | label | rows | balanced accuracy | auroc | best balanced accuracy |\n"
        ));
        assert!(text.contains("| grounding | GROUNDING | 9 | 0.7 | 0.9 | 0.8 |\n"));
        assert!(text.contains("| grounding | LENGTH | 9 |  | 0.5 | 0.5 |\n"));
    }
}
