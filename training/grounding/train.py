"""Fine-tunes the trunk as a judge of pairs (see `pairs.py`) on the examples of `dataset.py`.

    python train.py --out work/first --epochs 1 --rate 2e-4
    python train.py --out work/second --from work/first --rate 8e-5 --seed 1 --scale 0.4 --authored 3

The loss of a pair is on [CLS]: GROUNDED for claims, RELEVANT for answers. Where it is known which words of
a claim are wrong (none, in a supported claim), every token of the claim adds a loss for UNSUPPORTED. The
word embeddings stay as they are. CPU in bf16. The weights are saved every 300 steps, for `--from`.
"""

import argparse
import json
import pathlib
import random
import time

import torch
import torch.nn.functional as F

import dataset
import pairs
from evidence import Source
from model import Judge
from pairs import Reading
from reference import load_tokenizer

BATCH_TOKENS = 4096
TOKEN_LOSS = 0.5
KEEP_QUERY = 0.8


class Encoder:
    """Examples to ids, features and token targets; sources are read once."""

    def __init__(self, tokenizer):
        self.tokenizer, self.sources, self.readings = tokenizer, {}, {}

    def source(self, text):
        if text not in self.sources:
            if len(self.sources) > 20000:
                self.sources.clear()
            self.sources[text] = Source(text, self.tokenizer)
        return self.sources[text]

    def reading(self, text):
        if text not in self.readings:
            if len(self.readings) > 50000:
                self.readings.clear()
            self.readings[text] = Reading(text, self.tokenizer)
        return self.readings[text]

    def support(self, example, query):
        claim = self.reading(example.second)
        if not claim.ids or len(claim.ids) > 2 * pairs.CLAIM_TOKENS:
            return None
        asked = self.reading(query) if query else None
        evidence = self.reading(self.source(example.first).evidence(claim, asked))
        ids, features, begin = pairs.support(evidence, asked, claim)
        targets = [-1.0] * len(ids)
        if example.spans is not None:
            for place, (start, end) in enumerate(claim.offsets):
                wrong = any(start < b and end > a for a, b in example.spans)
                targets[begin + place] = float(wrong)
        return ids, features, targets

    def relevance(self, example, chooser):
        query, answer = self.reading(example.query), self.reading(example.second)
        if not query.ids or not answer.ids:
            return None
        if len(answer.ids) > pairs.ANSWER_TOKENS:
            start = 0 if chooser.random() < 0.7 else chooser.randrange(len(answer.ids) - pairs.ANSWER_TOKENS)
            first, last = answer.offsets[start][0], answer.offsets[start + pairs.ANSWER_TOKENS - 1][1]
            answer = Reading(example.second[first:last], self.tokenizer)
        ids, features = pairs.relevance(query, answer)
        return ids[:420], features[:420], [-1.0] * len(ids[:420])


def encoded(examples, tokenizer, seed):
    chooser, encoder = random.Random(seed), Encoder(tokenizer)
    made = []
    # Examples of one source lie together, so that it is cut once.
    for example in sorted(examples, key=lambda e: (e.first, e.second)):
        if example.kind == "support":
            query = example.query if chooser.random() < KEEP_QUERY or len(example.second) < 30 else ""
            item = encoder.support(example, query)
        else:
            item = encoder.relevance(example, chooser)
        if item is not None:
            kind = pairs.GROUNDED if example.kind == "support" else pairs.RELEVANT
            made.append((*item, kind, float(example.label), example.weight))
    return made


