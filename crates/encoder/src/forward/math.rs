//! Float work on rows, in an order that every instruction set can follow.

use crate::weights::{HEAD_WIDTH, LANES, Norm};

/// Adding this to a float below 2^22 in magnitude rounds it to the nearest integer, ties to even, and
/// leaves that integer in the low bits: rounding without an instruction for it.
const ROUND: f32 = 12_582_912.0;

/// Under the root of a layer's variance (`layer_norm_eps` of the model).
const EPSILON: f32 = 1e-12;

/// GELU is never below minus this; the weights' export counts on the same value.
const GELU_FLOOR: f32 = 0.17;

/// The softmax's largest weight in fixed point: 11 bits, so that 512 products with values fit 32 bits.
const WEIGHT_LIMIT: i32 = 2047;

#[inline(always)]
fn round(value: f32) -> i32 {
    (value + ROUND).to_bits() as i32 - ROUND.to_bits() as i32
}

/// Maximum that ignores NaN in `candidate`, as `vmaxps` does.
#[inline(always)]
fn larger(candidate: f32, largest: f32) -> f32 {
    if candidate > largest {
        candidate
    } else {
        largest
    }
}

/// Sum of 16 lanes: halves onto halves.
#[inline(always)]
fn fold(mut lanes: [f32; LANES]) -> f32 {
    let mut width = LANES / 2;
    while width > 0 {
        for lane in 0..width {
            lanes[lane] += lanes[lane + width];
        }
        width /= 2;
    }
    lanes[0]
}

#[inline(always)]
fn sum(values: &[f32]) -> f32 {
    let mut lanes = [0.0; LANES];
    for chunk in values.as_chunks::<LANES>().0 {
        for lane in 0..LANES {
            lanes[lane] += chunk[lane];
        }
    }
    fold(lanes)
}

/// Σ (value - mean)².
#[inline(always)]
fn squares(values: &[f32], mean: f32) -> f32 {
    let mut lanes = [0.0; LANES];
    for chunk in values.as_chunks::<LANES>().0 {
        for lane in 0..LANES {
            let centred = chunk[lane] - mean;
            lanes[lane] += centred * centred;
        }
    }
    fold(lanes)
}

#[inline(always)]
pub(super) fn dot(values: &[f32], weights: &[f32]) -> f32 {
    let mut lanes = [0.0; LANES];
    for (chunk, weights) in values
        .as_chunks::<LANES>()
        .0
        .iter()
        .zip(weights.as_chunks::<LANES>().0)
    {
        for lane in 0..LANES {
            lanes[lane] += chunk[lane] * weights[lane];
        }
    }
    fold(lanes)
}

/// Largest magnitude; 0 for an empty row.
#[inline(always)]
pub(super) fn largest_magnitude(values: &[f32]) -> f32 {
    let mut lanes = [0.0_f32; LANES];
    for chunk in values.as_chunks::<LANES>().0 {
        for lane in 0..LANES {
            lanes[lane] = larger(chunk[lane].abs(), lanes[lane]);
        }
    }
    lanes
        .iter()
        .fold(0.0, |largest, &lane| larger(lane, largest))
}

/// `row = LayerNorm(row + update)`. The row's length is a multiple of 16.
#[inline(always)]
pub(super) fn add_norm(row: &mut [f32], update: &[f32], norm: &Norm) {
    for (value, &update) in row.iter_mut().zip(update) {
        *value += update;
    }
    let width = row.len() as f32;
    let mean = sum(row) / width;
    let variance = squares(row, mean) / width;
    let inverse = 1.0 / (variance + EPSILON).sqrt();
    for ((value, &gamma), &beta) in row.iter_mut().zip(&norm.gamma).zip(&norm.beta) {
        *value = (*value - mean) * inverse * gamma + beta;
    }
}

/// Stores `values × smoothing` as u8 around 128; returns the scale. No smoothing where that is empty.
#[inline(always)]
pub(super) fn quantise_symmetric(values: &[f32], smoothing: &[f32], quantised: &mut [u8]) -> f32 {
    if smoothing.is_empty() {
        let largest = largest_magnitude(values);
        let (scale, inverse) = scale_for(largest, 127.0);
        for (target, &value) in quantised.iter_mut().zip(values) {
            *target = (round(value * inverse) + 128) as u8;
        }
        return scale;
    }
    let mut lanes = [0.0_f32; LANES];
    for (chunk, factors) in values
        .as_chunks::<LANES>()
        .0
        .iter()
        .zip(smoothing.as_chunks::<LANES>().0)
    {
        for lane in 0..LANES {
            lanes[lane] = larger((chunk[lane] * factors[lane]).abs(), lanes[lane]);
        }
    }
    let largest = lanes
        .iter()
        .fold(0.0, |largest, &lane| larger(lane, largest));
    let (scale, inverse) = scale_for(largest, 127.0);
    for ((target, &value), &factor) in quantised.iter_mut().zip(values).zip(smoothing) {
        *target = (round(value * factor * inverse) + 128) as u8;
    }
    scale
}

