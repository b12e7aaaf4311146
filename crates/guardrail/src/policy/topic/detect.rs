//! Asks the text: which topic is each window about, and how surely.

use super::{
    TopicPolicy, TopicSpace,
    windows::{holds_foreign_script, sentences},
};
use crate::{
    content::Source,
    detect::{DetectError, Detectors, EmbeddedWindow, Embedder},
    policy::{Detected, Reading},
    verdict::{Location, NotEvaluatedReason},
};
use pretil_text::{View, ViewKind};

/// Tokens per window: two or three sentences.
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

/// One view of one text block, and what is asked of its windows.
struct Judged<'a> {
    block: usize,
    view: &'a View,
    enabled: &'a [usize],
    space: &'a TopicSpace,
    asked: f32,
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
                not_evaluated: unread(readings),
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
        let (embedder, space) = self.embedder(detectors)?;
        let mut best: Vec<Option<TopicFinding>> = vec![None; self.topics.len()];
        for reading in readings {
            for view in reading.views.for_meaning() {
                let windows = windows_of(view.text(), embedder).map_err(|error| failed(&error))?;
                let judged = Judged {
                    block: reading.block,
                    view,
                    enabled,
                    space,
                    asked: space.asked(windows.len()),
                };
                for window in &windows {
                    self.read(window, &judged, &mut best);
                }
            }
        }
        Ok(best.into_iter().flatten().collect())
    }

    /// The embedder, if it is the one that the topics were embedded with.
    fn embedder<'d>(
        &self,
        detectors: &'d Detectors,
    ) -> Result<(&'d dyn Embedder, &'d TopicSpace), NotEvaluatedReason> {
        let identity = self.prepared.as_ref().map_err(Clone::clone)?;
        let (embedder, space) = super::judge(detectors).ok_or(NotEvaluatedReason::NoDetector)?;
        if embedder.identity() != identity {
            return Err(NotEvaluatedReason::DetectorFailed(
                "the topics were embedded by another model".to_owned(),
            ));
        }
        Ok((embedder, space))
    }

    /// Keeps the window for each topic that it scores higher than any before.
    fn read(
        &self,
        window: &EmbeddedWindow,
        judged: &Judged<'_>,
        best: &mut [Option<TopicFinding>],
    ) {
        let Judged { space, view, .. } = judged;
        let surroundings = space.surroundings(&window.vector);
        for &topic in judged.enabled {
            let Some(prototype) = &self.topics[topic].prototype else {
                continue;
            };
            let score = space.score(prototype, &window.vector, &surroundings, judged.asked);
            if best[topic].is_some_and(|best| best.score >= score) {
                continue;
            }
            best[topic] = Some(TopicFinding {
                topic,
                score,
                location: Location {
                    block: judged.block,
                    span: view.to_original(window.range.clone()),
                    view: view.kind(),
                },
            });
        }
    }
}

/// Says so where a text holds a stretch that the model's vocabulary does not read. The text is taken
/// with its letters folded, so that disguised Latin letters are no foreign script.
fn unread(readings: &[Reading<'_>]) -> Vec<(Option<String>, NotEvaluatedReason)> {
    let foreign = readings.iter().any(|reading| {
        let surface = [ViewKind::Original, ViewKind::Canonical];
        let folded = reading
            .views
            .for_meaning()
            .filter(|view| surface.contains(&view.kind()));
        folded
            .last()
            .is_some_and(|view| holds_foreign_script(view.text()))
    });
    if foreign {
        return vec![(None, NotEvaluatedReason::UnsupportedLanguage)];
    }
    Vec::new()
}

/// Token windows that cover all of `text`, and its sentences each alone.
fn windows_of(text: &str, embedder: &dyn Embedder) -> Result<Vec<EmbeddedWindow>, DetectError> {
    if text.trim().is_empty() {
        return Ok(Vec::new());
    }
    let mut windows = embedder.embed_windows(text, WINDOW_TOKENS)?;
    for range in sentences(text) {
        let vector = embedder.embed(&text[range.clone()])?;
        windows.push(EmbeddedWindow { range, vector });
    }
    Ok(windows)
}

fn failed(error: &DetectError) -> NotEvaluatedReason {
    NotEvaluatedReason::DetectorFailed(error.to_string())
}
