"""A quick look at a checkpoint on the evaluation sets; the product's own `pretil eval` is what counts.

    python measure.py --from work/second
"""

import argparse
import json
import pathlib
import random

import torch

import dataset
from rows import DATA, authored, is_test, read
from scoring import load_model, logits

HARMFUL = ("advbench", "malicious_instruct", "tdc2023_test", "do_not_answer", "jailbreakbench_behaviors", "safety_tuned_llamas_eval", "multijail", "jailbreak_templates_split", "wildjailbreak_eval_harmful")
BENIGN = ("benign_intents_test", "mtbench_vicuna_questions")


def sample(name, count=600):
    rows = [row for row in read(DATA / "safety" / "eval" / f"{name}.jsonl.gz") if row["lang"] in dataset.LANGUAGES]
    return random.Random(0).sample(rows, min(count, len(rows)))


def auroc(scores, truth):
    order = torch.argsort(scores)
    ranks = torch.empty_like(scores)
    ranks[order] = torch.arange(1, len(scores) + 1, dtype=scores.dtype)
    positive = truth == 1
    p, n = positive.sum(), (~positive).sum()
    return ((ranks[positive].sum() - p * (p + 1) / 2) / (p * n)).item()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--from", dest="start", type=pathlib.Path, required=True)
    parser.add_argument("--bands", type=pathlib.Path, required=True)
    arguments = parser.parse_args()
    model = load_model(arguments.start)
    bands = json.loads(arguments.bands.read_text())["labels"]
    scale = torch.tensor([bands[label]["prompt"]["scale"] for label in dataset.LABELS])
    offset = torch.tensor([bands[label]["prompt"]["offset"] for label in dataset.LABELS])
    limits = {band: torch.tensor([bands[label]["prompt"]["bands"][band] for label in dataset.LABELS]) for band in ("low", "medium", "high")}
    content = len(dataset.CONTENT)

    def flagged(rows, band, labels=slice(0, content)):
        scores = torch.sigmoid(logits(model, [row["text"] for row in rows]) * scale + offset)
        return (scores >= limits[band])[:, labels]

    for name in (*HARMFUL, *BENIGN, "xstest_v2"):
        rows = sample(name)
        parts = {"": rows}
        if name == "xstest_v2":
            parts = {" safe": [r for r in rows if not r["orig"].get("harmful")], " unsafe": [r for r in rows if r["orig"].get("harmful")]}
        if name in ("multijail", "benign_intents_test"):
            parts = {f" {language}": [r for r in rows if r["lang"] == language] for language in dataset.LANGUAGES}
        for part, chosen in parts.items():
            if not chosen:
                continue
            hit = {band: flagged(chosen, band) for band in limits}
            attack = flagged(chosen, "medium", slice(content, content + 1)).float().mean().item()
            shares = " ".join(f"{band} {hits.any(dim=1).float().mean().item():.3f}" for band, hits in hit.items())
            each = " ".join(f"{label[:4]} {value:.3f}" for label, value in zip(dataset.CONTENT, hit["medium"].float().mean(dim=0).tolist()))
            print(f"{name}{part}: {len(chosen)} rows, {shares}; attack {attack:.3f}; {each}", flush=True)
    rows = sample("openai_moderation_1680", 2000)
    raw = logits(model, [row["text"] for row in rows])
    scores = torch.sigmoid(raw * scale + offset)
    truth = torch.tensor([float(bool(row["orig"].get("harmful"))) for row in rows])
    best = (scores[:, :content] / limits["medium"][:content]).max(dim=1).values
    thresholds = torch.unique(best)[::5]
    f1 = max((2 * ((best >= t) & (truth == 1)).sum() / ((best >= t).sum() + truth.sum())).item() for t in thresholds)
    at = {band: (scores >= limits[band])[:, :content].any(dim=1).float() for band in limits}
    print("openai_moderation: AUROC", round(auroc(best, truth), 3), "best F1", round(f1, 3), {band: round((2 * (hit * truth).sum() / (hit.sum() + truth.sum())).item(), 3) for band, hit in at.items()})
    for index, label in enumerate(dataset.CONTENT):
        known = [i for i, row in enumerate(rows) if label in row["labels"]]
        if known:
            print("  ", label, round(auroc(raw[known, index], torch.tensor([float(rows[i]["labels"][label]) for i in known])), 3))
    rows = sample("bipia_test", 1200)
    raw = logits(model, [row["text"] for row in rows])[:, content]
    truth = torch.tensor([float(row["labels"]["PROMPT_ATTACK"]) for row in rows])
    hit = (torch.sigmoid(raw * scale[content] + offset[content]) >= limits["medium"][content]).float()
    print("bipia: AUROC", round(auroc(raw, truth), 3), "F1 at MEDIUM", round((2 * (hit * truth).sum() / (hit.sum() + truth.sum())).item(), 3), "recall", round((hit * truth).sum().item() / truth.sum().item(), 3), "false", round((hit * (1 - truth)).sum().item() / (1 - truth).sum().item(), 3))
    own = [row for row in authored() if is_test(row["text"])]
    raw = logits(model, [row["text"] for row in own])
    scores = torch.sigmoid(raw * scale + offset)
    for index, label in enumerate(dataset.LABELS[: content + 1]):
        truth = torch.tensor([float(row["labels"][label]) for row in own])
        line = []
        for language in dataset.LANGUAGES:
            chosen = [i for i, row in enumerate(own) if row["lang"] == language]
            t, s = truth[chosen], scores[chosen, index]
            h = (s >= limits["medium"][index]).float()
            line.append(f"{language} {auroc(s, t):.2f}/{(h * t).sum() / t.sum():.2f}/{(h * (1 - t)).sum() / (1 - t).sum():.3f}")
        print("own", label, "AUROC/recall/false at MEDIUM:", ", ".join(line))


if __name__ == "__main__":
    main()