def batches(items, seed):
    chooser = random.Random(seed)
    items = sorted(items, key=lambda item: (len(item[0]) // 4, chooser.random()))
    made, current = [], []
    for item in items:
        if current and len(item[0]) * (len(current) + 1) > BATCH_TOKENS:
            made.append(current)
            current = []
        current.append(item)
    if current:
        made.append(current)
    chooser.shuffle(made)
    return made


def tensors(batch):
    longest = max(len(item[0]) for item in batch)

    def padded(index, fill):
        return torch.tensor([list(item[index]) + [fill] * (longest - len(item[index])) for item in batch])

    lengths = torch.tensor([len(item[0]) for item in batch])
    kinds, labels, weights = (torch.tensor([item[index] for item in batch]) for index in (3, 4, 5))
    return padded(0, 0), padded(1, 0), lengths, padded(2, -1.0), kinds, labels, weights


def loss_of(logits, targets, kinds, labels, weights):
    first = logits[:, 0].gather(1, kinds[:, None])[:, 0]
    goal = labels * 0.96 + 0.02
    whole = (F.binary_cross_entropy_with_logits(first, goal, reduction="none") * weights).sum() / weights.sum()
    known = targets >= 0
    if not bool(known.any()):
        return whole
    words = F.binary_cross_entropy_with_logits(logits[..., pairs.UNSUPPORTED], targets.clamp(min=0), reduction="none", pos_weight=torch.tensor(3.0))
    return whole + TOKEN_LOSS * (words * known).sum() / known.sum()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--from", dest="start", type=pathlib.Path)
    parser.add_argument("--rate", type=float, default=2e-4)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--scale", type=float, default=1.0, help="share of the third-party rows and translations")
    parser.add_argument("--authored", type=int, default=1, help="how many times the authored rows are seen")
    parser.add_argument("--extra", nargs="*", default=[], help="more authored files")
    parser.add_argument("--threads", type=int)
    arguments = parser.parse_args()
    torch.manual_seed(arguments.seed)
    if arguments.threads:
        torch.set_num_threads(arguments.threads)
    started = time.time()
    translations = [json.loads(line) for line in (dataset.HERE / "work" / "translated.jsonl").open(encoding="utf-8")]
    chooser = random.Random(arguments.seed)
    translations = chooser.sample(translations, int(len(translations) * min(1.0, arguments.scale)))
    examples = dataset.epoch(arguments.seed, arguments.scale, arguments.extra, translations, arguments.authored)
    made = batches(encoded(examples, load_tokenizer(), arguments.seed), arguments.seed)
    tokens = sum(len(item[0]) for batch in made for item in batch)
    print(f"{len(examples)} examples, {len(made)} batches, {tokens} tokens, read in {time.time() - started:.0f} s", flush=True)
    model = Judge()
    if arguments.start:
        model.load_state_dict(torch.load(arguments.start / "model.pt", weights_only=True))
    parameters = [p for p in model.parameters() if p.requires_grad]
    groups = [
        {"params": [p for p in parameters if p.ndim > 1], "weight_decay": 0.01},
        {"params": [p for p in parameters if p.ndim == 1], "weight_decay": 0.0},
    ]
    optimiser = torch.optim.AdamW(groups, lr=arguments.rate, fused=True)
    steps = len(made)
    warm = max(1, steps // 20)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: min(1.0, (step + 1) / warm) * (0.05 + 0.95 * max(0.0, 1 - step / steps)))
    arguments.out.mkdir(parents=True, exist_ok=True)
    model.train()
    since, total, tokens = time.time(), 0.0, 0
    for step, batch in enumerate(made, 1):
        ids, features, lengths, targets, kinds, labels, weights = tensors(batch)
        with torch.autocast("cpu", torch.bfloat16):
            logits, _ = model(ids, features, lengths)
        loss = loss_of(logits.float(), targets, kinds, labels, weights)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimiser.step()
        schedule.step()
        optimiser.zero_grad(set_to_none=True)
        total, tokens = total + loss.item(), tokens + int(lengths.sum())
        if step % 50 == 0:
            print(f"{step}/{steps} loss {total / 50:.4f} {tokens / (time.time() - since):.0f} tokens/s", flush=True)
            since, total, tokens = time.time(), 0.0, 0
        if step % 300 == 0 or step == steps:
            torch.save(model.state_dict(), arguments.out / "model.pt")
    (arguments.out / "run.json").write_text(json.dumps({k: str(v) for k, v in vars(arguments).items()}, indent=2))


if __name__ == "__main__":
    main()
