"""Fits what turns logits into scores, and the bands, on the rows held out of training.

    python calibrate.py --from work/fourth --held-out work/held_out.jsonl --to …/calibration.json
    pretil eval --data work/held_out.jsonl --task content --scores work/content.jsonl (and --task attack)
    python calibrate.py --from work/fourth --scores work/content.jsonl --scores work/attack.jsonl --to …

The first fit is on the logits of the checkpoint. The second is on what the product itself says of the rows,
with int8 weights and all views; what it does not report (the kinds of prompt attack) stays as it was.

A score is `sigmoid(scale * logit + offset)` (Platt), fitted on the held-out rows that know the label.
The bands are scores on the benign mix: at most 0.1 % of its texts reach HIGH, 1 % MEDIUM, 5 % LOW.
The benign mix is every held-out text without a positive label from ordinary prompts, small talk,
documents and answers, and from the authored rows, most of which are near misses.
"""

import argparse
import json
import pathlib

import torch

import dataset
from scoring import load_model, logits
from train import OVERLAP, WINDOW

MIX = ("benign_", "arena_", "caia_", "chatterbot_", "authored/", "grounding/", "pii/")
SHARES = {"low": 0.05, "medium": 0.01, "high": 0.001}
# Fewer rows than this, and a direction takes the calibration of all rows.
FEWEST_BENIGN, FEWEST_POSITIVE = 1500, 60
RESPONSES = ("response", "conversation", "document")


def platt(values, truth):
    """Scale and offset with the least log loss, the two classes weighted alike."""
    scale, offset = torch.tensor(1.0, requires_grad=True), torch.tensor(0.0, requires_grad=True)
    weight = torch.where(truth == 1, 0.5 / truth.sum(), 0.5 / (1 - truth).sum())
    optimiser = torch.optim.LBFGS([scale, offset], max_iter=100, line_search_fn="strong_wolfe")

    def closure():
        optimiser.zero_grad()
        loss = torch.nn.functional.binary_cross_entropy_with_logits(values * scale + offset, truth, weight, reduction="sum")
        loss.backward()
        return loss

    optimiser.step(closure)
    return max(scale.item(), 0.05), offset.item()


def fit(scores, label, rows, chosen):
    known = [i for i in chosen if rows[i]["targets"][label] >= 0 and not scores[i, label].isnan()]
    values = scores[known, label]
    truth = torch.tensor([rows[i]["targets"][label] for i in known])
    scale, offset = platt(values, truth)
    benign = [i for i in known if 1.0 not in rows[i]["targets"] and rows[i]["source"].startswith(MIX)]
    calibrated = torch.sigmoid(scores[benign, label] * scale + offset)
    bands = {name: round(torch.quantile(calibrated, 1 - share, interpolation="higher").item() + 5e-7, 6) for name, share in SHARES.items()}
    return {"scale": round(scale, 6), "offset": round(offset, 6), "bands": bands}, len(benign), int(truth.sum())


def write(path, labels):
    content = {"labels": labels, "languages": dataset.MEASURED, "window_tokens": WINDOW, "overlap_tokens": OVERLAP}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=1) + "\n")


def write_held_out(path, rows):
    with path.open("w", encoding="utf-8") as file:
        for row in rows:
            labels = {label: int(value) for label, value in zip(dataset.LABELS[:6], row["targets"]) if value >= 0}
            role = row["role"] if row["role"] in ("prompt", "response") else "prompt"
            line = {"text": row["text"], "lang": row["lang"], "source": row["source"], "role": role, "labels": labels}
            file.write(json.dumps(line, ensure_ascii=False) + "\n")


def product_logits(paths, scores, rows, calibration):
    """Puts the product's logits, from the scores that `calibration` made of them, over those of the
    checkpoint; a row that it did not evaluate is NaN."""
    for path in paths:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
            found = json.loads(line)["scores"]
            for index, label in enumerate(dataset.LABELS[:6]):
                if label in found:
                    fitted = calibration[label]["response" if rows[number]["role"] == "response" else "prompt"]
                    value = found[label]
                    if value is None:
                        scores[number, index] = float("nan")
                        continue
                    logit = torch.logit(torch.tensor(value, dtype=torch.float64), eps=1e-7)
                    scores[number, index] = (logit - fitted["offset"]) / fitted["scale"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--from", dest="start", type=pathlib.Path, required=True)
    parser.add_argument("--to", type=pathlib.Path, required=True)
    parser.add_argument("--held-out", type=pathlib.Path)
    parser.add_argument("--scores", type=pathlib.Path, action="append", default=[])
    arguments = parser.parse_args()
    _, rows = dataset.load()
    if arguments.held_out:
        write_held_out(arguments.held_out, rows)
    # A copy: what was made in inference mode takes no changes.
    scores = logits(load_model(arguments.start), [row["text"] for row in rows]).clone()
    if arguments.scores:
        before = json.loads(arguments.to.read_text())["labels"]
        product_logits(arguments.scores, scores, rows, before)
    everything = range(len(rows))
    answers = [i for i in everything if rows[i]["role"] in RESPONSES]
    prompts = [i for i in everything if rows[i]["role"] not in RESPONSES]
    labels = {}
    for index, label in enumerate(dataset.LABELS):
        pooled, benign, positive = fit(scores, index, rows, everything)
        labels[label] = {}
        for name, chosen in (("prompt", prompts), ("response", answers)):
            own, own_benign, own_positive = fit(scores, index, rows, chosen)
            enough = own_benign >= FEWEST_BENIGN and own_positive >= FEWEST_POSITIVE
            labels[label][name] = own if enough else pooled
        print(label, "benign", benign, "positive", positive, labels[label]["prompt"])
    write(arguments.to, labels)


if __name__ == "__main__":
    main()
