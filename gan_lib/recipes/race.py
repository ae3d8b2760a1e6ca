"""Five years of GANs on the same faces: how each contender of the race was trained.

Each kind is trained with five seeds, and each game has the turns that SECONDS of one processor gave
where the turns a second were measured. The card says how long each game really took, and holds the
scores of all five. The network that ships is that of the first seed.
"""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass

import torch
from torch import Tensor

from gan_lib import checkpoints, data, growing, latent, metrics, training
from gan_lib.recipes.generators import (
    AFTER_2014,
    AFTER_2015,
    EARLY_GAME,
    SCORED,
    GeneratorRecipe,
)


@dataclass(frozen=True)
class Contender(GeneratorRecipe):
    """One kind of GAN in the race. `kind_D` is the kind of its discriminator.

    `pace` is the number of turns that one second of one processor gave, `grows` says whether its
    networks grow, `seeds` how many games are played; `title` is its name on a picture.
    """

    kind_D: str = "Conv"
    pace: int = 0
    grows: bool = False
    seeds: int = 5
    title: str = ""

    def begin(self, samples, seed: int = 0) -> training.Game:
        """Return the game of new networks."""
        torch.manual_seed(seed)
        shared = self.shared(samples)
        D = checkpoints.BUILDERS[f"{self.kind_D}Discriminator"](**self.discriminator, **shared)
        G = checkpoints.BUILDERS[f"{self.kind}Generator"](**self.generator, **shared)
        return training.Game(D, G, samples, seed=seed, **self.game)

    def turn(self, game: training.Game, share: float) -> None:
        """Play one alternation; this `share`, in [0, 1], of the training is over."""
        if self.grows:
            growing.grow(game, growing.grown_at(share))
        game.step()

    def make(self, seed: int = 0) -> tuple[torch.nn.Module, dict]:
        """Train with several seeds, from `seed` on; return the first G, and all scores."""
        samples = self.real(seed=0)
        real = metrics.features(checkpoints.load(self.classifier),
                                samples.scaled(range(min(2 * SCORED, len(samples)))))
        first, runs = None, []
        for number in range(seed, seed + self.seeds):
            game, start = self.begin(samples, number), time.process_time()
            for step in range(self.steps):
                self.turn(game, step / self.steps)
            game.read()
            runs.append({"seed": number, "cpu_seconds": round(time.process_time() - start, 1),
                         **self.judged(game.average, real[:len(real) // 2])})
            print(runs[-1], flush=True)
            first = first or game.average
        floor = metrics.frechet_distance(*real[data.shuffled(len(real), seed=0)].chunk(2))
        found = [run["frechet_distance"] for run in runs]
        return first, {
            "seed": seed, "data": repr(samples), "steps": self.steps, "game": self.game,
            "discriminator": self.discriminator, "after": self.after, "runs": runs,
            "arguments": {**self.generator, **self.shared(samples)},
            "scored_by": f"{self.classifier}, which looks at {self.judge_size()} px",
            "scores": {**{key: runs[0][key] for key in ("frechet_distance", "precision", "recall")},
                       "frechet_distance_median": statistics.median(found),
                       "frechet_distance_worst": max(found),
                       "frechet_distance_of_two_real_halves": round(floor, 4)}}

    @torch.no_grad()
    def judged(self, G, real: Tensor) -> dict[str, float]:
        """Return the scores of G's fakes against the features (N, 64) of N real samples."""
        z = latent.draw(len(real), G.z_dim, seed=1, device=real.device)
        seen = metrics.features(checkpoints.load(self.classifier),
                                torch.cat([latent.look(G, part) for part in z.split(256)]))
        precision, recall = metrics.precision_recall(real, seen)
        return {"frechet_distance": round(metrics.frechet_distance(real, seen), 4),
                "precision": round(precision, 4), "recall": round(recall, 4)}


AFTER_2017 = "Karras et al., 2017: a small version, see gan_lib/growing.py"
AFTER_2018 = "Karras et al., 2018: a small version, see gan_lib/styles.py"
SECONDS = 30


def _contender(title: str, pace: int, after: str, **others) -> Contender:
    """Return a contender of the race for faces of 32 x 32 pixels."""
    return Contender("faces", 32, "faces_classifier", "hair_style", steps=pace * SECONDS,
                     samples=10_000, title=title, pace=pace, after=after, **others)


COURSE_GAME = {"batch_size": 32, "r1": 2.0, "decay": 0.99, "bfloat16": True}
RECIPES = {
    "race_2014": _contender(
        "2014 GAN", 70, f"{AFTER_2014}.", kind="FullyConnected", kind_D="FullyConnected",
        generator={"z_dim": 32, "width": 112}, discriminator={"width": 112},
        game={**EARLY_GAME, "batch_size": 64}),
    "race_2015": _contender(
        "2015 DCGAN", 32, AFTER_2015,
        generator={"z_dim": 32, "hidden": 0, "batch_norm": True},
        discriminator={"hidden": 0, "batch_norm": True},
        game={**EARLY_GAME, "batch_size": 32, "bfloat16": True}),
    "race_2017": _contender(
        "2017 growing", 30, AFTER_2017,
        kind="Growing", kind_D="Growing", grows=True,
        generator={"z_dim": 32, "width": 8}, discriminator={"width": 8}, game=COURSE_GAME),
    "full_2017": _contender(  # not in the race: what growing changes
        "2017, full size", 26, AFTER_2017, kind="Growing", kind_D="Growing",
        generator={"z_dim": 32, "width": 8}, discriminator={"width": 8}, game=COURSE_GAME),
    "race_2018": _contender(
        "2018 styles", 26, AFTER_2018,
        kind="Style", generator={"z_dim": 32, "width": 8}, discriminator={"width": 16},
        game=COURSE_GAME),
    "race_course": _contender(
        "the course's", 46, "The course's own recipe, with half the feature maps.",
        generator={"z_dim": 32, "width": 16}, discriminator={"width": 16}, game=COURSE_GAME),
    "faces_2018": Contender(  # not in the race: with more time, for mixing styles
        "faces", 32, "faces_classifier", "hair_style", steps=6_000, samples=10_000,
        title="2018 styles", after=AFTER_2018, kind="Style",
        generator={"z_dim": 32, "width": 12}, discriminator={"width": 16},
        game={**COURSE_GAME, "decay": 0.998}, seeds=1),
}
CONTENDERS = {name.removeprefix("race_"): recipe for name, recipe in RECIPES.items()
              if name.startswith("race_")}
