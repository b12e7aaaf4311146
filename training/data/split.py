"""Writes the project's own test set: the tenth of the authored rows that `rows.is_test` chooses.

    python split.py
"""

import json

from rows import PROJECT, authored, is_test

OUTPUT = PROJECT / "evaluation" / "authored"


def main():
    OUTPUT.mkdir(parents=True, exist_ok=True)
    by_language = {}
    for row in authored():
        if is_test(row["text"]):
            by_language.setdefault(row["lang"], []).append(row)
    for language, rows in sorted(by_language.items()):
        rows.sort(key=lambda row: row["text"])
        with (OUTPUT / f"{language}.jsonl").open("w", encoding="utf-8") as file:
            for row in rows:
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
        print(language, len(rows))


if __name__ == "__main__":
    main()