/// The step that maps `largest` to `limit`, and its inverse; zeros for a row of zeros.
#[inline(always)]
fn scale_for(largest: f32, limit: f32) -> (f32, f32) {
    if largest > 0.0 {
        (largest / limit, limit / largest)
    } else {
        (0.0, 0.0)
    }
}

/// Gaussian error linear unit in place; returns the row's largest value, or 0.
///
/// `x (1/2 + h)` with `h = clamp(x P(x²), ±1/2)`, x held within ±4 there: a minimax fit, at most 1.9e-4
/// from `x Φ(x)`, which is a fraction of the u8 step that follows.
#[inline(always)]
pub(super) fn gelu(row: &mut [f32]) -> f32 {
    const P: [f32; 7] = [
        0.397_883_33,
        -0.064_573_094,
        0.008_772_383,
        -0.000_814_014_46,
        4.795_542_6e-5,
        -1.598_598e-6,
        2.278_137_1e-8,
    ];
    let mut lanes = [0.0_f32; LANES];
    for chunk in row.as_chunks_mut::<LANES>().0 {
        for lane in 0..LANES {
            let x = chunk[lane];
            let held = x.clamp(-4.0, 4.0);
            let square = held * held;
            let mut p = P[6];
            p = p * square + P[5];
            p = p * square + P[4];
            p = p * square + P[3];
            p = p * square + P[2];
            p = p * square + P[1];
            p = p * square + P[0];
            let half = (held * p).clamp(-0.5, 0.5);
            let value = x * (0.5 + half);
            chunk[lane] = value;
            lanes[lane] = larger(value, lanes[lane]);
        }
    }
    lanes
        .iter()
        .fold(0.0, |largest, &lane| larger(lane, largest))
}

/// Stores GELU's output as u8 from its floor up; returns the scale.
#[inline(always)]
pub(super) fn quantise_gelu(row: &[f32], largest: f32, quantised: &mut [u8]) -> f32 {
    let (scale, inverse) = scale_for(largest + GELU_FLOOR, 255.0);
    for (target, &value) in quantised.iter_mut().zip(row) {
        // The fit of GELU may lie a little under the floor.
        *target = round((value + GELU_FLOOR) * inverse).max(0) as u8;
    }
    scale
}

/// A head's row in fixed point.
#[inline(always)]
pub(super) fn quantise_fixed(values: &[f32], inverse: f32) -> [i16; HEAD_WIDTH] {
    let mut fixed = [0; HEAD_WIDTH];
    for (target, &value) in fixed.iter_mut().zip(values) {
        *target = round(value * inverse) as i16;
    }
    fixed
}

/// `weights[k] = 2047 × 2^((scores[k] - max) × scale)`, rounded, for the first `tokens` scores, 0 for the
/// rest. Returns their sum, which is at least 2047.
///
/// 2^f on ±1/2 is a cubic minimax fit, at most 7.5e-5 from the truth relatively: under a sixth of a
/// step at the largest weight.
#[inline(always)]
pub(super) fn softmax_weights(
    scores: &[i32],
    tokens: usize,
    scale: f32,
    weights: &mut [i16],
) -> i32 {
    /// Coefficients of 2047 × 2^f.
    const P: [f32; 4] = [2_046.852_8, 1_419.105_2, 496.625_03, 112.936_4];
    /// 2047 × 2^-14 rounds to 0.
    const LOWEST: f32 = -14.0;
    let largest = scores[..tokens]
        .iter()
        .fold(i32::MIN, |largest, &score| largest.max(score));
    for (weight, &score) in weights.iter_mut().zip(scores) {
        let power = larger((score.wrapping_sub(largest)) as f32 * scale, LOWEST);
        let whole = power + ROUND;
        let fraction = power - (whole - ROUND);
        let exponent = whole.to_bits() as i32 - ROUND.to_bits() as i32;
        let fit = ((P[3] * fraction + P[2]) * fraction + P[1]) * fraction + P[0];
        let value = f32::from_bits((fit.to_bits() as i32 + (exponent << 23)) as u32);
        *weight = round(value).min(WEIGHT_LIMIT) as i16;
    }
    weights[tokens..].fill(0);
    weights.iter().map(|&weight| i32::from(weight)).sum()
}

/// Sum of `rows`, row by row, into `total`.
#[inline(always)]
fn sum_rows(rows: &[f32], total: &mut [f32]) {
    total.fill(0.0);
    for row in rows.chunks_exact(total.len()) {
        for (total, &value) in total.iter_mut().zip(row) {
            *total += value;
        }
    }
}

/// Mean of `rows` into `mean`.
#[inline(always)]
pub(super) fn mean(rows: &[f32], mean: &mut [f32]) {
    let count = (rows.len() / mean.len()) as f32;
    sum_rows(rows, mean);
    for value in mean.iter_mut() {
        *value /= count;
    }
}

/// Mean of `rows`, made unit length, into `mean`.
#[inline(always)]
pub(crate) fn mean_unit(rows: &[f32], mean: &mut [f32]) {
    sum_rows(rows, mean);
    let length = squares(mean, 0.0).sqrt();
    let inverse = if length > 0.0 { 1.0 / length } else { 0.0 };
    for value in mean.iter_mut() {
        *value *= inverse;
    }
}
