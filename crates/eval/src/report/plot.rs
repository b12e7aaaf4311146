//! Plots as SVG: ROC curve, reliability diagram, histogram of scores.

use crate::binary::{BINS, Observation, bin, by_score};
use std::fmt::Write;

const SIDE: f64 = 240.0;
const MARGIN: f64 = 36.0;

/// Bars of a histogram.
const BARS: usize = 40;

/// Most corners of a curve: more than can be seen.
const CORNERS: usize = 400;

/// Share of positives flagged against share of negatives flagged, over all thresholds.
pub(super) fn roc(observations: &[Observation]) -> String {
    let positives = observations.iter().filter(|it| it.positive).count() as f64;
    let negatives = observations.len() as f64 - positives;
    let mut corners = vec![(0.0, 0.0)];
    let (mut found, mut alarms) = (0.0, 0.0);
    let order = by_score(observations);
    let tie = |left: &usize, right: &usize| {
        let scores = observations[*left]
            .score
            .total_cmp(&observations[*right].score);
        scores.is_eq()
    };
    for equal in order.chunk_by(tie) {
        for &index in equal {
            if observations[index].positive {
                found += 1.0;
            } else {
                alarms += 1.0;
            }
        }
        corners.push((alarms / negatives, found / positives));
    }
    let mut plot = Plot::new("share of negatives flagged", "share of positives flagged");
    plot.line(&[(0.0, 0.0), (1.0, 1.0)], "guide");
    plot.line(&thinned(&corners), "curve");
    plot.finish("ROC curve")
}

/// Share of positives among the rows of a bin of scores, against their mean score.
pub(super) fn reliability(observations: &[Observation]) -> String {
    let mut bins = [(0.0, 0.0, 0.0); BINS];
    for observation in observations {
        let (rows, score, positives) = &mut bins[bin(observation.score)];
        *rows += 1.0;
        *score += f64::from(observation.score);
        *positives += f64::from(u8::from(observation.positive));
    }
    let mut plot = Plot::new("mean score", "share of positives");
    plot.line(&[(0.0, 0.0), (1.0, 1.0)], "guide");
    let filled = bins.iter().filter(|(rows, ..)| *rows > 0.0);
    let points: Vec<_> = filled
        .map(|(rows, score, positives)| (score / rows, positives / rows))
        .collect();
    plot.line(&points, "curve");
    for point in points {
        plot.dot(point);
    }
    plot.finish("Reliability diagram")
}

/// How many rows of each class score how much; the height is logarithmic.
pub(super) fn histogram(observations: &[Observation]) -> String {
    let mut bars = [[0_usize; 2]; BARS];
    for observation in observations {
        let score = f64::from(observation.score.clamp(0.0, 1.0));
        let bar = ((score * BARS as f64) as usize).min(BARS - 1);
        bars[bar][usize::from(observation.positive)] += 1;
    }
    let height = |count: usize| (1.0 + count as f64).ln();
    let highest = bars.iter().flatten().map(|&count| height(count));
    let highest = highest.fold(f64::MIN_POSITIVE, f64::max);
    let mut plot = Plot::new("score", "rows (logarithmic)");
    for (index, [negatives, positives]) in bars.into_iter().enumerate() {
        let left = index as f64 / BARS as f64;
        let half = 0.5 / BARS as f64;
        plot.bar(left, half, height(negatives) / highest, "negative");
        plot.bar(left + half, half, height(positives) / highest, "positive");
    }
    plot.finish("Score histogram")
}

/// At most about [`CORNERS`] of the points, ends included.
fn thinned(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let step = points.len().div_ceil(CORNERS).max(1);
    let mut kept: Vec<_> = points.iter().copied().step_by(step).collect();
    kept.extend(points.last());
    kept
}

/// A square with both axes from 0 to 1.
struct Plot {
    svg: String,
    across: &'static str,
    up: &'static str,
}

