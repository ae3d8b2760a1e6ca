"""The three games of the notebook on classes, on several seeds: what its table was made from."""

from __future__ import annotations

from dataclasses import dataclass

import torch

from gan_lib import checkpoints, conditioning, data, latent, metrics, models, training
from gan_lib.recipes.conditioned import AFTER, ConditionedRecipe

# The games, and how many steps about 20 CPU-seconds gave each (one thread of a busy Intel Xeon,
# bfloat16): labels cost time, too.
GAMES = {"labels": 900, "no labels": 1150, "mark": 1150}
SEEDS = 5
FAKES = 2000


def new_game(kind: str, samples: data.Images, seed: int, width: int = 16) -> training.Game:
    """Return one of the three games: both networks are told labels, none is, or G has a mark."""
    torch.manual_seed(seed)
    told = {"classes": 10} if kind == "labels" else {}
    z_dim = 26 if kind == "mark" else 16
    D = models.ConvDiscriminator(samples.size, samples.channels, width=width, **told)
    G = models.ConvGenerator(z_dim, samples.size, samples.channels, width=width, **told)
    new = conditioning.MarkedGame if kind == "mark" else training.Game
    return new(D, G, samples, seed=seed)


@torch.no_grad()
def scores(kind: str, played: training.Game, classifier, real: torch.Tensor) -> dict[str, float]:
    """Return the scores of a game's fakes: the classes in turn are asked for, where one can ask."""
    y = torch.arange(FAKES, device=real.device) % 10
    z = latent.draw(FAKES, played.G.z_dim, seed=1, device=real.device)
    z = conditioning.marked(z, y) if kind == "mark" else z
    fakes = torch.cat([played.fakes(*part) for part in zip(z.split(250), y.split(250))]
                      if kind == "labels" else [played.fakes(part) for part in z.split(250)])
    found = metrics.scores(classifier, real, fakes, "digit")
    if kind != "no labels":
        probability = metrics.probabilities(classifier, fakes, "digit")
        found["agreement"] = conditioning.share_as_asked(probability, y)
        found["purity"] = conditioning.purity(conditioning.seen_of_asked(probability, y))
    return {name: round(value, 4) for name, value in found.items()}


@dataclass(frozen=True)
class LessonRecipe(ConditionedRecipe):
    """The lesson's game with labels; on the card stand all three games on all seeds."""

    seeds: int = SEEDS
    games: tuple[tuple[str, int], ...] = tuple(GAMES.items())

    def make(self, seed: int = 0) -> tuple[models.Generator, dict]:
        """Play every game with every seed; return G of the first with labels, and its card."""
        samples, seeds = self.real(seed), list(range(seed, seed + self.seeds))
        found = {kind: [] for kind, _ in self.games}
        first = None
        for number in seeds:
            for kind, steps in self.games:
                G, scored = self.play(kind, steps, samples, number)
                first = first or G
                found[kind].append(scored)
                print(number, kind, scored, flush=True)
        return first, {
            "seed": seed, "data": repr(samples), "steps": self.steps, "after": self.after,
            "arguments": {**self.generator, **self.shared(samples)},
            "discriminator": self.discriminator, "game": self.game,
            "scored_by": self.classifier, "scores": found["labels"][0],
            "seeds": seeds, "games": found, "steps_of_games": dict(self.games)}

    def play(self, kind: str, steps: int, samples: data.Images, seed: int):
        """Play one game; return its averaged G and its scores."""
        played = new_game(kind, samples, seed, self.generator["width"])
        for _ in range(steps):
            played.step()
        played.read()
        classifier = checkpoints.load(self.classifier)
        return played.average, scores(kind, played, classifier, samples.scaled())


RECIPES = {
    "digits16_by_class": LessonRecipe(
        "digits", 16, "digits16_classifier", "digit", steps=GAMES["labels"], after=AFTER,
        generator={"z_dim": 16, "width": 16}, discriminator={"width": 16}, game={}),
}
