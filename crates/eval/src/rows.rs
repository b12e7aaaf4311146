//! Rows of the data sets: JSON lines, gzipped where the name ends in `.gz`.

use anyhow::{Context, Result};
use flate2::read::MultiGzDecoder;
use serde::de::DeserializeOwned;
use std::{
    fs::File,
    io::{BufRead, BufReader, Read},
    path::Path,
};

/// All rows of the file at `path`. An error names the file and the line, never its content.
pub fn read<Row: DeserializeOwned>(path: &Path) -> Result<Vec<Row>> {
    let name = path.display();
    let file = File::open(path).with_context(|| format!("open {name}"))?;
    let reader: Box<dyn Read> = if path.extension().is_some_and(|extension| extension == "gz") {
        Box::new(MultiGzDecoder::new(file))
    } else {
        Box::new(file)
    };
    let mut rows = Vec::new();
    for (index, line) in BufReader::new(reader).lines().enumerate() {
        let line = line.with_context(|| format!("read {name}"))?;
        if line.trim().is_empty() {
            continue;
        }
        let row = serde_json::from_str(&line)
            .ok()
            .with_context(|| format!("line {} of {name} is not a row of this kind", index + 1))?;
        rows.push(row);
    }
    Ok(rows)
}
