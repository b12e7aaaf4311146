//! AVX2: `vpmaddwd` on bytes widened to 16 bits, which is exact. (`vpmaddubsw` on the bytes themselves would
//! saturate: 2 × 255 × 127 does not fit 16 bits.)
//!
//! A lane of 32 bits holds four inputs of one column. Its bytes 0 and 2 become one pair of 16-bit values, by
//! shifts that extend the sign, its bytes 1 and 3 another; the inputs are split in the same way.
#![allow(
    unsafe_code,
    reason = "raw vector loads and stores, and calls into code compiled for AVX2"
)]
#![allow(
    clippy::inline_always,
    reason = "the calls into AVX2 code must cost nothing"
)]

use std::arch::x86_64::{
    __m256i, _mm256_add_epi32, _mm256_and_si256, _mm256_loadu_si256, _mm256_madd_epi16,
    _mm256_set1_epi16, _mm256_set1_epi32, _mm256_setzero_si256, _mm256_slli_epi16,
    _mm256_srai_epi16, _mm256_srli_epi16, _mm256_storeu_si256,
};

use super::{
    Columns, Ops,
    tiles::{self, Tiles},
};
use crate::forward::Pass;

/// Proof that this CPU has AVX2: [`Avx2::new`] is the only way to one.
#[derive(Clone, Copy)]
pub(crate) struct Avx2(());

impl Avx2 {
    pub(crate) fn new() -> Option<Self> {
        is_x86_feature_detected!("avx2").then_some(Self(()))
    }

    /// Runs `pass`, which is `#[inline(always)]` throughout, compiled for AVX2.
    pub(crate) fn run(self, pass: Pass<'_>) {
        // SAFETY: `self` proves that the CPU has the feature.
        unsafe { run(self, pass) }
    }
}

#[target_feature(enable = "avx2")]
fn run(kernel: Avx2, pass: Pass<'_>) {
    pass.run(kernel);
}

impl Ops for Avx2 {
    #[inline(always)]
    fn linear(
        self,
        columns: Columns<'_>,
        input: &[u8],
        row_scales: &[f32],
        output: &mut [f32],
        stride: usize,
    ) {
        // SAFETY: `self` proves that the CPU has the feature.
        unsafe { linear(self, columns, input, row_scales, output, stride) }
    }

    #[inline(always)]
    fn product(self, left: &[i16], right: &[i16], pairs: usize, panels: usize, output: &mut [i32]) {
        // SAFETY: `self` proves that the CPU has the feature.
        unsafe { product(self, left, right, pairs, panels, output) }
    }
}

#[target_feature(enable = "avx2")]
fn linear(
    kernel: Avx2,
    columns: Columns<'_>,
    input: &[u8],
    row_scales: &[f32],
    output: &mut [f32],
    stride: usize,
) {
    tiles::linear(kernel, columns, input, row_scales, output, stride);
}

#[target_feature(enable = "avx2")]
fn product(
    kernel: Avx2,
    left: &[i16],
    right: &[i16],
    pairs: usize,
    panels: usize,
    output: &mut [i32],
) {
    tiles::product(kernel, left, right, pairs, panels, output);
}

impl Tiles for Avx2 {
    const SIX_ROWS: bool = false;

    #[inline(always)]
    fn bytes<const HEIGHT: usize>(self, rows: &[u8], tiles: &[u8]) -> [[i32; 16]; HEIGHT] {
        // SAFETY: `self` proves that the CPU has the feature.
        unsafe { bytes(rows, tiles) }
    }

    #[inline(always)]
    fn pairs<const HEIGHT: usize>(self, rows: &[i16], tiles: &[i16]) -> [[i32; 16]; HEIGHT] {
        // SAFETY: `self` proves that the CPU has the feature.
        unsafe { pairs(rows, tiles) }
    }
}

