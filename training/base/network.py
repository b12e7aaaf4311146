"""MiniLM-L6 in torch: what the models that are fine-tuned on the base have in common.

The word embeddings stay as they are, since all trunks share one table.
"""

import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from torch import nn

from reference import HEAD, model_directory

LAYERS, HIDDEN, HEADS, FFN, EPSILON = 6, 384, 12, 1536, 1e-12
PARTS = {"output": "attention.output.dense", "norm1": "attention.output.LayerNorm", "ffn1": "intermediate.dense", "ffn2": "output.dense", "norm2": "output.LayerNorm"}


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
        q, k, v = (part.view(rows, tokens, HEADS, HIDDEN // HEADS).transpose(1, 2) for part in self.qkv(x).chunk(3, dim=-1))
        context = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        context = context.transpose(1, 2).reshape(rows, tokens, HIDDEN)
        x = self.norm1(x + F.dropout(self.output(context), dropout, self.training))
        inner = F.gelu(self.ffn1(x))
        return self.norm2(x + F.dropout(self.ffn2(inner), dropout, self.training))


class Trunk(nn.Module):
    """The base's encoder and a linear head of `outputs` rows."""

    def __init__(self, outputs, dropout=0.1):
        super().__init__()
        self.word = nn.Embedding(30522, HIDDEN)
        self.position = nn.Embedding(512, HIDDEN)
        self.norm = nn.LayerNorm(HIDDEN, eps=EPSILON)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.head = nn.Linear(HIDDEN, outputs)
        self.dropout = dropout
        self.word.weight.requires_grad_(False)
        self.load_base()

    @torch.no_grad()
    def load_base(self):
        state = load_file(model_directory() / "model.safetensors")
        self.word.weight.copy_(state["embeddings.word_embeddings.weight"])
        token_type = state["embeddings.token_type_embeddings.weight"][0]
        self.position.weight.copy_(state["embeddings.position_embeddings.weight"] + token_type)
        copy(self.norm, state, "embeddings.LayerNorm")
        for index, layer in enumerate(self.layers):
            source = f"encoder.layer.{index}"
            for kind in ("weight", "bias"):
                parts = [state[f"{source}.attention.self.{part}.{kind}"] for part in ("query", "key", "value")]
                getattr(layer.qkv, kind).copy_(torch.cat(parts))
            for part, name in PARTS.items():
                copy(getattr(layer, part), state, f"{source}.{name}")

    def base_state(self):
        """All tensors under the base model's names, as `export.py` reads them."""
        state = {
            "embeddings.word_embeddings.weight": self.word.weight,
            "embeddings.position_embeddings.weight": self.position.weight,
            "embeddings.token_type_embeddings.weight": torch.zeros(2, HIDDEN),
            f"{HEAD}.weight": self.head.weight,
            f"{HEAD}.bias": self.head.bias,
        }

        def put(module, name):
            state[f"{name}.weight"], state[f"{name}.bias"] = module.weight, module.bias

        put(self.norm, "embeddings.LayerNorm")
        for index, layer in enumerate(self.layers):
            target = f"encoder.layer.{index}"
            for kind in ("weight", "bias"):
                for part, tensor in zip(("query", "key", "value"), getattr(layer.qkv, kind).chunk(3)):
                    state[f"{target}.attention.self.{part}.{kind}"] = tensor
            for part, name in PARTS.items():
                put(getattr(layer, part), f"{target}.{name}")
        return {name: tensor.detach().float().contiguous() for name, tensor in state.items()}

    def hidden(self, ids, lengths, features=None):
        """Last states, and which tokens are there. `features` is added to the input of each token."""
        tokens = ids.shape[1]
        present = torch.arange(tokens, device=ids.device)[None, :] < lengths[:, None]
        x = self.word(ids) + self.position.weight[:tokens]
        x = self.norm(x if features is None else x + features)
        x = F.dropout(x, self.dropout, self.training)
        mask = None if bool(present.all()) else present[:, None, None, :]
        for layer in self.layers:
            x = layer(x, mask, self.dropout)
        return x, present


def copy(module, state, name):
    module.weight.copy_(state[f"{name}.weight"])
    module.bias.copy_(state[f"{name}.bias"])
