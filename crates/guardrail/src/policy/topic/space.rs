//! The maths of likeness: what a window's vector says about a topic. Pure.
//!
//! A window's likeness to a topic is its cosine with the topic's centroid and with its nearest
//! example. Likeness alone has no fixed meaning: "transfer" prompts are all alike, poems are like
//! nothing. So it is set against the window's likeness to the nearest background texts, which is
//! query-side cohort normalisation as in speaker verification (adaptive s-norm, Cumani et al.,
//! Interspeech 2011; Karam et al. 2011): a window is of the topic when the topic is nearer than
//! what else it could be about.

/// Fixed numbers of the scoring, learnt with the background.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Calibration {
    /// Weight of the definition in the centroid, beside 1 for the mean of the examples.
    pub definition_weight: f32,
    /// Weight of the nearest example in likeness; the centroid has the rest.
    pub nearest_weight: f32,
    /// How many nearest background texts a window is set against. At least 1.
    pub neighbours: usize,
    /// A background text at least this like the topic is of the topic, and no background for it.
    pub own_limit: f32,
    /// Least likeness to the background: a window like nothing in it is not thereby of the topic.
    pub background_floor: f32,
    /// Margin at which the score is one half, for a text of one window.
    pub margin: f32,
    /// What is asked beyond it with each doubling of the windows: more windows, more chances to
    /// be alike by accident.
    pub margin_per_doubling: f32,
    /// Steepness of the score around it.
    pub slope: f32,
}

/// Background texts of an embedder, and the numbers that go with them.
#[derive(Clone, Debug)]
pub struct TopicSpace {
    dimensions: usize,
    /// Unit vectors, one after the other.
    background: Vec<f32>,
    calibration: Calibration,
}

impl TopicSpace {
    /// A space over `background`, whole unit vectors of `dimensions` one after the other. `None`
    /// if it holds no vector or a broken one.
    pub fn new(dimensions: usize, background: Vec<f32>, calibration: Calibration) -> Option<Self> {
        let whole = dimensions > 0 && background.len().is_multiple_of(dimensions);
        (whole && !background.is_empty() && calibration.neighbours > 0).then_some(Self {
            dimensions,
            background,
            calibration,
        })
    }

    /// The vectors that stand for a topic.
    pub(super) fn prototype(&self, definition: Vec<f32>, examples: Vec<Vec<f32>>) -> Prototype {
        let (centroid, examples) = if examples.is_empty() {
            (definition.clone(), vec![definition])
        } else {
            let mut centroid = unit(sum(&examples, self.dimensions));
            for (sum, part) in centroid.iter_mut().zip(&definition) {
                *sum += self.calibration.definition_weight * part;
            }
            (unit(centroid), examples)
        };
        let mut prototype = Prototype {
            centroid,
            examples,
            own: Vec::new(),
        };
        prototype.own = self
            .background
            .chunks_exact(self.dimensions)
            .map(|text| self.likeness(&prototype, text) >= self.calibration.own_limit)
            .collect();
        prototype
    }

    /// The window's cosine with every background text.
    pub(super) fn surroundings(&self, window: &[f32]) -> Vec<f32> {
        self.background
            .chunks_exact(self.dimensions)
            .map(|text| dot(text, window))
            .collect()
    }

    /// Margin that is asked of each of `windows` windows of one text.
    pub(super) fn asked(&self, windows: usize) -> f32 {
        let doublings = (windows.max(1) as f32).log2();
        self.calibration.margin + self.calibration.margin_per_doubling * doublings
    }

    /// Score from 0 to 1 of a window for a topic; one half at the margin that is `asked`.
    pub(super) fn score(
        &self,
        topic: &Prototype,
        window: &[f32],
        surroundings: &[f32],
        asked: f32,
    ) -> f32 {
        let background = self
            .background_likeness(topic, surroundings)
            .max(self.calibration.background_floor);
        let margin = self.likeness(topic, window) - background;
        1.0 / (1.0 + (-self.calibration.slope * (margin - asked)).exp())
    }

    fn likeness(&self, topic: &Prototype, window: &[f32]) -> f32 {
        let nearest = topic
            .examples
            .iter()
            .map(|example| dot(example, window))
            .fold(-1.0, f32::max);
        let weight = self.calibration.nearest_weight;
        (1.0 - weight) * dot(&topic.centroid, window) + weight * nearest
    }

    /// Mean cosine of the nearest background texts that are not of the topic.
    fn background_likeness(&self, topic: &Prototype, surroundings: &[f32]) -> f32 {
        let mut nearest = vec![f32::MIN; self.calibration.neighbours];
        let mut found = 0;
        for (&likeness, &own) in surroundings.iter().zip(&topic.own) {
            if own {
                continue;
            }
            found += 1;
            insert(&mut nearest, likeness);
        }
        let counted = found.min(nearest.len());
        if counted == 0 {
            return 0.0;
        }
        nearest[..counted].iter().sum::<f32>() / counted as f32
    }
}

/// What stands for one topic.
#[derive(Clone, Debug)]
pub(super) struct Prototype {
    centroid: Vec<f32>,
    /// The definition where there are no examples.
    examples: Vec<Vec<f32>>,
    /// For each background text whether it is of the topic itself.
    own: Vec<bool>,
}

/// Puts `value` in its place in `descending` and drops the last.
fn insert(descending: &mut [f32], value: f32) {
    let place = descending.partition_point(|held| *held >= value);
    if place < descending.len() {
        descending[place..].rotate_right(1);
        descending[place] = value;
    }
}

fn sum(vectors: &[Vec<f32>], dimensions: usize) -> Vec<f32> {
    let mut total = vec![0.0; dimensions];
    for vector in vectors {
        for (sum, part) in total.iter_mut().zip(vector) {
            *sum += part;
        }
    }
    total
}

/// `vector` at length one; the zero vector stays.
fn unit(mut vector: Vec<f32>) -> Vec<f32> {
    let length = dot(&vector, &vector).sqrt();
    if length > 0.0 {
        for part in &mut vector {
            *part /= length;
        }
    }
    vector
}

/// Sum of products. Sixteen sums side by side: fast, and the same bits on every machine.
fn dot(left: &[f32], right: &[f32]) -> f32 {
    const LANES: usize = 16;
    let mut sums = [0.0_f32; LANES];
    let (left, right) = (left.chunks_exact(LANES), right.chunks_exact(LANES));
    let rest: f32 = left
        .remainder()
        .iter()
        .zip(right.remainder())
        .map(|(left, right)| left * right)
        .sum();
    for (left, right) in left.zip(right) {
        for lane in 0..LANES {
            sums[lane] += left[lane] * right[lane];
        }
    }
    sums.iter().sum::<f32>() + rest
}
