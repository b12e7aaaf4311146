//! Plain Rust.

use super::{Columns, Ops, check_product};

#[derive(Clone, Copy)]
pub(crate) struct Portable;

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
        let panel_bytes = columns.inputs * 16;
        for (panel, tiles) in columns.tiles.chunks_exact(panel_bytes).enumerate() {
            let first = panel * 16;
            let range = first..first + 16;
            for (row, (values, &row_scale)) in input
                .chunks_exact(columns.inputs)
                .zip(row_scales)
                .enumerate()
            {
                let sums = dot_panel(values, tiles);
                let output = &mut output[row * stride + first..][..16];
                for (column, index) in range.clone().enumerate() {
                    let exact = sums[column].wrapping_sub(columns.correction[index]) as f32;
                    output[column] = exact * row_scale * columns.scale[index] + columns.bias[index];
                }
            }
        }
    }

    fn product(self, left: &[i16], right: &[i16], pairs: usize, panels: usize, output: &mut [i32]) {
        check_product(left, right, pairs, panels, output);
        for (left, output) in left
            .chunks_exact(2 * pairs)
            .zip(output.chunks_exact_mut(16 * panels))
        {
            for (panel, output) in right
                .chunks_exact(32 * pairs)
                .zip(output.as_chunks_mut::<16>().0)
            {
                let mut sums = [0_i32; 16];
                for (pair, tile) in left
                    .as_chunks::<2>()
                    .0
                    .iter()
                    .zip(panel.as_chunks::<32>().0)
                {
                    for (sum, weights) in sums.iter_mut().zip(tile.as_chunks::<2>().0) {
                        let products = i32::from(pair[0]) * i32::from(weights[0])
                            + i32::from(pair[1]) * i32::from(weights[1]);
                        *sum = sum.wrapping_add(products);
                    }
                }
                *output = sums;
            }
        }
    }
}

fn dot_panel(values: &[u8], tiles: &[u8]) -> [i32; 16] {
    let mut sums = [0_i32; 16];
    for (values, tile) in values
        .as_chunks::<4>()
        .0
        .iter()
        .zip(tiles.as_chunks::<64>().0)
    {
        let values = values.map(i32::from);
        for (sum, weights) in sums.iter_mut().zip(tile.as_chunks::<4>().0) {
            let weights = weights.map(|byte| i32::from(byte as i8));
            *sum += values[0] * weights[0]
                + values[1] * weights[1]
                + values[2] * weights[2]
                + values[3] * weights[3];
        }
    }
    sums
}
