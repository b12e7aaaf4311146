//! The forward pass, once for every kernel.
//!
//! Everything here is `#[inline(always)]`, so that each kernel compiles it for its own instruction set.
//! To give the same bits everywhere, float sums run in 16 lanes that are added up in one fixed order,
//! there is no fused multiply-add, and what can be an integer sum is one:
//! - linear layers: u8 × s8, one scale per token (`inference.md`: per-token dynamic scales);
//! - attention: queries, keys and values as 13-bit, 13-bit and 12-bit fixed point per head, the softmax's
//!   weights as 11-bit fixed point, so that both products and the softmax's own sum are exact.
//!
//! Texts are run one by one, depth first: the bits do not depend on what else is in a batch, and the
//! buffers of one text stay in the cache.
#![allow(
    clippy::inline_always,
    reason = "code that is not inlined into a kernel's entry is compiled without its instruction set"
)]

mod math;

pub(crate) use math::mean_unit;

use math::{
    add_norm, dot, gelu, largest_magnitude, quantise_fixed, quantise_gelu, quantise_symmetric,
    softmax_weights,
};

use crate::{
    Input,
    kernel::{Columns, Ops},
    weights::{HEAD_WIDTH, Head, Layer, Linear, Weights},
};

/// Rows of a weight product's tile: rows of attention go in steps of it.
const ROW_STEP: usize = 8;

/// Tokens whose inner feed-forward activations are held at once (32 × 1536 × 4 bytes fit the L2 cache).
const FFN_ROWS: usize = 32;

/// Largest magnitude of a query's or key's fixed-point value: 32 products of 4095² stay below 2^30, so
/// differences of two scores fit 32 bits.
const QUERY_LIMIT: f32 = 4095.0;

/// Largest magnitude of a value's fixed-point value: 512 products with weights up to 2047 fit 32 bits.
const VALUE_LIMIT: f32 = 2047.0;

/// Buffers of a forward pass, kept from text to text. Grows to what the longest text needs (about 3 MB
/// for 512 tokens) and belongs to one thread at a time.
#[derive(Clone, Default)]
pub struct Scratch {
    /// Hidden state, tokens × hidden.
    hidden: Vec<f32>,
    /// Output of the attention or of a feed-forward layer, tokens × hidden.
    update: Vec<f32>,
    /// Quantised input of a linear layer.
    quantised: Vec<u8>,
    row_scales: Vec<f32>,
    /// Query, key and value of one head, tokens × 96.
    head: Vec<f32>,
    queries: Vec<i16>,
    keys: Vec<i16>,
    values: Vec<i16>,
    scores: Vec<i32>,
    weights: Vec<i16>,
    context: Vec<i32>,
    /// Inner feed-forward activations, `FFN_ROWS` × ffn.
    inner: Vec<f32>,
    inner_quantised: Vec<u8>,
    inner_scales: Vec<f32>,
    /// Output of the head: a row, or a row for each token.
    logits: Vec<f32>,
}

impl std::fmt::Debug for Scratch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Scratch").finish_non_exhaustive()
    }
}

impl Scratch {
    /// Empty: the first text fills it.
    pub fn new() -> Self {
        Self::default()
    }

    /// Hidden state of the last text, tokens × hidden.
    pub(crate) fn hidden(&self) -> &[f32] {
        &self.hidden
    }

    /// Logits of the last text.
    pub(crate) fn logits(&self) -> &[f32] {
        &self.logits
    }

    fn resize(&mut self, weights: &Weights, tokens: usize) {
        let hidden = weights.dimensions.hidden;
        let ffn = weights.dimensions.ffn;
        let padded = tokens.next_multiple_of(16);
        self.hidden.resize(tokens * hidden, 0.0);
        self.update.resize(tokens * hidden, 0.0);
        self.quantised.resize(tokens * hidden, 0);
        self.row_scales.resize(tokens, 0.0);
        self.head.resize(tokens * 3 * HEAD_WIDTH, 0.0);
        self.queries.resize(padded * HEAD_WIDTH, 0);
        self.keys.resize(padded * HEAD_WIDTH, 0);
        self.values.resize(padded * HEAD_WIDTH, 0);
        self.scores.resize(ROW_STEP * padded, 0);
        self.weights.resize(ROW_STEP * padded, 0);
        self.context.resize(ROW_STEP * HEAD_WIDTH, 0);
        self.inner.resize(FFN_ROWS * ffn, 0.0);
        self.inner_quantised.resize(FFN_ROWS * ffn, 0);
        self.inner_scales.resize(FFN_ROWS, 0.0);
    }
}

