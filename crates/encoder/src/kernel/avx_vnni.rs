//! AVX-VNNI: `vpdpbusd` for u8 × s8 and `vpdpwssd` for s16 × s16 on 256 bits.
#![allow(
    unsafe_code,
    reason = "raw vector loads and stores, and calls into code compiled for AVX-VNNI"
)]
#![allow(
    clippy::inline_always,
    reason = "the calls into AVX-VNNI code must cost nothing"
)]

use std::arch::x86_64::{
    _mm256_dpbusd_avx_epi32, _mm256_dpwssd_avx_epi32, _mm256_loadu_si256, _mm256_set1_epi32,
    _mm256_setzero_si256,
};

use super::{
    Columns, Ops,
    avx2::store,
    tiles::{self, Tiles},
};
use crate::forward::Pass;

/// Proof that this CPU has AVX2 and AVX-VNNI: [`AvxVnni::new`] is the only way to one.
#[derive(Clone, Copy)]
pub(crate) struct AvxVnni(());

impl AvxVnni {
    pub(crate) fn new() -> Option<Self> {
        let supported = is_x86_feature_detected!("avx2") && is_x86_feature_detected!("avxvnni");
        supported.then_some(Self(()))
    }

    /// Runs `pass`, which is `#[inline(always)]` throughout, compiled for AVX-VNNI.
    pub(crate) fn run(self, pass: Pass<'_>) {
        // SAFETY: `self` proves that the CPU has the features.
        unsafe { run(self, pass) }
    }
}

#[target_feature(enable = "avx2,avxvnni")]
fn run(kernel: AvxVnni, pass: Pass<'_>) {
    pass.run(kernel);
}

impl Ops for AvxVnni {
    #[inline(always)]
    fn linear(
        self,
        columns: Columns<'_>,
        input: &[u8],
        row_scales: &[f32],
        output: &mut [f32],
        stride: usize,
    ) {
        // SAFETY: `self` proves that the CPU has the features.
        unsafe { linear(self, columns, input, row_scales, output, stride) }
    }

    #[inline(always)]
    fn product(self, left: &[i16], right: &[i16], pairs: usize, panels: usize, output: &mut [i32]) {
        // SAFETY: `self` proves that the CPU has the features.
        unsafe { product(self, left, right, pairs, panels, output) }
    }
}

#[target_feature(enable = "avx2,avxvnni")]
fn linear(
    kernel: AvxVnni,
    columns: Columns<'_>,
    input: &[u8],
    row_scales: &[f32],
    output: &mut [f32],
    stride: usize,
) {
    tiles::linear(kernel, columns, input, row_scales, output, stride);
}

#[target_feature(enable = "avx2,avxvnni")]
fn product(
    kernel: AvxVnni,
    left: &[i16],
    right: &[i16],
    pairs: usize,
    panels: usize,
    output: &mut [i32],
) {
    tiles::product(kernel, left, right, pairs, panels, output);
}

impl Tiles for AvxVnni {
    const SIX_ROWS: bool = true;

    #[inline(always)]
    fn bytes<const HEIGHT: usize>(self, rows: &[u8], tiles: &[u8]) -> [[i32; 16]; HEIGHT] {
        // SAFETY: `self` proves that the CPU has the features.
        unsafe { bytes(rows, tiles) }
    }

    #[inline(always)]
    fn pairs<const HEIGHT: usize>(self, rows: &[i16], tiles: &[i16]) -> [[i32; 16]; HEIGHT] {
        // SAFETY: `self` proves that the CPU has the features.
        unsafe { pairs(rows, tiles) }
    }
}

#[target_feature(enable = "avx2,avxvnni")]
#[inline]
fn bytes<const HEIGHT: usize>(rows: &[u8], tiles: &[u8]) -> [[i32; 16]; HEIGHT] {
    let groups = tiles.len() / 64;
    assert!(tiles.len() == groups * 64 && rows.len() == HEIGHT * groups * 4);
    let mut sums = [[_mm256_setzero_si256(); 2]; HEIGHT];
    for group in 0..groups {
        let mut weights = [_mm256_setzero_si256(); 2];
        for (half, weights) in weights.iter_mut().enumerate() {
            // SAFETY: `64 group + 32 half + 32 <= 64 groups`, the length of `tiles`.
            *weights =
                unsafe { _mm256_loadu_si256(tiles.as_ptr().add(group * 64 + half * 32).cast()) };
        }
        for (r, sums) in sums.iter_mut().enumerate() {
            let place = (r * groups + group) * 4;
            // SAFETY: `r < HEIGHT` and `group < groups`, so `place + 4 <= 4 HEIGHT groups`, the length of
            // `rows`.
            let four = unsafe { rows.as_ptr().add(place).cast::<i32>().read_unaligned() };
            let four = _mm256_set1_epi32(four);
            for half in 0..2 {
                sums[half] = _mm256_dpbusd_avx_epi32(sums[half], four, weights[half]);
            }
        }
    }
    store(&sums)
}

#[target_feature(enable = "avx2,avxvnni")]
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
                sums[half] = _mm256_dpwssd_avx_epi32(sums[half], two, columns[half]);
            }
        }
    }
    store(&sums)
}
