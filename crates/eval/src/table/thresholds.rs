//! `thresholds.toml`: figures that must be reached.

use super::{Measurement, TableRun};
use crate::Task;
use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use std::{fs, path::Path};

/// The whole file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ThresholdFile {
    #[serde(default, rename = "threshold")]
    pub(super) thresholds: Vec<Threshold>,
}

/// One figure and its limit.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Threshold {
    set: String,
    task: Task,
    label: String,
    #[serde(default = "all")]
    group: String,
    figure: String,
    at_least: Option<f64>,
    at_most: Option<f64>,
}

fn all() -> String {
    "all".to_owned()
}

/// How a figure stands to its limit.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Standing {
    /// On the right side.
    Met,
    /// The set did not run.
    Skipped,
    /// On the wrong side, or not measured at all; in words.
    Missed(String),
}

impl ThresholdFile {
    /// The file in `directory`; none is the same as an empty one.
    pub(super) fn read(directory: &Path) -> Result<Self> {
        let path = directory.join("thresholds.toml");
        if !path.exists() {
            return Ok(Self::default());
        }
        let name = path.display();
        let text = fs::read_to_string(&path).with_context(|| format!("{name} cannot be read"))?;
        let file: Self =
            toml::from_str(&text).with_context(|| format!("{name} is not in order"))?;
        for threshold in &file.thresholds {
            ensure!(
                threshold.at_least.is_some() != threshold.at_most.is_some(),
                "{name}: {} needs either at_least or at_most",
                threshold.name()
            );
        }
        Ok(file)
    }
}

impl Threshold {
    pub(super) fn set(&self) -> &str {
        &self.set
    }

    pub(super) fn name(&self) -> String {
        let Self {
            set,
            label,
            group,
            figure,
            ..
        } = self;
        format!("{set} {} {label} {group} {figure}", self.task.name())
    }

    pub(super) fn standing(&self, runs: &[TableRun]) -> Standing {
        let mut runs = runs.iter();
        let Some(run) = runs.find(|run| run.name == self.set) else {
            return Standing::Skipped;
        };
        let value = self.value(&run.measurements);
        let Some(value) = value else {
            return Standing::Missed("was not measured".to_owned());
        };
        match (self.at_least, self.at_most) {
            (Some(least), _) if value < least => {
                Standing::Missed(format!("is {value:.3}, must be at least {least}"))
            }
            (_, Some(most)) if value > most => {
                Standing::Missed(format!("is {value:.3}, may be at most {most}"))
            }
            _ => Standing::Met,
        }
    }

    fn value(&self, measurements: &[Measurement]) -> Option<f64> {
        let mut of_task = measurements.iter().filter(|it| it.task == self.task);
        let measured = of_task
            .find(|it| it.measured.label == self.label && it.measured.group.name() == self.group)?;
        let estimate = measured.measured.estimate(&self.figure);
        let count = measured.measured.count(&self.figure);
        estimate
            .map(|it| it.value)
            .or(count.map(|count| count as f64))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::{Estimate, Group, Measured};

    fn runs(value: f64) -> Vec<TableRun> {
        let estimate = Estimate {
            value,
            low: value,
            high: value,
        };
        let measured = Measured {
            label: "UNSAFE".to_owned(),
            group: Group::Language("fr".to_owned()),
            counts: Vec::new(),
            estimates: vec![("recall", estimate)],
        };
        vec![TableRun {
            name: "authored".to_owned(),
            measurements: vec![Measurement {
                task: Task::Content,
                measured,
            }],
        }]
    }

    fn threshold(limit: &str) -> Threshold {
        let text = format!(
            "set = \"authored\"\ntask = \"content\"\nlabel = \"UNSAFE\"\ngroup = \"language:fr\"\nfigure = \"recall\"\n{limit}"
        );
        toml::from_str(&text).unwrap()
    }

    #[test]
    fn limits_hold_on_both_sides() {
        let at_least = threshold("at_least = 0.9");
        assert_eq!(at_least.standing(&runs(0.9)), Standing::Met);
        assert_eq!(
            at_least.standing(&runs(0.89)),
            Standing::Missed("is 0.890, must be at least 0.9".to_owned())
        );
        let at_most = threshold("at_most = 0.9");
        assert_eq!(at_most.standing(&runs(0.9)), Standing::Met);
        assert!(matches!(at_most.standing(&runs(0.91)), Standing::Missed(_)));
    }

    #[test]
    fn what_did_not_run_is_skipped_and_what_was_not_measured_is_missed() {
        let mut other = threshold("at_least = 0.9");
        assert_eq!(other.standing(&[]), Standing::Skipped);
        other.figure = "recal".to_owned();
        assert!(matches!(other.standing(&runs(1.0)), Standing::Missed(_)));
    }
}
