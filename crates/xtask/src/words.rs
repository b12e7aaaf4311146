//! What must not stand in a file of the project.

use anyhow::{Context, Result};
use std::{fs, path::Path, process::Command};

/// Needles, in halves so that this file does not hold them.
const NEEDLES: &[(&str, &str)] = &[
    ("/root", "/"),
    ("/home", "/"),
    ("registry.npmjs", ".org"),
    ("index.crates", ".io"),
    ("files.pythonhosted", ".org"),
    ("static.crates", ".io"),
    ("deb.debian", ".org"),
];

/// Files whose format names its registry by itself, and invented documents with invented paths.
const EXEMPT: &[&str] = &["Cargo.lock", "benches/patterns/documents.txt"];

/// Folders of invented texts.
const INVENTED: &[&str] = &[
    "training/data/authored/",
    "evaluation/authored/",
    // Some goldens are authored rows.
    "crates/models/weights/tagger-l6-int8/goldens/",
    "crates/models/weights/content-l6-int8/goldens.json",
];

/// Every tracked text file that holds a needle.
pub(crate) fn faults(root: &Path) -> Result<Vec<String>> {
    let output = Command::new("git")
        .args(["ls-files", "-z"])
        .current_dir(root)
        .output()
        .context("list the tracked files")?;
    let listing = String::from_utf8_lossy(&output.stdout);
    let files = listing.split('\0').filter(|file| !file.is_empty());
    let mut faults = Vec::new();
    let exempt = |file: &str| {
        EXEMPT.iter().any(|exempt| file.ends_with(exempt))
            || INVENTED.iter().any(|folder| file.starts_with(folder))
    };
    for file in files.filter(|file| !exempt(file)) {
        // Weights and other binary data are not text: nothing to read.
        let Ok(text) = fs::read_to_string(root.join(file)) else {
            continue;
        };
        faults.extend(text_faults(&text).map(|needle| format!("{file} holds {needle}")));
    }
    Ok(faults)
}

fn text_faults(text: &str) -> impl Iterator<Item = String> {
    let needles = NEEDLES.iter().map(|(left, right)| format!("{left}{right}"));
    needles.filter(move |needle| text.contains(needle))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_of_a_machine_is_a_fault() {
        let path = ["/root", "/project"].concat();
        assert_eq!(text_faults(&path).count(), 1);
        assert_eq!(text_faults("a clean line").count(), 0);
    }
}
