//! The two integer matrix products that carry the work, per instruction set.
//!
//! Both are exact, so every kernel gives the same bits. All float work around them is common code
//! (`forward`) in a fixed order without fused multiply-add, which each kernel compiles for its own
//! instruction set: whole encodings are bit-identical across kernels.
//!
//! There is no kernel for AMX yet: none was at hand to run one on. A processor with AMX has AVX-512 VNNI too
//! and uses that.
#![allow(
    clippy::inline_always,
    reason = "code that is not inlined into a kernel's entry is compiled without its instruction set"
)]

#[cfg(target_arch = "x86_64")]
pub(crate) mod avx2;
#[cfg(target_arch = "x86_64")]
pub(crate) mod avx512;
#[cfg(target_arch = "x86_64")]
pub(crate) mod avx_vnni;
pub(crate) mod portable;
#[cfg(target_arch = "x86_64")]
mod tiles;

/// An implementation of the encoder's inner loops.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kernel {
    /// Plain Rust, for any CPU.
    Portable,
    /// AVX2: Intel since Haswell, AMD since Zen.
    Avx2,
    /// AVX2 with AVX-VNNI: Intel's client processors since Alder Lake, AMD since Zen 5.
    AvxVnni,
    /// AVX-512 F, BW and VL with VNNI: Intel since Ice Lake (server), AMD since Zen 4.
    Avx512Vnni,
}

impl Kernel {
    /// Every kernel, the fastest last.
    pub const ALL: [Self; 4] = [Self::Portable, Self::Avx2, Self::AvxVnni, Self::Avx512Vnni];

    /// The fastest that this CPU runs.
    pub fn detect() -> Self {
        Self::ALL
            .into_iter()
            .rev()
            .find(|kernel| kernel.is_supported())
            .unwrap_or(Self::Portable)
    }

    /// Whether this CPU runs it.
    pub fn is_supported(self) -> bool {
        match self {
            Self::Portable => true,
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => avx2::Avx2::new().is_some(),
            #[cfg(target_arch = "x86_64")]
            Self::AvxVnni => avx_vnni::AvxVnni::new().is_some(),
            #[cfg(target_arch = "x86_64")]
            Self::Avx512Vnni => avx512::Avx512Vnni::new().is_some(),
            #[cfg(not(target_arch = "x86_64"))]
            Self::Avx2 | Self::AvxVnni | Self::Avx512Vnni => false,
        }
    }

    /// Short name, stable: `portable`, `avx2`, `avx-vnni`, `avx512-vnni`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Portable => "portable",
            Self::Avx2 => "avx2",
            Self::AvxVnni => "avx-vnni",
            Self::Avx512Vnni => "avx512-vnni",
        }
    }
}

impl std::fmt::Display for Kernel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// This CPU does not run the kernel that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this CPU does not run the kernel {0}")]
pub struct UnsupportedKernel(pub Kernel);

/// Output columns `columns` of a linear layer, ready for a product.
#[derive(Clone, Copy)]
pub(crate) struct Columns<'a> {
    /// Inputs; a multiple of 4.
    pub(crate) inputs: usize,
    /// s8 tiles `[outputs / 16][inputs / 4][16][4]`.
    pub(crate) tiles: &'a [u8],
    pub(crate) scale: &'a [f32],
    pub(crate) bias: &'a [f32],
    pub(crate) correction: &'a [i32],
}

impl Columns<'_> {
    pub(crate) fn outputs(&self) -> usize {
        self.scale.len()
    }

    /// What follows the exact sums of a row with `panel`, into the first 16 values of `output`.
    #[inline(always)]
    pub(crate) fn finish(
        &self,
        panel: usize,
        sums: &[i32; 16],
        row_scale: f32,
        output: &mut [f32],
    ) {
        // Arrays, so that it becomes straight vector code.
        let scale = &self.scale.as_chunks::<16>().0[panel];
        let bias = &self.bias.as_chunks::<16>().0[panel];
        let correction = &self.correction.as_chunks::<16>().0[panel];
        let mut values = [0.0; 16];
        for (column, value) in values.iter_mut().enumerate() {
            let exact = sums[column].wrapping_sub(correction[column]) as f32;
            *value = exact * row_scale * scale[column] + bias[column];
        }
        output[..16].copy_from_slice(&values);
    }

    /// Panics unless all the parts fit each other and the operands of [`Ops::linear`]: what the kernels'
    /// raw loads and stores rest on.
    pub(crate) fn check(&self, input: &[u8], row_scales: &[f32], output: &[f32], stride: usize) {
        let rows = row_scales.len();
        let outputs = self.outputs();
        assert!(self.inputs.is_multiple_of(4) && outputs.is_multiple_of(16));
        assert_eq!(self.tiles.len(), outputs * self.inputs);
        assert!(self.bias.len() == outputs && self.correction.len() == outputs);
        assert_eq!(input.len(), rows * self.inputs);
        assert!(stride >= outputs);
        assert!(rows == 0 || output.len() >= (rows - 1) * stride + outputs);
    }
}

