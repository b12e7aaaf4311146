"""Writes a small random base and a model trained on it, and what the fp32 model makes of some inputs.

    python trunk_goldens.py

crates/encoder/tests/trunk/: base.bin (version 1), tagger.bin (version 2: shared lexicon, features, head) and
golden.json. The models are random: they show that the encoder reads the files as they are meant.
"""

import json
import pathlib

import numpy as np

import export
from reference import FEATURES, HEAD, Dimensions, Model

OUTPUT = pathlib.Path(__file__).parents[2] / "crates" / "encoder" / "tests" / "trunk"
PIECES = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", ".", ",", "-", *map(chr, range(97, 123)), *(f"##{chr(c)}" for c in range(97, 123))]
DIMENSIONS = Dimensions(layers=2, hidden=64, heads=2, ffn=96, vocabulary=len(PIECES), positions=40)
FEATURE_VALUES = 8
LABELS = ["O", "NAME", "ADDRESS: city", "PHONE"]
CALIBRATION, GOLDEN = 64, 24


def random_tensors(random, d):
    def matrix(rows, columns, spread=1.0):
        return (random.standard_normal((rows, columns)) * spread / np.sqrt(columns)).astype(np.float32)

    def norm(prefix):
        yield f"{prefix}.weight", (1 + 0.2 * random.standard_normal(d.hidden)).astype(np.float32)
        yield f"{prefix}.bias", (0.2 * random.standard_normal(d.hidden)).astype(np.float32)

    def linear(prefix, outputs, inputs):
        yield f"{prefix}.weight", matrix(outputs, inputs)
        yield f"{prefix}.bias", (0.1 * random.standard_normal(outputs)).astype(np.float32)

    e = "embeddings"
    yield f"{e}.word_embeddings.weight", matrix(d.vocabulary, d.hidden)
    yield f"{e}.position_embeddings.weight", matrix(d.positions, d.hidden, 0.3)
    yield f"{e}.token_type_embeddings.weight", matrix(2, d.hidden, 0.3)
    yield from norm(f"{e}.LayerNorm")
    for layer in range(d.layers):
        p = f"encoder.layer.{layer}"
        for part in ("query", "key", "value"):
            yield from linear(f"{p}.attention.self.{part}", d.hidden, d.hidden)
        yield from linear(f"{p}.attention.output.dense", d.hidden, d.hidden)
        yield from norm(f"{p}.attention.output.LayerNorm")
        yield from linear(f"{p}.intermediate.dense", d.ffn, d.hidden)
        yield from linear(f"{p}.output.dense", d.hidden, d.ffn)
        yield from norm(f"{p}.output.LayerNorm")
    yield FEATURES, matrix(FEATURE_VALUES, d.hidden)
    yield from linear(HEAD, len(LABELS), d.hidden)


def random_input(random, d, length):
    ids = [2, *random.integers(5, d.vocabulary, length - 2).tolist(), 3]
    return ids, [0, *random.integers(1, FEATURE_VALUES, length - 2).tolist(), 0]


def main():
    random = np.random.default_rng(20261125)
    base = dict(random_tensors(random, DIMENSIONS))
    # As fine-tuning does: all but the word embeddings move.
    trained = {
        name: tensor if "word_embeddings" in name else tensor + (0.05 * random.standard_normal(tensor.shape) * tensor.std()).astype(np.float32)
        for name, tensor in base.items()
    }
    base = {name: tensor for name, tensor in base.items() if name != FEATURES and not name.startswith(HEAD)}
    inputs = [random_input(random, DIMENSIONS, int(random.integers(2, DIMENSIONS.positions + 1))) for _ in range(CALIBRATION)]
    OUTPUT.mkdir(parents=True, exist_ok=True)

    base_model = Model(base, DIMENSIONS)
    tensors = export.make_tensors(base_model, export.calibrate(base_model, [(ids, None) for ids, _ in inputs]))
    tensors["vocabulary"] = np.frombuffer("\n".join(PIECES).encode(), dtype=np.uint8)
    export.write(OUTPUT / "base.bin", DIMENSIONS, tensors)

    model = Model(trained, DIMENSIONS)
    manifest = export.write_trunk(OUTPUT / "tagger.bin", model, inputs, LABELS, base=OUTPUT / "base.bin")
    rows = []
    for number in range(GOLDEN):
        ids, features = random_input(random, DIMENSIONS, 2 + number * (DIMENSIONS.positions - 2) // (GOLDEN - 1))
        rows.append({
            "ids": ids,
            "features": features,
            "classify": model.classify(ids, features).round(5).tolist(),
            "tag": model.tag(ids, features).round(5).reshape(-1).tolist(),
        })
    golden = {"sha256": manifest["sha256"], "labels": LABELS, "rows": rows}
    (OUTPUT / "golden.json").write_text(json.dumps(golden) + "\n")
    print(manifest["bytes"], "bytes")


if __name__ == "__main__":
    main()
