"""Writes the project's own test sets: the tenth of the authored rows that `rows.is_test` chooses, and of the
answers the tenth of their sources.

    python split.py
"""

import json

from rows import PROJECT, authored, authored_answers, is_test

EVALUATION = PROJECT / "evaluation"


def write(folder, rows, key):
    """`rows` into one file per language, in the order of `key`."""
    folder.mkdir(parents=True, exist_ok=True)
    by_language = {}
    for row in rows:
        by_language.setdefault(row["lang"], []).append(row)
    for language, of_language in sorted(by_language.items()):
        of_language.sort(key=key)
        with (folder / f"{language}.jsonl").open("w", encoding="utf-8") as file:
            for row in of_language:
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
        print(folder.name, language, len(of_language))


def main():
    texts = [row for row in authored() if is_test(row["text"])]
    write(EVALUATION / "authored", texts, lambda row: row["text"])
    answers = [row for row in authored_answers() if is_test(row["context"])]
    write(EVALUATION / "authored_grounding", answers, lambda row: (row["context"], row["query"]))


if __name__ == "__main__":
    main()
