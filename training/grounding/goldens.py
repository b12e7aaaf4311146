"""Writes what the product's reading of pairs is held against: the word features of `pairs.py`.

    python goldens.py

For each pair its texts and the feature of every token, as a letter from `a` on. Pairs with a character that
the vocabulary lacks are left out: the product tells their tokens' places apart more finely.
"""

import json
import pathlib
import random
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path += [str(HERE.parent / "data"), str(HERE.parent / "base")]
from guarded import UNKNOWN  # noqa: E402
from pairs import Reading, relevance, support  # noqa: E402
from reference import load_tokenizer  # noqa: E402
from rows import authored_answers, is_test  # noqa: E402

OUTPUT = HERE.parent.parent / "crates" / "models" / "tests" / "grounding_pairs.json"
SEED = 4
SOURCE, CONTEXTS = "authored/grounding", 60

# Evidence, query, claim: numbers, accents, case, likeness, nothing at all.
TRICKY = [
    ("", "", ""),
    ("", "", "A claim."),
    ("Evidence.", "", ""),
    ("The fee is 1,000.50 EUR.", "What is the fee?", "The fee is 1.000,50 EUR."),
    ("It costs 23.990 % or 0.5.", "", "It costs 23.99 %, 0,50 and 12.5.2024."),
    ("L'ÉTÉ dernier, les frais étaient élevés.", "Quels étaient les frais ?", "l'ete dernier les frais etaient Élevées"),
    ("El señor Núñez cobró la comisión.", "¿Quién cobró?", "NUNEZ cobra comisiones, según Señoría."),
    ("Payments are charged monthly.", "When is it charged?", "The payment charge is a month."),
    ("transactional transaction", "translation", "transaction translation transact"),
    ("e\u0301t\u0301 1,,2 3.x a.1 ,5 5,", "", "et 1,2 3.x a1 5"),
    ("x² + y³ ½ ① Ⅳ ª", "", "X² Y³ ½ 1 iv ª"),
    ("日本語テキスト 中文", "中文", "日本語 中文 テキスト"),
    ("Привет, Мир", "", "привет мир Мира"),
    ("İstanbul ΣΊΣΥΦΟΣ straße", "", "istanbul σίσυφος STRASSE"),
    ("$100.50 €20 £3", "100.5?", "100.5 20.0 3,00 4"),
    ("one two three four five six", "seven", "Seven Eight nine Ten One"),
    ("don't stop-me now...", "Who won't?", "Don't you won't Stop"),
    ("The 3rd of May, 10:30", "", "On 3 May at 10.30 or 10:30"),
]


def golden(kind, texts, readings):
    if kind == "support":
        ids, features, _ = support(*readings)
    else:
        ids, features = relevance(*readings)
    if UNKNOWN in ids:
        return None
    return {"kind": kind, "texts": texts, "features": "".join(chr(ord("a") + value) for value in features)}


def authored():
    rows = [row for row in authored_answers() if row["source"] == SOURCE and not is_test(row["context"])]
    chance = random.Random(SEED)
    for row in chance.sample(rows, min(CONTEXTS, len(rows))):
        for answer in chance.sample(row["answers"], 2):
            yield row["context"][:700], row["query"], answer["text"]


def main():
    tokenizer = load_tokenizer()
    found = []
    for evidence, query, claim in [*TRICKY, *authored()]:
        texts = [evidence, query, claim]
        readings = [Reading(text, tokenizer) for text in texts]
        found.append(golden("support", texts, readings))
        found.append(golden("relevance", [query, claim], readings[1:]))
    for evidence, _, claim in TRICKY:
        readings = [Reading(text, tokenizer) for text in (claim, evidence)]
        found.append(golden("relevance", [claim, evidence], readings))
    found = [row for row in found if row is not None]
    rows = ",\n".join(json.dumps(row, ensure_ascii=False) for row in found)
    OUTPUT.write_text(f"[\n{rows}\n]\n", encoding="utf-8")
    print(len(found), "pairs")


if __name__ == "__main__":
    main()
