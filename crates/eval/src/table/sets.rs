//! `sets.toml`: which sets there are, and what is measured on each.

use crate::{Task, rows::Take, topic::Selection};
use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// The whole file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SetFile {
    pub(super) operating_point: Option<OperatingPoint>,
    #[serde(rename = "set")]
    pub(super) sets: Vec<SetSpec>,
}

/// Recall is also given at the threshold that flags this share of the harmless rows of these sets.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OperatingPoint {
    pub(super) flagged: f64,
    pub(super) sets: Vec<String>,
}

/// One set.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SetSpec {
    /// The name of its table.
    pub(super) name: String,
    pub(super) tasks: Vec<Task>,
    /// Files in the directory of `sets.toml`, or folders of them.
    #[serde(default)]
    data: Vec<PathBuf>,
    /// Files of third parties, in the data directory.
    #[serde(default)]
    external: Vec<PathBuf>,
    /// Keep the scores of every row.
    #[serde(default)]
    pub(super) rows: bool,
    /// Rewrite the rows as attackers do.
    #[serde(default)]
    pub(super) evasion: bool,
    /// Only so many rows of each file, from all over it.
    #[serde(default)]
    sample: Option<usize>,
    /// For answers: only rows in these languages; all if empty.
    #[serde(default)]
    pub(super) languages: Vec<String>,
    /// For topics: files of third parties that examples are taken from.
    #[serde(default)]
    examples: Vec<PathBuf>,
    /// For topics: described topics that judge harmless rows. In the directory of `sets.toml`.
    #[serde(default)]
    topics: Option<PathBuf>,
    #[serde(default)]
    part: Option<String>,
    #[serde(default)]
    padded: bool,
    #[serde(default)]
    held_out: Option<String>,
    #[serde(default)]
    within: Option<String>,
}

impl SetFile {
    pub(super) fn read(directory: &Path) -> Result<Self> {
        let path = directory.join("sets.toml");
        let name = path.display();
        let text = fs::read_to_string(&path).with_context(|| format!("{name} cannot be read"))?;
        let file: Self =
            toml::from_str(&text).with_context(|| format!("{name} is not in order"))?;
        let names: BTreeSet<&str> = file.sets.iter().map(|set| set.name.as_str()).collect();
        ensure!(names.len() == file.sets.len(), "{name} names a set twice");
        for set in file.operating_point.iter().flat_map(|point| &point.sets) {
            ensure!(
                names.contains(set.as_str()),
                "{name}: there is no set {set}"
            );
        }
        for set in &file.sets {
            ensure!(
                set.data.is_empty() != set.external.is_empty(),
                "{name}: {} must have either data or external",
                set.name
            );
        }
        Ok(file)
    }
}

impl SetSpec {
    pub(super) fn take(&self) -> Take {
        self.sample.map_or(Take::All, Take::Sample)
    }

    /// Which of its rows are measured, in words; empty where all are.
    pub(super) fn selected(&self) -> String {
        let mut parts = Vec::new();
        if let Some(rows) = self.sample {
            parts.push(format!("{rows} lines of each file, chosen by hash"));
        }
        if !self.languages.is_empty() {
            parts.push(format!("rows in {}", self.languages.join(", ")));
        }
        parts.join("; ")
    }

    /// Its files; `None` where they are not here.
    pub(super) fn files(
        &self,
        directory: &Path,
        external: Option<&Path>,
    ) -> Result<Option<Vec<PathBuf>>> {
        if self.data.is_empty() {
            return Ok(in_data(&self.external, external));
        }
        let mut files = Vec::new();
        for path in &self.data {
            let path = directory.join(path);
            if path.is_dir() {
                files.append(&mut rows_in(&path)?);
            } else {
                files.push(path);
            }
        }
        ensure!(!files.is_empty(), "the set {} has no rows", self.name);
        Ok(Some(files))
    }

    /// What of its `files` makes a set of topics; `None` where the examples are not here.
    pub(super) fn selection(
        &self,
        files: Vec<PathBuf>,
        directory: &Path,
        external: Option<&Path>,
    ) -> Option<Selection> {
        Some(Selection {
            texts: files,
            examples: in_data(&self.examples, external)?,
            topics: self.topics.as_ref().map(|path| directory.join(path)),
            part: self.part.clone(),
            padded: self.padded,
            held_out: self.held_out.clone(),
            within: self.within.clone(),
            limit: None,
        })
    }
}

/// `paths` in the data directory, if all are there.
fn in_data(paths: &[PathBuf], external: Option<&Path>) -> Option<Vec<PathBuf>> {
    if paths.is_empty() {
        return Some(Vec::new());
    }
    let files = paths.iter().map(|path| Some(external?.join(path)));
    let files: Vec<PathBuf> = files.collect::<Option<_>>()?;
    files.iter().all(|file| file.is_file()).then_some(files)
}

/// The files of rows in a folder, by name.
fn rows_in(folder: &Path) -> Result<Vec<PathBuf>> {
    let name = folder.display();
    let entries = fs::read_dir(folder).with_context(|| format!("{name} cannot be read"))?;
    let mut files = Vec::new();
    for entry in entries {
        let path = entry?.path();
        let file = path.file_name().unwrap_or_default().to_string_lossy();
        if file.ends_with(".jsonl") || file.ends_with(".jsonl.gz") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}