#[target_feature(enable = "avx2")]
#[inline]
fn bytes<const HEIGHT: usize>(rows: &[u8], tiles: &[u8]) -> [[i32; 16]; HEIGHT] {
    let groups = tiles.len() / 64;
    assert!(tiles.len() == groups * 64 && rows.len() == HEIGHT * groups * 4);
    let low_bytes = _mm256_set1_epi16(0xFF);
    let mut sums = [[_mm256_setzero_si256(); 2]; HEIGHT];
    for group in 0..groups {
        let mut even = [_mm256_setzero_si256(); 2];
        let mut odd = [_mm256_setzero_si256(); 2];
        for half in 0..2 {
            // SAFETY: `64 group + 32 half + 32 <= 64 groups`, the length of `tiles`.
            let weights =
                unsafe { _mm256_loadu_si256(tiles.as_ptr().add(group * 64 + half * 32).cast()) };
            even[half] = _mm256_srai_epi16::<8>(_mm256_slli_epi16::<8>(weights));
            odd[half] = _mm256_srai_epi16::<8>(weights);
        }
        for (r, sums) in sums.iter_mut().enumerate() {
            let place = (r * groups + group) * 4;
            // SAFETY: `r < HEIGHT` and `group < groups`, so `place + 4 <= 4 HEIGHT groups`, the length of
            // `rows`.
            let four = unsafe { rows.as_ptr().add(place).cast::<i32>().read_unaligned() };
            let four = _mm256_set1_epi32(four);
            let four_even = _mm256_and_si256(four, low_bytes);
            let four_odd = _mm256_srli_epi16::<8>(four);
            for half in 0..2 {
                let products = _mm256_add_epi32(
                    _mm256_madd_epi16(four_even, even[half]),
                    _mm256_madd_epi16(four_odd, odd[half]),
                );
                sums[half] = _mm256_add_epi32(sums[half], products);
            }
        }
    }
    store(&sums)
}

#[target_feature(enable = "avx2")]
#[inline]
fn pairs<const HEIGHT: usize>(rows: &[i16], tiles: &[i16]) -> [[i32; 16]; HEIGHT] {
    let pairs = tiles.len() / 32;
    assert!(tiles.len() == pairs * 32 && rows.len() == HEIGHT * pairs * 2);
    let mut sums = [[_mm256_setzero_si256(); 2]; HEIGHT];
    for pair in 0..pairs {
        let mut columns = [_mm256_setzero_si256(); 2];
        for (half, columns) in columns.iter_mut().enumerate() {
            // SAFETY: `32 pair + 16 half + 16 <= 32 pairs`, the length of `tiles`.
            *columns =
                unsafe { _mm256_loadu_si256(tiles.as_ptr().add(pair * 32 + half * 16).cast()) };
        }
        for (r, sums) in sums.iter_mut().enumerate() {
            let place = (r * pairs + pair) * 2;
            // SAFETY: `r < HEIGHT` and `pair < pairs`, so `place + 2 <= 2 HEIGHT pairs`, the length of
            // `rows`.
            let two = unsafe { rows.as_ptr().add(place).cast::<i32>().read_unaligned() };
            let two = _mm256_set1_epi32(two);
            for half in 0..2 {
                let products = _mm256_madd_epi16(two, columns[half]);
                sums[half] = _mm256_add_epi32(sums[half], products);
            }
        }
    }
    store(&sums)
}

/// The sums of each row in the order of their columns.
#[target_feature(enable = "avx2")]
#[inline]
pub(super) fn store<const HEIGHT: usize>(sums: &[[__m256i; 2]; HEIGHT]) -> [[i32; 16]; HEIGHT] {
    let mut stored = [[0; 16]; HEIGHT];
    for (stored, sums) in stored.iter_mut().zip(sums) {
        for (stored, &sums) in stored.as_chunks_mut::<8>().0.iter_mut().zip(sums) {
            // SAFETY: `stored` is eight values, 32 bytes, that may be written.
            unsafe { _mm256_storeu_si256(stored.as_mut_ptr().cast(), sums) };
        }
    }
    stored
}
