"""Finds training rows that equal, or nearly equal, a row of an evaluation set of personal data.

    python check_leakage.py [GENERATED.jsonl]

Two texts nearly equal when they share at least 60 % of the shingles (runs of five words) of the smaller
text, and at least three. Third-party rows that do are left out of training (`leaked_texts`);
for generated rows the values are taken out first, so that a template that is an evaluation set's shows.
"""

import json
import re
import sys
from collections import Counter, defaultdict

from fields import DATA, read_rows

WORDS = re.compile(r"\w+")
RUN = 5
SHARE = 0.6


def plain(text):
    return " ".join(WORDS.findall(text.lower()))


def shingles(text):
    words = WORDS.findall(text.lower())
    return {" ".join(words[start : start + RUN]) for start in range(len(words) - RUN + 1)}


def without_values(row):
    """The text with every labelled value replaced by one word."""
    text = row["text"]
    for span in sorted(row["spans"], key=lambda span: -span["start"]):
        text = text[: span["start"]] + " _ " + text[span["end"] :]
    return text


class Evaluated:
    """Index over the evaluation sets."""

    def __init__(self, view=lambda row: row["text"]):
        self.exact, self.sizes, self.index = set(), [], defaultdict(list)
        for path in sorted((DATA / "pii" / "eval").glob("*.jsonl.gz")):
            for row in read_rows(path):
                text = view(row)
                # A bare value, such as an address alone, is no sentence to leak.
                self.exact.add(plain(text))
                pieces = shingles(text)
                self.sizes.append(len(pieces))
                for piece in pieces:
                    self.index[piece].append(len(self.sizes) - 1)

    def near(self, text, exact=True):
        if exact and plain(text) in self.exact:
            return True
        pieces = shingles(text)
        shared = Counter(number for piece in pieces for number in self.index.get(piece, ()))
        return any(count >= 3 and count >= SHARE * min(len(pieces), self.sizes[number]) for number, count in shared.most_common(5))


def leaked_texts(sources):
    """Texts of the third-party training rows that must not be trained on."""
    evaluated = Evaluated()
    rows = (row for name in sources for row in read_rows(DATA / "pii" / "train" / f"{name}.jsonl.gz"))
    return {row["text"] for row in rows if evaluated.near(row["text"])}


def main():
    evaluated = Evaluated()
    for path in sorted((DATA / "pii" / "train").glob("*.jsonl.gz")):
        rows = read_rows(path)
        print(path.name, len(rows), "rows,", sum(evaluated.near(row["text"]) for row in rows), "left out")
    if len(sys.argv) < 2:
        return
    templates = Evaluated(without_values)
    with open(sys.argv[1], encoding="utf-8") as lines:
        near = [row for row in map(json.loads, lines) if evaluated.near(row["text"], exact=False) or templates.near(without_values(row), exact=False)]
    print("generated rows near an evaluated row:", len(near))
    for row in near[:20]:
        print(row["source"], row["text"][:200].replace("\n", "\\n"))
    sys.exit(bool(near))


if __name__ == "__main__":
    main()