/// What is made of the last hidden state.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Readout {
    /// Nothing.
    Hidden,
    /// The head on the mean over all tokens.
    Mean,
    /// The head on each token.
    EachToken,
}

/// One text through all layers. The ids are in the vocabulary, and no more than there are positions; there
/// are features just where the weights have a table for them, one of its rows for each id.
pub(crate) struct Pass<'a> {
    pub(crate) weights: &'a Weights,
    pub(crate) input: Input<'a>,
    pub(crate) readout: Readout,
    pub(crate) scratch: &'a mut Scratch,
}

impl Pass<'_> {
    #[inline(always)]
    pub(crate) fn run(self, kernel: impl Ops) {
        let Self {
            weights,
            input,
            readout,
            scratch,
        } = self;
        scratch.resize(weights, input.ids.len());
        embed(weights, input, scratch);
        for layer in &weights.layers {
            attention(kernel, weights, layer, scratch);
            feed_forward(kernel, weights, layer, scratch);
        }
        if let Some(head) = &weights.head {
            read_out(head, readout, weights.dimensions.hidden, scratch);
        }
    }
}

#[inline(always)]
fn embed(weights: &Weights, input: Input<'_>, scratch: &mut Scratch) {
    let width = weights.dimensions.hidden;
    let Scratch { hidden, update, .. } = scratch;
    for (position, (&id, (hidden, update))) in input
        .ids
        .iter()
        .zip(
            hidden
                .chunks_exact_mut(width)
                .zip(update.chunks_exact_mut(width)),
        )
        .enumerate()
    {
        write_row(hidden, weights.lexicon.word(id as usize));
        write_row(update, weights.position(position));
        let feature = input.features.map(|features| features[position]);
        if let Some(row) = feature.and_then(|value| weights.feature(value)) {
            add_row(update, row);
        }
        add_norm(hidden, update, &weights.embedding_norm);
    }
}

#[inline(always)]
fn write_row(target: &mut [f32], (row, scale): (&[u8], f32)) {
    for (target, &value) in target.iter_mut().zip(row) {
        *target = f32::from(value as i8) * scale;
    }
}

#[inline(always)]
fn add_row(target: &mut [f32], (row, scale): (&[u8], f32)) {
    for (target, &value) in target.iter_mut().zip(row) {
        *target += f32::from(value as i8) * scale;
    }
}

/// Logits of `readout` into `scratch.logits`.
#[inline(always)]
fn read_out(head: &Head, readout: Readout, width: usize, scratch: &mut Scratch) {
    let Scratch {
        hidden,
        update,
        logits,
        ..
    } = scratch;
    let rows = match readout {
        Readout::Hidden => return,
        Readout::Mean => {
            let mean = &mut update[..width];
            math::mean(hidden, mean);
            &*mean
        }
        Readout::EachToken => hidden,
    };
    logits.clear();
    for row in rows.chunks_exact(width) {
        for (weight, bias) in head.weight.chunks_exact(width).zip(&head.bias) {
            logits.push(dot(row, weight) + bias);
        }
    }
}

#[inline(always)]
fn attention(kernel: impl Ops, weights: &Weights, layer: &Layer, scratch: &mut Scratch) {
    let width = weights.dimensions.hidden;
    quantise_rows(
        &scratch.hidden,
        width,
        &layer.qkv.smoothing,
        &mut scratch.quantised,
        &mut scratch.row_scales,
    );
    for head in 0..weights.dimensions.heads {
        let columns = columns(weights, &layer.qkv, head * 3 * HEAD_WIDTH, 3 * HEAD_WIDTH);
        kernel.linear(
            columns,
            &scratch.quantised,
            &scratch.row_scales,
            &mut scratch.head,
            3 * HEAD_WIDTH,
        );
        attend(kernel, scratch, head * HEAD_WIDTH, width);
    }
    // The attention's result is in `update`; the input of the layer stays in `hidden`.
    quantise_rows(
        &scratch.update,
        width,
        &[],
        &mut scratch.quantised,
        &mut scratch.row_scales,
    );
    let all = columns(weights, &layer.output, 0, width);
    kernel.linear(
        all,
        &scratch.quantised,
        &scratch.row_scales,
        &mut scratch.update,
        width,
    );
    for (hidden, update) in scratch
        .hidden
        .chunks_exact_mut(width)
        .zip(scratch.update.chunks_exact(width))
    {
        add_norm(hidden, update, &layer.norm1);
    }
}

