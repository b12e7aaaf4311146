//! Rows of the data sets: JSON lines, gzipped where the name ends in `.gz`.

use anyhow::{Context, Result};
use flate2::read::MultiGzDecoder;
use serde::{Deserialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};
use std::{
    collections::BTreeMap,
    fmt::Write,
    fs::File,
    io::{BufRead, BufReader, Read},
    path::{Path, PathBuf},
};

/// How many rows of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Take {
    /// All of them.
    All,
    /// The first so many.
    First(usize),
    /// So many from all over the file, the same in every run: those whose lines hash lowest.
    Sample(usize),
}

/// All rows of the file at `path`. An error names the file and the line, never its content.
pub fn read<Row: DeserializeOwned>(path: &Path) -> Result<Vec<Row>> {
    read_some(path, Take::All)
}

/// Rows of each of the files at `paths`, in order.
pub fn read_all<Row: DeserializeOwned>(paths: &[PathBuf], take: Take) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    for path in paths {
        rows.append(&mut read_some(path, take)?);
    }
    Ok(rows)
}

fn read_some<Row: DeserializeOwned>(path: &Path, take: Take) -> Result<Vec<Row>> {
    let name = path.display();
    let file = File::open(path).with_context(|| format!("open {name}"))?;
    let reader: Box<dyn Read> = if path.extension().is_some_and(|extension| extension == "gz") {
        Box::new(MultiGzDecoder::new(file))
    } else {
        Box::new(file)
    };
    let mut lines = Vec::new();
    for (index, line) in BufReader::new(reader).lines().enumerate() {
        let line = line.with_context(|| format!("read {name}"))?;
        if !line.trim().is_empty() {
            lines.push((index + 1, line));
        }
        if matches!(take, Take::First(rows) if rows <= lines.len()) {
            break;
        }
    }
    if let Take::Sample(rows) = take {
        lines.sort_by_cached_key(|(_, line)| Sha256::digest(line));
        lines.truncate(rows);
        lines.sort_unstable();
    }
    let parse = |(number, line): (usize, String)| {
        serde_json::from_str(&line)
            .ok()
            .with_context(|| format!("line {number} of {name} is not a row of this kind"))
    };
    lines.into_iter().map(parse).collect()
}

/// A name for a text that is the same in every run: the first twelve digits of its SHA-256.
pub fn text_id(text: &str) -> String {
    let mut id = String::with_capacity(12);
    for byte in &Sha256::digest(text)[..6] {
        // Writing to a string cannot fail.
        let _ = write!(id, "{byte:02x}");
    }
    id
}

/// Which way a row's text flows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// From the user to the model.
    #[default]
    Prompt,
    /// From the model to the user.
    Response,
    /// Anything else that a user may send: comments, documents, whole conversations.
    #[serde(other)]
    Other,
}

/// A text with its safety labels. A label that is absent is unknown, not 0.
#[derive(Clone, Debug, Deserialize)]
pub struct SafetyRow {
    /// The text.
    pub text: String,
    /// Language code.
    #[serde(default)]
    pub lang: Option<String>,
    /// The set it is from.
    #[serde(default)]
    pub source: Option<String>,
    /// Which way it flows.
    #[serde(default)]
    pub role: Role,
    /// Known labels: 0 or 1.
    #[serde(default)]
    pub labels: BTreeMap<String, u8>,
    /// What the set itself says.
    #[serde(default)]
    pub orig: Original,
}

/// What a set itself says about a row, as far as it is read here.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Original {
    /// Whether the row is harmful in whatever way.
    pub harmful: Option<u8>,
    /// The set within a collection.
    pub set: Option<String>,
    /// The intent, in sets of intents.
    pub intent: Option<String>,
}

/// A text with its personal data.
#[derive(Clone, Debug, Deserialize)]
pub struct PiiRow {
    /// The text.
    pub text: String,
    /// What stands where.
    pub spans: Vec<LabelledSpan>,
    /// Language code.
    #[serde(default)]
    pub lang: Option<String>,
    /// The set it is from.
    #[serde(default)]
    pub source: Option<String>,
}

/// A labelled piece of a text.
#[derive(Clone, Debug, Deserialize)]
pub struct LabelledSpan {
    /// First code point.
    pub start: usize,
    /// One after the last code point.
    pub end: usize,
    /// What it is.
    #[serde(rename = "type")]
    pub kind: String,
}

/// A line of a set of answers: one answer, or all that were written to a source and a query.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum GroundingLine {
    /// Several answers, as the project writes them.
    Authored {
        /// The source.
        context: String,
        /// The query.
        query: String,
        /// Language code.
        lang: Option<String>,
        /// The answers.
        answers: Vec<AuthoredAnswer>,
    },
    /// One answer, with what is known of it.
    Labelled {
        /// The source.
        context: Option<String>,
        /// The query.
        query: Option<String>,
        /// The answer.
        response: String,
        /// 0, 1, or unknown.
        grounded: Option<u8>,
        /// 0, 1, or unknown.
        relevant: Option<u8>,
        /// The set it is from.
        source: Option<String>,
        /// Language code.
        lang: Option<String>,
        /// What the set itself says.
        #[serde(default)]
        orig: OriginalAnswer,
    },
}

