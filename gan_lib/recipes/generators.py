"""Generators without labels: how each was trained."""

from __future__ import annotations

from dataclasses import dataclass

import torch

from gan_lib import checkpoints, data, latent, metrics, models, training

SCORED = 2000  # fakes, and real samples, behind the scores on a card


@dataclass(frozen=True)
class GeneratorRecipe:
    """How a generator was trained: the arguments of the networks and of the game.

    `kind` is "Conv" or "FullyConnected"; `after` is the paper it follows, and how it differs.
    """

    data: str
    size: int
    classifier: str
    question: str
    steps: int
    generator: dict
    discriminator: dict
    game: dict
    samples: int | None = None
    kind: str = "Conv"
    after: str = ""

    def make(self, seed: int = 0) -> tuple[models.Generator, dict]:
        """Train a generator; return it and its card."""
        torch.manual_seed(seed)
        samples = self.real(seed)
        arguments = {**self.generator, **self.shared(samples)}
        D = getattr(models, f"{self.kind}Discriminator")(
            **self.discriminator, **self.shared(samples))
        G = getattr(models, f"{self.kind}Generator")(**arguments)
        game = self.new_game(D, G, samples, seed)
        for group in (game.optimizer_D, game.optimizer_G):  # a slow end settles the details
            group.schedule = torch.optim.lr_scheduler.LambdaLR(
                group, lambda step: min(1.0, 2 * (1 - step / self.steps)))
        for _ in range(self.steps):
            game.step()
            game.optimizer_D.schedule.step()
            game.optimizer_G.schedule.step()
            if game.steps % 1000 == 0:
                game.read()
                print(game.steps, self.score(game.average, samples), flush=True)
        game.read()
        about = {"seed": seed, "data": repr(samples), "steps": self.steps,
                 "discriminator": self.discriminator, "game": self.game, "arguments": arguments,
                 "scored_by": f"{self.classifier}, which looks at {self.judge_size()} px",
                 "scores": self.score(game.average, samples)}
        if self.after:
            about["after"] = self.after
        return game.average, about

    def real(self, seed: int) -> data.Images:
        """Return the real samples of the game."""
        return data.load(self.data, size=self.size, n=self.samples, seed=seed)

    def shared(self, samples) -> dict:
        """Return the arguments that both networks get."""
        return {"size": self.size, "channels": samples.channels}

    def new_game(self, D, G, samples, seed: int) -> training.Game:
        """Return the game that trains G."""
        return training.Game(D, G, samples, seed=seed, **self.game)

    def judge_size(self) -> int:
        """Return the side of the pictures that the classifier looks at, in pixels."""
        return checkpoints.card(self.classifier)["arguments"]["size"]

    @torch.no_grad()
    def score(self, G, samples: data.Images) -> dict[str, float]:
        """Return G's scores against real samples, and the floor: half of these against half."""
        classifier = checkpoints.load(self.classifier)
        z = latent.draw(min(SCORED, len(samples)), G.z_dim, seed=1, device=samples.device)
        fakes = torch.cat([G(part) for part in z.split(256)])
        return self.compared(classifier, metrics.fitted(classifier, fakes), samples)

    def compared(self, classifier, fakes, samples: data.Images) -> dict[str, float]:
        """Return the scores of fakes, of the classifier's size, and the floor."""
        real = metrics.fitted(classifier, data.to_float(samples.images[:2 * SCORED]))
        found = metrics.scores(classifier, real[:SCORED], fakes, self.question)
        mixed = real[data.shuffled(len(real), seed=0)]
        floor = metrics.frechet_distance(*(metrics.features(classifier, half)
                                           for half in mixed.chunk(2)))
        return {key: round(value, 4) for key, value in {
            **found, "frechet_distance_of_two_real_halves": floor}.items()}


# The game as it was played before R1 and averages of G: with the settings of Radford et al., 2015.
EARLY_GAME = {"lr": 2e-4, "betas": (0.5, 0.999), "r1": 0.0, "decay": 0.0}
AFTER_2014 = ("Goodfellow et al., 2014: a small version. Fully connected G and D; here with leaky "
              "ReLU where they had maxout, ReLU and sigmoid, without dropout, and with Adam")
AFTER_2015 = ("Radford et al., 2015 (DCGAN): a small version. Batch norm in G and D and no hidden "
              "layer; here with leaky ReLU in both and a quarter of the feature maps.")

RECIPES = {
    "digits": GeneratorRecipe(
        "digits", 32, "digits_classifier", "digit", steps=12_000,
        generator={"z_dim": 16}, discriminator={},
        game={"batch_size": 32, "decay": 0.998, "bfloat16": True}),
    "faces": GeneratorRecipe(
        "faces", 32, "faces_classifier", "hair_style", steps=20_000, samples=30_000,
        generator={"z_dim": 32}, discriminator={},
        game={"batch_size": 64, "r1": 2.0, "decay": 0.998, "bfloat16": True}),
    "faces64": GeneratorRecipe(
        "faces", 64, "faces_classifier", "hair_style", steps=30_000, samples=30_000,
        generator={"z_dim": 32, "width": 16, "up": "resize"}, discriminator={"width": 16},
        game={"batch_size": 32, "r1": 4.0, "decay": 0.998, "bfloat16": True}),
    "digits_2014": GeneratorRecipe(
        "digits", 32, "digits_classifier", "digit", steps=12_000, kind="FullyConnected",
        generator={"z_dim": 16, "width": 256}, discriminator={"width": 256},
        game={"batch_size": 32, "decay": 0.998, "bfloat16": True},
        after=f"{AFTER_2014}; R1 and the mean of G, since without them it lost four digits."),
    "faces_2014": GeneratorRecipe(
        "faces", 32, "faces_classifier", "hair_style", steps=20_000, samples=30_000,
        kind="FullyConnected", generator={"z_dim": 32, "width": 112}, discriminator={"width": 112},
        game={**EARLY_GAME, "batch_size": 64}, after=f"{AFTER_2014}."),
    "faces_2015": GeneratorRecipe(
        "faces", 32, "faces_classifier", "hair_style", steps=5_000, samples=30_000,
        generator={"z_dim": 32, "hidden": 0, "batch_norm": True},
        discriminator={"hidden": 0, "batch_norm": True},
        game={**EARLY_GAME, "batch_size": 32, "bfloat16": True}, after=AFTER_2015),
}
