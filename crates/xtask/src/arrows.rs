//! Which crate of ours may depend on which. A new arrow needs a line here and a reason in
//! ARCHITECTURE.md.

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use std::{path::Path, process::Command};

/// Crate → the crates of ours that it may depend on, dev-dependencies included.
const ARROWS: &[(&str, &[&str])] = &[
    ("pretil-text", &[]),
    ("pretil-encoder", &[]),
    ("pretil-wire", &[]),
    ("pretil-guardrail", &["pretil-text"]),
    (
        "pretil-models",
        &["pretil-encoder", "pretil-guardrail", "pretil-text"],
    ),
    ("pretil-store", &["pretil-guardrail"]),
    (
        "pretil-server",
        &[
            "pretil-guardrail",
            "pretil-store",
            "pretil-text",
            "pretil-wire",
        ],
    ),
    (
        "pretil-eval",
        &["pretil-guardrail", "pretil-models", "pretil-text"],
    ),
    (
        "pretil-cli",
        &[
            "pretil-encoder",
            "pretil-eval",
            "pretil-guardrail",
            "pretil-models",
            "pretil-server",
            "pretil-store",
            "pretil-text",
            "pretil-wire",
        ],
    ),
    ("pretil-xtask", &[]),
];

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
}

/// Every arrow that is not listed.
pub(crate) fn faults(root: &Path) -> Result<Vec<String>> {
    let output = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--no-deps",
            "--format-version",
            "1",
            "--offline",
        ])
        .current_dir(root)
        .output()
        .context("run cargo metadata")?;
    if !output.status.success() {
        bail!(
            "cargo metadata failed: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    let metadata: Metadata =
        serde_json::from_slice(&output.stdout).context("read cargo metadata")?;
    Ok(metadata.packages.iter().flat_map(package_faults).collect())
}

fn package_faults(package: &Package) -> Vec<String> {
    let Some((_, allowed)) = ARROWS.iter().find(|(name, _)| *name == package.name) else {
        return vec![format!(
            "{}: a new crate; list its arrows in xtask/src/arrows.rs",
            package.name
        )];
    };
    package
        .dependencies
        .iter()
        // A crate may depend on itself: that is how its own tests switch on a feature.
        .filter(|dependency| dependency.name != package.name)
        .filter(|dependency| {
            dependency.name.starts_with("pretil-") && !allowed.contains(&dependency.name.as_str())
        })
        .map(|dependency| {
            format!(
                "{} → {}: a new arrow between crates",
                package.name, dependency.name
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(name: &str, dependency: &str) -> Package {
        Package {
            name: name.to_owned(),
            dependencies: vec![Dependency {
                name: dependency.to_owned(),
            }],
        }
    }

    #[test]
    fn an_unlisted_arrow_is_a_fault() {
        assert_eq!(
            package_faults(&package("pretil-text", "pretil-wire")).len(),
            1
        );
        assert_eq!(
            package_faults(&package("pretil-guardrail", "pretil-text")).len(),
            0
        );
        assert_eq!(package_faults(&package("pretil-new", "serde")).len(), 1);
    }
}
