"""Which sentences of a source a claim is judged by: what the product's room does, by words alone.

The product also weighs the likeness of embeddings; training does without it, and sees sources longer than
the evidence in the same way otherwise.
"""

import math
import re

from pairs import EVIDENCE_TOKENS, Reading, Vocabulary

LONGEST = 60
SHORT = {"mr", "mrs", "ms", "dr", "st", "vs", "no", "nr", "art", "sr", "sra", "mme", "jr", "inc", "ltd", "co", "p", "e.g", "i.e", "approx", "dept"}


def sentences(text):
    """Ranges of the sentences: cut at line breaks and after closing marks, not after abbreviations,
    initials and within numbers."""
    found, start = [], 0
    for place in re.finditer(r"\n+|[.!?…]+[\"'»”)\]]*\s+|\Z", text):
        end = place.end()
        if place.group().startswith("."):
            before = text[start : place.start()].rsplit(None, 1)[-1:] or [""]
            word = before[0].lower().lstrip("(\"'«“")
            if word in SHORT or (len(word) == 1 and word.isalpha()):
                continue
        if text[start:end].strip():
            found.append((start, end))
        start = end
    return found


class Source:
    """A source cut into units of at most LONGEST tokens, read once."""

    def __init__(self, text, tokenizer):
        self.text = text
        pieces = []
        for start, end in sentences(text):
            reading = Reading(text[start:end].strip(), tokenizer)
            if len(reading.ids) <= LONGEST:
                pieces.append(reading)
                continue
            # Too long for one unit: at word boundaries.
            first, words = 0, reading.offsets
            while first < len(reading.ids):
                last = min(first + LONGEST, len(reading.ids))
                while last < len(reading.ids) and reading.word_of[last] is not None and reading.word_of[last] == reading.word_of[last - 1] and last > first + 1:
                    last -= 1
                pieces.append(Reading(reading.text[words[first][0] : words[last - 1][1]], tokenizer))
                first = last
        self.units = [piece for piece in pieces if piece.ids]
        self.size = sum(len(unit.ids) for unit in self.units)
        self.vocabularies = [Vocabulary(unit.normals) for unit in self.units]
        counts = {}
        for unit in self.units:
            for word in set(unit.normals):
                counts[word] = counts.get(word, 0) + 1
        self.counts = counts

    def weight(self, word):
        return math.log((len(self.units) + 1) / (self.counts.get(word, 0) + 0.5))

    def evidence(self, claim, query=None, tokens=EVIDENCE_TOKENS):
        """The text that `claim`, a reading, is judged by: units chosen for the words of the claim that they
        add, in the source's order."""
        if self.size <= tokens:
            return " ".join(unit.text for unit in self.units)
        wanted = {word: self.weight(word) for word in claim.normals}
        if query is not None and len(wanted) < 8:
            for word in query.normals:
                wanted.setdefault(word, 0.5 * self.weight(word))
        hits = [{word for word in wanted if vocabulary.has(word)} for vocabulary in self.vocabularies]
        chosen, covered, room = set(), {}, tokens
        while True:
            best, best_gain = None, 0.0
            for index, words in enumerate(hits):
                if index in chosen or len(self.units[index].ids) > room:
                    continue
                # A word that is covered already counts for less each time.
                gain = sum(wanted[word] * 0.35 ** covered.get(word, 0) for word in words)
                gain += 0.15 * sum(wanted[word] for near in (index - 1, index + 1) if near in chosen for word in words)
                gain /= (len(self.units[index].ids) + 12) ** 0.35
                if gain > best_gain:
                    best, best_gain = index, gain
            if best is None:
                break
            chosen.add(best)
            room -= len(self.units[best].ids)
            for word in hits[best]:
                covered[word] = covered.get(word, 0) + 1
        # What is left goes to the neighbours of the best units.
        for index in sorted(chosen):
            for near in (index - 1, index + 1):
                if 0 <= near < len(self.units) and near not in chosen and len(self.units[near].ids) <= room:
                    chosen.add(near)
                    room -= len(self.units[near].ids)
        return " ".join(self.units[index].text for index in sorted(chosen)) or self.units[0].text
