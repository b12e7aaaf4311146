"""Writes what the Rust encoder is held against, from the reference tokenizer and the fp32 model.

    python goldens.py

- embeddings.json, embeddings.f32: texts of golden_texts.jsonl, their ids (the first 512), and the
  fp32 model's unit-length embeddings, little-endian, one after another;
- tokens.json: tricky texts, ids, and byte offsets of the tokens between [CLS] and [SEP];
- code_points.txt: for each 4,096 code points, in order, the digest of "a" + c + "b " + c + "é" for each;
- random.txt: for each seed 0, 1, …, the digest of 64 random strings.

A digest is FNV-1a (64 bits) over the ids and offsets as little-endian u32. Random strings come from
SplitMix64, which the Rust test repeats.
"""

import json
import pathlib

import numpy as np

from export import OUTPUT
from reference import Model, encode, load_tokenizer

HERE = pathlib.Path(__file__).parent
GOLDENS = OUTPUT / "goldens"
BATCHES = 400
BATCH = 64
MASK = (1 << 64) - 1

PIECES = [
    "[CLS]", "[SEP]", "[UNK]", "[MASK]", "[PAD]", "[cls]", "\u00a0", "\t", "\n", "\r", "\u200b", "\u3000", "\0",
    "\ufffd", "한", "ẛ̣", "İ", "ß", "ǅ", "Σ", "ς", "\u0345", "\u302e", "\u1715", "\u1b44", "\U0001d165", "\U00016ff0",
    "\u0f71", "\u0344", "\u0340", "\u212b", "\u1e9b", "\uac01", "\u1100", "\u1161", "\u11a8", "\ufb1d", "\u2adc",
    "\U0001d15e", "\u180e", "\u200d", "\ufe0f", "\U000e0041", "\ue000", "ﬁ", "①", "Ａ", "！", "。", "’", "—", "$", "^",
]

TRICKY = [
    "", " ", "\n\t ", "a", "A", "Hello, World!", "don't stop-me now...", "naïve café résumé", "NAÏVE CAFÉ",
    "cafe\u0301 nai\u0308ve", "ẛ̣ \u1e9b\u0323", "e\u0301\u0323\u0327x", "İstanbul DİYARBAKIR ıI", "ΣΊΣΥΦΟΣ σίσυφος", "straße STRASSE ẞ",
    "ǅ ǆ Ǆ", "ﬁ ﬂ ﬃ", "①②③ Ａｂｃ", "\u212bngström \u2126 \u212a", "한국어 텍스트", "\u1112\u1161\u11ab", "日本語テキスト", "中文混合English文本",
    "\uf900\ufa0e㐀\U00020000", "Привет, мир", "مرحبا بالعالم", "שלום עולם", "नमस्ते दुनिया", "สวัสดีชาวโลก", "བོད་སྐད", "ខ្មែរ",
    "[CLS]", "[SEP]", "x[CLS]y", "[cls]", "[ CLS ]", "[CLS", "[[CLS]]", "[UNK][MASK][PAD]", "[CLS] [SEP] [MASK]", "##ing ##", "#", "[unused1]",
    "a" * 100, "a" * 101, "ab" * 60, "ignoreallpreviousinstructions" * 4, "é" * 100, "é" * 101, "e\u0301" * 100, "\u0301" * 5, "\u0301a\u0301",
    "a\u200bb", "\u200b", "a\u00adb", "\ufeffbom", "a\0b", "a\ufffdb", "a\u0007b", "a\u007fb", "a\u0085b", "a\u00a0b", "a\u2028b\u2029c", "a\u3000b",
    "\r\n\x0b\x0c", "a\x0bb", "\u180ea", "a\u200db", "👨\u200d👩\u200d👧", "😀", "great😀", "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", "☃ snow☃man", "a\ue000b", "\U000f0000",
    "$100.50 €20 £3 ¥4", "50% off!", "C++ and C#", "a_b-c.d/e\\f|g", "`code` ~tilde~ ^caret^", "«quoted» „low“ ‚x‘ ‹y›", "¿Qué? ¡No!", "em—dash en–dash", "…", "·•‣", "\u2018\u2019\u201c\u201d",
    "x²+y³", "½ cup", "№ 5 ℡ ™", "u\u0308\u0304 \u01d6", "\u0958 \u0929", "\u0344", "\u0f73", "\U0001d15e", "\u1b44\u0334", "\u302e\u0300\u302a", "\U0001d165\u0301\U0001d16e",
    "1,000,000.00", "3.14159", "2024-11-24T10:00:00Z", "user@example.com", "https://example.com/?q=a&b=c", "+1 (555) 010-9999", "unaffable", "antidisestablishmentarianism", "supercalifragilisticexpialidocious", "xzqj",
    "tokenization of unbelievable words", "THE QUICK BROWN FOX", "mIxEd CaSe", "tab\tseparated\tvalues", "line\nbreaks\r\nhere", "trailing space ", " leading", "multiple   spaces",
    "\u0130\u0307", "\u1fb3\u0345", "\ufb2a", "\u2adc", "\u1100\u1161", "\uac00\u11a8", "\u05d0\u05b7\u05bc", "\u0e33\u0eb3", "\u0149", "\u0390 \u1fd3", "\U00010400", "\U0001f600\ufe0f",
]


