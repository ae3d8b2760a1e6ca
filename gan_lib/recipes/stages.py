"""G at four stages of one training on digits: the fakes of the game "you against D".

Each stage plays the same game from the same seed and stops at its own turn, with the same learning
rate throughout: an earlier stage is the beginning of a later one.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch

from gan_lib import models
from gan_lib.recipes.generators import GeneratorRecipe


@dataclass(frozen=True)
class StageRecipe(GeneratorRecipe):
    """How far G's training has come after `steps` turns."""

    def make(self, seed: int = 0) -> tuple[models.Generator, dict]:
        """Play `steps` turns; return the averaged G and its card."""
        torch.manual_seed(seed)
        samples = self.real(seed)
        arguments = {**self.generator, **self.shared(samples)}
        D = models.ConvDiscriminator(**self.discriminator, **self.shared(samples))
        game = self.new_game(D, models.ConvGenerator(**arguments), samples, seed)
        for _ in range(self.steps):
            game.step()
        game.read()
        return game.average, {
            "data": repr(samples), "discriminator": self.discriminator, "game": self.game,
            "arguments": arguments, "after": self.after,
            "scored_by": f"{self.classifier}, which looks at {self.judge_size()} px",
            "scores": self.score(game.average, samples)}


TURNS = (100, 400, 1200, 5000)
RECIPES = {f"digits_stage_{number}": StageRecipe(
    "digits", 32, "digits_classifier", "digit", steps=turns,
    generator={"z_dim": 16, "width": 12, "hidden": 64},
    discriminator={"width": 16, "hidden": 64},
    game={"batch_size": 32, "decay": 0.99, "bfloat16": True},
    after="The course's own recipe, with fewer feature maps: one stage of one training.")
    for number, turns in enumerate(TURNS, start=1)}
