"""Labelled rows → token ids, case classes and, for each token, the tags that are right for it.

A tag set per token instead of one tag, since the sources differ in what they annotate: a name in a row of
a source that labels addresses alone is neither right nor wrong. `SOURCES` says for each source which
types an unlabelled token may have all the same.
"""

import bisect
import collections
import hashlib
import random
import re
import unicodedata

from fields import DATA, read_rows

TYPES = ["NAME", "ADDRESS", "AGE", "USERNAME", "PASSWORD", "DRIVER_ID", "LICENSE_PLATE", "PIN", "LOCATION", "ORGANIZATION"]
TAGS = ["O"] + [f"{part}-{kind}" for kind in TYPES for part in "BI"]
ALL = (1 << len(TAGS)) - 1
OUTSIDE = 1
TOKENS = 128
OVERLAP = 32


def begin(kind):
    return 1 << (1 + 2 * TYPES.index(kind))


def inside(kind):
    return 2 << (1 + 2 * TYPES.index(kind))


def either(*kinds):
    return sum(begin(kind) | inside(kind) for kind in kinds)


# Label of a source that is none of ours → the types that its tokens may have, O among them if "O".
LOOSE = {
    "MISC": ("O", "ORGANIZATION", "LOCATION"),
    "PRODUCT": ("O", "ORGANIZATION"),
    "WORK": ("O", "ORGANIZATION"),
    "GROUP": ("O", "ORGANIZATION"),
    "BUSINESS": ("ORGANIZATION",),
    "SYSTEM": ("O", "ORGANIZATION"),
    "ARTIST": ("NAME", "ORGANIZATION"),
    "PROVIDER_NAME": ("NAME", "ORGANIZATION"),
    "COUNTRY": ("LOCATION",),
}
# Source → (rows taken at most in an epoch, weight, types that an unlabelled token may have).
SOURCES = {
    "btc": (2500, 0.7, ("AGE", "ADDRESS")),
    "wnut17": (2500, 0.7, ("AGE", "ADDRESS")),
    "uner_en_ewt": (1845, 1.0, ("AGE", "ADDRESS", "USERNAME")),
    "uner_pt_bosque": (1500, 0.7, ("AGE", "ADDRESS")),
    "uner_sv_talbanken": (400, 0.5, ("AGE", "ADDRESS")),
    "wikigold": (1712, 1.0, ("AGE", "ADDRESS")),
    "sec_filings": (500, 0.5, ("ADDRESS",)),
    "meddocan": (1500, 0.7, ("ORGANIZATION", "LOCATION", "ADDRESS", "DRIVER_ID", "PIN")),
    "sgd": (2500, 0.5, ("NAME", "ORGANIZATION", "LOCATION", "AGE", "USERNAME")),
    "slurp": (1000, 0.7, ("AGE", "ADDRESS", "ORGANIZATION")),
    "usaddress": (800, 0.7, ()),
    "nannigalaxy_nano": (149, 0.7, ("ORGANIZATION", "LOCATION", "USERNAME", "AGE", "ADDRESS")),
}
AUTHORED_UNKNOWN = ("ORGANIZATION", "LOCATION")
# Kinds of text that a source calls by a type of ours, but not as we do.
RELABELLED = {("meddocan", "LOCATION"): ("O", "LOCATION", "ADDRESS"), ("btc", "LOCATION"): ("LOCATION", "ADDRESS")}


def allowed_of(kinds):
    return either(*(kind for kind in kinds if kind != "O")) | (OUTSIDE if "O" in kinds else 0)


def bucket(text):
    """The hash that splits the authored rows: below 10 the project's test set, below 18 calibration."""
    return int.from_bytes(hashlib.sha256(text.encode("utf-8")).digest()[:4], "big") % 100


# === case classes: crates/encoder/src/tokenizer/case.rs has the definition ===

WHITE = set("\t\n\x0b\x0c\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000") | {chr(code) for code in range(0x2000, 0x200B)}
ASCII_PUNCTUATION = set("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")


def is_delimiter(sign):
    return sign in WHITE or sign in ASCII_PUNCTUATION or unicodedata.category(sign).startswith("P")


def is_letter(sign):
    return sign.isupper() or sign.islower()


def is_digit(sign):
    return "0" <= sign <= "9"


def class_of_word(word):
    digits = sum(map(is_digit, word))
    upper = sum(sign.isupper() for sign in word)
    lower = sum(sign.islower() for sign in word)
    if digits:
        return 6 if upper + lower else 5
    if not upper:
        return 1
    if not lower and upper >= 2:
        return 3
    starts_upper = next(sign for sign in word if is_letter(sign)).isupper()
    return 2 if upper == 1 and starts_upper else 4


def case_classes(text, offsets):
    """One class per token; `offsets` are those of the tokens without [CLS] and [SEP]."""
    of_sign, start = [7] * len(text), None
    for at in range(len(text) + 1):
        if at < len(text) and not is_delimiter(text[at]):
            start = at if start is None else start
        elif start is not None:
            word = text[start:at]
            if any(is_letter(sign) or is_digit(sign) for sign in word):
                kind = class_of_word(word)
                for place in range(start, at):
                    if is_letter(text[place]) or is_digit(text[place]):
                        of_sign[place] = kind
            start = None
    classes = []
    for begin_at, end_at in offsets:
        found = (of_sign[place] for place in range(begin_at, end_at) if is_letter(text[place]) or is_digit(text[place]))
        classes.append(next(found, 7))
    return classes


