//! AVX-512 with VNNI: `vpdpbusd` for u8 × s8, `vpdpwssd` for s16 × s16.
#![allow(
    unsafe_code,
    reason = "raw vector loads and stores, and calls into code compiled for AVX-512"
)]
#![allow(
    clippy::inline_always,
    reason = "the calls into AVX-512 code must cost nothing"
)]

use std::arch::x86_64::{
    __m512i, _mm512_add_ps, _mm512_cvtepi32_ps, _mm512_dpbusd_epi32, _mm512_dpwssd_epi32,
    _mm512_loadu_ps, _mm512_loadu_si512, _mm512_mul_ps, _mm512_set1_epi32, _mm512_set1_ps,
    _mm512_setzero_si512, _mm512_storeu_ps, _mm512_storeu_si512, _mm512_sub_epi32,
};

use super::{Columns, Ops, check_product};
use crate::forward::Pass;

/// Proof that this CPU has AVX-512 F, BW, VL and VNNI: [`Avx512Vnni::new`] is the only way to one.
#[derive(Clone, Copy)]
pub(crate) struct Avx512Vnni(());

impl Avx512Vnni {
    pub(crate) fn new() -> Option<Self> {
        let supported = is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512bw")
            && is_x86_feature_detected!("avx512vl")
            && is_x86_feature_detected!("avx512vnni");
        supported.then_some(Self(()))
    }

    /// Runs `pass`, which is `#[inline(always)]` throughout, compiled for AVX-512.
    pub(crate) fn run(self, pass: Pass<'_>) {
        // SAFETY: `self` proves that the CPU has the features.
        unsafe { run(self, pass) }
    }
}

#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vnni")]
fn run(kernel: Avx512Vnni, pass: Pass<'_>) {
    pass.run(kernel);
}

impl Ops for Avx512Vnni {
    #[inline(always)]
    fn linear(
        self,
        columns: Columns<'_>,
        input: &[u8],
        row_scales: &[f32],
        output: &mut [f32],
        stride: usize,
    ) {
        columns.check(input, row_scales, output, stride);
        // SAFETY: `self` proves that the CPU has the features, and `check` that the operands fit.
        unsafe { linear(columns, input, row_scales, output, stride) }
    }

    #[inline(always)]
    fn product(self, left: &[i16], right: &[i16], pairs: usize, panels: usize, output: &mut [i32]) {
        let rows = check_product(left, right, pairs, panels, output);
        // SAFETY: `self` proves that the CPU has the features, and `check_product` that `left` has `rows`
        // rows of `pairs` pairs, `right` `panels` panels of `pairs` tiles, and `output` `rows` × `panels`
        // vectors.
        unsafe { product(left, right, rows, pairs, panels, output) }
    }
}

/// Rows of a full tile. 8 rows × 3 panels take 24 accumulators of 32 registers.
const ROWS: usize = 8;

/// # Safety
/// [`Columns::check`] has passed for the same arguments.
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vnni")]
unsafe fn linear(
    columns: Columns<'_>,
    input: &[u8],
    row_scales: &[f32],
    output: &mut [f32],
    stride: usize,
) {
    let panels = columns.outputs() / 16;
    let mut panel = 0;
    while panel < panels {
        let width = (panels - panel).min(3);
        // SAFETY: `panel + width <= panels`, and the caller's promise is passed on.
        unsafe {
            match width {
                3 => linear_panels::<3>(columns, panel, input, row_scales, output, stride),
                2 => linear_panels::<2>(columns, panel, input, row_scales, output, stride),
                _ => linear_panels::<1>(columns, panel, input, row_scales, output, stride),
            }
        }
        panel += width;
    }
}

/// # Safety
/// As [`linear`], and the panels `panel..panel + PANELS` exist.
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vnni")]
unsafe fn linear_panels<const PANELS: usize>(
    columns: Columns<'_>,
    panel: usize,
    input: &[u8],
    row_scales: &[f32],
    output: &mut [f32],
    stride: usize,
) {
    let rows = row_scales.len();
    let mut row = 0;
    while row < rows {
        let height = match rows - row {
            left @ 0..ROWS => left.min(4),
            _ => ROWS,
        };
        // SAFETY: `row + height <= rows` (for a height of 3 the match below takes 2 and 1), and the
        // caller's promise is passed on.
        unsafe {
            match height {
                8 => {
                    linear_tile::<8, PANELS>(
                        columns, panel, row, input, row_scales, output, stride,
                    );
                }
                4 => {
                    linear_tile::<4, PANELS>(
                        columns, panel, row, input, row_scales, output, stride,
                    );
                }
                2 | 3 => {
                    linear_tile::<2, PANELS>(
                        columns, panel, row, input, row_scales, output, stride,
                    );
                }
                _ => {
                    linear_tile::<1, PANELS>(
                        columns, panel, row, input, row_scales, output, stride,
                    );
                }
            }
        }
        row += if height == 3 { 2 } else { height };
    }
}

