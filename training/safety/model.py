"""The safety classifier in torch."""

import pathlib
import sys

import torch.nn.functional as F

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent / "base"))
from network import Trunk  # noqa: E402


class Classifier(Trunk):
    """Mean of all token states, then one linear layer: what `Encoder::classify` computes."""

    def __init__(self, labels):
        super().__init__(len(labels))

    def forward(self, ids, lengths):
        x, present = self.hidden(ids, lengths)
        x = x.float() * present[:, :, None]
        mean = x.sum(dim=1) / lengths[:, None]
        return self.head(F.dropout(mean, self.dropout, self.training).float())
