"""The fp32 judge on labelled rows, before anything is exported: by claim and by answer.

    python measure.py --from work/second [--rows 400] [SET ...]

Sets are files of `grounding/train` or `grounding/eval`, or `authored` (the contexts that the calibration is
fitted on). A quick look beside training; the committed figures come from `pretil eval`.
"""

import argparse
import pathlib
import random

import numpy as np
import torch

import dataset
import pairs
from evidence import sentences
from write_weights import load
from pairs import Reading
from reference import load_tokenizer
from rows import DATA, read
from train import Encoder, batches, tensors


@torch.no_grad()
def first_logits(model, items):
    """(kind's logit at [CLS], largest UNSUPPORTED among the claim's tokens) of each item."""
    numbered = [(*item[:2], item[2], index, 0.0, 0.0) for index, item in enumerate(items)]
    out = np.zeros((len(items), 2))
    for batch in batches(numbered, 0):
        ids, features, lengths, targets, numbers, *_ = tensors(batch)
        with torch.autocast("cpu", torch.bfloat16):
            logits, _ = model(ids, features, lengths)
        logits = logits.float()
        for row, number in enumerate(numbers.tolist()):
            kind = items[number][3]
            inside = targets[row] >= 0
            worst = logits[row, :, pairs.UNSUPPORTED][inside].max().item() if bool(inside.any()) else 0.0
            out[number] = logits[row, 0, kind].item(), worst
    return out


def rows_of(name, count, extra):
    if name == "authored":
        rows = []
        for row in dataset.authored_rows(extra):
            if dataset.is_calibration(row["context"]):
                for answer in row["answers"]:
                    rows.append({"context": row["context"], "query": row["query"], "response": answer["text"], "grounded": answer["grounded"], "relevant": answer["relevant"], "lang": row["lang"], "error": answer.get("error")})
        return rows
    for part in ("train", "eval"):
        path = DATA / "grounding" / part / f"{name}.jsonl.gz"
        if path.exists():
            rows = read(path)
            return random.Random(0).sample(rows, min(len(rows), count))
    raise SystemExit(f"no set {name}")


def auroc(labels, scores):
    labels, scores = np.array(labels), np.array(scores)
    order = scores.argsort().argsort() + 1
    good = labels == 1
    return (order[good].sum() - good.sum() * (good.sum() + 1) / 2) / max(1, good.sum() * (~good).sum())


def best_balanced(labels, scores):
    labels, scores = np.array(labels), np.array(scores)
    return max((((scores >= t) & (labels == 1)).sum() / (labels == 1).sum() + ((scores < t) & (labels == 0)).sum() / (labels == 0).sum()) / 2 for t in np.quantile(scores, np.linspace(0, 1, 101)))


def stopped(labels, scores, lost=0.1):
    labels, scores = np.array(labels), np.array(scores)
    return (scores[labels == 0] < np.quantile(scores[labels == 1], lost)).mean()


def report(name, labels, scores):
    if 0 < sum(labels) < len(labels):
        print(f"{name:40} {len(labels):5} auroc {auroc(labels, scores):.3f} best balanced {best_balanced(labels, scores):.3f} stopped at 10% lost {stopped(labels, scores):.3f}", flush=True)


def score(model, rows, tokenizer):
    """Per row: (support logit, worst word) of its weakest claim, and the relevance logit."""
    encoder, items, of = Encoder(tokenizer), [], []
    for number, row in enumerate(rows):
        if row.get("grounded") is not None and row["context"]:
            response = row["response"]
            parts = [response[a:b].strip() for a, b in sentences(response)] or [response]
            for text in parts:
                example = dataset.Example("support", row["context"], row.get("query") or "", text, 0, (), 1.0, "")
                item = encoder.support(example, example.query)
                if item:
                    items.append((*item, pairs.GROUNDED))
                    of.append(number)
        if row.get("relevant") is not None and row.get("query"):
            query, answer = Reading(row["query"], tokenizer), Reading(row["response"][:700], tokenizer)
            if answer.ids:
                ids, features = pairs.relevance(query, answer)
                items.append((ids[:300], features[:300], [-1.0] * len(ids[:300]), pairs.RELEVANT))
                of.append(number)
    values = first_logits(model, items)
    support, worst, relevant = {}, {}, {}
    for item, number, (logit, word) in zip(items, of, values):
        if item[3] == pairs.GROUNDED:
            support[number] = min(support.get(number, 99.0), logit)
            worst[number] = max(worst.get(number, -99.0), word)
        else:
            relevant[number] = logit
    return support, worst, relevant


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--from", dest="start", type=pathlib.Path, required=True)
    parser.add_argument("--rows", type=int, default=400)
    parser.add_argument("--extra", nargs="*", default=[])
    parser.add_argument("sets", nargs="*")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    tokenizer, model = load_tokenizer(), load(arguments.start)
    for name in arguments.sets:
        rows = rows_of(name, arguments.rows, arguments.extra)
        support, worst, relevant = score(model, rows, tokenizer)
        groups = {name: list(range(len(rows)))}
        if name == "authored":
            for key in ("lang", "error"):
                for value in sorted({str(row[key]) for row in rows}):
                    groups[f"{name} {key} {value}"] = [i for i, row in enumerate(rows) if str(row[key]) == value or (key == "error" and row["grounded"] == 1)]
        for group, members in groups.items():
            known = [i for i in members if i in support]
            labels = [rows[i]["grounded"] for i in known]
            report(f"{group} G", labels, [support[i] for i in known])
            if group == name:
                report(f"{group} U", labels, [-worst[i] for i in known])
                report(f"{group} G-U/2", labels, [support[i] - 0.5 * worst[i] for i in known])
            known = [i for i in members if i in relevant]
            if "error" not in group:
                report(f"{group} R", [rows[i]["relevant"] for i in known], [relevant[i] for i in known])


if __name__ == "__main__":
    main()
