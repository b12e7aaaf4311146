//! Counters and latencies in the Prometheus text format.
//!
//! Labels are names of operations, outcomes, policies and reasons from closed sets: nothing that
//! a caller can choose becomes a label.

use pretil_guardrail::verdict::NotEvaluated;
use std::{
    collections::BTreeMap,
    fmt::Write,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// Upper bounds of the latency histogram, in microseconds: from a pattern-only evaluation to the
/// longest wait for a core.
const BOUNDS: [u64; 13] = [
    250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000,
    2_500_000,
];

/// Everything that is counted.
#[derive(Debug, Default)]
pub struct Metrics {
    counts: Mutex<Counts>,
}

#[derive(Debug, Default)]
struct Counts {
    requests: BTreeMap<(&'static str, &'static str), u64>,
    latencies: BTreeMap<&'static str, Histogram>,
    not_evaluated: BTreeMap<(&'static str, &'static str), u64>,
}

#[derive(Debug, Default)]
struct Histogram {
    /// Observations up to the bound at the same index and above the one before.
    buckets: [u64; BOUNDS.len()],
    count: u64,
    microseconds: u64,
}

impl Metrics {
    /// Counts one request. `outcome` is `none`, `masked`, `blocked`, `ok` or an error code.
    pub fn request(&self, operation: &'static str, outcome: &'static str, latency: Duration) {
        let mut counts = self.locked();
        *counts.requests.entry((operation, outcome)).or_default() += 1;
        let histogram = counts.latencies.entry(operation).or_default();
        let microseconds = u64::try_from(latency.as_micros()).unwrap_or(u64::MAX);
        if let Some(bucket) = BOUNDS.iter().position(|&bound| microseconds <= bound) {
            histogram.buckets[bucket] += 1;
        }
        histogram.count += 1;
        histogram.microseconds = histogram.microseconds.saturating_add(microseconds);
    }

    /// Counts what one evaluation did not look at.
    pub fn not_evaluated(&self, parts: &[NotEvaluated]) {
        if parts.is_empty() {
            return;
        }
        let mut counts = self.locked();
        for part in parts {
            let key = (part.policy.name(), part.reason.name());
            *counts.not_evaluated.entry(key).or_default() += 1;
        }
    }

    /// All of it in the Prometheus text format, version 0.0.4.
    pub fn render(&self, gauges: &[(&str, &str, usize)]) -> String {
        let counts = self.locked();
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ = counts.render(&mut text);
        for (name, help, value) in gauges {
            let _ = write!(
                text,
                "# HELP {name} {help}\n# TYPE {name} gauge\n{name} {value}\n"
            );
        }
        text
    }

    fn locked(&self) -> MutexGuard<'_, Counts> {
        // A counter that is one short after a panic is better than no counters.
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Counts {
    fn render(&self, out: &mut String) -> std::fmt::Result {
        const REQUESTS: &str = "pretil_requests_total";
        const DURATION: &str = "pretil_request_duration_seconds";
        const NOT_EVALUATED: &str = "pretil_not_evaluated_total";
        writeln!(out, "# HELP {REQUESTS} Requests by operation and outcome.")?;
        writeln!(out, "# TYPE {REQUESTS} counter")?;
        for ((operation, outcome), count) in &self.requests {
            writeln!(
                out,
                "{REQUESTS}{{operation=\"{operation}\",outcome=\"{outcome}\"}} {count}"
            )?;
        }
        writeln!(out, "# HELP {DURATION} Time from request head to response.")?;
        writeln!(out, "# TYPE {DURATION} histogram")?;
        for (operation, histogram) in &self.latencies {
            let mut below = 0;
            for (bound, bucket) in BOUNDS.iter().zip(histogram.buckets) {
                below += bucket;
                let seconds = *bound as f64 / 1e6;
                writeln!(
                    out,
                    "{DURATION}_bucket{{operation=\"{operation}\",le=\"{seconds}\"}} {below}"
                )?;
            }
            let Histogram {
                count,
                microseconds,
                ..
            } = histogram;
            let seconds = *microseconds as f64 / 1e6;
            writeln!(
                out,
                "{DURATION}_bucket{{operation=\"{operation}\",le=\"+Inf\"}} {count}\n\
                 {DURATION}_sum{{operation=\"{operation}\"}} {seconds}\n\
                 {DURATION}_count{{operation=\"{operation}\"}} {count}"
            )?;
        }
        writeln!(
            out,
            "# HELP {NOT_EVALUATED} Policies, or parts of one, that were not evaluated."
        )?;
        writeln!(out, "# TYPE {NOT_EVALUATED} counter")?;
        for ((policy, reason), count) in &self.not_evaluated {
            writeln!(
                out,
                "{NOT_EVALUATED}{{policy=\"{policy}\",reason=\"{reason}\"}} {count}"
            )?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_are_cumulative_and_end_with_all() {
        let metrics = Metrics::default();
        metrics.request("ApplyGuardrail", "none", Duration::from_micros(250));
        metrics.request("ApplyGuardrail", "blocked", Duration::from_micros(900));
        metrics.request("ApplyGuardrail", "blocked", Duration::from_secs(9));
        let text = metrics.render(&[]);
        for line in [
            "pretil_requests_total{operation=\"ApplyGuardrail\",outcome=\"blocked\"} 2",
            "pretil_request_duration_seconds_bucket{operation=\"ApplyGuardrail\",le=\"0.00025\"} 1",
            "pretil_request_duration_seconds_bucket{operation=\"ApplyGuardrail\",le=\"2.5\"} 2",
            "pretil_request_duration_seconds_bucket{operation=\"ApplyGuardrail\",le=\"+Inf\"} 3",
            "pretil_request_duration_seconds_count{operation=\"ApplyGuardrail\"} 3",
        ] {
            assert!(text.lines().any(|it| it == line), "{line}\n{text}");
        }
    }
}
