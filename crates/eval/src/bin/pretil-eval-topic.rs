//! Prints the table of `evaluation/topic.md`.
//!
//! `PRETIL_DATA=DIR pretil-eval-topic training/topic/authored_topics.jsonl`

use anyhow::{Context, Result};
use pretil_eval::{
    metrics::Share,
    topic::{authored, banking77, clinc150, general, hwu64, measure},
};
use std::{env, io::Write, path::PathBuf};

fn main() -> Result<()> {
    let data = PathBuf::from(env::var_os("PRETIL_DATA").context("PRETIL_DATA is not set")?);
    let own = PathBuf::from(
        env::args_os()
            .nth(1)
            .context("name the file of authored topics")?,
    );
    let detectors = pretil_models::detectors();
    let sets = [
        authored(&own, "tune", false)?,
        authored(&own, "test", false)?,
        authored(&own, "test", true)?,
        general(&data, &own)?,
        clinc150(&data)?,
        banking77(&data)?,
        hwu64(&data)?,
    ];
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "| set | topics | texts | recall | false alarms | near misses flagged | recall at 1 % false alarms | nearest example at 1 % |"
    )?;
    writeln!(out, "|---|---|---|---|---|---|---|---|")?;
    for set in sets {
        let measured = measure(&set, &detectors)?;
        writeln!(
            out,
            "| {} | {} | {} | {} | {} | {} | {} | {} |",
            measured.name,
            measured.topics,
            measured.texts,
            cell(measured.recall),
            cell(measured.false_alarms),
            cell(measured.near_misses),
            cell(measured.recall_at_1_percent),
            cell(measured.nearest_example_at_1_percent),
        )?;
        out.flush()?;
    }
    Ok(())
}

fn cell(share: Option<Share>) -> String {
    share.map_or_else(String::new, |share| {
        format!("{:.3} ({:.3}–{:.3})", share.value, share.low, share.high)
    })
}
