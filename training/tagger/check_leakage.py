"""Finds training rows that equal, or nearly equal, a row of an evaluation set of personal data.

    python check_leakage.py [GENERATED.jsonl]

See `../data/overlap.py`. Third-party rows that do are left out of training (`leaked_texts`);
for generated rows the values are taken out first, so that a template that is an evaluation set's shows.
"""

import json
import pathlib
import sys

from fields import DATA, read_rows

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent / "data"))
from overlap import Evaluated  # noqa: E402


def without_values(row):
    """The text with every labelled value replaced by one word."""
    text = row["text"]
    for span in sorted(row["spans"], key=lambda span: -span["start"]):
        text = text[: span["start"]] + " _ " + text[span["end"] :]
    return text


def evaluated_texts(view=lambda row: row["text"]):
    """Index over the evaluation sets. Generated rows are compared by shingles alone: a bare value, such as
    an address, is no sentence to leak."""
    return Evaluated(view(row) for path in sorted((DATA / "pii" / "eval").glob("*.jsonl.gz")) for row in read_rows(path))


def leaked_texts(sources):
    """Texts of the third-party training rows that must not be trained on."""
    evaluated = evaluated_texts()
    rows = (row for name in sources for row in read_rows(DATA / "pii" / "train" / f"{name}.jsonl.gz"))
    return {row["text"] for row in rows if evaluated.near(row["text"])}


def main():
    evaluated = evaluated_texts()
    for path in sorted((DATA / "pii" / "train").glob("*.jsonl.gz")):
        rows = read_rows(path)
        print(path.name, len(rows), "rows,", sum(evaluated.near(row["text"]) for row in rows), "left out")
    if len(sys.argv) < 2:
        return
    templates = evaluated_texts(without_values)
    with open(sys.argv[1], encoding="utf-8") as lines:
        near = [row for row in map(json.loads, lines) if evaluated.near(row["text"], exact=False) or templates.near(without_values(row), exact=False)]
    print("generated rows near an evaluated row:", len(near))
    for row in near[:20]:
        print(row["source"], row["text"][:200].replace("\n", "\\n"))
    sys.exit(bool(near))


if __name__ == "__main__":
    main()