/// The integer products.
pub(crate) trait Ops: Copy {
    /// `output[r][c] = ((Σ input[r][k] × weight[c][k]) - correction[c]) × row_scales[r] × scale[c] + bias[c]`,
    /// the sum exact in 32 bits, the rest in f32 in this order. Rows of `output` are `stride` apart.
    fn linear(
        self,
        columns: Columns<'_>,
        input: &[u8],
        row_scales: &[f32],
        output: &mut [f32],
        stride: usize,
    );

    /// `output[r][16 p + c] = Σ left[r][k] × right[p][k][c]`, exact in 32 bits (the caller sees to the
    /// head room). `left` has `rows` rows of `2 × pairs` values; `right` holds `panels` panels
    /// `[pairs][16][2]`; rows of `output` are `16 × panels` long.
    fn product(self, left: &[i16], right: &[i16], pairs: usize, panels: usize, output: &mut [i32]);
}

/// Panics unless the operands of [`Ops::product`] fit each other. Returns the number of rows.
pub(crate) fn check_product(
    left: &[i16],
    right: &[i16],
    pairs: usize,
    panels: usize,
    output: &[i32],
) -> usize {
    assert!(pairs > 0 && panels > 0);
    let rows = left.len() / (2 * pairs);
    assert_eq!(left.len(), rows * 2 * pairs);
    assert_eq!(right.len(), panels * pairs * 32);
    assert_eq!(output.len(), rows * panels * 16);
    rows
}

#[cfg(test)]
mod tests {
    //! Every kernel against scalar sums in 64 bits, on sizes that fill no tile evenly.

    use super::{portable::Portable, *};

    struct Random(u64);

    impl Random {
        fn next(&mut self) -> u64 {
            self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            z ^ (z >> 31)
        }

        fn bytes(&mut self, count: usize) -> Vec<u8> {
            (0..count).map(|_| self.next() as u8).collect()
        }

        fn float(&mut self) -> f32 {
            (self.next() % 2_000_001) as f32 * 1e-6 - 1.0
        }

        /// Magnitudes below `limit`, the limits themselves among them.
        fn fixed(&mut self, count: usize, limit: i32) -> Vec<i16> {
            (0..count)
                .map(|_| match self.next() % 8 {
                    0 => limit as i16,
                    1 => -limit as i16,
                    _ => ((self.next() % (2 * limit as u64 + 1)) as i32 - limit) as i16,
                })
                .collect()
        }
    }

    fn each_kernel(mut check: impl FnMut(&str, &dyn Products)) {
        for kernel in Kernel::ALL
            .into_iter()
            .filter(|kernel| kernel.is_supported())
        {
            check(kernel.name(), &*products(kernel));
        }
    }

    fn products(kernel: Kernel) -> Box<dyn Products> {
        match kernel {
            Kernel::Portable => Box::new(Portable),
            #[cfg(target_arch = "x86_64")]
            Kernel::Avx2 => Box::new(avx2::Avx2::new().unwrap()),
            #[cfg(target_arch = "x86_64")]
            Kernel::AvxVnni => Box::new(avx_vnni::AvxVnni::new().unwrap()),
            #[cfg(target_arch = "x86_64")]
            Kernel::Avx512Vnni => Box::new(avx512::Avx512Vnni::new().unwrap()),
            #[cfg(not(target_arch = "x86_64"))]
            kernel => unreachable!("{kernel}"),
        }
    }

    trait Products {
        fn linear(
            &self,
            columns: Columns<'_>,
            input: &[u8],
            row_scales: &[f32],
            output: &mut [f32],
            stride: usize,
        );
        fn product(
            &self,
            left: &[i16],
            right: &[i16],
            pairs: usize,
            panels: usize,
            output: &mut [i32],
        );
    }

    impl<T: Ops> Products for T {
        fn linear(
            &self,
            columns: Columns<'_>,
            input: &[u8],
            row_scales: &[f32],
            output: &mut [f32],
            stride: usize,
        ) {
            Ops::linear(*self, columns, input, row_scales, output, stride);
        }

