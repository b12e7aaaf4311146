"""Token ids as the product reads text: `Tokenizer::encode_guarded` of crates/encoder.

The reference makes one [UNK] of a whole word that holds one unknown character. Thai writes phrases as one
word and Hindi has marks that the vocabulary lacks, so the reference shows the model hardly any Thai. The
product keeps the known parts; a model must be trained on what it will be shown.

Left out: what the product does with invisible characters, which the canonical view takes away first.
"""

UNKNOWN = 100
MAX_UNKNOWN_RUN = 16
# Longer than any piece of the vocabulary.
MAX_PIECE = 32


def guarded(text, encoding, tokenizer):
    """Ids and offsets of `encoding` (of `text`, with [CLS] and [SEP]), each [UNK] split into what is known."""
    if UNKNOWN not in encoding.ids:
        return list(encoding.ids), list(encoding.offsets)
    ids, offsets = [], []
    for token, (start, end) in zip(encoding.ids, encoding.offsets):
        if token != UNKNOWN:
            ids.append(token)
            offsets.append((start, end))
            continue
        word = tokenizer.normalizer.normalize_str(text[start:end]).strip()
        for piece in pieces(word, tokenizer):
            ids.append(piece)
            offsets.append((start, end))
    return ids, offsets


def pieces(word, tokenizer):
    """Ids of one normalised word; at most 16 unknown characters in a row are one [UNK]."""
    found, position, unknown_run = [], 0, 0
    while position < len(word):
        token, length = longest_prefix(word, position, tokenizer)
        if token is not None:
            found.append(token)
            position, unknown_run = position + length, 0
            continue
        if unknown_run % MAX_UNKNOWN_RUN == 0:
            found.append(UNKNOWN)
        unknown_run, position = unknown_run + 1, position + 1
    return found


def longest_prefix(word, position, tokenizer):
    prefix = "##" if position else ""
    for length in range(min(MAX_PIECE, len(word) - position), 0, -1):
        token = tokenizer.token_to_id(prefix + word[position : position + length])
        if token is not None:
            return token, length
    return None, 0
