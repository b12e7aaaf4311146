"""Fine-tunes the trunk and its head on the rows of `dataset.py`.

    python train.py --out work/first --files FILE,FILE --epochs 1 --rate 1.2e-4
    python train.py --out work/second --from work/first --epochs 1 --rate 6e-5

Masked multi-label loss: a label that a source does not know adds nothing. The word embeddings stay as
they are, since all trunks share one table. CPU in bf16 (a GPU where there is one). The weights are
saved every 500 steps, for `--from`.
"""

import argparse
import json
import pathlib
import random
import time

import torch
import torch.nn.functional as F

import dataset
from model import Classifier
from reference import load_tokenizer

WINDOW = 128
OVERLAP = 32
BATCH_TOKENS = 4096
CLS, SEP = 101, 102


def window_of(encoding, anchor, chooser):
    """Ids of one window of the text: the one with the attack where that is known."""
    ids = encoding.ids[1:-1]
    room = WINDOW - 2
    if len(ids) <= room:
        return [CLS, *ids, SEP], True
    if anchor is None:
        start = 0 if chooser.random() < 0.4 else chooser.randrange(len(ids) - room + 1)
    else:
        token = next((i for i, (_, end) in enumerate(encoding.offsets[1:-1]) if end > anchor), len(ids) - 1)
        start = min(max(0, token - chooser.randrange(room // 2)), len(ids) - room)
    return [CLS, *ids[start : start + room], SEP], False


def batches(rows, tokenizer, seed):
    """Batches of like lengths in random order: ids, lengths, targets, weights, smoothing."""
    chooser = random.Random(seed)
    encoded = []
    texts = [row["text"] if row["anchor"] is not None else dataset.augment(row["text"], chooser) for row in rows]
    for start in range(0, len(rows), 2000):
        for row, encoding in zip(rows[start : start + 2000], tokenizer.encode_batch(texts[start : start + 2000])):
            ids, whole = window_of(encoding, row["anchor"], chooser)
            weight = row["weight"]
            if not whole and row["anchor"] is None and 1.0 in row["targets"]:
                # What makes the text positive may be in another window.
                weight *= 0.4
            encoded.append((ids, row["targets"], weight, row["smoothing"]))
    encoded.sort(key=lambda item: (len(item[0]), chooser.random()))
    made, current = [], []
    for item in encoded:
        if current and len(item[0]) * (len(current) + 1) > BATCH_TOKENS:
            made.append(current)
            current = []
        current.append(item)
    made.append(current)
    chooser.shuffle(made)
    for batch in made:
        longest = max(len(ids) for ids, *_ in batch)
        yield (
            torch.tensor([ids + [0] * (longest - len(ids)) for ids, *_ in batch]),
            torch.tensor([len(ids) for ids, *_ in batch]),
            torch.tensor([values for _, values, *_ in batch]),
            torch.tensor([weight for _, _, weight, _ in batch]),
            torch.tensor([smoothing for *_, smoothing in batch]),
        )


def masked_loss(logits, targets, weights, smoothing):
    known = (targets >= 0).float()
    goal = targets.clamp(min=0) * (1 - 2 * smoothing[:, None]) + smoothing[:, None]
    each = F.binary_cross_entropy_with_logits(logits, goal, reduction="none") * known * weights[:, None]
    return each.sum() / (known * weights[:, None]).sum()


def count_batches(rows):
    return max(1, sum(min(WINDOW, len(row["text"]) // 4 + 3) for row in rows) // BATCH_TOKENS)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--from", dest="start", type=pathlib.Path)
    parser.add_argument("--files", help="authored files, comma separated; all without it")
    parser.add_argument("--epochs", type=int, default=1)
    parser.add_argument("--rate", type=float, default=1.2e-4)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--authored-twice", action="store_true")
    parser.add_argument("--scale", type=float, default=1.0, help="share of the third-party rows per epoch")
    arguments = parser.parse_args()
    torch.manual_seed(arguments.seed)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    tokenizer = load_tokenizer()
    train, calibration = dataset.load(arguments.files.split(",") if arguments.files else None, arguments.seed)
    model = Classifier(dataset.LABELS)
    if arguments.start:
        model.load_state_dict(torch.load(arguments.start / "model.pt", weights_only=True))
    model.to(device)
    parameters = [p for p in model.parameters() if p.requires_grad]
    decayed = [p for p in parameters if p.ndim > 1]
    plain = [p for p in parameters if p.ndim == 1]
    groups = [{"params": decayed, "weight_decay": 0.01}, {"params": plain, "weight_decay": 0.0}]
    optimiser = torch.optim.AdamW(groups, lr=arguments.rate, fused=True)
    epochs = []
    for number in range(arguments.epochs):
        rows = train
        if arguments.scale != 1.0:
            rows = [row | {"cap": int(min(row["cap"], 10**6) * arguments.scale)} for row in train if not row["source"].startswith("authored/")]
            rows += [row for row in train if row["source"].startswith("authored/")]
        rows = dataset.epoch(rows, arguments.seed + number)
        if arguments.authored_twice:
            rows += [row for row in rows if row["source"].startswith("authored/")]
        epochs.append(list(batches(rows, tokenizer, arguments.seed + number)))
        print(f"epoch {number}: {len(rows)} rows, {len(epochs[-1])} batches", flush=True)
    steps = sum(len(made) for made in epochs)
    warm = max(1, steps // 20)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min(1.0, (step + 1) / warm) * (0.05 + 0.95 * max(0.0, 1 - step / steps))
    )
    arguments.out.mkdir(parents=True, exist_ok=True)
    model.train()
    step, since, sum_loss, tokens = 0, time.time(), 0.0, 0
    for made in epochs:
        for ids, lengths, values, weights, smoothing in made:
            ids, lengths, values, weights, smoothing = (t.to(device) for t in (ids, lengths, values, weights, smoothing))
            with torch.autocast(device, torch.bfloat16):
                logits = model(ids, lengths)
            loss = masked_loss(logits.float(), values, weights, smoothing)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(parameters, 1.0)
            optimiser.step()
            schedule.step()
            optimiser.zero_grad(set_to_none=True)
            step, sum_loss, tokens = step + 1, sum_loss + loss.item(), tokens + int(lengths.sum())
            if step % 50 == 0:
                passed = time.time() - since
                print(f"{step}/{steps} loss {sum_loss / 50:.4f} {tokens / passed:.0f} tokens/s", flush=True)
                since, sum_loss, tokens = time.time(), 0.0, 0
            if step % 500 == 0 or step == steps:
                torch.save(model.state_dict(), arguments.out / "model.pt")
    (arguments.out / "run.json").write_text(json.dumps({k: str(v) for k, v in vars(arguments).items()}, indent=2))


if __name__ == "__main__":
    main()
