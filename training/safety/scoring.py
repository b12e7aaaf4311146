"""Logits of texts as the product computes them: windows that cover the text, the highest of each label."""

import torch

import dataset
from model import Classifier
from train import CLS, OVERLAP, SEP, WINDOW, load_tokenizer

BATCH_TOKENS = 8192


def load_model(directory):
    model = Classifier(dataset.LABELS)
    model.load_state_dict(torch.load(directory / "model.pt", weights_only=True))
    model.eval()
    return model


def windows(ids):
    """Ids of every window, with [CLS] and [SEP]; they cover all of `ids`."""
    room, step = WINDOW - 2, WINDOW - 2 - OVERLAP
    if len(ids) <= room:
        return [[CLS, *ids, SEP]]
    starts = list(range(0, len(ids) - room, step)) + [len(ids) - room]
    return [[CLS, *ids[start : start + room], SEP] for start in starts]


@torch.inference_mode()
def logits(model, texts, most_windows=40, precise=False):
    """[texts][labels]. Texts of more than `most_windows` windows are read at even steps."""
    tokenizer = load_tokenizer()
    work = []
    for start in range(0, len(texts), 2000):
        for offset, encoding in enumerate(tokenizer.encode_batch(texts[start : start + 2000])):
            made = windows(encoding.ids[1:-1])
            made = made[:: len(made) // most_windows + 1]
            work += [(len(ids), start + offset, ids) for ids in made]
    work.sort()
    result = torch.full((len(texts), len(dataset.LABELS)), -100.0)
    at = 0
    while at < len(work):
        count = max(1, BATCH_TOKENS // work[min(len(work) - 1, at + BATCH_TOKENS // max(8, work[at][0]) // 2)][0])
        batch = work[at : at + count]
        at += count
        longest = batch[-1][0]
        ids = torch.tensor([item + [0] * (longest - size) for size, _, item in batch])
        lengths = torch.tensor([size for size, *_ in batch])
        with torch.autocast("cpu", torch.bfloat16, enabled=not precise):
            scores = model(ids, lengths).float()
        for (_, text, _), row in zip(batch, scores):
            result[text] = torch.maximum(result[text], row)
    return result
