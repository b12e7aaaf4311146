"""The tagger in torch."""

import pathlib
import sys

import torch.nn.functional as F
from torch import nn

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent / "base"))
from network import HIDDEN, Trunk  # noqa: E402
from reference import FEATURES  # noqa: E402

CASE_CLASSES = 8


class Tagger(Trunk):
    """What `Encoder::tag` computes: the base's trunk, its input plus a row per case class, a linear head."""

    def __init__(self, tags):
        super().__init__(tags)
        self.feature = nn.Embedding(CASE_CLASSES, HIDDEN)
        nn.init.normal_(self.feature.weight, std=0.01)

    def base_state(self):
        return super().base_state() | {FEATURES: self.feature.weight.detach().float().contiguous()}

    def forward(self, ids, classes, lengths):
        x, present = self.hidden(ids, lengths, self.feature(classes))
        return self.head(F.dropout(x, self.dropout, self.training).float()), present
