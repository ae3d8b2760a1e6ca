"""Classifiers that score the generators: how each was trained."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from gan_lib import conditioning, data, models


@dataclass(frozen=True)
class ClassifierRecipe:
    """How a classifier was trained, on fresh samples of `data` of `size`."""

    data: str
    size: int
    width: int
    steps: int
    samples: int | None = None  # None: all there are
    batch_size: int = 128
    lr: float = 1e-3

    def make(self, seed: int = 0) -> tuple[models.Classifier, dict]:
        """Train a classifier; return it and its card, with the accuracy on held-out samples."""
        torch.manual_seed(seed)
        samples = data.load(self.data, size=self.size, n=self.samples, seed=seed)
        train, held_out = samples.split(0.9, seed)
        right = self.answers(train)
        arguments = {"questions": {name: int(value.max()) + 1 for name, value in right.items()},
                     "size": self.size, "channels": samples.channels, "width": self.width}
        network = models.Classifier(**arguments).to(samples.device)
        optimizer = torch.optim.Adam(network.parameters(), self.lr)
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, self.lr, self.steps)
        for _ in range(self.steps):
            chosen = torch.randint(len(train), (self.batch_size,), device=samples.device)
            logits = network(train.scaled(chosen))
            loss = sum(F.cross_entropy(logits[name], value[chosen])
                       for name, value in right.items())
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
        accuracy = accuracies(network.eval(), held_out, self.answers(held_out))
        return network, {"data": repr(samples), "arguments": arguments,
                         "scores": {"held_out_accuracy": accuracy}}

    def answers(self, samples: data.Images) -> dict[str, Tensor]:
        """Return the right answers to the questions that are asked: {question: int64 (N,)}."""
        return conditioning.answers(samples)


def accuracies(network: models.Classifier, samples: data.Images,
               right: dict[str, Tensor] | None = None) -> dict[str, float]:
    """Return the share of right answers to each question (`right`; None: `conditioning`'s)."""
    right = conditioning.answers(samples) if right is None else right
    found = conditioning.agreement(network, samples.scaled(), right)
    return {question: round(share, 4) for question, share in found.items()}


RECIPES = {
    "digits_classifier": ClassifierRecipe("digits", 32, width=16, steps=1500),
    "digits16_classifier": ClassifierRecipe("digits", 16, width=16, steps=1500),
    "faces_classifier": ClassifierRecipe("faces", 32, width=24, steps=5000, samples=30_000),
}
