//! Asks the text: which topic is each window about, and how surely.

use super::TopicPolicy;
use crate::{
    content::Source,
    detect::{DetectError, Detectors, Embedder},
    policy::{Detected, Reading},
    verdict::{Location, NotEvaluatedReason},
};

/// Tokens per window: about two sentences, so that one sentence in a long text still stands out.
const WINDOW_TOKENS: usize = 64;

/// How close the content comes to one topic.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TopicFinding {
    /// Index into the configured topics.
    pub topic: usize,
    /// 0 to 1.
    pub score: f32,
    /// The window that scored it.
    pub location: Location,
}

impl TopicPolicy {
    /// The best window of all readings for each topic that is enabled for `source`.
    pub fn detect(
        &self,
        source: Source,
        readings: &[Reading<'_>],
        detectors: &Detectors,
    ) -> Detected<TopicFinding> {
        let enabled: Vec<usize> = (0..self.topics.len())
            .filter(|&topic| self.topics[topic].directions.enabled(source))
            .collect();
        if enabled.is_empty() {
            return Detected::default();
        }
        match self.best_windows(&enabled, readings, detectors) {
            Ok(findings) => Detected {
                findings,
                not_evaluated: Vec::new(),
            },
            Err(reason) => Detected {
                findings: Vec::new(),
                not_evaluated: vec![(None, reason)],
            },
        }
    }

    fn best_windows(
        &self,
        enabled: &[usize],
        readings: &[Reading<'_>],
        detectors: &Detectors,
    ) -> Result<Vec<TopicFinding>, NotEvaluatedReason> {
        let embedder = self.embedder(detectors)?;
        let mut best: Vec<Option<TopicFinding>> = vec![None; self.topics.len()];
        for reading in readings {
            self.read(reading, enabled, embedder, &mut best)
                .map_err(|error| NotEvaluatedReason::DetectorFailed(error.to_string()))?;
        }
        Ok(best.into_iter().flatten().collect())
    }

    /// The embedder, if it is the one that the topics were embedded with.
    fn embedder<'d>(
        &self,
        detectors: &'d Detectors,
    ) -> Result<&'d dyn Embedder, NotEvaluatedReason> {
        let identity = self.prepared.as_ref().map_err(Clone::clone)?;
        let embedder = detectors
            .embedder
            .as_deref()
            .ok_or(NotEvaluatedReason::NoDetector)?;
        if embedder.identity() != identity {
            return Err(NotEvaluatedReason::DetectorFailed(
                "the topics were embedded by another model".to_owned(),
            ));
        }
        Ok(embedder)
    }

    fn read(
        &self,
        reading: &Reading<'_>,
        enabled: &[usize],
        embedder: &dyn Embedder,
        best: &mut [Option<TopicFinding>],
    ) -> Result<(), DetectError> {
        for view in reading.views.iter() {
            for window in embedder.embed_windows(view.text(), WINDOW_TOKENS)? {
                for &topic in enabled {
                    let score = self.topics[topic].score(&window.vector);
                    if best[topic].is_some_and(|best| best.score >= score) {
                        continue;
                    }
                    best[topic] = Some(TopicFinding {
                        topic,
                        score,
                        location: Location {
                            block: reading.block,
                            span: view.to_original(window.range.clone()),
                            view: view.kind(),
                        },
                    });
                }
            }
        }
        Ok(())
    }
}

impl super::Topic {
    /// Likeness of a window to the nearest text of the topic.
    fn score(&self, window: &[f32]) -> f32 {
        self.prototypes
            .iter()
            .map(|prototype| dot(prototype, window))
            .fold(0.0, f32::max)
    }
}

/// Sum of products.
fn dot(left: &[f32], right: &[f32]) -> f32 {
    left.iter()
        .zip(right)
        .map(|(left, right)| left * right)
        .sum()
}
