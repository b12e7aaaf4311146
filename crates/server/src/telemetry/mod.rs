//! What the service says about itself: metrics, and one log line per request. Never content.

mod metrics;

pub use metrics::Metrics;
