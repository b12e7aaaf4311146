//! Plain Rust.
//!
//! What a compiler makes good vector code of on every common processor is a sum of products of two runs of
//! 16-bit values (`pmaddwd` on x86-64). So panels are laid out column by column, as 16-bit values, a block at
//! a time, and used for many rows.

use super::{Columns, Ops, check_product};

#[derive(Clone, Copy)]
pub(crate) struct Portable;

/// Inputs whose weights are laid out at once: 8 KiB for the 16 columns.
const BLOCK: usize = 256;

/// Rows that a block is used for.
const ROWS: usize = 64;

/// A part of a panel: a run of values for each column.
type Block = [[i16; BLOCK]; 16];

impl Ops for Portable {
    fn linear(
        self,
        columns: Columns<'_>,
        input: &[u8],
        row_scales: &[f32],
        output: &mut [f32],
        stride: usize,
    ) {
        columns.check(input, row_scales, output, stride);
        for (panel, tiles) in columns.tiles.chunks_exact(columns.inputs * 16).enumerate() {
            let parts = input
                .chunks(ROWS * columns.inputs)
                .zip(row_scales.chunks(ROWS))
                .zip(output.chunks_mut(ROWS * stride));
            for ((input, row_scales), output) in parts {
                let sums = dot_rows(input, tiles, columns.inputs);
                for ((sums, &row_scale), output) in
                    sums.iter().zip(row_scales).zip(output.chunks_mut(stride))
                {
                    columns.finish(panel, sums, row_scale, &mut output[panel * 16..]);
                }
            }
        }
    }

    fn product(self, left: &[i16], right: &[i16], pairs: usize, panels: usize, output: &mut [i32]) {
        check_product(left, right, pairs, panels, output);
        let mut block = [[0; BLOCK]; 16];
        output.fill(0);
        for (panel, tiles) in right.chunks_exact(32 * pairs).enumerate() {
            for (part, tiles) in tiles.chunks(BLOCK * 16).enumerate() {
                for (pair, tile) in tiles.as_chunks::<32>().0.iter().enumerate() {
                    put(&mut block, pair * 2, tile.as_chunks::<2>().0);
                }
                let range = part * BLOCK..part * BLOCK + tiles.len() / 16;
                for (left, output) in left
                    .chunks_exact(2 * pairs)
                    .zip(output.chunks_exact_mut(16 * panels))
                {
                    let sums = &mut output.as_chunks_mut::<16>().0[panel];
                    add_products(&left[range.clone()], &block, sums);
                }
            }
        }
    }
}

/// Sums of up to `ROWS` rows of `inputs` bytes with a panel.
fn dot_rows(rows: &[u8], tiles: &[u8], inputs: usize) -> [[i32; 16]; ROWS] {
    let mut sums = [[0; 16]; ROWS];
    let mut block = [[0; BLOCK]; 16];
    let mut values = [0; BLOCK];
    for (part, tiles) in tiles.chunks(BLOCK * 16).enumerate() {
        for (group, tile) in tiles.as_chunks::<64>().0.iter().enumerate() {
            let wide = tile.map(|byte| i16::from(byte as i8));
            put(&mut block, group * 4, wide.as_chunks::<4>().0);
        }
        let values = &mut values[..tiles.len() / 16];
        for (row, sums) in rows.chunks_exact(inputs).zip(&mut sums) {
            for (value, &byte) in values.iter_mut().zip(&row[part * BLOCK..]) {
                *value = i16::from(byte);
            }
            add_products(values, &block, sums);
        }
    }
    sums
}

/// Puts some values of each column into `block`, from `place` on.
fn put<const N: usize>(block: &mut Block, place: usize, columns: &[[i16; N]]) {
    for (run, values) in block.iter_mut().zip(columns) {
        run[place..place + N].copy_from_slice(values);
    }
}

/// Adds to each column's sum its products with `values`.
fn add_products(values: &[i16], block: &Block, sums: &mut [i32; 16]) {
    for (sum, run) in sums.iter_mut().zip(block) {
        *sum = sum.wrapping_add(dot(values, &run[..values.len()]));
    }
}

/// In chunks whose sums are taken whole: the form that becomes `pmaddwd`.
fn dot(a: &[i16], b: &[i16]) -> i32 {
    let (a, a_rest) = a.as_chunks::<32>();
    let (b, b_rest) = b.as_chunks::<32>();
    let sum = a
        .iter()
        .zip(b)
        .fold(0, |sum: i32, (a, b)| sum.wrapping_add(dot_chunk(a, b)));
    let (a, a_rest) = a_rest.as_chunks::<16>();
    let (b, b_rest) = b_rest.as_chunks::<16>();
    let sum = a
        .iter()
        .zip(b)
        .fold(sum, |sum, (a, b)| sum.wrapping_add(dot_chunk(a, b)));
    sum.wrapping_add(dot_chunk(a_rest, b_rest))
}

#[inline(always)]
fn dot_chunk(a: &[i16], b: &[i16]) -> i32 {
    a.iter().zip(b).fold(0, |sum: i32, (&a, &b)| {
        sum.wrapping_add(i32::from(a) * i32::from(b))
    })
}
