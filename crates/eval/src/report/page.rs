//! The page: figures and plots in one file, without scripts, without anything from elsewhere.

use super::plot;
use crate::{
    evaluation::Evaluation,
    figures::{Estimate, Measured},
};
use std::fmt::Write;

const STYLE: &str = "\
body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:64rem;padding:0 1rem;color:#1c1c1c;background:#fff}\
h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2.5rem;border-bottom:1px solid #ddd}\
.scroll{overflow-x:auto}\
table{border-collapse:collapse;font-variant-numeric:tabular-nums;margin:.75rem 0}\
th,td{padding:.2rem .7rem;text-align:right;border-bottom:1px solid #eee;white-space:nowrap}\
th:first-child,td:first-child{text-align:left}\
small{color:#666}\
svg text{font:11px system-ui,sans-serif;fill:#555}\
.frame{fill:none;stroke:#bbb}.guide{fill:none;stroke:#ccc;stroke-dasharray:4}\
.curve{fill:none;stroke:#1b5fad;stroke-width:2}circle,.positive{fill:#b3261e}.negative{fill:#7aa6d6}\
@media(prefers-color-scheme:dark){body{color:#e6e6e6;background:#161616}th,td{border-color:#333}\
h2{border-color:#444}small,svg text{color:#aaa;fill:#aaa}}";

/// A whole HTML page. It holds figures and names, no text of any row.
pub fn page(evaluation: &Evaluation, data: &[String], guardrail: Option<&str>) -> String {
    let mut body = String::new();
    let what = guardrail.map_or_else(
        || "the bare detectors".to_owned(),
        |name| format!("the guardrail {}", escaped(name)),
    );
    // Writing to a string cannot fail.
    let _ = write!(
        body,
        "<h1>Evaluation: {}</h1><p>{} rows of {}, judged by {what}. Intervals are 95 %.</p>",
        evaluation.task.name(),
        evaluation.rows,
        escaped(&data.join(", ")),
    );
    for (reason, rows) in &evaluation.not_evaluated {
        let _ = write!(
            body,
            "<p>Not evaluated: {rows} rows ({}).</p>",
            escaped(reason)
        );
    }
    for parts in evaluation
        .measured
        .chunk_by(|one, other| one.label == other.label)
    {
        let Some(first) = parts.first() else { continue };
        let _ = write!(body, "<h2>{}</h2>", escaped(&first.label));
        body.push_str(&table(parts));
        let mut observed = evaluation.observed.iter();
        let Some((_, seen)) = observed.find(|(label, _)| *label == first.label) else {
            continue;
        };
        if seen.iter().any(|it| it.positive) && seen.iter().any(|it| !it.positive) {
            body.push_str(&plot::roc(seen));
            body.push_str(&plot::reliability(seen));
        }
        body.push_str(&plot::histogram(seen));
        body.push_str("<p><small>Red: positives. Blue: negatives.</small></p>");
    }
    format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">\
        <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\
        <meta name=\"viewport\" content=\"width=device-width\">\
        <title>Pretil evaluation: {}</title><style>{STYLE}</style></head><body>{body}</body></html>\n",
        evaluation.task.name()
    )
}

/// A row per group, a column per figure that any of them has.
fn table(parts: &[Measured]) -> String {
    let mut names: Vec<&str> = Vec::new();
    for part in parts {
        for (name, _) in &part.estimates {
            if !names.contains(name) {
                names.push(name);
            }
        }
    }
    let counts = parts.first().map_or(&[][..], |part| &part.counts);
    let mut table = String::from("<div class=\"scroll\"><table><tr><th>rows</th>");
    for name in counts
        .iter()
        .map(|(name, _)| *name)
        .chain(names.iter().copied())
    {
        let _ = write!(table, "<th>{}</th>", name.replace('_', " "));
    }
    table.push_str("</tr>");
    for part in parts {
        let _ = write!(table, "<tr><td>{}</td>", escaped(&part.group.name()));
        for (_, count) in &part.counts {
            let _ = write!(table, "<td>{count}</td>");
        }
        for name in &names {
            let _ = write!(table, "<td>{}</td>", cell(part.estimate(name)));
        }
        table.push_str("</tr>");
    }
    table.push_str("</table></div>");
    table
}

fn cell(estimate: Option<Estimate>) -> String {
    estimate.map_or_else(String::new, |it| {
        format!(
            "{:.3} <small>{:.3}–{:.3}</small>",
            it.value, it.low, it.high
        )
    })
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            character => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        binary::{Observation, measure},
        evaluation::{Confusion, Task},
        figures::Group,
    };
    use pretil_guardrail::verdict::Confidence;
    use std::collections::BTreeMap;

    #[test]
    fn the_page_names_what_it_must_and_loads_nothing() {
        let observation = |positive, score| Observation {
            positive,
            score,
            confidence: Confidence::None,
            flagged: false,
        };
        let seen = vec![observation(true, 0.9), observation(false, 0.2)];
        let evaluation = Evaluation {
            task: Task::Content,
            rows: 2,
            not_evaluated: BTreeMap::from([("budget_spent".to_owned(), 1)]),
            measured: vec![measure("HATE", Group::Source("<b>&".to_owned()), &seen)],
            observed: vec![("HATE".to_owned(), seen)],
            scores: Vec::new(),
            confusions: vec![Confusion {
                label: "HATE".to_owned(),
                kind: "missed",
                score: None,
                id: String::new(),
                lang: None,
                source: None,
                text: "the words of a row".to_owned(),
                context: None,
            }],
        };
        let page = page(&evaluation, &["a.jsonl".to_owned()], Some("<script>"));
        for expected in [
            "&lt;b&gt;&amp;",
            "&lt;script&gt;",
            "ROC curve",
            "budget_spent",
            "a.jsonl",
        ] {
            assert!(page.contains(expected), "{expected}");
        }
        for absent in [
            "<script",
            "http://",
            "https://",
            "src=",
            "the words of a row",
        ] {
            assert!(!page.contains(absent), "{absent}");
        }
    }
}
