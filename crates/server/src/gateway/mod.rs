//! The gateway: a guardrail around calls to models.
//!
//! Reading order:
//! - [`config`]: what the operator writes: upstreams, models, their guardrails.
//! - `address`: which addresses a model server may have.
//! - `upstream`: the client of one model server, with its limits.
//! - `judge`: one direction of a call, judged by a guardrail: the core that the dialects share.
//! - `call`: the call itself, and what an upstream's refusal becomes.
//! - `stream`: a text of an answer, judged while it comes.
//! - `report`: what a caller is told about it.
//! - `error`: one table from what went wrong to what the caller is told.
//! - `openai`: a dialect, one file per operation.
//!
//! A call is judged, sent, and judged again. What cannot be judged does not pass, unless the model's
//! `on_failure` is `open`; then it passes and is labelled.

mod address;
mod call;
pub mod config;
pub(crate) mod error;
mod judge;
pub(crate) mod openai;
mod report;
mod stream;
mod upstream;

use config::{Fault, GatewayConfig, GuardrailChoice, ModelConfig};
use std::{collections::BTreeMap, sync::Arc};
use upstream::Upstream;

/// The models, ready to be called.
#[derive(Debug, Default)]
pub struct Gateway {
    models: BTreeMap<String, Arc<Model>>,
}

/// A model.
#[derive(Debug)]
pub(crate) struct Model {
    pub(crate) name: String,
    pub(crate) upstream: Arc<Upstream>,
    pub(crate) guardrail: GuardrailChoice,
    pub(crate) config: ModelConfig,
}

impl Model {
    /// What the upstream calls it.
    pub(crate) fn upstream_name(&self) -> &str {
        self.config.upstream_model.as_deref().unwrap_or(&self.name)
    }
}

impl Gateway {
    /// Clients for all upstreams of `config`. `environment` reads environment variables.
    ///
    /// # Errors
    ///
    /// Everything that is wrong, not only the first thing.
    pub fn open(
        config: GatewayConfig,
        environment: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, Vec<Fault>> {
        let mut faults = config.faults();
        let mut upstreams = BTreeMap::new();
        for (name, upstream) in config.upstreams {
            match Upstream::open(&name, upstream, environment) {
                Ok(upstream) => drop(upstreams.insert(name, Arc::new(upstream))),
                Err(fault) => faults.push(fault),
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let default = config.default_guardrail;
        let models = config.models.into_iter().filter_map(|(name, config)| {
            // `faults` holds what has neither.
            let guardrail = config.guardrail.clone().or_else(|| default.clone())?;
            let model = Model {
                upstream: Arc::clone(upstreams.get(&config.upstream)?),
                name: name.clone(),
                guardrail,
                config,
            };
            Some((name, Arc::new(model)))
        });
        Ok(Self {
            models: models.collect(),
        })
    }

    /// The model that callers know by `name`.
    pub(crate) fn model(&self, name: &str) -> Option<&Arc<Model>> {
        self.models.get(name)
    }

    /// Every model's name.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.models.keys().map(String::as_str)
    }
}
