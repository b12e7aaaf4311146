"""Finds training rows that equal, or nearly equal, a row that is evaluated on, and keeps them out.

    python check_leakage.py

Two texts nearly equal when they share at least 60 % of the smaller text's shingles (runs of five
words), and at least three. Evaluated are the third-party `eval/` sets and the project's own test set.
Training rows that overlap are listed in `leaks.json` (not committed: it holds third-party text), and
training leaves them out. The counts are printed.
"""

import json
import re
from collections import Counter, defaultdict

from rows import DATA, HERE, authored, is_test, read

WORDS = re.compile(r"\w+")
RUN = 5
SHARE = 0.6


def shingles(text):
    words = WORDS.findall(text.lower())
    return {hash(" ".join(words[start : start + RUN])) for start in range(len(words) - RUN + 1)}


def main():
    evaluated = [row["text"] for path in sorted((DATA / "safety" / "eval").glob("*.jsonl.gz")) for row in read(path)]
    own_test = [row["text"] for row in authored() if is_test(row["text"])]
    index, exact, sizes = defaultdict(list), set(), []
    for number, text in enumerate(evaluated + own_test):
        exact.add(" ".join(WORDS.findall(text.lower())))
        pieces = shingles(text)
        sizes.append(len(pieces))
        for piece in pieces:
            index[piece].append(number)

    def leaks(text):
        plain = " ".join(WORDS.findall(text.lower()))
        if plain and plain in exact:
            return True
        pieces = shingles(text)
        shared = Counter(number for piece in pieces for number in index.get(piece, ()))
        return any(count >= 3 and count >= SHARE * min(len(pieces), sizes[number]) for number, count in shared.most_common(5))

    found = {}
    for path in sorted((DATA / "safety" / "train").glob("*.jsonl.gz")):
        texts = [row["text"] for row in read(path) if leaks(row["text"])]
        if texts:
            found[path.name] = len(texts)
            for text in texts:
                found.setdefault("texts", []).append(text)
    for row in authored():
        if not is_test(row["text"]) and leaks(row["text"]):
            found[row["source"]] = found.get(row["source"], 0) + 1
            found.setdefault("texts", []).append(row["text"])
    print("training rows left out:", {name: count for name, count in found.items() if name != "texts"})
    (HERE / "leaks.json").write_text(json.dumps(sorted(set(found.get("texts", []))), ensure_ascii=False))


if __name__ == "__main__":
    main()
