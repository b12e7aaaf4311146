"""Which texts equal, or nearly equal, a text that is evaluated on.

Two texts nearly equal when they share at least 60 % of the smaller text's shingles (runs of five words),
and at least three.
"""

import re
from collections import Counter, defaultdict

WORDS = re.compile(r"\w+")
RUN = 5
SHARE = 0.6


def plain(text):
    return " ".join(WORDS.findall(text.lower()))


def shingles(text):
    words = WORDS.findall(text.lower())
    return {" ".join(words[start : start + RUN]) for start in range(len(words) - RUN + 1)}


class Evaluated:
    """Index over the texts that are evaluated on."""

    def __init__(self, texts):
        self.exact, self.sizes, self.index = set(), [], defaultdict(list)
        for number, text in enumerate(texts):
            self.exact.add(plain(text))
            pieces = shingles(text)
            self.sizes.append(len(pieces))
            for piece in pieces:
                self.index[piece].append(number)

    def near(self, text, exact=True):
        """Whether `text` nearly equals one of them or, with `exact`, is one but for case and marks."""
        if exact and plain(text) and plain(text) in self.exact:
            return True
        pieces = shingles(text)
        shared = Counter(number for piece in pieces for number in self.index.get(piece, ()))
        return any(count >= 3 and count >= SHARE * min(len(pieces), self.sizes[number]) for number, count in shared.items())