        fn product(
            &self,
            left: &[i16],
            right: &[i16],
            pairs: usize,
            panels: usize,
            output: &mut [i32],
        ) {
            Ops::product(*self, left, right, pairs, panels, output);
        }
    }

    #[test]
    fn linear_is_the_scalar_sum() {
        let mut random = Random(1);
        for rows in [0, 1, 2, 3, 4, 5, 7, 8, 9, 11, 15, 16, 19, 33] {
            for (inputs, panels) in [
                (4, 1),
                (8, 2),
                (12, 3),
                (36, 4),
                (100, 5),
                (384, 6),
                (1536, 7),
            ] {
                let outputs = panels * 16;
                let stride = outputs + (rows % 3) * 5;
                // Some weights and inputs at the limits, to show an overflow.
                let mut tiles = random.bytes(outputs * inputs);
                let mut input = random.bytes(rows * inputs);
                tiles[..inputs].fill(0x80);
                input.iter_mut().take(inputs).for_each(|value| *value = 255);
                let scale: Vec<f32> = (0..outputs).map(|_| random.float()).collect();
                let bias: Vec<f32> = (0..outputs).map(|_| random.float()).collect();
                let correction: Vec<i32> =
                    (0..outputs).map(|_| random.next() as i32 >> 8).collect();
                let row_scales: Vec<f32> = (0..rows).map(|_| random.float()).collect();
                let columns = Columns {
                    inputs,
                    tiles: &tiles,
                    scale: &scale,
                    bias: &bias,
                    correction: &correction,
                };
                let mut expected = vec![7.0_f32; rows * stride];
                for row in 0..rows {
                    for output in 0..outputs {
                        let exact: i64 = (0..inputs)
                            .map(|k| {
                                let tile = output / 16 * inputs * 16
                                    + k / 4 * 64
                                    + output % 16 * 4
                                    + k % 4;
                                i64::from(input[row * inputs + k]) * i64::from(tiles[tile] as i8)
                            })
                            .sum();
                        let exact = (exact - i64::from(correction[output])) as i32 as f32;
                        expected[row * stride + output] =
                            exact * row_scales[row] * scale[output] + bias[output];
                    }
                }
                each_kernel(|name, kernel| {
                    let mut found = vec![7.0_f32; rows * stride];
                    kernel.linear(columns, &input, &row_scales, &mut found, stride);
                    let same = found
                        .iter()
                        .zip(&expected)
                        .all(|(a, b)| a.to_bits() == b.to_bits());
                    assert!(
                        same,
                        "{name}: {rows} rows, {inputs} inputs, {outputs} outputs"
                    );
                });
            }
        }
    }

    #[test]
    fn product_is_the_scalar_sum() {
        let mut random = Random(2);
        for rows in [0, 1, 7, 8, 9, 16, 23] {
            for pairs in [1, 2, 8, 16, 33, 256] {
                for panels in [1, 2, 3, 5, 32] {
                    // 512 products below 2^31: the largest that attention makes.
                    let left = random.fixed(rows * 2 * pairs, 2047);
                    let right = random.fixed(panels * pairs * 32, 2047);
                    let mut expected = vec![0_i32; rows * panels * 16];
                    for row in 0..rows {
                        for column in 0..panels * 16 {
                            let exact: i64 = (0..2 * pairs)
                                .map(|k| {
                                    let tile = (column / 16 * pairs + k / 2) * 32
                                        + column % 16 * 2
                                        + k % 2;
                                    i64::from(left[row * 2 * pairs + k]) * i64::from(right[tile])
                                })
                                .sum();
                            expected[row * panels * 16 + column] = i32::try_from(exact).unwrap();
                        }
                    }
                    each_kernel(|name, kernel| {
                        let mut found = vec![0_i32; expected.len()];
                        kernel.product(&left, &right, pairs, panels, &mut found);
                        assert!(
                            found == expected,
                            "{name}: {rows} rows, {pairs} pairs, {panels} panels"
                        );
                    });
                }
            }
        }
    }

    #[test]
    #[should_panic(expected = "assertion")]
    fn operands_that_do_not_fit_are_refused() {
        let columns = Columns {
            inputs: 4,
            tiles: &[0; 64],
            scale: &[0.0; 16],
            bias: &[0.0; 16],
            correction: &[0; 16],
        };
        let mut output = [0.0; 16];
        Ops::linear(Portable, columns, &[0; 8], &[1.0, 1.0], &mut output, 16);
    }

    #[test]
    fn the_kernel_in_use_is_supported() {
        assert!(Kernel::detect().is_supported());
    }
}
