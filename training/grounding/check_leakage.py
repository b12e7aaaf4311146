"""Finds grounding training rows that equal, or nearly equal, a pair that is evaluated on, and keeps them out.

    python check_leakage.py

A row leaks if its response nearly equals an evaluated one (see `overlap.py`) and its context, or where it
has none its query, nearly equals one too. Listed in `work/leaks.json` (not committed: it holds third-party
text); `dataset.py` leaves them out. The counts are printed.
"""

import json

from dataset import HERE, authored_rows, held_out, third_party, RELEVANCE, SUPPORT
from overlap import Evaluated
from rows import DATA, read


def main():
    responses, others = [], []
    for path in sorted((DATA / "grounding" / "eval").glob("*.jsonl.gz")):
        for row in read(path):
            responses.append(row["response"])
            others.append(row["context"] or row["query"])
    for row in authored_rows():
        if held_out(row["context"]):
            responses += [answer["text"] for answer in row["answers"]]
            others.append(row["context"])
    responses, others = Evaluated(set(responses)), Evaluated(set(others))
    counts, leaks = {}, set()
    for name in sorted({*SUPPORT, *RELEVANCE}):
        for row in third_party(name):
            other = row["context"] or row["query"]
            if responses.near(row["response"]) and others.near(other):
                counts[name] = counts.get(name, 0) + 1
                leaks.add((other, row["response"]))
    print("training rows left out:", counts)
    (HERE / "work").mkdir(exist_ok=True)
    (HERE / "work" / "leaks.json").write_text(json.dumps(sorted(leaks), ensure_ascii=False))


if __name__ == "__main__":
    main()
