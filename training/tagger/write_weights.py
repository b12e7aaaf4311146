"""Writes the tagger's weights, manifest, calibration and goldens.

    python write_weights.py WORK [--windows 160]

Reads `WORK/checkpoint.pt`. The activations are calibrated on windows of generated, authored and third-party
training rows; the goldens are authored rows of the project's own test set with the fp32 model's logits.
"""

import argparse
import json
import pathlib
import random
import sys

import numpy as np
import torch

from dataset import AUTHORED_UNKNOWN, TAGS, Sample, encode_rows, load_sources, real_epoch
from generate import generate
from model import Tagger
from train import authored, load_tokenizer, tensors

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "base"))
from export import write_trunk  # noqa: E402
from reference import Model  # noqa: E402

NAME = "tagger-l6-int8"
OUTPUT = HERE.parents[1] / "crates" / "models" / "weights" / NAME
GOLDEN = 16
SEED = 11


def load(work):
    saved = torch.load(work / "checkpoint.pt", map_location="cpu")
    assert saved["tags"] == TAGS
    model = Tagger(len(TAGS))
    model.load_state_dict(saved["model"])
    return model.eval(), saved


def calibration_inputs(tokenizer, count):
    """Windows like those to come; none of a test set."""
    from collections import Counter

    rng, counts = random.Random(SEED), Counter()
    samples = list(encode_rows(tokenizer, list(generate(4 * count, SEED)), (), 1.0, counts))
    samples += encode_rows(tokenizer, authored(18, 60), AUTHORED_UNKNOWN, 1.0, counts)
    for _, rows, unknown, weight in real_epoch(load_sources(set()), rng):
        samples += encode_rows(tokenizer, rng.sample(rows, min(20, len(rows))), unknown, weight, counts)
    return [(sample.ids, sample.classes) for sample in rng.sample(samples, count)]


def goldens(model, tokenizer):
    from collections import Counter

    rows = sorted(authored(0, 10), key=lambda row: row["text"])[:: max(1, len(authored(0, 10)) // GOLDEN)][:GOLDEN]
    golden = []
    for row in rows:
        windows: list[Sample] = list(encode_rows(tokenizer, [row], AUTHORED_UNKNOWN, 1.0, Counter()))
        if len(windows) > 1:
            continue
        ids, classes, _, lengths, _ = tensors(windows)
        with torch.no_grad():
            logits, _ = model(ids, classes, lengths)
        golden.append({
            "text": row["text"],
            "ids": windows[0].ids,
            "classes": windows[0].classes,
            "logits": np.round(logits[0].numpy(), 3).reshape(-1).tolist(),
        })
    return golden


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("work", type=pathlib.Path)
    parser.add_argument("--windows", type=int, default=160)
    options = parser.parse_args()
    model, saved = load(options.work)
    tokenizer = load_tokenizer()
    state = {name: tensor.numpy() for name, tensor in model.base_state().items()}
    OUTPUT.mkdir(parents=True, exist_ok=True)
    written = write_trunk(OUTPUT / "weights.bin", Model(state), calibration_inputs(tokenizer, options.windows), TAGS)
    manifest = {
        "name": NAME,
        "kind": "token-classification",
        "file": "weights.bin",
        "licence": "Apache-2.0",
        "base": "minilm-l6-int8",
        "made_by": "training/tagger/train.sh",
        "steps": saved["step"],
        "rows": {name: count for name, count in saved["counts"].items() if name.endswith(" rows")},
    } | written
    (OUTPUT / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n")
    (OUTPUT / "goldens").mkdir(exist_ok=True)
    golden = goldens(model, tokenizer)
    (OUTPUT / "goldens" / "golden.json").write_text(json.dumps({"content_sha256": written["content_sha256"], "rows": golden}, ensure_ascii=False) + "\n")
    print(manifest["bytes"], "bytes,", len(golden), "goldens")


if __name__ == "__main__":
    main()
