//! Intervals by resampling: the same seed, the same interval.

use crate::figures::Estimate;

/// Resamples behind an interval.
const DRAWS: usize = 1_000;

/// Seed of every interval.
const SEED: u64 = 20_261_124;

/// SplitMix64 (Steele, Lea, Flood 2014).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        ((u128::from(self.next()) * limit as u128) >> 64) as usize
    }
}

/// Estimates of the figures that `figures` computes from how often each of `items` items is drawn,
/// with 95 % percentile intervals. `strata` are drawn apart, so that their sizes stay as they are.
/// A figure that is not a number stands for "the items do not support it" and gives `None`.
pub(crate) fn estimates<const N: usize>(
    items: usize,
    strata: &[Vec<usize>],
    figures: impl Fn(&[u32]) -> [f64; N],
) -> [Option<Estimate>; N] {
    let points = figures(&vec![1; items]);
    let mut random = Random(SEED);
    let mut drawn: [Vec<f64>; N] = std::array::from_fn(|_| Vec::with_capacity(DRAWS));
    let mut weights = vec![0_u32; items];
    for _ in 0..DRAWS {
        weights.fill(0);
        for stratum in strata {
            for _ in stratum {
                weights[stratum[random.below(stratum.len())]] += 1;
            }
        }
        for (values, value) in drawn.iter_mut().zip(figures(&weights)) {
            if !value.is_nan() {
                values.push(value);
            }
        }
    }
    let mut drawn = drawn.into_iter();
    points.map(|value| {
        let values = drawn.next().unwrap_or_default();
        (!value.is_nan()).then(|| interval(value, values))
    })
}

fn interval(value: f64, mut drawn: Vec<f64>) -> Estimate {
    drawn.sort_by(f64::total_cmp);
    let at = |share: f64| {
        let index = (share * drawn.len() as f64) as usize;
        drawn.get(index.min(drawn.len().saturating_sub(1))).copied()
    };
    Estimate {
        value,
        low: at(0.025).unwrap_or(value),
        high: at(0.975).unwrap_or(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_has_about_the_normal_interval() {
        let hits: Vec<f64> = (0..400).map(|i| f64::from(u8::from(i % 4 == 0))).collect();
        let share = |weights: &[u32]| {
            let weighted = weights
                .iter()
                .zip(&hits)
                .map(|(w, hit)| f64::from(*w) * hit);
            [weighted.sum::<f64>() / 400.0]
        };
        let [estimate] = estimates(400, &[(0..400).collect()], share);
        let estimate = estimate.unwrap();
        assert!((estimate.value - 0.25).abs() < 1e-12);
        // 1.96 standard errors of a share of .25 of 400 are .042.
        assert!((estimate.low - 0.208).abs() < 0.01, "{estimate:?}");
        assert!((estimate.high - 0.292).abs() < 0.01, "{estimate:?}");
        assert_eq!(
            estimates(400, &[(0..400).collect()], share),
            [Some(estimate)]
        );
    }

    #[test]
    fn what_is_not_supported_is_absent() {
        assert_eq!(estimates(1, &[vec![0]], |_| [f64::NAN]), [None]);
    }
}
