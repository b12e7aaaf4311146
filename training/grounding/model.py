"""The grounding judge in torch."""

import pathlib
import sys

import torch.nn.functional as F
from torch import nn

from pairs import FEATURES, LABELS

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent / "base"))
from network import HIDDEN, Trunk  # noqa: E402
from reference import FEATURES as FEATURE_TABLE  # noqa: E402


class Judge(Trunk):
    """What `Encoder::tag` computes: the base's trunk, its input plus a row per feature, a linear head on
    every token's state."""

    def __init__(self):
        super().__init__(len(LABELS))
        self.feature = nn.Embedding(FEATURES, HIDDEN)
        nn.init.normal_(self.feature.weight, std=0.02)

    def base_state(self):
        return super().base_state() | {FEATURE_TABLE: self.feature.weight.detach().float().contiguous()}

    def forward(self, ids, features, lengths):
        x, present = self.hidden(ids, lengths, self.feature(features))
        return self.head(F.dropout(x, self.dropout, self.training).float()), present
