//! The two integer matrix products that carry the work, per instruction set.
//!
//! Both are exact, so every kernel gives the same bits. All float work around them is common code
//! (`forward`) in a fixed order without fused multiply-add, which each kernel compiles for its own
//! instruction set: whole encodings are bit-identical across kernels.

#[cfg(target_arch = "x86_64")]
pub(crate) mod avx512;
pub(crate) mod portable;

/// An implementation of the encoder's inner loops.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kernel {
    /// Plain Rust, for any CPU.
    Portable,
    /// AVX-512 F, BW and VL with VNNI: Intel since Ice Lake (server), AMD since Zen 4.
    Avx512Vnni,
}

impl Kernel {
    /// Every kernel, the fastest last.
    pub const ALL: [Self; 2] = [Self::Portable, Self::Avx512Vnni];

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
            Self::Avx512Vnni => avx512::Avx512Vnni::new().is_some(),
            #[cfg(not(target_arch = "x86_64"))]
            Self::Avx512Vnni => false,
        }
    }

    /// Short name, stable: `portable`, `avx512-vnni`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Portable => "portable",
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
