"""Reads labelled rows, wherever they are kept.

- Third-party sets are not in the project. `PRETIL_DATA` names the folder that holds them (default
  `../shared/data` beside the project); `sources.csv` says where each is published.
- Rows written for this project are beside this file, in `authored/`.

A tenth of the authored rows, chosen by a hash of the text, is the project's own test set
(`evaluation/authored/`); `is_test` says which, and nothing here hands such a row to a training run. Rows
with answers to a source are chosen by their source (`evaluation/authored_grounding/`), so that no source is
on both sides.
"""

import gzip
import hashlib
import json
import os
import pathlib

HERE = pathlib.Path(__file__).resolve().parent
PROJECT = HERE.parent.parent
AUTHORED = HERE / "authored"
DATA = pathlib.Path(os.environ.get("PRETIL_DATA", PROJECT.parent / "shared" / "data"))


def read(path):
    """Rows of one JSON Lines file, gzipped or not."""
    opened = gzip.open(path, "rt", encoding="utf-8") if str(path).endswith(".gz") else open(path, encoding="utf-8")
    with opened as lines:
        return [json.loads(line) for line in lines if line.strip()]


def bucket(text):
    """A number from 0 to 99 that depends on the text alone."""
    return int.from_bytes(hashlib.sha256(text.encode("utf-8")).digest()[:4], "big") % 100


def is_test(text):
    return bucket(text) < 10


def is_calibration(text):
    """Held out of training to fit the calibration and the bands; never a row of the test set."""
    return 10 <= bucket(text) < 18


def authored(names=None):
    """Rows of the authored safety files (or of those named), each with its file as `source`."""
    rows = []
    for path in sorted(AUTHORED.glob("*.jsonl")):
        if names is not None and path.stem not in names:
            continue
        for row in read(path):
            if "labels" in row:
                rows.append(row | {"source": f"authored/{path.stem}"})
    return rows


def authored_answers():
    """Rows of the authored files that hold answers to a source (`context`) and a query, each with its file as
    `source`. `is_test` and `is_calibration` go by the context."""
    rows = []
    for path in sorted(AUTHORED.glob("*.jsonl")):
        rows += [row | {"source": f"authored/{path.stem}"} for row in read(path) if "answers" in row]
    return rows
