"""The collapse meter: how many classes the fakes cover, and how alike they are.

Mode collapse is invisible in a single fake. That a classifier can count what is missing:
Srivastava et al., "VEEGAN: Reducing Mode Collapse in GANs using Implicit Variational Learning",
2017.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from gan_lib import checks, metrics

LEAST = 0.02  # the share of the pictures from which on a class counts as covered


@dataclass(frozen=True)
class Variety:
    """What a `Meter` reads: `classes` of `of` are covered; two pictures are `apart` on average."""

    classes: int
    of: int
    apart: float


class Meter:
    """A collapse meter; `real` is what it reads on real pictures.

    `classifier` (`models.Classifier`) says of each picture what it shows: it covers the class that
    it most probably belongs to, of each question. `pictures` (N, C, H, W) in [-1, 1] are real.
    """

    def __init__(self, classifier, pictures: Tensor):
        self.classifier = classifier
        self.real = self.read(pictures)

    def read(self, x: Tensor) -> Variety:
        """Read the meter on pictures x (N, C, H, W), N >= 2."""
        x = metrics.fitted(self.classifier, x)
        covered = [(metrics.class_shares(self.classifier, x, question) >= LEAST).cpu()
                   for question in self.classifier.answers]
        answers = torch.cat(covered)
        return Variety(int(answers.sum()), len(answers), apart(x))


def apart(x: Tensor) -> float:
    """Return how far two of the pictures x (N, ...), N >= 2, are apart on average.

    It is the root mean squared difference of their pixels: 0 if all are the same picture.
    """
    checks.samples("x", x)
    if len(x) < 2:
        raise ValueError(f"x must hold at least 2 pictures, but it holds {len(x)}.")
    distances = torch.pdist(x.flatten(1)) / x[0].numel() ** 0.5
    return distances.mean().item()