#[inline(always)]
fn feed_forward(kernel: impl Ops, weights: &Weights, layer: &Layer, scratch: &mut Scratch) {
    let width = weights.dimensions.hidden;
    let ffn = weights.dimensions.ffn;
    let Scratch {
        hidden,
        update,
        quantised,
        row_scales,
        inner,
        inner_quantised,
        inner_scales,
        ..
    } = scratch;
    quantise_rows(hidden, width, &layer.ffn1.smoothing, quantised, row_scales);
    let blocks = quantised
        .chunks(FFN_ROWS * width)
        .zip(row_scales.chunks(FFN_ROWS))
        .zip(
            hidden
                .chunks_mut(FFN_ROWS * width)
                .zip(update.chunks_mut(FFN_ROWS * width)),
        );
    for ((quantised, row_scales), (hidden, update)) in blocks {
        let rows = row_scales.len();
        let inner = &mut inner[..rows * ffn];
        let inner_quantised = &mut inner_quantised[..rows * ffn];
        let inner_scales = &mut inner_scales[..rows];
        kernel.linear(
            columns(weights, &layer.ffn1, 0, ffn),
            quantised,
            row_scales,
            inner,
            ffn,
        );
        for ((inner, quantised), scale) in inner
            .chunks_exact_mut(ffn)
            .zip(inner_quantised.chunks_exact_mut(ffn))
            .zip(inner_scales.iter_mut())
        {
            let largest = gelu(inner);
            *scale = quantise_gelu(inner, largest, quantised);
        }
        kernel.linear(
            columns(weights, &layer.ffn2, 0, width),
            inner_quantised,
            inner_scales,
            update,
            width,
        );
        for (hidden, update) in hidden
            .chunks_exact_mut(width)
            .zip(update.chunks_exact(width))
        {
            add_norm(hidden, update, &layer.norm2);
        }
    }
}

#[inline(always)]
fn columns<'a>(
    weights: &'a Weights,
    linear: &'a Linear,
    first: usize,
    count: usize,
) -> Columns<'a> {
    debug_assert!(first + count <= linear.outputs);
    let range = first..first + count;
    Columns {
        inputs: linear.inputs,
        tiles: &weights.tiles(linear)[first * linear.inputs..(first + count) * linear.inputs],
        scale: &linear.scale[range.clone()],
        bias: &linear.bias[range.clone()],
        correction: &linear.correction[range],
    }
}

#[inline(always)]
fn quantise_rows(
    values: &[f32],
    width: usize,
    smoothing: &[f32],
    quantised: &mut [u8],
    scales: &mut [f32],
) {
    for ((values, quantised), scale) in values
        .chunks_exact(width)
        .zip(quantised.chunks_exact_mut(width))
        .zip(scales.iter_mut())
    {
        *scale = quantise_symmetric(values, smoothing, quantised);
    }
}

