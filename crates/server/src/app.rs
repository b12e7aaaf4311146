//! What the operations share.

use crate::{
    body::{BodyBudget, HeldBody},
    clock::Clock,
    error::Error,
    evaluation::EvaluationPool,
    gateway::Gateway,
    guardrail_cache::GuardrailCache,
    limits,
    telemetry::Metrics,
};
use pretil_guardrail::{Detectors, EvaluateOptions};
use pretil_store::{AccountId, Store, Timestamp};
use pretil_wire::bedrock::{decode::Decode, from_json};
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

/// Longest body that is decoded on the spot. A longer one goes to the pool, since decoding it
/// would keep other requests waiting.
pub(crate) const DECODED_ON_THE_SPOT_BYTES: usize = 64 * 1024;

/// What the service calls itself, and how it behaves.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The account of every caller.
    pub account: AccountId,
    /// The region of callers that name none.
    pub region: String,
    /// See [`EvaluateOptions::strict_aws`].
    pub strict_aws: bool,
}

/// The service. One per process.
pub struct App {
    store: Store,
    cache: GuardrailCache,
    detectors: Detectors,
    clock: Arc<dyn Clock>,
    settings: Settings,
    gateway: Gateway,
    pool: EvaluationPool,
    metrics: Metrics,
    bodies: BodyBudget,
    shutting_down: AtomicBool,
}

impl App {
    /// A service over `store` that asks `detectors`, with a pool as large as this machine.
    pub fn new(
        store: Store,
        detectors: Detectors,
        clock: Arc<dyn Clock>,
        settings: Settings,
    ) -> Self {
        Self::with_pool(
            store,
            detectors,
            clock,
            settings,
            EvaluationPool::of_machine(),
        )
    }

    /// The same with a pool of the caller's choice.
    pub fn with_pool(
        store: Store,
        detectors: Detectors,
        clock: Arc<dyn Clock>,
        settings: Settings,
        pool: EvaluationPool,
    ) -> Self {
        Self {
            store,
            cache: GuardrailCache::new(limits::COMPILED_GUARDRAILS),
            detectors,
            clock,
            settings,
            gateway: Gateway::default(),
            pool,
            metrics: Metrics::default(),
            bodies: BodyBudget::default(),
            shutting_down: AtomicBool::new(false),
        }
    }

    /// The same with models to call.
    #[must_use]
    pub fn with_gateway(self, gateway: Gateway) -> Self {
        Self { gateway, ..self }
    }

    /// From now on the service is not ready for new work.
    pub fn begin_shutdown(&self) {
        self.shutting_down.store(true, Ordering::Relaxed);
    }

    pub(crate) fn shutting_down(&self) -> bool {
        self.shutting_down.load(Ordering::Relaxed)
    }

    pub(crate) fn store(&self) -> &Store {
        &self.store
    }

    pub(crate) fn cache(&self) -> &GuardrailCache {
        &self.cache
    }

    pub(crate) fn detectors(&self) -> &Detectors {
        &self.detectors
    }

    pub(crate) fn gateway(&self) -> &Gateway {
        &self.gateway
    }

    /// Now, as the store writes it.
    pub(crate) fn now(&self) -> Timestamp {
        Timestamp(self.clock.now().microseconds())
    }

    pub(crate) fn pool(&self) -> &EvaluationPool {
        &self.pool
    }

    pub(crate) fn metrics(&self) -> &Metrics {
        &self.metrics
    }

    pub(crate) fn bodies(&self) -> &BodyBudget {
        &self.bodies
    }

    pub(crate) fn account(&self) -> &AccountId {
        &self.settings.account
    }

    pub(crate) fn region(&self) -> &str {
        &self.settings.region
    }

    pub(crate) fn options(&self) -> EvaluateOptions {
        EvaluateOptions {
            strict_aws: self.settings.strict_aws,
            explain: false,
        }
    }

    /// Decodes a body.
    pub(crate) async fn parse<Request>(&self, body: HeldBody) -> Result<Request, Error>
    where
        Request: Decode + Send + 'static,
    {
        if body.bytes.len() <= DECODED_ON_THE_SPOT_BYTES {
            return Ok(from_json(&body.bytes)?);
        }
        Ok(self.pool.run(move || from_json(&body.bytes)).await??)
    }
}
