//! Every policy room that judges has the same shape.

use anyhow::{Context, Result};
use std::{fs, path::Path};

/// What each room holds, beside its cases and its data.
const FILES: &[&str] = &["mod.rs", "config.rs", "detect.rs", "decide.rs"];

/// Headings of a room's module documentation.
const HEADINGS: &[&str] = &["What it judges", "How it decides", "What it cannot see"];

/// Every file or heading that a room lacks. A policy that this build does not evaluate is a single
/// file, not a room.
pub(crate) fn faults(root: &Path) -> Result<Vec<String>> {
    let policies = root.join("crates/guardrail/src/policy");
    let mut faults = Vec::new();
    for entry in fs::read_dir(&policies).context("read the policy rooms")? {
        let room = entry?.path();
        if room.is_dir() {
            faults.extend(room_faults(&room));
        }
    }
    Ok(faults)
}

fn room_faults(room: &Path) -> Vec<String> {
    let name = room.file_name().unwrap_or_default().to_string_lossy();
    let missing = FILES.iter().filter(|file| !room.join(file).is_file());
    let mut faults: Vec<String> = missing
        .map(|file| format!("policy/{name} lacks {file}"))
        .collect();
    let has_cases = fs::read_dir(room)
        .into_iter()
        .flatten()
        .flatten()
        .any(|entry| {
            let file = entry.file_name();
            file.to_string_lossy().starts_with("cases")
        });
    if !has_cases {
        faults.push(format!("policy/{name} lacks its cases"));
    }
    let documentation = fs::read_to_string(room.join("mod.rs")).unwrap_or_default();
    let untold = HEADINGS
        .iter()
        .filter(|heading| !documentation.contains(*heading));
    faults.extend(untold.map(|heading| format!("policy/{name}/mod.rs does not say: {heading}")));
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_room_is_a_fault() {
        let nowhere = Path::new("no-such-room");
        assert_eq!(room_faults(nowhere).len(), FILES.len() + 1 + HEADINGS.len());
    }
}