/// Attention of one head, from `scratch.head` into the columns `first..` of `scratch.update`.
#[inline(always)]
fn attend(kernel: impl Ops, scratch: &mut Scratch, first: usize, width: usize) {
    let Scratch {
        update,
        head,
        queries,
        keys,
        values,
        scores,
        weights,
        context,
        ..
    } = scratch;
    let tokens = head.len() / (3 * HEAD_WIDTH);
    let padded = tokens.next_multiple_of(16);
    let [query_scale, key_scale, value_scale] = pack_head(head, queries, keys, values);
    let score_scale = query_scale * key_scale;
    let panels = padded / 16;
    let blocks = queries
        .chunks_exact(ROW_STEP * HEAD_WIDTH)
        .zip(update.chunks_mut(ROW_STEP * width));
    for (queries, update) in blocks {
        kernel.product(queries, keys, HEAD_WIDTH / 2, panels, scores);
        let mut shares = [0.0_f32; ROW_STEP];
        for ((scores, weights), share) in scores
            .chunks_exact(padded)
            .zip(weights.chunks_exact_mut(padded))
            .zip(&mut shares)
        {
            let sum = softmax_weights(scores, tokens, score_scale, weights);
            *share = value_scale / sum as f32;
        }
        kernel.product(weights, values, padded / 2, HEAD_WIDTH / 16, context);
        for ((context, update), share) in context
            .chunks_exact(HEAD_WIDTH)
            .zip(update.chunks_exact_mut(width))
            .zip(shares)
        {
            for (target, &sum) in update[first..first + HEAD_WIDTH].iter_mut().zip(context) {
                *target = sum as f32 * share;
            }
        }
    }
}

/// Puts a head's queries, keys and values into fixed point and into the layouts of
/// [`Ops::product`]; returns their scales.
#[inline(always)]
fn pack_head(head: &[f32], queries: &mut [i16], keys: &mut [i16], values: &mut [i16]) -> [f32; 3] {
    let largest = largest_per_part(head);
    let limits = [QUERY_LIMIT, QUERY_LIMIT, VALUE_LIMIT];
    let mut scales = [0.0; 3];
    let mut inverses = [0.0; 3];
    for part in 0..3 {
        scales[part] = largest[part] / limits[part];
        inverses[part] = if largest[part] > 0.0 {
            limits[part] / largest[part]
        } else {
            0.0
        };
    }
    let tokens = head.len() / (3 * HEAD_WIDTH);
    let padded = queries.len() / HEAD_WIDTH;
    for (token, row) in head.chunks_exact(3 * HEAD_WIDTH).enumerate() {
        let query = quantise_fixed(&row[..HEAD_WIDTH], inverses[0]);
        queries[token * HEAD_WIDTH..(token + 1) * HEAD_WIDTH].copy_from_slice(&query);
        let key = quantise_fixed(&row[HEAD_WIDTH..2 * HEAD_WIDTH], inverses[1]);
        put_key(keys, token, key);
        let value = quantise_fixed(&row[2 * HEAD_WIDTH..], inverses[2]);
        put_value(values, token, padded, value);
    }
    for token in tokens..padded {
        queries[token * HEAD_WIDTH..(token + 1) * HEAD_WIDTH].fill(0);
        put_key(keys, token, [0; HEAD_WIDTH]);
        put_value(values, token, padded, [0; HEAD_WIDTH]);
    }
    scales
}

#[inline(always)]
fn largest_per_part(head: &[f32]) -> [f32; 3] {
    let mut largest = [0.0_f32; 3];
    for row in head.chunks_exact(3 * HEAD_WIDTH) {
        for (part, largest) in largest.iter_mut().enumerate() {
            let seen = largest_magnitude(&row[part * HEAD_WIDTH..(part + 1) * HEAD_WIDTH]);
            *largest = if seen > *largest { seen } else { *largest };
        }
    }
    largest
}

/// Keys are panels of 16 tokens: `[tokens / 16][16 pairs][16 tokens][2]`.
#[inline(always)]
fn put_key(keys: &mut [i16], token: usize, key: [i16; HEAD_WIDTH]) {
    let panel = &mut keys[token / 16 * 16 * HEAD_WIDTH..][..16 * HEAD_WIDTH];
    let column = token % 16;
    for (pair, tile) in key
        .as_chunks::<2>()
        .0
        .iter()
        .zip(panel.as_chunks_mut::<32>().0)
    {
        tile[2 * column..2 * column + 2].copy_from_slice(pair);
    }
}

/// Values are two panels of 16 columns: `[2][padded / 2][16 columns][2 tokens]`.
#[inline(always)]
fn put_value(values: &mut [i16], token: usize, padded: usize, value: [i16; HEAD_WIDTH]) {
    for (panel, value) in value.as_chunks::<16>().0.iter().enumerate() {
        let tile = &mut values[panel * padded * 16 + token / 2 * 32..][..32];
        for (pair, &value) in tile.as_chunks_mut::<2>().0.iter_mut().zip(value) {
            pair[token % 2] = value;
        }
    }
}
