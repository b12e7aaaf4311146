"""Chooses a threshold per type on rows held out of training, and writes `calibration.json`.

    python calibrate.py WORK

Held out are the authored documents whose hash is in [10, 18) and fresh generated documents. A threshold is the one with the best F1 (any overlap) of its type. The spans are
made as crates/models/src/tagger/spans.rs makes them, but for the trimming.
"""

import collections
import json
import pathlib
import sys

import torch

from dataset import TYPES, encode_rows
from write_weights import OUTPUT, load
from generate import generate
from train import authored, load_tokenizer, tensors

REPORTED = TYPES[:8]
# Not lower: texts without personal data are far commoner than here.
GRID = [0.6, 0.7, 0.8, 0.9]
LANGUAGES = ["en", "es", "fr", "de", "it", "pt"]


def words_of(text, offsets, probabilities):
    """(start, end, mean probability per tag) of each word."""
    words = []
    for (start, end), row in zip(offsets, probabilities):
        joined = words and words[-1][1] == start and text[start - 1].isalnum() and text[start].isalnum()
        if joined:
            words[-1][1] = end
            words[-1][2].append(row)
        else:
            words.append([start, end, [row]])
    return [(start, end, torch.stack(rows).mean(dim=0), rows[0]) for start, end, rows in words]


def spans_of(text, words, thresholds):
    spans, last = [], None
    for start, end, mean, first in words:
        best = None
        for index, kind in enumerate(TYPES):
            probability = float(mean[1 + 2 * index] + mean[2 + 2 * index])
            if probability >= thresholds.get(kind, 0.5) and (best is None or probability > best[1]):
                best = (kind, probability, float(first[1 + 2 * index]), float(first[2 + 2 * index]))
        if best is None:
            if any(sign.isalnum() for sign in text[start:end]):
                last = None
            continue
        kind, probability, begins, continues = best
        gap = text[last["end"] : start] if last else ""
        joined = last and last["type"] == kind and not any(sign.isalnum() for sign in gap)
        joined = joined and (begins < 0.8 if gap in ("", " ") else begins < continues)
        if joined:
            last["end"] = end
            last["scores"].append(probability)
        else:
            last = {"start": start, "end": end, "type": kind, "scores": [probability]}
            spans.append(last)
    return [span for span in spans if sum(span["scores"]) / len(span["scores"]) >= thresholds.get(span["type"], 0.5)]


def predict(model, tokenizer, rows):
    """Words of the first window of each row."""
    read = []
    encodings = tokenizer.encode_batch([row["text"] for row in rows], add_special_tokens=False)
    samples = [next(iter(encode_rows(tokenizer, [row], (), 1.0, collections.Counter())), None) for row in rows]
    order = sorted((at for at in range(len(rows)) if samples[at]), key=lambda at: len(samples[at].ids))
    for at in range(0, len(order), 32):
        group = order[at : at + 32]
        ids, classes, _, lengths, _ = tensors([samples[index] for index in group])
        with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
            logits, _ = model(ids, classes, lengths)
        for place, index in enumerate(group):
            tokens = len(samples[index].ids) - 2
            probabilities = torch.softmax(logits[place, 1 : 1 + tokens].float(), dim=-1)
            offsets = encodings[index].offsets[:tokens]
            read.append((rows[index], offsets[-1][1], words_of(rows[index]["text"], offsets, probabilities)))
    return read


def held_out():
    """(name, rows) of each group."""
    yield "authored", authored(10, 18)
    yield "generated", list(generate(800, 99_991))


def meets(one, others):
    return any(one["start"] < other["end"] and other["start"] < one["end"] for other in others)


def all_scores(read, thresholds):
    """Type → (precision, recall, F1, labels), any overlap counting."""
    hits = {kind: collections.Counter() for kind in REPORTED}
    for row, end, words in read:
        spans = spans_of(row["text"], words, thresholds)
        for kind in REPORTED:
            found = [span for span in spans if span["type"] == kind]
            labels = [span for span in row["spans"] if span["type"] == kind and span["end"] <= end]
            hits[kind]["labels"] += len(labels)
            hits[kind]["found"] += len(found)
            hits[kind]["met"] += sum(meets(label, found) for label in labels)
            hits[kind]["right"] += sum(meets(span, labels) for span in found)
    result = {}
    for kind, hit in hits.items():
        precision = hit["right"] / max(1, hit["found"])
        recall = hit["met"] / max(1, hit["labels"])
        result[kind] = (precision, recall, 2 * precision * recall / max(1e-9, precision + recall), hit["labels"])
    return result


def main():
    model, _ = load(pathlib.Path(sys.argv[1]))
    tokenizer = load_tokenizer()
    groups = [(name, predict(model, tokenizer, rows)) for name, rows in held_out()]
    at = {threshold: [(name, all_scores(read, dict.fromkeys(TYPES, threshold))) for name, read in groups] for threshold in GRID}
    thresholds = {}
    for kind in REPORTED:
        thresholds[kind] = max(GRID, key=lambda threshold: (round(sum(result[kind][2] for _, result in at[threshold]), 3), threshold))
        for name, result in at[thresholds[kind]]:
            precision, recall, f1, labels = result[kind]
            print(f"{kind:14} {thresholds[kind]:.2f} {name:10} P {precision:.3f} R {recall:.3f} F1 {f1:.3f} ({labels})", flush=True)
    (OUTPUT / "calibration.json").write_text(json.dumps({"thresholds": thresholds, "languages": LANGUAGES}, indent=2) + "\n")


if __name__ == "__main__":
    main()