# === rows ===


class Sample:
    """One window: ids and classes with [CLS] and [SEP], a tag set per token, a weight."""

    __slots__ = ("ids", "classes", "allowed", "weight")

    def __init__(self, ids, classes, allowed, weight):
        self.ids, self.classes, self.allowed, self.weight = ids, classes, allowed, weight


def tag_sets(row, offsets, unknown, counts):
    """For each token the set of tags that are right, as bits."""
    outside = OUTSIDE | either(*unknown)
    source = row["source"]
    sets = [outside] * len(offsets)
    starts = [start for start, _ in offsets]
    for span in row["spans"]:
        kind = span["type"]
        loose = RELABELLED.get((source, kind)) or LOOSE.get(kind)
        if kind not in TYPES and loose is None:
            continue
        at = max(0, bisect.bisect_right(starts, span["start"]) - 1)
        first = True
        covered = 0
        while at < len(offsets) and offsets[at][0] < span["end"]:
            start, end = offsets[at]
            if end <= span["start"] or end == start:
                at += 1
                continue
            if start < span["start"] or end > span["end"]:
                # A token that is half inside says nothing.
                sets[at] = ALL
                counts["tokens half in a span"] += 1
            elif loose is not None:
                sets[at] = allowed_of(loose)
            else:
                sets[at] = begin(kind) if first else inside(kind)
            covered += 1
            first = False
            at += 1
        counts["spans"] += 1
        if not covered:
            counts["spans without a token"] += 1
    return sets


def verify(text, spans, offsets, sets):
    """Every sign of a labelled span that is no space is in a token of that span, and no other token is."""
    for span in spans:
        if span["type"] not in TYPES:
            continue
        right = begin(span["type"]) | inside(span["type"])
        held = set()
        for (start, end), allowed in zip(offsets, sets):
            if start >= span["start"] and end <= span["end"] and end > start:
                assert allowed & right, (text, span)
                held.update(range(start, end))
        missing = [at for at in range(span["start"], span["end"]) if at not in held and text[at].isalnum() and text[at].isascii()]
        assert not missing or any(start < span["start"] < end or start < span["end"] < end for start, end in offsets), (text, span)


def encode_rows(tokenizer, rows, unknown, weight, counts, strict=False):
    """Windows of all rows."""
    encodings = tokenizer.encode_batch([row["text"] for row in rows], add_special_tokens=False)
    cls, sep = tokenizer.token_to_id("[CLS]"), tokenizer.token_to_id("[SEP]")
    for row, encoding in zip(rows, encodings):
        offsets = encoding.offsets
        if not offsets:
            continue
        sets = tag_sets(row, offsets, unknown, counts)
        if strict:
            verify(row["text"], row["spans"], offsets, sets)
        classes = case_classes(row["text"], offsets)
        room = TOKENS - 2
        start = 0
        while True:
            end = min(start + room, len(offsets))
            part = sets[start:end]
            if start and part[0] != OUTSIDE:
                # A window may begin within a value: its first token then begins it.
                part[0] |= (part[0] & 0b101010101010101010100) >> 1
            yield Sample([cls, *encoding.ids[start:end], sep], [0, *classes[start:end], 0], [ALL, *part, ALL], weight)
            if end == len(offsets):
                break
            start = end - OVERLAP


def lower(row):
    text = row["text"].lower()
    return row | {"text": text} if len(text) == len(row["text"]) else row


def shorten(row, rng):
    """A stretch of whole lines of a long document (clinical reports)."""
    text = row["text"]
    if len(text) < 600:
        return row
    lines = [0] + [match.end() for match in re.finditer(r"\n|(?<=\.) ", text)]
    start = rng.choice(lines[:-1]) if rng.random() < 0.7 else 0
    end = next((at for at in lines if at >= start + 350), len(text))
    spans = [span | {"start": span["start"] - start, "end": span["end"] - start} for span in row["spans"] if span["start"] >= start and span["end"] <= end]
    cut = any(span["start"] < start < span["end"] or span["start"] < end < span["end"] for span in row["spans"])
    return row if cut else row | {"text": text[start:end], "spans": spans}


def load_sources(leaked):
    """source → rows, without those that are near a row of an evaluation set."""
    sources = {}
    for name in SOURCES:
        rows = read_rows(DATA / "pii" / "train" / f"{name}.jsonl.gz")
        sources[name] = [row for row in rows if row["text"].strip() and row["text"] not in leaked]
    return sources


def real_epoch(sources, rng):
    """Rows of all third-party sources for one epoch, as (rows, unknown types, weight)."""
    for name, rows in sources.items():
        most, weight, unknown = SOURCES[name]
        chosen = rows if len(rows) <= most else rng.sample(rows, most)
        if name == "meddocan":
            chosen = [shorten(rng.choice(rows), rng) for _ in range(most)]
        yield name, [lower(row) if rng.random() < 0.15 else row for row in chosen], unknown, weight


def count_types(samples):
    counts = collections.Counter()
    for sample in samples:
        for allowed in sample.allowed:
            if allowed != ALL and allowed & (allowed - 1) == 0:
                counts[TAGS[allowed.bit_length() - 1]] += 1
    return counts
