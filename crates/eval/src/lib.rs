//! How well the detectors detect: data sets, metrics, reports. `pretil eval` runs it.
//!
//! Reading order:
//! - [`evaluation`]: a task over rows, and all that it gives.
//! - [`rows`]: reads gzipped JSON lines.
//! - [`content`], [`pii`], [`topic`], `grounding`: the tasks, each by the code that answers a call.
//! - [`evasion`]: the same after rewriting the rows as attackers do.
//! - [`binary`], [`metrics`], [`figures`]: figures, and intervals by resampling (`bootstrap`).
//! - [`report`]: an evaluation as JSON and as a page.
//! - [`table`]: the committed tables and their thresholds.
//! - [`parallel`]: several threads, one result.
#![forbid(unsafe_code)]

pub mod binary;
mod bootstrap;
pub mod content;
pub mod evaluation;
pub mod evasion;
pub mod figures;
mod grounding;
#[cfg(test)]
mod markers;
pub mod metrics;
pub mod parallel;
pub mod pii;
pub mod report;
pub mod rows;
pub mod table;
pub mod topic;

pub use evaluation::{Evaluation, NoDetector, Setting, Task, evaluate};
