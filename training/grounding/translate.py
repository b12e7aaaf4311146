"""Rough translations of training examples into Spanish and French, and round trips that reword claims.

    python translate.py [authored file ...]

By Apertium (Debian packages apertium, apertium-eng-spa, apertium-fr-es), which is rule-based and offline.
A claim that went to Spanish and back says the same in other words, so a supported claim need not be a copy.
Written to `work/translated.jsonl`, which is not committed. No row of the project's own test set.
"""

import dataclasses
import json
import random
import subprocess
import sys
from pathlib import Path

import dataset
from dataset import Example

OUTPUT = Path(__file__).resolve().parent / "work" / "translated.jsonl"
TRANSLATED = {"mnli_dev_matched": 5000, "snli_dev": 1500, "cad_nli": 1500, "fever_dev": 2500, "synth_perturb": 2500, "wice": 400, "summedits_train_domains": 600}
ROUND_TRIPS = {"synth_perturb": 7000, "wice": 700, "summedits_train_domains": 2000, "fever_dev": 1500}
RELEVANT = {"qnli_dev": 3000, "medquad": 600}
LONGEST = 2500


def apertium(mode, texts):
    joined = "\n".join(" ".join(text.split()) or "." for text in texts) + "\n"
    done = subprocess.run(["apertium", "-u", mode], input=joined, capture_output=True, text=True, check=True)
    lines = done.stdout.split("\n")[: len(texts)]
    if len(lines) != len(texts):
        raise ValueError(f"{mode}: {len(texts)} texts in, {len(lines)} out")
    return [line.replace("*", "").replace("#", "").replace("@", "") for line in lines]


def translated(examples, mode, language):
    columns = [apertium(mode, [getattr(example, field) for example in examples]) for field in ("first", "query", "second")]
    for example, first, query, second in zip(examples, *columns):
        yield dataclasses.replace(
            example,
            first=first if example.first else "",
            query=query if example.query else "",
            second=second,
            spans=() if example.label == 1 else None,
            lang=language,
            weight=example.weight * 0.7,
            source=f"{language}/{example.source}",
        )


def round_trip(examples):
    spanish = apertium("eng-spa", [example.second for example in examples])
    for example, text in zip(examples, apertium("spa-eng", spanish)):
        yield dataclasses.replace(example, second=text, spans=() if example.label == 1 else None, source=f"round/{example.source}", weight=example.weight * 0.8)


def sample(name, count, chooser, field):
    rows = [row for row in dataset.third_party(name) if row.get(field) is not None and len(row["context"] or "") < LONGEST]
    return chooser.sample(rows, min(len(rows), count))


def main():
    chooser = random.Random(5)
    english, rounds = [], []
    for name, count in TRANSLATED.items():
        for row in sample(name, count, chooser, "grounded"):
            english += dataset.support_of(row, dataset.SUPPORT[name][1], name)
    for name, count in RELEVANT.items():
        for row in sample(name, count, chooser, "relevant"):
            english.append(Example("relevance", "", row["query"], row["response"][:900], row["relevant"], None, 0.8, name))
    for name, count in ROUND_TRIPS.items():
        for row in sample(name, count, chooser, "grounded"):
            rounds += dataset.support_of(row, dataset.SUPPORT[name][1], name)
    own = [row for row in dataset.authored_rows(sys.argv[1:]) if not dataset.held_out(row["context"]) and not dataset.is_calibration(row["context"])]
    by_language = {lang: list(dataset.authored_examples([row for row in own if row["lang"] == lang], chooser)) for lang in ("en", "es", "fr")}
    made = list(round_trip(rounds + [e for e in by_language["en"] if e.kind == "support"]))
    spanish = list(translated(english + by_language["en"], "eng-spa", "es"))
    made += spanish
    made += translated(by_language["es"] + [e for e in spanish if chooser.random() < 0.6], "es-fr", "fr")
    made += translated(by_language["fr"], "fr-es", "es")
    OUTPUT.parent.mkdir(exist_ok=True)
    with OUTPUT.open("w", encoding="utf-8") as file:
        for example in made:
            file.write(json.dumps(dataclasses.asdict(example), ensure_ascii=False) + "\n")
    print(len(made), "examples")


if __name__ == "__main__":
    main()
