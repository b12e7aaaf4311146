"""Trains the tagger.

    python train.py WORK [--minutes 75] [--epochs 3] [--rows 45000] [--seed 7]

Writes `WORK/checkpoint.pt` every few minutes and at the end; any checkpoint can be exported. The learning
rate falls to nothing over the minutes or the epochs, whichever is over first.
"""

import argparse
import collections
import json
import pathlib
import random
import time

import torch

from check_leakage import leaked_texts
from dataset import AUTHORED_UNKNOWN, SOURCES, TAGS, bucket, encode_rows, load_sources, lower, real_epoch
from generate import generate
from model import Tagger
from reference import load_tokenizer

AUTHORED = pathlib.Path(__file__).resolve().parent.parent / "data" / "authored"
TOKENS_PER_BATCH = 2048


def authored(low, high):
    """Authored documents whose hash is in [low, high)."""
    with (AUTHORED / "pii_docs.jsonl").open(encoding="utf-8") as lines:
        rows = [json.loads(line) | {"source": "authored/pii_docs"} for line in lines]
    return [row for row in rows if low <= bucket(row["text"]) < high]


def epoch_samples(tokenizer, sources, rows, seed, counts):
    """Fresh generated rows, the third-party rows and the authored ones."""
    rng = random.Random(seed)
    samples = list(encode_rows(tokenizer, list(generate(rows, seed)), (), 1.0, counts, strict=True))
    counts["generated rows"] += rows
    for name, chosen, unknown, weight in real_epoch(sources, rng):
        samples += encode_rows(tokenizer, chosen, unknown, weight, counts)
        counts[f"{name} rows"] += len(chosen)
    for repeat in range(3):
        chosen = [lower(row) if repeat == 2 else row for row in authored(18, 100)]
        samples += encode_rows(tokenizer, chosen, AUTHORED_UNKNOWN, 1.0, counts)
        counts["authored rows"] += len(chosen)
    return samples


def batches(samples, rng):
    """Samples of like length, about as many tokens in each batch."""
    order = sorted(range(len(samples)), key=lambda at: (len(samples[at].ids) + rng.random() * 6))
    groups, group, longest = [], [], 0
    for at in order:
        longest = max(longest, len(samples[at].ids))
        if group and longest * (len(group) + 1) > TOKENS_PER_BATCH:
            groups.append(group)
            group, longest = [], len(samples[at].ids)
        group.append(at)
    groups.append(group)
    rng.shuffle(groups)
    return [[samples[at] for at in group] for group in groups]


def tensors(batch):
    longest = max(len(sample.ids) for sample in batch)

    def padded(values, filler):
        return torch.tensor([list(row) + [filler] * (longest - len(row)) for row in values])

    ids = padded([sample.ids for sample in batch], 0)
    classes = padded([sample.classes for sample in batch], 0)
    allowed = padded([sample.allowed for sample in batch], 0)
    bits = (allowed[:, :, None] >> torch.arange(len(TAGS))) & 1
    lengths = torch.tensor([len(sample.ids) for sample in batch])
    weights = torch.tensor([sample.weight for sample in batch])
    return ids, classes, bits.bool(), lengths, weights


def loss_of(logits, right, present, weights):
    """Minus the log of what the right tags have together, over the tokens that have any wrong tag."""
    logs = torch.log_softmax(logits, dim=-1)
    together = torch.logsumexp(logs.masked_fill(~right, -1e4), dim=-1)
    counted = (present & ~right.all(dim=-1)).float() * weights[:, None]
    return -(together * counted).sum() / counted.sum().clamp(min=1)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("work", type=pathlib.Path)
    parser.add_argument("--minutes", type=float, default=75)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--rows", type=int, default=45_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--rate", type=float, default=3e-4)
    parser.add_argument("--start", type=pathlib.Path)
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(options.seed)
    rng = random.Random(options.seed)
    tokenizer = load_tokenizer()
    sources = load_sources(leaked_texts(SOURCES))
    model = Tagger(len(TAGS))
    if options.start:
        model.load_state_dict(torch.load(options.start)["model"])
    decayed = [p for name, p in model.named_parameters() if p.requires_grad and p.dim() > 1]
    plain = [p for name, p in model.named_parameters() if p.requires_grad and p.dim() <= 1]
    optimizer = torch.optim.AdamW([{"params": decayed, "weight_decay": 0.01}, {"params": plain, "weight_decay": 0.0}], lr=options.rate, betas=(0.9, 0.98))
    began, counts, step, mean = time.time(), collections.Counter(), 0, None
    saved = began

    def save():
        torch.save({"model": model.state_dict(), "tags": TAGS, "step": step, "counts": dict(counts)}, options.work / "checkpoint.tmp")
        (options.work / "checkpoint.tmp").replace(options.work / "checkpoint.pt")

    for epoch in range(options.epochs):
        if time.time() - began > 60 * options.minutes:
            break
        groups = batches(epoch_samples(tokenizer, sources, options.rows, options.seed + epoch, counts), rng)
        print(f"epoch {epoch}: {len(groups)} batches", dict(counts), flush=True)
        for index, batch in enumerate(groups):
            by_time = (time.time() - began) / 60 / options.minutes
            by_steps = (epoch + index / len(groups)) / options.epochs
            done = max(by_time, by_steps)
            if done >= 1:
                break
            rate = options.rate * min(1.0, (step + 1) / 60) * (1 - done)
            for part in optimizer.param_groups:
                part["lr"] = rate
            ids, classes, right, lengths, weights = tensors(batch)
            with torch.autocast("cpu", dtype=torch.bfloat16):
                logits, present = model(ids, classes, lengths)
            loss = loss_of(logits.float(), right, present, weights)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            step += 1
            mean = loss.item() if mean is None else 0.98 * mean + 0.02 * loss.item()
            if step % 50 == 0:
                print(f"step {step} epoch {epoch} {done:.1%} loss {mean:.4f} {time.time() - began:.0f} s", flush=True)
            if time.time() - saved > 180:
                saved = time.time()
                save()
    save()


if __name__ == "__main__":
    main()
