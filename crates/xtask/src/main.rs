//! Checks on the tree itself: `cargo xtask tidy`. The same checks run as tests.
//!
//! - [`arrows`]: which crate may depend on which.
//! - [`rooms`]: every policy room has the same shape.
//! - [`words`]: what must not stand in a file: paths of a machine, names of hosts that a clone cannot reach.

mod arrows;
mod rooms;
mod words;

use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};

fn main() -> Result<()> {
    let Some(task) = std::env::args().nth(1) else {
        bail!("usage: cargo xtask tidy")
    };
    if task != "tidy" {
        bail!("unknown task {task:?}; usage: cargo xtask tidy");
    }
    let root = root()?;
    let mut faults = arrows::faults(&root)?;
    faults.extend(rooms::faults(&root)?);
    faults.extend(words::faults(&root)?);
    if !faults.is_empty() {
        bail!("{}", faults.join("\n"));
    }
    Ok(())
}

/// The root of the workspace.
fn root() -> Result<PathBuf> {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    let root = manifest
        .ancestors()
        .nth(2)
        .context("xtask lies two levels below the root")?;
    Ok(root.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_new_arrow_between_crates() {
        assert_eq!(
            arrows::faults(&root().unwrap()).unwrap(),
            Vec::<String>::new()
        );
    }

    #[test]
    fn every_room_has_the_same_shape() {
        assert_eq!(
            rooms::faults(&root().unwrap()).unwrap(),
            Vec::<String>::new()
        );
    }

    #[test]
    fn no_forbidden_words() {
        assert_eq!(
            words::faults(&root().unwrap()).unwrap(),
            Vec::<String>::new()
        );
    }
}