impl Plot {
    fn new(across: &'static str, up: &'static str) -> Self {
        Self {
            svg: String::new(),
            across,
            up,
        }
    }

    fn at((x, y): (f64, f64)) -> (f64, f64) {
        (MARGIN + x * SIDE, 8.0 + (1.0 - y) * SIDE)
    }

    // Writing to a string cannot fail.
    fn line(&mut self, points: &[(f64, f64)], class: &str) {
        let places = points.iter().map(|&point| {
            let (x, y) = Self::at(point);
            format!("{x:.1},{y:.1}")
        });
        let places: Vec<_> = places.collect();
        let places = places.join(" ");
        let _ = write!(
            self.svg,
            "<polyline class=\"{class}\" points=\"{places}\"/>"
        );
    }

    fn dot(&mut self, point: (f64, f64)) {
        let (x, y) = Self::at(point);
        let _ = write!(self.svg, "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3\"/>");
    }

    fn bar(&mut self, left: f64, width: f64, height: f64, class: &str) {
        let (x, y) = Self::at((left, height));
        let (width, height) = (width * SIDE, height * SIDE);
        if height > 0.0 {
            let _ = write!(
                self.svg,
                "<rect class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\"/>"
            );
        }
    }

    fn finish(self, title: &str) -> String {
        let Self { svg, across, up } = self;
        let (width, height) = (MARGIN + SIDE + 8.0, SIDE + 44.0);
        let middle = MARGIN + SIDE / 2.0;
        let (bottom, low) = (SIDE + 8.0, SIDE + 22.0);
        let below = SIDE + 38.0;
        format!(
            "<svg role=\"img\" aria-label=\"{title}\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\">\
            <title>{title}</title>\
            <rect class=\"frame\" x=\"{MARGIN}\" y=\"8\" width=\"{SIDE}\" height=\"{SIDE}\"/>{svg}\
            <text x=\"{MARGIN}\" y=\"{low}\" text-anchor=\"middle\">0</text>\
            <text x=\"{right}\" y=\"{low}\" text-anchor=\"middle\">1</text>\
            <text x=\"{middle}\" y=\"{below}\" text-anchor=\"middle\">{across}</text>\
            <text x=\"14\" y=\"{centre}\" text-anchor=\"middle\" transform=\"rotate(-90 14 {centre})\">{up}</text>\
            <text x=\"28\" y=\"{bottom}\" text-anchor=\"middle\">0</text>\
            <text x=\"28\" y=\"16\" text-anchor=\"middle\">1</text></svg>",
            right = MARGIN + SIDE,
            centre = 8.0 + SIDE / 2.0,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretil_guardrail::verdict::Confidence;

    fn observation(positive: bool, score: f32) -> Observation {
        Observation {
            positive,
            score,
            confidence: Confidence::None,
            flagged: false,
        }
    }

    #[test]
    fn the_curve_goes_through_the_corners_that_the_scores_give() {
        let seen = [
            observation(true, 0.9),
            observation(false, 0.5),
            observation(true, 0.5),
            observation(false, 0.1),
        ];
        // (0, 0), (0, 1/2), one step for the tie to (1/2, 1), (1, 1); drawn upside down.
        let corners = "36.0,248.0 36.0,128.0 156.0,8.0 276.0,8.0";
        assert!(roc(&seen).contains(corners), "{}", roc(&seen));
        assert!(reliability(&seen).contains("<circle cx=\"60.0\" cy=\"248.0\""));
        assert_eq!(histogram(&seen).matches("class=\"positive\"").count(), 2);
    }

    #[test]
    fn long_curves_are_thinned_and_keep_their_end() {
        let points: Vec<_> = (0..=10_000).map(|i| (f64::from(i), 0.0)).collect();
        let kept = thinned(&points);
        assert!(kept.len() <= CORNERS + 2);
        assert_eq!(kept.last(), points.last());
    }
}
