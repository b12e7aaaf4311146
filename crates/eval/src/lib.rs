//! How well the detectors detect: data sets, metrics, reports.
//!
//! - [`rows`]: reads gzipped JSON lines.
//! - [`metrics`]: recall, false alarms and their intervals.
//! - [`topic`]: denied topics, by the same code that answers a call.
#![forbid(unsafe_code)]

pub mod metrics;
pub mod rows;
pub mod topic;
