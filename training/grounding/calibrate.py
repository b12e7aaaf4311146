"""Fits what turns the product's logits into confidence, on authored rows held out of training.

    python calibrate.py --rows work/held_out.jsonl
    pretil eval --data work/held_out.jsonl --task grounding --scores work/grounding.jsonl
    pretil eval --data work/held_out.jsonl --task relevance --scores work/relevance.jsonl
    python calibrate.py --grounding work/grounding.jsonl --relevance work/relevance.jsonl --to …/calibration.json

A claim's value is its logit less a weight for each exact check that failed; an answer has the lowest of its
claims. The weights, none below 0, and a line (scale, offset) are fitted to the labels by log loss, both
classes weighing alike. Confidence is what that line says if PRIOR of the answers are good, which is what an
application sees; so 0.8 is where both classes are equally likely a priori, and a threshold of 0.7 or 0.85 lies
on either side of it. The languages are those whose answers were held out and measured.
"""

import argparse
import json
import math
import pathlib

import torch

import dataset
import pairs

PRIOR = 0.8
KINDS = ("numbers", "names", "negations", "quantifiers")
LANGUAGES = ["en", "es", "fr"]
UNSUPPORTED_WEIGHT = 0.3
MOST_FAILED = 2


def write_rows(path):
    rows = [row for row in dataset.authored_rows() if dataset.is_calibration(row["context"])]
    path.parent.mkdir(exist_ok=True)
    with path.open("w", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps({key: row[key] for key in ("context", "query", "lang", "answers")}, ensure_ascii=False) + "\n")
    print(len(rows), "queries,", sum(len(row["answers"]) for row in rows), "answers")


def balanced_loss(values, truth):
    weight = torch.where(truth == 1, 0.5 / truth.sum(), 0.5 / (1 - truth).sum())
    return torch.nn.functional.binary_cross_entropy_with_logits(values, truth, weight, reduction="sum")


def fitted(loss, parameters):
    optimiser = torch.optim.Adam(parameters, lr=0.03)
    for _ in range(1500):
        optimiser.zero_grad()
        loss().backward()
        optimiser.step()


def fit_grounding(lines):
    answers = [line for line in lines if line["claims"]]
    truth = torch.tensor([float(line["good"]) for line in answers])
    width = max(len(line["claims"]) for line in answers)
    logits = torch.full((len(answers), width), 50.0)
    failed = torch.zeros(len(answers), width, len(KINDS))
    for row, line in enumerate(answers):
        for place, claim in enumerate(line["claims"]):
            logits[row, place] = claim["logit"]
            failed[row, place] = torch.tensor([min(claim[kind], MOST_FAILED) for kind in KINDS], dtype=torch.float)
    weights = torch.full((len(KINDS),), 0.3, requires_grad=True)
    scale, offset = torch.tensor(1.0, requires_grad=True), torch.tensor(0.0, requires_grad=True)

    def values():
        return (logits - failed @ weights.clamp(min=0)).min(dim=1).values * scale.clamp(min=0.05) + offset

    fitted(lambda: balanced_loss(values(), truth), [weights, scale, offset])
    print("grounding: weights", dict(zip(KINDS, weights.clamp(min=0).tolist())), "scale", scale.item(), "offset", offset.item(), "loss", balanced_loss(values(), truth).item())
    return [round(w, 3) for w in weights.clamp(min=0).tolist()], max(scale.item(), 0.05), offset.item()


def fit_line(values, truth):
    scale, offset = torch.tensor(1.0, requires_grad=True), torch.tensor(0.0, requires_grad=True)
    fitted(lambda: balanced_loss(values * scale.clamp(min=0.05) + offset, truth), [scale, offset])
    print("relevance: scale", scale.item(), "offset", offset.item())
    return max(scale.item(), 0.05), offset.item()


def curve(scale, offset):
    """The line as points: logit and confidence, close enough for a straight line between them."""
    prior = math.log(PRIOR / (1 - PRIOR))
    points = [step / 2 for step in range(-16, 17)]
    return [[round((point - offset - prior) / scale, 4), round(1 / (1 + math.exp(-point)), 5)] for point in points]


def inverse(points, confidence):
    """The logit that a curve makes `confidence` of."""
    for (x0, y0), (x1, y1) in zip(points, points[1:]):
        if y0 <= confidence <= y1 and y1 > y0:
            return x0 + (confidence - y0) / (y1 - y0) * (x1 - x0)
    return points[0][0] if confidence < points[0][1] else points[-1][0]


def read(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=pathlib.Path, help="writes the held-out rows and stops")
    parser.add_argument("--grounding", type=pathlib.Path)
    parser.add_argument("--relevance", type=pathlib.Path)
    parser.add_argument("--to", type=pathlib.Path)
    arguments = parser.parse_args()
    if arguments.rows:
        write_rows(arguments.rows)
        return
    content = {
        "languages": LANGUAGES,
        "evidence_tokens": pairs.EVIDENCE_TOKENS,
        "claim_tokens": pairs.CLAIM_TOKENS,
        "query_tokens": pairs.QUERY_TOKENS,
        "answer_tokens": pairs.ANSWER_TOKENS,
        "overlap_tokens": 32,
        "support": {"grounded": 1.0, "unsupported": UNSUPPORTED_WEIGHT},
        "checks": dict.fromkeys(KINDS, 0.3),
        "grounded": curve(1.0, 0.0),
        "relevant": curve(1.0, 0.0),
    }
    if arguments.grounding and arguments.relevance:
        before = json.loads(arguments.to.read_text())
        weights, scale, offset = fit_grounding([line for line in read(arguments.grounding) if line["good"] is not None])
        content["checks"], content["grounded"] = dict(zip(KINDS, weights)), curve(scale, offset)
        lines = [line for line in read(arguments.relevance) if line["good"] is not None and line["score"] is not None]
        values = torch.tensor([inverse(before["relevant"], line["score"]) for line in lines])
        content["relevant"] = curve(*fit_line(values, torch.tensor([float(line["good"]) for line in lines])))
    arguments.to.parent.mkdir(parents=True, exist_ok=True)
    arguments.to.write_text(json.dumps(content) + "\n")


if __name__ == "__main__":
    main()
