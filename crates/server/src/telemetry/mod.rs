//! What the service says about itself: metrics, and one log line per request. Never content.

mod metrics;

pub use metrics::Metrics;

/// Replaces the message of a panic by its place: the message may quote the text that was being
/// read. Call it once, after logging has been set up.
pub fn log_panics_without_content() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string);
        tracing::error!(
            place = place.as_deref().unwrap_or("unknown"),
            "a thread panicked"
        );
    }));
}
