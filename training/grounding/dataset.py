"""Training rows of the grounding judge, from every source, as examples of one claim or one answer.

An example is (kind, first text, query, second text, label, spans, weight, source). `spans` are the wrong
stretches of the second text, None where they are not known.
"""

import functools
import json
import random
import sys
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "data"))
sys.path.insert(0, str(HERE.parent / "base"))
from corrupt import corrupt  # noqa: E402
from evidence import sentences  # noqa: E402
from rows import AUTHORED, DATA, bucket, read  # noqa: E402

# Rows per epoch of each third-party set and how much one counts.
SUPPORT = {
    "mnli_dev_matched": (10000, 1.0), "snli_dev": (5000, 0.7), "cad_nli": (5000, 0.8), "fever_dev": (9000, 1.0),
    "fever_symmetric_dev": (700, 1.0), "scifact_rte": (600, 1.0), "wice": (800, 1.0), "attributionbench_dev": (1100, 1.0),
    "summedits_train_domains": (2100, 1.3), "halueval_qa": (500, 0.4), "faithdial_audit": (520, 1.0), "tatqa": (2500, 0.6),
    "tabfact_pairs": (3000, 0.5), "synth_perturb": (5000, 0.7),
}
RELEVANCE = {
    "qnli_dev": (5500, 1.0), "squad_sentence": (9000, 0.8), "medquad": (3000, 0.7), "selqa_dev": (3500, 0.8), "pubmedqa": (1200, 0.5),
    "expertqa_lfqa": (1200, 0.5), "xquad": (5000, 0.8), "tatqa": (1500, 0.5),
}
# Sets whose supported claims are no copies: wrong versions of them are worth making.
REWORDED = {"summedits_train_domains", "wice", "attributionbench_dev", "faithdial_audit", "fever_dev"}
XQUAD_LANGUAGES = {"en", "es"}


@dataclass(frozen=True)
class Example:
    kind: str
    first: str
    query: str
    second: str
    label: float
    spans: tuple | None
    weight: float
    source: str
    lang: str = "en"


def third_party(name):
    """Rows of one set, without those that `check_leakage.py` found."""
    rows = read(DATA / "grounding" / "train" / f"{name}.jsonl.gz")
    return [row for row in rows if ((row["context"] or row["query"]), row["response"]) not in leaks()]


@functools.cache
def leaks():
    path = HERE / "work" / "leaks.json"
    return {tuple(pair) for pair in json.loads(path.read_text())} if path.exists() else set()


def held_out(context):
    """Rows of the project's own test set, and those that the calibration is fitted on, by context."""
    return bucket(context) < 10


def is_calibration(context):
    return 10 <= bucket(context) < 20


def authored_rows(extra=()):
    paths = sorted(AUTHORED.glob("grounding*.jsonl")) + [Path(path) for path in extra]
    return [row | {"source": path.stem} for path in paths for row in read(path)]


def claims(response, spans, label):
    """(text, spans, label) of each sentence of a response, as far as the labels reach."""
    parts = sentences(response)
    if len(parts) <= 1:
        return [(response.strip(), shifted(spans, response), label)]
    if label == 1:
        return [(response[start:end].strip(), (), 1) for start, end in parts]
    if not spans:
        # Which sentence is wrong is not known: the whole, if the judge can read it at once.
        return [(response.strip(), None, 0)]
    found = []
    for start, end in parts:
        text = response[start:end]
        lead = len(text) - len(text.lstrip())
        inside = tuple((max(a - start - lead, 0), min(b, end) - start - lead) for a, b in spans if a < end and b > start)
        found.append((text.strip(), inside, 0 if inside else 1))
    return found


def shifted(spans, response):
    if spans is None:
        return None
    lead = len(response) - len(response.lstrip())
    return tuple((max(a - lead, 0), b - lead) for a, b in spans)


def support_of(row, weight, source, lang="en", known_spans=True):
    label = row["grounded"]
    spans = tuple(map(tuple, row.get("spans") or ())) if known_spans or label == 1 else None
    if label == 0 and not spans:
        spans = None
    for text, inside, one in claims(row["response"], spans, label):
        if text and len(text) < 600:
            yield Example("support", row["context"], row.get("query") or "", text, one, inside if one == 0 else (), weight, source, lang)


def authored_examples(rows, chooser):
    for row in rows:
        lang = row["lang"]
        for answer in row["answers"]:
            text = answer["text"]
            span = answer.get("span")
            place = text.find(span) if span else -1
            spans = ((place, place + len(span)),) if place >= 0 else None
            as_row = {"context": row["context"], "query": row["query"], "response": text, "grounded": answer["grounded"], "spans": spans}
            yield from support_of(as_row, 1.0, row["source"], lang)
            if answer.get("relevant") is not None:
                yield Example("relevance", "", row["query"], text, answer["relevant"], None, 1.0, row["source"], lang)


def corrupted(examples, chooser, share=1.0, weight=0.8):
    """Wrong versions of supported claims."""
    supported = [example for example in examples if example.kind == "support" and example.label == 1]
    for example in supported:
        if chooser.random() > share:
            continue
        donor = chooser.choice(supported)
        foreign = donor.second if donor.first != example.first and donor.lang == example.lang else ""
        changed = corrupt(example.second, example.first, example.lang, chooser, foreign)
        if changed:
            text, span = changed
            yield Example("support", example.first, example.query, text, 0, (span,), weight, f"corrupted/{example.source}", example.lang)


def xquad_support(chooser, count):
    """Sentences of a paragraph about itself, half of them made wrong."""
    made = []
    for row in third_party("xquad"):
        lang = (row.get("orig") or {}).get("lang")
        if lang not in XQUAD_LANGUAGES or row["grounded"] != 1:
            continue
        made.append(Example("support", row["context"], row["query"] if chooser.random() < 0.4 else "", row["response"], 1, (), 0.6, "xquad", lang))
    chooser.shuffle(made)
    made = made[:count]
    return made[: len(made) // 2] + list(corrupted(made[len(made) // 2 :], chooser))


def epoch(seed, scale=1.0, extra=(), translated=(), authored_times=1):
    chooser = random.Random(seed)
    examples = []
    for name, (count, weight) in SUPPORT.items():
        rows = [row for row in third_party(name) if row.get("grounded") is not None and row["context"]]
        for row in chooser.sample(rows, min(len(rows), int(count * scale))):
            examples += support_of(row, weight, name)
    reworded = [example for example in examples if example.source in REWORDED]
    examples += corrupted(reworded, chooser)
    examples += xquad_support(chooser, int(3000 * scale))
    for name, (count, weight) in RELEVANCE.items():
        rows = [row for row in third_party(name) if row.get("relevant") is not None and row.get("query")]
        if name == "xquad":
            rows = [row for row in rows if (row.get("orig") or {}).get("lang") in XQUAD_LANGUAGES]
        if name == "selqa_dev":
            good = [row for row in rows if row["relevant"]]
            rows = good + chooser.sample([row for row in rows if not row["relevant"]], 3 * len(good))
        for row in chooser.sample(rows, min(len(rows), int(count * scale))):
            lang = (row.get("orig") or {}).get("lang") or "en"
            examples.append(Example("relevance", "", row["query"], row["response"], row["relevant"], None, weight, name, lang))
    examples += [Example(**item) for item in translated]
    own = [row for row in authored_rows(extra) if not held_out(row["context"]) and not is_calibration(row["context"])]
    for number in range(authored_times):
        written = list(authored_examples(own, chooser))
        examples += written
        examples += corrupted(written, chooser, 0.25)
    chooser.shuffle(examples)
    return examples