/// # Safety
/// As [`linear`], and the panels `panel..panel + PANELS` and the rows `row..row + HEIGHT` exist.
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vnni")]
#[inline]
unsafe fn linear_tile<const HEIGHT: usize, const PANELS: usize>(
    columns: Columns<'_>,
    panel: usize,
    row: usize,
    input: &[u8],
    row_scales: &[f32],
    output: &mut [f32],
    stride: usize,
) {
    let inputs = columns.inputs;
    let mut sums = [[_mm512_setzero_si512(); PANELS]; HEIGHT];
    // SAFETY: `input` has `rows × inputs` bytes and `row + HEIGHT <= rows`; `tiles` has `outputs × inputs`
    // bytes, that is `inputs × 16` a panel, and `panel + PANELS <= outputs / 16`. So every offset below stays
    // inside: row `row + r`, bytes `4 group..4 group + 4 <= inputs`; panel `panel + p`, bytes
    // `64 group..64 group + 64 <= inputs × 16`.
    unsafe {
        let values = input.as_ptr().add(row * inputs);
        let tiles = columns.tiles.as_ptr().add(panel * inputs * 16);
        for group in 0..inputs / 4 {
            let mut weights = [_mm512_setzero_si512(); PANELS];
            for (p, weights) in weights.iter_mut().enumerate() {
                *weights = _mm512_loadu_si512(tiles.add(p * inputs * 16 + group * 64).cast());
            }
            for (r, sums) in sums.iter_mut().enumerate() {
                let four = values
                    .add(r * inputs + group * 4)
                    .cast::<i32>()
                    .read_unaligned();
                let four = _mm512_set1_epi32(four);
                for p in 0..PANELS {
                    sums[p] = _mm512_dpbusd_epi32(sums[p], four, weights[p]);
                }
            }
        }
    }
    for p in 0..PANELS {
        let first = (panel + p) * 16;
        for (r, sums) in sums.iter().enumerate() {
            // SAFETY: `first + 16 <= outputs`, which is the length of `correction`, `scale` and `bias`;
            // `row + r < rows`, the length of `row_scales`; and `output` holds
            // `(rows - 1) × stride + outputs` values at least.
            unsafe {
                let correction = _mm512_loadu_si512(columns.correction.as_ptr().add(first).cast());
                let scale = _mm512_loadu_ps(columns.scale.as_ptr().add(first));
                let bias = _mm512_loadu_ps(columns.bias.as_ptr().add(first));
                let row_scale = _mm512_set1_ps(*row_scales.get_unchecked(row + r));
                let exact = _mm512_cvtepi32_ps(_mm512_sub_epi32(sums[p], correction));
                let scaled = _mm512_mul_ps(_mm512_mul_ps(exact, row_scale), scale);
                let value = _mm512_add_ps(scaled, bias);
                _mm512_storeu_ps(output.as_mut_ptr().add((row + r) * stride + first), value);
            }
        }
    }
}

/// # Safety
/// `left` has `rows × 2 × pairs` values, `right` `panels × pairs × 32`, `output` `rows × panels × 16`.
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vnni")]
unsafe fn product(
    left: &[i16],
    right: &[i16],
    rows: usize,
    pairs: usize,
    panels: usize,
    output: &mut [i32],
) {
    let mut row = 0;
    while row < rows {
        let height = if rows - row >= ROWS { ROWS } else { 1 };
        let mut panel = 0;
        while panel < panels {
            let width = (panels - panel).min(2);
            // SAFETY: `row + height <= rows` and `panel + width <= panels`; the caller's promise is passed on.
            unsafe {
                match (height, width) {
                    (ROWS, 2) => {
                        product_tile::<ROWS, 2>(left, right, row, panel, pairs, panels, output);
                    }
                    (ROWS, _) => {
                        product_tile::<ROWS, 1>(left, right, row, panel, pairs, panels, output);
                    }
                    (_, 2) => product_tile::<1, 2>(left, right, row, panel, pairs, panels, output),
                    _ => product_tile::<1, 1>(left, right, row, panel, pairs, panels, output),
                }
            }
            panel += width;
        }
        row += height;
    }
}

/// # Safety
/// As [`product`], and the panels `panel..panel + PANELS` and the rows `row..row + HEIGHT` exist.
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vnni")]
#[inline]
unsafe fn product_tile<const HEIGHT: usize, const PANELS: usize>(
    left: &[i16],
    right: &[i16],
    row: usize,
    panel: usize,
    pairs: usize,
    panels: usize,
    output: &mut [i32],
) {
    let mut sums: [[__m512i; PANELS]; HEIGHT] = [[_mm512_setzero_si512(); PANELS]; HEIGHT];
    // SAFETY: row `row + r` of `left` has `2 × pairs` values, read two at a time at `2 pair`; panel
    // `panel + p` of `right` has `32 × pairs`, read 32 at a time at `32 pair`; vector `panel + p` of row
    // `row + r` of `output` has 16 values.
    unsafe {
        let left = left.as_ptr().add(row * 2 * pairs);
        let right = right.as_ptr().add(panel * pairs * 32);
        for pair in 0..pairs {
            let mut columns = [_mm512_setzero_si512(); PANELS];
            for (p, columns) in columns.iter_mut().enumerate() {
                *columns = _mm512_loadu_si512(right.add((p * pairs + pair) * 32).cast());
            }
            for (r, sums) in sums.iter_mut().enumerate() {
                let two = left
                    .add((r * pairs + pair) * 2)
                    .cast::<i32>()
                    .read_unaligned();
                let two = _mm512_set1_epi32(two);
                for p in 0..PANELS {
                    sums[p] = _mm512_dpwssd_epi32(sums[p], two, columns[p]);
                }
            }
        }
        for (r, sums) in sums.iter().enumerate() {
            for (p, &sum) in sums.iter().enumerate() {
                let target = output
                    .as_mut_ptr()
                    .add((row + r) * panels * 16 + (panel + p) * 16);
                _mm512_storeu_si512(target.cast(), sum);
            }
        }
    }
}
