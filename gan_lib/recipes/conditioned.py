"""Generators that know what they draw, G(z, y): how each was trained."""

from __future__ import annotations

from dataclasses import dataclass

import torch

from gan_lib import checkpoints, conditioning, data, latent, metrics, training
from gan_lib.recipes.generators import SCORED, GeneratorRecipe

AFTER = ("Mirza & Osindero, 2014 (labels for G) and Miyato & Koyama, 2018 (projection in D), with "
         "the course's networks and game.")


@dataclass(frozen=True)
class ConditionedRecipe(GeneratorRecipe):
    """How a generator that is told labels was trained."""

    def real(self, seed: int) -> data.Images | conditioning.Described:
        """Return real samples with the labels that both networks are told."""
        samples = super().real(seed)
        return conditioning.described(samples) if isinstance(samples, data.Faces) else samples

    def shared(self, samples) -> dict:
        """Return the arguments that both networks get: with the number of classes."""
        return {**super().shared(samples), "classes": len(samples.class_names)}

    def new_game(self, D, G, samples, seed: int) -> training.Game:
        """Return the game that trains G."""
        kind = (conditioning.DescribedGame if isinstance(samples, conditioning.Described)
                else training.Game)
        return kind(D, G, samples, seed=seed, **self.game)

    @torch.no_grad()
    def score(self, G, samples) -> dict[str, float | dict[str, float]]:
        """Return G's scores, and for each question how often the fakes show what was asked for.

        The fakes are asked to show what real samples show: others than those beside which they
        are scored, where there are enough.
        """
        images = getattr(samples, "faces", samples)
        chosen = torch.arange(len(images), device=samples.device)[-SCORED:]
        asked, count = images.take(chosen), len(chosen)
        y = samples.y[chosen] if images is not samples else asked.labels
        z = latent.draw(count, G.z_dim, seed=1, device=samples.device)
        classifier = checkpoints.load(self.classifier)
        fakes = torch.cat([G(*part) for part in zip(z.split(256), y.split(256))])
        return {**self.compared(classifier, metrics.fitted(classifier, fakes), images),
                "agreement": {question: round(share, 4) for question, share in
                              conditioning.agreement(classifier, fakes,
                                                     conditioning.answers(asked)).items()}}


RECIPES = {
    "digits_by_class": ConditionedRecipe(
        "digits", 32, "digits_classifier", "digit", steps=12_000, after=AFTER,
        generator={"z_dim": 16}, discriminator={},
        game={"batch_size": 32, "decay": 0.998, "bfloat16": True}),
    "faces_by_attributes": ConditionedRecipe(
        "faces", 32, "faces_classifier", "hair_style", steps=12_000, samples=30_000, after=AFTER,
        generator={"z_dim": 32}, discriminator={},
        game={"batch_size": 64, "r1": 2.0, "decay": 0.998, "bfloat16": True}),
    "faces64_by_attributes": ConditionedRecipe(
        "faces", 64, "faces_classifier", "hair_style", steps=16_000, samples=30_000, after=AFTER,
        generator={"z_dim": 32, "width": 16, "up": "resize"}, discriminator={"width": 16},
        game={"batch_size": 32, "r1": 4.0, "decay": 0.998, "bfloat16": True}),
}
