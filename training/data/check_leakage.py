"""Finds safety training rows that equal, or nearly equal, a row that is evaluated on, and keeps them out.

    python check_leakage.py

Evaluated are the third-party `eval/` sets and the project's own test set. Training rows that overlap (see
`overlap.py`) are listed in `leaks.json` (not committed: it holds third-party text), and training leaves
them out. The counts are printed.
"""

import json

from overlap import Evaluated
from rows import DATA, HERE, authored, is_test, read


def main():
    evaluated = [row["text"] for path in sorted((DATA / "safety" / "eval").glob("*.jsonl.gz")) for row in read(path)]
    evaluated = Evaluated(evaluated + [row["text"] for row in authored() if is_test(row["text"])])
    candidates = [(path.name, row["text"]) for path in sorted((DATA / "safety" / "train").glob("*.jsonl.gz")) for row in read(path)]
    candidates += [(row["source"], row["text"]) for row in authored() if not is_test(row["text"])]
    counts, leaks = {}, set()
    for source, text in candidates:
        if evaluated.near(text):
            counts[source] = counts.get(source, 0) + 1
            leaks.add(text)
    print("training rows left out:", counts)
    (HERE / "leaks.json").write_text(json.dumps(sorted(leaks), ensure_ascii=False))


if __name__ == "__main__":
    main()
