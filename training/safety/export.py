"""Writes the trained classifier as the product reads it: int8 weights, calibration, manifest, goldens.

    python export.py --from work/second
"""

import argparse
import json
import pathlib
import random
import sys

import numpy as np

import dataset
from scoring import load_model, logits

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "base"))
import export as base_export  # noqa: E402
from reference import Model, encode, load_tokenizer  # noqa: E402

NAME = "content-l6-int8"
OUTPUT = HERE / ".." / ".." / "crates" / "models" / "weights" / NAME
CALIBRATION_TEXTS = 200
GOLDENS = 40


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--from", dest="start", type=pathlib.Path, required=True)
    parser.add_argument("--to", type=pathlib.Path, default=OUTPUT)
    arguments = parser.parse_args()
    output = arguments.to
    trained = load_model(arguments.start)
    tensors = {name: tensor.numpy() for name, tensor in trained.base_state().items()}
    model = Model(tensors)
    _, held_out = dataset.load()
    texts = [row["text"] for row in random.Random(0).sample(held_out, CALIBRATION_TEXTS)]
    tokenizer = load_tokenizer()
    inputs = [(encode(tokenizer, text, 128), None) for text in texts]
    output.mkdir(parents=True, exist_ok=True)
    written = base_export.write_trunk(output / "weights.bin", model, inputs, dataset.LABELS)
    manifest = {
        "name": NAME,
        "kind": "multi-label text classification",
        "file": "weights.bin",
        "licence": "Apache-2.0",
        "source": {"base": "minilm-l6-int8", "data": "training/data/sources.csv, training/data/authored"},
        "made_by": "training/safety/train.sh",
        "pooling": "mean over all tokens",
        **written,
    }
    (output / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n")
    # Goldens are authored rows: third-party text is not committed.
    own = [row for row in held_out if row["source"].startswith("authored/") and len(row["text"]) < 300]
    own = random.Random(1).sample(own, GOLDENS)
    scores = logits(trained, [row["text"] for row in own], precise=True).numpy()
    goldens = [{"text": row["text"], "logits": [round(float(value), 4) for value in line]} for row, line in zip(own, scores)]
    (output / "goldens.json").write_text(json.dumps({"labels": dataset.LABELS, "rows": goldens}, ensure_ascii=False, indent=1) + "\n")
    print(written["bytes"], written["sha256"], np.abs(scores).max())


if __name__ == "__main__":
    main()
