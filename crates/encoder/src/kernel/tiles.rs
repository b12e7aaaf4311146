//! Walks the products of [`Ops`](super::Ops) in tiles of some rows × one panel, for the kernels whose 16
//! vector registers hold no more.
#![allow(
    clippy::inline_always,
    reason = "code that is not inlined into a kernel's entry is compiled without its instruction set"
)]

use super::{Columns, check_product};

/// Integer sums of a tile.
pub(super) trait Tiles: Copy {
    /// Whether the registers hold the sums of six rows; else four.
    const SIX_ROWS: bool;

    /// `sums[r][c] = Σ rows[r][k] × tiles[k / 4][c][k % 4]`. `rows` holds `HEIGHT` rows, one after another,
    /// `tiles` a panel of [`Columns::tiles`].
    fn bytes<const HEIGHT: usize>(self, rows: &[u8], tiles: &[u8]) -> [[i32; 16]; HEIGHT];

    /// `sums[r][c] = Σ rows[r][k] × tiles[k / 2][c][k % 2]`, as [`Tiles::bytes`].
    fn pairs<const HEIGHT: usize>(self, rows: &[i16], tiles: &[i16]) -> [[i32; 16]; HEIGHT];
}

#[inline(always)]
pub(super) fn linear<Kernel: Tiles>(
    kernel: Kernel,
    columns: Columns<'_>,
    input: &[u8],
    row_scales: &[f32],
    output: &mut [f32],
    stride: usize,
) {
    columns.check(input, row_scales, output, stride);
    let rows = row_scales.len();
    for (panel, tiles) in columns.tiles.chunks_exact(columns.inputs * 16).enumerate() {
        let tile = Tile {
            kernel,
            columns,
            panel,
            tiles,
            input,
            row_scales,
            stride,
        };
        let mut row = 0;
        while row < rows {
            row += match rows - row {
                6.. if Kernel::SIX_ROWS => tile.linear::<6>(row, output),
                4.. => tile.linear::<4>(row, output),
                2.. => tile.linear::<2>(row, output),
                _ => tile.linear::<1>(row, output),
            };
        }
    }
}

struct Tile<'a, Kernel> {
    kernel: Kernel,
    columns: Columns<'a>,
    panel: usize,
    tiles: &'a [u8],
    input: &'a [u8],
    row_scales: &'a [f32],
    stride: usize,
}

impl<Kernel: Tiles> Tile<'_, Kernel> {
    /// Rows `row..row + HEIGHT` of the panel; returns their number.
    #[inline(always)]
    fn linear<const HEIGHT: usize>(&self, row: usize, output: &mut [f32]) -> usize {
        let inputs = self.columns.inputs;
        let values = &self.input[row * inputs..(row + HEIGHT) * inputs];
        let sums = self.kernel.bytes::<HEIGHT>(values, self.tiles);
        let row_scales = &self.row_scales[row..row + HEIGHT];
        for (r, (sums, &row_scale)) in sums.iter().zip(row_scales).enumerate() {
            let output = &mut output[(row + r) * self.stride + self.panel * 16..];
            self.columns.finish(self.panel, sums, row_scale, output);
        }
        HEIGHT
    }
}

#[inline(always)]
pub(super) fn product<Kernel: Tiles>(
    kernel: Kernel,
    left: &[i16],
    right: &[i16],
    pairs: usize,
    panels: usize,
    output: &mut [i32],
) {
    let rows = check_product(left, right, pairs, panels, output);
    for (panel, tiles) in right.chunks_exact(32 * pairs).enumerate() {
        let mut row = 0;
        while row < rows {
            let left = &left[row * 2 * pairs..];
            let output = &mut output[(row * panels + panel) * 16..];
            row += match rows - row {
                4.. => product_tile::<Kernel, 4>(kernel, left, tiles, panels, output),
                _ => product_tile::<Kernel, 1>(kernel, left, tiles, panels, output),
            };
        }
    }
}

/// The first `HEIGHT` rows of `left`; returns their number.
#[inline(always)]
fn product_tile<Kernel: Tiles, const HEIGHT: usize>(
    kernel: Kernel,
    left: &[i16],
    tiles: &[i16],
    panels: usize,
    output: &mut [i32],
) -> usize {
    let sums = kernel.pairs::<HEIGHT>(&left[..HEIGHT * tiles.len() / 16], tiles);
    for (r, sums) in sums.iter().enumerate() {
        output[r * panels * 16..][..16].copy_from_slice(sums);
    }
    HEIGHT
}
