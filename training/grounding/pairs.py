"""How the grounding judge reads a pair of texts: layout, word features. The product does exactly the same
(`crates/models/src/grounding`); change both or neither.

Support: `[CLS] evidence [SEP] query [SEP] claim [SEP]`; without the query where there is none or it is
longer than QUERY_TOKENS. Relevance: `[CLS] query [SEP] answer [SEP]`.

Every token carries a feature: which text it is of, and whether its word occurs on the other side. A small
model learns to align two texts slowly; the features show it where they differ from the first step on.
"""

import pathlib
import re
import sys
import unicodedata

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent / "base"))
from guarded import guarded  # noqa: E402

CLS, SEP = 101, 102
EVIDENCE_TOKENS, CLAIM_TOKENS, QUERY_TOKENS, ANSWER_TOKENS = 160, 96, 64, 160
FEATURES = 15
(
    SPECIAL, EVIDENCE, EVIDENCE_SHARED, QUERY, CLAIM_SHARED, CLAIM_ALIKE, CLAIM_NEW, CLAIM_NEW_DIGITS,
    CLAIM_NEW_NAME, CLAIM_IN_QUERY, ASKED, ASKED_SHARED, ANSWER_SHARED, ANSWER_DIGITS, ANSWER_OTHER,
) = range(FEATURES)
GROUNDED, RELEVANT, UNSUPPORTED = range(3)
LABELS = ["GROUNDED", "RELEVANT", "UNSUPPORTED"]
NUMBER = re.compile(r"[0-9.,]+\Z")
THOUSANDS = re.compile(r"[.,](?=[0-9]{3}(?:[.,]|\Z))")


def words(text):
    """Ranges of the words of `text`: runs of alphanumeric characters, in which a point or comma between
    two digits does not end the run."""
    found, start, size = [], None, len(text)
    for place, character in enumerate(text):
        inside = character.isalnum() or (
            character in ".,"
            and start is not None
            and "0" <= text[place - 1] <= "9"
            and place + 1 < size
            and "0" <= text[place + 1] <= "9"
        )
        if inside and start is None:
            start = place
        elif not inside and start is not None:
            found.append((start, place))
            start = None
    if start is not None:
        found.append((start, size))
    return found


def normal(word):
    """Lower case without accents; numbers without separators of thousands and needless zeros."""
    plain = "".join(c for c in unicodedata.normalize("NFD", word) if unicodedata.category(c) != "Mn").lower()
    if NUMBER.match(plain) and plain.isascii():
        plain = THOUSANDS.sub("", plain).replace(",", ".")
        if "." in plain:
            plain = plain.rstrip("0").rstrip(".")
    return plain


def is_number(word):
    return bool(NUMBER.match(word))


def stem_length(word):
    """How many first characters must agree for two words to be alike; None where they cannot be."""
    if is_number(word) or len(word) < 5:
        return None
    return max(5, (2 * len(word) + 2) // 3)


class Vocabulary:
    """The words of one text, to look others up in."""

    def __init__(self, normals):
        self.same = set(normals)
        self.beginnings = {word[:size] for word in self.same for size in range(5, len(word) + 1)}

    def alike(self, word):
        size = stem_length(word)
        return size is not None and word[:size] in self.beginnings

    def has(self, word):
        return word in self.same or self.alike(word)


class Reading:
    """A text, its tokens and their words."""

    def __init__(self, text, tokenizer, encoding=None):
        self.text = text
        encoding = encoding if encoding is not None else tokenizer.encode(text)
        ids, offsets = guarded(text, encoding, tokenizer)
        self.ids, self.offsets = ids[1:-1], offsets[1:-1]
        self.words = words(text)
        self.normals = [normal(text[start:end]) for start, end in self.words]
        # Index of each token's word; None between words.
        self.word_of, word = [], 0
        for start, _ in self.offsets:
            while word < len(self.words) and self.words[word][1] <= start:
                word += 1
            inside = word < len(self.words) and self.words[word][0] <= start
            self.word_of.append(word if inside else None)

    def features(self, of_word, otherwise):
        values = [of_word(index) for index in range(len(self.words))]
        return [otherwise if word is None else values[word] for word in self.word_of]

    def has_digit(self, index):
        start, end = self.words[index]
        return any("0" <= c <= "9" for c in self.text[start:end])


def support(evidence, query, claim):
    """Ids, features, and where the claim begins, of three readings; `query` may be None."""
    if query is not None and not 0 < len(query.ids) <= QUERY_TOKENS:
        query = None
    known, wanted = Vocabulary(evidence.normals), Vocabulary(claim.normals)
    asked = set(query.normals) if query is not None else set()
    claimed = list(wanted.same)
    # A word of the evidence is shared if a word of the claim is the same or alike to it.
    stems = {word[: stem_length(word)] for word in claimed if stem_length(word)}

    def of_evidence(index):
        word = evidence.normals[index]
        if word in wanted.same:
            return EVIDENCE_SHARED
        return EVIDENCE_SHARED if any(word[:size] in stems for size in range(5, len(word) + 1)) else EVIDENCE

    def of_claim(index):
        word = claim.normals[index]
        if word in known.same:
            return CLAIM_SHARED
        if known.alike(word):
            return CLAIM_ALIKE
        if word in asked:
            return CLAIM_IN_QUERY
        if claim.has_digit(index):
            return CLAIM_NEW_DIGITS
        if index > 0 and claim.text[claim.words[index][0]].isupper():
            return CLAIM_NEW_NAME
        return CLAIM_NEW

    ids = [CLS, *evidence.ids, SEP]
    features = [SPECIAL, *evidence.features(of_evidence, EVIDENCE), SPECIAL]
    if query is not None:
        ids += [*query.ids, SEP]
        features += [QUERY] * len(query.ids) + [SPECIAL]
    begin = len(ids)
    ids += [*claim.ids, SEP]
    features += [*claim.features(of_claim, CLAIM_SHARED), SPECIAL]
    return ids, features, begin


def relevance(query, answer):
    """Ids and features of two readings."""
    asked, answered = Vocabulary(query.normals), Vocabulary(answer.normals)

    def of_query(index):
        return ASKED_SHARED if answered.has(query.normals[index]) else ASKED

    def of_answer(index):
        if asked.has(answer.normals[index]):
            return ANSWER_SHARED
        return ANSWER_DIGITS if answer.has_digit(index) else ANSWER_OTHER

    ids = [CLS, *query.ids, SEP, *answer.ids, SEP]
    features = [SPECIAL, *query.features(of_query, ASKED), SPECIAL, *answer.features(of_answer, ANSWER_OTHER), SPECIAL]
    return ids, features
