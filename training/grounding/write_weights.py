"""Writes the judge's int8 weights, manifest and goldens.

    python write_weights.py --from work/second [--to DIRECTORY]

The activations are calibrated on training examples; the goldens are authored rows of the project's own test
set with the fp32 model's logits. `calibration.json` beside them is made by `calibrate.py`.
"""

import argparse
import json
import pathlib
import random
import sys

import numpy as np
import torch

import dataset
import pairs
from evidence import Source
from model import Judge
from pairs import Reading
from train import encoded

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "base"))
from export import write_trunk  # noqa: E402
from reference import Model, load_tokenizer  # noqa: E402

NAME = "grounding-l6-int8"
OUTPUT = HERE.parents[1] / "crates" / "models" / "weights" / NAME
GOLDENS = 24
CALIBRATION_INPUTS = 240
SEED = 3


def load(work):
    model = Judge()
    model.load_state_dict(torch.load(work / "model.pt", weights_only=True))
    return model.eval()


def inputs(tokenizer):
    chooser = random.Random(SEED)
    examples = dataset.epoch(SEED, 0.05)
    items = encoded(chooser.sample(examples, min(len(examples), 4 * CALIBRATION_INPUTS)), tokenizer, SEED)
    return [(item[0], item[1]) for item in chooser.sample(items, CALIBRATION_INPUTS)]


@torch.no_grad()
def logits(model, ids, features):
    values, _ = model(torch.tensor([ids]), torch.tensor([features]), torch.tensor([len(ids)]))
    return values[0].numpy()


def goldens(model, tokenizer, extra):
    rows = sorted((row for row in dataset.authored_rows(extra) if dataset.held_out(row["context"])), key=lambda row: row["context"])
    chooser, golden = random.Random(SEED), []
    for row in chooser.sample(rows, min(len(rows), GOLDENS)):
        answer = chooser.choice(row["answers"])
        query, claim = Reading(row["query"], tokenizer), Reading(answer["text"], tokenizer)
        if len(golden) % 3 == 2:
            ids, features = pairs.relevance(query, claim)
            item = {"kind": "relevance", "query": row["query"], "answer": answer["text"]}
        elif len(claim.ids) <= pairs.CLAIM_TOKENS:
            evidence = Source(row["context"], tokenizer).evidence(claim, query)
            ids, features, _ = pairs.support(Reading(evidence, tokenizer), query, claim)
            item = {"kind": "support", "evidence": evidence, "query": row["query"], "claim": answer["text"]}
        else:
            continue
        values = np.round(logits(model, ids, features), 3)
        golden.append(item | {"ids": ids, "features": features, "first_logits": values[0].tolist(), "unsupported": values[:, pairs.UNSUPPORTED].tolist()})
    return golden


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--from", dest="start", type=pathlib.Path, required=True)
    parser.add_argument("--to", type=pathlib.Path, default=OUTPUT)
    parser.add_argument("--extra", nargs="*", default=[])
    arguments = parser.parse_args()
    tokenizer, model = load_tokenizer(), load(arguments.start)
    state = {name: tensor.numpy() for name, tensor in model.base_state().items()}
    arguments.to.mkdir(parents=True, exist_ok=True)
    written = write_trunk(arguments.to / "weights.bin", Model(state), inputs(tokenizer), pairs.LABELS)
    manifest = {
        "name": NAME,
        "kind": "judge of pairs: support of a claim, relevance of an answer",
        "file": "weights.bin",
        "licence": "Apache-2.0",
        "source": {"base": "minilm-l6-int8", "data": "training/data/sources.csv, training/data/authored"},
        "made_by": "training/grounding/train.sh",
    } | written
    (arguments.to / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n")
    golden = goldens(model, tokenizer, arguments.extra)
    (arguments.to / "goldens.json").write_text(json.dumps({"content_sha256": written["content_sha256"], "pairs": golden}, ensure_ascii=False) + "\n")
    print(manifest["bytes"], "bytes,", len(golden), "goldens")


if __name__ == "__main__":
    main()