/// One of the answers to a source and a query.
#[derive(Debug, Deserialize)]
pub struct AuthoredAnswer {
    /// The answer.
    text: String,
    /// 0 or 1.
    grounded: u8,
    /// 0 or 1.
    relevant: u8,
    /// In which way it is wrong.
    error: Option<String>,
}

/// What a set itself says about an answer, as far as it is read here.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct OriginalAnswer {
    /// The domain within the set.
    domain: Option<String>,
    /// Language code.
    lang: Option<String>,
}

/// An answer to a source and a query. A label that is absent is unknown.
#[derive(Clone, Debug)]
pub struct GroundingRow {
    /// The source.
    pub context: Option<String>,
    /// The query.
    pub query: Option<String>,
    /// The answer.
    pub response: String,
    /// Whether the source supports all of it.
    pub grounded: Option<bool>,
    /// Whether it answers the query.
    pub relevant: Option<bool>,
    /// Language code.
    pub lang: Option<String>,
    /// The domain in the set, or the set; for answers that the project wrote, in which way they are wrong.
    pub group: Option<String>,
}

impl GroundingLine {
    /// Its answers, each as a row.
    pub fn rows(self) -> Vec<GroundingRow> {
        match self {
            Self::Labelled {
                context,
                query,
                response,
                grounded,
                relevant,
                source,
                lang,
                orig,
            } => vec![GroundingRow {
                context,
                query: query.filter(|query| !query.trim().is_empty()),
                response,
                grounded: grounded.map(|label| label == 1),
                relevant: relevant.map(|label| label == 1),
                lang: lang.or(orig.lang),
                group: orig.domain.or(source),
            }],
            Self::Authored {
                context,
                query,
                lang,
                answers,
            } => {
                let row = |answer: AuthoredAnswer| GroundingRow {
                    context: Some(context.clone()),
                    query: Some(query.clone()),
                    response: answer.text,
                    grounded: Some(answer.grounded == 1),
                    relevant: Some(answer.relevant == 1),
                    lang: lang.clone(),
                    group: Some(answer.error.unwrap_or_else(|| "no_error".to_owned())),
                };
                answers.into_iter().map(row).collect()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn some_rows_are_taken_the_same_way_each_time() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rows.jsonl");
        let lines: Vec<String> = (0..100).map(|row| row.to_string()).collect();
        fs::write(&path, lines.join("\n\n")).unwrap();
        let some = |take| read_some::<u32>(&path, take).unwrap();
        assert_eq!(some(Take::All).len(), 100);
        assert_eq!(some(Take::First(2)), [0, 1]);
        let sample = some(Take::Sample(10));
        assert_eq!(sample.len(), 10);
        assert!(sample.is_sorted() && sample[9] > 20, "{sample:?}");
        assert_eq!(sample, some(Take::Sample(10)));
        assert_eq!(some(Take::Sample(1_000)), some(Take::All));
    }

    #[test]
    fn absent_labels_stay_absent_and_roles_are_read() {
        let row: SafetyRow =
            serde_json::from_str(r#"{"text": "", "role": "conversation", "labels": {"HATE": 0}}"#)
                .unwrap();
        assert_eq!(row.role, Role::Other);
        assert_eq!(row.labels.get("SEXUAL"), None);
    }

    #[test]
    fn answers_are_read_in_both_shapes() {
        let read = |line: &str| serde_json::from_str::<GroundingLine>(line).unwrap().rows();
        let [row] = read(
            r#"{"source": "summedits", "context": "c", "query": "", "response": "r", "grounded": 0,
                "relevant": null, "spans": [[0, 1]], "orig": {"domain": "news", "id": 3}}"#,
        )
        .try_into()
        .unwrap();
        assert_eq!((row.grounded, row.relevant), (Some(false), None));
        assert_eq!((row.query, row.group.as_deref()), (None, Some("news")));
        let rows = read(
            r#"{"context": "c", "query": "q", "lang": "es", "answers": [
                {"text": "a", "grounded": 1, "relevant": 0, "error": null, "span": null},
                {"text": "b", "grounded": 0, "relevant": 1, "error": "date", "span": "b"}]}"#,
        );
        let of = |row: &GroundingRow| (row.grounded, row.relevant, row.group.clone());
        assert_eq!(
            of(&rows[0]),
            (Some(true), Some(false), Some("no_error".to_owned()))
        );
        assert_eq!(
            of(&rows[1]),
            (Some(false), Some(true), Some("date".to_owned()))
        );
        assert_eq!(rows[1].lang.as_deref(), Some("es"));
        assert!(serde_json::from_str::<GroundingLine>(r#"{"text": "a"}"#).is_err());
    }
}
