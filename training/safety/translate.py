"""Rough translations of English and Spanish training rows into Spanish, French, Portuguese, Italian.

    python translate.py

By Apertium (Debian packages apertium-eng-spa, apertium-fr-es, apertium-es-pt, apertium-spa-ita), which
is rule-based and offline; the result is clumsy but carries the words. Written to
`work/translated.jsonl`, which is not committed. Rows of the test set are never translated.
"""

import json
import pathlib
import random
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "data"))
from rows import DATA, authored, is_calibration, is_test, read  # noqa: E402

OUTPUT = HERE / "work" / "translated.jsonl"
FROM_SPANISH = {"fr": "es-fr", "pt": "es-pt", "it": "spa-ita"}
LONGEST = 400


def apertium(mode, texts):
    """Translates each text, kept on a line of its own."""
    joined = "\n".join(text.replace("\n", " ") for text in texts) + "\n"
    done = subprocess.run(["apertium", "-u", mode], input=joined, capture_output=True, text=True, check=True)
    lines = done.stdout.split("\n")[: len(texts)]
    if len(lines) != len(texts):
        raise ValueError(f"{mode}: {len(texts)} texts in, {len(lines)} out")
    return [line.replace("*", "").replace("#", "").replace("@", "") for line in lines]


def usable(row):
    text = row["text"]
    return len(text) <= LONGEST and not is_test(text) and not is_calibration(text)


def translated(rows, mode, language):
    texts = apertium(mode, [row["text"] for row in rows])
    return [
        row | {"text": text, "lang": language, "source": f"translated/{row['source']}"}
        for row, text in zip(rows, texts)
        if text.strip()
    ]


def main():
    random.seed(0)
    authored_rows = [row for row in authored() if usable(row)]
    english = [row for row in authored_rows if row["lang"] == "en"]
    for name, count in (("benign_instructions", 1500), ("benign_intents", 1500), ("caia_sensitive_benign", 800), ("catqa", 400), ("aart", 700), ("arena_hard_v2", 200)):
        rows = [row for row in read(DATA / "safety" / "train" / f"{name}.jsonl.gz") if row["lang"] == "en" and usable(row)]
        english += random.sample(rows, min(count, len(rows)))
    spanish = translated(english, "eng-spa", "es")
    rows = list(spanish)
    native = [row for row in authored_rows if row["lang"] == "es"]
    for language, mode in FROM_SPANISH.items():
        some = random.sample(spanish, len(spanish) // 2)
        rows += translated(native + some, mode, language)
    french = [row for row in authored_rows if row["lang"] == "fr"]
    rows += translated(french, "fr-es", "es")
    OUTPUT.parent.mkdir(exist_ok=True)
    with OUTPUT.open("w", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    print(len(rows), "rows")


if __name__ == "__main__":
    main()