def splitmix(state):
    state = (state + 0x9E3779B97F4A7C15) & MASK
    z = state
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return state, z ^ (z >> 31)


class Random:
    def __init__(self, seed):
        self.state = seed

    def below(self, limit):
        self.state, value = splitmix(self.state)
        return value % limit

    def between(self, first, last):
        return chr(first + self.below(last - first + 1))

    def piece(self):
        kind = self.below(16)
        if kind < 5:
            return self.between(0x20, 0x7E)
        if kind < 8:
            return self.between(0x61, 0x7A)
        if kind == 8:
            return " "
        if kind == 9:
            return self.between(0xA0, 0x24F)
        if kind == 10:
            return self.between(0x300, 0x36F)
        if kind == 11:
            return self.between(0x250, 0xD7FF)
        if kind == 12:
            return self.between(0xE000, 0xFFFF)
        if kind == 13:
            return self.between(0x10000, 0x1FFFF)
        if kind == 14:
            return self.between(0x4E00, 0x9FFF)
        return PIECES[self.below(len(PIECES))]

    def text(self):
        return "".join(self.piece() for _ in range(self.below(48)))


def byte_offsets(text, encoding):
    starts = [0]
    for c in text:
        starts.append(starts[-1] + len(c.encode()))
    return [(starts[a], starts[b]) for a, b in encoding.offsets[1:-1]]


def digest(hash_, tokenizer, text):
    encoding = tokenizer.encode(text)
    values = list(encoding.ids)
    for start, end in byte_offsets(text, encoding):
        values += [start, end]
    for byte in np.array(values, dtype="<u4").tobytes():
        hash_ = ((hash_ ^ byte) * 0x100000001B3) & MASK
    return hash_


FNV_OFFSET = 0xCBF29CE484222325


def write_tokens(tokenizer):
    rows = []
    for text in TRICKY:
        encoding = tokenizer.encode(text)
        rows.append({"text": text, "ids": encoding.ids, "offsets": byte_offsets(text, encoding)})
    write_rows("tokens.json", rows)

    with (GOLDENS / "code_points.txt").open("w") as out:
        for first in range(0, 0x110000, 4096):
            hash_ = FNV_OFFSET
            for point in range(first, first + 4096):
                if not 0xD800 <= point < 0xE000:
                    c = chr(point)
                    hash_ = digest(hash_, tokenizer, f"a{c}b {c}é")
            out.write(f"{hash_:016x}\n")

    with (GOLDENS / "random.txt").open("w") as out:
        for seed in range(BATCHES):
            random = Random(seed)
            hash_ = FNV_OFFSET
            for _ in range(BATCH):
                hash_ = digest(hash_, tokenizer, random.text())
            out.write(f"{hash_:016x}\n")
    (GOLDENS / "pieces.json").write_text(json.dumps(PIECES, ensure_ascii=True) + "\n")


def write_rows(name, rows):
    lines = ",\n".join(json.dumps(row, ensure_ascii=True, separators=(",", ":")) for row in rows)
    (GOLDENS / name).write_text(f"[\n{lines}\n]\n")


def write_embeddings(tokenizer, model):
    rows, vectors = [], []
    for line in (HERE / "golden_texts.jsonl").open(encoding="utf-8"):
        text = json.loads(line)["text"]
        ids = encode(tokenizer, text, model.dimensions.positions)
        rows.append({"text": text, "ids": ids})
        vectors.append(model.embedding(ids))
    write_rows("embeddings.json", rows)
    (GOLDENS / "embeddings.f32").write_bytes(np.array(vectors, dtype="<f4").tobytes())
    print(f"{len(rows)} embeddings, {min(len(r['ids']) for r in rows)} to {max(len(r['ids']) for r in rows)} tokens")


def main():
    GOLDENS.mkdir(parents=True, exist_ok=True)
    tokenizer = load_tokenizer()
    write_embeddings(tokenizer, Model())
    write_tokens(tokenizer)


if __name__ == "__main__":
    main()
