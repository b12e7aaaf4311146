"""Chooses the calibration and the golden texts from the rows written for this project.

    python texts.py DATA_DIR

writes calibration.jsonl and golden_texts.jsonl here (both are committed, so that the weights can be
made without the data). The two share no row, and take rows without any harm label only.
"""

import json
import pathlib
import random
import sys

SEED = 20261124
HERE = pathlib.Path(__file__).parent
CALIBRATION_PER_FILE = 16
GOLDEN_PER_FILE = 9

# Shapes that ordinary rows do not have.
GOLDEN_EXTRA = [
    "a",
    "Hello",
    "What is the weather like in Madrid today?",
    "How do I reset my online banking password?",
    "How should I invest for my retirement? I want to be able to generate $5,000 a month",
    "Providing personalized advice or recommendations on managing financial assets in a fiduciary capacity.",
    "1234567890 9876543210 0000 1111 2222",
    "!!! ??? ... --- ;;; ((()))",
    "SELECT name, price FROM orders WHERE id = 42; -- comment",
    "def f(x):\n    return [y ** 2 for y in x if y % 2 == 0]",
    "https://example.com/a/b?c=d&e=f#g user@example.org +44 20 7946 0000",
    "今日はとても良い天気ですね。公園へ行きましょう。",
    "我昨天在图书馆借了三本书，今天已经看完了一本。",
    "오늘 날씨가 정말 좋네요. 산책하러 갈까요?",
    "Съешь ещё этих мягких французских булок, да выпей же чаю.",
    "أين تقع أقرب محطة قطار من هنا؟",
    "Können Sie mir bitte die Öffnungszeiten der Straßenbahn-Auskunft mitteilen?",
    "Zażółć gęślą jaźń. Příliš žluťoučký kůň úpěl ďábelské ódy.",
    "thanks 😀😀 see you tomorrow 🎉",
    "the the the the the the the the the the the the the the the the",
]


def harmless(row):
    return not any(row.get("labels", {}).values())


def texts_of(path):
    for line in path.open(encoding="utf-8"):
        row = json.loads(line)
        text = row.get("context") or row["text"]
        if harmless(row):
            yield {"text": text, "source": path.stem}


def main():
    data = pathlib.Path(sys.argv[1]) / "authored"
    calibration, golden = [], []
    for path in sorted(data.glob("*.jsonl")):
        rows = list(texts_of(path))
        random.Random(f"{SEED} {path.stem}").shuffle(rows)
        unique = list({row["text"]: row for row in rows}.values())
        calibration += unique[:CALIBRATION_PER_FILE]
        golden += unique[CALIBRATION_PER_FILE : CALIBRATION_PER_FILE + GOLDEN_PER_FILE]
    # Long inputs, up to and past the 512 positions, by joining neighbours.
    for size in (4, 8, 16):
        calibration.append({"text": "\n\n".join(r["text"] for r in calibration[:size]), "source": "joined"})
        golden.append({"text": "\n\n".join(r["text"] for r in golden[:size]), "source": "joined"})
    golden += [{"text": text, "source": "written here"} for text in GOLDEN_EXTRA]
    for name, rows in (("calibration", calibration), ("golden_texts", golden)):
        with (HERE / f"{name}.jsonl").open("w", encoding="utf-8") as out:
            for row in rows:
                out.write(json.dumps(row, ensure_ascii=False) + "\n")
        print(name, len(rows))


if __name__ == "__main__":
    main()
