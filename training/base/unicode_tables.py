"""Writes the character classes of the reference tokenizer as Rust tables.

The reference normaliser rests on tables of several old Unicode versions at once, so its classes
cannot be taken from any one Unicode crate. Every code point is put to the reference itself.

    python unicode_tables.py > ../../crates/encoder/src/tokenizer/unicode_tables.rs
"""

import tokenizers
from tokenizers.normalizers import NFD, BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer

OFF = dict(clean_text=False, handle_chinese_chars=False, strip_accents=False, lowercase=False)
CLEAN = BertNormalizer(**{**OFF, "clean_text": True})
SPACED = BertNormalizer(**{**OFF, "handle_chinese_chars": True})
ACCENTS = BertNormalizer(**{**OFF, "strip_accents": True})
DECOMPOSE = NFD()
SPLIT = BertPreTokenizer()

# Combining marks of the lowest and the highest class that reorders: a mark between them moves
# past one of the two.
LOWEST, HIGHEST = "\u0334", "\u0345"


def is_removed(c):
    return CLEAN.normalize_str(c) == ""


def is_spaced(c):
    return SPACED.normalize_str(c) != c


def is_stripped(c):
    return ACCENTS.normalize_str(c) == ""


def is_punctuation(c):
    return [piece for piece, _ in SPLIT.pre_tokenize_str("a" + c + "a")] == ["a", c, "a"]


def is_decomposed(c):
    return DECOMPOSE.normalize_str(c) != c


def is_reordered(c):
    if is_decomposed(c):
        return False
    return DECOMPOSE.normalize_str(c + LOWEST) != c + LOWEST or DECOMPOSE.normalize_str(HIGHEST + c) != HIGHEST + c


TABLES = [
    ("REMOVED", is_removed, "Dropped by the cleaning step: NUL, U+FFFD, controls, format and private-use characters."),
    ("SPACED", is_spaced, "CJK ideographs: each becomes a word of its own."),
    ("STRIPPED", is_stripped, "Non-spacing marks, dropped after decomposition."),
    ("PUNCTUATION", is_punctuation, "Punctuation: each becomes a word of its own."),
    ("DECOMPOSED", is_decomposed, "Characters with a canonical decomposition in the reference's Unicode version (Hangul included)."),
    ("REORDERED", is_reordered, "Characters with a canonical combining class other than 0 in the reference's Unicode version."),
]


def ranges(points):
    found = []
    for point in points:
        if found and found[-1][1] == point - 1:
            found[-1][1] = point
        else:
            found.append([point, point])
    return found


def main():
    points = [p for p in range(0x110000) if not 0xD800 <= p < 0xE000]
    print("//! Character classes of the reference tokenizer, found by asking it about every code point.")
    print("//!")
    print(f"//! Written by `training/base/unicode_tables.py` from `tokenizers` {tokenizers.__version__}. Do not edit.")
    print('#![allow(clippy::unreadable_literal, reason = "code points are not digit groups")]')
    for name, belongs, doc in TABLES:
        found = ranges(p for p in points if belongs(chr(p)))
        print(f"\n/// {doc}\n#[rustfmt::skip]\npub(super) const {name}: &[(u32, u32)] = &[")
        for start in range(0, len(found), 5):
            row = found[start : start + 5]
            print("    " + " ".join(f"(0x{a:04X}, 0x{b:04X})," for a, b in row))
        print("];")


if __name__ == "__main__":
    main()
